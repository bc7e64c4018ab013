//! Questions to conveyors and queues.

use crate::model::id::StateId;
use crate::model::index::{Index, NodeId};

/// A question to a transport.
#[derive(Clone, Debug)]
pub struct TransportRead {
    /// The transport's state.
    pub state: StateId,
    /// Which of the transports: one subscript for each of the stock's dimensions.
    pub indices: Vec<Index>,
    /// The question.
    pub query: TransportQuery,
    /// What it is asked with.
    pub args: Vec<NodeId>,
}

/// What a transport can be asked, with the numbers that go with it. Whatever it answers is about its state at the beginning of the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransportQuery {
    /// `()`: the sum of its slats or batches.
    Contents,
    /// `(n)`: the n-th slat from the exit, or batch from the front; NaN where there is none.
    Cell,
    /// `()`: the least of them; like the next three 0 when there is none.
    Least,
    /// `()`: the greatest.
    Greatest,
    /// `()`: their mean.
    Mean,
    /// `()`: their population standard deviation.
    Deviation,
    /// `()`: how many there are.
    Count,
    /// `()`: the transit time that holds.
    Transit,
    /// `(arrest, held, fractions...)`: what leaves at the exit.
    Outflow,
    /// `(leak, arrest, fractions...)`: what a leak takes.
    Leak,
    /// `(inflow, leak, arrest, fractions...)`: what a leak takes, of which it is noted with an inflow of another transport from where. Only in
    /// what that transport advances by.
    Trace(StateId),
    /// `(arrest, capacity, in_limit, time, removed, inflows...)`: the volume that may come in.
    Room,
    /// `(inflow, arrest, capacity, in_limit, time, removed, inflows...)`: what is let in of an inflow.
    Admit,
    /// `(before, request, one_at_a_time, batch_integrity, inflows...)`: what an outflow of a queue takes.
    Serve,
    /// The same: what it would take if it could.
    Refuse,
}

impl TransportQuery {
    /// What it is called where models are printed.
    pub fn name(self) -> &'static str {
        match self {
            TransportQuery::Contents => "contents",
            TransportQuery::Cell => "cell",
            TransportQuery::Least => "least",
            TransportQuery::Greatest => "greatest",
            TransportQuery::Mean => "mean",
            TransportQuery::Deviation => "deviation",
            TransportQuery::Count => "count",
            TransportQuery::Transit => "transit",
            TransportQuery::Outflow => "outflow",
            TransportQuery::Leak => "leak",
            TransportQuery::Trace(_) => "trace",
            TransportQuery::Room => "room",
            TransportQuery::Admit => "admit",
            TransportQuery::Serve => "serve",
            TransportQuery::Refuse => "refuse",
        }
    }
}
