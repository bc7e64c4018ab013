//! What a model defines, and what it means: [`Definition`](definition::Definition) in, resolved [`Model`](model::Model) out.
//!
//! This crate knows no file format and does no input or output. A reader of a format translates its syntax tree to a
//! `Definition`; what comes out is either a model in which every name is an id and every rule has been checked, or
//! diagnostics. Further files are asked for through the trait [`files::Files`].

// what everything below speaks of
pub mod diagnostic;
pub mod files;
pub mod name;
pub mod source;

// what a modeller defined
pub mod data;
pub mod definition;

// Definition -> Model
pub mod builtin;
pub mod sema;
pub mod units;

// what the later stages see
pub mod model;

pub use resolve::{Compiled, resolve};

mod resolve;
