//! Functions and constants that the compiler knows how to compute: those that stand for themselves at any time.

use super::row::{
    A, A_B, ANY_UNITS, ARRAY, ARRAYS, B, FREE, GREATEST, LEAST, MATHEMATICS, MAX, MIN, NO_UNITS, ONE, PER_TIME,
    SAME_UNITS, SAMPLE, SEED, SHIFT, STATISTICS, STELLA, STREAM, STRETCH, T, TRANSPORT, TRANSPORT_N, UNITS_OF_NUMBERS,
    UNITS_OF_QUOTIENTS, VENSIM, X, constant, draw, number, number_or, optional, pure, reduce, required, transport,
    vector,
};
use super::{Builtin, Default, Meaning, ParamKind, TransportFn, UnitPattern, UnitRule};
use crate::model::{BinaryOp, Distribution, PureFn, ReduceOp, VectorFn};

/// The rows, grouped as the XMILE specification groups them.
pub(super) const ROWS: &[Builtin] = &[
    // mathematics
    pure(&["ABS"], X, PureFn::Abs).vensim(&["ABS"]).units(SAME_UNITS).says("the magnitude of x", "ABS(balance)"),
    pure(&["EXP"], X, PureFn::Exp).vensim(&["EXP"]).units(UnitRule::Call(&[ONE], ONE)).says("e to the power of x", "EXP(-decay*TIME)"),
    pure(&["LN", "LOGN"], X, PureFn::Ln).vensim(&["LN"]).units(NO_UNITS).says("the natural logarithm of x", "LN(population)"),
    pure(&["LOG10", "LOG"], X, PureFn::Log10).units(NO_UNITS).says("the logarithm of x to base 10", "LOG10(intensity)"),
    pure(&["SQRT"], X, PureFn::Sqrt)
        .vensim(&["SQRT"]).units(UnitRule::Call(&[A], UnitPattern::ROOT_A))
        .says("the square root of x", "SQRT(area)"),
    pure(&["SIN"], X, PureFn::Sin).vensim(&["SIN"]).units(NO_UNITS).says("the sine of x radians", "SIN(2*PI*TIME)"),
    pure(&["COS"], X, PureFn::Cos).vensim(&["COS"]).units(NO_UNITS).says("the cosine of x radians", "COS(2*PI*TIME)"),
    pure(&["TAN"], X, PureFn::Tan).vensim(&["TAN"]).units(NO_UNITS).says("the tangent of x radians", "TAN(slope)"),
    pure(&["ARCSIN"], X, PureFn::Arcsin).vensim(&["ARCSIN"]).units(NO_UNITS).says("the angle in radians whose sine is x", "ARCSIN(ratio)"),
    pure(&["ARCCOS"], X, PureFn::Arccos)
        .vensim(&["ARCCOS"]).units(NO_UNITS)
        .says("the angle in radians whose cosine is x", "ARCCOS(ratio)"),
    pure(&["ARCTAN"], X, PureFn::Arctan)
        .vensim(&["ARCTAN"]).units(NO_UNITS)
        .says("the angle in radians whose tangent is x", "ARCTAN(ratio)"),
    pure(&["INT"], X, PureFn::Int).units(SAME_UNITS).says("the greatest whole number not above x", "INT(TIME)"),
    Builtin {
        names: &["MAX"],
        vensim: &["MAX"],
        params: A_B,
        meaning: Meaning::Fold(PureFn::Max),
        units: SAME_UNITS,
        about: "the greatest of two or more numbers",
        origin: MATHEMATICS,
        example: "MAX(0, demand - supply)",
        why: "",
        ..Builtin::BLANK
    },
    Builtin {
        names: &["MIN"],
        vensim: &["MIN"],
        params: A_B,
        meaning: Meaning::Fold(PureFn::Min),
        units: SAME_UNITS,
        about: "the least of two or more numbers",
        origin: MATHEMATICS,
        example: "MIN(capacity, orders)",
        why: "",
        ..Builtin::BLANK
    },
    pure(&["SAFEDIV"], &[number("a"), number("b"), number_or("on zero", 0.0)], PureFn::SafeDiv)
        .units(UNITS_OF_QUOTIENTS)
        .says("a divided by b, or `on zero` when b is exactly 0", "SAFEDIV(deaths, population)")
        .of(STELLA),
    pure(&["INTEGER"], X, PureFn::Trunc).vensim(&["INTEGER"]).units(SAME_UNITS).says("x rounded toward zero", "INTEGER(units)").of(VENSIM),
    pure(&["MODULO"], A_B, PureFn::Remainder)
        .vensim(&["MODULO"]).units(SAME_UNITS)
        .says("the remainder of a/b with the sign of a", "MODULO(TIME, 7)")
        .of(VENSIM),
    pure(&["XIDZ"], &[number("a"), number("b"), number("x")], PureFn::Xidz)
        .vensim(&["XIDZ"]).units(UNITS_OF_QUOTIENTS)
        .says("a divided by b, or x when b is less than 1e-6 in magnitude", "XIDZ(deaths, population, 1)")
        .of(VENSIM),
    pure(&["ZIDZ"], &[number("a"), number("b"), number_or("x", 0.0)], PureFn::Xidz)
        .vensim(&["ZIDZ"]).units(UNITS_OF_QUOTIENTS)
        .says("a divided by b, or 0 when b is less than 1e-6 in magnitude", "ZIDZ(deaths, population)")
        .of(VENSIM),
    Builtin {
        names: &["POWER"],
        vensim: &["POWER"],
        params: A_B,
        meaning: Meaning::Binary(BinaryOp::Pow),
        units: UnitRule::Power,
        about: "a to the power of b",
        origin: VENSIM,
        example: "POWER(length, 2)",
        why: "",
        ..Builtin::BLANK
    },
    Builtin {
        names: &["IF_THEN_ELSE"],
        vensim: &["IF THEN ELSE"],
        params: &[number("condition"), number("then"), number("else")],
        meaning: Meaning::If,
        units: UnitRule::Call(&[FREE, A, A], A),
        about: "`then` when the condition is not 0, `else` when it is",
        origin: VENSIM,
        example: "IF_THEN_ELSE(TIME > 10, 1, 0)",
        why: "",
        ..Builtin::BLANK
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
    pure(&["SIGN"], X, PureFn::Sign)
        .units(NO_UNITS)
        .says("-1, 0 or 1 as x is below, at or above 0", "SIGN(balance)")
        .of(STELLA),
    pure(&["ROUND"], X, PureFn::Round)
        .units(SAME_UNITS)
        .says("x rounded to the nearest whole number, halves away from zero", "ROUND(orders)")
        .of(STELLA),
    pure(&["QUANTUM"], &[number("x"), number("quantum")], PureFn::Quantum)
        .vensim(&["QUANTUM"]).units(UnitRule::Call(&[A, A], A))
        .says("x rounded toward zero to a multiple of the quantum", "QUANTUM(orders, lot_size)")
        .of(VENSIM),
    pure(&["PERCENT", "PCT"], X, PureFn::Percent).units(ANY_UNITS).says("100 times x", "PERCENT(share)").of(STELLA),
    pure(&["ROOTN"], &[number("x"), number("n")], PureFn::Root)
        .units(UnitRule::Root)
        .says("the n-th root of x", "ROOTN(volume, 3)")
        .of(STELLA),
    pure(&["SINH"], X, PureFn::Sinh).vensim(&["SINH"]).units(NO_UNITS).says("the hyperbolic sine of x", "SINH(x)").of(VENSIM),
    pure(&["COSH"], X, PureFn::Cosh).vensim(&["COSH"]).units(NO_UNITS).says("the hyperbolic cosine of x", "COSH(x)").of(VENSIM),
    pure(&["TANH"], X, PureFn::Tanh).vensim(&["TANH"]).units(NO_UNITS).says("the hyperbolic tangent of x", "TANH(x)").of(VENSIM),
    pure(&["ARCTAN2", "ATAN2"], &[number("y"), number("x")], PureFn::Arctan2)
        .units(UnitRule::Call(&[A, A], ONE))
        .says("the angle in radians of the point (x, y)", "ARCTAN2(north, east)")
        .of(STELLA),
    pure(&["SINWAVE"], &[number("amplitude"), number("period")], PureFn::SinWave)
        .units(UnitRule::Call(&[A, T], A))
        .says("a sine wave over time", "SINWAVE(10, 12)")
        .of(STELLA),
    pure(&["COSWAVE"], &[number("amplitude"), number("period")], PureFn::CosWave)
        .units(UnitRule::Call(&[A, T], A))
        .says("a cosine wave over time", "COSWAVE(10, 12)")
        .of(STELLA),
    pure(&["FACTORIAL"], &[number("n")], PureFn::Factorial)
        .units(NO_UNITS)
        .says("the product of the whole numbers up to n", "FACTORIAL(5)")
        .of(STELLA),
    pure(&["COMBINATIONS"], &[number("n"), number("r")], PureFn::Combinations)
        .units(NO_UNITS)
        .says("how many sets of r there are of n", "COMBINATIONS(5, 3)")
        .of(STELLA),
    pure(&["PERMUTATIONS"], &[number("n"), number("r")], PureFn::Permutations)
        .units(NO_UNITS)
        .says("how many sequences of r there are of n", "PERMUTATIONS(5, 3)")
        .of(STELLA),
    // random numbers and statistics
    draw(&["RANDOM"], &[number("min"), number("max"), SEED], Distribution::Uniform)
        .units(UnitRule::Call(&[A, A, FREE], A))
        .says("a random number between two numbers, all equally likely", "RANDOM(0, 100)")
        .of(STATISTICS),
    draw(&["UNIFORM"], &[number("min"), number("max"), SEED, LEAST, GREATEST, SAMPLE], Distribution::Uniform)
        .units(UnitRule::Call(&[A, A, FREE, A, A, T], A))
        .says("a random number between two numbers, all equally likely", "UNIFORM(0, 100, 7)"),
    draw(&["NORMAL"], &[number("mean"), number("sd"), SEED, LEAST, GREATEST, SAMPLE], Distribution::Normal)
        .units(UnitRule::Call(&[A, A, FREE, A, A, T], A))
        .says("a normal random number", "NORMAL(100, 15)")
        .of(STATISTICS),
    draw(&["LOGNORMAL"], &[number("mean"), number("sd"), SEED, LEAST, GREATEST, SAMPLE], Distribution::Lognormal)
        .units(UnitRule::Call(&[A, A, FREE, A, A, T], A))
        .says("a log-normal random number of this mean and standard deviation", "LOGNORMAL(100, 15)")
        .of(STATISTICS),
    draw(&["POISSON"], &[number("mean"), SEED, LEAST, GREATEST, SAMPLE], Distribution::Poisson)
        .units(UnitRule::Call(&[A, FREE, A, A, T], A))
        .says("how many events there are where `mean` are expected", "POISSON(arrivals*DT)/DT")
        .of(STATISTICS),
    draw(&["EXPRND"], &[number("mean"), SEED, LEAST, GREATEST, SAMPLE], Distribution::Exponential)
        .units(UnitRule::Call(&[A, FREE, A, A, T], A))
        .says("an exponential random number", "EXPRND(mean_time_to_failure)")
        .of(STATISTICS),
    draw(&["BETA"], &[number("alpha"), number("beta"), SEED, LEAST, GREATEST, SAMPLE], Distribution::Beta)
        .units(UnitRule::Call(&[ONE, ONE, FREE, FREE, FREE, T], UnitPattern::Number))
        .says("a beta random number", "BETA(2, 5)"),
    draw(
        &["BINOMIAL"],
        &[number("trials"), number("probability"), SEED, LEAST, GREATEST, SAMPLE],
        Distribution::Binomial,
    )
    .units(UnitRule::Call(&[A, ONE, FREE, A, A, T], A))
        .says("how many of a number of trials succeed", "BINOMIAL(patients, 0.3)"),
    draw(
        &["NEGBINOMIAL"],
        &[number("successes"), number("probability"), SEED, LEAST, GREATEST, SAMPLE],
        Distribution::NegativeBinomial,
    )
    .units(UnitRule::Call(&[A, ONE, FREE, A, A, T], A))
        .says("how many trials it takes to succeed a number of times", "NEGBINOMIAL(3, 0.3)"),
    draw(&["GAMMA"], &[number("shape"), number_or("scale", 1.0), SEED, LEAST, GREATEST, SAMPLE], Distribution::Gamma)
        .units(UnitRule::Call(&[ONE, A, FREE, A, A, T], A))
        .says("a gamma random number", "GAMMA(2, 5)"),
    draw(&["GEOMETRIC"], &[number("probability"), SEED, LEAST, GREATEST, SAMPLE], Distribution::Geometric)
        .units(UnitRule::Call(&[ONE, FREE, FREE, FREE, T], UnitPattern::Number))
        .says("how many trials it takes to succeed", "GEOMETRIC(0.3)"),
    draw(&["LOGISTIC"], &[number("mean"), number("scale"), SEED, LEAST, GREATEST, SAMPLE], Distribution::Logistic)
        .units(UnitRule::Call(&[A, A, FREE, A, A, T], A))
        .says("a logistic random number", "LOGISTIC(10, 2)"),
    draw(&["PARETO"], &[number("shape"), number("scale"), SEED, LEAST, GREATEST, SAMPLE], Distribution::Pareto)
        .units(UnitRule::Call(&[ONE, A, FREE, A, A, T], A))
        .says("a Pareto random number, at least the scale", "PARETO(3, 100)"),
    draw(
        &["TRIANGULAR"],
        &[number("low"), number("mode"), number("high"), SEED, LEAST, GREATEST, SAMPLE],
        Distribution::Triangular,
    )
    .units(UnitRule::Call(&[A, A, A, FREE, A, A, T], A))
        .says("a random number whose density is a triangle", "TRIANGULAR(1, 2, 5)"),
    draw(&["WEIBULL"], &[number("shape"), number("scale"), SEED, LEAST, GREATEST, SAMPLE], Distribution::Weibull)
        .units(UnitRule::Call(&[ONE, A, FREE, A, A, T], A))
        .says("a Weibull random number", "WEIBULL(2, 10)"),
    draw(&["MONTECARLO"], &[number("chance"), SEED, LEAST, GREATEST, SAMPLE], Distribution::MonteCarlo)
        .units(UnitRule::Call(&[FREE, FREE, FREE, FREE, T], UnitPattern::Number))
        .says("1 or 0: whether an event happens that has this chance, in percent, in a time unit", "MONTECARLO(20)"),
    draw(&["RANDOM_0_1"], &[], Distribution::Uniform)
        .vensim(&["RANDOM 0 1"]).units(UnitRule::Call(&[], UnitPattern::Number))
        .says("a random number between 0 and 1", "RANDOM_0_1()")
        .of(VENSIM),
    draw(&["RANDOM_UNIFORM"], &[number("min"), number("max"), STREAM], Distribution::Uniform)
        .vensim(&["RANDOM UNIFORM"]).units(UnitRule::Call(&[A, A, FREE], A))
        .says("a random number between two numbers, all equally likely", "RANDOM_UNIFORM(0, 100, 0)")
        .of(VENSIM),
    draw(&["RANDOM_NORMAL"], &[MIN, MAX, number("mean"), number("sd"), STREAM], Distribution::Normal)
        .vensim(&["RANDOM NORMAL"]).units(UnitRule::Call(&[A, A, A, A, FREE], A))
        .says("a normal random number within bounds", "RANDOM_NORMAL(0, 200, 100, 15, 0)")
        .of(VENSIM),
    draw(&["RANDOM_EXPONENTIAL"], &[MIN, MAX, SHIFT, STRETCH, STREAM], Distribution::Exponential)
        .vensim(&["RANDOM EXPONENTIAL"]).units(UnitRule::Call(&[A, A, A, A, FREE], A))
        .says("an exponential random number of the mean 1, stretched and shifted", "RANDOM_EXPONENTIAL(0, 100, 0, 5, 0)")
        .of(VENSIM),
    draw(
        &["RANDOM_TRIANGULAR"],
        &[MIN, MAX, number("start"), number("peak"), number("stop"), STREAM],
        Distribution::Triangular,
    )
    .vensim(&["RANDOM TRIANGULAR"]).units(UnitRule::Call(&[A, A, A, A, A, FREE], A))
    .says("a random number whose density is a triangle, within bounds", "RANDOM_TRIANGULAR(0, 10, 1, 2, 5, 0)")
    .of(VENSIM),
    draw(&["RANDOM_BETA"], &[MIN, MAX, number("alpha"), number("beta"), SHIFT, STRETCH, STREAM], Distribution::Beta)
        .vensim(&["RANDOM BETA"]).units(UnitRule::Call(&[A, A, ONE, ONE, A, A, FREE], A))
        .says("a beta random number, stretched and shifted", "RANDOM_BETA(0, 10, 2, 5, 0, 10, 0)")
        .of(VENSIM),
    draw(
        &["RANDOM_POISSON"],
        &[MIN, MAX, number("mean"), SHIFT, STRETCH, STREAM],
        Distribution::Poisson,
    )
    .vensim(&["RANDOM POISSON"]).units(UnitRule::Call(&[A, A, FREE, A, FREE, FREE], A))
    .says("a Poisson random number, stretched and shifted", "RANDOM_POISSON(0, 100, 5, 0, 1, 0)")
    .of(VENSIM),
    pure(&["INVNORM"], &[number("probability")], PureFn::InverseNormal)
        .units(UnitRule::Call(&[ONE], ONE))
        .says("what a standard normal number stays below with this probability", "INVNORM(0.95)")
        .of(STELLA),
    pure(
        &["NORMALCDF"],
        &[number("left"), number("right"), number_or("mean", 0.0), number_or("sd", 1.0)],
        PureFn::NormalBetween,
    )
    .units(UnitRule::Call(&[A], ONE))
    .says("how likely a normal number lies between two numbers", "NORMALCDF(90, 110, 100, 15)")
    .of(STELLA),
    pure(&["GAMMALN", "GAMMA_LN"], X, PureFn::GammaLn)
        .vensim(&["GAMMA LN"]).units(UnitRule::Call(&[FREE], ONE))
        .says("the logarithm of the gamma function", "GAMMALN(5)")
        .of(STELLA),
    // finance
    pure(
        &["FV"],
        &[number("rate"), number("periods"), number("payment"), number("present value")],
        PureFn::FutureValue,
    )
    .units(UnitRule::Call(&[FREE, FREE, FREE, A], A))
    .says("what a balance and payments come to; what is paid is negative", "FV(0.01, 36, -100, -1000)")
    .of(STELLA),
    pure(
        &["PV"],
        &[number("rate"), number("periods"), number("payment"), number("future value")],
        PureFn::PresentValue,
    )
    .units(UnitRule::Call(&[FREE, FREE, FREE, A], A))
    .says("what payments and a balance at their end are worth now", "PV(0.01, 36, -332.14, 0)")
    .of(STELLA),
    pure(
        &["PMT"],
        &[number("rate"), number("periods"), number("present value"), number("future value")],
        PureFn::Payment,
    )
    .units(UnitRule::Call(&[FREE, FREE, A, A], FREE))
    .says("the payment in each period that turns one balance into another", "PMT(0.01, 36, 10000, 0)")
    .of(STELLA),
    pure(&["CGROWTH"], &[number("percentage")], PureFn::CompoundGrowth)
        .units(UnitRule::Call(&[FREE], PER_TIME))
        .says("the growth fraction that gives this growth in a time unit, whatever DT is", "stock*CGROWTH(10)")
        .of(STELLA),
    Builtin {
        names: &["ISNAN"],
        params: X,
        meaning: Meaning::IsNan,
        units: NO_UNITS,
        about: "1 when the number is NaN, else 0",
        origin: STELLA,
        example: "IF ISNAN(price) THEN 0 ELSE price",
        ..Builtin::BLANK
    },
    // arrays
    Builtin {
        names: &["INTERPOLATE"],
        params: &[number("array"), number("part")],
        meaning: Meaning::Interpolate,
        units: UnitRule::Call(&[A, ONE], A),
        about: "what lies between the elements of an array: along each dimension the first one at part 0, the last one at part 1, on lines \
                between neighbours; a part for each dimension that has no subscript",
        origin: STELLA,
        example: "INTERPOLATE(price, 0.75)",
        ..Builtin::BLANK
    },
    reduce(&["SUM"], ReduceOp::Sum).vensim(&["SUM"]).units(SAME_UNITS).says("the sum of the elements of an array", "SUM(population[*])"),
    reduce(&["PROD"], ReduceOp::Product)
        .vensim(&["PROD"]).units(ANY_UNITS)
        .says("the product of the elements of an array", "PROD(survival[*])")
        .of(STELLA),
    reduce(&["MEAN"], ReduceOp::Mean)
        .vensim(&["MEAN"]).units(SAME_UNITS)
        .says("the mean of the elements of an array, or of several numbers", "MEAN(population[*])"),
    reduce(&["STDDEV"], ReduceOp::StdDev)
        .units(SAME_UNITS)
        .says("the standard deviation of the elements of an array, as of a whole population", "STDDEV(age[*])"),
    reduce(&["VMIN"], ReduceOp::Min)
        .vensim(&["VMIN"]).units(SAME_UNITS)
        .says("the least element of an array", "VMIN(population[*])")
        .of(VENSIM),
    reduce(&["VMAX"], ReduceOp::Max)
        .vensim(&["VMAX"]).units(SAME_UNITS)
        .says("the greatest element of an array", "VMAX(population[*])")
        .of(VENSIM),
    Builtin {
        names: &["RANK"],
        params: &[
            required("array", ParamKind::List(0)),
            required("rank", ParamKind::Place),
            optional("tie", ParamKind::List(1), Default::Absent),
        ],
        meaning: Meaning::Rank,
        units: UnitRule::Call(&[FREE], ONE),
        about: "the number of the element that has this rank when the array is sorted upward; `tie` is an array that orders what is equal",
        origin: ARRAYS,
        example: "RANK(salaries[Boston, *], 2)",
        why: "",
        ..Builtin::BLANK
    },
    vector(&["MEDIAN"], &[required("array", ParamKind::List(0))], VectorFn::Median)
        .units(SAME_UNITS)
        .says("the middle one of the elements of an array in order, or the mean of the two in the middle", "MEDIAN(age[*])")
        .of(STELLA),
    vector(&["MODE"], &[required("array", ParamKind::List(0))], VectorFn::Mode)
        .units(SAME_UNITS)
        .says("the most frequent element of an array, the least of several", "MODE(age[*])")
        .of(STELLA),
    vector(
        &["VECTOR_SELECT"],
        &[
            required("selection", ParamKind::List(0)),
            required("array", ParamKind::List(1)),
            required("missing", ParamKind::Single(0)),
            required("action", ParamKind::Single(1)),
            number_or("error", 0.0),
        ],
        VectorFn::Select,
    ).units(ANY_UNITS)
    .says(
        "the sum, least, greatest, ... of the elements of an array whose selection is not 0; `missing` when there is none",
        "VECTOR_SELECT(is_open[*], price[*], 0, 9, 0)",
    ),
    vector(
        &["VECTOR_SORT_ORDER"],
        &[required("vector", ParamKind::List(0)), required("direction", ParamKind::Single(0))],
        VectorFn::SortOrder,
    )
    .vensim(&["VECTOR SORT ORDER"]).units(UnitRule::Call(&[FREE], ONE))
    .says(
        "the positions of the elements of a vector in sorted order, counted from 0",
        "VECTOR_SORT_ORDER(price[region], 1)",
    ),
    vector(
        &["VECTOR_RANK"],
        &[required("vector", ParamKind::List(0)), required("direction", ParamKind::Single(0))],
        VectorFn::Rank,
    )
    .vensim(&["VECTOR RANK"]).units(UnitRule::Call(&[FREE], ONE))
    .says("the place of each element of a vector in sorted order, counted from 1", "VECTOR_RANK(price[region], 1)"),
    vector(
        &["VECTOR_REORDER"],
        &[required("vector", ParamKind::List(0)), required("order", ParamKind::List(1))],
        VectorFn::Reorder,
    )
    .vensim(&["VECTOR REORDER"]).units(UnitRule::Call(&[A, FREE], A))
    .says(
        "the elements of a vector at the positions, counted from 0, that another one names",
        "VECTOR_REORDER(price[region], order[region])",
    ),
    Builtin {
        names: &["VECTOR_ELM_MAP"],
        params: &[number("element"), number("offset")],
        meaning: Meaning::ElementMap(f64::NAN),
        units: UnitRule::Call(&[A, FREE], A),
        about: "the element of an array that many places after another one, in row-major order; NAN where there is none",
        origin: VENSIM,
        example: "VECTOR_ELM_MAP(price[North], 2)",
        why: "",
        ..Builtin::BLANK
    },
    vector(&["INVERT_MATRIX"], &[required("matrix", ParamKind::List(0))], VectorFn::Invert).units(UnitRule::Call(&[A], UnitPattern::PER_A))
        .says("the inverse of a square matrix; NAN where there is none", "INVERT_MATRIX(coefficients[row, column])"),
    // allocation
    vector(
        &["ALLOCATE"],
        &[
            required("available", ParamKind::Single(0)),
            required("dimension", ParamKind::Dimension),
            required("request", ParamKind::List(0)),
            required("priority", ParamKind::List(1)),
            required("width", ParamKind::List(2)),
            optional("type", ParamKind::List(3), Default::Value(1.0)),
            optional("extra", ParamKind::List(4), Default::Value(0.0)),
        ],
        VectorFn::Allocate,
    )
    .units(UnitRule::Call(&[A, FREE, A, B, B, FREE], A))
    .says(
        "what each request gets of what is available, at the price at which all of them come to it",
        "ALLOCATE(supply, region, demand, priority, 1, 3)",
    )
    .of(STELLA),
    vector(
        &["ALLOCATE_AVAILABLE"],
        &[
            required("request", ParamKind::List(0)),
            required("profile", ParamKind::Profile(0)),
            required("available", ParamKind::Single(0)),
        ],
        VectorFn::Allocate,
    )
    .vensim(&["ALLOCATE AVAILABLE"]).units(UnitRule::Call(&[A, FREE, A], A))
    .says(
        "the same; the profile has type, priority, width and a further number of each request in its last dimension",
        "ALLOCATE_AVAILABLE(demand[region], profile[region, ptype], supply)",
    ),
    vector(
        &["ALLOCATE_BY_PRIORITY"],
        &[
            required("request", ParamKind::List(0)),
            required("priority", ParamKind::List(1)),
            required("size", ParamKind::Single(0)),
            required("width", ParamKind::Single(1)),
            required("supply", ParamKind::Single(2)),
        ],
        VectorFn::AllocateByPriority,
    )
    .vensim(&["ALLOCATE BY PRIORITY"]).units(UnitRule::Call(&[A, B, FREE, B, A], A))
    .says(
        "what each of the first `size` requests gets of a supply, the most urgent ones first",
        "ALLOCATE_BY_PRIORITY(demand[region], priority[region], SIZE(region), 10, supply)",
    ),
    Builtin {
        names: &["SIZE", "ELMCOUNT"],
        vensim: &["ELMCOUNT"],
        params: ARRAY,
        meaning: Meaning::Size,
        units: NO_UNITS,
        about: "how many elements an array, a part of one or a dimension has",
        origin: ARRAYS,
        example: "SIZE(population[*])",
        why: "",
        ..Builtin::BLANK
    },
    // conveyors and queues
    transport(&["QELEM"], TRANSPORT_N, TransportFn::Element)
        .units(UnitRule::Call(&[A, ONE], A))
        .says("the volume of the n-th batch of a queue from its front, or slat of a conveyor", "QELEM(waiting, 1)"),
    transport(&["QLEN"], TRANSPORT, TransportFn::Length)
        .units(UnitRule::Call(&[A], ONE))
        .says("how many batches are in a queue, or slats on a conveyor", "QLEN(waiting)"),
    transport(&["PROCTIME"], TRANSPORT, TransportFn::Transit)
        .units(UnitRule::Call(&[A], T))
        .says("the transit time that a conveyor has taken up last", "PROCTIME(assembly)"),
    transport(&["CAPACITY"], TRANSPORT, TransportFn::Capacity)
        .units(UnitRule::Call(&[A], A))
        .says("the capacity of a conveyor, INF when it has none", "CAPACITY(assembly)"),
];
