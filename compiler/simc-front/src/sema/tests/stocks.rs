use super::fixture::{complaint, formula, marked, model, var};
use crate::model::VarKind;

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
fn a_flow_fills_and_drains_one_stock_at_most() {
    let (line, _) = complaint("stock a = 1\n  in f\nstock b = 2\n  in f\nflow f = TIME\n");
    assert_eq!(line, "test:4:6: error[E0215]: flow `f` fills stock `b` and also stock `a`");
    let (line, _) = complaint("stock a = 1\n  out f\n  out f\nflow f = TIME\n");
    assert_eq!(line, "test:3:7: error[E0215]: flow `f` drains stock `a` twice");
}

#[test]
fn flows_must_exist_and_be_flows() {
    let (line, hint) = complaint("stock s = 1\n  in birhts\nflow births = 1\n");
    assert_eq!(
        (line.as_str(), hint.as_str()),
        ("test:2:6: error[E0201]: unknown flow `birhts`", "did you mean `births`?")
    );
    let (line, _) = complaint("stock s = 1\n  in x\naux x = 1\n");
    assert_eq!(line, "test:2:6: error[E0214]: `x` is not a flow");
}

#[test]
fn what_has_no_equation_is_named() {
    assert_eq!(complaint("stock s\n").0, "test:1:7: error[E0205]: stock `s` has no initial value");
    assert_eq!(complaint("flow f\n").0, "test:1:6: error[E0204]: variable `f` has no equation");
    assert_eq!(marked("aux somewhere\n"), "somewhere");
}

#[test]
fn a_stock_has_no_table() {
    assert!(
        complaint("stock s = 1\n  points 0,1 -> 0,1\n").0.contains("error[E0216]: stock `s` has a graphical function")
    );
}
