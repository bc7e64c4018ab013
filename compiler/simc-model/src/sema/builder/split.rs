//! Clauses cut into smaller ones. Stateful calls are cut with them: each part owns the memory of its
//! elements. Of a part with one element more is known than of all of them: see [`subscript`].

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Base, Clause, Def, Expr, Extent, StateId, StateKind, TimeSpec, VarId};
use crate::sema::base::subscript::Outside;
use crate::sema::base::{inline, lag, read, region, subscript};
use crate::sema::builder::dependency::Phase;
use crate::sema::builder::model_builder::{ModelBuilder, PendingOrder};

/// The nodes of a clause and of the calls that remember in it: what a copy of it takes.
pub(in crate::sema) fn n_nodes(builder: &ModelBuilder, clause: &Clause) -> u64 {
    let mut seen = BTreeSet::new();
    let mut pending: Vec<&Expr> = clause.exprs().collect();
    let mut n = 0;
    while let Some(expr) = pending.pop() {
        expr.visit(&[], &mut |node, _| {
            n += 1;
            if let Some(call) = node.kind.call()
                && seen.insert(call)
            {
                pending.extend(builder.states[call.0 as usize].exprs());
            }
        });
    }
    n
}

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

/// Takes reads out of the equations of single elements of variables, and of those without dimensions, that the numbers of constants show to be
/// none, and what HISTORY does of a time that they put before the present step. These constants shape the model then. Says whether
/// anything was settled.
pub(in crate::sema) fn apply_numbers(
    builder: &mut ModelBuilder,
    vars: &BTreeSet<VarId>,
    phase: Phase,
    time: &TimeSpec,
) -> bool {
    let is_single = |region: &[Extent]| region.iter().all(|extent| extent.len == 1);
    let mut used = Vec::new();
    let mut is_any = false;
    for &var in vars {
        let mut clauses = clauses_mut(builder, var, phase).map(std::mem::take).unwrap_or_default();
        for clause in clauses.iter_mut().filter(|clause| is_single(&clause.region)) {
            let region = clause.region.clone();
            clause.exprs_mut().for_each(|expr| is_any |= fix(builder, expr, 0, &region, Some(&mut used)));
        }
        if let Some(own) = clauses_mut(builder, var, phase) {
            *own = clauses;
        }
    }
    for index in 0..builder.states.len() {
        let n_loops = builder.states[index].n_loops as usize;
        if !vars.contains(&builder.states[index].owner) {
            continue;
        }
        let mut state = builder.states[index].clone();
        let lag: Vec<VarId> = state.time.iter().flat_map(read::vars_of).collect();
        if lag::shorten(&mut state, time, |var| builder.number_at(var, &[])) {
            used.extend(lag);
            builder.states[index] = state;
            is_any = true;
            continue;
        }
        if !is_single(&state.extents[..n_loops]) {
            continue;
        }
        let (loops, depth) = (state.extents[..n_loops].to_vec(), state.extents.len() - n_loops);
        state.exprs_mut().for_each(|expr| is_any |= fix(builder, expr, depth, &loops, Some(&mut used)));
        builder.states[index] = state;
    }
    builder.shaping.extend(used);
    is_any
}

/// Settles what an expression reads, as far as the position of the element tells, and numbers of constants where these are collected.
pub(in crate::sema) fn fix(
    builder: &ModelBuilder,
    expr: &mut Expr,
    depth: usize,
    loops: &[Extent],
    used: Option<&mut Vec<VarId>>,
) -> bool {
    let len = |var: VarId, dim: usize| builder.var(var).dims.get(dim).map_or(0, |&dim| builder.dims.len(dim));
    let with_numbers = used.is_some();
    let number = |var: VarId, at: &[u32]| builder.number_at(var, at).filter(|_| with_numbers);
    let outside = Outside { len: &len, number: &number, invalid_index: builder.invalid_index };
    subscript::fix(expr, depth, loops, &outside, used.unwrap_or(&mut Vec::new()))
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
        part.exprs_mut().for_each(|expr| restriction.restrict(expr, 0));
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
    /// `depth` says how many extents reducers around the expression run over.
    fn restrict(&mut self, expr: &mut Expr, depth: usize) {
        expr.edit(&mut |node| {
            if let Some(call) = node.kind.call_mut() {
                *call = self.restrict_state(*call);
            }
        });
        fix(self.builder, expr, depth, self.region, None);
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
        let depth = state.extents.len() - state.n_loops as usize;
        state.exprs_mut().for_each(|expr| self.restrict(expr, depth));
        self.builder.states[made.0 as usize] = state;
        made
    }
}
