//! Reads `kernel.wasm`: a finished module that still has its symbols and relocations, as `wasm-ld --emit-relocs` writes it.
//!
//! Whatever in its code depends on where things are is padded to five bytes, so that something else can be written over it. What the
//! linker cannot move (tables, imports, addresses inside data) is an error here, never a wrong artifact later.

use std::collections::BTreeMap;

use wasmparser::{
    CustomSectionReader, Data, DataKind, ExternalKind, FuncType, FunctionBody, KnownCustom, Linking, Name, Operator,
    Parser, Payload, RelocationEntry, RelocationType, SymbolInfo,
};

use super::{Constant, Function, Kernel, LinkError, Relocation, Segment, Target};

const STACK_POINTER: &str = "__stack_pointer";
const CODE_RELOCATIONS: &str = "reloc.CODE";
/// Bytes of a padded number.
const PADDED: usize = 5;

/// The parts of the module, as they are in it.
#[derive(Default)]
pub(super) struct Sections<'a> {
    types: Vec<FuncType>,
    function_types: Vec<u32>,
    /// First values of the globals.
    globals: Vec<u32>,
    exports: BTreeMap<&'a str, u32>,
    /// Where the section starts in the file: relocations count from there.
    code_start: usize,
    bodies: Vec<FunctionBody<'a>>,
    segments: Vec<Segment<'a>>,
    symbols: Vec<SymbolInfo<'a>>,
    relocations: Vec<RelocationEntry>,
    names: BTreeMap<u32, &'a str>,
}

