//! Makes one loop of loops over the same axis, so that what passes from one to the other need not go through memory.
//!
//! Loops are taken apart first: what the passes of a `for` compute without need of one another may go different ways. Then each part
//! joins the first loop over its axis after everything that it needs of others, and goes to a later one, perhaps with others, if fewer numbers
//! then pass between loops (`moves`). Two loops may be one when each pass touches nothing but elements of its own among those that the other loop
//! writes. A `fold` that shares a loop hands its number on in a `carry` slot.

use std::collections::HashMap;

use simc_ir::entity::{Func, Inst, Slot};
use simc_ir::func::FuncData;
use simc_ir::module::{Module, SlotData, SlotRole};
use simc_ir::opcode::{Immediate, Opcode};

use self::fusion::{Nest, Node, plan};
use crate::pass::{Pass, PassCx};
use crate::rebuild::Rebuild;

mod cluster;
mod fragment;
mod fusion;
mod moves;

/// See the module.
pub const PASS: Pass = Pass {
    name: "fuse_loops",
    about: "makes one loop of loops over the same axis",
    // A loop cannot be split between functions: two of the largest find room in one.
    run: |module: &mut Module, cx: &PassCx| fuse(module, cx.limits.bytes / 2, !cx.simd),
};

/// What loops may become one.
#[derive(Clone, Copy)]
struct Rules<'a> {
    module: &'a Module,
    /// Bytes of code of a loop at most.
    max_bytes: u32,
    /// Whether a pass may read what an earlier one has written.
    may_hand_on: bool,
}

/// Fuses in every function; loops do not grow beyond that many bytes of code. Where passes need not be carried out side by side, one may read
/// what an earlier one has written.
pub fn fuse(module: &mut Module, max_bytes: u32, may_hand_on: bool) -> bool {
    let funcs: Vec<Func> = module.funcs.keys().collect();
    let mut changed = false;
    for func in funcs {
        let Some(nodes) = plan(&module.funcs[func], Rules { module, max_bytes, may_hand_on }) else { continue };
        let mut carries = Carries::default();
        carries.declare(module, func, &nodes);
        let old = &module.funcs[func];
        let mut new = FuncData::new(old.role);
        let mut writer = Writer { old, carries: &carries, rebuild: Rebuild::new(module, old, &mut new) };
        writer.write(&nodes);
        module.funcs[func] = new;
        changed = true;
    }
    changed
}

/// Where folds that share a loop keep their numbers.
#[derive(Default)]
struct Carries {
    of_fold: HashMap<Inst, Slot>,
    of_yield: HashMap<Inst, Slot>,
}

impl Carries {
    fn declare(&mut self, module: &mut Module, func: Func, nodes: &[Node]) {
        for node in nodes {
            let Node::Loop(nest) = node else { continue };
            for &member in nest.members.iter().filter(|_| nest.is_shared()) {
                let data = &module.funcs[func];
                if data.insts[member].opcode != Opcode::Fold {
                    continue;
                }
                let last = data.body(member).and_then(|body| data.blocks[body].insts.last().copied());
                let name = format!("carried {}", module.slots.len());
                let slot = module.slots.push(SlotData { name, axes: Vec::new(), role: SlotRole::Carry });
                self.of_fold.insert(member, slot);
                self.of_yield.extend(last.map(|last| (last, slot)));
            }
            self.declare(module, func, &nest.body);
        }
    }
}

/// Writes the new function.
struct Writer<'a> {
    old: &'a FuncData,
    carries: &'a Carries,
    rebuild: Rebuild<'a>,
}

impl Writer<'_> {
    fn write(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Inst(inst) => self.write_inst(*inst),
                Node::Loop(nest) => self.write_nest(nest),
            }
        }
    }

    fn write_inst(&mut self, inst: Inst) {
        match self.carries.of_yield.get(&inst) {
            Some(&slot) => {
                let args = self.rebuild.args(inst);
                self.rebuild.b.write(Opcode::Store, slot, &args);
            }
            None => self.rebuild.copy(inst),
        }
    }

    fn write_nest(&mut self, nest: &Nest) {
        let first = nest.members[0];
        let Immediate::Loop(axis, body) = self.old.insts[first].immediate else { panic!("{first} is no loop") };
        if !nest.is_shared() {
            self.rebuild.enter(first, body);
            self.write(&nest.body);
            return self.rebuild.leave();
        }
        let folds: Vec<(Inst, Slot)> =
            nest.members.iter().filter_map(|&fold| Some((fold, *self.carries.of_fold.get(&fold)?))).collect();
        for &(fold, slot) in &folds {
            let args = self.rebuild.args(fold);
            self.rebuild.b.write(Opcode::Store, slot, &args);
        }
        let index = self.rebuild.enter_for(axis);
        for &member in &nest.members {
            let Some(body) = self.old.body(member) else { continue };
            self.rebuild.set(self.old.blocks[body].params[0], index);
            if let Some(&slot) = self.carries.of_fold.get(&member) {
                let number = self.rebuild.b.load(slot, &[]);
                self.rebuild.set(self.old.blocks[body].params[1], number);
            }
        }
        self.write(&nest.body);
        self.rebuild.leave();
        for (fold, slot) in folds {
            let number = self.rebuild.b.load(slot, &[]);
            self.rebuild.set_result(fold, number);
        }
    }
}

#[cfg(test)]
mod tests;
