//! What an artifact exports: names and types, each here and nowhere else.

use std::fmt;

/// The memory.
pub const MEMORY: &str = "memory";
/// f64s in a row.
pub const N_SLOTS: &str = "n_slots";
/// Rows of the results region.
pub const N_CHUNKS: &str = "n_chunks";
/// Byte offset of the results region.
pub const RESULTS_OFFSET: &str = "results_offset";
/// Rows saved so far.
pub const SAVED_STEPS: &str = "saved_steps";
/// Resets, then runs to the stop time.
pub const RUN: &str = "run";
/// Takes every step whose time is at most the target.
pub const RUN_TO: &str = "run_to";
/// Evaluates the first row.
pub const RUN_INITIALS: &str = "run_initials";
/// Goes back to the start and keeps what is overridden.
pub const RESET: &str = "reset";
/// Overrides the constant at a slot; gives a status.
pub const SET_VALUE: &str = "set_value";
/// Drops all that is overridden.
pub const CLEAR_VALUES: &str = "clear_values";
/// Gives the [error word](crate::ErrorWord).
pub const GET_ERROR: &str = "get_error";

/// Gives the [digest](crate::layout_digest) of the section [`LAYOUT_SECTION`], which code that is made of an artifact keeps.
pub const LAYOUT_DIGEST: &str = "layout_digest";

/// Byte offset of the numbers that a host writes.
pub const INPUTS_OFFSET: &str = "inputs_offset";
/// How many f64s a host can write there: none where nothing can be set.
pub const INPUTS_CAPACITY: &str = "inputs_capacity";
/// Overrides constants side by side, from a first slot on, as many as are said; gives a status.
pub const SET_VALUES: &str = "set_values";
/// Replaces the points of the graphical function with a number, as many as are said; gives a status.
pub const SET_TABLE: &str = "set_table";

/// 0, or 1 when an event has paused the run, or 2 when one has stopped it: a
/// [`RunState`](crate::RunState).
pub const RUN_STATE: &str = "run_state";
/// Events that have fired since the instance was new or reset.
pub const EVENT_COUNT: &str = "event_count";
/// Lets events that pause do so from now on, or not, as they do not in a new instance.
pub const PAUSE_ON_EVENTS: &str = "pause_on_events";
/// Byte offset of the records of events that have fired.
pub const EVENTS_OFFSET: &str = "events_offset";
/// How many records are kept.
pub const EVENTS_CAPACITY: &str = "events_capacity";

/// The custom section in which an artifact [describes itself](crate::WasmLayout).
pub const LAYOUT_SECTION: &str = "simc.layout";

/// An export of artifacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportSpec {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: ExportType,
    /// Which artifacts have it.
    pub presence: Presence,
}

/// The type of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportType {
    /// A memory of fixed size.
    Memory,
    /// A global i32 that never changes.
    Constant,
    /// A global i32 that the artifact changes.
    Variable,
    /// A function with the types of its parameters and results.
    Function(&'static [Number], &'static [Number]),
}

/// The type of a parameter or result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// An unsigned or signed integer of 32 bits.
    I32,
    /// One of 64 bits.
    I64,
    /// A double.
    F64,
}

/// Which artifacts have an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// All of them.
    Always,
    /// Those whose graphical functions can be set.
    TableInputs,
    /// Those with events.
    Events,
}

/// All exports that there are.
pub const EXPORTS: [ExportSpec; 22] = {
    use ExportType::{Constant, Function, Memory, Variable};
    use Number::{F64, I32, I64};
    use Presence::{Always, Events, TableInputs};
    const NULLARY: ExportType = Function(&[], &[]);
    [
        spec(MEMORY, Memory, Always),
        spec(N_SLOTS, Constant, Always),
        spec(N_CHUNKS, Constant, Always),
        spec(RESULTS_OFFSET, Constant, Always),
        spec(SAVED_STEPS, Variable, Always),
        spec(RUN, NULLARY, Always),
        spec(RUN_TO, Function(&[F64], &[]), Always),
        spec(RUN_INITIALS, NULLARY, Always),
        spec(RESET, NULLARY, Always),
        spec(SET_VALUE, Function(&[I32, F64], &[I32]), Always),
        spec(CLEAR_VALUES, NULLARY, Always),
        spec(GET_ERROR, Function(&[], &[I64]), Always),
        spec(LAYOUT_DIGEST, Function(&[], &[I64]), Always),
        spec(INPUTS_OFFSET, Constant, Always),
        spec(INPUTS_CAPACITY, Constant, Always),
        spec(SET_VALUES, Function(&[I32, I32], &[I32]), Always),
        spec(SET_TABLE, Function(&[I32, I32], &[I32]), TableInputs),
        spec(RUN_STATE, Variable, Events),
        spec(EVENT_COUNT, Variable, Events),
        spec(PAUSE_ON_EVENTS, Function(&[I32], &[]), Events),
        spec(EVENTS_OFFSET, Constant, Events),
        spec(EVENTS_CAPACITY, Constant, Events),
    ]
};

const fn spec(name: &'static str, ty: ExportType, presence: Presence) -> ExportSpec {
    ExportSpec { name, ty, presence }
}

impl fmt::Display for ExportType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExportType::Memory => f.write_str("memory, as large at first as at most"),
            ExportType::Constant => f.write_str("global i32, constant"),
            ExportType::Variable => f.write_str("global i32, mutable"),
            ExportType::Function(params, results) => {
                let list = |numbers: &[Number]| numbers.iter().map(|it| it.name()).collect::<Vec<_>>().join(", ");
                match results {
                    [result] => write!(f, "({}) -> {}", list(params), result.name()),
                    results => write!(f, "({}) -> ({})", list(params), list(results)),
                }
            }
        }
    }
}

impl Number {
    /// Its name in the text format of WebAssembly.
    pub fn name(self) -> &'static str {
        match self {
            Number::I32 => "i32",
            Number::I64 => "i64",
            Number::F64 => "f64",
        }
    }
}
