//! Both orders: what they list, and that what is needed comes before.

use std::collections::BTreeSet;

use crate::model::dimension::{Extent, element_of};
use crate::model::expr::{Expr, ExprKind};
use crate::model::id::{StateId, VarId};
use crate::model::index::{Base, Index};
use crate::model::listed::Surroundings;
use crate::model::order::{Node, Recurrence};
use crate::model::resolved::Model;
use crate::model::state::{State, StateKind};
use crate::model::variable::{Clause, Def};
use crate::model::verify::schedule::{Place, Schedule, clauses_of};
use crate::model::verify::violation::{Rule, Violation};

/// Checks both orders.
pub(super) fn verify_orders(model: &Model, list: &mut Vec<Violation>) {
    let mut recurrences = BTreeSet::new();
    for is_step in [true, false] {
        let order = if is_step { &model.step_order } else { &model.init_order };
        let name = if is_step { "order of a step" } else { "order before the first step" };
        let mut cx = Cx { model, list, is_step, schedule: Schedule::new(model), place: name.to_owned() };
        let is_listed = order.iter().enumerate().all(|(position, node)| cx.add(position, *node, &mut recurrences));
        if is_listed && cx.verify_complete() {
            order.iter().enumerate().for_each(|(position, node)| cx.verify_node(position, *node));
        }
    }
}

struct Cx<'m, 'l> {
    model: &'m Model,
    list: &'l mut Vec<Violation>,
    is_step: bool,
    /// Where each value is computed.
    schedule: Schedule,
    /// What is looked at.
    place: String,
}

