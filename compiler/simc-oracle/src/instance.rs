//! The life of a model that runs, call for call that of an artifact.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use kernel::abi::{
    CANONICAL_NAN, DT_SLOT, ERROR_NAN_TARGET, FINAL_TIME_SLOT, INITIAL_TIME_SLOT, RESERVED_SLOTS, TIME_SLOT,
    steps_until,
};
use simc_model::model::{Action, Def, Model, State, StateKind, Table, TableId, VarId};

use crate::eval::Instant;
use crate::event::{Fired, Watch};
use crate::shape::{Shapes, combination_count, element_count};
use crate::simulation::{Settings, Simulation};
use crate::state::level_count;
use crate::transport;
use crate::vector;

/// How many copies of its levels a run holds at once: those of the step, of a stage, of the next step, and four rates.
const LEVEL_COPIES: u64 = 7;

/// A step holds the transports of the last one beside its own.
const TRANSPORT_COPIES: u64 = 3;

/// A model in execution.
///
/// The live chunk and each row have a column for the time, dt, the initial and the final time, and one for each element of each variable
/// of the model but stand-alone tables, in the order of the model, elements row-major. A NaN in them is always the canonical one.
#[derive(Clone, Debug)]
pub struct Instance<'m> {
    model: &'m Model,
    /// Where the elements of each variable lie among all of them, which is also their order in a row.
    shapes: Arc<Shapes>,
    /// For each element of each variable its override or default, if it is a settable constant; and the tables that are replaced.
    settings: Settings,
    /// For each element of each variable whether it is overridden.
    overridden: Vec<bool>,
    /// The constants that are set through other variables.
    through: Through,
    /// The run in progress, once it has started.
    simulation: Option<Simulation<'m>>,
    live: Vec<f64>,
    /// Saved rows, one after the other.
    rows: Vec<f64>,
    saved_steps: u64,
    /// Whether the last step has been evaluated.
    is_complete: bool,
    error: u64,
    watch: Watch,
    /// What the last event asked for that has ended a `run_to`; [`Action::Message`] when there was none.
    ended_by: Action,
    /// Whether events may pause a run.
    pauses: bool,
}

/// Hidden constants that are set through other variables.
#[derive(Clone, Debug, Default)]
struct Through {
    /// The constant of each variable through which one is set.
    constants: BTreeMap<VarId, VarId>,
    /// The variable through which a constant is set, by the place of its first element.
    shown: BTreeMap<usize, VarId>,
}

impl Through {
    fn new(model: &Model, shapes: &Shapes) -> Self {
        let mut through = Self::default();
        for (id, var) in model.iter_vars() {
            if let Some(shown) = &var.through {
                through.constants.insert(shown.var, id);
                through.shown.insert(shapes.var(id).first, shown.var);
            }
        }
        through
    }
}

/// A run would need more memory than it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// Bytes of a full run: rows, levels and pipelines.
    pub needed: u64,
    /// Bytes that it may take.
    pub limit: u64,
}

impl<'m> Instance<'m> {
    /// A new instance: the live chunk all zero, nothing saved. A full run of it may take `limit` bytes.
    ///
    /// # Errors
    /// When it would need more.
    pub fn new(model: &'m Model, limit: u64) -> Result<Self, TooLarge> {
        let needed = needed_bytes(model);
        if needed > limit {
            return Err(TooLarge { needed, limit });
        }
        let shapes = Shapes::new(model);
        Ok(Self {
            model,
            settings: Settings { constants: defaults(model, &shapes), ..Settings::default() },
            overridden: vec![false; shapes.var_count],
            through: Through::new(model, &shapes),
            simulation: None,
            live: vec![0.0; RESERVED_SLOTS as usize + shapes.var_count],
            shapes: Arc::new(shapes),
            rows: Vec::new(),
            saved_steps: 0,
            is_complete: false,
            error: 0,
            watch: Watch::new(model),
            ended_by: Action::Message,
            pauses: false,
        })
    }

