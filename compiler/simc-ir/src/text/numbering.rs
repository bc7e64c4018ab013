//! The numbers that values and blocks have in text.

use std::fmt;

use cranelift_entity::SecondaryMap;

use crate::entity::{Block, Inst, Value};
use crate::func::FuncData;
use crate::func::walk::Step;

/// Numbers values and blocks in the order in which the text defines them. A body's parameters come before the result of its `fold`.
pub struct Numbering {
    values: SecondaryMap<Value, Option<u32>>,
    blocks: SecondaryMap<Block, Option<u32>>,
    n_values: u32,
    n_blocks: u32,
}

/// How an entity prints: its number after its prefix, or that nothing defines it.
pub(crate) enum Printed<T> {
    Numbered(&'static str, u32),
    Undefined(T),
}

impl Numbering {
    /// The numbering of a function, valid or not.
    pub fn new(func: &FuncData) -> Self {
        let values = SecondaryMap::with_capacity(func.values.len());
        let blocks = SecondaryMap::with_capacity(func.blocks.len());
        let mut numbering = Self { values, blocks, n_values: 0, n_blocks: 0 };
        numbering.add_block(func, func.entry);
        for step in func.walk() {
            match step {
                Step::Inst(inst) => numbering.add_result(func, inst),
                Step::Enter(inst, body) => {
                    numbering.add_block(func, body);
                    numbering.add_result(func, inst);
                }
                Step::Leave(..) => {}
            }
        }
        numbering
    }

    /// The number of a value; none when nothing that runs defines it.
    pub fn value(&self, value: Value) -> Option<u32> {
        self.values[value]
    }

    /// The number of a block; none when it is not part of the function's tree.
    pub fn block(&self, block: Block) -> Option<u32> {
        self.blocks[block]
    }

    pub(crate) fn print_value(&self, value: Value) -> Printed<Value> {
        self.value(value).map_or(Printed::Undefined(value), |number| Printed::Numbered("v", number))
    }

    pub(crate) fn print_block(&self, block: Block) -> Printed<Block> {
        self.block(block).map_or(Printed::Undefined(block), |number| Printed::Numbered("block", number))
    }

    fn add_block(&mut self, func: &FuncData, block: Block) {
        if self.blocks[block].is_none() && func.blocks.is_valid(block) {
            self.blocks[block] = Some(self.n_blocks);
            self.n_blocks += 1;
            for &param in &func.blocks[block].params {
                self.add_value(func, param);
            }
        }
    }

    fn add_result(&mut self, func: &FuncData, inst: Inst) {
        if let Some(result) = func.insts.get(inst).and_then(|data| data.result) {
            self.add_value(func, result);
        }
    }

    fn add_value(&mut self, func: &FuncData, value: Value) {
        if func.values.is_valid(value) && self.values[value].is_none() {
            self.values[value] = Some(self.n_values);
            self.n_values += 1;
        }
    }
}

impl<T: fmt::Display> fmt::Display for Printed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Printed::Numbered(prefix, number) => write!(f, "{prefix}{number}"),
            Printed::Undefined(entity) => write!(f, "undefined({entity})"),
        }
    }
}
