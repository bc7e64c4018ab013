use super::fixture::{complaint, formula, model};

#[test]
fn fills_in_defaults() {
    let model = model("aux a = RAMP(1, 2)\naux b = PULSE(1, 2)\naux c = SAFEDIV(1, TIME)\naux d = RAMP(1, 2, 3)\n");
    assert_eq!(formula(&model, "a"), "RAMP(1, 2, INF)");
    assert_eq!(formula(&model, "b"), "PULSE(1, 2, 0)");
    assert_eq!(formula(&model, "c"), "SAFEDIV(1, TIME, 0)");
    assert_eq!(formula(&model, "d"), "RAMP(1, 2, 3)");
}

#[test]
fn folds_maxima_and_minima_from_the_left() {
    let model = model("aux a = MAX(1, TIME, 3, 4)\naux b = MIN(TIME, 2)\n");
    assert_eq!(formula(&model, "a"), "MAX(MAX(MAX(1, TIME), 3), 4)");
    assert_eq!(formula(&model, "b"), "MIN(TIME, 2)");
}

#[test]
fn vensim_spellings_become_what_they_mean() {
    let model = model(
        "aux a = IF_THEN_ELSE(TIME > 5, 1, 2)\naux b = POWER(TIME, 2)\naux c = ZIDZ(1, TIME)\naux d = XIDZ(1, TIME, 3)\n\
         aux e = MODULO(TIME, 5)\naux f = INTEGER(TIME)\naux g = LOG(TIME)\n",
    );
    assert_eq!(formula(&model, "a"), "IF TIME > 5 THEN 1 ELSE 2");
    assert_eq!(formula(&model, "b"), "TIME^2");
    assert_eq!(formula(&model, "c"), "XIDZ(1, TIME, 0)");
    assert_eq!(formula(&model, "d"), "XIDZ(1, TIME, 3)");
    assert_eq!(formula(&model, "e"), "MODULO(TIME, 5)");
    assert_eq!(formula(&model, "f"), "INTEGER(TIME)");
    assert_eq!(formula(&model, "g"), "LOG10(TIME)");
}

#[test]
fn a_table_is_applied_to_the_equation_or_called() {
    let model = model(
        "aux effect = TIME/2\n  points 0,10 -> 0,1\naux x = effect(3) + LOOKUP(effect, 4) + effect\n\
         aux only = TIME\nflow f = TIME + 1\n  points 0,1 -> 2,3\n",
    );
    assert_eq!(formula(&model, "effect"), "effect(TIME/2)");
    assert_eq!(formula(&model, "x"), "effect(3) + effect(4) + effect");
    assert_eq!(formula(&model, "f"), "f(TIME + 1)");
}

#[test]
fn an_auxiliary_with_a_table_and_no_equation_can_only_be_called() {
    let model = model("aux t\n  points 0,1 -> 5,6\naux x = t(TIME)\n");
    assert_eq!(formula(&model, "t"), "lookup");
    assert_eq!(formula(&model, "x"), "t(TIME)");
}

#[test]
fn counts_arguments_and_shows_how_to_write_the_call() {
    let (line, hint) = complaint("aux a = 1 + SMTH1(TIME)\n");
    assert_eq!(line, "test:1:13: error[E0208]: SMTH1 takes 2 to 3 arguments, but has 1 here");
    assert_eq!(hint, "write `SMTH1(input, averaging time [, initial])`");
    assert_eq!(
        complaint("aux a = MAX()\n").0,
        "test:1:9: error[E0208]: MAX takes at least 2 arguments, but has 0 here"
    );
    assert_eq!(complaint("aux a = MAX(1)\n").0, "test:1:13: error[E0309]: MAX of a single number");
    assert_eq!(complaint("aux a = TIME(1)\n").0, "test:1:9: error[E0208]: TIME takes no arguments, but has 1 here");
    assert_eq!(
        complaint("table t\n  points 0,1 -> 0,1\naux a = t(1, 2)\n").0,
        "test:3:9: error[E0208]: graphical function `t` takes 1 argument, but has 2 here"
    );
}

#[test]
fn lookup_wants_the_name_of_a_table() {
    let wants = "the first argument of LOOKUP must be the name of a graphical function";
    assert_eq!(complaint("aux a = LOOKUP(2, 3)\n").0, format!("test:1:16: error[E0209]: {wants}"));
    assert_eq!(complaint("aux b = 1\naux a = LOOKUP(b, 3)\n").0, format!("test:2:16: error[E0209]: {wants}"));
    let (line, hint) = complaint("table effect\n  points 0,1 -> 0,1\naux a = LOOKUP(efect, 3)\n");
    assert_eq!(line, format!("test:3:16: error[E0209]: {wants}"));
    assert_eq!(hint, "did you mean `effect`?");
}

#[test]
fn problems_inside_the_arguments_of_a_refused_call_are_reported_too() {
    assert_eq!(super::fixture::complaints("aux a = REWORK(x, y)\n").len(), 3);
}

#[test]
fn formulas_are_shown_with_the_parentheses_that_they_need() {
    let shown = |equation: &str| formula(&model(&format!("aux x = {equation}\n")), "x");
    for first in ["<", "<=", ">", ">="] {
        for second in ["<", "<=", ">", ">="] {
            // Comparisons of one rank go from left to right.
            let left = shown(&format!("(TIME {first} 1) {second} 2"));
            assert!(!left.contains('('), "{left}");
            let right = shown(&format!("TIME {first} (1 {second} TIME)"));
            assert!(right.contains('('), "{right}");
        }
        for sign in ["+", "-"] {
            let sum = shown(&format!("2 {first} TIME {sign} 1"));
            assert!(!sum.contains('('), "{sum}");
        }
        let equal = shown(&format!("1 = (TIME {first} 2)"));
        assert!(!equal.contains('('), "{equal}");
        let equal = shown(&format!("(1 = TIME) {first} 2"));
        assert!(equal.contains('('), "{equal}");
    }
    assert!(!shown("TIME - 1*2").contains('('));
    assert!(shown("(TIME - 1)*2").contains('('));
    assert!(shown("TIME - (1 - TIME)").contains('('));
    assert!(shown("(TIME OR 1) AND 2").contains('('));
    assert!(!shown("TIME OR 1 AND 2").contains('('));
}

#[test]
fn the_factor_of_a_present_value_counts() {
    let shown = |factor: u32| formula(&model(&format!("aux x = NPV(TIME, 0.1, 0, {factor})\n")), "x");
    assert_ne!(shown(1), shown(2));
    assert_ne!(shown(2), shown(3));
}
