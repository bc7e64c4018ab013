use super::*;
use crate::model::DimId;
use crate::source::Span;

/// Variable 7 has numbers that are known: 10 times its positions, counted from 0. All dimensions have 5 elements.
fn outside() -> Outside<'static> {
    Outside {
        len: &|_, _| 5,
        number: &|var, at| {
            let flat = at.iter().fold(0, |flat, at| flat * 5 + at);
            (var == VarId(7)).then(|| f64::from(flat) * 10.0)
        },
        invalid_index: -99.0,
    }
}

fn expr(kinds: Vec<ExprKind>) -> Expr {
    let mut expr = Expr::default();
    kinds.into_iter().for_each(|kind| _ = expr.push(kind, Span::default()));
    expr
}

fn extent(start: u32, len: u32) -> Extent {
    Extent { dim: DimId(0), start, len }
}

fn number(value: f64) -> ExprKind {
    ExprKind::Number(value)
}

fn binary(op: BinaryOp, a: u32, b: u32) -> ExprKind {
    ExprKind::Binary(op, NodeId(a), NodeId(b))
}

fn choice(cond: u32, then: u32, otherwise: u32) -> ExprKind {
    ExprKind::If { cond: NodeId(cond), then: NodeId(then), otherwise: NodeId(otherwise) }
}

/// The element of a variable that a node computes.
fn at(var: u32, node: u32) -> ExprKind {
    ExprKind::Var(VarId(var), vec![Index::Computed(NodeId(node))])
}

fn position(base: Base, offset: i64) -> ExprKind {
    ExprKind::Position(Index::Moving { base, offset })
}

/// What is made of an expression in loops, whether something was, and whose numbers have told.
fn fixed(kinds: Vec<ExprKind>, loops: &[Extent]) -> (Vec<String>, bool, Vec<u32>) {
    let (mut expr, mut used) = (expr(kinds), Vec::new());
    let is_any = fix(&mut expr, 0, loops, &outside(), &mut used);
    (shown(&expr), is_any, used.into_iter().map(|var| var.0).collect())
}

fn shown(expr: &Expr) -> Vec<String> {
    expr.nodes.iter().map(|node| format!("{:?}", node.kind)).collect()
}

/// The last node of [`fixed`].
fn last(kinds: Vec<ExprKind>, loops: &[Extent]) -> String {
    fixed(kinds, loops).0.pop().expect("a node")
}

fn read_fixed(var: u32, at: u32) -> String {
    format!("{:?}", ExprKind::Var(VarId(var), vec![Index::Fixed(at)]))
}

#[test]
fn a_computed_subscript_is_the_element_that_it_names() {
    let of = |value: f64| last(vec![number(value), at(1, 0)], &[]);
    assert_eq!([1.0, 1.9, 5.0, 5.9].map(of), [0, 0, 4, 4].map(|place| read_fixed(1, place)));
    let none = format!("{:?}", number(-99.0));
    for value in [0.0, 0.9, 6.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(of(value), none, "{value}");
    }
    // What is not known stays; so does what needs no computation.
    let unknown = vec![ExprKind::Time, at(1, 0)];
    assert_eq!(fixed(unknown.clone(), &[]), (shown(&expr(unknown)), false, vec![]));
    let plain = vec![ExprKind::Var(VarId(1), vec![Index::Fixed(3)])];
    assert_eq!(fixed(plain.clone(), &[]), (shown(&expr(plain)), false, vec![]));
}

#[test]
fn a_loop_with_one_position_is_known() {
    let of = |extent: Extent| last(vec![position(Base::Loop(0), 1), at(1, 0)], &[extent]);
    assert_eq!(of(extent(2, 1)), read_fixed(1, 3));
    let open = vec![position(Base::Loop(0), 1), at(1, 0)];
    assert_eq!(fixed(open.clone(), &[extent(2, 2)]).0, shown(&expr(open.clone())));
    assert_eq!(fixed(open.clone(), &[]).0, shown(&expr(open)));
    let bound = vec![position(Base::Bound(0), 0), at(1, 0)];
    assert_eq!(fixed(bound.clone(), &[extent(2, 1)]).0, shown(&expr(bound)));
    assert_eq!(last(vec![ExprKind::Position(Index::Fixed(2)), at(1, 0)], &[]), read_fixed(1, 2));
}

