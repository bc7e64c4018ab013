//! Functions and constants that the compiler knows how to compute.

use super::{BeltFn, Builtin, Default, Meaning, Order, Param, ParamKind, RunNumber, StateFn, UnitPattern, UnitRule};
use crate::model::{BinaryOp, PureFn, ReduceOp};

const MATHEMATICS: &str = "XMILE 1.0, section 3.5.1";
const DELAYS: &str = "XMILE 1.0, section 3.5.3";
const TEST_INPUTS: &str = "XMILE 1.0, section 3.5.4";
const TIME: &str = "XMILE 1.0, section 3.5.5";
const MISCELLANEOUS: &str = "XMILE 1.0, section 3.5.6";
const ARRAYS: &str = "XMILE 1.0, section 3.7";
const STELLA: &str = "Stella help, builtins";
const VENSIM: &str = "Vensim help, functions";

const fn number(name: &'static str) -> Param {
    Param { name, kind: ParamKind::Number, default: Default::Required }
}

const fn number_or(name: &'static str, value: f64) -> Param {
    Param { name, kind: ParamKind::Number, default: Default::Value(value) }
}

const fn required(name: &'static str, kind: ParamKind) -> Param {
    Param { name, kind, default: Default::Required }
}

const fn optional(name: &'static str, kind: ParamKind, default: Default) -> Param {
    Param { name, kind, default }
}

const ARRAY: &[Param] = &[number("array")];
const BELT: &[Param] = &[required("belt", ParamKind::Belt)];
const BELT_N: &[Param] = &[required("belt", ParamKind::Belt), number("n")];
const X: &[Param] = &[number("x")];
const A_B: &[Param] = &[number("a"), number("b")];
const INPUT: Param = required("input", ParamKind::Input);
const AVERAGING_TIME: Param = required("averaging time", ParamKind::Time);
const DELAY_TIME: Param = required("delay time", ParamKind::Time);
const ORDER: Param = required("order", ParamKind::Order);
const INITIAL: Param = required("initial", ParamKind::Initial);
const INITIAL_OR_INPUT: Param = optional("initial", ParamKind::Initial, Default::Absent);
const INITIAL_OR_ZERO: Param = optional("initial", ParamKind::Initial, Default::Value(0.0));

const SMOOTHS: &[Param] = &[INPUT, AVERAGING_TIME, INITIAL_OR_INPUT];
const DELAYED: &[Param] = &[INPUT, DELAY_TIME, INITIAL_OR_INPUT];

// what units arguments and values have
const FREE: UnitPattern = UnitPattern::Free;
const ONE: UnitPattern = UnitPattern::ONE;
const A: UnitPattern = UnitPattern::A;
const B: UnitPattern = UnitPattern::B;
const A_PER_B: UnitPattern = UnitPattern::A_PER_B;
const T: UnitPattern = UnitPattern::TIME;
const PER_TIME: UnitPattern = UnitPattern::PER_TIME;
const SAME_UNITS: UnitRule = UnitRule::Call(&[A], A);
const NO_UNITS: UnitRule = UnitRule::Call(&[FREE], ONE);
const ANY_UNITS: UnitRule = UnitRule::Call(&[FREE], FREE);
const UNITS_OF_NUMBERS: UnitRule = UnitRule::Call(&[], UnitPattern::Number);
const UNITS_OF_TIME: UnitRule = UnitRule::Call(&[], T);
const UNITS_OF_QUOTIENTS: UnitRule = UnitRule::Call(&[A, B, A_PER_B], A_PER_B);
const UNITS_OF_DELAYS: UnitRule = UnitRule::Call(&[A, T, A], A);
const UNITS_OF_DELAYS_OF_ORDER: UnitRule = UnitRule::Call(&[A, T, ONE, A], A);

/// A row whose parameters are all numbers.
const fn pure(names: &'static [&'static str], params: &'static [Param], function: PureFn) -> Builtin {
    Builtin {
        names,
        params,
        meaning: Meaning::Pure(function),
        units: UnitRule::Unstated,
        about: "",
        origin: MATHEMATICS,
        example: "",
    }
}

/// A row of a reducer.
const fn reduce(names: &'static [&'static str], op: ReduceOp) -> Builtin {
    Builtin {
        names,
        params: ARRAY,
        meaning: Meaning::Reduce(op),
        units: UnitRule::Unstated,
        about: "",
        origin: ARRAYS,
        example: "",
    }
}

/// A row of a function of a conveyor or queue.
const fn belt(names: &'static [&'static str], params: &'static [Param], function: BeltFn) -> Builtin {
    let units = UnitRule::Unstated;
    Builtin { names, params, meaning: Meaning::Belt(function), units, about: "", origin: STELLA, example: "" }
}

