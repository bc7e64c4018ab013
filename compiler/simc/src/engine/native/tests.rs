//! Modules that are no artifacts, or do what artifacts never do: refused by name, or stopped where WebAssembly traps.

use simc_artifact::{Extension, WasmLayout, encode_layout};

use super::NativeEngine;
use crate::engine::{Engine, code, run_to_end};
use crate::results::Rows;

/// What every artifact exports, with room for two rows of four slots.
const EXPORTS: [&str; 16] = [
    r#"(memory (export "memory") 1 1)"#,
    r#"(global (export "n_slots") i32 (i32.const 4))"#,
    r#"(global (export "n_chunks") i32 (i32.const 2))"#,
    r#"(global (export "results_offset") i32 (i32.const 32))"#,
    r#"(global $saved (export "saved_steps") (mut i32) (i32.const 0))"#,
    r#"(func (export "set_value") (param i32 f64) (result i32) (i32.const 1))"#,
    r#"(func (export "run_to") (param f64) (global.set $saved (i32.const 2)))"#,
    r#"(func (export "run"))"#,
    r#"(func (export "run_initials"))"#,
    r#"(func (export "reset"))"#,
    r#"(func (export "clear_values"))"#,
    r#"(func (export "get_error") (result i64) (i64.const 0))"#,
    r#"(func (export "layout_digest") (result i64) (i64.const 1))"#,
    r#"(global (export "inputs_offset") i32 (i32.const 96))"#,
    r#"(global (export "inputs_capacity") i32 (i32.const 0))"#,
    r#"(func (export "set_values") (param i32 i32) (result i32) (i32.const 1))"#,
];

/// The module with one declaration replaced by another, and further ones.
fn module(instead_of: &str, put: &str, further: &str) -> Vec<u8> {
    let is_replaced = |line: &str| line.contains(&format!("\"{instead_of}\""));
    let lines: String = EXPORTS.iter().map(|line| if is_replaced(line) { put } else { line }).collect();
    let mut wasm = wat::parse_str(format!("(module {lines} {further})")).expect("the text is a module");
    let layout = WasmLayout { n_slots: 4, n_chunks: 2, results_offset: 32, ..WasmLayout::default() };
    let layout = WasmLayout { extension: Some(Extension::default()), ..layout };
    let content = [b"\x0bsimc.layout", encode_layout(&layout).as_slice()].concat();
    wasm.push(0);
    let mut size = content.len();
    while size >= 0x80 {
        wasm.push(size as u8 | 0x80);
        size >>= 7;
    }
    wasm.push(size as u8);
    wasm.extend(content);
    wasm
}

