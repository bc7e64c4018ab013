//! Orders of delays and smooths that must be known before the run, and the constants that a host may set.

use crate::builtin::Dialect;
use crate::definition::wording::Cure;
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Def, Expr, Node, StateKind, TimeSpec, VarId, VarKind};
use crate::sema::base::constant::{eval_at_start, eval_constant, limit_below};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::read::vars_of;
use crate::sema::builder::model_builder::{ModelBuilder, PendingOrder};
use crate::sema::schedule::order::Orders;
use crate::source::Span;

/// The greatest order of a delay or smooth.
const MAX_ORDER: f64 = 1000.0;

/// The greatest sum of all orders that equations state: each is a level, and a short equation can ask for a thousand.
const MAX_LEVELS: f64 = 100_000.0;

/// Gives variables whose definition is a constant the kind that says so.
pub(in crate::sema) fn name_constants(builder: &mut ModelBuilder) {
    for var in builder.vars_mut() {
        if let Def::Constant(_) = var.def {
            var.kind = VarKind::Constant;
        }
    }
}

/// Computes the orders of delays and smooths from constants and what is computed from constants alone.
///
/// A constant that an order depends on fixes the size of the compiled model: it stops being settable and becomes a formula.
///
/// One that changes is taken as it is at the start where that is known before the run: with a warning, unless it is one that the
/// language takes so.
pub(in crate::sema) fn resolve_orders(
    builder: &mut ModelBuilder,
    nodes: &Orders,
    time: &TimeSpec,
    dialect: Dialect,
    diagnostics: &mut Diagnostics,
) {
    let orders = std::mem::take(&mut builder.orders);
    if orders.is_empty() {
        return;
    }
    let values = eval_constants(builder, &nodes.step);
    let mut start_values: Option<Vec<Option<f64>>> = None;
    let mut n_levels = 0.0;
    for PendingOrder { state, expr, at_start } in &orders {
        let owner = builder.states[state.0 as usize].owner;
        let mut order = eval_constant(expr, |var| values[var.0 as usize]);
        if order.is_none() {
            let first = start_values.get_or_insert_with(|| eval_start(builder, nodes, time));
            order = eval_at_start(expr, |var| first[var.0 as usize], time);
            if order.is_some() && !at_start {
                diagnostics.report(changing_order(builder, expr, owner));
            }
        }
        let order = order.map(f64::round).filter(|order| (1.0..=MAX_ORDER).contains(order));
        n_levels += order.unwrap_or(0.0);
        match order {
            Some(_) if n_levels > MAX_LEVELS => {
                let wording = [Cure::FunctionsOfOrder, Cure::DelayWithoutLevels].map(|cure| diagnostics.cure(cure));
                diagnostics.report(too_many_levels(builder, expr, owner, wording));
                break;
            }
            Some(order) => {
                let state = &mut builder.states[state.0 as usize];
                set_order(&mut state.kind, order as u32);
                // In Stella no level is shorter than a step.
                if let Some(time_of_all) = state.time.as_mut().filter(|_| dialect == Dialect::Stella) {
                    limit_below(time_of_all, order * time.dt);
                }
            }
            None => {
                diagnostics.report(bad_order(builder, expr, eval_constant(expr, |var| values[var.0 as usize]), owner))
            }
        }
    }
    fix_constants(builder, orders.iter().flat_map(|order| vars_of(&order.expr)).collect());
}

/// Turns the constants into formulas that say which element a subscript names.
pub(in crate::sema) fn fix_shaping(builder: &mut ModelBuilder) {
    let shaping = std::mem::take(&mut builder.shaping);
    fix_constants(builder, shaping.into_iter().collect());
}

/// Values of all variables that depend on constants alone.
fn eval_constants(builder: &ModelBuilder, step_order: &[Node]) -> Vec<Option<f64>> {
    let mut values = vec![None; builder.n_vars()];
    for node in step_order {
        let Node::Var(id) = *node else { continue };
        values[id.0 as usize] = match &builder.var(id).def {
            Def::Constant(defaults) => defaults.first().copied().filter(|_| defaults.len() == 1),
            Def::Formula(clauses) => match clauses.as_slice() {
                [clause] if clause.region.is_empty() => eval_constant(&clause.expr, |var| values[var.0 as usize]),
                _ => None,
            },
            Def::Stock { .. } | Def::Lookup(_) => None,
        };
    }
    values
}

