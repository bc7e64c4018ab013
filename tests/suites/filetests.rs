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
    let whole_words = trial("filetests::checks_find_whole_words", checks_find_whole_words);
    tests.chain(coverage::trials()).chain([whole_words]).collect()
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
/// `next` on the very next line, `not` nowhere between its neighbours. What is wanted is found as whole words, what is
/// forbidden also as parts of words: either way the stricter reading.
fn check_directives(directives: &[(&str, &str)], text: &str) -> Result<(), String> {
    let lines: Vec<String> = text.lines().map(squeeze).collect();
    let mut at = 0;
    let mut forbidden = Vec::new();
    for &(directive, wanted) in directives {
        let wanted = squeeze(wanted);
        match directive {
            "not" => forbidden.push(wanted),
            "next" => {
                if !lines.get(at).is_some_and(|line| holds_words(line, &wanted)) {
                    return Err(format!("not on the next line: {wanted}\n{text}"));
                }
                at += 1;
            }
            _ => {
                let found = lines[at..].iter().position(|line| holds_words(line, &wanted));
                let found = at + found.ok_or_else(|| format!("not found: {wanted}\n{text}"))?;
                absent(&forbidden, &lines[at..found], text)?;
                forbidden.clear();
                at = found + 1;
            }
        }
    }
    absent(&forbidden, &lines[at..], text)
}

/// What is wanted is not found within longer words and numbers, what is forbidden is.
fn checks_find_whole_words() -> Result<(), String> {
    let text = "v12 = fconst 2.5\nstore s12, v12\n";
    for found in ["v12 = fconst 2.5", "= fconst", "store s12", ", v12"] {
        check_directives(&[("check", found)], text)?;
    }
    for missing in ["fconst 2", "store s1", "v1 =", "2 = fconst", "5", "tore s12"] {
        if check_directives(&[("check", missing)], text).is_ok() {
            return Err(format!("found: {missing}"));
        }
    }
    match check_directives(&[("not", "s1")], text) {
        Ok(()) => Err("a part of a word is not forbidden".to_owned()),
        Err(_) => Ok(()),
    }
}

fn absent(forbidden: &[String], lines: &[String], text: &str) -> Result<(), String> {
    match forbidden.iter().find(|wanted| lines.iter().any(|line| line.contains(*wanted))) {
        Some(found) => Err(format!("must not be there: {found}\n{text}")),
        None => Ok(()),
    }
}

/// Whether a line holds a text that neither begins nor ends within a word: `store s1` is not in `store s12`, and `fconst 2` not
/// in `fconst 2.5`.
fn holds_words(line: &str, text: &str) -> bool {
    let is_cut = |(at, _): &(usize, &str)| {
        let (before, after) = (&line[..*at], &line[*at + text.len()..]);
        text.starts_with(is_word) && goes_on(before.chars().rev()) || text.ends_with(is_word) && goes_on(after.chars())
    };
    text.is_empty() || line.match_indices(text).any(|found| !is_cut(&found))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a word goes on with these characters: a point within a number or a name belongs to it.
fn goes_on(mut rest: impl Iterator<Item = char>) -> bool {
    match rest.next() {
        Some('.') => rest.next().is_some_and(is_word),
        next => next.is_some_and(is_word),
    }
}

fn squeeze(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
