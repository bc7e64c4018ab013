//! `simc bind`: typed bindings of an artifact.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use simc_driver::bind::{self, Language};

use super::failure::{Failure, shown};
use super::input::{self, Input};
use super::output;

/// Write typed bindings of an artifact for another language
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simc bind model.wasm --lang ts -o model.ts
  simc bind model.wasm --lang python -o model.py
  simc bind model.wasm --lang rust -o model.rs")]
pub(super) struct Opts {
    /// The artifact, or `-` for standard input
    artifact: PathBuf,
    /// The language: what it is to be used with is the host of that language
    #[arg(long, value_enum, value_name = "LANG")]
    lang: Lang,
    /// Where to write; standard output without it, or for `-`
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// TypeScript
    Ts,
    /// Python
    Python,
    /// Rust
    Rust,
}

impl Opts {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let Input::Artifact(wasm) = input::read(&self.artifact)? else {
            let message =
                format!("{} is a model, not an artifact; `simc build` makes one of it", shown(&self.artifact));
            return Err(Failure::Message(message));
        };
        let output = self.output.as_deref().into_iter().collect::<Vec<_>>();
        output::check(&output, &[&self.artifact])?;
        let language = match self.lang {
            Lang::Ts => Language::TypeScript,
            Lang::Python => Language::Python,
            Lang::Rust => Language::Rust,
        };
        let text = bind::bind(&wasm, language);
        let text = text.map_err(|error| Failure::Message(format!("{}: {error}", shown(&self.artifact))))?;
        match &self.output {
            Some(path) => output::write(path, |out| out.write_all(text.as_bytes())),
            None => output::write_stdout(|out| out.write_all(text.as_bytes())),
        }
    }
}
