//! Writes one module from two.
//!
//! The model's functions come first, in their order, then the kernel's. What the model says about functions is counted again, because
//! its imports, which had the first indices, are gone. All else keeps its index: the kernel's types, globals and data follow the model's.

use std::collections::BTreeMap;
use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, ElementSection, Encode, ExportSection,
    FunctionSection, GlobalSection, GlobalType, MemorySection, MemoryType, Module, NameMap, NameSection, Section,
    StartSection, TableSection, TypeSection, ValType,
};
use wasmparser::{BinaryReader, FuncType, KnownCustom, Name, NameSectionReader, Parser, Payload};

use super::LinkError;
use super::kernel::Kernel;
use super::model::Model;
use super::place::Placement;
use super::relocate::Indices;
use crate::emit::CALLS;

/// Writes the model's module with its imports, which are the kernel functions `roots`, replaced by what is placed of the kernel.
///
/// # Errors
/// When one of the modules is malformed.
pub(super) fn link_modules<'a>(
    model: &'a Model<'_>,
    kernel: &'a Kernel<'a>,
    roots: &[u32],
    placement: &'a Placement,
) -> Result<Vec<u8>, LinkError> {
    let indices = Indices { placement, first_function: model.n_functions, stack_pointer: model.n_globals };
    let imports = roots.iter().map(|&root| indices.function(root)).collect();
    let mut merge = Merge {
        types: model.types.clone(),
        output: Output::default(),
        renumber: Renumber { imports },
        kernel,
        indices,
        calls: model.calls.iter(),
    };
    for payload in Parser::new(0).parse_all(model.bytes) {
        merge.add(payload?)?;
    }
    merge.add_kernel()?;
    merge.finish()
}

/// The opcode of `call`.
const CALL: u8 = 0x10;

/// The module under construction.
struct Merge<'a> {
    types: Vec<FuncType>,
    output: Output,
    renumber: Renumber,
    kernel: &'a Kernel<'a>,
    indices: Indices<'a>,
    /// Where calls are in the model's functions that are left; a module that does not say so is read.
    calls: std::slice::Iter<'a, Vec<usize>>,
}

/// The sections of the module under construction.
#[derive(Default)]
struct Output {
    functions: FunctionSection,
    tables: TableSection,
    globals: GlobalSection,
    exports: ExportSection,
    start: Option<StartSection>,
    elements: ElementSection,
    has_data_count: bool,
    code: CodeSection,
    data: DataSection,
    /// Name and content.
    customs: Vec<(String, Vec<u8>)>,
}

/// Counts the model's functions again.
struct Renumber {
    /// What has taken the place of each import.
    imports: Vec<u32>,
}

impl Renumber {
    /// The body of a function whose calls are at these places.
    ///
    /// # Errors
    /// When there is no call at one of them.
    fn calls(&mut self, body: &[u8], calls: &[usize]) -> Result<Vec<u8>, LinkError> {
        let mut renumbered = Vec::with_capacity(body.len());
        let mut rest = 0;
        for &call in calls {
            let index = call + 1;
            let before = body.get(rest..index).filter(|before| before.last() == Some(&CALL));
            let before = before.ok_or_else(|| LinkError::malformed("no call where one is said to be"))?;
            let mut reader = BinaryReader::new(&body[index..], 0);
            let callee = self.function_index(reader.read_var_u32()?)?;
            renumbered.extend_from_slice(before);
            callee.encode(&mut renumbered);
            rest = index + reader.current_position();
        }
        renumbered.extend_from_slice(&body[rest..]);
        Ok(renumbered)
    }
}

impl Reencode for Renumber {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, reencode::Error> {
        let n_imports = self.imports.len() as u32;
        Ok(self.imports.get(index as usize).copied().unwrap_or_else(|| index.wrapping_sub(n_imports)))
    }
}

