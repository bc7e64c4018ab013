//! Moves what follows from constants alone out of the step: into `prepare`, which runs once a run and once after each override.
//!
//! What a step needs of it comes back through a hidden slot, one for each value however many functions need it. A value that
//! `prepare` stores in a slot anyway is loaded from there.

use std::collections::HashMap;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};
use simc_ir::builder::Builder;
use simc_ir::entity::{Func, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::func::walk::Step;
use simc_ir::module::{FuncRole, Module, SlotData, SlotRole};
use simc_ir::opcode::{Effect, Immediate, Opcode};
use simc_ir::types::{Type, Variance};

use super::number_values::Key;
use crate::pass::{Pass, PassCx};
use crate::rebuild::rebuild;

/// See the module.
pub const PASS: Pass = Pass {
    name: "hoist_invariants",
    about: "computes what follows from constants alone once a run",
    run: |module: &mut Module, _: &PassCx| hoist(module),
};

/// A truth value comes back as a number that has to be compared: it must have cost at least this to be worth it.
const WORTH_A_COMPARISON: u32 = 3;

/// Hoists from all functions that run in every step.
pub fn hoist(module: &mut Module) -> bool {
    let funcs: Vec<Func> = [FuncRole::Row, FuncRole::Step, FuncRole::Stage]
        .into_iter()
        .flat_map(|role| module.parts(role).collect::<Vec<_>>())
        .collect();
    let mut prepare = Prepare::take(module);
    let mut changed = false;
    for func in funcs {
        let Some(slots) = prepare.provide(module, func) else { continue };
        let old = &module.funcs[func];
        let new = rebuild(module, old, old.role, |rebuild, inst| match slots.get(&inst) {
            None => rebuild.copy(inst),
            Some(&(slot, ty)) => {
                let mut value = rebuild.b.load(slot, &[]);
                if ty == Type::Bool {
                    let zero = rebuild.b.fconst(0.0);
                    value = rebuild.b.op(Opcode::Fne, &[value, zero]);
                }
                rebuild.set_result(inst, value);
            }
        });
        module.funcs[func] = new;
        changed = true;
    }
    prepare.put_back(module);
    changed
}

/// The function `prepare` while it grows.
struct Prepare {
    id: Option<Func>,
    func: FuncData,
    /// What it computes already.
    numbers: HashMap<Key, Value>,
    /// What it stores in each slot.
    stored: SecondaryMap<Slot, PackedOption<Value>>,
    /// Where it stores each value.
    slot_of: SecondaryMap<Value, PackedOption<Slot>>,
}

impl Prepare {
    /// Takes the function out of the module; an empty one when there is none.
    fn take(module: &mut Module) -> Self {
        let id = module.parts(FuncRole::Prepare).last();
        let mut prepare = Self {
            id,
            func: FuncData::new(FuncRole::Prepare),
            numbers: HashMap::new(),
            stored: SecondaryMap::new(),
            slot_of: SecondaryMap::new(),
        };
        if let Some(id) = id {
            std::mem::swap(&mut prepare.func, &mut module.funcs[id]);
            prepare.learn();
        }
        prepare
    }

    fn put_back(self, module: &mut Module) {
        match self.id {
            Some(id) => module.funcs[id] = self.func,
            None if self.func.insts.is_empty() => {}
            None => {
                module.funcs.push(self.func);
            }
        }
    }

    /// Notes what is in the body, loops apart.
    fn learn(&mut self) {
        for &inst in &self.func.blocks[self.func.entry].insts {
            let data = &self.func.insts[inst];
            let args = self.func.args(inst);
            match (data.opcode, data.immediate, args, data.result) {
                (Opcode::Store, Immediate::Slot(slot), &[value], _) => {
                    self.stored[slot] = value.into();
                    self.slot_of[value] = slot.into();
                }
                (opcode, immediate, args, Some(result)) if opcode.signature().effect != Effect::Region => {
                    if let Some(key) = Key::new(opcode, immediate, args) {
                        self.numbers.insert(key, result);
                    }
                }
                _ => {}
            }
        }
    }

    /// Computes in `prepare` what a function is better off loading; says which instructions, from where, and their type.
    /// None when there is nothing.
    fn provide(&mut self, module: &mut Module, func: Func) -> Option<HashMap<Inst, (Slot, Type)>> {
        let wanted = wanted(&module.funcs[func]);
        if wanted.is_empty() {
            return None;
        }
        let mut here: SecondaryMap<Value, PackedOption<Value>> = SecondaryMap::new();
        let mut slots = HashMap::new();
        let insts = module.funcs[func].blocks[module.funcs[func].entry].insts.clone();
        for inst in insts {
            let old = &module.funcs[func];
            let Some(result) = old.insts[inst].result.filter(|&result| old.values[result].variance < Variance::Step)
            else {
                continue;
            };
            let Some(value) = self.translate(module, old, inst, &here) else { continue };
            here[result] = value.into();
            if wanted.contains(inst) {
                slots.insert(inst, (self.slot(module, value), self.func.values[value].ty));
            }
        }
        (!slots.is_empty()).then_some(slots)
    }

    /// The value in `prepare` of an instruction whose operands are there; none when they are not, or when it reads what is not.
    fn translate(
        &mut self,
        module: &Module,
        old: &FuncData,
        inst: Inst,
        here: &SecondaryMap<Value, PackedOption<Value>>,
    ) -> Option<Value> {
        let data = &old.insts[inst];
        let args: Vec<Value> = old.args(inst).iter().map(|&arg| here[arg].expand()).collect::<Option<_>>()?;
        match (data.opcode.signature().effect, data.immediate) {
            (Effect::Read, Immediate::Slot(slot)) if args.is_empty() => self.stored[slot].expand(),
            (Effect::Read, Immediate::Slot(slot)) if module.slots[slot].role.variance() == Variance::Run => {
                // An element of an array, which is stored by now.
                Some(Builder::new(module, &mut self.func).value(data.opcode, &args, data.immediate))
            }
            (Effect::Pure, immediate) => {
                let key = Key::new(data.opcode, immediate, &args)?;
                if let Some(&known) = self.numbers.get(&key) {
                    return Some(known);
                }
                let value = Builder::new(module, &mut self.func).value(data.opcode, &args, immediate);
                self.numbers.insert(key, value);
                Some(value)
            }
            _ => None,
        }
    }

    /// The slot that a value is stored in: a new one unless there is one.
    fn slot(&mut self, module: &mut Module, value: Value) -> Slot {
        if let Some(slot) = self.slot_of[value].expand() {
            return slot;
        }
        let name = format!("hoisted {}", module.slots.len());
        let slot = module.slots.push(SlotData { name, axes: Vec::new(), role: SlotRole::Hoisted });
        let mut b = Builder::new(module, &mut self.func);
        let number = if b.func().values[value].ty == Type::Bool { b.op(Opcode::Btof, &[value]) } else { value };
        b.write(Opcode::Store, slot, &[number]);
        self.slot_of[value] = slot.into();
        slot
    }
}

/// The instructions of a body that are worth loading instead: invariant, dearer than a load, and used by something that stays.
/// What only they use goes with them.
fn wanted(func: &FuncData) -> EntitySet<Inst> {
    let costs = costs(func);
    let mut stays: SecondaryMap<Value, bool> = SecondaryMap::new();
    let mut wanted = EntitySet::new();
    let steps: Vec<Step> = func.walk().collect();
    let mut depth = 0_usize;
    for &step in steps.iter().rev() {
        let inst = match step {
            Step::Leave(..) => {
                depth += 1;
                continue;
            }
            Step::Enter(inst, _) => {
                depth -= 1;
                inst
            }
            Step::Inst(inst) => inst,
        };
        let result = func.insts[inst].result;
        if depth == 0
            && let Some(result) = result
            && is_worth_it(func, result, costs[result])
        {
            if stays[result] {
                wanted.insert(inst);
            }
            continue;
        }
        for &arg in func.args(inst) {
            stays[arg] = true;
        }
    }
    wanted
}

fn is_worth_it(func: &FuncData, value: Value, cost: u32) -> bool {
    let least = match func.values[value].ty {
        Type::F64 => 1,
        Type::Bool => WORTH_A_COMPARISON,
        Type::Index(_) => return false,
    };
    func.values[value].variance < Variance::Step && cost >= least
}

/// What it costs to compute each value of a body from loads: at least what the operation itself costs.
fn costs(func: &FuncData) -> SecondaryMap<Value, u32> {
    let mut costs: SecondaryMap<Value, u32> = SecondaryMap::new();
    for &inst in &func.blocks[func.entry].insts {
        if let Some(result) = func.insts[inst].result {
            let operands = func.args(inst).iter().fold(0_u32, |sum, &arg| sum.saturating_add(costs[arg]));
            costs[result] = operands.saturating_add(func.insts[inst].opcode.facts().time);
        }
    }
    costs
}

#[cfg(test)]
mod tests {
    use simc_ir::module::ParamData;

    use super::*;

    struct Fixture {
        module: Module,
        settable: Slot,
        stock: Slot,
    }

    /// A module whose `prepare` stores one param.
    fn fixture() -> Fixture {
        let mut module = Module::default();
        let mut slot = |role| module.slots.push(SlotData { name: String::new(), axes: Vec::new(), role });
        let (stock, settable) = (slot(SlotRole::Stock), slot(SlotRole::Run));
        let param = module.params.push(ParamData { name: String::new(), slot: settable, defaults: vec![4.0] });
        let mut prepare = FuncData::new(FuncRole::Prepare);
        let mut b = Builder::new(&module, &mut prepare);
        let value = b.param(param, &[]);
        b.write(Opcode::Store, settable, &[value]);
        module.funcs.push(prepare);
        Fixture { module, settable, stock }
    }

    fn add(module: &mut Module, role: FuncRole, build: impl Fn(&mut Builder<'_>) -> Value, stock: Slot) -> Func {
        let mut func = FuncData::new(role);
        let mut b = Builder::new(module, &mut func);
        let rate = build(&mut b);
        b.write(Opcode::Rate, stock, &[rate]);
        module.funcs.push(func)
    }

    fn hoisted(module: &Module) -> usize {
        module.slots.values().filter(|slot| slot.role == SlotRole::Hoisted).count()
    }

    fn uses(module: &Module, func: Func, opcode: Opcode) -> usize {
        let func = &module.funcs[func];
        // What has become dead is another pass's affair.
        let last = *func.blocks[func.entry].insts.last().expect("the function writes");
        let mut work = vec![func.args(last)[0]];
        let mut count = 0;
        while let Some(value) = work.pop() {
            let inst = func.def_inst(value).expect("no loops here");
            count += usize::from(func.insts[inst].opcode == opcode);
            work.extend(func.args(inst));
        }
        count
    }

    #[test]
    fn one_slot_serves_all_functions() {
        let Fixture { mut module, settable, stock } = fixture();
        let build = |b: &mut Builder<'_>| {
            let (value, level) = (b.load(settable, &[]), b.load(stock, &[]));
            let root = b.op(Opcode::Fsqrt, &[value]);
            b.op(Opcode::Fmul, &[level, root])
        };
        let row = add(&mut module, FuncRole::Row, build, stock);
        let step = add(&mut module, FuncRole::Step, build, stock);
        assert!(hoist(&mut module));
        assert_eq!(hoisted(&module), 1);
        for func in [row, step] {
            assert_eq!(uses(&module, func, Opcode::Fsqrt), 0);
            assert_eq!(uses(&module, func, Opcode::Fmul), 1);
        }
    }

    #[test]
    fn keeps_what_changes_by_step_and_what_is_no_dearer_than_a_load() {
        let Fixture { mut module, settable, stock } = fixture();
        let build = |b: &mut Builder<'_>| {
            let (value, level) = (b.load(settable, &[]), b.load(stock, &[]));
            b.op(Opcode::Fmul, &[level, value])
        };
        add(&mut module, FuncRole::Row, build, stock);
        assert!(!hoist(&mut module));
        assert_eq!(hoisted(&module), 0);
    }

    #[test]
    fn a_cheap_condition_stays_and_its_dear_operand_goes() {
        let Fixture { mut module, settable, stock } = fixture();
        let build = |b: &mut Builder<'_>| {
            let (value, level) = (b.load(settable, &[]), b.load(stock, &[]));
            let twice = b.op(Opcode::Fadd, &[value, value]);
            let cond = b.op(Opcode::Flt, &[value, twice]);
            b.op(Opcode::Select, &[cond, level, twice])
        };
        let row = add(&mut module, FuncRole::Row, build, stock);
        assert!(hoist(&mut module));
        assert_eq!(uses(&module, row, Opcode::Fadd), 0);
        assert_eq!(uses(&module, row, Opcode::Flt), 1);
    }

    #[test]
    fn a_value_that_is_stored_already_needs_no_slot() {
        let Fixture { mut module, settable, stock } = fixture();
        let derived = module.slots.push(SlotData { name: String::new(), axes: Vec::new(), role: SlotRole::Run });
        let prepare = module.parts(FuncRole::Prepare).next().expect("the fixture has one");
        let mut func = module.funcs[prepare].clone();
        let first = func.blocks[func.entry].insts[0];
        let value = func.insts[first].result.expect("a param has a value");
        let mut b = Builder::new(&module, &mut func);
        let root = b.op(Opcode::Fsqrt, &[value]);
        b.write(Opcode::Store, derived, &[root]);
        module.funcs[prepare] = func;
        let build = |b: &mut Builder<'_>| {
            let value = b.load(settable, &[]);
            b.op(Opcode::Fsqrt, &[value])
        };
        let row = add(&mut module, FuncRole::Row, build, stock);
        assert!(hoist(&mut module));
        assert_eq!((hoisted(&module), uses(&module, row, Opcode::Fsqrt)), (0, 0));
    }
}
