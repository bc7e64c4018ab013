//! Lookup tables in place, without a call: a call would push all that is at hand out of the registers, and costs more than the look.
//!
//! Only tables of evenly spaced points or of few points are looked up in place, and only those for which what follows gives every bit
//! of [`kernel::lookup`].

use cranelift_entity::SecondaryMap;
use kernel::lookup::{Kind, block_len};
use simc_ir::entity::Table;
use simc_ir::module::{Module, TableData, TableKind, TableSearch};
use simc_midend::layout::{FEW_POINTS, Layout, Place, is_plain};
use wasm_encoder::{BlockType, Instruction as I, MemArg, ValType};

use super::code::{Code, Local, Ty};
use super::geometry::{WORD, small};

/// Bytes of a point of a table's block.
const POINT: u32 = 3 * WORD;
/// Where, from the block on, the x of its first point is; y and slope are after it.
const FIRST_X: u32 = WORD;
/// By how many bytes code is longer that remembers a segment.
const REMEMBERING_BYTES: u32 = 35;
/// How many multipliers are tried for one that needs no step back.
const TRIES: u32 = 6;

/// How a table is looked up in place.
///
/// ```text
/// c = min(max(x, first), last)
/// i = trunc((c - first) * per_unit)                                          evenly spaced points
///     if the guess is high somewhere and point i lies right of c: i = i - 1
/// i = how many of the points but the first are not right of c                few points
/// y[i] + (c - x[i]) * slope[i]
/// ```
///
/// Left of the first point and right of the last one, c is that point: what is added to its y is 0, since slopes are finite and that
/// of the last point is 0. A y of -0 could become +0 so; tables that have one are left to the
/// kernel, and so the sign of a c that is 0 makes no difference. NaN makes i anything and all the
/// rest NaN.
#[derive(Clone, Debug)]
pub(crate) struct InPlace {
    first: f64,
    last: f64,
    how: How,
    /// Whether few bytes matter more than speed.
    is_compact: bool,
}

/// How the segment is found.
#[derive(Clone, Debug)]
enum How {
    Guessed(Guess),
    /// By comparing with these points.
    Counted(Vec<f64>),
}

/// The segment of evenly spaced points.
///
/// To truncate takes an engine a handful of instructions, since the number could be any. That it is
/// a small one is made use of where the block's [points repeat](Layout::repeated_rows): a large number is
/// added, of which the sum keeps only the eighths, and the sum's low bits are the segment. It is
/// [`ROUND`], half an eighth below a power of two: up to there the sum is rounded to even, so that
/// a whole number is reached exactly where the product reaches it. A product that is less than half
/// an eighth leaves [`ROUND`] as it is, whose low bits are all ones: the row of the points that a
/// mask makes of them is the first one, repeated.
#[derive(Clone, Debug)]
struct Guess {
    first: f64,
    per_unit: f64,
    /// Whether for some x the guess is a segment after that of x.
    is_high: bool,
    /// How the product becomes a whole number.
    whole: Whole,
}

/// How a number becomes a whole one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    /// By truncation.
    Truncated,
    /// By addition, for a block with that many rows of points, a power of two.
    Added(u32),
}

/// Low bits of the sum that are parts of a segment.
const EIGHTHS: u32 = 3;
/// What is added to a product: 2^49 - 2^-4.
const ROUND: f64 = (1_u64 << 49) as f64 - 1.0 / 16.0;

impl InPlace {
    /// None where the kernel has to be called. `is_compact` says that few bytes matter more than
    /// speed, `rows` how many rows of points there are where [points repeat](Layout::repeated_rows).
    fn new(table: &TableData, is_compact: bool, rows: Option<usize>) -> Option<Self> {
        if !is_plain(table) {
            return None;
        }
        let xs = table.curves[0].xs.as_slice();
        let rows = rows.and_then(|rows| u32::try_from(rows).ok());
        let guess = if table.search == TableSearch::Even { Guess::new(xs, rows) } else { None };
        let how = match guess {
            Some(guess) => How::Guessed(guess),
            None if xs.len() <= FEW_POINTS => How::Counted(xs[1..].to_vec()),
            None => return None,
        };
        Some(Self { first: xs[0], last: xs[xs.len() - 1], how, is_compact })
    }

