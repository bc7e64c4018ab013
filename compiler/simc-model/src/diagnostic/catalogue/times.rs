//! Times and specifications of a run.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::MISSING_TIME,
        "no start or stop time",
        "`<sim_specs>` must say when the run starts and stops.",
        "<sim_specs><start>0</start></sim_specs>",
        "Write both `<start>` and `<stop>`; `<dt>` is 1 when it is left out.",
    ),
    entry(
        code::BAD_TIME,
        "a time that is not finite",
        "The start or the stop time is infinite or not a number, or the run between them is too long to be measured.",
        "<stop>1e999</stop>",
        "Write finite times.",
    ),
    entry(
        code::EMPTY_RUN,
        "the run stops before it starts",
        "The stop time must come after the start time.",
        "<start>100</start><stop>0</stop>",
        "Exchange or correct the two.",
    ),
    entry(
        code::BAD_DT,
        "a time step that leads nowhere",
        "The time step must be a positive number, and large enough for the clock to move on at the times of the run.",
        "<dt>0</dt>",
        "Write a step such as 0.25 or 1.",
    ),
    entry(
        code::DT_BEYOND_RUN,
        "a time step longer than the run",
        "Not even one step fits between start and stop.",
        "<start>0</start><stop>1</stop><dt>5</dt>",
        "Write a smaller step; with `reciprocal=\"true\"` the number is the steps per time unit.",
    ),
    entry(
        code::TOO_MANY_STEPS,
        "too many steps",
        "The run takes more than 2^53 steps, which cannot be counted exactly, let alone computed.",
        "<start>0</start><stop>1e6</stop><dt>1e-12</dt>",
        "Write a larger step.",
    ),
    entry(
        code::BAD_SAVE_INTERVAL,
        "a save interval that is not positive",
        "Rows are saved every so often; the time between them must be a positive number.",
        "<sim_specs isee:save_interval=\"0\">",
        "Write a positive number, or leave it out to save every step.",
    ),
    entry(
        code::UNEVEN_SAVE_INTERVAL,
        "a save interval that is no whole number of steps",
        "Rows are saved at the ends of steps, so the interval is rounded to a whole number of steps. The times in the results differ from what the model asks for.",
        "<sim_specs isee:save_interval=\"1\"> ... <dt>0.4</dt>",
        "Make the save interval a multiple of the time step.",
    ),
    entry(
        code::OTHER_TIMES,
        "other times in a module's own file",
        "The file that holds a module has `<sim_specs>` that differ from those of the model. All of a model runs at the same times and by the same method, so that those of the module's file do not count.",
        "<module name=\"town\" resource=\"town.xmile\"/>, and in town.xmile: <stop>5</stop>",
        "State the same in both files.",
    ),
];
