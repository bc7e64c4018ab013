//! Instructions and rules of the IR and functions of the kernel, from their tables and pages.

use std::path::Path;

use kernel::function::Function;
use kernel::vector;
use simc_ir::opcode::{Effect, ImmediateKind, Kind, Opcode, Signature};

use super::{cell, table};

/// A row for each instruction, in the order of the table.
pub(super) fn instructions() -> String {
    let rows = Opcode::ALL.iter().map(|opcode| {
        let signature = opcode.signature();
        vec![
            format!("`{}`", opcode.name()),
            immediate(signature.immediate).to_owned(),
            operands(&signature),
            signature.result.map_or("", kind).to_owned(),
            effect(signature.effect).to_owned(),
            cell(opcode.about()),
        ]
    });
    table(&["instruction", "immediate", "operands", "result", "effect", "meaning"], rows)
}

/// A row for each function that `call` can name.
pub(super) fn functions() -> String {
    let rows = Function::ALL.iter().map(|function| {
        vec![format!("`{}`", function.name()), function.arity().to_string(), format!("`{}`", function.export())]
    });
    table(&["function", "numbers", "exported by `kernel.wasm` as"], rows)
}

/// Functions of whole vectors: what they are given is rows, then single numbers.
pub(super) fn vectors() -> String {
    let row = |function: &vector::Function| {
        vec![
            format!("`{}`", function.name()),
            function.inputs().to_string(),
            function.rows().to_string(),
            cell(function.about()),
            format!("`{}`", function.export()),
        ]
    };
    let rows = vector::Function::ALL.iter().map(row);
    table(&["function", "stored rows", "rows", "given and result", "exported by `kernel.wasm` as"], rows)
}

/// What the verifier's own page says.
pub(super) fn verifier_rules(root: &Path) -> Result<String, String> {
    let path = root.join("compiler/simc-ir/src/verify.rs");
    let source = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let text: Vec<&str> = lines.skip_while(|line| !line.trim().is_empty()).map(str::trim_start).collect();
    let text = text.join("\n");
    // Links within the source lead nowhere in the page.
    Ok(text.replace("[`", "`").replace("`]", "`").trim().to_owned())
}

fn operands(signature: &Signature) -> String {
    let mut operands: Vec<&str> = signature.operands.iter().map(|&operand| kind(operand)).collect();
    match signature.immediate {
        ImmediateKind::Function | ImmediateKind::Transport | ImmediateKind::Trace | ImmediateKind::Vector => {
            operands.push("f64 for each argument")
        }
        ImmediateKind::None
        | ImmediateKind::F64
        | ImmediateKind::Bool
        | ImmediateKind::Position
        | ImmediateKind::Axis
        | ImmediateKind::Slot
        | ImmediateKind::Param
        | ImmediateKind::Table
        | ImmediateKind::Loop => {}
    }
    if signature.indexed {
        operands.push("indices");
    }
    operands.join(", ")
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::F64 => "f64",
        Kind::Bool => "bool",
        Kind::Index => "index",
    }
}

fn immediate(immediate: ImmediateKind) -> &'static str {
    match immediate {
        ImmediateKind::None => "",
        ImmediateKind::F64 => "number",
        ImmediateKind::Bool => "`true`, `false`",
        ImmediateKind::Position => "axis, position",
        ImmediateKind::Axis => "axis",
        ImmediateKind::Slot => "slot",
        ImmediateKind::Param => "param",
        ImmediateKind::Table => "table",
        ImmediateKind::Function => "function",
        ImmediateKind::Transport => "slot, query",
        ImmediateKind::Trace => "slot, slot",
        ImmediateKind::Vector => "slot, vector function",
        ImmediateKind::Loop => "axis, block",
    }
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Pure => "pure",
        Effect::Read => "reads",
        Effect::Write => "writes",
        Effect::Region => "holds others",
    }
}
