//! Text in, resolved [`Model`](model::Model) out.
//!
//! This crate does no input or output and knows nothing of the IR: sources come in as strings with a name to show, further
//! files through the trait [`files::Files`], and what comes out is either a model in which every name is an id and every rule has been checked, or diagnostics.

// what everything below speaks of
pub mod diagnostic;
pub mod files;
pub mod name;
pub mod source;

// text -> ast: one ast for every format
mod assemble;
pub mod ast;
pub mod equation;
pub mod xmile;

// what a model reads besides its text
pub mod data;

// ast -> model
pub mod builtin;
pub mod sema;
pub mod units;

// what the later rooms see
pub mod model;

pub use driver::{Compiled, compile, compile_with_data, parse};

mod driver;
