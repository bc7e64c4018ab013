//! Drops hidden slots and tables that no function or threshold names any more, so that they take no memory.

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
    if let Some(new) = &new_slots {
        module.thresholds.iter_mut().for_each(|(_, threshold)| threshold.slot = new[threshold.slot]);
    }
    for (_, func) in module.funcs.iter_mut() {
        for (_, inst) in func.insts.iter_mut() {
            if let (Immediate::Slot(slot) | Immediate::Transport(slot, ..) | Immediate::Vector(slot, ..), Some(new)) =
                (&mut inst.immediate, &new_slots)
            {
                *slot = new[*slot];
            }
            if let (Immediate::Trace(into, of, _), Some(new)) = (&mut inst.immediate, &new_slots) {
                (*into, *of) = (new[*into], new[*of]);
            }
            if let (Immediate::Table(table), Some(new)) = (&mut inst.immediate, &new_tables) {
                *table = new[*table];
            }
        }
    }
    true
}

/// What instructions name, unlisted ones included, and what thresholds watch.
fn named(module: &Module) -> (EntitySet<Slot>, EntitySet<Table>) {
    let (mut slots, mut tables) = (EntitySet::new(), EntitySet::new());
    slots.extend(module.thresholds.values().map(|threshold| threshold.slot));
    for func in module.funcs.values() {
        for inst in func.insts.values() {
            slots.extend(inst.immediate.as_slot());
            if let Immediate::Trace(into, ..) = inst.immediate {
                slots.insert(into);
            }
            if let Immediate::Table(table) = inst.immediate {
                tables.insert(table);
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

#[cfg(test)]
mod tests {
    use kernel::event::{Action, Direction, Repeat};
    use simc_ir::builder::Builder;
    use simc_ir::func::FuncData;
    use simc_ir::module::{FuncRole, SlotData, SlotRole, TableData, TableKind, ThresholdData};
    use simc_ir::opcode::Opcode;

    use super::*;

    #[test]
    fn keeps_what_is_visible_or_named_and_renumbers_the_names() {
        let mut module = Module::default();
        let mut slot = |name: &str, role| module.slots.push(SlotData { name: name.to_owned(), axes: Vec::new(), role });
        slot("shown", SlotRole::Output);
        slot("unused", SlotRole::Hoisted);
        let used = slot("used", SlotRole::Level);
        let watched = slot("watched", SlotRole::Watched);
        let mut table = |name: &str| {
            module.tables.push(TableData::single(name.to_owned(), TableKind::Discrete, vec![0.0], vec![0.0]))
        };
        table("unused");
        let looked_up = table("used");
        let mut func = FuncData::new(FuncRole::Row);
        let mut b = Builder::new(&module, &mut func);
        let level = b.load(used, &[]);
        let rate = b.lookup(looked_up, level, &[]);
        b.write(Opcode::Rate, used, &[rate]);
        module.funcs.push(func);
        module.thresholds.push(ThresholdData {
            name: String::new(),
            slot: watched,
            first: 0,
            n: 1,
            value: 0.0,
            direction: Direction::Increasing,
            repeat: Repeat::Once,
            actions: vec![Action::Message],
        });

        assert!(compact(&mut module));
        assert_eq!(
            module.slots.values().map(|slot| slot.name.as_str()).collect::<Vec<_>>(),
            ["shown", "used", "watched"]
        );
        assert!(module.thresholds.values().all(|threshold| threshold.slot == Slot::from_u32(2)));
        assert_eq!(module.tables.values().map(|table| table.name.as_str()).collect::<Vec<_>>(), ["used"]);
        let (slots, tables) = named(&module);
        assert!(slots.contains(Slot::from_u32(1)) && tables.contains(Table::from_u32(0)));
        assert!(!compact(&mut module));
    }
}
