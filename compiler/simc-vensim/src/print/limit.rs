//! Stocks that keep themselves from falling below 0, written into the equations of their outflows.
//!
//! Each outflow takes, in the order of the stock's list, no more than is there:
//! `MIN(equation, S/TIME STEP + inflows - earlier outflows)`. Where an inflow depends on an outflow of
//! the same stock within a step, stocks share out otherwise, and no equation says it.

use std::collections::{HashMap, HashSet};

use simc_model::definition::scope::{Scope, are_same};
use simc_model::definition::{Behavior, DefKind, EquationKind, ModelDef, VarDef};
use simc_model::name::Key;

use super::clause::equations;

/// Flows of one stock whose limits are written out, at most.
const MAX_FLOWS: usize = 8;

/// The stocks that limit outflows.
#[derive(Default)]
pub(super) struct Limits<'d> {
    /// By the name of the flow: the stock, and the position among its outflows.
    of_flow: HashMap<Key, (&'d VarDef, usize)>,
    /// Stocks whose limits no equation says, by their names.
    unwritable: HashSet<Key>,
}

impl<'d> Limits<'d> {
    /// The limits of a model.
    pub(super) fn new(scope: &Scope<'d>, model: &'d ModelDef, behavior: Behavior) -> Self {
        let mut limits = Self::default();
        let is_limited = |var: &VarDef| var.non_negative.or(behavior.non_negative_stocks) == Some(true);
        let stocks: Vec<&VarDef> = model
            .vars
            .iter()
            .filter(|var| var.kind == DefKind::Stock && var.transport.is_none() && !var.outflows.is_empty())
            .filter(|var| is_limited(var) || var.elements.iter().any(|element| element.non_negative == Some(true)))
            .collect();
        if stocks.is_empty() {
            return limits;
        }
        let graph = dependencies(scope, model, &stocks);
        for &stock in &stocks {
            let flows: Option<Vec<&VarDef>> =
                stock.inflows.iter().chain(&stock.outflows).map(|flow| scope.var(&flow.text)).collect();
            let fits = flows.is_some_and(|flows| {
                let of_flows = flows.iter().all(|flow| are_same(&flow.dims, &stock.dims) && flow.multiplier.is_none());
                of_flows && flows.len() <= MAX_FLOWS
            });
            let has_own = stock.elements.iter().any(|element| element.non_negative.is_some());
            let is_ring = || {
                let outflows: HashSet<Key> = stock.outflows.iter().map(|flow| Key::new(&flow.text)).collect();
                let reads = |key: &Key| graph.get(key).into_iter().flatten();
                let is_cycle = |key: &Key| {
                    let own = HashSet::from([key.clone()]);
                    reads(key).any(|read| reaches(&graph, read, &own))
                };
                stock.inflows.iter().any(|flow| reaches(&graph, &Key::new(&flow.text), &outflows))
                    || outflows.iter().any(is_cycle)
            };
            if !fits || has_own || is_ring() {
                limits.unwritable.insert(Key::new(&stock.name.text));
            }
            for (at, flow) in stock.outflows.iter().enumerate() {
                limits.of_flow.insert(Key::new(&flow.text), (stock, at));
            }
        }
        limits
    }

    /// Whether no equation says the limit of a stock.
    pub(super) fn is_unwritable(&self, stock: &VarDef) -> bool {
        self.unwritable.contains(&Key::new(&stock.name.text))
    }

    /// The stock that limits a flow, and the flow's position among its outflows.
    pub(super) fn of(&self, flow: &VarDef) -> Option<(&'d VarDef, usize)> {
        self.of_flow.get(&Key::new(&flow.name.text)).copied()
    }
}

/// What each variable may depend on within a step: more than it does, never less.
fn dependencies(scope: &Scope<'_>, model: &ModelDef, stocks: &[&VarDef]) -> HashMap<Key, HashSet<Key>> {
    let mut graph: HashMap<Key, HashSet<Key>> = HashMap::new();
    for var in model.vars.iter().filter(|var| var.kind != DefKind::Stock) {
        let reads = graph.entry(Key::new(&var.name.text)).or_default();
        for node in equations(var).flat_map(|equation| &equation.nodes) {
            if let EquationKind::Reference(path, _) | EquationKind::Call(path, _) = &node.kind
                && let Some(read) = scope.var_of(path)
                && read.kind != DefKind::Stock
            {
                reads.insert(Key::new(&read.name.text));
            }
        }
    }
    for stock in stocks {
        for (at, flow) in stock.outflows.iter().enumerate() {
            let reads = graph.entry(Key::new(&flow.text)).or_default();
            reads.extend(stock.inflows.iter().chain(&stock.outflows[..at]).map(|other| Key::new(&other.text)));
        }
    }
    graph
}

/// Whether a variable leads to one of several.
fn reaches(graph: &HashMap<Key, HashSet<Key>>, from: &Key, to: &HashSet<Key>) -> bool {
    let mut seen: HashSet<&Key> = HashSet::new();
    let mut pending: Vec<&Key> = vec![from];
    while let Some(key) = pending.pop() {
        if to.contains(key) {
            return true;
        }
        if seen.insert(key) {
            pending.extend(graph.get(key).into_iter().flatten());
        }
    }
    false
}
