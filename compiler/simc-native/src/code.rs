//! All functions of an artifact as machine code, one after the other.

use std::collections::BTreeMap;

use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{ExternalName, Function};
use cranelift_codegen::{Context, FinalizedRelocTarget};

use target_lexicon::Architecture;

use crate::arguments::constant_parameters;
use crate::entry;
use crate::error::Error;
use crate::graph::order_by_calls;
use crate::instance::InstanceLayout;
use crate::module::WasmModule;
use crate::runtime;
use crate::target::Target;
use crate::translate::{self, DATA, Env, FUNCTIONS, RUNTIME};

/// Machine code without a place.
pub(crate) struct Code {
    /// The functions, with the calls between them resolved.
    pub(crate) text: Vec<u8>,
    /// What functions begin at multiples of.
    pub(crate) align: u64,
    /// The functions for hosts: name and offset in `text`, and bytes.
    pub(crate) symbols: Vec<Symbol>,
    /// The bytes of the data segments.
    pub(crate) data: Vec<u8>,
    /// Where `text` refers to `data`.
    pub(crate) relocs: Vec<DataReloc>,
}

/// A function for hosts.
pub(crate) struct Symbol {
    /// Its name without the prefix.
    pub(crate) name: String,
    /// Where it begins.
    pub(crate) offset: u64,
    /// Its bytes.
    pub(crate) size: u64,
}

/// A reference to the data.
pub(crate) struct DataReloc {
    /// Where in the text.
    pub(crate) offset: u64,
    /// What is to be put there.
    pub(crate) kind: Reloc,
    /// What is added to the address of the data.
    pub(crate) addend: i64,
}

/// Compiles functions one by one.
struct Compiler<'t> {
    target: &'t Target,
    context: Context,
    text: Vec<u8>,
    /// Where each function begins.
    starts: BTreeMap<(u32, u32), u64>,
    /// References from function to function, resolved at the end: where, what, how.
    calls: Vec<(u64, (u32, u32), Reloc, i64)>,
    relocs: Vec<DataReloc>,
}

/// Compiles what the exports of a module reach, and the functions that hosts call.
pub(crate) fn compile(module: &WasmModule<'_>, layout: &InstanceLayout, target: &Target) -> Result<Code, Error> {
    let exports = entry::exports(module);
    let roots: Vec<u32> = exports.iter().map(|export| export.func).collect();
    let order = order_by_calls(module, &roots)?;
    let env = Env {
        module,
        layout,
        constants: constant_parameters(module, &order, &roots)?,
        conv: target.inner_conv(),
        has_crude_extremes: target.isa.triple().architecture == Architecture::X86_64,
        frontend: target.isa.frontend_config(),
    };
    let mut compiler = Compiler {
        target,
        context: Context::new(),
        text: Vec::new(),
        starts: BTreeMap::new(),
        calls: Vec::new(),
        relocs: Vec::new(),
    };
    let mut can_trap = vec![false; module.funcs.len()];
    for func in order {
        let (function, traps) = translate::translate(&env, func, &can_trap)?;
        can_trap[func as usize] = traps;
        compiler.add((FUNCTIONS, func), function)?;
    }
    for (name, function) in runtime::functions(&env) {
        compiler.add((RUNTIME, name), function)?;
    }
    let mut symbols = Vec::new();
    for (name, function) in entry::functions(&env, &exports, target.c_conv, &can_trap) {
        let (offset, size) = compiler.add((entry::ENTRIES, symbols.len() as u32), function)?;
        symbols.push(Symbol { name, offset, size });
    }
    compiler.resolve_calls()?;
    let align = u64::from(target.isa.function_alignment().preferred);
    let data = module.segments.iter().flat_map(|segment| segment.bytes).copied().collect();
    Ok(Code { text: compiler.text, align, symbols, data, relocs: compiler.relocs })
}

impl Compiler<'_> {
    /// Compiles a function after the others; its offset and its bytes.
    fn add(&mut self, name: (u32, u32), function: Function) -> Result<(u64, u64), Error> {
        self.context.clear();
        self.context.func = function;
        let isa = self.target.isa_for(&self.context.func);
        let compiled = self.context.compile(isa, &mut ControlPlane::default());
        compiled.map_err(|error| Error::Internal(format!("function {name:?}: {:?}", error.inner)))?;
        let compiled = self.context.compiled_code();
        let compiled = compiled.ok_or_else(|| Error::Internal(format!("function {name:?} has no code")))?;
        let align = self.target.isa.function_alignment().preferred.max(compiled.buffer.alignment) as usize;
        self.text.resize(self.text.len().next_multiple_of(align), 0);
        let start = self.text.len() as u64;
        self.starts.insert(name, start);
        self.text.extend_from_slice(compiled.buffer.data());
        let size = self.text.len() as u64 - start;
        for reloc in compiled.buffer.relocs() {
            let (at, kind, addend) = (start + u64::from(reloc.offset), reloc.kind, reloc.addend);
            let FinalizedRelocTarget::ExternalName(ExternalName::User(user)) = reloc.target else {
                return Err(Error::Internal(format!("function {name:?} refers to {:?}", reloc.target)));
            };
            let user = &self.context.func.params.user_named_funcs()[user];
            if (user.namespace, user.index) == (RUNTIME, DATA) {
                self.relocs.push(DataReloc { offset: at, kind, addend });
            } else {
                self.calls.push((at, (user.namespace, user.index), kind, addend));
            }
        }
        Ok((start, size))
    }

    /// Puts the distance to what is called into each call.
    fn resolve_calls(&mut self) -> Result<(), Error> {
        for (at, name, kind, addend) in std::mem::take(&mut self.calls) {
            let start = self.starts.get(&name).ok_or_else(|| Error::Internal(format!("no function {name:?}")))?;
            let distance = start.cast_signed() + addend - at.cast_signed();
            patch(&mut self.text, at, kind, distance)?;
        }
        Ok(())
    }
}

/// Puts a distance into an instruction that refers to its own place.
pub(crate) fn patch(text: &mut [u8], at: u64, kind: Reloc, distance: i64) -> Result<(), Error> {
    let place = usize::try_from(at).ok().and_then(|at| text.get_mut(at..at + 4));
    let far = || Error::TooLarge { what: "bytes of code".to_owned(), count: distance.unsigned_abs(), limit: 1 << 27 };
    let place = place.ok_or_else(|| Error::Internal("a reference outside of the code".to_owned()))?;
    let word = u32::from_le_bytes([place[0], place[1], place[2], place[3]]);
    let patched = if matches!(kind, Reloc::X86CallPCRel4 | Reloc::X86PCRel4) {
        i32::try_from(distance).map_err(|_| far())?.cast_unsigned()
    } else if kind == Reloc::Arm64Call {
        if !(-(1 << 27)..1 << 27).contains(&distance) {
            return Err(far());
        }
        // The low 26 bits of the distance in words.
        word & 0xfc00_0000 | (distance >> 2) as u32 & 0x03ff_ffff
    } else {
        return Err(Error::Internal(format!("a reference of the kind {kind:?}")));
    };
    place.copy_from_slice(&patched.to_le_bytes());
    Ok(())
}
