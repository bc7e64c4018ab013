//! The model's module as the linker sees it: what it imports, and how much it has of what is counted.

use kernel::abi;
use wasmparser::{FuncType, Import, Parser, Payload, TypeRef};

use super::LinkError;
use super::kernel::Kernel;
use crate::emit::CALLS;

/// The model's module.
#[derive(Debug)]
pub(super) struct Model<'a> {
    /// All of it.
    pub(super) bytes: &'a [u8],
    /// Types of functions.
    pub(super) types: Vec<FuncType>,
    /// Functions that it defines.
    pub(super) n_functions: u32,
    /// Globals that it defines.
    pub(super) n_globals: u32,
    /// Where in the body of each function its calls are.
    pub(super) calls: Vec<Vec<usize>>,
    imports: Vec<Import<'a>>,
}

impl<'a> Model<'a> {
    /// Reads everything up to the code.
    ///
    /// # Errors
    /// When it is no module or does not define one memory.
    #[expect(clippy::wildcard_enum_match_arm, reason = "other sections are copied without a look at them")]
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, LinkError> {
        let mut model =
            Self { bytes, types: Vec::new(), n_functions: 0, n_globals: 0, calls: Vec::new(), imports: Vec::new() };
        let mut n_memories = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::TypeSection(types) => {
                    model.types = types.into_iter_err_on_gc_types().collect::<Result<_, _>>()?
                }
                Payload::ImportSection(imports) => model.imports = imports.into_imports().collect::<Result<_, _>>()?,
                Payload::FunctionSection(functions) => model.n_functions = functions.count(),
                Payload::MemorySection(memories) => n_memories = memories.count(),
                Payload::GlobalSection(globals) => model.n_globals = globals.count(),
                Payload::CustomSection(section) if section.name() == CALLS => model.calls = read_calls(section.data()),
                Payload::CodeSectionStart { .. } => break,
                _ => {}
            }
        }
        if n_memories == 1 { Ok(model) } else { Err(LinkError::NoMemory) }
    }

    /// The kernel functions that it imports, one for each import.
    ///
    /// # Errors
    /// When an import is anything else.
    pub(super) fn resolve(&self, kernel: &Kernel<'_>) -> Result<Vec<u32>, LinkError> {
        let resolve_import = |import: &Import<'a>| {
            let unknown = || LinkError::UnknownImport { import: format!("{}.{}", import.module, import.name) };
            let TypeRef::Func(ty) = import.ty else { return Err(unknown()) };
            if import.module != abi::KERNEL_MODULE {
                return Err(unknown());
            }
            let function = kernel.export(import.name).ok_or_else(unknown)?;
            if self.types.get(ty as usize) == Some(kernel.function_type(function)) {
                Ok(function)
            } else {
                Err(LinkError::ImportType { name: import.name.to_owned() })
            }
        };
        self.imports.iter().map(resolve_import).collect()
    }
}

/// What the emitter says about calls.
fn read_calls(data: &[u8]) -> Vec<Vec<usize>> {
    let mut numbers = data.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes));
    let mut calls = Vec::new();
    while let Some(count) = numbers.next() {
        calls.push(numbers.by_ref().take(count as usize).map(|position| position as usize).collect());
    }
    calls
}
