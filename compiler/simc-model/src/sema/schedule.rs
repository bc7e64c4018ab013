//! How it hangs together: the order of evaluation, recurrences, reports of cycles, and what is known before the run.

pub(in crate::sema) mod cycle;
pub(in crate::sema) mod order;
pub(in crate::sema) mod recurrence;
pub(in crate::sema) mod state_order;
