//! Vensim's `.mdl` files.

use simc_model::diagnostic::code as shared;
use simc_vensim::code;

use super::{Feature, refused, shown, warned};

pub(super) const FILES: &[Feature] = &[
    shown("files in UTF-8, marked `{UTF-8}`", "models/mdl_cohorts.mdl", "{UTF-8}"),
    shown(
        "comments in braces, units with ranges, `:SUPPLEMENTARY`",
        "models/mdl_cohorts.mdl",
        "people [0,?] ~ :SUPPLEMENTARY |",
    ),
    shown("sketches, which are passed over", "models/vensim_data.mdl", "*View 1"),
    shown(
        "settings: the method, names of files, unit equivalences",
        "models/vensim_data.mdl",
        "30:?wide=vensim_data/wide.tab",
    ),
    warned(
        "reality checks",
        code::REALITY_CHECK,
        "check :THE CONDITION: x = 0 :IMPLIES: y = 0 ~~|\nx = 1 ~~|\ny = 1 ~~|\n",
        "they do not change a run",
    ),
    shown("changes files (`.cin`)", "filetests/cli/vensim_changes.cli", "--changes low.cin"),
];

pub(super) const EQUATIONS: &[Feature] = &[
    shown("levels: `INTEG`", "models/mdl_mixed.mdl", "INTEG("),
    refused(
        "`INTEG` within an expression",
        code::BAD_DEFINITION,
        "x = 1 + INTEG(1, 2) ~~|\n",
        "in Vensim too it is a whole right side",
    ),
    shown("names with quotes, escapes, apostrophes, `$`", "models/mdl_lookups.mdl", "it's $"),
    shown("`:AND:`, `:OR:`, `:NOT:`, `^`, signs", "models/mdl_lookups.mdl", "1 < 2 :AND: :NOT: 2 < 1 :OR: 0"),
    shown("`:NA:`", "models/vensim_data.mdl", "raw = :NA:"),
    shown("string variables: `:IS:`", "filetests/cli/vensim_changes.cli", "file :IS: 'a.csv'"),
    shown("unchangeable constants: `==`", "filetests/cli/vensim_changes.cli", "fixed == 3"),
    shown("`DELAY INFORMATION`, `DELAY MATERIAL` of a fixed time", "models/mdl_outputs.mdl", "DELAY INFORMATION("),
    refused(
        "`DELAY INFORMATION`, `DELAY MATERIAL` of a changing time",
        shared::FUNCTIONS,
        "x = DELAY INFORMATION(Time, 1 + Time, 0) ~~|\n",
        "what enters can overtake what has entered before",
    ),
    shown("`DELAYP`, with what is on its way", "models/mdl_outputs.mdl", "DELAYP(input, time to do : in progress)"),
    shown(
        "`SHIFT IF TRUE`: arrays of levels that move along",
        "models/mdl_shift.mdl",
        "SHIFT IF TRUE(people[Region, a0]",
    ),
    refused(
        "`SHIFT IF TRUE` under a method other than Euler's",
        shared::FUNCTIONS,
        "R: a, b ~~|\nx[R] = INTEG(1, 0) ~~|\ny = SHIFT IF TRUE(x[a], Time > 1, 2, 0, 0) ~~|\n\\\\\\---/// Sketch\nV300\n///---\\\\\\\n:L<%^E!@\n15:0,0,0,5,0,0\n",
        "it moves what is in levels within one whole step",
    ),
    refused(
        "functions of a library of the user's",
        shared::UNKNOWN_FUNCTION,
        "x = MY FUNCTION(1) ~~|\n",
        "what they compute is not in the model",
    ),
    refused(
        "`A FUNCTION OF` as the only equation",
        shared::MISSING_EQUATION,
        "x = A FUNCTION OF(y) ~~|\ny = 1 ~~|\n",
        "a diagram has no numbers; beside a real equation it is passed over",
    ),
];

pub(super) const LOOKUPS: &[Feature] = &[
    shown("points as pairs, with a range for the graph", "models/mdl_lookups.mdl", "pairs([(0,0)-(10,10)"),
    shown("all x and then all y", "models/mdl_lookups.mdl", "halves( 0, 4, 10,"),
    shown("`WITH LOOKUP`, anywhere in an equation", "models/mdl_lookups.mdl", "1 + WITH LOOKUP(Time/2"),
    shown("a lookup for each element", "models/mdl_lookups.mdl", "each[d](Time)"),
    shown("lookups that some elements of an array have", "models/mdl_marks.mdl", "shape[a1, a2]((0, 0), (10, 10))"),
    shown("points from files", "models/vensim_data.mdl", "GET DIRECT LOOKUPS("),
];

pub(super) const SUBSCRIPTS: &[Feature] = &[
    shown("ranges of names and sequences", "models/mdl_cohorts.mdl", "cohort: (c1-c4)"),
    shown("ranges within ranges, not contiguous", "models/mdl_cohorts.mdl", "odd: c1, c3"),
    shown("equivalent ranges: `<->`", "models/mdl_cohorts.mdl", "pair <-> region"),
    shown(
        "mappings in both directions, with explicit lists",
        "models/mdl_cohorts.mdl",
        "half: h1, h2 -> (cohort: odd, even)",
    ),
    shown("`:EXCEPT:`", "models/mdl_cohorts.mdl", "marked[cohort] :EXCEPT: [odd] = 1"),
    shown("several equations of one array", "models/mdl_mixed.mdl", "amount[last] = INTEG(last, amount[k1])"),
    shown("arrays of which elements have no equation", "filetests/vensim/arrays.mdl", "picked[Odd] = 10*base[Odd]"),
    shown("lists of constants", "models/mdl_cohorts.mdl", "1, 2, 3, 4; 5, 6, 7, 8;"),
    shown("reductions over marked ranges: `SUM(x[Range!])`", "models/mdl_cohorts.mdl", "SUM(people[region!, cohort!])"),
    refused(
        "reductions without a marked range: `SUM(x[Range])`",
        shared::NOT_AN_ARRAY,
        "R: a, b ~~|\nx[R] = 1, 2 ~~|\ny = SUM(x[R]) ~~|\n",
        "nothing says what they run over",
    ),
    shown("marked ranges as numbers, and compared: `Range!`", "models/mdl_marks.mdl", "IF THEN ELSE(D! <= C, D!, 0)"),
    shown("elements and ranges as numbers, and compared", "models/mdl_cohorts.mdl", "IF THEN ELSE(cohort = c1, 1, 0)"),
    shown(
        "ranges from files: `GET DIRECT SUBSCRIPT`, with a prefix",
        "models/vensim_data.mdl",
        "GET DIRECT SUBSCRIPT(",
    ),
];

