//! Orders of evaluation: within a step, and for what is needed before the first one.
//!
//! Whole variables are ordered first. Where they form a circle, the arrays in it are ordered piece by piece. A piece whose elements read
//! the ones before them is computed in the order of its elements. Where that does not help either, pieces are cut into elements;
//! what is a circle then is one of elements.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, code};
use crate::model::{Base, Def, Expr, Extent, Index, Node, Piece, State, StateKind, VarId};
use crate::sema::Problems;
use crate::sema::circle;
use crate::sema::declare::Draft;
use crate::sema::graph::{self, Dependencies};
use crate::sema::piece;
use crate::sema::read::{self, Mention, Reader};
use crate::sema::split;
use crate::sema::unit::Units;

/// How many elements may be ordered one by one in a circle of variables.
const MAX_CIRCLE: u64 = 4096;

/// How many elements may be ordered one by one in all circles of variables.
const MAX_CUT: u64 = 1 << 16;

/// When values are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before the first step: stocks stand for their initial values, states for their start and their first value.
    Initial,
    /// Within a step: stocks and what states remember are known.
    Step,
}

impl Phase {
    /// What the phase evaluates of a piece.
    fn expr(self, piece: &Piece) -> &Expr {
        match self {
            Self::Initial => piece.at_start(),
            Self::Step => &piece.expr,
        }
    }
}

/// Both orders.
pub(super) struct Orders {
    /// What is computed in a step: every variable but stocks and tables, and every state.
    pub(super) step: Vec<Node>,
    /// What the initial values of stocks and the starts of states need.
    pub(super) init: Vec<Node>,
}

/// Finds both orders. A circle that holds part of one within a step is not reported again for the start.
pub(super) fn resolve_orders(draft: &mut Draft, problems: &mut Problems) -> Orders {
    let mut step = Graph::new(draft, Phase::Step, BTreeSet::new());
    step.refine(draft, problems);
    let mut in_circle = BTreeSet::new();
    for circle in step.circles().filter(|circle| !step.is_refused(draft, circle)) {
        circle::report(draft, &step.units, circle, &step.dependencies, Phase::Step, problems);
        in_circle.extend(circle.iter().map(|&unit| owner(draft, step.units.node(unit))));
    }
    let mut init = Graph::new(draft, Phase::Initial, BTreeSet::new());
    let has_cut = init.refine(draft, problems);
    for circle in init.circles() {
        if init.is_refused(draft, circle) {
            continue;
        }
        if !circle.iter().any(|&unit| in_circle.contains(&owner(draft, init.units.node(unit)))) {
            circle::report(draft, &init.units, circle, &init.dependencies, Phase::Initial, problems);
        }
    }
    if has_cut {
        step = Graph::new(draft, Phase::Step, step.refined);
    }
    Orders { step: step.order(), init: init.order() }
}

/// The variable in whose definition a node stands.
pub(super) fn owner(draft: &Draft, node: Node) -> VarId {
    match node {
        Node::Var(id) | Node::Piece(id, _) => id,
        Node::State(id) => draft.states[id.0 as usize].owner,
    }
}

/// What depends on what in a phase.
struct Graph {
    phase: Phase,
    /// The variables that are ordered piece by piece.
    refined: BTreeSet<VarId>,
    units: Units,
    dependencies: Dependencies,
    components: Vec<Vec<u32>>,
    /// Variables of circles that are too large to be ordered, which has been reported.
    refused: BTreeSet<VarId>,
    /// How many elements have been cut apart.
    n_cut: u64,
}

impl Graph {
    fn new(draft: &Draft, phase: Phase, refined: BTreeSet<VarId>) -> Self {
        let units = Units::new(draft, phase, &refined);
        let dependencies = dependencies(draft, phase, &units);
        let is_root = |&unit: &u32| match units.node(unit) {
            Node::State(_) => true,
            Node::Var(id) | Node::Piece(id, _) => match (&draft.var(id).def, phase) {
                (Def::Formula(_) | Def::Constant(_), Phase::Step) | (Def::Stock { .. }, Phase::Initial) => true,
                (Def::Formula(_) | Def::Constant(_), Phase::Initial)
                | (Def::Stock { .. }, Phase::Step)
                | (Def::Lookup(_), _) => false,
            },
        };
        let components = graph::components(&dependencies, units.all().filter(is_root));
        Self { phase, refined, units, dependencies, components, refused: BTreeSet::new(), n_cut: 0 }
    }

