//! Making NaN canonical before a host can see it.
//!
//! Rows and the live chunk are written raw, then looked over: in the plain form always, in the inlined form, after the loop, only
//! when a sum of all that was written says that it may be necessary. NaN makes a sum NaN, so no NaN is overlooked; infinities of
//! both signs do so too, which costs time but changes nothing.

use cranelift_entity::SecondaryMap;
use simc_ir::entity::{Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::{Module, SlotRole, TableKind};
use simc_ir::opcode::{Immediate, Opcode};
use wasm_encoder::{BlockType, Instruction};

use super::code::{Code, Local, Ty};
use super::geometry::WORD;

/// Sums are kept apart so that one addition need not wait for the other.
const MAX_SUMS: usize = 4;

/// Sums of what one evaluation writes into its row.
#[derive(Debug)]
pub(crate) struct NanCheck {
    sums: Vec<Local>,
    /// How many of the sums hold something already.
    started: usize,
    /// The next one to add to.
    next: usize,
    /// The sum of vectors, in a loop that writes some.
    packed: Option<Local>,
}

impl NanCheck {
    /// For about that many numbers.
    pub(crate) fn new(code: &mut Code, n_numbers: usize) -> Self {
        let sums = (0..n_numbers.clamp(1, MAX_SUMS)).map(|_| code.local(Ty::F64)).collect();
        Self { sums, started: 0, next: 0, packed: None }
    }

    /// Adds a number.
    pub(crate) fn add(&mut self, code: &mut Code, number: Local) {
        let sum = self.sums[self.next];
        if self.next < self.started {
            code.get(sum).get(number).push(Instruction::F64Add).set(sum);
        } else {
            code.get(number).set(sum);
            self.started += 1;
        }
        self.next = (self.next + 1) % self.sums.len();
    }

    /// Makes every sum hold something: inside a loop the first addition is not the first in time.
    pub(crate) fn enter_loop(&mut self, code: &mut Code) {
        for &sum in &self.sums[self.started..] {
            code.f64(0.0).set(sum);
        }
        self.started = self.sums.len();
    }

    /// Makes a sum of vectors, in front of a loop that writes some.
    pub(crate) fn enter_simd(&mut self, code: &mut Code) {
        let sum = code.local(Ty::V128);
        code.pair(0.0).set(sum);
        self.packed = Some(sum);
    }

    /// Adds a vector.
    pub(crate) fn add_simd(&mut self, code: &mut Code, numbers: Local) {
        if let Some(sum) = self.packed {
            code.get(sum).get(numbers).push(Instruction::F64x2Add).set(sum);
        }
    }

    /// Adds the sum of vectors to the others, after the loop.
    pub(crate) fn leave_simd(&mut self, code: &mut Code) {
        if let Some(packed) = self.packed.take() {
            let sum = self.sums[0];
            code.get(sum).get(packed).half(0).get(packed).half(1).push(Instruction::F64Add);
            code.push(Instruction::F64Add).set(sum);
            code.release(packed);
        }
    }

    /// Pushes whether a NaN may have been written, if any number was added.
    pub(crate) fn finish(&mut self, code: &mut Code) -> bool {
        let started = self.started;
        self.started = 0;
        self.next = 0;
        let Some((&first, rest)) = self.sums[..started].split_first() else { return false };
        code.get(first);
        for &sum in rest {
            code.get(sum).push(Instruction::F64Add);
        }
        code.tee(first).get(first).push(Instruction::F64Ne);
        true
    }
}

/// Numbers that are looked at together.
const GROUP: u32 = 8;

/// From that many numbers on, groups are worth their code.
const MIN_GROUPED: u32 = 64;

/// `canonicalise(address, end)`: every NaN from `address` to before `end` becomes the canonical one. A group whose sum is a number
/// holds no NaN. Where a row has few numbers, `n_numbers`, they are looked at one by one.
pub(crate) fn canonicalise(n_numbers: u32, simd: bool) -> Code {
    let (mut code, [address, end]) = Code::new([Ty::I32, Ty::I32]);
    if n_numbers < MIN_GROUPED {
        emit_one_by_one(&mut code, address, end);
        return code;
    }
    let (sum, limit) = (code.local(if simd { Ty::V128 } else { Ty::F64 }), code.local(Ty::I32));
    code.push(Instruction::Block(BlockType::Empty)).push(Instruction::Loop(BlockType::Empty));
    code.get(end)
        .get(address)
        .push(Instruction::I32Sub)
        .u32(GROUP * WORD)
        .push(Instruction::I32LtU)
        .push(Instruction::BrIf(1));
    if simd {
        for pair in 0..GROUP / 2 {
            code.get(address).load_pair(2 * pair * WORD);
        }
        for _ in 1..GROUP / 2 {
            code.push(Instruction::F64x2Add);
        }
        code.tee(sum).get(sum).push(Instruction::F64x2Ne).push(Instruction::V128AnyTrue);
    } else {
        for pair in 0..GROUP / 2 {
            code.get(address).load(2 * pair * WORD).get(address).load((2 * pair + 1) * WORD).push(Instruction::F64Add);
        }
        for _ in 1..GROUP / 2 {
            code.push(Instruction::F64Add);
        }
        code.tee(sum).get(sum).push(Instruction::F64Ne);
    }
    code.push(Instruction::If(BlockType::Empty));
    code.get(address).u32(GROUP * WORD).push(Instruction::I32Add).set(limit);
    emit_one_by_one(&mut code, address, limit);
    code.push(Instruction::Else)
        .get(address)
        .u32(GROUP * WORD)
        .push(Instruction::I32Add)
        .set(address)
        .push(Instruction::End);
    code.push(Instruction::Br(0)).push(Instruction::End).push(Instruction::End);
    emit_one_by_one(&mut code, address, end);
    code
}

/// Makes each NaN from `address` to before `end` canonical.
fn emit_one_by_one(code: &mut Code, address: Local, end: Local) {
    let value = code.local(Ty::F64);
    code.push(Instruction::Block(BlockType::Empty)).push(Instruction::Loop(BlockType::Empty));
    // An end at 4 GiB is 0: addresses are compared for equality alone.
    code.get(address).get(end).push(Instruction::I32Eq).push(Instruction::BrIf(1));
    code.get(address).load(0).tee(value).get(value).push(Instruction::F64Ne).push(Instruction::If(BlockType::Empty));
    code.get(address).f64(canonical_nan()).store(0).push(Instruction::End);
    code.get(address).u32(WORD).push(Instruction::I32Add).set(address);
    code.push(Instruction::Br(0)).push(Instruction::End).push(Instruction::End);
    code.release(value);
}

/// Replaces the number on the stack by the canonical NaN if it is one.
pub(crate) fn emit_canonical(code: &mut Code, number: Local) {
    code.set(number).get(number).f64(canonical_nan()).get(number).get(number);
    code.push(Instruction::F64Eq).push(Instruction::Select);
}

/// The one NaN that hosts see.
pub(crate) fn canonical_nan() -> f64 {
    // To a compiler one NaN is as good as another: it must not see which one this is.
    f64::from_bits(std::hint::black_box(kernel::abi::CANONICAL_NAN))
}

/// The number as a host may see it.
pub(crate) fn canonical(number: f64) -> f64 {
    if number.is_nan() { canonical_nan() } else { number }
}

/// What is known of a value as far as NaN goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Nature {
    /// Nothing.
    #[default]
    Any,
    /// If it is NaN, it is the canonical one.
    Canonical,
    /// It is not NaN.
    Number,
}

