//! Operands, indices, immediates, types and variances of single instructions.

use kernel::transport::MIN_TRACE_ARGS;

use super::{Errors, FuncCx};
use crate::derive::{operand_count, result_type, variance_of};
use crate::entity::{Axis, Inst, Value};
use crate::module::SlotRole;
use crate::opcode::{Immediate, ImmediateKind, Kind, Opcode};
use crate::types::{Type, Variance};

pub(super) fn verify_operands(cx: &FuncCx<'_>, errors: &mut Errors) {
    for inst in cx.func.listed_insts() {
        verify_inst(cx, inst, errors);
    }
}

fn verify_inst(cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
    let data = &cx.func.insts[inst];
    if immediate_kind(data.immediate) != data.opcode.signature().immediate {
        return cx.report_inst(errors, inst, "its immediate is of the wrong kind");
    }
    verify_position(cx, inst, errors);
    verify_query(cx, inst, errors);
    verify_trace(cx, inst, errors);
    verify_block(cx, inst, errors);
    verify_args(cx, inst, errors);
    verify_body(cx, inst, errors);
    let Some(result) = data.result else { return };
    let value = &cx.func.values[result];
    if result_type(data.opcode, data.immediate) != Some(value.ty) {
        cx.report_inst(errors, inst, format!("its result cannot be of type {}", value.ty));
    }
    let variance = variance_of(cx.module, cx.func, inst);
    if value.variance != variance {
        cx.report_inst(errors, inst, format!("its result varies by {variance}, not by {}", value.variance));
    }
}

fn verify_position(cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
    let Immediate::Position(axis, position) = cx.func.insts[inst].immediate else { return };
    let size = cx.module.axes[axis].size;
    let reached = match cx.func.args(inst) {
        // A shift reaches as many positions as its operand has.
        &[index] => match cx.func.values[index].ty {
            Type::Index(from) => u64::from(position) + u64::from(cx.module.axes[from].size),
            Type::F64 | Type::Bool => return,
        },
        _ => u64::from(position) + 1,
    };
    if reached > u64::from(size) {
        cx.report_inst(errors, inst, format!("{axis} has only {size} positions"));
    }
}

/// A query belongs to its opcode, gets its arguments, and the transport has room for them.
fn verify_query(cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
    let data = &cx.func.insts[inst];
    let Immediate::Transport(slot, query, n_args) = data.immediate else { return };
    if query.is_measure() != (data.opcode == Opcode::Measure) {
        cx.report_inst(errors, inst, format!("`{}` has nothing to do with {}", data.opcode.name(), query.name()));
    }
    if (n_args as usize) < query.min_args() {
        cx.report_inst(errors, inst, format!("{} takes at least {} numbers", query.name(), query.min_args()));
    }
    if u64::from(n_args) > cx.module.slots[slot].role.words() {
        cx.report_inst(errors, inst, format!("{slot} has no room for {n_args} numbers"));
    }
}

/// What leaks from one transport into another: both are transports, over the same axes, and the one that is asked has room for the arguments.
fn verify_trace(cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
    let Immediate::Trace(into, of, n_args) = cx.func.insts[inst].immediate else { return };
    let slots = &cx.module.slots;
    if !matches!(slots[into].role, SlotRole::Transport { .. }) {
        cx.report_inst(errors, inst, format!("nothing leaks into a slot of role {}", slots[into].role.name()));
    }
    if into == of || slots[into].axes != slots[of].axes {
        cx.report_inst(
            errors,
            inst,
            format!("{of} does not leak into {into}, which must be another transport over the same axes"),
        );
    }
    if (n_args as usize) < MIN_TRACE_ARGS {
        cx.report_inst(errors, inst, format!("a leak is traced with at least {MIN_TRACE_ARGS} numbers"));
    }
    if u64::from(n_args) > slots[of].role.words() {
        cx.report_inst(errors, inst, format!("{of} has no room for {n_args} numbers"));
    }
}

/// A block has the rows of its function, and axes of the vector after them.
fn verify_block(cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
    let Immediate::Vector(slot, function, n_indices) = cx.func.insts[inst].immediate else { return };
    let axes = &cx.module.slots[slot].axes;
    let rows = axes.get(n_indices as usize).filter(|_| axes.len() > n_indices as usize + 1);
    if rows.is_none_or(|&rows| cx.module.axes[rows].size as usize != function.rows()) {
        let message = format!("the indices leave no {} rows of a vector open in {slot}", function.rows());
        cx.report_inst(errors, inst, message);
    }
}