    fn circles(&self) -> impl Iterator<Item = &Vec<u32>> {
        self.components.iter().filter(|component| graph::is_circle(component, &self.dependencies))
    }

    fn is_refused(&self, draft: &Draft, circle: &[u32]) -> bool {
        circle.iter().any(|&unit| self.refused.contains(&owner(draft, self.units.node(unit))))
    }

    fn order(&self) -> Vec<Node> {
        self.components.iter().flatten().map(|&unit| self.units.node(unit)).collect()
    }

    /// Looks at arrays in circles more closely until no circle is left or nothing is left to look at. Says whether anything was
    /// cut.
    fn refine(&mut self, draft: &mut Draft, problems: &mut Problems) -> bool {
        let mut has_cut = false;
        loop {
            let circles: Vec<Vec<u32>> = self.circles().cloned().collect();
            let mut refined = std::mem::take(&mut self.refined);
            let n_refined = refined.len();
            let mut cuts: BTreeMap<VarId, BTreeSet<u32>> = BTreeMap::new();
            for circle in &circles {
                let is_refused = self.refine_circle(draft, circle, &mut refined, &mut cuts, problems).is_err();
                if is_refused {
                    self.refused.extend(circle.iter().map(|&unit| owner(draft, self.units.node(unit))));
                }
            }
            let is_settled = refined.len() == n_refined && cuts.is_empty();
            has_cut |= !cuts.is_empty();
            for (var, pieces) in &cuts {
                split::split_to_elements(draft, *var, self.phase, |piece| pieces.contains(&piece));
            }
            if is_settled {
                self.refined = refined;
                return has_cut;
            }
            let refused = std::mem::take(&mut self.refused);
            *self = Self { refused, n_cut: self.n_cut, ..Self::new(draft, self.phase, refined) };
        }
    }

    /// Chooses what to look at in a circle: the pieces of its arrays, or, once they are known apart, their elements.
    fn refine_circle(
        &mut self,
        draft: &Draft,
        circle: &[u32],
        refined: &mut BTreeSet<VarId>,
        cuts: &mut BTreeMap<VarId, BTreeSet<u32>>,
        problems: &mut Problems,
    ) -> Result<(), TooLarge> {
        let n_before = refined.len();
        let mut n_elements = 0_u64;
        let mut pieces = Vec::new();
        for &unit in circle {
            match self.units.node(unit) {
                Node::Var(id) if self.units.n_pieces(draft, id) > 0 && !draft.var(id).dims.is_empty() => {
                    refined.insert(id);
                }
                Node::Piece(id, index) => {
                    let n = piece::count(&self.units.piece(draft, id, index).region);
                    n_elements = n_elements.saturating_add(n);
                    if n > 1 {
                        pieces.push((id, index));
                    }
                }
                Node::Var(_) | Node::State(_) => {}
            }
        }
        if refined.len() > n_before || pieces.is_empty() {
            return Ok(());
        }
        if n_elements > MAX_CIRCLE || self.n_cut + n_elements > MAX_CUT {
            problems.report(large_circle(draft, pieces[0].0, n_elements));
            return Err(TooLarge);
        }
        self.n_cut += n_elements;
        for (var, index) in pieces {
            cuts.entry(var).or_default().insert(index);
        }
        Ok(())
    }
}

/// A circle has too many elements; it has been reported.
struct TooLarge;

fn large_circle(draft: &Draft, var: VarId, n: u64) -> Diagnostic {
    let var = draft.var(var);
    let message =
        format!("`{}` depends on itself or on arrays that depend on it, and is too large to be ordered", var.name);
    Diagnostic::error(code::LARGE_CIRCLE, var.span, message)
        .with_label(format!("{n} elements depend on one another"))
        .with_hint(format!("up to {MAX_CIRCLE} elements are ordered one by one, and {MAX_CUT} in the whole model"))
        .with_variable(var.name.clone())
}

