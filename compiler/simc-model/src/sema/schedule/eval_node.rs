//! What is ordered: whole variables, the pieces of some, and stateful calls, each with a number.

use std::collections::BTreeSet;

use crate::model::{Def, Piece, StateId, VarId};
use crate::sema::base::read::{Mention, Reader};
use crate::sema::declare::variables::ModelBuilder;
use crate::sema::schedule::order::Phase;

/// What has a place of its own in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) enum Unit {
    /// A variable.
    Var(VarId),
    /// One piece of a variable.
    Piece(VarId, u32),
    /// A stateful call.
    State(StateId),
}

/// The nodes of a dependency graph: variables or their pieces first, then states.
pub(in crate::sema) struct Units {
    phase: Phase,
    nodes: Vec<Unit>,
    /// The first unit of each variable, and one past the last one's.
    first: Vec<u32>,
    /// Whether each variable stands as pieces.
    is_refined: Vec<bool>,
}

impl Units {
    /// All units, with some variables in pieces.
    pub(in crate::sema) fn new(builder: &ModelBuilder, phase: Phase, refined: &BTreeSet<VarId>) -> Self {
        let mut units =
            Self { phase, nodes: Vec::new(), first: Vec::new(), is_refined: vec![false; builder.vars.len()] };
        for id in (0u32..).map(VarId).take(builder.vars.len()) {
            units.first.push(units.n());
            if refined.contains(&id) {
                units.is_refined[id.0 as usize] = true;
                units.nodes.extend((0..units.n_pieces(builder, id)).map(|piece| Unit::Piece(id, piece)));
            } else {
                units.nodes.push(Unit::Var(id));
            }
        }
        units.first.push(units.n());
        units.nodes.extend((0u32..).map(StateId).map(Unit::State).take(builder.states.len()));
        units
    }

    /// Whole variables, so that the numbers of variables are their ids.
    pub(in crate::sema) fn whole(builder: &ModelBuilder, phase: Phase) -> Self {
        Self::new(builder, phase, &BTreeSet::new())
    }

    fn n(&self) -> u32 {
        u32::try_from(self.nodes.len()).expect("fewer than 2^32 pieces and stateful calls")
    }

    /// The numbers of all units.
    pub(in crate::sema) fn all(&self) -> std::ops::Range<u32> {
        0..self.n()
    }

    /// The unit with a number.
    pub(in crate::sema) fn unit(&self, unit: u32) -> Unit {
        self.nodes[unit as usize]
    }

    /// The pieces that the phase computes of a variable.
    pub(in crate::sema) fn pieces<'d>(&self, builder: &'d ModelBuilder, id: VarId) -> &'d [Piece] {
        match (&builder.var(id).def, self.phase) {
            (Def::Formula(pieces), _) => pieces,
            (Def::Stock { init, .. }, Phase::Initial) => init,
            (Def::Stock { .. }, Phase::Step) | (Def::Constant(_) | Def::Lookup(_), _) => &[],
        }
    }

    /// How many pieces the phase computes of a variable.
    pub(in crate::sema) fn n_pieces(&self, builder: &ModelBuilder, id: VarId) -> u32 {
        u32::try_from(self.pieces(builder, id).len()).expect("fewer than 2^32 pieces")
    }

    /// One of those pieces.
    pub(in crate::sema) fn piece<'d>(&self, builder: &'d ModelBuilder, id: VarId, index: u32) -> &'d Piece {
        &self.pieces(builder, id)[index as usize]
    }

    /// Adds the units that a mention needs in the phase.
    pub(in crate::sema) fn add_mentioned(
        &self,
        builder: &ModelBuilder,
        phase: Phase,
        mention: Mention<'_>,
        reader: &Reader<'_>,
        units: &mut Vec<u32>,
    ) {
        match mention {
            Mention::Var(id, _) if phase == Phase::Step && builder.is_stock(id) => {}
            Mention::Var(id, indices) => {
                let first = self.first[id.0 as usize];
                if !self.is_refined[id.0 as usize] {
                    units.push(first);
                    return;
                }
                let read = reader.box_of(indices);
                let overlapping =
                    (first..).zip(self.pieces(builder, id)).filter(|(_, piece)| read.meets(&piece.region));
                units.extend(overlapping.map(|(unit, _)| unit));
            }
            Mention::State(id) => units.push(self.first[builder.vars.len()] + id.0),
        }
    }
}
