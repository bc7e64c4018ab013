//! Tests of the XMILE reader, by subject.

mod arrays;
mod documents;
mod models;
mod places;
mod random;
mod refusals;
mod settings;
mod tables;

use crate::file::parse;
use simc_model::definition::Definition;
use simc_model::definition::print::print;
use simc_model::diagnostic::{Code, Diagnostic, sort};
use simc_model::source::Sources;

/// A file of one model with the given variables.
fn with_variables(variables: &str) -> String {
    format!("<xmile><model><variables>{variables}</variables></model></xmile>")
}

/// What a text is read as, with everything that there was to say.
fn read(text: &str) -> (Definition, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let file = sources.add("model.xmile", text);
    let (parsed, mut diagnostics) = parse(&sources, file, false);
    sort(&mut diagnostics);
    (parsed, diagnostics)
}

/// The ast of a text in which there is nothing wrong.
#[track_caller]
fn ast(text: &str) -> String {
    let (file, diagnostics) = read(text);
    assert_eq!(diagnostics, [], "{text}");
    print(&file)
}

/// The codes of everything that is wrong, with the marked text.
fn faults(text: &str) -> Vec<(Code, &str)> {
    let (_, diagnostics) = read(text);
    diagnostics
        .into_iter()
        .map(|diagnostic| {
            let marked = diagnostic.span.map_or("", |span| &text[span.start as usize..span.end as usize]);
            (diagnostic.code, marked)
        })
        .collect()
}

/// Checks that exactly one thing is wrong, and where.
#[track_caller]
fn check(text: &str, code: Code, marked: &str) {
    assert_eq!(faults(text), [(code, marked)], "{text}");
}
