//! What is known and not supported.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::METHODS,
        "an unsupported integration method",
        "None of the methods that the model names is supported. Of a list, the first supported one is taken.",
        "Use euler, rk2, rk4 or midpoint.",
    ),
    entry(
        code::FUNCTIONS,
        "an unsupported function",
        "XMILE, Stella or Vensim has this function, and the compiler does not support it yet.",
        "Write it with stocks and supported functions.",
    ),
    entry(
        code::COMPUTED_RANGE,
        "what must be known before the run",
        "The ends of this range, or which graphical function this is, are computed in the run. A range whose ends are computed can only be reduced, with SUM, MEAN, MIN, MAX or PROD.",
        "Use elements or numbers.",
    ),
    entry(
        code::SCATTERED,
        "subscripts without order",
        "The elements that this equation reads follow no order, so that it comes to one equation for almost every element.",
        "List the elements of the dimensions in the same order.",
    ),
    entry(
        code::LARGE_CYCLE,
        "a cycle of too many elements",
        "Arrays that read one another's elements at even distances, all before or all after the one being computed, may have any size; others are ordered element by element, up to a limit.",
        "Use a smaller dimension, or a stock.",
    ),
    entry(
        code::ARRAYED_CLAMPS,
        "a non-negative array with flows of another shape",
        "Each element of a non-negative stock limits the elements of its outflows, which therefore have the dimensions of the stock in the same order, and at most one more.",
        "Give the outflow the dimensions of the stock and at most one more, or let the stock become negative.",
    ),
    entry(
        code::RECURSIVE_MACROS,
        "recursive macros are not supported",
        "A macro that calls itself, directly or through others, never ends when every branch is evaluated, as it is here.",
        "Write the sum or product with SUM or PROD over a dimension.",
    ),
    entry(
        code::TRANSPORT_METHOD,
        "a conveyor or queue under a method other than Euler's",
        "Conveyors and queues move once a step. A method that looks into a step would need a part of such a move.",
        "Write `method=\"Euler\"`.",
    ),
    entry(
        code::QUEUE_TARGETS,
        "a queue's outflow into a conveyor that cannot take it",
        "A queue feeds discrete conveyors only, and an overflow feeds none.",
        "Make the conveyor discrete, or put a stock between.",
    ),
    entry(
        code::CHANGING_SPEED,
        "a conveyor that changes its speed",
        "Here what is on a conveyor keeps the way that it had when it came in. With `fifo` all of it travels by the present transit time instead; that is the same only where the transit time does not change, so that it follows from constants.",
        "Leave `fifo` out, or let the transit time follow from constants.",
    ),
    entry(
        code::SELECT_ERRORS,
        "a check of how many elements are selected",
        "The last argument of VECTOR SELECT can ask to stop where no element is selected, or several are. A run does not stop for that; where no element is selected the function gives its third argument.",
        "Write 0 there, and look at `SUM(is_open[*])` for how many there are.",
    ),
];
