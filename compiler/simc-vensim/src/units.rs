//! The second part of a definition: units and the range that values are expected in.

use crate::ast::{Name, Units};
use crate::entry::trimmed;
use crate::lexer::{Text, parse_number};
use crate::neutral::Diagnostic;
use crate::neutral::diagnostic::code;

/// Reads the joined bytes `start..end`: a range that cannot be read is a warning and counts for
/// nothing.
pub(crate) fn parse_units(text: &Text, start: usize, end: usize, diagnostics: &mut Vec<Diagnostic>) -> Option<Units> {
    let all = trimmed(text, start, end);
    if all.text.is_empty() {
        return None;
    }
    let written = &text.joined.text()[start..end];
    let without_blanks = written.trim_end();
    let open = if without_blanks.ends_with(']') { without_blanks.rfind('[') } else { None };
    let Some(open) = open else { return Some(Units { text: Some(all), range: None }) };
    let before = trimmed(text, start, start + open);
    let range = bounds(&without_blanks[open + 1..without_blanks.len() - 1]);
    if range.is_none() {
        let span = text.joined.span(start + open, start + without_blanks.len());
        let warning = Diagnostic::warning(code::UNREADABLE_UNITS, span, "the range of these values cannot be read");
        diagnostics.push(warning.with_hint("a range is `[least, greatest, step]`, with `?` for what is not known"));
    }
    Some(Units { text: some_text(before), range })
}

/// What is written for a bound that there is not; the words are those of other tools.
const UNBOUNDED: [&str; 4] = ["", "?", "inf", "nan"];

fn some_text(name: Name) -> Option<Name> {
    if name.text.is_empty() { None } else { Some(name) }
}

/// `least, greatest, step`; `?`, infinity and what is not there are none.
fn bounds(text: &str) -> Option<[Option<f64>; 3]> {
    let mut bounds = [None; 3];
    let mut parts = text.split(',');
    for (bound, part) in bounds.iter_mut().zip(&mut parts) {
        let part = part.trim();
        let is_open = UNBOUNDED.iter().any(|it| part.trim_start_matches(['+', '-']).eq_ignore_ascii_case(it));
        *bound = if is_open { None } else { Some(parse_number(part)?) };
    }
    if parts.next().is_some() { None } else { Some(bounds) }
}
