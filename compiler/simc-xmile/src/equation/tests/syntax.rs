//! What a valid equation may be written like.

use super::{prefix, read};

#[test]
fn numbers_take_every_form() {
    for (text, value) in [
        ("0", "0.0"),
        ("42", "42.0"),
        (".34", "0.34"),
        ("3.", "3.0"),
        ("3.25", "3.25"),
        ("1e3", "1000.0"),
        ("1E+3", "1000.0"),
        ("3e-05", "3e-5"),
        ("3.e2", "300.0"),
        (".5e1", "5.0"),
        ("007", "7.0"),
        ("4.9e-324", "5e-324"),
        ("1e-400", "0.0"),
    ] {
        assert_eq!(prefix(text), value, "{text}");
    }
}

#[test]
fn a_number_is_read_to_the_last_bit() {
    assert_eq!(prefix("0.1"), format!("{:?}", 0.1));
    assert_eq!(prefix("1.7976931348623157e308"), format!("{:?}", f64::MAX));
    let long = format!("0.{}", "3".repeat(100_000));
    assert_eq!(prefix(&long), format!("{:?}", 1.0 / 3.0));
}

#[test]
fn names_are_letters_digits_underscores_dollars_and_all_that_is_not_ascii() {
    for name in ["a", "_a", "a_1", "$", "a$b", "Größe", "人口", "température_été"] {
        assert_eq!(prefix(name), name);
    }
}

#[test]
fn quoted_names_resolve_their_escapes() {
    assert_eq!(prefix(r#""a b-c""#), r#""a b-c""#);
    assert_eq!(prefix(r#""a\"b\\c""#), r#""a\"b\\c""#);
    assert_eq!(prefix(r#""x" + x"#), "(+ x x)");
    assert_eq!(prefix(r#""if" + "and""#), "(+ if and)", "a quoted keyword is a name");
}

#[test]
fn a_no_break_space_joins_words_and_separates_nothing_else() {
    assert_eq!(prefix("birth\u{a0}rate\u{a0}*\u{a0}2"), "(* \"birth\\u{a0}rate\" 2.0)");
}

#[test]
fn keywords_ignore_case() {
    assert_eq!(prefix("if a And b tHEN c Mod d else nOt e oR f"), "(if (and a b) (mod c d) (or (not e) f))");
    assert_eq!(prefix("iffy + android + model"), "(+ (+ iffy android) model)");
}

#[test]
fn blanks_and_comments_separate_and_do_nothing_else() {
    assert_eq!(prefix(" \t\r\n a {one {not nested} + {two} b\n{}"), "(+ a b)");
    assert_eq!(prefix("a{x}*{y}2"), "(* a 2.0)");
}

#[test]
fn paths_have_dots_between_names() {
    assert_eq!(prefix("Hares.births"), "Hares.births");
    assert_eq!(prefix(".area * a.b.c"), "(* .area a.b.c)");
    assert_eq!(prefix("a*.b"), "(* a .b)");
    assert_eq!(prefix("\"my module\".\"x.y\""), "\"my module\".\"x.y\"");
    assert_eq!(prefix("isee.history(a, 1)"), "(isee.history a 1.0)");
}

#[test]
fn a_choice_may_be_written_as_a_call() {
    assert_eq!(prefix("IF_THEN_ELSE(a>1, b, c)"), "(if (> a 1.0) b c)");
    assert_eq!(prefix("if then else (a, b, c)*2"), "(* (if a b c) 2.0)");
    assert_eq!(prefix("IF (a) THEN (b) ELSE (c)"), "(if a b c)");
}

#[test]
fn calls_take_any_number_of_arguments() {
    assert_eq!(prefix("PI()"), "(PI)");
    assert_eq!(prefix("MAX (a, b+1)"), "(MAX a (+ b 1.0))");
    assert_eq!(prefix("f(g(h(1)), 2, 3)"), "(f (g (h 1.0)) 2.0 3.0)");
    assert_eq!(prefix("\"my table\"(x)"), "(\"my table\" x)");
    assert_eq!(prefix("table[north](x)"), "(table[north] x)");
}

#[test]
fn subscripts_take_every_form() {
    assert_eq!(prefix("a[i, j+1]"), "a[i, (+ j 1.0)]");
    assert_eq!(prefix("a[*, 2]"), "a[*, 2.0]");
    assert_eq!(prefix("a[*:Sub]"), "a[(all Sub)]");
    assert_eq!(prefix("a[Dim.*, 1]"), "a[(all Dim), 1.0]");
    assert_eq!(prefix("a[2:5]"), "a[(range 2.0 5.0)]");
    assert_eq!(prefix("a[lo:hi, Dim.x]"), "a[(range lo hi), Dim.x]");
    assert_eq!(prefix("a[@2]"), "a[(@ 2.0)]");
    assert_eq!(prefix("a[b[c[1]]]"), "a[b[c[1.0]]]");
    assert_eq!(prefix("SUM(a[*])"), "(SUM a[*])");
}

#[test]
fn a_chain_of_any_length_is_no_nesting() {
    let chain = vec!["x"; 100_000].join(" + ");
    let equation = read(&chain).expect("a long sum is valid");
    assert_eq!(equation.nodes.len(), 199_999);
}

#[test]
fn nesting_up_to_the_limit_is_valid() {
    let limit = super::super::NESTING_LIMIT;
    for (open, close) in [("(", ")"), ("f(", ")"), ("-", ""), ("2^", ""), ("a[", "]"), ("IF a THEN b ELSE ", "")] {
        let text = format!("{}x{}", open.repeat(limit), close.repeat(limit));
        assert!(read(&text).is_ok(), "{open}");
    }
}

#[test]
fn builtins_may_be_several_words_with_arguments_behind_them() {
    assert_eq!(prefix("delay fixed(a, 2, 0)"), "(\"delay fixed\" a 2.0 0.0)");
    assert_eq!(prefix("1 + SAMPLE  IF\n True (a, b, 0)*2"), "(+ 1.0 (* (\"SAMPLE  IF\\n True\" a b 0.0) 2.0))");
    assert_eq!(prefix("RANDOM 0 1()"), "(\"RANDOM 0 1\")");
    assert_eq!(prefix("IF THEN ELSE(DELAY N(a, 1, 2, 3), 1, 2)"), "(if (\"DELAY N\" a 1.0 2.0 3.0) 1.0 2.0)");
}
