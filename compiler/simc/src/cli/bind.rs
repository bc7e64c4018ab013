//! `simc bind`: typed bindings of an artifact.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};
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
  simc bind model.wasm --lang rust -o model.rs
  simc bind model.wasm --lang c -o model_bound.h
  simc bind model.wasm --lang go --name sir -o sir/sir.go
  simc bind model.wasm --lang java --name org.acme.Sir -o src/main/java/org/acme/Sir.java")]
pub(super) struct Opts {
    /// The artifact, or `-` for standard input
    artifact: PathBuf,
    /// The language: what it is to be used with is the host of that language
    #[arg(long, value_enum, value_name = "LANG")]
    lang: Lang,
    /// What it is called: the package in Go, the class with its packages in Java, what names begin with in C. The model's name without it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
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
    /// C and C++
    C,
    /// Go
    Go,
    /// Java
    Java,
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
        let text = self.bind(&wasm)?;
        match &self.output {
            Some(path) => output::write(path, |out| out.write_all(text.as_bytes())),
            None => output::write_stdout(|out| out.write_all(text.as_bytes())),
        }
    }

    fn bind(&self, wasm: &[u8]) -> Result<String, Failure> {
        let language = match self.lang {
            Lang::Ts => Language::TypeScript,
            Lang::Python => Language::Python,
            Lang::Rust => Language::Rust,
            Lang::Go => Language::Go,
            Lang::Java => Language::Java,
            Lang::C => {
                let text = simc_native::bindings(wasm, self.name.as_deref(), Sha256::digest(wasm).into());
                return text.map_err(|error| self.failure(&error));
            }
        };
        if self.name.is_some() && matches!(self.lang, Lang::Ts | Lang::Python | Lang::Rust) {
            return Err(Failure::Usage("--name is for C, Go and Java".to_owned()));
        }
        bind::bind_as(wasm, language, self.name.as_deref()).map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &dyn std::fmt::Display) -> Failure {
        Failure::Message(format!("{}: {error}", shown(&self.artifact)))
    }
}
