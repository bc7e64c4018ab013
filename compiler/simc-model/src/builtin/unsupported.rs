//! Functions that XMILE, Stella or Vensim have and the compiler refuses by name.

use super::row::{STELLA, VENSIM};
use super::{Builtin, Meaning, UnitRule};

const ITERATES: &str = "it iterates until numbers agree, which no fixed number of operations does";
const CHANGING: &str = "what enters it can overtake what has entered before; in a `.mdl` file it is DELAY FIXED where its time stays the same, as a whole right side";
const SESSION: &str = "a compiled model knows nothing of other runs or of a user";
const CLOCK: &str = "a compiled model sees no clock, so that a run can be repeated";
const DATA: &str = "it reads data that lies outside of the model";
const PRICES: &str = "the pair is ALLOCATE BY PRIORITY in two steps, in whose place the vendor recommends that one";
const OF_VENSIM: &str = "it is a function of Vensim's: write `vensim.` in front of its name, with underscores";
const STREAM: &str = "it needs all of a stream at once, or fiscal periods; write NPV or a conveyor";
const TRANSPORTS: &str = "it looks into a conveyor, a queue or an oven";
const REALITY_CHECKS: &str =
    "it is for reality checks alone, which change no run and are passed over: an equation cannot call it";
const BATCHES: &str = "it needs the age and the attributes of each batch, which are not kept";

const fn refused(
    names: &'static [&'static str],
    example: &'static str,
    about: &'static str,
    why: &'static str,
    origin: &'static str,
) -> Builtin {
    Builtin {
        names,
        params: &[],
        meaning: Meaning::Unsupported,
        units: UnitRule::Unstated,
        about,
        origin,
        example,
        why,
        ..Builtin::BLANK
    }
}

