//! Functions of Vensim's that mean something else than what XMILE and Stella call by the same name,
//! and those that only Vensim has.

use super::row::{
    A, AVERAGING_TIME, B, CURVE, DELAY_TIME, FREE, INPUT, MAX, MIN, ONE, PER_TIME, SAME_UNITS, SHIFT, STREAM, STRETCH,
    T, UNITS_OF_NUMBERS, VENSIM, composed, curve, memory, number, number_or, required, state, vector,
};
use super::{
    Builtin, ComposedFn, DataFn, LookupFn, MISSING, Meaning, MemoryFn, Order, Param, ParamKind, StateFn, UnitPattern,
    UnitRule, Valuation,
};

use crate::model::{Distribution, VectorFn};

/// The rows. None has a name outside of Vensim.
pub(super) const ROWS: &[Builtin] = &[
    // mathematics
    composed(&["LOG"], &[number("x"), number_or("base", 10.0)], ComposedFn::Logarithm)
        .units(UnitRule::Call(&[FREE, FREE], ONE))
        .says("the logarithm of x to a base", "LOG(intensity, 2)"),
    Builtin {
        vensim: &[":NA:"],
        meaning: Meaning::Constant(MISSING),
        units: UNITS_OF_NUMBERS,
        about: "a missing value: the number -2^109",
        origin: VENSIM,
        example: ":NA:",
        ..Builtin::BLANK
    },
    composed(&["GAME"], &[number("x")], ComposedFn::Same)
        .units(SAME_UNITS)
        .says("x, in whose place a player may put a number of his own", "GAME(order_rate)"),
    // test inputs, which stay the same within a step whatever the method
    composed(&["STEP"], &[number("height"), number("start")], ComposedFn::Step)
        .units(UnitRule::Call(&[A, T], A))
        .says("0 before the start, `height` from then on", "STEP(10, 5)"),
    composed(&["RAMP"], &[number("slope"), number("start"), number_or("end", f64::INFINITY)], ComposedFn::Ramp)
        .units(UnitRule::Call(&[UnitPattern::A_PER_TIME, T, T], A))
        .says("0 up to the start, then a rise by `slope` per time unit up to the end", "RAMP(2, 5, 15)"),
    composed(&["PULSE"], &[number("start"), number("width")], ComposedFn::Pulse)
        .units(UnitRule::Call(&[T, T], ONE))
        .says("1 from the start on, for `width` or at least one time step, else 0", "PULSE(12, 5)"),
    composed(
        &["RAMP FROM TO"],
        &[number("from"), number("to"), number("start"), number("end")],
        ComposedFn::RampFromTo,
    )
    .units(UnitRule::Call(&[A, A, T, T], A))
    .says("a line from one value to another between two times", "RAMP FROM TO(10, 20, 5, 15)"),
    // delays: a stage may be shorter than the time step
    state(&[], &[INPUT, DELAY_TIME], StateFn::Delay(Order::Fixed(1)))
        .vensim(&["DELAY1"])
        .units(UNITS_OF_DELAYS_FROM_INPUT)
        .says("the outflow of one level that the input fills", "DELAY1(shipments, transit_time)")
        .of(VENSIM),
    state(&[], &[INPUT, DELAY_TIME], StateFn::Delay(Order::Fixed(3)))
        .vensim(&["DELAY3"])
        .units(UNITS_OF_DELAYS_FROM_INPUT)
        .says("the outflow of the last of three levels in series", "DELAY3(shipments, transit_time)")
        .of(VENSIM),
    state(&[], &[INPUT, AVERAGING_TIME], StateFn::Smooth(Order::Fixed(1)))
        .vensim(&["SMOOTH"])
        .units(UNITS_OF_DELAYS_FROM_INPUT)
        .says("the exponentially smoothed input", "SMOOTH(sales, 12)")
        .of(VENSIM),
    state(&[], &[INPUT, AVERAGING_TIME], StateFn::Smooth(Order::Fixed(3)))
        .vensim(&["SMOOTH3"])
        .units(UNITS_OF_DELAYS_FROM_INPUT)
        .says("the input smoothed three times, each with a third of the time", "SMOOTH3(sales, 12)")
        .of(VENSIM),
    vensim_memory(
        &["DELAY N"],
        &[number("input"), number("delay time"), number("initial"), number("order")],
        MemoryFn::DelayN,
    )
    .units(UnitRule::Call(&[A, T, A, ONE], A))
    .says(
        "the outflow of the last of several levels in series, none of them shorter than a time step",
        "DELAY N(shipments, transit_time, 0, 5)",
    ),
    vensim_memory(
        &["SMOOTH N"],
        &[number("input"), number("averaging time"), number("initial"), number("order")],
        MemoryFn::SmoothN,
    )
    .units(UnitRule::Call(&[A, T, A, ONE], A))
    .says(
        "the input smoothed several times, each with its share of the time and none with less than a time step",
        "SMOOTH N(sales, 12, 100, 5)",
    ),
    vensim_memory(&["TREND"], &[number("input"), number("averaging time"), number("initial")], MemoryFn::Trend)
        .units(UnitRule::Call(&[A, T, PER_TIME], PER_TIME))
        .says("the fractional rate at which the input grows against its average", "TREND(gdp, 10, 0)"),
    vensim_memory(&["FORECAST"], &[number("input"), number("averaging time"), number("horizon")], MemoryFn::Forecast)
        .units(UnitRule::Call(&[A, T, T], A))
        .says("the input extrapolated along its trend", "FORECAST(sales, 10, 5)"),
    // finance
    vensim_memory(&["NPV"], STREAM_OF_MONEY, MemoryFn::PresentValue(Valuation::AsItFlows))
        .units(UnitRule::Call(&[UnitPattern::A_PER_TIME, PER_TIME, A, ONE], A))
        .says("what a stream up to now is worth at the start, discounted", "NPV(profit, 0.05, 0, 1)"),
    vensim_memory(&["NPVE"], STREAM_OF_MONEY, MemoryFn::PresentValue(Valuation::AtTheEnd))
        .units(UnitRule::Call(&[UnitPattern::A_PER_TIME, PER_TIME, A, ONE], A))
        .says("the same, of a stream that is valued at the end of each time step", "NPVE(profit, 0.05, 0, 1)"),
    vensim_memory(
        &["DEPRECIATE STRAIGHTLINE"],
        &[number("stream"), number("time"), number("fiscal period"), number("initial")],
        MemoryFn::Depreciation,
    )
    .units(UnitRule::Call(&[A, T, T, A], A))
    .says(
        "what is written off of a stream, in equal parts over the fiscal periods of a time",
        "DEPRECIATE STRAIGHTLINE(investment, 10, 1, 0)",
    ),
    // random numbers
    vensim_memory(
        &["RANDOM PINK NOISE"],
        &[number("mean"), number("sd"), number("correlation time"), number("stream")],
        MemoryFn::PinkNoise,
    )
    .units(UnitRule::Call(&[A, A, T, FREE], A))
    .says("a random number that is correlated with those of the times before", "RANDOM PINK NOISE(100, 15, 4, 0)"),
    // graphical functions and data
    curve(&[], &[CURVE, number("x"), number("mode")], LookupFn::Slope)
        .vensim(&["LOOKUP SLOPE"])
        .units(UnitRule::Call(&[A, B, FREE], FREE))
        .says(
            "the slope of a graphical function at x; beyond its ends 0, that of the nearest segment for mode 1, and :NA: for mode -1",
            "LOOKUP SLOPE(demand_curve, price, 0)",
        )
        .of(VENSIM),
    data(&["GET DATA AT TIME"], &[DATA, number("time")], DataFn::AtTime)
        .units(UnitRule::Call(&[A, T], A))
        .says("the value of the data at a time; :NA: where there is none", "GET DATA AT TIME(sales_data, 20)"),
    data(&["GET DATA BETWEEN TIMES"], &[DATA, number("time"), number("mode")], DataFn::BetweenTimes)
        .units(UnitRule::Call(&[A, T, FREE], A))
        .says(
            "the value of the data at a time: interpolated for mode 0, the next one for 1, the last one for -1; :NA: beyond their ends",
            "GET DATA BETWEEN TIMES(sales_data, Time + 1, 0)",
        ),
    data(&["GET DATA FIRST TIME"], &[DATA], DataFn::FirstTime)
        .units(UnitRule::Call(&[FREE], T))
        .says("the first time of the data", "GET DATA FIRST TIME(sales_data)"),
    data(&["GET DATA LAST TIME"], &[DATA], DataFn::LastTime)
        .units(UnitRule::Call(&[FREE], T))
        .says("the last time of the data", "GET DATA LAST TIME(sales_data)"),
    data(&["GET DATA TOTAL POINTS"], SPAN_OF_DATA, DataFn::Count)
        .units(UnitRule::Call(&[FREE, T, T], ONE))
        .says("how many points of the data lie between two times", "GET DATA TOTAL POINTS(sales_data, 0, 20)"),
    data(&["GET DATA MEAN"], SPAN_OF_DATA, DataFn::Mean)
        .units(UnitRule::Call(&[A, T, T], A))
        .says("the mean of the data between two times; :NA: where there are none", "GET DATA MEAN(sales_data, 0, 20)"),
    data(&["GET DATA MIN"], SPAN_OF_DATA, DataFn::Least)
        .units(UnitRule::Call(&[A, T, T], A))
        .says("the least of the data between two times; :NA: where there are none", "GET DATA MIN(sales_data, 0, 20)"),
    data(&["GET DATA MAX"], SPAN_OF_DATA, DataFn::Greatest)
        .units(UnitRule::Call(&[A, T, T], A))
        .says(
            "the greatest of the data between two times; :NA: where there are none",
            "GET DATA MAX(sales_data, 0, 20)",
        ),
    data(&["TIME SHIFT"], &[DATA, number("shift")], DataFn::Shifted)
        .units(UnitRule::Call(&[A, T], A))
        .says("the value that the data have so much later", "TIME SHIFT(sales_data, 2)"),
    data(&["CUMULATE"], &[DATA], DataFn::Cumulated)
        .units(UnitRule::Call(&[A], A))
        .says("the sum of the points of the data up to now, on a line between two points", "CUMULATE(sales_data)"),
    data(&["CUMULATEF"], &[DATA], DataFn::Total)
        .units(UnitRule::Call(&[A], A))
        .says("the sum of all points of the data", "CUMULATEF(sales_data)"),
    composed(&["X IF MISSING"], &[number("data"), number("x")], ComposedFn::UnlessMissing)
        .units(UnitRule::Call(&[A, A], A))
        .says("the data, or x where they are :NA:", "X IF MISSING(sales_data, 0)"),
    vensim_draw(&["RANDOM WEIBULL"], &[MIN, MAX, number("shape"), SHIFT, STRETCH, STREAM], Distribution::Weibull)
        .units(UnitRule::Call(&[A, A, ONE, A, A, FREE], A))
        .says("a Weibull random number of the mean 1, stretched and shifted", "RANDOM WEIBULL(0, 100, 2, 0, 10, 0)"),
    vensim_draw(&["RANDOM GAMMA"], &[MIN, MAX, number("order"), SHIFT, STRETCH, STREAM], Distribution::Gamma)
        .units(UnitRule::Call(&[A, A, ONE, A, A, FREE], A))
        .says(
            "a gamma random number of an order of at least 1, stretched and shifted",
            "RANDOM GAMMA(0, 100, 2, 0, 5, 0)",
        ),
    vensim_draw(
        &["RANDOM BINOMIAL"],
        &[MIN, MAX, number("probability"), number("trials"), SHIFT, STRETCH, STREAM],
        Distribution::Binomial,
    )
    .units(UnitRule::Call(&[A, A, ONE, FREE, A, FREE, FREE], A))
    .says("how many of a number of trials succeed, stretched and shifted", "RANDOM BINOMIAL(0, 10, 0.3, 10, 0, 1, 0)"),
    vensim_draw(
        &["RANDOM NEGATIVE BINOMIAL"],
        &[MIN, MAX, number("probability"), number("successes"), SHIFT, STRETCH, STREAM],
        Distribution::NegativeBinomial,
    )
    .units(UnitRule::Call(&[A, A, ONE, FREE, A, FREE, FREE], A))
    .says(
        "how many trials it takes to succeed a number of times, stretched and shifted",
        "RANDOM NEGATIVE BINOMIAL(0, 100, 0.3, 3, 0, 1, 0)",
    ),
    composed(
        &["GET TIME VALUE"],
        &[number("relative to"), number("offset"), number("measure")],
        ComposedFn::TimeValue,
    )
    .units(UnitRule::Call(&[FREE, T, FREE], UnitPattern::Number))
    .says(
        "the time, or for 1 the first one, and the offset; for a measure from 1 to 9 a part of its date",
        "GET TIME VALUE(0, 2, 3)",
    ),
    // arrays
    vector(
        &[],
        &[
            required("selection", ParamKind::List(0)),
            required("array", ParamKind::List(1)),
            required("missing", ParamKind::Single(0)),
            required("action", ParamKind::Single(1)),
            required("error", ParamKind::OnError),
        ],
        VectorFn::Select,
    )
    .vensim(&["VECTOR SELECT"])
    .units(UnitRule::Call(&[FREE], FREE))
    .says(
        "the sum, least, greatest, ... of the elements of an array whose selection is not 0; `missing` when there is none, whatever `error` says",
        "VECTOR SELECT(is_open[region!], price[region!], 0, 9, 0)",
    ),
    vector(
        &[],
        &[required("matrix", ParamKind::List(0)), required("size", ParamKind::Size)],
        VectorFn::Invert,
    )
    .vensim(&["INVERT MATRIX"])
    .units(UnitRule::Call(&[A], UnitPattern::PER_A))
    .says("the inverse of a square matrix; NaN where there is none", "INVERT MATRIX(coefficients[row, column], 3)"),
    vector(
        &[],
        &[
            required("vector", ParamKind::List(0)),
            required("x", ParamKind::Single(0)),
            required("first x", ParamKind::Single(1)),
            required("last x", ParamKind::Single(2)),
            required("mode", ParamKind::Single(3)),
        ],
        VectorFn::Interpolate,
    )
    .vensim(&["VECTOR LOOKUP"])
    .units(UnitRule::Call(&[FREE, FREE, FREE, FREE, FREE], FREE))
    .says(
        "what a graphical function with the elements of a vector as its points, at equal distances, says at x",
        "VECTOR LOOKUP(effect[First], pressure, 0, 2, 0)",
    ),
    vector(
        &[],
        &[
            required("demand", ParamKind::List(0)),
            required("demand profile", ParamKind::Profile(0)),
            required("supply", ParamKind::List(5)),
            required("supply profile", ParamKind::Profile(5)),
        ],
        VectorFn::MarketPrice,
    )
    .vensim(&["FIND MARKET PRICE"])
    .units(UnitRule::Call(&[A, FREE, A, FREE], FREE))
    .says(
        "the price at which what is demanded comes to what is supplied",
        "FIND MARKET PRICE(demand[First], demand_profile[First, ptype], supply[North], supply_profile[North, ptype])",
    ),
    vector(&[], QUANTITY_AT_PRICE, VectorFn::Demand)
        .vensim(&["DEMAND AT PRICE"])
        .units(UnitRule::Call(&[A, FREE, FREE], A))
        .says("what is demanded at a price", "DEMAND AT PRICE(demand[buyer], profile[buyer, ptype], price)"),
    vector(&[], QUANTITY_AT_PRICE, VectorFn::Supply)
        .vensim(&["SUPPLY AT PRICE"])
        .units(UnitRule::Call(&[A, FREE, FREE], A))
        .says("what is supplied at a price", "SUPPLY AT PRICE(capacity[seller], profile[seller, ptype], price)"),
    Builtin {
        vensim: &["VECTOR ELM MAP"],
        params: &[number("element"), number("offset")],
        meaning: Meaning::ElementMap(MISSING),
        units: UnitRule::Call(&[A, FREE], A),
        about: "the element of an array that many places after another one, in row-major order; :NA: where there is none",
        origin: VENSIM,
        example: "VECTOR ELM MAP(price[North], 2)",
        ..Builtin::BLANK
    },
];

