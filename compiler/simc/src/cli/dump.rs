//! `simc dump`: any stage as text.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use simc::driver::Event;

use super::failure::Failure;
use super::input;
use super::model_options::{CompileOptions, MessageOptions};
use super::output;
use super::stages;

/// Print a stage of the compiler as text
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simc dump model.xmile --stage model
  simc dump model.xmile --stage ir -O0
  simc dump model.xmile --dump-after fold_constants")]
pub(super) struct Opts {
    /// The model: an XMILE or Vensim file, or `-` for standard input
    model: PathBuf,
    /// The stage to print
    #[arg(
        long,
        value_enum,
        value_name = "STAGE",
        required_unless_present = "dump_after",
        conflicts_with = "dump_after"
    )]
    stage: Option<Stage>,
    /// Print the intermediate representation as this pass leaves it, each time that it runs
    #[arg(long, value_name = "PASS")]
    dump_after: Option<String>,
    #[command(flatten)]
    compile: CompileOptions,
    #[command(flatten)]
    pub(super) messages: MessageOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// The syntax tree
    Ast,
    /// The resolved model
    Model,
    /// The optimised intermediate representation
    Ir,
    /// The artifact as text
    Wat,
}

impl Opts {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let text = match (self.stage, &self.dump_after) {
            (_, Some(pass)) => return self.after_pass(pass),
            (Some(stage), None) => self.stage(stage)?,
            (None, None) => return Err(Failure::Usage("give --stage or --dump-after".to_owned())),
        };
        output::write_stdout(|out| out.write_all(text.as_bytes()))
    }

    /// A stage needs only what comes before it: a model with errors still has a syntax tree.
    fn stage(&self, stage: Stage) -> Result<String, Failure> {
        let (mut sources, root) = input::read_model(&self.model)?;
        let mut build = || self.compile.compile(&mut sources, root, self.messages.message_format, &mut |_| ());
        match stage {
            Stage::Model => Ok(simc_model::model::print(&build()?.model)),
            Stage::Ir => Ok(simc_ir::text::print_module(&build()?.module)),
            Stage::Wat => stages::wat(&build()?.wasm),
            Stage::Ast => {
                let files = self.compile.files.folders(&sources, root)?;
                Ok(stages::ast(&mut sources, root, &files))
            }
        }
    }

    /// Writes at once what a pass leaves: a later pass that fails takes nothing of it away.
    fn after_pass(&self, wanted: &str) -> Result<(), Failure> {
        let (mut sources, root) = input::read_model(&self.model)?;
        let mut written = Ok(());
        let mut passes: Vec<String> = Vec::new();
        self.compile.compile(&mut sources, root, self.messages.message_format, &mut |event| {
            let Event::Pass(pass, module) = event else { return };
            if !passes.iter().any(|seen| seen == pass) {
                passes.push(pass.to_owned());
            }
            if pass == wanted && written.is_ok() {
                let text = simc_ir::text::print_module(module);
                written = output::write_stdout(|out| out.write_all(text.as_bytes()));
            }
        })?;
        written?;
        if !passes.iter().any(|seen| seen == wanted) {
            let message = format!("no pass `{wanted}` runs at this level; these do: {}", passes.join(", "));
            return Err(Failure::Usage(message));
        }
        Ok(())
    }
}
