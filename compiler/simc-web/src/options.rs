//! Options as lines of text.

use simc_driver::driver::{DEFAULT_TABLE_POINTS, Options};
use simc_driver::front::Times;
use simc_midend::pipeline::OptLevel;

/// Reads options: lines `name=value`; blank lines say nothing.
///
/// # Errors
/// What is wrong with the first line that is.
pub fn parse_options(text: &str) -> Result<Options, String> {
    let mut options = Options::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        apply(&mut options, name.trim(), value.trim())?;
    }
    Ok(options)
}

fn apply(options: &mut Options, name: &str, value: &str) -> Result<(), String> {
    let Times { start, stop, dt, save_every } = &mut options.times;
    match name {
        "O" => options.level = level(value)?,
        "simd" => options.simd = value != "0",
        "outputs" => options.outputs.get_or_insert_default().push(value.to_owned()),
        "inputs" => match value.split_once('=') {
            None if value == "initials" => options.initials = true,
            None if value == "tables" => options.table_points = Some(DEFAULT_TABLE_POINTS),
            Some(("tables", points)) => options.table_points = Some(whole(name, points)?),
            Some(_) | None => {
                return Err(format!("`{value}` is none of the inputs `initials`, `tables` and `tables=N`"));
            }
        },
        "max-memory" => options.max_memory = Some(whole(name, value)?),
        "start" => *start = Some(number(name, value)?),
        "stop" => *stop = Some(number(name, value)?),
        "dt" => *dt = Some(positive(name, value)?),
        "save-every" => *save_every = Some(positive(name, value)?),
        _ => return Err(format!("there is no option `{name}`")),
    }
    Ok(())
}

fn level(value: &str) -> Result<OptLevel, String> {
    match value {
        "0" => Ok(OptLevel::O0),
        "1" => Ok(OptLevel::O1),
        "2" => Ok(OptLevel::O2),
        "3" => Ok(OptLevel::O3),
        "s" => Ok(OptLevel::Os),
        _ => Err(format!("`{value}` is no level of optimisation")),
    }
}

fn whole<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("`{value}` is no whole number for `{name}`"))
}

fn number(name: &str, value: &str) -> Result<f64, String> {
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) | Err(_) => Err(format!("`{value}` is no finite number for `{name}`")),
    }
}

fn positive(name: &str, value: &str) -> Result<f64, String> {
    let number = number(name, value)?;
    if number > 0.0 { Ok(number) } else { Err(format!("`{value}` is not above 0 for `{name}`")) }
}
