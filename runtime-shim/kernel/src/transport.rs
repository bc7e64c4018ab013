//! Transports: stocks that know the order in which their contents came in. A conveyor carries material from its entry to its exit; a queue
//! keeps batches until they are served.
//!
//! A transport is a slice of f64s, the same in every engine and in an artifact's memory: a header, what is known of each leak and of each
//! inflow, distributions, and *cells*: the slats of a conveyor, counted from its exit, or the batches of a queue, counted from its
//! front. The cells are places of a ring; `HEAD` is the place of cell 0. [`words`] says how long a transport is.
//!
//! What a transport shows ([`Query`]s that measure) depends on its state at the beginning of a step and on arguments alone. Measuring writes
//! nothing but scratch space: in any order, any number of times. [`advance`] changes the state; [`conveyor::trace`] writes notes that it reads.

pub mod conveyor;
mod leak;
pub mod queue;
mod shape;

/// Words of the header.
pub const HEADER_WORDS: usize = 16;
/// Words that a conveyor keeps of each leak.
pub const LEAK_WORDS: usize = 4;
/// Words that a conveyor keeps of each inflow.
pub const INFLOW_WORDS: usize = 5;
/// The most leaks that a conveyor may have.
pub const MAX_LEAKS: usize = 16;
/// The most cells that a conveyor or queue may have.
pub const MAX_CELLS: u32 = 1_000_000;

/// The number of this element among those of all conveyors, then all queues: the high half of the error word.
const WHICH: usize = 0;
/// The step.
const DT: usize = 1;
/// Room for that many cells.
const CELLS: usize = 2;
/// How many leaks.
const N_LEAKS: usize = 3;
/// How many inflows.
const N_INFLOWS: usize = 4;
/// Sum of the flags of [`conveyor`].
const FLAGS: usize = 5;
/// Cells in use.
const LEN: usize = 6;
/// Place of cell 0.
const HEAD: usize = 7;
/// The transit time that was taken up last.
const LATCHED: usize = 8;
/// Sum of all cells, from cell 0 on.
const CONTENTS: usize = 9;
/// What has been let in within the present unit of time.
const LET_IN: usize = 10;
/// That unit of time.
const TIME_UNIT: usize = 11;
/// Words of distributions and notes, between the inflows and the cells.
const EXTRA: usize = 12;

/// Part of a unit, or of a step, by which rounding may make a number miss a whole one.
const TOLERANCE: f64 = 1e-9;

macro_rules! queries {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal $min_args:literal $kind:ident($exports:expr);)*) => {
        /// What can be asked of a transport. Two of them are its kinds instead, for [`initialise`] and [`advance`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Query {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Query {
            /// All queries in order.
            pub const ALL: &'static [Query] = &[$(Query::$variant),*];

            /// The name in the IR's text.
            pub fn name(self) -> &'static str {
                match self {
                    $(Query::$variant => $name,)*
                }
            }

            /// How many arguments it takes at least when it measures.
            pub fn min_args(self) -> usize {
                match self {
                    $(Query::$variant => $min_args,)*
                }
            }

            fn exports(self) -> Exports {
                match self {
                    $(Query::$variant => Exports::$kind($exports),)*
                }
            }
        }
    };
}

