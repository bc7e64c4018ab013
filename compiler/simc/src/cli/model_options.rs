//! Options that commands share.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use simc::driver::{self, Build, Event, Options};
use simc::folder::Folders;
use simc::front::Times;
use simc_midend::pipeline::OptLevel;
use simc_model::data::{AddedFile, Role};
use simc_model::source::{FileId, Sources};

use super::byte_size::{parse_byte_size, parse_function_size};
use super::failure::{Failure, shown};
use super::guard;
use super::input::{self, is_stdin};
use super::report::{self, MessageFormat};
use super::vensim_files;

/// How diagnostics are shown.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct MessageOptions {
    /// How diagnostics are written to standard error
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    pub(super) message_format: MessageFormat,
}

/// Warnings that are errors.
#[derive(Clone, Debug, Args)]
pub(super) struct DenyOptions {
    /// Make errors of these warnings: `units`
    #[arg(long, value_enum, value_name = "KIND")]
    deny: Vec<Denied>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Denied {
    /// Units of measure that do not agree
    Units,
}

impl DenyOptions {
    /// Whether units that do not agree are errors.
    pub(super) fn units(&self) -> bool {
        self.deny.contains(&Denied::Units)
    }
}

/// Which files a model may refer to.
#[derive(Clone, Debug, Args)]
pub(super) struct FileOptions {
    /// Let the model read files of this folder too, besides those in its own (repeatable)
    #[arg(long, value_name = "DIR")]
    allow_path: Vec<PathBuf>,
}

/// Data sets beside the model.
#[derive(Clone, Debug, Args)]
pub(super) struct DataOptions {
    /// Take values from a table whose first row holds names of variables; `?TAG=FILE` gives the file of a Vensim model's tag (repeatable)
    #[arg(long, value_name = "FILE")]
    data: Vec<String>,
    /// Take other numbers for constants and other points for lookups of a Vensim model from a changes file (`.cin`); of several files
    /// the last one counts (repeatable)
    #[arg(long, value_name = "FILE")]
    changes: Vec<String>,
}

/// What to make of a model.
#[derive(Clone, Debug, Args)]
pub(super) struct CompileOptions {
    /// How hard to optimise: 0, 1, 2, 3, or s for size; 2 without it
    #[arg(short = 'O', value_enum, value_name = "LEVEL", hide_possible_values = true)]
    level: Option<Level>,
    /// Keep only these variables in the results, and only what they need in the artifact
    #[arg(long, value_name = "A,B,...", value_parser = parse_names)]
    outputs: Option<Names>,
    /// Bytes of memory that the artifact may have (K, M and G are understood)
    #[arg(long, value_name = "BYTES", value_parser = parse_byte_size)]
    max_memory: Option<u64>,
    /// Let a host set more than constants: `initials` for the initial values of stocks, `tables` for the points of graphical functions,
    /// `tables=N` for up to N points of each
    #[arg(long, value_name = "INPUTS", value_delimiter = ',', value_parser = parse_inputs)]
    inputs: Vec<Inputs>,
    #[command(flatten)]
    times: TimeOptions,
    /// Let loops over arrays use SIMD, for engines that have it: the same results sooner
    #[arg(long)]
    simd: bool,
    /// Bytes of code that a function of the artifact may have (K is understood); engines compile one function at a time
    #[arg(long, value_name = "BYTES", value_parser = parse_function_size)]
    function_size: Option<u32>,
    #[command(flatten)]
    deny: DenyOptions,
    #[command(flatten)]
    pub(super) files: FileOptions,
    #[command(flatten)]
    pub(super) data: DataOptions,
}

/// When the model runs, instead of what it says itself.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct TimeOptions {
    /// First time, instead of the model's
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = parse_time)]
    start: Option<f64>,
    /// Last time, instead of the model's
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = parse_time)]
    stop: Option<f64>,
    /// Time step, instead of the model's
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = parse_interval)]
    dt: Option<f64>,
    /// Time between saved rows, instead of the model's
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = parse_interval)]
    save_every: Option<f64>,
}

impl TimeOptions {
    /// As the compiler takes them.
    pub(super) fn times(self) -> Times {
        let Self { start, stop, dt, save_every } = self;
        Times { start, stop, dt, save_every }
    }
}

/// What a command may be given instead of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoModel {
    /// An artifact, of which all is taken.
    Artifact,
    /// An artifact, of whose variables `--outputs` names those to show.
    ArtifactToShow,
    /// A run that somebody saved.
    Results,
}

/// What a host may set besides constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inputs {
    /// Points of graphical functions, so many of each.
    Tables(u32),
    /// Initial values of stocks.
    Initials,
}

