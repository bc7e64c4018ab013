//! Every stage of a compilation as text or bytes.

use clap::ValueEnum;
use serde_json::Value;
use simc::driver::Build;
use simc_model::files::Files;
use simc_model::source::{FileId, Sources};

use super::failure::Failure;
use super::layout_json;

/// A stage that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Stage {
    /// The artifact
    Wasm,
    /// The artifact as text
    Wat,
    /// The optimised intermediate representation
    Ir,
    /// Variables, addresses and regions as JSON
    Layout,
    /// The resolved model
    Model,
    /// The syntax tree
    Ast,
}

impl Stage {
    /// The extension of a file that holds it.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Stage::Wasm => "wasm",
            Stage::Wat => "wat",
            Stage::Ir => "sir",
            Stage::Layout => "layout.json",
            Stage::Model => "model.txt",
            Stage::Ast => "ast.txt",
        }
    }
}

/// A stage as it is written to a file or the screen; `ast` is the definition, which a build does not keep.
pub(super) fn print(stage: Stage, build: &Build, ast: &str) -> Result<Vec<u8>, Failure> {
    Ok(match stage {
        Stage::Wasm => build.wasm.clone(),
        Stage::Wat => wat(&build.wasm)?.into_bytes(),
        Stage::Ir => simc_ir::text::print_module(&build.module).into_bytes(),
        Stage::Layout => layout(&build.wasm).into_bytes(),
        Stage::Model => simc_model::model::print(&build.model).into_bytes(),
        Stage::Ast => ast.as_bytes().to_vec(),
    })
}

/// What the file defines, names as they are written, as far as the text can be read. Files that it refers to are added to the sources.
pub(super) fn ast(sources: &mut Sources, root: FileId, files: &dyn Files) -> String {
    simc_model::definition::print::print(&simc::front::parse(sources, root, files).0)
}

/// The text form of a module.
pub(super) fn wat(wasm: &[u8]) -> Result<String, Failure> {
    wasmprinter::print_bytes(wasm).map_err(|error| Failure::Message(format!("cannot show the module as text: {error}")))
}

/// What the artifact says about itself.
fn layout(wasm: &[u8]) -> String {
    let artifact = simc_artifact::read(wasm).expect("an artifact that was just built can be read");
    format!("{:#}\n", Value::from(layout_json::layout(&artifact.layout)))
}
