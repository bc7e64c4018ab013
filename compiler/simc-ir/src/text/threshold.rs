//! The words of thresholds.

use kernel::event::{Direction, Repeat};

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
