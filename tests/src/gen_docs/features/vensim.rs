//! Vensim's `.mdl` files.

use simc_model::diagnostic::code as shared;
use simc_vensim::code;

use super::{Feature, absent, by_hosts, refused, refused_in, shown, warned};

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
    shown("files in a code page of old, known by its bytes", "../compiler/simc-vensim/src/encoding.rs", "Windows"),
    shown(
        "names of files in capitals, or others: a model is known by its text",
        "filetests/cli/vensim_files.cli",
        "odd.lst",
    ),
    shown("written: `simc convert model.xmile -o model.mdl`", "filetests/cli/convert.cli", ".mdl"),
    refused_in(
        "sketches, written",
        "filetests/cli/convert.cli",
        "convert",
        "diagrams are not printed in either language: no number depends on them",
    ),
    shown("changes files (`.cin`)", "filetests/cli/vensim_changes.cli", "--changes low.cin"),
    refused_in(
        "binary models: `.vmf`, `.vmfx`, `.vpm`, `.vpmx`",
        "filetests/cli/vensim_files.cli",
        "simc run model.vpmx",
        "their form is not published: save the model as text",
    ),
    refused_in(
        "lists of what is saved (`.lst`)",
        "filetests/cli/vensim_files.cli",
        "simc check run.lst",
        "name the variables after `--outputs`",
    ),
    refused_in(
        "control files of optimisation and sensitivity analysis: `.voc`, `.vpd`, `.vsc`, `.vkf`, `kalman.prm`",
        "filetests/cli/vensim_files.cli",
        "simc check search.voc",
        "they compare many runs, which a host makes: see [analysis](#vensim-analysis)",
    ),
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
    refused(
        "reading an element without an equation",
        shared::MISSING_ELEMENTS,
        "R: a, b ~~|\nS: c, d ~~|\nx[a, S] = 1, 2 ~~|\nx[b, c] = 3 ~~|\ny = x[b, d] ~~|\n",
        "it has no value",
    ),
    refused(
        "variables as subscripts: `x[k]`",
        shared::NO_SUCH_ELEMENT,
        "R: a, b ~~|\nx[R] = 1, 2 ~~|\nk = 2 ~~|\ny = x[k] ~~|\n",
        "Vensim has elements and ranges alone; `VECTOR ELM MAP` chooses by a number",
    ),
    shown("lists of constants", "models/mdl_cohorts.mdl", "1, 2, 3, 4; 5, 6, 7, 8;"),
    shown("reductions over marked ranges: `SUM(x[Range!])`", "models/mdl_cohorts.mdl", "SUM(people[region!, cohort!])"),
    refused(
        "reductions without a marked range: `SUM(x[Range])`",
        shared::NOT_AN_ARRAY,
        "R: a, b ~~|\nx[R] = 1, 2 ~~|\ny = SUM(x[R]) ~~|\n",
        "nothing says what they run over",
    ),
    refused(
        "ranges within a reduction that are neither on the left side nor marked",
        shared::SHAPES,
        "R: a, b ~~|\nS: c, d ~~|\nx[R] = 1, 2 ~~|\nz[S] = 1, 2 ~~|\ny = SUM(x[R!]*z[S]) ~~|\n",
        "nothing says which element is meant",
    ),
    refused(
        "marks outside of a function: `x[Range!]`",
        shared::BAD_SUBSCRIPT,
        "R: a, b ~~|\nx[R] = 1, 2 ~~|\ny[R] = x[R!] ~~|\n",
        "nothing runs over the range",
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

pub(super) const UNITS: &[Feature] = &[
    shown(
        "checked, and inferred where a variable says none, in Vensim's files",
        "filetests/vensim/units.mdl",
        "mixed = side + area",
    ),
    shown("expressions: `*`, `/`, `^`, parentheses", "filetests/vensim/units.mdl", "gross domestic product/(person*1)"),
    shown("names of several words", "filetests/vensim/units.mdl", "gross domestic product"),
    shown("dimensionless by `Dmnl`, `1`, `fraction` and others", "filetests/vensim/units.mdl", "fraction"),
    shown("equivalences in the settings", "filetests/vensim/units.mdl", "22:people,person,persons"),
    shown("`SQRT` of a square, powers", "filetests/vensim/units.mdl", "side = SQRT(area)"),
    shown("levels against their rates", "filetests/vensim/units.mdl", "leak = INTEG(population, 1)"),
    shown("lookups give what they declare", "filetests/vensim/units.mdl", "wrong curve = curve(share)"),
    shown("made errors by the user: `--deny units`, in Vensim's files", "filetests/cli/deny_units.cli", "--deny units"),
    absent("checked within macros", "what a macro's variables are depends on the call; its value has any units"),
];

pub(super) const RESULTS: &[Feature] = &[
    shown("all variables, or some: `--outputs`", "filetests/cli/vensim_files.cli", "--outputs level,rate"),
    shown(
        "rows at each `SAVEPER`, or at other times: `--save-every`",
        "filetests/cli/times_and_initials.cli",
        "--save-every 1",
    ),
    shown("the first and last row alone", "filetests/cli/vensim_files.cli", "--save-every 2 --outputs level"),
    shown("tables: csv, tab-separated, JSON", "filetests/cli/formats.cli", "--format tsv"),
    shown("Vensim's text data: `-o run.dat`", "filetests/cli/vensim_files.cli", "-o out.dat"),
    shown("saved, and read again with their names", "filetests/cli/vensim_files.cli", "simc compare model.mdl out.dat"),
    shown("Vensim's own runs, read: `.vdf`, `.vdfx`", "../compiler/simc-runs/src/tests/corpus.rs", "vdfx"),
    absent("Vensim's own runs, written", "their form is not published: `.dat` is read by Vensim as well"),
    shown("elements by name: `a[b,c]`", "filetests/cli/set_arrays_and_tables.cli", "["),
    shown("plots of a run, and of two", "filetests/cli/plot.cli", "--plot"),
    by_hosts("charts that follow sliders: `simc page`, `simc watch`", "web.md", "simc page"),
];

pub(super) const ANALYSIS: &[Feature] = &[
    shown("which variable moves which, and in which direction", "suites/contract/description.rs", "links"),
    shown("where a difference between two runs begins", "filetests/cli/compare.cli", "simc compare"),
    by_hosts("sensitivity analysis and random draws of constants", "calibrate.md", "Sobol"),
    by_hosts("optimisation and calibration to data, with payoffs of the host's own", "calibrate.md", "least_squares"),
    absent(
        "Kalman filtering, and runs that take their levels from data",
        "a run follows from the model and its data alone; a filter changes levels within it, from variances that are in no model",
    ),
    absent(
        "lists of feedback loops",
        "they follow from the links, and no number depends on them: a library of graphs lists them",
    ),
    absent(
        "causal tracing: strip graphs",
        "a display of one variable's causes: the links name them, and `simc compare` follows them",
    ),
    warned(
        "reality checks and test inputs",
        code::REALITY_CHECK,
        "check :THE CONDITION: x = 0 :IMPLIES: y = 0 ~~|\nx = 1 ~~|\ny = 1 ~~|\n",
        "named, and passed over: they do not change a run",
    ),
    refused(
        "functions of reality checks elsewhere",
        shared::FUNCTIONS,
        "x = RC STEP(1, 2) ~~|\n",
        "they say how a variable moves in a check, and an equation cannot call them",
    ),
];
