//! Numbers that loops hand on, and the functions that touch them.

use std::collections::BTreeSet;

use cranelift_entity::SecondaryMap;
use simc_ir::entity::Slot;
use simc_ir::func::FuncData;
use simc_ir::module::{Module, SlotRole};

/// How many functions touch a number that loops hand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    One,
    Many,
}

/// The numbers that loops of a function hand on.
pub(crate) fn carries(module: &Module, func: &FuncData) -> BTreeSet<Slot> {
    let slots = func.listed_insts().filter_map(|inst| func.insts[inst].immediate.as_slot());
    slots.filter(|&slot| module.slots[slot].role == SlotRole::Carry).collect()
}

/// How many functions touch each number that loops hand on.
pub(crate) fn carriers(module: &Module) -> SecondaryMap<Slot, Option<Carrier>> {
    let mut carriers: SecondaryMap<Slot, Option<Carrier>> = SecondaryMap::new();
    for slot in module.funcs.values().flat_map(|func| carries(module, func)) {
        carriers[slot] = Some(if carriers[slot].is_none() { Carrier::One } else { Carrier::Many });
    }
    carriers
}