    /// Overrides an element (counted from 0, row-major) of a variable that its author wrote as a constant, or the value of a stock at the start:
    /// at once in the live chunk, from the next evaluation on in what derives from it. A run that has started goes on showing a stock.
    /// False, and nothing changes, when the element cannot be set, or there is none.
    #[must_use]
    pub fn set_value(&mut self, var: VarId, element: usize, value: f64) -> bool {
        let Some(index) = self.settable(var, element) else { return false };
        self.settings.constants[index] = value;
        self.overridden[index] = true;
        self.show_constant(index);
        true
    }

    /// Whether a host may set an element of a variable.
    pub fn is_settable(&self, var: VarId, element: usize) -> bool {
        self.settable(var, element).is_some()
    }

    /// The place, among the elements of all variables, of the constant that is set through an element.
    fn settable(&self, id: VarId, element: usize) -> Option<usize> {
        let var = self.model.vars.get(id.0 as usize)?;
        if element >= self.shapes.var(id).count {
            return None;
        }
        if matches!(var.def, Def::Constant(_)) && var.through.is_none() {
            return Some(self.shapes.var(id).first + element);
        }
        let &constant = self.through.constants.get(&id)?;
        let through = self.model.var(constant).through.as_ref()?;
        let is_there = u32::try_from(element).is_ok_and(|element| through.has(element));
        is_there.then(|| self.shapes.var(constant).first + element)
    }

    /// Replaces the points of a graphical function by pairs of x and y, from the next evaluation on. False, and nothing changes, when there
    /// is none, or these cannot be its points: there must be one, all finite, x ascending.
    #[must_use]
    pub fn set_table(&mut self, table: TableId, points: &[[f64; 2]]) -> bool {
        let Some(own) = self.model.tables.get(table.0 as usize) else { return false };
        let (xs, ys): (Vec<f64>, Vec<f64>) = points.iter().map(|&[x, y]| (x, y)).unzip();
        let is_finite = xs.iter().chain(&ys).all(|number| number.is_finite());
        if xs.is_empty() || !is_finite || !xs.is_sorted() {
            return false;
        }
        let replaced = Table { xs, ys, ..own.clone() };
        Arc::make_mut(&mut self.settings.tables).insert(table, replaced);
        true
    }

    /// Drops every override. The live chunk is left as it is.
    pub fn clear_values(&mut self) {
        self.settings = Settings { constants: defaults(self.model, &self.shapes), ..Settings::default() };
        self.overridden.fill(false);
    }

    /// Evaluates t = start into the live chunk; does nothing once the run has started.
    pub fn run_initials(&mut self) {
        if self.simulation.is_some() {
            return;
        }
        let simulation = Simulation::new(self.model, &self.shapes, &self.settings);
        if simulation.error() == 0 {
            self.show(&simulation.eval_step(&self.settings));
        } else {
            self.error = simulation.error();
            self.abandon();
        }
        self.simulation = Some(simulation);
    }

    /// Takes every step whose time is not after `target`, and evaluates the time at which it rests. NaN raises the error word; after an error nothing happens until [`Instance::reset`].
    pub fn run_to(&mut self, target: f64) {
        if self.error != 0 {
            return;
        }
        if target.is_nan() {
            self.error = u64::from(ERROR_NAN_TARGET);
            return;
        }
        if self.is_complete {
            return;
        }
        self.run_initials();
        if self.error != 0 {
            return;
        }
        let mut simulation = self.simulation.take().expect("the run has just been started");
        self.run_due_steps(&mut simulation, target);
        self.simulation = Some(simulation);
    }

    /// `reset`, then a run to the end.
    pub fn run(&mut self) {
        self.reset();
        self.run_to(self.model.time.stop);
    }

    /// Back to the fresh state, but overrides stay and show in the live chunk.
    pub fn reset(&mut self) {
        self.simulation = None;
        self.clear_live();
        self.rows.clear();
        self.saved_steps = 0;
        self.is_complete = false;
        self.error = 0;
        self.watch.reset(self.model);
        self.ended_by = Action::Message;
    }

