//! `simc compare`: the fidelity report.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::Args;
use simc::compare::{self, Curves, Link};
use simc::engine::{Engine, WasmEngine};
use simc::variable_index::VariableIndex;
use simc_artifact::{Extension, Kind};
use simc_runs::Run;
use simc_runs::compare::Tolerance;

use super::failure::{Failure, shown};
use super::input::{self, Input};
use super::model_options::{CompileOptions, MessageOptions, NoModel};
use super::output;
use super::overrides::{self, Override, parse_override};
use super::plot::{self, Canvas};
use super::progress;
use super::report;
use super::run::describe;

/// Variables whose curves are drawn.
const MAX_PLOTTED: usize = 3;
/// Files that hold results, by their extensions; everything else is a model or an artifact.
const RESULTS: [&str; 10] = ["csv", "tsv", "tab", "txt", "dat", "vdf", "vdfx", "isdb", "xlsx", "xls"];

/// Compare a model, or results, with a run that another simulator saved
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
The reference is a table (CSV, tab-separated, workbook) with the times down or across, Vensim's .dat, Vensim's own
run (.vdf, .vdfx), or Stella's (.isdb), the last one in it. Each variable agrees or differs; of those that differ, the ones are named where it begins.
Exit status: 0 when all variables agree that both have, 1 when one differs.

Examples:
  simc compare model.mdl vensim-run.vdf
  simc compare model.stmx exported.csv --rtol 1e-3
  simc compare model.mdl run.dat --set 'contact rate=4' --plot
  simc compare mine.csv theirs.tab --json")]
pub(super) struct Opts {
    /// The model, the artifact, or a file of results
    #[arg(value_name = "MODEL_OR_RESULTS")]
    input: PathBuf,
    /// The run that it is to agree with
    #[arg(value_name = "REFERENCE")]
    reference: PathBuf,
    /// The relative error that is tolerated; without it 1e-4 for a reference in single precision, else 1e-6
    #[arg(long, value_name = "NUMBER", value_parser = parse_tolerance)]
    rtol: Option<f64>,
    /// The absolute error that is tolerated besides; without it a tenth of the relative one times a variable's greatest value
    #[arg(long, value_name = "NUMBER", value_parser = parse_tolerance)]
    atol: Option<f64>,
    /// Set a constant for this run (repeatable)
    #[arg(long, value_name = "NAME=VALUE,...", value_parser = parse_override)]
    set: Vec<Override>,
    /// Write the report to standard output as one JSON object
    #[arg(long)]
    json: bool,
    /// Draw the first variables that differ, here and in the reference, on standard error
    #[arg(long)]
    plot: bool,
    #[command(flatten)]
    compile: CompileOptions,
    #[command(flatten)]
    pub(super) messages: MessageOptions,
}

/// What is compared with the reference.
struct Here {
    run: Run,
    /// What reads what, where that is known.
    links: Option<Vec<Link>>,
    /// The lookups of the model, where it is known.
    lookups: HashSet<String>,
}

