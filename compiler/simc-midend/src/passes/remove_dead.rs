//! Removes what nobody needs: values without use, and stores into hidden slots that nobody loads.

use cranelift_entity::EntitySet;
use simc_ir::entity::{Func, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::func::walk::Step;
use simc_ir::module::{FuncRole, Module, SlotRole};
use simc_ir::opcode::{Effect, Immediate, Opcode};

use super::compact::compact;
use crate::pass::{Pass, PassCx};
use crate::rebuild::Rebuild;

/// See the module.
pub const PASS: Pass = Pass {
    name: "remove_dead",
    about: "removes instructions whose results nobody needs",
    run: |module: &mut Module, _: &PassCx| remove(module),
};

/// Goes from readers to writers, so that one round finds everything: what a step leaves for the commit, then the parts of each role
/// from the last to the first, then what `prepare` leaves for all of them. A hidden slot that nobody fills any more goes as well.
pub fn remove(module: &mut Module) -> bool {
    let mut loaded = EntitySet::new();
    let mut changed = false;
    for role in FuncRole::ALL.into_iter().rev() {
        let parts: Vec<Func> = module.parts(role).collect();
        for func in parts.into_iter().rev() {
            let old = &module.funcs[func];
            let new = rebuild_live(module, old, role, |inst| is_wanted(module, old, inst, &loaded));
            changed |= new.insts.len() != old.listed_insts().count();
            note_loads(&new, &mut loaded);
            module.funcs[func] = new;
        }
    }
    if changed {
        compact(module);
    }
    changed
}

/// A function of another role, made of the writes that `keep` chooses and of what they need.
pub(crate) fn rebuild_with(module: &Module, old: &FuncData, role: FuncRole, keep: impl Fn(Opcode) -> bool) -> FuncData {
    rebuild_live(module, old, role, |inst| keep(old.insts[inst].opcode))
}

/// Whether somebody sees what a write does.
fn is_wanted(module: &Module, func: &FuncData, inst: Inst, loaded: &EntitySet<Slot>) -> bool {
    match (func.insts[inst].opcode, func.insts[inst].immediate) {
        (Opcode::Store, Immediate::Slot(slot)) => match module.slots[slot].role {
            SlotRole::Hoisted | SlotRole::Spill | SlotRole::Pending => loaded.contains(slot),
            SlotRole::Time
            | SlotRole::Dt
            | SlotRole::StartTime
            | SlotRole::StopTime
            | SlotRole::Stock
            | SlotRole::Output
            | SlotRole::Run
            | SlotRole::Level
            | SlotRole::Held
            | SlotRole::Ring { .. } => true,
        },
        _ => true,
    }
}

fn note_loads(func: &FuncData, loaded: &mut EntitySet<Slot>) {
    for (_, data) in &func.insts {
        if let (Opcode::Load, Immediate::Slot(slot)) = (data.opcode, data.immediate) {
            loaded.insert(slot);
        }
    }
}

/// The same function without the writes that are not wanted and without what only they needed.
fn rebuild_live(module: &Module, old: &FuncData, role: FuncRole, wanted: impl Fn(Inst) -> bool) -> FuncData {
    let live = Live::find(old, wanted);
    let mut func = FuncData::new(role);
    let mut rebuild = Rebuild::new(module, old, &mut func);
    for step in old.walk() {
        match step {
            Step::Inst(inst) if live.insts.contains(inst) => rebuild.copy(inst),
            Step::Enter(inst, body) if live.insts.contains(inst) => rebuild.enter(inst, body),
            Step::Leave(inst, _) if live.insts.contains(inst) => rebuild.leave(),
            Step::Inst(_) | Step::Enter(..) | Step::Leave(..) => {}
        }
    }
    func
}

/// The instructions that a function needs.
struct Live {
    insts: EntitySet<Inst>,
    values: EntitySet<Value>,
}

impl Live {
    /// Walks backwards: a use is met before the definition that it keeps alive.
    fn find(func: &FuncData, wanted: impl Fn(Inst) -> bool) -> Self {
        let steps: Vec<Step> = func.walk().collect();
        let writing = writing_loops(func, &steps, &wanted);
        let mut live = Self { insts: EntitySet::new(), values: EntitySet::new() };
        let mut loops: Vec<Inst> = Vec::new();
        for &step in steps.iter().rev() {
            match step {
                Step::Leave(inst, _) => {
                    if writing.contains(inst) || live.needs_result(func, inst) {
                        live.add(func, inst);
                    }
                    loops.push(inst);
                }
                Step::Enter(..) => {
                    loops.pop();
                }
                Step::Inst(inst) => {
                    let data = &func.insts[inst];
                    let is_needed = match (data.opcode, loops.last()) {
                        (Opcode::Yield, Some(&around)) => live.insts.contains(around),
                        (opcode, _) if opcode.signature().effect == Effect::Write => wanted(inst),
                        _ => live.needs_result(func, inst),
                    };
                    if is_needed {
                        live.add(func, inst);
                    }
                }
            }
        }
        live
    }

    fn needs_result(&self, func: &FuncData, inst: Inst) -> bool {
        func.insts[inst].result.is_some_and(|result| self.values.contains(result))
    }

    fn add(&mut self, func: &FuncData, inst: Inst) {
        self.insts.insert(inst);
        for &arg in func.args(inst) {
            self.values.insert(arg);
        }
    }
}

/// The loops that hold a wanted write at any depth.
fn writing_loops(func: &FuncData, steps: &[Step], wanted: &impl Fn(Inst) -> bool) -> EntitySet<Inst> {
    let mut writing = EntitySet::new();
    let mut open: Vec<Inst> = Vec::new();
    for &step in steps {
        match step {
            Step::Enter(inst, _) => open.push(inst),
            Step::Leave(inst, _) => {
                open.pop();
                if writing.contains(inst)
                    && let Some(&around) = open.last()
                {
                    writing.insert(around);
                }
            }
            Step::Inst(inst) => {
                let opcode = func.insts[inst].opcode;
                let writes = opcode.signature().effect == Effect::Write && opcode != Opcode::Yield;
                if let Some(&around) = open.last()
                    && writes
                    && wanted(inst)
                {
                    writing.insert(around);
                }
            }
        }
    }
    writing
}

#[cfg(test)]
mod tests {
    use simc_ir::builder::Builder;
    use simc_ir::module::{AxisData, SlotData};

    use super::*;

    fn slot(module: &mut Module, role: SlotRole) -> Slot {
        module.slots.push(SlotData { name: String::new(), axes: Vec::new(), role })
    }

    fn opcodes(func: &FuncData) -> Vec<Opcode> {
        func.listed_insts().map(|inst| func.insts[inst].opcode).collect()
    }

    #[test]
    fn keeps_what_a_write_needs_and_nothing_else() {
        let mut module = Module::default();
        let out = slot(&mut module, SlotRole::Output);
        let mut func = FuncData::new(FuncRole::Row);
        let mut b = Builder::new(&module, &mut func);
        let (one, two) = (b.fconst(1.0), b.fconst(2.0));
        let sum = b.op(Opcode::Fadd, &[one, one]);
        b.op(Opcode::Fmul, &[sum, two]);
        b.write(Opcode::Out, out, &[sum]);
        let func = module.funcs.push(func);
        assert!(remove(&mut module));
        assert_eq!(opcodes(&module.funcs[func]), [Opcode::Fconst, Opcode::Fadd, Opcode::Out]);
        assert!(!remove(&mut module));
    }

    #[test]
    fn a_hoisted_value_goes_when_its_last_reader_goes() {
        let mut module = Module::default();
        let (hoisted, out) = (slot(&mut module, SlotRole::Hoisted), slot(&mut module, SlotRole::Output));
        let mut prepare = FuncData::new(FuncRole::Prepare);
        let mut b = Builder::new(&module, &mut prepare);
        let one = b.fconst(1.0);
        b.write(Opcode::Store, hoisted, &[one]);
        let prepare = module.funcs.push(prepare);
        let mut row = FuncData::new(FuncRole::Row);
        let mut b = Builder::new(&module, &mut row);
        b.load(hoisted, &[]);
        let time = b.op(Opcode::Time, &[]);
        b.write(Opcode::Out, out, &[time]);
        module.funcs.push(row);
        assert!(remove(&mut module));
        assert_eq!(opcodes(&module.funcs[prepare]), []);
    }

    #[test]
    fn a_loop_stays_for_its_writes_and_a_fold_for_its_result() {
        let mut module = Module::default();
        let axis = module.axes.push(AxisData { name: String::new(), size: 3 });
        let out = slot(&mut module, SlotRole::Output);
        module.slots[out].axes = vec![axis];
        let mut func = FuncData::new(FuncRole::Row);
        let mut b = Builder::new(&module, &mut func);
        let one = b.fconst(1.0);
        let entry = b.block();
        for _ in 0..2 {
            let (body, _, accumulator, sum) = b.fold(axis, one);
            b.switch_to(body);
            b.append(Opcode::Yield, &[accumulator], Immediate::None);
            b.switch_to(entry);
            let (body, index) = b.for_each(axis);
            b.switch_to(body);
            if func_len(&b) < 6 {
                b.write(Opcode::Out, out, &[sum, index]);
            }
            b.switch_to(entry);
        }
        let func = module.funcs.push(func);
        assert!(remove(&mut module));
        let expected = [Opcode::Fconst, Opcode::Fold, Opcode::Yield, Opcode::For, Opcode::Out];
        assert_eq!(opcodes(&module.funcs[func]), expected);
    }

    fn func_len(b: &Builder<'_>) -> usize {
        b.func().insts.len()
    }
}
