//! What an immediate holds, of an opcode that the verifier has held it to.

use simc_ir::entity::{Axis, Param, Slot, Table};
use simc_ir::opcode::Immediate;

pub(crate) fn number(immediate: Immediate) -> f64 {
    if let Immediate::F64(value) = immediate { value } else { mismatch(immediate) }
}

pub(crate) fn truth(immediate: Immediate) -> bool {
    if let Immediate::Bool(value) = immediate { value } else { mismatch(immediate) }
}

pub(crate) fn position(immediate: Immediate) -> u32 {
    if let Immediate::Position(_, position) = immediate { position } else { mismatch(immediate) }
}

pub(crate) fn axis(immediate: Immediate) -> Axis {
    if let Immediate::Axis(axis) = immediate { axis } else { mismatch(immediate) }
}

pub(crate) fn slot(immediate: Immediate) -> Slot {
    if let Immediate::Slot(slot) = immediate { slot } else { mismatch(immediate) }
}

pub(crate) fn transport(immediate: Immediate) -> (Slot, u32) {
    if let Immediate::Transport(slot, _, n_args) = immediate { (slot, n_args) } else { mismatch(immediate) }
}

pub(crate) fn trace(immediate: Immediate) -> (Slot, Slot, u32) {
    if let Immediate::Trace(into, of, n_args) = immediate { (into, of, n_args) } else { mismatch(immediate) }
}

pub(crate) fn param(immediate: Immediate) -> Param {
    if let Immediate::Param(param) = immediate { param } else { mismatch(immediate) }
}

pub(crate) fn table(immediate: Immediate) -> Table {
    if let Immediate::Table(table) = immediate { table } else { mismatch(immediate) }
}

/// The verifier holds immediates to their opcodes.
fn mismatch(immediate: Immediate) -> ! {
    panic!("{immediate:?} does not belong to its opcode")
}
