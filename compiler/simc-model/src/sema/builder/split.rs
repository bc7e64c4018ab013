//! Clauses cut into smaller ones. Stateful calls are cut with them: each part owns the memory of its
//! elements. Of a part with one element more is known than of all of them: see [`subscript`].

use std::collections::BTreeMap;

use crate::model::{Base, Clause, Def, Expr, Extent, StateId, StateKind, VarId};
use crate::sema::base::{inline, region, subscript};
use crate::sema::builder::dependency::Phase;
use crate::sema::builder::model_builder::{ModelBuilder, PendingOrder};

/// Cuts the clauses of a variable into the parts that are given for their numbers and regions.
pub(in crate::sema) fn split(
    builder: &mut ModelBuilder,
    var: VarId,
    phase: Phase,
    parts_of: impl Fn(u32, &[Extent]) -> Option<Vec<Vec<Extent>>>,
) {
    let Some(clauses) = clauses_mut(builder, var, phase) else { return };
    let old = std::mem::take(clauses);
    let mut new = Vec::with_capacity(old.len());
    for (index, old) in (0u32..).zip(old) {
        match parts_of(index, &old.region).filter(|parts| parts.len() > 1) {
            Some(parts) => split_clause(builder, &old, parts, &mut new),
            None => new.push(old),
        }
    }
    if let Some(clauses) = clauses_mut(builder, var, phase) {
        *clauses = new;
    }
}

/// Looks again at the clauses of a variable that have one element: what their computed subscripts name may be known.
pub(in crate::sema) fn pin(builder: &mut ModelBuilder, var: VarId, phase: Phase) {
    let Some(clauses) = clauses_mut(builder, var, phase) else { return };
    let old = std::mem::take(clauses);
    let mut new = Vec::with_capacity(old.len());
    for clause in old {
        if region::count(&clause.region) == 1 {
            split_clause(builder, &clause, vec![clause.region.clone()], &mut new);
        } else {
            new.push(clause);
        }
    }
    if let Some(clauses) = clauses_mut(builder, var, phase) {
        *clauses = new;
    }
}

/// The clauses that a phase computes of a variable.
pub(in crate::sema) fn clauses_mut(builder: &mut ModelBuilder, var: VarId, phase: Phase) -> Option<&mut Vec<Clause>> {
    match (&mut builder.var_mut(var).def, phase) {
        (Def::Formula(clauses), _) => Some(clauses),
        (Def::Stock { init, .. }, Phase::Initial) => Some(init),
        (Def::Stock { .. }, Phase::Step) | (Def::Constant(_) | Def::Lookup(_), _) => None,
    }
}

fn split_clause(builder: &mut ModelBuilder, whole: &Clause, regions: Vec<Vec<Extent>>, parts: &mut Vec<Clause>) {
    let last = regions.len() - 1;
    for (index, region) in regions.into_iter().enumerate() {
        let mut part = whole.clone();
        // The last part takes over the calls of the whole, once the others have copied them.
        let takes_over = index == last;
        let mut restriction = Restriction { builder, region: &region, takes_over, made: BTreeMap::new() };
        part.exprs_mut().for_each(|expr| restriction.restrict(expr));
        parts.push(Clause { region, ..part });
    }
}

/// A part of a region that gets its stateful calls: those of the whole, or copies of them.
struct Restriction<'d, 'r> {
    builder: &'d mut ModelBuilder,
    region: &'r [Extent],
    takes_over: bool,
    /// What each call has become: the input of a call may hold the call itself, and calls may share others.
    made: BTreeMap<StateId, StateId>,
}

impl Restriction<'_, '_> {
    fn restrict(&mut self, expr: &mut Expr) {
        expr.edit(&mut |node| {
            if let Some(call) = node.kind.call_mut() {
                *call = self.restrict_state(*call);
            }
        });
        let builder = &*self.builder;
        subscript::fix(expr, self.region, |var, dim| {
            builder.var(var).dims.get(dim).map_or(0, |&dim| builder.dims.len(dim))
        });
    }

    fn restrict_state(&mut self, id: StateId) -> StateId {
        if let Some(&made) = self.made.get(&id) {
            return made;
        }
        let mut state = self.builder.states[id.0 as usize].clone();
        for (n, (extent, part)) in (0u32..).zip(state.extents.iter_mut().zip(self.region)) {
            // A vector function has one position where the loop makes no difference to it.
            if state.kind != StateKind::Vector || inline::depends_on(&state.input, Base::Loop(n)) {
                *extent = *part;
            }
        }
        let made = if self.takes_over { id } else { self.builder.push_state(state.clone()) };
        self.made.insert(id, made);
        // Before those of the calls within, so that orders stand by the numbers of their calls.
        let known =
            self.builder.orders.binary_search_by_key(&id, |order| order.state).ok().filter(|_| !self.takes_over);
        if let Some(known) = known {
            let PendingOrder { expr, at_start, .. } = &self.builder.orders[known];
            let order = PendingOrder { state: made, expr: expr.clone(), at_start: *at_start };
            self.builder.orders.push(order);
        }
        state.exprs_mut().for_each(|expr| self.restrict(expr));
        self.builder.states[made.0 as usize] = state;
        made
    }
}
