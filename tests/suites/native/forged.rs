//! Artifacts that are cut, changed at random, or forged: refused in words, or translated.

use std::process::Command;

use libtest_mimic::Trial;
use simc::driver;
use simc_artifact::{decode_layout, encode_layout};
use simc_midend::pipeline::OptLevel;
use simc_native::{Error, Options};
use tests::gen_docs::root;
use tests::generate::world;
use tests::subject::Subject;

use super::c::{folder, has, put, run, write};
use super::{around_run, model};
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![
        trial("native::forged::every_cut_is_refused", cuts),
        trial("native::forged::changed_bytes_are_refused_or_translated", changes),
        trial("native::forged::functions_that_cost_too_much_are_refused", costly),
        trial("native::forged::what_simc_emits_costs_little", not_costly),
        trial("native::forged::long_chains_of_calls_are_refused", long_chains),
        trial("native::forged::chains_of_calls_need_a_megabyte_at_most", stack),
        trial("native::forged::numbers_are_at_multiples_of_their_size", crooked),
    ]
}

fn cuts() -> Result<(), String> {
    let wasm = model("teacup.xmile")?.wasm;
    for end in 0..wasm.len() {
        let cut = simc_native::translate(&wasm[..end], &Options::default());
        // A cut between two sections after the last one that counts leaves an artifact.
        if cut.is_ok() && simc_artifact::read(&wasm[..end]).is_err() {
            return Err(format!("{end} of {} bytes are an artifact", wasm.len()));
        }
    }
    Ok(())
}

/// Translates what is still an artifact. It is not run: a changed loop may have no end.
fn changes() -> Result<(), String> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for name in ["array_tables.xmile", "conveyor.xmile", "event_thresholds.xmile"] {
        let wasm = model(name)?.wasm;
        let mut translated = 0;
        for _ in 0..600 {
            let mut changed = wasm.clone();
            let at = (random() % changed.len() as u64) as usize;
            changed[at] = random() as u8;
            match simc_native::translate(&changed, &Options::default()) {
                Ok(native) => {
                    native.object().map_err(|error| format!("{name}: byte {at}: {error}"))?;
                    translated += usize::from(native.header().ends_with("#endif\n"));
                }
                Err(Error::Internal(message)) => return Err(format!("{name}: byte {at}: {message}")),
                Err(_) => {}
            }
        }
        if translated == 0 {
            return Err(format!("{name}: nothing was translated"));
        }
    }
    Ok(())
}

/// An artifact whose function `run` is another one, with functions behind all others.
fn forge(run: &str, functions: &str) -> Result<Vec<u8>, String> {
    let [head, tail] = around_run(&model("teacup.xmile")?.wasm)?;
    let (between, last) = tail.split_once("\n  (data ").ok_or("no data")?;
    let forged = format!("{head}(func $run (type 0) {run}){between}{functions}\n  (data {last}");
    wat::parse_str(&forged).map_err(|error| error.to_string())
}

/// Instructions that set each of some locals by themselves and another one.
fn sums(locals: usize) -> String {
    (0..locals).map(|at| format!("local.get {at} local.get {} f64.add local.set {at} ", (at + 1) % locals)).collect()
}

fn declared(locals: usize) -> String {
    format!("(local{}) ", " f64".repeat(locals))
}

/// Loops or blocks within each other, and locals that change in the innermost one.
fn nested(begin: &str, end: &str, depth: usize, locals: usize) -> Result<Vec<u8>, String> {
    forge(&format!("{}{}{}{}", declared(locals), begin.repeat(depth), sums(locals), end.repeat(depth)), "")
}

/// Choices one after the other, and locals that are read at the end.
fn carried(choices: usize, locals: usize) -> Result<Vec<u8>, String> {
    let choices: String =
        (0..choices).map(|at| format!("i32.const 0 i32.load if f64.const 1 local.set {} end ", at % locals)).collect();
    forge(&format!("{}{}{choices}{}", declared(locals), sums(locals), sums(locals)), "")
}

fn is_too_large(wasm: &[u8]) -> Result<bool, String> {
    match simc_native::translate(wasm, &Options::default()) {
        Ok(_) => Ok(false),
        Err(Error::TooLarge { .. }) => Ok(true),
        Err(error) => Err(error.to_string()),
    }
}

/// The depth and the number of locals, and whether that is refused.
fn costly() -> Result<(), String> {
    let (again, out) = ("i32.const 0 br_if 0 end ", "i32.const 0 i32.load br_if 0 end ");
    for (depth, locals, expected) in
        [(30, 30, false), (1, 4000, false), (900, 1, false), (200, 200, true), (500, 1000, true)]
    {
        for (begin, end) in [("loop ", again), ("block ", out), ("i32.const 0 i32.load if ", "end ")] {
            if is_too_large(&nested(begin, end, depth, locals)?)? != expected {
                return Err(format!("{depth} times {begin}and {locals} locals"));
            }
        }
    }
    for (choices, locals, expected) in [(300, 300, false), (4000, 10, false), (3000, 2000, true)] {
        if is_too_large(&carried(choices, locals)?)? != expected {
            return Err(format!("{choices} choices and {locals} locals"));
        }
    }
    Ok(())
}

