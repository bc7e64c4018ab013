//! Which elements of a slot a writing instruction reaches.

use crate::derive::{Origin, index_origin, operand_count};
use crate::entity::{Axis, Block, Inst, Value};
use crate::func::FuncData;
use crate::module::Module;

/// The elements that one write reaches, as a product of its axes.
#[derive(Clone)]
pub(super) struct Region {
    /// Where along each axis of the slot.
    extents: Vec<Extent>,
    /// The loops that move it, each with its size.
    loops: Vec<(Block, u32)>,
    /// How far the flat position moves for a step along each axis.
    strides: Vec<u64>,
}

/// Where along an axis.
#[derive(Clone, Copy)]
enum Extent {
    /// At one position.
    At(u32),
    /// Wherever the loop is, by its place among the region's loops, and that many positions after.
    Along(usize, u32),
}

impl Region {
    /// The region of a write inside the given loops. None when one of these loops does not move it, so that it would reach
    /// the same elements in each pass.
    pub(super) fn new(module: &Module, func: &FuncData, inst: Inst, open: &[(Axis, Block)]) -> Option<Self> {
        let data = &func.insts[inst];
        let axes = &module.slots[data.immediate.as_slot()?].axes;
        let loops: Vec<_> = open.iter().map(|&(axis, block)| (block, module.axes[axis].size)).collect();
        let indices = &func.args(inst)[operand_count(data.opcode, data.immediate)..];
        let extents = indices.iter().map(|&index| extent(func, index, &loops)).collect::<Option<Vec<_>>>()?;
        let moved = |at: usize| extents.iter().any(|extent| matches!(extent, Extent::Along(by, _) if *by == at));
        let mut strides = vec![1u64; axes.len()];
        for at in (1..axes.len()).rev() {
            strides[at - 1] = strides[at].saturating_mul(u64::from(module.axes[axes[at]].size));
        }
        (0..loops.len()).all(moved).then_some(Self { extents, loops, strides })
    }

    /// How many elements it reaches.
    pub(super) fn len(&self) -> u64 {
        self.loops.iter().fold(1, |len, &(_, size)| u64::saturating_mul(len, u64::from(size)))
    }

    /// Calls `visit` with the flat position of each element, until it says false.
    pub(super) fn all(&self, mut visit: impl FnMut(u64) -> bool) -> bool {
        let mut at = vec![0u32; self.loops.len()];
        loop {
            if !visit(self.position(&at)) {
                return false;
            }
            let Some(moving) = (0..at.len()).rev().find(|&by| at[by] + 1 < self.loops[by].1) else { return true };
            at[moving] += 1;
            at[moving + 1..].fill(0);
        }
    }

    fn position(&self, at: &[u32]) -> u64 {
        let along = |extent: Extent| match extent {
            Extent::At(position) => position,
            Extent::Along(by, shift) => at[by] + shift,
        };
        self.extents.iter().zip(&self.strides).map(|(&extent, stride)| u64::from(along(extent)) * stride).sum()
    }
}

fn extent(func: &FuncData, index: Value, loops: &[(Block, u32)]) -> Option<Extent> {
    match index_origin(func, index) {
        Origin::Fixed(position) => Some(Extent::At(position)),
        Origin::Loop(body, shift) => {
            loops.iter().position(|&(open, _)| open == body).map(|by| Extent::Along(by, shift))
        }
        Origin::Computed => None,
    }
}
