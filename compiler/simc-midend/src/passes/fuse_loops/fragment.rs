//! The fragments of a block that find their places one by one: instructions, folds, and parts of `for` loops; what each touches, and how large it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use simc_ir::derive::{Origin, index_origin, operand_count};
use simc_ir::entity::{Axis, Block, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::opcode::Opcode;

use crate::analysis::cost;

/// An instruction, or a loop with a part of its body.
#[derive(Debug)]
pub(super) struct Fragment {
    /// The instruction.
    pub(super) inst: Inst,
    /// What it holds, each with its number in the old order of all bodies of the block.
    pub(super) body: Vec<(usize, Inst)>,
    /// Whether that is all of the loop.
    pub(super) is_whole: bool,
}

/// How far an index lies after that of the loop, the least and the most, where it is that of the loop.
pub(super) type Reach = Option<(u32, u32)>;

/// For each index of a slot.
pub(super) type Places = Vec<Reach>;

/// How a fragment touches a slot: where in all of its reads, and in all of its writes.
#[derive(Debug, Default)]
pub(super) struct Touch {
    pub(super) read: Option<Places>,
    pub(super) write: Option<Places>,
    /// Along how many axes it writes several elements.
    pub(super) n_axes: u8,
}

/// What a fragment touches.
#[derive(Debug, Default)]
pub(super) struct Touches {
    pub(super) slots: BTreeMap<Slot, Touch>,
    /// Values from outside.
    pub(super) values: BTreeSet<Value>,
    /// All instructions.
    pub(super) insts: Vec<Inst>,
}

/// Takes the `for` loops of a block apart.
pub(super) fn fragments(func: &FuncData, insts: &[Inst]) -> Vec<Fragment> {
    let mut fragments = Vec::with_capacity(insts.len());
    let mut number = 0;
    for &inst in insts {
        let Some(body) = func.body(inst) else {
            fragments.push(Fragment { inst, body: Vec::new(), is_whole: true });
            continue;
        };
        let listed = &func.blocks[body].insts;
        let body: Vec<(usize, Inst)> = (number..).zip(listed.iter().copied()).collect();
        number += listed.len();
        let is_for = func.insts[inst].opcode == Opcode::For;
        let parts = if is_for { parts(func, &body) } else { Vec::new() };
        if parts.len() < 2 {
            fragments.push(Fragment { inst, body, is_whole: true });
        } else {
            fragments.extend(parts.into_iter().map(|body| Fragment { inst, body, is_whole: false }));
        }
    }
    fragments
}

/// The parts of a body that need nothing of one another. What is easily done twice is in each part that needs it.
fn parts(func: &FuncData, body: &[(usize, Inst)]) -> Vec<Vec<(usize, Inst)>> {
    let touches: Vec<Touches> = body.iter().map(|&(_, inst)| touches(func, inst, &[])).collect();
    let made: HashMap<Value, usize> =
        body.iter().enumerate().filter_map(|(at, &(_, inst))| Some((func.insts[inst].result?, at))).collect();
    let written: BTreeSet<Slot> = touches
        .iter()
        .flat_map(|touches| touches.slots.iter().filter(|(_, touch)| touch.write.is_some()).map(|(&slot, _)| slot))
        .collect();
    let mut is_shared = vec![false; body.len()];
    for (at, &(_, inst)) in body.iter().enumerate() {
        let is_fresh = touches[at].slots.keys().all(|slot| !written.contains(slot));
        let has_operands = func.args(inst).iter().all(|arg| made.get(arg).is_none_or(|&maker| is_shared[maker]));
        is_shared[at] = is_easy(func.insts[inst].opcode) && is_fresh && has_operands;
    }
    let mut sets = Sets::new(body.len());
    let mut owners: BTreeMap<Slot, usize> = BTreeMap::new();
    for (at, touches) in touches.iter().enumerate().filter(|&(at, _)| !is_shared[at]) {
        for value in &touches.values {
            if let Some(&maker) = made.get(value).filter(|&&maker| !is_shared[maker]) {
                sets.join(at, maker);
            }
        }
        for slot in touches.slots.keys().filter(|slot| written.contains(slot)) {
            sets.join(at, *owners.entry(*slot).or_insert(at));
        }
    }
    let mut parts: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for at in (0..body.len()).filter(|&at| !is_shared[at]) {
        parts.entry(sets.find(at)).or_default().insert(at);
    }
    parts
        .into_values()
        .map(|mut part| {
            let mut work: Vec<usize> = part.iter().copied().collect();
            while let Some(at) = work.pop() {
                let makers = touches[at].values.iter().filter_map(|value| made.get(value).copied());
                work.extend(makers.filter(|&maker| part.insert(maker)));
            }
            part.into_iter().map(|at| body[at]).collect()
        })
        .collect()
}

/// Whether an instruction costs so little that it may be done again in another loop.
fn is_easy(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::Fconst
            | Opcode::Bconst
            | Opcode::Position
            | Opcode::Shift
            | Opcode::Ordinal
            | Opcode::Load
            | Opcode::Time
            | Opcode::StepTime
    )
}

