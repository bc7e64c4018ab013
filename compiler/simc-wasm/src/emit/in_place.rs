//! Which lookups outside of loops happen in place: as many as a budget of bytes allows, those of the roles first that run most often.

use cranelift_entity::{EntitySet, SecondaryMap};
use simc_ir::entity::{Func, Inst, Table};
use simc_ir::module::Module;
use simc_ir::opcode::Immediate;
use simc_midend::layout::{Layout, frequent_funcs};

use super::lookup::InPlace;

/// Bytes for all of them together where speed counts.
pub const LOOKUP_BYTES: u32 = 8 * 1024;

/// The lookups of each function that happen in place. Those in loops, which always do so if they can, need not be among them.
pub(crate) fn choose(
    module: &Module,
    layout: &Layout,
    tables: &SecondaryMap<Table, Option<InPlace>>,
    bytes: u32,
) -> SecondaryMap<Func, EntitySet<Inst>> {
    let mut chosen: SecondaryMap<Func, EntitySet<Inst>> = SecondaryMap::new();
    let funcs = frequent_funcs(module);
    let mut left = bytes;
    // Those with places first: there are no more of them than there is room for.
    for has_place in [true, false] {
        for &func in &funcs {
            let data = &module.funcs[func];
            for &inst in &data.blocks[data.entry].insts {
                let Immediate::Table(table) = data.insts[inst].immediate else { continue };
                let Some(in_place) =
                    tables[table].as_ref().filter(|_| layout.places[func].contains_key(&inst) == has_place)
                else {
                    continue;
                };
                let cost = if has_place { in_place.remembering_bytes() } else { in_place.bytes() };
                if let Some(rest) = left.checked_sub(cost) {
                    chosen[func].insert(inst);
                    left = rest;
                }
            }
        }
    }
    chosen
}
