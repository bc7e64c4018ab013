//! A model, compiled at one level, with everything that an engine needs.

use std::path::Path;

use simc::driver::{self, Options};
use simc::folder::Folders;
use simc_ir::module::Module;
use simc_midend::layout::{Layout, Symbol, Symbols};
use simc_midend::pipeline::OptLevel;
use simc_model::diagnostic::one_line;
use simc_model::files::{Files, NoFiles};
use simc_model::model::Model;
use simc_model::source::Sources;

/// The levels at which every model is tested.
pub const LEVELS: [OptLevel; 4] = [OptLevel::O0, OptLevel::O1, OptLevel::O2, OptLevel::Os];

/// A compiled model.
pub struct Subject {
    /// The resolved model, for the oracle.
    pub model: Model,
    /// The optimised module, for the interpreter.
    pub module: Module,
    /// Addresses.
    pub layout: Layout,
    /// The artifact.
    pub wasm: Vec<u8>,
}

impl Subject {
    /// The artifact with SIMD.
    pub fn simd_artifact(&self) -> Vec<u8> {
        let options = simc_wasm::Options { simd: true, ..simc_wasm::Options::default() };
        simc_wasm::build(&self.module, &self.layout, &options).expect("what can be built can be built with SIMD")
    }

    /// The title of each slot: `name`, or `name[elem1,elem2]` in an array.
    pub fn titles(&self) -> Vec<String> {
        let symbols = &self.layout.symbols;
        symbols.vars.iter().flat_map(|symbol| element_titles(symbols, symbol)).collect()
    }

    /// Compiles a model that lies in a file and may refer to others beside it; the error is every diagnostic, one a line.
    pub fn from_file(path: &Path, level: OptLevel) -> Result<Subject, String> {
        Self::from_file_with(path, &Options { level, ..Options::default() })
    }

    /// The same, with any options.
    pub fn from_file_with(path: &Path, options: &Options) -> Result<Subject, String> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| format!("{name}: {error}"))?;
        let text = simc::front::decode(&name, bytes).ok_or_else(|| format!("{name}: no text"))?;
        let mut folders = Folders::new(1 << 28);
        folders.allow(path.parent().unwrap_or(Path::new("."))).map_err(|error| format!("{name}: {error}"))?;
        Self::compile(&name, &text, &folders, options)
    }

    /// Compiles XMILE text that refers to no other file; the error is every diagnostic, one a line.
    pub fn from_xmile(name: &str, text: &str, level: OptLevel) -> Result<Subject, String> {
        Self::from_files(name, text, &NoFiles, level)
    }

    /// The same, with any options.
    pub fn with_options(name: &str, text: &str, options: &Options) -> Result<Subject, String> {
        Self::compile(name, text, &NoFiles, options)
    }

    /// Compiles XMILE text that refers to other files; the error is every diagnostic, one a line.
    pub fn from_files(name: &str, text: &str, files: &dyn Files, level: OptLevel) -> Result<Subject, String> {
        Self::compile(name, text, files, &Options { level, ..Options::default() })
    }

    fn compile(name: &str, text: &str, files: &dyn Files, options: &Options) -> Result<Subject, String> {
        let mut sources = Sources::new();
        let root = sources.add(name, text);
        match driver::compile(&mut sources, root, files, options) {
            Ok(build) => {
                Ok(Subject { model: build.model, module: build.module, layout: build.layout, wasm: build.wasm })
            }
            Err(failure) => {
                let lines = failure.diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources));
                Err(lines.collect::<Vec<_>>().join("\n"))
            }
        }
    }
}

/// The titles of a variable's elements, row-major.
fn element_titles(symbols: &Symbols, symbol: &Symbol) -> Vec<String> {
    let mut subscripts: Vec<Vec<&str>> = vec![Vec::new()];
    for &dim in &symbol.dims {
        let mut longer = Vec::new();
        for before in &subscripts {
            for element in symbols.dims[dim as usize].elements.iter() {
                longer.push([before.as_slice(), &[element]].concat());
            }
        }
        subscripts = longer;
    }
    let title = |subscript: &Vec<&str>| match subscript.as_slice() {
        [] => symbol.name.clone(),
        elements => format!("{}[{}]", symbol.name, elements.join(",")),
    };
    subscripts.iter().map(title).collect()
}
