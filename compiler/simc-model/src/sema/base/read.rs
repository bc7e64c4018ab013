//! What an expression mentions, and which elements that may be.

use crate::model::{Base, Clause, Expr, ExprKind, Extent, Index, StateId, VarId};
use crate::sema::base::region_index::Side;
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
    expr.visit(bounds, &mut |node, bounds| {
        if let ExprKind::Var(id, indices) = &node.kind {
            see(Mention::Var(*id, indices), node.span, bounds);
        } else if let Some(state) = node.kind.state() {
            let asked = if let ExprKind::Transport(read) = &node.kind { Some(read.indices.as_slice()) } else { None };
            see(Mention::State(state, asked), node.span, bounds);
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

/// The loops and reducers around a read.
#[derive(Clone, Copy, Debug)]
pub(in crate::sema) struct Reader<'r> {
    /// The loops.
    pub(in crate::sema) loops: &'r [Extent],
    /// What the reducers run over.
    pub(in crate::sema) bounds: &'r [Extent],
}

impl Reader<'_> {
    /// The elements that subscripts may name.
    pub(in crate::sema) fn sides_of(&self, indices: &[Index]) -> Vec<Side> {
        let side = |index: &Index| match *index {
            Index::Fixed(at) => Some((i64::from(at), i64::from(at) + 1)),
            Index::Moving { base, offset } => {
                let extent = match base {
                    Base::Loop(n) => self.loops.get(n as usize),
                    Base::Bound(n) => self.bounds.get(n as usize),
                }?;
                let start = i64::from(extent.start) + offset;
                Some((start, start + i64::from(extent.len)))
            }
            Index::Computed(_) => None,
        };
        indices.iter().map(side).collect()
    }
}