pub(super) const MACROS: &[Feature] = &[
    shown("macros with levels within", "models/mdl_macros.mdl", ":MACRO: FOLLOW(goal, delay : gap)"),
    shown("names of the model: `name$`", "models/mdl_macros.mdl", "TIME STEP$*4"),
    shown("macros that call others", "models/mdl_macros.mdl", ":MACRO: TWICE(x)"),
    shown("further results, of arrays too", "models/mdl_outputs.mdl", "left[region], doubled[region]"),
    refused(
        "macros that call themselves",
        shared::RECURSIVE_MACROS,
        ":MACRO: M(a)\nM = M(a) ~~|\n:END OF MACRO:\nx = M(1) ~~|\n",
        "all branches of an equation are evaluated",
    ),
    shown("data variables within macros", "filetests/cli/vensim_data.cli", "noticed = a + measured"),
];

pub(super) const DATA: &[Feature] = &[
    shown("data variables from tables, `.dat` and runs: `--data`", "filetests/cli/vensim_data.cli", "--data sales.dat"),
    shown(
        "names that equations use and only a file of data defines",
        "filetests/cli/vensim_data_names.cli",
        "$ simc run nowhere.mdl --data outside.dat",
    ),
    shown("`:INTERPOLATE:`, `:HOLD BACKWARD:`, `:LOOK FORWARD:`, `:RAW:`", "models/vensim_data.mdl", ":LOOK FORWARD:"),
    shown("`GET DIRECT DATA`, `GET XLS DATA`", "models/vensim_data.mdl", "GET DIRECT DATA("),
    shown("`GET DIRECT CONSTANTS`, `GET XLS CONSTANTS`, transposed too", "models/vensim_data.mdl", "'B2*')"),
    shown("files by tags: `?tag`", "models/vensim_data.mdl", "'?wide'"),
    shown("`GET VDF DATA`", "models/mdl_outputs.mdl", "GET VDF DATA("),
    shown("`GET VDF CONSTANTS`", "models/mdl_outputs.mdl", "GET VDF CONSTANTS("),
    refused(
        "`GET VDF LOOKUPS`",
        code::EXTERNAL,
        "x(GET VDF LOOKUPS('a.vdf', 'y', 0, 1)) ~~|\nz = x(1) ~~|\n",
        "the points of lookups in run files are not read",
    ),
    refused(
        "`GET 123 DATA`",
        code::EXTERNAL,
        "x := GET 123 DATA('a.wk1', 'A', '1', 'B2') ~~|\n",
        "a program of old: keep the values in a text or a workbook",
    ),
    refused(
        "`GET ODBC DATA`",
        code::EXTERNAL,
        "x := GET ODBC DATA('a', 'b', 'c', 'd') ~~|\n",
        "an artifact follows from files on the disk alone: export the values from the database",
    ),
];

pub(super) const TIMES: &[Feature] = &[
    shown("control variables that follow from constants", "models/mdl_cohorts.mdl", "SAVEPER = TIME STEP"),
    shown("computed from arrays and by functions", "filetests/cli/vensim_end_time.cli", "SAVEPER = spacing[second]"),
    shown(
        "computed from lookups, and over all elements",
        "filetests/cli/vensim_end_time.cli",
        "FINAL TIME = VMAX(ends[Half!])",
    ),
    shown("parts of dates: `GET TIME VALUE`", "models/mdl_dates.mdl", "GET TIME VALUE(0, days[Far], 3)"),
    refused(
        "dates in a file that does not say which date time 0 is",
        shared::FUNCTIONS,
        "x = GET TIME VALUE(0, 0, 3) ~~|\n",
        "the settings that Vensim saves say it",
    ),
    refused(
        "the clock: `GET TIME VALUE(2, ...)`",
        shared::FUNCTIONS,
        "x = GET TIME VALUE(2, 0, 1) ~~|\n",
        "a compiled model sees no clock, so that a run can be repeated",
    ),
    shown(
        "a `FINAL TIME` that changes and says the latest time",
        "filetests/cli/vensim_end_time.cli",
        "FINAL TIME = IF THEN ELSE(filled >= 10, Time, latest)",
    ),
    refused(
        "other control variables that change",
        code::CONTROL_VARIABLE,
        "stock = INTEG(1, 0) ~~|\nSAVEPER = 1 + stock ~~|\n",
        "the number of rows of a run is known before it",
    ),
    warned(
        "Runge-Kutta methods with steps of their own choice",
        code::BAD_SETTINGS,
        "x = INTEG(1, 0) ~~|\n\\\\\\---/// Sketch\nV300\n///---\\\\\\\n:L<%^E!@\n15:0,0,0,1,0,0\n",
        "the steps keep their length",
    ),
];
