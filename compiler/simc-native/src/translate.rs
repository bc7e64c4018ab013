//! One function of a module into Cranelift's IR.
//!
//! A function takes the address of its instance, then its own parameters, and returns its own result. One that can trap returns a status
//! after it, 0 or the number of a [`Trap`]: whoever calls it goes on only after 0, so that a trap returns through every frame.

mod control;
mod float;
mod integer;
mod loops;
mod memory;
mod range;
mod vector;

use std::collections::BTreeMap;

use cranelift_codegen::ir::{
    AbiParam, Block, ExtFuncData, ExternalName, FuncRef, Function, Inst, InstBuilder, MemFlagsData, Signature, Type,
    UserExternalName, UserFuncName, Value, types,
};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use wasmparser::{FuncType, Operator, OperatorsReader, ValType};

use crate::error::{Error, unsupported};
use crate::instance::InstanceLayout;
use crate::module::{WasmModule, broken, name_of};
use crate::trap::Trap;
use control::Frame;
use loops::{Loop, Survey};
use memory::Checks;

pub(crate) use memory::{bulk_signature, data_symbol};

/// The namespace of names of translated functions; the number is that of the function in the module.
pub(crate) const FUNCTIONS: u32 = 0;
/// The namespace of names of what is beside them.
pub(crate) const RUNTIME: u32 = 1;
/// In that namespace: writes a byte to some addresses.
pub(crate) const FILL: u32 = 0;
/// In that namespace: copies bytes, which may overlap.
pub(crate) const COPY: u32 = 1;
/// In that namespace: the bytes of the data segments.
pub(crate) const DATA: u32 = 2;

/// How values of the type v128 are carried: most of what artifacts do with them is f64x2.
pub(crate) const VECTOR: Type = types::F64X2;

/// So many instructions are bound by how long each waits for others: a branch that is predicted right waits for nothing. More of them are
/// bound by how many there are.
const FEW: usize = 1500;

/// What all functions have in common.
pub(crate) struct Env<'m> {
    /// The module.
    pub(crate) module: &'m WasmModule<'m>,
    /// Where everything is in an instance.
    pub(crate) layout: &'m InstanceLayout,
    /// For each parameter of each function, the bits that it always has.
    pub(crate) constants: Vec<Vec<Option<u64>>>,
    /// How functions call each other.
    pub(crate) conv: CallConv,
    /// Whether the machine has no instruction for the lesser or greater of two doubles that minds NaN and the signs of zeros.
    pub(crate) has_crude_extremes: bool,
    /// What a builder of functions must know of the machine.
    pub(crate) frontend: TargetFrontendConfig,
}

/// Why a translation ends early.
enum Stop {
    /// The function can trap, and was taken for one that cannot.
    CanTrap,
    /// There is none.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Failed(error)
    }
}

/// Translates a function. `can_trap` says for all that it calls whether they can, and whether the function can is the result.
pub(crate) fn translate(env: &Env<'_>, index: u32, can_trap: &[bool]) -> Result<(Function, bool), Error> {
    let survey = loops::survey(&env.module.funcs[index as usize].body)?;
    for traps in [false, true] {
        let signature = signature(env.module.func_type(index), env.conv, traps);
        let mut function = Function::with_name_signature(UserFuncName::user(FUNCTIONS, index), signature);
        let mut context = FunctionBuilderContext::new();
        let builder = FunctionBuilder::new(&mut function, &mut context);
        match Translator::new(env, builder, index, can_trap, traps, &survey)?.run() {
            Ok(()) => return Ok((function, traps)),
            Err(Stop::CanTrap) => {}
            Err(Stop::Failed(error)) => return Err(error),
        }
    }
    Err(Error::Internal(format!("function {index} can trap, and cannot")))
}

/// The signature of a translated function.
pub(crate) fn signature(ty: &FuncType, conv: CallConv, can_trap: bool) -> Signature {
    let mut signature = Signature::new(conv);
    signature.params.push(AbiParam::new(types::I64));
    signature.params.extend(ty.params().iter().map(|&ty| AbiParam::new(clif_type(ty))));
    signature.returns.extend(ty.results().iter().map(|&ty| AbiParam::new(clif_type(ty))));
    if can_trap {
        signature.returns.push(AbiParam::new(types::I32));
    }
    signature
}

/// The type of a value in Cranelift. Artifacts have no references; instructions that make them are refused by name.
pub(crate) fn clif_type(ty: ValType) -> Type {
    match ty {
        ValType::I32 => types::I32,
        ValType::I64 => types::I64,
        ValType::F32 => types::F32,
        ValType::F64 => types::F64,
        ValType::V128 => VECTOR,
        ValType::Ref(_) => types::I64,
    }
}

