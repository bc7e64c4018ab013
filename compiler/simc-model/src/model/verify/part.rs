//! Parts of a model by themselves: time, extents, variables, tables, calls, conveyors and queues, thresholds.

use std::collections::BTreeSet;

use crate::model::dimension::Extent;
use crate::model::event::Repeat;
use crate::model::expr::Expr;
use crate::model::id::{DimId, TableId, TransportId, VarId};
use crate::model::resolved::Model;
use crate::model::state::{State, StateKind};
use crate::model::transport::Transport;
use crate::model::variable::{Clause, Def, Through, Var, VarKind};
use crate::model::verify::violation::{Rule, Violation};

/// Up to this many elements, each is counted to find those in two clauses.
const MAX_COUNTED: u64 = 1 << 16;

/// Of larger arrays, up to this many clauses are compared with one another.
const MAX_COMPARED: usize = 512;

/// Checks all parts.
pub(super) fn verify_parts(model: &Model, list: &mut Vec<Violation>) {
    let mut cx = Cx { model, list, place: "the time axis".to_owned() };
    cx.verify_time();
    for (position, table) in model.tables.iter().enumerate() {
        cx.place = format!("table {position} `{}`", table.name);
        let is_ascending = table.xs.is_sorted() && table.xs.iter().all(|x| x.is_finite());
        cx.require(!table.xs.is_empty() && table.xs.len() == table.ys.len(), Rule::Table, "no point for each x");
        cx.require(is_ascending, Rule::Table, "x are not finite and ascending");
    }
    for (id, var) in model.iter_vars() {
        cx.place = format!("variable {} `{}`", id.0, var.name);
        cx.verify_var(var);
    }
    for (id, state) in model.iter_states() {
        cx.place = format!("call {} of variable {}", id.0, state.owner.0);
        cx.verify_state(state);
    }
    cx.verify_transports();
    cx.verify_events();
}

struct Cx<'m, 'l> {
    model: &'m Model,
    list: &'l mut Vec<Violation>,
    /// What is looked at.
    place: String,
}

impl Cx<'_, '_> {
    fn require(&mut self, holds: bool, rule: Rule, message: &str) -> bool {
        if !holds {
            self.list.push(Violation { rule, place: self.place.clone(), message: message.to_owned() });
        }
        holds
    }

    fn verify_time(&mut self) {
        let time = &self.model.time;
        let (start, dt) = (time.start, time.dt);
        let n_rows = time.n_steps.checked_div(time.save_every).and_then(|rows| rows.checked_add(1));
        let (every, rows) = (time.save_every, time.n_rows);
        self.require(start.is_finite() && dt.is_finite() && dt > 0.0, Rule::Time, "start or dt is no time");
        self.require(every >= 1 && n_rows == Some(rows), Rule::Time, "the rows do not follow from the steps");
    }

    /// Whether extents lie in their dimensions.
    fn verify_extents(&mut self, extents: &[Extent]) -> bool {
        extents.iter().all(|extent| {
            let Some(dim) = self.model.dims.get(extent.dim.0 as usize) else {
                return self.require(false, Rule::Reference, "there is no such dimension");
            };
            let end = u64::from(extent.start) + u64::from(extent.len);
            let is_inside = extent.len > 0 && end <= dim.elements.len() as u64;
            self.require(is_inside, Rule::Region, "an extent is empty or ends outside of its dimension")
        })
    }

    fn has_table(&mut self, table: TableId) -> bool {
        let has = (table.0 as usize) < self.model.tables.len();
        self.require(has, Rule::Reference, "there is no such table")
    }

    fn has_var(&mut self, var: VarId) -> bool {
        let has = (var.0 as usize) < self.model.vars.len();
        self.require(has, Rule::Reference, "there is no such variable")
    }

    fn verify_var(&mut self, var: &Var) {
        let has_dims = var.dims.iter().all(|dim| (dim.0 as usize) < self.model.dims.len());
        if !self.require(has_dims, Rule::Reference, "there is no such dimension") {
            return;
        }
        let n = count_elements(self.model, &var.dims);
        let (is_constant, is_table) = (matches!(var.def, Def::Constant(_)), matches!(var.def, Def::Lookup(_)));
        let fits = is_constant == (var.kind == VarKind::Constant) && is_table == (var.kind == VarKind::Lookup);
        self.require(fits, Rule::Kind, "the definition is none of the kind");
        if let Some(through) = &var.through {
            self.verify_through(var, through, n);
        }
        match &var.def {
            Def::Stock { init, net } => {
                self.require(var.kind == VarKind::Stock, Rule::Kind, "it is integrated and no stock");
                for clauses in [init, net] {
                    self.verify_clauses(var, n, clauses);
                }
            }
            Def::Formula(clauses) => self.verify_clauses(var, n, clauses),
            Def::Constant(values) => {
                self.require(values.len() as u64 == n, Rule::Kind, "there is no number for each element");
            }
            Def::Lookup(tables) => {
                let fits = tables.len() < 2 || tables.len() as u64 == n;
                self.require(fits, Rule::Kind, "there is no table for each element");
                for &table in tables {
                    self.has_table(table);
                }
            }
        }
    }

