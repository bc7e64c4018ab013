//! Making NaN canonical before a host can see it.
//!
//! Rows are written raw, and those that a call of `advance` has written are looked over before it returns, if they may hold a NaN. What
//! says so:
//!
//! - A level that is NaN stays NaN, whatever its rates are, and a NaN that reaches a rate makes the level NaN. So the levels that
//!   are left in the end tell of all that flows into them.
//! - What does not is [looked at](looks): sums are formed of the numbers, and NaN makes a sum NaN. Infinities of both signs do so too,
//!   which costs time but changes nothing.
//!
//! After the evaluation of the last row, or of the live chunk at rest, no step is taken that would change a level: these are always
//! looked over.

use wasm_encoder::{BlockType, Instruction};

use super::code::{Code, Local, Ty};
use super::geometry::{Span, WORD, small};
use super::program::Program;
use super::{Cx, Globals};

mod looks;

pub(crate) use looks::looks;

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

/// `canonicalise(address, end) -> found`: every NaN from `address` to before `end` becomes the canonical one; whether there is one. A
/// group whose sum is a number holds no NaN. Where a row has few numbers, `n_numbers`, they are looked at one by one.
pub(crate) fn canonicalise(n_numbers: u32, simd: bool) -> Code {
    let (mut code, [address, end]) = Code::new([Ty::I32, Ty::I32]);
    let found = code.local(Ty::I32);
    if n_numbers < MIN_GROUPED {
        emit_one_by_one(&mut code, address, end, found);
        code.get(found);
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
    emit_one_by_one(&mut code, address, limit, found);
    code.push(Instruction::Else)
        .get(address)
        .u32(GROUP * WORD)
        .push(Instruction::I32Add)
        .set(address)
        .push(Instruction::End);
    code.push(Instruction::Br(0)).push(Instruction::End).push(Instruction::End);
    emit_one_by_one(&mut code, address, end, found);
    code.get(found);
    code
}

/// Makes each NaN from `address` to before `end` canonical, and sets `found` if there is one.
fn emit_one_by_one(code: &mut Code, address: Local, end: Local, found: Local) {
    let value = code.local(Ty::F64);
    code.push(Instruction::Block(BlockType::Empty)).push(Instruction::Loop(BlockType::Empty));
    // An end at 4 GiB is 0: addresses are compared for equality alone.
    code.get(address).get(end).push(Instruction::I32Eq).push(Instruction::BrIf(1));
    code.get(address).load(0).tee(value).get(value).push(Instruction::F64Ne).push(Instruction::If(BlockType::Empty));
    code.get(address).f64(canonical_nan()).store(0).i32(1).set(found).push(Instruction::End);
    code.get(address).u32(WORD).push(Instruction::I32Add).set(address);
    code.push(Instruction::Br(0)).push(Instruction::End).push(Instruction::End);
    code.release(value);
}

/// Adds `canonicalise_rows(first, may)`: makes NaN canonical in the rows from number `first` to before the number of saved ones, if `may` says
/// that there may be some, or a level is NaN. All levels are in memory.
pub(crate) fn add_canonicalise_rows(cx: &Cx<'_>, program: &mut Program, globals: &Globals, canonicalise: u32) -> u32 {
    let geometry = &cx.geometry;
    let (mut code, [_, may]) = Code::new([Ty::I32, Ty::I32]);
    let hidden = Span { offset: small(cx.layout.levels_offset), len: geometry.n_levels - geometry.stocks.len };
    code.get(may);
    for levels in [geometry.stocks, hidden].into_iter().filter(|levels| levels.len > 0) {
        code.u32(levels.offset).u32(levels.offset + levels.bytes()).push(Instruction::Call(canonicalise));
        code.push(Instruction::I32Or);
    }
    code.push(Instruction::If(BlockType::Empty));
    for number in [Instruction::LocalGet(0), Instruction::GlobalGet(globals.saved)] {
        code.push(number).u32(geometry.row_bytes).push(Instruction::I32Mul);
        code.u32(geometry.results).push(Instruction::I32Add);
    }
    code.push(Instruction::Call(canonicalise)).push(Instruction::Drop).push(Instruction::End);
    program.add("canonicalise_rows", (&[Ty::I32, Ty::I32], &[]), code)
}

/// Looks over what an evaluation has written into the row at this address. `canonicalise` is the function.
pub(crate) fn emit_look_over(cx: &Cx<'_>, code: &mut Code, row: Local, canonicalise: u32) {
    let computed = cx.geometry.computed;
    if computed.len > 0 {
        code.get(row).u32(computed.offset).push(Instruction::I32Add);
        code.get(row).u32(computed.offset + computed.bytes()).push(Instruction::I32Add);
        code.push(Instruction::Call(canonicalise)).push(Instruction::Drop);
    }
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
