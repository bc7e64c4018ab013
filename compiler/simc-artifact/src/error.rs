//! The word that `get_error` gives: what went wrong in a run, and where.

use kernel::abi;

/// An error word: its code in the low 32 bits, what is at fault in the high 32 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorWord(pub u64);

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// `run_to` was given NaN.
    NanTarget,
    /// A conveyor begins with a transit time that is no positive number.
    TransitTime,
    /// A conveyor's transit time is longer than there is memory for.
    ConveyorTooLong,
    /// A queue has more batches than there is memory for.
    QueueFull,
}

impl ErrorWord {
    /// The number of its code; 0 when nothing went wrong.
    pub fn number(self) -> u32 {
        // The low half.
        self.0 as u32
    }

    /// Its code; none for a number that is no code.
    pub fn code(self) -> Option<ErrorCode> {
        ErrorCode::ALL.into_iter().find(|code| code.number() == self.number())
    }

    /// What is at fault: the number of an element among those of all conveyors and queues, which
    /// [`Extension::transport_name`](crate::Extension::transport_name) knows by name; 0 where it is none of them.
    pub fn place(self) -> u64 {
        self.0 >> 32
    }
}

impl ErrorCode {
    /// All of them.
    pub const ALL: [ErrorCode; 4] =
        [ErrorCode::NanTarget, ErrorCode::TransitTime, ErrorCode::ConveyorTooLong, ErrorCode::QueueFull];

    /// The number that stands for it.
    pub fn number(self) -> u32 {
        match self {
            ErrorCode::NanTarget => abi::ERROR_NAN_TARGET,
            ErrorCode::TransitTime => abi::ERROR_TRANSIT_TIME,
            ErrorCode::ConveyorTooLong => abi::ERROR_TRANSPORT_TOO_LONG,
            ErrorCode::QueueFull => abi::ERROR_QUEUE_FULL,
        }
    }

    /// What is wrong with the conveyor or queue at fault, as the predicate of a sentence about it;
    /// none where it is the fault of none.
    pub fn transport_fault(self) -> Option<&'static str> {
        match self {
            ErrorCode::NanTarget => None,
            ErrorCode::TransitTime => Some("begins with a transit time that is not above 0"),
            ErrorCode::ConveyorTooLong => Some("has a transit time that is longer than there is memory for"),
            ErrorCode::QueueFull => Some("has more batches than there is memory for"),
        }
    }
}
