//! Loops: what is known of them before they are translated. What a loop leaves alone is in it what it was before, and the body of a short
//! one follows itself.
//!
//! Counted loops say what the numbers that they count with can be at most, so that accesses by them need no check.
//! A loop is counted when nothing goes back to its beginning but a last `br_if` on `counter < bound`, unsigned, where the bound is a constant
//! or a local that the loop leaves alone. At its beginning the counter is then what it was before the loop or less than the bound. Where
//! the counter grows by a constant in each pass, the bound limits the number of passes, and so each local that grows by a constant as well.
//! All this holds at the beginning of each copy of a body.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};
use cranelift_frontend::Variable;
use wasmparser::{BlockType, FunctionBody, Operator, OperatorsReader};

use super::Translator;
use super::range::BOUND_DEPTH;
use crate::error::Error;
use crate::module::broken;

/// So many instructions a short loop may become, as copies of its body.
const COPIED: usize = 64;
/// A loop that reads more locals does not pass on which: every loop around it would have to remember them.
const MAX_READS: usize = 256;
/// Copies of a body at most.
const MAX_COPIES: usize = 4;

/// What is known of a loop before it is translated.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Loop {
    /// How it counts, if it does.
    counted: Option<Counted>,
    /// Locals that it reads and never sets.
    invariants: Vec<u32>,
    /// How often its body is to follow itself, so that fewer branches go back.
    copies: usize,
}

/// A counted loop.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Counted {
    counter: u32,
    bound: Bound,
    /// By how much locals grow in each pass, once and for certain.
    steps: Vec<(u32, u32)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    Constant(u32),
    Local(u32),
}

/// How a loop sets a local.
#[derive(Clone, Copy, PartialEq)]
enum Set {
    /// Once in each pass: it grows by that.
    Grows(u32),
    Otherwise,
}

/// A block that is open while a function is read.
struct Open {
    /// The number of the loop that it is.
    number: Option<usize>,
    /// Locals that are read in it.
    reads: BTreeSet<u32>,
    sets: BTreeMap<u32, Set>,
    /// How many instructions are in it.
    n_instructions: usize,
    /// Whether it is a loop without results in which nothing decides what comes next but its last branch.
    is_plain: bool,
    /// How often something branches to it.
    n_branches: usize,
    /// What the branch at its end compares.
    last: Option<(u32, Bound)>,
}

/// What the last instructions were.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Get(u32),
    Tee(u32),
    Const(u32),
    Add,
    Less,
    Other,
}

/// What is known of a function before it is translated.
#[derive(Default)]
pub(super) struct Survey {
    /// Its loops, in the order of their beginnings.
    pub(super) loops: Vec<Loop>,
    /// How many instructions it has.
    pub(super) n_instructions: usize,
}

/// Reads a function.
pub(super) fn survey(body: &FunctionBody<'_>) -> Result<Survey, Error> {
    let mut n_instructions = 0;
    let mut loops = Vec::new();
    let mut open = vec![Open::new(None)];
    let mut seen = [Seen::Other; 4];
    let mut reader = body.get_operators_reader().map_err(broken)?;
    while !reader.eof() {
        let op = reader.read().map_err(broken)?;
        n_instructions += 1;
        if let Some(top) = open.last_mut() {
            top.n_instructions += 1;
        }
        // A branch is the last one of a loop only if `end` follows.
        if let Some(top) = open.last_mut().filter(|_| !matches!(op, Operator::End)) {
            top.last = None;
        }
        let now = note(&op, &mut open, &mut loops, &seen);
        seen = [seen[1], seen[2], seen[3], now];
    }
    Ok(Survey { loops, n_instructions })
}

impl Open {
    fn new(number: Option<usize>) -> Self {
        let (reads, sets) = (BTreeSet::new(), BTreeMap::new());
        Self { number, reads, sets, n_instructions: 0, is_plain: false, n_branches: 0, last: None }
    }

    /// How often the body of a loop that ends is to follow itself.
    fn copies(&self) -> usize {
        let is_short = self.is_plain && self.n_branches == 1 && self.last.is_some();
        if is_short { (COPIED / self.n_instructions.max(1)).clamp(1, MAX_COPIES) } else { 1 }
    }

