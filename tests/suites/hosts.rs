//! The host for Rust, in both of its engines.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use libtest_mimic::Trial;
use simc_host::engine::{Engine as Runtime, Wasmi, Wasmtime};
use simc_host::{Code, DEFAULTS, Error, Model, Value};
use simc_midend::pipeline::OptLevel;
use tests::engine::{Engine, Op, WasmtimeEngine};
use tests::subject::Subject;

use self::faulty::{Fault, Faulty};
use crate::models::models;
use crate::{filetests, trial};

mod faulty;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("hosts::the_artifact_of_the_examples_is_fresh", example),
        trial("hosts::rust_reads_what_artifacts_save", rows),
        trial("hosts::rust_batches_are_single_runs", batches),
        trial("hosts::rust_batches_outlive_an_engine_that_panics", panics),
        trial("hosts::rust_says_what_is_wrong", refusals),
        trial("hosts::rust_refuses_artifacts_that_are_cut", cut),
        trial("hosts::rust_uses_a_closed_sim_no_more", closed),
    ]
}

fn engines() -> [(&'static str, Box<dyn Runtime>); 2] {
    [("wasmi", Box::new(Wasmi::new())), ("wasmtime", Box::new(Wasmtime::new()))]
}

fn model_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(name)
}

fn sir() -> Result<Vec<u8>, String> {
    Ok(Subject::from_file(&model_file("sir.xmile"), OptLevel::O2)?.wasm)
}

fn shown(error: Error) -> String {
    format!("{}: {error}", error.code())
}

/// The committed artifact that examples and documentation load is what the compiler makes.
fn example() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("tests has a parent")?;
    let wasm = sir()?;
    for place in ["rust/examples", "go/testdata", "java/example/src/main/resources"] {
        let path = root.join("runtime-shim/hosts").join(place).join("sir.wasm");
        if filetests::is_blessing() {
            std::fs::write(&path, &wasm).map_err(|error| format!("{}: {error}", path.display()))?;
            continue;
        }
        let committed = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if committed != wasm {
            return Err(format!("{} is stale; `just bless` writes it", path.display()));
        }
    }
    Ok(())
}

fn rows() -> Result<(), String> {
    for path in models() {
        let subject = Subject::from_file(&path, OptLevel::O2)?;
        let mut engine = WasmtimeEngine::new(&subject.wasm);
        engine.call(Op::Run);
        let expected = engine.rows();
        for (name, runtime) in engines() {
            let place = format!("{} in {name}", path.display());
            let model = Model::with_engine(subject.wasm.as_slice(), runtime.as_ref()).map_err(shown)?;
            let run = match model.run(DEFAULTS) {
                Ok(run) => run,
                Err(error) => error.run().cloned().ok_or_else(|| format!("{place}: {error}"))?,
            };
            let found = run.data().unwrap_or_default();
            let is_same =
                found.len() == expected.len() && found.iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits());
            if !is_same {
                return Err(format!("{place}: other rows than the artifact's"));
            }
        }
    }
    Ok(())
}

fn batches() -> Result<(), String> {
    let wasm = sir()?;
    let samples: Vec<f64> = (0..30).flat_map(|n| [4.0 + f64::from(n) / 5.0, 3.0 + f64::from(n % 7)]).collect();
    let params = ["Contact Rate", "Duration"];
    for (name, runtime) in engines() {
        let model = Model::with_engine(wasm.as_slice(), runtime.as_ref()).map_err(shown)?;
        let whole = model.batch(&params, &samples).outputs(&["Recovered", "Infectious"]).run().map_err(shown)?;
        let threads = model.batch(&params, &samples).threads(3).outputs(&["Recovered", "Infectious"]).run();
        if threads.map_err(shown)?.values() != whole.values() {
            return Err(format!("{name}: threads give other numbers"));
        }
        for (run, sample) in samples.chunks(2).enumerate() {
            let single = model.run(params.iter().copied().zip(sample.iter().copied())).map_err(shown)?;
            if whole.series(run, 1) != Some(single.series("infectious").map_err(shown)?.as_slice()) {
                return Err(format!("{name}: run {run} of the batch is another"));
            }
        }
        let end = model.batch(&params, &samples).at(&[f64::INFINITY, 0.0]).run().map_err(shown)?;
        if end.times() != [120.0, 0.0] || end.titles().len() != 3 || end.runs() != 30 {
            return Err(format!("{name}: {end:?}"));
        }
    }
    Ok(())
}

/// An engine that panics or traps in one run of a batch is an error, and its other threads end; the model can be used afterwards.
fn panics() -> Result<(), String> {
    let wasm = sir()?;
    for fault in [Fault::Panic, Fault::Trap] {
        for threads in [1, 4] {
            let engine = Faulty::new(fault);
            let model = Model::with_engine(wasm.as_slice(), &engine).map_err(shown)?;
            engine.runs_until_fault.store(25, Ordering::Relaxed);
            let samples = vec![7.0; 200];
            let ended = model.batch(&["Duration"], &samples).at(&[120.0]).threads(threads).run();
            let error = ended.err().ok_or("no error of a batch whose engine fails")?;
            let expected = if fault == Fault::Panic { "panicked" } else { "a trap that is wanted" };
            if !error.to_string().contains(expected) {
                return Err(format!("{threads} threads: {error}"));
            }
            model.run([("Duration", 7.0)]).map_err(shown)?;
        }
    }
    Ok(())
}