impl<'a> Sections<'a> {
    /// Reads all sections.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, LinkError> {
        let mut sections = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            sections.add(payload?)?;
        }
        Ok(sections)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "wasmparser may know more sections from version to version")]
    fn add(&mut self, payload: Payload<'a>) -> Result<(), LinkError> {
        match payload {
            Payload::Version { .. }
            | Payload::MemorySection(_)
            | Payload::DataCountSection { .. }
            | Payload::End(_) => {}
            Payload::TypeSection(types) => self.types = types.into_iter_err_on_gc_types().collect::<Result<_, _>>()?,
            Payload::FunctionSection(functions) => {
                self.function_types = functions.into_iter().collect::<Result<_, _>>()?
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    self.globals.push(constant_i32(global?.init_expr.get_operators_reader().read()?)?);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.exports.insert(export.name, export.index);
                    }
                }
            }
            Payload::CodeSectionStart { range, .. } => self.code_start = range.start,
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::DataSection(segments) => {
                for segment in segments {
                    self.segments.push(parse_segment(&segment?)?);
                }
            }
            Payload::CustomSection(section) => self.add_custom(&section)?,
            other => return Err(unexpected(format_args!("the section {other:?}"))),
        }
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "other custom sections say nothing to a linker")]
    fn add_custom(&mut self, section: &CustomSectionReader<'a>) -> Result<(), LinkError> {
        match section.as_known() {
            KnownCustom::Linking(linking) => {
                for subsection in linking.subsections() {
                    if let Linking::SymbolTable(table) = subsection? {
                        self.symbols = table.into_iter().collect::<Result<_, _>>()?;
                    }
                }
            }
            KnownCustom::Reloc(relocations) if section.name() == CODE_RELOCATIONS => {
                self.relocations = relocations.entries().into_iter().collect::<Result<_, _>>()?;
            }
            KnownCustom::Reloc(_) => return Err(unexpected(format_args!("the section {}", section.name()))),
            KnownCustom::Name(names) => {
                for subsection in names {
                    if let Name::Function(names) = subsection? {
                        for naming in names {
                            let naming = naming?;
                            self.names.insert(naming.index, naming.name);
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Puts the parts together, all their indices checked.
    pub(super) fn assemble(self) -> Result<Kernel<'a>, LinkError> {
        let consistent = self.function_types.len() == self.bodies.len()
            && self.function_types.iter().all(|&ty| (ty as usize) < self.types.len())
            && self.exports.values().all(|&index| (index as usize) < self.bodies.len());
        if !consistent {
            return Err(unexpected(format_args!("an index out of range")));
        }
        let mut functions = Vec::with_capacity(self.bodies.len());
        for (index, (body, &ty)) in (0..).zip(self.bodies.iter().zip(&self.function_types)) {
            let name = self.names.get(&index).copied().unwrap_or_default();
            functions.push(Function { ty, name, body: body.as_bytes(), relocations: Vec::new() });
        }
        for entry in &self.relocations {
            let start = self.code_start + entry.offset as usize;
            let index = self.bodies.partition_point(|body| body.range().start <= start).checked_sub(1);
            let inside = index.filter(|&index| start + PADDED <= self.bodies[index].range().end);
            let Some(index) = inside else { return Err(unexpected(format_args!("a relocation outside a function"))) };
            let position = start - self.bodies[index].range().start;
            functions[index].relocations.push(Relocation { position, target: self.target(entry)? });
        }
        let stack_size = self.stack_size()?;
        Ok(Kernel { types: self.types, functions, exports: self.exports, segments: self.segments, stack_size })
    }

    /// What a relocation mentions.
    fn target(&self, entry: &RelocationEntry) -> Result<Target, LinkError> {
        let symbol = self.symbols.get(entry.index as usize).copied();
        match (entry.ty, symbol) {
            (RelocationType::FunctionIndexLeb, Some(SymbolInfo::Func { index, .. }))
                if (index as usize) < self.bodies.len() =>
            {
                Ok(Target::Function(index))
            }
            (RelocationType::GlobalIndexLeb, Some(SymbolInfo::Global { name: Some(STACK_POINTER), .. })) => {
                Ok(Target::StackPointer)
            }
            (RelocationType::MemoryAddrLeb, Some(symbol)) => Ok(Target::Offset(self.constant(&symbol)?, entry.addend)),
            (RelocationType::MemoryAddrSleb, Some(symbol)) => {
                Ok(Target::Address(self.constant(&symbol)?, entry.addend))
            }
            (ty, _) => Err(unexpected(format_args!("a relocation of type {ty:?}"))),
        }
    }

    /// The constant that a symbol names.
    fn constant(&self, symbol: &SymbolInfo<'a>) -> Result<Constant, LinkError> {
        if let SymbolInfo::Data { symbol: Some(defined), .. } = *symbol
            && let Some(segment) = self.segments.get(defined.index as usize)
            && u64::from(defined.offset) + u64::from(defined.size) <= segment.bytes.len() as u64
        {
            Ok(Constant { segment: defined.index, offset: defined.offset, size: defined.size })
        } else {
            Err(unexpected(format_args!("an address that is not a constant's")))
        }
    }

    /// The size of the stack: it begins at address 0, so this is where the stack pointer starts.
    fn stack_size(&self) -> Result<u32, LinkError> {
        let index = self.symbols.iter().find_map(|symbol| match *symbol {
            SymbolInfo::Global { name: Some(STACK_POINTER), index, .. } => Some(index),
            SymbolInfo::Func { .. }
            | SymbolInfo::Data { .. }
            | SymbolInfo::Global { .. }
            | SymbolInfo::Section { .. }
            | SymbolInfo::Event { .. }
            | SymbolInfo::Table { .. } => None,
        });
        let Some(index) = index else { return Ok(0) };
        self.globals.get(index as usize).copied().ok_or_else(|| unexpected(format_args!("no stack pointer")))
    }
}

/// A segment of data whose address is known.
fn parse_segment<'a>(data: &Data<'a>) -> Result<Segment<'a>, LinkError> {
    match &data.kind {
        DataKind::Active { memory_index: 0, offset_expr } => {
            let address = constant_i32(offset_expr.get_operators_reader().read()?)?;
            Ok(Segment { address, bytes: data.data })
        }
        DataKind::Active { .. } | DataKind::Passive => Err(unexpected(format_args!("data without an address"))),
    }
}

/// The value of an initialiser, as an address.
fn constant_i32(operator: Operator<'_>) -> Result<u32, LinkError> {
    if let Operator::I32Const { value } = operator {
        Ok(value.cast_unsigned())
    } else {
        Err(unexpected(format_args!("an initialiser that is not a number")))
    }
}

fn unexpected(what: std::fmt::Arguments<'_>) -> LinkError {
    LinkError::malformed(format!("the kernel has {what}"))
}
