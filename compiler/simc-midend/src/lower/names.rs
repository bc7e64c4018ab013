//! What words of the model are called in the IR and in the kernel.

use kernel::event::{self, Direction, Repeat};
use kernel::transport::Query;
use kernel::vector::Function;
use simc_ir::entity::Table;
use simc_ir::module::{Method, TableKind};
use simc_model::model::{self, TableId, Transport, TransportQuery, VectorFn};

/// How many rows the blocks of a function have.
pub(super) fn rows(function: VectorFn) -> u32 {
    u32::try_from(function_of(function).rows()).expect("a block has few rows")
}

/// The kernel's name of a vector function.
pub(super) fn function_of(function: VectorFn) -> Function {
    match function {
        VectorFn::Allocate => Function::Allocate,
        VectorFn::AllocateByPriority => Function::AllocateByPriority,
        VectorFn::SortOrder => Function::SortOrder,
        VectorFn::SortOrderTied => Function::SortOrderTied,
        VectorFn::Rank => Function::Rank,
        VectorFn::Reorder => Function::Reorder,
        VectorFn::Select => Function::Select,
        VectorFn::Median => Function::Median,
        VectorFn::Mode => Function::Mode,
        VectorFn::Invert => Function::Invert,
        VectorFn::Interpolate => Function::Interpolate,
        VectorFn::Demand => Function::Demand,
        VectorFn::Supply => Function::Supply,
        VectorFn::MarketPrice => Function::MarketPrice,
    }
}

/// What initialises and advances a transport.
pub(super) fn query_of(transport: &Transport) -> Query {
    if transport.is_queue() { Query::Queue } else { Query::Conveyor }
}

/// What asks a transport for what a flow or stock reads of it.
pub(super) fn measure_query(query: TransportQuery) -> Query {
    match query {
        TransportQuery::Contents => Query::Contents,
        TransportQuery::Cell => Query::Cell,
        TransportQuery::Least => Query::Least,
        TransportQuery::Greatest => Query::Greatest,
        TransportQuery::Mean => Query::Mean,
        TransportQuery::Deviation => Query::Deviation,
        TransportQuery::Count => Query::Count,
        TransportQuery::Transit => Query::Transit,
        TransportQuery::Outflow => Query::Outflow,
        TransportQuery::Leak | TransportQuery::Trace(_) => Query::Leak,
        TransportQuery::Room => Query::Room,
        TransportQuery::Admit => Query::Admit,
        TransportQuery::Serve => Query::Serve,
        TransportQuery::Refuse => Query::Refuse,
    }
}

/// The kernel's name of an action.
pub(super) fn action(action: model::Action) -> event::Action {
    match action {
        model::Action::Message => event::Action::Message,
        model::Action::Pause => event::Action::Pause,
        model::Action::Stop => event::Action::Stop,
    }
}

/// The IR's name of a table's kind.
pub(super) fn table_kind(kind: model::TableKind) -> TableKind {
    match kind {
        model::TableKind::Continuous => TableKind::Continuous,
        model::TableKind::Extrapolate => TableKind::Extrapolate,
        model::TableKind::Discrete => TableKind::Discrete,
    }
}

/// The table of the module that a model's table became.
pub(super) fn table(id: TableId) -> Table {
    Table::from_u32(id.0)
}

/// The IR's name of an integration method.
pub(super) fn method(method: model::Method) -> Method {
    match method {
        model::Method::Euler => Method::Euler,
        model::Method::Rk2 => Method::Rk2,
        model::Method::Rk4 => Method::Rk4,
    }
}

/// The kernel's name of the direction in which a threshold is passed.
pub(super) fn direction(direction: model::Direction) -> Direction {
    match direction {
        model::Direction::Increasing => Direction::Increasing,
        model::Direction::Decreasing => Direction::Decreasing,
    }
}

/// The kernel's name of how often events fire.
pub(super) fn repeat(repeat: model::Repeat) -> Repeat {
    match repeat {
        model::Repeat::Each(steps) => Repeat::Each(steps),
        model::Repeat::Once => Repeat::Once,
        model::Repeat::OnceEver => Repeat::OnceEver,
    }
}
