//! Dimensions of arrays, and runs of their positions.

use std::sync::Arc;

use crate::model::id::DimId;

/// A dimension: an ordered set of elements.
#[derive(Clone, Debug)]
pub struct Dim {
    /// As the author wrote it.
    pub name: String,
    /// Elements in order; `1`, `2`, ... when the dimension has a size only.
    pub elements: Arc<[String]>,
    /// Whether its elements are numbers.
    pub is_numeric: bool,
}

/// The element of a region with a number in row-major order.
pub fn element_of(region: &[Extent], number: u32) -> Vec<Extent> {
    let mut rest = number;
    let mut element = region.to_vec();
    for extent in element.iter_mut().rev() {
        (extent.start, rest) = (extent.start + rest % extent.len, rest / extent.len);
        extent.len = 1;
    }
    element
}

/// A run of positions of a dimension, counted from 0; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Extent {
    /// The dimension.
    pub dim: DimId,
    /// First position.
    pub start: u32,
    /// How many.
    pub len: u32,
}
