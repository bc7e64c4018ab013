//! Functions that have to do with time: delays and whatever else remembers, test inputs, the clock, and graphical functions.

use super::row::{
    A, AVERAGING_TIME, B, CURVE, DELAY_TIME, DELAYED, FREE, INITIAL, INITIAL_OR_INPUT, INITIAL_OR_ZERO, INPUT,
    MISCELLANEOUS, ONE, ORDER, PER_TIME, SAME_UNITS, SMOOTHS, STELLA, T, TEST_INPUTS, UNITS_OF_DELAYS,
    UNITS_OF_DELAYS_OF_ORDER, UNITS_OF_TIME, VENSIM, bound, constant, curve, memory, number, number_or, optional, pure,
    required, state,
};
use super::{
    Builtin, Default, Dialect, LookupFn, Meaning, MemoryFn, Order, ParamKind, RunNumber, StateFn, UnitPattern, UnitRule,
};
use crate::model::PureFn;

/// The rows, grouped as the XMILE specification groups them.
pub(super) const ROWS: &[Builtin] = &[
    // delays
    state(&["DELAY"], DELAYED, StateFn::Pipeline)
        .units(UNITS_OF_DELAYS)
        .says("the input as it was a delay time ago; the delay time is taken at the start", "DELAY(orders, 4)"),
    state(&["DELAY_FIXED"], &[INPUT, DELAY_TIME, INITIAL], StateFn::Pipeline)
        .vensim(&["DELAY FIXED"])
        .units(UNITS_OF_DELAYS)
        .says("the input as it was a delay time ago; the delay time is taken at the start", "DELAY_FIXED(orders, 4, 0)")
        .of(VENSIM),
    state(&["DELAY1"], DELAYED, StateFn::Delay(Order::Fixed(1)))
        .units(UNITS_OF_DELAYS)
        .says("the outflow of one level that the input fills", "DELAY1(shipments, transit_time)"),
    state(&["DELAY1I"], &[INPUT, DELAY_TIME, INITIAL], StateFn::Delay(Order::Fixed(1)))
        .vensim(&["DELAY1I"])
        .units(UNITS_OF_DELAYS)
        .says("the outflow of one level that the input fills", "DELAY1I(shipments, transit_time, 0)")
        .of(VENSIM),
    state(&["DELAY3"], DELAYED, StateFn::Delay(Order::Fixed(3)))
        .units(UNITS_OF_DELAYS)
        .says("the outflow of the last of three levels in series", "DELAY3(shipments, transit_time)"),
    state(&["DELAY3I"], &[INPUT, DELAY_TIME, INITIAL], StateFn::Delay(Order::Fixed(3)))
        .vensim(&["DELAY3I"])
        .units(UNITS_OF_DELAYS)
        .says("the outflow of the last of three levels in series", "DELAY3I(shipments, transit_time, 0)")
        .of(VENSIM),
    state(&["DELAY_N"], &[INPUT, DELAY_TIME, INITIAL, ORDER], StateFn::Delay(Order::Argument))
        .units(UnitRule::Call(&[A, T, A, ONE], A))
        .says("the outflow of the last of several levels in series", "DELAY_N(shipments, transit_time, 0, 5)")
        .of(VENSIM),
    state(&["DELAYN"], &[INPUT, DELAY_TIME, ORDER, INITIAL_OR_INPUT], StateFn::Delay(Order::Argument))
        .units(UNITS_OF_DELAYS_OF_ORDER)
        .says("the outflow of the last of several levels in series", "DELAYN(shipments, transit_time, 5)"),
    state(&["SMTH1", "SMOOTH"], SMOOTHS, StateFn::Smooth(Order::Fixed(1)))
        .units(UNITS_OF_DELAYS)
        .says("the exponentially smoothed input", "SMTH1(sales, 12)"),
    state(&["SMOOTHI"], &[INPUT, AVERAGING_TIME, INITIAL], StateFn::Smooth(Order::Fixed(1)))
        .vensim(&["SMOOTHI"])
        .units(UNITS_OF_DELAYS)
        .says("the exponentially smoothed input", "SMOOTHI(sales, 12, 100)")
        .of(VENSIM),
    state(&["SMTH3", "SMOOTH3"], SMOOTHS, StateFn::Smooth(Order::Fixed(3)))
        .units(UNITS_OF_DELAYS)
        .says("the input smoothed three times, each with a third of the time", "SMTH3(sales, 12)"),
    state(&["SMOOTH3I"], &[INPUT, AVERAGING_TIME, INITIAL], StateFn::Smooth(Order::Fixed(3)))
        .vensim(&["SMOOTH3I"])
        .units(UNITS_OF_DELAYS)
        .says("the input smoothed three times, each with a third of the time", "SMOOTH3I(sales, 12, 100)")
        .of(VENSIM),
    state(&["SMOOTH_N"], &[INPUT, AVERAGING_TIME, INITIAL, ORDER], StateFn::Smooth(Order::Argument))
        .units(UnitRule::Call(&[A, T, A, ONE], A))
        .says("the input smoothed several times, each with its share of the time", "SMOOTH_N(sales, 12, 100, 5)")
        .of(VENSIM),
    state(&["SMTHN"], &[INPUT, AVERAGING_TIME, ORDER, INITIAL_OR_INPUT], StateFn::Smooth(Order::Argument))
        .units(UNITS_OF_DELAYS_OF_ORDER)
        .says("the input smoothed several times, each with its share of the time", "SMTHN(sales, 12, 5)"),
    state(&["TREND"], &[INPUT, AVERAGING_TIME, INITIAL_OR_ZERO], StateFn::Trend)
        .units(UnitRule::Call(&[A, T, PER_TIME], PER_TIME))
        .says("the fractional rate at which the input grows against its average", "TREND(gdp, 10)"),
    state(
        &["FORCST", "FORECAST"],
        &[INPUT, AVERAGING_TIME, required("horizon", ParamKind::Horizon), INITIAL_OR_ZERO],
        StateFn::Forecast,
    )
    .units(UnitRule::Call(&[A, T, T, PER_TIME], A))
    .says("the input extrapolated along its trend", "FORCST(sales, 10, 5)"),
    // test inputs
    pure(&["STEP"], &[number("height"), number("start")], PureFn::Step)
        .units(UnitRule::Call(&[A, T], A))
        .says("0 before the start, `height` from then on", "STEP(10, 5)")
        .of(TEST_INPUTS),
    pure(
        &["RAMP"],
        &[
            number("slope"),
            optional("start", ParamKind::Number, Default::Start),
            number_or("end", f64::INFINITY),
        ],
        PureFn::Ramp,
    )
        .units(UnitRule::Call(&[UnitPattern::A_PER_TIME, T, T], A))
        .says("0 before the start, then a rise by `slope` per time unit up to the end", "RAMP(2, 5, 15)")
        .of(TEST_INPUTS),
    pure(&["PULSE"], &[number("magnitude"), number("first"), number_or("interval", 0.0)], PureFn::Pulse)
        .units(UnitRule::Call(&[FREE, T, T], FREE))
        .says("`magnitude` delivered within one time step at `first`, and then every interval", "PULSE(20, 12, 5)")
        .of(TEST_INPUTS)
        .only(Dialect::Xmile),
    pure(
        &["PULSE"],
        &[
            number("magnitude"),
            optional("first", ParamKind::Number, Default::Start),
            optional("interval", ParamKind::Number, Default::EveryStep),
        ],
        PureFn::Pulse,
    )
    .units(UnitRule::Call(&[FREE, T, T], FREE))
    .says(
        "the same in files of Stella, where no interval means every step, and 0 a single pulse",
        "PULSE(20, 12, 5)",
    )
    .of(STELLA)
    .only(Dialect::Stella),
    pure(&["PULSE_TRAIN"], &[number("start"), number("width"), number("interval"), number("end")], PureFn::PulseTrain)
        .vensim(&["PULSE TRAIN"])
        .units(UnitRule::Call(&[T], ONE))
        .says(
            "1 during pulses that begin at the start and every interval after it up to the end",
            "PULSE_TRAIN(5, 1, 4, 20)",
        )
        .of(VENSIM),
    pure(&["RAMP_FROM_TO"], &[number("from"), number("to"), number("start"), number("end")], PureFn::RampFromTo)
        .units(UnitRule::Call(&[A, A, T, T], A))
        .says("a line from one value to another between two times", "RAMP_FROM_TO(10, 20, 5, 15)")
        .of(VENSIM),
    pure(&["COUNTER"], &[number("from"), number("to"), number_or("speed", 1.0)], PureFn::Counter)
        .units(UnitRule::Call(&[A, A, UnitPattern::A_PER_TIME], A))
        .says("counts time units from a number up to another, and begins again", "COUNTER(1, 13)")
        .of(STELLA),
    // time
    constant(&["TIME"], Meaning::Time).vensim(&["Time"]).units(UNITS_OF_TIME).says("the current time", "TIME - 5"),
    Builtin {
        names: &["TIME_BASE"],
        vensim: &["TIME BASE"],
        params: &[number("start"), number("slope")],
        meaning: Meaning::TimeBase,
        units: UnitRule::Call(&[A, FREE], A),
        about: "a second time: the start and, for each time unit, a slope",
        origin: VENSIM,
        example: "TIME_BASE(1900, 0.25)",
        why: "",
        ..Builtin::BLANK
    },
    constant(&["DT", "TIME_STEP"], Meaning::Run(RunNumber::Dt))
        .vensim(&["TIME STEP"])
        .units(UNITS_OF_TIME)
        .says("the time step", "10/DT"),
    constant(&["STARTTIME", "INITIAL_TIME"], Meaning::Run(RunNumber::Start))
        .vensim(&["INITIAL TIME"])
        .units(UNITS_OF_TIME)
        .says("the first time of the run", "TIME - STARTTIME"),
    constant(&["STOPTIME", "FINAL_TIME"], Meaning::Run(RunNumber::Stop))
        .vensim(&["FINAL TIME"])
        .units(UNITS_OF_TIME)
        .says("the last time of the run", "STOPTIME - TIME"),
    constant(&["SAVEPER"], Meaning::Run(RunNumber::SaveInterval))
        .vensim(&["SAVEPER"])
        .units(UNITS_OF_TIME)
        .says("the time between two saved rows", "SAVEPER")
        .of(VENSIM),
    // miscellaneous
    state(&["INIT", "INITIAL"], &[INPUT], StateFn::Init)
        .vensim(&["INITIAL", "REINITIAL"])
        .units(SAME_UNITS)
        .says("the value that the input has at the start", "INIT(population)")
        .of(MISCELLANEOUS),
    Builtin {
        names: &["ACTIVE_INITIAL"],
        vensim: &["ACTIVE INITIAL"],
        params: &[number("active"), number("initial")],
        meaning: Meaning::ActiveInitial,
        units: UnitRule::Call(&[A, A], A),
        about: "an equation that is a whole one, with another that initial values see in its place",
        origin: VENSIM,
        example: "ACTIVE_INITIAL(inventory/coverage, 100)",
        why: "",
        ..Builtin::BLANK
    },
    state(&["PREVIOUS"], &[INPUT, INITIAL_OR_ZERO], StateFn::Previous)
        .units(UnitRule::Call(&[A, A], A))
        .says("the value of the input at the last step", "PREVIOUS(SELF, 0)")
        .of(MISCELLANEOUS),
    state(
        &["HISTORY"],
        &[INPUT, required("time", ParamKind::Time), number_or("run", 0.0)],
        StateFn::History,
    )
    .units(UnitRule::Call(&[A, T, ONE], A))
    .says(
        "the value of the input at an earlier time; 0 before the start and for a time to come; NaN for a run other than 0, the present one",
        "HISTORY(sales, TIME - 12)",
    )
    .of(STELLA),
    state(
        &["IRR"],
        &[INPUT, optional("missing", ParamKind::Time, Default::Value(0.0))],
        StateFn::Return,
    )
    .units(UnitRule::Call(&[A, PER_TIME], PER_TIME))
    .says(
        "the interest rate, in a time unit, at which the net present value of all payments so far is 0; `missing` as long as there is none",
        "IRR(income - investment, 0)",
    )
    .of(STELLA),
    state(&["ENDVAL"], &[INPUT, INITIAL_OR_INPUT], StateFn::Init)
        .units(UnitRule::Call(&[A, A], A))
        .says(
            "the value that the input had at the end of the last run: in an artifact, where no run is the last, the initial value",
            "ENDVAL(population, 100)",
        )
        .of(STELLA),
    constant(&["SELF"], Meaning::Own)
        .units(UnitRule::Own)
        .says("the variable in whose equation it is", "PREVIOUS(SELF, 0) + 1")
        .of(MISCELLANEOUS),
    Builtin {
        names: &["LOOKUP"],
        params: &[required("graphical function", ParamKind::Table), number("x")],
        meaning: Meaning::Lookup(LookupFn::Value),
        units: UnitRule::Lookup,
        about: "the graphical function at x, as `name(x)`",
        origin: STELLA,
        example: "LOOKUP(effect_of_crowding, density)",
        why: "",
        ..Builtin::BLANK
    },
    curve(&["LOOKUPINV", "LOOKUP_INVERT"], &[CURVE, number("y")], LookupFn::Inverse)
        .vensim(&["LOOKUP INVERT"])
        .units(UnitRule::Call(&[A, A], FREE))
        .says(
            "the x at which a graphical function that only rises, or only falls, is y",
            "LOOKUPINV(demand_curve, 50)",
        ),
    curve(&["LOOKUPAREA"], &[CURVE, bound("to"), bound("from")], LookupFn::AreaTo)
        .units(UnitRule::Call(&[A, B], UnitPattern::A_TIMES_B))
        .says("the area under a graphical function", "LOOKUPAREA(demand_curve, 10, 0)"),
    curve(&["LOOKUP_AREA"], &[CURVE, number("from"), number("to")], LookupFn::AreaFrom)
        .vensim(&["LOOKUP AREA"])
        .units(UnitRule::Call(&[A, B], UnitPattern::A_TIMES_B))
        .says("the area under a graphical function", "LOOKUP_AREA(demand_curve, 0, 10)")
        .of(VENSIM),
    curve(&["LOOKUPMEAN"], &[CURVE, bound("to"), bound("from")], LookupFn::Mean)
        .units(UnitRule::Lookup)
        .says("the mean of a graphical function", "LOOKUPMEAN(demand_curve, 10, 0)"),
    curve(
        &["LOOKUPXY"],
        &[CURVE, required("graphical function of y", ParamKind::Table), number("x")],
        LookupFn::Through,
    )
    .units(UnitRule::Call(&[A, B, A], B))
    .says(
        "at x, the curve through the points whose x and y two graphical functions hold",
        "LOOKUPXY(years, sales, TIME)",
    ),
    curve(&["LOOKUP_EXTRAPOLATE", "TABXL"], &[CURVE, number("x")], LookupFn::Extrapolated)
        .vensim(&["LOOKUP EXTRAPOLATE", "TABXL"])
        .units(UnitRule::Lookup)
        .says("the graphical function at x, continued beyond its ends", "LOOKUP_EXTRAPOLATE(demand_curve, 50)")
        .of(VENSIM),
    curve(&["LOOKUP_FORWARD"], &[CURVE, number("x")], LookupFn::Forward)
        .vensim(&["LOOKUP FORWARD"])
        .units(UnitRule::Lookup)
        .says("y of the first point that is not left of x", "LOOKUP_FORWARD(demand_curve, 50)")
        .of(VENSIM),
    curve(&["LOOKUP_BACKWARD"], &[CURVE, number("x")], LookupFn::Backward)
        .vensim(&["LOOKUP BACKWARD"])
        .units(UnitRule::Lookup)
        .says("y of the last point that is not right of x", "LOOKUP_BACKWARD(demand_curve, 50)")
        .of(VENSIM),
    // memory that is made of PREVIOUS
    memory(&["DERIVN"], &[number("input"), number("order")], MemoryFn::Derivative).units(UnitRule::Derivative).says(
        "the derivative of this order, from differences between steps; 0 before there are enough",
        "DERIVN(position, 1)",
    ),
    memory(
        &["NPV"],
        &[number("input"), number("rate"), number_or("initial", 0.0), number_or("factor", 1.0)],
        MemoryFn::NetPresentValue,
    )
    .units(UnitRule::Call(&[UnitPattern::A_PER_TIME, FREE, A, ONE], A))
    .says("what a stream up to now is worth at the start, discounted", "NPV(profit, 0.05)"),
    memory(&["SAMPLE_IF_TRUE"], &[number("condition"), number("input"), number("initial")], MemoryFn::SampleIfTrue)
        .vensim(&["SAMPLE IF TRUE"])
        .units(UnitRule::Call(&[FREE, A], A))
        .says(
            "the input while the condition is true, else what it was when it last was",
            "SAMPLE_IF_TRUE(TIME > 5, price, 0)",
        )
        .of(VENSIM),
    memory(&["SAMPLE_UNTIL"], &[number("time"), number("input"), number("initial")], MemoryFn::SampleUntil)
        .vensim(&["SAMPLE UNTIL"])
        .units(UnitRule::Call(&[T, A, A], A))
        .says("the input up to a time, and from then on what it was", "SAMPLE_UNTIL(10, price, 0)")
        .of(VENSIM),
];
