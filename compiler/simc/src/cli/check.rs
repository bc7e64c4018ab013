//! `simc check`: everything that there is to say about a model.

use std::path::{Path, PathBuf};

use clap::Args;
use simc::driver::{self, Event, Options};

use super::failure::Failure;
use super::guard;
use super::input;
use super::model_options::{DataOptions, DenyOptions, FileOptions, MessageOptions};
use super::report;

/// Show every diagnostic of a model; write nothing
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simc check model.xmile
  simc check model.xmile other.xmile --deny units
  simc check model.xmile --message-format json")]
pub(super) struct Opts {
    /// The models: XMILE or Vensim files, or `-` for standard input
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<PathBuf>,
    #[command(flatten)]
    files: FileOptions,
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    deny: DenyOptions,
    #[command(flatten)]
    pub(super) messages: MessageOptions,
}

impl Opts {
    /// Checks one after the other, the rest also when one is at fault.
    pub(super) fn run(&self) -> Result<(), Failure> {
        let mut outcome = Ok(());
        for model in &self.models {
            if let Err(failure) = self.check(model) {
                // What is not shown yet is shown before the next model, and the last such failure by the caller.
                match std::mem::replace(&mut outcome, Err(failure)) {
                    Ok(()) => {}
                    Err(earlier) => drop(report::show_failure(&earlier, self.messages.message_format)),
                }
            }
        }
        outcome
    }

    /// Compiles all the way: only then is it known whether the model fits its memory.
    fn check(&self, model: &Path) -> Result<(), Failure> {
        let format = self.messages.message_format;
        let (mut sources, root) = input::read_model(model)?;
        let watch = &mut |event: Event<'_>| guard::observe(&event);
        let data = self.data.read()?;
        let options = Options { data, deny_units: self.deny.units(), ..Options::default() };
        let files = self.files.folders(&sources, root)?;
        match driver::compile_observed(&mut sources, root, &files, &options, watch) {
            Ok(build) => {
                report::show(&build.warnings, &sources, format);
                Ok(())
            }
            Err(failure) => Err(report::fail(&failure.diagnostics, &sources, format)),
        }
    }
}