    /// What a loop that ends is.
    fn counted(&self) -> Option<Counted> {
        let (counter, bound) = self.last.filter(|_| self.n_branches == 1)?;
        if matches!(bound, Bound::Local(local) if self.sets.contains_key(&local)) {
            return None;
        }
        let steps = self.sets.iter().filter_map(|(&local, &set)| match set {
            Set::Grows(step) => Some((local, step)),
            Set::Otherwise => None,
        });
        Some(Counted { counter, bound, steps: steps.collect() })
    }
}

fn leave_plain(open: &mut [Open]) {
    if let Some(top) = open.last_mut() {
        top.is_plain = false;
    }
}

/// Notes an instruction.
#[expect(clippy::wildcard_enum_match_arm, reason = "a few of hundreds of instructions")]
fn note(op: &Operator<'_>, open: &mut Vec<Open>, loops: &mut Vec<Loop>, seen: &[Seen; 4]) -> Seen {
    let branch = |open: &mut Vec<Open>, depth: u32| {
        if depth > 0 {
            leave_plain(open);
        }
        let at = open.len().checked_sub(1 + depth as usize);
        if let Some(target) = at.and_then(|at| open.get_mut(at)) {
            target.n_branches += 1;
        }
    };
    match *op {
        Operator::Loop { blockty } => {
            leave_plain(open);
            let is_plain = blockty == BlockType::Empty;
            open.push(Open { is_plain, ..Open::new(Some(loops.len())) });
            loops.push(Loop::default());
        }
        Operator::Block { .. } | Operator::If { .. } => {
            leave_plain(open);
            open.push(Open::new(None));
        }
        Operator::Return | Operator::Unreachable => {
            leave_plain(open);
        }
        Operator::End => {
            if let Some(closed) = open.pop() {
                if let Some(number) = closed.number {
                    let reads = closed.reads.iter().copied();
                    let invariants = reads.filter(|local| !closed.sets.contains_key(local)).collect();
                    loops[number] = Loop { counted: closed.counted(), invariants, copies: closed.copies() };
                }
                if let Some(outer) = open.last_mut() {
                    if closed.reads.len() <= MAX_READS {
                        outer.reads.extend(closed.reads);
                    }
                    outer.sets.extend(closed.sets.keys().map(|&local| (local, Set::Otherwise)));
                }
            }
        }
        Operator::Br { relative_depth } => branch(open, relative_depth),
        Operator::BrIf { relative_depth } => {
            branch(open, relative_depth);
            if let (0, Some(top)) = (relative_depth, open.last_mut()) {
                top.last = match *seen {
                    [_, Seen::Get(counter) | Seen::Tee(counter), Seen::Const(bound), Seen::Less] => {
                        Some((counter, Bound::Constant(bound)))
                    }
                    [_, Seen::Get(counter) | Seen::Tee(counter), Seen::Get(bound), Seen::Less] => {
                        Some((counter, Bound::Local(bound)))
                    }
                    _ => None,
                };
            }
        }
        Operator::BrTable { ref targets } => {
            for depth in targets.targets().flatten().chain([targets.default()]) {
                branch(open, depth);
            }
        }
        Operator::LocalGet { local_index } => {
            if let Some(top) = open.last_mut() {
                top.reads.insert(local_index);
            }
            return Seen::Get(local_index);
        }
        Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
            let set = match *seen {
                [_, Seen::Get(local), Seen::Const(step), Seen::Add] if local == local_index => Set::Grows(step),
                _ => Set::Otherwise,
            };
            if let Some(top) = open.last_mut() {
                let known = top.sets.entry(local_index);
                known.and_modify(|known| *known = Set::Otherwise).or_insert(set);
            }
            if matches!(op, Operator::LocalTee { .. }) {
                return Seen::Tee(local_index);
            }
        }
        Operator::I32Const { value } => return Seen::Const(value.cast_unsigned()),
        Operator::I32Add => return Seen::Add,
        Operator::I32LtU => return Seen::Less,
        _ => {}
    }
    Seen::Other
}

/// What is known of a local at the beginning of a loop: the greatest number that it can be.
type Limits = Vec<(u32, u64)>;

/// What follows the body of a loop once more.
pub(super) struct Repeat<'a> {
    /// How often.
    left: usize,
    /// Where the body begins.
    start: OperatorsReader<'a>,
    limits: Limits,
}

