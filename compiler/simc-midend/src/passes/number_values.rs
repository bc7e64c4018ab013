//! Computes a thing once: an instruction that repeats an earlier one on the same operands gives the earlier result, and a load of an
//! element of a spill what the function has just stored there.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use cranelift_entity::packed_option::ReservedValue;
use cranelift_entity::{EntityRef, EntitySet};
use simc_ir::entity::{Func, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::func::walk::Step;
use simc_ir::module::{Module, SlotRole};
use simc_ir::opcode::{Effect, Immediate, Opcode};

use crate::pass::{Pass, PassCx};
use crate::rebuild::Rebuild;

/// See the module.
pub const PASS: Pass = Pass {
    name: "number_values",
    about: "computes common subexpressions once",
    run: |module: &mut Module, _: &PassCx| number(module),
};

/// Numbers the values of every function.
pub fn number(module: &mut Module) -> bool {
    let funcs: Vec<Func> = module.funcs.keys().collect();
    let mut changed = false;
    for func in funcs {
        let old = &module.funcs[func];
        let new = number_function(module, old);
        changed |= new.insts.len() != old.listed_insts().count();
        module.funcs[func] = new;
    }
    changed
}

fn number_function(module: &Module, old: &FuncData) -> FuncData {
    let stored = stored_slots(module, old);
    let mut func = FuncData::new(old.role);
    let mut rebuild = Rebuild::new(module, old, &mut func);
    // One table for each open block: what a loop's body computes is gone after the loop.
    let mut scopes: Vec<HashMap<Key, Value>> = vec![HashMap::with_capacity(old.insts.len())];
    for step in old.walk() {
        match step {
            Step::Enter(inst, body) => {
                rebuild.enter(inst, body);
                scopes.push(HashMap::new());
            }
            Step::Leave(..) => {
                rebuild.leave();
                scopes.pop();
            }
            Step::Inst(inst) => {
                let data = &old.insts[inst];
                let args = rebuild.args(inst);
                let key = Key::new(data.opcode, data.immediate, &args).filter(|_| is_numbered(old, inst, &stored));
                let known = key.and_then(|key| scopes.iter().rev().find_map(|scope| scope.get(&key).copied()));
                if let Some(known) = known {
                    rebuild.set_result(inst, known);
                    continue;
                }
                rebuild.append(inst, &args);
                if let (Some((key, value)), Some(scope)) = (stored_value(module, old, inst, &args), scopes.last_mut()) {
                    scope.insert(key, value);
                }
                if let (Some(key), Some(scope), Some(result)) = (key, scopes.last_mut(), data.result) {
                    scope.insert(key, rebuild.value(result));
                }
            }
        }
    }
    func
}

/// What a load of an element would be, and what it gives, after the one store of the element.
fn stored_value(module: &Module, func: &FuncData, inst: Inst, args: &[Value]) -> Option<(Key, Value)> {
    let Immediate::Slot(slot) = func.insts[inst].immediate else { return None };
    let is_spill = func.insts[inst].opcode == Opcode::Store && module.slots[slot].role == SlotRole::Spill;
    let (&value, indices) = args.split_first().filter(|_| is_spill)?;
    Some((Key::new(Opcode::Load, Immediate::Slot(slot), indices)?, value))
}

/// Whether the same operands give the same result anywhere in the function. A slot that the function stores to may hold something
/// else later on; `rate`, `next` and `push` have no load of their slot after them.
fn is_numbered(func: &FuncData, inst: Inst, stored: &EntitySet<Slot>) -> bool {
    let data = &func.insts[inst];
    match (data.opcode.signature().effect, data.immediate) {
        (Effect::Read, Immediate::Slot(slot) | Immediate::Transport(slot, ..) | Immediate::Vector(slot, ..)) => {
            !stored.contains(slot)
        }
        (Effect::Read, Immediate::Trace(..)) => false,
        (Effect::Pure | Effect::Read, _) => true,
        (Effect::Write | Effect::Region, _) => false,
    }
}

/// The slots that a function stores to, and that may have been loaded before: what is stored in a spill is never replaced.
fn stored_slots(module: &Module, func: &FuncData) -> EntitySet<Slot> {
    let mut stored = EntitySet::new();
    for (_, data) in &func.insts {
        let stores = matches!(data.opcode, Opcode::Store | Opcode::Fill | Opcode::Initialise);
        if let (true, Some(slot)) = (stores, data.immediate.as_slot())
            && module.slots[slot].role != SlotRole::Spill
        {
            stored.insert(slot);
        }
    }
    stored
}

/// What makes two instructions the same: operation, immediate to the bit, and operands, in either order where the order
/// does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    opcode: Opcode,
    immediate: (u64, u32),
    args: [Value; MAX_ARGS],
}

/// Instructions with more operands are not compared.
const MAX_ARGS: usize = 4;

