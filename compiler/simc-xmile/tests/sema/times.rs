use super::fixture::{complaint, complaints, model};
use simc_model::model::Method;

const ANYTHING: &str = "\naux a = 1\n";

fn time(specs: &str) -> simc_model::model::TimeSpec {
    model(&format!("{specs}{ANYTHING}")).time
}

fn code(specs: &str) -> String {
    let (line, _) = complaint(&format!("{specs}{ANYTHING}"));
    line.split_once('[').and_then(|(_, rest)| rest.split_once(']')).expect("a code").0.to_owned()
}

#[test]
fn counts_the_steps_that_a_person_would_count() {
    assert_eq!(time("time 0 10 1").n_steps, 10);
    assert_eq!(time("time 0 0.3 0.1").n_steps, 3);
    assert_eq!(time("time 0 10 0.3").n_steps, 33);
    assert_eq!(time("time 0 1 0.3333333333333333").n_steps, 3);
    assert_eq!(time("time -5 5 0.25").n_steps, 40);
    assert_eq!(time("time 0 1.05 0.5").n_steps, 2);
}

#[test]
fn takes_one_for_an_absent_step() {
    assert_eq!(time("time 0 10").dt, 1.0);
}

#[test]
fn saves_every_step_unless_told_otherwise() {
    assert_eq!(time("time 0 10 0.5").n_rows, 21);
    let spec = time("time 0 10 0.25\nsave 1");
    assert_eq!((spec.save_every, spec.n_rows), (4, 11));
    let spec = time("time 0 10 1\nsave 3");
    assert_eq!((spec.save_every, spec.n_rows), (3, 4));
    let spec = time("time 0 0.6 0.1\nsave 0.3");
    assert_eq!((spec.save_every, spec.n_rows), (3, 3));
}

#[test]
fn a_save_interval_beyond_the_run_saves_the_first_row_alone() {
    assert_eq!(time("time 0 10 1\nsave 1e300").n_rows, 1);
}

#[test]
fn warns_of_a_save_interval_that_is_no_multiple_of_the_step() {
    let text = format!("time 0 10 0.4\nsave 1{ANYTHING}");
    let (line, hint) = complaint(&text);
    assert!(line.starts_with("test:2:6: warning[E0508]"), "{line}");
    assert_eq!(hint, "a row is saved every 1.2000000000000002");
    assert_eq!(super::fixture::compile(&text).model.expect("a warning only").time.save_every, 3);
}

#[test]
fn a_save_interval_shorter_than_the_step_saves_every_step_with_a_warning() {
    assert_eq!(code("time 0 10 1\nsave 0.1"), "E0508");
}

#[test]
fn refuses_save_intervals_that_are_not_positive() {
    for interval in ["0", "-1", "NaN", "inf"] {
        assert_eq!(code(&format!("time 0 10 1\nsave {interval}")), "E0507", "{interval}");
    }
}

#[test]
fn needs_a_start_and_a_stop() {
    assert_eq!(code("no_time"), "E0501");
    assert_eq!(code("time - 10 1"), "E0501");
    assert_eq!(code("time 0 - 1"), "E0501");
    assert_eq!(complaints(&format!("time - - 1{ANYTHING}")).len(), 1, "both are named at the same place");
}

#[test]
fn refuses_times_that_are_not_finite() {
    assert_eq!(code("time NaN 10 1"), "E0502");
    assert_eq!(code("time 0 inf 1"), "E0502");
    assert_eq!(code("time -1e308 1e308 1e300"), "E0502");
}

#[test]
fn refuses_to_stop_before_the_start() {
    assert_eq!(code("time 10 0 1"), "E0503");
    assert_eq!(code("time 10 10 1"), "E0503");
}

#[test]
fn refuses_steps_that_lead_nowhere() {
    for dt in ["0", "-0.5", "NaN", "inf", "-inf"] {
        assert_eq!(code(&format!("time 0 10 {dt}")), "E0504", "{dt}");
    }
    assert_eq!(code("time 1e17 1.00000000000001e17 1"), "E0504");
}

#[test]
fn refuses_a_step_longer_than_the_run() {
    assert_eq!(code("time 0 10 10.1"), "E0505");
    assert_eq!(time("time 0 10 10").n_steps, 1);
}

#[test]
fn refuses_more_steps_than_can_be_counted() {
    assert_eq!(code("time 0 1e6 1e-12"), "E0506");
    assert_eq!(code("time 0 1 1e-320"), "E0506");
    assert_eq!(time("time 0 1e12 1").n_steps, 1_000_000_000_000);
}

#[test]
fn takes_the_first_method_that_is_supported() {
    assert_eq!(time("time 0 10 1").method, Method::Euler);
    assert_eq!(time("time 0 10 1 RK4").method, Method::Rk4);
    assert_eq!(time("time 0 10 1 gear rk45 rk2 euler").method, Method::Rk2);
    let (line, hint) = complaint(&format!("time 0 10 1 gear rk45{ANYTHING}"));
    assert!(line.ends_with("error[E0920]: integration method `gear`, `rk45` is not supported"), "{line}");
    assert!(hint.contains("rk4"));
}

#[test]
fn a_run_may_take_as_many_steps_as_numbers_tell_apart() {
    assert_eq!(time("time 0 9007199254740992 1\nsave 1e15").n_steps, 1 << 53);
    let (line, _) = complaint(&format!("time 0 9007199254740994 1\nsave 1e15{ANYTHING}"));
    assert!(line.contains("takes more than 2^53 steps"), "{line}");
}
