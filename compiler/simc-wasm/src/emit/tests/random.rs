//! Random models: the interpreter and both forms of the artifact agree whatever a host does.
//!
//! A model is a few stocks, levels and held slots whose rates are random straight-line code over everything that can be read; values
//! are used any number of times, and loads of state are anywhere before the effects. That is where an emitter that keeps values
//! on the operand stack or in the state's own local goes wrong.

use proptest::prelude::*;
use simc_ir::builder::Builder;
use simc_ir::entity::{Param, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::{FuncRole, Method, Module, ParamData, SlotData, SlotRole, TimeSpec};
use simc_ir::opcode::Opcode;

use super::instance::{Engines, Trio};

/// What a host does.
#[derive(Clone, Debug)]
enum Action {
    SetValue(i32, f64),
    ClearValues,
    RunInitials,
    RunTo(f64),
    Run,
    Reset,
}

/// A source of choices.
struct Choices {
    numbers: Vec<u32>,
    at: usize,
}

impl Choices {
    fn below(&mut self, n: usize) -> usize {
        self.at += 1;
        self.numbers[self.at % self.numbers.len()].wrapping_add(self.at as u32 / 7) as usize % n
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let number =
        prop_oneof![4 => -2.0..6.0, 1 => Just(f64::INFINITY), 1 => Just(f64::NAN), 1 => Just(f64::NEG_INFINITY)];
    let action = prop_oneof![
        4 => number.clone().prop_map(Action::RunTo),
        2 => (-1..20, number).prop_map(|(slot, value)| Action::SetValue(slot, value)),
        1 => Just(Action::ClearValues),
        1 => Just(Action::RunInitials),
        1 => Just(Action::Run),
        1 => Just(Action::Reset),
    ];
    prop::collection::vec(action, 1..12)
}

fn module(choices: &mut Choices) -> Module {
    let mut module = Module { time: time(choices), ..Module::default() };
    for role in [SlotRole::Time, SlotRole::Dt, SlotRole::StartTime, SlotRole::StopTime] {
        declare(&mut module, role);
    }
    let has_stages = module.time.method.has_stages();
    let mut several = |role, least, choices: &mut Choices| -> Vec<Slot> {
        (0..least + choices.below(3)).map(|_| declare(&mut module, role)).collect()
    };
    let stocks = several(SlotRole::Stock, 1, choices);
    let outputs = several(SlotRole::Output, 1, choices);
    let derived = several(SlotRole::Run, 0, choices);
    let params = several(SlotRole::Run, 1, choices);
    let levels = several(SlotRole::Level, 0, choices);
    let held = several(SlotRole::Held, 0, choices);
    let pending: Vec<Slot> =
        if has_stages { held.iter().map(|_| declare(&mut module, SlotRole::Pending)).collect() } else { vec![] };
    for &slot in &params {
        module.params.push(ParamData {
            name: String::new(),
            slot,
            defaults: vec![choices.pick(&[0.5, -1.0, 3.0])],
            through: None,
        });
    }
    let state: Vec<Slot> = stocks.iter().chain(&levels).copied().collect();
    let readable: Vec<Slot> = state.iter().chain(&derived).chain(&params).chain(&held).copied().collect();
    write_prepare(&mut module, choices, &derived, &params);
    write_start(&mut module, choices, state.iter().chain(&held));
    for (role, shown) in [(FuncRole::Row, outputs.as_slice()), (FuncRole::Step, &[])] {
        write_evaluation(&mut module, choices, role, &readable, shown, &state, held.iter().zip(&pending), &held);
    }
    if has_stages {
        write_evaluation(&mut module, choices, FuncRole::Stage, &readable, &[], &state, [].iter().zip(&[]), &[]);
        write_commit(&mut module, &held, &pending);
    }
    module
}

fn time(choices: &mut Choices) -> TimeSpec {
    let (n_steps, dt) = (choices.below(9) as u64, choices.pick(&[0.5, 0.1, 1.0 / 3.0]));
    TimeSpec {
        start: choices.pick(&[0.0, 1.5]),
        stop: 0.0,
        dt,
        n_steps,
        save_every: choices.pick(&[1, 1, 2, 3]),
        method: choices.pick(&Method::ALL),
    }
    .stopping()
}

/// A run's end from its steps.
trait Stopping {
    fn stopping(self) -> Self;
}

impl Stopping for TimeSpec {
    fn stopping(self) -> Self {
        Self { stop: self.start + self.n_steps as f64 * self.dt, ..self }
    }
}

fn declare(module: &mut Module, role: SlotRole) -> Slot {
    module.slots.push(SlotData { name: String::new(), axes: vec![], role })
}

fn write(module: &mut Module, role: FuncRole, body: impl FnOnce(&mut Builder<'_>)) {
    let mut func = FuncData::new(role);
    body(&mut Builder::new(module, &mut func));
    module.funcs.push(func);
}

fn write_prepare(module: &mut Module, choices: &mut Choices, derived: &[Slot], params: &[Slot]) {
    write(module, FuncRole::Prepare, |b| {
        let values: Vec<Value> = (0..params.len()).map(|i| b.param(Param::from_u32(i as u32), &[])).collect();
        for (&slot, &value) in params.iter().zip(&values) {
            b.write(Opcode::Store, slot, &[value]);
        }
        for &slot in derived {
            let value = expression(b, choices, values.clone());
            b.write(Opcode::Store, slot, &[value]);
        }
    });
}

fn write_start<'a>(module: &mut Module, choices: &mut Choices, state: impl Iterator<Item = &'a Slot>) {
    write(module, FuncRole::Start, |b| {
        for &slot in state {
            let value = b.fconst(choices.pick(&[1.0, -3.0, 0.25, f64::NAN]));
            b.write(Opcode::Store, slot, &[value]);
        }
    });
}

#[expect(clippy::too_many_arguments, reason = "all of them are what the function may read and must write")]
fn write_evaluation<'a>(
    module: &mut Module,
    choices: &mut Choices,
    role: FuncRole,
    readable: &[Slot],
    outputs: &[Slot],
    state: &[Slot],
    pending: impl Iterator<Item = (&'a Slot, &'a Slot)>,
    held: &[Slot],
) {
    let has_stages = module.time.method.has_stages();
    write(module, role, |b| {
        let mut values: Vec<Value> = readable.iter().map(|&slot| b.load(slot, &[])).collect();
        values.push(b.value(Opcode::Time, &[], simc_ir::opcode::Immediate::None));
        for &slot in outputs {
            let value = expression(b, choices, values.clone());
            b.write(Opcode::Out, slot, &[value]);
            values.push(value);
        }
        let rates: Vec<Value> = state.iter().map(|_| expression(b, choices, values.clone())).collect();
        for (&slot, &rate) in state.iter().zip(&rates) {
            b.write(Opcode::Rate, slot, &[rate]);
        }
        let late = choices.pick(&values);
        let value = b.op(Opcode::Fneg, &[late]);
        for (_, &slot) in pending {
            b.write(Opcode::Store, slot, &[value]);
        }
        for &slot in held.iter().filter(|_| !has_stages) {
            b.write(Opcode::Next, slot, &[value]);
        }
    });
}

fn write_commit(module: &mut Module, held: &[Slot], pending: &[Slot]) {
    write(module, FuncRole::Commit, |b| {
        for (&held, &pending) in held.iter().zip(pending) {
            let value = b.load(pending, &[]);
            b.write(Opcode::Next, held, &[value]);
        }
    });
}

/// Appends a few operations on what is known so far; the last one is the result.
fn expression(b: &mut Builder<'_>, choices: &mut Choices, mut values: Vec<Value>) -> Value {
    values.push(b.fconst(choices.pick(&[2.0, -0.5, 0.0])));
    for _ in 0..choices.below(5) {
        let (x, y) = (choices.pick(&values), choices.pick(&values));
        let binary = [Opcode::Fadd, Opcode::Fsub, Opcode::Fmul, Opcode::Fdiv, Opcode::Fmin, Opcode::Fmax];
        let value = match choices.below(8) {
            0 => {
                let condition = b.op(Opcode::Flt, &[x, y]);
                let negated = b.op(Opcode::Bnot, &[condition]);
                b.op(Opcode::Select, &[choices.pick(&[condition, negated]), y, x])
            }
            1 => b.op(Opcode::Fneg, &[x]),
            n => b.op(binary[n - 2], &[x, y]),
        };
        values.push(value);
    }
    values[values.len() - 1]
}

fn perform(engine: &mut dyn Engines, action: &Action) {
    match *action {
        Action::SetValue(slot, value) => _ = engine.set_value(slot, value),
        Action::ClearValues => engine.clear_values(),
        Action::RunInitials => engine.run_initials(),
        Action::RunTo(target) => engine.run_to(target),
        Action::Run => engine.run(),
        Action::Reset => engine.reset(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn three_engines_agree_to_the_bit(numbers in prop::collection::vec(any::<u32>(), 20..60), actions in actions()) {
        let module = module(&mut Choices { numbers, at: 0 });
        prop_assert_eq!(simc_ir::verify::verify(&module), Ok(()));
        let mut trio = Trio::new(&module);
        for action in &actions {
            trio.all(&format!("{action:?}"), |engine| perform(engine, action));
        }
        trio.all("run", |engine| engine.run());
    }
}
