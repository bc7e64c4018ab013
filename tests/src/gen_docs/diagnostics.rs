//! What each diagnostic means, from the catalogue that `simc explain` reads.

use std::fmt::Write;

use simc::catalogue;
use simc_model::diagnostic::catalogue::Entry;

use super::{cell, table};

/// What the hundreds of the codes are about.
const GROUPS: &[(u16, &str)] = &[
    (1, "Format"),
    (2, "Names"),
    (3, "Dimensions"),
    (4, "Units"),
    (5, "Times and limits"),
    (6, "Artifacts and runs"),
    (7, "Files of Vensim"),
    (8, "Conversion to the other language"),
    (9, "Not supported"),
];

/// A section for every code.
pub(super) fn all() -> String {
    let mut text = String::new();
    for (hundreds, title) in GROUPS {
        let entries: Vec<&Entry> =
            catalogue::entries().into_iter().filter(|entry| entry.code.0 / 100 == *hundreds).collect();
        if !entries.is_empty() {
            write!(text, "## {title}\n\n").expect("a string takes everything");
        }
        for entry in entries {
            section(&mut text, entry).expect("a string takes everything");
        }
    }
    text
}

fn section(text: &mut String, entry: &Entry) -> std::fmt::Result {
    write!(text, "### {}: {}\n\n{}\n\n", entry.code, cell(entry.title), cell(entry.explanation))?;
    for (format, example) in catalogue::examples(entry.code) {
        if let Some(format) = format {
            write!(text, "In {format}:\n\n")?;
        }
        write!(text, "```text\n{example}\n```\n\n")?;
    }
    write!(text, "{}\n\n", cell(entry.cure))
}

/// What the front end refuses by name.
pub(super) fn unsupported() -> String {
    let entries = catalogue::entries().into_iter().filter(|entry| entry.code.0 / 100 == 9);
    let rows =
        entries.map(|entry| vec![entry.code.to_string(), cell(entry.title), cell(entry.explanation), cell(entry.cure)]);
    table(&["code", "what", "why it is refused", "what to do"], rows)
}
