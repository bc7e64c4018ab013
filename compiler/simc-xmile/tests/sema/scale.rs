//! Large and hostile models end soon, with a model or a diagnostic.

use std::fmt::Write;

use super::fixture::{complaints, model};

#[test]
fn a_chain_of_50_000_variables_is_ordered() {
    let n = 50_000;
    let mut text = String::new();
    for i in 0..n - 1 {
        writeln!(text, "aux v{i} = v{}", i + 1).expect("writing to a string does not fail");
    }
    writeln!(text, "aux v{} = TIME", n - 1).expect("writing to a string does not fail");
    let model = model(&text);
    assert_eq!(model.step_order.len(), n);
    assert_eq!(model.step_order[0], simc_model::model::Node::Var(simc_model::model::VarId(n as u32 - 1)));
}

#[test]
fn a_cycle_of_50_000_variables_is_reported() {
    let n = 50_000;
    let text: String = (0..n).map(|i| format!("aux v{i} = v{}\n", (i + 1) % n)).collect();
    let lines = complaints(&text);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].len() < 500);
}

#[test]
fn thousands_of_unknown_names_are_each_reported() {
    let text: String = (0..5_000).map(|i| format!("aux v{i} = nothing{i}\n")).collect();
    assert_eq!(complaints(&text).len(), 5_000);
}

#[test]
fn an_equation_of_many_terms_resolves() {
    let terms = vec!["x"; 20_000].join(" + ");
    let model = model(&format!("aux x = TIME\naux a = {terms}\n"));
    let text = super::fixture::formula(&model, "a");
    assert_eq!(text.len(), terms.len());
}

#[test]
fn modules_that_multiply_are_stopped() {
    let mut text = String::from("module a\nmodule b\n");
    for i in 0..20 {
        let inner = i + 1;
        writeln!(text, "model l{i}\nmodule x l{inner}\nmodule y l{inner}\naux z = 1")
            .expect("writing to a string does not fail");
    }
    text.push_str("model l20\naux z = 1\nmodel a\nmodule x l0\nmodel b\nmodule x l0\n");
    let lines = complaints(&text);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("error[E0222]"));
}

#[test]
fn modules_that_nest_too_deeply_are_refused() {
    let mut text = String::from("module m0\n");
    for i in 0..100 {
        writeln!(text, "model m{i}\nmodule m{}", i + 1).expect("writing to a string does not fail");
    }
    text.push_str("model m100\naux x = 1\n");
    let lines = complaints(&text);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].ends_with("error[E0222]: modules nest deeper than 64 levels"), "{lines:?}");
}

#[test]
fn a_large_model_that_is_repeated_is_stopped() {
    let terms = vec!["x"; 200_000].join(" + ");
    let modules: String = (0..100).map(|i| format!("module m{i} big\n")).collect();
    let lines = complaints(&format!("{modules}model big\naux x = TIME\naux a = {terms}\n"));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("error[E0222]"));
}
