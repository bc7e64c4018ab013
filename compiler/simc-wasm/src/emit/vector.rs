//! Which loops take two passes at once, and what each value inside then is.
//!
//! All loops of the IR make a fixed number of passes, so that two neighbouring passes of one never part: each instruction inside, inner
//! loops included, is carried out for both before the next one begins. Where its operands are pairs, an instruction of `f64x2` does it
//! at once; where there is none, it is emitted twice. That keeps every bit: each number of the result comes from the same operations in
//! the same order, those of a sum along the loop included, which are emitted twice. Only the least and greatest of all elements are found
//! for even and odd passes apart.

use std::collections::BTreeMap;

use cranelift_entity::SecondaryMap;
use simc_ir::entity::{Block, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::opcode::{Immediate, Opcode};

use self::candidate::Candidate;
use self::examiner::Examiner;
use super::Cx;
use super::placement::Placements;

mod candidate;
mod cost;
mod examiner;
mod reductions;

/// Axes of fewer elements have no two passes.
const MIN_SIZE: u32 = 2;

/// How many passes a loop within a loop counts as, when savings are compared.
const PASSES: i64 = 8;

/// Estimated bytes of code up to which a function may grow: what engines ask for, less what the estimates do not see.
const MAX_BYTES: u32 = 7_000;

/// What a value is for two passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lanes {
    /// The same in both.
    #[default]
    Uniform,
    /// Two scalars, one for each.
    Split,
    /// A vector of both.
    Simd,
}

/// A loop that takes two passes at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct VectorLoop {
    /// Numbers that it hands on whose least or greatest it finds, even and odd passes apart.
    pub(crate) reduced: Vec<(Slot, Opcode)>,
    /// How its accumulator is found likewise, if it is.
    pub(crate) accumulator: Option<Opcode>,
    /// Numbers that loops inside hand on within a pass, and that are not the same in both.
    pub(crate) private: Vec<(Slot, Lanes)>,
    /// Whether vectors are written into the row.
    pub(crate) has_simd_out: bool,
}

/// The decisions for one function. They say something of values and instructions inside of the chosen loops alone.
#[derive(Debug, Default)]
pub(crate) struct Vectors {
    /// By the body of the loop.
    pub(crate) loops: BTreeMap<Block, VectorLoop>,
    /// What values are.
    pub(crate) lanes: SecondaryMap<Value, Lanes>,
    /// How instructions without a result are emitted.
    pub(crate) effects: SecondaryMap<Inst, Lanes>,
}

/// Decides for a function whose values have their placements; some get another one.
pub(crate) fn vectorise(cx: &Cx<'_>, func: &FuncData, plan: &mut Placements) -> Vectors {
    let mut vectors = Vectors::default();
    if cx.module.axes.is_empty() {
        return vectors;
    }
    let examiner = Examiner::new(cx, func, plan);
    let mut chosen = Vec::new();
    choose(&examiner, func.entry, &mut chosen);
    let own = func.listed_insts().map(|inst| cost::code_bytes(cx, func, inst)).fold(0, u32::saturating_add);
    let mut room = MAX_BYTES.saturating_sub(own);
    for candidate in chosen {
        let Some(left) = room.checked_sub(candidate.bytes) else { continue };
        room = left;
        candidate.enter(&mut vectors, plan);
    }
    vectors
}

/// Chooses among the loops of a block and those inside them; gives what that saves in a pass of the block.
fn choose(examiner: &Examiner<'_>, block: Block, chosen: &mut Vec<Candidate>) -> i64 {
    let mut saving = 0_i64;
    for &inst in &examiner.func.blocks[block].insts {
        let Immediate::Loop(axis, body) = examiner.func.insts[inst].immediate else { continue };
        let before = chosen.len();
        let inside = choose(examiner, body, chosen).saturating_mul(PASSES);
        let is_long = examiner.cx.module.axes[axis].size >= MIN_SIZE;
        let ascends = examiner.func.insts[inst].opcode != Opcode::Down;
        let whole = if is_long && ascends { examiner.examine(body) } else { None };
        match whole.filter(|whole| whole.saving > inside) {
            Some(whole) => {
                saving = saving.saturating_add(whole.saving);
                chosen.truncate(before);
                chosen.push(whole);
            }
            None => saving = saving.saturating_add(inside),
        }
    }
    saving
}
