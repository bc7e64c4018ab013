//! `simc run`: a model or an artifact into results.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use simc::driver::Build;
use simc::engine::{self, Engine, Fault, InterpEngine, NativeEngine, OracleEngine, WasmEngine};
use simc::results::{self, Column, Format};
use simc::variable_index::{NameError, VariableIndex};
use simc_artifact::{Extension, Kind};

use super::failure::Failure;
use super::input::{self, Input};
use super::model_options::{CompileOptions, MessageOptions, Names, NoModel, parse_names};
use super::output;
use super::overrides::{self, Override, TableOverride, parse_override, parse_table_override};
use super::plot::{self, Canvas};
use super::progress;
use super::report::{self, MessageFormat};

/// Variables that a plot without names shows.
const MAX_PLOTTED: usize = 6;

/// Run a model or an artifact and write the results
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  simc run model.xmile
  simc run model.wasm -o results.csv
  simc run model.xmile --set 'contact rate=4' --outputs Infectious,Recovered
  simc run model.xmile --set 'rate[North,Young]=0.5' --set 'share=0.2,0.3,0.5'
  simc run model.xmile --set-table 'effect=0:1,0.5:0.8,1:0'
  simc run model.xmile --plot Infectious,Recovered -o results.json
  simc run model.xmile --engine oracle")]
pub(super) struct Opts {
    /// The model (XMILE or Vensim) or an artifact, told apart by content; `-` is standard input
    #[arg(value_name = "MODEL_OR_ARTIFACT", required_unless_present = "plot")]
    input: Option<PathBuf>,
    /// Where to write the results; standard output without it, or for `-`
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Set a constant for this run (repeatable): of an array all elements, one or some (`rate[North,*]`), to one value or to one each
    #[arg(long, value_name = "NAME=VALUE,...", value_parser = parse_override)]
    set: Vec<Override>,
    /// Give a graphical function other points for this run (repeatable)
    #[arg(long, value_name = "NAME=X:Y,...", value_parser = parse_table_override)]
    set_table: Vec<TableOverride>,
    /// What runs the model: the artifact in a WebAssembly engine or as native code, or one of the two reference engines
    #[arg(long, value_enum, value_name = "ENGINE", default_value = "wasm")]
    engine: EngineName,
    /// How results are written; without it OUT's extension decides: `.tsv`, `.json` and `.dat`, else csv
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<FormatName>,
    /// Draw variables over time, the stocks when none is named, on standard error; a terminal then gets no table unless -o asks for it
    #[arg(long, value_name = "VARS", num_args = 0..=1, default_missing_value = "", value_parser = parse_plotted)]
    plot: Option<Names>,
    #[command(flatten)]
    compile: CompileOptions,
    #[command(flatten)]
    pub(super) messages: MessageOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum EngineName {
    /// The artifact itself, in wasmtime
    Wasm,
    /// The artifact as native code of this machine
    Native,
    /// The reference interpreter of the model
    Oracle,
    /// The reference interpreter of the intermediate representation
    Interp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// Comma-separated, with a header row
    Csv,
    /// Tab-separated, with a header row
    Tsv,
    /// One object with a list of numbers for each variable
    Json,
    /// Vensim's text data: each variable's name on a line, then its times and values
    Dat,
}

impl Opts {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let format = self.messages.message_format;
        let (path, plot) = self.what_to_read()?;
        let opts = &Self { plot, ..self.clone() };
        opts.run_file(&path, format)
    }

    /// The file to run, and what to draw. `--plot MODEL` takes the model for a name, and there is no other.
    fn what_to_read(&self) -> Result<(PathBuf, Option<Names>), Failure> {
        match (&self.input, &self.plot) {
            (Some(path), plot) => Ok((path.clone(), plot.clone())),
            (None, Some(Names(names))) if names.len() == 1 => Ok((PathBuf::from(&names[0]), Some(Names(Vec::new())))),
            (None, _) => Err(Failure::Usage("name the model or artifact to run".to_owned())),
        }
    }

    fn run_file(&self, path: &Path, format: MessageFormat) -> Result<(), Failure> {
        let output = self.output.as_deref().into_iter().collect::<Vec<_>>();
        match input::read(path)? {
            Input::Model(mut sources, root) => {
                let points = self.set_table.iter().map(TableOverride::n_points).max();
                let build = self.compile.with_table_points(points).compile(&mut sources, root, format, &mut |_| ())?;
                output::check(&output, &input::files_of(path, &sources))?;
                let extension = describe(&build.wasm).map_err(|fault| self.fail(fault))?;
                let mut engine = self.engine(&build, &extension).map_err(|fault| self.fail(fault))?;
                self.simulate(engine.as_mut(), &extension)
            }
            Input::Artifact(wasm) => {
                self.compile.check_unused(path, NoModel::ArtifactToShow)?;
                if matches!(self.engine, EngineName::Oracle | EngineName::Interp) {
                    let message =
                        "an artifact runs in the engines `wasm` and `native`; the reference engines need the model";
                    return Err(Failure::Usage(message.to_owned()));
                }
                output::check(&output, &[path])?;
                let extension = describe(&wasm).map_err(|fault| self.fail(fault))?;
                let mut engine = self.artifact_engine(&wasm).map_err(|fault| self.fail(fault))?;
                self.simulate(engine.as_mut(), &extension)
            }
        }
    }

