//! At how many points halving beats comparing one after the other: the measurement after `LINEAR_POINTS`.
//!
//! Inputs of a model mostly move little from step to step, so each search is timed on a slow wave and on random x.
#![expect(clippy::print_stdout, reason = "a bench reports")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use kernel::lookup::{Kind, Search, Table, block_len, encode_block};

const CALLS: u32 = 4096;
const ROUNDS: u32 = 200;

fn main() {
    println!("nanoseconds a lookup, slow wave / random x");
    println!("points   even          linear        binary");
    for n in [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256] {
        let xs: Vec<f64> = (0..n).map(f64::from).collect();
        let ys: Vec<f64> = xs.iter().map(|x| x * x).collect();
        let mut block = vec![0.0; block_len(xs.len())];
        encode_block(Kind::Continuous, &xs, &ys, &mut block);
        let last = f64::from(n - 1);
        let wave: Vec<f64> = (0..CALLS).map(|i| last * (0.5 + 0.5 * (f64::from(i) / 650.0).sin())).collect();
        let random: Vec<f64> = (0..CALLS).map(|i| last * (f64::from(i) * 0.618_033_988_749_895).fract()).collect();
        let row = [Search::Even, Search::Linear, Search::Binary]
            .map(|search| format!("{:5.1} /{:5.1}", time(search, &block, &wave), time(search, &block, &random)));
        println!("{n:6}   {}", row.join("  "));
    }
}

/// Nanoseconds of one lookup in the fastest round.
fn time(search: Search, block: &[f64], xs: &[f64]) -> f64 {
    let table = Table::new(Kind::Continuous, search, block);
    let mut fastest = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for &x in xs {
            black_box(black_box(&table).eval(black_box(x)));
        }
        fastest = fastest.min(start.elapsed());
    }
    fastest.as_nanos() as f64 / f64::from(CALLS)
}
