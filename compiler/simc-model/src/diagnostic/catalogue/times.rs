//! Times and specifications of a run.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::MISSING_TIME,
        "no start or stop time",
        "The file must say when the run starts and stops.",
        "Write both times; the time step is 1 when it is left out.",
    ),
    entry(
        code::BAD_TIME,
        "a time that is not finite",
        "The start or the stop time is infinite or not a number, or the run between them is too long to be measured.",
        "Write finite times.",
    ),
    entry(
        code::EMPTY_RUN,
        "the run stops before it starts",
        "The stop time must come after the start time.",
        "Exchange or correct the two.",
    ),
    entry(
        code::BAD_DT,
        "a time step that leads nowhere",
        "The time step must be a positive number, and large enough for the clock to move on at the times of the run.",
        "Write a step such as 0.25 or 1.",
    ),
    entry(
        code::DT_BEYOND_RUN,
        "a time step longer than the run",
        "Not even one step fits between start and stop.",
        "Write a smaller step; with `reciprocal=\"true\"` the number is the steps per time unit.",
    ),
    entry(
        code::TOO_MANY_STEPS,
        "too many steps",
        "The run takes more than 2^53 steps, which cannot be counted exactly, let alone computed.",
        "Write a larger step.",
    ),
    entry(
        code::BAD_SAVE_INTERVAL,
        "a save interval that is not positive",
        "Rows are saved every so often; the time between them must be a positive number.",
        "Write a positive number, or leave it out to save every step.",
    ),
    entry(
        code::UNEVEN_SAVE_INTERVAL,
        "a save interval that is no whole number of steps",
        "Rows are saved at the ends of steps, so the interval is rounded to a whole number of steps. The times in the results differ from what the model asks for.",
        "Make the save interval a multiple of the time step.",
    ),
];
