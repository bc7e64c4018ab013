//! What words of the model are called in the IR and in the kernel.

use kernel::transport::Query;
use simc_ir::entity::Table;
use simc_model::model::{TableId, Transport, VectorFn};

/// How many rows the blocks of a function have.
pub(super) fn rows(function: VectorFn) -> u32 {
    u32::try_from(function.rows()).expect("a block has few rows")
}

/// What initialises and advances a transport.
pub(super) fn query_of(transport: &Transport) -> Query {
    if transport.is_queue() { Query::Queue } else { Query::Conveyor }
}

/// The table of the module that a model's table became.
pub(super) fn table(id: TableId) -> Table {
    Table::from_u32(id.0)
}
