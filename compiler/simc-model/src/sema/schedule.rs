//! How it hangs together: evaluation nodes, their dependencies and orders, recurrences, and reports of cycles.

pub(in crate::sema) mod cycle;
pub(in crate::sema) mod eval_node;
pub(in crate::sema) mod order;
pub(in crate::sema) mod recurrence;
pub(in crate::sema) mod split;
