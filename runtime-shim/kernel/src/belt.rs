//! Belts: stocks that know the order in which their contents came in. A conveyor carries material from its entry to its exit; a queue
//! keeps batches until they are served.
//!
//! A belt is a slice of f64s, the same in every engine and in an artifact's memory: a header, what is known of each leak and of each
//! inflow, distributions, and *cells*: the slats of a conveyor, counted from its exit, or the batches of a queue, counted from its
//! front. The cells are places of a circle; `HEAD` is the place of cell 0. [`words`] says how long a belt is.
//!
//! What a belt shows ([`Port`]s that measure) depends on its state at the beginning of a step and on arguments alone. Measuring writes
//! nothing but scratch space, so that it may happen in any order and any number of times. Only [`advance`] changes the state.

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
/// The most cells that a belt may have.
pub const MAX_CELLS: u32 = 1_000_000;

/// The belt's place in the row, for the error word.
const WHICH: usize = 0;
/// The step.
const DT: usize = 1;
/// Room for so many cells.
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

macro_rules! ports {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal $min_args:literal $kind:ident($exports:expr);)*) => {
        /// What can be asked of a belt or done to it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Port {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Port {
            /// All ports in order.
            pub const ALL: &'static [Port] = &[$(Port::$variant),*];

            /// The name in the IR's text.
            pub fn name(self) -> &'static str {
                match self {
                    $(Port::$variant => $name,)*
                }
            }

            /// How many arguments it takes at least when it measures.
            pub fn min_args(self) -> usize {
                match self {
                    $(Port::$variant => $min_args,)*
                }
            }

            fn exports(self) -> Exports {
                match self {
                    $(Port::$variant => Exports::$kind($exports),)*
                }
            }
        }
    };
}

