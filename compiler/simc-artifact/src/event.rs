//! What a host reads of events that have fired.

use kernel::event::{Action, Record};

/// What events have done to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Nothing.
    Running,
    /// It waits to be continued.
    Paused,
    /// It is over.
    Stopped,
}

impl RunState {
    /// What a value of the global `run_state` means. Values that no artifact has mean nothing.
    pub fn from_number(number: u64) -> Self {
        match number {
            1 => RunState::Paused,
            2 => RunState::Stopped,
            _ => RunState::Running,
        }
    }
}

impl From<Action> for RunState {
    fn from(action: Action) -> Self {
        match action {
            Action::Message => RunState::Running,
            Action::Pause => RunState::Paused,
            Action::Stop => RunState::Stopped,
        }
    }
}

/// The record at the beginning of some bytes; what is missing at their end reads as 0.
pub fn decode_record(bytes: &[u8]) -> Record {
    let word = |n: usize| bytes.get(8 * n..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; 8]);
    let pair = u64::from_le_bytes(word(0));
    Record {
        // The low half, then the high one.
        event: pair as u32,
        element: (pair >> 32) as u32,
        step: u64::from_le_bytes(word(1)),
        time: f64::from_le_bytes(word(2)),
        value: f64::from_le_bytes(word(3)),
    }
}
