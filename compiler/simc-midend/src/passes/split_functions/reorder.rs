//! Moves writes up to where they can be, so that little is alive at the cuts.
//!
//! As lowered, the effects of a step are after everything else, and all that they consume lives until then. Here everything that only
//! one write needs forms a group, which goes directly after the last of what it shares with others, and the write goes directly after
//! that. The advance of a slot also waits for all that reads the slot and for all that uses what was read, so that later parts may repeat
//! such loads. Everything else keeps its order.

use cranelift_entity::{EntitySet, SecondaryMap};
use simc_ir::entity::{Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::func::walk::Step;
use simc_ir::module::Module;
use simc_ir::opcode::{Effect, Opcode};

use super::body::Body;
use crate::rebuild::Rebuild;

/// The same function in the better order.
pub(super) fn reorder(module: &Module, func: &FuncData, body: &Body) -> FuncData {
    let mut new = FuncData::new(func.role);
    let mut rebuild = Rebuild::new(module, func, &mut new);
    for position in Order::new(Groups::new(func, body)).find() {
        for &step in &body.steps[body.items[position].steps.clone()] {
            rebuild.follow(step);
        }
    }
    new
}

/// Items that are together. For the write at a position there are two groups: what only it needs, and itself.
struct Groups<'a> {
    func: &'a FuncData,
    body: &'a Body,
    /// The group of each item.
    of: Vec<Option<usize>>,
    /// The items of each group in order.
    members: Vec<Vec<usize>>,
    /// The groups that wait for each item.
    waiting: Vec<Vec<usize>>,
    /// For how many items each group waits.
    missing: Vec<usize>,
}

impl<'a> Groups<'a> {
    fn new(func: &'a FuncData, body: &'a Body) -> Self {
        let len = body.items.len();
        let (of, waiting) = (vec![None; len], vec![Vec::new(); len]);
        let (members, missing) = (vec![Vec::new(); 2 * len], vec![0; 2 * len]);
        let mut groups = Self { func, body, of, members, waiting, missing };
        let users = Users::new(body);
        groups.form(&users);
        groups.wait_for_operands(&users);
        groups.wait_for_readers(&users);
        groups
    }

    /// Backwards: what has one user belongs to the group of that user's write. What reads a slot that the function stores stays after
    /// the stores, where it is.
    fn form(&mut self, users: &Users) {
        let stored = stored_slots(self.func, self.body);
        for (position, item) in self.body.items.iter().enumerate().rev() {
            let reads_stored = self.body.steps[item.steps.clone()].iter().any(|&step| reads(self.func, step, &stored));
            let only_user = match item.result.map(|result| users.of[result].as_slice()) {
                Some(&[user]) => self.of[user],
                Some(_) | None => None,
            };
            self.of[position] = if self.is_write(position) {
                Some(group_of_write(position))
            } else {
                only_user.filter(|_| !reads_stored).map(group_of_needs)
            };
        }
        for position in 0..self.of.len() {
            if let Some(group) = self.of[position] {
                self.members[group].push(position);
            }
        }
    }

    fn wait_for_operands(&mut self, users: &Users) {
        for (position, item) in self.body.items.iter().enumerate() {
            let Some(group) = self.of[position] else { continue };
            for &value in self.body.uses_of(item) {
                if let Some(maker) = users.maker[value] {
                    self.wait(group, maker);
                }
            }
        }
    }

    fn wait_for_readers(&mut self, users: &Users) {
        let mut readers: SecondaryMap<Slot, Vec<usize>> = SecondaryMap::new();
        for (position, item) in self.body.items.iter().enumerate() {
            for &step in &self.body.steps[item.steps.clone()] {
                if let Step::Inst(inst) = step
                    && reads_slot(self.func.insts[inst].opcode)
                    && let Some(slot) = self.func.insts[inst].immediate.as_slot()
                {
                    readers[slot].push(position);
                    readers[slot].extend(item.result.iter().flat_map(|&result| &users.of[result]));
                }
            }
        }
        for position in 0..self.of.len() {
            let Some(inst) = self.inst(position) else { continue };
            let data = &self.func.insts[inst];
            let advances = matches!(data.opcode, Opcode::Rate | Opcode::Next | Opcode::Push | Opcode::Advance);
            if let (true, Some(slot)) = (advances, data.immediate.as_slot()) {
                for &reader in &readers[slot] {
                    self.wait(group_of_write(position), reader);
                }
            }
        }
    }

