//! Passes: each one file, one name and one function. All keep every bit.

pub mod bound_rings;
pub mod carry_spills;
pub mod compact;
pub mod fold_constants;
pub mod fuse_loops;
pub mod hoist_invariants;
pub mod join_shifts;
pub mod lift_invariants;
pub mod number_values;
pub mod remove_dead;
pub mod specialise_tables;
pub mod split_functions;
pub mod unroll_loops;

use crate::pass::Pass;

/// All passes in alphabetical order.
pub const ALL: &[Pass] = &[
    bound_rings::PASS,
    carry_spills::PASS,
    compact::PASS,
    fold_constants::PASS,
    fuse_loops::PASS,
    hoist_invariants::PASS,
    join_shifts::PASS,
    lift_invariants::PASS,
    number_values::PASS,
    remove_dead::PASS,
    specialise_tables::PASS,
    split_functions::PASS,
    unroll_loops::PASS,
];

/// The pass of this name.
pub fn find(name: &str) -> Option<Pass> {
    ALL.iter().copied().find(|pass| pass.name == name)
}
