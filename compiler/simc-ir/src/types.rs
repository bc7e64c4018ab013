//! Types of values, and how often a value changes.

use std::fmt;

use crate::entity::Axis;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// IEEE 754 binary64.
    F64,
    /// True or false.
    Bool,
    /// A position on an axis, `0..size`: a subscript that needs no check.
    Index(Axis),
}

/// How often a value can change; ordered from seldom to often. A value varies as often as the most often changing thing it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variance {
    /// Never: known when the model is compiled.
    Const,
    /// Only when a host overrides a constant.
    Run,
    /// In every step.
    Step,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::F64 => f.write_str("f64"),
            Type::Bool => f.write_str("bool"),
            Type::Index(axis) => write!(f, "index({axis})"),
        }
    }
}

impl fmt::Display for Variance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Variance::Const => "const",
            Variance::Run => "run",
            Variance::Step => "step",
        })
    }
}