/// Models whose functions may grow as far as native code has them.
fn not_costly() -> Result<(), String> {
    let options =
        |level| driver::Options { level, simd: true, function_size: Some(1 << 17), ..driver::Options::default() };
    let mut subjects = Vec::new();
    for level in [OptLevel::O0, OptLevel::O3] {
        let options = options(level);
        subjects.push(Subject::with_options("world.xmile", &world::model(), &options)?);
        let path = |name: &str| root().join("tests/models").join(name);
        for name in ["array_algebra.xmile", "conveyor_options.xmile", "queue_options.xmile", "vectors.xmile"] {
            subjects.push(Subject::from_file_with(&path(name), &options)?);
        }
    }
    for subject in subjects {
        if is_too_large(&subject.wasm)? {
            return Err("a model has no native code".to_owned());
        }
    }
    Ok(())
}

/// Functions of which each calls the next while so many values wait for it on the stack.
fn chain(functions: usize, values: usize) -> Result<Vec<u8>, String> {
    let body = |next: &str| {
        let waiting = "local.get 0 v128.not local.tee 0 ".repeat(values);
        let joined = "v128.or ".repeat(values - 1);
        format!("(local v128) i32.const 0 {waiting}{next}{joined}v128.store")
    };
    let mut text = String::new();
    for at in 0..functions {
        let next = if at + 1 < functions { format!("call $chain_{} ", at + 1) } else { String::new() };
        text.push_str(&format!("\n  (func $chain_{at} {})", body(&next)));
    }
    forge("call $chain_0", &text)
}

fn long_chains() -> Result<(), String> {
    for (functions, values, expected) in [(10, 100, false), (100, 500, false), (4000, 1, true), (200, 1000, true)] {
        if is_too_large(&chain(functions, values)?)? != expected {
            return Err(format!("{functions} functions with {values} values"));
        }
    }
    Ok(())
}

/// Runs chains that are hardly allowed with a stack that is hardly larger.
fn stack() -> Result<(), String> {
    if !has("cc") || !cfg!(target_os = "linux") {
        return Ok(());
    }
    let folder = folder()?;
    let folder = folder.path();
    for (at, (functions, values)) in [(130, 480), (3000, 2), (33, 1900)].into_iter().enumerate() {
        put(folder, &chain(functions, values)?, None, "deep")?;
        write(folder, "main.c", b"#include \"deep.h\"\nint main(void) { return deep_run(deep_new()); }\n")?;
        run(Command::new("cc").args(["main.c", "deep.o", "-o", "main"]).current_dir(folder))?;
        run(Command::new("sh").args(["-c", "ulimit -s 1200 && ./main"]).current_dir(folder))
            .map_err(|error| format!("chain {at}: {error}"))?;
    }
    Ok(())
}

/// An artifact that has its rows, or the numbers of a host, where no f64 can be, and says so everywhere.
fn crooked() -> Result<(), String> {
    let wasm = model("teacup.xmile")?.wasm;
    let artifact = simc_artifact::read(&wasm).map_err(|error| error.to_string())?;
    let text = wasmprinter::print_bytes(&wasm).map_err(|error| error.to_string())?;
    let layout = &artifact.layout;
    let literal = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("\\{byte:02x}")).collect::<String>();
    let (before, section) = text.split_once("(@custom \"simc.layout\" ").ok_or("no section")?;
    let (place, rest) = section.split_once(" \"").ok_or("no section")?;
    let (_, after) = rest.split_once("\")").ok_or("no section")?;
    for offset in
        [layout.results_offset, layout.results_offset + 1, layout.results_offset + 4, layout.results_offset + 8]
    {
        let mut moved = layout.clone();
        moved.results_offset = offset;
        let forged = format!("{before}(@custom \"simc.layout\" {place} \"{}\"){after}", literal(encode_layout(&moved)));
        let global = format!("i32 i32.const {}", layout.results_offset);
        let forged = forged.replacen(&global, &format!("i32 i32.const {offset}"), 1);
        let forged = wat::parse_str(&forged).map_err(|error| error.to_string())?;
        let read = simc_artifact::read(&forged).map_err(|error| error.to_string())?;
        if read.layout.results_offset != offset || decode_layout(&encode_layout(&moved)).is_err() {
            return Err("the forgery failed".to_owned());
        }
        match simc_native::translate(&forged, &Options::default()) {
            Ok(_) if offset % 8 == 0 => {}
            Err(Error::Contradictory(_)) if offset % 8 != 0 => {}
            Ok(_) => return Err(format!("rows at byte {offset}")),
            Err(error) => return Err(format!("rows at byte {offset}: {error}")),
        }
    }
    Ok(())
}
