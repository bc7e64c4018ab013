//! A function while it is being lowered: what has a value already, and in which form.

use std::collections::BTreeMap;

use simc_ir::builder::Builder;
use simc_ir::entity::{Axis, Block, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::{Module, SlotRole};
use simc_ir::opcode::{Immediate, Opcode};
use simc_model::model::{Expr, Extent, Model, StateId, VarId};

use super::axes;
use super::slots::{Places, is_its_memory};
use super::task::{Read, Target, Task, Work};

/// What lowering reads and never changes.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) model: &'a Model,
    pub(super) places: &'a Places,
}

/// A value of the model: a number, a truth value, or both when both have been asked for.
/// A comparison stays a truth value until somebody calculates with it, and `x <> 0` is taken of the same number only once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand {
    number: Option<Value>,
    truth: Option<Value>,
}

impl Operand {
    /// A number.
    pub(super) fn number(value: Value) -> Self {
        Self { number: Some(value), truth: None }
    }

    /// What has no value of its own.
    pub(super) fn none() -> Self {
        Self { number: None, truth: None }
    }

    /// A truth value, of type bool.
    pub(super) fn truth(value: Value) -> Self {
        Self { number: None, truth: Some(value) }
    }
}

/// The operands of the nodes that are done.
pub(super) struct Done(pub(super) Vec<Operand>);

/// One of a state's arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arg {
    Input,
    Time,
    Init,
    Horizon,
}

/// A function under construction.
pub(super) struct FuncLowering<'a> {
    pub(super) cx: Context<'a>,
    pub(super) b: Builder<'a>,
    pub(super) module: &'a Module,
    /// Where the loops and reducers around the present expression are.
    pub(super) env: Env,
    /// Values of variables without dimensions.
    vars: Vec<Option<Operand>>,
    /// Values of states without loops.
    states: Vec<Option<Operand>>,
    /// Single elements of arrays that have been computed outside of loops.
    elements: BTreeMap<(Target, Vec<u32>), Operand>,
    /// What the open nest has computed, or the function itself outside of nests.
    cache: Cache,
}

/// Where the loops around an expression are.
#[derive(Clone, Debug, Default)]
pub(super) struct Env {
    /// Those of the variable's dimensions.
    pub(super) loops: Vec<Pos>,
    /// Those of reducers, outermost first.
    pub(super) bounds: Vec<Pos>,
}

/// A position in a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pos {
    /// Always the same.
    Fixed(u32),
    /// `start` after the index, which is one of an axis.
    Moving { index: Value, axis: Axis, start: u32 },
}

/// Values that are gone when the nest ends that has made them.
#[derive(Default)]
struct Cache {
    args: BTreeMap<StateId, [Option<Operand>; 4]>,
    loaded: BTreeMap<Slot, Value>,
    /// Elements of the present pass, with their positions.
    elements: BTreeMap<Target, Vec<(Vec<Pos>, Operand)>>,
}

/// An open nest of loops.
pub(super) struct OpenNest {
    outer: Block,
    cache: Cache,
    /// The loops' positions.
    pub(super) positions: Vec<Pos>,
}

impl<'a> FuncLowering<'a> {
    /// An empty scope that appends to `func`.
    pub(super) fn new(cx: Context<'a>, module: &'a Module, func: &'a mut FuncData) -> Self {
        Self {
            cx,
            b: Builder::new(module, func),
            module,
            env: Env::default(),
            vars: vec![None; cx.model.vars.len()],
            states: vec![None; cx.model.states.len()],
            elements: BTreeMap::new(),
            cache: Cache::default(),
        }
    }

    /// Opens a loop for each extent. Those that descend go from the last position to the first; without a word about it none does.
    pub(super) fn open_nest(&mut self, extents: &[Extent], descends: &[bool]) -> OpenNest {
        let outer = self.b.block();
        let mut positions = Vec::with_capacity(extents.len());
        for (n, extent) in extents.iter().enumerate() {
            let axis = self.cx.places.axes.of(extent);
            let (body, index) =
                if descends.get(n) == Some(&true) { self.b.for_down(axis) } else { self.b.for_each(axis) };
            self.b.switch_to(body);
            positions.push(Pos::Moving { index, axis, start: extent.start });
        }
        OpenNest { outer, cache: std::mem::take(&mut self.cache), positions }
    }

    /// Closes all loops of a nest.
    pub(super) fn close_nest(&mut self, nest: OpenNest) {
        self.b.switch_to(nest.outer);
        self.cache = nest.cache;
    }

