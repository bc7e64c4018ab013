//! What is said about equations that are none.

use super::{fault, parse, read};
use crate::code;
use simc_model::builtin::Dialect;
use simc_model::source::{Excerpt, FileId};

#[track_caller]
fn check(text: &str, code: simc_model::diagnostic::Code, marked: &str) {
    assert_eq!(fault(text), (code.0, marked), "{text}");
}

#[test]
fn operands_that_are_missing() {
    check("a +", code::MISSING_OPERAND, "");
    check("a + * b", code::MISSING_OPERAND, "*");
    check("* b", code::MISSING_OPERAND, "*");
    check("()", code::MISSING_OPERAND, ")");
    check("f(a,)", code::MISSING_OPERAND, ")");
    check("f(,a)", code::MISSING_OPERAND, ",");
    check("a[]", code::MISSING_OPERAND, "]");
    check("a AND OR b", code::MISSING_OPERAND, "OR");
    check("MOD(a, b)", code::MISSING_OPERAND, "MOD");
    check("a.", code::MISSING_OPERAND, "");
    check("a.(b)", code::MISSING_OPERAND, "(");
    check("'text'", code::MISSING_OPERAND, "'");
    check("= 3", code::MISSING_OPERAND, "=");
    check("IF THEN b ELSE c", code::MISSING_OPERAND, "THEN");
    check("-", code::MISSING_OPERAND, "");
}

#[test]
fn operators_that_are_missing() {
    check("birth rate * x", code::MISSING_OPERATOR, "rate");
    check("2 x", code::MISSING_OPERATOR, "x");
    check("(a)(b)", code::MISSING_OPERATOR, "(");
    check("(a b)", code::MISSING_OPERATOR, "b");
    check("f(a b)", code::MISSING_OPERATOR, "b");
    check("a NOT b", code::MISSING_OPERATOR, "NOT");
    check("1.2.3", code::MISSING_OPERATOR, ".3");
    check("IF a b THEN c ELSE d", code::MISSING_OPERATOR, "b");
}

#[test]
fn parentheses_without_partner() {
    check("(a + b", code::UNBALANCED, "");
    check("f(a, b", code::UNBALANCED, "");
    check("a[b", code::UNBALANCED, "");
    check("(a]", code::UNBALANCED, "]");
    check("a[b)", code::UNBALANCED, ")");
    check("a + b)", code::UNBALANCED, ")");
    check("a }", code::UNBALANCED, "}");
    let error = read("2*(a + (b)").expect_err("unbalanced");
    assert_eq!(error.labels[0].span.start, 2, "the opening parenthesis is labelled");
}

#[test]
fn operators_of_other_languages() {
    for (text, operator) in [
        ("a == b", "=="),
        ("a != b", "!="),
        ("a ** b", "**"),
        ("a && b", "&&"),
        ("a || b", "||"),
        ("!a", "!"),
        ("a % b", "%"),
        ("a => b", "=>"),
        ("a :And: b", ":And:"),
        (":NOT: a", ":NOT:"),
        ("a = :NA:", ":NA:"),
    ] {
        check(text, code::FOREIGN_OPERATOR, operator);
        assert!(read(text).expect_err(text).hint.is_some(), "{text} has a cure");
    }
}

#[test]
fn choices_that_are_incomplete() {
    check("IF a THEN b", code::INCOMPLETE_IF, "");
    check("(IF a THEN b) + 1", code::INCOMPLETE_IF, ")");
    check("IF a ELSE b", code::INCOMPLETE_IF, "ELSE");
    check("a ELSE b", code::INCOMPLETE_IF, "ELSE");
    check("a then b", code::INCOMPLETE_IF, "then");
    check("IF_THEN_ELSE(a, b)", code::INCOMPLETE_IF, "IF_THEN_ELSE(a, b)");
    let error = read("1 + IF a THEN b").expect_err("incomplete");
    assert_eq!(error.labels[0].span.start, 4, "the IF is labelled");
}

#[test]
fn commas_and_subscript_marks_out_of_place() {
    check("1,5 * a", code::STRAY_COMMA, ",");
    check("(1,5)", code::STRAY_COMMA, ",");
    check("a ; b", code::STRAY_COMMA, ";");
    check("a:b", code::BAD_SUBSCRIPT, ":");
    check("a @ 1", code::BAD_SUBSCRIPT, "@");
    check("(a)[1]", code::BAD_SUBSCRIPT, "[");
    check("a[1][2]", code::BAD_SUBSCRIPT, "[");
    check("3[1]", code::BAD_SUBSCRIPT, "[");
}

#[test]
fn characters_numbers_and_quotes_that_mean_nothing() {
    check("a \\ b", code::UNKNOWN_CHARACTER, "\\");
    assert!(read("a \\ b").expect_err("no operator").message.contains("the character `\\` has"));
    check("a + \u{0}", code::UNKNOWN_CHARACTER, "\u{0}");
    check("2x", code::BAD_LITERAL, "2x");
    check("1e", code::BAD_LITERAL, "1e");
    check("1e999", code::BAD_LITERAL, "1e999");
    check("\"abc", code::UNTERMINATED, "\"");
    check("\"abc\\\"", code::UNTERMINATED, "\"");
    check("a {comment", code::UNTERMINATED, "{");
    check("\" \"", code::EMPTY_NAME, "\" \"");
}

#[test]
fn blanks_and_comments_alone_are_no_equation() {
    for text in ["", "  \n", " {only a comment} "] {
        let equation = parse(&Excerpt::verbatim(FileId(0), 0, text), Dialect::Xmile).expect("nothing is malformed");
        assert!(equation.is_none(), "{text:?}");
    }
}

#[test]
fn nesting_beyond_the_limit_is_refused_wherever_it_comes_from() {
    for open in ["(", "f(", "-", "NOT ", "2^", "a[", "IF a THEN b ELSE ", "IF ", "1+(", "f(1,", "a."] {
        assert_eq!(fault(&open.repeat(10_000)).0, code::TOO_DEEP.0, "{open}");
    }
}

#[test]
fn an_equation_beyond_the_size_limit_is_refused() {
    assert_eq!(fault(&"1+".repeat(super::super::SIZE_LIMIT)).0, code::TOO_LARGE.0);
}

#[test]
fn enormous_tokens_cost_linear_time_and_short_messages() {
    let long = "x".repeat(5_000_000);
    for text in
        [format!("a {long}"), format!("9{long}"), format!("\"{long}"), format!("{{{long}"), "a{}".repeat(1_000_000)]
    {
        if let Err(error) = read(&text) {
            assert!(error.message.len() < 200, "{}", error.message.len());
        }
    }
}
