//! What depends on what in a phase: whole variables, the clauses of some, and stateful calls, each with a number.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::listed::{Side, Surroundings};
use crate::model::{Clause, Def, Expr, Extent, StateId, StateKind, VarId};
use crate::sema::base::graph::Dependencies;
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
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
    /// What the phase evaluates of a clause.
    pub(in crate::sema) fn expr(self, clause: &Clause) -> &Expr {
        match self {
            Self::Initial => clause.at_start(),
            Self::Step => &clause.expr,
        }
    }
}

/// What has a place of its own in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) enum EvalNode {
    /// A variable.
    Var(VarId),
    /// One clause of a variable.
    Clause(VarId, u32),
    /// A stateful call.
    State(StateId),
    /// One element of a conveyor or queue.
    Element(StateId, u32),
}

/// The nodes of a dependency graph: variables or their clauses first, then states.
pub(in crate::sema) struct EvalNodes {
    phase: Phase,
    nodes: Vec<EvalNode>,
    /// The first unit of each variable, and one past the last one's.
    first: Vec<u32>,
    /// The regions of the clauses of each variable that is as clauses.
    refined: BTreeMap<VarId, RegionIndex>,
    /// The first unit of each stateful call.
    first_of_states: Vec<u32>,
    /// The elements of each conveyor and queue that is as elements, row-major.
    elements: BTreeMap<StateId, Vec<Vec<Extent>>>,
}

impl EvalNodes {
    /// All units, with some variables in clauses, and some conveyors and queues in elements.
    pub(in crate::sema) fn new(
        builder: &ModelBuilder,
        phase: Phase,
        refined: &BTreeSet<VarId>,
        in_elements: &BTreeSet<StateId>,
    ) -> Self {
        let mut units = Self {
            phase,
            nodes: Vec::new(),
            first: Vec::new(),
            refined: BTreeMap::new(),
            first_of_states: Vec::with_capacity(builder.states.len()),
            elements: BTreeMap::new(),
        };
        for id in (0u32..).map(VarId).take(builder.n_vars()) {
            units.first.push(units.n());
            if refined.contains(&id) {
                let clauses = units.clauses(builder, id);
                units.refined.insert(id, RegionIndex::new(clauses.iter().map(|clause| clause.region.as_slice())));
                units.nodes.extend((0..units.n_clauses(builder, id)).map(|clause| EvalNode::Clause(id, clause)));
            } else {
                units.nodes.push(EvalNode::Var(id));
            }
        }
        units.first.push(units.n());
        for (id, state) in (0u32..).map(StateId).zip(&builder.states) {
            units.first_of_states.push(units.n());
            if !in_elements.contains(&id) {
                units.nodes.push(EvalNode::State(id));
                continue;
            }
            let elements = region::elements_of(&state.extents);
            units.nodes.extend((0u32..).zip(&elements).map(|(element, _)| EvalNode::Element(id, element)));
            units.elements.insert(id, elements);
        }
        units
    }

    /// Whole variables, so that the numbers of variables are their ids.
    pub(in crate::sema) fn whole(builder: &ModelBuilder, phase: Phase) -> Self {
        Self::new(builder, phase, &BTreeSet::new(), &BTreeSet::new())
    }

    fn n(&self) -> u32 {
        u32::try_from(self.nodes.len()).expect("fewer than 2^32 clauses and stateful calls")
    }

    /// The numbers of all units.
    pub(in crate::sema) fn all(&self) -> std::ops::Range<u32> {
        0..self.n()
    }

    /// The unit with a number.
    pub(in crate::sema) fn unit(&self, unit: u32) -> EvalNode {
        self.nodes[unit as usize]
    }

    /// The clauses that the phase computes of a variable.
    pub(in crate::sema) fn clauses<'d>(&self, builder: &'d ModelBuilder, id: VarId) -> &'d [Clause] {
        match (&builder.var(id).def, self.phase) {
            (Def::Formula(clauses), _) => clauses,
            (Def::Stock { init, .. }, Phase::Initial) => init,
            (Def::Stock { .. }, Phase::Step) | (Def::Constant(_) | Def::Lookup(_), _) => &[],
        }
    }

    /// How many clauses the phase computes of a variable.
    pub(in crate::sema) fn n_clauses(&self, builder: &ModelBuilder, id: VarId) -> u32 {
        u32::try_from(self.clauses(builder, id).len()).expect("fewer than 2^32 clauses")
    }

    /// One of those clauses.
    pub(in crate::sema) fn clause<'d>(&self, builder: &'d ModelBuilder, id: VarId, index: u32) -> &'d Clause {
        &self.clauses(builder, id)[index as usize]
    }

    /// An element of a conveyor or queue that is as elements.
    pub(in crate::sema) fn element(&self, id: StateId, element: u32) -> &[Extent] {
        self.elements.get(&id).and_then(|elements| elements.get(element as usize)).map_or(&[], Vec::as_slice)
    }

    /// Adds the units that a mention needs in the phase.
    pub(in crate::sema) fn add_mentioned(
        &self,
        builder: &ModelBuilder,
        phase: Phase,
        mention: Mention<'_>,
        reader: &Surroundings<'_>,
        units: &mut Vec<u32>,
    ) {
        match mention {
            Mention::Var(id, _) if phase == Phase::Step && builder.is_stock(id) => {}
            Mention::Var(id, indices) => {
                let first = self.first[id.0 as usize];
                match self.refined.get(&id) {
                    None => units.push(first),
                    Some(clauses) => {
                        let mut read: Vec<u32> =
                            reader.boxes_of(indices).iter().flat_map(|sides| clauses.meeting(sides)).collect();
                        read.sort_unstable();
                        read.dedup();
                        units.extend(read.into_iter().map(|clause| first + clause));
                    }
                }
            }
            Mention::State(id, asked) => {
                let first = self.first_of_states[id.0 as usize];
                let Some(elements) = self.elements.get(&id) else { return units.push(first) };
                let boxes = asked.map_or_else(|| vec![Vec::new()], |indices| reader.boxes_of(indices));
                let is_within = |sides: &Vec<Side>, element: &[Extent]| {
                    sides.iter().zip(element).all(|(side, extent)| {
                        side.is_none_or(|(start, end)| (start..end).contains(&i64::from(extent.start)))
                    })
                };
                let is_asked = |element: &[Extent]| boxes.iter().any(|sides| is_within(sides, element));
                let asked = (first..).zip(elements).filter(|(_, element)| is_asked(element));
                units.extend(asked.map(|(unit, _)| unit));
            }
        }
    }
}

