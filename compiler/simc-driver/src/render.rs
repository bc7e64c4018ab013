//! Diagnostics as text for people and as JSON for programs.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Snippet};
use serde_json::{Value, json};
use simc_model::diagnostic::{Diagnostic, Severity};
use simc_model::source::{FileId, Sources, Span};

pub use excerpt::is_obeyed;
use excerpt::{Mark, excerpts};
use places::Places;

mod excerpt;
mod places;

/// Further places that are shown; what is beyond is counted.
const MAX_LABELS: usize = 16;
/// Characters of a message that are shown: a name or number in it may be as long as the file.
const MAX_MESSAGE: usize = 600;

/// Diagnostics of one code that are shown; what is beyond is counted.
const MAX_OF_CODE: usize = 100;

/// The first diagnostics of each code, in order, and for each code that has more a diagnostic without a place that says how many
/// more. A file can have as many faults as it has names.
pub fn bounded(diagnostics: &[Diagnostic]) -> Vec<Cow<'_, Diagnostic>> {
    let mut seen: BTreeMap<(u16, bool), (usize, &Diagnostic)> = BTreeMap::new();
    let mut shown = Vec::new();
    for diagnostic in diagnostics {
        let is_error = diagnostic.severity == Severity::Error;
        let (n, _) = seen.entry((diagnostic.code.0, !is_error)).or_insert((0, diagnostic));
        *n += 1;
        if *n <= MAX_OF_CODE {
            shown.push(Cow::Borrowed(diagnostic));
        }
    }
    for (n, first) in seen.into_values() {
        let Some(rest) = n.checked_sub(MAX_OF_CODE).filter(|&rest| rest > 0) else { continue };
        let (code, severity) = (first.code, first.severity);
        let noun = if rest == 1 { "" } else { "s" };
        let message = format!("{rest} more {severity}{noun} with the code {code}, which are not shown");
        shown.push(Cow::Owned(Diagnostic { severity, ..Diagnostic::error_without_place(code, message) }));
    }
    shown
}

/// Shows diagnostics of one set of sources. Each file is indexed once, however many diagnostics it has.
pub struct Renderer<'a> {
    sources: &'a Sources,
    places: Vec<OnceCell<Places<'a>>>,
}

impl<'a> Renderer<'a> {
    /// For diagnostics that speak of these files.
    pub fn new(sources: &'a Sources) -> Self {
        Self { sources, places: sources.iter().map(|_| OnceCell::new()).collect() }
    }

