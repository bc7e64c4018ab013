//! Counts that cannot flake, committed: an optimisation, or its loss, shows in the diff of the change that made it.

use std::fmt::Write as _;
use std::path::Path;

use libtest_mimic::Trial;
use simc_midend::pipeline::OptLevel;
use tests::inspect::{code_bytes, function_names, name_section_bytes};
use tests::subject::Subject;
use wasmtime::{Config, Engine, Instance, Module, Store};

use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("counts::are_as_committed", counts), trial("counts::small_models_stay_small", small)]
}

fn counts() -> Result<(), String> {
    let mut got = String::from(
        "# For each model in tests/models at -O2: bytes of the artifact, bytes of its code section,\n\
         # and wasm instructions executed in a step, saving included. `just bless` rewrites it.\n",
    );
    for path in crate::models::models() {
        let subject = compile(&path)?;
        let name = path.file_stem().expect("a file has a name").to_string_lossy();
        let code = code_bytes(&subject.wasm);
        let steps = instructions_per_step(&subject)?;
        writeln!(got, "{name}: {} bytes, code {code}, {steps:.1} instructions a step", subject.wasm.len())
            .expect("writing to a string");
    }
    crate::filetests::bless_or_compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("counts.expect"), &got)
}

/// The project's promise: a model without mathematics carries no kernel, and the teacup is tiny.
fn small() -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/teacup.xmile");
    let subject = compile(&path)?;
    let names = function_names(&subject.wasm);
    if let Some(kernel) = names.iter().find(|name| name.starts_with("simc_")) {
        return Err(format!("the teacup calls no mathematics but carries {kernel}"));
    }
    let bytes = subject.wasm.len() as u64 - name_section_bytes(&subject.wasm);
    if bytes < 4096 { Ok(()) } else { Err(format!("the teacup takes {bytes} bytes without its name section")) }
}

fn compile(path: &Path) -> Result<Subject, String> {
    Subject::from_file(path, OptLevel::O2)
}

/// Instructions from `run_initials` to the end, for each step.
fn instructions_per_step(subject: &Subject) -> Result<f64, String> {
    let fail = |error: wasmtime::Error| error.to_string();
    let mut config = Config::new();
    config.consume_fuel(true);
    let engine = Engine::new(&config).map_err(fail)?;
    let module = Module::new(&engine, &subject.wasm).map_err(fail)?;
    let mut store = Store::new(&engine, ());
    store.set_fuel(u64::MAX).map_err(fail)?;
    let instance = Instance::new(&mut store, &module, &[]).map_err(fail)?;
    let initials = instance.get_typed_func::<(), ()>(&mut store, "run_initials").map_err(fail)?;
    let run_to = instance.get_typed_func::<f64, ()>(&mut store, "run_to").map_err(fail)?;
    initials.call(&mut store, ()).map_err(fail)?;
    let before = store.get_fuel().map_err(fail)?;
    run_to.call(&mut store, f64::INFINITY).map_err(fail)?;
    let used = before - store.get_fuel().map_err(fail)?;
    Ok(used as f64 / subject.module.time.n_steps.max(1) as f64)
}
