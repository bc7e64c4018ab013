use std::time::Instant;

use super::*;
use crate::units::Symbol;

/// `?n` is an unknown, any other letter a base unit; factors after `/` are below.
fn unit(text: &str) -> Unit {
    let mut product = Unit::ONE;
    let mut exponent = Exponent::ONE;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let symbol = match c {
            '/' => {
                exponent = Exponent::MINUS_ONE;
                continue;
            }
            '1' => continue,
            '?' => Symbol::Unknown(chars.next().and_then(|c| c.to_digit(10)).expect("a digit")),
            letter => Symbol::Base(letter as u32),
        };
        let factor = Unit::of(symbol).power(exponent).expect("small exponents");
        product = product.times(&factor).expect("small exponents");
    }
    product
}

/// `expected = found`, a row of its own equation; `!n` after it for the unknown that it defines.
fn row((equation, text): (usize, &str)) -> Row {
    let (text, defines) = match text.split_once('!') {
        Some((text, unknown)) => (text, Some(unknown.parse().expect("an unknown"))),
        None => (text, None),
    };
    let (expected, found) = text.split_once('=').expect("two sides");
    let (expected, found) = (unit(expected.trim()), unit(found.trim()));
    Row { expected, found, equation: u32::try_from(equation).expect("few"), defines }
}

fn show(unit: &Unit) -> String {
    unit.show(|symbol| match symbol {
        Symbol::Base(base) => char::from_u32(base).expect("a letter").to_string(),
        Symbol::Unknown(unknown) => format!("?{unknown}"),
    })
}

fn solve_texts(texts: &[&str]) -> Vec<String> {
    let rows: Vec<Row> = texts.iter().copied().enumerate().map(row).collect();
    let shown = |found: &Contradiction| {
        let because: Vec<String> = found.because.iter().map(|(u, row)| format!(" ?{u} by {row}")).collect();
        format!("{}: {} is {}{}", found.row, show(&found.expected), show(&found.found), because.concat())
    };
    solve(10, &rows).iter().map(shown).collect()
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn known_units_are_compared() {
    assert_eq!(solve_texts(&["a/b = a/b", "a = b", "1 = 1"]), ["1: a is b"]);
}

#[test]
fn an_unknown_follows_from_its_definition_before_others() {
    assert_eq!(solve_texts(&["a = ?0", "?0 = b !0"]), ["0: a is b ?0 by 1"]);
    assert_eq!(solve_texts(&["a = ?0", "?0 = a !0", "b = ?0b/a"]), none());
}

#[test]
fn what_follows_is_followed_on() {
    assert_eq!(solve_texts(&["?0 = a/b !0", "?1 = ?0b !1", "?2 = ?1?1 !2", "aa = ?2"]), none());
    assert_eq!(solve_texts(&["?0 = a/b !0", "?1 = ?0b !1", "c = ?1"]), ["2: c is a ?1 by 1"]);
    assert_eq!(solve_texts(&["a = ?0?0", "bb = a", "b = ?0"]), ["1: b^2 is a", "2: b is a^(1/2) ?0 by 0"]);
}

#[test]
fn one_mistake_is_told_once() {
    let cascade = ["?0 = a !0", "?1 = ?0 !1", "?2 = ?1b !2", "b = ?0", "c = ?1", "c = ?2", "a = ?0"];
    assert_eq!(solve_texts(&cascade).len(), 1);
    assert_eq!(solve_texts(&["a = b", "?0 = a !0", "a = ?0", "c = d"]).len(), 2);
}

#[test]
fn what_hangs_together_is_eliminated() {
    assert_eq!(solve_texts(&["?2 = ?0/?1 !2", "?0 = y !0", "x = ?1?2"]), ["2: x is y ?2 by 0"]);
    assert_eq!(solve_texts(&["?2 = ?0/?1", "x = ?1?2", "y = ?0"]).len(), 1);
    assert_eq!(solve_texts(&["x = ?0?1", "x = ?0?1", "x/?1 = ?0"]), none());
    assert_eq!(solve_texts(&["x = ?0?1", "y = ?0?1"]).len(), 1);
    assert_eq!(solve_texts(&["x = ?0/?1", "x = ?1/?0", "y = ?0?0/?1/"]).len(), 1);
}

#[test]
fn what_defines_the_last_unknown_of_a_row_comes_first_again() {
    // Both rows know `?0` from then on; the one that defines `?1` says what it is.
    assert_eq!(solve_texts(&["?0 = a !0", "c = ?1?0", "?1 = ?0d !1"]), ["1: c is a^2*d ?0 by 0 ?1 by 2"]);
}

#[test]
fn the_last_unknown_without_a_fraction_is_eliminated() {
    assert_eq!(solve_texts(&["x = ?0?1", "y = ?0?1"]), ["1: y is x ?1 by 0"]);
    assert_eq!(solve_texts(&["x = ?0?1?1", "y = ?0?1?1"]), ["1: y is x ?0 by 0"]);
    assert_eq!(solve_texts(&["x = ?0/?1", "y = ?0/?1"]), ["1: y is x ?1 by 0"]);
    assert_eq!(solve_texts(&["x = ?0?0?1?1", "y = ?0?0?1?1"]), ["1: y is x ?1 by 0"]);
}

#[test]
fn nothing_follows_from_an_equation_that_contradicts_itself() {
    let of = |equation: usize, text: &str| row((equation, text));
    let count = |rows: &[Row]| solve(10, rows).iter().map(|found| found.row).collect::<Vec<_>>();
    // The second row of equation 7 is looked at before the first, so that `?0` is unknown.
    assert_eq!(count(&[of(7, "?0 = a !0"), of(7, "x = y"), of(8, "b = ?0")]), [1]);
    assert_eq!(count(&[of(6, "?0 = a !0"), of(7, "x = y"), of(8, "b = ?0")]), [1, 2]);
    // A second mistake of one equation is not told.
    assert_eq!(count(&[of(7, "x = y"), of(7, "a = b"), of(8, "a = b")]), [0, 2]);
}

#[test]
fn what_hangs_on_a_contradiction_is_not_told() {
    assert_eq!(solve_texts(&["?0 = a !0", "b = ?0", "?1 = ?0 !1", "c = ?1", "d = ?1"]).len(), 1);
    assert_eq!(solve_texts(&["?0 = a !0", "?1 = ?0 !1", "b = ?1", "c = ?0"]).len(), 1);
    assert_eq!(solve_texts(&["?0 = a !0", "b = ?0", "?1 = a !1", "c = ?1"]).len(), 2);
}

/// A chain of n unknowns that leads nowhere, and a mesh in which each hangs on two others.
#[test]
fn takes_time_in_proportion_to_the_rows() {
    let of = |unknown: usize| Unit::of(Symbol::Unknown(u32::try_from(unknown).expect("few")));
    let mesh = |n: usize| -> Vec<Row> {
        let row = |i: usize| Row {
            expected: of(i),
            found: of((i * 7919 + 1) % n).times(&of((i * 104_729 + 3) % n)).expect("small"),
            equation: u32::try_from(i).expect("few"),
            defines: None,
        };
        (0..n).map(row).collect()
    };
    // The best of several: what else the machine does is left out.
    let time = |n: usize| {
        let rows = mesh(n);
        let once = || {
            let start = Instant::now();
            solve(n, &rows);
            start.elapsed().as_secs_f64()
        };
        (0..3).map(|_| once()).fold(f64::INFINITY, f64::min)
    };
    let (small, large) = (time(3_000), time(30_000));
    assert!(large < 40.0 * small.max(0.005), "{small} s for 3000 rows, {large} s for 30000");
}
