//! A file of changes: definitions of constants, lookups and string variables, without the tildes and bars of a model.
//!
//! An entry ends with its line, unless a bracket is open, or what comes next can only go on with it. Bounds of a search, as in
//! `0 <= rate = 0.5 <= 1`, are passed over.

use crate::ast::{Body, Variable};
use crate::code;
use crate::entry::{parse_entry, trimmed};
use crate::joined::Joined;
use crate::lexer::Text;
use crate::neutral::{Diagnostic, FileId, Sources, diagnostic::code as shared};
use crate::scan::{self, Braces, is_blank};

/// Reads the changes of a file in its order; what cannot be read is reported, and left out.
pub(crate) fn parse_changes(sources: &Sources, file: FileId) -> (Vec<Variable>, Vec<Diagnostic>) {
    let source = sources.file(file).text.as_str();
    if u32::try_from(source.len()).is_err() {
        let error = Diagnostic::error_without_place(shared::TOO_LARGE, "the file is larger than 4 gigabytes");
        return (Vec::new(), vec![error.with_hint("keep a file of changes for each purpose")]);
    }
    let joined = Joined::new(file, source);
    let braces = Braces::new(joined.text());
    let text = Text { joined, braces };
    let mut reader = Reader { text: &text, at: 0, no_quote_before: 0 };
    let (mut changes, mut diagnostics) = (Vec::new(), Vec::new());
    while let Some((start, end)) = reader.entry() {
        let (start, end) = reader.without_bounds(start, end);
        let (body, error) = parse_entry(&text, start, end);
        let is_whole = error.is_none();
        diagnostics.extend(error.map(|error| *error));
        match body {
            Some(Body::Variable(variable)) if is_whole => changes.push(variable),
            Some(Body::Variable(_)) | None => {}
            Some(Body::Range(_) | Body::Equivalence { .. } | Body::RealityCheck { .. } | Body::TestInput { .. }) => {
                let span = trimmed(&text, start, end).span;
                let message = "a changes file defines no subscript ranges and no reality checks";
                let error = Diagnostic::error(code::CHANGES, span, message);
                diagnostics
                    .push(error.with_hint("write `constant = number`, or the points of a lookup in parentheses"));
            }
        }
    }
    (changes, diagnostics)
}

/// A reader of entries.
struct Reader<'a> {
    text: &'a Text<'a>,
    /// The joined byte to be read next.
    at: usize,
    /// No name in double quotes begins before this byte and is closed.
    no_quote_before: usize,
}

impl Reader<'_> {
    /// The next entry, by joined bytes.
    fn entry(&mut self) -> Option<(usize, usize)> {
        let text = self.text.joined.text();
        loop {
            let rest = &text[self.at..];
            let begin = rest.trim_start_matches(|c| is_blank(c) || matches!(c, '|' | '~'));
            self.at += rest.len() - begin.len();
            match begin.bytes().next()? {
                b'{' => match self.text.braces.comment_end(self.at) {
                    Some(end) => self.at = end,
                    None => break,
                },
                _ => break,
            }
        }
        let start = self.at;
        let end = self.end();
        self.at = end;
        if text[end..].starts_with('~') {
            // Units and a comment, up to the bar if there is one.
            let line = text[end..].find('\n').map_or(text.len(), |length| end + length);
            self.at = text[end..].find('|').map_or(line, |length| end + length + 1);
        }
        Some((start, end))
    }

    /// Where the entry here ends.
    fn end(&mut self) -> usize {
        let text = self.text.joined.text();
        let bytes = text.as_bytes();
        let (mut at, mut depth) = (self.at, 0_usize);
        // The last byte that is no blank.
        let mut last = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'~' | b'|' => return at,
                b'\n' if depth == 0 => {
                    let rest = text[at..].trim_start();
                    if !goes_on(last, rest) {
                        return at;
                    }
                    // Blank lines are looked at once.
                    at = text.len() - rest.len();
                    continue;
                }
                b'(' | b'[' => depth += 1,
                b')' | b']' => depth = depth.saturating_sub(1),
                b'{' => {
                    if let Some(end) = self.text.braces.comment_end(at) {
                        at = end;
                        continue;
                    }
                }
                b'"' if at >= self.no_quote_before => match scan::quoted_end(text, at) {
                    Ok(end) => {
                        (at, last) = (end, b'"');
                        continue;
                    }
                    Err(given_up) => self.no_quote_before = given_up,
                },
                b'\'' if at == 0 || !scan::is_name_byte(bytes[at - 1]) => {
                    if let Ok(end) = scan::literal_end(text, at) {
                        (at, last) = (end, b'\'');
                        continue;
                    }
                }
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                last = byte;
            }
            at += 1;
        }
        text.len()
    }

    /// The entry without the bounds within which a search may change a constant.
    fn without_bounds(&self, start: usize, end: usize) -> (usize, usize) {
        let written = &self.text.joined.text()[start..end];
        let Some((least, rest)) = written.split_once("<=") else { return (start, end) };
        let is_number = least.trim().parse::<f64>().is_ok();
        let (start, rest) = if is_number { (end - rest.len(), rest) } else { (start, written) };
        (start, rest.find("<=").map_or(end, |length| end - rest.len() + length))
    }
}

/// Whether an entry goes on after the end of a line: after this byte, and before this text.
fn goes_on(last: u8, rest: &str) -> bool {
    let next = rest.bytes().next().unwrap_or(b'|');
    let is_list = matches!(next, b'0'..=b'9' | b'.' | b'+' | b'-' | b':' | b'(');
    match last {
        b'=' => true,
        b',' | b';' => is_list,
        _ => matches!(next, b'=' | b',' | b';' | b'(' | b'['),
    }
}
