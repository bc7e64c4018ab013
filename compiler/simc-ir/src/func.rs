//! A function: blocks of instructions in SSA form.

use cranelift_entity::{EntityList, ListPool, PrimaryMap};

use crate::entity::{Block, Inst, Value};
use crate::opcode::{Immediate, Opcode};
use crate::role::FuncRole;
use crate::types::{Type, Variance};

pub mod walk;

/// Loops nest at most this deep, in text and in every valid function, so that whoever follows the nesting may recurse.
pub const MAX_NESTING: usize = 64;

/// A function. Its body is a tree of blocks: the entry, and a block for each `for` and `fold`.
#[derive(Clone, Debug)]
pub struct FuncData {
    /// What it is for.
    pub role: FuncRole,
    /// The body.
    pub entry: Block,
    /// All blocks.
    pub blocks: PrimaryMap<Block, BlockData>,
    /// All instructions, those that no block lists any more included.
    pub insts: PrimaryMap<Inst, InstData>,
    /// All values.
    pub values: PrimaryMap<Value, ValueData>,
    /// Memory of the operand lists.
    pub pool: ListPool<Value>,
}

/// A sequence of instructions. A value is visible from its definition to the end of its block and in every block inside.
#[derive(Clone, Debug, Default)]
pub struct BlockData {
    /// The loop index, and in a `fold` the accumulator; none in a function's body.
    pub params: Vec<Value>,
    /// In order.
    pub insts: Vec<Inst>,
}

/// An instruction.
#[derive(Clone, Debug)]
pub struct InstData {
    /// What it does.
    pub opcode: Opcode,
    /// Operands, then indices.
    pub args: EntityList<Value>,
    /// What else it needs.
    pub immediate: Immediate,
    /// Its result, if it has one.
    pub result: Option<Value>,
}

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueData {
    /// Its type.
    pub ty: Type,
    /// How often it can change: see [`crate::derive::variance`]. A loop's index counts as `Const` although it differs from pass to
    /// pass, since what is hoisted out of a step is a whole loop; an accumulator counts as `Step`.
    pub variance: Variance,
    /// Who makes it.
    pub def: ValueDef,
}

/// Who makes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueDef {
    /// An instruction.
    Result(Inst),
    /// The n-th parameter of a loop's body.
    Param(Block, u32),
}

impl FuncData {
    /// An empty function.
    pub fn new(role: FuncRole) -> Self {
        let mut blocks = PrimaryMap::new();
        let entry = blocks.push(BlockData::default());
        Self { role, entry, blocks, insts: PrimaryMap::new(), values: PrimaryMap::new(), pool: ListPool::new() }
    }

    /// Operands and indices of an instruction.
    pub fn args(&self, inst: Inst) -> &[Value] {
        self.insts[inst].args.as_slice(&self.pool)
    }

    /// The operands and indices, to be replaced in place.
    pub fn args_mut(&mut self, inst: Inst) -> &mut [Value] {
        self.insts[inst].args.as_mut_slice(&mut self.pool)
    }

    /// The instruction that makes a value, unless it is a loop parameter.
    pub fn def_inst(&self, value: Value) -> Option<Inst> {
        match self.values[value].def {
            ValueDef::Result(inst) => Some(inst),
            ValueDef::Param(..) => None,
        }
    }

    /// The block inside a `for` or `fold`.
    pub fn body(&self, inst: Inst) -> Option<Block> {
        self.insts[inst].immediate.as_loop().map(|(_, body)| body)
    }
}
