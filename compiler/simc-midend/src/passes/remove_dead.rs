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
    // What a host sets is in its slot, whoever reads it there.
    let mut loaded: EntitySet<Slot> = EntitySet::new();
    loaded.extend(module.params.values().map(|param| param.slot));
    // Whether or not somebody needs it: rows and steps leave the same behind for whatever role loads it.
    let is_pending = |slot: Slot| module.slots[slot].role == SlotRole::Pending;
    module.funcs.values().for_each(|func| loaded.extend(loads(func).filter(|&slot| is_pending(slot))));
    let mut changed = false;
    for role in FuncRole::ALL.into_iter().rev() {
        let parts: Vec<Func> = module.parts(role).collect();
        let mut spills = EntitySet::new();
        for func in parts.into_iter().rev() {
            let old = &module.funcs[func];
            let new = rebuild_live(module, old, role, &mut spills, |inst| is_wanted(module, old, inst, &loaded));
            changed |= new.insts.len() != old.listed_insts().count();
            loaded.extend(loads(&new));
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
    rebuild_live(module, old, role, &mut EntitySet::new(), |inst| keep(old.insts[inst].opcode))
}

/// Whether somebody sees what a write does, a spill aside.
fn is_wanted(module: &Module, func: &FuncData, inst: Inst, loaded: &EntitySet<Slot>) -> bool {
    match (func.insts[inst].opcode, func.insts[inst].immediate) {
        (Opcode::Store, Immediate::Slot(slot)) => match module.slots[slot].role {
            SlotRole::Hoisted | SlotRole::Pending => loaded.contains(slot),
            SlotRole::Time
            | SlotRole::Dt
            | SlotRole::StartTime
            | SlotRole::StopTime
            | SlotRole::Stock
            | SlotRole::Output
            | SlotRole::Run
            | SlotRole::Level
            | SlotRole::Held
            | SlotRole::Watched
            | SlotRole::Spill
            | SlotRole::Carry
            | SlotRole::Ring { .. }
            | SlotRole::Transport { .. } => true,
        },
        _ => true,
    }
}

/// The slots that a function loads.
fn loads(func: &FuncData) -> impl Iterator<Item = Slot> {
    func.insts.values().filter_map(|data| match (data.opcode, data.immediate) {
        (Opcode::Load, Immediate::Slot(slot)) => Some(slot),
        _ => None,
    })
}

/// The same function without the writes that are not wanted and without what only they needed. `spills` holds the spills and
/// hoisted slots that later parts of the role load, and afterwards those as well that this part does.
fn rebuild_live(
    module: &Module,
    old: &FuncData,
    role: FuncRole,
    spills: &mut EntitySet<Slot>,
    wanted: impl Fn(Inst) -> bool,
) -> FuncData {
    let live = find_live(module, old, spills, wanted);
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

/// What a function needs. Going backwards once misses a store whose element only a later pass of the same loop loads, in front of the
/// store: as long as there are such, their slots count as loaded after the function, and all is looked at again.
fn find_live<'a>(
    module: &Module,
    func: &'a FuncData,
    spills: &mut EntitySet<Slot>,
    wanted: impl Fn(Inst) -> bool,
) -> Live<'a> {
    loop {
        let mut loaded = spills.clone();
        let live = Live::find(module, func, &mut loaded, &wanted);
        let is_missed = |inst: Inst| {
            let data = &func.insts[inst];
            let slot = data
                .immediate
                .as_slot()
                .filter(|_| matches!(data.opcode, Opcode::Store | Opcode::Arrange) && !live.insts.contains(inst));
            slot.filter(|&slot| module.slots[slot].role == SlotRole::Spill && loaded.contains(slot))
        };
        let missed: Vec<Slot> = func.listed_insts().filter_map(is_missed).collect();
        if missed.is_empty() {
            *spills = loaded;
            return live;
        }
        spills.extend(missed);
    }
}

/// The instructions that a function needs.
struct Live<'a> {
    func: &'a FuncData,
    insts: EntitySet<Inst>,
    values: EntitySet<Value>,
    /// Loops around, and whether each is needed.
    open: Vec<(Inst, bool)>,
}

impl<'a> Live<'a> {
    /// Walks backwards: a use is met before the definition that it keeps alive, and a load before the stores that it needs.
    fn find(module: &Module, func: &'a FuncData, spills: &mut EntitySet<Slot>, wanted: impl Fn(Inst) -> bool) -> Self {
        let steps: Vec<Step> = func.walk().collect();
        let mut live = Self { func, insts: EntitySet::new(), values: EntitySet::new(), open: Vec::new() };
        for &step in steps.iter().rev() {
            match step {
                Step::Leave(inst, _) => live.open.push((inst, live.needs_result(inst))),
                Step::Enter(inst, _) => {
                    if live.open.pop().is_some_and(|(_, is_needed)| is_needed) {
                        live.add(inst);
                    }
                }
                Step::Inst(inst) => {
                    let data = &func.insts[inst];
                    let is_within =
                        |slot: &Slot| matches!(module.slots[*slot].role, SlotRole::Spill | SlotRole::Hoisted);
                    let spill = data.immediate.as_slot().filter(is_within);
                    let is_needed = match (data.opcode, spill) {
                        (Opcode::Yield, _) => live.open.last().is_some_and(|&(_, is_needed)| is_needed),
                        (Opcode::Store, Some(slot)) if module.slots[slot].role == SlotRole::Hoisted => {
                            spills.contains(slot) || wanted(inst)
                        }
                        (Opcode::Store | Opcode::Arrange, Some(slot)) => spills.contains(slot),
                        (opcode, _) if opcode.signature().effect == Effect::Write => wanted(inst),
                        _ => live.needs_result(inst),
                    };
                    if is_needed {
                        live.add(inst);
                        spills.extend(spill);
                    }
                }
            }
        }
        live
    }

    fn needs_result(&self, inst: Inst) -> bool {
        self.func.insts[inst].result.is_some_and(|result| self.values.contains(result))
    }

    /// Keeps an instruction, its operands and the loops around it.
    fn add(&mut self, inst: Inst) {
        self.insts.insert(inst);
        self.values.extend(self.func.args(inst).iter().copied());
        if let Some((_, is_needed)) = self.open.last_mut() {
            *is_needed = true;
        }
    }
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
    fn a_hoisted_value_stays_for_what_prepare_itself_computes_of_it() {
        let mut module = Module::default();
        let (hoisted, run) = (slot(&mut module, SlotRole::Hoisted), slot(&mut module, SlotRole::Run));
        let mut prepare = FuncData::new(FuncRole::Prepare);
        let mut b = Builder::new(&module, &mut prepare);
        let one = b.fconst(1.0);
        b.write(Opcode::Store, hoisted, &[one]);
        let loaded = b.load(hoisted, &[]);
        b.write(Opcode::Store, run, &[loaded]);
        module.funcs.push(prepare);
        assert!(!remove(&mut module));
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
