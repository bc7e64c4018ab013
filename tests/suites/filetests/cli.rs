//! `.cli`: commands and what they print.
//!
//! ```text
//! $ simc explain E0203
//! > what standard output holds
//! ! what standard error holds
//! ? 1
//! ```
//!
//! Each command runs in a fresh folder that holds a copy of `tests/models`; `? N` is the exit status when it is not 0.
//! A command may not use a shell: words are split at spaces, double quotes keep them together.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::{bless_or_compare, read};
use crate::corpus::simc_binary;

pub(crate) fn run(path: &Path) -> Result<(), String> {
    let text = read(path)?;
    let simc = simc_binary()?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    copy_models(folder.path())?;
    let mut got = String::new();
    for line in text.lines() {
        let Some(command) = line.strip_prefix("$ simc") else {
            if line.starts_with("#") || line.is_empty() {
                writeln!(got, "{line}").expect("writing to a string");
            }
            continue;
        };
        writeln!(got, "{line}").expect("writing to a string");
        let output = Command::new(&simc)
            .args(words(command))
            .current_dir(folder.path())
            .env("NO_COLOR", "1")
            .env("COLUMNS", "80")
            .output()
            .map_err(|error| error.to_string())?;
        prefixed(&mut got, '>', &output.stdout);
        prefixed(&mut got, '!', &output.stderr);
        match output.status.code() {
            Some(0) => {}
            Some(code) => writeln!(got, "? {code}").expect("writing to a string"),
            None => return Err(format!("`simc{command}` was killed by a signal")),
        }
    }
    bless_or_compare(path, &got)
}

fn prefixed(out: &mut String, mark: char, bytes: &[u8]) {
    for line in String::from_utf8_lossy(bytes).lines() {
        let line = format!("{mark} {line}");
        writeln!(out, "{}", line.trim_end()).expect("writing to a string");
    }
}

fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in command.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

fn copy_models(folder: &Path) -> Result<(), String> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for entry in std::fs::read_dir(models).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_file() {
            let name = path.file_name().expect("a file has a name");
            std::fs::copy(&path, folder.join(name)).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}