    /// For people: the message, the place in its line, what would be valid. Several lines, without a line break at the end.
    pub fn human(&self, diagnostic: &Diagnostic, colour: bool) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(visible(&diagnostic.message)).id(diagnostic.code.to_string());
        let mut group = Group::with_title(title);
        for (file, marks) in marks_by_file(diagnostic) {
            group = self.with_excerpts(group, file, marks);
        }
        for note in notes(diagnostic) {
            group = group.element(note);
        }
        let renderer =
            if colour { annotate_snippets::Renderer::styled() } else { annotate_snippets::Renderer::plain() };
        renderer.render(&[group])
    }

    /// For programs: one object with the place in numbers, and `rendered`, which is what people see.
    pub fn json(&self, diagnostic: &Diagnostic) -> Value {
        let mut object = json!({
            "code": diagnostic.code.to_string(),
            "severity": diagnostic.severity.to_string(),
            "message": diagnostic.message,
        });
        if let Some(span) = diagnostic.span {
            self.insert_place(&mut object, span);
        }
        if let Some(variable) = &diagnostic.variable {
            object["variable"] = Value::from(variable.as_str());
        }
        let mark =
            diagnostic.span.filter(|_| !diagnostic.label.is_empty()).map(|span| (span, diagnostic.label.as_str()));
        let further = diagnostic.labels.iter().map(|label| (label.span, label.text.as_str()));
        let labels: Vec<Value> = mark
            .into_iter()
            .chain(further)
            .map(|(span, text)| {
                let mut label = json!({ "text": text });
                self.insert_place(&mut label, span);
                label
            })
            .collect();
        object["labels"] = Value::from(labels);
        object["hint"] = Value::from(diagnostic.hint.as_deref());
        object["rendered"] = Value::from(self.human(diagnostic, false));
        object
    }

    fn with_excerpts<'r>(&'r self, mut group: Group<'r>, file: FileId, marks: Vec<Mark<'r>>) -> Group<'r> {
        let source = self.sources.file(file);
        for excerpt in excerpts(&source.text, self.places(file), marks) {
            let path = visible(&source.name);
            let mut snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).fold(false);
            match excerpt.column {
                Some(column) => group = group.element(Origin::path(path).line(excerpt.first_line).char_column(column)),
                None => snippet = snippet.path(path),
            }
            group = group.element(snippet.annotations(excerpt.marks.into_iter().map(|(range, text, is_primary)| {
                let kind = if is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
                kind.span(range).label((!text.is_empty()).then(|| visible(text)))
            })));
        }
        group
    }

    fn insert_place(&self, object: &mut Value, span: Span) {
        let places = self.places(span.file);
        let place = |at: u32| {
            let at = places.floor(at as usize);
            (places.line(at) + 1, places.column(at) + 1)
        };
        let ((line, column), (end_line, end_column)) = (place(span.start), place(span.end));
        object["file"] = Value::from(self.sources.file(span.file).name.as_str());
        object["line"] = Value::from(line);
        object["column"] = Value::from(column);
        object["end"] = json!({ "line": end_line, "column": end_column });
    }

    fn places(&self, file: FileId) -> &Places<'a> {
        self.places[file.0 as usize].get_or_init(|| Places::new(&self.sources.file(file).text))
    }
}

/// Marks of each file; the file of the primary mark comes first.
fn marks_by_file(diagnostic: &Diagnostic) -> Vec<(FileId, Vec<Mark<'_>>)> {
    let primary = diagnostic.span.map(|span| (span, diagnostic.label.as_str(), true));
    let further = diagnostic.labels.iter().take(MAX_LABELS).map(|label| (label.span, label.text.as_str(), false));
    let mut files: Vec<(FileId, Vec<Mark<'_>>)> = Vec::new();
    for (span, text, is_primary) in primary.into_iter().chain(further) {
        let mark = Mark { range: span.start as usize..span.end as usize, text, is_primary };
        match files.iter_mut().find(|(file, _)| *file == span.file) {
            Some((_, marks)) => marks.push(mark),
            None => files.push((span.file, vec![mark])),
        }
    }
    files
}

/// What is below the lines.
fn notes(diagnostic: &Diagnostic) -> Vec<annotate_snippets::Message<'_>> {
    let variable =
        diagnostic.variable.iter().map(|name| Level::NOTE.message(format!("in variable `{}`", visible(name))));
    let more = diagnostic
        .labels
        .len()
        .checked_sub(MAX_LABELS + 1)
        .map(|rest| Level::NOTE.message(format!("and {} more places", rest + 1)));
    let hint = diagnostic.hint.iter().map(|hint| Level::HELP.message(visible(hint)));
    variable.chain(more).chain(hint).collect()
}

