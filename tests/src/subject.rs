//! A model, compiled at one level, with everything that an engine needs.

use simc::driver::{self, Options};
use simc_front::diagnostic::one_line;
use simc_front::model::Model;
use simc_front::source::Sources;
use simc_ir::module::Module;
use simc_midend::layout::{Layout, Symbol, Symbols};
use simc_midend::pipeline::OptLevel;

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
    /// The title of each slot: `name`, or `name[elem1,elem2]` in an array.
    pub fn titles(&self) -> Vec<String> {
        let symbols = &self.layout.symbols;
        symbols.vars.iter().flat_map(|symbol| element_titles(symbols, symbol)).collect()
    }

    /// Compiles XMILE text; the error is every diagnostic, one a line.
    pub fn from_xmile(name: &str, text: &str, level: OptLevel) -> Result<Subject, String> {
        Self::with_options(name, text, &Options { level, ..Options::default() })
    }

    /// The same, with any options.
    pub fn with_options(name: &str, text: &str, options: &Options) -> Result<Subject, String> {
        let mut sources = Sources::new();
        let root = sources.add(name, text);
        match driver::compile(&sources, root, options) {
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
            for element in &symbols.dims[dim as usize].elements {
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
