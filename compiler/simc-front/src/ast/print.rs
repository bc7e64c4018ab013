//! The ast as compact, stable text: what `simc dump --stage ast` shows.

use super::File;

/// The whole file as text, one line for each thing it says.
pub fn print(file: &File) -> String {
    format!("{file:#?}\n")
}
