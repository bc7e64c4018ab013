//! `simc explain`: what a diagnostic means.

use std::io::{self, Write};

use clap::Args;
use simc::catalogue;
use simc_model::diagnostic::Code;
use simc_model::diagnostic::catalogue::Entry;

use super::failure::Failure;
use super::output;

/// Explain a diagnostic, with an example and its cure
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simc explain E0201
  simc explain")]
pub(super) struct Opts {
    /// The code, such as E0201; without one, all codes are listed
    #[arg(value_parser = parse_code)]
    code: Option<Code>,
}

impl Opts {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let Some(code) = self.code else { return output::write_stdout(list) };
        let entry = catalogue::find(code);
        let entry =
            entry.ok_or_else(|| Failure::Usage(format!("there is no code {code}; `simc explain` lists all")))?;
        output::write_stdout(|out| page(out, entry))
    }
}

/// `E0201`, `e201` and `201` are the same.
fn parse_code(text: &str) -> Result<Code, String> {
    let digits = text.strip_prefix(['E', 'e']).unwrap_or(text);
    let is_code = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let code = digits.parse().ok().filter(|_| is_code);
    code.map(Code).ok_or_else(|| "write a code such as E0201".to_owned())
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    catalogue::entries().into_iter().try_for_each(|entry| writeln!(out, "{}  {}", entry.code, entry.title))
}

fn page(out: &mut dyn Write, entry: &Entry) -> io::Result<()> {
    writeln!(out, "{}: {}\n\n{}\n", entry.code, entry.title, entry.explanation)?;
    for (format, example) in catalogue::examples(entry.code) {
        match format {
            Some(format) => writeln!(out, "Example in {format}:\n")?,
            None => writeln!(out, "Example:\n")?,
        }
        for line in example.lines() {
            writeln!(out, "    {line}")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "Cure: {}", entry.cure)
}

#[cfg(test)]
mod tests {
    use super::{Code, parse_code};

    #[test]
    fn codes_are_read_in_any_case_and_length() {
        assert_eq!(["E0201", "e201", "201"].map(parse_code), [201; 3].map(|code| Ok(Code(code))));
        for wrong in ["", "E", "E02010", "+201", "X201"] {
            assert!(parse_code(wrong).is_err(), "{wrong}");
        }
    }
}
