//! The module under construction: functions with their types and names, globals, data; and its bytes in the end.

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, EntityType, ExportKind, ExportSection,
    FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType, Module, NameMap, NameSection,
    TypeSection, ValType,
};

use super::code::{Code, Encoded, Signature, Ty};
use super::imports::Imports;

/// Bytes of a page of memory.
const PAGE: u64 = 65_536;

/// Everything that has been emitted so far.
#[derive(Debug, Default)]
pub(crate) struct Program {
    types: Vec<Signature>,
    imports: Vec<(&'static str, u32)>,
    functions: Vec<Emitted>,
    globals: GlobalSection,
    exports: ExportSection,
    active: Vec<(u32, Vec<u8>)>,
    passive: Vec<Vec<u8>>,
}

/// A function that is done.
#[derive(Debug)]
struct Emitted {
    name: String,
    ty: u32,
    encoded: Encoded,
}

/// Name of the section that says where calls are.
pub(crate) const CALLS: &str = "simc.calls";

impl Program {
    /// A program that imports these functions.
    pub(crate) fn new(imports: &Imports) -> Self {
        let mut program = Self::default();
        for (name, signature) in imports.iter() {
            let ty = program.type_index(signature);
            program.imports.push((name, ty));
        }
        program
    }

    /// Adds a function; gives what `call` needs.
    pub(crate) fn add(&mut self, name: impl Into<String>, signature: Signature, code: Code) -> u32 {
        self.add_encoded(name, signature, code.finish())
    }

    /// Adds a function that is encoded already.
    pub(crate) fn add_encoded(&mut self, name: impl Into<String>, signature: Signature, encoded: Encoded) -> u32 {
        let index = index(self.imports.len() + self.functions.len());
        let ty = self.type_index(signature);
        self.functions.push(Emitted { name: name.into(), ty, encoded });
        index
    }

    /// Adds a function and exports it under its name.
    pub(crate) fn add_export(&mut self, name: &str, signature: Signature, code: Code) -> u32 {
        let function = self.add(name, signature, code);
        self.exports.export(name, ExportKind::Func, function);
        function
    }

    /// Adds a variable.
    pub(crate) fn add_global(&mut self, ty: Ty, init: i32) -> u32 {
        let init = match ty {
            Ty::I32 => ConstExpr::i32_const(init),
            Ty::I64 => ConstExpr::i64_const(init.into()),
            Ty::F64 => ConstExpr::f64_const(f64::from(init).into()),
            Ty::V128 => ConstExpr::v128_const(init.into()),
        };
        self.push_global(ty, true, &init)
    }

    /// Adds and exports an unsigned number that never changes.
    pub(crate) fn export_constant(&mut self, name: &str, value: u32) {
        let global = self.push_global(Ty::I32, false, &ConstExpr::i32_const(value.cast_signed()));
        self.export_global(name, global);
    }

    /// Exports a variable.
    pub(crate) fn export_global(&mut self, name: &str, global: u32) {
        self.exports.export(name, ExportKind::Global, global);
    }

    /// Adds bytes that are in memory from the beginning.
    pub(crate) fn add_data(&mut self, address: u32, bytes: Vec<u8>) {
        self.active.push((address, bytes));
    }

    /// Adds bytes that code copies into memory; gives what `memory.init` needs.
    pub(crate) fn add_passive_data(&mut self, bytes: Vec<u8>) -> u32 {
        self.passive.push(bytes);
        index(self.passive.len() - 1)
    }

    /// The module, whose memory holds `bytes`.
    pub(crate) fn finish(mut self, bytes: u64) -> Vec<u8> {
        self.exports.export(simc_artifact::export::MEMORY, ExportKind::Memory, 0);
        let mut module = Module::new();
        module.section(&CustomSection { name: CALLS.into(), data: self.calls().into() });
        module.section(&self.type_section());
        if !self.imports.is_empty() {
            module.section(&self.import_section());
        }
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for emitted in &self.functions {
            functions.function(emitted.ty);
            code.function(&emitted.encoded.function);
        }
        module.section(&functions);
        let pages = bytes.div_ceil(PAGE).max(1);
        let memory =
            MemoryType { minimum: pages, maximum: Some(pages), memory64: false, shared: false, page_size_log2: None };
        module.section(MemorySection::new().memory(memory));
        module.section(&self.globals);
        module.section(&self.exports);
        if !self.passive.is_empty() {
            module.section(&DataCountSection { count: index(self.passive.len() + self.active.len()) });
        }
        module.section(&code);
        if !self.passive.is_empty() || !self.active.is_empty() {
            module.section(&self.data_section());
        }
        module.section(&self.name_section());
        module.finish()
    }

    fn type_index(&mut self, signature: Signature) -> u32 {
        let known = self.types.iter().position(|&ty| ty == signature);
        index(known.unwrap_or_else(|| {
            self.types.push(signature);
            self.types.len() - 1
        }))
    }

    fn push_global(&mut self, ty: Ty, mutable: bool, init: &ConstExpr) -> u32 {
        self.globals.global(GlobalType { val_type: ty.encoded(), mutable, shared: false }, init);
        self.globals.len() - 1
    }

    fn type_section(&self) -> TypeSection {
        let mut section = TypeSection::new();
        for (params, results) in &self.types {
            let encoded = |types: &[Ty]| -> Vec<ValType> { types.iter().map(|ty| ty.encoded()).collect() };
            section.ty().function(encoded(params), encoded(results));
        }
        section
    }

    /// How many calls each function has, and where in its body each of them is, as numbers of 4 bytes: whoever counts the functions again need not read the
    /// code.
    fn calls(&self) -> Vec<u8> {
        let calls = self.functions.iter().map(|emitted| emitted.encoded.calls.as_slice());
        let numbers = calls.flat_map(|calls| [index(calls.len())].into_iter().chain(calls.iter().copied()));
        numbers.flat_map(u32::to_le_bytes).collect()
    }

    fn import_section(&self) -> ImportSection {
        let mut section = ImportSection::new();
        for &(name, ty) in &self.imports {
            section.import(kernel::abi::KERNEL_MODULE, name, EntityType::Function(ty));
        }
        section
    }

    fn data_section(&self) -> DataSection {
        let mut section = DataSection::new();
        for bytes in &self.passive {
            section.passive(bytes.iter().copied());
        }
        for (address, bytes) in &self.active {
            section.active(0, &ConstExpr::i32_const(address.cast_signed()), bytes.iter().copied());
        }
        section
    }

    fn name_section(&self) -> NameSection {
        let mut names = NameMap::new();
        let imported = self.imports.iter().map(|&(name, _)| name);
        for (position, name) in imported.chain(self.functions.iter().map(|emitted| emitted.name.as_str())).enumerate() {
            names.append(index(position), name);
        }
        let mut section = NameSection::new();
        section.functions(&names);
        section
    }
}

fn index(position: usize) -> u32 {
    u32::try_from(position).expect("fewer than 2^32 items")
}