/// What a query does, by the exports of `kernel.wasm` that do it.
enum Exports {
    /// It measures: `(transport: i32, words: i32, n_args: i32) -> f64`.
    Measure(&'static str),
    /// It initialises and advances: `(transport: i32, words: i32, n_args: i32) -> i64`, each.
    Change([&'static str; 2]),
}

queries! {
    /// `()`: the sum of all cells.
    Contents "contents" 0 Measure("simc_transport_contents");
    /// `(n)`: a cell, counted from 1; NaN where there is none.
    Cell "cell" 1 Measure("simc_transport_cell");
    /// `()`: the least cell, 0 when there is none.
    Least "least" 0 Measure("simc_transport_least");
    /// `()`: the greatest cell, 0 when there is none.
    Greatest "greatest" 0 Measure("simc_transport_greatest");
    /// `()`: the mean of all cells, 0 when there is none.
    Mean "mean" 0 Measure("simc_transport_mean");
    /// `()`: their population standard deviation, 0 when there is none.
    Deviation "deviation" 0 Measure("simc_transport_deviation");
    /// `()`: how many cells there are.
    Count "count" 0 Measure("simc_transport_count");
    /// `()`: the transit time that the transport has taken up.
    Transit "transit" 0 Measure("simc_transport_transit");
    /// `(arrest, held, fractions...)`: the rate at which material leaves a conveyor at its exit. See [`conveyor`].
    Outflow "outflow" 2 Measure("simc_transport_outflow");
    /// `(leak, arrest, fractions...)`: the rate of a leak, counted from 0.
    Leak "leak" 2 Measure("simc_transport_leak");
    /// `(arrest, capacity, in_limit, time, removed, inflows...)`: the volume that may still enter a conveyor.
    Room "room" 5 Measure("simc_transport_room");
    /// `(inflow, arrest, capacity, in_limit, time, removed, inflows...)`: the rate at which an inflow, counted from 0, is let in.
    Admit "admit" 6 Measure("simc_transport_admit");
    /// `(before, request, one_at_a_time, batch_integrity, inflows...)`: the rate of an outflow of a queue. See [`queue`].
    Serve "serve" 4 Measure("simc_transport_serve");
    /// The same: the rate at which that outflow would take more if it could.
    Refuse "refuse" 4 Measure("simc_transport_refuse");
    /// A conveyor: initialised, or taken to the next step.
    Conveyor "conveyor" 0 Change(["simc_conveyor_initialise", "simc_conveyor_advance"]);
    /// A queue: likewise.
    Queue "queue" 0 Change(["simc_queue_initialise", "simc_queue_advance"]);
}

impl Query {
    /// The export of `kernel.wasm` that measures it: `(transport: i32, words: i32, n_args: i32) -> f64`. None when it measures nothing.
    pub fn measure_export(self) -> Option<&'static str> {
        match self.exports() {
            Exports::Measure(export) => Some(export),
            Exports::Change(_) => None,
        }
    }

    /// The exports that initialise and advance it: `(transport: i32, words: i32, n_args: i32) -> i64`. None when it measures.
    pub fn change_exports(self) -> Option<[&'static str; 2]> {
        match self.exports() {
            Exports::Measure(_) => None,
            Exports::Change(exports) => Some(exports),
        }
    }

    /// Whether it only measures.
    pub fn is_measure(self) -> bool {
        self.measure_export().is_some()
    }
}

/// The sizes that a transport's memory depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Room for that many cells.
    pub cells: u32,
    /// How many leaks.
    pub leaks: u32,
    /// How many inflows.
    pub inflows: u32,
    /// Words of all distributions, and of what is noted of other transports: one and the room of that transport, each.
    pub extra: u32,
    /// The most arguments that any of its queries is given.
    pub args: u32,
}

/// Words of a transport, its arguments included, which a caller in an artifact puts into the last words.
pub fn words(sizes: Sizes) -> u64 {
    let per_cell = 1 + if sizes.leaks > 0 { 1 + 2 * u64::from(sizes.leaks) } else { 0 };
    HEADER_WORDS as u64
        + LEAK_WORDS as u64 * u64::from(sizes.leaks)
        + INFLOW_WORDS as u64 * u64::from(sizes.inflows)
        + u64::from(sizes.extra)
        + per_cell * u64::from(sizes.cells)
        + u64::from(sizes.args)
}

/// What a transport shows. Scratch space is all that changes.
///
/// Inlined, as [`initialise`] and [`advance`] are, so that each export of `kernel.wasm` has its own query alone: artifacts hold no other, and
/// engines that compile small functions alone compile all.
///
/// # Panics
/// When the query measures nothing, or when the transport or the arguments are too short: a bug of the caller.
#[inline(always)]
pub fn measure(query: Query, transport: &mut [f64], args: &[f64]) -> f64 {
    match query {
        Query::Contents => transport[CONTENTS],
        Query::Cell => cell(transport, args[0]),
        Query::Least => Cells::new(transport).iter().reduce(f64::min).unwrap_or(0.0),
        Query::Greatest => Cells::new(transport).iter().reduce(f64::max).unwrap_or(0.0),
        Query::Mean => mean(transport),
        Query::Deviation => deviation(transport),
        Query::Count => transport[LEN],
        Query::Transit => transport[LATCHED],
        Query::Outflow => conveyor::outflow(transport, args),
        Query::Leak => conveyor::leak_rate(transport, args),
        Query::Room => conveyor::room(transport, args),
        Query::Admit => conveyor::admit(transport, args),
        Query::Serve => queue::serve(transport, args),
        Query::Refuse => queue::refuse(transport, args),
        Query::Conveyor | Query::Queue => panic!("{} is no measure", query.name()),
    }
}

/// Fills a transport at the start of a run; gives the error word, 0 when all is well.
///
/// # Panics
/// As [`measure`].
#[inline(always)]
pub fn initialise(query: Query, transport: &mut [f64], args: &[f64]) -> u64 {
    match query {
        Query::Conveyor => conveyor::initialise(transport, args),
        Query::Queue => queue::initialise(transport, args),
        Query::Contents
        | Query::Cell
        | Query::Least
        | Query::Greatest
        | Query::Mean
        | Query::Deviation
        | Query::Count
        | Query::Transit
        | Query::Outflow
        | Query::Leak
        | Query::Room
        | Query::Admit
        | Query::Serve
        | Query::Refuse => panic!("{} cannot be initialised", query.name()),
    }
}

/// Takes a transport to the next step; gives the error word, 0 when all is well.
///
/// # Panics
/// As [`measure`].
#[inline(always)]
pub fn advance(query: Query, transport: &mut [f64], args: &[f64]) -> u64 {
    match query {
        Query::Conveyor => conveyor::advance(transport, args),
        Query::Queue => queue::advance(transport, args),
        Query::Contents
        | Query::Cell
        | Query::Least
        | Query::Greatest
        | Query::Mean
        | Query::Deviation
        | Query::Count
        | Query::Transit
        | Query::Outflow
        | Query::Leak
        | Query::Room
        | Query::Admit
        | Query::Serve
        | Query::Refuse => panic!("{} does not advance", query.name()),
    }
}

/// The export of `kernel.wasm` for [`conveyor::trace`]: `(transport: i32, words: i32, source: i32, words: i32, n_args: i32) -> f64`, the
/// arguments in the last words of the source.
pub const TRACE_EXPORT: &str = "simc_transport_trace";

/// The fewest arguments of [`conveyor::trace`].
pub const MIN_TRACE_ARGS: usize = 3;

/// The error word after a transport has given another one, which may be 0 for none: of those of transports the lesser one, whatever order they
/// come in.
pub fn first_error(word: u64, another: u64) -> u64 {
    // A NaN target is no error of a transport, and any of these takes its place.
    let is_none_of_a_transport = word == 0 || word == u64::from(crate::abi::ERROR_NAN_TARGET);
    if another != 0 && (is_none_of_a_transport || another < word) { another } else { word }
}

/// Whether a number that comes as one is true.
fn is_true(x: f64) -> bool {
    x != 0.0 && !x.is_nan()
}

/// A rate or volume as it counts: never negative, and 0 for NaN.
fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

/// The whole units of a number, those included that rounding has taken the last bit of.
fn whole(x: f64) -> f64 {
    libm::floor(x + TOLERANCE)
}

/// The error word of a transport.
fn fault(transport: &[f64], code: u32) -> u64 {
    (transport[WHICH] as u64) << 32 | u64::from(code)
}

/// Where the cells begin.
fn first_cell(transport: &[f64]) -> usize {
    HEADER_WORDS
        + LEAK_WORDS * transport[N_LEAKS] as usize
        + INFLOW_WORDS * transport[N_INFLOWS] as usize
        + transport[EXTRA] as usize
}

/// The cells of a transport.
struct Cells<'a> {
    places: &'a [f64],
    head: usize,
    len: usize,
}

