use super::fixture::{compile, complaint, complaints, formula, marked, model, var};
use simc_model::model::VarKind;

#[test]
fn a_stock_adds_its_inflows_and_subtracts_its_outflows_in_order() {
    let model = model(
        "stock s = 5 + x\n  out c\n  in a\n  out d\n  in b\nflow a = TIME\nflow b = TIME\nflow c = TIME\nflow d = TIME\naux x = 1\n\
         stock drained = 1\n  out e\n  out f\nflow e = TIME\nflow f = TIME\nstock still = 2\n",
    );
    assert_eq!(formula(&model, "s"), "5 + x | a + b - c - d");
    assert_eq!(formula(&model, "drained"), "1 | -e - f");
    assert_eq!(formula(&model, "still"), "2 | 0");
    assert_eq!(var(&model, "s").kind, VarKind::Stock);
}

#[test]
fn a_flow_runs_from_one_stock_to_another() {
    let model = model("stock a = 1\n  out f\nstock b = 2\n  in f\nflow f = a\n");
    assert_eq!(formula(&model, "a"), "1 | -f");
    assert_eq!(formula(&model, "b"), "2 | f");
}

#[test]
fn a_flow_that_fills_two_stocks_is_counted_by_both_with_a_warning() {
    let text = "stock a = 1\n  in f\nstock b = 2\n  in f\nflow f = TIME\n";
    let (line, _) = complaint(text);
    assert_eq!(line, "test:4:6: warning[E0215]: flow `f` fills stock `b` and also stock `a`");
    let model = compile(text).model.expect("a warning only");
    assert_eq!((formula(&model, "a"), formula(&model, "b")), ("1 | f".to_owned(), "2 | f".to_owned()));
}

#[test]
fn a_flow_drains_a_stock_once() {
    let (line, _) = complaint("stock a = 1\n  out f\n  out f\nflow f = TIME\n");
    assert_eq!(line, "test:3:7: error[E0215]: flow `f` drains stock `a` twice");
}

#[test]
fn flows_must_exist() {
    let (line, hint) = complaint("stock s = 1\n  in birhts\nflow births = 1\n");
    assert_eq!(
        (line.as_str(), hint.as_str()),
        ("test:2:6: error[E0201]: unknown flow `birhts`", "did you mean `births`?")
    );
}

#[test]
fn an_auxiliary_may_change_a_stock_with_a_warning() {
    let text = "stock s = 1\n  in x\naux x = 1\n";
    assert_eq!(complaint(text).0, "test:2:6: warning[E0214]: `x` changes a stock but is not a flow");
    assert_eq!(formula(&compile(text).model.expect("a warning only"), "s"), "1 | x");
}

#[test]
fn a_stock_or_a_table_cannot_change_a_stock() {
    let (line, _) = complaint("stock s = 1\n  in t\nstock t = 1\n");
    assert_eq!(line, "test:2:6: error[E0214]: `t` changes a stock but is not a flow");
}

#[test]
fn flows_of_a_refused_stock_need_no_equations() {
    assert!(complaints("stock s\n  reported\n  out f\nflow f\nflow g\n")[0].contains("`g`"));
    assert_eq!(complaints("stock s\n  reported\n  out f\nflow f\naux x = f\n"), Vec::<String>::new());
}

#[test]
fn what_has_no_equation_is_named() {
    assert_eq!(complaint("stock s\naux a = s\n").0, "test:1:7: error[E0205]: stock `s` has no initial value");
    assert_eq!(complaint("flow f\naux a = f\n").0, "test:1:6: error[E0204]: variable `f` has no equation");
    assert_eq!(marked("aux somewhere\naux a = somewhere\n"), "somewhere");
}

#[test]
fn what_has_no_equation_and_no_use_is_a_warning() {
    assert_eq!(complaint("stock s\n").0, "test:1:7: warning[E0205]: stock `s` has no initial value");
    assert_eq!(complaint("flow f\n").0, "test:1:6: warning[E0204]: variable `f` has no equation");
    assert_eq!(marked("aux somewhere\n"), "somewhere");
}

#[test]
fn a_stock_has_no_table() {
    assert!(
        complaint("stock s = 1\n  points 0,1 -> 0,1\n").0.contains("error[E0216]: stock `s` has a graphical function")
    );
}
