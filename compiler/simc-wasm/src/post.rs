//! From a linked module to an artifact: unused items go, names and metadata come.

use std::fmt;

use simc_artifact::export::{LAYOUT_DIGEST, LAYOUT_SECTION};
use wasm_encoder::{CustomSection, ProducersField, ProducersSection, Section};

#[cfg(feature = "binaryen")]
mod binaryen;
mod features;
mod widths;

/// What the artifact is to carry.
#[derive(Clone, Copy, Debug)]
pub struct PostOptions<'a> {
    /// Whether functions keep their names.
    pub names: bool,
    /// Whether the module may use SIMD.
    pub simd: bool,
    /// Version of the compiler, for `producers`.
    pub version: &'a str,
    /// Content of `simc.layout`.
    pub layout: &'a [u8],
    /// Whether addresses and sizes take as many bytes however large they are.
    pub fixed_widths: bool,
    /// What Binaryen does before the metadata is added.
    #[cfg(feature = "binaryen")]
    pub binaryen: Option<Binaryen>,
}

/// What Binaryen optimises for.
#[cfg(feature = "binaryen")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binaryen {
    /// `-O3`
    Speed,
    /// `-Os`
    Size,
}

/// Why a linked module cannot be finished: always a bug of this crate, or a failure of Binaryen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostError {
    /// The module cannot be read.
    Malformed {
        /// What the reader says.
        message: String,
    },
    /// The module uses a WebAssembly feature that artifacts may not use.
    Feature {
        /// The feature's name.
        name: &'static str,
    },
    /// Binaryen failed.
    Binaryen {
        /// What it says.
        message: String,
    },
}

impl fmt::Display for PostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PostError::Malformed { message } => write!(f, "the linked module cannot be read: {message}"),
            PostError::Feature { name } => {
                write!(f, "the module uses the WebAssembly feature {name}, which artifacts may not use")
            }
            PostError::Binaryen { message } => write!(f, "Binaryen failed: {message}"),
        }
    }
}

impl std::error::Error for PostError {}

/// Finishes a module.
///
/// # Errors
/// When the module is not as the linker should have left it.
pub fn finish(linked: &[u8], options: &PostOptions<'_>) -> Result<Vec<u8>, PostError> {
    let mut bytes = strip_unused(linked, options)?;
    #[cfg(feature = "binaryen")]
    if let Some(goal) = options.binaryen {
        bytes = binaryen::optimise(&bytes, goal, options)?;
    }
    if options.fixed_widths {
        bytes = widths::fix(&bytes)?;
    }
    let features = features::used_features(&bytes, options.simd)?;
    CustomSection { name: LAYOUT_SECTION.into(), data: options.layout.into() }.append_to(&mut bytes);
    producers(options.version).append_to(&mut bytes);
    if !features.is_empty() {
        let data = features::encode_features(&features);
        CustomSection { name: "target_features".into(), data: data.into() }.append_to(&mut bytes);
    }
    Ok(bytes)
}

/// Removes what no export reaches, and all custom sections but the names; exports the digest of the layout.
fn strip_unused(linked: &[u8], options: &PostOptions<'_>) -> Result<Vec<u8>, PostError> {
    let mut config = walrus::ModuleConfig::new();
    config.generate_name_section(options.names).generate_producers_section(false).generate_dwarf(false);
    let mut module = config.parse(linked).map_err(|error| PostError::Malformed { message: format!("{error:#}") })?;
    let customs: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    for custom in customs {
        module.customs.delete(custom);
    }
    add_digest(&mut module, simc_artifact::layout_digest(options.layout));
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// Exports a function that gives the digest: code, unlike a section, is kept by whatever translates the artifact.
fn add_digest(module: &mut walrus::Module, digest: u64) {
    let mut function = walrus::FunctionBuilder::new(&mut module.types, &[], &[walrus::ValType::I64]);
    function.name(LAYOUT_DIGEST.to_owned()).func_body().i64_const(digest.cast_signed());
    let function = function.finish(Vec::new(), &mut module.funcs);
    module.exports.add(LAYOUT_DIGEST, function);
}

fn producers(version: &str) -> ProducersSection {
    let mut section = ProducersSection::new();
    section.field("language", ProducersField::new().value("simc", version));
    section.field("processed-by", ProducersField::new().value("simc", version));
    section
}

#[cfg(test)]
mod tests;
