//! What each variable is: its clauses, its kind, and what data replaces of it, before any equation is read.

pub(in crate::sema) mod clause;
pub(in crate::sema) mod data;
pub(in crate::sema) mod series;
pub(in crate::sema) mod variables;
