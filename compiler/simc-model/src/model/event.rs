//! Thresholds of variables and what happens when they are passed.

pub use kernel::event::{Action, Direction, Repeat};

use crate::model::expr::Expr;
use crate::model::id::VarId;

/// A variable whose value is looked at in every step.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The variable.
    pub var: VarId,
    /// Reads it at the position of a loop for each of its dimensions.
    pub read: Expr,
}

/// A threshold of elements of a variable. At a step where an element is beyond it, and was not at the step before, an event fires.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// Index of the variable in [`Model::watched`](super::Model::watched).
    pub watched: u32,
    /// The first element, row-major.
    pub first: u32,
    /// How many elements there are; each passes the threshold on its own.
    pub n: u32,
    /// The number that is passed.
    pub value: f64,
    /// In which direction.
    pub direction: Direction,
    /// How often.
    pub repeat: Repeat,
    /// Used one after another; never empty, and one alone where the threshold repeats.
    pub events: Vec<Event>,
}

/// What happens when a threshold is passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What the run does.
    pub action: Action,
    /// What is said; may be empty.
    pub message: String,
}
