//! What happens at the end of an evaluation.

use kernel::transport::Query;
use simc_ir::entity::{Slot, Value};
use simc_ir::opcode::Opcode;
use simc_model::model::StateKind;

/// What a state does at the end of an evaluation.
#[derive(Clone, Debug)]
pub(super) struct Advance {
    /// `rate`, `next`, `push` or `advance`.
    pub(super) opcode: Opcode,
    /// What advances.
    pub(super) slot: Slot,
    /// The query of a transport.
    pub(super) query: Option<Query>,
    /// The rate, what is taken up, or all that a transport needs.
    pub(super) values: Vec<Value>,
    /// Where a Runge-Kutta step keeps what is taken up.
    pub(super) pending: Option<Slot>,
    /// Which element.
    pub(super) indices: Vec<Value>,
}

/// What a state does to its memory at the end of an evaluation.
pub(super) fn advance_opcode(kind: StateKind) -> Opcode {
    match kind {
        StateKind::Smooth { .. }
        | StateKind::Delay { .. }
        | StateKind::ShortenedSmooth { .. }
        | StateKind::ShortenedDelay { .. }
        | StateKind::Integral
        | StateKind::Trend
        | StateKind::Forecast => Opcode::Rate,
        StateKind::Pipeline | StateKind::History | StateKind::Return => Opcode::Push,
        StateKind::Previous | StateKind::Init | StateKind::Frozen | StateKind::Vector => Opcode::Next,
        StateKind::Transport(_) => Opcode::Advance,
    }
}