#[test]
fn numbers_of_variables_tell_elements_and_are_noted() {
    let of = |var: u32, index: Index| {
        fixed(vec![ExprKind::Var(VarId(var), vec![index]), number(8.0), binary(BinaryOp::Sub, 0, 1), at(1, 2)], &[])
    };
    let (nodes, is_any, used) = of(7, Index::Fixed(1));
    assert_eq!((nodes[3].as_str(), is_any, used), (read_fixed(1, 1).as_str(), true, vec![7]));
    assert_eq!((of(6, Index::Fixed(1)).1, of(6, Index::Fixed(1)).2), (false, vec![]));
    let moving = Index::Moving { base: Base::Loop(0), offset: -1 };
    let kinds = vec![ExprKind::Var(VarId(7), vec![moving]), number(8.0), binary(BinaryOp::Sub, 0, 1), at(1, 2)];
    assert_eq!(last(kinds, &[extent(2, 1)]), read_fixed(1, 1));
}

#[test]
fn what_is_computed_of_numbers_is_known() {
    let call = |function, args: &[u32]| ExprKind::Call(function, args.iter().copied().map(NodeId).collect());
    let of = |kind: ExprKind| last(vec![number(2.5), number(4.0), kind, at(1, 2)], &[]);
    for (kind, place) in [
        (binary(BinaryOp::Sub, 1, 0), 0),
        (call(PureFn::Int, &[1]), 3),
        (call(PureFn::Max, &[0, 1]), 3),
        (call(PureFn::Min, &[0, 1]), 1),
        (choice(0, 1, 0), 3),
        (ExprKind::Unary(UnaryOp::Neg, NodeId(0)), 9),
        (ExprKind::Unary(UnaryOp::Not, NodeId(0)), 9),
    ] {
        let wanted = if place == 9 { format!("{:?}", number(-99.0)) } else { read_fixed(1, place) };
        assert_eq!(of(kind.clone()), wanted, "{kind:?}");
    }
    for unknown in [call(PureFn::Max, &[0]), call(PureFn::Exp, &[0]), ExprKind::Time] {
        assert_eq!(of(unknown), format!("{:?}", at(1, 2)));
    }
    let negated = vec![number(0.0), ExprKind::Unary(UnaryOp::Not, NodeId(0)), at(1, 1)];
    assert_eq!(last(negated, &[]), read_fixed(1, 0));
}

#[test]
fn a_branch_that_is_never_taken_reads_nothing() {
    let read = |var: u32| ExprKind::Var(VarId(var), Vec::new());
    let of = |cond: ExprKind| fixed(vec![cond, read(1), read(2), choice(0, 1, 2)], &[]);
    let (then, otherwise) = (format!("{:?}", read(1)), format!("{:?}", read(2)));
    let none = format!("{:?}", number(0.0));
    let (yes, no, open) = (of(number(3.0)), of(number(0.0)), of(ExprKind::Time));
    assert_eq!((&yes.0[1], &yes.0[2], yes.1), (&then, &none, true));
    assert_eq!((&no.0[1], &no.0[2], no.1), (&none, &otherwise, true));
    assert_eq!((&open.0[1], &open.0[2], open.1), (&then, &otherwise, false));
    // A constant that a host sets does not decide; a branch that is also used elsewhere stays.
    assert!(!fixed(vec![ExprKind::Var(VarId(7), vec![Index::Fixed(1)]), read(1), read(2), choice(0, 1, 2)], &[]).1);
    assert!(!fixed(vec![number(1.0), read(1), choice(0, 1, 1)], &[]).1);
    let twice = vec![number(1.0), read(1), read(2), choice(0, 1, 2), binary(BinaryOp::Add, 3, 2)];
    assert!(!fixed(twice, &[]).1);
}

