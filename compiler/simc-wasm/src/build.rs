//! The stages in order.

use std::fmt;

use simc_artifact::{ReadFile, encode_layout};
use simc_ir::module::Module;
use simc_midend::layout::Layout;

use crate::describe::describe;
use crate::emit::{EmitError, LOOKUP_BYTES, StepperKind, emit};
use crate::link::{LinkError, link};
#[cfg(feature = "binaryen")]
use crate::post::Binaryen;
use crate::post::{PostError, PostOptions, finish};

/// What is asked of an artifact besides being right.
#[derive(Clone, Debug)]
pub struct Options {
    /// How steps are taken.
    pub form: StepperKind,
    /// Whether loops over arrays may use SIMD: engines must know the instructions of `v128` then.
    pub simd: bool,
    /// Bytes that lookups in place may take outside of loops, where they replace calls.
    pub lookup_bytes: u32,
    /// Whether functions keep their names in the `name` section.
    pub names: bool,
    /// SHA-256 of the model's source, for those who ask an artifact where it comes from.
    pub source_digest: [u8; 32],
    /// The files from which the model was read, when there are several.
    pub files: Vec<ReadFile>,
    /// Bytes that its memory may have.
    pub max_memory: u64,
    /// What Binaryen optimises for, if it is to do anything.
    #[cfg(feature = "binaryen")]
    pub binaryen: Option<Binaryen>,
}

impl Default for Options {
    /// The best form without SIMD, with names, of a source that nobody knows, in any memory that a module can have, without Binaryen.
    fn default() -> Self {
        Self {
            form: StepperKind::Auto,
            simd: false,
            lookup_bytes: LOOKUP_BYTES,
            names: true,
            source_digest: [0; 32],
            files: Vec::new(),
            max_memory: simc_midend::layout::ADDRESSABLE,
            #[cfg(feature = "binaryen")]
            binaryen: None,
        }
    }
}

/// Why there is no artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// It cannot be emitted.
    Emit(EmitError),
    /// The kernel cannot be linked.
    Link(LinkError),
    /// It cannot be finished.
    Post(PostError),
    /// With the kernel's memory, it needs more than [`Options::max_memory`].
    Memory {
        /// Bytes that it needs.
        needed: u64,
        /// Bytes that it may have.
        allowed: u64,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::Emit(error) => error.fmt(f),
            BuildError::Link(error) => error.fmt(f),
            BuildError::Post(error) => error.fmt(f),
            BuildError::Memory { needed, allowed } => {
                write!(f, "the model needs {needed} bytes of memory, mathematics included, and {allowed} are allowed")
            }
        }
    }
}

impl std::error::Error for BuildError {}

/// Builds the artifact of a verified module.
///
/// # Errors
/// When it needs too much memory. Everything else is a bug of this crate.
pub fn build(module: &Module, layout: &Layout, options: &Options) -> Result<Vec<u8>, BuildError> {
    let emitted = emit(module, layout, options.form, options.simd, options.lookup_bytes).map_err(BuildError::Emit)?;
    let linked = link(&emitted, kernel::KERNEL_WASM, layout.end).map_err(BuildError::Link)?;
    if linked.memory_end > options.max_memory {
        return Err(BuildError::Memory { needed: linked.memory_end, allowed: options.max_memory });
    }
    let version = env!("CARGO_PKG_VERSION");
    let mut description = describe(module, layout, &format!("simc {version}"), options.source_digest);
    if let Some(extension) = &mut description.extension {
        extension.files.clone_from(&options.files);
    }
    let post = PostOptions {
        names: options.names,
        simd: options.simd,
        version,
        layout: &encode_layout(&description),
        fixed_widths: !module.axes.is_empty(),
        #[cfg(feature = "binaryen")]
        binaryen: options.binaryen,
    };
    finish(&linked.bytes, &post).map_err(BuildError::Post)
}
