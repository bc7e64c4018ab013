//! Arrays, run: what each construct gives, by hand.

use simc_model::model::{
    BinaryOp, Clause, DimId, Expr, ExprKind, Extent, Index, Method, Node, ReduceOp, StateKind, TableKind, TableRef,
    VarId,
};

use crate::Instance;
use crate::sample::{
    Args, Sample, binary, bound, element, element_at, here, here_and, leaf, lookup, lookup_in, number, reduce, time,
    var,
};

/// All elements of a variable in each row of a run to the end.
fn rows(sample: &Sample, var: VarId, count: usize) -> Vec<Vec<f64>> {
    let mut instance = Instance::new(sample.model(), 1 << 20).expect("a sample is small");
    instance.run();
    let first = instance.column(var).expect("it is no table");
    (0..instance.saved_steps()).map(|row| instance.row(row)[first..][..count].to_vec()).collect()
}

/// All elements of a variable at the start.
fn first<const N: usize>(sample: &Sample, var: VarId) -> [f64; N] {
    rows(sample, var, N)[0].as_slice().try_into().expect("as many as were asked for")
}

fn start() -> Sample {
    Sample::new(0.0, 0.0, 1.0)
}

fn add(a: Expr, b: Expr) -> Expr {
    binary(BinaryOp::Add, a, b)
}

fn mul(a: Expr, b: Expr) -> Expr {
    binary(BinaryOp::Mul, a, b)
}

/// The position in a dimension of the variable that is computed, as a number.
fn position(n: u32) -> Expr {
    leaf(ExprKind::Position(here(n)))
}

fn part(dim: DimId, start: u32, len: u32) -> Extent {
    Extent { dim, start, len }
}

#[test]
fn elements_lie_row_major_behind_what_comes_before() {
    let mut sample = start();
    let (rows_dim, columns_dim) = (sample.dim(2), sample.dim(3));
    sample.constant("before", 9.0);
    let a = sample.aux_for_all("a", &[rows_dim, columns_dim], add(mul(number(10.0), position(0)), position(1)));
    let table = sample.lookup_var("table");
    let b = sample.constant("b", 7.0);
    assert_eq!(first(&sample, a), [11.0, 12.0, 13.0, 21.0, 22.0, 23.0]);
    let instance = Instance::new(sample.model(), 1 << 20).expect("a sample is small");
    assert_eq!([a, table, b].map(|var| instance.column(var)), [Some(5), None, Some(11)]);
    assert_eq!(instance.width(), 12);
}

#[test]
fn clauses_cover_their_boxes() {
    let mut sample = start();
    let (r, c) = (sample.dim(2), sample.dim(3));
    let clause = |rows, columns, expr| Clause::new(vec![rows, columns], expr);
    let clauses = vec![
        clause(part(r, 0, 2), part(c, 1, 2), add(mul(number(10.0), position(0)), position(1))),
        clause(part(r, 1, 1), part(c, 0, 1), number(-1.0)),
        clause(part(r, 0, 1), part(c, 0, 1), number(-2.0)),
    ];
    let a = sample.aux_of("a", &[r, c], clauses);
    assert_eq!(first(&sample, a), [-2.0, 12.0, 13.0, -1.0, 22.0, 23.0]);
}

#[test]
fn reads_choose_fixed_and_moved_elements_and_transpose() {
    let mut sample = start();
    let (r, c) = (sample.dim(2), sample.dim(2));
    let a = sample.constants("a", &[r, c], &[1.0, 2.0, 3.0, 4.0]);
    let transposed = sample.aux_for_all("transposed", &[c, r], element(a, &[here(1), here(0)]));
    let diagonal = sample.aux_for_all("diagonal", &[r], element(a, &[here(0), here(0)]));
    let second = sample.aux_for_all("second row", &[c], element(a, &[Index::Fixed(1), here(0)]));
    let region = vec![part(r, 1, 1), part(c, 0, 2)];
    let above = Clause::new(region, element(a, &[here_and(0, -1), here(1)]));
    let none = Clause::new(vec![part(r, 0, 1), part(c, 0, 2)], number(0.0));
    let above = sample.aux_of("above", &[r, c], vec![none, above]);
    assert_eq!(first(&sample, transposed), [1.0, 3.0, 2.0, 4.0]);
    assert_eq!(first(&sample, diagonal), [1.0, 4.0]);
    assert_eq!(first(&sample, second), [3.0, 4.0]);
    assert_eq!(first(&sample, above), [0.0, 0.0, 1.0, 2.0]);
}

