//! Six engines with one interface: what the artifact's exports do, done by each of them.

use kernel::event::{Action, Record};
use sha2::{Digest, Sha256};

pub use crate::engine::interp::InterpEngine;
pub use crate::engine::native::NativeEngine;
pub use crate::engine::node::{Node, NodeJob};
pub use crate::engine::oracle::OracleEngine;
pub use crate::engine::wasmi::WasmiEngine;
pub use crate::engine::wasmtime::WasmtimeEngine;

mod interp;
mod native;
mod node;
mod oracle;
mod wasmi;
mod wasmtime;

/// One call of an export.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// `set_value(slot, value)`
    SetValue(i32, f64),
    /// `set_values(first slot, count)`, the values written before it
    SetValues(i32, Vec<f64>),
    /// `set_table(table, count)`, the points written before it
    SetTable(i32, Vec<[f64; 2]>),
    /// `clear_values()`
    ClearValues,
    /// `run_initials()`
    RunInitials,
    /// `run_to(target)`
    RunTo(f64),
    /// `run()`
    Run,
    /// `reset()`
    Reset,
    /// `pause_on_events(on)`, where there are events
    PauseOnEvents(bool),
}

/// All that a host can see after a call, bit for bit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// What `set_value`, `set_values` or `set_table` returned; 0 for the other calls.
    pub returned: i32,
    /// `saved_steps`.
    pub saved: u64,
    /// `get_error()`.
    pub error: u64,
    /// Bits of the live chunk.
    pub live: Vec<u64>,
    /// SHA-256 of the bytes of the saved rows.
    pub rows: [u8; 32],
    /// `run_state`; 0 where there are no events.
    pub state: u32,
    /// How many events have fired, and the last records of them that an artifact keeps, each as four words.
    pub events: (u64, Vec<[u64; 4]>),
}

/// Something that lives the life of an instance.
pub trait Engine {
    /// For messages.
    fn name(&self) -> &'static str;

    /// Does what the export does and returns the status of what sets something, or 0. An export that an artifact does not have
    /// returns 1.
    fn call(&mut self, op: Op) -> i32;

    /// The live chunk.
    fn live(&mut self) -> Vec<f64>;

    /// The saved rows, one after the other.
    fn rows(&mut self) -> Vec<f64>;

    /// How many rows are saved.
    fn saved(&mut self) -> u64;

    /// The error word.
    fn error(&mut self) -> u64;

    /// What an event has done to the run: 0 nothing, 1 it pauses, 2 it is over.
    fn state(&mut self) -> u32;

    /// How many events have fired, and the last records of them that an artifact keeps, oldest first.
    fn events(&mut self) -> (u64, Vec<[u64; 4]>);

    /// Does a call and looks at everything.
    fn observe(&mut self, op: Op) -> Snapshot {
        let returned = self.call(op);
        Snapshot {
            returned,
            saved: self.saved(),
            error: self.error(),
            live: bits(&self.live()),
            rows: digest(&self.rows()),
            state: self.state(),
            events: self.events(),
        }
    }
}

/// Whether only engines that interpret take part, as `SIMC_ENGINES=interpreted` asks: compiling an artifact takes longer than
/// interpreting it, if the run is short.
pub fn only_interpreted() -> bool {
    std::env::var_os("SIMC_ENGINES").is_some_and(|engines| engines == "interpreted")
}

/// The artifact in wasmtime, or in wasmi if only engines that interpret take part.
pub fn artifact(wasm: &[u8]) -> Box<dyn Engine> {
    if only_interpreted() { Box::new(WasmiEngine::new(wasm)) } else { Box::new(WasmtimeEngine::new(wasm)) }
}

/// The bits of numbers.
pub fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// SHA-256 of numbers as an artifact's memory holds them.
pub fn digest(values: &[f64]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for value in values {
        hash.update(value.to_le_bytes());
    }
    hash.finalize().into()
}

/// Little-endian bytes as numbers.
pub fn numbers(bytes: &[u8]) -> Vec<f64> {
    bytes.chunks_exact(8).map(|chunk| f64::from_le_bytes(chunk.try_into().expect("chunks of 8"))).collect()
}

/// The number of an action that has ended a run.
fn state_of(action: Action) -> u32 {
    match action {
        Action::Message => 0,
        Action::Pause => 1,
        Action::Stop => 2,
    }
}

/// A record as an artifact's memory holds it.
fn record_words(record: &Record) -> [u64; 4] {
    let Record { event, element, step, time, value } = *record;
    [u64::from(event) | u64::from(element) << 32, step, time.to_bits(), value.to_bits()]
}

/// Of all records those that an artifact keeps.
fn kept(records: Vec<[u64; 4]>, capacity: u64) -> (u64, Vec<[u64; 4]>) {
    let n = records.len();
    let first = n.saturating_sub(usize::try_from(capacity).expect("a small model"));
    (n as u64, records[first..].to_vec())
}

/// The records in an artifact's memory.
fn records(memory: &[u8], offset: usize, capacity: usize, count: usize) -> (u64, Vec<[u64; 4]>) {
    let record = |number: usize| {
        let at = offset + number % capacity * 32;
        [0, 8, 16, 24].map(|word| u64::from_le_bytes(memory[at + word..][..8].try_into().expect("eight bytes")))
    };
    (count as u64, (count.saturating_sub(capacity)..count).map(record).collect())
}

/// Writes numbers into an artifact's memory where it takes those of a host. Those beyond its capacity are left out: a call that counts
/// them is refused.
fn write_inputs(memory: &mut [u8], offset: usize, capacity: usize, values: &[f64]) {
    for (place, value) in memory[offset..].chunks_exact_mut(8).zip(values).take(capacity) {
        place.copy_from_slice(&value.to_le_bytes());
    }
}

/// Memory that a reference engine may take in a test, in bytes.
const MEMORY_LIMIT: u64 = 1 << 30;
