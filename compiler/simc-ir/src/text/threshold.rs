//! The words of thresholds.

use kernel::event::{Action, Direction, Repeat};

pub(super) fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Increasing => "above",
        Direction::Decreasing => "below",
    }
}

/// Without the interval of `each`.
pub(super) fn repeat_name(repeat: Repeat) -> &'static str {
    match repeat {
        Repeat::Each(_) => "each",
        Repeat::Once => "once",
        Repeat::OnceEver => "once_ever",
    }
}

pub(super) fn action_name(action: Action) -> &'static str {
    match action {
        Action::Message => "message",
        Action::Pause => "pause",
        Action::Stop => "stop",
    }
}
