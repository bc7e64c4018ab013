//! Decides, before a function is emitted, where each of its values will be: on the operand stack at its only use, computed
//! again at each use because that costs nothing, or in a local.
//!
//! A local is filled as late as at the first use. Engines compute a value where it is used first,
//! however early its local is filled, but they load from memory where the load stands: what is
//! loaded early waits, several numbers in place of the one that they become.
//!
//! Values are pure or read memory, so they may be computed later than they are, as long as nothing that they read is
//! written in between. Each value therefore has a deadline: the first write after it to anything that it reads.

use std::collections::BTreeMap;

use cranelift_entity::SecondaryMap;
use simc_ir::derive::{Origin, index_origin};
use simc_ir::entity::{Block, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::{Module, SlotRole};
use simc_ir::opcode::{Effect, Opcode};

use super::env::Env;

/// Deeper trees are cut by a local: the emitter and engines' validators recurse or keep stacks.
const MAX_HEIGHT: u32 = 64;

/// A position after all instructions.
const NEVER: u32 = u32::MAX;

/// Where a value will be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Placement {
    /// Nobody uses it: it is not computed.
    #[default]
    Unused,
    /// On the operand stack, computed at its only use.
    Tree,
    /// Computed, for nothing, at each use.
    Again,
    /// In a local, computed at the first use.
    Late,
    /// In a local, computed where it is.
    Local,
}

/// What an instruction does at the boundary of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Makes a value.
    Value,
    /// Must happen in every evaluation: writes the row, or a number for the next part of the role.
    Visible,
    /// Advances the model: happens only when the step is taken.
    Advance,
    /// A loop that holds both kinds.
    Mixed,
}

/// The decisions for one function.
#[derive(Debug)]
pub(crate) struct Placements {
    /// Where each value will be.
    pub(crate) placements: SecondaryMap<Value, Placement>,
    /// How often each value is used.
    pub(crate) uses: SecondaryMap<Value, u32>,
    /// What each instruction of a `row` function is.
    classes: SecondaryMap<Inst, Option<Class>>,
    /// The last instruction of the body that is not [`Class::Value`] or [`Class::Advance`], as a position in the entry block.
    pub(crate) last_visible: Option<usize>,
    /// The first instruction of the body that is not [`Class::Value`] or [`Class::Visible`], likewise.
    pub(crate) first_advance: Option<usize>,
}

/// Facts about one value on the way to its placement.
#[derive(Clone, Copy, Debug, Default)]
struct Facts {
    /// The block that defines it.
    home: Option<Block>,
    /// One user sees it from another block, where it may be needed many times.
    used_inside: bool,
    /// The last user met; the only one where there is one.
    user: Option<Inst>,
    /// Height of its tree.
    height: u32,
    /// Must be computed before this position.
    deadline: u32,
    /// Where its last use is emitted.
    last_use: u32,
    /// Where its first use is emitted.
    first_use: Option<u32>,
}

struct Planner<'a> {
    module: &'a Module,
    func: &'a FuncData,
    env: &'a Env,
    /// Instructions in the order in which they are, bodies after their loops.
    order: Vec<Inst>,
    homes: SecondaryMap<Inst, Option<Block>>,
    numbers: SecondaryMap<Inst, u32>,
    /// Positions at which slots are written, ascending once all are known. A part of a large model writes few of its slots.
    writes: BTreeMap<Slot, Vec<u32>>,
    facts: SecondaryMap<Value, Facts>,
    plan: Placements,
}

impl Placements {
    /// Plans a function for its surroundings.
    pub(crate) fn new(module: &Module, func: &FuncData, env: &Env) -> Self {
        let mut planner = Planner {
            module,
            func,
            env,
            order: Vec::new(),
            homes: SecondaryMap::new(),
            numbers: SecondaryMap::new(),
            writes: BTreeMap::new(),
            facts: SecondaryMap::new(),
            plan: Placements {
                placements: SecondaryMap::new(),
                uses: SecondaryMap::new(),
                classes: SecondaryMap::new(),
                last_visible: None,
                first_advance: None,
            },
        };
        planner.number(func.entry, &mut Vec::new());
        planner.count_uses();
        planner.set_deadlines();
        planner.choose_forms();
        planner.classify_entry();
        planner.plan
    }

