//! Where each value of a phase is computed.

use std::collections::HashMap;

use crate::model::dimension::Extent;
use crate::model::id::{StateId, VarId};
use crate::model::resolved::Model;
use crate::model::variable::{Clause, Def, Var};

/// A place in an order, and the turn in the recurrence that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) position: usize,
    pub(super) turn: usize,
}

/// The elements that a read may meet: for each dimension the first and how many, or none where only the run knows.
pub(super) type Sides = [Option<(i64, i64)>];

/// The places of all values.
pub(super) struct Schedule {
    vars: Vec<OfVar>,
    states: Vec<Option<Place>>,
    /// The places of elements of conveyors and queues.
    elements: HashMap<StateId, HashMap<u32, Place>>,
}

/// The places of a variable.
#[derive(Clone, Default)]
struct OfVar {
    whole: Option<Place>,
    clauses: HashMap<u32, Place>,
    /// The clauses by their element, where each has just one; found when it is first asked for.
    of_elements: Option<HashMap<Vec<u32>, u32>>,
}

/// The clauses that a phase computes of a variable.
pub(super) fn clauses_of(var: &Var, is_step: bool) -> &[Clause] {
    match &var.def {
        Def::Formula(clauses) => clauses,
        Def::Stock { init, .. } if !is_step => init,
        Def::Stock { .. } | Def::Constant(_) | Def::Lookup(_) => &[],
    }
}

impl Schedule {
    /// No value has a place.
    pub(super) fn new(model: &Model) -> Self {
        let (vars, states) = (vec![OfVar::default(); model.vars.len()], vec![None; model.states.len()]);
        Self { vars, states, elements: HashMap::new() }
    }

    /// Gives a variable as a whole its place; whether it had none.
    pub(super) fn add_var(&mut self, var: VarId, place: Place) -> bool {
        let of = &mut self.vars[var.0 as usize];
        of.clauses.is_empty() && of.whole.replace(place).is_none()
    }

    /// Gives a clause its place; whether it had none.
    pub(super) fn add_clause(&mut self, var: VarId, clause: u32, place: Place) -> bool {
        let of = &mut self.vars[var.0 as usize];
        of.whole.is_none() && of.clauses.insert(clause, place).is_none()
    }

    /// Gives a call its place; whether it had none.
    pub(super) fn add_state(&mut self, state: StateId, place: Place) -> bool {
        self.states[state.0 as usize].replace(place).is_none()
    }

    /// Gives an element of a conveyor or queue its place; whether it had none.
    pub(super) fn add_element(&mut self, state: StateId, element: u32, place: Place) -> bool {
        self.state(state).is_none() && self.elements.entry(state).or_default().insert(element, place).is_none()
    }

    /// The place of a call as a whole.
    fn state(&self, state: StateId) -> Option<Place> {
        self.states.get(state.0 as usize).copied().flatten()
    }

    /// Whether a call has a place as a whole, or each of its elements has.
    pub(super) fn has_state(&self, state: StateId, n_elements: u64) -> bool {
        let n_known = self.elements.get(&state).map_or(0, |known| known.len() as u64);
        self.state(state).is_some() || n_elements > 0 && n_known == n_elements
    }

    /// The places of what the read of a call needs; of one that is listed in elements the `sides` are the elements that are read.
    pub(super) fn needed_of_state(&self, state: StateId, extents: &[Extent], sides: &Sides) -> Vec<Option<Place>> {
        let Some(known) = self.elements.get(&state) else { return vec![self.state(state)] };
        let mut elements = vec![0_u32];
        for (n, extent) in extents.iter().enumerate() {
            let (start, end) = (i64::from(extent.start), i64::from(extent.start + extent.len));
            let (first, n_read) = sides.get(n).copied().flatten().unwrap_or((start, end - start));
            let positions = first.max(start)..(first + n_read).min(end);
            let along = |element: &u32| {
                let element = *element;
                positions.clone().map(move |at| element * extent.len + (at - start) as u32)
            };
            elements = elements.iter().flat_map(along).collect();
        }
        elements.iter().map(|element| known.get(element).copied()).collect()
    }

    /// Whether a variable has a place as a whole, or each of its clauses has.
    pub(super) fn is_complete(&self, var: VarId, n_clauses: usize) -> bool {
        let of = &self.vars[var.0 as usize];
        of.whole.is_some() || n_clauses > 0 && of.clauses.len() == n_clauses
    }

    /// The places of what a read needs; none for what has no place.
    pub(super) fn needed(&mut self, read: &Var, is_step: bool, var: VarId, sides: &Sides) -> Vec<Option<Place>> {
        let clauses = clauses_of(read, is_step);
        let of = &mut self.vars[var.0 as usize];
        if of.clauses.is_empty() {
            return vec![of.whole];
        }
        let of_elements = of.of_elements.get_or_insert_with(|| index_elements(clauses));
        let element: Option<Vec<u32>> = sides.iter().map(element_of).collect();
        if let Some(element) = element.filter(|_| !of_elements.is_empty()) {
            return of_elements.get(&element).map(|clause| of.clauses.get(clause).copied()).into_iter().collect();
        }
        let met = (0u32..).zip(clauses).filter(|(_, clause)| is_met(sides, &clause.region));
        met.map(|(index, _)| of.clauses.get(&index).copied()).collect()
    }
}

/// The position that a side of a read names, if it is one.
fn element_of(side: &Option<(i64, i64)>) -> Option<u32> {
    side.filter(|&(_, len)| len == 1).and_then(|(start, _)| u32::try_from(start).ok())
}

/// The clauses by their elements; empty where a clause has several.
fn index_elements(clauses: &[Clause]) -> HashMap<Vec<u32>, u32> {
    if clauses.iter().flat_map(|clause| &clause.region).any(|extent| extent.len != 1) {
        return HashMap::new();
    }
    let element = |clause: &Clause| clause.region.iter().map(|extent| extent.start).collect();
    (0u32..).zip(clauses).map(|(index, clause)| (element(clause), index)).collect()
}

/// Whether a region has elements of what is read.
fn is_met(sides: &Sides, region: &[Extent]) -> bool {
    sides.iter().zip(region).all(|(side, extent)| {
        let Some((start, len)) = *side else { return true };
        start < i64::from(extent.start) + i64::from(extent.len) && i64::from(extent.start) < start + len
    })
}
