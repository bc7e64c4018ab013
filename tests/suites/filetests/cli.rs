//! `.cli`: commands and what they print.
//!
//! ```text
//! @ broken.xmile                   a file that the commands find, its lines after `|`
//! | <xmile>
//! $ simc check broken.xmile        a command
//! > what standard output holds
//! ! what standard error holds
//! ? 1                              the exit status when it is not 0
//! $ ls                             what the commands have written
//! $ cat out.csv                    what one of them holds
//! ```
//!
//! Commands run one after the other in a fresh folder that holds a copy of `tests/models`, and `sir.xmile` a second time as
//! `model.xmile`. They may not use a shell: words are split at spaces, quotes of either kind keep them together. Long outputs are
//! cut in the middle; digests are not shown, since they change with every byte of an artifact.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use super::{bless_or_compare, read};
use crate::corpus::simc_binary;

/// Longer outputs are cut.
const MAX_LINES: usize = 30;

/// Lines of an output that is cut, at either end.
const KEPT: (usize, usize) = (6, 2);

const INFALLIBLE: &str = "a string takes everything";

pub(crate) fn run(path: &Path) -> Result<(), String> {
    let text = read(path)?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    copy_models(folder.path())?;
    write_files(folder.path(), &text)?;
    let given = list(folder.path())?;
    let mut got = String::new();
    for line in text.lines().filter(|line| !line.starts_with(['>', '!', '?'])) {
        writeln!(got, "{line}").expect(INFALLIBLE);
        let Some(command) = line.strip_prefix("$ ") else { continue };
        let words = words(command);
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["simc", arguments @ ..] => execute(&mut got, folder.path(), arguments)?,
            ["ls"] => list(folder.path())?.difference(&given).for_each(|name| prefix(&mut got, '>', name)),
            ["cat", file] => prefix(&mut got, '>', &read(&folder.path().join(file))?),
            _ => return Err(format!("neither `simc` nor `ls` nor `cat`: {command}")),
        }
    }
    bless_or_compare(path, &got)
}

fn execute(got: &mut String, folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(simc_binary()?)
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .output()
        .map_err(|error| error.to_string())?;
    prefix(got, '>', &String::from_utf8_lossy(&output.stdout));
    prefix(got, '!', &String::from_utf8_lossy(&output.stderr));
    match output.status.code() {
        Some(0) => {}
        Some(code) => writeln!(got, "? {code}").expect(INFALLIBLE),
        None => return Err(format!("`simc {}` was killed by a signal", arguments.join(" "))),
    }
    Ok(())
}

/// Each line after a mark; the middle of a long text is left out.
fn prefix(out: &mut String, mark: char, text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let (head, tail) = KEPT;
    for (at, line) in lines.iter().enumerate() {
        let is_cut = lines.len() > MAX_LINES && (head..lines.len() - tail).contains(&at);
        if is_cut && at == head {
            writeln!(out, "{mark} ... {} more lines ...", lines.len() - head - tail).expect(INFALLIBLE);
        } else if !is_cut {
            writeln!(out, "{}", format!("{mark} {}", without_digests(line)).trim_end()).expect(INFALLIBLE);
        }
    }
}

/// Replaces what looks like a SHA-256.
fn without_digests(line: &str) -> String {
    let is_digest = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = line.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let shown = words.map(|word| {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if is_digest(bare) { format!("DIGEST{}", &word[bare.len()..]) } else { word.to_owned() }
    });
    shown.collect()
}

/// Splits at spaces outside of quotes.
pub(super) fn words(command: &str) -> Vec<String> {
    let mut words = vec![];
    let mut word = None::<String>;
    let mut quote = None;
    for c in command.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c == ' ' => words.extend(word.take()),
            Some(_) | None => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The files that are after `@`.
fn write_files(folder: &Path, text: &str) -> Result<(), String> {
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("@ ") {
            files.push((name, String::new()));
        } else if let (Some(line), Some((_, file))) = (line.strip_prefix('|'), files.last_mut()) {
            writeln!(file, "{}", line.strip_prefix(' ').unwrap_or(line)).expect(INFALLIBLE);
        }
    }
    let write = |(name, file): &(&str, String)| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, file)
    };
    files.iter().try_for_each(write).map_err(|error| error.to_string())
}

fn list(folder: &Path) -> Result<BTreeSet<String>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

fn copy_models(folder: &Path) -> Result<(), String> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    copy_files(&models, folder)?;
    for with_data in ["data_series", "data_constants", "data_workbooks"] {
        std::fs::create_dir(folder.join(with_data)).map_err(|error| error.to_string())?;
        copy_files(&models.join(with_data), &folder.join(with_data))?;
    }
    std::fs::copy(models.join("sir.xmile"), folder.join("model.xmile")).map(drop).map_err(|error| error.to_string())
}

/// The files of a folder, without the folders in it.
fn copy_files(from: &Path, to: &Path) -> Result<(), String> {
    for entry in std::fs::read_dir(from).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_file() {
            let name = path.file_name().expect("a file has a name");
            std::fs::copy(&path, to.join(name)).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}