/// A function that is being translated.
struct Translator<'a, 'f> {
    env: &'a Env<'a>,
    builder: FunctionBuilder<'f>,
    index: u32,
    /// The instructions that are left.
    reader: OperatorsReader<'a>,
    /// For every function of the module, whether it can trap.
    can_trap: &'a [bool],
    /// Whether this one returns a status.
    returns_status: bool,
    /// The address of the instance.
    instance: Value,
    /// Locals, parameters first.
    locals: Vec<(Variable, Type)>,
    /// The operands.
    stack: Vec<Value>,
    /// The open blocks, outermost first.
    frames: Vec<Frame<'a>>,
    /// Whether the instruction at hand can be reached.
    reachable: bool,
    /// Blocks that return a status, for each trap.
    traps: BTreeMap<Trap, Block>,
    /// The block that returns the status of a callee.
    passes_on: Option<Block>,
    /// What is called.
    callees: BTreeMap<(u32, u32), FuncRef>,
    /// Accesses that are known to be within bounds.
    checks: Checks,
    /// The loops that have not begun yet.
    loops: &'a [Loop],
    /// Whether a choice between two doubles is better predicted than computed.
    predicts: bool,
    /// A number than which a value is never greater.
    greatest_of: BTreeMap<Value, u64>,
    /// For each block that has ended, everything that jumps to its end; of a loop also what jumps to its beginning.
    ways: BTreeMap<Block, Vec<Inst>>,
    /// What values of which more is known are.
    origins: BTreeMap<Value, Value>,
    /// Values of 32 bits that are at hand in 64, the upper ones 0.
    widened: BTreeMap<Value, Value>,
    /// How the memory is accessed.
    heap: MemFlagsData,
    /// How globals are.
    globals: MemFlagsData,
}

impl<'a, 'f> Translator<'a, 'f> {
    fn new(
        env: &'a Env<'a>,
        mut builder: FunctionBuilder<'f>,
        index: u32,
        can_trap: &'a [bool],
        returns_status: bool,
        survey: &'a Survey,
    ) -> Result<Self, Error> {
        let reader = env.module.funcs[index as usize].body.get_operators_reader().map_err(broken)?;
        let entry = builder.create_block();
        builder.append_block_params_for_function_params(entry);
        builder.switch_to_block(entry);
        builder.seal_block(entry);
        let instance = builder.block_params(entry)[0];
        let [heap, globals] = memory::regions(builder.func);
        Ok(Self {
            env,
            builder,
            index,
            reader,
            can_trap,
            returns_status,
            instance,
            locals: Vec::new(),
            stack: Vec::new(),
            frames: Vec::new(),
            reachable: true,
            traps: BTreeMap::new(),
            passes_on: None,
            callees: BTreeMap::new(),
            checks: Checks::default(),
            loops: &survey.loops,
            predicts: env.has_crude_extremes && survey.n_instructions <= FEW,
            greatest_of: BTreeMap::new(),
            ways: BTreeMap::new(),
            origins: BTreeMap::new(),
            widened: BTreeMap::new(),
            heap,
            globals,
        })
    }

    fn run(mut self) -> Result<(), Stop> {
        self.declare_locals()?;
        self.open_function();
        while !self.reader.eof() {
            let op = self.reader.read().map_err(broken)?;
            self.translate_op(&op)?;
        }
        self.emit_trap_blocks();
        self.builder.finalize(self.env.frontend);
        Ok(())
    }

    fn declare_locals(&mut self) -> Result<(), Error> {
        let func = self.index;
        let params = self.env.module.func_type(func).params();
        let entry = self.builder.current_block().ok_or_else(|| Error::Internal("no block".to_owned()))?;
        for (position, &ty) in params.iter().enumerate() {
            let ty = clif_type(ty);
            let variable = self.builder.declare_var(ty);
            let value = match self.env.constants[func as usize][position] {
                Some(bits) if ty == types::F64 => self.builder.ins().f64const(f64::from_bits(bits)),
                Some(bits) => self.iconst(ty, bits),
                None => self.builder.block_params(entry)[position + 1],
            };
            self.builder.def_var(variable, value);
            self.locals.push((variable, ty));
        }
        let mut zeros: Vec<(Type, Value)> = Vec::new();
        let groups = self.env.module.funcs[func as usize].body.get_locals_reader().map_err(broken)?;
        for group in groups {
            let (count, ty) = group.map_err(broken)?;
            let ty = clif_type(ty);
            let zero = match zeros.iter().find(|&&(of, _)| of == ty) {
                Some(&(_, zero)) => zero,
                None => {
                    let zero = self.zero(ty);
                    zeros.push((ty, zero));
                    zero
                }
            };
            for _ in 0..count {
                let variable = self.builder.declare_var(ty);
                self.builder.def_var(variable, zero);
                self.locals.push((variable, ty));
            }
        }
        Ok(())
    }

