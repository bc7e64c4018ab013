//! What equations say: names and subscripts resolved, calls, reducers, vectors, memory and draws.

pub(in crate::sema) mod axes;
pub(in crate::sema) mod call;
pub(in crate::sema) mod composed;
pub(in crate::sema) mod constant;
pub(in crate::sema) mod derived_table;
pub(in crate::sema) mod draw;
pub(in crate::sema) mod frame;
pub(in crate::sema) mod instantiate;
pub(in crate::sema) mod memory;
pub(in crate::sema) mod plan;
pub(in crate::sema) mod points;
pub(in crate::sema) mod reduce;
pub(in crate::sema) mod reference;
pub(in crate::sema) mod resolve;
pub(in crate::sema) mod subscript;
pub(in crate::sema) mod vector;
pub(in crate::sema) mod vensim_memory;
