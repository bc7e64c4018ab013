//! What words of the model are called in the IR and in the kernel.

use kernel::transport::Query;
use simc_ir::entity::Table;
use simc_model::model::{TableId, Transport, TransportQuery, VectorFn};

/// How many rows the blocks of a function have.
pub(super) fn rows(function: VectorFn) -> u32 {
    u32::try_from(function.rows()).expect("a block has few rows")
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

/// The table of the module that a model's table became.
pub(super) fn table(id: TableId) -> Table {
    Table::from_u32(id.0)
}
