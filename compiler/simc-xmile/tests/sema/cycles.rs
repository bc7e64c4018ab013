use super::fixture::{compile, complaint, complaints, marked};

#[test]
fn a_cycle_is_reported_once_with_its_path_and_every_hop() {
    let text = "aux a = b + 1\naux b = c*2\naux c = 3 - a\naux d = a\n";
    let (line, hint) = complaint(text);
    assert_eq!(line, "test:1:9: error[E0206]: circular dependency: a -> b -> c -> a");
    assert!(hint.contains("a stock or a delay"));
    let resolved = compile(text);
    let places = resolved.diagnostics[0].labels.iter();
    let places: Vec<_> =
        places.map(|label| (&text[label.span.start as usize..label.span.end as usize], label.text.as_str())).collect();
    assert_eq!(places, [("c", "`b` needs `c`"), ("a", "`c` needs `a`")]);
    assert_eq!(resolved.diagnostics[0].label, "`a` needs `b`");
}

#[test]
fn a_variable_that_needs_itself_is_a_cycle() {
    assert_eq!(complaint("aux a = 1 + a\n").0, "test:1:13: error[E0206]: circular dependency: a -> a");
    assert_eq!(marked("aux a = 1 + SELF\n"), "SELF");
}

#[test]
fn separate_cycles_are_reported_separately() {
    let lines = complaints("aux a = b\naux b = a\naux c = d\naux d = c\naux e = a + c\n");
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with("a -> b -> a") && lines[1].ends_with("c -> d -> c"), "{lines:?}");
}

#[test]
fn stocks_break_cycles_in_a_step_but_not_at_the_start() {
    assert_eq!(complaints("stock s = 1\n  in f\nflow f = s\n"), Vec::<String>::new());
    let (line, hint) = complaint("stock s = f\n  in f\nflow f = s\n");
    assert_eq!(line, "test:1:11: error[E0207]: circular dependency while computing initial values: s -> f -> s");
    assert!(hint.contains("initial value"));
}

#[test]
fn a_cycle_in_a_step_is_not_reported_again_for_the_start() {
    let lines = complaints("aux a = b\naux b = a\nstock s = a\n");
    assert_eq!(lines.len(), 1, "{lines:?}");
}

#[test]
fn a_smooth_of_itself_without_an_initial_value_cannot_start() {
    let text = "aux a = 1 + SMTH1(a, 5)\n";
    assert_eq!(
        complaint(text).0,
        "test:1:19: error[E0207]: circular dependency while computing initial values: a -> a"
    );
    assert!(complaint("aux a = DELAY(a, 5)\n").0.contains("E0207"));
    assert!(complaint("aux a = INIT(a)\n").0.contains("E0207"));
}

#[test]
fn a_trend_of_itself_is_a_cycle_in_a_step() {
    assert!(complaint("aux a = TREND(a, 5)\n").0.ends_with("error[E0206]: circular dependency: a -> a"));
    assert!(complaint("aux a = DELAY1(3, a)\n").0.contains("E0206"), "the time of a delay is read in each step");
}

#[test]
fn cycles_through_modules_are_found() {
    let text = "module m\n  connect m.x y\naux y = m.z\nmodel m\naux x = 0\n  input\naux z = x + 1\n";
    assert!(complaint(text).0.ends_with("circular dependency: y -> m.z -> m.x -> y"));
}

#[test]
fn the_middle_of_a_long_cycle_is_left_out() {
    let n = 30;
    let text: String = (0..n).map(|i| format!("aux v{i} = v{}\n", (i + 1) % n)).collect();
    let (line, _) = complaint(&text);
    assert!(line.ends_with("v10 -> v11 -> ... (18 more) -> v0"), "{line}");
    assert_eq!(compile(&text).diagnostics[0].labels.len(), 11);
}
