//! Limits of equations.

/// How deep an equation may nest: parentheses, arguments, subscripts, signs, branches and the right-hand operands of
/// operators within each other. A chain of operators that group to the left is one level, however long it is.
pub const NESTING_LIMIT: usize = 256;

/// How many numbers, names and operators an equation may have.
pub const SIZE_LIMIT: usize = 1 << 20;