    /// The zero of a type.
    fn zero(&mut self, ty: Type) -> Value {
        if ty == types::F64 {
            self.builder.ins().f64const(0.0)
        } else if ty == types::F32 {
            self.builder.ins().f32const(0.0)
        } else if ty.is_vector() {
            let bytes = self.builder.func.dfg.constants.insert(vec![0; 16].into());
            self.builder.ins().vconst(ty, bytes)
        } else {
            self.builder.ins().iconst(ty, 0)
        }
    }

    fn translate_op(&mut self, op: &Operator<'_>) -> Result<(), Stop> {
        if self.translate_control(op)? || !self.reachable {
            return Ok(());
        }
        if self.translate_variable(op)
            || self.translate_integer(op)?
            || self.translate_float(op)?
            || self.translate_memory(op)?
            || self.translate_vector(op)?
        {
            return Ok(());
        }
        Ok(unsupported(format!("function {} of the module has the instruction `{}`", self.index, name_of(op)))?)
    }

    /// Locals, globals, and what only moves operands. False for other instructions.
    #[expect(clippy::wildcard_enum_match_arm, reason = "one group of hundreds of instructions")]
    fn translate_variable(&mut self, op: &Operator<'_>) -> bool {
        match *op {
            Operator::LocalGet { local_index } => {
                let value = self.builder.use_var(self.locals[local_index as usize].0);
                self.push(value);
            }
            Operator::LocalSet { local_index } => {
                let value = self.pop();
                self.set_local(local_index, value);
            }
            Operator::LocalTee { local_index } => {
                let value = self.pop();
                let value = self.set_local(local_index, value);
                self.push(value);
            }
            Operator::GlobalGet { global_index } => self.get_global(global_index),
            Operator::GlobalSet { global_index } => {
                let value = self.pop();
                let offset = self.env.layout.globals[global_index as usize];
                self.builder.ins().store(self.globals, value, self.instance, offset);
            }
            Operator::Drop => {
                self.pop();
            }
            Operator::Select => {
                let condition = self.pop();
                let [if_zero, otherwise] = [self.pop(), self.pop()];
                let value = if self.builder.func.dfg.value_type(otherwise).is_vector() {
                    let [otherwise, if_zero] = [self.cast(otherwise, VECTOR), self.cast(if_zero, VECTOR)];
                    self.builder.ins().select(condition, otherwise, if_zero)
                } else {
                    self.builder.ins().select(condition, otherwise, if_zero)
                };
                self.push(value);
            }
            Operator::Nop => {}
            _ => return false,
        }
        true
    }

    fn set_local(&mut self, local: u32, value: Value) -> Value {
        let (variable, ty) = self.locals[local as usize];
        let value = self.cast(value, ty);
        self.builder.def_var(variable, value);
        value
    }

    /// A constant global is a constant.
    fn get_global(&mut self, index: u32) {
        let global = &self.env.module.globals[index as usize];
        let ty = clif_type(global.ty);
        let value = if global.mutable {
            let offset = self.env.layout.globals[index as usize];
            self.builder.ins().load(ty, self.globals, self.instance, offset)
        } else if ty == types::F64 {
            self.builder.ins().f64const(f64::from_bits(global.bits))
        } else {
            self.iconst(ty, global.bits)
        };
        self.push(value);
    }

    /// An integer constant of which the bits beyond its type do not count.
    fn iconst(&mut self, ty: Type, bits: u64) -> Value {
        let bits = if ty == types::I32 { bits & u64::from(u32::MAX) } else { bits };
        self.builder.ins().iconst(ty, bits.cast_signed())
    }

    fn push(&mut self, value: Value) {
        self.stack.push(value);
    }

    /// The topmost operand. A validated module has it.
    fn pop(&mut self) -> Value {
        self.stack.pop().expect("a validated module has the operands of its instructions")
    }

    /// The same 128 bits as another type of vector; what is no vector stays.
    fn cast(&mut self, value: Value, ty: Type) -> Value {
        let from = self.builder.func.dfg.value_type(value);
        if from == ty || !from.is_vector() {
            return value;
        }
        let flags = MemFlagsData::new().with_endianness(cranelift_codegen::ir::Endianness::Little);
        self.builder.ins().bitcast(ty, flags, value)
    }

    /// A function to call, imported once.
    fn callee(&mut self, namespace: u32, index: u32, signature: impl FnOnce() -> Signature) -> FuncRef {
        if let Some(&callee) = self.callees.get(&(namespace, index)) {
            return callee;
        }
        let signature = self.builder.import_signature(signature());
        let name = self.builder.func.declare_imported_user_function(UserExternalName { namespace, index });
        let data = ExtFuncData { name: ExternalName::user(name), signature, colocated: true, patchable: false };
        let callee = self.builder.import_function(data);
        self.callees.insert((namespace, index), callee);
        callee
    }
}
