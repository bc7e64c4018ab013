//! From the model to an optimised module with addresses.

// Model -> ir::Module
pub mod lower;

// ir::Module -> the same, better
pub mod analysis;
pub mod pass;
pub mod passes;
pub mod pipeline;
mod rebuild;

// ir::Module -> addresses, and what a host needs to know of them
pub mod layout;
