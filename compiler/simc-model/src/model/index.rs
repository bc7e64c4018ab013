//! Subscripts, and operands of expressions.

/// One subscript of a read, as a position in the dimension of what is read, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// Always the same position.
    Fixed(u32),
    /// The position of a loop, moved by `offset`; it always lies inside.
    Moving {
        /// Which loop.
        base: Base,
        /// Added to the loop's position.
        offset: i64,
    },
    /// A number counted from 1, rounded down. When it is no element (NaN included), the whole read gives [`Model::invalid_index`](super::Model::invalid_index).
    Computed(NodeId),
}

/// A loop around an expression; its position counts from 0 within the whole dimension, not within the extent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Base {
    /// The loop over dimension n of the variable that is computed.
    Loop(u32),
    /// The n-th extent of the reducers around, counted from the outermost reducer's first one.
    Bound(u32),
}

/// Index of an operand in [`Expr::nodes`](super::Expr::nodes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);
