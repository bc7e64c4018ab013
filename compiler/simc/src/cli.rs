//! The command line: one file for each subcommand, each with its options and its `run`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;
use report::MessageFormat;

// subcommands
mod bind;
mod build;
mod check;
mod compare;
mod convert;
mod dump;
mod explain;
mod inspect;
mod page;
mod run;
mod watch;

// what goes in
mod byte_size;
mod input;
mod model_options;
mod native;
mod overrides;

// what comes out
mod depfile;
mod events;
mod failure;
mod guard;
mod layout_json;
mod output;
mod plot;
mod progress;
mod report;
mod stages;
mod vensim_files;

/// Compiles system-dynamics models to WebAssembly and runs them
#[derive(Debug, Parser)]
#[command(name = "simc", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Opts),
    Run(run::Opts),
    Check(check::Opts),
    Compare(compare::Opts),
    Convert(convert::Opts),
    Dump(dump::Opts),
    Explain(explain::Opts),
    Inspect(inspect::Opts),
    Bind(bind::Opts),
    Page(page::Opts),
    Watch(watch::Opts),
}

/// Does what the arguments say. Exit status: 0 success, 1 the model, artifact or a file is at fault, 2 wrong usage, 101 a bug of the compiler.
pub(crate) fn main() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => return output::show_usage(&error),
    };
    let format = command.message_format();
    match guard::run(move || command.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report::show_failure(&failure, format),
    }
}

impl Command {
    fn run(&self) -> Result<(), Failure> {
        match self {
            Command::Build(opts) => opts.run(),
            Command::Run(opts) => opts.run(),
            Command::Check(opts) => opts.run(),
            Command::Compare(opts) => opts.run(),
            Command::Convert(opts) => opts.run(),
            Command::Dump(opts) => opts.run(),
            Command::Explain(opts) => opts.run(),
            Command::Inspect(opts) => opts.run(),
            Command::Bind(opts) => opts.run(),
            Command::Page(opts) => opts.run(),
            Command::Watch(opts) => opts.run(),
        }
    }

    fn message_format(&self) -> MessageFormat {
        match self {
            Command::Build(opts) => opts.messages.message_format,
            Command::Run(opts) => opts.messages.message_format,
            Command::Check(opts) => opts.messages.message_format,
            Command::Compare(opts) => opts.messages.message_format,
            Command::Convert(opts) => opts.messages.message_format,
            Command::Dump(opts) => opts.messages.message_format,
            Command::Page(opts) => opts.messages.message_format,
            Command::Explain(_) | Command::Inspect(_) | Command::Bind(_) | Command::Watch(_) => MessageFormat::Human,
        }
    }
}
