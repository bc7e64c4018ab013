//! The contract of artifacts as code: what a host, a tool or a compiler has to know of one, and
//! nothing of how it is made. `docs/artifact.md` is the same contract for people.

// the module: what it exports, what its error word says, what it tells of events
mod error;
mod event;
pub mod export;

// the section `simc.layout`: its content, and its bytes
mod decode;
mod digest;
mod encode;
mod layout;
mod wire;

// a whole artifact
mod read;

#[cfg(test)]
mod tests;

pub use decode::{DecodeError, Reason, decode_layout};
pub use digest::layout_digest;
pub use encode::encode_layout;
pub use error::{ErrorCode, ErrorWord};
pub use event::{RunState, decode_record};
pub use layout::threshold::{Event, Repeat, Threshold};
pub use layout::{
    Control, ControlKind, Dimension, Entry, Extension, Group, InputTable, Inputs, Kind, Link, MAX_ELEMENT_ENTRIES,
    Origin, ReadFile, Region, SettableElements, Sign, Time, Transport, TransportKind, Variable, WasmLayout,
};
pub use read::{Artifact, Export, Producer, Section, read};

// what the artifact's own mathematics shares with its hosts
pub use kernel::abi::{
    CANONICAL_NAN, DT_SLOT, FINAL_TIME_SLOT, INITIAL_TIME_SLOT, Method, RESERVED_SLOTS, TIME_SLOT, event_capacity,
    step_time, steps_until,
};
pub use kernel::event::{Action, Direction, RECORD_BYTES, Record};
pub use kernel::lookup::Kind as TableKind;
