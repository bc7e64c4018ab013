//! Names, equations, functions and units.

use simc_model::diagnostic::code;

use super::{Feature, builtins, refused, shown};

pub(super) const EQUATIONS: &[Feature] = &[
    shown("`^`, to the right", "models/precedence.xmile", "4^3^2"),
    shown("signs, looser than `^`", "models/precedence.xmile", "-2^2"),
    shown("`+ - * /`, to the left", "models/precedence.xmile", "100 / 10 / 2"),
    shown("`MOD`", "models/precedence.xmile", "7 MOD 4 * 2"),
    shown("`//`, which gives 0 where a divisor is 0", "models/precedence.xmile", "8 // 0 + 1"),
    shown("comparisons as numbers, and chains of them", "models/precedence.xmile", "1 &lt; 2 &lt; 3"),
    shown("`NOT`, tighter than comparisons", "models/precedence.xmile", "NOT 3 &gt; 2"),
    shown("`AND`, `OR`", "models/precedence.xmile", "1 OR 0 AND 0"),
    shown("`IF THEN ELSE`", "models/precedence.xmile", "IF 1 THEN 2 ELSE 3 + 4"),
    shown("names with spaces, any case, any letters", "models/names.xmile", "größe + 1"),
    shown("quoted names, with escapes", "models/names.xmile", "\"100% share\" / 11"),
    shown("spaces, underscores and line breaks in names are one", "models/names.xmile", "Room__Temperature"),
    shown("names that differ in punctuation stay apart", "models/names.xmile", "\"a-b\" - \"a+b\""),
    shown("keywords as quoted names", "models/names.xmile", "\"if\" + 1"),
    shown("numbers: `1`, `1.5`, `.5`, `3e-2`", "models/literals.xmile", ".5"),
    shown("comments in braces", "models/markup.xmile", "{times two, not three}"),
    refused(
        "operators of other languages: `&&`, `!=`, `==`",
        code::FOREIGN_OPERATOR,
        "<aux name=\"a\"><eqn>1 == 2</eqn></aux>",
        "XMILE has `AND`, `<>` and `=`, which the message names",
    ),
];

pub(super) const FUNCTIONS: &[Feature] = &[
    builtins("mathematics", &["ABS", "SQRT", "EXP", "LN", "LOG10", "INT", "MAX", "MIN", "PI", "INF", "NAN"]),
    builtins("trigonometry", &["SIN", "COS", "TAN", "ARCSIN", "ARCCOS", "ARCTAN", "ARCTAN2", "SINWAVE", "COSWAVE"]),
    builtins("rounding and remainders", &["ROUND", "SIGN", "QUANTUM", "MODULO"]),
    builtins("combinatorics", &["FACTORIAL", "COMBINATIONS", "PERMUTATIONS"]),
    builtins("random numbers of XMILE", &["RANDOM", "NORMAL", "LOGNORMAL", "POISSON", "EXPRND"]),
    builtins(
        "random numbers of Stella",
        &["BETA", "BINOMIAL", "GAMMA", "GEOMETRIC", "LOGISTIC", "PARETO", "TRIANGULAR", "WEIBULL", "MONTECARLO"],
    ),
    builtins("statistics", &["INVNORM", "NORMALCDF", "GAMMALN"]),
    builtins("delays of material", &["DELAY", "DELAY1", "DELAY3", "DELAYN"]),
    builtins("smoothing", &["SMTH1", "SMTH3", "SMTHN"]),
    builtins("trends", &["FORCST", "TREND"]),
    builtins("earlier values", &["PREVIOUS", "INIT", "SELF"]),
    builtins("test inputs", &["STEP", "RAMP", "PULSE"]),
    builtins("counting", &["COUNTER"]),
    builtins("the run", &["TIME", "DT", "STARTTIME", "STOPTIME"]),
    builtins("finance", &["NPV", "IRR", "FV", "PV", "PMT"]),
    shown("Vensim's functions in several words", "models/allocation.xmile", "ALLOCATE BY PRIORITY("),
    builtins("neural networks", &["MLPANN"]),
    builtins("the clock", &["CLOCKTIME"]),
    builtins("other runs", &["RUNCOUNT", "SENSIRUNCOUNT", "SENSIRUNTOTAL"]),
    builtins("what old programs showed and played", &["PAUSE", "SOUND", "SWITCH"]),
    builtins("any earlier value", &["HISTORY"]),
    builtins("the end of the last run", &["ENDVAL"]),
    shown("what Stella computes otherwise than XMILE says", "models/stella_meaning.xmile", "isee systems"),
    builtins("rework", &["REWORK"]),
    builtins("scores of loops", &["LOOPSCORE", "PATHSCORE"]),
];

pub(super) const UNITS: &[Feature] = &[
    shown("checked, and inferred where a variable says none", "filetests/diagnostics/units_inferred.xmile", "<units>"),
    shown("expressions of units", "filetests/diagnostics/units_that_agree.xmile", "people/(km*km)"),
    shown("dimensionless ones by many names", "filetests/diagnostics/units_that_agree.xmile", "unitless"),
    shown("built-in units of time, `per_x`", "filetests/diagnostics/units_that_agree.xmile", "per_month"),
    shown(
        "`<model_units>` with equations and aliases",
        "filetests/diagnostics/units_that_agree.xmile",
        "<model_units>",
    ),
    shown("`disabled` units", "filetests/diagnostics/contradicting_units.xmile", "disabled=\"true\""),
    shown("stocks against their flows", "filetests/diagnostics/units_of_flows.xmile", "<units>"),
    shown("what conveyors and their flows say", "filetests/diagnostics/units_of_conveyors.xmile", "<len>begun</len>"),
    shown("inputs of modules", "filetests/diagnostics/units_of_connections.xmile", "<connect"),
    shown("made errors by the user: `--deny units`", "filetests/cli/deny_units.cli", "--deny units"),
];