/// Names from one argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names(pub(super) Vec<String>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Level {
    #[value(name = "0")]
    None,
    #[value(name = "1")]
    Some,
    #[value(name = "2")]
    More,
    #[value(name = "3")]
    Most,
    #[value(name = "s")]
    Size,
}

/// Points that a host may ask for.
const MAX_TABLE_POINTS: u32 = 1 << 20;

impl CompileOptions {
    /// The names after `--outputs`.
    pub(super) fn outputs(&self) -> Option<&[String]> {
        self.outputs.as_ref().map(|names| names.0.as_slice())
    }

    /// The same, but a host may give each graphical function that many points at least, if any.
    pub(super) fn with_table_points(&self, points: Option<u32>) -> Self {
        let mut options = self.clone();
        options.inputs.extend(points.map(|points| Inputs::Tables(points.max(driver::DEFAULT_TABLE_POINTS))));
        options
    }

    /// How many points a host may give each graphical function.
    fn table_points(&self) -> Option<u32> {
        let points = self.inputs.iter().map(|inputs| match inputs {
            Inputs::Tables(points) => Some(*points),
            Inputs::Initials => None,
        });
        points.max().flatten()
    }

    /// Wrong usage when an option is given that means nothing for an input that is no model, whose shape is settled.
    pub(super) fn check_unused(&self, path: &Path, input: NoModel) -> Result<(), Failure> {
        let TimeOptions { start, stop, dt, save_every } = self.times;
        let given = [
            ("-O", self.level.is_some()),
            ("--outputs", self.outputs.is_some() && input != NoModel::ArtifactToShow),
            ("--max-memory", self.max_memory.is_some()),
            ("--inputs", !self.inputs.is_empty()),
            ("--start", start.is_some()),
            ("--stop", stop.is_some()),
            ("--dt", dt.is_some()),
            ("--save-every", save_every.is_some()),
            ("--simd", self.simd),
            ("--function-size", self.function_size.is_some()),
            ("--deny", !self.deny.deny.is_empty()),
            ("--allow-path", !self.files.allow_path.is_empty()),
            ("--data", !self.data.data.is_empty()),
            ("--changes", !self.data.changes.is_empty()),
        ];
        let Some((option, _)) = given.into_iter().find(|(_, is_given)| *is_given) else { return Ok(()) };
        let (what, cure) = match input {
            NoModel::Artifact | NoModel::ArtifactToShow => ("a compiled artifact", "when compiling the model"),
            NoModel::Results => ("a file of results", "with the model"),
        };
        Err(Failure::Usage(format!("{option} is for models, and {} is {what}; give {option} {cure}", shown(path))))
    }

