//! Variables, graphical functions, modules and macros.

use simc_xmile::code;

use super::{Feature, builtins, passed_over, refused, shown};

pub(super) const VARIABLES: &[Feature] = &[
    shown("stocks with inflows and outflows, in their order", "models/net_flows.xmile", "<outflow>"),
    shown("flows and auxiliaries", "models/worked_step.xmile", "<flow name="),
    shown("constants, which a host may set", "filetests/cli/run.cli", "--set 'contact rate=4'"),
    shown("equations that initial values see: `<init_eqn>`", "models/initial_equation.xmile", "<init_eqn>"),
    shown(
        "such equations of elements, and lists of them",
        "models/initial_equation.xmile",
        "<init_eqn>3, 4</init_eqn>",
    ),
    refused(
        "an `<init_eqn>` beside the `<eqn>` of a stock",
        code::INITIAL_EQUATIONS,
        "<stock name=\"s\"><eqn>1</eqn><init_eqn>2</init_eqn></stock>",
        "either could be what the stock begins with",
    ),
    shown("initial values that depend on one another", "models/chained_initials.xmile", "<stock"),
    refused(
        "cycles without a stock, a delay or PREVIOUS",
        code::CIRCULAR,
        "<aux name=\"a\"><eqn>b</eqn></aux><aux name=\"b\"><eqn>a</eqn></aux>",
        "an error of the model, reported with the way round the cycle",
    ),
    shown("non-negative stocks", "models/non_negative_stock.xmile", "<non_negative/>"),
    shown("outflows that read one that is served after them", "models/outflow_order.xmile", "<eqn>second/2</eqn>"),
    shown("uniflows", "models/uniflow.xmile", "<non_negative/>"),
    shown("`<non_negative>false</non_negative>`", "models/behavior_defaults.xmile", "<non_negative>false"),
    shown("unit multipliers of flows", "models/multiplier.xmile", "<multiplier>"),
    shown("documentation, units and ranges, for hosts", "models/teacup.xmile", "<range min=\"32\" max=\"212\"/>"),
    passed_over("how a variable is shown", &["scale", "format", "mathml", "display"]),
    passed_over("auxiliaries that stand for flows: `flow_concept`", &["flow_concept"]),
    shown("groups, for hosts", "filetests/model/groups.xmile", "<group name=\"Rates\""),
    refused(
        "runs of a part of the model: by group, by module",
        code::PARTIAL_RUNS,
        "<sim_specs><start>0</start><stop>2</stop><run by=\"group\"/></sim_specs><model/>",
        "what is outside of the part keeps the values of an earlier run, which an artifact does not have",
    ),
];

pub(super) const TABLES: &[Feature] = &[
    shown("evenly spaced points: `<xscale>`", "models/lookup_calls.xmile", "<xscale min=\"0\" max=\"4\"/>"),
    shown("points with their x: `<xpts>`", "models/lookup_kinds.xmile", "<xpts>"),
    shown("points beside the scale of an axis", "models/neighbours.xmile", "<xpts>0,1,2</xpts>"),
    shown("another separator: `sep`", "models/lookup_points.xmile", "sep="),
    shown("continuous ones", "models/lookup_kinds.xmile", "type=\"continuous\""),
    shown("extrapolating ones", "models/lookup_kinds.xmile", "type=\"extrapolate\""),
    shown("discrete ones", "models/lookup_kinds.xmile", "type=\"discrete\""),
    passed_over("the scale of the picture: `<yscale>`", &["yscale"]),
    shown("alone, with a name", "models/lookup_calls.xmile", "<gf name=\"parabola\">"),
    shown("called by name: `table(x)`", "models/lookup_calls.xmile", "parabola(TIME)"),
    shown("after the equation of an auxiliary or a flow", "models/lookup_calls.xmile", "<eqn>TIME + 1</eqn>"),
    shown("for each element of an array, or one for all", "models/array_tables.xmile", "<element subscript=\"South\">"),
    shown("as arguments of functions", "models/curves.xmile", "LOOKUPINV(curve, x)"),
    shown("several points at one x", "models/lookup_points.xmile", "<xpts>0,1,1,2</xpts>"),
    refused(
        "without points",
        code::BAD_TABLE,
        "<aux name=\"a\"><eqn>TIME</eqn><gf/></aux>",
        "an error of the model: it has no value",
    ),
    refused(
        "x that do not ascend",
        code::BAD_TABLE,
        "<aux name=\"a\"><eqn>TIME</eqn><gf><xpts>1,0</xpts><ypts>1,2</ypts></gf></aux>",
        "an error of the model: which point is next is anybody's guess",
    ),
    shown("points that a host replaces", "filetests/cli/set_arrays_and_tables.cli", "--set-table"),
    builtins(
        "functions of them",
        &["LOOKUP", "LOOKUPINV", "LOOKUPAREA", "LOOKUPMEAN", "LOOKUPXY", "LOOKUP_FORWARD", "LOOKUP_BACKWARD"],
    ),
];

