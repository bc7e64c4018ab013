//! Tests of the whole crate, by subject.

mod changes;
mod constants;
mod corpus;
mod data;
mod definitions;
mod expressions;
mod hostile;
mod malformed;
mod sections;
mod shift;

use crate::ast::{File, print};
use crate::neutral::diagnostic::one_line;
use crate::neutral::{Diagnostic, Sources};

/// The tree of a text, and what is said about it.
fn read(text: &str) -> (File, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let file = sources.add("m", text);
    crate::parse(&sources, file)
}

/// The tree of a text without faults, printed, without the line on the method.
#[track_caller]
fn tree(text: &str) -> String {
    let (file, diagnostics) = read(text);
    let messages: Vec<&str> = diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert!(messages.is_empty(), "{text:?}: {messages:?}");
    let printed = print(&file);
    printed.strip_suffix("method Euler\n").map_or_else(|| printed.clone(), |it| it.trim_end().to_owned())
}

/// One line for each diagnostic of a text.
fn faults(text: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let file = sources.add("m", text);
    crate::parse(&sources, file).1.iter().map(|it| one_line(it, &sources)).collect()
}
