//! From IR and layout to the bytes of an artifact.

// IR + layout -> a module that imports the kernel
pub mod emit;

// the kernel's functions, moved after the model
pub mod link;

// what an artifact says about the model
mod describe;

// unused code out, metadata in
pub mod post;

// all of it in order
mod build;

pub use build::{BuildError, Options, build};
