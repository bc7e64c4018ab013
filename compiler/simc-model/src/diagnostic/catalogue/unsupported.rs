//! What is known and not supported.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::OVENS,
        "ovens are not supported",
        "Stocks that are ovens cannot be compiled yet.",
        "<stock name=\"batch\"><oven/></stock>",
        "A plain stock with a flow that empties it in pulses often serves.",
    ),
    entry(
        code::INITIAL_EQUATIONS,
        "an initial equation too many",
        "An `<init_eqn>` is what initial values see, and the `<eqn>` what holds in every step. The `<eqn>` of a stock is an initial value itself, so that with both nobody knows which one is meant; and where elements have equations of their own, a list does not tell which of its entries is whose.",
        "<stock name=\"s\"><eqn>1</eqn><init_eqn>2</init_eqn></stock>",
        "Leave one of a stock's two equations, or give each element its own `<init_eqn>`.",
    ),
    entry(
        code::ENCRYPTION,
        "encrypted models are not supported",
        "The model's contents are encrypted.",
        "<model> ... <isee:encrypted> ...",
        "Save the model without a password.",
    ),
    entry(
        code::OWN_SPECIFICATIONS,
        "simulations of their own are not supported",
        "A module that runs at other times, or with another step, than the whole model exchanges values with it at times that XMILE does not define. A macro with `<sim_specs>` is a whole simulation within every call: in every step and stage it starts its stocks and memories anew and takes all of its own steps. The code of a step is loops over elements of arrays, which compute one after the other; a loop that carries the stocks of an inner run from one passage to the next is not among them.",
        "<model name=\"fast\"><sim_specs> ... </sim_specs></model>",
        "Use one time specification, with the smallest step of all. Write the steps of an inner run as the elements of an array that reads its own earlier elements: `x[Step] = x[Step - 1] + rate[Step]`.",
    ),
    entry(
        code::PARTIAL_RUNS,
        "running a part of a model is not supported",
        "In a run that is restricted to groups or modules, everything outside of them keeps the values of an earlier run, and an artifact has no earlier run.",
        "<sim_specs><run by=\"group\"/></sim_specs>",
        "Remove the restriction.",
    ),
    entry(
        code::UNKNOWN_ELEMENT,
        "an unknown element",
        "The element is not part of XMILE, and it stands where it could change the model's numbers.",
        "<aux name=\"a\"><eqn>1</eqn><override>2</override></aux>",
        "Remove it, if the model does not depend on it.",
    ),
    entry(
        code::BEHAVIORS,
        "option filters are not supported",
        "Defaults other than `<non_negative>`, and macros that run by themselves whenever a variable has an option, are not supported: XMILE states what such a filter is given, but neither the order of several filters nor how they meet the rules that the language itself has for the option.",
        "<macro filter=\"stock\" name=\"non_negative\" applyto=\"outflows\">",
        "Call the macro in the equations that need it, and say an option at each variable.",
    ),
    entry(
        code::METHODS,
        "an unsupported integration method",
        "None of the methods that the model names is supported. Of a list, the first supported one is taken.",
        "<sim_specs method=\"gear\">",
        "Use euler, rk2 or rk4.",
    ),
    entry(
        code::FUNCTIONS,
        "an unsupported function",
        "XMILE, Stella or Vensim has this function, and the compiler does not support it yet.",
        "IRR(cash_flow)",
        "Write it with stocks and supported functions.",
    ),
    entry(
        code::COMPUTED_RANGE,
        "what must be known before the run",
        "The ends of this range, or which graphical function this is, are computed in the run. A range whose ends are computed can only be reduced, with SUM, MEAN, MIN, MAX or PROD.",
        "y = x[first:last]",
        "Use elements or numbers.",
    ),
    entry(
        code::SCATTERED,
        "subscripts without order",
        "The elements that this equation reads follow no order, so that it comes to one equation for almost every element.",
        "y[Shuffled] = x[Shuffled]",
        "List the elements of the dimensions in the same order.",
    ),
    entry(
        code::LARGE_CIRCLE,
        "a cycle of too many elements",
        "Arrays that read one another's elements at even distances, all before or all behind the one being computed, may have any size; others are ordered element by element, up to a limit.",
        "x = IF Day = 5000 THEN 0 ELSE x[chosen day] + 1",
        "Use a smaller dimension, or a stock.",
    ),
    entry(
        code::ARRAYED_CLAMPS,
        "a non-negative array with flows of another shape",
        "Each element of a non-negative stock limits the elements of its outflows, which therefore have the dimensions of the stock in the same order, and at most one more.",
        "non-negative stock s[Region] with a single outflow",
        "Give the outflow the dimensions of the stock and at most one more, or let the stock become negative.",
    ),
    entry(
        code::RECURSIVE_MACROS,
        "recursive macros are not supported",
        "A macro that calls itself, directly or through others, never ends when every branch is evaluated, as it is here. XMILE leaves recursion to the implementation.",
        "<macro name=\"FACT\"><parm>x</parm><eqn>IF x <= 1 THEN 1 ELSE x*FACT(x - 1)</eqn></macro>",
        "Write the sum or product with SUM or PROD over a dimension.",
    ),
    entry(
        code::TRANSPORT_METHOD,
        "a conveyor or queue under a method other than Euler's",
        "Conveyors and queues move once a step. A method that looks into a step would need a part of such a move.",
        "<sim_specs method=\"RK4\">",
        "Write `method=\"Euler\"`.",
    ),
    entry(
        code::QUEUE_TARGETS,
        "a queue's outflow into a conveyor that cannot take it",
        "A queue feeds discrete conveyors only, and an overflow feeds none.",
        "<conveyor><len>4</len></conveyor>",
        "Write `<conveyor discrete=\"true\">`, or put a stock between.",
    ),
    entry(
        code::SELECT_ERRORS,
        "a check of how many elements are selected",
        "The last argument of VECTOR SELECT can ask to stop where no element is selected, or several are. A run does not stop for that; where no element is selected the function gives its third argument.",
        "VECTOR_SELECT(is_open[*], price[*], 0, 3, 1)",
        "Write 0 there, and look at `SUM(is_open[*])` for how many there are.",
    ),
    entry(
        code::FILE_TAGS,
        "tags for files are not supported",
        "`--data ?tag=FILE` says which file a tag of a Vensim model stands for. Models in other formats have no tags.",
        "simc run model.xmile --data ?rates=rates.xlsx",
        "Name the file in the model, or give it as a data set: `--data rates.xlsx`.",
    ),
];
