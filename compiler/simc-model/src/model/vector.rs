//! Functions of whole vectors.

use crate::model::id::StateId;
use crate::model::index::Index;

/// Functions of whole vectors: their inputs, then their single numbers. What each gives is in `docs/semantics.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VectorFn {
    /// `(request, priority, width, type, extra; available)`: an amount for each request
    Allocate,
    /// `(request, priority; size, width, supply)`: an amount for each request
    AllocateByPriority,
    /// `(values; direction)`: positions, counted from 0
    SortOrder,
    /// `(values, ties; direction)`: positions, counted from 0
    SortOrderTied,
    /// `(values; direction)`: places, counted from 1
    Rank,
    /// `(values, order)`: values
    Reorder,
    /// `(selection, values; missing, action)`: one number
    Select,
    /// `(values)`: one number
    Median,
    /// `(values)`: one number
    Mode,
    /// `(matrix)`: the inverse
    Invert,
    /// `(values; x, first x, last x, mode)`: one number
    Interpolate,
    /// `(quantity, priority, width, type, extra; price)`: an amount for each quantity
    Demand,
    /// `(quantity, priority, width, type, extra; price)`: an amount for each quantity
    Supply,
    /// five inputs of demands and five of supplies, `(...; how many demands, how many supplies)`: one number
    MarketPrice,
}

/// How a vector function takes the axes of its inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Along that many axes, the last ones; once for each element of all others. The result has the same axes.
    Along(usize),
    /// Over all axes; the result is one number.
    Over,
}

impl VectorFn {
    /// The name in text.
    pub fn name(self) -> &'static str {
        match self {
            VectorFn::Allocate => "allocate",
            VectorFn::AllocateByPriority => "allocate_by_priority",
            VectorFn::SortOrder => "sort_order",
            VectorFn::SortOrderTied => "sort_order_tied",
            VectorFn::Rank => "rank",
            VectorFn::Reorder => "reorder",
            VectorFn::Select => "select",
            VectorFn::Median => "median",
            VectorFn::Mode => "mode",
            VectorFn::Invert => "invert",
            VectorFn::Interpolate => "interpolate",
            VectorFn::Demand => "demand",
            VectorFn::Supply => "supply",
            VectorFn::MarketPrice => "market_price",
        }
    }

    /// How many inputs it has.
    pub fn n_inputs(self) -> usize {
        match self {
            VectorFn::MarketPrice => 10,
            VectorFn::Allocate | VectorFn::Demand | VectorFn::Supply => 5,
            VectorFn::AllocateByPriority | VectorFn::SortOrderTied | VectorFn::Reorder | VectorFn::Select => 2,
            VectorFn::SortOrder
            | VectorFn::Rank
            | VectorFn::Median
            | VectorFn::Mode
            | VectorFn::Invert
            | VectorFn::Interpolate => 1,
        }
    }

    /// How many single numbers it has.
    pub fn n_numbers(self) -> usize {
        match self {
            VectorFn::Interpolate => 4,
            VectorFn::AllocateByPriority => 3,
            VectorFn::Select | VectorFn::MarketPrice => 2,
            VectorFn::Allocate
            | VectorFn::Demand
            | VectorFn::Supply
            | VectorFn::SortOrder
            | VectorFn::SortOrderTied
            | VectorFn::Rank => 1,
            VectorFn::Reorder | VectorFn::Median | VectorFn::Mode | VectorFn::Invert => 0,
        }
    }

    /// How it takes the axes of its inputs. RANK sorts over all of them, though a sort order by itself is one along an axis.
    pub fn span(self) -> Span {
        match self {
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

    /// Whether a call names the first element of the vectors that it is given, for all of them.
    pub fn takes_first_elements(self) -> bool {
        matches!(self, VectorFn::Interpolate | VectorFn::MarketPrice)
    }
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
