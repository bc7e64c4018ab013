//! Lookup tables within loops, without a call: a call would push all that the loop has at hand out of the registers.

use kernel::lookup::{Kind, block_len};
use simc_ir::module::{TableData, TableKind, TableSearch};
use wasm_encoder::{BlockType, Instruction as I};

use super::code::{Code, Local, Ty};
use super::geometry::WORD;
use super::nan::canonical_nan;

/// Bytes of a point of a table's block.
const POINT: u32 = 3 * WORD;
/// Where, from the block on, the x of its first point is; y and slope are after it.
const FIRST_X: u32 = WORD;

/// Whether a table can be looked up in place: of points that stay, evenly spaced, the same for all elements, and with an end on both
/// sides.
pub(crate) fn is_inlined(table: &TableData) -> bool {
    let [curve] = table.curves.as_slice() else { return false };
    let is_bounded = matches!(table.kind, TableKind::Continuous | TableKind::Discrete);
    table.axes.is_empty()
        && !table.is_settable()
        && table.search == TableSearch::Even
        && is_bounded
        && curve.xs.len() > 1
}

/// Pops x, pushes the table's value there, by the formulas of [`kernel::lookup`]. `block` is the address of the table's block.
///
/// ```text
/// x < first:    the first y
/// x < last:     i = trunc((x - first) * segments per unit); the segment is i or a neighbour of it
///               if point i lies right of x: i = i - 1; if point i + 1 does not: i = i + 1
/// x >= last:    the last y
/// else          NaN
/// ```
///
/// The step back comes first: a guess that rounding has put at the last point is then never followed by a look after the block. Steps
/// that no x needs are left out.
pub(crate) fn emit_lookup(code: &mut Code, table: &TableData, block: u32) {
    let curve = &table.curves[0];
    let (xs, ys) = (&curve.xs, &curve.ys);
    let last = xs.len() - 1;
    let guess = Guess::new(xs, ys);
    let (x, point) = (code.local(Ty::F64), code.local(Ty::I32));
    code.set(x).get(x).f64(xs[0]).push(I::F64Lt).push(I::If(BlockType::Result(Ty::F64.encoded())));
    code.f64(ys[0]).push(I::Else);
    code.get(x).f64(xs[last]).push(I::F64Lt).push(I::If(BlockType::Result(Ty::F64.encoded())));
    guess.push(code, x);
    code.u32(POINT).push(I::I32Mul).set(point);
    if guess.is_high_somewhere(xs) {
        code.get(point).get(point).load(block + FIRST_X).get(x).push(I::F64Gt);
        push_point_if(code).push(I::I32Sub).set(point);
    }
    if guess.is_low_somewhere(xs) {
        code.get(point).get(point).load(block + FIRST_X + POINT).get(x).push(I::F64Le);
        push_point_if(code).push(I::I32Add).set(point);
    }
    push_on_segment(code, table.kind, x, point, block);
    code.push(I::Else).f64(ys[last]).f64(canonical_nan());
    code.get(x).f64(xs[last]).push(I::F64Ge).push(I::Select);
    code.push(I::End).push(I::End);
    code.release(x);
    code.release(point);
}

/// Which segment x lies in, but for rounding: `trunc((x - first) * segments per unit)`. It never falls while x grows, so that what it
/// is for all x follows from what it is at the points and right before them.
struct Guess {
    first: f64,
    per_unit: f64,
}

impl Guess {
    fn new(xs: &[f64], ys: &[f64]) -> Self {
        let mut words = vec![0.0; block_len(xs.len())];
        kernel::lookup::encode_block(Kind::Discrete, xs, ys, &mut words);
        Self { first: xs[0], per_unit: words[0] }
    }

    /// Pushes the guess for a number in a local.
    fn push(&self, code: &mut Code, x: Local) {
        code.get(x);
        // Nothing taken away leaves every number as it is, and so does multiplication by one.
        if self.first.to_bits() != 0 {
            code.f64(self.first).push(I::F64Sub);
        }
        if self.per_unit.to_bits() != 1.0_f64.to_bits() {
            code.f64(self.per_unit).push(I::F64Mul);
        }
        code.push(I::I32TruncSatF64S);
    }

