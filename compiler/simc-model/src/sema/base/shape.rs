//! Shapes: along which axes the value of an equation, or of a part of it, extends.
//!
//! An axis is a run of elements of a dimension. Values with different shapes meet when the axes of one are among those of the
//! other: the smaller one is repeated along the rest.

use crate::model::{Base, DimId, Extent};
use crate::sema::base::dimension::Dims;

/// A run of positions of a dimension along which a value extends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) struct Axis {
    /// The dimension.
    pub(in crate::sema) dim: DimId,
    /// First position, counted from 0.
    pub(in crate::sema) start: u32,
    /// How many; at least 1.
    pub(in crate::sema) len: u32,
}

/// The axes of a value, outermost first; none for a number.
pub(in crate::sema) type Shape = Vec<Axis>;

/// What runs along an axis: the position on the axis is that of the base, moved by the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) struct Bound {
    /// The loop.
    pub(in crate::sema) base: Base,
    /// What is added to its position.
    pub(in crate::sema) offset: i64,
}

impl Axis {
    /// All of a dimension.
    pub(in crate::sema) fn whole(dim: DimId, dims: &Dims) -> Self {
        Self { dim, start: 0, len: dims.len(dim) }
    }

    /// As what a reducer runs over.
    pub(in crate::sema) fn extent(self) -> Extent {
        Extent { dim: self.dim, start: self.start, len: self.len }
    }
}

/// For each axis of the smaller shape, the axis of the larger one that it is, and what is to be added to a position there
/// to get the position here: an axis of the same dimension, or of one whose elements correspond to its own by position. Nothing
/// when they do not fit.
pub(in crate::sema) fn align(smaller: &[Axis], larger: &[Axis], dims: &Dims) -> Option<Vec<(usize, i64)>> {
    align_where(smaller, larger, dims, true)
}

/// The same; `by_size` says whether two dimensions of numbers correspond when they have as many elements.
fn align_where(smaller: &[Axis], larger: &[Axis], dims: &Dims, by_size: bool) -> Option<Vec<(usize, i64)>> {
    let mut taken = vec![false; larger.len()];
    let mut pairs = Vec::with_capacity(smaller.len());
    for axis in smaller {
        let find = |is_fit: &dyn Fn(&Axis) -> bool| {
            larger.iter().zip(&taken).position(|(other, taken)| !taken && other.len == axis.len && is_fit(other))
        };
        let both_numeric = |other: &Axis| by_size && dims.is_numeric(other.dim) && dims.is_numeric(axis.dim);
        let are_mapped = |other: &Axis| other.start == axis.start && dims.are_mapped(other.dim, axis.dim);
        let found = find(&|other| other.dim == axis.dim && other.start == axis.start)
            .or_else(|| find(&|other| other.dim == axis.dim))
            .or_else(|| find(&both_numeric))
            .or_else(|| find(&are_mapped))?;
        taken[found] = true;
        pairs.push((found, i64::from(axis.start) - i64::from(larger[found].start)));
    }
    Some(pairs)
}

/// The shape of what two values make together; nothing when they do not fit.
pub(in crate::sema) fn merge(a: &Shape, b: &Shape, dims: &Dims) -> Option<Shape> {
    if b.is_empty() || align(b, a, dims).is_some() {
        return Some(a.clone());
    }
    align(a, b, dims).map(|_| b.clone())
}

/// The same within a reducer, where arrays without a common dimension meet in all pairs, however many elements these have.
pub(in crate::sema) fn merge_within_reducer(a: &Shape, b: &Shape, dims: &Dims) -> Option<Shape> {
    let fits = |smaller: &Shape, larger: &Shape| align_where(smaller, larger, dims, false).is_some();
    if fits(b, a) {
        return Some(a.clone());
    }
    if fits(a, b) { Some(b.clone()) } else { merge_pairs(a, b, dims) }
}

/// The shape of all pairs of elements of two values, axes of one dimension, or of mapped ones, running together; nothing when parts of one
/// dimension do not fit.
pub(in crate::sema) fn merge_pairs(a: &Shape, b: &Shape, dims: &Dims) -> Option<Shape> {
    let mut all = a.clone();
    let mut taken = vec![false; a.len()];
    for axis in b {
        let alone = std::slice::from_ref(axis);
        let free = |n: usize| align_where(alone, &a[n..=n], dims, false).is_some();
        if let Some(found) = (0..a.len()).find(|&n| !taken[n] && free(n)) {
            taken[found] = true;
        } else if all.iter().any(|other| other.dim == axis.dim) {
            return None;
        } else {
            all.push(*axis);
        }
    }
    Some(all)
}

/// A shape for messages: `[DimA, DimB 2 to 3]`, or `a single number`.
pub(in crate::sema) fn show(shape: &[Axis], dims: &Dims) -> String {
    if shape.is_empty() {
        return "a single number".to_owned();
    }
    let show_axis = |axis: &Axis| {
        let name = dims.name(axis.dim);
        if axis.start == 0 && axis.len == dims.len(axis.dim) {
            return name.to_owned();
        }
        let first = dims.element(axis.dim, axis.start);
        let last = dims.element(axis.dim, axis.start + axis.len - 1);
        format!("{name} {first} to {last}")
    };
    format!("[{}]", shape.iter().map(show_axis).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
