//! A module taken apart: its functions, globals and data, as far as artifacts have them.

use std::collections::BTreeMap;

use simc_artifact::export::{EXPORTS, ExportType, Number, Presence};
use wasmparser::{
    CompositeInnerType, ConstExpr, DataKind, ExternalKind, FuncType, FunctionBody, Operator, Parser, Payload, ValType,
    Validator, WasmFeatures,
};

use crate::effort;
use crate::error::{Error, limit, unsupported};

/// Functions that a module may have.
const MAX_FUNCTIONS: u64 = 1 << 16;
/// Bytes of the body of a function: far more than what the compiler lets a function grow to.
const MAX_BODY: u64 = 1 << 17;
/// Parameters and locals of a function.
const MAX_LOCALS: u64 = 1 << 12;
/// Globals.
const MAX_GLOBALS: u64 = 1 << 10;
/// Data segments.
const MAX_SEGMENTS: u64 = 1 << 12;
/// Bytes of a page of memory.
const PAGE: u64 = 1 << 16;

/// A validated module.
pub(crate) struct WasmModule<'a> {
    types: Vec<FuncType>,
    /// Functions with their types.
    pub(crate) funcs: Vec<Func<'a>>,
    /// Globals.
    pub(crate) globals: Vec<Global>,
    /// Bytes of the memory, which never change.
    pub(crate) memory_bytes: u64,
    /// What the memory holds at first, and what code puts there.
    pub(crate) segments: Vec<Segment<'a>>,
    /// What is exported under which name.
    exports: BTreeMap<&'a str, (ExternalKind, u32)>,
}

/// A function.
pub(crate) struct Func<'a> {
    ty: u32,
    /// Its locals and instructions.
    pub(crate) body: FunctionBody<'a>,
}

/// A global.
pub(crate) struct Global {
    /// Its type.
    pub(crate) ty: ValType,
    /// Whether instructions may set it.
    pub(crate) mutable: bool,
    /// The bits that it has at first.
    pub(crate) bits: u64,
}

/// Bytes of the memory of a new instance, or bytes that code copies there.
pub(crate) struct Segment<'a> {
    /// Where they go in a new instance.
    pub(crate) offset: Option<u64>,
    /// Where they are among the bytes of all segments.
    pub(crate) at: u64,
    /// The bytes.
    pub(crate) bytes: &'a [u8],
}

/// WebAssembly as artifacts use it.
fn features() -> WasmFeatures {
    WasmFeatures::WASM1
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::SIMD
}

