use super::*;
use crate::model::Method;

/// An operation on numbers.
fn expr(kind: ExprKind, operands: &[f64]) -> Expr {
    let mut expr = Expr::default();
    for &operand in operands {
        expr.push(ExprKind::Number(operand), crate::source::Span::default());
    }
    expr.push(kind, crate::source::Span::default());
    expr
}

fn call(function: PureFn, operands: &[f64]) -> Expr {
    let args = (0..).map(NodeId).take(operands.len()).collect();
    expr(ExprKind::Call(function, args), operands)
}

fn binary(op: BinaryOp, a: f64, b: f64) -> Expr {
    expr(ExprKind::Binary(op, NodeId(0), NodeId(1)), &[a, b])
}

/// From 10 on, in steps of 2.
fn at_start(expr: &Expr) -> Option<f64> {
    let time = TimeSpec {
        start: 10.0,
        stop: 20.0,
        dt: 2.0,
        n_steps: 5,
        save_every: 1,
        n_rows: 6,
        method: Method::Euler,
        units: None,
    };
    eval_at_start(expr, |var| (var == VarId(7)).then_some(3.0), &time)
}

#[test]
fn arithmetic_is_known_before_the_run() {
    let cases = [
        (BinaryOp::Add, 7.0, 2.0, 9.0),
        (BinaryOp::Sub, 7.0, 2.0, 5.0),
        (BinaryOp::Mul, 7.0, 2.0, 14.0),
        (BinaryOp::Div, 7.0, 2.0, 3.5),
        (BinaryOp::SafeDiv, 7.0, 0.0, 0.0),
    ];
    for (op, a, b, result) in cases {
        let expr = binary(op, a, b);
        let known = fold_arithmetic(op, a, b);
        assert_eq!((eval_constant(&expr, |_| None), at_start(&expr)), (known, known), "{op:?}");
        if let Some(known) = known {
            assert_eq!(known, result, "{op:?}");
        }
    }
    for (function, operands, result) in [
        (PureFn::Int, &[2.5][..], 2.0),
        (PureFn::Max, &[2.0, 3.0], 3.0),
        (PureFn::Max, &[3.0, 2.0], 3.0),
        (PureFn::Min, &[2.0, 3.0], 2.0),
        (PureFn::Min, &[3.0, 2.0], 2.0),
    ] {
        let expr = call(function, operands);
        assert_eq!((eval_constant(&expr, |_| None), at_start(&expr)), (Some(result), Some(result)), "{function:?}");
    }
    let negative = expr(ExprKind::Unary(UnaryOp::Neg, NodeId(0)), &[4.0]);
    assert_eq!((eval_constant(&negative, |_| None), at_start(&negative)), (Some(-4.0), Some(-4.0)));
    assert_eq!(eval_constant(&call(PureFn::Exp, &[1.0]), |_| None), None);
}

#[test]
fn comparisons_are_known_at_the_start() {
    let of = |op| [(1.0, 2.0), (2.0, 2.0), (2.0, 1.0)].map(|(a, b)| at_start(&binary(op, a, b)));
    let truth = |values: [u8; 3]| values.map(|value| Some(f64::from(value)));
    for op in [BinaryOp::Eq, BinaryOp::Ne, BinaryOp::Lt, BinaryOp::Le, BinaryOp::Gt, BinaryOp::Ge] {
        assert_eq!(of(op), [(1.0, 2.0), (2.0, 2.0), (2.0, 1.0)].map(|(a, b)| fold_binary(op, a, b)), "{op:?}");
    }
    for op in [BinaryOp::And, BinaryOp::Or] {
        for (a, b) in [(0.0, 0.0), (0.0, 3.0), (3.0, 0.0), (3.0, 1.0)] {
            assert_eq!(at_start(&binary(op, a, b)), fold_binary(op, a, b), "{op:?} of {a} and {b}");
        }
    }
    assert_eq!(of(BinaryOp::Eq), truth([0, 1, 0]));
    assert_eq!(of(BinaryOp::Ne), truth([1, 0, 1]));
    assert_eq!(of(BinaryOp::Lt), truth([1, 0, 0]));
    assert_eq!(of(BinaryOp::Le), truth([1, 1, 0]));
    assert_eq!(of(BinaryOp::Gt), truth([0, 0, 1]));
    assert_eq!(of(BinaryOp::Ge), truth([0, 1, 1]));
    let of = |op| [(0.0, 0.0), (0.0, 3.0), (3.0, 0.0), (3.0, 1.0)].map(|(a, b)| at_start(&binary(op, a, b)));
    assert_eq!(of(BinaryOp::And), [0.0, 0.0, 0.0, 1.0].map(Some));
    assert_eq!(of(BinaryOp::Or), [0.0, 1.0, 1.0, 1.0].map(Some));
}

#[test]
fn inputs_of_a_run_are_known_at_its_start() {
    let step = |first| at_start(&call(PureFn::Step, &[5.0, first]));
    // It switches within half a step.
    assert_eq!([9.0, 10.0, 10.9, 11.0, 12.0].map(step), [5.0, 5.0, 5.0, 0.0, 0.0].map(Some));
    let ramp = |first| at_start(&call(PureFn::Ramp, &[5.0, first, 30.0]));
    assert_eq!([9.0, 10.0, 11.0].map(ramp), [None, Some(0.0), Some(0.0)]);
    assert_eq!(at_start(&call(PureFn::StepTime, &[])), Some(10.0));
    assert_eq!(at_start(&expr(ExprKind::Time, &[])), Some(10.0));
    assert_eq!(at_start(&expr(ExprKind::Var(VarId(7), Vec::new()), &[])), Some(3.0));
    assert_eq!(at_start(&expr(ExprKind::Var(VarId(8), Vec::new()), &[])), None);
    assert_eq!(at_start(&call(PureFn::Pulse, &[1.0, 2.0, 3.0])), None);
}
