//! Where the nodes of an equation are.

use super::{parse, read};
use simc_model::builtin::Dialect;
use simc_model::source::{Excerpt, FileId, Span};

/// The text that each node covers, in order.
fn covered(text: &str) -> Vec<&str> {
    let equation = read(text).expect(text);
    equation.nodes.iter().map(|node| &text[node.span.start as usize..node.span.end as usize]).collect()
}

#[test]
fn a_node_covers_all_that_it_is_made_of() {
    assert_eq!(covered("a + b*c"), ["a", "b", "c", "b*c", "a + b*c"]);
    assert_eq!(covered("(a + b) * -c"), ["a", "b", "a + b", "c", "-c", "(a + b) * -c"]);
    assert_eq!(covered("MAX( a , 2 ) "), ["a", "2", "MAX( a , 2 )"]);
    assert_eq!(covered("IF a THEN b ELSE c"), ["a", "b", "c", "IF a THEN b ELSE c"]);
    assert_eq!(covered("m.x[i, *:D]'"), ["i", "D", "*:D", "m.x[i, *:D]", "m.x[i, *:D]'"]);
    assert_eq!(covered("a {c} + {d} b {e}"), ["a", "b", "a {c} + {d} b"]);
}

#[test]
fn the_equation_covers_its_text_without_blanks() {
    assert_eq!(read("  a+b \n").expect("valid").span, Span::new(FileId(0), 2, 5));
}

#[test]
fn places_go_through_what_was_decoded() {
    // a&lt;b at byte 100 of the file
    let mut excerpt = Excerpt::new(Span::new(FileId(3), 100, 106));
    excerpt.push_verbatim("a", 100);
    excerpt.push_escaped('<', 101, 4);
    excerpt.push_verbatim("b", 105);
    let equation = parse(&excerpt, Dialect::Xmile).expect("valid").expect("not empty");
    let spans: Vec<(u32, u32)> = equation.nodes.iter().map(|node| (node.span.start, node.span.end)).collect();
    assert_eq!(spans, [(100, 101), (105, 106), (100, 106)]);
    assert!(equation.nodes.iter().all(|node| node.span.file == FileId(3)));
}
