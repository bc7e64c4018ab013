use super::fixture::{formula, model, order};

#[test]
fn a_uniflow_never_runs_backwards() {
    let model = model("flow f = TIME - 5\n  uniflow\nflow g = TIME - 5\n");
    assert_eq!(formula(&model, "f"), "MAX(0, TIME - 5)");
    assert_eq!(formula(&model, "g"), "TIME - 5");
}

#[test]
fn the_nearest_flag_holds() {
    let text = "default flows\naux y = 1\nflow a = y\nflow b = y\n  negative\nmodule m\nmodel m\ndefault flows off\naux y = 1\n\
                flow c = y\nflow d = y\n  nonneg\n";
    let model = model(text);
    assert_eq!(formula(&model, "a"), "MAX(0, y)");
    assert_eq!(formula(&model, "b"), "y");
    assert_eq!(formula(&model, "m.c"), "m.y");
    assert_eq!(formula(&model, "m.d"), "MAX(0, m.y)");
}

#[test]
fn outflows_of_a_non_negative_stock_are_served_in_the_listed_order() {
    let model = model(
        "time 0 10 0.5\nstock s = 5\n  in i\n  in j\n  out b\n  out a\n  nonneg\nflow a = TIME\nflow b = 2*TIME\nflow i = 1\nflow j = TIME\n",
    );
    assert_eq!(formula(&model, "b"), "MIN(2*TIME, s/0.5 + i + j)");
    assert_eq!(formula(&model, "a"), "MIN(TIME, s/0.5 + i + j - b)");
    assert_eq!(formula(&model, "i"), "constant 1");
    assert_eq!(order(&model, &model.step_order), "i j b a");
}

#[test]
fn the_direction_of_a_uniflow_is_kept_on_what_is_granted() {
    let model = model("default flows\nstock s = 5\n  out f\n  nonneg\nflow f = TIME\n");
    assert_eq!(formula(&model, "f"), "MAX(0, MIN(TIME, s/1))");
}

#[test]
fn a_table_is_applied_before_the_clamps() {
    let model = model("stock s = 5\n  out f\n  nonneg\nflow f = TIME\n  points 0,1 -> 2,3\n  uniflow\n");
    assert_eq!(formula(&model, "f"), "MAX(0, MIN(f(TIME), s/1))");
}

#[test]
fn stocks_in_a_chain_count_what_comes_in() {
    let model = model("default stocks\nstock a = 1\n  out f\nstock b = 1\n  in f\n  out g\nflow g = b\nflow f = a\n");
    assert_eq!(formula(&model, "f"), "MIN(a, a/1)");
    assert_eq!(formula(&model, "g"), "MIN(b, b/1 + f)");
    assert_eq!(order(&model, &model.step_order), "f g");
}

#[test]
fn stocks_in_a_ring_do_not_wait_for_one_another() {
    let model = model(
        "default stocks\nstock s = 9\n  in birth\n  in loss\n  out infection\nstock i = 1\n  in infection\n  out recovery\n\
         stock r = 0\n  in recovery\n  out loss\nflow infection = s*i\nflow recovery = i\nflow loss = r\nflow birth = TIME\n",
    );
    assert_eq!(formula(&model, "infection"), "MIN(s*i, s/1 + birth)");
    assert_eq!(formula(&model, "recovery"), "MIN(i, i/1)");
    assert_eq!(formula(&model, "loss"), "MIN(r, r/1)");
}

#[test]
fn an_inflow_that_depends_on_the_outflow_is_not_waited_for() {
    let model = model("stock s = 9\n  in i\n  out o\n  nonneg\nflow o = s\nflow i = o/2\n");
    assert_eq!(formula(&model, "o"), "MIN(s, s/1)");
    assert_eq!(order(&model, &model.step_order), "o i");
}

#[test]
fn a_flow_that_drains_two_stocks_is_limited_by_both() {
    let resolved =
        super::fixture::compile("default stocks\nstock a = 1\n  out f\nstock b = 2\n  out f\nflow f = TIME\n");
    let model = resolved.model.expect("a warning only");
    assert_eq!(formula(&model, "f"), "MIN(MIN(TIME, a/1), b/1)");
}

#[test]
fn an_outflow_reads_what_those_after_it_ask_for() {
    let text =
        "default stocks\nstock s = 9\n  out a\n  out b\n  out c\nflow a = b + c\nflow b = c + 1\nflow c = TIME\n";
    let model = model(text);
    assert_eq!(formula(&model, "c: wish"), "TIME");
    assert_eq!(formula(&model, "b: wish"), "\"c: wish\" + 1");
    assert_eq!(formula(&model, "a"), "MIN(\"b: wish\" + \"c: wish\", s/1)");
    assert_eq!(formula(&model, "b"), "MIN(\"b: wish\", s/1 - a)");
    assert_eq!(formula(&model, "c"), "MIN(\"c: wish\", s/1 - a - b)");
}

#[test]
fn an_outflow_reads_what_those_before_it_get() {
    let model = model("default stocks\nstock s = 9\n  out a\n  out b\nflow a = TIME\nflow b = a + 1\n");
    assert_eq!(formula(&model, "a"), "MIN(TIME, s/1)");
    assert_eq!(formula(&model, "b"), "MIN(a + 1, s/1 - a)");
}

/// The variables whose equations hold the calls, in the order of the calls.
fn owners(model: &simc_model::model::Model) -> Vec<&str> {
    model.states.iter().map(|state| model.var(state.owner).name.as_str()).collect()
}

#[test]
fn what_is_asked_for_takes_its_calls_along() {
    let stock = "default stocks\naux first = SMTH1(TIME, 3)\nstock s = 9\n  out a\n  out b\n";
    let direct = model(&format!("{stock}flow a = b + 1\nflow b = SMTH1(TIME, 5)\naux last = SMTH1(TIME, 7)\n"));
    assert_eq!(owners(&direct), ["first", "b: wish", "last"]);
    // By way of another variable, and of what a call of it needs in a step.
    let through =
        model(&format!("{stock}flow a = x\naux x = b/2\nflow b = SMTH1(TIME, 5)\naux last = SMTH1(TIME, 7)\n"));
    assert_eq!(owners(&through), ["first", "b: wish", "last"]);
    assert_eq!(formula(&through, "x"), "\"b: wish\"/2");
    assert_eq!(formula(&through, "a"), "MIN(x, s/1)");
    let in_call = model(&format!("{stock}flow a = DELAY1(TIME, b)\nflow b = TIME + 2\n"));
    assert_eq!(owners(&in_call), ["first", "a"]);
    assert_eq!(formula(&in_call, "b"), "MIN(\"b: wish\", s/1 - a)");
}
