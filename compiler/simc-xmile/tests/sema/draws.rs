use super::fixture::{complaints, formula, model};
use simc_model::model::{Def, Model, VarKind, print_expr};

/// The number of the call in a draw that is a variable's whole equation.
fn call_number(model: &Model, name: &str) -> String {
    let shown = formula(model, name);
    shown.split(", ").nth(1).expect("a draw has a call").to_owned()
}

#[test]
fn only_draws_without_a_seed_need_that_of_the_run() {
    let seeded = model("aux a = NORMAL(0, 1, 7)\n");
    assert_eq!(seeded.vars.len(), 1);
    assert_eq!(formula(&seeded, "a"), "NORMAL(7, 0, 0, 0, -INF, INF, 0, 1)");
    let unseeded = model("aux a = RANDOM(0, 1)\naux b = RANDOM(0, 1, NAN)\n");
    let names: Vec<&str> = unseeded.vars.iter().map(|var| var.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "random seed"]);
    assert_eq!(unseeded.vars[2].kind, VarKind::Constant);
    assert!(formula(&unseeded, "b").starts_with("UNIFORM(random_seed, "));
}

#[test]
fn a_constant_of_the_model_is_the_seed() {
    let model = model("aux a = RANDOM(0, 1)\naux Random_Seed = 12\n");
    assert_eq!(model.vars.len(), 2);
    assert!(matches!(&model.vars[1].def, Def::Constant(values) if *values == [12.0]));
}

#[test]
fn calls_keep_their_numbers_whatever_else_there_is() {
    let alone = model("aux noise = RANDOM(0, 1)\n");
    let among = model("aux a = RANDOM(0, 1) + RANDOM(0, 1)\naux noise = RANDOM(2, 3)\naux z = SMTH1(noise, 5)\n");
    assert_eq!(call_number(&alone, "noise"), call_number(&among, "noise"));
    assert_ne!(call_number(&among, "noise"), call_number(&among, "a"));
}

#[test]
fn elements_and_passes_of_reducers_are_counted_row_by_row() {
    let model = model(
        "dim d x y z\ndim e 2\naux a = RANDOM(0, 1, 5)\n  over d e\naux b = SUM(RANDOM(0, 1, 5)*d[d])\n  over e\naux d = 1\n  over d\n",
    );
    assert_eq!(formula(&model, "a"), "UNIFORM(5, 0, (@i0 - 1)*2 + (@i1 - 1), 0, -INF, INF, 0, 1)");
}

#[test]
fn derivatives_need_a_known_order() {
    assert_eq!(complaints("aux a = DERIVN(TIME, 2)\n"), Vec::<String>::new());
    assert_eq!(complaints("aux a = DERIVN(TIME, 21)\naux n = 2\naux b = DERIVN(TIME, n)\n").len(), 2);
    let model = model("aux a = DERIVN(TIME, 1)\n");
    assert_eq!(formula(&model, "a"), "IF STEP_INDEX() >= 1 THEN (TIME - state#0)/1 ELSE 0");
}

#[test]
fn a_draw_before_the_first_step_reads_the_seed_as_others_do() {
    let model = model("aux a = ACTIVE_INITIAL(TIME, RANDOM(0, 1))\n");
    let Def::Formula(clauses) = &model.vars[0].def else { panic!("an equation") };
    let start = clauses[0].start.as_ref().expect("another equation at the start");
    assert!(print_expr(&model, start).starts_with("UNIFORM(random_seed, "));
}
