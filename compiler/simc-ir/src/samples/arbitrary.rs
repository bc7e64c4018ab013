//! Random modules that are valid by construction: straight-line code, loops and folds over every kind of slot.

use kernel::event::{Action, Direction, Repeat};
use kernel::function::Function;
use kernel::transport::{self, Query};
use proptest::prelude::{Strategy, any};

use crate::builder::Builder;
use crate::entity::{Axis, Param, Slot, Value};
use crate::func::FuncData;
use crate::module::{
    AxisData, Curve, FuncRole, GraphData, Method, Module, ParamData, SlotData, SlotRole, TableData, TableKind,
    TableSearch, ThresholdData, TimeSpec,
};
use crate::opcode::{Accesses, Immediate, Opcode};
use crate::types::Type;

/// Valid modules.
pub(crate) fn modules() -> impl Strategy<Value = Module> {
    proptest::collection::vec(any::<u16>(), 0..300).prop_map(|choices| generate(&choices))
}

/// The module that a sequence of choices leads to.
fn generate(choices: &[u16]) -> Module {
    let mut choices = Choices { all: choices, taken: 0 };
    let mut module = declare(&mut choices);
    for role in FuncRole::ALL {
        if module.time.method.has_stages() || !matches!(role, FuncRole::Stage | FuncRole::Commit) {
            write_role(&mut module, &mut choices, role);
        }
    }
    module
}

/// Choices in their order; when they run out, the same ones shifted. Without any, always the first possibility.
struct Choices<'a> {
    all: &'a [u16],
    taken: usize,
}

impl Choices<'_> {
    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        if self.all.is_empty() {
            return 0;
        }
        let (round, at) = (self.taken / self.all.len(), self.taken % self.all.len());
        self.taken += 1;
        (usize::from(self.all[at]) + 7 * round) % n
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn number(&mut self) -> f64 {
        self.pick(&[1.0, 0.0, -0.0, 0.1, -2.5, 1e300, 5e-324, f64::INFINITY, f64::NAN, -1.0 / 3.0])
    }
}

fn declare(choices: &mut Choices<'_>) -> Module {
    let (n_steps, dt) = (choices.below(7) as u64, choices.pick(&[0.5, 0.1, 1.0 / 3.0]));
    let method = choices.pick(&Method::ALL);
    let time = TimeSpec {
        start: 1.0,
        stop: 1.0 + n_steps as f64 * dt,
        dt,
        n_steps,
        save_every: 1 + choices.below(3) as u64,
        method,
    };
    let mut module = Module { time, ..Module::default() };
    for name in ["region", "age\n; group"] {
        module.axes.push(AxisData { name: name.to_owned(), size: 1 + choices.below(3) as u32 });
    }
    for role in [SlotRole::Time, SlotRole::Dt, SlotRole::StartTime, SlotRole::StopTime] {
        module.slots.push(SlotData { name: role.name().to_owned(), axes: vec![], role });
    }
    let mut add = |module: &mut Module, role: SlotRole, most: usize| -> Vec<Slot> {
        (0..choices.below(most + 1))
            .map(|_| {
                let axes: Vec<Axis> = module.axes.keys().filter(|_| choices.below(3) == 0).collect();
                module.slots.push(SlotData { name: String::new(), axes, role })
            })
            .collect()
    };
    for role in [SlotRole::Stock, SlotRole::Output, SlotRole::Run] {
        add(&mut module, role, 3);
    }
    let settable = add(&mut module, SlotRole::Run, 2);
    for role in [SlotRole::Level, SlotRole::Held, SlotRole::Hoisted, SlotRole::Spill, SlotRole::Ring { capacity: 2 }] {
        add(&mut module, role, 2);
    }
    add(&mut module, if method.has_stages() { SlotRole::Pending } else { QUEUE }, 2);
    for slot in add(&mut module, SlotRole::Watched, 2) {
        let n = u32::try_from(module.slot_len(slot)).expect("a small slot");
        let direction = choices.pick(&[Direction::Increasing, Direction::Decreasing]);
        let repeat = choices.pick(&[Repeat::Each(0), Repeat::Each(2), Repeat::Once, Repeat::OnceEver]);
        let value = choices.pick(&[0.0, -2.5, 1.0]);
        let (name, actions) = ("threshold".to_owned(), vec![Action::Message; 1 + choices.below(2)]);
        module.thresholds.push(ThresholdData { name, slot, first: 0, n, value, direction, repeat, actions });
    }
    for slot in settable {
        let defaults = (0..module.slot_len(slot)).map(|_| choices.number()).collect();
        module.params.push(ParamData { name: "p".to_owned(), slot, defaults, through: None });
    }
    let (kind, search) = (choices.pick(&TableKind::ALL), choices.pick(&TableSearch::ALL));
    let ys = (0..3).map(|_| choices.number()).collect();
    let curves = vec![Curve { xs: vec![-1.0, 0.0, 1.5], ys }];
    let graphs = if choices.below(2) == 0 {
        let curve = curves[0].clone();
        vec![module.graphs.push(GraphData { name: "graph".to_owned(), kind, capacity: 5, curve })]
    } else {
        vec![]
    };
    module.tables.push(TableData { name: String::new(), kind, search, axes: vec![], curves, graphs });
    module
}

