use super::fixture::{formula, model, order};
use simc_model::model::{Model, StateKind, print_expr};

fn parts(model: &Model, index: usize) -> String {
    let state = &model.states[index];
    let show = |part: Option<&simc_model::model::Expr>| part.map_or("-".to_owned(), |expr| print_expr(model, expr));
    let parts = [Some(&state.input), state.time.as_ref(), state.init.as_ref(), state.horizon.as_ref()].map(show);
    parts.join(" | ")
}

#[test]
fn each_call_that_remembers_is_a_state_of_its_own() {
    let model = model("aux a = SMTH1(TIME, 5) - SMTH1(TIME, 5)\naux b = SMTH3(TIME, 6, 7) + 1\n");
    assert_eq!(formula(&model, "a"), "state#0 - state#1");
    assert_eq!(formula(&model, "b"), "state#2 + 1");
    assert_eq!(parts(&model, 0), "TIME | 5 | - | -");
    assert_eq!(parts(&model, 2), "TIME | 6 | 7 | -");
    assert_eq!(model.states[2].kind, StateKind::Smooth { order: 3 });
}

#[test]
fn nested_calls_come_before_those_around_them() {
    let model = model("aux a = 1 + SMTH1(2*DELAY1(TIME, 2) + INIT(TIME), 3 + PREVIOUS(TIME))\n");
    let kinds: Vec<StateKind> = model.states.iter().map(|state| state.kind).collect();
    assert_eq!(
        kinds,
        [StateKind::Delay { order: 1 }, StateKind::Init, StateKind::Previous, StateKind::Smooth { order: 1 }]
    );
    assert_eq!(formula(&model, "a"), "1 + state#3");
    assert_eq!(parts(&model, 3), "2*state#0 + state#1 | 3 + state#2 | - | -");
    assert_eq!(parts(&model, 2), "TIME | - | 0 | -");
}

#[test]
fn every_function_gets_its_arguments_in_their_places() {
    let model = model(
        "aux a = DELAY(TIME, 2)\naux b = DELAY3(TIME, 2, 3)\naux c = TREND(TIME, 2)\naux d = FORCST(TIME, 2, 3, 4)\n\
         aux e = INIT(TIME)\naux f = DELAYN(TIME, 2, 5, 4)\naux g = DELAY_FIXED(TIME, 2, 0)\n",
    );
    assert_eq!(parts(&model, 0), "TIME | 2 | - | -");
    assert_eq!(parts(&model, 1), "TIME | 2 | 3 | -");
    assert_eq!(parts(&model, 2), "TIME | 2 | 0 | -");
    assert_eq!(parts(&model, 3), "TIME | 2 | 4 | 3");
    assert_eq!(parts(&model, 4), "TIME | - | - | -");
    assert_eq!(parts(&model, 5), "TIME | 2 | 4 | -");
    assert_eq!(model.states[5].kind, StateKind::Delay { order: 5 });
    assert_eq!(model.states[6].kind, StateKind::Pipeline);
}

#[test]
fn self_is_the_variable_in_whose_equation_it_stands() {
    let model = model("aux a = IF TIME > 5 THEN 2 ELSE PREVIOUS(SELF, 1)\n");
    assert_eq!(parts(&model, 0), "a | - | 1 | -");
    assert_eq!(order(&model, &model.step_order), "#0 a");
    assert_eq!(order(&model, &model.init_order), "#0");
}

#[test]
fn a_state_knows_the_variable_that_owns_it() {
    let model = model("aux x = 1\naux a = x + SMTH1(TIME, 5)\n");
    assert_eq!(model.var(model.states[0].owner).name, "a");
}
