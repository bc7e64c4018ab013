//! Hands on from pass to pass what a loop stores for its next pass alone.
//!
//! Where a loop stores an element of an array after the one that it reads, each element but the first is what the pass before has stored. If nothing
//! else reads the array, the number is a `carry`, and no element but the first needs a place in memory.

use std::collections::BTreeMap;

use cranelift_entity::{EntitySet, SecondaryMap};
use simc_ir::derive::{Origin, index_origin};
use simc_ir::entity::{Block, Func, Inst, Slot, Value};
use simc_ir::func::walk::Step;
use simc_ir::func::{FuncData, ValueDef};
use simc_ir::module::{FuncRole, Module, SlotData, SlotRole};
use simc_ir::opcode::Opcode;

use crate::analysis::spill_uses::{self, SpillUses};
use crate::pass::{Pass, PassCx};
use crate::rebuild::Rebuild;

/// See the module.
pub const PASS: Pass = Pass {
    name: "carry_spills",
    about: "hands on from pass to pass what a loop stores for its next pass alone",
    run: |module: &mut Module, _: &PassCx| carry(module),
};

/// Carries in every role that is one function.
pub fn carry(module: &mut Module) -> bool {
    let mut changed = false;
    for role in FuncRole::ALL {
        let parts: Vec<Func> = module.parts(role).collect();
        let &[func] = parts.as_slice() else { continue };
        let chains = find(module, &module.funcs[func]);
        if chains.is_empty() {
            continue;
        }
        let carried: Vec<Carried> = chains.into_iter().map(|chain| chain.declare(module)).collect();
        module.funcs[func] = write(module, &module.funcs[func], &carried);
        changed = true;
    }
    changed
}

/// An array of which each pass of a loop reads an element and stores the next one.
struct Chain {
    slot: Slot,
    /// Which of its axes the loop goes along.
    along: usize,
    /// The body of the loop.
    body: Block,
    /// The store of position 0, and that in the loop.
    first: Inst,
    next: Inst,
    /// The loads, which are all in the loop.
    loads: Vec<Inst>,
    /// The indices along the other axes, which are the same in all passes.
    others: Vec<Value>,
}

/// The same with its new slots.
struct Carried {
    chain: Chain,
    /// The first elements.
    firsts: Slot,
    carry: Slot,
}

impl Chain {
    fn declare(self, module: &mut Module) -> Carried {
        let SlotData { name, axes, .. } = module.slots[self.slot].clone();
        let mut rest = axes;
        rest.remove(self.along);
        let firsts = module.slots.push(SlotData { name: name.clone(), axes: rest, role: SlotRole::Spill });
        let carry = module.slots.push(SlotData { name, axes: Vec::new(), role: SlotRole::Carry });
        Carried { chain: self, firsts, carry }
    }
}

/// What is where in a function.
struct Places {
    spills: BTreeMap<Slot, SpillUses>,
    /// The block that each instruction is in, and its number in program order.
    of: SecondaryMap<Inst, Option<(Block, usize)>>,
    /// For the body of each `for` the number of the loop.
    loops: BTreeMap<Block, usize>,
}

fn find(module: &Module, func: &FuncData) -> Vec<Chain> {
    let mut places = Places { spills: BTreeMap::new(), of: SecondaryMap::new(), loops: BTreeMap::new() };
    let mut open = vec![func.entry];
    for (number, step) in func.walk().enumerate() {
        let (Step::Inst(inst) | Step::Enter(inst, _) | Step::Leave(inst, _)) = step;
        if matches!(step, Step::Leave(..)) {
            open.pop();
            continue;
        }
        places.of[inst] = open.last().map(|&block| (block, number));
        let data = &func.insts[inst];
        if let Step::Enter(_, body) = step {
            open.push(body);
            if data.opcode == Opcode::For {
                places.loops.insert(body, number);
            }
        }
        spill_uses::note(module, func, inst, &mut places.spills);
    }
    places.spills.iter().filter_map(|(&slot, uses)| places.chain(func, slot, uses)).collect()
}

impl Places {
    fn chain(&self, func: &FuncData, slot: Slot, uses: &SpillUses) -> Option<Chain> {
        let (&[first, next], false) = (uses.stores.as_slice(), uses.is_more) else { return None };
        let (body, _) = self.of[next]?;
        let entered = *self.loops.get(&body)?;
        let indices = |inst: Inst| &func.args(inst)[usize::from(func.insts[inst].opcode == Opcode::Store)..];
        let origin = |inst: Inst, at: usize| index_origin(func, indices(inst)[at]);
        let along = (0..indices(next).len()).find(|&at| origin(next, at) == Origin::Loop(body, 1))?;
        let others = |inst: Inst| others(indices(inst), along);
        let is_outside = |index: Value| match func.values[index].def {
            ValueDef::Param(block, _) => block != body,
            ValueDef::Result(inst) => self.of[inst].is_some_and(|(block, _)| block != body),
        };
        let is_read_here = |&load: &Inst| {
            self.of[load].is_some_and(|(block, _)| block == body)
                && origin(load, along) == Origin::Loop(body, 0)
                && others(load) == others(next)
        };
        let is_first =
            self.of[first].is_some_and(|(_, number)| number < entered) && origin(first, along) == Origin::Fixed(0);
        let is_chain = is_first
            && others(next).into_iter().all(is_outside)
            && !uses.loads.is_empty()
            && uses.loads.iter().all(is_read_here);
        is_chain.then(|| Chain { slot, along, body, first, next, loads: uses.loads.clone(), others: others(next) })
    }
}

/// All indices but one.
fn others(indices: &[Value], along: usize) -> Vec<Value> {
    let mut others = indices.to_vec();
    others.remove(along);
    others
}

fn write(module: &Module, old: &FuncData, carried: &[Carried]) -> FuncData {
    let mut func = FuncData::new(old.role);
    let mut rebuild = Rebuild::new(module, old, &mut func);
    let mut loads = EntitySet::new();
    let (mut stores, mut loops) = (BTreeMap::new(), BTreeMap::<Block, Vec<&Carried>>::new());
    for carried in carried {
        let chain = &carried.chain;
        loads.extend(chain.loads.iter().copied());
        stores.extend([(chain.first, carried), (chain.next, carried)]);
        loops.entry(chain.body).or_default().push(carried);
    }
    for step in old.walk() {
        match step {
            Step::Inst(inst) if loads.contains(inst) => {}
            Step::Inst(inst) if stores.contains_key(&inst) => {
                let Carried { chain, firsts, carry } = stores[&inst];
                let args = rebuild.args(inst);
                if inst == chain.next {
                    rebuild.b.write(Opcode::Store, *carry, &args[..1]);
                } else {
                    rebuild.b.write(Opcode::Store, *firsts, &others(&args, chain.along + 1));
                }
            }
            Step::Enter(_, body) => {
                let of_loop = loops.get(&body).map_or(&[][..], Vec::as_slice);
                for Carried { chain, firsts, carry } in of_loop {
                    let indices: Vec<Value> = chain.others.iter().map(|&index| rebuild.value(index)).collect();
                    let first = rebuild.b.load(*firsts, &indices);
                    rebuild.b.write(Opcode::Store, *carry, &[first]);
                }
                rebuild.follow(step);
                for Carried { chain, carry, .. } in of_loop {
                    let number = rebuild.b.load(*carry, &[]);
                    chain.loads.iter().for_each(|&load| rebuild.set_result(load, number));
                }
            }
            Step::Inst(_) | Step::Leave(..) => rebuild.follow(step),
        }
    }
    func
}
