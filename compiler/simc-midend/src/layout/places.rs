//! Which lookups remember the segment that they found last.
//!
//! Outside of loops over arrays the x of a lookup moves little from one step to the next, and mostly stays within a segment: to compare it with the
//! two ends of that segment costs less than to compute which one it is. What is remembered is a hint and nothing else: no result depends on it, and nothing
//! ever clears it.
//!
//! Tables that are looked up so have one more word after their points: infinity, where the segment of the numbers right of the last point ends. Numbers
//! left of the first point are in no segment that is remembered.

use std::collections::BTreeMap;

use cranelift_entity::{EntitySet, SecondaryMap};
use kernel::lookup::block_len;
use simc_ir::entity::{Func, Inst, Table};
use simc_ir::func::walk::Step;
use simc_ir::module::{FuncRole, Module, TableData, TableKind, TableSearch};
use simc_ir::opcode::Immediate;

/// Bytes of code, about, for all of them together: those of the roles first that run most often.
const CODE_BYTES: usize = 8 * 1024;
/// Bytes in which a place is remembered.
pub(super) const PLACE_BYTES: u64 = 2;
/// A table of no more points than that, wherever they are, is looked up without a call.
pub const FEW_POINTS: usize = 8;
/// Tables of more points do without: their rows would not be counted by two bytes.
const MAX_POINTS: usize = 2_000;
/// Beyond that an x and the last point may be further apart than any number.
const MAX_X: f64 = 1e290;

/// Where a lookup remembers its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The first byte of a number of two bytes, little-endian: how many bytes after the first row of the table the row of the segment is.
    pub address: u64,
    /// Whether the number can be more than a byte holds.
    pub is_wide: bool,
}

/// What remembers, and which tables serve it.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// Tables that infinity follows.
    pub(super) tables: EntitySet<Table>,
    /// The lookups, in the order of their places.
    pub(super) lookups: Vec<(Func, Inst)>,
}

impl Places {
    pub(super) fn new(module: &Module) -> Self {
        let mut in_loops: EntitySet<Table> = EntitySet::new();
        let mut outside: SecondaryMap<Func, Vec<(Inst, Table)>> = SecondaryMap::new();
        for (func, data) in &module.funcs {
            let mut depth = 0_u32;
            for step in data.walk() {
                match step {
                    Step::Enter(..) => depth += 1,
                    Step::Leave(..) => depth -= 1,
                    Step::Inst(inst) => {
                        let Immediate::Table(table) = data.insts[inst].immediate else { continue };
                        if depth > 0 {
                            in_loops.insert(table);
                        } else {
                            outside[func].push((inst, table));
                        }
                    }
                }
            }
        }
        let mut lookups: Vec<(Func, Inst, Table)> = Vec::new();
        for func in frequent_funcs(module) {
            lookups.extend(outside[func].iter().map(|&(inst, table)| (func, inst, table)));
        }
        lookups.retain(|&(.., table)| !in_loops.contains(table) && can_be_open(&module.tables[table]));
        let mut left = CODE_BYTES;
        lookups.retain(|&(.., table)| {
            let rest = left.checked_sub(code_bytes(&module.tables[table]));
            left = rest.unwrap_or(left);
            rest.is_some()
        });
        let mut tables = EntitySet::new();
        tables.extend(lookups.iter().map(|&(.., table)| table));
        Self { tables, lookups: lookups.into_iter().map(|(func, inst, _)| (func, inst)).collect() }
    }

    /// The place of each lookup, by function, where the first one is at an address.
    pub(super) fn at(&self, module: &Module, first: u64) -> SecondaryMap<Func, BTreeMap<Inst, Place>> {
        let mut places: SecondaryMap<Func, BTreeMap<Inst, Place>> = SecondaryMap::new();
        for (address, &(func, inst)) in (first..).step_by(PLACE_BYTES as usize).zip(&self.lookups) {
            let Immediate::Table(table) = module.funcs[func].insts[inst].immediate else { continue };
            let is_wide = last_row(module.tables[table].curves[0].xs.len()) > usize::from(u8::MAX);
            places[func].insert(inst, Place { address, is_wide });
        }
        places
    }
}

/// The functions that run again and again, those of the roles first that run most often.
pub fn frequent_funcs(module: &Module) -> Vec<Func> {
    // Where every step is saved, nothing runs `step`.
    let every_step_is_saved = module.time.save_every <= 1;
    let roles = [FuncRole::Stage, FuncRole::Step, FuncRole::Row];
    let roles = roles.into_iter().filter(|&role| role != FuncRole::Step || !every_step_is_saved);
    roles.flat_map(|role| module.parts(role)).collect()
}

/// Bytes of code, about, of a lookup that remembers its segment.
fn code_bytes(table: &TableData) -> usize {
    match table.search {
        TableSearch::Even => 130,
        TableSearch::Linear | TableSearch::Binary => 90 + 16 * table.curves[0].xs.len(),
    }
}

/// Where the row of the last of `n` points is, in bytes after the first row.
fn last_row(n: usize) -> usize {
    8 * (block_len(n) - block_len(1))
}

/// Whether a table's only curve can be followed without a call: each bit is that of [`kernel::lookup`] where beyond its points it goes on horizontally, its
/// slopes are finite, and no y is -0, to which a 0 would be added. No host replaces its points.
pub fn is_plain(table: &TableData) -> bool {
    let [curve] = table.curves.as_slice() else { return false };
    let is_bounded = matches!(table.kind, TableKind::Continuous | TableKind::Discrete);
    is_bounded && table.axes.is_empty() && !table.is_settable() && curve.xs.len() >= 2 && curve.is_tame()
}

/// Whether a segment of a table can be remembered, also the last one, which goes on without end.
fn can_be_open(table: &TableData) -> bool {
    let [curve] = table.curves.as_slice() else { return false };
    let n_points = curve.xs.len();
    is_plain(table)
        && n_points <= MAX_POINTS
        && (table.search == TableSearch::Even || n_points <= FEW_POINTS)
        && curve.xs.iter().all(|x| x.abs() <= MAX_X)
}