impl Key {
    /// The key of an instruction; none for loops, and for more operands than any scalar instruction has.
    pub(crate) fn new(opcode: Opcode, immediate: Immediate, args: &[Value]) -> Option<Self> {
        let mut key = Self { opcode, immediate: immediate_bits(immediate)?, args: [Value::reserved_value(); MAX_ARGS] };
        key.args.get_mut(..args.len())?.copy_from_slice(args);
        if commutes(opcode) && key.args[0] > key.args[1] {
            key.args.swap(0, 1);
        }
        Some(key)
    }
}

/// All at once: a hasher takes longer for many pieces.
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let both = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
        let (bits, number) = self.immediate;
        let [a, b, c, d] = self.args.map(|arg| arg.as_u32());
        let words = [bits, both(self.opcode as u32, number), both(a, b), both(c, d)];
        let mut bytes = [0; 32];
        for (place, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
            *place = word.to_ne_bytes();
        }
        state.write(&bytes);
    }
}

fn immediate_bits(immediate: Immediate) -> Option<(u64, u32)> {
    Some(match immediate {
        Immediate::None => (0, 0),
        Immediate::F64(x) => (x.to_bits(), 0),
        Immediate::Bool(x) => (u64::from(x), 0),
        Immediate::Position(axis, position) => (axis.index() as u64, position),
        Immediate::Axis(axis) => (axis.index() as u64, 0),
        Immediate::Slot(slot) => (slot.index() as u64, 0),
        Immediate::Param(param) => (param.index() as u64, 0),
        Immediate::Table(table) => (table.index() as u64, 0),
        Immediate::Function(function) => (function as u64, 0),
        Immediate::Transport(slot, query, n_args) => (slot.index() as u64 | (query as u64) << 32, n_args),
        Immediate::Vector(slot, function, n_indices) => (slot.index() as u64 | (function as u64) << 32, n_indices),
        Immediate::Trace(..) | Immediate::Loop(..) => return None,
    })
}

/// Whether `op a, b` and `op b, a` give the same bits. IEEE 754 addition and multiplication do, NaN payloads aside, which nobody
/// sees; so do minimum, maximum, equality and the logic of truth values.
fn commutes(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Fadd
            | Opcode::Fmul
            | Opcode::Fmin
            | Opcode::Fmax
            | Opcode::Feq
            | Opcode::Fne
            | Opcode::Band
            | Opcode::Bor
    )
}

#[cfg(test)]
mod tests {
    use simc_ir::builder::Builder;
    use simc_ir::module::{AxisData, FuncRole, SlotData, SlotRole};

    use super::*;

    /// How many instructions are left of a function with a stock and a pending slot.
    fn count_after(build: impl Fn(&mut Builder<'_>, Slot, Slot)) -> usize {
        let mut module = Module::default();
        module.axes.push(AxisData { name: String::new(), size: 2 });
        let mut slot = |role| module.slots.push(SlotData { name: String::new(), axes: Vec::new(), role });
        let (stock, pending) = (slot(SlotRole::Stock), slot(SlotRole::Pending));
        let mut func = FuncData::new(FuncRole::Row);
        build(&mut Builder::new(&module, &mut func), stock, pending);
        let func = module.funcs.push(func);
        number(&mut module);
        module.funcs[func].listed_insts().count()
    }

    #[test]
    fn operands_of_a_sum_may_change_places() {
        let count = count_after(|b, stock, _| {
            let (one, level) = (b.fconst(1.0), b.load(stock, &[]));
            b.op(Opcode::Fadd, &[one, level]);
            b.op(Opcode::Fadd, &[level, one]);
        });
        assert_eq!(count, 3);
    }

    #[test]
    fn operands_of_a_difference_may_not() {
        let count = count_after(|b, stock, _| {
            let (one, level) = (b.fconst(1.0), b.load(stock, &[]));
            b.op(Opcode::Fsub, &[one, level]);
            b.op(Opcode::Fsub, &[level, one]);
        });
        assert_eq!(count, 4);
    }

    #[test]
    fn zeros_of_both_signs_stay_apart() {
        let count = count_after(|b, _, _| {
            b.fconst(0.0);
            b.fconst(-0.0);
            b.fconst(0.0);
        });
        assert_eq!(count, 2);
    }

    #[test]
    fn loads_of_a_stored_slot_are_left_alone() {
        let count = count_after(|b, _, pending| {
            let before = b.load(pending, &[]);
            b.write(Opcode::Store, pending, &[before]);
            b.load(pending, &[]);
        });
        assert_eq!(count, 3);
    }

    #[test]
    fn a_body_sees_what_is_around_it_but_not_the_other_way_round() {
        let count = count_after(|b, stock, _| {
            let entry = b.block();
            b.load(stock, &[]);
            let axis = simc_ir::entity::Axis::from_u32(0);
            let (body, _) = b.for_each(axis);
            b.switch_to(body);
            b.load(stock, &[]);
            b.fconst(7.0);
            b.switch_to(entry);
            b.fconst(7.0);
        });
        assert_eq!(count, 4);
    }
}
