//! Roles: what a function is for, and what a slot holds.

use kernel::ring::HEADER_WORDS;

use crate::types::Variance;

/// What a function is for. Each role may be absent (nothing to do) or present in several parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FuncRole {
    /// Once a run and once after each override: fills `Run` and `Hoisted` slots from params.
    Prepare,
    /// Once, at t = start: fills stocks, levels, held slots and rings.
    Start,
    /// At a save step: writes the row with `out`, then the effects of a step: `rate`, `next`, `push`.
    /// Evaluated with the effects left out, it shows an instance at rest.
    Row,
    /// At a step that is not saved: the effects alone.
    Step,
    /// At the later stages of a Runge-Kutta step: `rate` alone. Absent under Euler.
    Stage,
    /// At the end of a Runge-Kutta step: `Pending` slots into held slots and rings. Absent under Euler.
    Commit,
}

impl FuncRole {
    /// All roles.
    pub const ALL: [FuncRole; 6] =
        [FuncRole::Prepare, FuncRole::Start, FuncRole::Row, FuncRole::Step, FuncRole::Stage, FuncRole::Commit];

    /// The name in text.
    pub fn name(self) -> &'static str {
        match self {
            FuncRole::Prepare => "prepare",
            FuncRole::Start => "start",
            FuncRole::Row => "row",
            FuncRole::Step => "step",
            FuncRole::Stage => "stage",
            FuncRole::Commit => "commit",
        }
    }
}

/// What a slot holds, who writes it and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotRole {
    /// Visible: the time of the row. Written by the stepper.
    Time,
    /// Visible: dt.
    Dt,
    /// Visible: initial time.
    StartTime,
    /// Visible: final time.
    StopTime,
    /// Visible: a stock. Started by `start`, integrated from its `rate`.
    Stock,
    /// Visible: a flow or auxiliary that changes from step to step. Only ever written by `out`: nothing loads it.
    Output,
    /// Visible: a settable constant or what follows from such constants alone. Written by `prepare`.
    Run,
    /// Hidden: a level inside a stateful function. Started by `start`, integrated from its `rate`.
    Level,
    /// Hidden: a number that `start` captures and that may be replaced at the end of a step by `next`.
    Held,
    /// Hidden: where a Runge-Kutta step keeps what its own evaluation gave: the `next` of a held slot or the `push` of a ring until the step
    /// ends, and what its later stages see unchanged.
    Pending,
    /// Hidden: computed once in `prepare`.
    Hoisted,
    /// Hidden: what a step leaves for the thresholds that look at it.
    Watched,
    /// Hidden: carries values within a role: elements from the loop that computes them to whatever reads others than its own, and a
    /// value from one part of a split function to the next part.
    Spill,
    /// A single number that a loop hands on from pass to pass: stored and loaded as often as need be, within one evaluation.
    Carry,
    /// Hidden: a pipeline with room for `capacity` numbers.
    Ring {
        /// The longest pipeline.
        capacity: u32,
    },
    /// Hidden: a conveyor or queue, which takes that many words. Initialised by `start`, taken on by `advance`.
    Transport {
        /// See [`kernel::transport::words`].
        words: u32,
    },
}

impl SlotRole {
    /// The name in text; a ring's capacity and a transport's words are not part of it.
    pub fn name(self) -> &'static str {
        match self {
            SlotRole::Time => "time",
            SlotRole::Dt => "dt",
            SlotRole::StartTime => "start",
            SlotRole::StopTime => "stop",
            SlotRole::Stock => "stock",
            SlotRole::Output => "output",
            SlotRole::Run => "run",
            SlotRole::Level => "level",
            SlotRole::Held => "held",
            SlotRole::Pending => "pending",
            SlotRole::Hoisted => "hoisted",
            SlotRole::Watched => "watched",
            SlotRole::Spill => "spill",
            SlotRole::Carry => "carry",
            SlotRole::Ring { .. } => "ring",
            SlotRole::Transport { .. } => "transport",
        }
    }

    /// Whether it is part of a row.
    pub fn is_visible(self) -> bool {
        match self {
            SlotRole::Time
            | SlotRole::Dt
            | SlotRole::StartTime
            | SlotRole::StopTime
            | SlotRole::Stock
            | SlotRole::Output
            | SlotRole::Run => true,
            SlotRole::Level
            | SlotRole::Held
            | SlotRole::Pending
            | SlotRole::Hoisted
            | SlotRole::Watched
            | SlotRole::Spill
            | SlotRole::Carry
            | SlotRole::Ring { .. }
            | SlotRole::Transport { .. } => false,
        }
    }

    /// Whether `rate` integrates it.
    pub fn is_level(self) -> bool {
        matches!(self, SlotRole::Stock | SlotRole::Level)
    }

    /// How many words of 8 bytes an element takes: a ring has its bookkeeping in front of its places, and a transport says it itself.
    pub fn words(self) -> u64 {
        match self {
            SlotRole::Ring { capacity } => HEADER_WORDS as u64 + u64::from(capacity),
            SlotRole::Transport { words } => u64::from(words),
            SlotRole::Time
            | SlotRole::Dt
            | SlotRole::StartTime
            | SlotRole::StopTime
            | SlotRole::Stock
            | SlotRole::Output
            | SlotRole::Run
            | SlotRole::Level
            | SlotRole::Held
            | SlotRole::Pending
            | SlotRole::Hoisted
            | SlotRole::Watched
            | SlotRole::Spill
            | SlotRole::Carry => 1,
        }
    }

    /// How often what is loaded from it can change.
    pub fn variance(self) -> Variance {
        match self {
            SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => Variance::Const,
            SlotRole::Run | SlotRole::Hoisted => Variance::Run,
            SlotRole::Time
            | SlotRole::Stock
            | SlotRole::Output
            | SlotRole::Level
            | SlotRole::Held
            | SlotRole::Pending
            | SlotRole::Watched
            | SlotRole::Spill
            | SlotRole::Carry
            | SlotRole::Ring { .. }
            | SlotRole::Transport { .. } => Variance::Step,
        }
    }
}
