use super::fixture::{complaint, complaints, formula, model, order, var};
use simc_model::model::VarKind;

const HARES: &str = "model hares\naux area = 7\n  input\nstock n = 100\n  in births\nflow births = n/area\naux density = n/area\n  output\n";

#[test]
fn a_module_is_flattened_under_its_name() {
    let model = model(&format!("aux land = 50\nmodule H hares\n  connect H.area land\naux x = H.density\n{HARES}"));
    let names: Vec<&str> = model.vars.iter().map(|var| var.name.as_str()).collect();
    assert_eq!(names, ["land", "x", "H.area", "H.n", "H.births", "H.density"]);
    assert_eq!(formula(&model, "H.area"), "land");
    assert_eq!(formula(&model, "H.births"), "H.n/H.area");
    assert_eq!(formula(&model, "x"), "H.density");
    assert_eq!(var(&model, "H.area").kind, VarKind::ModuleInput);
}

#[test]
fn an_input_that_is_not_connected_keeps_its_own_equation() {
    let model = model(&format!("module hares\n{HARES}"));
    assert_eq!(formula(&model, "hares.area"), "constant 7");
    assert_eq!(var(&model, "hares.area").kind, VarKind::Constant);
}

#[test]
fn a_model_used_twice_makes_two_sets_of_variables() {
    let model = model(&format!("module a hares\n  connect a.area b.density\nmodule b hares\n{HARES}"));
    assert_eq!(formula(&model, "a.area"), "b.density");
    assert_eq!(formula(&model, "b.area"), "constant 7");
    assert_eq!(formula(&model, "a.n"), "100 | a.births");
    assert_eq!(order(&model, &model.step_order), "b.area b.density a.area a.births a.density b.births");
}

#[test]
fn states_and_tables_belong_to_their_instances() {
    let model = model("module a m\nmodule b m\nmodel m\naux x = SMTH1(t(TIME), 5)\ntable t\n  points 0,1 -> 0,1\n");
    assert_eq!(model.states.len(), 2);
    assert_eq!(model.tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>(), ["a.t", "b.t"]);
    assert_eq!(formula(&model, "b.x"), "state#1");
}

#[test]
fn modules_nest_and_reach_the_root() {
    let text = "aux g = TIME\nmodule outer\naux x = outer.inner.y\nmodel outer\nmodule inner\n  connect inner.k local\naux local = .g*2\n\
                model inner\naux k = 0\n  input\naux y = k + .outer.local\n";
    let model = model(text);
    assert_eq!(formula(&model, "outer.local"), "g*2");
    assert_eq!(formula(&model, "outer.inner.k"), "outer.local");
    assert_eq!(formula(&model, "outer.inner.y"), "outer.inner.k + outer.local");
    assert_eq!(formula(&model, "x"), "outer.inner.y");
}

#[test]
fn connections_may_be_written_in_each_usual_way() {
    for to in ["area", "H.area", ".H.area", ".area"] {
        let model = model(&format!("aux land = TIME\nmodule H hares\n  connect {to} .land\n{HARES}"));
        assert_eq!(formula(&model, "H.area"), "land", "{to}");
    }
}

#[test]
fn a_connection_repeated_at_another_module_is_harmless() {
    let text = format!(
        "aux x = TIME\nmodule a hares\n  connect a.area x\n  connect b.area x\nmodule b hares\n  connect b.area x\n{HARES}"
    );
    assert_eq!(formula(&model(&text), "b.area"), "x");
}

#[test]
fn an_input_may_stand_for_a_stock_elsewhere() {
    let model = model("stock s = 5\nmodule m\n  connect m.s s\nmodel m\nstock s\n  input\naux x = s*2\n");
    assert_eq!(formula(&model, "m.s"), "s");
    assert_eq!(order(&model, &model.step_order), "m.s m.x");
}

#[test]
fn an_input_has_one_source() {
    let (line, _) =
        complaint(&format!("aux x = 1\naux y = 2\nmodule H hares\n  connect H.area x\n  connect H.area y\n{HARES}"));
    assert_eq!(line, "test:5:3: error[E0224]: module input `H.area` is connected to two sources");
}

#[test]
fn connections_must_lead_somewhere() {
    let text = |connection: &str| format!("aux land = 1\nmodule H hares\n  connect {connection}\n{HARES}");
    let (line, hint) = complaint(&text("H.aera land"));
    assert_eq!(line, "test:3:11: error[E0223]: a connection leads to no variable of the module: `H.aera`");
    assert_eq!(hint, "did you mean `area`?");
    let (line, hint) = complaint(&text("H.area lnad"));
    assert_eq!(line, "test:3:18: error[E0223]: a connection comes from a variable that does not exist: `lnad`");
    assert_eq!(hint, "did you mean `land`?");
    assert!(complaint(&text("H.density land")).0.contains("leads to an output of the module"));
    assert!(complaint(&text("H.n land")).0.contains("leads to a stock with flows of its own"));
}

#[test]
fn an_input_without_equation_must_be_connected() {
    let (line, _) = complaint("module m\nmodel m\naux x\n  input\n");
    assert_eq!(line, "test:3:5: warning[E0204]: module input `m.x` has no equation and is not connected");
    let (line, _) = complaint("module m\nmodel m\naux x\n  input\naux y = x\n");
    assert_eq!(line, "test:3:5: error[E0204]: module input `m.x` has no equation and is not connected");
}

#[test]
fn a_problem_in_a_model_is_reported_once_however_often_it_is_used() {
    assert_eq!(complaints("module a m\nmodule b m\nmodel m\naux x = y\naux z\n").len(), 2);
}

#[test]
fn unknown_models_and_variables_of_modules_are_named() {
    let (line, hint) = complaint(&format!("module hare\n{HARES}"));
    assert_eq!(line, "test:1:8: error[E0220]: the file has no model named `hare`");
    assert_eq!(hint, "did you mean `hares`?");
    let (line, hint) = complaint(&format!("module hares\naux x = hares.desnity\n{HARES}"));
    assert_eq!(line, "test:2:15: error[E0201]: unknown variable `desnity` in module `hares`");
    assert_eq!(hint, "did you mean `density`?");
    assert_eq!(complaint("aux x = nowhere.y\n").0, "test:1:9: error[E0201]: unknown module `nowhere`");
}

#[test]
fn a_name_in_a_module_without_a_model_is_no_further_problem() {
    assert_eq!(complaints("module m\naux x = m.y\nstock s = m.z\n").len(), 1);
}

#[test]
fn a_module_does_not_see_the_variables_around_it() {
    assert!(
        complaint("aux outside = 1\nmodule m\nmodel m\naux x = outside\n").0.contains("unknown variable `outside`")
    );
}

#[test]
fn a_model_cannot_contain_itself() {
    let (line, _) = complaint("module a\nmodel a\nmodule b\nmodel b\nmodule again a\n");
    assert_eq!(line, "test:5:1: error[E0221]: model `a` contains itself");
}

#[test]
fn two_models_of_a_name_are_reported() {
    let (line, _) = complaint("aux x = 1\nmodel m\naux x = 1\nmodel M\naux x = 1\n");
    assert_eq!(line, "test:4:7: error[E0203]: model `M` is defined twice");
}
