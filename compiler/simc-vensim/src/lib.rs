//! Vensim models: the text of an `.mdl` file to a syntax tree, and that to a `Definition`.
//!
//! # Steps
//!
//! 1. [`decode`] turns the bytes of a file into text, whatever code page they are in.
//! 2. [`parse`] cuts the text into sections (definitions, sketch, settings), joins continued lines,
//!    splits the definitions into their parts, and reads each part with a grammar of its own.
//!
//! A definition with an error costs one diagnostic, and reading goes on after its `|`. Nothing in
//! this crate recurses on its input beyond [`NESTING_LIMIT`], and the time it takes is linear in the
//! length of the text.

pub use encoding::decode;
pub use entry::NESTING_LIMIT;
pub use file::parse;
pub use print::print;
pub use translate::{Translated, translate};

pub mod ast;
pub mod catalogue;
pub mod code;

mod changes;
mod encoding;
mod entry;
mod file;
mod joined;
mod lexer;
mod neutral;
mod print;
mod scan;
mod settings;
mod token;
mod translate;
mod units;

#[cfg(test)]
mod tests;
