//! Declares the slots, params and tables of a model.

use std::collections::BTreeSet;

use simc_front::model::{self, Def, Model, State, StateKind, VarId};
use simc_ir::entity::{Slot, Table};
use simc_ir::module::{Method, Module, ParamData, SlotData, SlotRole, TableData, TableKind, TableSearch, TimeSpec};
use simc_ir::types::Variance;

use super::alive::Alive;

/// Where the parts of a model went.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The slot of each variable; none for stand-alone tables, for what is not computed, and for what is computed but neither
    /// shown nor kept from step to step.
    pub(super) vars: Vec<Option<Slot>>,
    /// The variable of each visible slot behind the four time slots, in slot order.
    pub(super) row: Vec<VarId>,
    /// The memory of each state.
    pub(super) states: Vec<StatePlace>,
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
    keep: Option<&BTreeSet<VarId>>,
) -> (Module, Places) {
    let module = Module { time: time_spec(&model.time), ..Module::default() };
    let places = Places { vars: vec![None; model.vars.len()], ..Places::default() };
    let mut declarer = Declarer { model, variances, alive, keep, module, places };
    declarer.reserved_slots();
    declarer.visible_slots();
    declarer.hidden_slots();
    declarer.tables();
    (declarer.module, declarer.places)
}

struct Declarer<'a> {
    model: &'a Model,
    variances: &'a [Variance],
    alive: &'a Alive,
    keep: Option<&'a BTreeSet<VarId>>,
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
            self.slot(name.to_owned(), role);
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
                let slot = self.slot(var.name.clone(), role);
                self.places.vars[id.0 as usize] = Some(slot);
                self.places.row.push(id);
                if let Def::Constant(default) = var.def {
                    let name = var.name.clone();
                    self.module.params.push(ParamData { name, slot, defaults: vec![default] });
                }
            }
        }
    }

    /// Where a variable stands in the row if it is visible; none when it has no value or none is wanted.
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

    /// A constant is visible whenever something needs it: a host sets it through its slot.
    fn is_visible(&self, id: VarId, group: Group) -> bool {
        group == Group::Params || self.keep.is_none_or(|keep| keep.contains(&id))
    }

    fn hidden_slots(&mut self) {
        for (id, var) in self.model.iter_vars() {
            if self.places.vars[id.0 as usize].is_some() {
                continue;
            }
            let role = match self.group(id) {
                Some(Group::Stocks) => SlotRole::Level,
                Some(Group::Derived) => SlotRole::Hoisted,
                Some(Group::Outputs | Group::Params) | None => continue,
            };
            self.places.vars[id.0 as usize] = Some(self.slot(var.name.clone(), role));
        }
        for (id, state) in self.model.iter_states() {
            let place = if self.alive.state(id) { self.state_place(state) } else { StatePlace::default() };
            self.places.states.push(place);
        }
    }

    fn state_place(&mut self, state: &State) -> StatePlace {
        let owner = &self.model.var(state.owner).name;
        match state.kind {
            StateKind::Smooth { order } | StateKind::Delay { order } => {
                let names = (1..=order).map(|level| format!("{owner}: level {level}"));
                StatePlace { slots: names.map(|name| self.slot(name, SlotRole::Level)).collect(), pending: None }
            }
            StateKind::Trend | StateKind::Forecast => {
                StatePlace { slots: vec![self.slot(format!("{owner}: average"), SlotRole::Level)], pending: None }
            }
            StateKind::Pipeline => {
                let role = SlotRole::Ring { capacity: longest_pipeline(&self.module.time) };
                let slots = vec![self.slot(format!("{owner}: pipeline"), role)];
                StatePlace { slots, pending: self.pending(format!("{owner}: enters the pipeline")) }
            }
            StateKind::Previous => {
                let slots = vec![self.slot(format!("{owner}: previous"), SlotRole::Held)];
                StatePlace { slots, pending: self.pending(format!("{owner}: becomes previous")) }
            }
            StateKind::Init => {
                StatePlace { slots: vec![self.slot(format!("{owner}: initial"), SlotRole::Held)], pending: None }
            }
        }
    }

    /// Under Euler the one evaluation of a step is its last, and nothing has to wait.
    fn pending(&mut self, name: String) -> Option<Slot> {
        (self.module.time.method != Method::Euler).then(|| self.slot(name, SlotRole::Pending))
    }

    fn slot(&mut self, name: String, role: SlotRole) -> Slot {
        self.module.slots.push(SlotData { name, axes: Vec::new(), role })
    }

    /// All tables, under the numbers that the model gives them. Unused ones go when the module is compacted.
    fn tables(&mut self) {
        for table in &self.model.tables {
            self.module.tables.push(TableData {
                name: table.name.clone(),
                kind: match table.kind {
                    model::TableKind::Continuous => TableKind::Continuous,
                    model::TableKind::Extrapolate => TableKind::Extrapolate,
                    model::TableKind::Discrete => TableKind::Discrete,
                },
                search: TableSearch::Binary,
                xs: table.xs.clone(),
                ys: table.ys.clone(),
            });
        }
    }
}

/// The table of the module that a model's table became.
pub(super) fn table(id: model::TableId) -> Table {
    Table::from_u32(id.0)
}

/// No run can tell a longer pipeline from this one. A capacity that does not fit 32 bits does not fit the memory either, and
/// the layout says so.
fn longest_pipeline(time: &TimeSpec) -> u32 {
    u32::try_from(time.n_steps.saturating_add(1)).unwrap_or(u32::MAX)
}

fn time_spec(time: &model::TimeSpec) -> TimeSpec {
    TimeSpec {
        start: time.start,
        stop: time.stop,
        dt: time.dt,
        n_steps: time.n_steps,
        save_every: time.save_every,
        method: match time.method {
            model::Method::Euler => Method::Euler,
            model::Method::Rk2 => Method::Rk2,
            model::Method::Rk4 => Method::Rk4,
        },
    }
}