/// The rows. One sentence says what the function is, the other why it is refused.
pub(super) const ROWS: &[Builtin] = &[
    // mathematics
    refused(
        &["SSHAPE"],
        "SSHAPE(x, bottom, top)",
        "an S-shaped curve",
        "the vendor does not say which curve it is",
        VENSIM,
    )
    .vensim(&["SSHAPE"]),
    refused(&["SIMULTANEOUS"], "SIMULTANEOUS(x, guess)", "simultaneous equations", ITERATES, VENSIM)
        .vensim(&["SIMULTANEOUS"]),
    refused(&["FIND_ZERO"], "FIND ZERO(...)", "a numerical root", ITERATES, VENSIM).vensim(&["FIND ZERO"]),
    refused(&["INTEG"], "INTEG(rate, initial)", "integration outside of a stock", "a stock does that", VENSIM)
        .vensim(&["INTEG"]),
    refused(
        &["MLPANN"],
        "MLPANN(x, y)",
        "a neural network",
        "its weights are the outcome of a training within the vendor's program",
        STELLA,
    ),
    // random numbers
    refused(
        &["RANDOM_WEIBULL"],
        "RANDOM WEIBULL(min, max, shape, shift, stretch, seed)",
        "Weibull random numbers of the mean 1",
        "write shift + WEIBULL(shape, stretch/EXP(GAMMALN(1 + 1/shape)))",
        VENSIM,
    ),
    refused(
        &["RANDOM_GAMMA"],
        "RANDOM GAMMA(min, max, order, shift, stretch, seed)",
        "gamma random numbers of an order of at least 1",
        "write shift + GAMMA(MAX(order, 1), stretch)",
        VENSIM,
    ),
    refused(
        &["RANDOM_BINOMIAL"],
        "RANDOM BINOMIAL(min, max, p, n, shift, stretch, seed)",
        "binomial random numbers",
        "write shift + stretch*BINOMIAL(n, p)",
        VENSIM,
    ),
    refused(
        &["RANDOM_NEGATIVE_BINOMIAL"],
        "RANDOM NEGATIVE BINOMIAL(min, max, p, n, shift, stretch, seed)",
        "negative binomial random numbers",
        "write shift + stretch*NEGBINOMIAL(n, p)",
        VENSIM,
    ),
    refused(
        &["RANDOM_LOOKUP"],
        "RANDOM LOOKUP(lookup, min, max, shift, stretch, seed)",
        "random numbers of a given density",
        "write LOOKUP of the inverse of the distribution at RANDOM(0, 1)",
        VENSIM,
    )
    .vensim(&["RANDOM LOOKUP"]),
    refused(
        &["RANDOM_PINK_NOISE"],
        "RANDOM PINK NOISE(mean, sd, time, step, seed)",
        "correlated noise",
        "write SMTH1 of NORMAL numbers",
        VENSIM,
    ),
    // delays and memory
    refused(
        &["DELAY_MATERIAL"],
        "DELAY MATERIAL(input, time, initial, missing)",
        "a material delay of changing length",
        CHANGING,
        VENSIM,
    )
    .vensim(&["DELAY MATERIAL"]),
    refused(
        &["DELAY_INFORMATION"],
        "DELAY INFORMATION(input, time, initial)",
        "an information delay of changing length",
        CHANGING,
        VENSIM,
    )
    .vensim(&["DELAY INFORMATION"]),
    refused(
        &["DELAY_BATCH"],
        "DELAY BATCH(input, size, time, initial, initial time, initial back)",
        "a delay in batches",
        "the vendor does not say how high the pulse of a batch is, and what a changing batch size does to one that is begun",
        VENSIM,
    )
    .vensim(&["DELAY BATCH"]),
    refused(
        &["DELAY_PROFILE"],
        "DELAY PROFILE(profile, input, time, initial, growth)",
        "a delay with a profile",
        "the vendor does not say how the profile is divided among the time steps",
        VENSIM,
    )
    .vensim(&["DELAY PROFILE"]),
    refused(
        &["DELAY_CONVEYOR"],
        "DELAY CONVEYOR(input, time, leak, profile, initial, initial time)",
        "a conveyor",
        "the vendor does not say how its profile is divided among the time steps, and how it changes its speed",
        VENSIM,
    )
    .vensim(&["DELAY CONVEYOR"]),
    refused(
        &["DELAYP"],
        "DELAYP(input, time : pipeline)",
        "a delay that returns its contents",
        "it defines a second variable: in Vensim it is a whole right side, in XMILE a DELAY3 and a stock",
        VENSIM,
    )
    .vensim(&["DELAYP"]),
    refused(&["REINITIAL"], "REINITIAL(x)", "an initial value that is taken again on resuming", SESSION, VENSIM),
    refused(
        &["SHIFT_IF_TRUE"],
        "SHIFT IF TRUE(level, condition, size, accumulate, value)",
        "an array that moves along",
        "it changes an array of levels: in Vensim it is a whole right side, in XMILE write a flow between the elements",
        VENSIM,
    )
    .vensim(&["SHIFT IF TRUE"]),
    refused(&["REWORK"], "REWORK(...)", "a rework cycle", "the vendor does not say how it is computed", STELLA),
    // test inputs and time
    refused(&["TIME_SHIFT"], "TIME SHIFT(data, amount)", "data shifted in time", DATA, VENSIM),
    refused(&["GET_TIME_VALUE"], "GET TIME VALUE(relative to, offset, measure)", "parts of the date", OF_VENSIM, VENSIM),
    refused(&["CLOCKTIME"], "CLOCKTIME", "the time of day on the machine", CLOCK, STELLA),
    refused(
        &["PAUSE"],
        "PAUSE(x)",
        "a pause of the run",
        "an event pauses a run: give the variable a threshold",
        STELLA,
    ),
    refused(&["SOUND"], "SOUND(n)", "a sound", SESSION, STELLA),
    refused(
        &["SWITCH"],
        "SWITCH(a, b)",
        "a comparison of iThink's",
        "its vendor does not document it any more; write `IF a > b THEN 1 ELSE 0`",
        STELLA,
    ),
    refused(&["RUNCOUNT"], "RUNCOUNT", "the number of the run", SESSION, STELLA),
    refused(&["SENSIRUNCOUNT", "SENSIRUNTOTAL"], "SENSIRUNCOUNT", "the number of a sensitivity run", SESSION, STELLA),
    refused(&["MESSAGE"], "MESSAGE(text, flag)", "messages to the user", SESSION, VENSIM).vensim(&["MESSAGE"]),
    refused(&["GAME"], "GAME(x)", "values given by a player", SESSION, VENSIM),
    // graphical functions
    refused(
        &["LOOKUP_SLOPE"],
        "LOOKUP SLOPE(lookup, x, type)",
        "the slope of a lookup",
        OF_VENSIM,
        VENSIM,
    ),
    refused(
        &["WITH_LOOKUP"],
        "WITH LOOKUP(x, points)",
        "a lookup written in place",
        "give the variable a graphical function",
        VENSIM,
    )
    .vensim(&["WITH LOOKUP"]),
    refused(
        &["VECTOR_LOOKUP"],
        "VECTOR LOOKUP(vector, x, x min, x max, mode)",
        "a lookup in an array",
        OF_VENSIM,
        VENSIM,
    ),
    // allocation
    refused(
        &["ALLOC_P", "MARKETP"],
        "ALLOC P(request, priority, width, price)",
        "allocation at a market price",
        PRICES,
        VENSIM,
    )
    .vensim(&["ALLOC P", "MARKETP"]),
    refused(&["DEMAND_AT_PRICE"], "DEMAND AT PRICE(...)", "demand at a price", OF_VENSIM, VENSIM),
    refused(&["SUPPLY_AT_PRICE"], "SUPPLY AT PRICE(...)", "supply at a price", OF_VENSIM, VENSIM),
    refused(&["FIND_MARKET_PRICE"], "FIND MARKET PRICE(...)", "a market price", OF_VENSIM, VENSIM),
    // data
    refused(&["GET_DATA_BETWEEN_TIMES"], "GET DATA BETWEEN TIMES(data, time, mode)", "data at a time", DATA, VENSIM),
    refused(&["GET_DATA_AT_TIME"], "GET DATA AT TIME(data, time)", "data at a time", DATA, VENSIM),
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
        DATA,
        VENSIM,
    ),
    refused(
        &[],
        "GET DATA STDV(data, from, to)",
        "further statistics of data",
        "the vendor does not say which deviation it is, and what the median of an even number is",
        VENSIM,
    )
    .vensim(&["GET DATA MEDIAN", "GET DATA STDV"]),
    refused(&["CUMULATE", "CUMULATEF"], "CUMULATE(data)", "cumulated data", DATA, VENSIM),
    refused(&["X_IF_MISSING"], "X IF MISSING(data, x)", "a value for missing data", DATA, VENSIM),
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
        DATA,
        VENSIM,
    )
    .vensim(&[
        "GET XLS DATA",
        "GET XLS CONSTANTS",
        "GET XLS LOOKUPS",
        "GET XLS SUBSCRIPT",
        "GET DIRECT DATA",
        "GET DIRECT CONSTANTS",
        "GET DIRECT LOOKUPS",
        "GET DIRECT SUBSCRIPT",
        "GET VDF DATA",
        "GET VDF CONSTANTS",
        "GET VDF LOOKUPS",
        "GET 123 DATA",
        "GET 123 CONSTANTS",
        "GET 123 LOOKUPS",
    ]),
    refused(&["TABBED_ARRAY"], "TABBED ARRAY(...)", "an array typed as a table", DATA, VENSIM)
        .vensim(&["TABBED ARRAY"]),
    // finance
    refused(&["NPVE"], "NPVE(stream, rate, initial, factor)", "a net present value", STREAM, VENSIM),
    refused(
        &["INTERNAL_RATE_OF_RETURN"],
        "INTERNAL RATE OF RETURN(stream, fiscal, initial, time)",
        "an internal rate of return",
        "it searches for a rate; the vendor does not say how nearly, and which one of several",
        VENSIM,
    )
    .vensim(&["INTERNAL RATE OF RETURN", "IRR"]),
    refused(
        &["DEPRECIATE_STRAIGHTLINE"],
        "DEPRECIATE STRAIGHTLINE(stream, time, fiscal, initial)",
        "depreciation",
        STREAM,
        VENSIM,
    ),
    refused(
        &["DEPRECIATE_BY_SCHEDULE"],
        "DEPRECIATE BY SCHEDULE(stream, schedule, initial, time, start)",
        "depreciation",
        "the vendor does not say how the schedule is divided among the fiscal periods",
        VENSIM,
    )
    .vensim(&["DEPRECIATE BY SCHEDULE"]),
    refused(
        &["COMPOUND"],
        "COMPOUND(...)",
        "compound interest",
        "the vendor does not say what it computes; write CGROWTH or FV",
        STELLA,
    ),
    // conveyors, queues and ovens
    refused(&["OSTATE"], "OSTATE(oven)", "the state of an oven", TRANSPORTS, STELLA),
    refused(&["AGECOUNT"], "AGECOUNT(...)", "a count by age", BATCHES, STELLA),
    refused(
        &["ATTRCOUNT", "ATTRMAX", "ATTRMEAN", "ATTRMIN", "ATTRSTDDEV"],
        "ATTRMEAN(...)",
        "attributes of a batch",
        BATCHES,
        STELLA,
    ),
    refused(
        &["CYCLETIME", "THROUGHPUT", "CTFLOW", "CTMAX", "CTMEAN", "CTMIN", "CTSTDDEV"],
        "CYCLETIME(flow)",
        "cycle-time statistics",
        BATCHES,
        STELLA,
    ),
    refused(
        &["LOOPSCORE", "PATHSCORE"],
        "LOOPSCORE(...)",
        "loop dominance scores",
        "it analyses a run, and is no part of the model",
        STELLA,
    ),
    refused(&[], "QUEUE FIFO(...)", "a queue of batches", BATCHES, VENSIM).vensim(&[
        "QUEUE FIFO",
        "QUEUE FIFO ATTRIB",
        "QUEUE AGE AVERAGE",
        "QUEUE AGE IN RANGE",
        "QUEUE AGE OLDEST",
        "QUEUE ATTRIB AVERAGE",
        "QUEUE ATTRIB IN RANGE",
        "QUEUE ATTRIB MAX",
        "QUEUE ATTRIB MIN",
        "QUEUE ATTRIB QUANTITY",
    ]),
    // reality checks
    refused(
        &[],
        "RC STEP(basis, factor)",
        "the course of a variable in a reality check",
        REALITY_CHECKS,
        VENSIM,
    )
    .vensim(&[
        "RC COMPARE",
        "RC COMPARE CHECK",
        "RC DECAY",
        "RC DECAY CHECK",
        "RC GROW",
        "RC GROW CHECK",
        "RC RAMP",
        "RC RAMP CHECK",
        "RC STEP",
        "RC STEP CHECK",
    ]),
    // other
    refused(
        &["A_FUNCTION_OF"],
        "A FUNCTION OF(x, ...)",
        "an equation that is still to be written",
        "it has no value",
        VENSIM,
    )
    .vensim(&["A FUNCTION OF"]),
    refused(&["ISMODULEINPUT"], "ISMODULEINPUT(x)", "whether an input is connected", "no vendor documents it", STELLA),
];
