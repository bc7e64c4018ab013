//! Loops that count: whatever they count with, native code traps where the artifact does in another engine, and else leaves the same memory.

use libtest_mimic::Trial;
use simc::engine::NativeEngine;
use simc_artifact::export;
use simc_native::Status;

use super::{around_run, model};
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![trial("native::loops::traps_stay_traps", traps)]
}

/// Loops of counters in locals 0, 1 and 3, with local 2 as a bound. `F` `G` are what the counters are at first, `S` `T` what they grow by, `B` the
/// bound, `O` `P` offsets of accesses.
const LOOPS: [&str; 13] = [
    "loop {write 0 O} {write 1 P} {add 1 T} {add 0 S} {get 0} {const B} i32.lt_u br_if 0 end",
    "loop {add 0 S} {write 0 O} {add 1 T} {write 1 P} {get 0} {get 2} i32.lt_u br_if 0 end",
    // The bound is where the counter was, and something more.
    "{get 0} {const B} i32.add local.set 2 loop {write 1 P} {write 0 O} {add 1 T} {add 0 S} {get 0} {get 2} i32.lt_u br_if 0 end",
    // Two ways back.
    "loop {write 1 P} {add 1 T} {get 1} {const O} i32.lt_u br_if 0 {write 0 O} {add 0 S} {get 0} {const B} i32.lt_u br_if 0 end",
    // The bound moves.
    "loop {write 0 O} {add 0 S} {add 2 T} {get 0} {get 2} i32.lt_u br_if 0 end",
    // Something else is compared, or the last comparison is not the last thing.
    "loop {write 1 P} {write 0 O} {add 1 T} {add 0 S} {get 1} {const B} i32.lt_u br_if 0 end",
    "loop {write 1 P} {add 1 T} {get 0} {const B} i32.lt_u br_if 0 {add 0 S} {write 0 O} end",
    // A counter grows in some passes, or twice.
    "loop {write 1 P} {get 0} {const O} i32.lt_u if {add 1 T} end {add 0 S} {get 0} {const B} i32.lt_u br_if 0 end",
    "loop {write 1 P} {add 1 T} block {add 1 T} {get 0} {const O} i32.gt_u br_if 0 {add 1 T} end \
     {add 0 S} {get 0} {const B} i32.lt_u br_if 0 end",
    // A loop within a loop begins where the outer one is, and accesses what that one counts with.
    "loop {get 0} local.set 3 {get 0} {const P} i32.add local.set 2 loop {write 3 O} {add 3 S} {get 3} {get 2} i32.lt_u br_if 0 end \
     {write 1 O} {add 1 T} {add 0 S} {get 0} {const B} i32.lt_u br_if 0 end",
    "loop i32.const 0 local.set 3 loop {write 0 O} {write 3 P} {add 3 T} {get 3} {const O} i32.lt_u br_if 0 end \
     {add 0 S} {get 0} {const B} i32.lt_u br_if 0 end",
    // What holds within a loop holds no longer after it.
    "loop {add 1 T} {add 0 S} {get 0} {const B} i32.lt_u br_if 0 end {write 1 P} {write 0 O}",
    // Accesses on both sides of a sum.
    "loop {write 0 O} {add 0 S} {write 0 P} {add 0 T} {write 0 O} {get 0} {const B} i32.lt_u br_if 0 end",
];

/// Instructions of a loop that has an end.
const MAX_FUEL: u64 = 3_000_000;

/// The text of a loop with numbers for its letters.
fn expand(text: &str, numbers: &dyn Fn(&str) -> u32) -> String {
    let mut out = String::new();
    for piece in text.split_inclusive('}') {
        let (plain, command) = piece.split_once('{').unwrap_or((piece, ""));
        out.push_str(plain);
        let words: Vec<&str> = command.trim_end_matches('}').split(' ').collect();
        out.push_str(&match words[..] {
            ["get", local] => format!("local.get {local} "),
            ["const", letter] => format!("i32.const {} ", numbers(letter).cast_signed()),
            ["add", local, letter] => {
                format!("local.get {local} i32.const {} i32.add local.set {local} ", numbers(letter).cast_signed())
            }
            ["write", local, letter] => {
                format!("local.get {local} f64.const {local}.5 f64.store offset={} ", numbers(letter))
            }
            _ => String::new(),
        });
    }
    out
}

