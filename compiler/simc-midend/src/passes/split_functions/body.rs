//! A function's body as the sequence that can be cut: what each item needs of the items before it, and how large it is.

use std::ops::Range;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};
use simc_ir::entity::{Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::func::walk::Step;
use simc_ir::module::FuncRole;
use simc_ir::opcode::{Accesses, Effect, Immediate, Opcode};

use crate::analysis::cost;

/// An instruction of the body, or a loop with everything inside.
#[derive(Debug)]
pub(super) struct Item {
    /// In [`Body::steps`].
    pub(super) steps: Range<usize>,
    /// In [`Body::uses`].
    pub(super) uses: Range<usize>,
    /// Estimated code.
    pub(super) bytes: u32,
    /// What it makes.
    pub(super) result: Option<Value>,
}

/// How a later part can get at a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// By repeating the instruction that makes it: a constant, or a load that still gives the same.
    Repeat,
    /// By a load from the slot that the item at this position stores it in.
    Stored(Slot, usize),
    /// Only through memory of its own.
    Spill,
}

/// The body of a function.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) steps: Vec<Step>,
    pub(super) items: Vec<Item>,
    /// Values of the body that items use, once for each item.
    uses: Vec<Value>,
    /// One past the last item that uses each value; 0 where none does.
    end: SecondaryMap<Value, usize>,
    /// Where each value is stored, and by which item.
    stored: SecondaryMap<Value, PackedOption<Slot>>,
    stored_at: SecondaryMap<Value, usize>,
    /// The first item that advances each slot.
    advanced_at: SecondaryMap<Slot, Option<usize>>,
}

impl Body {
    pub(super) fn new(func: &FuncData) -> Self {
        let mut body = Self {
            steps: func.walk().collect(),
            items: Vec::new(),
            uses: Vec::new(),
            end: SecondaryMap::new(),
            stored: SecondaryMap::new(),
            stored_at: SecondaryMap::new(),
            advanced_at: SecondaryMap::new(),
        };
        let mut inside = EntitySet::new();
        let mut at = 0;
        while at < body.steps.len() {
            at = body.add_item(func, at, &mut inside);
        }
        body
    }

    /// The values of the body that an item uses.
    pub(super) fn uses_of(&self, item: &Item) -> &[Value] {
        &self.uses[item.uses.clone()]
    }

    /// Whether an item after this position uses a value.
    pub(super) fn is_used_behind(&self, value: Value, position: usize) -> bool {
        self.end[value] > position + 1
    }

    /// The last item that uses a value.
    pub(super) fn last_use(&self, value: Value) -> Option<usize> {
        self.end[value].checked_sub(1)
    }

    /// Whether all that an item writes belongs to the step that is taken, and nothing to the evaluation itself.
    pub(super) fn only_advances(&self, func: &FuncData, item: &Item) -> bool {
        let insts = self.steps[item.steps.clone()].iter().filter_map(|&step| match step {
            Step::Inst(inst) => Some(func.insts[inst].opcode),
            Step::Enter(..) | Step::Leave(..) => None,
        });
        let mut writes =
            insts.filter(|opcode| opcode.signature().effect == Effect::Write && *opcode != Opcode::Yield).peekable();
        writes.peek().is_some()
            && writes.all(|opcode| matches!(opcode, Opcode::Rate | Opcode::Next | Opcode::Push | Opcode::Advance))
    }

    /// The slots that an item reads and writes, and how.
    pub(super) fn accesses<'a>(
        &'a self,
        func: &'a FuncData,
        item: &Item,
    ) -> impl Iterator<Item = (Slot, Accesses)> + 'a {
        self.steps[item.steps.clone()].iter().filter_map(|&step| {
            let Step::Inst(inst) = step else { return None };
            let data = &func.insts[inst];
            let access = data.opcode.facts().accesses;
            let slot = data.immediate.as_slot()?;
            (access != Accesses::None).then_some((slot, access))
        })
    }

    /// How a part after the one that makes a value can get at it, up to its last use.
    pub(super) fn access(&self, func: &FuncData, value: Value) -> Access {
        let Some(inst) = func.def_inst(value) else { return Access::Spill };
        let data = &func.insts[inst];
        let is_scalar = func.args(inst).is_empty();
        match (data.opcode, data.immediate) {
            (opcode, _) if opcode.is_constant() => Access::Repeat,
            (Opcode::Time | Opcode::StepTime | Opcode::StepIndex, _) => Access::Repeat,
            (Opcode::Param, _) if is_scalar => Access::Repeat,
            (Opcode::Load, Immediate::Slot(slot))
                if is_scalar && self.advanced_at[slot].is_none_or(|at| self.end[value] <= at + 1) =>
            {
                Access::Repeat
            }
            _ => match self.stored[value].expand() {
                Some(slot) => Access::Stored(slot, self.stored_at[value]),
                None => Access::Spill,
            },
        }
    }

    /// Adds the item that begins with a step; returns where the next one begins.
    fn add_item(&mut self, func: &FuncData, first: usize, inside: &mut EntitySet<Value>) -> usize {
        let position = self.items.len();
        let first_use = self.uses.len();
        let (mut at, mut depth, mut bytes) = (first, 0, 0_u32);
        let mut result = None;
        loop {
            let inst = match self.steps[at] {
                Step::Leave(..) => {
                    depth -= 1;
                    None
                }
                Step::Enter(inst, block) => {
                    depth += 1;
                    for &param in &func.blocks[block].params {
                        inside.insert(param);
                    }
                    Some(inst)
                }
                Step::Inst(inst) => Some(inst),
            };
            if let Some(inst) = inst {
                let data = &func.insts[inst];
                bytes = bytes.saturating_add(cost::code_bytes(data.opcode, func.args(inst).len()));
                for &arg in func.args(inst) {
                    if !inside.contains(arg) && self.end[arg] != position + 1 {
                        self.end[arg] = position + 1;
                        self.uses.push(arg);
                    }
                }
                self.note_write(func, inst, position);
                if at == first {
                    result = data.result;
                } else if let Some(result) = data.result {
                    inside.insert(result);
                }
            }
            at += 1;
            if depth == 0 {
                break;
            }
        }
        self.items.push(Item { steps: first..at, uses: first_use..self.uses.len(), bytes, result });
        at
    }

    fn note_write(&mut self, func: &FuncData, inst: Inst, position: usize) {
        let data = &func.insts[inst];
        match (data.opcode, data.immediate, func.args(inst)) {
            (Opcode::Store, Immediate::Slot(slot), &[value]) if loads_what_it_stores(func.role) => {
                self.stored[value] = slot.into();
                self.stored_at[value] = position;
            }
            (opcode, immediate, _) if opcode.facts().accesses == Accesses::Late => {
                if let Some(slot) = immediate.as_slot() {
                    self.advanced_at[slot].get_or_insert(position);
                }
            }
            _ => {}
        }
    }
}

/// Whether a role may load what it stores: the others store only what waits for the end of the step.
fn loads_what_it_stores(role: FuncRole) -> bool {
    matches!(role, FuncRole::Prepare | FuncRole::Start)
}
