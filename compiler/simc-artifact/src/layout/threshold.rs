//! Thresholds that are watched, and what happens when one is passed.

use kernel::event::{Action, Direction};

/// A threshold of elements of a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// The variable, as the model's author wrote it.
    pub variable: String,
    /// Its dimensions: indices into [`Extension::dimensions`](super::Extension::dimensions), outermost first.
    pub dims: Vec<u32>,
    /// The first element that is watched, row-major.
    pub first: u32,
    /// How many are.
    pub n: u32,
    /// The number that is passed.
    pub value: f64,
    /// In which direction.
    pub direction: Direction,
    /// How often events fire.
    pub repeat: Repeat,
    /// Steps after which an event fires again while its element stays beyond the threshold; 0 when it does not.
    pub interval: u32,
    /// Its events.
    pub events: Vec<Event>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What the run does.
    pub action: Action,
    /// What it says.
    pub message: String,
}

/// How often events fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Each time the threshold is passed.
    Each,
    /// Each event once in a run.
    Once,
    /// Each event once in the life of an instance.
    OnceEver,
}

impl Repeat {
    pub(crate) const ALL: [Repeat; 3] = [Repeat::Each, Repeat::Once, Repeat::OnceEver];

    /// The word for it, as XMILE has it.
    pub fn name(self) -> &'static str {
        match self {
            Repeat::Each => "each",
            Repeat::Once => "once",
            Repeat::OnceEver => "once_ever",
        }
    }
}