/// A sum, or another reducer, over five positions of `IF first <= i AND i <= last THEN x ELSE neutral`.
fn limited(op: ReduceOp, first: f64, last: f64, neutral: f64) -> ExprKind {
    let body = expr(vec![
        position(Base::Bound(0), 0),
        number(first),
        binary(BinaryOp::Le, 1, 0),
        number(last),
        binary(BinaryOp::Le, 0, 3),
        binary(BinaryOp::And, 2, 4),
        ExprKind::Var(VarId(1), vec![Index::Moving { base: Base::Bound(0), offset: 0 }]),
        number(neutral),
        choice(5, 6, 7),
    ]);
    ExprKind::Reduce(Box::new(Reduce { op, extents: vec![extent(0, 5)], body }))
}

/// What a reducer runs over then, or the number that stands for it.
fn narrowed(kind: ExprKind) -> Result<(u32, u32), f64> {
    let (mut expr, mut used) = (expr(vec![kind]), Vec::new());
    fix(&mut expr, 0, &[], &outside(), &mut used);
    let reduce = expr.nodes[0].kind.reduce().map(|reduce| (reduce.extents[0].start, reduce.extents[0].len));
    reduce.ok_or_else(|| expr.as_number().expect("a number stands for it"))
}

#[test]
fn a_range_with_known_ends_is_narrowed_to_them() {
    let sum = |first: f64, last: f64| narrowed(limited(ReduceOp::Sum, first, last, 0.0));
    assert_eq!(sum(2.0, 4.0), Ok((1, 3)));
    assert_eq!(sum(1.5, 4.9), Ok((1, 3)));
    assert_eq!(sum(-7.0, 70.0), Ok((0, 5)));
    assert_eq!(sum(5.0, 5.0), Ok((4, 1)));
    for (first, last) in [(3.0, 2.0), (5.1, 9.0), (-3.0, 0.9), (f64::NAN, 3.0), (1.0, f64::NAN)] {
        assert_eq!(sum(first, last), Err(0.0), "{first} to {last}");
    }
    let none = |op, neutral| narrowed(limited(op, 3.0, 2.0, neutral));
    assert_eq!(none(ReduceOp::Product, 1.0), Err(1.0));
    assert_eq!(none(ReduceOp::Min, f64::INFINITY), Err(f64::INFINITY));
    assert_eq!(none(ReduceOp::Max, f64::NEG_INFINITY), Err(f64::NEG_INFINITY));
    // What is outside has to change nothing.
    assert_eq!(none(ReduceOp::Mean, 0.0), Ok((0, 5)));
    assert_eq!(none(ReduceOp::Sum, 1.0), Ok((0, 5)));
    assert_eq!(none(ReduceOp::Sum, -0.0), Ok((0, 5)));
}

#[test]
fn positions_are_cut_at_numbers_between_them() {
    let last = [0.0, 1.0, 2.9, 9.0].map(|number| cut((1, 4), number, true));
    assert_eq!(last, [(1, 1), (1, 1), (1, 2), (1, 4)]);
    let first = [0.0, 2.0, 2.1, 4.0, 9.0].map(|number| cut((1, 4), number, false));
    assert_eq!(first, [(1, 4), (1, 4), (2, 4), (3, 4), (4, 4)]);
    assert_eq!([true, false].map(|is_last| cut((1, 4), f64::NAN, is_last)), [(1, 1); 2]);
    let along = |n, offset, depth| position_along(&position(Base::Bound(n), offset), depth);
    assert_eq!([along(2, 3, 0), along(2, 3, 2), along(2, 3, 3)], [Some((2, 3)), Some((0, 3)), None]);
    assert_eq!(position_along(&position(Base::Loop(2), 3), 0), None);
}
