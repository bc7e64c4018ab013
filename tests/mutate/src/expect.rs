//! `tests/mutants.expect`: mutants that no test can tell from the original, and why.
//!
//! One a line: `FILE | FUNCTION | MUTATION | REASON`. File, function and mutation are compared with those of the report, where a
//! `*` stands for anything. Lines that begin with `#` and empty ones are for people.

use std::fs;
use std::path::Path;

use crate::site::Mutation;

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Which files.
    pub(crate) file: String,
    /// Which functions.
    pub(crate) function: String,
    /// Which mutations, as the report writes them.
    pub(crate) text: String,
    /// Why the results are the same.
    pub(crate) reason: String,
}

impl Entry {
    /// Whether the line is about a mutation.
    pub(crate) fn holds(&self, mutation: &Mutation) -> bool {
        fits(&self.file, &mutation.file) && fits(&self.function, &mutation.function) && fits(&self.text, &mutation.text)
    }
}

/// Reads the file; none is an empty one.
///
/// # Errors
/// The first line that is not as it should be.
pub(crate) fn read(path: &Path) -> Result<Vec<Entry>, String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|line| entry(line).ok_or(format!("{}: not FILE | FUNCTION | MUTATION | REASON: {line}", path.display())))
        .collect()
}

fn entry(line: &str) -> Option<Entry> {
    // Mutations may hold a `|` themselves, but none between two spaces: an operator is written with its operands in parentheses.
    let mut parts = line.split(" | ").map(str::trim);
    let (file, function) = (parts.next()?, parts.next()?);
    let rest: Vec<&str> = parts.collect();
    let (reason, text) = rest.split_last()?;
    if text.is_empty() || reason.is_empty() {
        return None;
    }
    let owned = |text: &str| text.to_owned();
    Some(Entry { file: owned(file), function: owned(function), text: text.join(" | "), reason: owned(reason) })
}

/// Whether a text is as a pattern says, in which `*` stands for anything. A text that holds `*` fits itself too.
fn fits(pattern: &str, text: &str) -> bool {
    if pattern == text {
        return true;
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|head| text.strip_prefix(head)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(tail) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::{entry, fits};

    #[test]
    fn a_star_stands_for_anything() {
        assert!(fits("a*c", "abc") && fits("a*c", "ac") && fits("*", "") && fits("a*b*c", "a1b2c"));
        assert!(!fits("a*c", "abd") && !fits("a", "ab") && !fits("a*b*c", "a1c"));
        assert!(fits("x * y -> (x) + (y)", "x * y -> (x) + (y)"));
    }

    #[test]
    fn a_line_has_four_parts() {
        let found = entry("a.rs | f | x | y -> (x) & (y) | no one asks").expect("it has all parts");
        assert_eq!((found.file.as_str(), found.text.as_str()), ("a.rs", "x | y -> (x) & (y)"));
        assert!(entry("a.rs | f | no reason").is_none());
    }
}
