//! Three courses of an epidemic, and what moves its peak: `cargo run --example epidemic`.
//!
//! `sir.wasm` beside this file is what `simc build tests/models/sir.xmile` makes.
#![expect(clippy::print_stdout, reason = "an example talks to the person who runs it")]

use simc_host::{DEFAULTS, Error, Model};

fn main() -> Result<(), Error> {
    let model = Model::from_bytes(include_bytes!("sir.wasm"))?;
    let unit = model.variable("Infectious")?.units.clone().unwrap_or_default();
    let peak = |series: &[f64]| series.iter().copied().fold(0.0, f64::max);

    // The model as it is, with fewer contacts, and with a measure on day 20.
    println!("as it is: a peak of {:.0} {unit}s", peak(&model.run(DEFAULTS)?.series("Infectious")?));
    let fewer = model.run([("Contact Rate", 6.0)])?;
    println!("6 contacts a day: {:.0}", peak(&fewer.series("infectious")?));
    let mut sim = model.sim()?;
    sim.run_to(20.0)?.set("Contact Rate", 3.0)?.run_to_end()?;
    println!("3 contacts from day 20 on: {:.0}", peak(&sim.series("Infectious")?));

    // A hundred runs, on two threads.
    let samples: Vec<f64> = (0..100).flat_map(|n| [4.0 + f64::from(n % 10), 3.0 + f64::from(n / 10)]).collect();
    let batch = model.batch(&["Contact Rate", "Duration"], &samples).outputs(&["Infectious"]).threads(2).run()?;
    let peaks = (0..batch.runs()).filter_map(|run| batch.series(run, 0)).map(peak);
    println!("of {} runs the highest peak: {:.0}", batch.runs(), peaks.fold(0.0, f64::max));

    // A misspelt name says what was probably meant.
    if let Err(error) = model.run([("Contct Rate", 6.0)]) {
        println!("{}: {error}", error.code());
    }
    Ok(())
}
