//! What lies in memory from the beginning: tables. And the defaults of params, which code copies there.

use simc_ir::entity::Table;
use simc_ir::module::{Module, TableData};

use super::Cx;
use super::geometry::{WORD, small};
use super::nan::canonical;
use super::program::Program;

/// Adds every table's block; blocks that lie side by side become one segment.
pub(crate) fn add_tables(cx: &Cx<'_>, program: &mut Program) {
    let mut tables: Vec<Table> = cx.module.tables.keys().collect();
    tables.sort_by_key(|&table| cx.layout.tables[table]);
    let mut segment: Option<(u32, Vec<u8>)> = None;
    for table in tables {
        let offset = small(cx.layout.tables[table]);
        let bytes = encode_table(&cx.module.tables[table], offset);
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

/// A table that lies at this address: the blocks of its curves, behind a directory of them where there are axes.
fn encode_table(table: &TableData, address: u32) -> Vec<u8> {
    let blocks: Vec<Vec<u8>> = table.curves.iter().map(|curve| encode(curve.block(table.kind))).collect();
    let mut bytes = Vec::new();
    if !table.axes.is_empty() {
        let mut at = address + small(table.curves.len() as u64) * WORD;
        for (curve, block) in table.curves.iter().zip(&blocks) {
            bytes.extend(at.to_le_bytes());
            bytes.extend(small(curve.xs.len() as u64).to_le_bytes());
            at += small(block.len() as u64);
        }
    }
    bytes.extend(blocks.into_iter().flatten());
    bytes
}

fn encode(numbers: impl IntoIterator<Item = f64>) -> Vec<u8> {
    numbers.into_iter().flat_map(f64::to_le_bytes).collect()
}
