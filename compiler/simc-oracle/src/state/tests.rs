use simc_model::model::{BinaryOp, ExprKind, Method, VarId};

use super::*;
use crate::Instance;
use crate::sample::{Args, Sample, binary, leaf, number, time, var};

/// What a call shows in each row of a run with dt = 1 from 0 to `stop`.
fn shown(stop: f64, kind: StateKind, input: Expr, args: Args) -> Vec<f64> {
    let mut sample = Sample::new(0.0, stop, 1.0);
    let shown = sample.shown(kind, input, args);
    column(&sample, shown)
}

fn column(sample: &Sample, var: VarId) -> Vec<f64> {
    let mut instance = Instance::new(sample.model(), 1 << 20).expect("a sample is small");
    instance.run();
    let column = instance.column(var).expect("it is no table");
    (0..instance.saved_steps()).map(|row| instance.row(row)[column]).collect()
}

fn args(time: f64, init: Option<f64>) -> Args {
    Args { time: Some(number(time)), init: init.map(number), horizon: None }
}

#[test]
fn smooth_closes_its_share_of_the_gap() {
    assert_eq!(shown(3.0, StateKind::Smooth { order: 1 }, number(10.0), args(2.0, Some(2.0))), [2.0, 6.0, 8.0, 9.0]);
}

#[test]
fn smooth_starts_at_its_input_by_default() {
    assert_eq!(shown(2.0, StateKind::Smooth { order: 1 }, time(), args(2.0, None)), [0.0, 0.0, 0.5]);
    assert_eq!(shown(1.0, StateKind::Smooth { order: 3 }, number(7.0), args(5.0, None)), [7.0, 7.0]);
}

#[test]
fn smooth_of_order_two_chains_two_levels_of_half_the_time() {
    // With T/n = 2, levels go (0,0) (4,0) (6,2) (7,4).
    let got = shown(3.0, StateKind::Smooth { order: 2 }, number(8.0), args(4.0, Some(0.0)));
    assert_eq!(got, [0.0, 0.0, 2.0, 4.0]);
}

#[test]
fn smooth_follows_a_changing_time_at_once() {
    let mut sample = Sample::new(0.0, 2.0, 1.0);
    let averaging = sample.aux("averaging", binary(BinaryOp::Add, number(2.0), time()));
    let args = Args { time: Some(var(averaging)), init: Some(number(0.0)), horizon: None };
    let shown = sample.shown(StateKind::Smooth { order: 1 }, number(12.0), args);
    // 12/2, then 6 + 6/3.
    assert_eq!(column(&sample, shown), [0.0, 6.0, 8.0]);
}

#[test]
fn delay_starts_with_material_for_its_init() {
    // L = 4*2 = 8: 4 out, 10 in, and so on: L goes 8, 14, 17.
    assert_eq!(shown(2.0, StateKind::Delay { order: 1 }, number(10.0), args(2.0, Some(4.0))), [4.0, 7.0, 8.5]);
}

#[test]
fn delay_of_constant_input_is_in_balance() {
    for order in [1, 2, 5] {
        assert_eq!(shown(3.0, StateKind::Delay { order }, number(6.0), args(10.0, None)), [6.0; 4]);
    }
}

#[test]
fn delay_of_order_two_passes_material_on() {
    // T/n = 2; levels (0,0) (8,0) (12,4) (14,8); the value is half the second one.
    let got = shown(3.0, StateKind::Delay { order: 2 }, number(8.0), args(4.0, Some(0.0)));
    assert_eq!(got, [0.0, 0.0, 2.0, 4.0]);
}

#[test]
fn delay_drains_faster_when_its_time_shortens() {
    let mut sample = Sample::new(0.0, 2.0, 1.0);
    let delay = sample.aux("delay", binary(BinaryOp::Sub, number(4.0), time()));
    let args = Args { time: Some(var(delay)), init: Some(number(3.0)), horizon: None };
    let shown = sample.shown(StateKind::Delay { order: 1 }, number(0.0), args);
    // L = 12, out 12/4; L = 9, out 9/3; L = 6, out 6/2.
    assert_eq!(column(&sample, shown), [3.0, 3.0, 3.0]);
}

#[test]
fn trend_compares_the_input_with_its_average() {
    // A = 0, then 0 + (1 - 0)/2 and so on; the first divisor is 0.
    let input = binary(BinaryOp::Add, number(1.0), time());
    let got = shown(2.0, StateKind::Trend, input, args(2.0, None));
    // A: 1, 1, 1.5; input 1, 2, 3.
    assert_eq!(got, [0.0, 1.0 / 2.0, 1.5 / 3.0]);
}

#[test]
fn trend_starts_at_its_init() {
    // A = 6/(1 + 0.25*2) = 4; (6 - 4)/(2*4) = 0.25; then A = 5.
    assert_eq!(shown(1.0, StateKind::Trend, number(6.0), args(2.0, Some(0.25))), [0.25, 0.1]);
}

