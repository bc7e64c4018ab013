//! What `simc convert` cannot say in another language.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::CONVERT_FUNCTION,
        "a function that the other language does not have",
        "The language that the model is converted to has no function or operator that computes the same number, alone or together with others.",
        "Write the equation with functions that both languages have, or keep the model in its language.",
    ),
    entry(
        code::CONVERT_ARRAY,
        "a use of arrays that the other language cannot write",
        "Vensim's subscripts are names of elements and ranges: it has no computed subscripts, no slices and no transposes, and a range is in one place only of a left side. \
         XMILE has no exceptions: what holds for all elements but some is written out for each of them, which some equations do not allow.",
        "Name the element or the whole range in the subscript, or give the part a variable of its own.",
    ),
    entry(
        code::CONVERT_HOLES,
        "an array with elements that do not exist",
        "In Vensim, elements for which there is no equation do not exist. In XMILE every array has all elements of its dimensions.",
        "Give the other elements an equation, or make a subrange of those that exist the dimension of the variable.",
    ),
    entry(
        code::CONVERT_MAPPING,
        "a mapping that the other language cannot write",
        "In XMILE a mapped dimension has as many elements as the other one, and they correspond in their order. Vensim's mappings may list elements one by one: what reads through them is written for each element, if these are not too many.",
        "Order the elements of both ranges alike, or write equations without the mapping.",
    ),
    entry(
        code::CONVERT_TABLE,
        "a graphical function that the other language does not have",
        "Vensim's lookups are continuous and keep their last value; it reads them otherwise by functions alone.",
        "Make the graphical function continuous, or read it from a variable of its own.",
    ),
    entry(
        code::CONVERT_LIMIT,
        "a limit that the other language cannot write",
        "Vensim has no stocks that keep themselves from falling below 0: their outflows take at most what is there, in the order of the stock's list. Where an inflow of the stock depends on its outflows within a step, where flows have other dimensions than the stock or a multiplier, or where another equation holds at the start, no equation says that.",
        "Write the limit into the equations of the outflows, and remove the option.",
    ),
    entry(
        code::CONVERT_TRANSPORT,
        "a conveyor or a queue",
        "Vensim has no stocks that are conveyors or queues.",
        "Write the stock with a delay, or keep the model in its language.",
    ),
    entry(
        code::CONVERT_MODULE,
        "modules",
        "A model in Vensim's format is one level of variables without modules; and a model in XMILE is printed as one file.",
        "Move the variables of the modules into the model.",
    ),
    entry(
        code::CONVERT_MACRO,
        "a macro that the other language cannot write",
        "Vensim's macros have no parameters that may be left out.",
        "Give all arguments in every call, and remove the default.",
    ),
    entry(
        code::CONVERT_DATA,
        "data that cannot be taken along",
        "Values that a model takes from other files over time, and imports, stay in those files, which the other language reads by other rules.",
        "Write the values into the model as a graphical function over the time.",
    ),
    entry(
        code::CONVERT_EVENT,
        "events of thresholds",
        "Vensim has no thresholds that raise events.",
        "Remove the thresholds.",
    ),
    entry(
        code::CONVERT_NAME,
        "a name that the other language cannot write",
        "Variables, ranges and their elements share one space of names in Vensim, and the times of a run are variables there. \
         In either language some characters cannot be a part of a name.",
        "Give the variable, the dimension or the element another name.",
    ),
    entry(
        code::CONVERT_TIME,
        "a time of the run that cannot be converted",
        "A model in Vensim's format says its times in variables: `INITIAL TIME`, `FINAL TIME`, `TIME STEP` and `SAVEPER`. The model says no such time, or has a variable of that name whose value is another one.",
        "Give the variable another name, or the value of the run.",
    ),
    entry(
        code::CONVERT_NOTE,
        "something beside the numbers that is left out or changed",
        "The other language cannot write this as it is: controls of an interface, units that are defined by others, characters that end a comment. No number depends on it.",
        "There is nothing to do unless you need it.",
    ),
    entry(
        code::CONVERT_RESULT,
        "a converted model that is not accepted",
        "A model that has been printed is read back before it is written. What was printed has an error in the other language that the original does not have.",
        "The message says what it is: change the equation that it names.",
    ),
];
