//! What differs, and which of it is the cause.

use std::sync::Arc;

use crate::compare::{Comparison, Link, Role, Tolerance, compare};
use crate::{Precision, Run, Series};

fn a_run(series: &[(&str, &[f64])]) -> Run {
    let times: Arc<[f64]> = (0..series[0].1.len()).map(|at| at as f64).collect();
    let series = series.iter().map(|(name, values)| Series {
        name: (*name).to_owned(),
        times: times.clone(),
        values: values.to_vec(),
    });
    Run { precision: Precision::Double, series: series.collect() }
}

fn base(key: &str) -> String {
    key.split('[').next().unwrap_or_default().to_owned()
}

/// Links as `cause>effect`, with `>>` to a stock.
fn links(written: &[&str]) -> Vec<Link> {
    let link = |written: &&str| {
        let (cause, effect) = written.split_once('>').expect("a link");
        let is_delayed = effect.starts_with('>');
        Link { cause: cause.to_owned(), effect: effect.trim_start_matches('>').to_owned(), is_delayed }
    };
    written.iter().map(link).collect()
}

fn compared(here: &Run, reference: &Run, written: &[&str]) -> Comparison {
    let tolerance = Tolerance { relative: 1e-6, absolute: None };
    compare(here, reference, tolerance, &str::to_lowercase, &base, Some(&links(written)))
}

/// Each difference with the time at which it begins, and what it follows from.
fn shown(found: &Comparison) -> Vec<String> {
    let role = |role: &Role| match role {
        Role::Cause => "cause".to_owned(),
        Role::Follows(at) => format!("from {}", found.differences[*at].name),
        Role::Unknown => "unknown".to_owned(),
    };
    found.differences.iter().map(|d| format!("{} {} {}", d.name, d.first.time, role(&d.role))).collect()
}

#[test]
fn equal_runs_agree() {
    let run = a_run(&[("Stock", &[1.0, 2.0]), ("rate", &[0.5, 0.5000001])]);
    let reference = a_run(&[("stock", &[1.0, 2.0]), ("Rate", &[0.5, 0.5])]);
    let found = compared(&run, &reference, &[]);
    assert_eq!((found.n_compared, found.n_times, found.differences.len()), (2, 2, 0));
    assert_eq!(found.closest_call.map(|(name, _)| name).as_deref(), Some("Rate"));
}

#[test]
fn the_cause_is_named_before_what_follows() {
    // effect reads level, level sums rate, rate reads effect and policy; policy changes at 1.
    let here = a_run(&[
        ("level", &[1.0, 2.0, 9.0]),
        ("effect", &[2.0, 4.0, 18.0]),
        ("rate", &[1.0, 7.0, 9.0]),
        ("policy", &[1.0, 5.0, 5.0]),
    ]);
    let reference = a_run(&[
        ("level", &[1.0, 2.0, 3.0]),
        ("effect", &[2.0, 4.0, 6.0]),
        ("rate", &[1.0, 1.0, 1.0]),
        ("policy", &[1.0, 1.0, 1.0]),
    ]);
    let found = compared(&here, &reference, &["rate>>level", "level>effect", "effect>rate", "policy>rate"]);
    assert_eq!(shown(&found), ["policy 1 cause", "rate 1 from policy", "level 2 from policy", "effect 2 from policy"]);
}

#[test]
fn variables_that_were_not_compared_pass_a_difference_on() {
    let here = a_run(&[("a", &[1.0]), ("c", &[5.0])]);
    let reference = a_run(&[("a", &[2.0]), ("c", &[6.0])]);
    assert_eq!(shown(&compared(&here, &reference, &["a>b", "b>c"])), ["a 0 cause", "c 0 from a"]);
    let known = a_run(&[("a", &[2.0]), ("b", &[1.0]), ("c", &[6.0])]);
    let agreeing = a_run(&[("a", &[1.0]), ("b", &[1.0]), ("c", &[5.0])]);
    assert_eq!(shown(&compared(&agreeing, &known, &["a>b", "b>c"])), ["a 0 cause", "c 0 cause"]);
}