    /// Goes to a task in a nest whose loops are at these positions.
    pub(super) fn enter_task(&mut self, task: &Task, positions: &[Pos]) {
        let mut moving = positions.iter();
        let mut own = |extent: &Extent| match extent.len {
            1 => Pos::Fixed(extent.start),
            _ => *moving.next().expect("a nest has a loop for each extent of its tasks"),
        };
        let mut loops: Vec<Pos> = task.region.iter().map(&mut own).collect();
        let n_loops = match task.work {
            Work::Start(id) | Work::Value(id) | Work::Advance(id) => self.cx.model.state(id).n_loops as usize,
            Work::Param(_) | Work::Formula(..) | Work::First(..) | Work::Init(..) | Work::Net(..) | Work::Watch(_) => {
                loops.len()
            }
        };
        let bounds = loops.split_off(n_loops);
        self.env = Env { loops, bounds };
    }

    /// The positions of the present task, its loops and the reducers around a state.
    pub(super) fn own_positions(&self) -> Vec<Pos> {
        self.env.loops.iter().chain(&self.env.bounds).copied().collect()
    }

    /// The indices of the present task into a slot over the task's own extents.
    pub(super) fn own_indices(&mut self, extents: &[Extent]) -> Vec<Value> {
        let positions = self.own_positions();
        self.indices_within(&positions, extents)
    }

    /// Loads what a task reads that has no elements, so that it is there in every loop.
    pub(super) fn load_scalars(&mut self, reads: &[Read], only_inside: bool) {
        for read in reads.iter().filter(|read| read.along.is_empty() && (read.is_inside || !only_inside)) {
            if let Target::Var(id) = read.target {
                self.scalar(id);
            }
        }
    }

    /// The current value of a variable without dimensions: computed in this function already, or loaded once from its slot.
    ///
    /// # Panics
    /// When it is neither: the model's evaluation order does not keep its promise.
    pub(super) fn scalar(&mut self, id: VarId) -> Operand {
        if let Some(operand) = self.vars[id.0 as usize] {
            return operand;
        }
        let slot = self.cx.places.vars[id.0 as usize]
            .unwrap_or_else(|| panic!("{:?} is used before its turn", self.cx.model.var(id).name));
        let operand = Operand::number(self.b.load(slot, &[]));
        self.vars[id.0 as usize] = Some(operand);
        operand
    }

    /// The current value of an element of a variable.
    ///
    /// # Panics
    /// When it is not in memory though it should be: the model's evaluation order does not keep its promise.
    pub(super) fn element(&mut self, id: VarId, positions: &[Pos]) -> Operand {
        if let Some(operand) = self.known(Target::Var(id), positions) {
            return operand;
        }
        let slot = self.memory_of(id);
        let extents = axes::whole(self.cx.model, id);
        let indices = self.indices_within(positions, &extents);
        Operand::number(self.b.load(slot, &indices))
    }

    /// Where the elements of a variable are when no nest has them at hand.
    pub(super) fn memory_of(&self, id: VarId) -> Slot {
        let kept = self.cx.places.kept.get(&Target::Var(id)).copied();
        let own = self.cx.places.vars[id.0 as usize].filter(|&slot| self.module.slots[slot].role != SlotRole::Output);
        kept.or(own).unwrap_or_else(|| panic!("{:?} is used before its turn", self.cx.model.var(id).name))
    }

    fn known(&self, target: Target, positions: &[Pos]) -> Option<Operand> {
        let here = self.cache.elements.get(&target).into_iter().flatten();
        if let Some((_, operand)) = here.rev().find(|(at, _)| at == positions) {
            return Some(*operand);
        }
        self.elements.get(&(target, fixed(positions)?)).copied()
    }

    /// From here on, this is the value of what the present task computes, wherever its loops are.
    pub(super) fn set_value(&mut self, target: Target, operand: Operand) {
        let positions = self.own_positions();
        match (target, fixed(&positions)) {
            (Target::Var(id), Some(at)) if at.is_empty() => self.vars[id.0 as usize] = Some(operand),
            (Target::State(id), Some(at)) if at.is_empty() => self.states[id.0 as usize] = Some(operand),
            (_, Some(at)) => _ = self.elements.insert((target, at), operand),
            (_, None) => self.cache.elements.entry(target).or_default().push((positions, operand)),
        }
        let Some(&slot) = self.cx.places.kept.get(&target) else { return };
        let mut operand = operand;
        let value = self.as_number(&mut operand);
        let extents = match target {
            Target::Var(id) => axes::whole(self.cx.model, id),
            Target::State(id) => self.cx.model.state(id).extents.clone(),
        };
        self.write_own(Opcode::Store, slot, &[value], &extents);
    }

    /// Writes the present task's element of a slot over these extents.
    pub(super) fn write_own(&mut self, opcode: Opcode, slot: Slot, operands: &[Value], extents: &[Extent]) {
        let mut args = operands.to_vec();
        args.extend(self.own_indices(extents));
        self.b.write(opcode, slot, &args);
    }