/// Quantities, the profile of their curves, and a price.
const QUANTITY_AT_PRICE: &[Param] = &[
    required("quantity", ParamKind::List(0)),
    required("profile", ParamKind::Profile(0)),
    required("price", ParamKind::Single(0)),
];

/// Data: a graphical function whose x are times.
const DATA: Param = required("data", ParamKind::Table);

/// Data, and the first and the last time that count.
const SPAN_OF_DATA: &[Param] = &[DATA, number("from"), number("to")];

/// A row of a function of data.
const fn data(names: &'static [&'static str], params: &'static [Param], function: DataFn) -> Builtin {
    curve(&[], params, LookupFn::Data(function)).vensim(names).of(VENSIM)
}

/// A row of a random number from Vensim's parameters.
const fn vensim_draw(names: &'static [&'static str], params: &'static [Param], distribution: Distribution) -> Builtin {
    Builtin { vensim: names, params, meaning: Meaning::VensimDraw(distribution), origin: VENSIM, ..Builtin::BLANK }
}

/// A stream, what it is discounted by, what there is at the start, and a factor.
const STREAM_OF_MONEY: &[Param] = &[number("stream"), number("rate"), number("initial"), number("factor")];

/// A row of a function that remembers and is made of others.
const fn vensim_memory(names: &'static [&'static str], params: &'static [Param], function: MemoryFn) -> Builtin {
    memory(&[], params, function).vensim(names).of(VENSIM)
}

const UNITS_OF_DELAYS_FROM_INPUT: UnitRule = UnitRule::Call(&[A, T], A);
