//! The compiler as one call, for whoever links it: the command line, build scripts, pages.
//!
//! [`driver::compile`] goes from sources to an artifact and does no input or output; [`folder`] finds the files that a model refers to
//! on a disk, and [`render`] shows what there is to say of a model. Nothing here runs an artifact.

// disk -> sources
pub mod folder;

// sources -> artifact
pub mod driver;
pub mod front;

// sources -> a model in another format
pub mod convert;

// artifact -> text of another language
pub mod bind;

// diagnostics -> text
pub mod render;
