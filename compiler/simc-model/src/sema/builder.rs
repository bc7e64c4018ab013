//! The model under construction: what is known of each variable, the calls that are still to be made, and what depends on what.

pub(in crate::sema) mod call;
pub(in crate::sema) mod context;
pub(in crate::sema) mod dependency;
pub(in crate::sema) mod model_builder;
pub(in crate::sema) mod numbers;
pub(in crate::sema) mod own_tables;
pub(in crate::sema) mod settable;
pub(in crate::sema) mod split;
pub(in crate::sema) mod var_builder;
