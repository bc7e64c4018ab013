//! Gives an array that is another one, shifted by a place, the memory of that one.
//!
//! What arrives in a cohort is what left the one before it, and in the first cohort something else. So one array is written twice: a loop copies the
//! other array, from position `i` to `i + 1`, and position 0 is stored by itself. Both fit one array with a place more, whose first element is
//! that position 0, and whose others are those of the array that was copied. Then nothing is copied, and what reads either array may be in
//! one loop with what writes it (`fuse_loops`), where one pass hands on to the next (`carry_spills`).
//!
//! An output that is written in the same two parts is written by one loop over all of it, from the joined array.

use std::collections::{BTreeMap, HashMap};

use cranelift_entity::EntitySet;
use simc_ir::derive::{Origin, index_origin};
use simc_ir::entity::{Axis, Block, Func, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::func::walk::Step;
use simc_ir::module::{AxisData, FuncRole, Module};
use simc_ir::opcode::{Immediate, Opcode};

use crate::analysis::spill_uses::{self, SpillUses};
use crate::pass::{Pass, PassCx};
use crate::rebuild::Rebuild;

/// See the module.
pub const PASS: Pass = Pass {
    name: "join_shifts",
    about: "gives an array that is another one, shifted by a place, the memory of that one",
    run: |module: &mut Module, _: &PassCx| join(module),
};

/// Joins in every role that is one function.
pub fn join(module: &mut Module) -> bool {
    let mut axes = BTreeMap::new();
    let mut changed = false;
    for role in FuncRole::ALL {
        let parts: Vec<Func> = module.parts(role).collect();
        let &[func] = parts.as_slice() else { continue };
        let joins = find(module, &module.funcs[func]);
        if joins.is_empty() {
            continue;
        }
        let joined: Vec<Joined> = joins.into_iter().map(|join| join.declare(module, &mut axes)).collect();
        module.funcs[func] = write(module, &module.funcs[func], &joined);
        changed = true;
    }
    changed
}

/// Two arrays that can be one.
struct Join {
    /// The array that is copied, and the one that it is copied into.
    from: Slot,
    into: Slot,
    /// Which of their axes they are shifted along.
    along: usize,
    /// The store of position 0, and that of a copied element.
    first: Inst,
    copy: Inst,
    outs: Vec<Out>,
}

/// An output that is written beside both stores.
struct Out {
    slot: Slot,
    parts: [Inst; 2],
}

/// Two arrays with the slot that holds both.
struct Joined {
    join: Join,
    slot: Slot,
    axis: Axis,
}

impl Join {
    fn declare(self, module: &mut Module, axes: &mut BTreeMap<Axis, Axis>) -> Joined {
        let mut data = module.slots[self.from].clone();
        let old = data.axes[self.along];
        let axis = *axes.entry(old).or_insert_with(|| {
            let AxisData { name, size } = &module.axes[old];
            let data = AxisData { name: format!("{name}, and one before"), size: size + 1 };
            module.axes.push(data)
        });
        data.axes[self.along] = axis;
        Joined { join: self, slot: module.slots.push(data), axis }
    }
}

/// Looks for pairs of arrays in a function.
struct Finder<'a> {
    module: &'a Module,
    func: &'a FuncData,
    spills: BTreeMap<Slot, SpillUses>,
    outs: HashMap<Slot, Vec<Inst>>,
    outs_by_args: HashMap<&'a [Value], Vec<Inst>>,
    /// How many passes a loop makes, by its body.
    passes: HashMap<Block, u32>,
}

/// All pairs of a function, no array in two of them.
fn find(module: &Module, func: &FuncData) -> Vec<Join> {
    let mut finder = Finder {
        module,
        func,
        spills: BTreeMap::new(),
        outs: HashMap::new(),
        outs_by_args: HashMap::new(),
        passes: HashMap::new(),
    };
    func.listed_insts().for_each(|inst| finder.note(inst));
    let mut taken: EntitySet<Slot> = EntitySet::new();
    let mut joins = Vec::new();
    for (&into, uses) in &finder.spills {
        if let Some(join) = finder.pair(into, uses).filter(|join| !taken.contains(join.from) && !taken.contains(into)) {
            taken.extend([join.from, into]);
            joins.push(join);
        }
    }
    joins
}