impl Merge<'_> {
    /// Copies a section of the model.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the emitter writes no other sections")]
    fn add(&mut self, payload: Payload<'_>) -> Result<(), LinkError> {
        let Self { output, renumber, .. } = self;
        match payload {
            // Types are in `self.types`, imports in `self.renumber`, and the memory gets a new size.
            Payload::Version { .. }
            | Payload::TypeSection(_)
            | Payload::ImportSection(_)
            | Payload::MemorySection(_)
            | Payload::CodeSectionStart { .. }
            | Payload::End(_) => {}
            Payload::FunctionSection(section) => renumber.parse_function_section(&mut output.functions, section)?,
            Payload::TableSection(section) => renumber.parse_table_section(&mut output.tables, section)?,
            Payload::GlobalSection(section) => renumber.parse_global_section(&mut output.globals, section)?,
            Payload::ExportSection(section) => renumber.parse_export_section(&mut output.exports, section)?,
            Payload::StartSection { func, .. } => {
                output.start = Some(StartSection { function_index: renumber.function_index(func)? });
            }
            Payload::ElementSection(section) => renumber.parse_element_section(&mut output.elements, section)?,
            Payload::DataCountSection { .. } => output.has_data_count = true,
            Payload::CodeSectionEntry(body) => match self.calls.next() {
                Some(calls) => _ = output.code.raw(&renumber.calls(body.as_bytes(), calls)?),
                None => renumber.parse_function_body(&mut output.code, body)?,
            },
            Payload::DataSection(section) => renumber.parse_data_section(&mut output.data, section)?,
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Name(names) => {
                    let names = self.names(names)?;
                    let CustomSection { name, data } = names.as_custom();
                    self.output.customs.push((name.into_owned(), data.into_owned()));
                }
                _ if section.name() == CALLS => {}
                _ => output.customs.push((section.name().to_owned(), section.data().to_vec())),
            },
            other => return Err(LinkError::malformed(format!("the model has the section {other:?}"))),
        }
        Ok(())
    }

    /// The model's names, its functions counted again, and those of the kernel's functions.
    fn names(&mut self, subsections: NameSectionReader<'_>) -> Result<NameSection, LinkError> {
        let mut functions = BTreeMap::new();
        for &index in &self.indices.placement.functions {
            functions.insert(self.indices.function(index), self.kernel.function(index).name);
        }
        let mut names = NameSection::new();
        let mut rest = Vec::new();
        for subsection in subsections {
            match subsection? {
                Name::Module { name, .. } => names.module(name),
                Name::Function(map) => {
                    for naming in map {
                        let naming = naming?;
                        functions.entry(self.renumber.function_index(naming.index)?).or_insert(naming.name);
                    }
                }
                other @ (Name::Local(_)
                | Name::Label(_)
                | Name::Type(_)
                | Name::Table(_)
                | Name::Memory(_)
                | Name::Global(_)
                | Name::Element(_)
                | Name::Data(_)
                | Name::Field(_)
                | Name::Tag(_)
                | Name::Unknown { .. }) => rest.push(other),
            }
        }
        let mut map = NameMap::new();
        for (index, name) in functions {
            map.append(index, name);
        }
        names.functions(&map);
        for subsection in rest {
            self.renumber.parse_custom_name_subsection(&mut names, subsection)?;
        }
        Ok(names)
    }

    /// Appends what is placed of the kernel.
    fn add_kernel(&mut self) -> Result<(), LinkError> {
        let placement = self.indices.placement;
        for &index in &placement.functions {
            let ty = self.type_index(self.kernel.function_type(index));
            self.output.functions.function(ty);
            self.output.code.raw(&self.indices.relocate(self.kernel.function(index))?);
        }
        if let Some(top) = placement.stack_top {
            let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
            self.output.globals.global(ty, &address(top));
        }
        let (start, bytes) = &placement.data;
        if !bytes.is_empty() {
            self.output.data.active(0, &address(*start), bytes.iter().copied());
        }
        Ok(())
    }

    /// The index of a type, which is appended when the model does not have it.
    fn type_index(&mut self, ty: &FuncType) -> u32 {
        let index = self.types.iter().position(|known| known == ty).unwrap_or_else(|| {
            self.types.push(ty.clone());
            self.types.len() - 1
        });
        u32::try_from(index).expect("a module has fewer than 2^32 types")
    }

    /// Writes all sections in their order.
    fn finish(mut self) -> Result<Vec<u8>, LinkError> {
        let mut types = TypeSection::new();
        for ty in self.types {
            types.ty().func_type(&self.renumber.func_type(ty)?);
        }
        let output = &self.output;
        let data_count = DataCountSection { count: output.data.len() };
        let mut module = Module::new();
        add_section(&mut module, &types, types.is_empty());
        add_section(&mut module, &output.functions, output.functions.is_empty());
        add_section(&mut module, &output.tables, output.tables.is_empty());
        add_section(&mut module, &memory(self.indices.placement), false);
        add_section(&mut module, &output.globals, output.globals.is_empty());
        add_section(&mut module, &output.exports, output.exports.is_empty());
        if let Some(start) = &output.start {
            add_section(&mut module, start, false);
        }
        add_section(&mut module, &output.elements, output.elements.is_empty());
        add_section(&mut module, &data_count, !output.has_data_count);
        add_section(&mut module, &output.code, output.code.is_empty());
        add_section(&mut module, &output.data, output.data.is_empty());
        for (name, data) in &output.customs {
            add_section(&mut module, &CustomSection { name: name.into(), data: data.into() }, false);
        }
        Ok(module.finish())
    }
}

fn add_section(module: &mut Module, section: &impl Section, is_empty: bool) {
    if !is_empty {
        module.section(section);
    }
}

/// One memory of the size that is needed.
fn memory(placement: &Placement) -> MemorySection {
    let pages = placement.pages();
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: pages,
        maximum: Some(pages),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    memories
}

/// An address as an initialiser; that of the end of a full memory wraps to 0.
fn address(value: u64) -> ConstExpr {
    ConstExpr::i32_const((value as u32).cast_signed())
}