impl<'a> Translator<'a, '_> {
    /// Begins a loop: what it leaves alone is in it what it was before, and what it counts with has limits.
    pub(super) fn enter(&mut self, header: Block, known: &Loop) -> Repeat<'a> {
        let limits = known.counted.as_ref().map(|counted| self.limits(counted)).unwrap_or_default();
        let variables: Vec<Variable> = known.invariants.iter().map(|&local| self.locals[local as usize].0).collect();
        let values: Vec<Value> = variables.iter().map(|&variable| self.builder.use_var(variable)).collect();
        self.builder.ins().jump(header, &[]);
        self.builder.switch_to_block(header);
        for (variable, value) in variables.into_iter().zip(values) {
            self.builder.def_var(variable, value);
        }
        self.apply_limits(&limits);
        Repeat { left: known.copies.saturating_sub(1), start: self.reader.clone(), limits }
    }

    /// At the last branch of a loop: its body again, as long as copies are left. False when that branch goes back.
    pub(super) fn repeat(&mut self) -> bool {
        let Some(frame) = self.frames.last_mut() else { return false };
        let Some(repeat) = frame.repeat.as_mut().filter(|repeat| repeat.left > 0) else { return false };
        repeat.left -= 1;
        self.reader = repeat.start.clone();
        let limits = repeat.limits.clone();
        frame.branched = true;
        let exit = frame.exit;
        let condition = self.pop();
        let next = self.builder.create_block();
        // Limits hold on this way alone: they are those of a parameter.
        let variables: Vec<Variable> = limits.iter().map(|&(local, _)| self.locals[local as usize].0).collect();
        let values: Vec<Value> = variables.iter().map(|&variable| self.builder.use_var(variable)).collect();
        let args: Vec<BlockArg> = values.iter().map(|&value| BlockArg::from(value)).collect();
        let jump = self.builder.ins().brif(condition, next, &args, exit, &[]);
        self.note_way(0, jump);
        self.builder.switch_to_block(next);
        self.builder.seal_block(next);
        for ((variable, value), (_, limit)) in variables.into_iter().zip(values).zip(limits) {
            let param = self.builder.append_block_param(next, types::I32);
            self.builder.def_var(variable, param);
            self.greatest_of.insert(param, limit);
            self.origins.insert(param, value);
        }
        self.checks.cross();
        true
    }

    /// The limits of a loop that is about to be entered.
    fn limits(&mut self, counted: &Counted) -> Limits {
        let before = |translator: &mut Self, local: u32| {
            let value = translator.builder.use_var(translator.locals[local as usize].0);
            (value, translator.greatest(value, BOUND_DEPTH))
        };
        let (first, first_greatest) = before(self, counted.counter);
        let (bound_value, bound) = match counted.bound {
            Bound::Constant(bound) => (None, u64::from(bound)),
            Bound::Local(local) => {
                let (value, greatest) = before(self, local);
                (Some(value), greatest)
            }
        };
        let mut limits = vec![(counted.counter, first_greatest.max(bound.saturating_sub(1)))];
        let step = counted.steps.iter().find(|&&(local, _)| local == counted.counter);
        let Some(step) = step.map(|&(_, step)| u64::from(step)).filter(|&step| step > 0) else { return limits };
        // The counter must not wrap around on its way.
        if first_greatest.max(bound) + step > u64::from(u32::MAX) {
            return limits;
        }
        let way = bound_value.and_then(|bound| self.distance(first, bound)).unwrap_or(bound);
        let last_pass = way.div_ceil(step).saturating_sub(1);
        for &(local, step) in counted.steps.iter().filter(|&&(local, _)| local != counted.counter) {
            let (_, greatest) = before(self, local);
            let limit = greatest.saturating_add(last_pass.saturating_mul(u64::from(step)));
            if limit <= u64::from(u32::MAX) {
                limits.push((local, limit));
            }
        }
        limits
    }

    /// What holds of values at the beginning of a loop, now that it is entered.
    fn apply_limits(&mut self, limits: &Limits) {
        for &(local, limit) in limits {
            let value = self.builder.use_var(self.locals[local as usize].0);
            let value = self.builder.func.dfg.resolve_aliases(value);
            self.greatest_of.insert(value, limit);
        }
    }
}