    /// Bytes of code, about, where no segment is remembered.
    pub(crate) fn bytes(&self) -> u32 {
        match &self.how {
            How::Guessed(guess) => 85 + 5 * u32::from(guess.first.to_bits() != 0) + 18 * u32::from(guess.is_high),
            How::Counted(xs) => xs.iter().map(|_| 16).sum::<u32>() + 50,
        }
    }

    /// The same where it is.
    pub(crate) fn remembering_bytes(&self) -> u32 {
        self.bytes() + REMEMBERING_BYTES
    }

    /// Pops the x of two passes as a vector, pushes the values there. `f64x2.pmax` and `f64x2.pmin` keep NaN on this side, and that -0
    /// stays what it is makes no difference to what follows.
    pub(crate) fn emit_simd(&self, code: &mut Code, kind: TableKind, block: u32) {
        let x = code.local(Ty::V128);
        let points = [code.local(Ty::I32), code.local(Ty::I32)];
        code.pair(self.first).push(I::F64x2PMax).pair(self.last).push(I::F64x2PMin).set(x);
        match &self.how {
            How::Guessed(guess) => guess.emit_simd(code, x, points, block),
            How::Counted(xs) => {
                for (position, &other) in xs.iter().enumerate() {
                    code.get(x).pair(other).push(I::F64x2Ge);
                    if position > 0 {
                        code.push(I::I64x2Add);
                    }
                }
                let count = code.local(Ty::V128);
                code.set(count);
                // Each comparison that holds has added -1.
                for (half, point) in (0..).zip(points) {
                    code.get(count).push(I::I32x4ExtractLane(2 * half));
                    code.i32(-POINT.cast_signed()).push(I::I32Mul).set(point);
                }
                code.release(count);
            }
        }
        match kind {
            TableKind::Continuous | TableKind::Extrapolate => {
                code.load_halves(points, block + FIRST_X + 2 * WORD);
                code.get(x).load_halves(points, block + FIRST_X).push(I::F64x2Sub).push(I::F64x2Mul);
            }
            TableKind::Discrete => _ = code.get(x).get(x).push(I::F64x2Sub),
        }
        code.load_halves(points, block + FIRST_X + WORD).push(I::F64x2Add);
        code.release(x);
        points.into_iter().for_each(|point| code.release(point));
    }

    /// Pops x, pushes the table's value there. `block` is the address of the table's block. Outside
    /// of loops over arrays x moves little from one time to the next, and the same branches are
    /// taken again. No comparison holds for NaN, which stays what it is.
    pub(crate) fn emit(&self, code: &mut Code, kind: TableKind, block: u32, is_in_array: bool) {
        let (x, point) = (code.local(Ty::F64), code.local(Ty::I32));
        self.emit_clamped(code, x, point, block, is_in_array);
        Self::emit_line(code, kind, x, point, block, None);
        code.release(x);
        code.release(point);
    }

    /// The same, where the segment is remembered.
    ///
    /// ```text
    /// i = what is remembered
    /// unless x < end of segment i and x >= its beginning:
    ///     x = min(max(x, first), last)
    ///     i = the segment, by the ways above; remember it
    /// ```
    ///
    /// NaN is in no segment, nor is what lies left of the first point; the last one has no end.
    pub(crate) fn emit_remembering(&self, code: &mut Code, kind: TableKind, block: u32, place: Place) {
        let (x, point) = (code.local(Ty::F64), code.local(Ty::I32));
        let address = MemArg { offset: place.address, align: 0, memory_index: 0 };
        let (recall, remember) = match place.is_wide {
            true => (I::I32Load16U(MemArg { align: 1, ..address }), I::I32Store16(MemArg { align: 1, ..address })),
            false => (I::I32Load8U(address), I::I32Store8(address)),
        };
        let start = code.local(Ty::F64);
        code.set(x).push(I::Block(BlockType::Empty));
        // The highest address comes first, as in the line.
        code.get(x).i32(0).push(recall).tee(point).load(block + FIRST_X + POINT);
        code.push(I::F64Lt).push(I::If(BlockType::Empty));
        code.get(x).get(point).load(block + FIRST_X).tee(start).push(I::F64Ge).push(I::BrIf(1)).push(I::End);
        // What follows happens seldom: few bytes matter most.
        code.i32(0).get(x).f64(self.first).push(I::F64Max).f64(self.last).push(I::F64Min).set(x);
        match &self.how {
            How::Guessed(guess) => {
                guess.emit(code, x, point, block);
                code.take(point);
            }
            How::Counted(xs) => emit_search(code, x, xs),
        }
        // That it is small is said for those who check addresses.
        code.u32(if place.is_wide { 0xffff } else { 0xff }).push(I::I32And).tee(point).push(remember);
        code.get(point).load(block + FIRST_X).set(start).push(I::End);
        Self::emit_line(code, kind, x, point, block, Some(start));
        code.release(start);
        code.release(x);
        code.release(point);
    }

