//! Lookup tables within loops, without a call: a call would push all that the loop has at hand out of the registers.

use kernel::lookup::{Kind, block_len};
use simc_ir::module::{TableData, TableKind, TableSearch};
use wasm_encoder::{BlockType, Instruction as I};

use super::code::{Code, Local, Ty};
use super::geometry::WORD;
use super::nan::canonical_nan;

/// Bytes of a point of a table's block.
const POINT: u32 = 3 * WORD;
/// Where, from the block on, the x of its first point stands; y and slope stand behind it.
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
/// The step back comes first: a guess that rounding has put at the last point is then never followed by a look behind the block.
pub(crate) fn emit_lookup(code: &mut Code, table: &TableData, block: u32) {
    let curve = &table.curves[0];
    let (xs, ys) = (&curve.xs, &curve.ys);
    let last = xs.len() - 1;
    let mut words = vec![0.0; block_len(xs.len())];
    kernel::lookup::encode_block(Kind::Discrete, xs, ys, &mut words);
    let (x, point) = (code.local(Ty::F64), code.local(Ty::I32));
    code.set(x).get(x).f64(xs[0]).push(I::F64Lt).push(I::If(BlockType::Result(Ty::F64.encoded())));
    code.f64(ys[0]).push(I::Else);
    code.get(x).f64(xs[last]).push(I::F64Lt).push(I::If(BlockType::Result(Ty::F64.encoded())));
    code.get(x).f64(xs[0]).push(I::F64Sub).f64(words[0]).push(I::F64Mul).push(I::I32TruncSatF64S);
    code.u32(POINT).push(I::I32Mul).set(point);
    code.get(point).get(point).load(block + FIRST_X).get(x).push(I::F64Gt);
    push_point_if(code).push(I::I32Sub).set(point);
    code.get(point).get(point).load(block + FIRST_X + POINT).get(x).push(I::F64Le);
    push_point_if(code).push(I::I32Add).set(point);
    push_on_segment(code, table.kind, x, point, block);
    code.push(I::Else).f64(ys[last]).f64(canonical_nan());
    code.get(x).f64(xs[last]).push(I::F64Ge).push(I::Select);
    code.push(I::End).push(I::End);
    code.release(x);
    code.release(point);
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
