//! Engines that run a model: the artifact itself in an embedded wasm engine or as native code, and the two reference engines.

use simc_artifact::{ErrorCode, ErrorWord, Extension, Record, RunState};
use simc_model::diagnostic::{Code, Diagnostic};

use crate::results::Rows;

pub use interp::InterpEngine;
pub use native::NativeEngine;
pub use oracle::OracleEngine;
pub use wasm::WasmEngine;

mod interp;
pub mod native;
mod oracle;
mod wasm;

/// Codes of what can be wrong with an artifact or go wrong when it runs.
pub mod code {
    use super::Code;

    /// The bytes are no valid WebAssembly module.
    pub const NOT_WASM: Code = Code(601);
    /// The module is not one that simc made: it lacks what every artifact has.
    pub const NOT_AN_ARTIFACT: Code = Code(602);
    /// The module says of itself what is not so.
    pub const CONTRADICTORY: Code = Code(603);
    /// The run stopped where artifacts of simc never stop.
    pub const TRAPPED: Code = Code(604);
    /// The model stopped with a run-time error.
    pub const RUN_TIME_ERROR: Code = Code(605);
    /// The run ended before its last row.
    pub const INCOMPLETE: Code = Code(606);
    /// A reference engine would need more memory than it may take.
    pub const TOO_LARGE: Code = Code(607);
    /// The artifact has no native code.
    pub const NOT_TRANSLATED: Code = Code(608);
}

/// What is wrong with an artifact, or went wrong in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its code.
    pub code: Code,
    /// One sentence without a full stop.
    pub message: String,
}

/// Bytes that a run in a reference engine may take: those that a 32-bit memory has.
const REFERENCE_MEMORY: u64 = 1 << 32;

/// A model that can be run. Slots are those of the artifact, whatever the engine.
pub trait Engine: Rows {
    /// Overrides a settable constant; false when the slot is none.
    fn set_value(&mut self, slot: u64, value: f64) -> Result<bool, Fault>;

    /// Replaces the points of the graphical function with this number by pairs of x and y; false when there is none or these cannot be
    /// its points.
    fn set_table(&mut self, number: usize, points: &[[f64; 2]]) -> Result<bool, Fault>;

    /// Runs every step whose time is not after the target.
    fn run_to(&mut self, target: f64) -> Result<(), Fault>;

    /// Whether an event has ended the last run to a target that took a step.
    fn run_state(&mut self) -> RunState;

    /// How many events have fired, and the records of the last of them, as many as are kept, oldest first.
    fn events(&mut self) -> (u64, Vec<Record>);

    /// The error word; 0 when nothing went wrong.
    fn error(&mut self) -> Result<ErrorWord, Fault>;

    /// Whether the last row is saved.
    fn is_complete(&self) -> bool;
}

impl Fault {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl From<Fault> for Diagnostic {
    fn from(fault: Fault) -> Self {
        Diagnostic::error_without_place(fault.code, fault.message)
    }
}

/// Finishes a run and says what went wrong in it. `extension` knows the names of what can be at fault.
/// A run that events pause goes on; one that an event stops is over.
pub fn run_to_end(engine: &mut dyn Engine, extension: &Extension) -> Result<(), Fault> {
    loop {
        let (before, _) = engine.events();
        engine.run_to(f64::INFINITY)?;
        // Only an event pauses a run: a module that says otherwise would never come to its end.
        if engine.run_state() != RunState::Paused || engine.events().0 == before {
            break;
        }
    }
    let word = engine.error()?;
    if word != ErrorWord::default() {
        let (number, place) = (word.number(), word.place());
        let message = match word.code().and_then(ErrorCode::transport_fault) {
            Some(what) => {
                let name = extension
                    .transport_name(place)
                    .map_or_else(|| format!("conveyor or queue number {place}"), |name| format!("`{name}`"));
                format!("the run stopped with error {number}: {name} {what}")
            }
            None => format!("the run stopped with error {number} in variable {place}"),
        };
        return Err(Fault::new(code::RUN_TIME_ERROR, message));
    }
    if !engine.is_complete() && engine.run_state() != RunState::Stopped {
        let message = format!("the run ended after {} rows, before its last one", engine.n_rows());
        return Err(Fault::new(code::INCOMPLETE, message));
    }
    Ok(())
}

fn too_large(needed: u64, limit: u64) -> Fault {
    let message =
        format!("a run in this engine takes {needed} bytes of memory, more than the {limit} that it may take");
    Fault::new(code::TOO_LARGE, message)
}
