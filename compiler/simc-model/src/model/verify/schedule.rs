//! Where each value of a phase is computed.

use std::collections::HashMap;

use crate::model::dimension::Extent;
use crate::model::id::{StateId, VarId};
use crate::model::resolved::Model;
use crate::model::variable::{Def, Piece, Var};

/// A place in an order, and the turn in the recurrence that stands there.
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
}

/// The places of a variable.
#[derive(Clone, Default)]
struct OfVar {
    whole: Option<Place>,
    pieces: HashMap<u32, Place>,
    /// The pieces by their element, where each has just one; found when it is first asked for.
    of_elements: Option<HashMap<Vec<u32>, u32>>,
}

/// The pieces that a phase computes of a variable.
pub(super) fn pieces_of(var: &Var, is_step: bool) -> &[Piece] {
    match &var.def {
        Def::Formula(pieces) => pieces,
        Def::Stock { init, .. } if !is_step => init,
        Def::Stock { .. } | Def::Constant(_) | Def::Lookup(_) => &[],
    }
}

impl Schedule {
    /// No value has a place.
    pub(super) fn new(model: &Model) -> Self {
        Self { vars: vec![OfVar::default(); model.vars.len()], states: vec![None; model.states.len()] }
    }

    /// Gives a variable as a whole its place; whether it had none.
    pub(super) fn add_var(&mut self, var: VarId, place: Place) -> bool {
        let of = &mut self.vars[var.0 as usize];
        of.pieces.is_empty() && of.whole.replace(place).is_none()
    }

    /// Gives a piece its place; whether it had none.
    pub(super) fn add_piece(&mut self, var: VarId, piece: u32, place: Place) -> bool {
        let of = &mut self.vars[var.0 as usize];
        of.whole.is_none() && of.pieces.insert(piece, place).is_none()
    }

    /// Gives a call its place; whether it had none.
    pub(super) fn add_state(&mut self, state: StateId, place: Place) -> bool {
        self.states[state.0 as usize].replace(place).is_none()
    }

    /// The place of a call.
    pub(super) fn state(&self, state: StateId) -> Option<Place> {
        self.states.get(state.0 as usize).copied().flatten()
    }

    /// Whether a variable has a place as a whole, or each of its pieces has.
    pub(super) fn is_complete(&self, var: VarId, n_pieces: usize) -> bool {
        let of = &self.vars[var.0 as usize];
        of.whole.is_some() || n_pieces > 0 && of.pieces.len() == n_pieces
    }

    /// The places of what a read needs; none for what has no place.
    pub(super) fn needed(&mut self, read: &Var, is_step: bool, var: VarId, sides: &Sides) -> Vec<Option<Place>> {
        let pieces = pieces_of(read, is_step);
        let of = &mut self.vars[var.0 as usize];
        if of.pieces.is_empty() {
            return vec![of.whole];
        }
        let of_elements = of.of_elements.get_or_insert_with(|| index_elements(pieces));
        let element: Option<Vec<u32>> = sides.iter().map(element_of).collect();
        if let Some(element) = element.filter(|_| !of_elements.is_empty()) {
            return of_elements.get(&element).map(|piece| of.pieces.get(piece).copied()).into_iter().collect();
        }
        let met = (0u32..).zip(pieces).filter(|(_, piece)| is_met(sides, &piece.region));
        met.map(|(index, _)| of.pieces.get(&index).copied()).collect()
    }
}

/// The position that a side of a read names, if it is one.
fn element_of(side: &Option<(i64, i64)>) -> Option<u32> {
    side.filter(|&(_, len)| len == 1).and_then(|(start, _)| u32::try_from(start).ok())
}

/// The pieces by their elements; empty where a piece has several.
fn index_elements(pieces: &[Piece]) -> HashMap<Vec<u32>, u32> {
    if pieces.iter().flat_map(|piece| &piece.region).any(|extent| extent.len != 1) {
        return HashMap::new();
    }
    let element = |piece: &Piece| piece.region.iter().map(|extent| extent.start).collect();
    (0u32..).zip(pieces).map(|(index, piece)| (element(piece), index)).collect()
}

/// Whether a region has elements of what is read.
fn is_met(sides: &Sides, region: &[Extent]) -> bool {
    sides.iter().zip(region).all(|(side, extent)| {
        let Some((start, len)) = *side else { return true };
        start < i64::from(extent.start) + i64::from(extent.len) && i64::from(extent.start) < start + len
    })
}
