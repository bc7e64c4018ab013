use super::fixture::{model, order};

#[test]
fn a_step_computes_what_is_needed_first_and_keeps_the_order_of_definition_otherwise() {
    let model =
        model("aux a = b + c\naux z = 1\naux b = c*2\naux c = TIME\naux y = 2\nstock s = 1\n  in f\nflow f = a + s\n");
    assert_eq!(order(&model, &model.step_order), "c b a z y f");
    assert_eq!(order(&model, &model.init_order), "s");
}

#[test]
fn initial_values_compute_only_what_they_need() {
    let model = model("stock s = x + t\n  in f\nstock t = y\naux x = y*2\naux y = TIME\naux unused = x\nflow f = x\n");
    assert_eq!(order(&model, &model.init_order), "y x t s");
}

#[test]
fn an_initial_value_may_need_a_flow_that_needs_another_stock() {
    let model = model("stock s = f\nstock t = 3\n  in f\nflow f = t/2\n");
    assert_eq!(order(&model, &model.init_order), "t f s");
    assert_eq!(order(&model, &model.step_order), "f");
}

#[test]
fn smooths_pipelines_previous_and_init_break_cycles_in_a_step() {
    for call in ["SMTH1(a, 5, 1)", "DELAY(a, 5, 1)", "PREVIOUS(a, 1)", "DELAY1(a, 5, 1)", "DELAY3(a, 5, 1)"] {
        let model = model(&format!("aux a = 1 + {call}\n"));
        assert_eq!(order(&model, &model.step_order), "#0 a", "{call}");
        assert_eq!(order(&model, &model.init_order), "#0", "{call}");
    }
}

#[test]
fn a_delay_waits_for_its_time_and_not_for_its_input() {
    let model = model("aux a = DELAY1(in, tau)\naux in = TIME\naux tau = TIME + 1\n");
    assert_eq!(order(&model, &model.step_order), "tau #0 a in");
    assert_eq!(order(&model, &model.init_order), "in tau #0");
}

#[test]
fn a_smooth_waits_for_nothing_in_a_step_and_for_its_input_at_the_start() {
    let model = model("aux a = SMTH1(in, tau)\naux in = TIME\naux tau = TIME + 1\n");
    assert_eq!(order(&model, &model.step_order), "#0 a in tau");
    assert_eq!(order(&model, &model.init_order), "in #0");
}

#[test]
fn a_smooth_with_an_initial_value_does_not_wait_for_its_input() {
    let model = model("aux a = SMTH1(in, tau, x)\naux in = TIME\naux tau = TIME + 1\naux x = 3\n");
    assert_eq!(order(&model, &model.init_order), "x #0");
}

#[test]
fn a_trend_and_a_forecast_wait_for_all_they_read() {
    let model =
        model("aux a = TREND(in, tau)\naux b = FORCST(in, tau, far)\naux in = TIME\naux tau = TIME\naux far = TIME\n");
    assert_eq!(order(&model, &model.step_order), "in tau #0 a far #1 b");
    assert_eq!(order(&model, &model.init_order), "in tau #0 far #1");
}

#[test]
fn a_pipeline_needs_its_time_only_at_the_start() {
    let model = model("aux a = DELAY(in, tau)\naux in = TIME\naux tau = TIME + 1\n");
    assert_eq!(order(&model, &model.step_order), "#0 a in tau");
    assert_eq!(order(&model, &model.init_order), "in tau #0");
}

#[test]
fn a_captured_value_waits_for_its_input_at_the_start_alone() {
    let model = model("aux a = INIT(x)\naux x = s + 1\nstock s = 4\n  in f\nflow f = a\n");
    assert_eq!(order(&model, &model.step_order), "#0 a x f");
    assert_eq!(order(&model, &model.init_order), "s x #0");
}

#[test]
fn nested_states_start_from_within() {
    let model = model("aux a = SMTH1(DELAY1(in, 2), 3)\naux in = TIME\n");
    assert_eq!(order(&model, &model.init_order), "in #0 #1");
    assert_eq!(order(&model, &model.step_order), "#1 a in #0");
}

#[test]
fn tables_that_are_only_called_are_computed_in_no_order() {
    let model = model("table t\n  points 0,1 -> 0,1\naux a = t(TIME)\n");
    assert_eq!(order(&model, &model.step_order), "a");
}
