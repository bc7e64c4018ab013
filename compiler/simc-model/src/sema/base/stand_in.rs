//! What is in the place of an expression that is not there: of an equation that was refused, or that is written later. No result
//! depends on it.

use crate::model::{Expr, ExprKind};
use crate::source::Span;

/// A part of an equation that was refused.
pub(in crate::sema) const STAND_IN: ExprKind = ExprKind::Number(0.0);

/// An equation that was refused, that is written later, or whose value nobody reads.
pub(in crate::sema) fn stand_in(span: Span) -> Expr {
    let mut expr = Expr::default();
    expr.push(STAND_IN, span);
    expr
}
