//! Functions of whole vectors: sorting, allocation of what is scarce, matrices.
//!
//! A vector function works on a *block*: rows of `n` numbers each, one after the other, the same in every engine and in an artifact's
//! memory. The first [`Function::inputs`] rows are what it is given, the next one is its result, and the rest is scratch space. An input is
//! never changed.

pub mod allocation;
pub mod curve;
pub mod market;
pub mod matrix;
pub mod select;
pub mod sorting;

macro_rules! functions {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal $inputs:literal $numbers:literal $scratch:literal $export:literal;)*) => {
        /// Vector functions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Function {
            /// All of them, in order.
            pub const ALL: &'static [Function] = &[$(Function::$variant),*];

            /// The name in the IR's text.
            pub fn name(self) -> &'static str {
                match self {
                    $(Function::$variant => $name,)*
                }
            }

            /// What it does, in Markdown.
            pub fn about(self) -> &'static str {
                match self {
                    $(Function::$variant => concat!($($doc),*).trim_ascii(),)*
                }
            }

            /// How many rows it is given.
            pub fn inputs(self) -> usize {
                match self {
                    $(Function::$variant => $inputs,)*
                }
            }

            /// How many single numbers it is given.
            pub fn numbers(self) -> usize {
                match self {
                    $(Function::$variant => $numbers,)*
                }
            }

            /// How many rows its block has.
            pub fn rows(self) -> usize {
                match self {
                    $(Function::$variant => $inputs + 1 + $scratch,)*
                }
            }

            /// The export of `kernel.wasm`: the address of the block, `n`, then the single numbers.
            pub fn export(self) -> &'static str {
                match self {
                    $(Function::$variant => $export,)*
                }
            }
        }
    };
}

functions! {
    /// `(request, priority, width, type, extra; available)`: what each request gets at the price at which all of them come to what is available.
    Allocate "allocate" 5 1 2 "simc_vector_allocate";
    /// `(request, priority; size, width, supply)`: what each of the first `size` requests gets, the most urgent ones first.
    AllocateByPriority "allocate_by_priority" 2 3 2 "simc_vector_allocate_by_priority";
    /// `(values; direction)`: the positions of the elements in sorted order, counted from 0; upward when the direction is positive, else downward.
    SortOrder "sort_order" 1 1 1 "simc_vector_sort_order";
    /// `(values, ties; direction)`: the same, equal values in the order of their ties.
    SortOrderTied "sort_order_tied" 2 1 1 "simc_vector_sort_order_tied";
    /// `(values; direction)`: the place of each element in sorted order, counted from 1.
    Rank "rank" 1 1 2 "simc_vector_rank";
    /// `(values, order)`: the value at each position, counted from 0, that the order names; NaN where there is none.
    Reorder "reorder" 2 0 0 "simc_vector_reorder";
    /// `(selection, values; missing, action)`: one number of the values whose selection is not 0.
    Select "select" 2 2 0 "simc_vector_select";
    /// `(values)`: their median.
    Median "median" 1 0 1 "simc_vector_median";
    /// `(values)`: the most frequent one, the least of several.
    Mode "mode" 1 0 1 "simc_vector_mode";
    /// `(matrix)`: the inverse of a square matrix.
    Invert "invert" 1 0 1 "simc_vector_invert";
    /// `(values; x, first x, last x, mode)`: what a graphical function with these points at equal distances says at x.
    Interpolate "interpolate" 1 4 0 "simc_vector_interpolate";
    /// `(quantity, priority, width, type, extra; price)`: what is demanded at a price.
    Demand "demand" 5 1 0 "simc_vector_demand";
    /// `(quantity, priority, width, type, extra; price)`: what is supplied at a price.
    Supply "supply" 5 1 0 "simc_vector_supply";
    /// `(demands, supplies; how many demands, how many supplies)`, five rows each: the price at which all demands come to all supplies.
    MarketPrice "market_price" 10 2 0 "simc_vector_market_price";
}

/// Computes the result of a block whose rows have `n` numbers. A result of one number is the first one of its row.
///
/// Inlined, so that each export of `kernel.wasm` has its own function alone.
#[inline(always)]
pub fn arrange(function: Function, block: &mut [f64], n: usize, numbers: &[f64]) {
    let (given, rest) = block.split_at_mut(function.inputs() * n);
    let (result, scratch) = rest.split_at_mut(n);
    let mut rows = given.chunks_exact(n);
    let mut row = || rows.next().unwrap_or_default();
    let number = |at: usize| numbers.get(at).copied().unwrap_or(f64::NAN);
    let mut requests =
        || allocation::Requests { sizes: row(), priorities: row(), widths: row(), types: row(), extras: row() };
    match function {
        Function::Allocate => allocation::allocate(&requests(), number(0), result, scratch),
        Function::Demand => market::demand_at(&requests(), number(0), result),
        Function::Supply => market::supply_at(&requests(), number(0), result),
        Function::MarketPrice => {
            let (demands, supplies) = (requests(), requests());
            result[0] = market::find_price(&demands, &supplies, [number(0), number(1)]);
        }
        Function::AllocateByPriority => {
            allocation::allocate_by_priority(row(), row(), [number(0), number(1), number(2)], result, scratch);
        }
        Function::SortOrder => sorting::sort_order(row(), &[], number(0), result, scratch),
        Function::SortOrderTied => sorting::sort_order(row(), row(), number(0), result, scratch),
        Function::Rank => sorting::rank(row(), number(0), result, scratch),
        Function::Reorder => sorting::reorder(row(), row(), result),
        Function::Select => result[0] = select::select(row(), row(), number(0), number(1)),
        Function::Median => result[0] = sorting::median(row(), result, scratch),
        Function::Mode => result[0] = sorting::mode(row(), result, scratch),
        Function::Invert => matrix::invert(row(), result, scratch),
        Function::Interpolate => {
            result[0] = curve::evaluate(row(), number(0), [number(1), number(2)], number(3));
        }
    }
}

#[cfg(test)]
mod tests;