impl<'a> WasmModule<'a> {
    /// Validates a module and takes it apart.
    pub(crate) fn read(wasm: &'a [u8]) -> Result<Self, Error> {
        Validator::new_with_features(features())
            .validate_all(wasm)
            .map_err(|error| Error::Unsupported(format!("the module holds what is refused: {error}")))?;
        let mut module = Self {
            types: Vec::new(),
            funcs: Vec::new(),
            globals: Vec::new(),
            memory_bytes: 0,
            segments: Vec::new(),
            exports: BTreeMap::new(),
        };
        let mut func_types = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            module.read_payload(&payload.map_err(broken)?, &mut func_types)?;
        }
        module.check_contract()?;
        Ok(module)
    }

    fn read_payload(&mut self, payload: &Payload<'a>, func_types: &mut Vec<u32>) -> Result<(), Error> {
        if let Payload::TypeSection(types) = payload {
            for group in types.clone() {
                for ty in group.map_err(broken)?.into_types() {
                    let CompositeInnerType::Func(ty) = ty.composite_type.inner else {
                        return unsupported("the module has a type that is none of a function");
                    };
                    self.types.push(ty);
                }
            }
        } else if let Payload::ImportSection(imports) = payload {
            if imports.count() > 0 {
                return unsupported("the module imports something");
            }
        } else if let Payload::FunctionSection(funcs) = payload {
            limit("functions", funcs.count().into(), MAX_FUNCTIONS)?;
            *func_types = funcs.clone().into_iter().collect::<Result<_, _>>().map_err(broken)?;
        } else if let Payload::MemorySection(memories) = payload {
            for memory in memories.clone() {
                let memory = memory.map_err(broken)?;
                if memory.maximum != Some(memory.initial) {
                    return unsupported("the module has a memory that can grow");
                }
                self.memory_bytes = memory.initial * PAGE;
            }
        } else if let Payload::GlobalSection(globals) = payload {
            limit("globals", globals.count().into(), MAX_GLOBALS)?;
            for global in globals.clone() {
                let global = global.map_err(broken)?;
                let bits = constant(&global.init_expr)?;
                self.globals.push(Global { ty: global.ty.content_type, mutable: global.ty.mutable, bits });
            }
        } else if let Payload::ExportSection(exports) = payload {
            for export in exports.clone() {
                let export = export.map_err(broken)?;
                self.exports.insert(export.name, (export.kind, export.index));
            }
        } else if let Payload::StartSection { .. } = payload {
            return unsupported("the module has a start function");
        } else if let Payload::DataSection(data) = payload {
            limit("data segments", data.count().into(), MAX_SEGMENTS)?;
            for segment in data.clone() {
                let segment = segment.map_err(broken)?;
                let offset = match segment.kind {
                    DataKind::Active { offset_expr, .. } => Some(constant(&offset_expr)? & u64::from(u32::MAX)),
                    DataKind::Passive => None,
                };
                let at = self.segments.last().map_or(0, |last| last.at + last.bytes.len() as u64);
                self.segments.push(Segment { offset, at, bytes: segment.data });
            }
        } else if let Payload::CodeSectionEntry(body) = payload {
            let range = body.range();
            limit("bytes in a function", range.len() as u64, MAX_BODY)?;
            let ty = func_types.get(self.funcs.len()).copied();
            let ty = ty.ok_or_else(|| Error::Internal("a body without a type".to_owned()))?;
            let mut locals = self.types[ty as usize].params().len() as u64;
            for group in body.get_locals_reader().map_err(broken)? {
                locals += u64::from(group.map_err(broken)?.0);
            }
            limit("locals in a function", locals, MAX_LOCALS)?;
            effort::check(body, locals)?;
            self.funcs.push(Func { ty, body: body.clone() });
        }
        Ok(())
    }

    /// The module has what the contract asks for, with the right types, and its data lie in its memory.
    fn check_contract(&self) -> Result<(), Error> {
        for spec in EXPORTS {
            let Some(&(kind, index)) = self.exports.get(spec.name) else {
                if spec.presence == Presence::Always {
                    return Err(Error::Contradictory(format!("it does not export `{}`", spec.name)));
                }
                continue;
            };
            let fits = match (spec.ty, kind) {
                (ExportType::Memory, ExternalKind::Memory) => true,
                (ExportType::Constant, ExternalKind::Global) => self.is_i32(index, false),
                (ExportType::Variable, ExternalKind::Global) => self.is_i32(index, true),
                (ExportType::Function(params, results), ExternalKind::Func) => {
                    let ty = self.func_type(index);
                    ty.params().iter().copied().eq(params.iter().map(|&it| val_type(it)))
                        && ty.results().iter().copied().eq(results.iter().map(|&it| val_type(it)))
                }
                (ExportType::Memory | ExportType::Constant | ExportType::Variable | ExportType::Function(..), _) => {
                    false
                }
            };
            if !fits {
                return Err(Error::Contradictory(format!("its export `{}` has another type", spec.name)));
            }
        }
        for segment in &self.segments {
            let Some(offset) = segment.offset else { continue };
            if offset + segment.bytes.len() as u64 > self.memory_bytes {
                let text = format!("{} bytes of data at byte {offset} lie outside", segment.bytes.len());
                return Err(Error::Contradictory(format!("{text} of its memory")));
            }
        }
        Ok(())
    }

    fn is_i32(&self, global: u32, mutable: bool) -> bool {
        let global = &self.globals[global as usize];
        global.ty == ValType::I32 && global.mutable == mutable
    }

    /// The type of a function.
    pub(crate) fn func_type(&self, func: u32) -> &FuncType {
        &self.types[self.funcs[func as usize].ty as usize]
    }

    /// The type with a number.
    pub(crate) fn type_at(&self, ty: u32) -> &FuncType {
        &self.types[ty as usize]
    }

    /// The function that is exported under a name.
    pub(crate) fn exported_func(&self, name: &str) -> Option<u32> {
        self.exports.get(name).filter(|(kind, _)| *kind == ExternalKind::Func).map(|&(_, index)| index)
    }

    /// The number of the global that is exported under a name.
    pub(crate) fn exported_global(&self, name: &str) -> Option<u32> {
        self.exports.get(name).filter(|(kind, _)| *kind == ExternalKind::Global).map(|&(_, index)| index)
    }

    /// The value of a constant global of type i32 that is exported under a name.
    pub(crate) fn exported_constant(&self, name: &str) -> Option<u64> {
        let global = &self.globals[self.exported_global(name)? as usize];
        (!global.mutable).then_some(global.bits & u64::from(u32::MAX))
    }
}

fn val_type(number: Number) -> ValType {
    match number {
        Number::I32 => ValType::I32,
        Number::I64 => ValType::I64,
        Number::F64 => ValType::F64,
    }
}

/// The bits of a constant expression.
#[expect(clippy::wildcard_enum_match_arm, reason = "three constants among hundreds of instructions")]
fn constant(expr: &ConstExpr<'_>) -> Result<u64, Error> {
    let mut reader = expr.get_operators_reader();
    match reader.read().map_err(broken)? {
        Operator::I32Const { value } => Ok(u64::from(value.cast_unsigned())),
        Operator::I64Const { value } => Ok(value.cast_unsigned()),
        Operator::F64Const { value } => Ok(value.bits()),
        other => unsupported(format!("the module has a constant expression with `{}`", name_of(&other))),
    }
}

/// The name of an instruction, without what is after it.
pub(crate) fn name_of(op: &Operator<'_>) -> String {
    let text = format!("{op:?}");
    text.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}

/// What a validated module cannot be.
pub(crate) fn broken(error: wasmparser::BinaryReaderError) -> Error {
    Error::Internal(format!("a valid module cannot be read: {error}"))
}