impl<'a> Finder<'a> {
    fn note(&mut self, inst: Inst) {
        let data = &self.func.insts[inst];
        if let Immediate::Loop(axis, body) = data.immediate {
            self.passes.insert(body, self.module.axes[axis].size);
        }
        spill_uses::note(self.module, self.func, inst, &mut self.spills);
        if let (Opcode::Out, Some(slot)) = (data.opcode, data.immediate.as_slot()) {
            self.outs.entry(slot).or_default().push(inst);
            self.outs_by_args.entry(self.func.args(inst)).or_default().push(inst);
        }
    }

    /// The array that another one is copied into.
    fn pair(&self, into: Slot, uses: &SpillUses) -> Option<Join> {
        let &[one, other] = uses.stores.as_slice() else { return None };
        [(one, other), (other, one)].into_iter().find_map(|(first, copy)| self.pair_of(into, uses, first, copy))
    }

    fn pair_of(&self, into: Slot, uses: &SpillUses, first: Inst, copy: Inst) -> Option<Join> {
        let func = self.func;
        let (&copied, indices) = func.args(copy).split_first()?;
        let load = func.def_inst(copied)?;
        let from = func.insts[load].immediate.as_slot().filter(|_| func.insts[load].opcode == Opcode::Load)?;
        let uses_of_from = self.spills.get(&from).filter(|_| from != into)?;
        let axes = &self.module.slots[into].axes;
        let has_one_store = uses_of_from.stores.len() == 1;
        if !has_one_store || *axes != self.module.slots[from].axes || uses.is_more || uses_of_from.is_more {
            return None;
        }
        let is_shifted = |along: usize| {
            let is_first = index_origin(func, func.args(first)[along + 1]) == Origin::Fixed(0);
            let [read, written] = [func.args(load)[along], indices[along]].map(|index| index_origin(func, index));
            let (Origin::Loop(body, 0), Origin::Loop(same, 1)) = (read, written) else { return false };
            let others = (0..axes.len()).filter(|&at| at != along);
            is_first
                && body == same
                && self.passes.get(&body).is_some_and(|passes| passes + 1 == self.module.axes[axes[along]].size)
                && others.into_iter().all(|at| func.args(load)[at] == indices[at])
        };
        let along = (0..axes.len()).find(|&along| is_shifted(along))?;
        // What is read at a place that a number says could be any of both arrays.
        let is_known = |inst: &Inst, n_operands: usize| {
            index_origin(func, func.args(*inst)[n_operands + along]) != Origin::Computed
        };
        let mut loads = uses.loads.iter().chain(&uses_of_from.loads);
        if !loads.all(|inst| is_known(inst, 0)) || !uses_of_from.stores.iter().all(|inst| is_known(inst, 1)) {
            return None;
        }
        Some(Join { from, into, along, first, copy, outs: self.outs_beside(first, copy) })
    }

    /// The outputs that are written by two instructions, one beside each of two stores.
    fn outs_beside(&self, first: Inst, copy: Inst) -> Vec<Out> {
        let beside = self.outs_by_args.get(self.func.args(first)).into_iter().flatten();
        let both = beside.filter_map(|&part| {
            let slot = self.func.insts[part].immediate.as_slot()?;
            let parts: [Inst; 2] = self.outs[&slot].as_slice().try_into().ok()?;
            let rest = parts.into_iter().find(|&other| other != part)?;
            (self.func.args(rest) == self.func.args(copy)).then_some(Out { slot, parts })
        });
        both.collect()
    }
}

/// What becomes of an instruction.
#[derive(Clone, Copy)]
enum Change {
    /// The store of position 0, which goes to the joined array.
    First(usize),
    /// It is left out.
    Drop,
    /// One of both parts of an output is left out: the pair, and the output.
    DropPart(usize, usize),
}