    /// Compiles, showing warnings, or the reasons why there is no artifact.
    pub(super) fn compile(
        &self,
        sources: &mut Sources,
        root: FileId,
        format: MessageFormat,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Build, Failure> {
        let build = self.compile_in_silence(sources, root, format, observe)?;
        report::show(&build.warnings, sources, format);
        Ok(build)
    }

    /// Compiles, showing the reasons why there is no artifact, but no warnings.
    pub(super) fn compile_in_silence(
        &self,
        sources: &mut Sources,
        root: FileId,
        format: MessageFormat,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Build, Failure> {
        let level = match self.level {
            Some(Level::None) => OptLevel::O0,
            Some(Level::Some) => OptLevel::O1,
            Some(Level::More) | None => OptLevel::O2,
            Some(Level::Most) => OptLevel::O3,
            Some(Level::Size) => OptLevel::Os,
        };
        let outputs = self.outputs.clone().map(|names| names.0);
        let options = Options {
            level,
            outputs,
            max_memory: self.max_memory,
            data: self.data.read()?,
            deny_units: self.deny.units(),
            simd: self.simd,
            function_size: self.function_size,
            initials: self.inputs.contains(&Inputs::Initials),
            times: self.times.times(),
            table_points: self.table_points(),
        };
        let files = self.files.folders(sources, root)?;
        let built = driver::compile_observed(sources, root, &files, &options, &mut |event| {
            guard::observe(&event);
            observe(event);
        });
        match built {
            Ok(build) => Ok(build),
            Err(failure) => {
                report::show(&failure.diagnostics, sources, format);
                let mut errors = failure.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
                let is_usage = errors.all(|error| error.code == driver::code::UNKNOWN_OUTPUT);
                Err(if is_usage { Failure::ReportedUsage } else { Failure::Reported })
            }
        }
    }
}

impl FileOptions {
    /// The folder of the model, and those that the user allows.
    pub(super) fn folders(&self, sources: &Sources, root: FileId) -> Result<Folders, Failure> {
        let model = Path::new(&sources.file(root).name);
        let folder = model.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut folders = Folders::new(input::MAX_INPUT);
        for allowed in std::iter::once(folder).chain(self.allow_path.iter().map(PathBuf::as_path)) {
            folders.allow(allowed).map_err(|error| Failure::io("look into", allowed, &error))?;
        }
        Ok(folders)
    }
}

impl DataOptions {
    /// Reads the files.
    pub(super) fn read(&self) -> Result<Vec<AddedFile>, Failure> {
        let data = self.data.iter().map(|path| Self::read_data(path));
        data.chain(self.changes.iter().map(|path| Self::read_changes(path))).collect()
    }

    /// A changes file may have any name but that of a file with which Vensim controls other things.
    fn read_changes(path: &str) -> Result<AddedFile, Failure> {
        if let Some(what) = vensim_files::what_it_is(Path::new(path)) {
            return Err(Failure::Message(format!("{} is {what}", shown(Path::new(path)))));
        }
        Self::read_file("changes", Role::Changes, path)
    }

    fn read_data(path: &str) -> Result<AddedFile, Failure> {
        match path.split_once('=').filter(|_| path.starts_with('?')) {
            Some((tag, path)) => Self::read_file("data", Role::Tagged(tag.to_owned()), path),
            None => Self::read_file("data", Role::DataSet, path),
        }
    }

    fn read_file(option: &str, role: Role, path: &str) -> Result<AddedFile, Failure> {
        if is_stdin(Path::new(path)) {
            return Err(Failure::Usage(format!("{option} is read from files; give --{option} the name of one")));
        }
        Ok(AddedFile { role, name: path.to_owned(), bytes: input::read_bytes(Path::new(path))? })
    }
}

/// `initials`, `tables`, or `tables=N` for how many points a host may give.
fn parse_inputs(text: &str) -> Result<Inputs, String> {
    let points = match text.split_once('=') {
        None if text == "initials" => return Ok(Inputs::Initials),
        None if text == "tables" => return Ok(Inputs::Tables(driver::DEFAULT_TABLE_POINTS)),
        Some(("tables", points)) => points,
        Some(_) | None => return Err("write `initials`, `tables` or `tables=N`".to_owned()),
    };
    match points.parse() {
        Ok(points @ 1..=MAX_TABLE_POINTS) => Ok(Inputs::Tables(points)),
        Ok(_) | Err(_) => Err(format!("`{points}` is no number of points from 1 to {MAX_TABLE_POINTS}")),
    }
}

/// A finite number.
fn parse_time(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(time) if time.is_finite() => Ok(time),
        Ok(_) | Err(_) => Err(format!("`{text}` is not a finite number")),
    }
}

/// A finite number above 0.
fn parse_interval(text: &str) -> Result<f64, String> {
    let interval = parse_time(text)?;
    if interval > 0.0 { Ok(interval) } else { Err(format!("`{text}` is not above 0")) }
}

/// Splits at commas outside of quotes and brackets: `a, "b, c", d[x,y]` is three names.
pub(super) fn parse_names(text: &str) -> Result<Names, String> {
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_u32);
    let names = text.split(|c: char| {
        let is_comma = c == ',' && !quoted && depth == 0;
        match c {
            '"' if !escaped => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        is_comma
    });
    let names: Vec<String> = names.map(|name| name.trim().to_owned()).collect();
    if names.iter().any(String::is_empty) {
        return Err("a name is missing; separate names by commas".to_owned());
    }
    Ok(Names(names))
}

#[cfg(test)]
mod tests {
    use super::{Inputs, parse_inputs, parse_interval, parse_names, parse_time};

    #[test]
    fn times_are_finite_and_intervals_positive() {
        assert_eq!((parse_time("-3"), parse_interval("1e-2")), (Ok(-3.0), Ok(0.01)));
        for bad in ["", "x", "nan", "inf", "1 2"] {
            assert!(parse_time(bad).is_err() && parse_interval(bad).is_err(), "{bad}");
        }
        assert!(parse_interval("0").is_err() && parse_interval("-1").is_err());
    }

    #[test]
    fn inputs_are_tables_with_so_many_points() {
        assert_eq!(parse_inputs("tables"), Ok(Inputs::Tables(32)));
        assert_eq!(parse_inputs("tables=100"), Ok(Inputs::Tables(100)));
        assert_eq!(parse_inputs("initials"), Ok(Inputs::Initials));
        for bad in ["", "table", "tables=", "tables=0", "tables=-1", "tables=1e3", "arrays=3", "tables=99999999999"] {
            assert!(parse_inputs(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn splits_names_at_commas_that_separate() {
        let names = parse_names(r#"a, "b, \"c", d[x,y],e"#).expect("four names");
        assert_eq!(names.0, ["a", r#""b, \"c""#, "d[x,y]", "e"]);
        assert!(parse_names("a,,b").is_err() && parse_names("").is_err());
    }
}