#[test]
fn a_stock_does_not_follow_from_a_flow_of_the_same_time() {
    let here = a_run(&[("s", &[1.0, 5.0]), ("f", &[1.0, 9.0])]);
    let reference = a_run(&[("s", &[1.0, 2.0]), ("f", &[1.0, 2.0])]);
    assert_eq!(shown(&compared(&here, &reference, &["f>>s", "s>f"])), ["s 1 cause", "f 1 from s"]);
}

#[test]
fn a_stock_that_parts_with_its_flow_follows_from_what_the_flow_follows_from() {
    // Several steps are between the saved times: the rate has parted at 0, the flow and both stocks by 1.
    let here = a_run(&[("rate", &[2.0, 2.0]), ("a", &[9.0, 7.0]), ("f", &[0.0, 4.0]), ("b", &[1.0, 3.0])]);
    let reference = a_run(&[("rate", &[1.0, 1.0]), ("a", &[9.0, 8.0]), ("f", &[0.0, 2.0]), ("b", &[1.0, 2.0])]);
    let found = compared(&here, &reference, &["rate>f", "a>f", "f>>a", "f>>b"]);
    assert_eq!(shown(&found), ["rate 0 cause", "a 1 from rate", "f 1 from rate", "b 1 from rate"]);
}

#[test]
fn elements_differ_one_by_one_and_a_circle_has_a_beginning() {
    let here = a_run(&[("x[a]", &[1.0, 1.0]), ("x[b]", &[1.0, 3.0]), ("y", &[1.0, 3.0])]);
    let reference = a_run(&[("x[a]", &[1.0, 2.0]), ("x[b]", &[1.0, 2.0]), ("y", &[1.0, 2.0])]);
    let found = compared(&here, &reference, &["x>y", "y>x"]);
    assert_eq!(found.differences.iter().filter(|d| d.role == Role::Cause).count(), 1, "{:?}", shown(&found));
}

#[test]
fn missing_values_of_the_reference_say_nothing_and_ours_differ() {
    let na = -(2f64.powi(109));
    let here = a_run(&[("a", &[1.0, f64::NAN]), ("b", &[1.0, 7.0]), ("c", &[0.0, f64::INFINITY])]);
    let reference = a_run(&[("a", &[f64::NAN, 1.0]), ("b", &[1.0, na]), ("c", &[0.0, f64::INFINITY])]);
    assert_eq!(shown(&compared(&here, &reference, &[])), ["a 1 cause"]);
}

#[test]
fn times_are_matched_by_value_or_by_order() {
    let reference = Run {
        precision: Precision::Single,
        series: vec![Series { name: "x".into(), times: Arc::from([0.0, 0.031, 0.063]), values: vec![1.0, 2.0, 3.0] }],
    };
    let here = |times: &[f64]| Run {
        precision: Precision::Double,
        series: vec![Series {
            name: "x".into(),
            times: Arc::from(times),
            values: (1..=times.len()).map(|value| value as f64).collect(),
        }],
    };
    let found = compared(&here(&[0.0, 0.03125, 0.0625]), &reference, &[]);
    assert_eq!((found.n_times, found.n_times_absent, found.differences.len()), (3, 0, 0));
    let found = compared(&here(&[0.0, 0.031]), &reference, &[]);
    assert_eq!((found.n_times, found.n_times_absent, found.differences.len()), (2, 1, 0));
}

#[test]
fn without_links_differences_come_by_time() {
    let here = a_run(&[("a", &[1.0, 5.0]), ("b", &[2.0, 2.0])]);
    let reference = a_run(&[("a", &[1.0, 1.0]), ("b", &[1.0, 2.0]), ("z", &[1.0, 1.0])]);
    let found = compare(&here, &reference, Tolerance::of(Precision::Single), &str::to_lowercase, &base, None);
    assert_eq!(shown(&found), ["b 0 unknown", "a 1 unknown"]);
    assert_eq!(found.only_in_reference, ["z"]);
}
