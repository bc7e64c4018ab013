use super::fixture::{complaint, complaints, formula, marked, model};

#[test]
fn names_differ_in_more_than_case_and_separators() {
    let model = model("aux Birth_Rate = 1\naux x = birth__rate + BIRTH_RATE\n");
    assert_eq!(formula(&model, "x"), "Birth_Rate + Birth_Rate");
}

#[test]
fn an_unknown_name_is_marked_and_corrected() {
    let text = "aux birth_rate = 1\naux x = 2*birth_rat + 3\n";
    let (line, hint) = complaint(text);
    assert_eq!(line, "test:2:11: error[E0201]: unknown variable `birth_rat`");
    assert_eq!(hint, "did you mean `birth_rate`?");
    assert_eq!(marked(text), "birth_rat");
}

#[test]
fn every_problem_is_reported_in_one_run_and_none_twice() {
    let text = "aux a = b + c\naux d = SMTH2(a, 1) + a\naux e = SIN()\naux f\n";
    let codes: Vec<String> =
        complaints(text).iter().map(|line| line[line.find('[').map_or(0, |at| at + 1)..][..5].to_owned()).collect();
    assert_eq!(codes, ["E0201", "E0201", "E0202", "E0208", "E0204"]);
}

#[test]
fn a_broken_variable_causes_no_errors_in_its_users() {
    assert_eq!(complaints("aux a = nothing\naux b = a\nstock s = b\n  in f\nflow f = a + b\n").len(), 1);
    assert_eq!(complaints("aux a\n  reported\naux b = a(1) + a + LOOKUP(a, 1)\n"), Vec::<String>::new());
}

#[test]
fn two_definitions_of_a_name_are_shown_both() {
    let text = "aux rate_of_birth = 1\nflow Rate__of_BIRTH = 2\n";
    let resolved = super::fixture::compile(text);
    let [diagnostic] = resolved.diagnostics.as_slice() else { panic!("one problem") };
    assert_eq!(diagnostic.code.0, 203);
    assert_eq!(marked(text), "Rate__of_BIRTH");
    assert_eq!((diagnostic.labels[0].span.start, diagnostic.labels[0].span.end), (4, 17));
}

#[test]
fn a_variable_comes_before_a_builtin_constant_of_its_name() {
    let model = model("time 0 10 0.5\naux TIME_STEP = 0.25\naux a = TIME_STEP\naux b = DT\n");
    assert_eq!(formula(&model, "a"), "TIME_STEP");
    assert_eq!(formula(&model, "b"), "0.5");
}

#[test]
fn in_its_own_equation_the_name_of_a_builtin_is_the_builtin() {
    let model = model("module m\nmodel m\naux TIME = TIME\naux later = TIME + 1\n");
    assert_eq!(formula(&model, "m.TIME"), "TIME");
    assert_eq!(formula(&model, "m.later"), "m.TIME + 1");
}

#[test]
fn a_table_comes_before_a_builtin_function_of_its_name() {
    let model = model("table step\n  points 0,1 -> 0,1\naux a = STEP(3)\naux b = max\naux max = 1 + TIME\n");
    assert_eq!(formula(&model, "a"), "step(3)");
    assert_eq!(formula(&model, "b"), "max");
}

#[test]
fn numbers_of_the_run_are_written_into_equations() {
    let model = model("time 2 10 0.25\nsave 0.5\naux a = STARTTIME + STOPTIME + DT + SAVEPER + PI() + INF\n");
    assert_eq!(formula(&model, "a"), "2 + 10 + 0.25 + 0.5 + 3.141592653589793 + INF");
}

#[test]
fn builtins_may_have_a_namespace() {
    let model = model("aux a = std.ABS(TIME) + isee.PI\n");
    assert_eq!(formula(&model, "a"), "ABS(TIME) + 3.141592653589793");
}

#[test]
fn refuses_known_functions_by_name() {
    let (line, _) = complaint("aux a = REWORK(1)\n");
    assert_eq!(line, "test:1:9: error[E0921]: function REWORK is not supported yet");
    let (line, _) = complaint("aux a = RUNCOUNT\n");
    assert_eq!(line, "test:1:9: error[E0921]: function RUNCOUNT is not supported yet");
}

#[test]
fn tells_functions_variables_tables_and_modules_apart() {
    let at = |text: &str| complaint(text).0;
    assert_eq!(at("aux a = 10*STEP\n"), "test:1:12: error[E0212]: function STEP needs arguments");
    assert_eq!(at("aux a = 1\naux b = a(2)\n"), "test:2:9: error[E0211]: `a` is a variable, not a function");
    assert_eq!(
        at("table t\n  points 0,1 -> 0,1\naux b = t\n"),
        "test:3:9: error[E0210]: graphical function `t` has no value of its own"
    );
    assert_eq!(
        at("module m\naux b = m\nmodel m\naux x = 1\n"),
        "test:2:9: error[E0213]: `m` is a module, not a variable"
    );
}

#[test]
fn suggests_functions_for_functions() {
    let (line, hint) = complaint("aux a = SMTH2(TIME, 5)\n");
    assert_eq!(line, "test:1:9: error[E0202]: unknown function `SMTH2`");
    assert_eq!(hint, "did you mean `SMTH1`?");
}

#[test]
fn refuses_subscripts_of_single_numbers() {
    let (line, _) = complaint("aux a = 1\naux b = a[1] + 2\n");
    assert_eq!(line, "test:2:9: error[E0303]: `a` is a single number and has no subscripts");
}

#[test]
fn a_misspelt_name_may_mean_a_constant_or_a_function_but_not_the_other() {
    let hint = |equation: &str| complaint(&format!("aux x = {equation}\n")).1;
    assert_eq!(hint("STARTTIMES"), "did you mean `STARTTIME`?");
    assert_eq!(hint("INFF"), "did you mean `INF`?");
    assert_eq!(hint("SMTH11(TIME, 5)"), "did you mean `SMTH1`?");
    assert_eq!(hint("SMTH11"), "");
}
