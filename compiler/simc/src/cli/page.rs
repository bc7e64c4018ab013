//! `simc page`: a model into a web page.

use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::{Failure, shown};
use super::input::{self, Input, is_stdin};
use super::model_options::{CompileOptions, MessageOptions, NoModel};
use super::output;

/// Make a web page of a model: one file with sliders and charts, which needs no server and no network
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simc page model.xmile -o model.html
  simc page model.wasm -o model.html")]
pub(super) struct Opts {
    /// The model (XMILE or Vensim) or an artifact, told apart by content; `-` is standard input
    #[arg(value_name = "MODEL_OR_ARTIFACT")]
    input: PathBuf,
    /// Where to write; `-` is standard output. Without it: the model's name with the extension html, in the current folder
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    #[command(flatten)]
    compile: CompileOptions,
    #[command(flatten)]
    pub(super) messages: MessageOptions,
}

impl Opts {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let target = self.target()?;
        let wasm = match input::read(&self.input)? {
            Input::Model(mut sources, root) => {
                let build = self.compile.compile(&mut sources, root, self.messages.message_format, &mut |_| ())?;
                output::check(&[&target], &input::files_of(&self.input, &sources))?;
                build.wasm
            }
            Input::Artifact(wasm) => {
                self.compile.check_unused(&self.input, NoModel::Artifact)?;
                output::check(&[&target], &[&self.input])?;
                wasm
            }
        };
        let page =
            simc::page::html(&wasm).map_err(|error| Failure::Message(format!("{}: {error}", shown(&self.input))))?;
        output::write(&target, |out| out.write_all(page.as_bytes()))
    }

    fn target(&self) -> Result<PathBuf, Failure> {
        if let Some(path) = &self.output {
            return Ok(path.clone());
        }
        let name = self.input.file_name().filter(|_| !is_stdin(&self.input));
        let name = name.ok_or_else(|| Failure::Usage("say with -o where to write".to_owned()))?;
        Ok(Path::new(name).with_extension("html"))
    }
}
