//! Calls of functions that remember.

use crate::model::dimension::Extent;
use crate::model::expr::{Expr, ExprKind};
use crate::model::id::{TransportId, VarId};
use crate::model::index::NodeId;
use crate::model::vector::VectorFn;
use crate::source::Span;

/// A call of a function that remembers: its start, its value in a step and its advance at the end of one are in
/// `docs/semantics.md`. Each owns its memory.
#[derive(Clone, Debug)]
pub struct State {
    /// Which function.
    pub kind: StateKind,
    /// What is smoothed, delayed, ...
    pub input: Expr,
    /// Averaging or delay time; absent for PREVIOUS and INIT.
    pub time: Option<Expr>,
    /// Value, or trend, at the start; absent where the call has none and the default is the input. PREVIOUS, TREND and FORCST
    /// always have one, 0 by default; INIT never has.
    pub init: Option<Expr>,
    /// FORCST's horizon; how many levels of a shortened smooth or delay count, which stays as it is at the start; absent otherwise.
    pub horizon: Option<Expr>,
    /// The variable in whose equation the call is.
    pub owner: VarId,
    /// The loops of the owner's clause, then the extents of the reducers around the call: it has a memory for each combination, row-major.
    /// Inside its expressions they are [`Base::Loop`](super::Base::Loop) and [`Base::Bound`](super::Base::Bound) as for the owner.
    pub extents: Vec<Extent>,
    /// How many of `extents` are loops of the clause.
    pub n_loops: u32,
    /// The call.
    pub span: Span,
}

/// Functions that remember.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// SMTH1, SMTH3, SMTHN: `order` levels in series, each with `time/order`, all starting at `init` or the input.
    Smooth {
        /// Number of levels, at least 1.
        order: u32,
    },
    /// DELAY1, DELAY3, DELAYN: `order` levels of material, each starting at `init*time/order`.
    Delay {
        /// Number of levels, at least 1.
        order: u32,
    },
    /// Vensim's SMOOTH N: as [`Smooth`](StateKind::Smooth) of the last k of its levels, with `time/k` each, where k is `horizon` within
    /// 1 and `order`.
    ShortenedSmooth {
        /// Number of levels, at least 1.
        order: u32,
    },
    /// Vensim's DELAY N: as [`Delay`](StateKind::Delay) of the last k of its levels, with `time/k` each, where k is `horizon` within
    /// 1 and `order`.
    ShortenedDelay {
        /// Number of levels, at least 1.
        order: u32,
    },
    /// A stock within an expression: it starts at `init`, and the input is its net flow.
    Integral,
    /// TREND: fractional change of the input against its average.
    Trend,
    /// FORCST: the input extrapolated by its trend over `horizon`.
    Forecast,
    /// DELAY: a pipeline of `max(1, round(time/dt))` steps, the length taken at start.
    Pipeline,
    /// HISTORY: the input at the step of `time`, which is `floor((time - STARTTIME)/dt + 1e-6)`: 0 before the start (and for NaN), the
    /// present input from the present step on.
    History,
    /// IRR: the interest rate at which the payments up to the present one, the input, are worth nothing at the start; `time` where
    /// there is none. See [`kernel::returns`].
    Return,
    /// PREVIOUS: the input at the last completed step; `init` before (0 when absent).
    Previous,
    /// INIT: the input at start.
    Init,
    /// The input at the beginning of the step, which the later stages of a Runge-Kutta step see too.
    Frozen,
    /// A conveyor or queue, whose stock is the owner. It has no value, and its input is the number 0: what it is asked with and what
    /// its steps need is in [`Model::transports`](super::Model::transports).
    Transport(TransportId),
    /// A function of whole vectors, which remembers nothing: its input is computed again at each evaluation. It has no value; what it gives is
    /// read by [`ExprKind::Vector`]. An extent that its input does not depend on has length 1.
    Vector,
}

impl State {
    /// The vector function and what its inputs run over, if it is one.
    pub fn vector(&self) -> Option<(VectorFn, &[Extent])> {
        if self.kind != StateKind::Vector {
            return None;
        }
        let ExprKind::Arrange(function, operands) = &self.input.node(self.input.root()).kind else { return None };
        let ExprKind::Reduce(list) = &self.input.node(*operands.first()?).kind else { return None };
        Some((*function, &list.extents))
    }

    /// The inputs of a vector function, as nodes of its input; empty if it is none.
    pub fn lists(&self) -> &[NodeId] {
        let ExprKind::Arrange(function, operands) = &self.input.node(self.input.root()).kind else { return &[] };
        &operands[..function.inputs()]
    }
}

impl State {
    /// What its value in a step needs, given what it remembers. What a conveyor or queue is asked needs nothing but its state.
    pub fn value_exprs(&self) -> impl Iterator<Item = &Expr> {
        let needed: [Option<&Expr>; 3] = match self.kind {
            StateKind::Smooth { .. }
            | StateKind::ShortenedSmooth { .. }
            | StateKind::Integral
            | StateKind::Pipeline
            | StateKind::Previous
            | StateKind::Init
            | StateKind::Transport(_) => [None; 3],
            StateKind::ShortenedDelay { .. } => [self.time.as_ref(), self.horizon.as_ref(), None],
            StateKind::Vector | StateKind::Frozen => [Some(&self.input), None, None],
            StateKind::Delay { .. } => [self.time.as_ref(), None, None],
            StateKind::Trend | StateKind::History | StateKind::Return => [Some(&self.input), self.time.as_ref(), None],
            StateKind::Forecast => [Some(&self.input), self.time.as_ref(), self.horizon.as_ref()],
        };
        needed.into_iter().flatten()
    }

    /// What its start and then its first value need. What a conveyor or queue needs is in [`Transport::start_exprs`](super::Transport::start_exprs).
    pub fn start_exprs(&self) -> impl Iterator<Item = &Expr> {
        let init = self.init.as_ref();
        let time = self.time.as_ref();
        let filling = init.or(Some(&self.input));
        let needed = match self.kind {
            StateKind::Smooth { .. } | StateKind::ShortenedSmooth { .. } => [filling, None, None, None],
            StateKind::ShortenedDelay { .. } => [filling, time, self.horizon.as_ref(), None],
            StateKind::Delay { .. } | StateKind::Pipeline | StateKind::History | StateKind::Return => {
                [filling, time, None, None]
            }
            StateKind::Trend | StateKind::Forecast => [Some(&self.input), time, init, self.horizon.as_ref()],
            StateKind::Previous | StateKind::Integral => [init, None, None, None],
            StateKind::Init | StateKind::Frozen | StateKind::Vector => [Some(&self.input), None, None, None],
            StateKind::Transport(_) => [None; 4],
        };
        needed.into_iter().flatten()
    }
}
