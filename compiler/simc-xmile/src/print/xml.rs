//! XML as text: elements on lines of their own, indented by how deep they are.

use std::fmt::Write as _;

/// A document that is being written.
#[derive(Default)]
pub(super) struct Xml {
    out: String,
    depth: usize,
}

/// Attributes in order.
pub(super) type Attributes<'a> = [(&'a str, String)];

impl Xml {
    pub(super) fn raw(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    pub(super) fn open(&mut self, tag: &str, attributes: &Attributes<'_>) {
        self.start(tag, attributes);
        self.out.push_str(">\n");
        self.depth += 1;
    }

    pub(super) fn close(&mut self, tag: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.indent();
        self.raw(&format!("</{tag}>"));
    }

    /// An element with a text.
    pub(super) fn text(&mut self, tag: &str, attributes: &Attributes<'_>, text: &str) {
        self.start(tag, attributes);
        self.out.push('>');
        escape(&mut self.out, text, false);
        self.raw(&format!("</{tag}>"));
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, tag: &str, attributes: &Attributes<'_>) {
        self.start(tag, attributes);
        self.out.push_str("/>\n");
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n('\t', self.depth));
    }

    fn start(&mut self, tag: &str, attributes: &Attributes<'_>) {
        self.indent();
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"");
            escape(&mut self.out, value, true);
            self.out.push('"');
        }
    }
}

/// Whether XML can hold a character.
pub(super) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

fn escape(out: &mut String, text: &str, is_attribute: bool) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' if is_attribute => out.push_str("&quot;"),
            '\n' | '\t' if is_attribute => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\r' => out.push_str("&#13;"),
            _ if is_xml(c) => out.push(c),
            _ => {}
        }
    }
}