    /// A constant that is set through another variable is hidden and has elements of it.
    fn verify_through(&mut self, var: &Var, through: &Through, n: u64) {
        if !self.has_var(through.var) {
            return;
        }
        let shown = self.model.var(through.var);
        let fits = var.is_hidden && var.kind == VarKind::Constant && !shown.is_hidden && shown.dims == var.dims;
        self.require(fits, Rule::Kind, "it is set through a variable that is none of its shape");
        let mut least = 0;
        for &(first, n_elements) in &through.runs {
            let end = u64::from(first) + u64::from(n_elements);
            let is_behind = u64::from(first) >= least && n_elements > 0 && end <= n;
            self.require(is_behind, Rule::Region, "the elements through which it is set are none of the variable");
            least = end + 1;
        }
        self.require(least > 0, Rule::Region, "it is set through no element");
    }

    /// Clauses hold every element once.
    fn verify_clauses(&mut self, var: &Var, n: u64, clauses: &[Clause]) {
        for clause in clauses {
            let fits = clause.region.iter().map(|extent| extent.dim).eq(var.dims.iter().copied());
            if !self.require(fits, Rule::Region, "a clause does not have the dimensions of its variable")
                || !self.verify_extents(&clause.region)
            {
                return;
            }
        }
        let held = clauses.iter().map(|clause| count(&clause.region)).fold(0, u64::saturating_add);
        let is_counted = self.require(held == n, Rule::Cover, "the clauses do not hold as many elements as there are");
        if is_counted && overlaps(self.model, n, clauses) {
            self.require(false, Rule::Cover, "an element is in two clauses");
        }
    }

    fn verify_state(&mut self, state: &State) {
        let is_owned = self.has_var(state.owner);
        if !is_owned || !self.verify_extents(&state.extents) {
            return;
        }
        let has_loops = state.n_loops as usize <= state.extents.len();
        self.require(has_loops, Rule::Call, "it has fewer extents than loops");
        let (time, init, horizon) = (state.time.is_some(), state.init.is_some(), state.horizon.is_some());
        let fits = match state.kind {
            StateKind::Smooth { order } | StateKind::Delay { order } => order >= 1 && time && !horizon,
            StateKind::ShortenedSmooth { order } | StateKind::ShortenedDelay { order } => order >= 1 && time && horizon,
            StateKind::Integral => !time && init && !horizon,
            StateKind::Trend => time && init && !horizon,
            StateKind::Forecast => time && init && horizon,
            StateKind::Pipeline => time && !horizon,
            StateKind::History | StateKind::Return => time && !horizon,
            StateKind::Previous => !time && init && !horizon,
            StateKind::Init | StateKind::Frozen | StateKind::Vector | StateKind::Transport(_) => {
                !time && !init && !horizon
            }
        };
        self.require(fits, Rule::Call, "it does not have the arguments of its kind");
        if state.kind == StateKind::Vector {
            let lists: Vec<_> = state.lists().iter().map(|&list| state.input.nodes.get(list.0 as usize)).collect();
            let extents = |at: usize| lists[at].and_then(|node| node.kind.reduce()).map(|reduce| &reduce.extents);
            let is_same =
                !lists.is_empty() && (0..lists.len()).all(|at| extents(at).is_some_and(|own| Some(own) == extents(0)));
            self.require(is_same, Rule::Call, "its inputs do not run over the same extents");
        }
    }

