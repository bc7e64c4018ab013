//! What a run costs in each engine: `cargo run --release --all-features --example cost`.
//!
//! Times are the best of several; figures compare within one run of this program.
#![expect(clippy::print_stdout, reason = "an example talks to the person who runs it")]

use std::time::{Duration, Instant};

use simc_host::engine::Engine;
use simc_host::{Error, Model};

const SIR: &[u8] = include_bytes!("sir.wasm");

fn main() -> Result<(), Error> {
    #[cfg(feature = "wasmi")]
    measure("wasmi", &simc_host::engine::Wasmi::new())?;
    #[cfg(feature = "wasmtime")]
    measure("wasmtime", &simc_host::engine::Wasmtime::new())?;
    Ok(())
}

fn measure(name: &str, engine: &dyn Engine) -> Result<(), Error> {
    let begin = Instant::now();
    let model = Model::with_engine(SIR, engine)?;
    let loading = begin.elapsed();
    let run = best(200, || {
        let run = model.run([("Contact Rate", 6.0)])?;
        run.series("Infectious").map(drop)
    })?;
    let samples: Vec<f64> = (0..2_000).map(|n| 4.0 + f64::from(n) / 400.0).collect();
    let batch = best(1, || model.batch(&["Contact Rate"], &samples).outputs(&["Infectious"]).run().map(drop))?;
    let batch = batch / 2_000;
    println!("{name}: loading {loading:?}, a run and one variable of it {run:?}, a run within a batch {batch:?}");
    Ok(())
}

/// The time of one call, the best of several measurements.
fn best(calls: u32, mut call: impl FnMut() -> Result<(), Error>) -> Result<Duration, Error> {
    let mut best = Duration::MAX;
    for _ in 0..9 {
        let begin = Instant::now();
        for _ in 0..calls {
            call()?;
        }
        best = best.min(begin.elapsed() / calls);
    }
    Ok(best)
}