    /// Sets `x` to the number of the points' range that is nearest, and `point` to the bytes of the points before its segment.
    fn emit_clamped(&self, code: &mut Code, x: Local, point: Local, block: u32, is_in_array: bool) {
        if self.is_compact {
            code.f64(self.first).push(I::F64Max).f64(self.last).push(I::F64Min).set(x);
        } else {
            code.set(x);
            code.f64(self.first).get(x).get(x).f64(self.first).push(I::F64Lt).push(I::Select).set(x);
            code.f64(self.last).get(x).f64(self.last).get(x).push(I::F64Lt).push(I::Select).set(x);
        }
        match &self.how {
            How::Guessed(guess) => guess.emit(code, x, point, block),
            How::Counted(xs) if !self.is_compact && !is_in_array => {
                emit_search(code, x, xs);
                code.set(point);
            }
            How::Counted(xs) => {
                for (position, &other) in xs.iter().enumerate() {
                    code.get(x).f64(other).push(I::F64Ge);
                    if position > 0 {
                        code.push(I::I32Add);
                    }
                }
                code.u32(POINT).push(I::I32Mul).set(point);
            }
        }
    }

    /// Pushes the value at `x`, which lies in the segment after so many bytes of points. Where that starts may be at hand.
    fn emit_line(code: &mut Code, kind: TableKind, x: Local, point: Local, block: u32, start: Option<Local>) {
        match kind {
            // The highest address comes first: who checks addresses then need not check the others.
            TableKind::Continuous | TableKind::Extrapolate => {
                code.get(point).load(block + FIRST_X + 2 * WORD);
                code.get(x);
                match start {
                    Some(start) => code.get(start),
                    None => code.get(point).load(block + FIRST_X),
                };
                code.push(I::F64Sub).push(I::F64Mul);
            }
            // 0, or NaN.
            TableKind::Discrete => _ = code.get(x).get(x).push(I::F64Sub),
        }
        code.get(point).load(block + FIRST_X + WORD).push(I::F64Add);
    }
}

/// Pushes the bytes of the points before the segment of `x`, of which all but the first point are
/// given: halves what is left.
fn emit_search(code: &mut Code, x: Local, xs: &[f64]) {
    /// What is still to be emitted, last first.
    enum Part {
        /// The search among the segments from one to another.
        Among(usize, usize),
        Else,
        End,
    }
    let mut parts = vec![Part::Among(0, xs.len())];
    while let Some(part) = parts.pop() {
        match part {
            Part::Among(from, to) if from == to => _ = code.u32(small(from as u64) * POINT),
            Part::Among(from, to) => {
                let middle = (from + to).div_ceil(2);
                code.get(x).f64(xs[middle - 1]).push(I::F64Ge).push(I::If(BlockType::Result(ValType::I32)));
                parts.extend([Part::End, Part::Among(from, middle - 1), Part::Else, Part::Among(middle, to)]);
            }
            Part::Else => _ = code.push(I::Else),
            Part::End => _ = code.push(I::End),
        }
    }
}

