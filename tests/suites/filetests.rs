//! Drop a file into `tests/filetests`, get a test. Its extension says what it is and its first lines what to do with it:
//! see `docs/testing.md`. With `SIMC_BLESS` set, expectations are rewritten instead of compared.

mod cli;
mod coverage;
mod sir;
mod xmile;

use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use similar::TextDiff;

use crate::trial;

/// A test for each file, and tests that the files cover what they should.
pub(crate) fn trials() -> Vec<Trial> {
    let tests = all_files().into_iter().filter_map(|path| {
        let run: fn(&Path) -> Result<(), String> = match path.extension()?.to_str()? {
            "sir" => sir::run,
            "xmile" | "mdl" => xmile::run,
            "cli" => cli::run,
            _ => return None,
        };
        let name = path.strip_prefix(root()).expect("found below the root").display().to_string();
        Some(trial(format!("filetests::{name}"), move || run(&path)))
    });
    tests.chain(coverage::trials()).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("filetests")
}

/// Everything below `tests/filetests`, sorted.
fn all_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&root(), &mut files);
    files.sort();
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("tests/filetests can be listed") {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Compares with a committed file, or rewrites it when blessing.
pub(crate) fn bless_or_compare(path: &Path, got: &str) -> Result<(), String> {
    if is_blessing() {
        return std::fs::write(path, got).map_err(|error| format!("{}: {error}", path.display()));
    }
    let expected = std::fs::read_to_string(path)
        .map_err(|error| format!("{}: {error}; `just bless` writes it", path.display()))?;
    if expected == got {
        return Ok(());
    }
    let diff = TextDiff::from_lines(&expected, got).unified_diff().header("expected", "got").to_string();
    Err(format!("{} differs; `just bless` accepts the new text\n{diff}", path.display()))
}

pub(crate) fn is_blessing() -> bool {
    std::env::var_os("SIMC_BLESS").is_some()
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Checks `check:`, `next:` and `not:` directives against a text: each `check` is found after the one before,
/// `next` on the very next line, `not` nowhere between its neighbours.
fn check_directives(directives: &[(&str, &str)], text: &str) -> Result<(), String> {
    let lines: Vec<String> = text.lines().map(squeeze).collect();
    let mut at = 0;
    let mut forbidden = Vec::new();
    for &(directive, wanted) in directives {
        let wanted = squeeze(wanted);
        match directive {
            "not" => forbidden.push(wanted),
            "next" => {
                if !lines.get(at).is_some_and(|line| line.contains(&wanted)) {
                    return Err(format!("not on the next line: {wanted}\n{text}"));
                }
                at += 1;
            }
            _ => {
                let found = lines[at..].iter().position(|line| line.contains(&wanted));
                let found = at + found.ok_or_else(|| format!("not found: {wanted}\n{text}"))?;
                absent(&forbidden, &lines[at..found], text)?;
                forbidden.clear();
                at = found + 1;
            }
        }
    }
    absent(&forbidden, &lines[at..], text)
}

fn absent(forbidden: &[String], lines: &[String], text: &str) -> Result<(), String> {
    match forbidden.iter().find(|wanted| lines.iter().any(|line| line.contains(*wanted))) {
        Some(found) => Err(format!("must not be there: {found}\n{text}")),
        None => Ok(()),
    }
}

fn squeeze(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