    /// What an instruction is.
    pub(crate) fn class(&self, inst: Inst) -> Class {
        self.classes[inst].unwrap_or(Class::Value)
    }
}

impl Planner<'_> {
    /// Numbers instructions, collects writes, classifies; gives the class of the block as a whole.
    fn number(&mut self, block: Block, loops: &mut Vec<u32>) -> Class {
        let mut whole = Class::Value;
        for &inst in &self.func.blocks[block].insts {
            let number = u32::try_from(self.order.len()).expect("fewer than 2^32 instructions");
            self.order.push(inst);
            self.numbers[inst] = number;
            self.homes[inst] = Some(block);
            if let Some(result) = self.func.insts[inst].result {
                self.facts[result].home = Some(block);
            }
            let class = match self.func.body(inst) {
                Some(body) => {
                    for &param in &self.func.blocks[body].params {
                        self.facts[param].home = Some(body);
                        self.facts[param].deadline = NEVER;
                    }
                    loops.push(number);
                    let class = self.number(body, loops);
                    loops.pop();
                    class
                }
                None => self.classify(inst, loops),
            };
            self.plan.classes[inst] = Some(class);
            whole = whole.with(class);
        }
        whole
    }

    /// The class of an instruction that is no loop; notes what it writes.
    fn classify(&mut self, inst: Inst, loops: &[u32]) -> Class {
        let data = &self.func.insts[inst];
        let Some(slot) = data.immediate.as_slot() else { return Class::Value };
        if data.opcode.signature().effect != Effect::Write {
            return Class::Value;
        }
        if data.opcode != Opcode::Out {
            self.writes.entry(slot).or_default().extend(loops.iter().copied().chain([self.numbers[inst]]));
        }
        let to_pending = self.module.slots[slot].role == SlotRole::Pending;
        let is_visible = match data.opcode == Opcode::Store {
            true => !to_pending,
            false => matches!(data.opcode, Opcode::Out | Opcode::Arrange),
        };
        if is_visible { Class::Visible } else { Class::Advance }
    }

    /// Counts the uses that matter: those by instructions whose own result is used.
    fn count_uses(&mut self) {
        for &inst in self.order.iter().rev() {
            let data = &self.func.insts[inst];
            let is_dead = data.result.is_some_and(|result| self.plan.uses[result] == 0);
            if is_dead && self.func.body(inst).is_none() {
                continue;
            }
            for &arg in self.func.args(inst) {
                self.plan.uses[arg] += 1;
                self.facts[arg].user = Some(inst);
                self.facts[arg].used_inside |= self.facts[arg].home != self.homes[inst];
            }
        }
    }

    /// From operands to results: how late a value may be computed, and how high its tree grows.
    fn set_deadlines(&mut self) {
        for writes in self.writes.values_mut() {
            writes.sort_unstable();
        }
        for &inst in &self.order {
            let Some(result) = self.func.insts[inst].result else { continue };
            let mut deadline = self.own_deadline(inst);
            let mut height = 0;
            for &arg in self.func.args(inst) {
                let is_again = self.is_free(arg);
                if is_again || self.may_be_tree(arg) {
                    deadline = deadline.min(self.facts[arg].deadline);
                }
                if is_again || self.may_be_tree(arg) || self.may_be_late(arg) {
                    height = height.max(self.facts[arg].height + 1);
                }
            }
            self.facts[result].deadline = deadline;
            self.facts[result].height = height;
        }
    }

    /// From users to operands: where each value is needed, and hence its placement.
    fn choose_forms(&mut self) {
        let mut positions: SecondaryMap<Inst, u32> = SecondaryMap::new();
        for &inst in self.order.iter().rev() {
            let mut position = self.numbers[inst];
            if let Some(result) = self.func.insts[inst].result {
                let facts = self.facts[result];
                let placement = self.placement(inst, result, facts);
                self.plan.placements[result] = placement;
                match placement {
                    Placement::Unused if self.func.body(inst).is_none() => continue,
                    Placement::Tree => position = facts.user.map_or(position, |user| positions[user]),
                    Placement::Late => position = facts.first_use.unwrap_or(position),
                    Placement::Unused | Placement::Again | Placement::Local => {}
                }
            }
            positions[inst] = position;
            for &arg in self.func.args(inst) {
                self.facts[arg].last_use = self.facts[arg].last_use.max(position);
                self.facts[arg].first_use =
                    Some(self.facts[arg].first_use.map_or(position, |first| first.min(position)));
            }
        }
    }

    fn placement(&self, inst: Inst, result: Value, facts: Facts) -> Placement {
        let in_time = facts.last_use <= facts.deadline;
        if self.plan.uses[result] == 0 {
            Placement::Unused
        } else if in_time && self.is_free(result) {
            Placement::Again
        } else if in_time && self.may_be_tree(result) && self.func.body(inst).is_none() {
            Placement::Tree
        } else if self.may_be_late(result) && facts.first_use.is_some_and(|first| self.is_in_time(first, facts)) {
            Placement::Late
        } else {
            Placement::Local
        }
    }

    /// Whether a value can be computed at a position for all of its uses: what advances the model
    /// may be left out.
    fn is_in_time(&self, position: u32, facts: Facts) -> bool {
        let at = self.order[position as usize];
        position <= facts.deadline && matches!(self.plan.class(at), Class::Value | Class::Visible)
    }

    /// Whether a value of the body itself, outside of its loops, could be computed later than where
    /// it is.
    fn may_be_late(&self, value: Value) -> bool {
        let facts = &self.facts[value];
        let Some(inst) = self.func.def_inst(value) else { return false };
        let is_plain = self.func.body(inst).is_none() && !self.asks(value);
        is_plain && facts.home == Some(self.func.entry) && !facts.used_inside && facts.height < MAX_HEIGHT
    }

    fn may_be_tree(&self, value: Value) -> bool {
        let facts = &self.facts[value];
        !self.asks(value) && self.plan.uses[value] == 1 && !facts.used_inside && facts.height < MAX_HEIGHT
    }

    /// Whether a value is an answer of a transport: what that is asked with lies after it, and
    /// would be overwritten by another question in between.
    fn asks(&self, value: Value) -> bool {
        let inst = self.func.def_inst(value);
        inst.is_some_and(|inst| matches!(self.func.insts[inst].opcode, Opcode::Measure | Opcode::Trace))
    }

    /// Whether computing it again costs nothing: constants, positions along a loop, and what is in a local anyway.
    fn is_free(&self, value: Value) -> bool {
        let Some(inst) = self.func.def_inst(value) else { return false };
        let opcode = self.func.insts[inst].opcode;
        let is_moved = opcode == Opcode::Shift && index_origin(self.func, value) != Origin::Computed;
        opcode.is_constant() || is_moved || self.env.local_read(self.module, self.func, inst).is_some()
    }

    /// The first write after a read to what it reads.
    fn own_deadline(&self, inst: Inst) -> u32 {
        let Some(slot) = self.func.insts[inst].immediate.as_slot() else { return NEVER };
        let Some(writes) = self.writes.get(&slot) else { return NEVER };
        let next = writes.partition_point(|&write| write <= self.numbers[inst]);
        writes.get(next).copied().unwrap_or(NEVER)
    }

    fn classify_entry(&mut self) {
        let classes: Vec<Class> =
            self.func.blocks[self.func.entry].insts.iter().map(|&inst| self.plan.class(inst)).collect();
        self.plan.last_visible = classes.iter().rposition(|class| matches!(class, Class::Visible | Class::Mixed));
        self.plan.first_advance = classes.iter().position(|class| matches!(class, Class::Advance | Class::Mixed));
    }
}

impl Class {
    /// The class of a block that holds both.
    fn with(self, other: Class) -> Class {
        match (self, other) {
            (Class::Value, class) | (class, Class::Value) => class,
            (a, b) if a == b => a,
            _ => Class::Mixed,
        }
    }
}