/// The tables that can be looked up in place.
pub(crate) fn in_place(module: &Module, layout: &Layout) -> SecondaryMap<Table, Option<InPlace>> {
    let mut tables = SecondaryMap::new();
    for (table, data) in &module.tables {
        tables[table] = InPlace::new(data, !layout.repeats_points, layout.repeated_rows(table, data));
    }
    tables
}

impl Guess {
    /// None if no guess is near enough. The guess for x never falls while x grows, so that what it is for all x follows from what it is at the points and right
    /// before them.
    fn new(xs: &[f64], rows: Option<u32>) -> Option<Self> {
        let mut words = vec![0.0; block_len(xs.len())];
        kernel::lookup::encode_block(Kind::Discrete, xs, xs, &mut words);
        let ways = rows.map(Whole::Added).into_iter().chain([Whole::Truncated]);
        let mut fallback = None;
        for whole in ways {
            let mut per_unit = words[0];
            for _ in 0..TRIES {
                let mut guess = Self { first: xs[0], per_unit, is_high: false, whole };
                guess.is_high = (0..).zip(&xs[1..]).any(|(segment, x)| guess.at(x.next_down()) > segment);
                let is_right_at_points = (0..).zip(xs).all(|(segment, &x)| guess.at(x) == segment);
                let is_near = (0..).zip(&xs[1..]).all(|(segment, x)| guess.at(x.next_down()) <= segment + 1);
                if is_right_at_points && is_near {
                    if !guess.is_high {
                        return Some(guess);
                    }
                    fallback = fallback.or(Some(guess));
                }
                per_unit = per_unit.next_up();
            }
        }
        fallback
    }

    fn at(&self, x: f64) -> i32 {
        let product = (x - self.first) * self.per_unit;
        match self.whole {
            // The conversion is that of `i32.trunc_sat_f64_s`.
            Whole::Truncated => product as i32,
            Whole::Added(rows) => {
                let row = ((product + ROUND).to_bits() as u32 >> EIGHTHS) & (rows - 1);
                if row == rows - 1 { 0 } else { row.cast_signed() }
            }
        }
    }

    /// Sets `point` to the bytes of the points before the segment of `x`.
    fn emit(&self, code: &mut Code, x: Local, point: Local, block: u32) {
        self.push_product(code, x);
        match self.whole {
            Whole::Truncated => _ = code.push(I::I32TruncSatF64S).u32(POINT).push(I::I32Mul),
            Whole::Added(rows) => {
                code.f64(ROUND).push(I::F64Add).push(I::I64ReinterpretF64).push(I::I32WrapI64);
                push_row(code, rows, point);
            }
        }
        code.set(point);
        if self.is_high {
            code.get(point).get(point).load(block + FIRST_X).get(x).push(I::F64Gt);
            code.u32(POINT).push(I::I32Mul).push(I::I32Sub).set(point);
        }
    }

    /// The same for two passes.
    fn emit_simd(&self, code: &mut Code, x: Local, points: [Local; 2], block: u32) {
        let vector = code.local(Ty::V128);
        code.get(x);
        if self.first.to_bits() != 0 {
            code.pair(self.first).push(I::F64x2Sub);
        }
        if self.per_unit.to_bits() != 1.0_f64.to_bits() {
            code.pair(self.per_unit).push(I::F64x2Mul);
        }
        match self.whole {
            Whole::Truncated => {
                code.set(vector);
                for (half, point) in (0..).zip(points) {
                    code.get(vector).half(half).push(I::I32TruncSatF64S).u32(POINT).push(I::I32Mul).set(point);
                }
            }
            Whole::Added(rows) => {
                code.pair(ROUND).push(I::F64x2Add).set(vector);
                for (half, point) in (0..).zip(points) {
                    code.get(vector).push(I::I32x4ExtractLane(2 * half));
                    push_row(code, rows, point);
                    code.set(point);
                }
            }
        }
        if self.is_high {
            code.load_halves(points, block + FIRST_X).get(x).push(I::F64x2Gt).set(vector);
            for (half, point) in (0..).zip(points) {
                code.get(point).get(vector).push(I::I32x4ExtractLane(2 * half));
                code.u32(POINT).push(I::I32Mul).push(I::I32Add).set(point);
            }
        }
        code.release(vector);
    }

