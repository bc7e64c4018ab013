//! The functions that hosts call: one for each export, in the convention of C, and one that makes an instance.
//!
//! A function of an export asks first whether the instance has trapped, and stores a trap of its own. What it returns is a
//! [`Status`], but for an export that gives an i64, which is given as it is.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    AbiParam, ExtFuncData, ExternalName, Function, InstBuilder, MemFlagsData, Signature, UserExternalName,
    UserFuncName, Value, types,
};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use simc_artifact::ErrorCode;
use simc_artifact::export::{self, EXPORTS, ExportType, Number};
use wasmparser::ValType;

use crate::instance::{STATUS, TRAP};
use crate::module::WasmModule;
use crate::translate::{COPY, Env, FILL, FUNCTIONS, RUNTIME, bulk_signature, clif_type, data_symbol, signature};

/// The namespace of the names of these functions.
pub(crate) const ENTRIES: u32 = 2;
/// The name of the function that makes an instance of memory: `(address, whether all bytes are 0)`.
pub(crate) const START: &str = "start";
/// The name of the function that gives the bytes of an instance.
pub(crate) const SIZE: &str = "size";

/// What a call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All is well.
    Ok,
    /// The slot is none of a settable constant.
    NotSettable,
    /// These numbers cannot be points of a graphical function.
    Shape,
    /// The time is no number.
    BadTime,
    /// A conveyor or queue cannot go on.
    Transport,
    /// Anything else ended the run.
    Failed,
    /// The code did what WebAssembly forbids.
    Trapped,
    /// The memory is too small, or not aligned, or there is none.
    Memory,
}

impl Status {
    /// All of them.
    pub const ALL: [Status; 8] = [
        Status::Ok,
        Status::NotSettable,
        Status::Shape,
        Status::BadTime,
        Status::Transport,
        Status::Failed,
        Status::Trapped,
        Status::Memory,
    ];

    /// The number that stands for it.
    pub fn number(self) -> i32 {
        match self {
            Status::Ok => 0,
            Status::NotSettable => 1,
            Status::Shape => 2,
            Status::BadTime => 3,
            Status::Transport => 4,
            Status::Failed => 5,
            Status::Trapped => 6,
            Status::Memory => 7,
        }
    }
}

/// An export that is a function.
pub(crate) struct Export {
    /// Its name.
    pub(crate) name: &'static str,
    /// The function.
    pub(crate) func: u32,
    params: &'static [Number],
    results: &'static [Number],
}

/// The functions that a module exports and the contract knows.
pub(crate) fn exports(module: &WasmModule<'_>) -> Vec<Export> {
    let specs = EXPORTS.iter().filter_map(|spec| match spec.ty {
        ExportType::Function(params, results) => {
            Some(Export { name: spec.name, func: module.exported_func(spec.name)?, params, results })
        }
        ExportType::Memory | ExportType::Constant | ExportType::Variable => None,
    });
    specs.collect()
}

/// All functions for hosts, with their names.
pub(crate) fn functions(
    env: &Env<'_>,
    exports: &[Export],
    conv: CallConv,
    can_trap: &[bool],
) -> Vec<(String, Function)> {
    let mut functions = vec![(START.to_owned(), start(env, conv)), (SIZE.to_owned(), size(env, conv))];
    let get_error = exports.iter().find(|export| export.name == export::GET_ERROR);
    for (number, export) in (2..).zip(exports) {
        let entry = Entry { env, can_trap, number, conv };
        functions.push((export.name.to_owned(), entry.emit(export, get_error)));
    }
    functions
}

fn flags() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

/// Builds a function of one block that may grow.
fn build(
    env: &Env<'_>,
    number: u32,
    signature: Signature,
    emit: impl FnOnce(&mut FunctionBuilder<'_>, Vec<Value>),
) -> Function {
    let mut function = Function::with_name_signature(UserFuncName::user(ENTRIES, number), signature);
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut function, &mut context);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    let params = builder.block_params(block).to_vec();
    emit(&mut builder, params);
    builder.seal_all_blocks();
    builder.finalize(env.frontend);
    function
}

/// `size() -> bytes of an instance`
fn size(env: &Env<'_>, conv: CallConv) -> Function {
    let mut signature = Signature::new(conv);
    signature.returns.push(AbiParam::new(types::I64));
    build(env, 1, signature, |builder, _| {
        let size = builder.ins().iconst(types::I64, env.layout.size.cast_signed());
        builder.ins().return_(&[size]);
    })
}

/// `start(address, whether all bytes are 0 already)`: everything is 0, then come globals and data.
fn start(env: &Env<'_>, conv: CallConv) -> Function {
    let mut signature = Signature::new(conv);
    signature.params.extend([AbiParam::new(types::I64), AbiParam::new(types::I32)]);
    build(env, 0, signature, |builder, params| {
        let (instance, is_zero) = (params[0], params[1]);
        let [clear, fill_in] = [builder.create_block(), builder.create_block()];
        builder.ins().brif(is_zero, fill_in, &[], clear, &[]);
        builder.switch_to_block(clear);
        let zero = builder.ins().iconst(types::I64, 0);
        let size = builder.ins().iconst(types::I64, env.layout.size.cast_signed());
        call(builder, RUNTIME, FILL, bulk_signature(env.conv), &[instance, zero, size]);
        builder.ins().jump(fill_in, &[]);
        builder.switch_to_block(fill_in);
        for (global, &offset) in env.module.globals.iter().zip(&env.layout.globals) {
            if !global.mutable || global.bits == 0 {
                continue;
            }
            let ty = if global.ty == ValType::I32 { types::I32 } else { types::I64 };
            let bits = builder.ins().iconst(ty, global.bits.cast_signed());
            builder.ins().store(flags(), bits, instance, offset);
        }
        emit_data(env, builder, instance);
        builder.ins().return_(&[]);
    })
}

