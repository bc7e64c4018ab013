//! A run in progress: the start, the values at a step, and the advance to the next.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::abi::step_time;
use kernel::transport::first_error;
use simc_model::model::{
    Clause, Def, Expr, Model, Node, Recurrence, State, StateId, StateKind, Table, TableId, TimeSpec, VarId,
};

use crate::builtin::Clock;
use crate::eval::{Instant, Spot};
use crate::integrate::integrate;
use crate::shape::{Block, Shapes, positions};
use crate::state::{self, Memory};
use crate::transport;
use crate::transport_args;
use crate::vector::eval_vector;

/// Where a run is: what carries over from step to step.
#[derive(Clone, Debug)]
pub(crate) struct Simulation<'m> {
    model: &'m Model,
    shapes: Arc<Shapes>,
    /// The step it is at; its time is `start + step*dt`.
    step: u64,
    /// What is integrated: the elements of the stocks in the order of the model, then for each stateful call the levels of each of its
    /// combinations.
    levels: Vec<f64>,
    /// For each variable the place of its first level, if it is a stock.
    stocks: Vec<Option<usize>>,
    /// For each stateful call the place of its first level.
    states: Vec<usize>,
    /// For each combination of each stateful call what else it remembers.
    memories: Vec<Memory>,
    /// The memory of each conveyor and queue, by its combination.
    transports: Arc<BTreeMap<usize, Vec<f64>>>,
    /// The error word that transports have raised.
    error: u64,
}

/// What a host can set, as it is now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// A value for each element of each settable constant, at its place among the elements of all variables.
    pub(crate) constants: Vec<f64>,
    /// The tables whose points have been replaced.
    pub(crate) tables: Arc<BTreeMap<TableId, Table>>,
}

impl<'m> Simulation<'m> {
    /// A run at t = start, every stock and stateful call started. `settings` holds what a host can set.
    pub(crate) fn new(model: &'m Model, shapes: &Arc<Shapes>, settings: &Settings) -> Self {
        let mut simulation = Self::unstarted(model, shapes);
        let mut now = Instant::new(model, Arc::clone(shapes), simulation.clock());
        now.tables = Arc::clone(&settings.tables);
        for &node in &model.init_order {
            match node {
                Node::Var(var) if matches!(model.var(var).def, Def::Constant(_)) => {
                    show_constant(var, settings, &mut now);
                }
                Node::Var(var) => {
                    for clause in start_clauses(model, var) {
                        simulation.start_clause(var, clause, &mut now);
                    }
                }
                Node::Clause(var, clause) => {
                    simulation.start_clause(var, &start_clauses(model, var)[clause as usize], &mut now);
                }
                Node::State(state) => simulation.start_state(state, &mut now),
                Node::Element(state, element) => {
                    let position = positions(&model.state(state).extents).nth(element as usize);
                    let position = position.expect("an element is one of its transport");
                    simulation.start_combination(state, element as usize, &position, &mut now);
                }
                Node::Recurrence(recurrence) => {
                    for (var, clause, position) in swept(model.recurrence(recurrence)) {
                        let expr = start_clauses(model, var)[clause as usize].at_start();
                        simulation.start_element(var, expr, position, &mut now);
                    }
                }
            }
        }
        simulation
    }

    /// The error word: 0 unless a transport could not be started, or could not take the last step.
    pub(crate) fn error(&self) -> u64 {
        self.error
    }

    /// The step it is at.
    pub(crate) fn step(&self) -> u64 {
        self.step
    }

