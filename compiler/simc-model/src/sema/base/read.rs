//! What an expression mentions, and which elements that may be.

use crate::model::{Clause, Expr, ExprKind, ExprNode, Extent, Index, StateId, VarId};
use crate::source::Span;

/// A value that an expression needs.
#[derive(Clone, Copy, Debug)]
pub(in crate::sema) enum Mention<'e> {
    /// A variable with its subscripts.
    Var(VarId, &'e [Index]),
    /// A stateful call, a transport, or a vector function; with the subscripts with which a transport is asked.
    State(StateId, Option<&'e [Index]>),
}

/// Calls `see` with every mention in an expression, its place, and the extents of the reducers around it.
pub(in crate::sema) fn visit<'e>(expr: &'e Expr, bounds: &[Extent], see: &mut dyn FnMut(Mention<'e>, Span, &[Extent])) {
    visit_with_nodes(expr, bounds, &mut |mention, span, bounds, _| see(mention, span, bounds));
}

/// What looks at mentions: each with its place, the extents of the reducers around it, and the nodes of the expression that it is in.
pub(in crate::sema) type SeeWithNodes<'s, 'e> = dyn FnMut(Mention<'e>, Span, &[Extent], &'e [ExprNode]) + 's;

/// The same, with the nodes among which computed subscripts are: of a reducer those of its body.
pub(in crate::sema) fn visit_with_nodes<'e>(expr: &'e Expr, bounds: &[Extent], see: &mut SeeWithNodes<'_, 'e>) {
    expr.visit_with_nodes(bounds, &mut |node, bounds, nodes| {
        if let ExprKind::Var(id, indices) = &node.kind {
            see(Mention::Var(*id, indices), node.span, bounds, nodes);
        } else if let Some(state) = node.kind.state() {
            let asked = if let ExprKind::Transport(read) = &node.kind { Some(read.indices.as_slice()) } else { None };
            see(Mention::State(state, asked), node.span, bounds, nodes);
        }
    });
}

/// Variables that an expression reads itself, not within reducers.
pub(in crate::sema) fn vars_of(expr: &Expr) -> impl Iterator<Item = VarId> {
    expr.nodes.iter().filter_map(|node| if let ExprKind::Var(var, _) = node.kind { Some(var) } else { None })
}

/// Lets both equations of a clause read another variable in the place of one.
pub(in crate::sema) fn rename(clause: &mut Clause, from: VarId, to: VarId) {
    std::iter::once(&mut clause.expr).chain(&mut clause.start).for_each(|expr| rename_in(expr, from, to));
}

/// Lets an expression read another variable in the place of one.
pub(in crate::sema) fn rename_in(expr: &mut Expr, from: VarId, to: VarId) {
    for node in &mut expr.nodes {
        match &mut node.kind {
            ExprKind::Var(var, _) if *var == from => *var = to,
            ExprKind::Reduce(reduce) => rename_in(&mut reduce.body, from, to),
            ExprKind::Var(..)
            | ExprKind::Number(_)
            | ExprKind::Time
            | ExprKind::Transport(_)
            | ExprKind::Vector(_)
            | ExprKind::Arrange(..)
            | ExprKind::State(_)
            | ExprKind::Position(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::If { .. }
            | ExprKind::Call(..)
            | ExprKind::Lookup(..) => {}
        }
    }
}