fn traps() -> Result<(), String> {
    let subject = model("teacup.xmile")?;
    let [head, tail] = around_run(&subject.wasm)?;
    let mut state = 5_u32;
    let mut draw = |choices: &[u32]| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        choices[(state >> 16) as usize % choices.len()]
    };
    let (_, memory) = in_wasmtime(&subject.wasm)?.ok_or("a short run")?;
    let end = memory.len() as u32;
    let (mut n_traps, mut n_runs) = (0, 0);
    for case in 0..900 {
        let starts = [0, 8, 160, end - 4096, end - 16, end - 8, end - 7, end, u32::MAX - 7];
        let steps = [8, 80, 4096, 65_536, 1 << 31, u32::MAX - 7];
        let bounds = [0, 8, 160, 161, 4096, end - 4096, end - 8, end - 7, end, u32::MAX];
        let offsets = [0, 8, 4088, 4096, end - 8, end];
        let [f, g, s, t] = [draw(&starts), draw(&starts), draw(&steps), draw(&steps)];
        let [b, c, o, p] = [draw(&bounds), draw(&bounds), draw(&offsets), draw(&offsets)];
        let numbers = |letter: &str| match letter {
            "S" => s,
            "T" => t,
            "B" => b,
            "O" => o,
            _ => p,
        };
        let body = expand(LOOPS[case % LOOPS.len()], &numbers);
        let sets =
            [(0, f), (1, g), (2, c)].map(|(local, at)| format!("i32.const {} local.set {local} ", at.cast_signed()));
        let forged = format!("{head}(func $run (type 0) (local i32 i32 i32 i32) {}{body}\n  ){tail}", sets.concat());
        let wasm = wat::parse_str(&forged).map_err(|error| format!("{error}\n{body}"))?;
        match same_in_wasmtime(&wasm).map_err(|error| format!("case {case}: {f} {g} {c}: {body}: {error}"))? {
            Some(true) => n_traps += 1,
            Some(false) => n_runs += 1,
            None => {}
        }
    }
    if n_traps < 100 || n_runs < 50 { Err(format!("{n_traps} traps, {n_runs} runs")) } else { Ok(()) }
}

/// Whether `run` traps, in native code and in wasmtime, which leave the same memory where it does not; nothing where it takes too long.
pub(super) fn same_in_wasmtime(wasm: &[u8]) -> Result<Option<bool>, String> {
    let Some((expected, memory)) = in_wasmtime(wasm)? else { return Ok(None) };
    let mut native = NativeEngine::new(wasm).map_err(|fault| fault.message)?;
    let has_trapped = native.call(export::RUN) == Some(Status::Trapped.number());
    let start = native.geometry().memory as usize;
    if has_trapped != expected {
        return Err(format!("native code traps: {has_trapped}"));
    }
    if !expected && native.bytes()[start..start + memory.len()] != memory[..] {
        return Err("the memory differs".to_owned());
    }
    Ok(Some(expected))
}

/// Whether `run` traps, and the memory; nothing where it takes too long.
pub(super) fn in_wasmtime(wasm: &[u8]) -> Result<Option<(bool, Vec<u8>)>, String> {
    let fail = |error: wasmtime::Error| error.to_string();
    let mut config = wasmtime::Config::new();
    config.consume_fuel(true);
    let engine = wasmtime::Engine::new(&config).map_err(fail)?;
    let module = wasmtime::Module::new(&engine, wasm).map_err(fail)?;
    let mut store = wasmtime::Store::new(&engine, ());
    store.set_fuel(MAX_FUEL).map_err(fail)?;
    let instance = wasmtime::Instance::new(&mut store, &module, &[]).map_err(fail)?;
    let run = instance.get_typed_func::<(), ()>(&mut store, export::RUN).map_err(fail)?;
    let has_trapped = run.call(&mut store, ()).is_err();
    if store.get_fuel().map_err(fail)? == 0 {
        return Ok(None);
    }
    let memory = instance.get_memory(&mut store, "memory").ok_or("no memory")?;
    Ok(Some((has_trapped, memory.data(&store).to_vec())))
}
