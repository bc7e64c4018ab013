//! `simc check`: everything that there is to say about a model.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::input;
use super::model_options::{DataOptions, MessageOptions};
use super::report;

/// Show every diagnostic of a model; write nothing
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simc check model.xmile
  simc check model.xmile --message-format json")]
pub(super) struct Opts {
    /// The model: an XMILE file, or `-` for standard input
    model: PathBuf,
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    pub(super) messages: MessageOptions,
}

impl Opts {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let format = self.messages.message_format;
        self.data.refuse(format)?;
        let (sources, root) = input::read_model(&self.model)?;
        let compiled = simc_front::compile(&sources, root);
        if compiled.model.is_none() {
            return Err(report::fail(&compiled.diagnostics, &sources, format));
        }
        report::show(&compiled.diagnostics, &sources, format);
        Ok(())
    }
}
