//! Which lookups outside of loops happen in place: as many as a budget of bytes allows, those of the roles first that run most often.

use cranelift_entity::{EntitySet, SecondaryMap};
use simc_ir::entity::{Func, Inst, Table};
use simc_ir::module::{FuncRole, Module};
use simc_ir::opcode::Immediate;
use simc_midend::layout::Layout;

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
    let mut left = bytes;
    // Where every step is saved, nothing runs `step`.
    let every_step_is_saved = module.time.save_every <= 1;
    let roles = [FuncRole::Stage, FuncRole::Step, FuncRole::Row];
    for role in roles.into_iter().filter(|&role| role != FuncRole::Step || !every_step_is_saved) {
        for func in module.parts(role) {
            let data = &module.funcs[func];
            for &inst in &data.blocks[data.entry].insts {
                let Immediate::Table(table) = data.insts[inst].immediate else { continue };
                let Some(in_place) = &tables[table] else { continue };
                let has_place = layout.places[func].contains_key(&inst);
                let bytes = if has_place { in_place.remembering_bytes() } else { in_place.bytes() };
                if let Some(rest) = left.checked_sub(bytes) {
                    chosen[func].insert(inst);
                    left = rest;
                }
            }
        }
    }
    chosen
}
