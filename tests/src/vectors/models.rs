//! Every model of `tests/models` in two scenarios: as it is, and with other constants in a run that stops half-way.

use std::path::Path;

use simc_artifact::Variable;

use super::Artifacts;
use super::call::{Param, Params, Sequence};
use super::player::Compiled;

/// Constants that the second scenario changes.
const MAX_CHANGED: usize = 4;

pub(super) fn sequences(artifacts: &mut Artifacts) -> Result<Vec<Sequence>, String> {
    let mut sequences = Vec::new();
    for file in files()? {
        let model = Compiled::from_models(&file, artifacts)?;
        let name = |scenario: &str| format!("{file}: {scenario}");
        sequences.push(model.play(name("as it is")).model().run(&Vec::new())?.columns(None)?.csv(None)?.done());
        let params: Params = changed(&model).collect();
        let changed: Vec<(String, Param)> = params.iter().take(1).cloned().collect();
        let time = model.extension.time.clone().ok_or("no time")?;
        let mut player = model.play(name("changed")).run(&params)?.sim(&params)?;
        player = player.run_to(time.start + (time.stop - time.start) / 2.0)?;
        for (name, value) in changed {
            player = player.set(&name, doubled(&value))?;
        }
        sequences.push(player.step("run_to_end")?.sim_run()?.step("reset")?.step("clear")?.step("run_to_end")?.done());
    }
    Ok(sequences)
}

/// Names of the models, sorted.
fn files() -> Result<Vec<String>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    names.retain(|name| [".xmile", ".mdl", ".stmx"].iter().any(|ending| name.ends_with(ending)));
    names.sort();
    Ok(names)
}

/// The first constants of a model with other values, arrays with one for each element.
fn changed(model: &Compiled) -> impl Iterator<Item = (String, Param)> {
    let parameters = model.parameters().into_iter();
    parameters.take(MAX_CHANGED).filter_map(|Variable { name, dims, defaults, .. }| {
        let values: Vec<f64> = defaults.as_ref()?.iter().map(|value| value * 1.25 + 0.25).collect();
        if values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        Some((name.clone(), if dims.is_empty() { Param::Number(values[0]) } else { Param::List(values) }))
    })
}

fn doubled(value: &Param) -> Param {
    match value {
        Param::Number(value) => Param::Number(value * 2.0),
        Param::List(values) => Param::List(values.iter().map(|value| value * 2.0).collect()),
        Param::Nested(_) | Param::Map(_) | Param::Wrong(_) => value.clone(),
    }
}
