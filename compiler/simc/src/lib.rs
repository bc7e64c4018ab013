//! The compiler as one call, and what surrounds it.

// disk -> sources
pub mod folder;

// sources -> artifact
pub mod driver;
pub mod front;

// diagnostics -> text
pub mod catalogue;
pub mod render;

// model or artifact -> rows
pub mod engine;

// rows -> text
pub mod results;
pub mod variable_index;