impl<'m> Cx<'m, '_> {
    fn require(&mut self, holds: bool, rule: Rule, message: &str) -> bool {
        if !holds {
            self.list.push(Violation { rule, place: self.place.clone(), message: message.to_owned() });
        }
        holds
    }

    fn clauses(&self, var: VarId) -> &'m [Clause] {
        clauses_of(self.model.var(var), self.is_step)
    }

    /// Notes where a node of the order is.
    fn add(&mut self, position: usize, node: Node, recurrences: &mut BTreeSet<u32>) -> bool {
        let at = Place { position, turn: 0 };
        match node {
            Node::Var(var) => {
                let has = (var.0 as usize) < self.model.vars.len();
                if !self.require(has, Rule::Reference, "there is no such variable")
                    || !self.require(self.has_value(var), Rule::Order, "what has no value in the phase is listed")
                {
                    return false;
                }
                let is_first = self.schedule.add_var(var, at);
                self.require(is_first, Rule::Order, "a variable is listed twice")
            }
            Node::Clause(var, clause) => self.add_clause(var, clause, at),
            Node::State(state) => {
                let has = (state.0 as usize) < self.model.states.len();
                if !self.require(has, Rule::Reference, "there is no such call") {
                    return false;
                }
                let is_first = self.schedule.add_state(state, at);
                self.require(is_first, Rule::Order, "a call is listed twice")
            }
            Node::Element(state, element) => {
                let model = self.model;
                let found = model.states.get(state.0 as usize);
                let n = found.filter(|state| matches!(state.kind, StateKind::Transport(_))).map(n_elements);
                let has = n.is_some_and(|n| u64::from(element) < n) && !self.is_step;
                if !self.require(has, Rule::Reference, "there is no such element") {
                    return false;
                }
                let is_first = self.schedule.add_element(state, element, at);
                self.require(is_first, Rule::Order, "an element is listed twice")
            }
            Node::Recurrence(recurrence) => {
                let model = self.model;
                let Some(found) = model.recurrences.get(recurrence.0 as usize) else {
                    return self.require(false, Rule::Reference, "there is no such recurrence");
                };
                let place = |turn: usize| Place { position, turn };
                self.require(recurrences.insert(recurrence.0), Rule::Order, "a recurrence is listed twice")
                    && (0..).zip(&found.clauses).all(|(turn, &(var, clause))| self.add_clause(var, clause, place(turn)))
                    && self.verify_shape(found)
            }
        }
    }

    fn add_clause(&mut self, var: VarId, clause: u32, at: Place) -> bool {
        let has = (var.0 as usize) < self.model.vars.len() && (clause as usize) < self.clauses(var).len();
        if !self.require(has, Rule::Reference, "there is no such clause") {
            return false;
        }
        let is_first = self.schedule.add_clause(var, clause, at);
        self.require(is_first, Rule::Order, "a clause is listed twice")
    }

    fn has_value(&self, var: VarId) -> bool {
        match self.model.var(var).def {
            Def::Stock { .. } => !self.is_step,
            Def::Formula(_) | Def::Constant(_) => true,
            Def::Lookup(_) => false,
        }
    }

    fn verify_shape(&mut self, recurrence: &Recurrence) -> bool {
        let is_same = |&(var, clause): &(VarId, u32)| self.clauses(var)[clause as usize].region == recurrence.region;
        let fits = !recurrence.clauses.is_empty() && recurrence.clauses.iter().all(is_same);
        self.require(fits, Rule::Recurrence, "a clause of a recurrence has another region")
            & self.require(
                recurrence.descends.len() == recurrence.region.len(),
                Rule::Recurrence,
                "a direction is missing",
            )
    }

    /// Whether everything is listed that must be.
    fn verify_complete(&mut self) -> bool {
        let n_before = self.list.len();
        for (id, var) in self.model.iter_vars() {
            let is_needed = match var.def {
                Def::Stock { .. } => !self.is_step,
                Def::Formula(_) | Def::Constant(_) => self.is_step,
                Def::Lookup(_) => false,
            };
            if is_needed && !self.schedule.is_complete(id, self.clauses(id).len()) {
                self.require(false, Rule::Order, &format!("`{}` is not listed in full", var.name));
            }
        }
        for (id, state) in self.model.iter_states() {
            if !self.schedule.has_state(id, n_elements(state)) {
                let owner = &self.model.var(state.owner).name;
                self.require(false, Rule::Order, &format!("call {} in `{owner}` is not listed", id.0));
            }
        }
        self.list.len() == n_before
    }

    fn verify_node(&mut self, position: usize, node: Node) {
        let at = Place { position, turn: 0 };
        match node {
            Node::Var(var) => {
                for clause in self.clauses(var) {
                    self.verify_clause(var, clause, at, None);
                }
            }
            Node::Clause(var, clause) => {
                let region = &self.clauses(var)[clause as usize].region;
                let descends = vec![false; region.len()];
                self.verify_clause(var, &self.clauses(var)[clause as usize], at, Some(&descends));
            }
            Node::State(state) => self.verify_state(state, &self.model.state(state).extents, at),
            Node::Element(state, element) => {
                let extents = element_of(&self.model.state(state).extents, element);
                self.verify_state(state, &extents, at);
            }
            Node::Recurrence(recurrence) => {
                let recurrence = self.model.recurrence(recurrence);
                for (turn, &(var, clause)) in (0..).zip(&recurrence.clauses) {
                    let clause = &self.clauses(var)[clause as usize];
                    self.verify_clause(var, clause, Place { position, turn }, Some(&recurrence.descends));
                }
            }
        }
    }

    fn verify_clause(&mut self, var: VarId, clause: &'m Clause, at: Place, descends: Option<&[bool]>) {
        self.place = format!("`{}`", self.model.var(var).name);
        let expr = if self.is_step { &clause.expr } else { clause.at_start() };
        self.verify_needs(expr, &clause.region, &[], at, descends);
    }

    fn verify_state(&mut self, id: StateId, extents: &[Extent], at: Place) {
        let state = self.model.state(id);
        self.place = format!("call {} in `{}`", id.0, self.model.var(state.owner).name);
        let (loops, bounds) = extents.split_at(state.n_loops as usize);
        if self.is_step {
            state.value_exprs().for_each(|expr| self.verify_needs(expr, loops, bounds, at, None));
            return;
        }
        state.start_exprs().for_each(|expr| self.verify_needs(expr, loops, bounds, at, None));
        if let StateKind::Transport(transport) = state.kind {
            let start = self.model.transport(transport).start_exprs();
            start.into_iter().for_each(|expr| self.verify_needs(expr, loops, bounds, at, None));
        }
    }

    /// Whether all that an expression reads has been computed; `descends` are the directions in which a clause is computed whose
    /// elements may need one another.
    fn verify_needs(&mut self, expr: &Expr, loops: &[Extent], bounds: &[Extent], at: Place, descends: Option<&[bool]>) {
        let mut late: BTreeSet<String> = BTreeSet::new();
        let mut uneven: BTreeSet<String> = BTreeSet::new();
        let tables = self.model.tables.as_slice();
        expr.visit_with_nodes(bounds, &mut |node, bounds, nodes| {
            let surroundings = Surroundings { loops, bounds, nodes, tables };
            let ExprKind::Var(var, indices) = &node.kind else {
                let Some(state) = node.kind.state() else { return };
                let boxes = if let ExprKind::Transport(read) = &node.kind {
                    boxes_of(&surroundings, &read.indices)
                } else {
                    vec![Vec::new()]
                };
                let extents = &self.model.state(state).extents;
                let schedule = &self.schedule;
                let mut needed = boxes.iter().flat_map(|sides| schedule.needed_of_state(state, extents, sides));
                if needed.any(|place| place.is_none_or(|place| place.position >= at.position)) {
                    late.insert(format!("call {}", state.0));
                }
                return;
            };
            let var = *var;
            let read = self.model.var(var);
            if self.is_step && matches!(read.def, Def::Stock { .. }) {
                return;
            }
            let boxes = boxes_of(&surroundings, indices);
            let schedule = &mut self.schedule;
            let is_step = self.is_step;
            for place in boxes.iter().flat_map(|sides| schedule.needed(read, is_step, var, sides)) {
                match place {
                    Some(place) if place.position < at.position => {}
                    Some(place) if place.position == at.position && descends.is_some() => {
                        let is_earlier = descends.is_some_and(|descends| {
                            distance(indices, loops).is_some_and(|far| is_before(&far, descends, place.turn < at.turn))
                        });
                        if !is_earlier {
                            uneven.insert(read.name.clone());
                        }
                    }
                    Some(_) | None => _ = late.insert(read.name.clone()),
                }
            }
        });
        for name in late {
            self.require(false, Rule::Dependency, &format!("`{name}` is needed before it is computed"));
        }
        for name in uneven {
            self.require(false, Rule::Recurrence, &format!("an element of `{name}` is needed before it is computed"));
        }
    }
}

