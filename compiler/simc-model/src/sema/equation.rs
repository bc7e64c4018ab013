//! What equations say: names and subscripts resolved, calls, reducers, vectors, memory and draws.
//!
//! `value` asks `resolve` for the expressions of one equation. That plans the equation (`node_plan`, then `meaning`, `axes` and
//! `binding`), and fills its expressions (`resolver`, then `call` with a file for each kind of call).

pub(in crate::sema) mod axes;
pub(in crate::sema) mod binding;
pub(in crate::sema) mod call;
pub(in crate::sema) mod composed;
mod date;
pub(in crate::sema) mod derived_table;
pub(in crate::sema) mod draw;
pub(in crate::sema) mod frame;
pub(in crate::sema) mod instance;
pub(in crate::sema) mod meaning;
pub(in crate::sema) mod memory;
pub(in crate::sema) mod node_plan;
pub(in crate::sema) mod points;
pub(in crate::sema) mod reduce;
pub(in crate::sema) mod reference;
pub(in crate::sema) mod resolve;
pub(in crate::sema) mod resolver;
pub(in crate::sema) mod subscript;
pub(in crate::sema) mod value;
pub(in crate::sema) mod vector;
pub(in crate::sema) mod vensim_memory;
