use simc_model::model::{BinaryOp, ExprKind, Method};

use super::*;
use crate::sample::{Args, Sample, binary, leaf, number, time, var};

/// A stock that grows by a quarter of itself, and what its growth was a step ago.
struct Growth {
    sample: Sample,
    stock: VarId,
    rate: VarId,
    flow: VarId,
    before: VarId,
}

fn growth(start: f64, stop: f64, dt: f64) -> Growth {
    grown(Sample::new(start, stop, dt))
}

fn grown(mut sample: Sample) -> Growth {
    let stock = sample.stock("S", number(10.0), number(0.0));
    let rate = sample.constant("rate", 0.25);
    let flow = sample.aux("f", binary(BinaryOp::Mul, var(stock), var(rate)));
    sample.set_net(stock, var(flow));
    let before = sample.shown(StateKind::Previous, var(flow), Args { init: Some(number(0.0)), ..Args::default() });
    Growth { sample, stock, rate, flow, before }
}

impl Growth {
    fn instance(&self) -> Instance<'_> {
        Instance::new(self.sample.model(), 1 << 20).expect("a sample is small")
    }
}

fn column(instance: &Instance<'_>, var: VarId) -> Vec<f64> {
    let column = instance.column(var).expect("it is no table");
    (0..instance.saved_steps()).map(|row| instance.row(row)[column]).collect()
}

fn live(instance: &Instance<'_>, var: VarId) -> f64 {
    instance.live()[instance.column(var).expect("it is no table")]
}

