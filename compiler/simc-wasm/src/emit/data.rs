//! What lies in memory from the beginning: tables. And the defaults of params, which code copies there.

use kernel::graph::Entry;
use kernel::lookup::block_len;
use kernel::settable::{Run, Settables};
use simc_ir::entity::Table;
use simc_ir::module::{Curve, Module, SettableRun, TableData, TableKind};
use simc_midend::layout::Layout;

use super::Cx;
use super::geometry::{WORD, small};
use super::nan::canonical;
use super::program::Program;

/// Adds every table's block, and what belongs to graphical functions that a host may change; what lies side by side becomes one segment.
pub(crate) fn add_tables(cx: &Cx<'_>, program: &mut Program) {
    let mut tables: Vec<Table> = cx.module.tables.keys().collect();
    tables.sort_by_key(|&table| cx.layout.tables[table]);
    let blocks = tables.into_iter().map(|table| {
        let offset = small(cx.layout.tables[table]);
        (offset, encode_table(cx, table, offset))
    });
    let mut segment: Option<(u32, Vec<u8>)> = None;
    for (offset, bytes) in blocks.chain(graphs(cx)).filter(|(_, bytes)| !bytes.is_empty()) {
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

/// Adds the list of what can be set, where that is not just the end of the row.
pub(crate) fn add_settables(cx: &Cx<'_>, program: &mut Program) {
    let Some(place) = &cx.layout.settables else { return };
    let runs: Vec<Run> = cx.module.settable_runs().iter().map(settable_run).collect();
    let settables = Settables {
        runs: small(place.runs),
        n_runs: small(runs.len() as u64),
        values: cx.geometry.values,
        marks: cx.geometry.marks,
    };
    let number = [0; 2];
    let words = settables.words().into_iter().chain(number).chain(runs.iter().flat_map(Run::words));
    program.add_data(small(place.settables), words.flat_map(u32::to_le_bytes).collect());
}

/// The entries of all graphical functions that a host may change, and the blocks of their own points, with their addresses.
fn graphs<'a>(cx: &'a Cx<'_>) -> impl Iterator<Item = (u32, Vec<u8>)> + 'a {
    let entries = cx.module.graphs.iter().map(|(graph, data)| {
        let place = cx.layout.graphs[graph];
        let n = small(data.curve.xs.len() as u64);
        let entry = Entry::new(data.kind, small(place.own), n, small(place.host), data.capacity);
        (small(place.entry), entry.words().into_iter().flat_map(u32::to_le_bytes).collect())
    });
    let blocks = cx.module.graphs.iter().map(|(graph, data)| {
        let block = data.curve.block(data.kind);
        (small(cx.layout.graphs[graph].own), encode(block))
    });
    entries.chain(blocks)
}

fn settable_run(run: &SettableRun) -> Run {
    let SettableRun { first, n, number, at_start } = *run;
    Run { first_slot: small(first), n: small(n), first_value: small(number), at_start: u32::from(at_start) }
}

/// The defaults of all params, in order, as they are in memory.
pub(crate) fn encode_defaults(module: &Module) -> Vec<u8> {
    encode(module.params.values().flat_map(|param| param.defaults.iter().map(|&value| canonical(value))))
}

/// A table that lies at this address: the blocks of its curves, after a directory of them where there are axes.
fn encode_table(cx: &Cx<'_>, number: Table, address: u32) -> Vec<u8> {
    let (table, layout): (&TableData, &Layout) = (&cx.module.tables[number], cx.layout);
    if table.is_settable() {
        let entries = table.graphs.iter().filter(|_| !table.axes.is_empty()).map(|&graph| layout.graphs[graph].entry);
        return entries.flat_map(u64::to_le_bytes).collect();
    }
    let repeated = layout.repeated_rows(number, table);
    let blocks: Vec<Vec<u8>> = table.curves.iter().map(|curve| encode(block(curve, table.kind, repeated))).collect();
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
    if layout.open.contains(number) {
        bytes.extend(encode([f64::INFINITY]));
    }
    bytes
}

/// The block of a curve, whose last row, where it has so many, are its first point and slope again.
fn block(curve: &Curve, kind: TableKind, rows: Option<usize>) -> Vec<f64> {
    let mut block = curve.block(kind);
    if let Some(rows) = rows {
        let row = block_len(1) - block_len(0);
        let first = block[block_len(0)..block_len(1)].to_vec();
        block.resize(block_len(rows) - row, 0.0);
        block.extend(first);
    }
    block
}

fn encode(numbers: impl IntoIterator<Item = f64>) -> Vec<u8> {
    numbers.into_iter().flat_map(f64::to_le_bytes).collect()
}
