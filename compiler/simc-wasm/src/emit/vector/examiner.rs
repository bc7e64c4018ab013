//! What is known of a function before its loops are looked at, and what they list.

use cranelift_entity::SecondaryMap;
use simc_ir::entity::{Block, Inst, Slot};
use simc_ir::func::FuncData;
use simc_ir::module::SlotRole;

use crate::emit::Cx;
use crate::emit::placement::{Placement, Placements};

/// Looks at loops.
pub(super) struct Examiner<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) func: &'a FuncData,
    pub(super) plan: &'a Placements,
    /// How many instructions of the function access each slot.
    pub(super) n_accesses: SecondaryMap<Slot, u32>,
}

/// An instruction inside a loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    pub(super) inst: Inst,
    /// The block that lists it.
    pub(super) block: Block,
    /// Loops between that loop and it.
    pub(super) depth: u32,
}

impl<'a> Examiner<'a> {
    pub(super) fn new(cx: &'a Cx<'a>, func: &'a FuncData, plan: &'a Placements) -> Self {
        let mut n_accesses: SecondaryMap<Slot, u32> = SecondaryMap::new();
        for slot in func.listed_insts().filter_map(|inst| func.insts[inst].immediate.as_slot()) {
            n_accesses[slot] += 1;
        }
        Self { cx, func, plan, n_accesses }
    }

    /// The role of a slot.
    pub(super) fn role(&self, slot: Slot) -> SlotRole {
        self.cx.module.slots[slot].role
    }

    /// The instructions of a block, each loop ahead of what it holds. Dead ones are none.
    pub(super) fn list(&self, block: Block, depth: u32, listed: &mut Vec<Listed>) {
        for &inst in &self.func.blocks[block].insts {
            let body = self.func.body(inst);
            let is_dead =
                self.func.insts[inst].result.is_some_and(|result| self.plan.placements[result] == Placement::Unused);
            if is_dead && body.is_none() {
                continue;
            }
            listed.push(Listed { inst, block, depth });
            if let Some(body) = body {
                self.list(body, depth + 1, listed);
            }
        }
    }
}