    /// A group waits for an item, unless that is its own.
    fn wait(&mut self, group: usize, item: usize) {
        if self.of[item] != Some(group) {
            self.waiting[item].push(group);
            self.missing[group] += 1;
        }
    }

    fn is_write(&self, position: usize) -> bool {
        // The result of a block waits for inputs that loops store, so it stays after them.
        self.inst(position).is_some_and(|inst| {
            let opcode = self.func.insts[inst].opcode;
            opcode.signature().effect == Effect::Write && opcode != Opcode::Arrange
        })
    }

    /// The instruction that an item is, unless it is a loop.
    fn inst(&self, position: usize) -> Option<Inst> {
        match self.body.steps[self.body.items[position].steps.start] {
            Step::Inst(inst) => Some(inst),
            Step::Enter(..) | Step::Leave(..) => None,
        }
    }
}

/// The slots that a function stores or fills.
fn stored_slots(func: &FuncData, body: &Body) -> EntitySet<Slot> {
    let stores = body.steps.iter().filter_map(|&step| match step {
        Step::Inst(inst) if matches!(func.insts[inst].opcode, Opcode::Store | Opcode::Fill | Opcode::Initialise) => {
            func.insts[inst].immediate.as_slot()
        }
        Step::Inst(_) | Step::Enter(..) | Step::Leave(..) => None,
    });
    let mut stored = EntitySet::new();
    stored.extend(stores);
    stored
}

/// Whether a step reads one of these slots.
fn reads(func: &FuncData, step: Step, slots: &EntitySet<Slot>) -> bool {
    let Step::Inst(inst) = step else { return false };
    let data = &func.insts[inst];
    reads_slot(data.opcode) && data.immediate.as_slot().is_some_and(|slot| slots.contains(slot))
}

/// Whether an instruction reads its slot.
fn reads_slot(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::Load | Opcode::Oldest | Opcode::Recall | Opcode::Return | Opcode::Measure | Opcode::Trace)
}

/// The group that is the write at a position.
fn group_of_write(position: usize) -> usize {
    2 * position + 1
}

/// The group of what only a write needs, given either of the write's two groups.
fn group_of_needs(group: usize) -> usize {
    group & !1
}

/// Who makes and who uses the values of a body.
struct Users {
    of: SecondaryMap<Value, Vec<usize>>,
    maker: SecondaryMap<Value, Option<usize>>,
}

impl Users {
    fn new(body: &Body) -> Self {
        let mut users = Self { of: SecondaryMap::new(), maker: SecondaryMap::new() };
        for (position, item) in body.items.iter().enumerate() {
            for &value in body.uses_of(item) {
                users.of[value].push(position);
            }
            if let Some(result) = item.result {
                users.maker[result] = Some(position);
            }
        }
        users
    }
}

/// The order while it is being found.
struct Order<'a> {
    groups: Groups<'a>,
    is_placed: Vec<bool>,
    /// Groups that wait for nothing any more.
    ready: Vec<usize>,
    order: Vec<usize>,
}

impl<'a> Order<'a> {
    fn new(groups: Groups<'a>) -> Self {
        let len = groups.of.len();
        Self { groups, is_placed: vec![false; len], ready: Vec::new(), order: Vec::with_capacity(len) }
    }

    /// The positions of the items in the new order. In the old order everything is after its operands, so that whatever has not
    /// been moved can be placed when its turn comes.
    fn find(mut self) -> Vec<usize> {
        for position in 0..self.is_placed.len() {
            match self.groups.of[position] {
                Some(group) if self.groups.missing[group] == 0 => self.place_group(group),
                Some(_) | None => self.place(position),
            }
            while let Some(group) = self.ready.pop() {
                self.place_group(group);
            }
        }
        self.order
    }

    fn place_group(&mut self, group: usize) {
        for member in std::mem::take(&mut self.groups.members[group]) {
            self.place(member);
        }
    }

    /// Appends an item unless it has been moved already.
    fn place(&mut self, position: usize) {
        if std::mem::replace(&mut self.is_placed[position], true) {
            return;
        }
        self.order.push(position);
        for group in std::mem::take(&mut self.groups.waiting[position]) {
            self.groups.missing[group] -= 1;
            if self.groups.missing[group] == 0 {
                self.ready.push(group);
            }
        }
    }
}
