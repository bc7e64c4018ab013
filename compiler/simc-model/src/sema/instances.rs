//! What there is: modules instantiated, connections between them, functions that the model defines.

pub(in crate::sema) mod body;
pub(in crate::sema) mod budget;
pub(in crate::sema) mod call_axis;
pub(in crate::sema) mod connection;
pub(in crate::sema) mod control;
pub(in crate::sema) mod flag;
pub(in crate::sema) mod flow;
pub(in crate::sema) mod function;
pub(in crate::sema) mod group;
pub(in crate::sema) mod module_tree;
pub(in crate::sema) mod parts;