    /// Pushes how far a number in a local lies after the first point, in segments.
    fn push_product(&self, code: &mut Code, x: Local) {
        code.get(x);
        // Nothing taken away leaves every number as it is, and so does multiplication by one.
        if self.first.to_bits() != 0 {
            code.f64(self.first).push(I::F64Sub);
        }
        if self.per_unit.to_bits() != 1.0_f64.to_bits() {
            code.f64(self.per_unit).push(I::F64Mul);
        }
    }
}

/// Pops the low bits of a sum, pushes the bytes of the points before the row that they name.
/// Overwrites the local.
fn push_row(code: &mut Code, rows: u32, point: Local) {
    const { assert!(POINT == 3 << EIGHTHS, "a row is three times what its number is in eighths") };
    code.u32((rows - 1) << EIGHTHS).push(I::I32And).tee(point).get(point).i32(1).push(I::I32Shl).push(I::I32Add);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a step back is needed for points at these x; none if the guess does not do.
    fn is_high(xs: &[f64]) -> Option<bool> {
        Guess::new(xs, None).map(|guess| guess.is_high)
    }

    #[test]
    fn a_step_back_is_left_out_where_every_guess_is_right_without() {
        assert_eq!(is_high(&[0.0, 0.5, 1.0, 1.5, 2.0]), Some(false));
        // The number right before 0 is 1 away from -1, but for rounding.
        assert_eq!(is_high(&[-1.0, 0.0, 1.0, 2.0]), Some(true));
        assert_eq!(is_high(&[0.0, 1.1, 2.0, 3.0]), Some(true));
        // A guess that is too low at a point is none.
        assert_eq!(is_high(&[0.0, 0.9, 2.0, 3.0]), None);
    }

    #[test]
    fn the_guess_is_the_segment_of_every_number_or_the_one_after() {
        for n in 3..60 {
            for scale in [0.1, 0.4, 1.0 / 3.0, 7.0] {
                let xs: Vec<f64> = (0..n).map(|i| f64::from(i) * scale - 1.0).collect();
                let Some(guess) = Guess::new(&xs, None) else { continue };
                assert_eq!(guess.at(xs[xs.len() - 1]), n - 1, "the last point is not beyond");
                for segment in 0..xs.len() - 1 {
                    let (from, to) = (xs[segment], xs[segment + 1]);
                    for x in
                        [from, from.next_up(), from + (to - from) / 2.0, to.next_down().next_down(), to.next_down()]
                    {
                        let at = usize::try_from(guess.at(x)).expect("x lies after the first point");
                        assert!(at == segment || guess.is_high && at == segment + 1, "{x} in {xs:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_sum_names_the_segment_of_every_number() {
        for n in 2..62_i32 {
            let rows = (n.unsigned_abs() + 1).next_power_of_two();
            for (scale, first) in [(1.0, 0.0), (5.0 / 6.0, 0.0), (0.1, 0.0), (0.4, -1.0), (1.0, -3.0), (1.0, 1900.0)] {
                let xs: Vec<f64> = (0..n).map(|i| f64::from(i) * scale + first).collect();
                let Some(guess) = Guess::new(&xs, Some(rows)).filter(|guess| guess.whole != Whole::Truncated) else {
                    assert!(scale != 1.0, "points at whole numbers are found by addition");
                    continue;
                };
                for segment in 0..xs.len() - 1 {
                    let (from, to) = (xs[segment], xs[segment + 1]);
                    let among = from + (to - from) / 2.0;
                    for x in [from, from.next_up(), from + 1e-12, among, to.next_down().next_down(), to.next_down()] {
                        let at = usize::try_from(guess.at(x)).expect("x lies after the first point");
                        assert!(at == segment || guess.is_high && at == segment + 1, "{x} in {xs:?}");
                    }
                }
                assert_eq!(guess.at(xs[xs.len() - 1]), n - 1, "the last point is not beyond");
            }
        }
    }
}
