//! From IR and layout to the bytes of an artifact.

// IR + layout -> a module that imports the kernel
pub mod emit;

// the kernel's functions, moved in behind the model
pub mod link;
