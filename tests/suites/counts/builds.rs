//! What becomes of a model that is built otherwise: counts that show how well the code is made where the usual build shows nothing of it.

use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use simc::driver::{DEFAULT_TABLE_POINTS, Options};
use simc_midend::layout::SymbolKind;
use simc_midend::pipeline::OptLevel;
use tests::inspect::{code_bytes, function_locals, function_sizes};
use tests::subject::Subject;

use super::name;
use crate::filetests::{bless_or_compare, is_blessing};
use crate::trial;

const HEAD: &str = "# For each model in tests/models the locals of its functions, without SIMD and with it; and what it takes when it is built\n\
    # as lowered (-O0), with functions of 512 bytes, in a hurry (-O1), with everything settable (initial values, points of tables),\n\
    # and with its last variable as its only output. `just bless` rewrites it.\n";

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("builds.expect")
}

pub(super) fn trials() -> Vec<Trial> {
    let mut trials = vec![trial("counts::builds_of_all_models_are_committed", all)];
    for path in crate::models::models() {
        trials.push(trial(format!("counts::of::{}::built_otherwise", name(&path)), move || one(&path)));
    }
    trials
}

/// Writes the counts of all models when blessing; else looks whether they are those of the models.
fn all() -> Result<(), String> {
    let models = crate::models::models();
    if is_blessing() {
        let lines = models.iter().map(|path| line(path)).collect::<Result<Vec<_>, _>>()?;
        return bless_or_compare(&committed(), &(HEAD.to_owned() + &lines.concat()));
    }
    super::are_of_all_models(&committed())
}

/// The counts of a model are those committed.
fn one(model: &Path) -> Result<(), String> {
    super::is_committed(&committed(), model, line)
}

/// The line of a model.
fn line(model: &Path) -> Result<String, String> {
    let build = |options: &Options| Subject::from_file_with(model, options);
    let usual = build(&Options::default())?;
    let mut line = format!("{}: {}", name(model), locals(&usual.wasm));
    if !usual.module.axes.is_empty() {
        line.push_str(&format!(", {} with SIMD", locals(&usual.simd_artifact())));
    }
    let lowered = build(&Options { level: OptLevel::O0, ..Options::default() })?;
    line.push_str(&format!("; -O0 code {}, {}", code_bytes(&lowered.wasm), locals(&lowered.wasm)));
    let small = build(&Options { function_size: Some(512), ..Options::default() })?;
    let n_functions = function_sizes(&small.wasm).len();
    line.push_str(&format!("; {n_functions} small functions, code {}", code_bytes(&small.wasm)));
    let quick = build(&Options { level: OptLevel::O1, ..Options::default() })?;
    line.push_str(&format!("; -O1 code {}, {}", code_bytes(&quick.wasm), locals(&quick.wasm)));
    let settable = build(&Options { initials: true, table_points: Some(DEFAULT_TABLE_POINTS), ..Options::default() })?;
    line.push_str(&format!(
        "; settable {} bytes, code {}, memory {}",
        settable.wasm.len(),
        code_bytes(&settable.wasm),
        settable.layout.end
    ));
    let vars = &usual.layout.symbols.vars;
    if let Some(last) = vars.iter().rev().find(|var| !matches!(var.kind, SymbolKind::Time | SymbolKind::Constant)) {
        let alone = build(&Options { outputs: Some(vec![last.name.clone()]), ..Options::default() })?;
        let (code, memory) = (code_bytes(&alone.wasm), alone.layout.end);
        line.push_str(&format!("; one output {} bytes, code {code}, memory {memory}", alone.wasm.len()));
    }
    line.push('\n');
    Ok(line)
}

fn locals(wasm: &[u8]) -> String {
    format!("{} locals", function_locals(wasm).iter().sum::<u64>())
}
