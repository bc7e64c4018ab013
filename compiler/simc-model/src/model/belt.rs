//! Conveyors and queues.
//!
//! The numbers that a belt is charged with, and those that it is asked with, are given in the order in which the run-time code takes
//! them. The constants here are the numbers among them that stand for a choice.

use crate::model::expr::Expr;
use crate::model::id::VarId;

/// Flag: material comes in whole units.
pub const DISCRETE: f64 = 1.0;
/// Flag: leaks take a fraction of what is there.
pub const EXPONENTIAL: f64 = 2.0;
/// Flag: a leak finds all that came in, whatever others took in earlier zones.
pub const IGNORES_LOSSES: f64 = 4.0;

/// Kind of an inflow: it asks, and gets what there is room for.
pub const ASKS: f64 = 0.0;
/// Kind of an inflow: a conveyor drives it.
pub const DRIVEN: f64 = 1.0;
/// Kind of an inflow: a queue drives it.
pub const SERVED: f64 = 2.0;

/// Spread of an inflow: at the entry.
pub const AT_ENTRY: f64 = 0.0;
/// Spread of an inflow: the same onto each slat.
pub const EVEN: f64 = 1.0;
/// Spread of an inflow: in proportion to what is there.
pub const AS_THERE: f64 = 2.0;
/// Spread of an inflow that is a leak of another conveyor: where it leaked there.
pub const AS_LEAKED: f64 = 3.0;
/// Spread of an inflow: by the first distribution; the n-th one is `BY_TABLE + n`.
pub const BY_TABLE: f64 = 4.0;

/// A conveyor or a queue; for each combination of its state's extents there is one of its own.
#[derive(Clone, Debug)]
pub struct Belt {
    /// The stock that it is.
    pub stock: VarId,
    /// The number of its first element: those of all belts are counted together, in the order of their stocks, and an error word names
    /// one by its number.
    pub first: u64,
    /// A queue; else a conveyor.
    pub is_queue: bool,
    /// Room for so many slats or batches.
    pub cells: u32,
    /// How many leaks.
    pub leaks: u32,
    /// How many inflows, for a conveyor.
    pub inflows: u32,
    /// How many distributions.
    pub tables: u32,
    /// Points of all distributions.
    pub points: u32,
    /// Room for what is noted of the conveyors that leak into it: for each inflow that is spread as it leaked one, and the slats of
    /// the conveyor.
    pub notes: u32,
    /// What it is charged with at the start. A queue: its volume. A conveyor: `flags, transit, n_leaks, n_inflows, n_tables, n_values`,
    /// then `start, end, integers` for each leak, `kind, spread, slats to be noted` for each inflow, `n, x..., y...` for each distribution, a fraction for
    /// each leak, and the initial values. `n_values` is 0 when the one value is all contents in steady state, else the length of the list.
    pub start: Vec<Expr>,
    /// What a step needs. A queue: `inflow, outflow`. A conveyor: `held, sample, transit`, a fraction for each leak,
    /// `arrest, capacity, in_limit, time, removed`, and a rate for each inflow.
    pub advance: Vec<Expr>,
}

impl Default for Belt {
    fn default() -> Self {
        Self {
            stock: VarId(0),
            first: 0,
            is_queue: false,
            cells: 1,
            leaks: 0,
            inflows: 0,
            tables: 0,
            points: 0,
            notes: 0,
            start: Vec::new(),
            advance: Vec::new(),
        }
    }
}
