//! The records after the sketch: `number:text`, one on each line.

use crate::ast::{FileAlias, Method, Name, Record, Settings};
use crate::code;
use crate::neutral::{Diagnostic, FileId, Span};

/// Reads the settings in `text`, which is the file from byte `start` on. What cannot be
/// read is a warning: the model is what precedes them.
pub(crate) fn parse_settings(file: FileId, text: &str, start: usize, diagnostics: &mut Vec<Diagnostic>) -> Settings {
    let mut settings = Settings::default();
    let mut at = start;
    for line in text.split('\n') {
        let record = line.split_once(':').and_then(|(number, rest)| Some((number.trim().parse().ok()?, rest)));
        if let Some((number, rest)) = record {
            let text = name(file, at + (line.len() - rest.len()), rest);
            settings.read(number, &text, diagnostics);
            settings.records.push(Record { number, text });
        }
        at += line.len() + 1;
    }
    settings
}

impl Settings {
    fn read(&mut self, number: u32, text: &Name, diagnostics: &mut Vec<Diagnostic>) {
        match number {
            15 => {
                self.method_span = Some(text.span);
                match method(&text.text) {
                    Some(method) => self.method = method,
                    None => diagnostics.push(
                        Diagnostic::warning(
                            code::BAD_SETTINGS,
                            text.span,
                            "the integration method cannot be read: Euler's is used",
                        )
                        .with_hint("the fourth number is the method: `15:0,0,0,0,0,0` is Euler's, `15:0,0,0,5,0,0` Runge-Kutta's"),
                    ),
                }
            }
            22 => {
                let names: Vec<Name> = parts(text, ',').filter(|name| !name.text.is_empty()).collect();
                if !names.is_empty() {
                    self.unit_equivalences.push(names);
                }
            }
            30 => {
                let mut sides = parts(text, '=');
                match (sides.next(), text.text.split_once('=')) {
                    (Some(tag), Some((_, path))) => {
                        let start = text.span.end - u32::try_from(path.len()).unwrap_or(0);
                        let path = name(text.span.file, start as usize, path);
                        self.file_aliases.push(FileAlias { tag, path });
                    }
                    (None | Some(_), None) | (None, Some(_)) => diagnostics.push(
                        Diagnostic::warning(code::BAD_SETTINGS, text.span, "this name for a file has no `=`")
                            .with_hint("write `30:?tag=file`"),
                    ),
                }
            }
            _ => {}
        }
    }
}

/// The fourth of some numbers as a method; Euler's when there are fewer.
fn method(text: &str) -> Option<Method> {
    let Some(number) = text.split(',').nth(3) else { return Some(Method::Euler) };
    match number.trim().parse::<i64>().ok()? {
        1 => Some(Method::Rk4Auto),
        2 => Some(Method::Difference),
        3 => Some(Method::Rk2Auto),
        4 => Some(Method::Rk2),
        5 => Some(Method::Rk4),
        _ => Some(Method::Euler),
    }
}

/// The trimmed pieces of a text between separators, with their places.
fn parts(text: &Name, separator: char) -> impl Iterator<Item = Name> {
    let mut at = text.span.start as usize;
    text.text.split(separator).map(move |part| {
        let start = at;
        at += part.len() + separator.len_utf8();
        name(text.span.file, start, part)
    })
}

/// A piece of the file without blanks around it.
fn name(file: FileId, start: usize, text: &str) -> Name {
    let start = start + (text.len() - text.trim_start().len());
    let text = text.trim();
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Name { text: text.to_owned(), span: Span::new(file, offset(start), offset(start + text.len())) }
}
