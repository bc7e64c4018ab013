//! Which slots stay in locals while steps are taken.

use std::cmp::Reverse;

use cranelift_entity::SecondaryMap;
use simc_ir::entity::Slot;
use simc_ir::func::FuncData;
use simc_ir::module::SlotRole;
use simc_ir::opcode::{Immediate, Opcode};

use crate::emit::Cx;
use crate::emit::carriers::carries;
use crate::emit::code::{Code, Local, Ty};

/// How many numbers stay in locals, the state aside: more than machines have registers, since a spilled local costs no more than
/// a load.
const MAX_CACHED: usize = 40;

/// Gives locals to the scalars of the state, to what loops hand on, and to those constants of a run that are read most.
pub(super) fn choose<'a>(
    cx: &Cx<'_>,
    roles: impl Iterator<Item = &'a FuncData> + Clone,
    code: &mut Code,
) -> SecondaryMap<Slot, Option<Local>> {
    let mut cached: SecondaryMap<Slot, Option<Local>> = SecondaryMap::new();
    let mut n_state = 0;
    for (slot, data) in cx.module.slots.iter().filter(|(_, data)| data.axes.is_empty()) {
        if matches!(data.role, SlotRole::Stock | SlotRole::Level | SlotRole::Held | SlotRole::Pending) {
            cached[slot] = Some(code.local(Ty::F64));
            n_state += 1;
        }
    }
    for slot in roles.clone().flat_map(|func| carries(cx.module, func)) {
        if cached[slot].is_none() {
            cached[slot] = Some(code.local(Ty::F64));
        }
    }
    let mut constants = count_reads(cx, roles);
    constants.sort_by_key(|&(slot, n_reads)| (Reverse(n_reads), slot));
    for (slot, _) in constants.into_iter().take(MAX_CACHED.saturating_sub(n_state)) {
        cached[slot] = Some(code.local(Ty::F64));
    }
    cached
}

/// The scalar constants of a run that the roles read, with how often they do.
fn count_reads<'a>(cx: &Cx<'_>, roles: impl Iterator<Item = &'a FuncData>) -> Vec<(Slot, u32)> {
    let mut counts: SecondaryMap<Slot, u32> = SecondaryMap::new();
    for func in roles {
        for inst in func.listed_insts() {
            let data = &func.insts[inst];
            if let (Opcode::Load, Immediate::Slot(slot)) = (data.opcode, data.immediate) {
                counts[slot] += 1;
            }
        }
    }
    let is_wanted = |slot: Slot| {
        let data = &cx.module.slots[slot];
        counts[slot] > 0 && data.axes.is_empty() && matches!(data.role, SlotRole::Run | SlotRole::Hoisted)
    };
    cx.module.slots.keys().filter(|&slot| is_wanted(slot)).map(|slot| (slot, counts[slot])).collect()
}
