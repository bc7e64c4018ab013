//! Counts that cannot flake, committed: an optimisation, or its loss, shows in the diff of the change that made it.

use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use simc_midend::pipeline::OptLevel;
use simc_model::files::MemoryFiles;
use tests::generate;
use tests::generate::climate::climate;
use tests::inspect::{code_bytes, function_names, name_section_bytes};
use tests::subject::Subject;
use wasmtime::{Config, Engine, Instance, Module, Store};

use crate::filetests::{bless_or_compare, is_blessing};
use crate::trial;

mod builds;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("counts::of_all_models_are_committed", all),
        trial("counts::small_models_stay_small", small),
        trial("counts::code_does_not_grow_with_arrays", arrays),
        trial("counts::code_does_not_grow_with_recurrences", recurrences),
        trial("counts::a_large_vensim_model_stays_small", large),
    ];
    for path in crate::models::models() {
        trials.push(trial(format!("counts::of::{}", name(&path)), move || one(&path)));
    }
    trials.extend(builds::trials());
    trials
}

const HEAD: &str = "# For each model in tests/models at -O2: bytes of the artifact, bytes of its code section,\n\
    # and wasm instructions executed in a step, saving included; for one with arrays the latter two\n\
    # with SIMD as well. `just bless` rewrites it.\n";

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("counts.expect")
}

fn name(model: &Path) -> String {
    model.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

/// Writes the counts of all models when blessing; else those of each are a test of their own, and there are no others.
fn all() -> Result<(), String> {
    let models = crate::models::models();
    if is_blessing() {
        let lines = models.iter().map(|path| line(path)).collect::<Result<Vec<_>, _>>()?;
        return bless_or_compare(&committed(), &(HEAD.to_owned() + &lines.concat()));
    }
    are_of_all_models(&committed())
}

/// A file of counts has a line for each model.
fn are_of_all_models(file: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let there: Vec<&str> = lines.filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect();
    let wanted: Vec<String> = crate::models::models().iter().map(|path| name(path)).collect();
    if there == wanted {
        return Ok(());
    }
    Err(format!("the models are {wanted:?}, in {} are {there:?}", file.display()))
}

/// The counts of a model are those committed.
fn one(model: &Path) -> Result<(), String> {
    is_committed(&committed(), model, line)
}

/// The line of a model is that in a file of counts; when blessing, another test writes that.
fn is_committed(file: &Path, model: &Path, line: fn(&Path) -> Result<String, String>) -> Result<(), String> {
    if is_blessing() {
        return Ok(());
    }
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let begin = format!("{}: ", name(model));
    let expected = text.lines().find(|line| line.starts_with(&begin)).unwrap_or("nothing");
    let got = line(model)?;
    if expected == got.trim_end() {
        Ok(())
    } else {
        Err(format!("committed: {expected}\ngot:       {got}`just bless` accepts it"))
    }
}

/// The line of a model.
fn line(model: &Path) -> Result<String, String> {
    let subject = compile(model)?;
    let code = code_bytes(&subject.wasm);
    let steps = instructions_per_step(&subject, &subject.wasm)?;
    let bytes = subject.wasm.len();
    let mut line = format!("{}: {bytes} bytes, code {code}, {steps:.1} instructions a step", name(model));
    if !subject.module.axes.is_empty() {
        let simd = subject.simd_artifact();
        let steps = instructions_per_step(&subject, &simd)?;
        let code = code_bytes(&simd);
        line.push_str(&format!("; with SIMD code {code}, {steps:.1} instructions a step"));
    }
    line.push('\n');
    Ok(line)
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

/// An array is a loop: the code of a model is the same however large its arrays are, but where loops are short enough to be written out.
fn arrays() -> Result<(), String> {
    let mut sizes = Vec::new();
    for (regions, cohorts) in [(30, 30), (100, 50), (1000, 100)] {
        let subject = Subject::from_xmile("regions.xmile", &generate::regions(regions, cohorts), OptLevel::O2)?;
        sizes.push([code_bytes(&subject.wasm), code_bytes(&subject.simd_artifact())]);
    }
    for form in [0, 1] {
        let sizes: Vec<u64> = sizes.iter().map(|sizes| sizes[form]).collect();
        match (sizes.iter().min(), sizes.iter().max()) {
            (Some(least), Some(most)) if most * 100 <= least * 102 => {}
            _ => return Err(format!("bytes of code, from the smallest arrays to the largest: {sizes:?}")),
        }
    }
    Ok(())
}

/// A Vensim model of the size of those of climate policy fits 400 KB, and its code does not grow with its 40 regions: mappings, lists
/// of elements, subranges and exceptions are loops.
fn large() -> Result<(), String> {
    let sized = |regions: usize| {
        let made = climate(95, regions);
        let mut files = MemoryFiles::default();
        files.add("drivers.csv", made.drivers.clone().into_bytes());
        let subject = Subject::from_files("climate.mdl", &made.model, &files, OptLevel::O2)?;
        Ok::<_, String>((made, subject))
    };
    let (made, subject) = sized(40)?;
    let (numbers, bytes) = (subject.layout.n_slots, subject.wasm.len());
    if made.n_equations < 1_900 || made.n_lookups < 300 || numbers < 5_200 {
        return Err(format!("{} equations, {} lookups, {numbers} numbers", made.n_equations, made.n_lookups));
    }
    if bytes > 400_000 {
        return Err(format!("the artifact takes {bytes} bytes"));
    }
    let sizes = [code_bytes(&subject.wasm), code_bytes(&sized(80)?.1.wasm)];
    if sizes[1] * 100 <= sizes[0] * 102 {
        Ok(())
    } else {
        Err(format!("bytes of code of 40 and 80 regions: {sizes:?}"))
    }
}

/// Nor do elements that read others of their own array, or of one that reads them.
fn recurrences() -> Result<(), String> {
    let array = |name: &str, equation: &str| {
        format!("<aux name=\"{name}\"><dimensions><dim name=\"Day\"/></dimensions><eqn>{equation}</eqn></aux>\n")
    };
    let forward = array("x", "IF Day = 1 THEN TIME ELSE x[Day - 1]*0.5 + 1");
    let together = array("x", "y[Day - 1] + TIME") + &array("y", "x*0.5 + x[Day - 1]");
    let backward = array("x", "y[Day + 1] + TIME") + &array("y", "x*0.5 + x[Day + 2]");
    for variables in [forward, together, backward] {
        let mut counts = Vec::new();
        for len in [20, 100_000] {
            let dimensions = format!("<dimensions><dim name=\"Day\" size=\"{len}\"/></dimensions>\n<model>");
            let text = generate::wrap(&variables).replace("<model>", &dimensions);
            let subject = Subject::from_xmile("recurrence.xmile", &text, OptLevel::O2)?;
            counts.push(subject.module.funcs.values().map(|func| func.listed_insts().count()).sum::<usize>());
        }
        if counts[0] != counts[1] {
            return Err(format!("instructions of the IR: {counts:?}, of {variables}"));
        }
    }
    Ok(())
}

fn compile(path: &Path) -> Result<Subject, String> {
    Subject::from_file(path, OptLevel::O2)
}

/// Instructions from `run_initials` to the end, for each step.
fn instructions_per_step(subject: &Subject, wasm: &[u8]) -> Result<f64, String> {
    let fail = |error: wasmtime::Error| error.to_string();
    let mut config = Config::new();
    config.consume_fuel(true);
    let engine = Engine::new(&config).map_err(fail)?;
    let module = Module::new(&engine, wasm).map_err(fail)?;
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