/// The values that may be written into a row as they are: they are not NaN, or the canonical one.
pub(crate) fn is_nan_free(module: &Module, func: &FuncData) -> SecondaryMap<Value, bool> {
    let mut natures: SecondaryMap<Value, Nature> = SecondaryMap::new();
    let mut is_nan_free = SecondaryMap::new();
    for inst in func.listed_insts() {
        let data = &func.insts[inst];
        let Some(result) = data.result else { continue };
        let args: Vec<Nature> = func.args(inst).iter().map(|&arg| natures[arg]).collect();
        natures[result] = nature(module, data.opcode, data.immediate, &args);
        is_nan_free[result] = natures[result] != Nature::Any;
    }
    is_nan_free
}

fn nature(module: &Module, opcode: Opcode, immediate: Immediate, args: &[Nature]) -> Nature {
    use Opcode as O;
    let are_numbers = || args.iter().all(|&arg| arg == Nature::Number);
    match (opcode, immediate) {
        (O::Fconst, Immediate::F64(value)) if !value.is_nan() => Nature::Number,
        (O::Fconst, Immediate::F64(value)) if value.to_bits() == kernel::abi::CANONICAL_NAN => Nature::Canonical,
        (O::Ordinal | O::Btof | O::Time | O::StepTime | O::StepIndex, _) => Nature::Number,
        (O::Param, _) => Nature::Canonical,
        (O::Load, Immediate::Slot(slot)) => slot_nature(module, slot),
        (O::Fneg | O::Fabs | O::Ffloor | O::Fmin | O::Fmax, _) if are_numbers() => Nature::Number,
        (O::Select, _) => match (args[1], args[2]) {
            (Nature::Any, _) | (_, Nature::Any) => Nature::Any,
            (Nature::Number, Nature::Number) => Nature::Number,
            (Nature::Canonical | Nature::Number, Nature::Canonical | Nature::Number) => Nature::Canonical,
        },
        (O::Lookup, Immediate::Table(table)) => {
            let table = &module.tables[table];
            if !table.is_settable() && table.curves.iter().all(|curve| is_tame(table.kind, &curve.xs, &curve.ys)) {
                Nature::Canonical
            } else {
                Nature::Any
            }
        }
        _ => Nature::Any,
    }
}

