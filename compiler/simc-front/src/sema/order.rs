//! Orders of evaluation: within a step, and for what is needed before the first one.

use crate::model::{Def, Expr, ExprKind, Node, State, StateId, StateKind, VarId};
use crate::sema::Problems;
use crate::sema::circle;
use crate::sema::declare::Draft;
use crate::sema::graph::{self, Dependencies};

/// When values are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before the first step: stocks stand for their initial values, states for their start and their first value.
    Initial,
    /// Within a step: stocks and what states remember are known.
    Step,
}

/// The order within a step.
pub(super) struct StepOrder {
    /// Dependencies first.
    pub(super) nodes: Vec<Node>,
    /// Whether a node, by its number in the graph, is part of a circle, which has been reported.
    in_circle: Vec<bool>,
}

/// Orders what is computed in a step: every variable but stocks and tables, and every state.
pub(super) fn order_step(draft: &Draft, problems: &mut Problems) -> StepOrder {
    let dependencies = dependencies(draft, Phase::Step);
    let components = graph::components(&dependencies, all_nodes(draft).filter(|&node| is_computed(draft, node)));
    let mut in_circle = vec![false; dependencies.len()];
    for component in components.iter().filter(|component| graph::is_circle(component, &dependencies)) {
        circle::report(draft, component, &dependencies, Phase::Step, problems);
        for &member in component {
            in_circle[member as usize] = true;
        }
    }
    StepOrder { nodes: components.concat().into_iter().map(|node| as_node(draft, node)).collect(), in_circle }
}

/// Orders what the initial values of stocks and the starts of states need. A circle that holds part of one within a step is not
/// reported again.
pub(super) fn order_init(draft: &Draft, step: &StepOrder, problems: &mut Problems) -> Vec<Node> {
    let dependencies = dependencies(draft, Phase::Initial);
    let is_root = |&node: &u32| match as_node(draft, node) {
        Node::Var(id) | Node::Piece(id, _) => draft.is_stock(id),
        Node::State(_) => true,
    };
    let components = graph::components(&dependencies, all_nodes(draft).filter(is_root));
    for component in components.iter().filter(|component| graph::is_circle(component, &dependencies)) {
        if !component.iter().any(|&member| step.in_circle[member as usize]) {
            circle::report(draft, component, &dependencies, Phase::Initial, problems);
        }
    }
    components.concat().into_iter().map(|node| as_node(draft, node)).collect()
}

/// What every variable, and then every state, depends on in a phase.
pub(super) fn dependencies(draft: &Draft, phase: Phase) -> Dependencies {
    let edges = |node: u32| {
        let exprs = exprs_of(draft, as_node(draft, node), phase);
        exprs
            .into_iter()
            .flatten()
            .flat_map(|expr| mentions(draft, expr, phase))
            .map(|(mentioned, _)| mentioned)
            .collect()
    };
    all_nodes(draft).map(edges).collect()
}

/// The nodes that an expression mentions and whose value must be computed in the phase, each with the index of the mention.
pub(super) fn mentions(draft: &Draft, expr: &Expr, phase: Phase) -> impl Iterator<Item = (u32, usize)> {
    expr.nodes.iter().enumerate().filter_map(move |(index, node)| match node.kind {
        ExprKind::Var(id, _) if phase == Phase::Step && draft.is_stock(id) => None,
        ExprKind::Var(id, _) => Some((id.0, index)),
        ExprKind::State(id) => Some((state_node(draft, id), index)),
        ExprKind::Number(_)
        | ExprKind::Time
        | ExprKind::Position(_)
        | ExprKind::Reduce(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::If { .. }
        | ExprKind::Call(..)
        | ExprKind::Lookup(..) => None,
    })
}

/// The expressions that the value of a node needs in a phase.
pub(super) fn exprs_of(draft: &Draft, node: Node, phase: Phase) -> [Option<&Expr>; 4] {
    match node {
        Node::Var(id) | Node::Piece(id, _) => match (&draft.var(id).def, phase) {
            (Def::Formula(pieces), _) => [pieces.first().map(|piece| &piece.expr), None, None, None],
            (Def::Stock { init, .. }, Phase::Initial) => [init.first().map(|piece| &piece.expr), None, None, None],
            (Def::Stock { .. }, Phase::Step) | (Def::Constant(_) | Def::Lookup(_), _) => [None; 4],
        },
        Node::State(id) => {
            let state = &draft.states[id.0 as usize];
            match phase {
                Phase::Step => value_exprs(state),
                Phase::Initial => start_exprs(state),
            }
        }
    }
}

/// What the value of a state needs, given what it remembers.
fn value_exprs(state: &State) -> [Option<&Expr>; 4] {
    match state.kind {
        StateKind::Smooth { .. } | StateKind::Pipeline | StateKind::Previous | StateKind::Init => [None; 4],
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
    }
}

/// Numbers of all nodes: variables first, then states.
fn all_nodes(draft: &Draft) -> std::ops::Range<u32> {
    let n_nodes = draft.vars.len() + draft.states.len();
    0..u32::try_from(n_nodes).expect("fewer than 2^32 variables and stateful calls")
}

fn state_node(draft: &Draft, id: StateId) -> u32 {
    draft.vars.len() as u32 + id.0
}

/// The node with this number.
pub(super) fn as_node(draft: &Draft, node: u32) -> Node {
    match node.checked_sub(draft.vars.len() as u32) {
        Some(state) => Node::State(StateId(state)),
        None => Node::Var(VarId(node)),
    }
}

/// Whether a node has a value that a step computes.
fn is_computed(draft: &Draft, node: u32) -> bool {
    match as_node(draft, node) {
        Node::Var(id) | Node::Piece(id, _) => match draft.var(id).def {
            Def::Formula(_) | Def::Constant(_) => true,
            Def::Stock { .. } | Def::Lookup(_) => false,
        },
        Node::State(_) => true,
    }
}
