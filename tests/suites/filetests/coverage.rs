//! What the filetests must cover: a diagnostic, an opcode, a pass or an example of the help that no file shows is a failing test.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use simc::catalogue;
use simc_ir::opcode::Opcode;
use simc_midend::passes;

use super::{all_files, cli, read, xmile};
use crate::corpus::simc_binary;
use crate::trial;

/// Diagnostics that no file shows, and why.
const WITHOUT_FILE: &[(u16, &str)] = &[
    (127, "takes an equation of a megabyte: hostile::models"),
    (138, "takes a thousand files, or sixty-four that include one another: simc-xmile's own tests"),
    (551, "every such run is refused by the front end"),
    (601, "takes a damaged artifact: hostile::artifacts"),
    (602, "takes a module from elsewhere"),
    (603, "takes an artifact that lies: hostile::artifacts"),
    (604, "takes an artifact that was tampered with"),
    (606, "takes an artifact that lies"),
    (607, "takes a model of gigabytes"),
    (608, "takes an artifact that was tampered with: the tests of the engine `native`"),
];

pub(super) fn trials() -> Vec<Trial> {
    vec![
        trial("filetests::every_expectation_belongs_to_a_test", expectations),
        trial("filetests::every_diagnostic_is_shown", diagnostics),
        trial("filetests::every_opcode_is_run", opcodes),
        trial("filetests::every_pass_has_files", pass_folders),
        trial("filetests::every_example_of_the_help_is_run", examples),
    ]
}

fn with_extension(extension: &str) -> Vec<PathBuf> {
    let files = all_files().into_iter();
    files.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

fn none_of(what: &str, faults: &[String]) -> Result<(), String> {
    if faults.is_empty() { Ok(()) } else { Err(format!("{what}: {}", faults.join(", "))) }
}

/// `a/b.model.expect` is written by the stage `model` of `a/b.xmile` or `a/b.mdl`.
fn expectations() -> Result<(), String> {
    let mut orphans = Vec::new();
    for path in with_extension("expect") {
        let base = path.with_extension("");
        let stage = base.extension().map(|stage| stage.to_string_lossy().into_owned()).unwrap_or_default();
        let source = |extension: &str| std::fs::read_to_string(base.with_extension(extension)).ok();
        let test = source("xmile").or_else(|| source("mdl")).unwrap_or_default();
        let stages = xmile::stages(&test).unwrap_or("");
        if !stages.split_whitespace().any(|word| word == stage) {
            orphans.push(path.display().to_string());
        }
    }
    none_of("no test writes these", &orphans)
}

fn diagnostics() -> Result<(), String> {
    let mut shown = String::new();
    for path in with_extension("expect").iter().chain(&with_extension("cli")) {
        shown.push_str(&read(path)?);
    }
    let mut missing = Vec::new();
    for entry in catalogue::entries() {
        let is_shown = shown.contains(&format!("[{}]", entry.code));
        match WITHOUT_FILE.iter().find(|(code, _)| *code == entry.code.0) {
            Some((_, reason)) if is_shown => missing.push(format!("{} is shown after all ({reason})", entry.code)),
            None if !is_shown => missing.push(format!("{} ({})", entry.code, entry.title)),
            Some(_) | None => {}
        }
    }
    none_of("no expectation shows these", &missing)
}

/// Each opcode is in a module whose results are compared with numbers.
fn opcodes() -> Result<(), String> {
    let mut words = BTreeSet::new();
    for path in with_extension("sir") {
        let text = read(&path)?;
        if text.contains("; run:") && text.contains(" wasm") {
            words.extend(
                text.lines().filter(|line| !line.starts_with(';')).flat_map(str::split_whitespace).map(str::to_owned),
            );
        }
    }
    let missing = Opcode::ALL.iter().map(|opcode| opcode.name().to_owned()).filter(|name| !words.contains(name));
    none_of("no `run:` executes these", &missing.collect::<Vec<_>>())
}

fn pass_folders() -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("filetests/passes");
    let count = |name: &str| std::fs::read_dir(folder.join(name)).map_or(0, Iterator::count);
    let poor = passes::ALL.iter().map(|pass| pass.name.to_owned()).filter(|name| count(name) < 2);
    none_of("these passes have fewer than two files", &poor.collect::<Vec<_>>())
}

/// Each line below `Examples:` is in a `.cli` file.
fn examples() -> Result<(), String> {
    let mut run = BTreeSet::new();
    for path in with_extension("cli") {
        run.extend(read(&path)?.lines().filter_map(|line| line.strip_prefix("$ ")).map(cli::words));
    }
    let mut missing = Vec::new();
    let mut n_examples = 0;
    for subcommand in ["build", "run", "check", "dump", "explain", "inspect", "page"] {
        let output = Command::new(simc_binary()?).args([subcommand, "--help"]).output();
        let help =
            String::from_utf8(output.map_err(|error| error.to_string())?.stdout).map_err(|error| error.to_string())?;
        let lines = help.lines().skip_while(|line| !line.starts_with("Examples:")).skip(1).map(str::trim);
        for example in lines.filter(|line| line.starts_with("simc ")) {
            n_examples += 1;
            if !run.contains(&cli::words(example)) {
                missing.push(example.to_owned());
            }
        }
    }
    if n_examples < 6 {
        return Err(format!("only {n_examples} examples were found"));
    }
    none_of("no `.cli` file runs these", &missing)
}
