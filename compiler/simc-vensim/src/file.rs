//! A whole file: sections, groups, macros, and the parts of definitions.

use crate::ast::{Entry, File, Group, Macro, Name};
use crate::code;
use crate::entry::{parse_entry, parse_macro, trimmed};
use crate::joined::Joined;
use crate::lexer::{Text, keyword};
use crate::neutral::diagnostic::code as shared;
use crate::neutral::{Diagnostic, FileId, Sources, Span, diagnostic};
use crate::scan::{self, Braces, is_blank};
use crate::settings::parse_settings;
use crate::token::Keyword;
use crate::units::parse_units;

/// What the sketch begins with, with a third backslash before it in most files.
const SKETCH: &str = "\\\\---///";
/// What no definition begins with.
const SKETCH_START: &str = "\\\\";
/// What ends the sketch.
const SKETCH_END: &str = "///---\\\\\\";
/// A part of the line that the settings begin with.
const SETTINGS: &str = "<%^E!@";

/// Reads the text of a model. The file holds everything that could be understood; a definition with
/// an error says so. Diagnostics come in the order of the file, errors and warnings.
pub fn parse(sources: &Sources, file: FileId) -> (File, Vec<Diagnostic>) {
    let source = sources.file(file).text.as_str();
    if u32::try_from(source.len()).is_err() {
        let error = Diagnostic::error_without_place(shared::TOO_LARGE, "the file is larger than 4 gigabytes");
        return (File::default(), vec![error.with_hint("leave out what is not a part of the model")]);
    }
    let (model, settings) = sections(source);
    let joined = Joined::new(file, &source[..model]);
    let braces = Braces::new(joined.text());
    let text = Text { joined, braces };
    let mut reader =
        Reader { text: &text, at: 0, no_quote_before: 0, file: File::default(), open: None, diagnostics: Vec::new() };
    reader.read();
    let Reader { file: mut tree, mut diagnostics, .. } = reader;
    if let Some(start) = settings {
        tree.settings = parse_settings(file, &source[start..], start, &mut diagnostics);
    }
    diagnostic::sort(&mut diagnostics);
    (tree, diagnostics)
}

/// Where the definitions end and where the records of the settings begin. The sketch between them is
/// drawing alone; any of the marks may be missing.
fn sections(source: &str) -> (usize, Option<usize>) {
    let mark = source.find(SETTINGS);
    let settings_line = mark.map(|mark| source[..mark].rfind('\n').map_or(0, |line_end| line_end + 1));
    let sketch = source.find(SKETCH).map_or(source.len(), |mark| source[..mark].trim_end_matches('\\').len());
    let sketch_end = source.find(SKETCH_END).unwrap_or(source.len());
    let model = sketch.min(sketch_end).min(settings_line.unwrap_or(source.len()));
    let records = mark.map(|mark| source[mark..].find('\n').map_or(source.len(), |line_end| mark + line_end + 1));
    (model, records)
}

/// A reader of definitions.
struct Reader<'a> {
    text: &'a Text<'a>,
    /// The joined byte to be read next.
    at: usize,
    /// No name in double quotes begins before this byte and is closed.
    no_quote_before: usize,
    file: File,
    /// The macro whose definitions are being read.
    open: Option<Macro>,
    diagnostics: Vec<Diagnostic>,
}

/// The parts of a definition, by joined bytes.
struct Parts {
    /// The definition itself, units and comment.
    equation: (usize, usize),
    units: (usize, usize),
    comment: (usize, usize),
    /// What is between further tildes.
    further: Vec<(usize, usize)>,
    /// A `|` was found.
    is_closed: bool,
}

