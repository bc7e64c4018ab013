//! XMILE and Stella files: XML text in, [`Definition`](simc_model::definition::Definition) out.
//!
//! `assemble` puts the files of a model together, [`mod@file`] turns the XML of each into a definition, and [`equation`] reads
//! the equations in it. Nothing here knows what a name refers to or what a function means: that is the affair of
//! `simc_model::sema`.

// what is wrong with a file, and what that means
pub mod catalogue;
pub mod code;

// several files -> one definition
mod assemble;
mod attributes;

// XML -> definition
mod behavior;
mod control;
mod data;
mod dimensions;
mod document;
mod event;
pub mod file;
mod implied;
mod macros;
mod model;
mod module;
mod number;
mod options;
mod print;
mod reader;
mod scan;
mod settings;
mod shared;
mod table;
mod text;
mod transport;
mod unit;
mod variable;
mod vocabulary;
mod wording;

// text of an equation -> expression
pub mod equation;

pub use compile::{compile, parse};
pub use print::print;

mod compile;

#[cfg(test)]
mod tests;