    fn verify_transports(&mut self) {
        let transport_of =
            |state: &StateKind| if let StateKind::Transport(transport) = state { Some(*transport) } else { None };
        let of_states = self.model.states.iter().filter_map(|state| Some((transport_of(&state.kind)?, state)));
        let mut called: BTreeSet<TransportId> = BTreeSet::new();
        for (transport, state) in of_states {
            self.place = format!("conveyor or queue {}", transport.0);
            let Some(found) = self.model.transports.get(transport.0 as usize) else {
                self.require(false, Rule::Reference, "there is no such conveyor or queue");
                continue;
            };
            self.require(called.insert(transport), Rule::Transport, "it has two calls");
            if self.has_var(found.stock) {
                self.require(found.stock == state.owner, Rule::Transport, "its call is not owned by its stock");
            }
        }
        let mut transports: Vec<&Transport> = self.model.transports.iter().collect();
        transports.sort_by_key(|transport| (transport.is_queue(), transport.stock));
        let mut first = 0;
        self.place = "conveyors and queues".to_owned();
        self.require(called.len() == transports.len(), Rule::Transport, "one has no call");
        for transport in transports {
            self.place = format!("conveyor or queue of variable {}", transport.stock.0);
            if !self.has_var(transport.stock) {
                continue;
            }
            self.require(transport.first == first, Rule::Transport, "its elements are not numbered after those before");
            first += count_elements(self.model, &self.model.var(transport.stock).dims);
            self.require(transport.cells >= 1, Rule::Transport, "it has room for nothing");
            if let Some(conveyor) = transport.conveyor() {
                self.require(!conveyor.initial.is_empty(), Rule::Transport, "it has no initial value");
                let flows = conveyor.leaks.iter().map(|leak| leak.flow);
                for flow in flows.chain(conveyor.inflows.iter().map(|inflow| inflow.flow)) {
                    self.has_var(flow);
                }
                let is_point = |(xs, ys): (&[f64], &[Expr])| !xs.is_empty() && xs.len() == ys.len();
                self.require(
                    transport.curves().all(is_point),
                    Rule::Transport,
                    "a distribution has no point for each x",
                );
            }
        }
    }

    fn verify_events(&mut self) {
        for (position, watched) in self.model.watched.iter().enumerate() {
            self.place = format!("watched variable {position}");
            self.has_var(watched.var);
        }
        for (position, threshold) in self.model.thresholds.iter().enumerate() {
            self.place = format!("threshold {position}");
            let Some(watched) = self.model.watched.get(threshold.watched as usize) else {
                self.require(false, Rule::Reference, "there is no such watched variable");
                continue;
            };
            let Some(var) = self.model.vars.get(watched.var.0 as usize) else { continue };
            let n = count_elements(self.model, &var.dims);
            let end = u64::from(threshold.first) + u64::from(threshold.n);
            self.require(threshold.n > 0 && end <= n, Rule::Event, "it looks at elements that are not there");
            self.require(!threshold.value.is_nan(), Rule::Event, "it is no number");
            let repeats = matches!(threshold.repeat, Repeat::Each(_));
            let n_events = threshold.events.len();
            self.require(n_events == 1 || n_events > 1 && !repeats, Rule::Event, "it has no event, or too many");
        }
    }
}

/// How many elements an array over these dimensions has.
fn count_elements(model: &Model, dims: &[DimId]) -> u64 {
    let len = |dim: &DimId| model.dims.get(dim.0 as usize).map_or(0, |dim| dim.elements.len() as u64);
    dims.iter().map(len).fold(1, u64::saturating_mul)
}

/// How many elements a region has.
fn count(region: &[Extent]) -> u64 {
    region.iter().map(|extent| u64::from(extent.len)).fold(1, u64::saturating_mul)
}

/// Whether two regions have an element in common.
pub(super) fn meet(a: &[Extent], b: &[Extent]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.start < b.start + b.len && b.start < a.start + a.len)
}

/// Whether two of the clauses have an element in common, as far as that can be found in little time.
fn overlaps(model: &Model, n: u64, clauses: &[Clause]) -> bool {
    if clauses.len() < 2 {
        return false;
    }
    if n > MAX_COUNTED {
        let others = |at: usize| clauses[at + 1..].iter();
        return clauses.len() <= MAX_COMPARED
            && (0..clauses.len()).any(|at| others(at).any(|other| meet(&clauses[at].region, &other.region)));
    }
    let mut is_held = vec![false; n as usize];
    let mut holds_again = |flat: usize| is_held.get_mut(flat).is_some_and(|held| std::mem::replace(held, true));
    clauses.iter().any(|clause| flats(model, &clause.region).into_iter().any(&mut holds_again))
}

/// The numbers of the elements of a region, row-major in whole dimensions.
fn flats(model: &Model, region: &[Extent]) -> Vec<usize> {
    let mut flats = vec![0];
    for extent in region {
        let len = model.dims[extent.dim.0 as usize].elements.len();
        let along = |flat: usize| (extent.start..extent.start + extent.len).map(move |at| flat * len + at as usize);
        flats = flats.into_iter().flat_map(along).collect();
    }
    flats
}
