//! A run in progress: the start, the values at a step, and the advance to the next.

use std::ops::Range;

use kernel::abi::step_time;
use simc_front::model::{Def, Model, Node, State, StateId, VarId};

use crate::builtin::Clock;
use crate::eval::Instant;
use crate::integrate::integrate;
use crate::state::{self, Memory};

/// Where a run is: what carries over from step to step.
#[derive(Clone, Debug)]
pub(crate) struct Simulation<'m> {
    model: &'m Model,
    /// The step it is at; its time is `start + step*dt`.
    step: u64,
    /// What is integrated: the stocks in the order of the model, then the levels of each stateful call.
    levels: Vec<f64>,
    /// For each variable the position of its level, if it is a stock.
    stocks: Vec<Option<usize>>,
    /// For each stateful call the positions of its levels.
    states: Vec<Range<usize>>,
    /// For each stateful call what else it remembers.
    memories: Vec<Memory>,
}

impl<'m> Simulation<'m> {
    /// A run at t = start, every stock and stateful call started. `constants` holds a value for each settable constant
    /// at the place of its variable.
    pub(crate) fn new(model: &'m Model, constants: &[f64]) -> Self {
        let mut simulation = Self::unstarted(model);
        let mut now = Instant::new(model, simulation.clock());
        for &node in &model.init_order {
            match node {
                Node::Var(var) => simulation.start_var(var, constants, &mut now),
                Node::State(state) => simulation.start_state(state, &mut now),
            }
        }
        simulation
    }

    /// The step it is at.
    pub(crate) fn step(&self) -> u64 {
        self.step
    }

    /// Every value at the step it is at.
    pub(crate) fn eval_step(&self, constants: &[f64]) -> Instant<'m> {
        self.eval_at(self.clock(), &self.levels, constants)
    }

    /// Goes to the next step; `now` holds the values at this one. Memory changes last: all stages see that of the step.
    pub(crate) fn advance(&mut self, now: &Instant<'m>, constants: &[f64]) {
        let time = &self.model.time;
        let first = self.eval_rates(now, &self.levels);
        let levels = integrate(time.method, time.dt, &self.levels, &first, |offset, levels| {
            let clock = Clock { time: now.clock.step_time + offset, ..now.clock };
            self.eval_rates(&self.eval_at(clock, levels, constants), levels)
        });
        self.levels = levels;
        for (state, memory) in self.model.states.iter().zip(&mut self.memories) {
            if let Some(next) = state::eval_next(state, now) {
                memory.take(next);
            }
        }
        self.step += 1;
    }

    /// Levels are given their places, but no values.
    fn unstarted(model: &'m Model) -> Self {
        let mut len = 0;
        let mut place = |count: usize| {
            let first = len;
            len += count;
            first..len
        };
        let stocks =
            model.vars.iter().map(|var| matches!(var.def, Def::Stock { .. }).then(|| place(1).start)).collect();
        let states = model.states.iter().map(|state| place(state::level_count(state.kind))).collect();
        let memories = model.states.iter().map(|_| Memory::None).collect();
        Self { model, step: 0, levels: vec![f64::NAN; len], stocks, states, memories }
    }

    /// A variable while the run starts: a stock's value is its initial value.
    fn start_var(&mut self, var: VarId, constants: &[f64], now: &mut Instant<'m>) {
        let value = match &self.model.var(var).def {
            Def::Stock { init, .. } => now.eval_expr(init),
            Def::Formula(expr) => now.eval_expr(expr),
            Def::Constant(_) => constants[var.0 as usize],
            Def::Lookup(_) => unreachable!("{var:?} is a table and has no value"),
        };
        now.vars[var.0 as usize] = value;
        if let Some(level) = self.stocks[var.0 as usize] {
            self.levels[level] = value;
        }
    }

    /// A stateful call while the run starts: its levels and memory, then its value.
    fn start_state(&mut self, id: StateId, now: &mut Instant<'m>) {
        let (level, memory) = state::eval_start(self.model.state(id), now, self.model.time.n_steps);
        let index = id.0 as usize;
        self.levels[self.states[index].clone()].fill(level);
        self.memories[index] = memory;
        now.states[index] = self.eval_state(id, &self.levels, now);
    }

    /// The time of the step it is at.
    fn clock(&self) -> Clock {
        let time = step_time(self.model.time.start, self.model.time.dt, self.step);
        Clock { time, step_time: time, dt: self.model.time.dt }
    }

    /// Every value at a step or stage, given the levels there.
    fn eval_at(&self, clock: Clock, levels: &[f64], constants: &[f64]) -> Instant<'m> {
        let mut now = Instant::new(self.model, clock);
        for (value, level) in now.vars.iter_mut().zip(&self.stocks) {
            if let Some(level) = level {
                *value = levels[*level];
            }
        }
        for &node in &self.model.step_order {
            match node {
                Node::Var(var) => now.vars[var.0 as usize] = self.eval_var(var, constants, &now),
                Node::State(state) => now.states[state.0 as usize] = self.eval_state(state, levels, &now),
            }
        }
        now
    }

    fn eval_var(&self, var: VarId, constants: &[f64], now: &Instant<'m>) -> f64 {
        match &self.model.var(var).def {
            Def::Formula(expr) => now.eval_expr(expr),
            Def::Constant(_) => constants[var.0 as usize],
            Def::Stock { .. } | Def::Lookup(_) => unreachable!("{var:?} is not evaluated in a step"),
        }
    }

    fn eval_state(&self, id: StateId, levels: &[f64], now: &Instant<'m>) -> f64 {
        let index = id.0 as usize;
        let levels = &levels[self.states[index].clone()];
        state::eval_value(self.model.state(id), levels, &self.memories[index], now)
    }

    /// The derivative of every level.
    fn eval_rates(&self, now: &Instant<'m>, levels: &[f64]) -> Vec<f64> {
        let nets = self.model.vars.iter().filter_map(|var| match &var.def {
            Def::Stock { net, .. } => Some(now.eval_expr(net)),
            Def::Formula(_) | Def::Constant(_) | Def::Lookup(_) => None,
        });
        let mut rates: Vec<f64> = nets.collect();
        let calls: &[State] = &self.model.states;
        for (state, range) in calls.iter().zip(&self.states) {
            state::eval_rates(state, &levels[range.clone()], now, &mut rates);
        }
        rates
    }
}
