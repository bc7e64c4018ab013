//! The form of a page on a code.

use crate::diagnostic::Code;

/// The page on one code.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// When it happens and why it matters, in a sentence or two.
    pub explanation: &'static str,
    /// Something that causes it.
    pub example: &'static str,
    /// What to do about it.
    pub cure: &'static str,
}

/// A page.
pub(super) const fn entry(
    code: Code,
    title: &'static str,
    explanation: &'static str,
    example: &'static str,
    cure: &'static str,
) -> Entry {
    Entry { code, title, explanation, example, cure }
}