impl Reader<'_> {
    fn read(&mut self) {
        loop {
            self.skip_blanks();
            let rest = &self.text.joined.text()[self.at..];
            // What begins like a sketch is one that was cut off.
            if rest.is_empty() || rest.starts_with(SKETCH_START) {
                break;
            }
            match keyword(rest) {
                Some((Keyword::Macro, length)) => self.begin_macro(length),
                Some((Keyword::EndOfMacro, length)) => self.end_macro(length),
                Some(_) | None => self.definition(),
            }
        }
        if let Some(unfinished) = self.open.take() {
            let error = Diagnostic::error(code::UNFINISHED, unfinished.span, "this macro has no end");
            let error = error.with_variable(unfinished.name.text.clone());
            self.diagnostics.push(error.with_hint("write `:END OF MACRO:` after its last definition"));
            self.file.macros.push(unfinished);
        }
    }

    /// Passes over white space, comments and bars that end nothing. A comment whose first and last
    /// lines are asterisks is a group.
    fn skip_blanks(&mut self) {
        loop {
            let rest = &self.text.joined.text()[self.at..];
            let blanks = rest.trim_start_matches(|c| is_blank(c) || c == '|');
            self.at += rest.len() - blanks.len();
            if !blanks.starts_with('{') {
                return;
            }
            let Some(end) = self.text.braces.comment_end(self.at) else { return };
            if blanks[1..].trim_start().starts_with("****") {
                self.group(self.at + 1, end - 1, String::new());
            }
            self.at = end;
        }
    }

    /// Reads everything up to the next `|`.
    fn definition(&mut self) {
        let parts = self.parts();
        let (start, end) = parts.equation;
        let written = &self.text.joined.text()[start..end];
        if written.trim().is_empty() && self.is_blank(&parts) {
            return;
        }
        if written.trim_start().starts_with("****") {
            let doc = [parts.units, parts.comment].into_iter().chain(parts.further.iter().copied());
            let doc = doc.map(|part| self.document(part)).find(|doc| !doc.is_empty());
            return self.group(start, end, doc.unwrap_or_default());
        }
        let (body, error) = parse_entry(self.text, start, end);
        let reported = error.is_some();
        self.diagnostics.extend(error.map(|error| *error));
        let span = trimmed(self.text, start, end).span;
        if !parts.is_closed {
            let error = Diagnostic::error(code::UNFINISHED, end_of(span), "the text ends before this definition does");
            self.diagnostics.push(error.with_hint("a definition ends with `|`: `x = 1 ~ units ~ comment |`"));
        }
        let Some(body) = body else { return };
        let units = parse_units(self.text, parts.units.0, parts.units.1, &mut self.diagnostics);
        let (is_supplementary, doc) = self.comment_and_flag(&parts);
        let group = self.file.groups.len().checked_sub(1).and_then(|last| u32::try_from(last).ok());
        let reported = reported || !parts.is_closed;
        let definition = Entry { body, units, doc, is_supplementary, group, reported, span };
        match &mut self.open {
            Some(open) => open.entries.push(definition),
            None => self.file.entries.push(definition),
        }
    }

    /// Cuts what is here at its tildes, and passes over it.
    fn parts(&mut self) -> Parts {
        let text = self.text.joined.text();
        let start = self.at;
        let end = self.equation_end();
        let mut parts = Parts {
            equation: (start, end),
            units: (end, end),
            comment: (end, end),
            further: Vec::new(),
            is_closed: false,
        };
        let (mut end, mut index) = (end, 0);
        while text[end..].starts_with('~') {
            let from = end + 1;
            end = text[from..].find(['~', '|']).map_or(text.len(), |length| from + length);
            match index {
                0 => parts.units = (from, end),
                1 => parts.comment = (from, end),
                _ => parts.further.push((from, end)),
            }
            index += 1;
        }
        parts.is_closed = text[end..].starts_with('|');
        self.at = (end + 1).min(text.len());
        parts
    }

    /// Where the first part of the definition here ends: at a `~` or `|` that nothing hides.
    fn equation_end(&mut self) -> usize {
        let text = self.text.joined.text();
        let bytes = text.as_bytes();
        let mut at = self.at;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'~' | b'|' => return at,
                b'{' => {
                    if let Some(end) = self.text.braces.comment_end(at) {
                        at = end;
                        continue;
                    }
                }
                b'"' if at >= self.no_quote_before => match scan::quoted_end(text, at) {
                    Ok(end) => {
                        at = end;
                        continue;
                    }
                    Err(given_up) => self.no_quote_before = given_up,
                },
                b'\'' if at == 0 || !scan::is_name_byte(bytes[at - 1]) => {
                    if let Ok(end) = scan::literal_end(text, at) {
                        at = end;
                        continue;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        text.len()
    }

    fn is_blank(&self, parts: &Parts) -> bool {
        let all = [parts.units, parts.comment].into_iter().chain(parts.further.iter().copied());
        all.into_iter().all(|(start, end)| self.text.joined.text()[start..end].trim().is_empty())
    }

    /// Whether the last part is `:SUPPLEMENTARY`, and the comment. Tildes in a comment are a part of
    /// it, unless a definition seems to be in there as well.
    fn comment_and_flag(&mut self, parts: &Parts) -> (bool, String) {
        let text = self.text.joined.text();
        let mut end = parts.further.last().map_or(parts.comment.1, |&(_, end)| end);
        let last = parts.further.last().copied().unwrap_or(parts.comment);
        let is_supplementary = is_flag(&text[last.0..last.1]);
        if is_supplementary {
            end = last.0.saturating_sub(1).max(parts.comment.0);
        }
        let n_further = parts.further.len().saturating_sub(usize::from(is_supplementary));
        if n_further > 0
            && let Some(at) = begins_definition(&text[parts.comment.0..parts.comment.1])
        {
            let at = parts.comment.0 + at;
            let place = trimmed(self.text, at, text[at..].find('\n').map_or(text.len(), |length| at + length)).span;
            let message = "this comment holds what looks like a definition";
            let warning = Diagnostic::warning(code::UNFINISHED, place, message);
            self.diagnostics.push(warning.with_hint("is the `|` of the definition before missing?"));
        }
        (is_supplementary, self.document((parts.comment.0, end)))
    }

    /// The text of a comment: lines without the blanks around them.
    fn document(&self, (start, end): (usize, usize)) -> String {
        let mut doc = String::new();
        for line in self.text.joined.text()[start..end].trim().lines() {
            if !doc.is_empty() {
                doc.push('\n');
            }
            doc.push_str(line.trim());
        }
        doc
    }

    /// A run of asterisks, a line with the name, and another run.
    fn group(&mut self, start: usize, end: usize, doc: String) {
        let written = &self.text.joined.text()[start..end];
        let inside = written.trim_matches(|c| is_blank(c) || c == '*');
        let from = start + written.find(inside).unwrap_or(0);
        let name = trimmed(self.text, from, from + inside.len());
        self.file.groups.push(Group { name, doc });
    }

    /// `:MACRO: NAME(inputs : outputs)`; the keyword has `length` bytes.
    fn begin_macro(&mut self, length: usize) {
        let (start, text) = (self.at, self.text.joined.text());
        if let Some(open) = self.open.take() {
            let span = self.text.joined.span(start, start + length);
            let error = Diagnostic::error(code::BAD_MACRO, span, "a macro begins within another one");
            let error = error.with_place(open.span, "which begins here");
            self.diagnostics.push(error.with_hint("write `:END OF MACRO:` before it"));
            self.file.macros.push(open);
        }
        match parse_macro(self.text, start + length) {
            Ok((opened, after)) => {
                self.open = Some(opened);
                self.at = after;
            }
            Err(error) => {
                self.diagnostics.push(*error);
                let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
                let name = trimmed(self.text, (start + length).min(line_end), line_end);
                let span = self.text.joined.span(start, line_end);
                self.open = Some(unreadable_macro(name, span));
                self.at = line_end;
            }
        }
        // Some files close the line like a definition.
        self.skip_blanks();
        if text[self.at..].starts_with('~') {
            self.parts();
        }
    }

    fn end_macro(&mut self, length: usize) {
        let start = self.at;
        self.at += length;
        match self.open.take() {
            Some(open) => self.file.macros.push(open),
            None => {
                let span = self.text.joined.span(start, self.at);
                let error = Diagnostic::error(code::BAD_MACRO, span, "there is no macro to end here");
                self.diagnostics.push(error.with_hint("a macro begins with `:MACRO: NAME(inputs : outputs)`"));
            }
        }
    }
}

/// Whether the last part of a definition is `:SUPPLEMENTARY`, or the beginning of that word.
fn is_flag(part: &str) -> bool {
    let start = part.trim_start().as_bytes().get(..4);
    start.is_some_and(|start| start.eq_ignore_ascii_case(b":SUP"))
}

/// A macro whose first line has an error.
fn unreadable_macro(name: Name, span: Span) -> Macro {
    let name_end = name.text.find('(').unwrap_or(name.text.len());
    let name = Name { text: name.text[..name_end].trim().to_owned(), span: name.span };
    Macro { name, inputs: Vec::new(), outputs: Vec::new(), entries: Vec::new(), reported: true, span }
}

/// The line of a comment, but the first, that begins with a name and an equals sign.
fn begins_definition(comment: &str) -> Option<usize> {
    let mut at = 0;
    for line in comment.split('\n') {
        let is_first = at == 0;
        let begins = |c: char| c.is_alphabetic() || c == '"';
        let name = line.split_once('=').map(|(name, _)| name.trim_end());
        if !is_first && line.starts_with(begins) && name.is_some_and(|name| name.len() < 200 && !name.contains('.')) {
            return Some(at);
        }
        at += line.len() + 1;
    }
    None
}

/// The end of a span.
fn end_of(span: Span) -> Span {
    Span { start: span.end, ..span }
}