fn run_to(body: &str) -> Vec<u8> {
    let further = r#"(data (i32.const 65533) "\01\02\03")"#;
    module("run_to", &format!(r#"(func (export "run_to") (param f64) (local i32 i32) {body})"#), further)
}

fn refusal(wasm: &[u8]) -> (u16, String) {
    let fault = NativeEngine::new(wasm).err().expect("it is refused");
    (fault.code.0, fault.message)
}

/// The run of a module with a passive segment of three bytes.
fn with_passive(body: &str) -> Vec<u8> {
    let run_to = format!(r#"(func (export "run_to") (param f64) {body})"#);
    module("run_to", &run_to, r#"(data $d "abc") (data $active (i32.const 0) "abc")"#)
}

#[test]
fn passive_segments_are_copied_within_their_bounds() {
    let seven = "(i32.trunc_sat_f64_u (local.get 0))";
    for (body, ends) in [
        ("(memory.init $d (i32.const 65533) (i32.const 0) (i32.const 3))".to_owned(), true),
        ("(memory.init $d (i32.const 8) (i32.const 3) (i32.const 0))".to_owned(), true),
        (
            format!(
                "(memory.init $d {seven} (i32.const 1) (i32.const 2)) (if (i32.ne (i32.load8_u (i32.const 8)) (i32.const 99)) (then (unreachable)))"
            ),
            true,
        ),
        ("(memory.init $d (i32.const 65534) (i32.const 0) (i32.const 3))".to_owned(), false),
        ("(memory.init $d (i32.const 8) (i32.const 1) (i32.const 3))".to_owned(), false),
        (format!("(memory.init $d (i32.const 8) {seven} (i32.const 0))"), false),
        ("(memory.init $active (i32.const 8) (i32.const 0) (i32.const 1))".to_owned(), false),
    ] {
        let mut engine = NativeEngine::new(&with_passive(&body)).expect("it looks like an artifact");
        assert_eq!(engine.run_to(7.0).is_ok(), ends, "{body}");
    }
}

/// What a run ends with.
fn outcome(body: &str) -> Result<(), String> {
    let mut engine = NativeEngine::new(&run_to(body)).expect("it looks like an artifact");
    engine.run_to(7.0).map_err(|fault| fault.message)
}

#[test]
fn runs_what_keeps_the_contract() {
    let mut engine = NativeEngine::new(&module("", "", "")).expect("it is an artifact");
    assert_eq!((engine.n_rows(), engine.set_value(4, 1.0)), (0, Ok(false)));
    assert_eq!(run_to_end(&mut engine, &Extension::default()), Ok(()));
    assert_eq!((engine.n_rows(), engine.value(1, 3)), (2, 0.0));
}

#[test]
fn stops_where_webassembly_traps() {
    let bounds = "an access outside of the memory";
    for (body, text) in [
        ("unreachable", "unreachable code was reached"),
        ("(drop (f64.load (i32.const 65529)))", bounds),
        ("(drop (f64.load offset=65529 (i32.trunc_sat_f64_u (local.get 0))))", bounds),
        ("(drop (i32.load8_u offset=65529 (i32.trunc_sat_f64_u (local.get 0))))", bounds),
        ("(f64.store offset=4294967295 (i32.trunc_sat_f64_u (local.get 0)) (f64.const 1))", bounds),
        ("(i32.store8 (i32.const -1) (i32.const 1))", bounds),
        ("(memory.fill (i32.const 65530) (i32.const 1) (i32.trunc_sat_f64_u (local.get 0)))", bounds),
        ("(memory.copy (i32.const 0) (i32.const 65530) (i32.trunc_sat_f64_u (local.get 0)))", bounds),
        ("(memory.copy (i32.const 65530) (i32.const 0) (i32.const 7))", bounds),
        // Two accesses share a check that only the second one needs.
        (
            "(local.set 1 (i32.trunc_sat_f64_u (local.get 0))) (drop (f64.load (local.get 1))) \
             (drop (f64.load offset=65522 (local.get 1)))",
            bounds,
        ),
        // What one way has checked, the other has not.
        (
            "(local.set 1 (i32.mul (i32.const 65530) (i32.trunc_sat_f64_u (local.get 0)))) \
             (if (f64.lt (local.get 0) (f64.const 1)) (then (drop (f64.load (local.get 1))))) (drop (f64.load (local.get 1)))",
            bounds,
        ),
        ("(drop (i32.div_u (i32.const 1) (local.get 1)))", "an integer was divided by zero"),
        ("(drop (i32.rem_s (i32.const 1) (local.get 1)))", "an integer was divided by zero"),
        (
            "(local.set 1 (i32.const -1)) (local.set 2 (i32.const 0x80000000)) (drop (i32.div_s (local.get 2) (local.get 1)))",
            "an integer overflowed",
        ),
    ] {
        assert_eq!(outcome(body), Err(format!("the artifact stopped: {text}")), "{body}");
    }
}

#[test]
fn goes_on_where_webassembly_does() {
    for body in [
        "(drop (f64.load (i32.const 65528)))",
        "(drop (f64.load offset=65521 (i32.trunc_sat_f64_u (local.get 0))))",
        "(memory.fill (i32.const 65529) (i32.const 1) (i32.trunc_sat_f64_u (local.get 0)))",
        "(memory.copy (i32.const 65536) (i32.const 65536) (i32.const 0))",
        "(local.set 1 (i32.const -1)) (drop (i32.rem_s (i32.const 0x80000000) (local.get 1)))",
        "(block (br 0) (unreachable))",
        "(if (i32.ne (i32.load8_u (i32.const 65535)) (i32.const 3)) (then (unreachable)))",
        // Ranges that overlap are copied as if there were a third one between them, in both directions.
        "(i64.store (i32.const 1000) (i64.const 0x0807060504030201)) (memory.copy (i32.const 1001) (i32.const 1000) (i32.trunc_sat_f64_u (local.get 0))) \
         (if (i64.ne (i64.load (i32.const 1000)) (i64.const 0x0706050403020101)) (then (unreachable))) \
         (memory.copy (i32.const 999) (i32.const 1001) (i32.trunc_sat_f64_u (local.get 0))) \
         (if (i64.ne (i64.load (i32.const 999)) (i64.const 0x0607060504030201)) (then (unreachable)))",
        // Least and greatest numbers, as WebAssembly has them.
        "(if (i64.ne (i64.reinterpret_f64 (f64.min (f64.const 0) (f64.const -0))) (i64.const 0x8000000000000000)) (then (unreachable)))",
        "(if (f64.eq (f64.max (f64.const nan) (f64.const 1)) (f64.const 1)) (then (unreachable)))",
        "(if (i32.ne (i32.trunc_sat_f64_s (f64.const nan)) (i32.const 0)) (then (unreachable)))",
        "(if (i32.ne (i32.trunc_sat_f64_s (f64.const 1e300)) (i32.const 0x7fffffff)) (then (unreachable)))",
        "(if (f64.ne (f64.nearest (f64.const 2.5)) (f64.const 2)) (then (unreachable)))",
    ] {
        assert_eq!(outcome(body), Ok(()), "{body}");
    }
}

#[test]
fn an_instance_that_has_trapped_does_nothing() {
    let body = "(global.set $saved (i32.const 1)) (if (f64.gt (local.get 0) (f64.const 1)) (then (unreachable)))";
    let mut engine = NativeEngine::new(&run_to(body)).expect("it looks like an artifact");
    assert_eq!((engine.run_to(1.0), engine.n_rows()), (Ok(()), 1));
    assert!(engine.run_to(2.0).is_err());
    assert!(engine.run_to(1.0).is_err());
    assert!(engine.set_value(1, 1.0).is_err());
    assert!(engine.error().is_err());
}

#[test]
fn refuses_what_no_artifact_has() {
    for (wasm, words) in [
        (run_to("(drop (memory.grow (i32.const 1)))"), "MemoryGrow"),
        (run_to("(drop (i32.trunc_f64_s (local.get 0)))"), "I32TruncF64S"),
        (run_to("(drop (i8x16.add (v128.const i64x2 1 2) (v128.const i64x2 1 2)))"), "I8x16Add"),
        (module("run", r#"(func (export "run") (call_indirect (i32.const 0)))"#, "(table 1 funcref)"), "CallIndirect"),
        (module("", "", r#"(func $f (call $g)) (func $g (call $f)) (export "also" (func $f))"#), ""),
        (module("run", r#"(func $run (export "run") (call $run))"#, ""), "calls itself"),
        (module("run", r#"(func $run (export "run") (call $f)) (func $f (call $run))"#, ""), "calls itself"),
        (module("run", r#"(func (export "run") (data.drop $d))"#, r#"(data $d "passive")"#), "DataDrop"),
        (module("", "", "(func $f) (start $f)"), "start function"),
        (module("memory", r#"(memory (export "memory") 1 2)"#, ""), "can grow"),
        (module("", "", "(memory 1 1)"), "multiple memories"),
        (module("", "", "(func (param i32) (result i32) (return_call 0 (i32.const 0) (f64.const 0)))"), "tail calls"),
    ] {
        if words.is_empty() {
            // What exports of the contract do not reach is left out.
            assert!(NativeEngine::new(&wasm).is_ok());
            continue;
        }
        let (number, message) = refusal(&wasm);
        // What a host refuses as well is found by the reader of artifacts.
        assert!([code::NOT_TRANSLATED.0, code::NOT_AN_ARTIFACT.0].contains(&number), "{message}");
        assert!(message.contains(words), "{words}: {message}");
    }
    let import = wat::parse_str(r#"(module (import "env" "clock" (func)))"#).expect("the text is a module");
    assert_eq!(refusal(&import).0, code::NOT_AN_ARTIFACT.0);
}

#[test]
fn refuses_what_is_too_large() {
    let locals = "(local i32)".repeat(5000);
    let body = "(drop (i32.const 1))".repeat(60_000);
    let blocks = format!("{}{}", "(block ".repeat(2000), ")".repeat(2000));
    let globals = "(global i32 (i32.const 0))".repeat(2000);
    let functions = "(func)".repeat(70_000);
    for (wasm, words) in [
        (module("run", &format!(r#"(func (export "run") {locals})"#), ""), "locals in a function"),
        (module("run", &format!(r#"(func (export "run") {body})"#), ""), "bytes in a function"),
        (module("run", &format!(r#"(func (export "run") {blocks})"#), ""), "nested blocks in a function"),
        (module("", "", &globals), "globals"),
        (module("", "", &functions), "functions"),
    ] {
        let (number, message) = refusal(&wasm);
        assert_eq!(number, code::NOT_TRANSLATED.0);
        assert!(message.contains(words), "{words}: {message}");
    }
}

#[test]
fn refuses_what_contradicts_itself() {
    for (export, lie) in [
        ("n_slots", r#"(global (export "n_slots") i32 (i32.const 5))"#),
        ("results_offset", r#"(global (export "results_offset") i32 (i32.const 40))"#),
        ("memory", r#"(memory (export "memory") 0 0)"#),
        ("run", ""),
        ("get_error", r#"(func (export "get_error") (result i32) (i32.const 0))"#),
        ("saved_steps", r#"(global $saved (mut i32) (i32.const 0)) (global (export "saved_steps") i32 (i32.const 0))"#),
    ] {
        assert_eq!(refusal(&module(export, lie, "")).0, code::CONTRADICTORY.0, "{lie}");
    }
    let outside = module("", "", r#"(data (i32.const 65534) "abc")"#);
    assert_eq!(refusal(&outside).0, code::CONTRADICTORY.0);
}