/// How many elements a conveyor or queue has, or how often a call remembers.
fn n_elements(state: &State) -> u64 {
    state.extents.iter().map(|extent| u64::from(extent.len)).product()
}

/// The elements that subscripts may name: in each box for each dimension the first and how many, or none where only the run knows.
fn boxes_of(surroundings: &Surroundings<'_>, indices: &[Index]) -> Vec<Vec<Option<(i64, i64)>>> {
    let with_length = |(start, end): (i64, i64)| (start, end - start);
    let boxes = surroundings.boxes_of(indices).into_iter();
    boxes.map(|sides| sides.into_iter().map(|side| side.map(with_length)).collect()).collect()
}

/// How far what is read lies after what is computed, where that is the same everywhere.
fn distance(indices: &[Index], loops: &[Extent]) -> Option<Vec<i64>> {
    let along = |(position, (index, extent)): (usize, (&Index, &Extent))| match *index {
        Index::Moving { base: Base::Loop(n), offset } if n as usize == position => Some(offset),
        Index::Fixed(at) if extent.len == 1 => Some(i64::from(at) - i64::from(extent.start)),
        Index::Moving { .. } | Index::Fixed(_) | Index::Computed(_) => None,
    };
    if indices.len() != loops.len() {
        return None;
    }
    indices.iter().zip(loops).enumerate().map(along).collect()
}

/// Whether what lies at a distance is computed before, or is at the same position and has had its turn.
fn is_before(distance: &[i64], descends: &[bool], had_turn: bool) -> bool {
    let is_against = distance.iter().zip(descends).all(|(&far, &descends)| if descends { far >= 0 } else { far <= 0 });
    is_against && (had_turn || distance.iter().any(|&far| far != 0))
}