/// Sets that grow together.
struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    fn new(len: usize) -> Self {
        Self { parents: (0..len).collect() }
    }

    fn find(&mut self, mut at: usize) -> usize {
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    /// The smaller number stands for both.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parents[a.max(b)] = a.min(b);
    }
}

/// What an instruction touches with all that it holds, or with a part of what it holds.
pub(super) fn touches(func: &FuncData, inst: Inst, part: &[(usize, Inst)]) -> Touches {
    let mut touches = Touches::default();
    let own = func.body(inst);
    let mut work: Vec<Inst> = match own {
        Some(body) if part.is_empty() => func.blocks[body].insts.clone(),
        Some(_) => part.iter().map(|&(_, inst)| inst).collect(),
        None => Vec::new(),
    };
    work.push(inst);
    let mut made: BTreeSet<Value> = BTreeSet::new();
    while let Some(at) = work.pop() {
        touches.insts.push(at);
        touches.values.extend(func.args(at));
        touches.note(func, at, own);
        made.extend(func.insts[at].result.filter(|_| at != inst));
        if let Some(body) = func.body(at) {
            made.extend(&func.blocks[body].params);
            work.extend(func.blocks[body].insts.iter().filter(|_| at != inst));
        }
    }
    touches.values.retain(|value| !made.contains(value));
    touches
}

impl Touches {
    /// Notes the slot of an instruction, as seen from the loop with the body `own`.
    fn note(&mut self, func: &FuncData, inst: Inst, own: Option<Block>) {
        let data = &func.insts[inst];
        let Some(slot) = data.immediate.as_slot() else { return };
        let is_read = matches!(
            data.opcode,
            Opcode::Load | Opcode::Oldest | Opcode::Recall | Opcode::Return | Opcode::Measure | Opcode::Trace
        );
        // Nobody reads what `out` writes, and each element is written once.
        if data.opcode == Opcode::Out {
            return;
        }
        let n_operands = operand_count(data.opcode, data.immediate);
        let place = |&index: &Value| match index_origin(func, index) {
            Origin::Loop(body, shift) if Some(body) == own => Some((shift, shift)),
            Origin::Loop(..) | Origin::Fixed(_) | Origin::Computed => None,
        };
        // Of a block there are only the indices that choose it: the rest of its slot is touched wherever a loop is.
        let places: Places = func.args(inst)[n_operands..].iter().map(place).collect();
        let touch = self.slots.entry(slot).or_default();
        if !is_read {
            let is_fixed = |&&index: &&Value| matches!(index_origin(func, index), Origin::Fixed(_));
            let n_axes = places.len() - func.args(inst)[n_operands..].iter().filter(is_fixed).count();
            touch.n_axes = touch.n_axes.max(u8::try_from(n_axes).unwrap_or(u8::MAX));
        }
        let all = if is_read { &mut touch.read } else { &mut touch.write };
        *all = Some(match all {
            Some(known) => meet(known, &places),
            None => places,
        });
    }
}

/// Where both are.
pub(super) fn meet(a: &Places, b: &Places) -> Places {
    let both = |(a, b): (&Reach, &Reach)| {
        a.zip(*b).map(|((least, most), (other_least, other_most))| (least.min(other_least), most.max(other_most)))
    };
    a.iter().zip(b).map(both).collect()
}

/// Whether passes with different indices touch different elements.
pub(super) fn keeps_apart(places: &Places) -> bool {
    places.iter().flatten().any(|(least, most)| least == most)
}

/// Whether each pass reads only what it has written itself, or an earlier one.
pub(super) fn is_before(read: &Places, written: &Places) -> bool {
    read.iter().zip(written).any(|(read, written)| {
        matches!((read, written), (Some((_, read)), Some((least, most))) if least == most && read <= most)
    })
}

/// The axis of a loop that could be one with others: they all go the same way.
pub(super) fn axis_of(func: &FuncData, inst: Inst) -> Option<Axis> {
    let data = &func.insts[inst];
    data.immediate.as_loop().map(|(axis, _)| axis).filter(|_| data.opcode != Opcode::Down)
}

/// Estimated code of instructions with all that they hold.
pub(super) fn code_bytes(func: &FuncData, insts: impl IntoIterator<Item = Inst>) -> u32 {
    let each = insts.into_iter().map(|inst| cost::code_bytes(func.insts[inst].opcode, func.args(inst).len()));
    each.fold(0, u32::saturating_add)
}
