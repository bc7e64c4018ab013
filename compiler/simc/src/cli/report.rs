//! Diagnostics and failures on standard error.

use std::process::ExitCode;

use clap::ValueEnum;
use simc::render::{Renderer, bounded, is_obeyed};
use simc_model::diagnostic::{Diagnostic, Severity};
use simc_model::source::Sources;

use super::failure::{Failure, tell};

/// Who reads the diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum MessageFormat {
    /// People
    #[default]
    Human,
    /// Programs: one JSON object a line
    Json,
}

/// Shows diagnostics in order, of each code the first ones, then how many there were.
pub(super) fn show(diagnostics: &[Diagnostic], sources: &Sources, format: MessageFormat) {
    let renderer = Renderer::new(sources);
    for diagnostic in bounded(diagnostics) {
        match format {
            MessageFormat::Human => tell(format_args!("{}\n", renderer.human(&diagnostic, true))),
            MessageFormat::Json => tell(format_args!("{}", renderer.json(&diagnostic))),
        }
    }
    if format == MessageFormat::Human && diagnostics.len() > 1 {
        tell(format_args!("{}", summary(diagnostics)));
    }
}

/// Shows diagnostics that end the command.
pub(super) fn fail(diagnostics: &[Diagnostic], sources: &Sources, format: MessageFormat) -> Failure {
    show(diagnostics, sources, format);
    Failure::Reported
}

/// Says on standard error why a command did not succeed; the exit status of the process.
pub(super) fn show_failure(failure: &Failure, format: MessageFormat) -> ExitCode {
    match failure {
        Failure::Reported | Failure::ReportedUsage => {}
        Failure::Message(message) | Failure::Usage(message) | Failure::Bug(message) => say_error(message, format),
    }
    match failure {
        Failure::Reported | Failure::Message(_) => ExitCode::from(1),
        Failure::ReportedUsage | Failure::Usage(_) => ExitCode::from(2),
        Failure::Bug(_) => ExitCode::from(101),
    }
}

/// Shows one that has no place in any source.
pub(super) fn fail_without_source(diagnostic: Diagnostic, format: MessageFormat) -> Failure {
    fail(&[diagnostic], &Sources::new(), format)
}

/// Shows an error that is no diagnostic: it has neither code nor place.
fn say_error(message: &str, format: MessageFormat) {
    match format {
        MessageFormat::Human => {
            let message = visible_text(message);
            let red = anstyle::AnsiColor::BrightRed.on_default().bold();
            tell(format_args!("{red}error{red:#}: {message}"));
        }
        MessageFormat::Json => {
            let object = serde_json::json!({
                "code": null, "severity": "error", "message": message, "labels": [], "hint": null,
                "rendered": format!("error: {message}"),
            });
            tell(format_args!("{object}"));
        }
    }
}

/// A text in which nothing is left that a terminal would obey, but line breaks.
pub(super) fn visible_text(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// What a terminal would obey comes from names in models and artifacts alone, and is replaced.
fn visible(c: char) -> char {
    if is_obeyed(c) && c != '\n' { char::REPLACEMENT_CHARACTER } else { c }
}

fn summary(diagnostics: &[Diagnostic]) -> String {
    let of = |severity: Severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let counts = [(of(Severity::Error), "error"), (of(Severity::Warning), "warning")];
    let parts = counts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> =
        parts.map(|(count, noun)| format!("{count} {noun}{}", if *count == 1 { "" } else { "s" })).collect();
    parts.join(", ")
}
