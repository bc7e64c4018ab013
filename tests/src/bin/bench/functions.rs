//! `exp`, `ln` and `pow` of the kernel beside those of the system's C library: how far each is from the true value at its worst,
//! and how long both take.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use kernel::function::Function;
use tests::reference;

/// Points at which each function is compared.
const POINTS: usize = 10_000_000;
/// Points of a round, which the fastest of [`ROUNDS`] counts for.
const TIMED: usize = 200_000;
const ROUNDS: usize = 15;

/// A function in both forms and to 100 bits, and where it is compared.
#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    kernel: fn(f64, f64) -> f64,
    system: fn(f64, f64) -> f64,
    ulps: fn(f64, f64, f64) -> f64,
    point: fn(&mut Draws) -> (f64, f64),
}

/// Prints a line for each function.
pub(super) fn print(_: &Path) {
    println!(
        "functions of the kernel against those of the system's C library: the largest error at {POINTS} points in"
    );
    println!("units of the last place, and the time of a call");
    println!("{:12} {:>9} {:>9} {:>12} {:>12} {:>8}", "", "kernel", "system", "kernel", "system", "ratio");
    for case in cases() {
        let mut draws = Draws(0x9E37_79B9_7F4A_7C15);
        let mut worst = [0.0_f64; 2];
        for _ in 0..POINTS {
            let (x, y) = (case.point)(&mut draws);
            for (worst, function) in worst.iter_mut().zip([case.kernel, case.system]) {
                *worst = worst.max((case.ulps)(function(x, y), x, y));
            }
        }
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
        let ([kernel_error, system_error], [kernel, system]) = (worst, best);
        println!(
            "{:12} {kernel_error:>9.4} {system_error:>9.4} {kernel:>9.2} ns {system:>9.2} ns {:>8.2}",
            case.name,
            kernel / system
        );
    }
}

fn cases() -> [Case; 6] {
    let exp = Case {
        name: "exp",
        kernel: |x, _| Function::Exp.eval(&[x]),
        system: |x, _| x.exp(),
        ulps: |found, x, _| reference::ulps(found, reference::exp(x.into())),
        point: |draws| (draws.between(-30.0, 30.0), 0.0),
    };
    let ln = Case {
        name: "ln",
        kernel: |x, _| Function::Ln.eval(&[x]),
        system: |x, _| x.ln(),
        ulps: |found, x, _| reference::ulps(found, reference::ln(x)),
        point: |draws| (draws.between(-30.0, 30.0).exp2(), 0.0),
    };
    let pow = Case {
        name: "pow",
        kernel: |x, y| Function::Pow.eval(&[x, y]),
        system: f64::powf,
        ulps: |found, x, y| reference::ulps(found, reference::pow(x, y)),
        point: |draws| (draws.between(-10.0, 10.0).exp2(), draws.between(-20.0, 20.0)),
    };
    [
        Case { name: "exp, far", point: |draws| (draws.between(-745.0, 709.7), 0.0), ..exp },
        exp,
        Case { name: "ln, near 1", point: |draws| (draws.between(0.98, 1.02), 0.0), ..ln },
        ln,
        Case {
            name: "pow, far",
            point: |draws| {
                let x = draws.between(0.5, 2.0);
                (x, draws.between(-700.0, 700.0) / x.ln())
            },
            ..pow
        },
        pow,
    ]
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
