//! What two passes at once save, in time and in code: rough units, of which a load or an addition is one.

use simc_ir::entity::Inst;
use simc_ir::func::FuncData;
use simc_ir::opcode::{Immediate, Opcode};
use simc_midend::analysis::cost;

use crate::emit::Cx;

/// What a vector of two numbers costs that are not one yet.
pub(super) const PACK: i64 = 2;

/// What a number costs that is to be in both halves of a vector.
pub(super) const SPLAT: i64 = 1;

/// What the numbers of a vector cost one by one.
pub(super) const UNPACK: i64 = 1;

/// Bytes of code around a loop and to take vectors apart, at most.
pub(super) const LOOP_BYTES: u32 = 100;

/// What it saves to look a number up in place on vectors.
const LOOKUP: i64 = 6;

/// What it saves to carry an instruction out on vectors, if that can be done: where one does the same to each half.
pub(super) fn saved(cx: &Cx<'_>, func: &FuncData, inst: Inst) -> Option<i64> {
    let data = &func.insts[inst];
    match (data.opcode, data.immediate) {
        (Opcode::Lookup, Immediate::Table(table)) => cx.tables[table].as_ref().map(|_| LOOKUP),
        (opcode, _) => opcode.facts().lanes.map(i64::from),
    }
}

/// Estimated code of an instruction within a loop.
pub(super) fn code_bytes(cx: &Cx<'_>, func: &FuncData, inst: Inst) -> u32 {
    let data = &func.insts[inst];
    if let Immediate::Table(table) = data.immediate
        && let Some(in_place) = &cx.tables[table]
    {
        return in_place.bytes();
    }
    cost::code_bytes(data.opcode, func.args(inst).len())
}