/// Copies the data segments into the memory.
fn emit_data(env: &Env<'_>, builder: &mut FunctionBuilder<'_>, instance: Value) {
    let data = data_symbol(builder);
    for segment in env.module.segments.iter().filter(|segment| !segment.bytes.is_empty()) {
        let Some(offset) = segment.offset else { continue };
        let data = builder.ins().symbol_value(types::I64, data);
        let offsets = [env.layout.memory + offset, segment.at, segment.bytes.len() as u64];
        let [to, from, count] = offsets.map(|offset| builder.ins().iconst(types::I64, offset.cast_signed()));
        let [to, from] = [builder.ins().iadd(instance, to), builder.ins().iadd(data, from)];
        call(builder, RUNTIME, COPY, bulk_signature(env.conv), &[to, from, count]);
    }
}

fn call(
    builder: &mut FunctionBuilder<'_>,
    namespace: u32,
    index: u32,
    signature: Signature,
    args: &[Value],
) -> Vec<Value> {
    let signature = builder.import_signature(signature);
    let name = builder.func.declare_imported_user_function(UserExternalName { namespace, index });
    let data = ExtFuncData { name: ExternalName::user(name), signature, colocated: true, patchable: false };
    let callee = builder.import_function(data);
    let call = builder.ins().call(callee, args);
    builder.inst_results(call).to_vec()
}

/// A function of an export.
struct Entry<'e> {
    env: &'e Env<'e>,
    can_trap: &'e [bool],
    number: u32,
    conv: CallConv,
}

impl Entry<'_> {
    fn emit(&self, export: &Export, get_error: Option<&Export>) -> Function {
        let gives_word = export.results == [Number::I64];
        let mut signature = Signature::new(self.conv);
        signature.params.push(AbiParam::new(types::I64));
        signature.params.extend(export.params.iter().map(|&number| AbiParam::new(type_of(number))));
        signature.returns.push(AbiParam::new(if gives_word { types::I64 } else { types::I32 }));
        build(self.env, self.number, signature, |builder, params| {
            let instance = params[0];
            let trapped = builder.create_block();
            let trap = builder.ins().load(types::I32, flags(), instance, TRAP);
            Self::unless(builder, trap, trapped);
            let results = self.call_export(builder, export, &params, trapped);
            let result = if gives_word {
                results[0]
            } else {
                let status = if let [result] = results[..] {
                    let kind = if export.name == export::SET_TABLE { Status::Shape } else { Status::NotSettable };
                    let [ok, other] = [Status::Ok, kind].map(|it| constant(builder, it));
                    builder.ins().select(result, other, ok)
                } else {
                    self.run_status(builder, get_error, instance, trapped)
                };
                builder.ins().store(flags(), status, instance, STATUS);
                status
            };
            builder.ins().return_(&[result]);

            builder.switch_to_block(trapped);
            builder.set_cold_block(trapped);
            let status = constant(builder, Status::Trapped);
            builder.ins().store(flags(), status, instance, STATUS);
            let result = if gives_word { builder.ins().iconst(types::I64, 0) } else { status };
            builder.ins().return_(&[result]);
        })
    }

    /// Goes on where a number is 0.
    fn unless(builder: &mut FunctionBuilder<'_>, number: Value, otherwise: cranelift_codegen::ir::Block) {
        let next = builder.create_block();
        builder.ins().brif(number, otherwise, &[], next, &[]);
        builder.switch_to_block(next);
    }

    /// Calls a translated function and stores its trap, if there is one.
    fn call_export(
        &self,
        builder: &mut FunctionBuilder<'_>,
        export: &Export,
        args: &[Value],
        trapped: cranelift_codegen::ir::Block,
    ) -> Vec<Value> {
        let can_trap = self.can_trap[export.func as usize];
        let signature = signature(self.env.module.func_type(export.func), self.env.conv, can_trap);
        let mut results = call(builder, FUNCTIONS, export.func, signature, args);
        if can_trap && let Some(trap) = results.pop() {
            builder.ins().store(flags(), trap, args[0], TRAP);
            Self::unless(builder, trap, trapped);
        }
        results
    }

    /// What the error word makes of a run.
    fn run_status(
        &self,
        builder: &mut FunctionBuilder<'_>,
        get_error: Option<&Export>,
        instance: Value,
        trapped: cranelift_codegen::ir::Block,
    ) -> Value {
        let ok = constant(builder, Status::Ok);
        let Some(get_error) = get_error else { return ok };
        let word = self.call_export(builder, get_error, &[instance], trapped)[0];
        let code = builder.ins().ireduce(types::I32, word);
        let mut status = constant(builder, Status::Failed);
        for error in ErrorCode::ALL {
            let kind = if error.transport_fault().is_some() {
                Status::Transport
            } else if error == ErrorCode::NanTarget {
                Status::BadTime
            } else {
                Status::Failed
            };
            let [kind, number] = [constant(builder, kind), builder.ins().iconst(types::I32, i64::from(error.number()))];
            let is_it = builder.ins().icmp(IntCC::Equal, code, number);
            status = builder.ins().select(is_it, kind, status);
        }
        builder.ins().select(word, status, ok)
    }
}

fn constant(builder: &mut FunctionBuilder<'_>, status: Status) -> Value {
    builder.ins().iconst(types::I32, i64::from(status.number()))
}

fn type_of(number: Number) -> cranelift_codegen::ir::Type {
    clif_type(match number {
        Number::I32 => ValType::I32,
        Number::I64 => ValType::I64,
        Number::F64 => ValType::F64,
    })
}
