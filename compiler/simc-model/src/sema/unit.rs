//! What is ordered: whole variables, the pieces of some, and stateful calls, each with a number.

use std::collections::BTreeSet;

use crate::model::{Def, Piece, StateId, VarId};
use crate::sema::declare::Draft;
use crate::sema::order::Phase;
use crate::sema::read::{Mention, Reader};

/// What has a place of its own in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// A variable.
    Var(VarId),
    /// One piece of a variable.
    Piece(VarId, u32),
    /// A stateful call.
    State(StateId),
}

/// The nodes of a dependency graph: variables or their pieces first, then states.
pub(super) struct Units {
    phase: Phase,
    nodes: Vec<Unit>,
    /// The first unit of each variable, and one past the last one's.
    first: Vec<u32>,
    /// Whether each variable stands as pieces.
    is_refined: Vec<bool>,
}

impl Units {
    /// All units, with some variables in pieces.
    pub(super) fn new(draft: &Draft, phase: Phase, refined: &BTreeSet<VarId>) -> Self {
        let mut units = Self { phase, nodes: Vec::new(), first: Vec::new(), is_refined: vec![false; draft.vars.len()] };
        for id in (0u32..).map(VarId).take(draft.vars.len()) {
            units.first.push(units.n());
            if refined.contains(&id) {
                units.is_refined[id.0 as usize] = true;
                units.nodes.extend((0..units.n_pieces(draft, id)).map(|piece| Unit::Piece(id, piece)));
            } else {
                units.nodes.push(Unit::Var(id));
            }
        }
        units.first.push(units.n());
        units.nodes.extend((0u32..).map(StateId).map(Unit::State).take(draft.states.len()));
        units
    }

    /// Whole variables, so that the numbers of variables are their ids.
    pub(super) fn whole(draft: &Draft, phase: Phase) -> Self {
        Self::new(draft, phase, &BTreeSet::new())
    }

    fn n(&self) -> u32 {
        u32::try_from(self.nodes.len()).expect("fewer than 2^32 pieces and stateful calls")
    }

    /// The numbers of all units.
    pub(super) fn all(&self) -> std::ops::Range<u32> {
        0..self.n()
    }

    /// The unit with a number.
    pub(super) fn unit(&self, unit: u32) -> Unit {
        self.nodes[unit as usize]
    }

    /// The pieces that the phase computes of a variable.
    pub(super) fn pieces<'d>(&self, draft: &'d Draft, id: VarId) -> &'d [Piece] {
        match (&draft.var(id).def, self.phase) {
            (Def::Formula(pieces), _) => pieces,
            (Def::Stock { init, .. }, Phase::Initial) => init,
            (Def::Stock { .. }, Phase::Step) | (Def::Constant(_) | Def::Lookup(_), _) => &[],
        }
    }

    /// How many pieces the phase computes of a variable.
    pub(super) fn n_pieces(&self, draft: &Draft, id: VarId) -> u32 {
        u32::try_from(self.pieces(draft, id).len()).expect("fewer than 2^32 pieces")
    }

    /// One of those pieces.
    pub(super) fn piece<'d>(&self, draft: &'d Draft, id: VarId, index: u32) -> &'d Piece {
        &self.pieces(draft, id)[index as usize]
    }

    /// Adds the units that a mention needs in the phase.
    pub(super) fn add_mentioned(
        &self,
        draft: &Draft,
        phase: Phase,
        mention: Mention<'_>,
        reader: &Reader<'_>,
        units: &mut Vec<u32>,
    ) {
        match mention {
            Mention::Var(id, _) if phase == Phase::Step && draft.is_stock(id) => {}
            Mention::Var(id, indices) => {
                let first = self.first[id.0 as usize];
                if !self.is_refined[id.0 as usize] {
                    units.push(first);
                    return;
                }
                let read = reader.box_of(indices);
                let overlapping = (first..).zip(self.pieces(draft, id)).filter(|(_, piece)| read.meets(&piece.region));
                units.extend(overlapping.map(|(unit, _)| unit));
            }
            Mention::State(id) => units.push(self.first[draft.vars.len()] + id.0),
        }
    }
}
