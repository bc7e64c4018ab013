//! Units of measure: inferred and checked, never needed for a number.

pub(in crate::sema) mod consistency;