    /// The current value of a state, for the present position of every loop around.
    ///
    /// # Panics
    /// When the model's evaluation order does not keep its promise.
    pub(super) fn state(&mut self, id: StateId) -> Operand {
        let state = self.cx.model.state(id);
        let owner = &self.cx.model.var(state.owner).name;
        if state.extents.is_empty() {
            return self.states[id.0 as usize]
                .unwrap_or_else(|| panic!("a state of {owner:?} is used before its turn"));
        }
        let (n_loops, n_all) = (state.n_loops as usize, state.extents.len());
        let positions: Vec<Pos> =
            self.env.loops[..n_loops].iter().chain(&self.env.bounds[..n_all - n_loops]).copied().collect();
        if let Some(operand) = self.known(Target::State(id), &positions) {
            return operand;
        }
        let kept = self.cx.places.kept.get(&Target::State(id)).copied();
        let memory =
            || self.cx.places.states[id.0 as usize].slots.last().filter(|_| is_its_memory(state.kind)).copied();
        let slot = kept.or_else(memory).unwrap_or_else(|| panic!("a state of {owner:?} is used before its turn"));
        let indices = self.indices_within(&positions, &state.extents);
        Operand::number(self.b.load(slot, &indices))
    }

    /// A state's argument as a number, lowered once a function or nest; none when the call does not have it.
    pub(super) fn arg(&mut self, id: StateId, arg: Arg) -> Option<Value> {
        let known = self.cache.args.get(&id).and_then(|args| args[arg as usize]);
        let mut operand = match known {
            Some(operand) => operand,
            None => self.lower_expr(self.arg_expr(id, arg)?),
        };
        let value = self.as_number(&mut operand);
        self.cache.args.entry(id).or_insert([None; 4])[arg as usize] = Some(operand);
        Some(value)
    }

    fn arg_expr(&self, id: StateId, arg: Arg) -> Option<&'a Expr> {
        let state = self.cx.model.state(id);
        match arg {
            Arg::Input => Some(&state.input),
            Arg::Time => state.time.as_ref(),
            Arg::Init => state.init.as_ref(),
            Arg::Horizon => state.horizon.as_ref(),
        }
    }

    /// The operand as a number: 1 or 0 for a truth value.
    pub(super) fn as_number(&mut self, operand: &mut Operand) -> Value {
        if let Some(value) = operand.number {
            return value;
        }
        let truth = operand.truth.expect("an operand has a form");
        *operand.number.insert(self.b.op(Opcode::Btof, &[truth]))
    }

    /// The operand as a truth value: a number is true when it is not 0, and NaN is not.
    pub(super) fn as_truth(&mut self, operand: &mut Operand) -> Value {
        if let Some(value) = operand.truth {
            return value;
        }
        let number = operand.number.expect("an operand has a form");
        let zero = self.b.fconst(0.0);
        *operand.truth.insert(self.b.op(Opcode::Fne, &[number, zero]))
    }

    /// An expression as a number, which is remembered in both forms as the value of what the present task computes.
    pub(super) fn lower_value(&mut self, target: Target, expr: &Expr) -> Value {
        let mut operand = self.lower_expr(expr);
        let value = self.as_number(&mut operand);
        self.set_value(target, operand);
        value
    }

    /// An expression as a number.
    pub(super) fn lower_number(&mut self, expr: &Expr) -> Value {
        let mut operand = self.lower_expr(expr);
        self.as_number(&mut operand)
    }

    /// One of the opcodes on values alone.
    pub(super) fn op(&mut self, opcode: Opcode, args: &[Value]) -> Value {
        self.b.op(opcode, args)
    }

    /// The present element of a slot that a state owns: loaded at its first use in the function or nest.
    pub(super) fn load_once(&mut self, slot: Slot, id: StateId) -> Value {
        if let Some(&value) = self.cache.loaded.get(&slot) {
            return value;
        }
        let indices = self.own_indices(&self.cx.model.state(id).extents);
        let value = self.b.load(slot, &indices);
        self.cache.loaded.insert(slot, value);
        value
    }

    /// The oldest number of the present element of a ring.
    pub(super) fn oldest(&mut self, slot: Slot, id: StateId) -> Value {
        let indices = self.own_indices(&self.cx.model.state(id).extents);
        self.b.value(Opcode::Oldest, &indices, Immediate::Slot(slot))
    }
}

/// The positions, when all are fixed.
fn fixed(positions: &[Pos]) -> Option<Vec<u32>> {
    positions
        .iter()
        .map(|position| match position {
            Pos::Fixed(position) => Some(*position),
            Pos::Moving { .. } => None,
        })
        .collect()
}
