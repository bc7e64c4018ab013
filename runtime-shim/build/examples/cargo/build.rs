//! Compiles the model of this program.

fn main() -> Result<(), simc_build::Error> {
    simc_build::Config::new().outputs(["Infectious"]).compile("../models/epidemic.xmile")?;
    Ok(())
}
