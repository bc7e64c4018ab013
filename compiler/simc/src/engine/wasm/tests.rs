//! Modules that are no artifacts, or only pretend to be.

use simc_artifact::Extension;

use super::{Geometry, WasmEngine};
use crate::engine::{Engine, code, run_to_end};
use crate::results::Rows;

/// What every artifact exports, with room for two rows of four slots.
const EXPORTS: [&str; 8] = [
    r#"(memory (export "memory") 1 1)"#,
    r#"(global (export "n_slots") i32 (i32.const 4))"#,
    r#"(global (export "n_chunks") i32 (i32.const 2))"#,
    r#"(global (export "results_offset") i32 (i32.const 32))"#,
    r#"(global $saved (export "saved_steps") (mut i32) (i32.const 0))"#,
    r#"(func (export "set_value") (param i32 f64) (result i32) (i32.const 1))"#,
    r#"(func (export "run_to") (param f64) (global.set $saved (i32.const 2)))"#,
    r#"(func (export "get_error") (result i64) (i64.const 0))"#,
];

/// The module with one declaration replaced by another.
fn module(instead_of: &str, put: &str) -> Vec<u8> {
    let is_replaced = |line: &str| line.contains(&format!("\"{instead_of}\""));
    let lines: String = EXPORTS.iter().map(|line| if is_replaced(line) { put } else { line }).collect();
    wat::parse_str(format!("(module {lines})")).expect("the text is a module")
}

fn refusal(wasm: &[u8]) -> (u16, String) {
    let fault = WasmEngine::new(wasm).err().expect("it is refused");
    (fault.code.0, fault.message)
}

#[test]
fn runs_what_keeps_the_contract() {
    let mut engine = WasmEngine::new(&module("", "")).expect("it is an artifact");
    assert_eq!(engine.geometry(), Geometry { n_slots: 4, n_chunks: 2, results_offset: 32 });
    assert_eq!((engine.n_rows(), engine.set_value(4, 1.0)), (0, Ok(false)));
    assert_eq!(run_to_end(&mut engine, &Extension::default()), Ok(()));
    assert_eq!((engine.n_rows(), engine.value(1, 3)), (2, 0.0));
}

#[test]
fn refuses_what_is_no_module() {
    for bytes in [&b"\0asm"[..], b"\0asm\x01\0\0\0\x01", &module("", "")[..40]] {
        assert_eq!(refusal(bytes).0, code::NOT_WASM.0);
    }
}

#[test]
fn refuses_modules_that_lack_an_export_or_have_it_otherwise() {
    for export in ["memory", "n_slots", "n_chunks", "results_offset", "set_value", "run_to", "get_error"] {
        let (code, message) = refusal(&module(export, ""));
        assert_eq!(code, code::NOT_AN_ARTIFACT.0);
        assert!(message.contains(&format!("`{export}`")), "{message}");
    }
    for (export, otherwise) in [
        ("n_slots", r#"(global (export "n_slots") i64 (i64.const 4))"#),
        ("n_chunks", r#"(global (export "n_chunks") (mut i32) (i32.const 4))"#),
        ("run_to", r#"(func (export "run_to") (param f32) (global.set $saved (i32.const 2)))"#),
        ("get_error", r#"(func (export "get_error") (result i32) (i32.const 0))"#),
    ] {
        assert!(refusal(&module(export, otherwise)).1.contains("another type"), "{export}");
    }
}

#[test]
fn refuses_modules_that_import() {
    let wasm = wat::parse_str(r#"(module (import "env" "clock" (func)))"#).expect("the text is a module");
    assert!(refusal(&wasm).1.contains("`env.clock`"));
}

#[test]
fn refuses_rows_that_do_not_fit_the_memory() {
    for (export, lie) in [
        ("n_slots", r#"(global (export "n_slots") i32 (i32.const -1))"#),
        ("n_slots", r#"(global (export "n_slots") i32 (i32.const 3))"#),
        ("n_chunks", r#"(global (export "n_chunks") i32 (i32.const 0))"#),
        ("n_chunks", r#"(global (export "n_chunks") i32 (i32.const 2048))"#),
        ("results_offset", r#"(global (export "results_offset") i32 (i32.const 31))"#),
        ("results_offset", r#"(global (export "results_offset") i32 (i32.const -8))"#),
    ] {
        assert_eq!(refusal(&module(export, lie)).0, code::CONTRADICTORY.0, "{lie}");
    }
}

#[test]
fn believes_in_no_more_rows_than_there_are() {
    let wasm = module("run_to", r#"(func (export "run_to") (param f64) (global.set $saved (i32.const -1)))"#);
    let mut engine = WasmEngine::new(&wasm).expect("it looks like an artifact");
    assert_eq!(run_to_end(&mut engine, &Extension::default()), Ok(()));
    assert_eq!(engine.n_rows(), 2);
}

#[test]
fn says_how_a_run_went_wrong() {
    let run_to = |body: &str| module("run_to", &format!(r#"(func (export "run_to") (param f64) {body})"#));
    let error = r#"(func (export "get_error") (result i64) (i64.const 0x0000000500000002))"#;
    for (wasm, code, words) in [
        (run_to("unreachable"), code::TRAPPED, "unreachable"),
        (run_to("(drop (f64.load (i32.const 65536)))"), code::TRAPPED, "out of bounds"),
        (run_to(""), code::INCOMPLETE, "0 rows"),
        (module("get_error", error), code::RUN_TIME_ERROR, "error 2 in variable 5"),
    ] {
        let mut engine = WasmEngine::new(&wasm).expect("it looks like an artifact");
        let fault = run_to_end(&mut engine, &Extension::default()).expect_err("the run goes wrong");
        assert_eq!(fault.code, code);
        assert!(fault.message.contains(words), "{}", fault.message);
    }
}

#[test]
fn tables_and_memories_have_limits() {
    for declaration in ["(table 100000 funcref)", "(memory 1) (memory 1)", "(memory i64 1)"] {
        let lines = EXPORTS.concat();
        let text = format!("(module {lines} {declaration})");
        let wasm = wat::parse_str(&text).expect("the text is a module");
        assert!(WasmEngine::new(&wasm).is_err(), "{declaration}");
    }
}
