//! Names of a model as identifiers of C.

mod taken;

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;

pub(crate) use taken::library_names;

/// Characters that an identifier may have: linkers and people have limits.
const MAX_LENGTH: usize = 100;
/// What a model is called that comes from standard input and does not say its name.
const STDIN: &str = "<stdin>";

/// A prefix that the user has chosen, if names can begin with it.
pub(crate) fn checked_prefix(prefix: &str) -> Result<String, Error> {
    let fail = |reason: &'static str| Err(Error::Prefix { prefix: prefix.to_owned(), reason });
    if prefix.is_empty() || !prefix.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return fail("it is not made of letters of ASCII, digits and underscores alone");
    }
    if !prefix.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return fail("it does not begin with a letter");
    }
    if prefix.len() > MAX_LENGTH {
        return fail("it is too long");
    }
    if let Some(reason) = taken::why_taken(prefix) {
        return fail(reason);
    }
    Ok(prefix.to_owned())
}

/// The prefix for a model.
pub(crate) fn prefix_of(model: &str) -> String {
    if model == STDIN {
        return "model".to_owned();
    }
    let words = identifier(model).to_ascii_lowercase();
    let can_begin = words.starts_with(|c: char| c.is_ascii_alphabetic()) && !taken::begins_as_shared(&words);
    let words = if can_begin { words } else { format!("model_{words}") };
    let words = words.trim_end_matches('_');
    if taken::why_taken(words).is_some() { format!("{words}_model") } else { words.to_owned() }
}

/// The letters and digits of a text, with one underscore for whatever else is between them; never empty.
pub(crate) fn identifier(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars().take(MAX_LENGTH) {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.ends_with('_') && !name.is_empty() {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    if name.is_empty() { "x".to_owned() } else { name.to_owned() }
}

/// A name that begins as names of C do and is none of its keywords.
pub(crate) fn unreserved(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("x_{name}");
    }
    if taken::is_keyword(name) { format!("{name}_") } else { name.to_owned() }
}

/// Names that are given once each.
#[derive(Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
    /// For a name that was asked for again, the number to try next.
    next: BTreeMap<String, u64>,
}

impl Names {
    /// Takes a name, or the first free one of it with a number after it.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let mut taken = name.to_owned();
        while !self.taken.insert(taken.clone()) {
            let number = self.next.entry(name.to_owned()).or_insert(2);
            taken = format!("{name}_{number}");
            *number += 1;
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_get_prefixes() {
        let cases = [
            ("sir", "sir"),
            ("Tea Cup (1)", "tea_cup_1"),
            ("int", "int_model"),
            ("Random", "random_model"),
            ("Memory", "memory_model"),
            ("3D", "model_3d"),
            ("SimCity", "model_simcity"),
            ("<stdin>", "model"),
            ("Model", "model"),
            ("", "x"),
        ];
        for (model, prefix) in cases {
            assert_eq!(prefix_of(model), prefix);
            assert!(checked_prefix(&prefix_of(model)).is_ok());
        }
        for model in ["größe", "_", "Новая", "*/", "a\u{0}b", "simc"] {
            assert!(checked_prefix(&prefix_of(model)).is_ok(), "{model}");
        }
        for bad in ["", "1a", "_a", "a-b", "class", "ä", "a b", "printf", "NULL", "simc", "Simc_x", "SIMC", "memory"] {
            assert!(checked_prefix(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_are_given_once() {
        let mut names = Names::default();
        assert_eq!(["a", "a", "a_2", "a"].map(|name| names.take(name)), ["a", "a_2", "a_2_2", "a_3"]);
    }
}