impl Opts {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let reference = read_run(&self.reference)?;
        let Here { run: here, links, lookups } = self.here()?;
        let default = Tolerance::of(reference.precision);
        let tolerance = Tolerance { relative: self.rtol.unwrap_or(default.relative), absolute: self.atol };
        let mut found = compare::compare(&here, &reference, tolerance, links.as_deref());
        // Runs list lookups by name, which have no values over time.
        found.only_in_reference.retain(|name| !lookups.contains(&compare::variable_key(name)));
        if found.n_compared == 0 {
            let message = format!(
                "{} and {} have no variable in common; is it a run of this model?",
                shown(&self.input),
                shown(&self.reference)
            );
            return Err(Failure::Message(message));
        }
        let names = [&self.input, &self.reference].map(|path| path.to_string_lossy());
        if self.json {
            let report = compare::json(&found, reference.precision, &names[0], &names[1]);
            output::write_stdout(|out| serde_json::to_writer_pretty(&mut *out, &report).map_err(Into::into))?;
            output::write_stdout(|out| out.write_all(b"\n"))?;
        } else {
            let report = compare::text(&found, reference.precision, &names[0], &names[1]);
            output::write_stdout(|out| out.write_all(report::visible_text(&report).as_bytes()))?;
        }
        if self.plot {
            let names: Vec<&str> = compare::causes(&found).take(MAX_PLOTTED).map(|cause| cause.name.as_str()).collect();
            for name in names {
                let curves = Curves::new(&here, &reference, &[name]);
                output::write_stderr(&plot::draw(&curves.columns[1..], &curves, Canvas::of_terminal()));
            }
        }
        if found.differences.is_empty() { Ok(()) } else { Err(Failure::Reported) }
    }

    /// The run to compare.
    fn here(&self) -> Result<Here, Failure> {
        if is_results(&self.input) {
            if !self.set.is_empty() {
                return Err(Failure::Usage("--set needs a model to run, and these are results".to_owned()));
            }
            self.compile.check_unused(&self.input, NoModel::Results)?;
            return Ok(Here { run: read_run(&self.input)?, links: None, lookups: HashSet::new() });
        }
        let fail = |fault: simc::engine::Fault| report::fail_without_source(fault.into(), self.messages.message_format);
        let mut lookups = HashSet::new();
        let wasm = match input::read(&self.input)? {
            Input::Model(mut sources, root) => {
                let format = self.messages.message_format;
                let build = self.compile.compile_in_silence(&mut sources, root, format, &mut |_| ())?;
                // Units change no number: `simc check` is about them.
                let warnings = build.warnings.into_iter().filter(|warning| !warning.code.is_about_units());
                report::show(&warnings.collect::<Vec<_>>(), &sources, format);
                lookups.extend(build.model.tables.iter().map(|table| compare::variable_key(&table.name)));
                build.wasm
            }
            Input::Artifact(wasm) => {
                self.compile.check_unused(&self.input, NoModel::ArtifactToShow)?;
                wasm
            }
        };
        let extension = describe(&wasm).map_err(fail)?;
        let mut engine = WasmEngine::new(&wasm).map_err(fail)?;
        let run = self.simulate(&mut engine, &extension)?;
        Ok(Here { run, links: links(&extension), lookups })
    }

    fn simulate(&self, engine: &mut dyn Engine, extension: &Extension) -> Result<Run, Failure> {
        let index = VariableIndex::new(extension);
        let usage = |error: simc::variable_index::NameError| Failure::Usage(error.to_string());
        let columns = index.columns(self.compile.outputs()).map_err(usage)?;
        overrides::apply(&self.set, &index, engine, self.messages.message_format)?;
        progress::run(engine, extension)
            .map_err(|fault| report::fail_without_source(fault.into(), self.messages.message_format))?;
        Ok(compare::run_of(&columns, engine))
    }
}

/// What reads what. A stock has its flows' values of the step before.
fn links(extension: &Extension) -> Option<Vec<Link>> {
    let variable = |at: u32| extension.variables.get(at as usize);
    let link = |link: &simc_artifact::Link| {
        let (cause, effect) = (variable(link.cause)?, variable(link.effect)?);
        Some(Link {
            cause: compare::key(&cause.name),
            effect: compare::key(&effect.name),
            is_delayed: effect.kind == Kind::Stock && !link.at_start,
        })
    };
    Some(extension.links.iter().filter_map(link).collect())
}

/// Whether a file is one of results, by its name.
fn is_results(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    extension.is_some_and(|extension| RESULTS.contains(&extension.as_str()))
}

fn read_run(path: &Path) -> Result<Run, Failure> {
    let bytes = input::read_bytes(path)?;
    simc_runs::read(&bytes)
        .map_err(|fault| Failure::Message(format!("{} {}; {}", shown(path), fault.message, fault.hint)))
}

fn parse_tolerance(text: &str) -> Result<f64, String> {
    match text.trim().parse() {
        Ok(tolerance) if (0.0..f64::INFINITY).contains(&tolerance) => Ok(tolerance),
        Ok(_) | Err(_) => Err("write a number that is not negative, such as 1e-4".to_owned()),
    }
}
