//! What a stage of a Runge-Kutta method does to one level, given its slope: the formulas of the methods, once, for levels in
//! locals and in memory.
//!
//! With `b` the level at the beginning of the step and `k1`, `k2`, ... the slopes:
//!
//! ```text
//! first         b = level; sum = k1; level = b + (c*dt)*k1
//! middle        sum = sum + 2*k;     level = b + (c*dt)*k
//! last          level = b + (dt*(sum + k))/d
//! alone         level = b + dt*k
//! ```
//!
//! Heun's method is first (c = 1), last (d = 2); the classic one is first (c = 1/2), middle (c = 1/2), middle (c = 1), last (d = 6); the
//! midpoint method is first (c = 1/2), alone.

use simc_ir::module::{Method, Module, TimeSpec};
use simc_midend::layout::Layout;
use wasm_encoder::{BlockType, Instruction};

use super::code::{Code, Local, Ty};
use super::geometry::{Geometry, WORD, address, len};
use super::number_place::NumberPlace;

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
    /// Closes a step of this length along this slope alone.
    Alone(f64),
}

/// Where a level in a local keeps what a step remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StageLocals {
    /// The level at the beginning of the step.
    pub(crate) base: Local,
    /// Weighted sum of the slopes so far.
    pub(crate) sum: Local,
}

/// On how many levels a stage is performed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// On one.
    One,
    /// On two that lie side by side.
    Two,
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
        Method::Midpoint => vec![stage(0.0, Action::First(half)), stage(half, Action::Alone(dt))],
    }
}

/// Performs a stage on one level whose slope is in a local, or on two at once.
pub(crate) fn emit_stage(
    code: &mut Code,
    width: Width,
    action: Action,
    [level, base, sum]: [NumberPlace; 3],
    slope: Local,
) {
    match action {
        Action::First(step) => {
            copy(code, base, |code| level.get(code));
            copy(code, sum, |code| _ = code.get(slope));
            copy(code, level, |code| moved(code, width, level, step, slope));
        }
        Action::Middle(step) => {
            copy(code, sum, |code| {
                sum.get(code);
                width.number(code, 2.0).get(slope).push(width.mul()).push(width.add());
            });
            copy(code, level, |code| moved(code, width, base, step, slope));
        }
        Action::Alone(step) => copy(code, level, |code| moved(code, width, base, step, slope)),
        Action::Last { dt, divisor } => copy(code, level, |code| {
            base.get(code);
            width.number(code, dt);
            sum.get(code);
            code.get(slope).push(width.add()).push(width.mul());
            width.number(code, divisor).push(width.div()).push(width.add());
        }),
    }
}

/// Pushes `from + step*slope`.
fn moved(code: &mut Code, width: Width, from: NumberPlace, step: f64, slope: Local) {
    from.get(code);
    width.number(code, step).get(slope).push(width.mul()).push(width.add());
}

fn copy(code: &mut Code, target: NumberPlace, value: impl FnOnce(&mut Code)) {
    target.prepare_set(code);
    value(code);
    target.set(code);
}

/// The levels that `wanted` picks, as ranges that are as long as possible.
pub(crate) fn level_ranges(
    module: &Module,
    layout: &Layout,
    wanted: impl Fn(simc_ir::entity::Slot) -> bool,
) -> Vec<LevelRange> {
    let mut ranges: Vec<LevelRange> = Vec::new();
    let mut position = 0;
    for slot in module.slots.keys().filter(|&slot| module.slots[slot].role.is_level()) {
        let (offset, len) = (address(layout, slot), len(module, slot));
        if wanted(slot) {
            match ranges.last_mut() {
                Some(last) if last.offset + last.len * WORD == offset && last.first + last.len == position => {
                    last.len += len
                }
                _ => ranges.push(LevelRange { offset, first: position, len }),
            }
        }
        position += len;
    }
    ranges
}

/// Performs a stage on levels in memory, whose slopes `rate` has kept, with SIMD on two at once.
pub(crate) fn emit_stage_in_memory(
    code: &mut Code,
    geometry: &Geometry,
    ranges: &[LevelRange],
    action: Action,
    simd: bool,
) {
    for range in ranges {
        let index = code.local(Ty::I32);
        code.i32(0).set(index);
        let at_once = if simd && range.len > 1 { Width::Two } else { Width::One };
        let in_loop = range.len - range.len % at_once.numbers();
        code.push(Instruction::Loop(BlockType::Empty));
        emit_stage_at(code, geometry, range, at_once, index, action);
        code.get(index).u32(at_once.numbers() * WORD).push(Instruction::I32Add).tee(index).u32(in_loop * WORD);
        code.push(Instruction::I32LtU).push(Instruction::BrIf(0)).push(Instruction::End);
        if in_loop < range.len {
            emit_stage_at(code, geometry, range, Width::One, index, action);
        }
        code.release(index);
    }
}

/// Performs a stage on the level, or the two, that lie that many bytes after a range's first one.
fn emit_stage_at(code: &mut Code, geometry: &Geometry, range: &LevelRange, width: Width, index: Local, action: Action) {
    let scratch = |array: u32| geometry.stages + (array * geometry.n_levels + range.first) * WORD;
    let place = |offset| width.place(index, offset);
    let slope = code.local(width.ty());
    place(scratch(0)).get(code);
    code.set(slope);
    emit_stage(code, width, action, [range.offset, scratch(1), scratch(2)].map(place), slope);
    code.release(slope);
}

impl Width {
    fn numbers(self) -> u32 {
        match self {
            Width::One => 1,
            Width::Two => 2,
        }
    }

    fn ty(self) -> Ty {
        match self {
            Width::One => Ty::F64,
            Width::Two => Ty::V128,
        }
    }

    fn place(self, address: Local, offset: u32) -> NumberPlace {
        match self {
            Width::One => NumberPlace::Memory(Some(address), offset),
            Width::Two => NumberPlace::Pair(address, offset),
        }
    }

    fn number(self, code: &mut Code, value: f64) -> &mut Code {
        match self {
            Width::One => code.f64(value),
            Width::Two => code.pair(value),
        }
    }

    fn add(self) -> Instruction<'static> {
        match self {
            Width::One => Instruction::F64Add,
            Width::Two => Instruction::F64x2Add,
        }
    }

    fn mul(self) -> Instruction<'static> {
        match self {
            Width::One => Instruction::F64Mul,
            Width::Two => Instruction::F64x2Mul,
        }
    }

    fn div(self) -> Instruction<'static> {
        match self {
            Width::One => Instruction::F64Div,
            Width::Two => Instruction::F64x2Div,
        }
    }
}

/// Address of the slope of a level, whose elements' slopes lie side by side.
pub(crate) fn slope_address(geometry: &Geometry, position: u32) -> u32 {
    geometry.stages + position * WORD
}

#[cfg(test)]
mod tests;
