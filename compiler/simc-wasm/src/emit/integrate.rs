//! What a stage of a Runge-Kutta method does to one level, given its slope: the formulas of the methods, once, for levels in
//! locals and in memory.
//!
//! With `b` the level at the beginning of the step and `k1`, `k2`, ... the slopes:
//!
//! ```text
//! first         b = level; sum = k1; level = b + (c*dt)*k1
//! middle        sum = sum + 2*k;     level = b + (c*dt)*k
//! last          level = b + (dt*(sum + k))/d
//! ```
//!
//! Heun's method is first (c = 1), last (d = 2); the classic one is first (c = 1/2), middle (c = 1/2), middle (c = 1), last (d = 6).

use simc_ir::module::{Method, Module, TimeSpec};
use simc_midend::layout::Layout;
use wasm_encoder::{BlockType, Instruction};

use super::code::{Code, Local, Ty};
use super::env::Place;
use super::geometry::{Geometry, WORD, address, len};

/// One stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stage {
    /// How far the level moves along the slope, or the last stage's divisor and dt.
    pub(crate) action: Action,
    /// The stage's time, measured from that of the step.
    pub(crate) offset: f64,
}

/// What a stage does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Action {
    /// Opens the step: the level moves by this times the slope.
    First(f64),
    /// The slope counts twice: the level moves from the base by this times the slope.
    Middle(f64),
    /// Closes the step.
    Last {
        /// The step.
        dt: f64,
        /// Sum of the slopes' weights.
        divisor: f64,
    },
}

/// Where a level in a local keeps what a step remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StageLocals {
    /// The level at the beginning of the step.
    pub(crate) base: Local,
    /// Weighted sum of the slopes so far.
    pub(crate) sum: Local,
}

/// Levels that lie side by side in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LevelRange {
    /// Address of the first.
    offset: u32,
    /// Its position among all levels.
    first: u32,
    /// How many.
    len: u32,
}

/// The stages of a method in order; none for Euler's, which needs no memory.
pub(crate) fn stages(time: &TimeSpec) -> Vec<Stage> {
    let (dt, half) = (time.dt, time.dt / 2.0);
    let stage = |offset, action| Stage { action, offset };
    match time.method {
        Method::Euler => vec![],
        Method::Rk2 => vec![stage(0.0, Action::First(dt)), stage(dt, Action::Last { dt, divisor: 2.0 })],
        Method::Rk4 => vec![
            stage(0.0, Action::First(half)),
            stage(half, Action::Middle(half)),
            stage(half, Action::Middle(dt)),
            stage(dt, Action::Last { dt, divisor: 6.0 }),
        ],
    }
}

/// Performs a stage on one level whose slope is in a local.
pub(crate) fn emit_stage(code: &mut Code, action: Action, level: Place, base: Place, sum: Place, slope: Local) {
    match action {
        Action::First(step) => {
            copy(code, base, |code| level.get(code));
            copy(code, sum, |code| _ = code.get(slope));
            copy(code, level, |code| moved(code, level, step, slope));
        }
        Action::Middle(step) => {
            copy(code, sum, |code| {
                sum.get(code);
                code.f64(2.0).get(slope).push(Instruction::F64Mul).push(Instruction::F64Add);
            });
            copy(code, level, |code| moved(code, base, step, slope));
        }
        Action::Last { dt, divisor } => copy(code, level, |code| {
            base.get(code);
            code.f64(dt);
            sum.get(code);
            code.get(slope).push(Instruction::F64Add).push(Instruction::F64Mul);
            code.f64(divisor).push(Instruction::F64Div).push(Instruction::F64Add);
        }),
    }
}

/// Pushes `from + step*slope`.
fn moved(code: &mut Code, from: Place, step: f64, slope: Local) {
    from.get(code);
    code.f64(step).get(slope).push(Instruction::F64Mul).push(Instruction::F64Add);
}

fn copy(code: &mut Code, target: Place, value: impl FnOnce(&mut Code)) {
    target.prepare_set(code);
    value(code);
    target.set(code);
}

/// The levels that `wanted` picks, as ranges that are as long as possible.
pub(crate) fn level_ranges(module: &Module, layout: &Layout, wanted: impl Fn(simc_ir::entity::Slot) -> bool) -> Vec<LevelRange> {
    let mut ranges: Vec<LevelRange> = Vec::new();
    let mut position = 0;
    for slot in module.slots.keys().filter(|&slot| module.slots[slot].role.is_level()) {
        let (offset, len) = (address(layout, slot), len(module, slot));
        if wanted(slot) {
            match ranges.last_mut() {
                Some(last) if last.offset + last.len * WORD == offset && last.first + last.len == position => last.len += len,
                _ => ranges.push(LevelRange { offset, first: position, len }),
            }
        }
        position += len;
    }
    ranges
}

/// Performs a stage on levels in memory, whose slopes `rate` has kept.
pub(crate) fn emit_stage_in_memory(code: &mut Code, geometry: &Geometry, ranges: &[LevelRange], action: Action) {
    for range in ranges {
        let index = code.local(Ty::I32);
        let slope = code.local(Ty::F64);
        let scratch = |array: u32| geometry.stages + (array * geometry.n_levels + range.first) * WORD;
        let place = |offset| Place::Memory(Some(index), offset);
        code.i32(0).set(index).push(Instruction::Loop(BlockType::Empty));
        code.get(index).load(scratch(0)).set(slope);
        emit_stage(code, action, place(range.offset), place(scratch(1)), place(scratch(2)), slope);
        code.get(index).u32(WORD).push(Instruction::I32Add).tee(index).u32(range.len * WORD);
        code.push(Instruction::I32LtU).push(Instruction::BrIf(0)).push(Instruction::End);
        code.release(slope);
        code.release(index);
    }
}

/// Address of the slope of a level, whose elements' slopes lie side by side.
pub(crate) fn slope_address(geometry: &Geometry, position: u32) -> u32 {
    geometry.stages + position * WORD
}
