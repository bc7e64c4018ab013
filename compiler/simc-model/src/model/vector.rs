//! Functions of whole vectors.

pub use kernel::vector::Function as VectorFn;

use crate::model::id::StateId;
use crate::model::index::Index;

/// How a vector function takes the axes of its inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Along that many axes, the last ones; once for each element of all others. The result has the same axes.
    Along(usize),
    /// Over all axes; the result is one number.
    Over,
}

impl Span {
    /// How a function takes the axes of its inputs. RANK sorts over all of them, though a sort order by itself is one along an axis.
    pub fn of(function: VectorFn) -> Self {
        match function {
            VectorFn::Allocate
            | VectorFn::Demand
            | VectorFn::Supply
            | VectorFn::AllocateByPriority
            | VectorFn::SortOrder
            | VectorFn::SortOrderTied
            | VectorFn::Rank
            | VectorFn::Reorder => Span::Along(1),
            VectorFn::Invert => Span::Along(2),
            VectorFn::Select | VectorFn::Median | VectorFn::Mode | VectorFn::Interpolate | VectorFn::MarketPrice => {
                Span::Over
            }
        }
    }
}

/// Whether a call names the first element of the vectors that it is given, for all of them.
pub fn takes_first_elements(function: VectorFn) -> bool {
    matches!(function, VectorFn::Interpolate | VectorFn::MarketPrice)
}

/// An element of what a call of a vector function gives.
#[derive(Clone, Debug)]
pub struct VectorRead {
    /// The call.
    pub state: StateId,
    /// One subscript for each of the state's extents; never [`Index::Computed`].
    pub indices: Vec<Index>,
    /// One subscript for each extent of the inputs. A computed one counts from 1 within the extent. A function that gives one number has it
    /// at the first position.
    pub element: Vec<Index>,
}
