//! Thresholds that are watched, and what happens when one is passed.

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

/// On which side of a threshold an element is beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Above.
    Increasing,
    /// Below.
    Decreasing,
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

/// What a run does at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Goes on.
    Message,
    /// Pauses.
    Pause,
    /// Is over.
    Stop,
}

impl Direction {
    pub(crate) const ALL: [Direction; 2] = [Direction::Increasing, Direction::Decreasing];

    /// The word for it, as XMILE has it.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Increasing => "increasing",
            Direction::Decreasing => "decreasing",
        }
    }
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

impl Action {
    pub(crate) const ALL: [Action; 3] = [Action::Message, Action::Pause, Action::Stop];

    /// The word for it, as XMILE has it.
    pub fn name(self) -> &'static str {
        match self {
            Action::Message => "message",
            Action::Pause => "pause",
            Action::Stop => "stop",
        }
    }
}