impl<'a> Cells<'a> {
    fn new(transport: &'a [f64]) -> Self {
        let first = first_cell(transport);
        let places = &transport[first..first + transport[CELLS] as usize];
        Self { places, head: transport[HEAD] as usize, len: transport[LEN] as usize }
    }

    /// Cell 0 first.
    fn iter(&self) -> impl Iterator<Item = f64> + use<'a> {
        let in_row = self.len.min(self.places.len() - self.head.min(self.places.len()));
        let (back, front) = self.places.split_at(self.head);
        front[..in_row].iter().chain(&back[..self.len - in_row]).copied()
    }

    fn sum(&self) -> f64 {
        self.iter().fold(0.0, |sum, x| sum + x)
    }
}

/// Where a cell is among the places of a transport with room for that many.
fn place(head: usize, index: usize, cells: usize) -> usize {
    let place = head + index;
    if place < cells { place } else { place - cells }
}

fn cell(transport: &[f64], n: f64) -> f64 {
    let counted = libm::floor(n);
    let cells = Cells::new(transport);
    if counted >= 1.0 && counted <= cells.len as f64 {
        cells.places[place(cells.head, counted as usize - 1, cells.places.len())]
    } else {
        f64::NAN
    }
}

fn mean(transport: &[f64]) -> f64 {
    if transport[LEN] == 0.0 { 0.0 } else { transport[CONTENTS] / transport[LEN] }
}

fn deviation(transport: &[f64]) -> f64 {
    if transport[LEN] == 0.0 {
        return 0.0;
    }
    let mean = mean(transport);
    let squares = Cells::new(transport).iter().fold(0.0, |sum, x| sum + (x - mean) * (x - mean));
    libm::sqrt(squares / transport[LEN])
}

#[cfg(test)]
mod tests;
