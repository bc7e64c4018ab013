//! Engines against each other, bit for bit.

use simc_midend::pipeline::OptLevel;

use crate::engine::{
    Engine, InterpEngine, NativeEngine, Node, NodeJob, Op, OracleEngine, Snapshot, WasmiEngine, WasmtimeEngine,
    only_interpreted,
};
use crate::random::RandomModel;
use crate::subject::Subject;

/// Whether V8 takes part: it needs a process of its own, so a test may leave it out where others cover the ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum V8 {
    /// It does.
    With,
    /// It does not.
    Without,
}

/// Makes the calls in every engine, of a model with arrays also with SIMD, and compares all that a host can see after each of them.
///
/// # Errors
/// The first difference, as text: the engine, the call, and the first slot or row that differs from the oracle's.
pub fn engines_agree(subject: &Subject, ops: &[Op], v8: V8) -> Result<(), String> {
    let mut oracle = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    let expected: Vec<Snapshot> = ops.iter().map(|op| oracle.observe(op.clone())).collect();
    let mut interp = InterpEngine::new(&subject.module);
    agree(subject, &mut interp, ops, &expected)?;
    artifact_agrees(subject, &subject.wasm, ops, &expected, v8)?;
    if !subject.module.axes.is_empty() {
        let simd = subject.simd_artifact();
        artifact_agrees(subject, &simd, ops, &expected, v8).map_err(|difference| format!("with SIMD: {difference}"))?;
    }
    Ok(())
}

fn artifact_agrees(subject: &Subject, wasm: &[u8], ops: &[Op], expected: &[Snapshot], v8: V8) -> Result<(), String> {
    agree(subject, &mut WasmiEngine::new(wasm), ops, expected)?;
    if only_interpreted() {
        return Ok(());
    }
    agree(subject, &mut WasmtimeEngine::new(wasm), ops, expected)?;
    agree(subject, &mut NativeEngine::new(wasm), ops, expected)?;
    if v8 == V8::With {
        let got = Node::observe(&NodeJob { wasm, ops });
        for (at, (got, expected)) in got.iter().zip(expected).enumerate() {
            if got != expected {
                return Err(describe(subject, "node", ops, at, got, expected));
            }
        }
    }
    Ok(())
}

/// Compiles a random model at every level and compares the engines at each.
///
/// # Errors
/// A diagnostic of the compiler or the first difference.
pub fn levels_agree(model: &RandomModel, levels: &[OptLevel], ops: &[Op], v8: V8) -> Result<(), String> {
    for &level in levels {
        let subject = Subject::from_files("random.xmile", &model.text, &model.files, level)?;
        engines_agree(&subject, ops, v8).map_err(|difference| format!("at {level:?}: {difference}"))?;
    }
    Ok(())
}

fn agree(subject: &Subject, engine: &mut dyn Engine, ops: &[Op], expected: &[Snapshot]) -> Result<(), String> {
    for (at, (op, expected)) in ops.iter().zip(expected).enumerate() {
        let got = engine.observe(op.clone());
        if got != *expected {
            let mut text = describe(subject, engine.name(), ops, at, &got, expected);
            if got.rows != expected.rows && got.saved == expected.saved {
                text.push_str(&first_cell(subject, engine, &ops[..=at]));
            }
            return Err(text);
        }
    }
    Ok(())
}

fn describe(subject: &Subject, engine: &str, ops: &[Op], at: usize, got: &Snapshot, expected: &Snapshot) -> String {
    let mut text = format!("{engine} differs from the oracle after {:?} (call {at} of {ops:?})", ops[at]);
    let facts = [
        ("returned", i64::from(got.returned), i64::from(expected.returned)),
        ("saved_steps", got.saved as i64, expected.saved as i64),
        ("error", got.error as i64, expected.error as i64),
        ("run_state", i64::from(got.state), i64::from(expected.state)),
        ("event_count", got.events.0 as i64, expected.events.0 as i64),
    ];
    for (fact, got, expected) in facts {
        if got != expected {
            text.push_str(&format!("\n  {fact}: {got}, oracle {expected}"));
        }
    }
    let slot = got.live.iter().zip(&expected.live).position(|(a, b)| a != b);
    if let Some(slot) = slot {
        text.push_str(&format!("\n  live {}: {}", slot_name(subject, slot), both(got.live[slot], expected.live[slot])));
    }
    if got.rows != expected.rows {
        text.push_str("\n  saved rows differ");
    }
    if got.events != expected.events {
        text.push_str(&format!("\n  events: {:?}, oracle {:?}", got.events.1, expected.events.1));
    }
    text
}

/// The first cell of the saved rows in which an engine and a fresh oracle differ after the same calls.
fn first_cell(subject: &Subject, engine: &mut dyn Engine, ops: &[Op]) -> String {
    let mut oracle = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    for op in ops {
        oracle.call(op.clone());
    }
    let width = oracle.live().len();
    let pairs = engine.rows().into_iter().zip(oracle.rows());
    pairs.enumerate().find(|(_, (a, b))| a.to_bits() != b.to_bits()).map_or(String::new(), |(cell, (a, b))| {
        format!("\n  row {}, {}: {}", cell / width, slot_name(subject, cell % width), both(a.to_bits(), b.to_bits()))
    })
}

fn both(got: u64, expected: u64) -> String {
    format!("{:?} ({got:#018x}), oracle {:?} ({expected:#018x})", f64::from_bits(got), f64::from_bits(expected))
}

fn slot_name(subject: &Subject, slot: usize) -> String {
    subject.titles().get(slot).map_or_else(|| format!("slot {slot}"), |title| format!("slot {slot} ({title})"))
}
