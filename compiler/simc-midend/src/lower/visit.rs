//! Walks over expressions, into the bodies of reducers as well.

use simc_model::model::{Clause, Def, Expr, ExprKind, Extent, Model, State, StateKind, Transport, Var};

/// Calls `each` with every node of an expression and of the reducers inside, and with the extents of these, outermost first.
pub(super) fn visit<'a>(expr: &'a Expr, mut each: impl FnMut(&'a ExprKind, &[Extent])) {
    let mut work: Vec<(&Expr, Vec<Extent>)> = vec![(expr, Vec::new())];
    while let Some((expr, around)) = work.pop() {
        for node in &expr.nodes {
            each(&node.kind, &around);
            if let ExprKind::Reduce(reduce) = &node.kind {
                let inside = around.iter().chain(&reduce.extents).copied().collect();
                work.push((&reduce.body, inside));
            }
        }
    }
}

/// All expressions of a variable.
pub(super) fn exprs(var: &Var) -> impl Iterator<Item = &Expr> {
    clauses(var).flat_map(|clause| std::iter::once(&clause.expr).chain(&clause.start))
}

/// All clauses of a variable.
pub(super) fn clauses(var: &Var) -> impl Iterator<Item = &Clause> {
    let (first, second): (&[Clause], &[Clause]) = match &var.def {
        Def::Stock { init, net } => (init, net),
        Def::Formula(clauses) => (clauses, &[]),
        Def::Constant(_) | Def::Lookup(_) => (&[], &[]),
    };
    first.iter().chain(second)
}

/// All arguments of a state.
pub(super) fn args<'a>(model: &'a Model, state: &'a State) -> impl Iterator<Item = &'a Expr> {
    let own = [Some(&state.input), state.time.as_ref(), state.init.as_ref(), state.horizon.as_ref()];
    let transport = if let StateKind::Transport(id) = state.kind { Some(model.transport(id)) } else { None };
    own.into_iter().flatten().chain(transport.into_iter().flat_map(Transport::exprs))
}
