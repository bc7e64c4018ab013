//! Non-negative stocks and uniflows, spelt out in the equations that they change.
//!
//! A non-negative stock S with inflows i1, i2, ... and outflows o1, o2, ... grants each outflow, in the listed order, no more
//! than is there: `ok = min(equation of ok, S/dt + i1 + i2 + ... - o1 - ... - o(k-1))`, summed from the left. What an
//! earlier outflow takes is its rate as reported, after all clamps. A uniflow's rate is `max(0, ...)` of all that.
//!
//! Stocks that feed one another in a ring (susceptible, infected, recovered, susceptible again) would wait for one another's
//! grants. So an inflow whose own rate depends on the outflow is not counted as available to it: the outflow is then
//! limited by what is in the stock and what surely comes in.

use crate::ast::{DefKind, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{BinaryOp, Def, Expr, ExprKind, NodeId, Piece, PureFn, VarId};
use crate::sema::Problems;
use crate::sema::declare::Draft;
use crate::sema::graph;
use crate::sema::order::{self, Phase};
use crate::sema::scope::World;
use crate::sema::stock::StockFlows;
use crate::source::Span;

/// How many terms all clamps together may have. They are quadratic in the number of outflows of one stock.
const MAX_TERMS: usize = 4_000_000;

/// Whether a flow runs in one direction only.
pub(super) fn is_uniflow(world: &World<'_>, var: VarId) -> bool {
    is_non_negative(world, var, DefKind::Flow)
}

/// The nearest of the entity's own flag, its model's default and the file's default.
fn is_non_negative(world: &World<'_>, var: VarId, kind: DefKind) -> bool {
    let def: &VarDef = world.def(var);
    let defaults = [&world.scope(world.owner(var)).def.behavior, &world.file.behavior];
    let default = |flag: fn(&crate::ast::Behavior) -> Option<bool>| defaults.iter().find_map(|behavior| flag(behavior));
    def.kind == kind
        && match kind {
            DefKind::Stock => def.non_negative.or_else(|| default(|behavior| behavior.non_negative_stocks)),
            DefKind::Flow => def.non_negative.or_else(|| default(|behavior| behavior.non_negative_flows)),
            DefKind::Aux | DefKind::Table => None,
        }
        .unwrap_or(false)
}

/// Rewrites the equations of clamped flows.
pub(super) fn apply_clamps(
    world: &World<'_>,
    mut stocks: Vec<StockFlows>,
    dt: f64,
    draft: &mut Draft,
    problems: &mut Problems,
) {
    stocks.retain(|flows| is_non_negative(world, flows.stock, DefKind::Stock) && !flows.outflows.is_empty());
    drop_excess(world, &mut stocks, problems);
    if !stocks.is_empty() {
        let rings = find_rings(draft, &stocks);
        for flows in &stocks {
            for position in 0..flows.outflows.len() {
                grant_outflow(flows, position, dt, &rings, draft);
            }
        }
    }
    for (id, _, _) in world.iter_vars() {
        if is_uniflow(world, id) {
            rewrite(draft, id, |expr| {
                let rate = expr.root();
                let span = expr.node(rate).span;
                let zero = expr.push(ExprKind::Number(0.0), span);
                expr.push(ExprKind::Call(PureFn::Max, vec![zero, rate]), span);
            });
        }
    }
}

/// Refuses stocks whose clamps would be too large.
fn drop_excess(world: &World<'_>, stocks: &mut Vec<StockFlows>, problems: &mut Problems) {
    let mut budget = MAX_TERMS;
    stocks.retain(|flows| {
        let terms = flows.outflows.len() * (flows.inflows.len() + flows.outflows.len());
        let left = budget.checked_sub(terms);
        budget = left.unwrap_or(budget);
        if left.is_none() {
            let name = world.var_name(flows.stock);
            let message = format!("non-negative stock `{name}` has too many flows to be served in order");
            problems.report(
                Diagnostic::error(code::MANY_OUTFLOWS, world.def(flows.stock).span, message)
                    .with_label(format!("{} inflows and {} outflows", flows.inflows.len(), flows.outflows.len()))
                    .with_hint("merge outflows, or let the stock become negative")
                    .with_variable(name),
            );
        }
        left.is_some()
    });
}

/// The ring of each variable, where it is in one when every clamp counts every inflow.
fn find_rings(draft: &Draft, stocks: &[StockFlows]) -> Vec<Option<u32>> {
    let mut dependencies = order::dependencies(draft, Phase::Step);
    for flows in stocks {
        let mut before: Option<VarId> = None;
        for &(outflow, _) in &flows.outflows {
            let edges = &mut dependencies[outflow.0 as usize];
            match before {
                Some(before) => edges.push(before.0),
                None => edges.extend(flows.inflows.iter().map(|(inflow, _)| inflow.0)),
            }
            before = Some(outflow);
        }
    }
    let mut rings = vec![None; dependencies.len()];
    let components = graph::components(&dependencies, 0u32..draft.vars.len() as u32);
    for (ring, component) in (0u32..).zip(&components) {
        if graph::is_circle(component, &dependencies) {
            for &member in component {
                rings[member as usize] = Some(ring);
            }
        }
    }
    rings
}

/// Limits one outflow of a stock to what remains for it.
fn grant_outflow(flows: &StockFlows, position: usize, dt: f64, rings: &[Option<u32>], draft: &mut Draft) {
    let (outflow, span) = flows.outflows[position];
    let ring = rings[outflow.0 as usize];
    let is_counted = |inflow: VarId| ring.is_none() || rings[inflow.0 as usize] != ring;
    let counted = flows.inflows.iter().map(|&(inflow, _)| inflow).filter(|&inflow| is_counted(inflow));
    let terms: Vec<(BinaryOp, VarId)> = counted
        .map(|inflow| (BinaryOp::Add, inflow))
        .chain(flows.outflows[..position].iter().map(|&(earlier, _)| (BinaryOp::Sub, earlier)))
        .collect();
    rewrite(draft, outflow, |expr| {
        let wanted = expr.root();
        let remaining = push_remaining(expr, flows.stock, dt, &terms, span);
        expr.push(ExprKind::Call(PureFn::Min, vec![wanted, remaining]), span);
    });
}

/// `S/dt`, and then each term.
fn push_remaining(expr: &mut Expr, stock: VarId, dt: f64, terms: &[(BinaryOp, VarId)], span: Span) -> NodeId {
    let stock = expr.push(ExprKind::Var(stock, Vec::new()), span);
    let dt = expr.push(ExprKind::Number(dt), span);
    let mut remaining = expr.push(ExprKind::Binary(BinaryOp::Div, stock, dt), span);
    for &(op, flow) in terms {
        let rate = expr.push(ExprKind::Var(flow, Vec::new()), span);
        remaining = expr.push(ExprKind::Binary(op, remaining, rate), span);
    }
    remaining
}

/// Changes a flow's expression; a constant becomes one.
fn rewrite(draft: &mut Draft, flow: VarId, change: impl FnOnce(&mut Expr)) {
    let var = draft.var_mut(flow);
    let span = var.span;
    match &mut var.def {
        Def::Formula(pieces) => change(&mut pieces[0].expr),
        Def::Constant(defaults) => {
            let mut expr = Expr::number(defaults[0], span);
            change(&mut expr);
            var.def = Def::Formula(vec![Piece::scalar(expr)]);
        }
        Def::Stock { .. } | Def::Lookup(_) => {}
    }
}
