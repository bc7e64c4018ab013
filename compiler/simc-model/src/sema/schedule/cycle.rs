//! Circular dependencies as diagnostics: the way round, and each place where it goes on.

use crate::definition::wording::Cure;
use crate::diagnostic::{Code, Diagnostic, code};
use crate::model::listed::Surroundings;
use crate::model::{BinaryOp, Def, ExprKind, Extent, VarId};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::graph::{self, Dependencies};
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
use crate::sema::builder::dependency::{self, EvalNode, EvalNodes, Phase};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::source::Span;

/// How many hops of a long way are shown.
const MAX_HOPS: usize = 12;

/// One element needs another.
struct Hop {
    /// The variable.
    owner: VarId,
    /// Its name, with the element.
    from: String,
    to: String,
    /// The element that is read is computed, so that it may be another one.
    is_computed: bool,
    span: Span,
}

/// Reports the cycle in a component by a shortest way round, from the variable that is defined first.
pub(in crate::sema) fn report(
    builder: &ModelBuilder,
    units: &EvalNodes,
    component: &[u32],
    dependencies: &Dependencies,
    phase: Phase,
    diagnostics: &mut Diagnostics,
) {
    let first = component.iter().copied().min().expect("a component has a member");
    let cycle = graph::shortest_cycle(first, component, dependencies);
    let hops = find_hops(builder, units, &cycle, phase);
    let Some(start) = hops.first() else { return };
    let (code, message, hint) = wording(phase, diagnostics);
    let is_computed = hops.iter().any(|hop| hop.is_computed);
    let extent = if is_computed { ", as far as subscripts are known before the run" } else { "" };
    let hint = match hops.len() {
        _ if is_computed => COMPUTED,
        1 if is_assignment(builder, start.owner) => ASSIGNMENT,
        _ => hint,
    };
    let mut diagnostic = Diagnostic::error(code, start.span, format!("{message}{extent}: {}", show_way(&hops)))
        .with_label(show_hop(start))
        .with_hint(hint)
        .with_variable(builder.var(start.owner).name.clone());
    for hop in hops.iter().take(MAX_HOPS).skip(1) {
        diagnostic = diagnostic.with_place(hop.span, show_hop(hop));
    }
    diagnostics.report(diagnostic);
}

/// What to do about an equation that repeats its variable's name.
const ASSIGNMENT: &str = "an equation is what comes after the equals sign, without the variable's own name";

/// What to do about a subscript that may name any element.
const COMPUTED: &str = "an element whose number is computed in the run may be any; what follows from dimensions, numbers and constants alone is known before";

/// Whether the equation of a variable without dimensions compares the variable itself with something: `x = 5`.
fn is_assignment(builder: &ModelBuilder, var: VarId) -> bool {
    let Def::Formula(clauses) = &builder.var(var).def else { return false };
    let Some(expr) = clauses.first().map(|clause| &clause.expr) else { return false };
    let ExprKind::Binary(BinaryOp::Eq, left, _) = &expr.node(expr.root()).kind else { return false };
    matches!(&expr.node(*left).kind, ExprKind::Var(read, _) if *read == var)
}

fn wording(phase: Phase, diagnostics: &Diagnostics) -> (Code, &'static str, &'static str) {
    match phase {
        Phase::Step => (code::CIRCULAR, "circular dependency", diagnostics.cure(Cure::BreakCycle)),
        Phase::Initial => (
            code::CIRCULAR_INITIAL,
            "circular dependency while computing initial values",
            "give one of these an initial value that does not depend on the others",
        ),
    }
}

/// The way from variable to variable. A stateful call belongs to the variable in whose equation it is.
fn find_hops(builder: &ModelBuilder, units: &EvalNodes, cycle: &[u32], phase: Phase) -> Vec<Hop> {
    let next = cycle.iter().cycle().skip(1);
    cycle
        .iter()
        .zip(next)
        .filter_map(|(&unit, &next)| {
            let to = match units.unit(next) {
                EvalNode::State(_) | EvalNode::Element(..) => return None,
                node @ (EvalNode::Var(_) | EvalNode::Clause(..)) => show_node(builder, units, node),
            };
            let node = units.unit(unit);
            let (span, is_computed) = find_mention(builder, units, node, next, phase);
            let (owner, from) = (dependency::owner(builder, node), show_node(builder, units, node));
            Some(Hop { owner, from, to, is_computed, span })
        })
        .collect()
}

/// A variable, or an element of it.
fn show_node(builder: &ModelBuilder, units: &EvalNodes, node: EvalNode) -> String {
    match node {
        EvalNode::Var(id) => builder.var(id).name.clone(),
        EvalNode::Clause(id, index) => show_part(builder, id, &units.clause(builder, id, index).region),
        EvalNode::Element(id, element) => {
            show_part(builder, builder.states[id.0 as usize].owner, units.element(id, element))
        }
        EvalNode::State(id) => {
            let state = &builder.states[id.0 as usize];
            show_part(builder, state.owner, &state.extents[..state.n_loops as usize])
        }
    }
}

/// `a[north]` for an element, the name alone for several.
fn show_part(builder: &ModelBuilder, var: VarId, region: &[Extent]) -> String {
    let name = &builder.var(var).name;
    if region::count(region) == 1 { region::show_element(name, region, &builder.dims) } else { name.clone() }
}

/// Where a node mentions another, and whether by a computed subscript.
fn find_mention(
    builder: &ModelBuilder,
    units: &EvalNodes,
    node: EvalNode,
    mentioned: u32,
    phase: Phase,
) -> (Span, bool) {
    let mut found = None;
    for (expr, loops, bounds) in dependency::exprs_of(builder, units, node, phase) {
        read::visit_with_nodes(expr, bounds, &mut |mention, span, bounds, nodes| {
            let mut needed = Vec::new();
            let reader = Surroundings { loops, bounds, nodes, tables: &builder.tables };
            units.add_mentioned(builder, phase, mention, &reader, &mut needed);
            let is_computed =
                matches!(mention, Mention::Var(_, at) if at.iter().any(|&at| reader.sides_of(at).is_none()));
            // A mention that leaves no doubt comes first.
            if needed.contains(&mentioned) && found.is_none_or(|(_, doubtful)| doubtful && !is_computed) {
                found = Some((span, is_computed));
            }
        });
    }
    found.unwrap_or((builder.var(dependency::owner(builder, node)).span, false))
}

fn show_hop(hop: &Hop) -> String {
    let verb = if hop.is_computed { "may need" } else { "needs" };
    format!("`{}` {verb} `{}`", hop.from, hop.to)
}

/// `a -> b -> a`; the middle of a long way is left out.
fn show_way(hops: &[Hop]) -> String {
    let mut names: Vec<String> = hops.iter().take(MAX_HOPS).map(|hop| hop.from.clone()).collect();
    if hops.len() > MAX_HOPS {
        names.push(format!("... ({} more)", hops.len() - MAX_HOPS));
    }
    names.extend(hops.first().map(|hop| hop.from.clone()));
    names.join(" -> ")
}