    fn engine<'b>(&self, build: &'b Build, extension: &Extension) -> Result<Box<dyn Engine + 'b>, Fault> {
        Ok(match self.engine {
            EngineName::Wasm | EngineName::Native => self.artifact_engine(&build.wasm)?,
            EngineName::Oracle => Box::new(OracleEngine::new(&build.model, extension)?),
            EngineName::Interp => Box::new(InterpEngine::new(&build.module)?),
        })
    }

    fn artifact_engine(&self, wasm: &[u8]) -> Result<Box<dyn Engine>, Fault> {
        Ok(match self.engine {
            EngineName::Native => Box::new(NativeEngine::new(wasm)?),
            EngineName::Wasm | EngineName::Oracle | EngineName::Interp => Box::new(WasmEngine::new(wasm)?),
        })
    }

    /// Names are resolved before the run: a misspelt one costs no time.
    fn simulate(&self, engine: &mut dyn Engine, extension: &Extension) -> Result<(), Failure> {
        let usage = |error: NameError| Failure::Usage(error.to_string());
        let index = VariableIndex::new(extension);
        let columns = index.columns(self.compile.outputs()).map_err(usage)?;
        let plotted = self.plotted(extension).map(|names| index.columns(Some(&names))).transpose().map_err(usage)?;
        overrides::apply(&self.set, &index, engine, self.messages.message_format)?;
        overrides::apply_tables(&self.set_table, &index, engine, self.messages.message_format)?;
        progress::run(engine, extension).map_err(|fault| self.fail(fault))?;
        self.write(&columns, engine)?;
        if let Some(plotted) = plotted {
            output::write_stderr(&plot::draw(&plotted[1..], engine, Canvas::of_terminal()));
        }
        Ok(())
    }

    fn write(&self, columns: &[Column], engine: &dyn Engine) -> Result<(), Failure> {
        let extension = self.output.as_deref().and_then(Path::extension).and_then(|extension| extension.to_str());
        let format = match (self.format, extension.map(str::to_ascii_lowercase).as_deref()) {
            (Some(FormatName::Csv), _) => Format::Csv,
            (Some(FormatName::Tsv), _) | (None, Some("tsv")) => Format::Tsv,
            (Some(FormatName::Json), _) | (None, Some("json")) => Format::Json,
            (Some(FormatName::Dat), _) | (None, Some("dat")) => Format::Dat,
            (None, _) => Format::Csv,
        };
        match &self.output {
            Some(path) => output::write(path, |out| results::write(out, format, columns, engine)),
            None if self.plot.is_some() && std::io::stdout().is_terminal() => Ok(()),
            None => output::write_stdout(|out| results::write(out, format, columns, engine)),
        }
    }

    /// The variables to draw: those named, or the stocks, or else the first that are no constants.
    fn plotted(&self, extension: &Extension) -> Option<Vec<String>> {
        let Names(names) = self.plot.as_ref()?;
        if !names.is_empty() {
            return Some(names.clone());
        }
        let of_kind = |kinds: &[Kind]| -> Vec<String> {
            let chosen = extension.variables.iter().filter(|variable| kinds.contains(&variable.kind));
            chosen.take(MAX_PLOTTED).map(|variable| variable.name.clone()).collect()
        };
        let stocks = of_kind(&[Kind::Stock]);
        Some(if stocks.is_empty() { of_kind(&[Kind::Flow, Kind::Auxiliary, Kind::ModuleInput]) } else { stocks })
    }

    fn fail(&self, fault: Fault) -> Failure {
        report::fail_without_source(fault.into(), self.messages.message_format)
    }
}

/// What an artifact says about itself.
pub(super) fn describe(wasm: &[u8]) -> Result<Extension, Fault> {
    let not_an_artifact = |message: String| Fault { code: engine::code::NOT_AN_ARTIFACT, message };
    let artifact = simc_artifact::read(wasm).map_err(|error| not_an_artifact(error.to_string()))?;
    artifact.layout.extension.ok_or_else(|| not_an_artifact("the artifact does not describe its variables".to_owned()))
}

/// `--plot` may be without names.
fn parse_plotted(text: &str) -> Result<Names, String> {
    if text.is_empty() { Ok(Names(Vec::new())) } else { parse_names(text) }
}