/// The variances of a body's parameters; their types are a matter of structure.
fn verify_body(cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
    let Some(body) = cx.func.body(inst) else { return };
    for (&param, expected) in cx.func.blocks[body].params.iter().zip([Variance::Const, Variance::Step]) {
        let variance = cx.func.values[param].variance;
        if variance != expected {
            cx.report_inst(errors, inst, format!("{} varies by {expected}, not by {variance}", cx.printed(param)));
        }
    }
}

fn verify_args(cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
    let data = &cx.func.insts[inst];
    let args = cx.func.args(inst);
    let n_operands = operand_count(data.opcode, data.immediate);
    let axes = indexed_axes(cx, inst);
    if args.len() != n_operands + axes.len() {
        let message =
            format!("takes {} operands and {} indices, but has {} in all", n_operands, axes.len(), args.len());
        return cx.report_inst(errors, inst, message);
    }
    let (operands, indices) = args.split_at(n_operands);
    verify_operand_types(cx, inst, operands, errors);
    for (&index, &axis) in indices.iter().zip(axes) {
        let ty = cx.func.values[index].ty;
        if ty != Type::Index(axis) {
            cx.report_inst(errors, inst, format!("wants {}, not {ty}, as an index", Type::Index(axis)));
        }
    }
}

fn verify_operand_types(cx: &FuncCx<'_>, inst: Inst, operands: &[Value], errors: &mut Errors) {
    // A kernel function takes numbers alone, as many as its arity says.
    let kinds = cx.func.insts[inst].opcode.signature().operands.iter().copied().chain(std::iter::repeat(Kind::F64));
    for (position, (&operand, kind)) in operands.iter().zip(kinds).enumerate() {
        let ty = cx.func.values[operand].ty;
        let fits = match ty {
            Type::F64 => kind == Kind::F64,
            Type::Bool => kind == Kind::Bool,
            Type::Index(_) => kind == Kind::Index,
        };
        if !fits {
            cx.report_inst(errors, inst, format!("operand {} cannot be of type {ty}", position + 1));
        }
    }
}

/// The axes over which the instruction's slot, param or table is indexed.
fn indexed_axes<'a>(cx: &FuncCx<'a>, inst: Inst) -> &'a [Axis] {
    let slots = &cx.module.slots;
    if !cx.func.insts[inst].opcode.signature().indexed {
        return &[];
    }
    match cx.func.insts[inst].immediate {
        Immediate::Slot(slot) | Immediate::Transport(slot, ..) | Immediate::Trace(_, slot, _) => &slots[slot].axes,
        Immediate::Vector(slot, _, n_indices) => {
            let axes = &slots[slot].axes;
            &axes[..axes.len().min(n_indices as usize)]
        }
        Immediate::Param(param) => &slots[cx.module.params[param].slot].axes,
        Immediate::Table(table) => &cx.module.tables[table].axes,
        Immediate::None
        | Immediate::F64(_)
        | Immediate::Bool(_)
        | Immediate::Position(..)
        | Immediate::Axis(_)
        | Immediate::Function(_)
        | Immediate::Loop(..) => &[],
    }
}

fn immediate_kind(immediate: Immediate) -> ImmediateKind {
    match immediate {
        Immediate::None => ImmediateKind::None,
        Immediate::F64(_) => ImmediateKind::F64,
        Immediate::Bool(_) => ImmediateKind::Bool,
        Immediate::Position(..) => ImmediateKind::Position,
        Immediate::Axis(_) => ImmediateKind::Axis,
        Immediate::Slot(_) => ImmediateKind::Slot,
        Immediate::Param(_) => ImmediateKind::Param,
        Immediate::Table(_) => ImmediateKind::Table,
        Immediate::Function(_) => ImmediateKind::Function,
        Immediate::Transport(..) => ImmediateKind::Transport,
        Immediate::Trace(..) => ImmediateKind::Trace,
        Immediate::Vector(..) => ImmediateKind::Vector,
        Immediate::Loop(..) => ImmediateKind::Loop,
    }
}
