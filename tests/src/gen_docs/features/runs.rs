//! Times, methods, runs, results and data.

use simc_model::diagnostic::code;

use super::{Feature, passed_over, refused, shown};

const fn method(what: &'static str, model: &'static str) -> Feature {
    refused(what, code::METHODS, model, "a step of fixed length is what makes a run repeatable to the bit")
}

pub(super) const TIMES: &[Feature] = &[
    shown("`<start>`, `<stop>`, `<dt>`", "models/growth_and_decay.xmile", "<dt>"),
    shown("`<dt>` left out", "models/default_dt.xmile", "<stop>"),
    shown("`<dt reciprocal=\"true\">`", "models/reciprocal_dt.xmile", "reciprocal=\"true\""),
    shown("times free of drift", "models/tenths.xmile", "<dt>0.1</dt>"),
    shown("Euler's method", "models/data_constants.xmile", "<sim_specs>"),
    shown("second-order Runge-Kutta: Heun's method", "models/rk2_decay.xmile", "rk2"),
    shown("the midpoint method, Vensim's second-order Runge-Kutta", "models/midpoint.xmile", "midpoint"),
    shown("fourth-order Runge-Kutta", "models/rk4_oscillator.xmile", "rk4"),
    shown("lists of methods", "models/method_list.xmile", ", "),
    method(
        "methods that choose their step",
        "<sim_specs method=\"rk45\"><start>0</start><stop>2</stop></sim_specs><model/>",
    ),
    method(
        "Stella's cycle time",
        "<sim_specs method=\"cycle time\"><start>0</start><stop>2</stop></sim_specs><model/>",
    ),
    shown("`isee:save_interval`", "models/save_interval.xmile", "isee:save_interval=\"0.75\""),
    passed_over("`pause`: a host pauses a run", &["pause"]),
    passed_over(
        "flows as they are at the time of a row, which is what `isee:instantaneous_flows` asks for, and what rows hold in any case",
        &["isee:instantaneous_flows"],
    ),
    passed_over("pace and games", &["isee:sim_duration", "isee:simulation_delay", "isee:restore_on_start"]),
];

pub(super) const RUNS: &[Feature] = &[
    shown("stop at a time and go on: `run_to`", "filetests/ir/held.sir", "run_to"),
    shown("run again without compiling: `reset`", "filetests/ir/params.sir", "reset"),
    shown("the start alone: `run_initials`", "suites/life.rs", "Op::RunInitials"),
    shown("set constants before and within a run", "filetests/ir/params.sir", "set "),
    shown("set all, some or one element of an array", "filetests/cli/set_arrays_and_tables.cli", "--set '"),
    shown("initial values, through the constants they are made of", "models/sir.xmile", "Initially_Infectious"),
    shown("inputs over time", "models/data_series.xmile", "<import resource="),
    shown("the same run again, random numbers included", "models/random_numbers.xmile", "random seed"),
    shown("all variables in the results, or some", "filetests/cli/run.cli", "--outputs Infectious,Recovered"),
    shown("tables in CSV, TSV and JSON", "filetests/cli/formats.cli", "--format tsv"),
    shown("elements of arrays by name", "filetests/cli/set_arrays_and_tables.cli", "["),
    shown("plots", "filetests/cli/plot.cli", "--plot"),
];

pub(super) const DATA: &[Feature] = &[
    shown("`<import>` of CSV", "models/data_series.xmile", "values.csv"),
    shown("`<import>` of workbooks, with `worksheet`", "models/data_workbooks.xmile", "worksheet=\"Rates\""),
    shown("`<import>` of XML spreadsheets", "models/data_workbooks.xmile", "visitors.xml"),
    shown("`orientation`", "models/data_constants.xmile", "orientation=\"horizontal\""),
    shown("`enabled`", "models/data_constants.xmile", "enabled=\"false\""),
    shown("values over time, interpolated", "models/data_series.xmile", "<stock name=\"level\">"),
    shown("values of arrays and points of graphical functions", "models/data_constants.xmile", "<aux name=\"effect\">"),
    shown("tables besides those that the model names", "filetests/cli/data.cli", "--data"),
    passed_over("`<export>`: results are written by whoever runs the model", &["export"]),
];
