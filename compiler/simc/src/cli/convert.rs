//! `simc convert`: a model in another language.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use simc::convert::{self, Format};

use super::failure::{Failure, shown};
use super::input::{self, files_of, is_stdin};
use super::model_options::{DataOptions, FileOptions, MessageOptions};
use super::output;
use super::report;

/// Write a model in another language: XMILE as Vensim's .mdl and back
#[derive(Debug, Args)]
#[command(after_help = "\
The format follows from the extension of the output. What the other language cannot say is refused, all of it in
one go; what is written gives the same numbers. To the format that the model has already, it is printed afresh.

Examples:
  simc convert model.stmx -o model.mdl
  simc convert model.mdl -o model.xmile
  simc convert model.mdl --to xmile -o -")]
pub(super) struct Opts {
    /// The model: an XMILE or Vensim file, or `-` for standard input
    model: PathBuf,
    /// Where to write, or `-` for standard output
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// The format, where the name of the output does not say it
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Option<To>,
    #[command(flatten)]
    files: FileOptions,
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    pub(super) messages: MessageOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum To {
    /// XMILE
    Xmile,
    /// Vensim's .mdl
    Mdl,
}

impl Opts {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let format = self.format()?;
        let (mut sources, root) = input::read_model(&self.model)?;
        let files = self.files.folders(&sources, root)?;
        let converted = convert::convert(&mut sources, root, &files, self.data.read()?, format);
        let messages = self.messages.message_format;
        let converted = converted.map_err(|failure| report::fail(&failure.diagnostics, &sources, messages))?;
        report::show(&converted.warnings, &sources, messages);
        output::check(&[&self.output], &files_of(&self.model, &sources))?;
        output::write(&self.output, |out| out.write_all(converted.text.as_bytes()))
    }

    /// The format of the output, by its option or its name.
    fn format(&self) -> Result<Format, Failure> {
        let chosen = self.to.map(|to| match to {
            To::Xmile => Format::Xmile,
            To::Mdl => Format::Mdl,
        });
        let by_name = Some(self.output.as_path()).filter(|path| !is_stdin(path)).and_then(of_path);
        match (chosen, by_name) {
            (Some(chosen), Some(named)) if chosen != named => {
                let message = format!("--to and the name of {} say two formats", shown(&self.output));
                Err(Failure::Usage(message))
            }
            (Some(format), _) | (None, Some(format)) => Ok(format),
            (None, None) => {
                let message =
                    format!("the format of {} is not known; give --to xmile or --to mdl", shown(&self.output));
                Err(Failure::Usage(message))
            }
        }
    }
}

fn of_path(path: &Path) -> Option<Format> {
    Format::of_name(&path.file_name()?.to_string_lossy())
}
