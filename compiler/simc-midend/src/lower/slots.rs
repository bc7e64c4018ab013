//! Declares the slots, params and tables of a model.

use std::collections::{BTreeMap, BTreeSet};

use kernel::lookup::block_len;
use kernel::transport::{self, Query, Sizes};
use simc_ir::entity::{Axis, Slot};
use simc_ir::module::{
    Curve, GraphData, Module, ParamData, SlotData, SlotRole, TableData, ThresholdData, Through, TimeSpec,
};
use simc_ir::types::Variance;
use simc_model::model::{self, Def, ExprKind, Model, State, StateId, StateKind, TableId, TableRef, TransportId, VarId};

use super::LowerOptions;
use super::alive::Alive;
use super::axes::{self, Axes};
use super::families::{self, Families, Graphs};
use super::schedule::Schedule;
use super::task::{Target, Work};
use super::transport_args::{taken_at_start, taken_in_step};
use super::visit;

/// Where the parts of a model went.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The slot of each variable; none for stand-alone tables, for what is not computed, and for what is computed but neither
    /// shown nor kept from step to step.
    pub(super) vars: Vec<Option<Slot>>,
    /// The variable of each visible slot after the four time slots, in slot order.
    pub(super) row: Vec<VarId>,
    /// The memory of each state.
    pub(super) states: Vec<StatePlace>,
    /// Where a step leaves each of the model's watched variables.
    pub(super) watched: Vec<Slot>,
    /// Where elements are kept from the nest that computes them to others that read them.
    pub(super) kept: BTreeMap<Target, Slot>,
    /// Where the effects of a task of the row wait for the end of the evaluation.
    pub(super) waiting: BTreeMap<usize, Vec<Slot>>,
    /// Axes by what they stand for.
    pub(super) axes: Axes,
    /// Arrays of tables.
    pub(super) families: Families,
}

/// The memory of a state.
#[derive(Clone, Debug, Default)]
pub(super) struct StatePlace {
    /// Levels in series, or the one held slot or ring; empty when the state is not computed.
    pub(super) slots: Vec<Slot>,
    /// Where a Runge-Kutta step keeps what a held slot or ring takes up at its end.
    pub(super) pending: Option<Slot>,
}

/// Declares everything but functions.
pub(super) fn declare(
    model: &Model,
    variances: &[Variance],
    alive: &Alive,
    options: &LowerOptions,
) -> (Module, Places) {
    let mut module = Module { time: time_spec(&model.time), ..Module::default() };
    let axes = axes::declare(model, &mut module);
    let places = Places { vars: vec![None; model.vars.len()], axes, ..Places::default() };
    let keep = options.keep.as_ref();
    let is_set_through = |var: &model::Var| var.through.as_ref().map(|through| through.var);
    let set_through = model.iter_vars().filter(|&(id, _)| alive.var(id)).filter_map(|(_, var)| is_set_through(var));
    let set_through = set_through.collect();
    let mut declarer = Declarer { model, variances, alive, keep, set_through, module, places };
    declarer.reserved_slots();
    declarer.visible_slots();
    declarer.hidden_slots();
    let graphs = options.table_points.map(|points| declarer.graphs(points)).unwrap_or_default();
    declarer.tables(&graphs);
    declarer.places.families = families::declare(model, &declarer.places.axes, &graphs, &mut declarer.module);
    (declarer.module, declarer.places)
}

struct Declarer<'a> {
    model: &'a Model,
    variances: &'a [Variance],
    alive: &'a Alive,
    keep: Option<&'a BTreeSet<VarId>>,
    /// The variables through which a host sets constants that are computed.
    set_through: BTreeSet<VarId>,
    module: Module,
    places: Places,
}

/// The groups of visible variables, in the order of the row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Stocks,
    Outputs,
    Derived,
    Params,
}

