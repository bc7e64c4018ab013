use std::collections::BTreeMap;

use super::*;

#[test]
fn every_spelling_belongs_to_one_row() {
    let mut seen: BTreeMap<(Dialect, Key), &str> = BTreeMap::new();
    for dialect in [Dialect::Xmile, Dialect::Stella, Dialect::Vensim] {
        for builtin in all() {
            for name in builtin.names_in(dialect) {
                let first = seen.insert((dialect, Key::new(name)), builtin.name());
                assert_eq!(first, None, "{name} occurs twice in {dialect:?}");
            }
        }
    }
}

#[test]
fn every_row_says_what_it_is_where_it_is_from_and_how_it_is_written() {
    for builtin in all() {
        assert!(!builtin.about.is_empty() && !builtin.about.ends_with('.'), "{}", builtin.name());
        assert!(!builtin.origin.is_empty() && !builtin.example.is_empty(), "{}", builtin.name());
        assert_eq!(builtin.why.is_empty(), builtin.meaning != Meaning::Unsupported, "{}", builtin.name());
        assert!(!builtin.why.ends_with('.'), "{}", builtin.name());
    }
}

#[test]
fn every_row_that_is_supported_says_what_it_does_with_units() {
    for builtin in all().filter(|builtin| builtin.meaning != Meaning::Unsupported) {
        assert_ne!(builtin.units, UnitRule::Unstated, "{} has no `.units(...)`", builtin.name());
        if let UnitRule::Call(patterns, _) = builtin.units {
            assert!(patterns.len() <= builtin.params.len(), "{}", builtin.usage());
        }
    }
}

#[test]
fn shows_what_a_row_does_with_units() {
    let units = |name: &str| find(Dialect::Xmile, &Key::new(name)).expect("a builtin").units.to_string();
    assert_eq!(units("SMTH1"), "a, time, a: a");
    assert_eq!(units("SAFEDIV"), "a, b, a/b: a/b");
    assert_eq!(units("SQRT"), "a: a^(1/2)");
    assert_eq!(units("RAMP"), "a/time, time, time: a");
    assert_eq!(units("TREND"), "a, time, 1/time: 1/time");
    assert_eq!(units("LOOKUPAREA"), "a, b: a*b");
    assert_eq!((units("ROOTN").as_str(), units("DERIVN").as_str()), ("a, n: a^(1/n)", "a, n: a/time^n"));
    assert_eq!((units("TIME").as_str(), units("PI").as_str()), ("time", "a bare number"));
}

#[test]
fn optional_parameters_stand_last() {
    for builtin in all() {
        let required = builtin.params.iter().map(|param| param.default == Default::Required);
        assert!(required.is_sorted_by(|a, b| a >= b), "{}", builtin.usage());
    }
}

#[test]
fn finds_a_function_whatever_its_case_and_separators() {
    for spelling in ["smth1", "SMTH1", "Smooth"] {
        assert_eq!(find(Dialect::Xmile, &Key::new(spelling)).expect("a builtin").name(), "SMTH1");
    }
    assert_eq!(find(Dialect::Xmile, &Key::new("if then else")).expect("a builtin").meaning, Meaning::If);
    assert!(find(Dialect::Xmile, &Key::new("smth2")).is_none());
}

#[test]
fn shows_optional_arguments_in_brackets() {
    let usage = |name: &str| find(Dialect::Xmile, &Key::new(name)).expect("a builtin").usage();
    assert_eq!(usage("delayn"), "DELAYN(input, delay time, order [, initial])");
    assert_eq!(usage("max"), "MAX(a, b, ...)");
    assert_eq!(usage("pi"), "PI");
}

#[test]
fn counts_arguments() {
    let arity = |name: &str| find(Dialect::Xmile, &Key::new(name)).expect("a builtin").arity();
    assert_eq!(arity("SMTHN"), (3, Some(4)));
    assert_eq!(arity("MIN"), (2, None));
    assert_eq!(arity("DT"), (0, Some(0)));
}

#[test]
fn patterns_of_units_are_shown_as_products() {
    let shown = |a: i8, b: i8, time: i8| UnitPattern::Product { a, b, time }.to_string();
    assert_eq!(shown(2, 0, 0), "a");
    assert_eq!(shown(2, -2, 0), "a/b");
    assert_eq!(shown(4, 2, 1), "a^2*b*time");
    assert_eq!(shown(1, -3, 0), "a^(1/2)/b^(3/2)");
    assert_eq!(shown(0, -4, -1), "1/b^2/time");
    assert_eq!(shown(6, 0, -2), "a^3/time^2");
    assert_eq!(shown(0, 0, 0), "1");
}