/// A row of a function that remembers.
const fn state(names: &'static [&'static str], params: &'static [Param], function: StateFn) -> Builtin {
    Builtin {
        names,
        params,
        meaning: Meaning::State(function),
        units: UnitRule::Unstated,
        about: "",
        origin: DELAYS,
        example: "",
    }
}

/// A row without parameters.
const fn constant(names: &'static [&'static str], meaning: Meaning) -> Builtin {
    Builtin { names, params: &[], meaning, units: UnitRule::Unstated, about: "", origin: TIME, example: names[0] }
}

impl Builtin {
    /// The same row with its sentence and example.
    const fn says(mut self, about: &'static str, example: &'static str) -> Self {
        self.about = about;
        self.example = example;
        self
    }

    /// The same row with the units of its arguments and of its value.
    const fn units(mut self, units: UnitRule) -> Self {
        self.units = units;
        self
    }

    /// The same row, defined elsewhere.
    const fn of(mut self, origin: &'static str) -> Self {
        self.origin = origin;
        self
    }
}

/// The rows, grouped as the XMILE specification groups them.
pub(super) const ROWS: &[Builtin] = &[
    // mathematics
    pure(&["ABS"], X, PureFn::Abs).units(SAME_UNITS).says("the magnitude of x", "ABS(balance)"),
    pure(&["EXP"], X, PureFn::Exp).units(UnitRule::Call(&[ONE], ONE)).says("e to the power of x", "EXP(-decay*TIME)"),
    pure(&["LN", "LOGN"], X, PureFn::Ln).units(NO_UNITS).says("the natural logarithm of x", "LN(population)"),
    pure(&["LOG10", "LOG"], X, PureFn::Log10).units(NO_UNITS).says("the logarithm of x to base 10", "LOG10(intensity)"),
    pure(&["SQRT"], X, PureFn::Sqrt)
        .units(UnitRule::Call(&[A], UnitPattern::ROOT_A))
        .says("the square root of x", "SQRT(area)"),
    pure(&["SIN"], X, PureFn::Sin).units(NO_UNITS).says("the sine of x radians", "SIN(2*PI*TIME)"),
    pure(&["COS"], X, PureFn::Cos).units(NO_UNITS).says("the cosine of x radians", "COS(2*PI*TIME)"),
    pure(&["TAN"], X, PureFn::Tan).units(NO_UNITS).says("the tangent of x radians", "TAN(slope)"),
    pure(&["ARCSIN"], X, PureFn::Arcsin).units(NO_UNITS).says("the angle in radians whose sine is x", "ARCSIN(ratio)"),
    pure(&["ARCCOS"], X, PureFn::Arccos)
        .units(NO_UNITS)
        .says("the angle in radians whose cosine is x", "ARCCOS(ratio)"),
    pure(&["ARCTAN"], X, PureFn::Arctan)
        .units(NO_UNITS)
        .says("the angle in radians whose tangent is x", "ARCTAN(ratio)"),
    pure(&["INT"], X, PureFn::Int).units(SAME_UNITS).says("the greatest whole number not above x", "INT(TIME)"),
    Builtin {
        names: &["MAX"],
        params: A_B,
        meaning: Meaning::Fold(PureFn::Max),
        units: SAME_UNITS,
        about: "the greatest of two or more numbers",
        origin: MATHEMATICS,
        example: "MAX(0, demand - supply)",
    },
    Builtin {
        names: &["MIN"],
        params: A_B,
        meaning: Meaning::Fold(PureFn::Min),
        units: SAME_UNITS,
        about: "the least of two or more numbers",
        origin: MATHEMATICS,
        example: "MIN(capacity, orders)",
    },
    pure(&["SAFEDIV"], &[number("a"), number("b"), number_or("on zero", 0.0)], PureFn::SafeDiv)
        .units(UNITS_OF_QUOTIENTS)
        .says("a divided by b, or `on zero` when b is exactly 0", "SAFEDIV(deaths, population)")
        .of(STELLA),
    pure(&["INTEGER"], X, PureFn::Trunc).units(SAME_UNITS).says("x rounded toward zero", "INTEGER(units)").of(VENSIM),
    pure(&["MODULO"], A_B, PureFn::Remainder)
        .units(SAME_UNITS)
        .says("the remainder of a/b with the sign of a", "MODULO(TIME, 7)")
        .of(VENSIM),
    pure(&["XIDZ"], &[number("a"), number("b"), number("x")], PureFn::Xidz)
        .units(UNITS_OF_QUOTIENTS)
        .says("a divided by b, or x when b is less than 1e-6 in magnitude", "XIDZ(deaths, population, 1)")
        .of(VENSIM),
    pure(&["ZIDZ"], &[number("a"), number("b"), number_or("x", 0.0)], PureFn::Xidz)
        .units(UNITS_OF_QUOTIENTS)
        .says("a divided by b, or 0 when b is less than 1e-6 in magnitude", "ZIDZ(deaths, population)")
        .of(VENSIM),
    Builtin {
        names: &["POWER"],
        params: A_B,
        meaning: Meaning::Binary(BinaryOp::Pow),
        units: UnitRule::Power,
        about: "a to the power of b",
        origin: VENSIM,
        example: "POWER(length, 2)",
    },
    Builtin {
        names: &["IF_THEN_ELSE"],
        params: &[number("condition"), number("then"), number("else")],
        meaning: Meaning::If,
        units: UnitRule::Call(&[FREE, A, A], A),
        about: "`then` when the condition is not 0, `else` when it is",
        origin: VENSIM,
        example: "IF_THEN_ELSE(TIME > 10, 1, 0)",
    },
    constant(&["PI"], Meaning::Constant(std::f64::consts::PI))
        .units(UNITS_OF_NUMBERS)
        .says("the ratio of a circle's circumference to its diameter", "2*PI")
        .of(MATHEMATICS),
    constant(&["INF"], Meaning::Constant(f64::INFINITY))
        .units(UNITS_OF_NUMBERS)
        .says("infinity", "MIN(INF, limit)")
        .of(MATHEMATICS),
    constant(&["NAN"], Meaning::Constant(f64::NAN))
        .units(UNITS_OF_NUMBERS)
        .says("not a number: a missing value", "IF ready THEN x ELSE NAN")
        .of(STELLA),
    // arrays
    reduce(&["SUM"], ReduceOp::Sum).units(SAME_UNITS).says("the sum of the elements of an array", "SUM(population[*])"),
    reduce(&["PROD"], ReduceOp::Product)
        .units(ANY_UNITS)
        .says("the product of the elements of an array", "PROD(survival[*])")
        .of(STELLA),
    reduce(&["MEAN"], ReduceOp::Mean)
        .units(SAME_UNITS)
        .says("the mean of the elements of an array, or of several numbers", "MEAN(population[*])"),
    reduce(&["STDDEV"], ReduceOp::StdDev)
        .units(SAME_UNITS)
        .says("the standard deviation of the elements of an array, as of a whole population", "STDDEV(age[*])"),
    Builtin {
        names: &["SIZE", "ELMCOUNT"],
        params: ARRAY,
        meaning: Meaning::Size,
        units: NO_UNITS,
        about: "how many elements an array, a part of one or a dimension has",
        origin: ARRAYS,
        example: "SIZE(population[*])",
    },
    // conveyors and queues
    belt(&["QELEM"], BELT_N, BeltFn::Element)
        .says("the volume of the n-th batch of a queue from its front, or slat of a conveyor", "QELEM(waiting, 1)"),
    belt(&["QLEN"], BELT, BeltFn::Length)
        .says("how many batches are in a queue, or slats on a conveyor", "QLEN(waiting)"),
    belt(&["PROCTIME"], BELT, BeltFn::Transit)
        .says("the transit time that a conveyor has taken up last", "PROCTIME(assembly)"),
    belt(&["CAPACITY"], BELT, BeltFn::Capacity)
        .says("the capacity of a conveyor, INF when it has none", "CAPACITY(assembly)"),
    // delays
    state(&["DELAY"], DELAYED, StateFn::Pipeline)
        .units(UNITS_OF_DELAYS)
        .says("the input as it was a delay time ago; the delay time is taken at the start", "DELAY(orders, 4)"),
    state(&["DELAY_FIXED"], &[INPUT, DELAY_TIME, INITIAL], StateFn::Pipeline)
        .units(UNITS_OF_DELAYS)
        .says("the input as it was a delay time ago; the delay time is taken at the start", "DELAY_FIXED(orders, 4, 0)")
        .of(VENSIM),
    state(&["DELAY1"], DELAYED, StateFn::Delay(Order::Fixed(1)))
        .units(UNITS_OF_DELAYS)
        .says("the outflow of one level that the input fills", "DELAY1(shipments, transit_time)"),
    state(&["DELAY1I"], &[INPUT, DELAY_TIME, INITIAL], StateFn::Delay(Order::Fixed(1)))
        .units(UNITS_OF_DELAYS)
        .says("the outflow of one level that the input fills", "DELAY1I(shipments, transit_time, 0)")
        .of(VENSIM),
    state(&["DELAY3"], DELAYED, StateFn::Delay(Order::Fixed(3)))
        .units(UNITS_OF_DELAYS)
        .says("the outflow of the last of three levels in series", "DELAY3(shipments, transit_time)"),
    state(&["DELAY3I"], &[INPUT, DELAY_TIME, INITIAL], StateFn::Delay(Order::Fixed(3)))
        .units(UNITS_OF_DELAYS)
        .says("the outflow of the last of three levels in series", "DELAY3I(shipments, transit_time, 0)")
        .of(VENSIM),
    state(&["DELAYN"], &[INPUT, DELAY_TIME, ORDER, INITIAL_OR_INPUT], StateFn::Delay(Order::Argument))
        .units(UNITS_OF_DELAYS_OF_ORDER)
        .says("the outflow of the last of several levels in series", "DELAYN(shipments, transit_time, 5)"),
    state(&["SMTH1", "SMOOTH"], SMOOTHS, StateFn::Smooth(Order::Fixed(1)))
        .units(UNITS_OF_DELAYS)
        .says("the exponentially smoothed input", "SMTH1(sales, 12)"),
    state(&["SMOOTHI"], &[INPUT, AVERAGING_TIME, INITIAL], StateFn::Smooth(Order::Fixed(1)))
        .units(UNITS_OF_DELAYS)
        .says("the exponentially smoothed input", "SMOOTHI(sales, 12, 100)")
        .of(VENSIM),
    state(&["SMTH3", "SMOOTH3"], SMOOTHS, StateFn::Smooth(Order::Fixed(3)))
        .units(UNITS_OF_DELAYS)
        .says("the input smoothed three times, each with a third of the time", "SMTH3(sales, 12)"),
    state(&["SMOOTH3I"], &[INPUT, AVERAGING_TIME, INITIAL], StateFn::Smooth(Order::Fixed(3)))
        .units(UNITS_OF_DELAYS)
        .says("the input smoothed three times, each with a third of the time", "SMOOTH3I(sales, 12, 100)")
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
    pure(&["RAMP"], &[number("slope"), number("start"), number_or("end", f64::INFINITY)], PureFn::Ramp)
        .units(UnitRule::Call(&[UnitPattern::A_PER_TIME, T, T], A))
        .says("0 before the start, then a rise by `slope` per time unit up to the end", "RAMP(2, 5, 15)")
        .of(TEST_INPUTS),
    pure(&["PULSE"], &[number("magnitude"), number("first"), number_or("interval", 0.0)], PureFn::Pulse)
        .units(UnitRule::Call(&[FREE, T, T], FREE))
        .says("`magnitude` delivered within one time step at `first`, and then every interval", "PULSE(20, 12, 5)")
        .of(TEST_INPUTS),
    // time
    constant(&["TIME"], Meaning::Time).units(UNITS_OF_TIME).says("the current time", "TIME - 5"),
    constant(&["DT", "TIME_STEP"], Meaning::Run(RunNumber::Dt)).units(UNITS_OF_TIME).says("the time step", "10/DT"),
    constant(&["STARTTIME", "INITIAL_TIME"], Meaning::Run(RunNumber::Start))
        .units(UNITS_OF_TIME)
        .says("the first time of the run", "TIME - STARTTIME"),
    constant(&["STOPTIME", "FINAL_TIME"], Meaning::Run(RunNumber::Stop))
        .units(UNITS_OF_TIME)
        .says("the last time of the run", "STOPTIME - TIME"),
    constant(&["SAVEPER"], Meaning::Run(RunNumber::SaveInterval))
        .units(UNITS_OF_TIME)
        .says("the time between two saved rows", "SAVEPER")
        .of(VENSIM),
    // miscellaneous
    state(&["INIT", "INITIAL"], &[INPUT], StateFn::Init)
        .units(SAME_UNITS)
        .says("the value that the input has at the start", "INIT(population)")
        .of(MISCELLANEOUS),
    state(&["PREVIOUS"], &[INPUT, INITIAL_OR_ZERO], StateFn::Previous)
        .units(UnitRule::Call(&[A, A], A))
        .says("the value of the input at the last step", "PREVIOUS(SELF, 0)")
        .of(MISCELLANEOUS),
    constant(&["SELF"], Meaning::Own)
        .units(UnitRule::Own)
        .says("the variable in whose equation it stands", "PREVIOUS(SELF, 0) + 1")
        .of(MISCELLANEOUS),
    Builtin {
        names: &["LOOKUP"],
        params: &[required("graphical function", ParamKind::Table), number("x")],
        meaning: Meaning::Lookup,
        units: UnitRule::Lookup,
        about: "the graphical function at x, as `name(x)`",
        origin: STELLA,
        example: "LOOKUP(effect_of_crowding, density)",
    },
];
