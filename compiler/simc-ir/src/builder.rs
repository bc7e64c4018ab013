//! Appends instructions to a function: types and variances follow from the table.

use cranelift_entity::EntityList;
use kernel::function::Function;
use kernel::transport::Query;
use kernel::vector;

use crate::derive;
use crate::entity::{Axis, Block, Inst, Param, Slot, Table, Value};
use crate::func::{BlockData, FuncData, InstData, ValueData, ValueDef};
use crate::module::Module;
use crate::opcode::{Immediate, Opcode};
use crate::types::{Type, Variance};

/// Appends to the end of one block of one function.
pub struct Builder<'a> {
    module: &'a Module,
    func: &'a mut FuncData,
    block: Block,
}

impl<'a> Builder<'a> {
    /// Appends to the body of `func`, which belongs (or will belong) to `module`.
    pub fn new(module: &'a Module, func: &'a mut FuncData) -> Self {
        let block = func.entry;
        Self { module, func, block }
    }

    /// The function as it is.
    pub fn func(&self) -> &FuncData {
        self.func
    }

    /// Where instructions go.
    pub fn block(&self) -> Block {
        self.block
    }

    /// Goes on at the end of another block.
    pub fn switch_to(&mut self, block: Block) {
        self.block = block;
    }

    /// Appends an instruction; its result, if it has one, gets a value.
    pub fn append(&mut self, opcode: Opcode, args: &[Value], immediate: Immediate) -> (Inst, Option<Value>) {
        let inst = self.func.insts.next_key();
        let result = derive::result_type(opcode, immediate).map(|ty| {
            let variance = derive::variance(self.module, self.func, opcode, args, immediate);
            self.func.values.push(ValueData { ty, variance, def: ValueDef::Result(inst) })
        });
        let args = EntityList::from_slice(args, &mut self.func.pool);
        self.func.insts.push(InstData { opcode, args, immediate, result });
        self.func.blocks[self.block].insts.push(inst);
        (inst, result)
    }

    /// Appends an instruction that has a result.
    ///
    /// # Panics
    /// When the opcode has no result: a bug of the caller.
    pub fn value(&mut self, opcode: Opcode, args: &[Value], immediate: Immediate) -> Value {
        let (inst, result) = self.append(opcode, args, immediate);
        result.unwrap_or_else(|| panic!("{inst} ({}) has no result", opcode.name()))
    }

    /// A number.
    pub fn fconst(&mut self, value: f64) -> Value {
        self.value(Opcode::Fconst, &[], Immediate::F64(value))
    }

    /// One of the operations on values alone.
    pub fn op(&mut self, opcode: Opcode, args: &[Value]) -> Value {
        self.value(opcode, args, Immediate::None)
    }

    /// A settable constant.
    pub fn param(&mut self, param: Param, indices: &[Value]) -> Value {
        self.value(Opcode::Param, indices, Immediate::Param(param))
    }

    /// A slot's value.
    pub fn load(&mut self, slot: Slot, indices: &[Value]) -> Value {
        self.value(Opcode::Load, indices, Immediate::Slot(slot))
    }

    /// A kernel function.
    pub fn call(&mut self, function: Function, args: &[Value]) -> Value {
        self.value(Opcode::Call, args, Immediate::Function(function))
    }

    /// A table at x, with an index for each axis of the table.
    pub fn lookup(&mut self, table: Table, x: Value, indices: &[Value]) -> Value {
        let args: Vec<Value> = std::iter::once(x).chain(indices.iter().copied()).collect();
        self.value(Opcode::Lookup, &args, Immediate::Table(table))
    }

    /// `store`, `out`, `rate`, `next`, `fill` or `push`: operands, then indices.
    pub fn write(&mut self, opcode: Opcode, slot: Slot, args: &[Value]) -> Inst {
        self.append(opcode, args, Immediate::Slot(slot)).0
    }

