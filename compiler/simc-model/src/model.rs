//! The resolved model: what every later crate works from.
//!
//! Modules are instantiated and flattened, names are ids, calls of stateful functions are as [`State`]s of their own,
//! non-negative stocks and uniflows are spelt out in the equations that they change, and both evaluation orders are known.
//! A `Model` is correct by construction: whoever reads one need not check it again. What that means is in [`verify`], which
//! checks it.

pub use dimension::{Dim, Extent, element_of};
pub use event::{Action, Direction, Event, Repeat, Threshold, Watched};
pub use expr::{BinaryOp, Distribution, Expr, ExprKind, ExprNode, PureFn, Reduce, ReduceOp, TableRef, UnaryOp};
pub use id::{DimId, RecurrenceId, StateId, TableId, TransportId, VarId};
pub use index::{Base, Index, NodeId};
pub use order::{Node, Recurrence};
pub use print::{print, print_expr};
pub use resolved::{Control, ControlKind, Group, Model};
pub use state::{State, StateKind};
pub use table::{Table, TableKind};
pub use time::{Method, STEP_TOLERANCE, TimeSpec, method_named};
pub use transport::{Conveyor, Inflow, InflowDriver, InflowSpread, Leak, Queue, Transport, TransportForm};
pub use transport_read::{TransportQuery, TransportRead};
pub use variable::{Clause, Def, Through, Var, VarKind};
pub use vector::{VectorFn, VectorRead};

mod dimension;
mod event;
mod expr;
mod id;
mod index;
mod initials;
pub(crate) mod listed;
mod order;
mod print;
mod resolved;
mod state;
mod table;
mod time;
mod transport;
mod transport_read;
mod variable;
pub mod vector;
pub mod verify;
mod visit;
