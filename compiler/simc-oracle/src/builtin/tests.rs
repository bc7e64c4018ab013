use std::f64::consts::PI;

use super::*;

const GRID: Clock = Clock { time: 0.0, step_time: 0.0, dt: 1.0, start: 0.0, step: 0 };

fn same(got: f64, expected: f64) {
    assert!(got.to_bits() == expected.to_bits() || (got.is_nan() && expected.is_nan()), "{got:?} is not {expected:?}");
}

fn near(got: f64, expected: f64) {
    assert!((got - expected).abs() <= 1e-15 * expected.abs().max(1.0), "{got:?} is not {expected:?}");
}

fn of(function: PureFn, args: &[f64]) -> f64 {
    eval_call(function, args, GRID)
}

/// The values of a function of time at each of `times`, on a grid of `dt`.
fn over(function: PureFn, args: &[f64], dt: f64, times: &[f64]) -> Vec<f64> {
    times.iter().map(|&time| eval_call(function, args, Clock { time, step_time: time, dt, ..GRID })).collect()
}

#[test]
fn arithmetic_is_ieee() {
    same(eval_binary(BinaryOp::Add, 0.1, 0.2), 0.30000000000000004);
    same(eval_binary(BinaryOp::Sub, 1.0, 1.0), 0.0);
    same(eval_binary(BinaryOp::Mul, 3.0, -0.5), -1.5);
    same(eval_binary(BinaryOp::Div, 1.0, 0.0), f64::INFINITY);
    same(eval_binary(BinaryOp::Div, -1.0, 0.0), f64::NEG_INFINITY);
    same(eval_binary(BinaryOp::Div, 0.0, 0.0), f64::NAN);
    same(eval_unary(UnaryOp::Neg, 0.0), -0.0);
}

#[test]
fn safe_division_tests_for_exactly_zero() {
    same(eval_binary(BinaryOp::SafeDiv, 7.0, 2.0), 3.5);
    same(eval_binary(BinaryOp::SafeDiv, 7.0, 0.0), 0.0);
    same(eval_binary(BinaryOp::SafeDiv, 7.0, -0.0), 0.0);
    same(eval_binary(BinaryOp::SafeDiv, 1.0, 5e-324), f64::INFINITY);
    same(eval_binary(BinaryOp::SafeDiv, 7.0, f64::NAN), f64::NAN);
    same(of(PureFn::SafeDiv, &[7.0, 2.0, 9.0]), 3.5);
    same(of(PureFn::SafeDiv, &[7.0, 0.0, 9.0]), 9.0);
}

#[test]
fn mod_has_the_sign_of_the_divisor() {
    let cases = [(7.0, 3.0, 1.0), (-5.0, 3.0, 1.0), (5.0, -3.0, -1.0), (-5.0, -3.0, -2.0), (5.5, 2.0, 1.5)];
    for (a, b, expected) in cases {
        same(eval_binary(BinaryOp::Mod, a, b), expected);
    }
    same(eval_binary(BinaryOp::Mod, 5.0, 0.0), f64::NAN);
}

#[test]
fn powers_and_their_corners() {
    same(eval_binary(BinaryOp::Pow, 2.0, 10.0), 1024.0);
    same(eval_binary(BinaryOp::Pow, 2.0, -2.0), 0.25);
    same(eval_binary(BinaryOp::Pow, 0.0, 0.0), 1.0);
    same(eval_binary(BinaryOp::Pow, -8.0, 1.0 / 3.0), f64::NAN);
}

