//! The XML of a model file: read as a whole, or refused with the place where it is at fault.

use std::ops::Range;

use roxmltree::{Document, Error, ParsingOptions, TextPos};

use crate::code;
use crate::scan::{Mended, scan};
use crate::text::offset;
use simc_model::diagnostic::Diagnostic;
use simc_model::source::{FileId, Span};

/// How many elements, texts and comments a file may have.
const NODE_LIMIT: u32 = 8_000_000;

/// Refuses what cannot be XML at all, then mends what exporters are known to get wrong.
pub(crate) fn mend(file: FileId, text: &str) -> Result<Mended<'_>, Box<Diagnostic>> {
    if text.len() >= u32::MAX as usize / 2 {
        return Err(Box::new(Diagnostic::error_without_place(code::XML_LIMIT, "the file is larger than 2 GiB")));
    }
    let begin = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_ascii_whitespace());
    if begin.is_empty() {
        return Err(Box::new(Diagnostic::error_without_place(code::NOT_XML, "the file is empty")));
    }
    if !begin.starts_with('<') {
        let start = text.len() - begin.len();
        let line = begin.find(['\n', '\r']).unwrap_or(begin.len());
        return Err(Box::new(not_xml(span(file, start..start + line), begin)));
    }
    scan(text).map_err(|refusal| Box::new(Diagnostic::error(refusal.code, span(file, refusal.range), refusal.message)))
}

/// Reads the mended text as XML.
pub(crate) fn read<'a>(file: FileId, mended: &'a Mended<'_>) -> Result<Document<'a>, Box<Diagnostic>> {
    let options = ParsingOptions { nodes_limit: NODE_LIMIT, ..ParsingOptions::default() };
    Document::parse_with_options(&mended.text, options).map_err(|error| Box::new(broken(file, mended, &error)))
}

fn not_xml(line: Span, text: &str) -> Diagnostic {
    let error = Diagnostic::error(code::NOT_XML, line, "the file is not XML");
    if text.starts_with("{UTF-8}") || text.contains("\\\\\\---///") {
        return error.with_hint("it looks like a Vensim model; only XMILE can be read");
    }
    if text.starts_with("PK\u{3}\u{4}") {
        return error.with_hint("it is an archive; unpack it first");
    }
    error.with_hint("a model in XMILE begins with `<?xml` or `<xmile`")
}

/// What the XML reader found, at its place in the file.
fn broken(file: FileId, mended: &Mended<'_>, error: &Error) -> Diagnostic {
    let is_unclosed = matches!(error, Error::UnclosedRootNode | Error::UnexpectedEndOfStream);
    let position = error.pos();
    let at = if is_unclosed { mended.text.len() } else { byte_at(&mended.text, position) };
    let end = mended.text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    let place = span(file, mended.original(at)..mended.original(end));
    if matches!(error, Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached) {
        return Diagnostic::error_without_place(code::XML_LIMIT, "the file has more elements than any model needs");
    }
    let text = error.to_string();
    let reason = text.strip_suffix(&format!(" at {position}")).unwrap_or(&text);
    let reason = if let Error::UnexpectedCloseTag(open, close, _) = error {
        format!("<{open}> is still open where </{close}> stands")
    } else if matches!(error, Error::UnexpectedEndOfStream) {
        "the file ends within an element".to_owned()
    } else if let Error::InvalidChar(expected, ..) = error {
        // The reader says what is there as a byte, which may be a part of a character.
        expected_instead(&format!("'{}'", char::from(*expected)), &mended.text[at..])
    } else if let Error::InvalidChar2(expected, ..) = error {
        expected_instead(expected, &mended.text[at..])
    } else {
        reason.to_owned()
    };
    let broken = Diagnostic::error(code::BROKEN_XML, place, format!("the XML is broken: {reason}"));
    match hint(error, &mended.text[..at]) {
        Some(hint) => broken.with_hint(hint),
        None => broken,
    }
}

/// What should stand at the beginning of a text, and what does.
fn expected_instead(expected: &str, text: &str) -> String {
    match text.chars().next() {
        Some(c) => format!("expected {expected} not '{c}'"),
        None => format!("expected {expected}"),
    }
}

/// What would be valid, where that is clear. `before` is the text up to the place of the error.
fn hint(error: &Error, before: &str) -> Option<&'static str> {
    if matches!(error, Error::UnexpectedCloseTag(..)) {
        Some("close every element before the one around it is closed")
    } else if matches!(error, Error::UnclosedRootNode | Error::UnexpectedEndOfStream) {
        Some("the end of the file may have been lost")
    } else if matches!(error, Error::MalformedEntityReference(_)) {
        Some("an `&` is written `&amp;`; in equations the operator is AND")
    } else if matches!(error, Error::UnknownEntityReference(..)) {
        Some("XML knows `&lt;`, `&gt;`, `&amp;`, `&quot;` and `&apos;`")
    } else if matches!(error, Error::InvalidName(_)) && before.trim_end().ends_with('<') {
        Some("a `<` in an equation is written `&lt;`")
    } else {
        None
    }
}

/// The byte of a place that the XML reader counts in lines and characters.
fn byte_at(text: &str, position: TextPos) -> usize {
    let mut start = 0;
    for _ in 1..position.row {
        start = text[start..].find('\n').map_or(text.len(), |found| start + found + 1);
    }
    let line = &text[start..];
    line.char_indices().nth(position.col.saturating_sub(1) as usize).map_or(text.len(), |(at, _)| start + at)
}

/// A range of bytes as a span.
pub(crate) fn span(file: FileId, range: Range<usize>) -> Span {
    Span::new(file, offset(range.start), offset(range.end))
}
