//! Circular dependencies as diagnostics: the way round, and each place where it goes on.

use crate::diagnostic::{Code, Diagnostic, code};
use crate::model::{Node, VarId};
use crate::sema::Problems;
use crate::sema::declare::Draft;
use crate::sema::graph::{self, Dependencies};
use crate::sema::order::{self, Phase};
use crate::source::Span;

/// How many hops of a long way are shown.
const MAX_HOPS: usize = 12;

/// One variable needs another.
struct Hop {
    from: VarId,
    to: VarId,
    span: Span,
}

/// Reports the circle in a component by a shortest way round, from the variable that is defined first.
pub(super) fn report(
    draft: &Draft,
    component: &[u32],
    dependencies: &Dependencies,
    phase: Phase,
    problems: &mut Problems,
) {
    let first = component.iter().copied().min().expect("a component has a member");
    let circle = graph::shortest_circle(first, component, dependencies);
    let hops = find_hops(draft, &circle, phase);
    let Some(start) = hops.first() else { return };
    let (code, message, hint) = wording(phase);
    let mut diagnostic = Diagnostic::error(code, start.span, format!("{message}: {}", show_way(draft, &hops)))
        .with_label(show_hop(draft, start))
        .with_hint(hint)
        .with_variable(draft.var(start.from).name.clone());
    for hop in hops.iter().take(MAX_HOPS).skip(1) {
        diagnostic = diagnostic.with_place(hop.span, show_hop(draft, hop));
    }
    problems.report(diagnostic);
}

fn wording(phase: Phase) -> (Code, &'static str, &'static str) {
    match phase {
        Phase::Step => (
            code::CIRCULAR,
            "circular dependency",
            "a stock, a delay or PREVIOUS somewhere on this way would break the circle",
        ),
        Phase::Initial => (
            code::CIRCULAR_INITIAL,
            "circular dependency while computing initial values",
            "give one of these an initial value that does not depend on the others",
        ),
    }
}

/// The way from variable to variable. A stateful call belongs to the variable in whose equation it stands.
fn find_hops(draft: &Draft, circle: &[u32], phase: Phase) -> Vec<Hop> {
    let next = circle.iter().cycle().skip(1);
    circle
        .iter()
        .zip(next)
        .filter_map(|(&node, &next)| {
            let Node::Var(to) = order::as_node(draft, next) else { return None };
            let node = order::as_node(draft, node);
            Some(Hop { from: owner(draft, node), to, span: find_mention(draft, node, next, phase) })
        })
        .collect()
}

fn owner(draft: &Draft, node: Node) -> VarId {
    match node {
        Node::Var(id) | Node::Piece(id, _) => id,
        Node::State(id) => draft.states[id.0 as usize].owner,
    }
}

/// Where a node mentions another.
fn find_mention(draft: &Draft, node: Node, mentioned: u32, phase: Phase) -> Span {
    let exprs = order::exprs_of(draft, node, phase).into_iter().flatten();
    exprs
        .filter_map(|expr| {
            let (_, index) = order::mentions(draft, expr, phase).find(|(other, _)| *other == mentioned)?;
            Some(expr.nodes[index].span)
        })
        .next()
        .unwrap_or(draft.var(owner(draft, node)).span)
}

fn show_hop(draft: &Draft, hop: &Hop) -> String {
    format!("`{}` needs `{}`", draft.var(hop.from).name, draft.var(hop.to).name)
}

/// `a -> b -> a`; the middle of a long way is left out.
fn show_way(draft: &Draft, hops: &[Hop]) -> String {
    let name = |hop: &Hop| draft.var(hop.from).name.clone();
    let mut names: Vec<String> = hops.iter().take(MAX_HOPS).map(name).collect();
    if hops.len() > MAX_HOPS {
        names.push(format!("... ({} more)", hops.len() - MAX_HOPS));
    }
    names.extend(hops.first().map(name));
    names.join(" -> ")
}