    /// Whether events that pause do so from now on; if not, they are recorded and nothing else. They do not in a new instance.
    pub fn pause_on_events(&mut self, on: bool) {
        self.pauses = on;
    }

    /// What has ended the last `run_to` that has taken a step: an event that pauses or stops, or none.
    pub fn ended_by(&self) -> Action {
        self.ended_by
    }

    /// The events that have fired since the instance was new or reset, oldest first.
    pub fn events(&self) -> &[Fired] {
        &self.watch.fired
    }

    /// The sticky error word, 0 when there is none.
    pub fn error(&self) -> u64 {
        self.error
    }

    /// Rows saved since the instance was new or reset.
    pub fn saved_steps(&self) -> u64 {
        self.saved_steps
    }

    /// Where it is now.
    pub fn live(&self) -> &[f64] {
        &self.live
    }

    /// Saved rows, one after the other, each [`Instance::width`] long.
    pub fn rows(&self) -> &[f64] {
        &self.rows
    }

    /// A saved row.
    ///
    /// # Panics
    /// When `index` is not below [`Instance::saved_steps`].
    pub fn row(&self, index: u64) -> &[f64] {
        let index = usize::try_from(index).expect("rows in memory can be counted");
        &self.rows[index * self.width()..][..self.width()]
    }

    /// Columns of a row.
    pub fn width(&self) -> usize {
        self.live.len()
    }

    /// The column of a variable's first element, after which the others follow; none for a stand-alone table.
    pub fn column(&self, var: VarId) -> Option<usize> {
        let block = self.shapes.var(var);
        (block.count > 0).then_some(RESERVED_SLOTS as usize + block.first)
    }

    /// The step after which a run is complete: that of the last row, or, where events may still fire after it, of the stop time.
    fn last_step(&self) -> u64 {
        let time = &self.model.time;
        if self.model.thresholds.is_empty() { (time.n_rows - 1) * time.save_every } else { time.n_steps }
    }

    /// Steps while they are due; then the live chunk shows the resting time, or the last row.
    fn run_due_steps(&mut self, simulation: &mut Simulation<'m>, target: f64) {
        let time = &self.model.time;
        let due = steps_until(time.start, time.dt, target);
        while self.ended_by != Action::Stop && simulation.step() as f64 <= due {
            let now = simulation.eval_step(&self.settings);
            self.ended_by = self.watch.look(self.model, &now, simulation.step());
            let is_last = simulation.step() == self.last_step();
            // No host has asked for a pause, or after the last step there is none left to pause before.
            if self.ended_by == Action::Pause && (is_last || !self.pauses) {
                self.ended_by = Action::Message;
            }
            let is_saved = simulation.step().is_multiple_of(time.save_every);
            if is_saved {
                self.save(&now);
            }
            if is_last {
                self.is_complete = true;
                self.live = self.row(self.saved_steps - 1).to_vec();
                return;
            }
            simulation.advance(&now, &self.settings);
            self.error = simulation.error();
            if self.error != 0 {
                if is_saved {
                    self.saved_steps -= 1;
                    self.rows.truncate(self.rows.len() - self.width());
                }
                return self.abandon();
            }
            if self.ended_by != Action::Message {
                break;
            }
        }
        self.show(&simulation.eval_step(&self.settings));
    }

    /// An evaluation or step that has failed leaves no row of its own, and the last one before it in the live chunk; without one, what a reset
    /// leaves there.
    fn abandon(&mut self) {
        match self.saved_steps.checked_sub(1) {
            Some(last) => self.live = self.row(last).to_vec(),
            None => self.clear_live(),
        }
    }

    /// Zeros, and what has been set.
    fn clear_live(&mut self) {
        self.live.fill(0.0);
        for index in 0..self.overridden.len() {
            if self.overridden[index] {
                self.show_constant(index);
            }
        }
    }

    /// Appends a row; the last one stays in the live chunk.
    fn save(&mut self, now: &Instant<'m>) {
        self.show(now);
        self.rows.extend_from_slice(&self.live);
        self.saved_steps += 1;
    }

