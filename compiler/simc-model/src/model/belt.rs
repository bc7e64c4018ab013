//! Conveyors and queues.
//!
//! The numbers that a belt is charged with, and those that it is asked with, are given in the order in which the run-time code takes
//! them. The constants here are the numbers among them that stand for a choice.

use super::{Expr, Index, NodeId, StateId, VarId};

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

/// A question to a belt.
#[derive(Clone, Debug)]
pub struct BeltRead {
    /// The belt's state.
    pub state: StateId,
    /// Which of the belts: one subscript for each of the stock's dimensions.
    pub indices: Vec<Index>,
    /// The question.
    pub port: BeltPort,
    /// What it is asked with.
    pub args: Vec<NodeId>,
}

/// What a belt can be asked, with the numbers that go with it. Whatever it answers is about its state at the beginning of the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BeltPort {
    /// `()`: the sum of its slats or batches.
    Contents,
    /// `(n)`: the n-th slat from the exit, or batch from the front; NaN where there is none.
    Cell,
    /// `()`: the least of them; like the next three 0 when there is none.
    Least,
    /// `()`: the greatest.
    Greatest,
    /// `()`: their mean.
    Mean,
    /// `()`: their population standard deviation.
    Deviation,
    /// `()`: how many there are.
    Count,
    /// `()`: the transit time that holds.
    Transit,
    /// `(arrest, held, fractions...)`: what leaves at the exit.
    Outflow,
    /// `(leak, arrest, fractions...)`: what a leak takes.
    Leak,
    /// `(inflow, leak, arrest, fractions...)`: what a leak takes, of which it is noted with an inflow of another belt from where. Only in
    /// what that belt advances by.
    Trace(StateId),
    /// `(arrest, capacity, in_limit, time, removed, inflows...)`: the volume that may come in.
    Room,
    /// `(inflow, arrest, capacity, in_limit, time, removed, inflows...)`: what is let in of an inflow.
    Admit,
    /// `(inflow, before, request, one_at_a_time, batch_integrity)`: what an outflow of a queue takes.
    Serve,
    /// The same: what it would take if it could.
    Refuse,
}

impl BeltPort {
    /// What it is called where models are printed.
    pub fn name(self) -> &'static str {
        match self {
            BeltPort::Contents => "contents",
            BeltPort::Cell => "cell",
            BeltPort::Least => "least",
            BeltPort::Greatest => "greatest",
            BeltPort::Mean => "mean",
            BeltPort::Deviation => "deviation",
            BeltPort::Count => "count",
            BeltPort::Transit => "transit",
            BeltPort::Outflow => "outflow",
            BeltPort::Leak => "leak",
            BeltPort::Trace(_) => "trace",
            BeltPort::Room => "room",
            BeltPort::Admit => "admit",
            BeltPort::Serve => "serve",
            BeltPort::Refuse => "refuse",
        }
    }
}
