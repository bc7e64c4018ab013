//! Writes the parts, and what passes between them.

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};
use simc_ir::entity::{Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::{FuncRole, Module, SlotData, SlotRole};
use simc_ir::opcode::{Accesses, Immediate, Opcode};
use simc_ir::types::Type;

use super::body::{Access, Body, Item};
use super::cuts::Segments;
use crate::rebuild::{Rebuild, Values};

/// The spill slots of a module. Roles share them, since no role runs while another one does; within a role each is stored once.
#[derive(Debug, Default)]
pub(super) struct Spills {
    slots: Vec<Slot>,
    role: Option<FuncRole>,
    used: usize,
}

impl Spills {
    /// The next function is this one.
    pub(super) fn begin(&mut self, func: &FuncData) {
        if self.role.replace(func.role) != Some(func.role) {
            self.used = 0;
        }
    }

    /// A slot that the role does not use yet.
    fn take(&mut self, module: &mut Module) -> Slot {
        if self.used == self.slots.len() {
            let name = format!("spill {}", self.used);
            self.slots.push(module.slots.push(SlotData { name, axes: Vec::new(), role: SlotRole::Spill }));
        }
        self.used += 1;
        self.slots[self.used - 1]
    }
}

/// How a part reads a value of an earlier one.
#[derive(Clone, Copy)]
enum Source {
    Repeat,
    Slot(Slot),
}

/// Writes the function as parts that run one after the other.
pub(super) fn write(
    module: &mut Module,
    func: &FuncData,
    body: &Body,
    segments: &Segments,
    spills: &mut Spills,
) -> Vec<FuncData> {
    let memory = assign_spills(module, func, body, segments, spills);
    let mut parts = Vec::with_capacity(segments.count as usize);
    let mut values = Values::default();
    let mut first = 0;
    while first < body.items.len() {
        let segment = segments.of[first];
        let len = segments.of[first..].iter().take_while(|&&of| of == segment).count();
        let mut part = FuncData::new(func.role);
        let mut rebuild = Rebuild::with_values(module, func, &mut part, values);
        for item in in_order(func, body, &body.items[first..first + len]) {
            for &value in body.uses_of(item) {
                if rebuild.get(value).is_none() {
                    read(&mut rebuild, func, value, source(body, func, &memory, value));
                }
            }
            for &step in &body.steps[item.steps.clone()] {
                rebuild.follow(step);
            }
            if let Some(result) = item.result
                && let Some(slot) = memory[result].expand()
            {
                spill(&mut rebuild, func, result, slot);
            }
        }
        values = rebuild.into_values();
        parts.push(part);
        first += len;
    }
    parts
}

/// The items of a part in the order in which it has them: in `row`, what advances the model comes last, under one test for all of it
/// whether the step is taken. Nothing reads a slot after its advance, so that it may come later; but an item that reads a slot itself
/// stays before one that advances that slot and cannot come last.
fn in_order<'a>(func: &FuncData, body: &Body, items: &'a [Item]) -> Vec<&'a Item> {
    if func.role != FuncRole::Row {
        return items.iter().collect();
    }
    let mut written: EntitySet<Slot> = EntitySet::new();
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for item in items.iter().rev() {
        let is_read_before =
            body.accesses(func, item).any(|(slot, access)| access == Accesses::Read && written.contains(slot));
        if body.only_advances(func, item) && !is_read_before {
            last.push(item);
            continue;
        }
        for (slot, access) in body.accesses(func, item) {
            if access != Accesses::Read {
                written.insert(slot);
            }
        }
        first.push(item);
    }
    first.into_iter().rev().chain(last.into_iter().rev()).collect()
}

/// A slot for each value that passes from part to part in no other way.
fn assign_spills(
    module: &mut Module,
    func: &FuncData,
    body: &Body,
    segments: &Segments,
    spills: &mut Spills,
) -> SecondaryMap<Value, PackedOption<Slot>> {
    let mut memory: SecondaryMap<Value, PackedOption<Slot>> = SecondaryMap::new();
    for (position, item) in body.items.iter().enumerate() {
        let Some(result) = item.result else { continue };
        let Some(last) = body.last_use(result) else { continue };
        let is_needed = segments.of[last] > segments.of[position]
            && match body.access(func, result) {
                Access::Repeat => false,
                // A later part can rely on the store only if it is in the part that makes the value.
                Access::Stored(_, at) => segments.of[at] > segments.of[position],
                Access::Spill => true,
            };
        if is_needed {
            memory[result] = spills.take(module).into();
        }
    }
    memory
}

fn source(body: &Body, func: &FuncData, memory: &SecondaryMap<Value, PackedOption<Slot>>, value: Value) -> Source {
    match (memory[value].expand(), body.access(func, value)) {
        (Some(slot), _) | (None, Access::Stored(slot, _)) => Source::Slot(slot),
        (None, Access::Repeat) => Source::Repeat,
        (None, Access::Spill) => panic!("{value} passes from part to part without a slot"),
    }
}

/// Makes a value of an earlier part available. A truth value was stored as 1 or 0, an index as the position counted from 1.
fn read(rebuild: &mut Rebuild<'_>, func: &FuncData, value: Value, source: Source) {
    let slot = match source {
        Source::Repeat => {
            let inst = func.def_inst(value).expect("only instructions are repeated");
            return rebuild.copy(inst);
        }
        Source::Slot(slot) => slot,
    };
    let number = rebuild.b.load(slot, &[]);
    let new = match func.values[value].ty {
        Type::F64 => number,
        Type::Bool => {
            let zero = rebuild.b.fconst(0.0);
            rebuild.b.op(Opcode::Fne, &[number, zero])
        }
        Type::Index(axis) => rebuild.b.value(Opcode::IndexOf, &[number], Immediate::Axis(axis)),
    };
    rebuild.set(value, new);
}

fn spill(rebuild: &mut Rebuild<'_>, func: &FuncData, value: Value, slot: Slot) {
    let new = rebuild.value(value);
    let number = match func.values[value].ty {
        Type::F64 => new,
        Type::Bool => rebuild.b.op(Opcode::Btof, &[new]),
        Type::Index(_) => rebuild.b.op(Opcode::Ordinal, &[new]),
    };
    rebuild.b.write(Opcode::Store, slot, &[number]);
}
