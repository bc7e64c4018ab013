//! What each instruction becomes.

use simc_ir::entity::{Axis, Inst, Param, Slot, Table};
use simc_ir::opcode::{Immediate, Opcode};
use wasm_encoder::Instruction as I;

use super::body::Body;

/// Emits one instruction with the operands that stand on the operand stack; its result, if it has one, is on top then.
pub(crate) fn emit_inst(b: &mut Body<'_>, inst: Inst) {
    let data = &b.func.insts[inst];
    let immediate = data.immediate;
    match data.opcode {
        Opcode::Fconst => _ = b.code.f64(number(immediate)),
        Opcode::Bconst => _ = b.code.i32(i32::from(truth(immediate))),
        Opcode::Position => _ = b.code.u32(position(immediate)),
        Opcode::Shift => {
            b.use_value(b.func.args(inst)[0]);
            b.code.u32(position(immediate)).push(I::I32Add);
        }
        Opcode::IndexOf => b.emit_index_of(axis(immediate), inst),
        Opcode::IndexOk => {
            b.emit_counted(inst);
            b.code.u32(b.cx.module.axes[axis(immediate)].size).push(I::I32LtU);
        }
        Opcode::Ordinal => {
            b.use_value(b.func.args(inst)[0]);
            b.code.i32(1).push(I::I32Add).push(I::F64ConvertI32U);
        }
        Opcode::Param => b.emit_param(param(immediate), inst),
        Opcode::Load => b.emit_load(slot(immediate), inst),
        Opcode::Time => b.env.time.get(b.code),
        Opcode::StepTime => b.env.step_time.get(b.code),
        Opcode::StepIndex => b.env.step.get(b.code),
        Opcode::Oldest => b.emit_oldest(slot(immediate), inst),
        Opcode::Recall => b.emit_recall(slot(immediate), inst),
        Opcode::Measure => {
            let (slot, n_args) = belt(immediate);
            b.emit_measure(slot, n_args, inst);
        }
        Opcode::Trace => {
            let (into, of, n_args) = trace(immediate);
            b.emit_trace(into, of, n_args, inst);
        }

        Opcode::Fneg => emit_op(b, inst, I::F64Neg),
        Opcode::Fabs => emit_op(b, inst, I::F64Abs),
        Opcode::Fsqrt => emit_op(b, inst, I::F64Sqrt),
        Opcode::Ffloor => emit_op(b, inst, I::F64Floor),
        Opcode::Fadd => emit_op(b, inst, I::F64Add),
        Opcode::Fsub => emit_op(b, inst, I::F64Sub),
        Opcode::Fmul => emit_op(b, inst, I::F64Mul),
        Opcode::Fdiv => emit_op(b, inst, I::F64Div),
        Opcode::Fmin => emit_op(b, inst, I::F64Min),
        Opcode::Fmax => emit_op(b, inst, I::F64Max),

        Opcode::Feq => emit_op(b, inst, I::F64Eq),
        Opcode::Fne => emit_op(b, inst, I::F64Ne),
        Opcode::Flt => emit_op(b, inst, I::F64Lt),
        Opcode::Fle => emit_op(b, inst, I::F64Le),
        Opcode::Fgt => emit_op(b, inst, I::F64Gt),
        Opcode::Fge => emit_op(b, inst, I::F64Ge),

        Opcode::Band => emit_op(b, inst, I::I32And),
        Opcode::Bor => emit_op(b, inst, I::I32Or),
        Opcode::Bnot => emit_op(b, inst, I::I32Eqz),
        Opcode::Btof => emit_op(b, inst, I::F64ConvertI32U),
        Opcode::Select => b.emit_select(inst),

        Opcode::Call => {
            let callee = b.cx.imports.index(b.cx.module, data.opcode, immediate);
            emit_op(b, inst, I::Call(callee));
        }
        Opcode::Lookup => b.emit_lookup(table(immediate), inst),

        Opcode::Store => b.emit_store(slot(immediate), inst),
        Opcode::Out => b.emit_out(slot(immediate), inst),
        Opcode::Rate => b.emit_rate(slot(immediate), inst),
        Opcode::Next => b.emit_store(slot(immediate), inst),
        Opcode::Fill => b.emit_fill(slot(immediate), inst),
        Opcode::Push => b.emit_push(slot(immediate), inst),
        Opcode::Charge | Opcode::Advance => {
            let (slot, n_args) = belt(immediate);
            b.emit_change(slot, n_args, inst);
        }

        Opcode::Arrange => b.emit_arrange(inst),

        Opcode::For | Opcode::Down | Opcode::Fold => unreachable!("{inst}: loops are emitted where they stand"),
        Opcode::Yield => b.emit_yield(b.func.args(inst)[0]),
    }
}

/// All operands, then one wasm instruction.
fn emit_op(b: &mut Body<'_>, inst: Inst, instruction: I<'static>) {
    for position in 0..b.func.args(inst).len() {
        b.use_value(b.func.args(inst)[position]);
    }
    b.code.push(instruction);
}

pub(crate) fn number(immediate: Immediate) -> f64 {
    if let Immediate::F64(value) = immediate { value } else { mismatch(immediate) }
}

fn truth(immediate: Immediate) -> bool {
    if let Immediate::Bool(value) = immediate { value } else { mismatch(immediate) }
}

fn position(immediate: Immediate) -> u32 {
    if let Immediate::Position(_, position) = immediate { position } else { mismatch(immediate) }
}

fn axis(immediate: Immediate) -> Axis {
    if let Immediate::Axis(axis) = immediate { axis } else { mismatch(immediate) }
}

pub(crate) fn slot(immediate: Immediate) -> Slot {
    if let Immediate::Slot(slot) = immediate { slot } else { mismatch(immediate) }
}

fn belt(immediate: Immediate) -> (Slot, u32) {
    if let Immediate::Belt(slot, _, n_args) = immediate { (slot, n_args) } else { mismatch(immediate) }
}

fn trace(immediate: Immediate) -> (Slot, Slot, u32) {
    if let Immediate::Trace(into, of, n_args) = immediate { (into, of, n_args) } else { mismatch(immediate) }
}

pub(crate) fn param(immediate: Immediate) -> Param {
    if let Immediate::Param(param) = immediate { param } else { mismatch(immediate) }
}

fn table(immediate: Immediate) -> Table {
    if let Immediate::Table(table) = immediate { table } else { mismatch(immediate) }
}

/// The verifier holds immediates to their opcodes.
fn mismatch(immediate: Immediate) -> ! {
    panic!("{immediate:?} does not belong to its opcode")
}
