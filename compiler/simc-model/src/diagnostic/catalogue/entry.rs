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
    /// What to do about it.
    pub cure: &'static str,
}

/// Something in a format that causes a fault.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The code of the fault.
    pub code: Code,
    /// As it is in a file.
    pub text: &'static str,
}

/// An example.
pub const fn example(code: Code, text: &'static str) -> Example {
    Example { code, text }
}

/// A page.
pub const fn entry(code: Code, title: &'static str, explanation: &'static str, cure: &'static str) -> Entry {
    Entry { code, title, explanation, cure }
}