    /// Writes every column of the live chunk.
    fn show(&mut self, now: &Instant<'m>) {
        self.live[TIME_SLOT as usize] = canonical(now.clock.step_time);
        self.live[DT_SLOT as usize] = self.model.time.dt;
        self.live[INITIAL_TIME_SLOT as usize] = self.model.time.start;
        self.live[FINAL_TIME_SLOT as usize] = self.model.time.stop;
        for (column, &value) in self.live[RESERVED_SLOTS as usize..].iter_mut().zip(&now.vars) {
            *column = canonical(value);
        }
    }

    /// Writes one element of a constant into the live chunk, and where it is set through another variable there as well. A run that has
    /// started shows a stock there and not its value at the start.
    fn show_constant(&mut self, index: usize) {
        let value = canonical(self.settings.constants[index]);
        self.live[RESERVED_SLOTS as usize + index] = value;
        let Some((&first, &shown)) = self.through.shown.range(..=index).next_back() else { return };
        let block = self.shapes.var(shown);
        let is_stock = matches!(self.model.var(shown).def, Def::Stock { .. });
        if index - first < block.count && !(is_stock && self.simulation.is_some()) {
            self.live[RESERVED_SLOTS as usize + block.first + (index - first)] = value;
        }
    }
}

/// Its default at the place of each element of a settable constant; other places are never read.
fn defaults(model: &Model, shapes: &Shapes) -> Vec<f64> {
    let mut all = vec![f64::NAN; shapes.var_count];
    for (id, var) in model.iter_vars() {
        match &var.def {
            Def::Constant(values) => all[shapes.var(id).range()].copy_from_slice(values),
            Def::Stock { .. } | Def::Formula(_) | Def::Lookup(_) => {}
        }
    }
    all
}

/// Every NaN is the one that artifacts let a host see.
fn canonical(value: f64) -> f64 {
    if value.is_nan() { f64::from_bits(CANONICAL_NAN) } else { value }
}

/// What a full run keeps in memory at most: its rows, the levels of stateful calls, and pipelines as long as they may become.
fn needed_bytes(model: &Model) -> u64 {
    let elements = model.vars.iter().map(|var| element_count(var, model));
    let width = elements.fold(u64::from(RESERVED_SLOTS), u64::saturating_add);
    let rows = width.saturating_mul(model.time.n_rows);
    let calls = model.states.iter().map(|state| state_numbers(state, model).saturating_mul(combination_count(state)));
    calls.fold(rows, u64::saturating_add).saturating_mul(8)
}

/// How many numbers one combination of a stateful call may keep.
fn state_numbers(state: &State, model: &Model) -> u64 {
    match state.kind {
        StateKind::Smooth { .. }
        | StateKind::Delay { .. }
        | StateKind::ShortenedSmooth { .. }
        | StateKind::ShortenedDelay { .. }
        | StateKind::Integral
        | StateKind::Trend
        | StateKind::Forecast => LEVEL_COPIES * level_count(state.kind) as u64,
        StateKind::Pipeline => pipeline_capacity(state, model),
        StateKind::History | StateKind::Return => model.time.n_steps.saturating_add(1),
        StateKind::Previous | StateKind::Init | StateKind::Frozen => 1,
        StateKind::Transport(id) => TRANSPORT_COPIES * transport::words(model.transport(id)),
        StateKind::Vector => vector::numbers(state),
    }
}

/// The greatest length of a pipeline: known when its time is a number, else that of the run.
fn pipeline_capacity(state: &State, model: &Model) -> u64 {
    let longest = model.time.n_steps.saturating_add(1);
    match state.time.as_ref().and_then(|time| time.as_number()) {
        // A float beyond the range of u64 saturates, and NaN becomes 0.
        Some(time) => ((time / model.time.dt).round() as u64).clamp(1, longest),
        None => longest,
    }
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a full run needs {} bytes, more than the {} that it may take", self.needed, self.limit)
    }
}

impl std::error::Error for TooLarge {}

#[cfg(test)]
mod tests;
