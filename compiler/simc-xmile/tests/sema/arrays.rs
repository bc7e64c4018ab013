//! Definitions of arrays: which equation holds for which elements.

use super::fixture::{clauses, complaint, complaints, formula, marked, model, order, var};
use simc_model::model::{Def, VarKind};

const DIMS: &str = "dim Row r1 r2 r3\ndim Col 2\n";

fn with_dims(text: &str) -> String {
    format!("{DIMS}{text}")
}

#[test]
fn one_equation_for_all_elements_is_one_clause() {
    let model = model(&with_dims("aux a = TIME\n  over Row Col\n"));
    assert_eq!(clauses(&model, "a"), ["[Row, Col] = TIME"]);
    assert_eq!(var(&model, "a").dims.len(), 2);
}

#[test]
fn elements_have_equations_of_their_own_and_the_rest_is_covered_by_boxes() {
    let model = model(&with_dims("aux a = TIME\n  over Row Col\n  elem r2, 1 = 2*TIME\n"));
    assert_eq!(
        clauses(&model, "a"),
        ["[Row 2, Col 1] = 2*TIME", "[Row 1, Col] = TIME", "[Row 2, Col 2] = TIME", "[Row 3, Col] = TIME"]
    );
}

#[test]
fn an_entry_may_speak_of_a_whole_dimension() {
    let model = model(&with_dims("aux a = TIME\n  over Row Col\n  elem *, 2 = 1 + TIME\n  elem r1, 1 = DT\n"));
    assert_eq!(clauses(&model, "a"), ["[Row, Col 2] = 1 + TIME", "[Row 1, Col 1] = 1", "[Row 2..3, Col 1] = TIME"]);
}

#[test]
fn constants_of_all_elements_can_be_set() {
    let model = model(&with_dims("aux a = 1/4\n  over Row\n  elem r2 = -2\naux b = 1\n  over Row\n  elem r2 = TIME\n"));
    assert_eq!(var(&model, "a").kind, VarKind::Constant);
    assert!(matches!(&var(&model, "a").def, Def::Constant(values) if *values == [0.25, -2.0, 0.25]));
    assert_eq!(var(&model, "b").kind, VarKind::Auxiliary);
}

#[test]
fn a_list_has_an_equation_for_each_element() {
    let model = model(&with_dims("aux a\n  over Row\n  list 1, 2, 3\naux b\n  over Col\n  list TIME, a[r1] + 1\n"));
    assert!(matches!(&var(&model, "a").def, Def::Constant(values) if *values == [1.0, 2.0, 3.0]));
    assert_eq!(clauses(&model, "b"), ["[Col 1] = TIME", "[Col 2] = a[r1] + 1"]);
    let (line, _) = complaint(&with_dims("aux a\n  over Row\n  list 1, 2\n"));
    assert!(line.ends_with("error[E0307]: the list has 2 equations for 3 elements"), "{line}");
}

#[test]
fn elements_without_an_equation_are_named() {
    let (line, hint) = complaint(&with_dims("aux a\n  over Row Col\n  elem r2, 1 = 5\n"));
    assert_eq!(line, "test:3:5: error[E0306]: `a[r1,1]`, `a[r1,2]`, `a[r2,2]`, 2 more have no equation");
    assert_eq!(hint, "give each an equation, or write one for all elements without one");
    let (line, _) = complaint(&with_dims("aux a\n  over Col\n  elem 2 = 5\n"));
    assert!(line.ends_with("`a[1]` has no equation"), "{line}");
}

#[test]
fn an_element_is_defined_once() {
    let text = with_dims("aux a = 0\n  over Row\n  elem r1 = 5\n  elem R1 = 6\n");
    assert!(complaint(&text).0.ends_with("error[E0305]: element `a[r1]` is defined twice"));
    assert_eq!(marked(&text), "elem R1 = 6");
}

#[test]
fn dimensions_and_elements_must_exist() {
    let (line, hint) = complaint(&with_dims("aux a = 0\n  over Rwo\naux b = a[r1] + a\n"));
    assert!(line.ends_with("error[E0301]: unknown dimension `Rwo`"), "{line}");
    assert_eq!(hint, "did you mean `Row`?");
    let (line, hint) = complaint(&with_dims("aux a = 0\n  over Row\n  elem r11 = 5\n"));
    assert!(line.ends_with("error[E0302]: `r11` is no element of dimension `Row`"), "{line}");
    assert_eq!(hint, "did you mean `r1`?");
    let (line, _) = complaint(&with_dims("aux a = 0\n  over Row\n  elem r1, 2 = 5\n"));
    assert!(line.contains("E0303"), "{line}");
    assert!(complaint("aux a = 0\n  elem r1 = 5\n").0.contains("E0303"));
}

#[test]
fn elements_of_a_dimension_differ() {
    let (line, _) = complaint("dim D a b A\naux x = 0\n");
    assert!(line.contains("error[E0304]: dimension `D` has element `A` twice"), "{line}");
    assert!(complaint("dim D 2\ndim d 3\naux x = 0\n").0.contains("E0203"));
}

#[test]
fn a_huge_dimension_costs_nothing_unless_it_is_used() {
    assert_eq!(complaints("dim Big 1000000000\naux a = 0\n"), Vec::<String>::new());
    assert!(complaint("dim Big 1000000000\naux a = 0\n  over Big\n").0.contains("E0312"));
    assert!(
        complaints("dim Big 1000000\naux a = 0\n  over Big Big\naux b = a\n").iter().all(|line| line.contains("E0312"))
    );
    assert!(complaint("dim Big 1000000000\naux a = SIZE(Big)\n").0.contains("E0312"));
}

