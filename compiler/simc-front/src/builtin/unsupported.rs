//! Functions that XMILE, Stella or Vensim have and the compiler refuses by name.

use super::{Builtin, Meaning};

const ARRAYS: &str = "XMILE 1.0, section 3.7";
const STELLA: &str = "Stella help, builtins";
const VENSIM: &str = "Vensim help, functions";

const fn refused(
    names: &'static [&'static str],
    example: &'static str,
    about: &'static str,
    origin: &'static str,
) -> Builtin {
    Builtin { names, params: &[], meaning: Meaning::Unsupported, about, origin, example }
}

/// The rows. The sentence says what the function is.
pub(super) const ROWS: &[Builtin] = &[
    // mathematics
    refused(&["SSHAPE"], "SSHAPE(x, bottom, top)", "an S-shaped curve", VENSIM),
    refused(&["INTERPOLATE"], "INTERPOLATE(weight, a, b)", "interpolation between two numbers", STELLA),
    refused(&["SIMULTANEOUS"], "SIMULTANEOUS(x, guess)", "simultaneous equations", VENSIM),
    refused(&["FIND_ZERO"], "FIND ZERO(...)", "a numerical root", VENSIM),
    refused(&["INTEG"], "INTEG(rate, initial)", "integration outside of a stock", VENSIM),
    // random numbers
    refused(&["RANDOM_0_1"], "RANDOM 0 1()", "uniform random numbers", VENSIM),
    refused(&["RANDOM_UNIFORM"], "RANDOM UNIFORM(min, max, seed)", "uniform random numbers", VENSIM),
    refused(&["RANDOM_NORMAL"], "RANDOM NORMAL(min, max, mean, sd, seed)", "normal random numbers", VENSIM),
    refused(
        &["RANDOM_EXPONENTIAL"],
        "RANDOM EXPONENTIAL(min, max, shift, stretch, seed)",
        "exponential random numbers",
        VENSIM,
    ),
    refused(
        &["RANDOM_TRIANGULAR"],
        "RANDOM TRIANGULAR(min, max, start, peak, stop, seed)",
        "triangular random numbers",
        VENSIM,
    ),
    refused(
        &["RANDOM_WEIBULL"],
        "RANDOM WEIBULL(min, max, shape, shift, stretch, seed)",
        "Weibull random numbers",
        VENSIM,
    ),
    refused(&["RANDOM_GAMMA"], "RANDOM GAMMA(min, max, order, shift, stretch, seed)", "gamma random numbers", VENSIM),
    refused(&["RANDOM_BETA"], "RANDOM BETA(min, max, a, b, shift, stretch, seed)", "beta random numbers", VENSIM),
    refused(
        &["RANDOM_BINOMIAL"],
        "RANDOM BINOMIAL(min, max, p, n, shift, stretch, seed)",
        "binomial random numbers",
        VENSIM,
    ),
    refused(
        &["RANDOM_NEGATIVE_BINOMIAL"],
        "RANDOM NEGATIVE BINOMIAL(min, max, p, n, shift, stretch, seed)",
        "negative binomial random numbers",
        VENSIM,
    ),
    refused(
        &["RANDOM_POISSON"],
        "RANDOM POISSON(min, max, mean, shift, stretch, seed)",
        "Poisson random numbers",
        VENSIM,
    ),
    refused(
        &["RANDOM_LOOKUP"],
        "RANDOM LOOKUP(lookup, min, max, shift, stretch, seed)",
        "random numbers of a given density",
        VENSIM,
    ),
    refused(&["RANDOM_PINK_NOISE"], "RANDOM PINK NOISE(...)", "correlated noise", VENSIM),
    // delays and memory
    refused(&["DELAY_N"], "DELAY N(input, time, initial, order)", "Vensim's delay of n-th order", VENSIM),
    refused(&["SMOOTH_N"], "SMOOTH N(input, time, initial, order)", "Vensim's smooth of n-th order", VENSIM),
    refused(
        &["DELAY_MATERIAL"],
        "DELAY MATERIAL(input, time, initial, missing)",
        "a material delay of changing length",
        VENSIM,
    ),
    refused(
        &["DELAY_INFORMATION"],
        "DELAY INFORMATION(input, time, initial)",
        "an information delay of changing length",
        VENSIM,
    ),
    refused(
        &["DELAY_BATCH"],
        "DELAY BATCH(input, size, time, initial, initial time, initial back)",
        "a delay in batches",
        VENSIM,
    ),
    refused(
        &["DELAY_PROFILE"],
        "DELAY PROFILE(profile, input, time, initial, growth)",
        "a delay with a profile",
        VENSIM,
    ),
    refused(
        &["DELAY_CONVEYOR"],
        "DELAY CONVEYOR(input, time, leak, profile, initial, initial time)",
        "a conveyor",
        VENSIM,
    ),
    refused(&["DELAYP"], "DELAYP(input, time : pipeline)", "a delay that returns its contents", VENSIM),
    refused(&["ACTIVE_INITIAL"], "ACTIVE INITIAL(active, initial)", "a separate equation for initial values", VENSIM),
    refused(&["REINITIAL"], "REINITIAL(x)", "an initial value that is taken again on resuming", VENSIM),
    refused(&["SAMPLE_UNTIL"], "SAMPLE UNTIL(time, input, initial)", "a value that is held from a time on", VENSIM),
    refused(&["SHIFT_IF_TRUE"], "SHIFT IF TRUE(array, condition, n, fill, where)", "an array that moves along", VENSIM),
    refused(&["HISTORY"], "HISTORY(x, time)", "a value at an earlier time", STELLA),
    refused(&["ENDVAL"], "ENDVAL(x)", "a value at the end of the last run", STELLA),
    refused(&["REWORK"], "REWORK(...)", "a rework cycle", STELLA),
    // test inputs and time
    refused(&["TIME_BASE"], "TIME BASE(start, slope)", "a second time axis", VENSIM),
    refused(&["TIME_SHIFT"], "TIME SHIFT(data, amount)", "data shifted in time", VENSIM),
    refused(&["GET_TIME_VALUE"], "GET TIME VALUE(relative to, offset, measure)", "parts of the date", VENSIM),
    refused(&["CLOCKTIME"], "CLOCKTIME", "the time of day on the machine", STELLA),
    refused(&["RUNCOUNT"], "RUNCOUNT", "the number of the run", STELLA),
    refused(&["SENSIRUNCOUNT", "SENSIRUNTOTAL"], "SENSIRUNCOUNT", "the number of a sensitivity run", STELLA),
    refused(&["MESSAGE"], "MESSAGE(text, flag)", "messages to the user", VENSIM),
    refused(&["GAME"], "GAME(x)", "values given by a player", VENSIM),
    // graphical functions
    refused(&["LOOKUP_SLOPE"], "LOOKUP SLOPE(lookup, x, type)", "the slope of a lookup", VENSIM),
    refused(&["WITH_LOOKUP"], "WITH LOOKUP(x, points)", "a lookup written in place", VENSIM),
    refused(&["VECTOR_LOOKUP"], "VECTOR LOOKUP(vector, x, x min, x max, mode)", "a lookup in an array", VENSIM),
    // arrays
    refused(&["MEDIAN"], "MEDIAN(array)", "a median over an array", STELLA),
    refused(&["MODE"], "MODE(array)", "the most frequent element of an array", STELLA),
    refused(&["INVERT_MATRIX"], "INVERT MATRIX(matrix)", "a matrix inverse", VENSIM),
    refused(
        &["VECTOR_SELECT"],
        "VECTOR SELECT(selection, vector, missing, action, error)",
        "selected elements of an array",
        VENSIM,
    ),
    refused(&["VECTOR_ELM_MAP"], "VECTOR ELM MAP(vector, offset)", "an element at an offset", VENSIM),
    refused(&["VECTOR_SORT_ORDER"], "VECTOR SORT ORDER(vector, direction)", "the sort order of an array", VENSIM),
    refused(&["VECTOR_RANK"], "VECTOR RANK(vector, direction)", "ranks of an array", VENSIM),
    refused(&["VECTOR_REORDER"], "VECTOR REORDER(vector, order)", "a reordered array", VENSIM),
    // allocation
    refused(&["ALLOCATE_AVAILABLE"], "ALLOCATE AVAILABLE(request, profile, available)", "allocation by price", VENSIM),
    refused(
        &["ALLOCATE_BY_PRIORITY"],
        "ALLOCATE BY PRIORITY(request, priority, size, width, supply)",
        "allocation by priority",
        VENSIM,
    ),
    refused(&["ALLOCATE"], "ALLOCATE(...)", "allocation", STELLA),
    refused(
        &["ALLOC_P", "MARKETP"],
        "ALLOC P(request, priority, width, price)",
        "allocation at a market price",
        VENSIM,
    ),
    refused(&["DEMAND_AT_PRICE"], "DEMAND AT PRICE(...)", "demand at a price", VENSIM),
    refused(&["SUPPLY_AT_PRICE"], "SUPPLY AT PRICE(...)", "supply at a price", VENSIM),
    refused(&["FIND_MARKET_PRICE"], "FIND MARKET PRICE(...)", "a market price", VENSIM),
    // data
    refused(&["GET_DATA_BETWEEN_TIMES"], "GET DATA BETWEEN TIMES(data, time, mode)", "data at a time", VENSIM),
    refused(&["GET_DATA_AT_TIME"], "GET DATA AT TIME(data, time)", "data at a time", VENSIM),
    refused(
        &[
            "GET_DATA_FIRST_TIME",
            "GET_DATA_LAST_TIME",
            "GET_DATA_MIN",
            "GET_DATA_MAX",
            "GET_DATA_MEAN",
            "GET_DATA_MEDIAN",
            "GET_DATA_STDV",
            "GET_DATA_TOTAL_POINTS",
        ],
        "GET DATA MEAN(data, from, to)",
        "statistics of data",
        VENSIM,
    ),
    refused(&["CUMULATE", "CUMULATEF"], "CUMULATE(data)", "cumulated data", VENSIM),
    refused(&["X_IF_MISSING"], "X IF MISSING(data, x)", "a value for missing data", VENSIM),
    refused(
        &[
            "GET_XLS_DATA",
            "GET_XLS_CONSTANTS",
            "GET_XLS_LOOKUPS",
            "GET_XLS_SUBSCRIPT",
            "GET_DIRECT_DATA",
            "GET_DIRECT_CONSTANTS",
            "GET_DIRECT_LOOKUPS",
            "GET_DIRECT_SUBSCRIPT",
            "GET_VDF_DATA",
            "GET_VDF_CONSTANTS",
            "GET_VDF_LOOKUPS",
            "GET_123_DATA",
            "GET_123_CONSTANTS",
            "GET_123_LOOKUPS",
        ],
        "GET XLS DATA(file, tab, time row, first cell)",
        "external data",
        VENSIM,
    ),
    refused(&["TABBED_ARRAY"], "TABBED ARRAY(...)", "an array typed as a table", VENSIM),
    // finance
    refused(&["NPVE"], "NPVE(stream, rate, initial, factor)", "a net present value", VENSIM),
    refused(&["INTERNAL_RATE_OF_RETURN", "IRR"], "IRR(stream)", "an internal rate of return", VENSIM),
    refused(
        &["DEPRECIATE_STRAIGHTLINE"],
        "DEPRECIATE STRAIGHTLINE(stream, time, fiscal, initial)",
        "depreciation",
        VENSIM,
    ),
    refused(
        &["DEPRECIATE_BY_SCHEDULE"],
        "DEPRECIATE BY SCHEDULE(stream, schedule, initial, time, start)",
        "depreciation",
        VENSIM,
    ),
    refused(&["COMPOUND"], "COMPOUND(...)", "compound interest", STELLA),
    // conveyors, queues and ovens
    refused(&["CAPACITY"], "CAPACITY(conveyor)", "the capacity of a conveyor", STELLA),
    refused(&["PROCTIME"], "PROCTIME(conveyor)", "the transit time of a conveyor", STELLA),
    refused(&["OSTATE"], "OSTATE(oven)", "the state of an oven", STELLA),
    refused(&["QELEM"], "QELEM(queue, n)", "an element of a queue", STELLA),
    refused(&["QLEN"], "QLEN(queue)", "the length of a queue", STELLA),
    refused(&["AGECOUNT"], "AGECOUNT(...)", "a count by age", STELLA),
    refused(
        &["ATTRCOUNT", "ATTRMAX", "ATTRMEAN", "ATTRMIN", "ATTRSTDDEV"],
        "ATTRMEAN(...)",
        "attributes of a batch",
        STELLA,
    ),
    refused(
        &["CYCLETIME", "THROUGHPUT", "CTFLOW", "CTMAX", "CTMEAN", "CTMIN", "CTSTDDEV"],
        "CYCLETIME(flow)",
        "cycle-time statistics",
        STELLA,
    ),
    refused(&["LOOPSCORE", "PATHSCORE"], "LOOPSCORE(...)", "loop dominance scores", STELLA),
    // other
    refused(&["A_FUNCTION_OF"], "A FUNCTION OF(x, ...)", "an equation that is still to be written", VENSIM),
    refused(&["ISMODULEINPUT"], "ISMODULEINPUT(x)", "whether an input is connected", STELLA),
];