/// What a port does, by the exports of `kernel.wasm` that do it.
enum Exports {
    /// It measures: `(belt: i32, words: i32, n_args: i32) -> f64`.
    Measure(&'static str),
    /// It charges and advances: `(belt: i32, words: i32, n_args: i32) -> i64`, each.
    Change([&'static str; 2]),
}

ports! {
    /// `()`: the sum of all cells.
    Contents "contents" 0 Measure("simc_belt_contents");
    /// `(n)`: a cell, counted from 1; NaN where there is none.
    Cell "cell" 1 Measure("simc_belt_cell");
    /// `()`: the least cell, 0 when there is none.
    Least "least" 0 Measure("simc_belt_least");
    /// `()`: the greatest cell, 0 when there is none.
    Greatest "greatest" 0 Measure("simc_belt_greatest");
    /// `()`: the mean of all cells, 0 when there is none.
    Mean "mean" 0 Measure("simc_belt_mean");
    /// `()`: their population standard deviation, 0 when there is none.
    Deviation "deviation" 0 Measure("simc_belt_deviation");
    /// `()`: how many cells there are.
    Count "count" 0 Measure("simc_belt_count");
    /// `()`: the transit time that the belt has taken up.
    Transit "transit" 0 Measure("simc_belt_transit");
    /// `(arrest, held, fractions...)`: the rate at which material leaves a conveyor at its exit. See [`conveyor`].
    Outflow "outflow" 2 Measure("simc_belt_outflow");
    /// `(leak, arrest, fractions...)`: the rate of a leak, counted from 0.
    Leak "leak" 2 Measure("simc_belt_leak");
    /// `(arrest, capacity, in_limit, time, removed, inflows...)`: the volume that may still enter a conveyor.
    Room "room" 5 Measure("simc_belt_room");
    /// `(inflow, arrest, capacity, in_limit, time, removed, inflows...)`: the rate at which an inflow, counted from 0, is let in.
    Admit "admit" 6 Measure("simc_belt_admit");
    /// `(inflow, before, request, one_at_a_time, batch_integrity)`: the rate of an outflow of a queue. See [`queue`].
    Serve "serve" 5 Measure("simc_belt_serve");
    /// The same: the rate at which that outflow would take more if it could.
    Refuse "refuse" 5 Measure("simc_belt_refuse");
    /// A conveyor: charged, or taken to the next step.
    Conveyor "conveyor" 0 Change(["simc_conveyor_charge", "simc_conveyor_advance"]);
    /// A queue: likewise.
    Queue "queue" 0 Change(["simc_queue_charge", "simc_queue_advance"]);
}

impl Port {
    /// The export of `kernel.wasm` that measures it: `(belt: i32, words: i32, n_args: i32) -> f64`. None when it measures nothing.
    pub fn measure_export(self) -> Option<&'static str> {
        match self.exports() {
            Exports::Measure(export) => Some(export),
            Exports::Change(_) => None,
        }
    }

    /// The exports that charge and advance it: `(belt: i32, words: i32, n_args: i32) -> i64`. None when it measures.
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

/// The sizes that a belt's memory depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Room for so many cells.
    pub cells: u32,
    /// How many leaks.
    pub leaks: u32,
    /// How many inflows.
    pub inflows: u32,
    /// Words of all distributions, and of what is noted of other belts: one and the room of that belt, each.
    pub extra: u32,
    /// The most arguments that any of its ports is given.
    pub args: u32,
}

/// Words of a belt, its arguments included, which a caller in an artifact puts into the last words.
pub fn words(sizes: Sizes) -> u64 {
    let per_cell = 1 + if sizes.leaks > 0 { 1 + 2 * u64::from(sizes.leaks) } else { 0 };
    HEADER_WORDS as u64
        + LEAK_WORDS as u64 * u64::from(sizes.leaks)
        + INFLOW_WORDS as u64 * u64::from(sizes.inflows)
        + u64::from(sizes.extra)
        + per_cell * u64::from(sizes.cells)
        + u64::from(sizes.args)
}

/// What a belt shows. Scratch space is all that changes.
///
/// # Panics
/// When the port measures nothing, or when the belt or the arguments are too short: a bug of the caller.
pub fn measure(port: Port, belt: &mut [f64], args: &[f64]) -> f64 {
    match port {
        Port::Contents => belt[CONTENTS],
        Port::Cell => cell(belt, args[0]),
        Port::Least => Cells::new(belt).iter().reduce(f64::min).unwrap_or(0.0),
        Port::Greatest => Cells::new(belt).iter().reduce(f64::max).unwrap_or(0.0),
        Port::Mean => mean(belt),
        Port::Deviation => deviation(belt),
        Port::Count => belt[LEN],
        Port::Transit => belt[LATCHED],
        Port::Outflow => conveyor::outflow(belt, args),
        Port::Leak => conveyor::leak_rate(belt, args),
        Port::Room => conveyor::room(belt, args),
        Port::Admit => conveyor::admit(belt, args),
        Port::Serve => queue::serve(belt, args),
        Port::Refuse => queue::refuse(belt, args),
        Port::Conveyor | Port::Queue => panic!("{} is no measure", port.name()),
    }
}

/// Fills a belt at the start of a run; gives the error word, 0 when all is well.
///
/// # Panics
/// As [`measure`].
pub fn charge(port: Port, belt: &mut [f64], args: &[f64]) -> u64 {
    match port {
        Port::Conveyor => conveyor::charge(belt, args),
        Port::Queue => queue::charge(belt, args),
        Port::Contents
        | Port::Cell
        | Port::Least
        | Port::Greatest
        | Port::Mean
        | Port::Deviation
        | Port::Count
        | Port::Transit
        | Port::Outflow
        | Port::Leak
        | Port::Room
        | Port::Admit
        | Port::Serve
        | Port::Refuse => panic!("{} cannot be charged", port.name()),
    }
}

/// Takes a belt to the next step; gives the error word, 0 when all is well.
///
/// # Panics
/// As [`measure`].
pub fn advance(port: Port, belt: &mut [f64], args: &[f64]) -> u64 {
    match port {
        Port::Conveyor => conveyor::advance(belt, args),
        Port::Queue => queue::advance(belt, args),
        Port::Contents
        | Port::Cell
        | Port::Least
        | Port::Greatest
        | Port::Mean
        | Port::Deviation
        | Port::Count
        | Port::Transit
        | Port::Outflow
        | Port::Leak
        | Port::Room
        | Port::Admit
        | Port::Serve
        | Port::Refuse => panic!("{} does not advance", port.name()),
    }
}

/// The export of `kernel.wasm` for [`conveyor::trace`]: `(belt: i32, words: i32, source: i32, words: i32, n_args: i32) -> f64`, the
/// arguments in the last words of the source.
pub const TRACE_EXPORT: &str = "simc_belt_trace";

/// The fewest arguments of [`conveyor::trace`].
pub const MIN_TRACE_ARGS: usize = 3;

/// The error word after a belt has given another one, which may be 0 for none: of those of belts the lesser one, whatever order they
/// come in.
pub fn first_error(word: u64, another: u64) -> u64 {
    // 0 and the code of a NaN target, 1, become the greatest numbers.
    if another.wrapping_sub(1) < word.wrapping_sub(2) { another } else { word }
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

/// The error word of a belt.
fn fault(belt: &[f64], code: u32) -> u64 {
    (belt[WHICH] as u64) << 32 | u64::from(code)
}

/// Where the cells begin.
fn first_cell(belt: &[f64]) -> usize {
    HEADER_WORDS + LEAK_WORDS * belt[N_LEAKS] as usize + INFLOW_WORDS * belt[N_INFLOWS] as usize + belt[EXTRA] as usize
}

/// The cells of a belt.
struct Cells<'a> {
    places: &'a [f64],
    head: usize,
    len: usize,
}

impl<'a> Cells<'a> {
    fn new(belt: &'a [f64]) -> Self {
        let first = first_cell(belt);
        let places = &belt[first..first + belt[CELLS] as usize];
        Self { places, head: belt[HEAD] as usize, len: belt[LEN] as usize }
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

/// Where a cell is among the places of a belt with room for so many.
fn place(head: usize, index: usize, cells: usize) -> usize {
    let place = head + index;
    if place < cells { place } else { place - cells }
}

fn cell(belt: &[f64], n: f64) -> f64 {
    let counted = libm::floor(n);
    let cells = Cells::new(belt);
    if counted >= 1.0 && counted <= cells.len as f64 {
        cells.places[place(cells.head, counted as usize - 1, cells.places.len())]
    } else {
        f64::NAN
    }
}

fn mean(belt: &[f64]) -> f64 {
    if belt[LEN] == 0.0 { 0.0 } else { belt[CONTENTS] / belt[LEN] }
}

fn deviation(belt: &[f64]) -> f64 {
    if belt[LEN] == 0.0 {
        return 0.0;
    }
    let mean = mean(belt);
    let squares = Cells::new(belt).iter().fold(0.0, |sum, x| sum + (x - mean) * (x - mean));
    libm::sqrt(squares / belt[LEN])
}

#[cfg(test)]
mod tests;
