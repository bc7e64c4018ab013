//! Links the run-time kernel into a model's module.
//!
//! A model imports what it needs from the module "kernel". Of the kernel, exactly the functions that these imports reach are
//! copied, with the constants that those functions read, and a stack if one of them uses it:
//!
//! ```text
//! 0 ..              the model's own memory
//! kernel_base       constants, then the stack, which grows down to them
//! memory_end
//! ```
//!
//! The result imports nothing and its memory has the size it needs, neither less nor more.

// the two modules
mod kernel;
mod model;

// where things go, and what mentions them
mod place;
mod relocate;

// the one module
mod merge;

use std::fmt;

use wasm_encoder::reencode;

use self::kernel::Kernel;
use self::model::Model;
use self::place::Placement;

/// A module that stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The module.
    pub bytes: Vec<u8>,
    /// First byte after everything in its memory.
    pub memory_end: u64,
}

/// Why linking failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// Model and kernel together need more than the 4 GiB of a 32-bit memory.
    TooMuchMemory {
        /// What they need.
        bytes: u64,
    },
    /// One of the modules is not WebAssembly as the linker knows it: a bug of the emitter or of the kernel's build.
    Malformed {
        /// What is wrong.
        message: String,
    },
    /// The model imports what the kernel does not export: a bug of the emitter.
    UnknownImport {
        /// Module and name of the import.
        import: String,
    },
    /// The model imports a kernel function with a type that is not the function's: a bug of the emitter.
    ImportType {
        /// Name of the import.
        name: String,
    },
    /// The model does not define exactly one memory: a bug of the emitter.
    NoMemory,
}

/// Links `kernel` into `model`, whose own memory ends at `kernel_base`.
///
/// # Errors
/// When there is not enough memory, or one of the modules is not as it should be.
pub fn link(model: &[u8], kernel: &[u8], kernel_base: u64) -> Result<Linked, LinkError> {
    let model = Model::parse(model)?;
    let kernel = Kernel::parse(kernel)?;
    let roots = model.resolve(&kernel)?;
    let placement = Placement::new(&kernel, &kernel.reachable(&roots), kernel_base)?;
    let bytes = merge::link_modules(&model, &kernel, &roots, &placement)?;
    Ok(Linked { bytes, memory_end: placement.memory_end })
}

impl LinkError {
    fn malformed(message: impl Into<String>) -> Self {
        Self::Malformed { message: message.into() }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMuchMemory { bytes } => {
                write!(f, "the model needs {bytes} bytes of memory, more than the 4294967296 of a 32-bit memory")
            }
            Self::Malformed { message } => write!(f, "cannot link: {message}"),
            Self::UnknownImport { import } => write!(f, "cannot link: nothing provides the import {import}"),
            Self::ImportType { name } => write!(f, "cannot link: {name} is imported with another type"),
            Self::NoMemory => f.write_str("cannot link: the model does not define one memory"),
        }
    }
}

impl std::error::Error for LinkError {}

impl From<wasmparser::Error> for LinkError {
    fn from(error: wasmparser::Error) -> Self {
        Self::malformed(error.to_string())
    }
}

impl From<reencode::Error> for LinkError {
    fn from(error: reencode::Error) -> Self {
        match error {
            reencode::Error::ParseError(error) => error.into(),
            reencode::Error::CanonicalizedHeapTypeReference
            | reencode::Error::InvalidConstExpr
            | reencode::Error::InvalidCodeSectionSize
            | reencode::Error::UnexpectedNonCoreModuleSection
            | reencode::Error::UnexpectedNonComponentSection
            | reencode::Error::UnsupportedCoreTypeInComponent
            | reencode::Error::UserError(_) => Self::malformed(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