    /// Every value at the step it is at.
    pub(crate) fn eval_step(&self, settings: &Settings) -> Instant<'m> {
        self.eval_at(self.clock(), &self.levels, settings)
    }

    /// Goes to the next step; `now` holds the values at this one. Memory changes last: all stages see that of the step.
    pub(crate) fn advance(&mut self, now: &Instant<'m>, settings: &Settings) {
        let time = &self.model.time;
        self.freeze(now);
        let first = self.eval_rates(now, &self.levels);
        let levels = integrate(time.method, time.dt, &self.levels, &first, |offset, levels| {
            let clock = Clock { time: now.clock.step_time + offset, ..now.clock };
            self.eval_rates(&self.eval_at(clock, levels, settings), levels)
        });
        self.levels = levels;
        let mut memories = self.memories.iter_mut();
        for state in &self.model.states {
            for (position, memory) in positions(&state.extents).zip(&mut memories) {
                if let Some(next) = state::eval_next(state, &spot(state, &position, now)) {
                    memory.take(next);
                }
            }
        }
        self.advance_transports(now);
        self.step += 1;
    }

    /// What stays the same within a step is remembered for its stages.
    fn freeze(&mut self, now: &Instant<'m>) {
        for (id, _) in self.model.iter_states().filter(|(_, state)| state.kind == StateKind::Frozen) {
            let block = self.shapes.state(id);
            for at in block.first..block.first + block.count {
                self.memories[at].take(now.states[at]);
            }
        }
    }

    /// Takes all transports to the next step.
    fn advance_transports(&mut self, now: &Instant<'m>) {
        let transports = Arc::make_mut(&mut self.transports);
        for (id, state) in self.model.iter_states() {
            let StateKind::Transport(transport) = state.kind else { continue };
            for (combination, position) in positions(&state.extents).enumerate() {
                for (source, args) in
                    transport_args::eval_traces(self.model.transport(transport), &spot(state, &position, now))
                {
                    let number = |id: StateId| self.shapes.state(id).first + combination;
                    let source = now.transports.get(&number(source)).expect("a transport is initialised");
                    transport::trace(
                        transports.get_mut(&number(id)).expect("a transport is initialised"),
                        source,
                        &args,
                    );
                }
            }
        }
        for (id, state) in self.model.iter_states() {
            let StateKind::Transport(transport) = state.kind else { continue };
            let model = self.model.transport(transport);
            for (combination, position) in positions(&state.extents).enumerate() {
                let args = transport_args::eval_advance(model, &spot(state, &position, now));
                let memory = transports
                    .get_mut(&(self.shapes.state(id).first + combination))
                    .expect("a transport is initialised");
                self.error = first_error(self.error, transport::advance(model, memory, &args));
            }
        }
    }

    /// Levels are given their places, but no values.
    fn unstarted(model: &'m Model, shapes: &Arc<Shapes>) -> Self {
        let mut len = 0;
        let mut place = |count: usize| {
            let first = len;
            len += count;
            first
        };
        let stocks = model
            .iter_vars()
            .map(|(id, var)| matches!(var.def, Def::Stock { .. }).then(|| place(shapes.var(id).count)))
            .collect();
        let states = model
            .iter_states()
            .map(|(id, state)| place(shapes.state(id).count * state::level_count(state.kind)))
            .collect();
        let memories = (0..shapes.state_count).map(|_| Memory::None).collect();
        Self {
            model,
            shapes: Arc::clone(shapes),
            step: 0,
            levels: vec![f64::NAN; len],
            stocks,
            states,
            memories,
            transports: Arc::default(),
            error: 0,
        }
    }

    /// A clause of a variable while the run starts.
    fn start_clause(&mut self, var: VarId, clause: &Clause, now: &mut Instant<'m>) {
        for position in positions(&clause.region) {
            self.start_element(var, clause.at_start(), position, now);
        }
    }

    /// An element of a variable while the run starts: a stock's value is its initial value.
    fn start_element(&mut self, var: VarId, expr: &Expr, position: Vec<u32>, now: &mut Instant<'m>) {
        let at = now.eval_into(var, expr, position);
        if let Some(level) = self.stocks[var.0 as usize] {
            self.levels[level + (at - self.shapes.var(var).first)] = now.vars[at];
        }
    }

    /// A stateful call while the run starts: its levels and memories, then its values.
    fn start_state(&mut self, id: StateId, now: &mut Instant<'m>) {
        for (combination, position) in positions(&self.model.state(id).extents).enumerate() {
            self.start_combination(id, combination, &position, now);
        }
        self.eval_state(id, &self.levels, now);
    }

    /// One combination of a stateful call while the run starts.
    fn start_combination(&mut self, id: StateId, combination: usize, position: &[u32], now: &mut Instant<'m>) {
        let state = self.model.state(id);
        let first = self.shapes.state(id).first;
        let n_levels = state::level_count(state.kind);
        let (level, memory) = state::eval_start(state, &spot(state, position, now), self.model.time.n_steps);
        self.levels[self.states[id.0 as usize] + combination * n_levels..][..n_levels].fill(level);
        self.memories[first + combination] = memory;
        if let StateKind::Transport(transport) = state.kind {
            let model = self.model.transport(transport);
            let start = transport_args::eval_start(model, &spot(state, position, now));
            let (memory, error) = transport::initialise(model, combination, self.model.time.dt, &start);
            // Nobody else holds the others while one is added.
            now.transports = Arc::default();
            Arc::make_mut(&mut self.transports).insert(first + combination, memory);
            now.transports = Arc::clone(&self.transports);
            self.error = first_error(self.error, error);
        }
    }

    /// The time of the step it is at.
    fn clock(&self) -> Clock {
        let TimeSpec { start, dt, .. } = self.model.time;
        let time = step_time(start, dt, self.step);
        Clock { time, step_time: time, dt, start, step: self.step }
    }

    /// Every value at a step or stage, given the levels there.
    fn eval_at(&self, clock: Clock, levels: &[f64], settings: &Settings) -> Instant<'m> {
        let mut now = Instant::new(self.model, Arc::clone(&self.shapes), clock);
        now.transports = Arc::clone(&self.transports);
        now.tables = Arc::clone(&settings.tables);
        for ((id, _), level) in self.model.iter_vars().zip(&self.stocks) {
            if let Some(level) = level {
                let block = self.shapes.var(id);
                now.vars[block.range()].copy_from_slice(&levels[*level..][..block.count]);
            }
        }
        for &node in &self.model.step_order {
            match node {
                Node::Var(var) => match &self.model.var(var).def {
                    Def::Formula(clauses) => clauses.iter().for_each(|clause| now.eval_clause(var, clause)),
                    Def::Constant(_) => show_constant(var, settings, &mut now),
                    Def::Stock { .. } | Def::Lookup(_) => unreachable!("{var:?} is not evaluated in a step"),
                },
                Node::Clause(var, clause) => match &self.model.var(var).def {
                    Def::Formula(clauses) => now.eval_clause(var, &clauses[clause as usize]),
                    Def::Constant(_) | Def::Stock { .. } | Def::Lookup(_) => {
                        unreachable!("{var:?} has no clauses that are evaluated in a step")
                    }
                },
                Node::State(state) => self.eval_state(state, levels, &mut now),
                Node::Element(..) => unreachable!("elements of transports are not evaluated in a step"),
                Node::Recurrence(recurrence) => {
                    for (var, clause, position) in swept(self.model.recurrence(recurrence)) {
                        now.eval_into(var, &start_clauses(self.model, var)[clause as usize].expr, position);
                    }
                }
            }
        }
        now
    }

    /// The value of each combination of a stateful call, given all levels.
    fn eval_state(&self, id: StateId, levels: &[f64], now: &mut Instant<'m>) {
        let state = self.model.state(id);
        let first = self.shapes.state(id).first;
        if state.kind == StateKind::Vector {
            for (combination, position) in positions(&state.extents).enumerate() {
                let given = eval_vector(state, &spot(state, &position, now));
                now.vectors.insert(first + combination, given);
            }
            return;
        }
        for ((combination, position), levels) in
            positions(&state.extents).enumerate().zip(self.state_levels(id, levels))
        {
            let memory = &self.memories[first + combination];
            now.states[first + combination] = state::eval_value(state, levels, memory, &spot(state, &position, now));
        }
    }

    /// The derivative of every level.
    fn eval_rates(&self, now: &Instant<'m>, levels: &[f64]) -> Vec<f64> {
        let mut rates = vec![f64::NAN; levels.len()];
        for ((id, var), level) in self.model.iter_vars().zip(&self.stocks) {
            if let (Def::Stock { net, .. }, Some(level)) = (&var.def, level) {
                eval_nets(net, self.shapes.var(id), now, &mut rates[*level..]);
            }
        }
        for (id, state) in self.model.iter_states() {
            let rates = &mut rates[self.states[id.0 as usize]..];
            let n_levels = state::level_count(state.kind);
            for ((combination, position), levels) in
                positions(&state.extents).enumerate().zip(self.state_levels(id, levels))
            {
                let of_it = state::eval_rates(state, levels, &spot(state, &position, now));
                rates[combination * n_levels..][..n_levels].copy_from_slice(&of_it);
            }
        }
        rates
    }

    /// Of all levels, those of each combination of a stateful call.
    fn state_levels<'a>(&self, id: StateId, levels: &'a [f64]) -> impl Iterator<Item = &'a [f64]> {
        let first = self.states[id.0 as usize];
        let n_levels = state::level_count(self.model.state(id).kind);
        (0..self.shapes.state(id).count).map(move |combination| &levels[first + combination * n_levels..][..n_levels])
    }
}