/// Values of variables at the start, where they follow from constants, the time and the initial values of stocks that do.
fn eval_start(builder: &ModelBuilder, nodes: &Orders, time: &TimeSpec) -> Vec<Option<f64>> {
    let mut values: Vec<Option<f64>> = vec![None; builder.n_vars()];
    for node in nodes.init.iter().chain(&nodes.step) {
        let Node::Var(id) = *node else { continue };
        if values[id.0 as usize].is_some() {
            continue;
        }
        let known = |var: VarId| values[var.0 as usize];
        let value = match &builder.var(id).def {
            Def::Constant(defaults) => defaults.first().copied().filter(|_| defaults.len() == 1),
            Def::Formula(clauses) | Def::Stock { init: clauses, .. } => match clauses.as_slice() {
                [clause] if clause.region.is_empty() => eval_at_start(clause.at_start(), known, time),
                _ => None,
            },
            Def::Lookup(_) => None,
        };
        values[id.0 as usize] = value;
    }
    values
}

fn changing_order(builder: &ModelBuilder, expr: &Expr, owner: VarId) -> Diagnostic {
    Diagnostic::warning(code::BAD_ORDER, span_of(expr), "the order may change in the run")
        .with_variable(builder.var(owner).name.clone())
        .with_hint("what it is at the start counts for all of the run")
}

fn set_order(kind: &mut StateKind, value: u32) {
    match kind {
        StateKind::Smooth { order }
        | StateKind::Delay { order }
        | StateKind::ShortenedSmooth { order }
        | StateKind::ShortenedDelay { order } => *order = value,
        StateKind::Integral
        | StateKind::Trend
        | StateKind::Forecast
        | StateKind::Pipeline
        | StateKind::History
        | StateKind::Return
        | StateKind::Previous
        | StateKind::Init
        | StateKind::Frozen
        | StateKind::Vector
        | StateKind::Transport(_) => {}
    }
}

fn bad_order(builder: &ModelBuilder, expr: &Expr, order: Option<f64>, owner: VarId) -> Diagnostic {
    let message = match order {
        Some(order) => format!("the order is {order}, but must be from 1 to {MAX_ORDER}"),
        None => "the order must be known before the run".to_owned(),
    };
    Diagnostic::error(code::BAD_ORDER, span_of(expr), message)
        .with_variable(builder.var(owner).name.clone())
        .with_hint("write a number, or a variable that is computed from constants alone")
}

fn too_many_levels(builder: &ModelBuilder, expr: &Expr, owner: VarId, [functions, delay]: [&str; 2]) -> Diagnostic {
    let message = format!("the orders of all {functions} together are more than {MAX_LEVELS}");
    Diagnostic::error(code::BAD_ORDER, span_of(expr), message)
        .with_variable(builder.var(owner).name.clone())
        .with_label("this one goes beyond the limit")
        .with_hint(format!("{delay} needs no levels, whatever its length"))
}

fn span_of(expr: &Expr) -> Span {
    expr.nodes.iter().map(|node| node.span).reduce(|a, b| a.to(b)).unwrap_or_default()
}

/// Turns constants into formulas, those among the given variables and those on which these depend.
fn fix_constants(builder: &mut ModelBuilder, mut pending: Vec<VarId>) {
    let mut seen = vec![false; builder.n_vars()];
    while let Some(id) = pending.pop() {
        if std::mem::replace(&mut seen[id.0 as usize], true) {
            continue;
        }
        match &builder.var(id).def {
            Def::Constant(_) => builder.make_formula(id),
            Def::Formula(clauses) | Def::Stock { init: clauses, .. } => {
                let exprs = clauses.iter().flat_map(|clause| std::iter::once(&clause.expr).chain(&clause.start));
                pending.extend(exprs.flat_map(vars_of));
            }
            Def::Lookup(_) => {}
        }
    }
}