/// Batches of a queue.
const BATCHES: u32 = 2;

/// A queue with room for its batches and for the operands of any of its queries.
const QUEUE: SlotRole = SlotRole::Transport { words: transport::HEADER_WORDS as u32 + BATCHES + 5 };

/// Writes a role's function, sometimes in two parts.
fn write_role(module: &mut Module, choices: &mut Choices<'_>, role: FuncRole) {
    let duties = duties(module, role);
    let split = if choices.below(2) == 0 { duties.len() } else { choices.below(duties.len() + 1) };
    for part in [&duties[..split], &duties[split..]] {
        let mut func = FuncData::new(role);
        let mut writer =
            Writer { module, choices, b: Builder::new(module, &mut func), numbers: vec![], truths: vec![] };
        writer.read_all(role, part);
        for &(opcode, slot) in part {
            writer.write(role, opcode, slot);
        }
        module.funcs.push(func);
    }
}

/// What a role has to write, early writes first.
fn duties(module: &Module, role: FuncRole) -> Vec<(Opcode, Slot)> {
    let staged = module.time.method.has_stages();
    let advances = if staged { role == FuncRole::Commit } else { matches!(role, FuncRole::Row | FuncRole::Step) };
    let steps = matches!(role, FuncRole::Row | FuncRole::Step);
    let duty = |slot: SlotRole| match slot {
        SlotRole::Time | SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => None,
        SlotRole::Stock | SlotRole::Level | SlotRole::Held if role == FuncRole::Start => Some(Opcode::Store),
        SlotRole::Stock | SlotRole::Level => (steps || role == FuncRole::Stage).then_some(Opcode::Rate),
        SlotRole::Output => (role == FuncRole::Row).then_some(Opcode::Out),
        SlotRole::Run | SlotRole::Hoisted => (role == FuncRole::Prepare).then_some(Opcode::Store),
        SlotRole::Held => advances.then_some(Opcode::Next),
        SlotRole::Pending | SlotRole::Watched => steps.then_some(Opcode::Store),
        SlotRole::Spill => Some(Opcode::Store),
        SlotRole::Carry => None,
        SlotRole::Ring { .. } if role == FuncRole::Start => Some(Opcode::Fill),
        SlotRole::Ring { .. } => advances.then_some(Opcode::Push),
        SlotRole::Transport { .. } if role == FuncRole::Start => Some(Opcode::Initialise),
        SlotRole::Transport { .. } => advances.then_some(Opcode::Advance),
    };
    let mut duties: Vec<_> = module.slots.iter().filter_map(|(slot, data)| Some((duty(data.role)?, slot))).collect();
    duties.sort_by_key(|&(opcode, _)| is_advance(opcode));
    duties
}

fn is_advance(opcode: Opcode) -> bool {
    opcode.facts().accesses == Accesses::Late
}

/// Appends instructions on values that it has at hand.
struct Writer<'a, 'c, 'i> {
    module: &'a Module,
    choices: &'c mut Choices<'i>,
    b: Builder<'a>,
    numbers: Vec<Value>,
    truths: Vec<Value>,
}

