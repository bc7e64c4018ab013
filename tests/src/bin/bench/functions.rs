//! `exp`, `ln` and `pow` of the kernel against those of the system's C library: how far apart results are, and how long both take.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use kernel::function::Function;

/// Points at which each function is compared.
const POINTS: usize = 10_000_000;
/// Points of a round, which the fastest of [`ROUNDS`] counts for.
const TIMED: usize = 200_000;
const ROUNDS: usize = 15;

/// A function in both forms, and where it is compared.
struct Case {
    name: &'static str,
    kernel: fn(f64, f64) -> f64,
    system: fn(f64, f64) -> f64,
    point: fn(&mut Draws) -> (f64, f64),
}

/// Prints a line for each function.
pub(super) fn print(_: &Path) {
    println!("functions of the kernel against those of the system's C library, {POINTS} points each");
    println!("{:6} {:>22} {:>12} {:>12} {:>8}", "", "farthest apart, ulps", "kernel", "system", "ratio");
    for case in cases() {
        let mut draws = Draws(0x9E37_79B9_7F4A_7C15);
        let farthest = (0..POINTS).map(|_| {
            let (x, y) = (case.point)(&mut draws);
            ulps((case.kernel)(x, y), (case.system)(x, y))
        });
        let farthest = farthest.max().unwrap_or_default();
        let points: Vec<(f64, f64)> = (0..TIMED).map(|_| (case.point)(&mut draws)).collect();
        let mut best = [f64::INFINITY; 2];
        for _ in 0..ROUNDS {
            for (best, function) in best.iter_mut().zip([case.kernel, case.system]) {
                let start = Instant::now();
                for &(x, y) in &points {
                    black_box(function(x, y));
                }
                *best = best.min(start.elapsed().as_secs_f64() * 1e9 / TIMED as f64);
            }
        }
        let [kernel, system] = best;
        println!("{:6} {farthest:>22} {kernel:>9.2} ns {system:>9.2} ns {:>8.2}", case.name, kernel / system);
    }
}

fn cases() -> [Case; 3] {
    [
        Case {
            name: "exp",
            kernel: |x, _| Function::Exp.eval(&[x]),
            system: |x, _| x.exp(),
            point: |draws| (draws.between(-30.0, 30.0), 0.0),
        },
        Case {
            name: "ln",
            kernel: |x, _| Function::Ln.eval(&[x]),
            system: |x, _| x.ln(),
            point: |draws| (draws.between(-30.0, 30.0).exp2(), 0.0),
        },
        Case {
            name: "pow",
            kernel: |x, y| Function::Pow.eval(&[x, y]),
            system: f64::powf,
            point: |draws| (draws.between(-10.0, 10.0).exp2(), draws.between(-20.0, 20.0)),
        },
    ]
}

/// How many numbers lie between two of the same sign, their own steps counted.
fn ulps(a: f64, b: f64) -> u64 {
    if a.to_bits() == b.to_bits() { 0 } else { a.to_bits().abs_diff(b.to_bits()) }
}

/// Numbers without order, the same in each run.
struct Draws(u64);

impl Draws {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        low + (high - low) * ((self.0 >> 11) as f64 / (1_u64 << 53) as f64)
    }
}