/// Writes a function anew, with each pair as one array.
struct Writer<'a> {
    module: &'a Module,
    old: &'a FuncData,
    joined: &'a [Joined],
    rebuild: Rebuild<'a>,
    changes: HashMap<Inst, Change>,
    /// For each array the pair that it is in, and how far its elements move.
    arrays: HashMap<Slot, (usize, u32)>,
    /// Outputs of which a part has been met.
    half: Vec<(usize, usize)>,
    /// Those of which both have, and which are to be written as soon as no loop is open.
    whole: Vec<(usize, usize)>,
}

fn write(module: &Module, old: &FuncData, joined: &[Joined]) -> FuncData {
    let mut func = FuncData::new(old.role);
    let (mut changes, mut arrays) = (HashMap::new(), HashMap::new());
    for (at, Joined { join, .. }) in joined.iter().enumerate() {
        changes.extend([(join.first, Change::First(at)), (join.copy, Change::Drop)]);
        for (number, out) in join.outs.iter().enumerate() {
            changes.extend(out.parts.map(|part| (part, Change::DropPart(at, number))));
        }
        arrays.extend([(join.from, (at, 1)), (join.into, (at, 0))]);
    }
    let rebuild = Rebuild::new(module, old, &mut func);
    let (half, whole) = (Vec::new(), Vec::new());
    let mut writer = Writer { module, old, joined, rebuild, changes, arrays, half, whole };
    let mut depth = 0_u32;
    for step in old.walk() {
        match step {
            Step::Inst(inst) => writer.write(inst),
            Step::Enter(..) => {
                depth += 1;
                writer.rebuild.follow(step);
            }
            Step::Leave(..) => {
                depth -= 1;
                writer.rebuild.follow(step);
            }
        }
        if depth == 0 {
            writer.write_outs();
        }
    }
    func
}

impl Writer<'_> {
    fn write(&mut self, inst: Inst) {
        let data = &self.old.insts[inst];
        match self.changes.get(&inst) {
            Some(Change::Drop) => return,
            Some(&Change::DropPart(pair, out)) => {
                // The first part waits for the other one.
                match self.half.iter().position(|&half| half == (pair, out)) {
                    Some(at) => self.whole.push(self.half.swap_remove(at)),
                    None => self.half.push((pair, out)),
                }
                return;
            }
            Some(&Change::First(pair)) => {
                let Joined { join, slot, axis } = &self.joined[pair];
                let mut args = self.rebuild.args(inst);
                args[join.along + 1] = self.rebuild.b.position(*axis, 0);
                self.rebuild.b.write(Opcode::Store, *slot, &args);
                return;
            }
            None => {}
        }
        let Some(&(pair, by)) = data.immediate.as_slot().and_then(|slot| self.arrays.get(&slot)) else {
            return self.rebuild.copy(inst);
        };
        let Joined { join, slot, axis } = &self.joined[pair];
        let at = join.along + usize::from(data.opcode == Opcode::Store);
        let mut args = self.rebuild.args(inst);
        args[at] = self.rebuild.b.value(Opcode::Shift, &[args[at]], Immediate::Position(*axis, by));
        if data.opcode == Opcode::Store {
            self.rebuild.b.write(Opcode::Store, *slot, &args);
        } else {
            let loaded = self.rebuild.b.load(*slot, &args);
            self.rebuild.set_result(inst, loaded);
        }
    }

    /// Writes the outputs whose parts have both been left out.
    fn write_outs(&mut self) {
        for (pair, out) in std::mem::take(&mut self.whole) {
            let Joined { join, slot, axis } = &self.joined[pair];
            let out = join.outs[out].slot;
            let axes = &self.module.slots[out].axes;
            let mut args: Vec<Value> = axes.iter().map(|&axis| self.rebuild.enter_for(axis)).collect();
            let indices = args.clone();
            args[join.along] = self.rebuild.b.value(Opcode::Shift, &[args[join.along]], Immediate::Position(*axis, 0));
            let loaded = self.rebuild.b.load(*slot, &args);
            args.clear();
            args.push(loaded);
            args.extend(indices);
            self.rebuild.b.write(Opcode::Out, out, &args);
            axes.iter().for_each(|_| self.rebuild.leave());
        }
    }
}
