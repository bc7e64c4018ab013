//! What is evaluated one after the other.

use crate::model::dimension::Extent;
use crate::model::id::{RecurrenceId, StateId, VarId};

/// Something with a value in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A variable.
    Var(VarId),
    /// One clause of an arrayed variable whose clauses depend on one another; all clauses of such a variable are in an order one by one,
    /// and the variable as a whole does not.
    Clause(VarId, u32),
    /// A call of a stateful function.
    State(StateId),
    /// One element of a conveyor or queue, by its number in row-major order, where these depend on one another before the first step. All
    /// elements are in that order one by one then, and the call as a whole is not.
    Element(StateId, u32),
    /// Clauses of arrays that read one another's elements.
    Recurrence(RecurrenceId),
}

/// Clauses over one region whose elements read one another at other positions: all of them are computed at one position before any is
/// computed at the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// The clauses of variables in the order in which they are computed at each position; never empty.
    pub clauses: Vec<(VarId, u32)>,
    /// The positions, in each dimension from first to last unless [`descends`](Self::descends) says otherwise; the last dimension goes
    /// fastest.
    pub region: Vec<Extent>,
    /// For each dimension whether its positions come from last to first.
    pub descends: Vec<bool>,
}
