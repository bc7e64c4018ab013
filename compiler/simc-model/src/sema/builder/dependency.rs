//! What depends on what in a phase: whole variables, the pieces of some, and stateful calls, each with a number.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Def, Expr, Extent, Piece, StateId, StateKind, VarId};
use crate::sema::base::graph::Dependencies;
use crate::sema::base::read::{self, Mention, Reader};
use crate::sema::base::region_index::RegionIndex;
use crate::sema::builder::model_builder::ModelBuilder;

/// When values are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) enum Phase {
    /// Before the first step: stocks stand for their initial values, states for their start and their first value.
    Initial,
    /// Within a step: stocks and what states remember are known.
    Step,
}

impl Phase {
    /// What the phase evaluates of a piece.
    pub(in crate::sema) fn expr(self, piece: &Piece) -> &Expr {
        match self {
            Self::Initial => piece.at_start(),
            Self::Step => &piece.expr,
        }
    }
}

/// What has a place of its own in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) enum EvalNode {
    /// A variable.
    Var(VarId),
    /// One piece of a variable.
    Piece(VarId, u32),
    /// A stateful call.
    State(StateId),
}

/// The nodes of a dependency graph: variables or their pieces first, then states.
pub(in crate::sema) struct EvalNodes {
    phase: Phase,
    nodes: Vec<EvalNode>,
    /// The first unit of each variable, and one past the last one's.
    first: Vec<u32>,
    /// The regions of the pieces of each variable that stands as pieces.
    refined: BTreeMap<VarId, RegionIndex>,
}

impl EvalNodes {
    /// All units, with some variables in pieces.
    pub(in crate::sema) fn new(builder: &ModelBuilder, phase: Phase, refined: &BTreeSet<VarId>) -> Self {
        let mut units = Self { phase, nodes: Vec::new(), first: Vec::new(), refined: BTreeMap::new() };
        for id in (0u32..).map(VarId).take(builder.n_vars()) {
            units.first.push(units.n());
            if refined.contains(&id) {
                let pieces = units.pieces(builder, id);
                units.refined.insert(id, RegionIndex::new(pieces.iter().map(|piece| piece.region.as_slice())));
                units.nodes.extend((0..units.n_pieces(builder, id)).map(|piece| EvalNode::Piece(id, piece)));
            } else {
                units.nodes.push(EvalNode::Var(id));
            }
        }
        units.first.push(units.n());
        units.nodes.extend((0u32..).map(StateId).map(EvalNode::State).take(builder.states.len()));
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
    pub(in crate::sema) fn unit(&self, unit: u32) -> EvalNode {
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
                match self.refined.get(&id) {
                    None => units.push(first),
                    Some(pieces) => {
                        let read = pieces.meeting(&reader.sides_of(indices));
                        units.extend(read.into_iter().map(|piece| first + piece));
                    }
                }
            }
            Mention::State(id) => units.push(self.first[builder.n_vars()] + id.0),
        }
    }
}

/// The variable in whose definition a node stands.
pub(in crate::sema) fn owner(builder: &ModelBuilder, node: EvalNode) -> VarId {
    match node {
        EvalNode::Var(id) | EvalNode::Piece(id, _) => id,
        EvalNode::State(id) => builder.states[id.0 as usize].owner,
    }
}

/// What every unit depends on in a phase.
pub(in crate::sema) fn dependencies(builder: &ModelBuilder, phase: Phase, units: &EvalNodes) -> Dependencies {
    let edges = |unit: u32| {
        let mut edges = Vec::new();
        for (expr, loops, bounds) in exprs_of(builder, units, units.unit(unit), phase) {
            read::visit(expr, bounds, &mut |mention, _, bounds| {
                let reader = Reader { loops, bounds };
                units.add_mentioned(builder, phase, mention, &reader, &mut edges);
            });
        }
        edges
    };
    units.all().map(edges).collect()
}

/// The expressions that the value of a node needs in a phase, each with its loops and the extents of reducers around it.
pub(in crate::sema) fn exprs_of<'d>(
    builder: &'d ModelBuilder,
    units: &EvalNodes,
    node: EvalNode,
    phase: Phase,
) -> Vec<(&'d Expr, &'d [Extent], &'d [Extent])> {
    match node {
        EvalNode::Var(id) => {
            let pieces = units.pieces(builder, id);
            pieces.iter().map(|piece| (phase.expr(piece), piece.region.as_slice(), [].as_slice())).collect()
        }
        EvalNode::Piece(id, index) => {
            let piece = units.piece(builder, id, index);
            vec![(phase.expr(piece), piece.region.as_slice(), [].as_slice())]
        }
        EvalNode::State(id) => {
            let state = &builder.states[id.0 as usize];
            let belt = match (phase, state.kind) {
                (Phase::Initial, StateKind::Belt(belt)) => builder.belts[belt.0 as usize].start_exprs(),
                _ => Vec::new(),
            };
            let exprs: Vec<&Expr> = match phase {
                Phase::Step => state.value_exprs().collect(),
                Phase::Initial => state.start_exprs().chain(belt).collect(),
            };
            let (loops, bounds) = state.extents.split_at(state.n_loops as usize);
            exprs.into_iter().map(|expr| (expr, loops, bounds)).collect()
        }
    }
}
