//! Identifiers of a language for the names of a model: words in its case, `_` after its keywords, a number after all but the first of
//! equal ones, in the order in which they are asked for.

use std::collections::{BTreeMap, BTreeSet};

/// How the words of an identifier are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// `contact_rate`
    Snake,
    /// `CONTACT_RATE`
    Screaming,
    /// `ContactRate`
    Pascal,
    /// `contactRate`
    Camel,
    /// As it is.
    AsIs,
}

/// Identifiers of one scope.
pub(super) struct Identifiers<'k> {
    keywords: &'k [&'k str],
    taken: BTreeSet<String>,
    /// The number that the next name with an identifier gets which others have: of names in other scripts all may have one.
    next: BTreeMap<String, u64>,
}

impl<'k> Identifiers<'k> {
    /// A scope in which some identifiers are taken.
    pub(super) fn new(keywords: &'k [&'k str], taken: &[&str]) -> Self {
        Self { keywords, taken: taken.iter().map(|&name| name.to_owned()).collect(), next: BTreeMap::new() }
    }

    /// The identifier of a name, which no other name of the scope gets.
    pub(super) fn of(&mut self, name: &str, case: Case) -> String {
        let mut identifier = join(name, case);
        if self.keywords.contains(&identifier.as_str()) {
            identifier.push('_');
        }
        if self.taken.insert(identifier.clone()) {
            return identifier;
        }
        let separator = if identifier.ends_with('_') { "" } else { "_" };
        let number = self.next.entry(identifier.clone()).or_insert(2);
        loop {
            let unique = format!("{identifier}{separator}{number}");
            *number += 1;
            if self.taken.insert(unique.clone()) {
                return unique;
            }
        }
    }
}

/// The words of a name in a case. Letters of all scripts are kept that every language takes in identifiers; what is none separates words.
fn join(name: &str, case: Case) -> String {
    if case == Case::AsIs {
        return name.to_owned();
    }
    let mut joined = String::with_capacity(name.len());
    for word in name.split(|c: char| !is_part(c)).filter(|word| !word.is_empty()) {
        match case {
            Case::Snake | Case::Screaming if !joined.is_empty() => joined.push('_'),
            Case::Snake | Case::Screaming | Case::Pascal | Case::Camel | Case::AsIs => {}
        }
        match case {
            Case::Camel if joined.is_empty() => joined.extend(word.chars().flat_map(char::to_lowercase)),
            Case::Snake => joined.extend(word.chars().flat_map(char::to_lowercase)),
            Case::Screaming => joined.extend(word.chars().flat_map(char::to_uppercase)),
            Case::Pascal | Case::Camel | Case::AsIs => {
                let mut chars = word.chars();
                joined.extend(chars.next().into_iter().flat_map(char::to_uppercase));
                joined.extend(chars.flat_map(char::to_lowercase));
            }
        }
    }
    if joined.chars().next().is_none_or(|first| !is_start(first)) {
        joined.insert(0, '_');
    }
    if joined == "_" {
        joined.push_str(if case == Case::Screaming { "X" } else { "x" });
    }
    joined
}

/// Whether the first letter of an identifier of this name is one of the name, and no underscore or digit.
pub(super) fn begins_with_letter(name: &str) -> bool {
    name.chars().find(|&c| is_part(c)).is_some_and(|c| c != '_' && is_start(c))
}

/// Letters and digits of ASCII, and the letters of the alphabets that have no marks of their own: all languages agree on these.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_letter(c)
}

fn is_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || is_letter(c)
}

/// Latin letters with accents, Greek and Cyrillic.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\u{c0}'..='\u{24f}' | '\u{386}'..='\u{3ce}' | '\u{400}'..='\u{481}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words_in_the_case_of_the_language() {
        for (name, snake, screaming, pascal) in [
            ("Contact Rate", "contact_rate", "CONTACT_RATE", "ContactRate"),
            ("Hares.births", "hares_births", "HARES_BIRTHS", "HaresBirths"),
            ("1st order (%)", "_1st_order", "_1ST_ORDER", "_1stOrder"),
            ("Größe", "größe", "GRÖSSE", "Größe"),
            ("%", "_x", "_X", "_x"),
            ("人口", "_x", "_X", "_x"),
        ] {
            let found = [Case::Snake, Case::Screaming, Case::Pascal].map(|case| join(name, case));
            assert_eq!(found, [snake, screaming, pascal], "{name}");
        }
    }

    #[test]
    fn many_names_with_one_identifier_take_no_longer_than_others() {
        let mut scope = Identifiers::new(&[], &[]);
        let last = (0..200_000).map(|_| scope.of("人口", Case::Snake)).last();
        assert_eq!(last.as_deref(), Some("_x_200000"));
    }

    #[test]
    fn no_two_names_share_an_identifier_and_none_is_a_keyword() {
        let mut scope = Identifiers::new(&["class", "def"], &["run"]);
        let names = ["a-b", "a b", "class", "class_", "run", "a b 2", "A+B"];
        let found = names.map(|name| scope.of(name, Case::Snake));
        assert_eq!(found, ["a_b", "a_b_2", "class_", "class_2", "run_2", "a_b_2_2", "a_b_3"]);
    }
}