fn slot_nature(module: &Module, slot: Slot) -> Nature {
    match module.slots[slot].role {
        SlotRole::Time | SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => Nature::Number,
        SlotRole::Run => Nature::Canonical,
        SlotRole::Stock
        | SlotRole::Output
        | SlotRole::Level
        | SlotRole::Held
        | SlotRole::Pending
        | SlotRole::Hoisted
        | SlotRole::Watched
        | SlotRole::Spill
        | SlotRole::Carry
        | SlotRole::Ring { .. }
        | SlotRole::Transport { .. } => Nature::Any,
    }
}

/// Whether a table gives NaN at NaN alone, and there the canonical one: its points and slopes are finite and it does not go on
/// to infinity.
fn is_tame(kind: TableKind, xs: &[f64], ys: &[f64]) -> bool {
    let is_flat = |i: usize| xs[i] >= xs[i + 1];
    let is_finite =
        |i: usize| ((ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])).is_finite() && (xs[i + 1] - xs[i]).is_finite();
    let points = !xs.is_empty() && xs.len() == ys.len() && xs.iter().chain(ys).all(|number| number.is_finite());
    match kind {
        TableKind::Extrapolate => false,
        TableKind::Discrete => points,
        TableKind::Continuous => points && (1..xs.len()).all(|i| is_flat(i - 1) || is_finite(i - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_finite_points_and_slopes_gives_no_nan_of_its_own() {
        let is = |kind: TableKind, points: &[(f64, f64)]| {
            let (xs, ys): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
            is_tame(kind, &xs, &ys)
        };
        let (continuous, discrete) = (TableKind::Continuous, TableKind::Discrete);
        let line = [(0.0, 1.0), (1.0, 2.0), (3.0, -1.0)];
        assert!(is(continuous, &line) && is(discrete, &line));
        assert!(!is(TableKind::Extrapolate, &line));
        assert!(is(continuous, &[(0.0, 1.0)]) && is(discrete, &[(0.0, 1.0)]));
        assert!(!is(continuous, &[]) && !is(discrete, &[]));
        assert!(!is_tame(discrete, &[0.0, 1.0], &[1.0]));
        for kind in [continuous, discrete] {
            assert!(!is(kind, &[(0.0, 1.0), (1.0, f64::NAN)]));
            assert!(!is(kind, &[(0.0, 1.0), (f64::INFINITY, 1.0)]));
        }
        // Slopes or widths beyond all numbers, at either end; a jump has none, and steps need none.
        let steep = [(0.0, 0.0), (1e-300, 1e300), (1.0, 1e300)];
        let steep_behind = [(0.0, 0.0), (1.0, 0.0), (1.0 + f64::EPSILON, f64::MAX)];
        let wide = [(-1.7e308, 0.0), (1.7e308, 0.0)];
        for points in [&steep[..], &steep_behind, &wide] {
            assert!(!is(continuous, points) && is(discrete, points), "{points:?}");
        }
        assert!(is(continuous, &[(0.0, 0.0), (1.0, 1.0), (1.0, 5.0), (2.0, 5.0)]));
    }
}