impl Declarer<'_> {
    fn reserved_slots(&mut self) {
        let reserved = [
            ("time", SlotRole::Time),
            ("dt", SlotRole::Dt),
            ("initial_time", SlotRole::StartTime),
            ("final_time", SlotRole::StopTime),
        ];
        for (name, role) in reserved {
            self.slot(name.to_owned(), role, Vec::new());
        }
    }

    fn visible_slots(&mut self) {
        for group in [Group::Stocks, Group::Outputs, Group::Derived, Group::Params] {
            for (id, var) in self.model.iter_vars() {
                if self.group(id) != Some(group) || !self.is_visible(id, group) {
                    continue;
                }
                let role = match group {
                    Group::Stocks => SlotRole::Stock,
                    Group::Outputs => SlotRole::Output,
                    Group::Derived | Group::Params => SlotRole::Run,
                };
                let slot = self.var_slot(id, role);
                self.places.vars[id.0 as usize] = Some(slot);
                self.places.row.push(id);
                if let Def::Constant(defaults) = &var.def {
                    let (name, defaults) = (var.name.clone(), defaults.clone());
                    self.module.params.push(ParamData { name, slot, defaults, through: None });
                }
            }
        }
    }

    /// Where a variable is in the row if it is visible; none when it has no value or none is wanted.
    fn group(&self, id: VarId) -> Option<Group> {
        if !self.alive.var(id) {
            return None;
        }
        match &self.model.var(id).def {
            Def::Stock { .. } => Some(Group::Stocks),
            Def::Formula(_) if self.variances[id.0 as usize] == Variance::Step => Some(Group::Outputs),
            Def::Formula(_) => Some(Group::Derived),
            Def::Constant(_) => Some(Group::Params),
            Def::Lookup(_) => None,
        }
    }

    /// A constant is visible whenever something needs it: a host sets it through its slot. So is a variable through which a constant is set.
    fn is_visible(&self, id: VarId, group: Group) -> bool {
        let var = self.model.var(id);
        let is_wanted = !var.is_hidden && self.keep.is_none_or(|keep| keep.contains(&id));
        group == Group::Params && var.through.is_none() || is_wanted || self.set_through.contains(&id)
    }

    fn hidden_slots(&mut self) {
        for (id, var) in self.model.iter_vars() {
            if self.places.vars[id.0 as usize].is_some() {
                continue;
            }
            let role = match self.group(id) {
                Some(Group::Stocks) => SlotRole::Level,
                Some(Group::Derived | Group::Params) => SlotRole::Hoisted,
                Some(Group::Outputs) | None => continue,
            };
            let slot = self.var_slot(id, role);
            self.places.vars[id.0 as usize] = Some(slot);
            if let (Def::Constant(defaults), Some(through)) = (&var.def, &var.through) {
                let shown = self.places.vars[through.var.0 as usize].expect("what is set is in the row");
                let through = Some(Through { slot: shown, runs: through.runs.clone() });
                let (name, defaults) = (var.name.clone(), defaults.clone());
                self.module.params.push(ParamData { name, slot, defaults, through });
            }
        }
        for (id, state) in self.model.iter_states() {
            let place = if self.alive.state(id) { self.state_place(state) } else { StatePlace::default() };
            self.places.states.push(place);
        }
        for watched in &self.model.watched {
            let slot = self.var_slot(watched.var, SlotRole::Watched);
            self.module.slots[slot].name.push_str(": watched");
            self.places.watched.push(slot);
        }
        for threshold in &self.model.thresholds {
            let watched = threshold.watched as usize;
            self.module.thresholds.push(ThresholdData {
                name: self.model.var(self.model.watched[watched].var).name.clone(),
                slot: self.places.watched[watched],
                first: threshold.first,
                n: threshold.n,
                value: threshold.value,
                direction: threshold.direction,
                repeat: threshold.repeat,
                actions: threshold.events.iter().map(|event| event.action).collect(),
            });
        }
    }

    fn state_place(&mut self, state: &State) -> StatePlace {
        let owner = &self.model.var(state.owner).name;
        let axes: Vec<Axis> = match state.kind == StateKind::Vector {
            true => self.places.axes.of_block(state),
            false => state.extents.iter().map(|extent| self.places.axes.of(extent)).collect(),
        };
        let model = self.model;
        let time = &model.time;
        let mut slot = |what: &str, role| self.slot(format!("{owner}: {what}"), role, axes.clone());
        let (slots, pending) = match state.kind {
            StateKind::Smooth { order }
            | StateKind::Delay { order }
            | StateKind::ShortenedSmooth { order }
            | StateKind::ShortenedDelay { order } => {
                ((1..=order).map(|level| slot(&format!("level {level}"), SlotRole::Level)).collect(), None)
            }
            StateKind::Integral => (vec![slot("level", SlotRole::Level)], None),
            StateKind::Trend | StateKind::Forecast => (vec![slot("average", SlotRole::Level)], None),
            StateKind::Pipeline => {
                let role = SlotRole::Ring { capacity: longest_pipeline(time) };
                (vec![slot("pipeline", role)], Some("enters the pipeline"))
            }
            StateKind::History | StateKind::Return => {
                let role = SlotRole::Ring { capacity: longest_pipeline(time) };
                (vec![slot("history", role)], Some("enters the history"))
            }
            StateKind::Previous => (vec![slot("previous", SlotRole::Held)], Some("becomes previous")),
            StateKind::Init => (vec![slot("initial", SlotRole::Held)], None),
            StateKind::Frozen => (vec![slot("of the step", SlotRole::Pending)], None),
            StateKind::Vector => (vec![slot("vector", SlotRole::Spill)], None),
            StateKind::Transport(id) => (
                vec![slot(what_of(model.transport(id)), SlotRole::Transport { words: transport_words(model, id) })],
                None,
            ),
        };
        // Under Euler the one evaluation of a step is its last, and nothing has to wait.
        let pending = pending.filter(|_| time.method != model::Method::Euler);
        StatePlace { slots, pending: pending.map(|what| slot(what, SlotRole::Pending)) }
    }

    fn var_slot(&mut self, id: VarId, role: SlotRole) -> Slot {
        let axes = self.places.axes.of_var(self.model, id);
        self.slot(self.model.var(id).name.clone(), role, axes)
    }

    fn slot(&mut self, name: String, role: SlotRole, axes: Vec<Axis>) -> Slot {
        self.module.slots.push(SlotData { name, axes, role })
    }

    /// All tables, under the numbers that the model gives them. Unused ones go when the module is compacted.
    fn tables(&mut self, graphs: &Graphs) {
        for (id, table) in (0..).map(TableId).zip(&self.model.tables) {
            let kind = table.kind;
            let single = TableData::single(table.name.clone(), kind, table.xs.clone(), table.ys.clone());
            let graphs = graphs.get(&id).copied().into_iter().collect();
            self.module.tables.push(TableData { graphs, ..single });
        }
    }

    /// A graphical function that a host may change for each table that something computed looks up and that follows from no other, in the
    /// order of the model.
    fn graphs(&mut self, points: u32) -> Graphs {
        let vars = self.model.iter_vars().filter(|&(id, _)| self.alive.var(id));
        let states = self.model.iter_states().filter(|&(id, _)| self.alive.state(id));
        let clauses = vars.flat_map(|(_, var)| visit::exprs(var));
        let mut read = BTreeSet::new();
        for expr in clauses.chain(states.flat_map(|(_, state)| visit::args(self.model, state))) {
            visit::visit(expr, |kind, _| match kind {
                ExprKind::Lookup(TableRef::One(id), _) => drop(read.insert(*id)),
                ExprKind::Lookup(TableRef::Each { tables, .. }, _) => read.extend(tables),
                ExprKind::Number(_)
                | ExprKind::Time
                | ExprKind::Var(..)
                | ExprKind::State(_)
                | ExprKind::Transport(_)
                | ExprKind::Vector(_)
                | ExprKind::Arrange(..)
                | ExprKind::Position(_)
                | ExprKind::Reduce(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::If { .. }
                | ExprKind::Call(..) => {}
            });
        }
        let mut declare = |id: TableId| {
            let table = self.model.table(id);
            let curve = Curve { xs: table.xs.clone(), ys: table.ys.clone() };
            let n = u32::try_from(curve.xs.len()).expect("fewer points than bytes in the file");
            let (name, kind) = (table.name.clone(), table.kind);
            self.module.graphs.push(GraphData { name, kind, capacity: points.max(n), curve })
        };
        let given = read.into_iter().filter(|&id| !self.model.table(id).is_derived);
        given.map(|id| (id, declare(id))).collect()
    }
}

