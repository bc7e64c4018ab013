//! What a function does with each spill.

use std::collections::BTreeMap;

use simc_ir::entity::{Inst, Slot};
use simc_ir::func::FuncData;
use simc_ir::module::{Module, SlotRole};
use simc_ir::opcode::Opcode;

/// What a function does with a spill, in program order.
#[derive(Debug, Default)]
pub(crate) struct SpillUses {
    pub(crate) stores: Vec<Inst>,
    pub(crate) loads: Vec<Inst>,
    /// Whether there is something else.
    pub(crate) is_more: bool,
}

/// Looks at an instruction; program order is the caller's.
pub(crate) fn note(module: &Module, func: &FuncData, inst: Inst, uses: &mut BTreeMap<Slot, SpillUses>) {
    let data = &func.insts[inst];
    let is_spill = |slot: &Slot| module.slots[*slot].role == SlotRole::Spill;
    let Some(slot) = data.immediate.as_slot().filter(is_spill) else { return };
    let uses = uses.entry(slot).or_default();
    if data.opcode == Opcode::Store {
        uses.stores.push(inst);
    } else if data.opcode == Opcode::Load {
        uses.loads.push(inst);
    } else {
        uses.is_more = true;
    }
}
