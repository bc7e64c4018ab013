//! Runs a model that the build script has compiled.

simc_host::include_model!(epidemic);

fn main() -> Result<(), simc_host::Error> {
    let model = epidemic::model()?;
    let run = model.run(&epidemic::Params { contact_rate: 6.0, ..Default::default() })?;
    let peak = run.series(epidemic::INFECTIOUS)?.into_iter().fold(0.0, f64::max);
    println!("at most {peak:.3} infectious");
    Ok(())
}