/// `a[x]` and `b[x, 2]` of a = (10, 20, 30) and a 2 by 2 matrix, for some x.
fn computed(sample: Sample, x: f64) -> [f64; 2] {
    let mut sample = sample;
    let (three, two) = (sample.dim(3), sample.dim(2));
    let a = sample.constants("a", &[three], &[10.0, 20.0, 30.0]);
    let b = sample.constants("b", &[two, two], &[1.0, 2.0, 3.0, 4.0]);
    let of_a = sample.aux("of a", element_at(a, vec![number(x)]));
    let of_b = sample.aux("of b", element_at(b, vec![number(x), number(2.0)]));
    [first::<1>(&sample, of_a)[0], first::<1>(&sample, of_b)[0]]
}

#[test]
fn computed_subscripts_count_from_one_and_round_down() {
    assert_eq!(computed(start(), 1.0), [10.0, 2.0]);
    assert_eq!(computed(start(), 1.999), [10.0, 2.0]);
    assert_eq!(computed(start(), 2.0), [20.0, 4.0]);
    assert_eq!(computed(start(), 3.999), [30.0, 0.0]);
}

#[test]
fn subscripts_of_no_element_give_what_the_model_says() {
    for x in [0.0, 0.999, -1.0, 4.0, 1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
        assert_eq!(computed(start(), x), [0.0, 0.0], "a subscript of {x}");
        assert!(computed(start().with_invalid_index(f64::NAN), x).iter().all(|value| value.is_nan()));
    }
}

