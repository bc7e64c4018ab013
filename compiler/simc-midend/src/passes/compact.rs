//! Drops hidden slots and tables that no function names any more, so that they take no memory.

use cranelift_entity::packed_option::ReservedValue;
use cranelift_entity::{EntityRef, EntitySet, PrimaryMap, SecondaryMap};
use simc_ir::entity::{Slot, Table};
use simc_ir::module::Module;
use simc_ir::opcode::Immediate;

use crate::pass::{Pass, PassCx};

/// See the module.
pub const PASS: Pass = Pass {
    name: "compact",
    about: "drops hidden slots and lookup tables that nothing uses",
    run: |module: &mut Module, _: &PassCx| compact(module),
};

/// Renumbers what is left in the same order. Visible slots stay where they are: they come first, and hosts know their positions.
pub fn compact(module: &mut Module) -> bool {
    let (slots, tables) = named(module);
    let new_slots = retain(&mut module.slots, |slot, data| data.role.is_visible() || slots.contains(slot));
    let new_tables = retain(&mut module.tables, |table, _| tables.contains(table));
    if new_slots.is_none() && new_tables.is_none() {
        return false;
    }
    for (_, func) in module.funcs.iter_mut() {
        for (_, inst) in func.insts.iter_mut() {
            match &mut inst.immediate {
                Immediate::Slot(slot) => *slot = new_slots.as_ref().map_or(*slot, |new| new[*slot]),
                Immediate::Table(table) => *table = new_tables.as_ref().map_or(*table, |new| new[*table]),
                Immediate::None
                | Immediate::F64(_)
                | Immediate::Bool(_)
                | Immediate::Position(..)
                | Immediate::Param(_)
                | Immediate::Function(_)
                | Immediate::Loop(..) => {}
            }
        }
    }
    true
}

/// What instructions name, unlisted ones included.
fn named(module: &Module) -> (EntitySet<Slot>, EntitySet<Table>) {
    let (mut slots, mut tables) = (EntitySet::new(), EntitySet::new());
    for func in module.funcs.values() {
        for inst in func.insts.values() {
            match inst.immediate {
                Immediate::Slot(slot) => {
                    slots.insert(slot);
                }
                Immediate::Table(table) => {
                    tables.insert(table);
                }
                Immediate::None
                | Immediate::F64(_)
                | Immediate::Bool(_)
                | Immediate::Position(..)
                | Immediate::Param(_)
                | Immediate::Function(_)
                | Immediate::Loop(..) => {}
            }
        }
    }
    (slots, tables)
}

/// Keeps some entries of a map; says which number each of them has from now on, or none when all stayed.
fn retain<K: EntityRef + ReservedValue, V>(
    map: &mut PrimaryMap<K, V>,
    keep: impl Fn(K, &V) -> bool,
) -> Option<SecondaryMap<K, K>> {
    if map.iter().all(|(key, data)| keep(key, data)) {
        return None;
    }
    let mut new = SecondaryMap::with_default(K::reserved_value());
    for (key, data) in std::mem::replace(map, PrimaryMap::new()) {
        if keep(key, &data) {
            new[key] = map.push(data);
        }
    }
    Some(new)
}