fn refusals() -> Result<(), String> {
    let wasm = sir()?;
    let is = |result: Result<(), Error>, code: Code| match result {
        Err(error) if error.code() == code => Ok(error),
        Err(error) => Err(format!("{} instead of {code}: {error}", error.code())),
        Ok(()) => Err(format!("no error instead of {code}")),
    };
    for (_, runtime) in engines() {
        let model = Model::with_engine(wasm.as_slice(), runtime.as_ref()).map_err(shown)?;
        let run = |name: &str, value: Value| model.run([(name, value)]).map(drop);
        let error = is(run("Contct Rate", 6.0.into()), Code::UnknownName)?;
        if error.suggestion() != Some("Contact Rate") || error.name() != Some("Contct Rate") {
            return Err(format!("{error:?}"));
        }
        is(run("Infectious", 6.0.into()), Code::NotSettable)?;
        is(run("time", 6.0.into()), Code::NotSettable)?;
        is(run("Contact Rate", [1.0, 2.0].into()), Code::Shape)?;
        is(run("Contact Rate", Value::by_element([("North", 1.0)])), Code::Shape)?;
        is(run("Contact Rate[1]", 1.0.into()), Code::Shape)?;
        is(run("Contact Rate", f64::NAN.into()), Code::BadValue)?;
        is(run("Contact Rate", f64::NEG_INFINITY.into()), Code::BadValue)?;
        is(model.run([("Contact Rate", 1.0), ("contact_rate", 2.0)]).map(drop), Code::AmbiguousName)?;
        is(model.batch(&["Duration"], &[1.0]).at(&[0.5]).run().map(drop), Code::BadTime)?;
        is(model.batch(&["Duration", "Contact Rate"], &[1.0]).run().map(drop), Code::Shape)?;
        is(model.batch(&["Duration"], &[f64::NAN]).run().map(drop), Code::BadValue)?;
        // More threads than a system has are no panic.
        let many = vec![7.0; 2_000];
        let batch = model.batch(&["Duration"], &many).at(&[120.0]).threads(usize::MAX).run().map_err(shown)?;
        if batch.output(" infectious").map_err(shown)? != 1 {
            return Err("an output goes by another name".to_owned());
        }
        let error = is(batch.output("Infectous").map(drop), Code::UnknownName)?;
        if error.suggestion() != Some("Infectious") {
            return Err(format!("{error:?}"));
        }
        is(model.clone().expect_sha256(&"0".repeat(64)).map(drop), Code::WrongArtifact)?;
        let mut sim = model.sim().map_err(shown)?;
        is(sim.run_to(f64::NAN).map(drop), Code::BadTime)?;
        is(sim.set_table("Infection", &[[0.0, 1.0]]).map(drop), Code::Unsupported)?;
        let fresh = model.sim().and_then(|mut sim| sim.run_to_end()?.run()).map_err(shown)?;
        let after = sim.run_to_end().and_then(|sim| sim.run()).map_err(shown)?;
        if after.data() != fresh.data() {
            return Err("a refused call has changed something".to_owned());
        }
    }
    Ok(())
}

fn cut() -> Result<(), String> {
    let wasm = sir()?;
    let expected = Model::from_bytes(wasm.as_slice()).and_then(|model| model.run(DEFAULTS)).map_err(shown)?;
    let mut whole = 0;
    for size in 0..wasm.len() {
        match Model::from_bytes(&wasm[..size]) {
            Err(error) if error.code() == Code::BadArtifact && error.byte().is_none_or(|byte| byte <= size as u64) => {}
            Err(error) => return Err(format!("{size} bytes: {}: {error}", error.code())),
            // Cut between sections that nothing needs.
            Ok(model) if model.run(DEFAULTS).map_err(shown)?.data() == expected.data() => whole += 1,
            Ok(_) => return Err(format!("{size} bytes run otherwise")),
        }
    }
    if whole <= 3 { Ok(()) } else { Err(format!("{whole} cuts go unnoticed")) }
}

fn closed() -> Result<(), String> {
    let model = Model::from_bytes(sir()?).map_err(shown)?;
    let mut sim = model.sim().map_err(shown)?;
    sim.run_to(10.0).map_err(shown)?;
    sim.close();
    sim.close();
    let uses = [
        sim.run_to(20.0).map(drop),
        sim.set("Contact Rate", 1.0).map(drop),
        sim.value("time").map(drop),
        sim.series("time").map(drop),
        sim.state().map(drop),
        sim.run().map(drop),
    ];
    match uses.into_iter().find(|result| !matches!(result, Err(error) if error.code() == Code::Closed)) {
        None => Ok(()),
        Some(other) => Err(format!("{other:?} of a closed Sim")),
    }
}
