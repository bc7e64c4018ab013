//! What each code means: with the pages and examples of each format, the source of `simc explain` and of the reference page on
//! diagnostics.

use super::Code;

pub use entry::{Entry, Example, entry, example};

mod conversion;
mod data;
mod dimensions;
mod entry;
mod equations;
mod files;
mod format;
mod names;
mod times;
mod units;
mod unsupported;

/// The page on a code, if it has one.
pub fn find(code: Code) -> Option<&'static Entry> {
    entries().find(|entry| entry.code == code)
}

/// All pages, in the order of their codes.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    PARTS.iter().copied().flatten()
}

/// The pages by topic, in the order of their codes.
const PARTS: &[&[Entry]] = &[
    format::ENTRIES,
    equations::ENTRIES,
    files::ENTRIES,
    data::ENTRIES,
    names::ENTRIES,
    dimensions::ENTRIES,
    units::ENTRIES,
    times::ENTRIES,
    conversion::ENTRIES,
    unsupported::ENTRIES,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::code;

    /// The numbers of all constants in the source.
    fn constants() -> Vec<u16> {
        let source = include_str!("../diagnostic.rs");
        let definitions =
            source.lines().filter_map(|line| line.trim().strip_prefix("pub const ")?.split_once(": Code = Code("));
        definitions.map(|(_, rest)| rest.trim_end_matches(");").parse().expect("a code is a number")).collect()
    }

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let pages: Vec<u16> = entries().map(|entry| entry.code.0).collect();
        assert!(constants().len() > 60, "constants are found in the source");
        assert_eq!(pages, constants());
    }

    #[test]
    fn codes_ascend_and_none_is_used_twice() {
        assert!(constants().is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn every_page_is_complete() {
        for entry in entries() {
            let texts = [entry.title, entry.explanation, entry.cure];
            assert!(texts.iter().all(|text| !text.is_empty()), "{}", entry.code);
            assert!(
                !entry.title.ends_with('.') && entry.explanation.ends_with('.') && entry.cure.ends_with('.'),
                "{}",
                entry.code
            );
        }
    }

    #[test]
    fn finds_a_page_by_its_code() {
        assert_eq!(find(code::CIRCULAR).map(|entry| entry.code), Some(code::CIRCULAR));
        assert!(find(Code(1)).is_none());
    }
}
