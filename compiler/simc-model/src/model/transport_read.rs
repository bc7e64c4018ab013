//! Questions to conveyors and queues.

use crate::model::id::StateId;
use crate::model::index::{Index, NodeId};

/// What a transport can be asked, with the numbers that go with it: the kernel's queries that measure. Whatever it answers is about its
/// state at the beginning of the step.
pub use kernel::transport::Query as TransportQuery;

/// A question to a transport.
#[derive(Clone, Debug)]
pub struct TransportRead {
    /// The transport's state.
    pub state: StateId,
    /// Which of the transports: one subscript for each of the stock's dimensions.
    pub indices: Vec<Index>,
    /// The question.
    pub query: TransportQuery,
    /// For a leak: the conveyor with an inflow of which it is noted from where it leaks. Only in what that conveyor advances by; the
    /// number of the inflow comes before the other arguments then.
    pub noted_with: Option<StateId>,
    /// What it is asked with.
    pub args: Vec<NodeId>,
}