#[test]
fn trend_of_a_negative_average_keeps_its_sign_and_forecast_does_not() {
    // A = -6/(1 + 0.5) = -4; (-6 + 4)/(2*4) = -0.25, and without the absolute value +0.25.
    assert_eq!(shown(0.0, StateKind::Trend, number(-6.0), args(2.0, Some(0.25)))[0], -0.25);
    let forecast = Args { horizon: Some(number(4.0)), ..args(2.0, Some(0.25)) };
    assert_eq!(shown(0.0, StateKind::Forecast, number(-6.0), forecast)[0], -12.0);
}

#[test]
fn trend_is_zero_where_its_divisor_is() {
    assert_eq!(shown(1.0, StateKind::Trend, number(0.0), args(2.0, None)), [0.0, 0.0]);
    let forecast = Args { horizon: Some(number(4.0)), ..args(2.0, None) };
    assert_eq!(shown(1.0, StateKind::Forecast, number(0.0), forecast), [0.0, 0.0]);
}

#[test]
fn forecast_extrapolates_the_trend() {
    // A = 4, trend 0.25 over 3, then A = 5 and trend 0.1.
    let forecast = Args { horizon: Some(number(3.0)), ..args(2.0, Some(0.25)) };
    assert_eq!(shown(1.0, StateKind::Forecast, number(6.0), forecast), [6.0 * 1.75, 6.0 * (1.0 + 0.1 * 3.0)]);
}

#[test]
fn pipeline_returns_its_input_after_its_length() {
    assert_eq!(shown(4.0, StateKind::Pipeline, time(), args(2.0, Some(9.0))), [9.0, 9.0, 0.0, 1.0, 2.0]);
    assert_eq!(shown(3.0, StateKind::Pipeline, time(), args(1.0, None)), [0.0, 0.0, 1.0, 2.0]);
}

#[test]
fn pipeline_is_rounded_half_away_and_at_least_one() {
    let measured = [(0.0, 1), (0.5, 1), (1.0, 1), (1.2, 1), (1.5, 2), (2.0, 2), (2.5, 3), (3.7, 4)];
    for (time, length) in measured {
        assert_eq!(pipeline_length(time, 1.0, 100), length, "a delay of {time}");
    }
    assert_eq!(pipeline_length(-3.0, 1.0, 100), 1);
    assert_eq!(pipeline_length(f64::NAN, 1.0, 100), 1);
    assert_eq!(pipeline_length(f64::INFINITY, 1.0, 100), 101);
    assert_eq!(pipeline_length(1e300, 1.0, 100), 101);
    assert_eq!(pipeline_length(0.3, 0.1, 100), 3);
}

#[test]
fn pipeline_longer_than_the_run_shows_only_what_filled_it() {
    assert_eq!(shown(3.0, StateKind::Pipeline, time(), args(1e18, Some(5.0))), [5.0; 4]);
}

#[test]
fn previous_is_a_step_behind() {
    assert_eq!(shown(3.0, StateKind::Previous, time(), Args::default()), [0.0, 0.0, 1.0, 2.0]);
    let init = Args { init: Some(number(-7.0)), ..Args::default() };
    assert_eq!(shown(2.0, StateKind::Previous, time(), init), [-7.0, 0.0, 1.0]);
}

#[test]
fn previous_may_read_the_variable_that_it_stands_in() {
    // x = PREVIOUS(SELF, 1)*2
    let mut sample = Sample::new(0.0, 3.0, 1.0);
    let init = Args { init: Some(number(1.0)), ..Args::default() };
    let state = sample.state(StateKind::Previous, number(0.0), init);
    let previous = leaf(ExprKind::State(state));
    let x = sample.aux("x", binary(BinaryOp::Mul, previous, number(2.0)));
    sample.set_input(state, var(x));
    assert_eq!(column(&sample, x), [2.0, 4.0, 8.0, 16.0]);
}

#[test]
fn init_keeps_the_input_at_start() {
    let mut sample = Sample::new(5.0, 8.0, 1.0);
    let shown = sample.shown(StateKind::Init, time(), Args::default());
    assert_eq!(column(&sample, shown), [5.0; 4]);
}

#[test]
fn levels_take_part_in_the_stages_of_runge_kutta() {
    // y' = (8 - y)/2 from 0: k1 = 4, k2 = (8 - 4)/2 = 2, so y = 3.
    let mut sample = Sample::new(0.0, 1.0, 1.0).with_method(Method::Rk2);
    let shown = sample.shown(StateKind::Smooth { order: 1 }, number(8.0), args(2.0, Some(0.0)));
    assert_eq!(column(&sample, shown), [0.0, 3.0]);
}

#[test]
fn memory_takes_what_the_step_itself_computes() {
    for method in [Method::Euler, Method::Rk2, Method::Rk4] {
        let mut sample = Sample::new(0.0, 3.0, 1.0).with_method(method);
        let previous = sample.shown(StateKind::Previous, time(), Args::default());
        let delayed = sample.shown(StateKind::Pipeline, time(), args(2.0, Some(-1.0)));
        assert_eq!(column(&sample, previous), [0.0, 0.0, 1.0, 2.0]);
        assert_eq!(column(&sample, delayed), [-1.0, -1.0, 0.0, 1.0]);
    }
}
