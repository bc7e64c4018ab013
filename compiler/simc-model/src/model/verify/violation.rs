//! What a check of a model finds.

use std::error::Error;
use std::fmt;

/// A group of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The time axis.
    Time,
    /// Ids.
    Reference,
    /// Extents and regions.
    Region,
    /// Clauses of a definition.
    Cover,
    /// Kinds of variables.
    Kind,
    /// Nodes of expressions.
    Expression,
    /// Subscripts.
    Index,
    /// Calls of functions that remember, and of vector functions.
    Call,
    /// Graphical functions.
    Table,
    /// Conveyors and queues.
    Transport,
    /// Thresholds.
    Event,
    /// What the orders list.
    Order,
    /// In which sequence they list it.
    Dependency,
    /// Clauses that are computed together.
    Recurrence,
}

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which rule is broken.
    pub rule: Rule,
    /// By which part of the model, with the name of its variable.
    pub place: String,
    /// How.
    pub message: String,
}

/// All violations found in a model, in a fixed order; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations {
    /// Parts first, then expressions, then orders.
    pub list: Vec<Violation>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}: {}", self.rule, self.place, self.message)
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.iter().try_for_each(|violation| writeln!(f, "{violation}"))
    }
}

impl Error for Violations {}
