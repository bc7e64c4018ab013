//! Facts about functions, as plain values: computed from the IR when asked for, never kept on it.

pub mod constants;
pub mod cost;
pub(crate) mod spill_uses;
