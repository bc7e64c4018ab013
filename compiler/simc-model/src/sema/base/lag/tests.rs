use super::*;
use crate::model::{NodeId, StateKind};
use crate::source::Span;

fn spec(dt: f64) -> TimeSpec {
    TimeSpec {
        start: 0.0,
        stop: 10.0,
        dt,
        n_steps: 100,
        save_every: 1,
        n_rows: 101,
        method: Method::Euler,
        units: None,
    }
}

/// A history at a time that an expression of these nodes gives.
fn history(kinds: Vec<ExprKind>) -> State {
    let mut time = Expr::default();
    kinds.into_iter().for_each(|kind| _ = time.push(kind, Span::default()));
    State {
        kind: StateKind::History,
        input: Expr::number(1.0, Span::default()),
        time: Some(time),
        init: None,
        horizon: None,
        owner: VarId(0),
        extents: Vec::new(),
        n_loops: 0,
        span: Span::default(),
    }
}

/// `TIME - lag`.
fn before(lag: f64) -> State {
    history(vec![ExprKind::Time, ExprKind::Number(lag), ExprKind::Binary(BinaryOp::Sub, NodeId(0), NodeId(1))])
}

/// How long the pipeline is that a history becomes.
fn length(mut state: State, spec: &TimeSpec) -> Option<f64> {
    if !shorten(&mut state, spec, |var| (var == VarId(7)).then_some(2.0)) {
        assert!(state.kind == StateKind::History && state.init.is_none());
        return None;
    }
    assert_eq!((state.kind, state.init.as_ref().and_then(Expr::as_number)), (StateKind::Pipeline, Some(0.0)));
    state.time.as_ref().and_then(Expr::as_number)
}

#[test]
fn a_lag_comes_to_whole_steps_of_which_there_is_one_at_least() {
    let of = |lag: f64| length(before(lag), &spec(0.5));
    assert_eq!([0.5, 1.0, 0.7, 3.0].map(of), [Some(0.5), Some(1.0), Some(1.0), Some(3.0)]);
    // Less than a step may be the present one.
    assert_eq!([0.0, -1.0, 5e-8].map(of), [None, None, None]);
    assert_eq!(of(0.2), Some(0.5));
    // What rounding could turn into another step stays what it is.
    assert_eq!(of(1.0 + 0.5e-6), None);
    assert_eq!(of(1.0 + 0.2e-6), Some(1.0));
    assert_eq!(of(1.0 + 0.9e-6), Some(1.5));
}

#[test]
fn lags_and_times_are_small_enough_to_be_exact() {
    assert_eq!(length(before(4e7), &spec(0.5)), Some(4e7));
    assert_eq!(length(before(6e7), &spec(0.5)), None);
    let later = |start: f64| length(before(1.0), &TimeSpec { start, ..spec(0.5) });
    assert_eq!([4e7, -4e7, 6e7, -6e7].map(later), [Some(1.0), Some(1.0), None, None]);
    let longer = |n_steps: u64| length(before(1.0), &TimeSpec { n_steps, ..spec(0.5) });
    assert_eq!([90_000_000, 100_000_000].map(longer), [Some(1.0), None]);
    let together = TimeSpec { start: 2e7, n_steps: 40_000_000, ..spec(0.5) };
    assert_eq!((length(before(1.0), &together), length(before(1.5e7), &together)), (Some(1.0), None));
}

#[test]
fn a_lag_is_the_sum_of_what_is_known() {
    let (time, read) = (|| ExprKind::Time, |var: u32| ExprKind::Var(VarId(var), Vec::new()));
    let (one, two) = (|| ExprKind::Number(1.0), || ExprKind::Number(2.0));
    let add = |a, b| ExprKind::Binary(BinaryOp::Add, NodeId(a), NodeId(b));
    let sub = |a, b| ExprKind::Binary(BinaryOp::Sub, NodeId(a), NodeId(b));
    let of = |kinds: Vec<ExprKind>| length(history(kinds), &spec(0.5));
    assert_eq!(of(vec![time(), one(), sub(0, 1), two(), sub(2, 3)]), Some(3.0));
    assert_eq!(of(vec![time(), two(), sub(0, 1), one(), add(2, 3)]), Some(1.0));
    assert_eq!(of(vec![one(), time(), two(), sub(1, 2), add(0, 3)]), Some(1.0));
    assert_eq!(of(vec![time(), read(7), sub(0, 1)]), Some(2.0));
    assert_eq!(of(vec![time(), read(8), sub(0, 1)]), None);
    assert_eq!(of(vec![read(8), time(), add(0, 1)]), None);
    assert_eq!(of(vec![time(), one(), add(0, 1)]), None);
    assert_eq!(of(vec![one(), time(), sub(0, 1)]), None);
    assert_eq!(of(vec![one()]), None);
    assert_eq!(of(vec![time()]), None);
}

#[test]
fn only_a_history_between_whole_steps_is_shortened() {
    assert_eq!(length(before(1.0), &TimeSpec { method: Method::Rk4, ..spec(0.5) }), None);
    let mut other = State { kind: StateKind::Init, ..before(1.0) };
    assert!(!shorten(&mut other, &spec(0.5), |_| None) && other.kind == StateKind::Init);
    assert_eq!(length(State { time: None, ..before(1.0) }, &spec(0.5)), None);
}
