//! What lies in memory from the beginning: tables. And the defaults of params, which code copies there.

use kernel::lookup;
use simc_ir::entity::Table;
use simc_ir::module::{Module, TableData};

use super::Cx;
use super::geometry::small;
use super::imports::lookup_kind;
use super::nan::canonical;
use super::program::Program;

/// Adds every table's block; blocks that lie side by side become one segment.
pub(crate) fn add_tables(cx: &Cx<'_>, program: &mut Program) {
    let mut tables: Vec<Table> = cx.module.tables.keys().collect();
    tables.sort_by_key(|&table| cx.layout.tables[table]);
    let mut segment: Option<(u32, Vec<u8>)> = None;
    for table in tables {
        let offset = small(cx.layout.tables[table]);
        let bytes = encode_table(&cx.module.tables[table]);
        match &mut segment {
            Some((start, so_far)) if *start as usize + so_far.len() == offset as usize => so_far.extend(bytes),
            _ => {
                if let Some((start, so_far)) = segment.replace((offset, bytes)) {
                    program.add_data(start, so_far);
                }
            }
        }
    }
    if let Some((start, bytes)) = segment {
        program.add_data(start, bytes);
    }
}

/// The defaults of all params, in order, as they are in memory.
pub(crate) fn encode_defaults(module: &Module) -> Vec<u8> {
    encode(module.params.values().flat_map(|param| param.defaults.iter().map(|&value| canonical(value))))
}

fn encode_table(table: &TableData) -> Vec<u8> {
    let kind = lookup_kind(table.kind);
    let mut block = vec![0.0; lookup::block_len(table.xs.len())];
    lookup::encode_block(kind, &table.xs, &table.ys, &mut block);
    encode(block)
}

fn encode(numbers: impl IntoIterator<Item = f64>) -> Vec<u8> {
    numbers.into_iter().flat_map(f64::to_le_bytes).collect()
}