#[test]
fn reducers_run_over_their_extents_and_see_the_loops_around() {
    let mut sample = start();
    let (r, c) = (sample.dim(2), sample.dim(3));
    let a = sample.constants("a", &[r, c], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let all = reduce(ReduceOp::Sum, sample.whole(&[r, c]), element(a, &[bound(0), bound(1)]));
    let all = sample.aux("all", all);
    let of_rows = reduce(ReduceOp::Sum, sample.whole(&[c]), element(a, &[here(0), bound(0)]));
    let of_rows = sample.aux_for_all("of rows", &[r], of_rows);
    let tail = reduce(ReduceOp::Product, vec![part(c, 1, 2)], element(a, &[Index::Fixed(0), bound(0)]));
    let tail = sample.aux("tail", tail);
    let apart = reduce(ReduceOp::StdDev, sample.whole(&[c]), element(a, &[here(0), bound(0)]));
    let apart = sample.aux_for_all("apart", &[r], apart);
    assert_eq!(first(&sample, all), [21.0]);
    assert_eq!(first(&sample, of_rows), [6.0, 15.0]);
    assert_eq!(first(&sample, tail), [6.0]);
    assert_eq!(first(&sample, apart), [(2.0f64 / 3.0).sqrt(); 2]);
}

#[test]
fn reducers_nest_and_count_their_bounds_from_the_outermost() {
    // MAX over rows of the SUM over columns of a*weight[column]; the rows are bound 0, the columns bound 1.
    let mut sample = start();
    let (r, c) = (sample.dim(2), sample.dim(2));
    let a = sample.constants("a", &[r, c], &[1.0, 2.0, 3.0, -4.0]);
    let weight = sample.constants("weight", &[c], &[10.0, 1.0]);
    let inner = mul(element(a, &[bound(0), bound(1)]), element(weight, &[bound(1)]));
    let inner = reduce(ReduceOp::Sum, sample.whole(&[c]), inner);
    let outer = reduce(ReduceOp::Max, sample.whole(&[r]), add(inner, leaf(ExprKind::Position(bound(0)))));
    let greatest = sample.aux("greatest", outer);
    assert_eq!(first(&sample, greatest), [28.0]);
}

#[test]
fn inner_product_of_two_matrices() {
    let mut sample = start();
    let (r, k, c) = (sample.dim(2), sample.dim(2), sample.dim(2));
    let a = sample.constants("a", &[r, k], &[1.0, 2.0, 3.0, 4.0]);
    let b = sample.constants("b", &[k, c], &[5.0, 6.0, 7.0, 8.0]);
    let term = mul(element(a, &[here(0), bound(0)]), element(b, &[bound(0), here(1)]));
    let product = reduce(ReduceOp::Sum, sample.whole(&[k]), term);
    let product = sample.aux_for_all("product", &[r, c], product);
    assert_eq!(first(&sample, product), [19.0, 22.0, 43.0, 50.0]);
}

#[test]
fn tables_are_chosen_by_element_or_shared() {
    let mut sample = start();
    let (r, c) = (sample.dim(2), sample.dim(2));
    let tables: Vec<_> = (1..=4)
        .map(|slope| sample.table(TableKind::Continuous, &[(0.0, 0.0), (10.0, 10.0 * f64::from(slope))]))
        .collect();
    let shared = lookup(tables[2], position(0));
    let each = TableRef::Each { tables, shape: vec![2, 2], indices: vec![here(1), Index::Fixed(1)] };
    let each = sample.aux_for_all("each", &[r, c], lookup_in(each, position(0)));
    let shared = sample.aux_for_all("shared", &[r], shared);
    // Tables [1, 2] and [2, 2] have slopes 2 and 4.
    assert_eq!(first(&sample, each), [2.0, 4.0, 4.0, 8.0]);
    assert_eq!(first(&sample, shared), [3.0, 6.0]);
}

#[test]
fn clauses_are_evaluated_one_by_one_where_they_stand_in_the_order() {
    // a[1] = 1, b[i] = 2*a[i], a[2] = b[1] + 1: a1, b1, a2, b2.
    let mut sample = start();
    let dim = sample.dim(2);
    let clause = |at, expr| Clause::new(vec![part(dim, at, 1)], expr);
    let (a, b) = (VarId(0), VarId(1));
    let last = add(element(b, &[here_and(0, -1)]), number(1.0));
    sample.aux_of("a", &[dim], vec![clause(0, number(1.0)), clause(1, last)]);
    let double = mul(number(2.0), element(a, &[here(0)]));
    sample.aux_of("b", &[dim], vec![clause(0, double.clone()), clause(1, double)]);
    let order = [Node::Clause(a, 0), Node::Clause(b, 0), Node::Clause(a, 1), Node::Clause(b, 1)];
    sample.set_order(&order, &order);
    assert_eq!(first(&sample, a), [1.0, 3.0]);
    assert_eq!(first(&sample, b), [2.0, 6.0]);
}

#[test]
fn stocks_integrate_each_element_and_read_their_neighbours_before_any_moves() {
    // An ageing chain of three: each passes half of itself on.
    for method in [Method::Euler, Method::Rk2] {
        let mut sample = Sample::new(0.0, 2.0, 1.0).with_method(method);
        let dim = sample.dim(3);
        let stock = VarId(0);
        let out = |index| mul(number(0.5), element(stock, &[index]));
        let rest = binary(BinaryOp::Sub, out(here_and(0, -1)), out(here(0)));
        let first = binary(BinaryOp::Sub, number(0.0), out(here(0)));
        let clause = |start, len, expr| Clause::new(vec![part(dim, start, len)], expr);
        sample.stock_for_all("S", &[dim], mul(number(8.0), position(0)), number(0.0));
        sample.set_nets(stock, vec![clause(1, 2, rest), clause(0, 1, first)]);
        let expected = match method {
            Method::Rk2 | Method::Midpoint => {
                vec![vec![8.0, 16.0, 24.0], vec![5.0, 12.0, 20.0], vec![3.125, 8.75, 16.125]]
            }
            Method::Euler | Method::Rk4 => vec![vec![8.0, 16.0, 24.0], vec![4.0, 12.0, 20.0], vec![2.0, 8.0, 16.0]],
        };
        assert_eq!(rows(&sample, stock, 3), expected);
    }
}

#[test]
fn stocks_of_which_one_element_starts_from_another() {
    // S[1] = 5, S[2] = 2*S[1]: the initial values are clauses of the order at the start.
    let mut sample = Sample::new(0.0, 1.0, 1.0);
    let dim = sample.dim(2);
    let stock = sample.stock_for_all("S", &[dim], number(0.0), number(1.0));
    let clause = |at, expr| Clause::new(vec![part(dim, at, 1)], expr);
    let second = mul(number(2.0), element(stock, &[here_and(0, -1)]));
    sample.set_inits(stock, vec![clause(1, second), clause(0, number(5.0))]);
    sample.set_order(&[Node::Clause(stock, 1), Node::Clause(stock, 0)], &[]);
    assert_eq!(rows(&sample, stock, 2), [[5.0, 10.0], [6.0, 11.0]]);
}

#[test]
fn smooths_keep_a_level_for_each_element_with_its_own_time() {
    let mut sample = Sample::new(0.0, 2.0, 1.0);
    let dim = sample.dim(2);
    let goal = sample.constants("goal", &[dim], &[8.0, 16.0]);
    let loops = sample.whole(&[dim]);
    let args = Args { time: Some(mul(number(2.0), position(0))), init: Some(number(0.0)), horizon: None };
    let state = sample.state_over(&loops, &[], StateKind::Smooth { order: 1 }, element(goal, &[here(0)]), args);
    let a = sample.aux_for_all("a", &[dim], leaf(ExprKind::State(state)));
    assert_eq!(rows(&sample, a, 2), [[0.0, 0.0], [4.0, 4.0], [6.0, 7.0]]);
}

#[test]
fn calls_of_a_clause_keep_memory_for_its_elements_alone() {
    // a[1] = 0, a[2] and a[3] remember the time plus their position.
    let mut sample = Sample::new(0.0, 2.0, 1.0);
    let dim = sample.dim(3);
    let region = vec![part(dim, 1, 2)];
    let input = add(time(), position(0));
    let state = sample.state_over(&region, &[], StateKind::Previous, input, Args::default());
    let clauses =
        vec![Clause::new(vec![part(dim, 0, 1)], number(0.0)), Clause::new(region, leaf(ExprKind::State(state)))];
    let a = sample.aux_of("a", &[dim], clauses);
    assert_eq!(rows(&sample, a, 3), [[0.0, 0.0, 0.0], [0.0, 2.0, 3.0], [0.0, 3.0, 4.0]]);
}

#[test]
fn calls_in_a_reducer_keep_memory_for_each_of_its_elements_too() {
    // a[i] = SUM over k = 2..3 of PREVIOUS(100*i + k + TIME, k).
    let mut sample = Sample::new(0.0, 2.0, 1.0);
    let (outer, inner) = (sample.dim(2), sample.dim(3));
    let (loops, bounds) = (sample.whole(&[outer]), vec![part(inner, 1, 2)]);
    let at = leaf(ExprKind::Position(bound(0)));
    let input = add(add(mul(number(100.0), position(0)), at.clone()), time());
    let args = Args { init: Some(at), ..Args::default() };
    let state = sample.state_over(&loops, &bounds, StateKind::Previous, input, args);
    let a = sample.aux_for_all("a", &[outer], reduce(ReduceOp::Sum, bounds, leaf(ExprKind::State(state))));
    assert_eq!(rows(&sample, a, 2), [[5.0, 5.0], [205.0, 405.0], [207.0, 407.0]]);
}

#[test]
fn delays_of_higher_order_keep_the_levels_of_an_element_together() {
    // Two elements, T/n = 2: levels of the first (0,0) (8,0) (12,4) (14,8), of the second twice that.
    let mut sample = Sample::new(0.0, 3.0, 1.0);
    let dim = sample.dim(2);
    let loops = sample.whole(&[dim]);
    let args = Args { time: Some(number(4.0)), init: Some(number(0.0)), horizon: None };
    let input = mul(number(8.0), position(0));
    let state = sample.state_over(&loops, &[], StateKind::Delay { order: 2 }, input, args);
    let a = sample.aux_for_all("a", &[dim], leaf(ExprKind::State(state)));
    assert_eq!(rows(&sample, a, 2), [[0.0, 0.0], [0.0, 0.0], [2.0, 4.0], [4.0, 8.0]]);
}

#[test]
fn pipelines_have_a_length_for_each_element() {
    let mut sample = Sample::new(0.0, 4.0, 1.0);
    let dim = sample.dim(2);
    let loops = sample.whole(&[dim]);
    let args = Args { time: Some(position(0)), init: Some(number(-1.0)), horizon: None };
    let state = sample.state_over(&loops, &[], StateKind::Pipeline, time(), args);
    let a = sample.aux_for_all("a", &[dim], leaf(ExprKind::State(state)));
    assert_eq!(rows(&sample, a, 2), [[-1.0, -1.0], [0.0, -1.0], [1.0, 0.0], [2.0, 1.0], [3.0, 2.0]]);
}

#[test]
fn elements_of_a_constant_are_set_one_by_one() {
    let mut sample = Sample::new(0.0, 1.0, 1.0);
    let dim = sample.dim(3);
    sample.constant("before", 1.0);
    let a = sample.constants("a", &[dim], &[1.0, 2.0, 3.0]);
    let total = reduce(ReduceOp::Sum, sample.whole(&[dim]), element(a, &[bound(0)]));
    let total = sample.aux("total", total);
    let mut instance = Instance::new(sample.model(), 1 << 20).expect("a sample is small");
    assert!(instance.set_value(a, 2, 10.0));
    assert!(!instance.set_value(a, 3, 10.0));
    assert!(!instance.set_value(total, 0, 10.0));
    assert_eq!(instance.live()[4..], [0.0, 0.0, 0.0, 10.0, 0.0]);
    instance.run();
    assert_eq!(instance.row(1)[4..], [1.0, 1.0, 2.0, 10.0, 13.0]);
    instance.reset();
    assert_eq!(instance.live()[4..], [0.0, 0.0, 0.0, 10.0, 0.0]);
    instance.clear_values();
    instance.run();
    assert_eq!(instance.row(1)[4..], [1.0, 1.0, 2.0, 3.0, 6.0]);
}

#[test]
fn memory_counts_every_element_and_every_combination() {
    let needed = |elements: u32| {
        let mut sample = Sample::new(0.0, 9.0, 1.0);
        let dim = sample.dim(elements);
        let loops = sample.whole(&[dim]);
        let args = Args { time: Some(number(3.0)), ..Args::default() };
        sample.state_over(&loops, &[], StateKind::Smooth { order: 2 }, number(1.0), args.clone());
        sample.state_over(&loops, &[], StateKind::Pipeline, number(1.0), args);
        sample.aux_for_all("a", &[dim, dim], number(1.0));
        Instance::new(sample.model(), 0).map(|_| ()).expect_err("nothing fits into no memory").needed
    };
    assert_eq!(needed(1), 8 * (10 * 5 + 7 * 2 + 3));
    assert_eq!(needed(5), 8 * (10 * 29 + 5 * (7 * 2 + 3)));
}

#[test]
fn numbers_of_elements_beyond_all_memory_are_refused() {
    let mut sample = start();
    let dim = sample.dim(1 << 12);
    sample.aux_for_all("a", &[dim; 6], number(1.0));
    let refused = Instance::new(sample.model(), u64::MAX - 1).map(|_| ());
    assert_eq!(refused.expect_err("2^72 elements are too many").needed, u64::MAX);
}

#[test]
fn scalars_and_arrays_mix() {
    let mut sample = Sample::new(0.0, 1.0, 1.0);
    let dim = sample.dim(2);
    let scale = sample.constant("scale", 3.0);
    let s = sample.stock_for_all("S", &[dim], mul(var(scale), position(0)), number(0.0));
    let f = sample.aux_for_all("f", &[dim], mul(var(scale), element(s, &[here(0)])));
    sample.set_net(s, element(f, &[here(0)]));
    assert_eq!(rows(&sample, s, 2), [[3.0, 6.0], [12.0, 24.0]]);
    assert_eq!(rows(&sample, f, 2), [[9.0, 18.0], [36.0, 72.0]]);
}
