//! What names mean: variables, functions, modules, macros, conveyors, queues and events.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::UNKNOWN_NAME,
        "an unknown name",
        "No variable, flow or module of this name can be seen from here. Within a module, only its own variables can; others are reached as `module.name`, or `.name` from the root.",
        "Correct the spelling, define the variable, or write the path to it.",
    ),
    entry(
        code::UNKNOWN_FUNCTION,
        "an unknown function",
        "The name before the parentheses is neither a builtin function nor a graphical function of the model.",
        "Correct the spelling, or write `*` before the parenthesis to multiply.",
    ),
    entry(
        code::DUPLICATE_NAME,
        "a name defined twice",
        "Two variables, modules or models have the same name. Case does not matter in names, nor does it matter whether words are separated by spaces, underscores or line breaks. Nor may results show two variables under one name, as a quoted `M.x` beside the `x` of a module `M`, one under that of an element of an array, as a quoted `a[1]`, or one under that of the time, nor two elements, as `p,q` with `r` and `p` with `q,r`. A variable may have the name of a dimension; where an equation over that dimension means the variable by it, that is a warning.",
        "Rename or remove one of them.",
    ),
    entry(
        code::MISSING_EQUATION,
        "a variable without an equation",
        "A flow or auxiliary has neither an equation nor, if it is a module's input, a connection. Comments are no equation. Where nothing reads the variable, and no stock lists it, it is left out of the model, with a warning.",
        "Write its equation.",
    ),
    entry(
        code::MISSING_INITIAL_VALUE,
        "a stock without an initial value",
        "A stock's equation is its value at the start; without one there is nothing to begin with.",
        "Write the initial value, 0 if that is what is meant.",
    ),
    entry(
        code::CIRCULAR,
        "a circular dependency",
        "To compute a variable in a step, its own value in the same step is needed. The message shows the way round, and each place where it goes on. An element whose number is computed in the run may be any element of its array.",
        "Put a stock, a delay, a smooth or PREVIOUS somewhere on the way, as there is in the real system.",
    ),
    entry(
        code::CIRCULAR_INITIAL,
        "a circular dependency of initial values",
        "To compute the initial value of a stock or of a delay, that very value is needed. Within a step there would be no cycle.",
        "Give a stock on the way an initial value that depends on none of the others, or the delay its optional initial argument.",
    ),
    entry(
        code::ARGUMENT_COUNT,
        "too few or too many arguments",
        "The function does not take that many arguments. Arguments in brackets in the hint may be left out.",
        "Write the call as the hint shows it.",
    ),
    entry(
        code::TABLE_EXPECTED,
        "the name of a graphical function is needed",
        "LOOKUP evaluates a graphical function that its first argument names; a number or a variable without a graphical function will not do.",
        "Write the name of a variable that has a graphical function.",
    ),
    entry(
        code::TABLE_AS_VALUE,
        "a graphical function used as a number",
        "A graphical function without an equation has no value of its own, only one for each x.",
        "Write `effect_of_density(density)`, or give the graphical function an equation.",
    ),
    entry(
        code::NOT_CALLABLE,
        "a variable called like a function",
        "The name before the parentheses is a variable without a graphical function. Multiplication is never implied.",
        "Write `*` to multiply.",
    ),
    entry(
        code::FUNCTION_AS_VALUE,
        "a function without arguments",
        "A function's name is used where a number is needed.",
        "Write its arguments in parentheses, as the hint shows.",
    ),
    entry(
        code::MODULE_AS_VALUE,
        "a module used as a number",
        "A module's name is used where a number is needed.",
        "Write `module.variable`.",
    ),
    entry(
        code::NOT_A_FLOW,
        "a stock changed by something that is not a flow",
        "What fills and drains a stock are flows. An auxiliary serves as one, with a warning; a stock or a graphical function cannot.",
        "Define it as a flow.",
    ),
    entry(
        code::FLOW_REUSED,
        "a flow used twice",
        "A flow runs from one stock to one stock. When it fills, or drains, two stocks, both count it, with a warning: what leaves one place would arrive at two. When one stock names it twice, that is an error.",
        "Define a second flow with the first one as its equation.",
    ),
    entry(
        code::STOCK_WITH_TABLE,
        "a stock with a graphical function",
        "A graphical function transforms what an equation computes in each step; a stock is not computed but accumulated.",
        "Give the graphical function to an auxiliary or a flow.",
    ),
    entry(
        code::BAD_ORDER,
        "the order of a delay is not usable",
        "The order of DELAYN and SMTHN is the number of levels, which the compiled model must know before it runs: a number from 1 to 1000, or a variable computed by arithmetic from constants. One that may change counts as it is at the start, with a warning, where that is known. All orders together may be 100000. A constant that an order depends on cannot be set by a host any more.",
        "Write a number, or the name of a constant.",
    ),
    entry(
        code::UNKNOWN_MODEL,
        "a module without a model",
        "A module is an instance of the model of the same name, or of the one that it names; the file has none.",
        "Add the model, or correct the name.",
    ),
    entry(
        code::RECURSIVE_MODULE,
        "a model that contains itself",
        "A module is an instance of a model of which it is a part, directly or through other modules: there would be no end of instances.",
        "Remove the inner module.",
    ),
    entry(
        code::MODULE_LIMIT,
        "too many modules",
        "Modules nest deeper than 64 levels, or all instances together have more than 262,144 variables, fewer when their equations are long.",
        "Use fewer or smaller modules.",
    ),
    entry(
        code::BAD_CONNECTION,
        "a connection that leads nowhere",
        "A connection leads to an input of the module, from a variable that can be seen where the module is. One of the two is something else. A connection leads from a whole variable to a whole one: elements cannot be connected.",
        "Correct the name, or make the variable in the module an input.",
    ),
    entry(
        code::CONNECTED_TWICE,
        "an input with two sources",
        "Two connections feed the same input from different variables.",
        "Remove one of them.",
    ),
    entry(
        code::MACRO_LIMIT,
        "macros beyond the limits",
        "Each call of a macro is an instance of its own. Together they make more variables than a model may have, or they call one another too deeply.",
        "Call less often, or compute the value once in a variable.",
    ),
    entry(
        code::NOT_A_FUNCTION,
        "a model that cannot be called",
        "A model can be called like a function when exactly one of its variables has `access=\"output\"`; its arguments are the variables with `access=\"input\"`, in their order.",
        "Give the variable that is the result `access=\"output\"`.",
    ),
    entry(
        code::TRANSPORT_OUTFLOW,
        "a conveyor without exactly one outflow at its exit",
        "What reaches the end of a conveyor leaves by one outflow. All other outflows are leaks: those that say so, or where none does, all but the first.",
        "Mark all outflows but one as leaks.",
    ),
    entry(
        code::TRANSPORT_FLOW,
        "a flow that conveyors and queues cannot have",
        "A flow enters one conveyor or queue and leaves one; only a conveyor has leaks, and only a queue has an overflow.",
        "Name each flow in one stock as an inflow and in one as an outflow, and make the stock a conveyor or queue.",
    ),
    entry(
        code::TRANSPORT_TRANSIT,
        "a transit time that a conveyor cannot have",
        "The transit time of a conveyor must be given, be above 0 and no longer than a million steps.",
        "Write a positive transit time, or use a larger time step.",
    ),
    entry(
        code::TRANSPORT_SHAPE,
        "a conveyor or queue and a flow with different dimensions",
        "Each element of an array of conveyors or queues has flows of its own, so the flows must have the dimensions of the stock.",
        "Give the flow the dimensions of the stock.",
    ),
    entry(
        code::TRANSPORT_INITIAL,
        "a list of initial values that a conveyor cannot begin with",
        "A list gives the contents of slats or of units of time, so the number of slats must be known: the transit time must be a number.",
        "Write the transit time as a number, or one initial value for all contents.",
    ),
    entry(
        code::OVERFLOW_FIRST,
        "an overflow that no outflow comes before",
        "An overflow takes what the outflows before it could not take. So it cannot be the first.",
        "List another outflow of the queue before it.",
    ),
    entry(
        code::TRANSPORT_LIMIT,
        "a conveyor or queue with too many flows",
        "A conveyor or queue may have 64 inflows and 64 outflows, and a conveyor 16 leaks.",
        "Merge flows.",
    ),
    entry(
        code::TRANSPORT_EXPECTED,
        "an argument that should be a conveyor or queue",
        "QELEM, QLEN, PROCTIME and CAPACITY look at what is in a queue or on a conveyor, so their first argument is the name of one.",
        "Name a stock that is a queue or a conveyor.",
    ),
    entry(
        code::TRANSPORT_ROUNDED,
        "a transit time that is not a whole number of steps",
        "A conveyor moves once a step, so what is on it travels for a whole number of steps: the nearest to the transit time, and at least one.",
        "Use a transit time that is a multiple of the time step, or a time step that divides it.",
    ),
    entry(
        code::BAD_REPEAT,
        "events that fire once and repeat",
        "A threshold says how often its events fire. Several events of one threshold are used one after another, each of them once, so that they cannot repeat; and only an event that fires each time the threshold is passed can have an interval after which it fires again.",
        "Write `once` or `once_ever` for several events, and an interval, which is not negative, with `each` alone.",
    ),
    entry(
        code::REPEATED_THRESHOLD,
        "the same threshold twice",
        "A variable has each threshold once in each direction, so that it is known which event comes first.",
        "Put the events into one threshold, where they are used one after another.",
    ),
];
