use super::*;
use crate::model::{Base, BinaryOp, DimId, PureFn, ReduceOp, TableId, VarId, VectorRead};
use crate::source::Span;

/// `x[n + 1] + SUM(y[i])` with `n` computed.
fn sample() -> Expr {
    let mut body = Expr::default();
    let at = Index::Moving { base: Base::Bound(0), offset: 0 };
    body.push(ExprKind::Var(VarId(2), vec![at]), Span::default());
    let extents = vec![Extent { dim: DimId(0), start: 0, len: 3 }];
    let mut expr = Expr::default();
    let mut push = |kind: ExprKind| expr.push(kind, Span::default());
    let number = push(ExprKind::Number(1.0));
    let read = push(ExprKind::Var(VarId(1), vec![Index::Computed(number)]));
    let sum = push(ExprKind::Reduce(Box::new(Reduce { op: ReduceOp::Sum, extents, body })));
    push(ExprKind::Binary(BinaryOp::Add, read, sum));
    expr
}

#[test]
fn a_visit_enters_reducers_and_knows_what_they_run_over() {
    let mut seen = Vec::new();
    sample().visit(&[], &mut |node, bounds| {
        if let ExprKind::Var(var, _) = node.kind {
            seen.push((var.0, bounds.len()));
        }
    });
    assert_eq!(seen, [(1, 0), (2, 1)]);
}

#[test]
fn an_edit_enters_reducers() {
    let mut expr = sample();
    expr.edit(&mut |node| {
        if let ExprKind::Var(var, _) = &mut node.kind {
            var.0 += 10;
        }
    });
    let mut seen = Vec::new();
    expr.visit(&[], &mut |node, _| {
        if let ExprKind::Var(var, _) = node.kind {
            seen.push(var.0);
        }
    });
    assert_eq!(seen, [11, 12]);
}

#[test]
fn operands_are_those_of_subscripts_too_and_an_edit_meets_the_same_ones() {
    let (a, b, c) = (NodeId(3), NodeId(5), NodeId(7));
    let read = VectorRead { state: StateId(0), indices: Vec::new(), element: vec![Index::Computed(a)] };
    let each = TableRef::Each { tables: vec![TableId(0)], shape: vec![1], indices: vec![Index::Fixed(0)] };
    for (mut kind, wanted) in [
        (ExprKind::Var(VarId(0), vec![Index::Computed(a), Index::Fixed(1), Index::Computed(b)]), vec![a, b]),
        (ExprKind::If { cond: a, then: b, otherwise: c }, vec![a, b, c]),
        (ExprKind::Call(PureFn::Max, vec![a, b]), vec![a, b]),
        (ExprKind::Vector(Box::new(read)), vec![a]),
        (ExprKind::Lookup(each, c), vec![c]),
        (ExprKind::Position(Index::Computed(a)), vec![a]),
        (ExprKind::Time, vec![]),
    ] {
        assert_eq!(kind.operands(), wanted, "{kind:?}");
        let mut met = Vec::new();
        kind.edit_operands(&mut |operand| {
            met.push(*operand);
            operand.0 += 1;
        });
        assert_eq!(met, wanted, "{kind:?}");
        let moved: Vec<NodeId> = wanted.iter().map(|id| NodeId(id.0 + 1)).collect();
        assert_eq!(kind.operands(), moved, "{kind:?}");
    }
}

#[test]
fn a_definition_lists_initial_values_rates_and_what_holds_at_the_start() {
    let number = |value: f64| Expr::number(value, Span::default());
    let init = Clause { start: Some(number(2.0)), ..Clause::scalar(number(1.0)) };
    let mut def = Def::Stock { init: vec![init], net: vec![Clause::scalar(number(3.0))] };
    let values: Vec<Option<f64>> = def.exprs().map(Expr::as_number).collect();
    assert_eq!(values, [Some(1.0), Some(2.0), Some(3.0)]);
    assert_eq!(def.exprs_mut().count(), 3);
}