/// What every unit depends on in a phase.
pub(super) fn dependencies(draft: &Draft, phase: Phase, units: &Units) -> Dependencies {
    let edges = |unit: u32| {
        let mut edges = Vec::new();
        for (expr, loops, bounds) in exprs_of(draft, units, units.node(unit), phase) {
            read::visit(expr, bounds, &mut |mention, _, bounds| {
                let reader = Reader { loops, bounds };
                let first = edges.len();
                units.add_mentioned(draft, phase, mention, &reader, &mut edges);
                if is_of_earlier_element(units.node(unit), mention, loops) {
                    let others = edges.split_off(first).into_iter().filter(|&other| other != unit);
                    edges.extend(others);
                }
            });
        }
        edges
    };
    units.all().map(edges).collect()
}

/// Whether a piece reads an element of its own variable that lies before the one being computed: along one dimension, in the order in
/// which elements are computed.
fn is_of_earlier_element(node: Node, mention: Mention<'_>, loops: &[Extent]) -> bool {
    let (Node::Piece(own, _), Mention::Var(id, indices)) = (node, mention) else { return false };
    // Another variable may have more dimensions than there are loops.
    if own != id {
        return false;
    }
    let distance = |(position, index): (usize, &Index)| match *index {
        Index::Moving { base: Base::Loop(n), offset } if n as usize == position => Some(offset),
        Index::Fixed(at) if loops[position].len == 1 && loops[position].start == at => Some(0),
        Index::Moving { .. } | Index::Fixed(_) | Index::Computed(_) => None,
    };
    let distances: Option<Vec<i64>> = indices.iter().enumerate().map(distance).collect();
    let mut moved = distances.iter().flatten().filter(|&&distance| distance != 0);
    moved.next().is_some_and(|&distance| distance < 0) && moved.next().is_none()
}

/// The expressions that the value of a node needs in a phase, each with its loops and the extents of reducers around it.
pub(super) fn exprs_of<'d>(
    draft: &'d Draft,
    units: &Units,
    node: Node,
    phase: Phase,
) -> Vec<(&'d Expr, &'d [Extent], &'d [Extent])> {
    match node {
        Node::Var(id) => {
            let pieces = units.pieces(draft, id);
            pieces.iter().map(|piece| (phase.expr(piece), piece.region.as_slice(), [].as_slice())).collect()
        }
        Node::Piece(id, index) => {
            let piece = units.piece(draft, id, index);
            vec![(phase.expr(piece), piece.region.as_slice(), [].as_slice())]
        }
        Node::State(id) => {
            let state = &draft.states[id.0 as usize];
            let belt = match (phase, state.kind) {
                (Phase::Initial, StateKind::Belt(belt)) => draft.belts[belt.0 as usize].start.as_slice(),
                _ => &[],
            };
            let exprs = match phase {
                Phase::Step => value_exprs(state),
                Phase::Initial => start_exprs(state),
            };
            let exprs = exprs.into_iter().chain(belt.iter().map(Some));
            let (loops, bounds) = state.extents.split_at(state.n_loops as usize);
            exprs.flatten().map(|expr| (expr, loops, bounds)).collect()
        }
    }
}

/// What the value of a state needs, given what it remembers.
fn value_exprs(state: &State) -> [Option<&Expr>; 4] {
    match state.kind {
        StateKind::Smooth { .. } | StateKind::Pipeline | StateKind::Previous | StateKind::Init | StateKind::Belt(_) => {
            [None; 4]
        }
        StateKind::Delay { .. } => [state.time.as_ref(), None, None, None],
        StateKind::Trend => [Some(&state.input), state.time.as_ref(), None, None],
        StateKind::Forecast => [Some(&state.input), state.time.as_ref(), state.horizon.as_ref(), None],
    }
}

/// What the start of a state and then its value need.
fn start_exprs(state: &State) -> [Option<&Expr>; 4] {
    let init = state.init.as_ref();
    let time = state.time.as_ref();
    let filling = init.or(Some(&state.input));
    match state.kind {
        StateKind::Smooth { .. } => [filling, None, None, None],
        StateKind::Delay { .. } | StateKind::Pipeline => [filling, time, None, None],
        StateKind::Trend | StateKind::Forecast => [Some(&state.input), time, init, state.horizon.as_ref()],
        StateKind::Previous => [init, None, None, None],
        StateKind::Init => [Some(&state.input), None, None, None],
        StateKind::Belt(_) => [None; 4],
    }
}