/// The text, or its beginning when it is very long, without what a terminal would obey.
fn visible(text: &str) -> Cow<'_, str> {
    let short = text.char_indices().nth(MAX_MESSAGE).map_or(text, |(end, _)| &text[..end]);
    if short.len() == text.len() && !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown: String = short.chars().map(|c| if is_obeyed(c) { char::REPLACEMENT_CHARACTER } else { c }).collect();
    if short.len() < text.len() {
        shown.push_str("...");
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::{MAX_OF_CODE, Renderer, bounded};
    use simc_model::diagnostic::{Code, Diagnostic};
    use simc_model::source::{Sources, Span};

    fn example() -> (Sources, Diagnostic) {
        let mut sources = Sources::new();
        let text = "<aux name=\"rate\">\n  <eqn>2 * room_temprature</eqn>\n</aux>\n";
        let file = sources.add("tea.xmile", text);
        let start = u32::try_from(text.find("room").expect("is there")).expect("small");
        let diagnostic =
            Diagnostic::error(Code(203), Span::new(file, start, start + 15), "unknown variable \"room_temprature\"")
                .with_label("not defined")
                .with_hint("did you mean \"room temperature\"?")
                .with_variable("rate");
        (sources, diagnostic)
    }

    #[test]
    fn of_each_code_the_first_diagnostics_are_shown_and_the_rest_is_counted() {
        let (_, diagnostic) = example();
        let other = Diagnostic::warning(Code(508), diagnostic.span.expect("has a place"), "another one");
        let mut all = vec![diagnostic; MAX_OF_CODE];
        all.push(other);
        assert_eq!(bounded(&all).len(), MAX_OF_CODE + 1);
        all.extend(vec![all[0].clone(); 2]);
        let shown = bounded(&all);
        assert_eq!(shown.len(), MAX_OF_CODE + 2);
        let last = shown.last().expect("there are some");
        assert_eq!(last.message, "2 more errors with the code E0203, which are not shown");
        assert_eq!((last.span, last.code), (None, Code(203)));
    }

    #[test]
    fn shows_the_place_in_its_line() {
        let (sources, diagnostic) = example();
        let text = Renderer::new(&sources).human(&diagnostic, false);
        let expected = "\
error[E0203]: unknown variable \"room_temprature\"
 --> tea.xmile:2:12
  |
2 |   <eqn>2 * room_temprature</eqn>
  |            ^^^^^^^^^^^^^^^ not defined
  |
  = note: in variable `rate`
  = help: did you mean \"room temperature\"?";
        assert_eq!(text, expected);
    }

    #[test]
    fn json_has_the_place_in_numbers() {
        let (sources, diagnostic) = example();
        let object = Renderer::new(&sources).json(&diagnostic);
        assert_eq!(object["code"], "E0203");
        assert_eq!((&object["line"], &object["column"]), (&2.into(), &12.into()));
        assert_eq!(object["end"], serde_json::json!({ "line": 2, "column": 27 }));
        assert_eq!(object["labels"][0]["text"], "not defined");
        assert_eq!(object["variable"], "rate");
    }

    #[test]
    fn a_message_without_a_place_stands_alone() {
        let diagnostic = Diagnostic::error_without_place(Code(101), "the file is empty");
        let text = Renderer::new(&Sources::new()).human(&diagnostic, false);
        assert_eq!(text, "error[E0101]: the file is empty");
    }

    #[test]
    fn places_far_apart_and_in_other_files_are_all_shown() {
        let (mut sources, diagnostic) = example();
        let other = sources.add("other.xmile", format!("one\n{}last\n", "\n".repeat(40)));
        let diagnostic = diagnostic
            .with_place(Span::new(other, 0, 3), "first defined here")
            .with_place(Span::new(other, 44, 48), "and here");
        let text = Renderer::new(&sources).human(&diagnostic, false);
        for part in ["--> tea.xmile:2:12", "other.xmile:1:1", "first defined here", "42 | last", "and here"] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn hostile_text_stays_short_and_harmless() {
        let mut sources = Sources::new();
        let file = sources.add("x", "y".repeat(1_000_000));
        let name = "\u{1b}[31mred".repeat(1000);
        let diagnostic = Diagnostic::error(Code(203), Span::new(file, 10, 900_000), name.clone()).with_variable(name);
        let text = Renderer::new(&sources).human(&diagnostic, false);
        assert!(text.len() < 8000 && !text.contains('\u{1b}'), "{text}");
    }
}
