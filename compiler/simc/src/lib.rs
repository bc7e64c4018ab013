//! The compiler as one call, and what surrounds it.

// disk -> sources -> artifact, and diagnostics -> text
pub use simc_driver::{convert, driver, folder, front, render};
pub mod catalogue;

// model or artifact -> rows
pub mod engine;

// rows -> text
pub mod compare;
pub mod results;
pub mod variable_index;

// artifact -> page
pub mod page;
