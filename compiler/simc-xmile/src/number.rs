//! Numbers outside of equations: times, scales and points.

use roxmltree::Node;

use crate::code;
use crate::reader::Reader;
use simc_model::diagnostic::Diagnostic;
use simc_model::source::{Excerpt, Span, shorten};

impl Reader<'_> {
    /// A number. Reports what is none, naming what it should have been.
    pub(crate) fn number(&mut self, written: &Excerpt, what: &str) -> Option<(f64, Span)> {
        let (text, span) = written.trimmed();
        let place = if text.is_empty() { written.whole() } else { span };
        self.number_at(text, place, what).map(|value| (value, span))
    }

    /// The number in a required attribute.
    pub(crate) fn number_attribute(&mut self, node: Node<'_, '_>, attribute: &str) -> Option<f64> {
        let tag = self.tag(node);
        let Some(written) = self.attribute_value(node, attribute) else {
            let message = format!("<{tag}> has no `{attribute}`");
            self.error(code::MISSING_PART, self.start_span(node), message);
            return None;
        };
        self.number(&written, &format!("`{attribute}` of <{tag}>")).map(|(value, _)| value)
    }

    /// The numbers in an element with their places, separated by its `sep` or by commas. Reports everything that is none.
    pub(crate) fn numbers(&mut self, node: Node<'_, '_>) -> Option<Vec<(f64, Span)>> {
        let what = format!("a point of <{}>", self.tag(node));
        let separator = self.attribute_value(node, "sep").map_or(",".to_owned(), |sep| sep.text().to_owned());
        let written = self.text(node);
        let (text, _) = written.trimmed();
        if text.is_empty() {
            let message = format!("<{}> holds no points", self.tag(node));
            self.error(code::BAD_TABLE, self.span(node), message);
            return None;
        }
        let start = written.text().len() - written.text().trim_start().len();
        let mut numbers = Vec::new();
        let mut failed = false;
        for (at, piece) in split(text, &separator) {
            let lead = piece.len() - piece.trim_start().len();
            let first = start + at + lead;
            let piece = piece.trim();
            let place = written.span(first, first + piece.len());
            match self.number_at(piece, place, &what) {
                Some(number) => numbers.push((number, place)),
                // One complaint about a list is enough: a wrong separator spoils all of it.
                None if failed => return None,
                None => failed = true,
            }
        }
        (!failed).then_some(numbers)
    }

    fn number_at(&mut self, text: &str, place: Span, what: &str) -> Option<f64> {
        let Some(value) = parse_number(text) else {
            let found = if text.is_empty() { "nothing".to_owned() } else { format!("`{}`", shorten(text)) };
            let error = Diagnostic::error(code::BAD_NUMBER, place, format!("{what} is no number: {found}"));
            let hint = match text.bytes().find(|byte| matches!(byte, b'/' | b',')) {
                Some(b'/') => "a fraction is written with a point; `<dt reciprocal=\"true\">4</dt>` is a step of 1/4",
                Some(_) => "a fraction is written with a point, and nothing stands between thousands",
                None => "a number looks like 12, -0.5 or 3e-2; a fraction is written with a point",
            };
            self.report(error.with_hint(hint));
            return None;
        };
        if !value.is_finite() {
            self.error(code::BAD_NUMBER, place, format!("{what} is too large for a 64-bit float"));
            return None;
        }
        Some(value)
    }
}

/// A number with an optional sign; infinite when it is too large.
fn parse_number(text: &str) -> Option<f64> {
    let is_numeric = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    if text.bytes().all(is_numeric) { text.parse().ok() } else { None }
}

/// The pieces between separators with their places. A blank separator stands for any run of blanks.
fn split<'a>(text: &'a str, separator: &'a str) -> Vec<(usize, &'a str)> {
    let blank = separator.trim().is_empty();
    let mut pieces = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let found = if blank { rest.find(char::is_whitespace) } else { rest.find(separator.trim()) };
        let Some(length) = found else {
            pieces.push((at, rest));
            return pieces;
        };
        pieces.push((at, &rest[..length]));
        let behind = &rest[length..];
        let next = if blank { behind.trim_start() } else { &behind[separator.trim().len()..] };
        at = text.len() - next.len();
    }
}