    fn at(&self, x: f64) -> i32 {
        // The conversion is that of `i32.trunc_sat_f64_s`.
        ((x - self.first) * self.per_unit) as i32
    }

    /// Whether for some x the guess is a segment after that of x.
    fn is_high_somewhere(&self, xs: &[f64]) -> bool {
        (0..).zip(&xs[1..]).any(|(segment, x)| self.at(x.next_down()) > segment)
    }

    /// Whether for some x the guess is a segment before that of x.
    fn is_low_somewhere(&self, xs: &[f64]) -> bool {
        (0..).zip(&xs[..xs.len() - 1]).any(|(segment, &x)| self.at(x) < segment)
    }
}

/// Pops a truth value, pushes the bytes of a point or 0.
fn push_point_if(code: &mut Code) -> &mut Code {
    code.u32(POINT).push(I::I32Mul)
}

fn push_on_segment(code: &mut Code, kind: TableKind, x: Local, point: Local, block: u32) {
    code.get(point).load(block + FIRST_X + WORD);
    if kind == TableKind::Discrete {
        return;
    }
    code.get(x).get(point).load(block + FIRST_X).push(I::F64Sub);
    code.get(point).load(block + FIRST_X + 2 * WORD).push(I::F64Mul).push(I::F64Add);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether steps back and ahead are needed for points at these x.
    fn steps(xs: &[f64]) -> [bool; 2] {
        let guess = Guess::new(xs, &vec![0.0; xs.len()]);
        [guess.is_high_somewhere(xs), guess.is_low_somewhere(xs)]
    }

    #[test]
    fn a_table_is_looked_up_in_place_when_its_points_stay_and_lie_evenly() {
        let table = |kind, search, n: i32| TableData {
            search,
            ..TableData::single(String::new(), kind, (0..n).map(f64::from).collect(), vec![0.0; n as usize])
        };
        let even = |kind, n| is_inlined(&table(kind, TableSearch::Even, n));
        assert!(even(Kind::Continuous, 2) && even(Kind::Discrete, 3));
        assert!(!even(Kind::Continuous, 1) && !even(Kind::Extrapolate, 3));
        assert!(!is_inlined(&table(Kind::Continuous, TableSearch::Binary, 3)));
        let one = table(Kind::Continuous, TableSearch::Even, 3);
        let curves = vec![one.curves[0].clone(); 2];
        assert!(!is_inlined(&TableData { curves, ..one.clone() }));
        assert!(!is_inlined(&TableData { graphs: vec![simc_ir::entity::Graph::from_u32(0)], ..one.clone() }));
        assert!(!is_inlined(&TableData { axes: vec![simc_ir::entity::Axis::from_u32(0)], ..one }));
    }

    #[test]
    fn a_step_is_left_out_where_every_guess_is_right_without() {
        assert_eq!(steps(&[0.0, 0.5, 1.0, 1.5, 2.0]), [false, false]);
        // The number right before 0 is 1 away from -1, but for rounding.
        assert_eq!(steps(&[-1.0, 0.0, 1.0, 2.0]), [true, false]);
        assert_eq!(steps(&[0.0, 1.1, 2.0, 3.0]), [true, false]);
        assert_eq!(steps(&[0.0, 0.9, 2.0, 3.0]), [false, true]);
    }

    #[test]
    fn without_steps_the_guess_is_the_segment_of_every_number() {
        for n in 3..60 {
            for scale in [0.1, 0.4, 1.0 / 3.0, 7.0] {
                let xs: Vec<f64> = (0..n).map(|i| f64::from(i) * scale - 1.0).collect();
                let guess = Guess::new(&xs, &vec![0.0; xs.len()]);
                for segment in 0..xs.len() - 1 {
                    let (from, to) = (xs[segment], xs[segment + 1]);
                    for x in
                        [from, from.next_up(), from + (to - from) / 2.0, to.next_down().next_down(), to.next_down()]
                    {
                        let at = usize::try_from(guess.at(x)).expect("x lies after the first point");
                        assert!(at <= segment || guess.is_high_somewhere(&xs), "{x} in {xs:?}");
                        assert!(at >= segment || guess.is_low_somewhere(&xs), "{x} in {xs:?}");
                    }
                }
            }
        }
    }
}