/// Declares where elements are kept within the evaluations that these schedules plan.
pub(super) fn declare_kept(model: &Model, module: &mut Module, places: &mut Places, schedules: &[&Schedule]) {
    let targets: BTreeSet<Target> = schedules.iter().flat_map(|schedule| &schedule.kept).copied().collect();
    for target in targets {
        let (name, axes) = match target {
            Target::Var(id) => {
                let is_in_memory =
                    places.vars[id.0 as usize].is_some_and(|slot| module.slots[slot].role != SlotRole::Output);
                if is_in_memory || model.var(id).dims.is_empty() {
                    continue;
                }
                (&model.var(id).name, places.axes.of_var(model, id))
            }
            Target::State(id) => {
                let state = model.state(id);
                if is_its_memory(state.kind) || state.extents.is_empty() {
                    continue;
                }
                let axes = state.extents.iter().map(|extent| places.axes.of(extent)).collect();
                (&model.var(state.owner).name, axes)
            }
        };
        let slot = module.slots.push(SlotData { name: format!("{name}: kept"), axes, role: SlotRole::Spill });
        places.kept.insert(target, slot);
    }
}

/// Declares where the effects of the row wait that have to.
pub(super) fn declare_waiting(model: &Model, module: &mut Module, places: &mut Places, row: &Schedule) {
    for &number in &row.waiting {
        let task = &row.tasks[number];
        let (name, n_effects) = match task.work {
            Work::Net(id, _) => (&model.var(id).name, 1),
            Work::Advance(id) => (&model.var(model.state(id).owner).name, effect_count(model, id, places)),
            Work::Param(_)
            | Work::Formula(..)
            | Work::First(..)
            | Work::Init(..)
            | Work::Watch(_)
            | Work::Start(_)
            | Work::Value(_) => {
                continue;
            }
        };
        let axes: Vec<Axis> = task.region.iter().map(|extent| places.axes.of(extent)).collect();
        let slots = (0..n_effects).map(|_| {
            module.slots.push(SlotData { name: format!("{name}: waits"), axes: axes.clone(), role: SlotRole::Spill })
        });
        places.waiting.insert(number, slots.collect());
    }
}

