//! The project's own models: known values, and every engine at every level.

use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use simc_midend::pipeline::OptLevel;
use tests::compare::{V8, engines_agree};
use tests::engine::{Engine, Op, OracleEngine, artifact, only_interpreted};
use tests::expected::Expected;
use tests::subject::{LEVELS, Subject};

use crate::trial;

mod grid;

/// A test for each model, and one that there are models at all.
pub(crate) fn trials() -> Vec<Trial> {
    let models = models();
    let count = models.len();
    let mut trials = vec![trial("models::there_are_at_least_25", move || {
        if count >= 25 { Ok(()) } else { Err(format!("only {count} models")) }
    })];
    for level in [OptLevel::O0, OptLevel::O2] {
        trials.push(trial(format!("models::functions_over_a_grid_at_{level}"), move || grid::check(level)));
    }
    for path in models {
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let again = path.clone();
        trials.push(trial(format!("models::values::{name}"), move || values(&path)));
        trials.push(trial(format!("models::engines::{name}"), move || engines(&again)));
    }
    trials
}

/// How names of models end.
const MODEL_EXTENSIONS: [&str; 3] = ["xmile", "stmx", "mdl"];

/// All models in `tests/models`, sorted.
pub(crate) fn models() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let entries = std::fs::read_dir(folder).expect("tests/models is there");
    let mut models: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| {
            path.extension().is_some_and(|extension| MODEL_EXTENSIONS.iter().any(|known| extension == *known))
        })
        .collect();
    models.sort();
    models
}

fn values(path: &Path) -> Result<(), String> {
    let expected = Expected::read(&path.with_extension("expected.csv"))?;
    let subject = Subject::from_file(path, OptLevel::O2)?;
    let titles = subject.titles();
    let mut oracle = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    let mut artifact = artifact(&subject.wasm);
    for engine in [&mut oracle as &mut dyn Engine, artifact.as_mut()] {
        engine.call(Op::Run);
        let width = engine.live().len();
        let rows: Vec<Vec<f64>> = engine.rows().chunks_exact(width).map(<[f64]>::to_vec).collect();
        expected.compare(&titles, &rows).map_err(|faults| format!("{}:\n{faults}", engine.name()))?;
    }
    Ok(())
}

fn engines(path: &Path) -> Result<(), String> {
    let levels = if only_interpreted() { &[OptLevel::O0, OptLevel::O2][..] } else { &LEVELS };
    for &level in levels {
        let subject = Subject::from_file(path, level)?;
        let time = &subject.model.time;
        let half = time.start + (time.stop - time.start) / 2.0;
        let ops = [Op::RunInitials, Op::RunTo(half), Op::RunTo(f64::INFINITY), Op::Reset, Op::Run];
        engines_agree(&subject, &ops, V8::With).map_err(|difference| format!("at {level:?}: {difference}"))?;
    }
    Ok(())
}
