//! Thresholds of variables and what happens when they are passed.

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

/// On which side of a threshold a variable is beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Above.
    Increasing,
    /// Below.
    Decreasing,
}

/// How often events of a threshold fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Each time the threshold is passed; and while the variable stays beyond it, each time that many steps have gone by since the event
    /// has fired, unless that is 0.
    Each(u32),
    /// Each event once in a run.
    Once,
    /// Each event once in the life of an instance.
    OnceEver,
}

/// What happens when a threshold is passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What the run does.
    pub action: Action,
    /// What is said; may be empty.
    pub message: String,
}

/// What a run does at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Goes on.
    Message,
    /// Pauses after the step.
    Pause,
    /// Is over after the step.
    Stop,
}