fn what_of(transport: &model::Transport) -> &'static str {
    if transport.is_queue() { "batches" } else { "slats" }
}

/// Whether a state's value is what it remembers, so that it can be loaded at any time.
pub(super) fn is_its_memory(kind: StateKind) -> bool {
    match kind {
        StateKind::Smooth { .. }
        | StateKind::ShortenedSmooth { .. }
        | StateKind::Integral
        | StateKind::Previous
        | StateKind::Init
        | StateKind::Transport(_)
        | StateKind::Vector => true,
        StateKind::Delay { .. }
        | StateKind::ShortenedDelay { .. }
        | StateKind::Trend
        | StateKind::Forecast
        | StateKind::Pipeline
        | StateKind::History
        | StateKind::Return
        | StateKind::Frozen => false,
    }
}

/// No run can tell a longer pipeline from this one. A capacity that does not fit 32 bits does not fit the memory either, and
/// the layout says so.
fn longest_pipeline(time: &model::TimeSpec) -> u32 {
    u32::try_from(time.n_steps.saturating_add(1)).unwrap_or(u32::MAX)
}

fn time_spec(time: &model::TimeSpec) -> TimeSpec {
    TimeSpec {
        start: time.start,
        stop: time.stop,
        dt: time.dt,
        n_steps: time.n_steps,
        save_every: time.save_every,
        method: time.method,
    }
}

/// How many numbers the effects of a state take.
fn effect_count(model: &Model, id: StateId, places: &Places) -> usize {
    if let StateKind::Transport(transport) = model.state(id).kind {
        taken_in_step(model.transport(transport)).len()
    } else {
        places.states[id.0 as usize].slots.len()
    }
}

/// Numbers in front of those that the model initialises a transport with.
const CHARGE_ARGS: usize = 3;

/// Words of an element of a transport; as many as can be counted when there are more, which fit no memory.
fn transport_words(model: &Model, id: TransportId) -> u32 {
    let transport = model.transport(id);
    let n_points: usize = transport.curves().map(|(xs, _)| xs.len()).sum();
    let of_points = block_len(n_points) - block_len(0);
    let extra = transport.curves().count() as u32 * (1 + block_len(0) as u32) + of_points as u32 + transport.n_notes();
    // What a transport is asked with is no more than what it advances by, and a few numbers.
    let args =
        (CHARGE_ARGS + taken_at_start(transport).len()).max(Query::Admit.min_args() + taken_in_step(transport).len());
    let args = u32::try_from(args).unwrap_or(u32::MAX);
    let [leaks, inflows] = [transport.n_leaks(), transport.n_inflows()].map(|n| n as u32);
    let sizes = Sizes { cells: transport.cells, leaks, inflows, extra, args };
    u32::try_from(transport::words(sizes)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
