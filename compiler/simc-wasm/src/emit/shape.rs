//! How loops go, and how they move the addresses of what is accessed inside.

use simc_ir::derive::{Origin, index_origin, operand_count};
use simc_ir::entity::{Axis, Block, Inst, Value};
use simc_ir::func::FuncData;
use simc_ir::module::Module;
use simc_ir::opcode::{Immediate, Opcode};

use super::geometry::{WORD, small};

/// How loops move an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Whether it lies after the row that is written.
    pub(crate) in_row: bool,
    /// Loops that move it, outermost first, and how many bytes each of their passes does.
    pub(crate) moves: Vec<(Block, u32)>,
}

/// In which order a loop takes its passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// From the first position to the last.
    Up,
    /// From the last position to the first.
    Down,
    /// From the first position on, two at a time.
    Pairs,
}

/// What an instruction indexes.
pub(crate) struct Access<'a> {
    pub(crate) in_row: bool,
    pub(crate) axes: &'a [Axis],
    /// Bytes of an element.
    pub(crate) bytes: u32,
    pub(crate) indices: &'a [Value],
}

impl Order {
    /// How many passes are taken at a time.
    pub(crate) fn at_once(self) -> u32 {
        match self {
            Order::Up | Order::Down => 1,
            Order::Pairs => 2,
        }
    }
}

/// What an instruction indexes, if it does.
pub(crate) fn access<'a>(module: &'a Module, func: &'a FuncData, inst: Inst) -> Option<Access<'a>> {
    let data = &func.insts[inst];
    if !data.opcode.signature().indexed {
        return None;
    }
    let (axes, bytes): (&[Axis], u32) = match data.immediate {
        Immediate::Slot(slot)
        | Immediate::Transport(slot, ..)
        | Immediate::Trace(_, slot, _)
        | Immediate::Vector(slot, ..) => (&module.slots[slot].axes, small(module.slots[slot].role.words()) * WORD),
        Immediate::Param(param) => (&module.slots[module.params[param].slot].axes, WORD),
        Immediate::Table(table) => (&module.tables[table].axes, WORD),
        Immediate::None
        | Immediate::F64(_)
        | Immediate::Bool(_)
        | Immediate::Position(..)
        | Immediate::Axis(_)
        | Immediate::Function(_)
        | Immediate::Loop(..) => return None,
    };
    // The indices of a block are those of the first axes.
    let indices = &func.args(inst)[operand_count(data.opcode, data.immediate)..];
    Some(Access { in_row: data.opcode == Opcode::Out, axes, bytes, indices })
}

/// How far each pass of a loop moves what an instruction accesses, in bytes, and the indices of the access that numbers compute.
pub(crate) fn movement(module: &Module, func: &FuncData, inst: Inst, body: Block) -> (u32, Vec<Value>) {
    let (mut bytes, mut computed) = (0, Vec::new());
    let Some(access) = access(module, func, inst) else { return (bytes, computed) };
    for (&index, stride) in access.indices.iter().zip(strides(module, access.axes, access.bytes)) {
        match index_origin(func, index) {
            Origin::Loop(by, _) if by == body => bytes += stride,
            Origin::Loop(..) | Origin::Fixed(_) => {}
            Origin::Computed => computed.push(index),
        }
    }
    (bytes, computed)
}

/// Bytes from element to element along each axis.
pub(crate) fn strides(module: &Module, axes: &[Axis], bytes: u32) -> Vec<u32> {
    let mut strides = vec![bytes; axes.len()];
    for position in (1..axes.len()).rev() {
        strides[position - 1] = strides[position] * module.axes[axes[position]].size;
    }
    strides
}