    /// A loop over an axis with an empty body; returns the body and its index.
    pub fn for_each(&mut self, axis: Axis) -> (Block, Value) {
        self.open_loop(Opcode::For, axis)
    }

    /// A loop over an axis from its last position to the first, with an empty body; returns the body and its index.
    pub fn for_down(&mut self, axis: Axis) -> (Block, Value) {
        self.open_loop(Opcode::Down, axis)
    }

    fn open_loop(&mut self, opcode: Opcode, axis: Axis) -> (Block, Value) {
        let body = self.func.blocks.push(BlockData::default());
        let index = self.block_param(body, Type::Index(axis), Variance::Const);
        self.append(opcode, &[], Immediate::Loop(axis, body));
        (body, index)
    }

    /// A fold over an axis with an empty body; returns the body, its index, its accumulator and the result.
    pub fn fold(&mut self, axis: Axis, first: Value) -> (Block, Value, Value, Value) {
        let body = self.func.blocks.push(BlockData::default());
        let index = self.block_param(body, Type::Index(axis), Variance::Const);
        // The accumulator's variance is at least that of everything inside, which is not known yet.
        let accumulator = self.block_param(body, Type::F64, Variance::Step);
        let result = self.value(Opcode::Fold, &[first], Immediate::Loop(axis, body));
        (body, index, accumulator, result)
    }

    /// A fixed position on an axis.
    pub fn position(&mut self, axis: Axis, position: u32) -> Value {
        self.value(Opcode::Position, &[], Immediate::Position(axis, position))
    }

    /// What entered a ring first.
    pub fn oldest(&mut self, ring: Slot, indices: &[Value]) -> Value {
        self.value(Opcode::Oldest, indices, Immediate::Slot(ring))
    }

    /// What a query of a transport shows: operands, then indices.
    pub fn measure(&mut self, transport: Slot, query: Query, operands: &[Value], indices: &[Value]) -> Value {
        let (args, immediate) = transport_operands(transport, query, operands, indices);
        self.value(Opcode::Measure, &args, immediate)
    }

    /// What a transport `of` leaks into another one: operands, then indices.
    pub fn trace(&mut self, into: Slot, of: Slot, operands: &[Value], indices: &[Value]) -> Value {
        let n_args = u32::try_from(operands.len()).expect("fewer than 2^32 operands");
        self.value(Opcode::Trace, &[operands, indices].concat(), Immediate::Trace(into, of, n_args))
    }

    /// `initialise` or `advance` of a transport: operands, then indices.
    pub fn change_transport(
        &mut self,
        opcode: Opcode,
        transport: Slot,
        query: Query,
        operands: &[Value],
        indices: &[Value],
    ) -> Inst {
        let (args, immediate) = transport_operands(transport, query, operands, indices);
        self.append(opcode, &args, immediate).0
    }

    /// Computes a block of a vector function: its single numbers, then the indices that choose the block.
    pub fn arrange(&mut self, slot: Slot, function: vector::Function, numbers: &[Value], indices: &[Value]) -> Inst {
        let n_indices = u32::try_from(indices.len()).expect("a slot has few axes");
        let immediate = Immediate::Vector(slot, function, n_indices);
        self.append(Opcode::Arrange, &[numbers, indices].concat(), immediate).0
    }

    /// Adds a parameter to a loop's body.
    pub fn block_param(&mut self, block: Block, ty: Type, variance: Variance) -> Value {
        let position = u32::try_from(self.func.blocks[block].params.len()).expect("a body has at most two parameters");
        let value = self.func.values.push(ValueData { ty, variance, def: ValueDef::Param(block, position) });
        self.func.blocks[block].params.push(value);
        value
    }
}

/// All operands of an instruction on a transport, and its immediate.
fn transport_operands(transport: Slot, query: Query, operands: &[Value], indices: &[Value]) -> (Vec<Value>, Immediate) {
    let n_args = u32::try_from(operands.len()).expect("fewer than 2^32 operands");
    ([operands, indices].concat(), Immediate::Transport(transport, query, n_args))
}