#[test]
fn comparisons_are_exact_numbers() {
    let all = |a, b| {
        [BinaryOp::Eq, BinaryOp::Ne, BinaryOp::Lt, BinaryOp::Le, BinaryOp::Gt, BinaryOp::Ge]
            .map(|op| eval_binary(op, a, b))
    };
    assert_eq!(all(1.0, 2.0), [0.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
    assert_eq!(all(2.0, 2.0), [1.0, 0.0, 0.0, 1.0, 0.0, 1.0]);
    assert_eq!(all(0.1 + 0.2, 0.3), [0.0, 1.0, 0.0, 0.0, 1.0, 1.0]);
    assert_eq!(all(0.0, -0.0), [1.0, 0.0, 0.0, 1.0, 0.0, 1.0]);
    assert_eq!(all(f64::NAN, f64::NAN), [0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn logic_takes_every_number_but_zero_as_true() {
    let both = |a, b| [BinaryOp::And, BinaryOp::Or].map(|op| eval_binary(op, a, b));
    assert_eq!(both(0.0, 0.0), [0.0, 0.0]);
    assert_eq!(both(2.0, 0.0), [0.0, 1.0]);
    assert_eq!(both(0.0, f64::NAN), [0.0, 1.0]);
    assert_eq!(both(f64::NAN, -1.0), [1.0, 1.0]);
    assert_eq!([0.0, -0.0, 3.0, f64::NAN].map(|x| eval_unary(UnaryOp::Not, x)), [1.0, 1.0, 0.0, 0.0]);
}

#[test]
fn elementary_functions_have_their_known_values() {
    same(of(PureFn::Abs, &[-2.5]), 2.5);
    same(of(PureFn::Exp, &[0.0]), 1.0);
    near(of(PureFn::Exp, &[1.0]), std::f64::consts::E);
    same(of(PureFn::Ln, &[1.0]), 0.0);
    near(of(PureFn::Ln, &[10.0]), std::f64::consts::LN_10);
    same(of(PureFn::Ln, &[-1.0]), f64::NAN);
    same(of(PureFn::Ln, &[0.0]), f64::NEG_INFINITY);
    near(of(PureFn::Log10, &[1000.0]), 3.0);
    same(of(PureFn::Sqrt, &[2.25]), 1.5);
    same(of(PureFn::Sqrt, &[-1.0]), f64::NAN);
    near(of(PureFn::Sin, &[PI / 6.0]), 0.5);
    near(of(PureFn::Cos, &[PI / 3.0]), 0.5);
    near(of(PureFn::Tan, &[PI / 4.0]), 1.0);
    near(of(PureFn::Arcsin, &[1.0]), PI / 2.0);
    near(of(PureFn::Arccos, &[-1.0]), PI);
    near(of(PureFn::Arctan, &[1.0]), PI / 4.0);
    same(of(PureFn::Arcsin, &[1.5]), f64::NAN);
}

#[test]
fn int_is_the_floor() {
    assert_eq!([1.5, -1.5, -0.5, 2.0].map(|x| of(PureFn::Int, &[x])), [1.0, -2.0, -1.0, 2.0]);
}

#[test]
fn trunc_rounds_toward_zero() {
    for (x, expected) in [(-9.9, -9.0), (9.9, 9.0), (-0.5, -0.0), (0.5, 0.0), (-3.0, -3.0)] {
        same(of(PureFn::Trunc, &[x]), expected);
    }
}

#[test]
fn remainder_has_the_sign_of_the_dividend_and_is_exact() {
    let cases = [(-10.0, 3.0, -1.0), (10.0, -3.0, 1.0), (-6.0, 3.0, -0.0), (5.5, 2.0, 1.5), (2.0, f64::INFINITY, 2.0)];
    for (a, b, expected) in cases {
        same(of(PureFn::Remainder, &[a, b]), expected);
    }
    same(of(PureFn::Remainder, &[1.0, 0.0]), f64::NAN);
    same(of(PureFn::Remainder, &[1e300, 7.0]), 1.0);
}

#[test]
fn xidz_tests_for_nearly_zero() {
    same(of(PureFn::Xidz, &[11.0, 0.0, 4.0]), 4.0);
    same(of(PureFn::Xidz, &[11.0, -9e-7, 4.0]), 4.0);
    same(of(PureFn::Xidz, &[1.0, 1e-6, 4.0]), 1.0 / 1e-6);
    same(of(PureFn::Xidz, &[1.0, -2.0, 4.0]), -0.5);
    same(of(PureFn::Xidz, &[1.0, f64::NAN, 4.0]), f64::NAN);
}

#[test]
fn extremes_pass_nan_on_and_order_the_zeros() {
    same(of(PureFn::Max, &[1.0, 2.0]), 2.0);
    same(of(PureFn::Min, &[1.0, 2.0]), 1.0);
    for args in [[f64::NAN, 1.0], [1.0, f64::NAN]] {
        same(of(PureFn::Max, &args), f64::NAN);
        same(of(PureFn::Min, &args), f64::NAN);
    }
    for args in [[0.0, -0.0], [-0.0, 0.0]] {
        same(of(PureFn::Max, &args), 0.0);
        same(of(PureFn::Min, &args), -0.0);
    }
    same(of(PureFn::Max, &[-0.0, -0.0]), -0.0);
}

#[test]
fn step_begins_half_a_step_early() {
    assert_eq!(over(PureFn::Step, &[5.0, 1.0], 1.0, &[0.0, 1.0, 2.0]), [0.0, 5.0, 5.0]);
    assert_eq!(over(PureFn::Step, &[5.0, 1.4], 1.0, &[0.0, 1.0, 2.0]), [0.0, 5.0, 5.0]);
    assert_eq!(over(PureFn::Step, &[5.0, 1.5], 1.0, &[0.0, 1.0, 2.0]), [0.0, 0.0, 5.0]);
}

#[test]
fn ramp_begins_after_its_start_and_ends() {
    let times = [13.0, 14.0, 15.0, 16.0, 17.0, 18.0];
    assert_eq!(over(PureFn::Ramp, &[1.0, 14.0, 17.0], 1.0, &times), [0.0, 0.0, 1.0, 2.0, 3.0, 3.0]);
    assert_eq!(over(PureFn::Ramp, &[2.0, 14.0, f64::INFINITY], 1.0, &times), [0.0, 0.0, 2.0, 4.0, 6.0, 8.0]);
    assert_eq!(over(PureFn::Ramp, &[2.0, 14.5, 15.25], 1.0, &times), [0.0, 0.0, 1.0, 1.5, 1.5, 1.5]);
    assert_eq!(over(PureFn::Ramp, &[1.0, 14.0, 12.0], 1.0, &times), [0.0; 6]);
}

#[test]
fn pulse_fires_once_without_an_interval() {
    assert_eq!(over(PureFn::Pulse, &[10.0, 2.0, 0.0], 0.5, &[1.0, 1.5, 2.0, 2.5, 3.0]), [0.0, 0.0, 20.0, 0.0, 0.0]);
    assert_eq!(over(PureFn::Pulse, &[10.0, 2.0, -3.0], 0.5, &[1.5, 2.0, 2.5]), [0.0, 20.0, 0.0]);
}

#[test]
fn pulse_off_the_grid_fires_at_the_nearest_step() {
    assert_eq!(over(PureFn::Pulse, &[6.0, 1.4, 0.0], 1.0, &[0.0, 1.0, 2.0]), [0.0, 6.0, 0.0]);
    assert_eq!(over(PureFn::Pulse, &[6.0, 1.6, 0.0], 1.0, &[0.0, 1.0, 2.0]), [0.0, 0.0, 6.0]);
}

#[test]
fn pulse_repeats_every_interval() {
    let times: Vec<f64> = (0..10).map(f64::from).collect();
    let got = over(PureFn::Pulse, &[4.0, 1.0, 3.0], 1.0, &times);
    assert_eq!(got, [0.0, 4.0, 0.0, 0.0, 4.0, 0.0, 0.0, 4.0, 0.0, 0.0]);
}

#[test]
fn pulse_reads_the_step_and_step_and_ramp_the_stage() {
    let stage = Clock { time: 2.5, step_time: 2.0, dt: 1.0, start: 0.0, step: 2 };
    same(eval_call(PureFn::Pulse, &[6.0, 2.0, 0.0], stage), 6.0);
    same(eval_call(PureFn::Step, &[6.0, 2.75], stage), 6.0);
    same(eval_call(PureFn::Ramp, &[6.0, 2.0, f64::INFINITY], stage), 3.0);
}