/// What holds at the start for each clause of a variable.
fn start_clauses(model: &Model, var: VarId) -> &[Clause] {
    match &model.var(var).def {
        Def::Stock { init, .. } => init,
        Def::Formula(clauses) => clauses,
        Def::Constant(_) | Def::Lookup(_) => unreachable!("{var:?} has no equation"),
    }
}

/// Every clause of a recurrence at every position, in the order in which they are computed.
fn swept(recurrence: &Recurrence) -> impl Iterator<Item = (VarId, u32, Vec<u32>)> {
    let turned = |mut position: Vec<u32>| {
        for ((at, extent), descends) in position.iter_mut().zip(&recurrence.region).zip(&recurrence.descends) {
            if *descends {
                *at = 2 * extent.start + extent.len - 1 - *at;
            }
        }
        position
    };
    let at =
        move |position: Vec<u32>| recurrence.clauses.iter().map(move |&(var, clause)| (var, clause, position.clone()));
    positions(&recurrence.region).map(turned).flat_map(at)
}

/// Gives each element of a constant its value.
fn show_constant(var: VarId, settings: &Settings, now: &mut Instant<'_>) {
    let range = now.shapes.var(var).range();
    now.vars[range.clone()].copy_from_slice(&settings.constants[range]);
}

/// The derivative of each element of a stock, given its clauses.
fn eval_nets(net: &[Clause], block: &Block, now: &Instant<'_>, rates: &mut [f64]) {
    for clause in net {
        for position in positions(&clause.region) {
            let rate = now.eval_element(&clause.expr, &position);
            rates[block.at(position) - block.first] = rate;
        }
    }
}

/// An instant from the place of one combination of a stateful call.
fn spot<'a>(state: &State, position: &'a [u32], instant: &'a Instant<'_>) -> Spot<'a> {
    let (loops, bounds) = position.split_at(state.n_loops as usize);
    Spot { instant, loops, bounds }
}

#[cfg(test)]
mod tests;