impl Writer<'_, '_, '_> {
    /// Brings in what the role may read at its beginning: the first part of what is advanced, later parts of what is not.
    fn read_all(&mut self, role: FuncRole, part: &[(Opcode, Slot)]) {
        let number = self.choices.number();
        self.numbers.push(self.b.fconst(number));
        let truth = self.choices.below(2) == 0;
        self.truths.push(self.b.value(Opcode::Bconst, &[], Immediate::Bool(truth)));
        if matches!(role, FuncRole::Row | FuncRole::Step | FuncRole::Stage | FuncRole::Start) {
            let time = self.choices.pick(&[Opcode::Time, Opcode::StepTime, Opcode::StepIndex]);
            self.numbers.push(self.b.op(time, &[]));
        }
        let slots: Vec<Slot> = self.module.slots.keys().collect();
        for slot in slots {
            let readable = match self.module.slots[slot].role {
                SlotRole::Dt | SlotRole::StopTime => Some(Opcode::Load),
                SlotRole::Run | SlotRole::Hoisted if role != FuncRole::Prepare => Some(Opcode::Load),
                SlotRole::Pending if role == FuncRole::Commit => Some(Opcode::Load),
                SlotRole::Stock | SlotRole::Level if role == FuncRole::Stage => self.advanced_here(slot, part),
                SlotRole::Stock
                | SlotRole::Level
                | SlotRole::Held
                | SlotRole::Ring { .. }
                | SlotRole::Transport { .. }
                    if matches!(role, FuncRole::Row | FuncRole::Step) =>
                {
                    self.advanced_here(slot, part)
                }
                SlotRole::Time
                | SlotRole::StartTime
                | SlotRole::Stock
                | SlotRole::Output
                | SlotRole::Run
                | SlotRole::Level
                | SlotRole::Held
                | SlotRole::Pending
                | SlotRole::Hoisted
                | SlotRole::Watched
                | SlotRole::Spill
                | SlotRole::Carry
                | SlotRole::Ring { .. }
                | SlotRole::Transport { .. } => None,
            };
            if let Some(opcode) = readable.filter(|_| self.choices.below(3) > 0) {
                self.sum(opcode, slot);
            }
        }
        self.compute();
    }

    /// How to read a slot that this part advances, so that no earlier part has.
    fn advanced_here(&self, slot: Slot, part: &[(Opcode, Slot)]) -> Option<Opcode> {
        let (opcode, _) = part.iter().find(|&&(opcode, written)| written == slot && is_advance(opcode))?;
        let reads = [(Opcode::Push, Opcode::Oldest), (Opcode::Advance, Opcode::Measure)];
        Some(reads.iter().find(|(advance, _)| advance == opcode).map_or(Opcode::Load, |(_, read)| *read))
    }

    /// Reads a whole slot with a fold for each axis.
    fn sum(&mut self, opcode: Opcode, slot: Slot) {
        let axes = self.module.slots[slot].axes.clone();
        let mut indices = Vec::new();
        let mut folds = Vec::new();
        let mut sum = self.numbers[0];
        for axis in axes {
            let outer = self.b.block();
            let (body, index, accumulator, result) = self.b.fold(axis, sum);
            self.b.switch_to(body);
            indices.push(index);
            folds.push((outer, result));
            sum = accumulator;
        }
        let read = if opcode == Opcode::Measure {
            let operands = [self.numbers[0], sum, sum, self.numbers[0], sum];
            let query = self.choices.pick(&[Query::Contents, Query::Deviation, Query::Serve, Query::Refuse]);
            self.b.measure(slot, query, &operands, &indices)
        } else {
            self.b.value(opcode, &indices, Immediate::Slot(slot))
        };
        sum = self.b.op(Opcode::Fadd, &[sum, read]);
        for (outer, result) in folds.into_iter().rev() {
            self.b.append(Opcode::Yield, &[sum], Immediate::None);
            self.b.switch_to(outer);
            sum = result;
        }
        self.numbers.push(sum);
    }

    /// Appends a few instructions without effects.
    fn compute(&mut self) {
        const UNARY: &[Opcode] = &[Opcode::Fneg, Opcode::Fabs, Opcode::Fsqrt, Opcode::Ffloor];
        const BINARY: &[Opcode] = &[Opcode::Fadd, Opcode::Fsub, Opcode::Fmul, Opcode::Fdiv, Opcode::Fmin, Opcode::Fmax];
        const COMPARE: &[Opcode] = &[Opcode::Feq, Opcode::Fne, Opcode::Flt, Opcode::Fle, Opcode::Fgt, Opcode::Fge];
        const LOGIC: &[Opcode] = &[Opcode::Band, Opcode::Bor];
        for _ in 0..self.choices.below(5) {
            let (x, y) = (self.choices.pick(&self.numbers), self.choices.pick(&self.numbers));
            let (p, q) = (self.choices.pick(&self.truths), self.choices.pick(&self.truths));
            let made = match self.choices.below(9) {
                0 => self.b.op(self.choices.pick(BINARY), &[x, y]),
                1 => self.b.op(self.choices.pick(UNARY), &[x]),
                2 => self.b.op(self.choices.pick(COMPARE), &[x, y]),
                3 => self.b.op(self.choices.pick(LOGIC), &[p, q]),
                4 => self.b.op(Opcode::Bnot, &[p]),
                5 => self.b.op(Opcode::Btof, &[p]),
                6 => self.b.op(Opcode::Select, &[p, x, y]),
                7 => {
                    let function = self.choices.pick(Function::ALL);
                    let args: Vec<Value> = (0..function.arity()).map(|_| self.choices.pick(&self.numbers)).collect();
                    self.b.call(function, &args)
                }
                _ => {
                    let table = self.module.tables.keys().next().expect("every module has a table");
                    self.b.lookup(table, x, &[])
                }
            };
            match self.b.func().values[made].ty {
                Type::F64 => self.numbers.push(made),
                Type::Bool => self.truths.push(made),
                Type::Index(_) => unreachable!("no index is made here"),
            }
        }
    }

    /// Writes every element of a slot in a loop nest, or element by element where it has one axis.
    fn write(&mut self, role: FuncRole, opcode: Opcode, slot: Slot) {
        let axes = self.module.slots[slot].axes.clone();
        if let [axis] = axes[..]
            && self.choices.below(3) == 0
        {
            for position in 0..self.module.axes[axis].size {
                let index = self.b.position(axis, position);
                self.write_element(role, opcode, slot, &[index]);
            }
            return;
        }
        let (outer, numbers, truths) = (self.b.block(), self.numbers.len(), self.truths.len());
        let mut indices = Vec::new();
        for axis in axes {
            let is_down = self.choices.below(4) == 0;
            let (body, index) = if is_down { self.b.for_down(axis) } else { self.b.for_each(axis) };
            self.b.switch_to(body);
            indices.push(index);
        }
        self.write_element(role, opcode, slot, &indices);
        self.b.switch_to(outer);
        self.numbers.truncate(numbers);
        self.truths.truncate(truths);
    }

    fn write_element(&mut self, role: FuncRole, opcode: Opcode, slot: Slot, indices: &[Value]) {
        if let Some(&index) = indices.first() {
            self.numbers.push(self.b.op(Opcode::Ordinal, &[index]));
        }
        if let Some(param) = self.param_of(slot).filter(|_| role == FuncRole::Prepare) {
            self.numbers.push(self.b.param(param, indices));
        }
        self.compute();
        if matches!(opcode, Opcode::Initialise | Opcode::Advance) {
            let mut operands = vec![self.choices.pick(&self.numbers), self.choices.pick(&self.numbers)];
            if opcode == Opcode::Initialise {
                operands = [4.0, self.module.time.dt, f64::from(BATCHES)].map(|x| self.b.fconst(x)).to_vec();
                operands.push(self.choices.pick(&self.numbers));
            }
            self.b.change_transport(opcode, slot, Query::Queue, &operands, indices);
            return;
        }
        let mut args: Vec<Value> = Vec::new();
        for _ in opcode.signature().operands {
            args.push(self.choices.pick(&self.numbers));
        }
        args.extend(indices);
        self.b.write(opcode, slot, &args);
    }

    fn param_of(&self, slot: Slot) -> Option<Param> {
        self.module.params.iter().find(|(_, data)| data.slot == slot).map(|(param, _)| param)
    }
}
