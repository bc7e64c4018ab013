//! Every entity that a function names exists.

use super::{Errors, FuncCx};
use crate::entity::Inst;
use crate::func::walk::Step;
use crate::opcode::Immediate;

/// Returns whether all do, so that the function can be looked into further.
pub(super) fn verify_references(cx: &FuncCx<'_>, errors: &mut Errors) -> bool {
    let known = errors.len();
    let func = cx.func;
    if !func.blocks.is_valid(func.entry) {
        cx.report(errors, format!("its body {} does not exist", func.entry));
    }
    for step in func.walk() {
        match step {
            Step::Inst(inst) => verify_inst(cx, inst, errors),
            Step::Enter(inst, body) => {
                verify_inst(cx, inst, errors);
                for param in func.blocks[body].params.iter().filter(|&&param| !func.values.is_valid(param)) {
                    cx.report_inst(errors, inst, format!("{param} does not exist"));
                }
            }
            Step::Leave(..) => {}
        }
    }
    errors.len() == known
}

fn verify_inst(cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
    let func = cx.func;
    if !func.insts.is_valid(inst) {
        return cx.report(errors, format!("{inst} does not exist"));
    }
    let values = func.args(inst).iter().copied().chain(func.insts[inst].result);
    for value in values.filter(|&value| !func.values.is_valid(value)) {
        cx.report_inst(errors, inst, format!("{value} does not exist"));
    }
    if let Some(name) = missing_immediate(cx, func.insts[inst].immediate) {
        cx.report_inst(errors, inst, format!("{name} does not exist"));
    }
}

fn missing_immediate(cx: &FuncCx<'_>, immediate: Immediate) -> Option<String> {
    let module = cx.module;
    let missing = |there: bool, name: String| (!there).then_some(name);
    match immediate {
        Immediate::None | Immediate::F64(_) | Immediate::Bool(_) | Immediate::Function(_) => None,
        Immediate::Position(axis, _) => missing(module.axes.is_valid(axis), axis.to_string()),
        Immediate::Axis(axis) => missing(module.axes.is_valid(axis), axis.to_string()),
        Immediate::Slot(slot) | Immediate::Transport(slot, ..) | Immediate::Vector(slot, ..) => {
            missing(module.slots.is_valid(slot), slot.to_string())
        }
        Immediate::Trace(into, of, _) => missing(module.slots.is_valid(into), into.to_string())
            .or_else(|| missing(module.slots.is_valid(of), of.to_string())),
        Immediate::Param(param) => missing(module.params.is_valid(param), param.to_string()),
        Immediate::Table(table) => missing(module.tables.is_valid(table), table.to_string()),
        Immediate::Loop(axis, body) => missing(module.axes.is_valid(axis), axis.to_string())
            .or_else(|| missing(cx.func.blocks.is_valid(body), body.to_string())),
    }
}