/// The variable in whose definition a node is.
pub(in crate::sema) fn owner(builder: &ModelBuilder, node: EvalNode) -> VarId {
    match node {
        EvalNode::Var(id) | EvalNode::Clause(id, _) => id,
        EvalNode::State(id) | EvalNode::Element(id, _) => builder.states[id.0 as usize].owner,
    }
}

/// How many clauses and elements may be read in all, beyond the first one of each read.
const MAX_READS: u64 = 1 << 26;

/// What every unit depends on in a phase, where variables, conveyors and queues are whole.
pub(in crate::sema) fn dependencies(builder: &ModelBuilder, phase: Phase, units: &EvalNodes) -> Dependencies {
    dependencies_up_to(builder, phase, units, u64::MAX).unwrap_or_default()
}

/// What every unit depends on in a phase. Nothing when reads of arrays that are in clauses or elements meet too many of these.
pub(in crate::sema) fn dependencies_in_parts(
    builder: &ModelBuilder,
    phase: Phase,
    units: &EvalNodes,
) -> Option<Dependencies> {
    dependencies_up_to(builder, phase, units, MAX_READS)
}

fn dependencies_up_to(
    builder: &ModelBuilder,
    phase: Phase,
    units: &EvalNodes,
    mut n_left: u64,
) -> Option<Dependencies> {
    // The last unit that has been found to depend on each one: a dependency counts once.
    let mut last_of = vec![u32::MAX; units.all().len()];
    let mut all = Vec::with_capacity(last_of.len());
    for unit in units.all() {
        let mut edges = Vec::new();
        let mut is_over = false;
        for (expr, loops, bounds) in exprs_of(builder, units, units.unit(unit), phase) {
            read::visit_with_nodes(expr, bounds, &mut |mention, _, bounds, nodes| {
                if is_over {
                    return;
                }
                let mut found = Vec::new();
                let reader = Surroundings { loops, bounds, nodes, tables: &builder.tables };
                units.add_mentioned(builder, phase, mention, &reader, &mut found);
                match n_left.checked_sub((found.len() as u64).saturating_sub(1)) {
                    Some(left) => n_left = left,
                    None => is_over = true,
                }
                found.retain(|&read| std::mem::replace(&mut last_of[read as usize], unit) != unit);
                edges.extend(found);
            });
        }
        if is_over {
            return None;
        }
        all.push(edges);
    }
    Some(all)
}

/// The expressions that the value of a node needs in a phase, each with its loops and the extents of reducers around it.
pub(in crate::sema) fn exprs_of<'d>(
    builder: &'d ModelBuilder,
    units: &'d EvalNodes,
    node: EvalNode,
    phase: Phase,
) -> Vec<(&'d Expr, &'d [Extent], &'d [Extent])> {
    match node {
        EvalNode::Var(id) => {
            let clauses = units.clauses(builder, id);
            clauses.iter().map(|clause| (phase.expr(clause), clause.region.as_slice(), [].as_slice())).collect()
        }
        EvalNode::Clause(id, index) => {
            let clause = units.clause(builder, id, index);
            vec![(phase.expr(clause), clause.region.as_slice(), [].as_slice())]
        }
        EvalNode::State(id) | EvalNode::Element(id, _) => {
            let state = &builder.states[id.0 as usize];
            let transport = match (phase, state.kind) {
                (Phase::Initial, StateKind::Transport(transport)) => {
                    builder.transports[transport.0 as usize].start_exprs()
                }
                _ => Vec::new(),
            };
            let exprs: Vec<&Expr> = match phase {
                Phase::Step => state.value_exprs().collect(),
                Phase::Initial => state.start_exprs().chain(transport).collect(),
            };
            let extents = if let EvalNode::Element(_, element) = node {
                units.element(id, element)
            } else {
                state.extents.as_slice()
            };
            let (loops, bounds) = extents.split_at(state.n_loops as usize);
            exprs.into_iter().map(|expr| (expr, loops, bounds)).collect()
        }
    }
}