pub(super) const MODULES: &[Feature] = &[
    shown("modules and their connections", "models/modules_twice.xmile", "<connect to="),
    shown("modules in modules", "models/modules_nested.xmile", "Country.City.Street.result"),
    shown("`module.variable`, and `.variable` for the root's", "models/modules_nested.xmile", "from=\".scale\""),
    shown("one model several times", "models/modules_twice.xmile", "<module name="),
    shown(
        "modules in files of their own: `resource`",
        "models/include_files.xmile",
        "resource=\"include_files/regions",
    ),
    shown("`access`", "models/module_arrayed.xmile", "access=\"input\""),
    passed_over("`autoexport`: every variable can be read anyway", &["autoexport"]),
    shown("arrays of modules", "models/module_arrayed.xmile", "<module name=\"Country\">"),
    refused(
        "modules with times or a method of their own",
        code::OWN_SPECIFICATIONS,
        "<model><variables><module name=\"m\"/></variables></model><model name=\"m\"><sim_specs><start>0</start>\
         <stop>5</stop></sim_specs><variables><aux name=\"a\"><eqn>1</eqn></aux></variables></model>",
        "at which times the two exchange values, XMILE does not say",
    ),
    shown("macros with parameters and an equation", "models/macro_functions.xmile", "<parm>x</parm><eqn>x*x</eqn>"),
    shown("parameters that may be left out", "models/macro_functions.xmile", "<parm default=\"2\">factor</parm>"),
    shown("macros with variables, stocks and modules", "models/macro_stocks.xmile", "<macro name=\"SMOOTHED\">"),
    shown("macros that call macros, before they are defined", "models/macro_functions.xmile", "SQRT(SQ(a) + SQ(b))"),
    shown("macros of arrays, element by element", "models/macro_functions.xmile", "<eqn>SQ(value)</eqn>"),
    shown("whole arrays as arguments of macros", "models/macro_functions.xmile", "AVERAGE(value)"),
    shown("parts of arrays as arguments of macros", "models/macro_functions.xmile", "DOT(value[1:2], value[2:3])"),
    shown("macros with the name of a builtin", "models/macro_functions.xmile", "acme.INT(TIME + 0.2)"),
    shown("models that are called like functions", "models/macro_functions.xmile", "largest(TIME, 2)"),
    refused(
        "macros with a simulation of their own",
        code::OWN_SPECIFICATIONS,
        "<macro name=\"M\"><eqn>1</eqn><sim_specs><start>0</start><stop>1</stop></sim_specs></macro><model/>",
        "each call would be a run of its own in every step and stage; an array that reads its own earlier elements does the same",
    ),
    refused(
        "macros that act as option filters",
        code::BEHAVIORS,
        "<macro name=\"M\" filter=\"stock\"><parm>x</parm><eqn>x</eqn></macro><model/>",
        "neither the order of filters nor how they meet the rules of the option is defined",
    ),
    refused(
        "recursive macros",
        code::RECURSIVE_MACROS,
        "<macro name=\"M\"><parm>x</parm><eqn>M(x - 1)</eqn></macro><model><variables><aux name=\"a\">\
         <eqn>M(1)</eqn></aux></variables></model>",
        "every branch is evaluated, so that they would never end; XMILE leaves them to the implementation",
    ),
];