#[test]
fn graphical_functions_are_shared_or_chosen_by_element() {
    let text = "table t\n  over Row\n  elem r1 points 0,1 -> 0,1\n  elem r2 points 0,1 -> 0,2\n  elem r3 points 0,1 -> 0,3\n\
                aux a = t(TIME)\n  over Row\naux b = t[r2](TIME)\naux c = LOOKUP(t[Row], TIME)\n  over Row\n\
                aux d = TIME\n  over Row\n  points 0,1 -> 5,6\naux e = SUM(t[*](TIME))\n";
    let model = model(&with_dims(text));
    assert_eq!(clauses(&model, "a"), ["[Row] = t[i0](TIME)"]);
    assert_eq!(formula(&model, "b"), "t[r2](TIME)".replace("t[r2]", "\"t[r2]\""));
    assert_eq!(clauses(&model, "c"), clauses(&model, "a"));
    assert_eq!(clauses(&model, "d"), ["[Row] = d(TIME)"]);
    assert_eq!(formula(&model, "e"), "SUM(Row: t[j0](TIME))");
    assert!(complaint(&with_dims("table t\n  over Row\n  elem r1 points 0,1 -> 0,1\naux x = 1\n")).0.contains("E0306"));
}

#[test]
fn a_graphical_function_of_an_element_applies_to_its_equation() {
    let text = "aux a = TIME\n  over Row\n  elem r1 points 0,1 -> 0,1\n";
    let model = model(&with_dims(text));
    assert_eq!(clauses(&model, "a"), ["[Row 1] = \"a[r1]\"(TIME)", "[Row 2..3] = TIME"]);
}

#[test]
fn stocks_have_initial_values_and_flows_for_each_element() {
    let text = "stock s = 5\n  over Row\n  elem r2 = 7\n  in f\n  out g\nflow f = s*2\n  over Row\nflow g = 1\n";
    let model = model(&with_dims(text));
    assert_eq!(
        clauses(&model, "s"),
        ["init [Row 2] = 7", "init [Row 1] = 5", "init [Row 3] = 5", "net [Row] = f[i0] - g"]
    );
    let text = "stock s = 5\n  over Col\n  in f\nflow f = 1\n  over Row\n";
    let (line, _) = complaint(&with_dims(text));
    assert!(line.contains("error[E0308]: shapes do not fit: flow `f[Row]` changes stock `s[Col]`"), "{line}");
}

#[test]
fn a_flow_is_added_up_over_dimensions_that_its_stock_lacks() {
    let text = "stock s = 5\n  nonneg\n  in f\n  out g\nflow f = 1\n  over Row\nflow g = 2*TIME\n  over Row\n";
    let model = model(&with_dims(text));
    assert_eq!(clauses(&model, "s"), ["init = 5", "net = SUM(Row: f[j0]) - SUM(Row: g[j0])"]);
    assert_eq!(order(&model, &model.step_order), "f g: left#0 g#0 +(g: left#1 g#1)");
    let text = "stock s = 5\n  nonneg\n  out f\nflow f = 3\n  over Row Col\n";
    assert!(complaint(&with_dims(text)).0.contains("E0927"));
}

#[test]
fn elements_are_clamped_one_by_one() {
    let text =
        "stock s = 5\n  over Row\n  nonneg\n  elem r2 is negative\n  out f\nflow f = 3*TIME\n  over Row\n  uniflow\n";
    let model = model(&with_dims(text));
    assert_eq!(
        clauses(&model, "f"),
        [
            "[Row 2] = MAX(0, 3*TIME)",
            "[Row 2] at first = 3*TIME",
            "[Row 1] = MAX(0, MIN(3*TIME, s[i0]/1))",
            "[Row 1] at first = 3*TIME",
            "[Row 3] = MAX(0, MIN(3*TIME, s[i0]/1))",
            "[Row 3] at first = 3*TIME"
        ]
    );
    let text = "stock s = 5\n  over Row\n  nonneg\n  out f\nflow f = 3\n";
    assert!(complaint(&with_dims(text)).0.contains("E0927"));
}

#[test]
fn module_inputs_may_be_arrays() {
    let text = "module m\n  connect m.x y\naux y = TIME\n  over Row\nmodel m\naux x = 0\n  over Row\n  input\naux z = x*2\n  over Row\n";
    let model = model(&with_dims(text));
    assert_eq!(clauses(&model, "m.x"), ["[Row] = y[i0]"]);
    let text = "module m\n  connect m.x y\naux y = TIME\n  over Row\nmodel m\naux x = 0\n  input\n";
    assert!(complaint(&with_dims(text)).0.contains("E0308"));
}

#[test]
fn a_numbered_dimension_does_not_stand_for_a_named_one() {
    let text =
        |of: &str, by: &str| format!("dim n 3\ndim m 3\ndim e a b c\naux x = 1\n  over {of}\naux y = x\n  over {by}\n");
    assert_eq!(complaints(&text("n", "m")), Vec::<String>::new());
    for (of, by) in [("n", "e"), ("e", "n")] {
        let lines = complaints(&text(of, by));
        assert!(lines.iter().any(|line| line.contains("error")), "{lines:?}");
    }
}

#[test]
fn an_array_has_sixteen_dimensions_at_most() {
    let over = |n: usize| format!("dim d 1\naux a = TIME\n  over{}\n", " d".repeat(n));
    assert_eq!(model(&over(16)).vars[0].dims.len(), 16);
    let (line, hint) = complaint(&over(17));
    assert!(line.contains("E0305") || line.contains("too large") || line.contains("17 dimensions"), "{line}");
    assert!(hint.contains("in 16 dimensions"), "{hint}");
}
