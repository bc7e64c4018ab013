//! Times that follow from constants: what is computed of them takes bounded time, whatever the constants are.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use simc_model::files::NoFiles;

use crate::neutral::Sources;

/// When a model with such a final time ends; nothing when that is not known. Reading it takes bounded time.
fn stop(variables: &str, final_time: &str) -> Option<f64> {
    let text = format!(
        "{{UTF-8}}\n{variables}\nINITIAL TIME = 0 ~~|\nFINAL TIME = {final_time} ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n"
    );
    let start = Instant::now();
    let mut sources = Sources::new();
    let root = sources.add("m.mdl", &text);
    let (tree, diagnostics) = crate::parse(&sources, root);
    assert!(diagnostics.is_empty());
    let translated = crate::translate(&tree, &mut sources, &NoFiles, Vec::new(), &[]);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    translated.definition.sim_specs.and_then(|specs| specs.stop).map(|(stop, _)| stop)
}

#[test]
fn a_sum_of_an_array_with_an_equation_for_each_element() {
    let mut variables = String::from("R: (e1-e8000) ~~|\n");
    (1..=8000).for_each(|n| _ = writeln!(variables, "a[e{n}] = 1 ~~|"));
    assert_eq!(stop(&variables, "SUM(a[R!])"), Some(8000.0));
}

#[test]
fn an_element_of_an_array_with_equations_for_ranges() {
    let variables =
        "R: e1, e2, e3 ~~|\nP: e1, e2 ~~|\na[P] = 4 ~~|\na[e3] = 5 ~~|\nb[R] :EXCEPT: [e2] = 7 ~~|\nb[e2] = 9 ~~|\n";
    assert_eq!(stop(variables, "SUM(a[R!])"), Some(13.0));
    assert_eq!(stop(variables, "SUM(b[R!])"), Some(23.0));
}

#[test]
fn a_list_of_numbers() {
    assert_eq!(stop("R: e1, e2, e3 ~~|\na[R] = 3, 4, 5 ~~|\n", "a[e2] * 10 + a[e3]"), Some(45.0));
}

#[test]
fn a_lookup_of_many_points_that_is_called_often() {
    let mut variables = String::from("t(");
    (0..20_000).for_each(|n| _ = write!(variables, "{}({n},{n})", if n == 0 { "" } else { "," }));
    variables += ") ~~|\n";
    assert_eq!(stop(&variables, "t(7) + t(8)"), Some(15.0));
    assert_eq!(stop(&variables, &format!("t(7){}", "+t(1)".repeat(20_000))), None);
}

#[test]
fn a_sum_over_many_ranges() {
    let mut variables = String::new();
    (0..10_000).for_each(|n| _ = writeln!(variables, "R{n}: e{n} ~~|\na{n}[R{n}] = 1 ~~|"));
    let terms: Vec<String> = (0..10_000).map(|n| format!("a{n}[R{n}!]")).collect();
    assert_eq!(stop(&variables, "SUM(a0[R0!] + a1[R1!])"), Some(2.0));
    assert_eq!(stop(&variables, &format!("SUM({})", terms.join("+"))), None);
}
