//! Places in equations are places in the file, whatever the XML around and within them looks like.

use super::{check, read, with_variables};
use crate::code;

fn equation(text: &str) -> String {
    with_variables(&format!("<aux name='a'><eqn>{text}</eqn></aux>"))
}

#[test]
fn faults_are_marked_as_the_file_has_them() {
    check(&equation("a &lt; &gt; b"), code::MISSING_OPERAND, "&gt;");
    check(&equation("a &#60;&#x3e; &lt;&gt; b"), code::MISSING_OPERAND, "&lt;&gt;");
    check(&equation("<![CDATA[a < b]]> <![CDATA[> = c]]>"), code::MISSING_OPERAND, "=");
    check(&equation("a <!-- ) --> + <!-- b --> ) c"), code::MISSING_OPERAND, ")");
    check(&equation("a &amp;&amp; b"), code::FOREIGN_OPERATOR, "&amp;&amp;");
    check(&equation("é&#10;+\r\n 1,5"), code::STRAY_COMMA, ",");
    check(&equation("&quot;abc"), code::UNTERMINATED, "&quot;");
}

#[test]
fn nodes_are_marked_as_the_file_has_them() {
    let text = equation("a &lt; b<![CDATA[ + c < ]]>d<!-- x -->e AND \"f g\"");
    let (file, diagnostics) = read(&text);
    assert!(diagnostics.is_empty());
    let equation = file.models[0].vars[0].equation.as_ref().expect("an equation");
    let covered: Vec<&str> =
        equation.nodes.iter().map(|node| &text[node.span.start as usize..node.span.end as usize]).collect();
    assert_eq!(covered[2..5], ["c", "b<![CDATA[ + c", "a &lt; b<![CDATA[ + c"]);
    assert_eq!(covered[5], "d<!-- x -->e", "a comment of the XML does not end a name");
    assert_eq!(covered.last(), Some(&"a &lt; b<![CDATA[ + c < ]]>d<!-- x -->e AND \"f g\""));
}

#[test]
fn names_and_definitions_are_marked_as_the_file_has_them() {
    let text = with_variables("<stock  name = ' S&amp;P ' ><outflow> x&#95;y </outflow></stock>");
    let (file, _) = read(&text);
    let var = &file.models[0].vars[0];
    let marked = |span: simc_model::source::Span| &text[span.start as usize..span.end as usize];
    assert_eq!((var.name.text.as_str(), marked(var.name.span)), ("S&P", "S&amp;P"));
    assert_eq!((var.outflows[0].text.as_str(), marked(var.outflows[0].span)), ("x_y", "x&#95;y"));
    assert_eq!(marked(var.span), "<stock  name = ' S&amp;P ' >");
}

#[test]
fn places_are_right_in_a_file_that_had_to_be_mended() {
    let text = equation("1 + )").replace("<xmile>", "<xmile><!-- a -- é --><isee:prefs/>");
    check(&text, code::MISSING_OPERAND, ")");
}