fn times(start: f64, stop: f64, dt: f64) -> Vec<f64> {
    let sample = Sample::new(start, stop, dt);
    let mut instance = Instance::new(sample.model(), 1 << 20).expect("a sample is small");
    instance.run();
    (0..instance.saved_steps()).map(|row| instance.row(row)[0]).collect()
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

fn rows(instance: &Instance<'_>) -> Vec<Vec<u64>> {
    (0..instance.saved_steps()).map(|row| bits(instance.row(row))).collect()
}

#[test]
fn flows_use_the_stock_of_their_step_and_previous_the_last_step() {
    let growth = growth(0.0, 2.0, 1.0);
    let mut instance = growth.instance();
    instance.run();
    assert_eq!(column(&instance, growth.stock), [10.0, 12.5, 15.625]);
    assert_eq!(column(&instance, growth.flow), [2.5, 3.125, 3.90625]);
    assert_eq!(column(&instance, growth.before), [0.0, 2.5, 3.125]);
}

#[test]
fn rows_begin_with_the_four_times() {
    let growth = growth(1.0, 4.0, 0.5);
    let mut instance = growth.instance();
    instance.run();
    assert_eq!(instance.row(0)[..4], [1.0, 0.5, 1.0, 4.0]);
    assert_eq!(instance.row(6)[..4], [4.0, 0.5, 1.0, 4.0]);
    assert_eq!(instance.rows().len(), 7 * instance.width());
    assert_eq!(bits(&instance.rows()[6 * instance.width()..]), bits(instance.row(6)));
}

#[test]
fn tables_have_no_column() {
    let mut sample = Sample::new(0.0, 1.0, 1.0);
    let a = sample.constant("a", 1.0);
    let table = sample.lookup_var("table");
    let b = sample.constant("b", 2.0);
    let instance = Instance::new(sample.model(), 1 << 20).expect("a sample is small");
    assert_eq!([a, table, b].map(|var| instance.column(var)), [Some(4), None, Some(5)]);
    assert_eq!(instance.width(), 6);
}

#[test]
fn runge_kutta_follows_the_exponential() {
    // Growth by 0.25 over one step: 1 + z + z^2/2, and up to z^4/24.
    let stock = |method| {
        let growth = grown(Sample::new(0.0, 1.0, 1.0).with_method(method));
        let mut instance = growth.instance();
        instance.run();
        column(&instance, growth.stock)[1]
    };
    assert_eq!(stock(Method::Rk2), 10.0 * 1.28125);
    let z: f64 = 0.25;
    let series = 1.0 + z + z * z / 2.0 + z.powi(3) / 6.0 + z.powi(4) / 24.0;
    assert!((stock(Method::Rk4) - 10.0 * series).abs() < 1e-14);
}

#[test]
fn time_is_that_of_the_stage() {
    // S' = 4*t^3 from 0: Simpson's rule is exact for it, Heun's trapezoid gives 2, Euler 0.
    for (method, expected) in [(Method::Euler, 0.0), (Method::Rk2, 2.0), (Method::Rk4, 1.0)] {
        let mut sample = Sample::new(0.0, 1.0, 1.0).with_method(method);
        let cube = binary(BinaryOp::Mul, binary(BinaryOp::Mul, time(), time()), time());
        let stock = sample.stock("S", number(0.0), binary(BinaryOp::Mul, number(4.0), cube));
        let mut instance = Instance::new(sample.model(), 1 << 20).expect("a sample is small");
        instance.run();
        assert_eq!(column(&instance, stock), [0.0, expected]);
    }
}

#[test]
fn chained_initial_values_are_taken_in_order() {
    let mut sample = Sample::new(0.0, 1.0, 1.0);
    let a = sample.stock("A", number(3.0), number(1.0));
    let twice = sample.aux("twice", binary(BinaryOp::Mul, number(2.0), var(a)));
    let b = sample.stock("B", binary(BinaryOp::Add, var(a), var(twice)), number(0.0));
    let kept = sample.state(StateKind::Init, var(twice), Args::default());
    let c = sample.stock("C", leaf(ExprKind::State(kept)), number(0.0));
    let mut instance = Instance::new(sample.model(), 1 << 20).expect("a sample is small");
    instance.run();
    assert_eq!([a, twice, b, c].map(|var| column(&instance, var)), [[3.0, 4.0], [6.0, 8.0], [9.0, 9.0], [6.0, 6.0]]);
}

#[test]
fn rows_are_those_that_a_person_counts() {
    assert_eq!(times(0.0, 0.3, 0.1).len(), 4);
    assert_eq!(times(0.0, 1.0, 0.1).len(), 11);
    assert_eq!(times(0.0, 0.9, 0.3).len(), 4);
    assert_eq!(times(0.0, 1.0, 1.0 / 3.0).len(), 4);
    assert_eq!(times(0.0, 100.0, 0.1).len(), 1001);
    assert_eq!(times(0.0, 0.3, 0.1), [0.0, 0.1, 0.2, 3.0 * 0.1]);
    assert_eq!(times(2.0, 3.0, 0.4), [2.0, 2.4, 2.8]);
}

#[test]
fn rows_are_saved_every_save_step_and_the_run_ends_with_the_last() {
    let growth = grown(Sample::new(0.0, 5.0, 1.0).with_save_every(2));
    let mut instance = growth.instance();
    instance.run();
    assert_eq!((0..instance.saved_steps()).map(|row| instance.row(row)[0]).collect::<Vec<_>>(), [0.0, 2.0, 4.0]);
    assert_eq!(bits(instance.live()), bits(instance.row(2)));
}

#[test]
fn new_instance_is_all_zero() {
    let growth = growth(0.0, 2.0, 1.0);
    let instance = growth.instance();
    assert_eq!(instance.live(), [0.0; 8]);
    assert_eq!((instance.saved_steps(), instance.error()), (0, 0));
}

#[test]
fn initials_are_evaluated_once_and_save_nothing() {
    let growth = growth(0.0, 2.0, 1.0);
    let mut instance = growth.instance();
    instance.run_initials();
    assert_eq!(instance.live(), [0.0, 1.0, 0.0, 2.0, 10.0, 0.25, 2.5, 0.0]);
    assert_eq!(instance.saved_steps(), 0);
    assert!(instance.set_value(growth.rate, 0, 0.5));
    instance.run_initials();
    assert_eq!(live(&instance, growth.flow), 2.5);
    instance.run_to(2.0);
    instance.run_initials();
    assert_eq!(instance.live()[0], 2.0);
}

#[test]
fn partial_run_rests_at_the_first_step_after_the_target() {
    let growth = growth(0.0, 4.0, 1.0);
    let mut instance = growth.instance();
    instance.run_to(1.5);
    assert_eq!(instance.saved_steps(), 2);
    assert_eq!(instance.live(), [2.0, 1.0, 0.0, 4.0, 15.625, 0.25, 3.90625, 3.125]);
}

#[test]
fn runs_in_parts_give_the_bits_of_one_run() {
    for method in [Method::Euler, Method::Rk2, Method::Rk4] {
        let growth = grown(Sample::new(0.0, 1.0, 0.1).with_method(method));
        let mut whole = growth.instance();
        whole.run();
        let mut parts = growth.instance();
        for target in [-1.0, 0.05, 0.3, 0.3, 0.1, 0.7, f64::INFINITY] {
            parts.run_to(target);
        }
        assert_eq!(rows(&parts), rows(&whole));
        assert_eq!(bits(parts.live()), bits(whole.live()));
    }
}

#[test]
fn target_on_a_step_includes_it_despite_rounding() {
    let growth = growth(0.0, 1.0, 0.1);
    let mut instance = growth.instance();
    instance.run_to(0.3);
    assert_eq!(instance.saved_steps(), 4);
    instance.run_to(0.7);
    assert_eq!(instance.saved_steps(), 8);
}

#[test]
fn target_before_the_start_only_evaluates_the_start() {
    let growth = growth(0.0, 2.0, 1.0);
    let mut instance = growth.instance();
    instance.run_to(f64::NEG_INFINITY);
    assert_eq!(instance.saved_steps(), 0);
    assert_eq!(live(&instance, growth.flow), 2.5);
}

#[test]
fn nan_target_raises_an_error_that_sticks_until_reset() {
    let growth = growth(0.0, 2.0, 1.0);
    let mut instance = growth.instance();
    instance.run_to(f64::NAN);
    assert_eq!(instance.error(), 1000);
    instance.run_to(1.0);
    assert_eq!((instance.saved_steps(), live(&instance, growth.stock)), (0, 0.0));
    instance.reset();
    assert_eq!(instance.error(), 0);
    instance.run_to(1.0);
    assert_eq!(instance.saved_steps(), 2);
    instance.run_to(f64::NAN);
    assert_eq!((instance.error(), instance.saved_steps()), (1000, 2));
    instance.run();
    assert_eq!((instance.error(), instance.saved_steps()), (0, 3));
}

#[test]
fn complete_run_changes_no_more() {
    let growth = growth(0.0, 2.0, 1.0);
    let mut instance = growth.instance();
    instance.run();
    let (live, saved) = (bits(instance.live()), rows(&instance));
    instance.run_to(f64::INFINITY);
    instance.run_to(0.0);
    assert_eq!((bits(instance.live()), rows(&instance)), (live, saved));
}

#[test]
fn only_constants_can_be_set() {
    let growth = growth(0.0, 2.0, 1.0);
    let mut instance = growth.instance();
    assert!(!instance.set_value(growth.stock, 0, 1.0));
    assert!(!instance.set_value(growth.flow, 0, 1.0));
    assert!(!instance.set_value(growth.rate, 1, 1.0));
    assert!(!instance.set_value(VarId(99), 0, 1.0));
    assert_eq!(instance.live(), [0.0; 8]);
    assert!(instance.set_value(growth.rate, 0, 1.0));
    assert_eq!(live(&instance, growth.rate), 1.0);
}

#[test]
fn override_in_the_middle_changes_what_comes_after() {
    let growth = growth(0.0, 3.0, 1.0);
    let mut instance = growth.instance();
    instance.run_to(0.0);
    assert!(instance.set_value(growth.rate, 0, 1.0));
    assert_eq!((live(&instance, growth.rate), live(&instance, growth.flow)), (1.0, 3.125));
    instance.run_to(3.0);
    assert_eq!(column(&instance, growth.rate), [0.25, 1.0, 1.0, 1.0]);
    assert_eq!(column(&instance, growth.stock), [10.0, 12.5, 25.0, 50.0]);
}

#[test]
fn what_the_start_captured_stays() {
    let mut sample = Sample::new(0.0, 2.0, 1.0);
    let a = sample.constant("a", 3.0);
    let stock = sample.stock("S", var(a), number(0.0));
    let kept = sample.shown(StateKind::Init, var(a), Args::default());
    let mut instance = Instance::new(sample.model(), 1 << 20).expect("a sample is small");
    instance.run_initials();
    assert!(instance.set_value(a, 0, 8.0));
    instance.run_to(2.0);
    assert_eq!([a, stock, kept].map(|var| column(&instance, var)), [[8.0; 3], [3.0; 3], [3.0; 3]]);
    instance.run();
    assert_eq!([a, stock, kept].map(|var| column(&instance, var)), [[8.0; 3]; 3]);
}

#[test]
fn reset_shows_overrides_and_zero_for_the_rest() {
    let growth = growth(0.0, 2.0, 1.0);
    let mut instance = growth.instance();
    instance.run();
    instance.reset();
    assert_eq!(instance.live(), [0.0; 8]);
    assert_eq!(instance.saved_steps(), 0);
    assert!(instance.set_value(growth.rate, 0, 0.5));
    instance.reset();
    assert_eq!(instance.live(), [0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0]);
    instance.run();
    assert_eq!(column(&instance, growth.stock), [10.0, 15.0, 22.5]);
}

#[test]
fn clear_values_brings_defaults_back_from_the_next_run_on() {
    let growth = growth(0.0, 2.0, 1.0);
    let mut instance = growth.instance();
    assert!(instance.set_value(growth.rate, 0, 0.5));
    instance.clear_values();
    assert_eq!(live(&instance, growth.rate), 0.5);
    instance.reset();
    assert_eq!(live(&instance, growth.rate), 0.0);
    instance.run();
    assert_eq!(column(&instance, growth.rate), [0.25; 3]);
}

#[test]
fn nan_is_canonical_wherever_it_shows() {
    let mut sample = Sample::new(0.0, 1.0, 1.0);
    let a = sample.constant("a", f64::from_bits(0xfff8_0000_0000_0001));
    let b = sample.aux("b", binary(BinaryOp::Div, number(0.0), number(0.0)));
    let mut instance = Instance::new(sample.model(), 1 << 20).expect("a sample is small");
    assert!(instance.set_value(a, 0, f64::from_bits(0x7ff0_0000_0000_0001)));
    assert_eq!(live(&instance, a).to_bits(), CANONICAL_NAN);
    instance.clear_values();
    instance.run();
    for var in [a, b] {
        assert_eq!(bits(&column(&instance, var)), [CANONICAL_NAN; 2]);
        assert_eq!(live(&instance, var).to_bits(), CANONICAL_NAN);
    }
}

#[test]
fn runs_that_need_too_much_memory_are_refused() {
    let growth = growth(0.0, 9.0, 1.0);
    let needed = (10 * 8 + 1) * 8;
    let refused = Instance::new(growth.sample.model(), needed - 1).map(|_| ());
    assert_eq!(refused, Err(TooLarge { needed, limit: needed - 1 }));
    assert!(Instance::new(growth.sample.model(), needed).is_ok());

    let endless = Sample::new(0.0, 1e15, 1.0);
    assert!(Instance::new(endless.model(), 1 << 40).is_err());
}

#[test]
fn pipelines_count_with_the_longest_that_they_can_be() {
    let needed = |time| {
        let mut sample = Sample::new(0.0, 1e6, 1.0).with_save_every(1_000_000);
        sample.shown(StateKind::Pipeline, number(1.0), Args { time: Some(time), ..Args::default() });
        Instance::new(sample.model(), 0).map(|_| ()).expect_err("nothing fits into no memory").needed
    };
    assert_eq!(needed(number(3.0)), 8 * (2 * 5 + 3));
    assert_eq!(needed(number(1e300)), 8 * (2 * 5 + 1_000_001));
    assert_eq!(needed(time()), 8 * (2 * 5 + 1_000_001));
}
