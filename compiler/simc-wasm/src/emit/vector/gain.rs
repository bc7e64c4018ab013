//! What two passes at once save, in time and in code: rough units, of which a load or an addition is one.

use simc_ir::entity::Inst;
use simc_ir::func::FuncData;
use simc_ir::module::Module;
use simc_ir::opcode::{Immediate, Opcode};
use simc_midend::analysis::cost;

use crate::emit::lookup::is_inlined;

/// What a vector of two numbers costs that are not one yet.
pub(super) const PACK: i64 = 2;

/// What a number costs that is to be in both halves of a vector.
pub(super) const SPLAT: i64 = 1;

/// What the numbers of a vector cost one by one.
pub(super) const UNPACK: i64 = 1;

/// Bytes of code around a loop and to take vectors apart, at most.
pub(super) const LOOP_BYTES: u32 = 100;

/// Bytes of code of a lookup in place.
const LOOKUP_BYTES: u32 = 200;

/// What it saves to carry an instruction out on vectors, if that can be done: where one does the same to each half.
pub(super) fn saved(opcode: Opcode) -> Option<i64> {
    match opcode {
        Opcode::Param
        | Opcode::Load
        | Opcode::Fneg
        | Opcode::Fabs
        | Opcode::Ffloor
        | Opcode::Fadd
        | Opcode::Fsub
        | Opcode::Fmul
        | Opcode::Feq
        | Opcode::Fne
        | Opcode::Flt
        | Opcode::Fle
        | Opcode::Fgt
        | Opcode::Fge
        | Opcode::Band
        | Opcode::Bor
        | Opcode::Bnot
        | Opcode::Btof
        | Opcode::Store
        | Opcode::Out
        | Opcode::Next => Some(1),
        // Engines compute these in several instructions.
        Opcode::Fmin | Opcode::Fmax | Opcode::Fsqrt | Opcode::Fdiv | Opcode::Rate => Some(3),
        // To choose bit by bit takes as long as to choose twice.
        Opcode::Select | Opcode::Yield => Some(0),
        Opcode::Fconst
        | Opcode::Bconst
        | Opcode::Position
        | Opcode::Shift
        | Opcode::IndexOf
        | Opcode::IndexOk
        | Opcode::Ordinal
        | Opcode::Time
        | Opcode::StepTime
        | Opcode::StepIndex
        | Opcode::Oldest
        | Opcode::Recall
        | Opcode::Measure
        | Opcode::Trace
        | Opcode::Call
        | Opcode::Lookup
        | Opcode::Fill
        | Opcode::Push
        | Opcode::Charge
        | Opcode::Advance
        | Opcode::Arrange
        | Opcode::For
        | Opcode::Down
        | Opcode::Fold => None,
    }
}

/// Estimated code of an instruction within a loop.
pub(super) fn code_bytes(module: &Module, func: &FuncData, inst: Inst) -> u32 {
    let data = &func.insts[inst];
    if let Immediate::Table(table) = data.immediate
        && is_inlined(&module.tables[table])
    {
        return LOOKUP_BYTES;
    }
    cost::code_bytes(data.opcode, func.args(inst).len())
}
