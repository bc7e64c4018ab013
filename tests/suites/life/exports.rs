//! Artifacts export what the contract says: names, types, and which artifacts have which.

use std::collections::BTreeSet;

use libtest_mimic::Trial;
use simc_artifact::export::{EXPORTS, ExportType, Number, Presence};
use simc_midend::pipeline::OptLevel;
use wasmtime::{Engine, ExternType, FuncType, Module, Mutability, ValType};

use super::check;
use crate::trial;

pub(super) fn trials() -> Vec<Trial> {
    vec![trial("life::exports_are_those_of_the_contract", contract)]
}

fn contract() -> Result<(), String> {
    use Presence::{Always, Events, TableInputs};
    let plain = super::subject("euler", super::QUARTERS)?.wasm;
    let inputs = super::inputs::subject("euler", OptLevel::O2)?.wasm;
    let events = super::events::subject("euler", super::events::EIGHTHS, OptLevel::O2)?.wasm;
    exports(&plain, &[Always])?;
    exports(&inputs, &[Always, TableInputs])?;
    exports(&events, &[Always, Events])
}

/// An artifact has the exports of these kinds, each with its type, and no others.
fn exports(wasm: &[u8], kinds: &[Presence]) -> Result<(), String> {
    let module = Module::new(&Engine::default(), wasm).map_err(|error| error.to_string())?;
    let found: BTreeSet<(&str, String)> = module.exports().map(|export| (export.name(), shown(&export.ty()))).collect();
    let specs = EXPORTS.iter().filter(|spec| kinds.contains(&spec.presence));
    let expected = specs.map(|spec| (spec.name, spec.ty.to_string())).collect();
    check(found == expected, &format!("exported: {found:#?}\nexpected: {expected:#?}"))
}

/// A type as the contract shows it.
fn shown(ty: &ExternType) -> String {
    match ty {
        ExternType::Memory(memory) if memory.maximum() == Some(memory.minimum()) => ExportType::Memory.to_string(),
        ExternType::Global(global) if global.content().is_i32() => match global.mutability() {
            Mutability::Const => ExportType::Constant.to_string(),
            Mutability::Var => ExportType::Variable.to_string(),
        },
        ExternType::Func(func) => function(func),
        ExternType::Memory(_) | ExternType::Global(_) | ExternType::Table(_) | ExternType::Tag(_) => format!("{ty:?}"),
    }
}

fn function(func: &FuncType) -> String {
    let numbers = |types: Vec<ValType>| -> Vec<&str> { types.iter().map(number).collect() };
    let (params, results) = (numbers(func.params().collect()).join(", "), numbers(func.results().collect()));
    match results.as_slice() {
        [result] => format!("({params}) -> {result}"),
        results => format!("({params}) -> ({})", results.join(", ")),
    }
}

fn number(ty: &ValType) -> &'static str {
    match ty {
        ValType::I32 => Number::I32.name(),
        ValType::I64 => Number::I64.name(),
        ValType::F64 => Number::F64.name(),
        ValType::F32 | ValType::V128 | ValType::Ref(_) => "another type",
    }
}
