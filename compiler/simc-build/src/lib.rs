//! Compiles models in build scripts of Cargo.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), simc_build::Error> {
//!     simc_build::Config::new().simd(true).outputs(["Infectious"]).compile("models/sir.xmile")?;
//!     Ok(())
//! }
//! ```
//!
//! writes `sir.wasm`, the artifact, and `sir.rs`, its bindings, to `OUT_DIR`. `simc_host::include_model!(sir)` makes a module of them.
//! Cargo runs the script again when the model, or a file that it reads, has changed.

mod compile;
mod error;
mod name;

use std::path::{Path, PathBuf};

use simc_driver::driver::Options;

pub use error::Error;
pub use simc_midend::pipeline::OptLevel;

/// What to make of a model.
#[derive(Clone, Debug, Default)]
#[must_use = "a configuration compiles nothing by itself"]
pub struct Config {
    options: Options,
    data: Vec<String>,
    changes: Vec<String>,
    allowed: Vec<PathBuf>,
    name: Option<String>,
    out_dir: Option<PathBuf>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The artifact.
    pub wasm: PathBuf,
    /// Its bindings for `simc-host`.
    pub bindings: PathBuf,
    /// The files that it was made from, the model first.
    pub files: Vec<PathBuf>,
    /// What should be said although nothing stood in the way, as text with the lines that it speaks of.
    pub warnings: Vec<String>,
}

impl Config {
    /// As `simc build` without options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether loops over arrays use SIMD, for engines that have it: the same results sooner.
    pub fn simd(mut self, on: bool) -> Self {
        self.options.simd = on;
        self
    }

    /// How hard to optimise; [`OptLevel::O2`] unless said.
    pub fn level(mut self, level: OptLevel) -> Self {
        self.options.level = level;
        self
    }

    /// Keeps only these variables in the results, and only what they need in the artifact.
    pub fn outputs<I: IntoIterator<Item: Into<String>>>(mut self, names: I) -> Self {
        self.options.outputs = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Lets a host set the initial values of stocks.
    pub fn initials(mut self, on: bool) -> Self {
        self.options.initials = on;
        self
    }

    /// Lets a host give each graphical function that many points.
    pub fn table_points(mut self, points: u32) -> Self {
        self.options.table_points = Some(points);
        self
    }

    /// First time, instead of the model's.
    pub fn start(mut self, time: f64) -> Self {
        self.options.times.start = Some(time);
        self
    }

    /// Last time, instead of the model's.
    pub fn stop(mut self, time: f64) -> Self {
        self.options.times.stop = Some(time);
        self
    }

    /// Time step, instead of the model's.
    pub fn dt(mut self, time: f64) -> Self {
        self.options.times.dt = Some(time);
        self
    }

    /// Time between saved rows, instead of the model's.
    pub fn save_every(mut self, time: f64) -> Self {
        self.options.times.save_every = Some(time);
        self
    }

    /// Bytes of memory that an instance may have.
    pub fn max_memory(mut self, bytes: u64) -> Self {
        self.options.max_memory = Some(bytes);
        self
    }

    /// Makes errors of units of measure that do not agree.
    pub fn deny_units(mut self, on: bool) -> Self {
        self.options.deny_units = on;
        self
    }

    /// Takes values from a table, as `--data`: a path, or `?TAG=path` for the tag of a Vensim model.
    pub fn data(mut self, file: impl Into<String>) -> Self {
        self.data.push(file.into());
        self
    }

    /// Takes other numbers for constants, and other points for lookups, from a file in Vensim's format for changes, as `--changes`.
    pub fn changes(mut self, file: impl Into<String>) -> Self {
        self.changes.push(file.into());
        self
    }

    /// Lets the model read files of this folder too, besides those in its own.
    pub fn allow_path(mut self, folder: impl Into<PathBuf>) -> Self {
        self.allowed.push(folder.into());
        self
    }

    /// The name of what is written and of the module; that of the model's file unless said, as an identifier.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Where to write; `OUT_DIR`, which Cargo gives, unless said.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Compiles a model, whose path is seen from the package's folder, and tells Cargo which files it was made from.
    ///
    /// # Errors
    /// The model is at fault or uses what is not supported, a file cannot be read or written, or nobody says where to write.
    pub fn compile(&self, model: impl AsRef<Path>) -> Result<Compiled, Error> {
        compile::compile(self, model.as_ref())
    }
}
