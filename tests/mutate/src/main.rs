//! Mutation testing: small faults are put into the compiler, and the tests have to notice.
//!
//! Building the compiler once per fault would take days, so all faults are built at once (*mutant
//! schemata*). The project is copied, the sources of the chosen crates are parsed, and every
//! expression with a fault becomes a choice between itself and its faulty forms, made while the
//! program runs by the environment variable [`VARIABLE`]. One build then serves every mutant.
//!
//! | module | does |
//! |---|---|
//! | [`site`] | says what a mutation is |
//! | [`find`] | finds the places of a source file where one is possible |
//! | [`rewrite`] | writes the source with all of them in it |
//! | [`switch`] | is the module by which a crate asks which one is active |
//! | [`plant`] | numbers the mutations of all crates and writes the rewritten sources |
//! | [`copy`] | copies the project and what is compiled already |
//! | [`build`] | compiles the copy and drops the mutations that do not compile |
//! | [`process`] | runs a test program, within limits of time and memory |
//! | [`suite`] | lists tests and learns which mutations each of them reaches |
//! | [`campaign`] | tries mutants, each with the tests that reach it |
//! | [`expect`] | reads which mutants no test can tell from the original, and why |
//! | [`report`] | counts what became of the mutants |
//!
//! # Use
//!
//! ```text
//! mutate [--crate NAME]... [--sample N] [--seed S] [--only TEXT] [--jobs N] [--again] [--list] [--folder PATH]
//!        [--least PER_CENT] [--wrapper WORDS]
//! ```
//!
//! | option | means |
//! |---|---|
//! | `--crate NAME` | only this crate; all three by default |
//! | `--sample N` | as many mutants of each crate, by lot; all by default |
//! | `--seed S` | another lot; 1 by default |
//! | `--only TEXT` | only mutants whose line in the report holds TEXT |
//! | `--jobs N` | test programs at a time; 2 by default |
//! | `--again` | tries again what nothing noticed in an earlier run |
//! | `--list` | only lists the mutants |
//! | `--folder PATH` | where the copy, its target folder and the results are; `target/mutate` by default |
//! | `--least PER_CENT` | fails when a crate's figure is less |
//! | `--wrapper WORDS` | words before every call of cargo |
//!
//! A run that was interrupted goes on where it was: results lie in `results.jsonl` of the folder.
//! They are kept for each mutation by its place and text, so that what has changed is tried anew.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a recipe talks to the person who runs it")]

mod build;
mod campaign;
mod copy;
mod expect;
mod find;
mod plant;
mod process;
mod report;
mod rewrite;
mod site;
mod suite;
mod switch;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use std::{env, fs};

use crate::build::{Workspace, build};
use crate::campaign::{Results, sample, try_all};
use crate::plant::{Plan, TARGETS, Target};
use crate::site::Mutation;
use crate::suite::Suite;

/// The environment variable that holds the number of the active mutation; none is active without
/// it.
const VARIABLE: &str = "SIMC_MUTANT";

/// The environment variable that names a file to which the numbers of the mutations that are
/// reached are appended.
const TRACE_VARIABLE: &str = "SIMC_MUTANT_TRACE";

/// What is asked for.
struct Options {
    crates: Vec<String>,
    sample: usize,
    seed: u64,
    only: String,
    jobs: usize,
    again: bool,
    list: bool,
    folder: PathBuf,
    least: f64,
    wrapper: Vec<String>,
}

fn main() -> ExitCode {
    match options().and_then(|options| mutate(&options)) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        crates: Vec::new(),
        sample: usize::MAX,
        seed: 1,
        only: String::new(),
        jobs: 2,
        again: false,
        list: false,
        folder: target_folder().join("mutate"),
        least: 0.0,
        wrapper: Vec::new(),
    };
    let mut arguments = env::args().skip(1);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{name} takes a value"));
        match name.as_str() {
            "--crate" => options.crates.push(value()?),
            "--sample" => options.sample = number(&value()?)?,
            "--seed" => options.seed = number(&value()?)?,
            "--only" => options.only = value()?,
            "--jobs" => options.jobs = number(&value()?)?,
            "--again" => options.again = true,
            "--list" => options.list = true,
            "--folder" => options.folder = value()?.into(),
            "--least" => options.least = number(&value()?)?,
            "--wrapper" => options.wrapper = value()?.split_whitespace().map(str::to_owned).collect(),
            _ => return Err(format!("no such option: {name}; the head of tests/mutate/src/main.rs lists them")),
        }
    }
    Ok(options)
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("not a number: {text}"))
}

/// The target folder of the project.
fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("this package lies in the project")
}

fn mutate(options: &Options) -> Result<ExitCode, String> {
    let begin = Instant::now();
    let say = move |text: String| println!("{:6.1} s  {text}", begin.elapsed().as_secs_f64());
    // All crates are always planted, so that numbers and builds are the same whatever is asked for.
    let plan = Plan::new(root(), &TARGETS)?;
    say(format!("{} mutations in the sources", plan.mutations.len()));
    fs::create_dir_all(&options.folder).map_err(|error| error.to_string())?;
    let folder = options.folder.canonicalize().map_err(|error| error.to_string())?;
    let workspace =
        Workspace { copy: folder.join("project"), target: folder.join("target"), wrapper: options.wrapper.clone() };
    let mut dropped = read_dropped(&plan, &folder);
    let programs = {
        fs::create_dir_all(&workspace.copy).map_err(|error| error.to_string())?;
        copy::project(root(), &workspace.copy, &|file| plan.writes(file))?;
        copy::dependencies(&target_folder(), &workspace.target)?;
        let programs = build(&plan, &workspace, &mut dropped, &say);
        write_dropped(&plan, &folder, &dropped)?;
        programs?
    };
    say(format!("{} mutations do not compile; {} test programs", dropped.len(), programs.len()));
    let chosen = choose(&plan, &dropped, options);
    if options.list {
        chosen.iter().for_each(|mutation| println!("{} [{}]", mutation.key(), mutation.function));
        return Ok(ExitCode::SUCCESS);
    }
    let binary = workspace.target.join("debug/simc").to_string_lossy().into_owned();
    let variables = vec![("SIMC_BINARY".to_owned(), binary), ("SIMC_ENGINES".to_owned(), "interpreted".to_owned())];
    let suite = Suite::learn(programs, variables, &folder, options.jobs, &say)?;
    say(format!("{} tests; too slow: {:?}; failing: {:?}", suite.tests.len(), suite.slow, suite.failing));
    let results = Results::open(&folder.join("results.jsonl"))?;
    let expected = expect::read(&root().join("tests/mutants.expect"))?;
    let is_open = |mutation: &&Mutation| match results.fate(mutation) {
        None => true,
        Some(fate) => options.again && !fate.is_noticed() && !expected.iter().any(|entry| entry.holds(mutation)),
    };
    let pending: Vec<Mutation> = chosen.iter().filter(is_open).cloned().collect();
    try_all(&suite, &pending, &results, &folder, options.jobs, &say)?;
    let (text, lowest) = report::report(&chosen, &results, &expected);
    fs::write(folder.join("report.txt"), &text).map_err(|error| error.to_string())?;
    println!("{text}");
    for entry in expected.iter().filter(|entry| !plan.mutations.iter().any(|mutation| entry.holds(mutation))) {
        println!(
            "tests/mutants.expect is about no mutation here: {} | {} | {}",
            entry.file, entry.function, entry.text
        );
    }
    say(format!("done; the report is {}", folder.join("report.txt").display()));
    Ok(if lowest < options.least { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The mutants that are asked for.
fn choose(plan: &Plan, dropped: &BTreeSet<u32>, options: &Options) -> Vec<Mutation> {
    let mut chosen = Vec::new();
    for Target { package, .. } in TARGETS {
        if !options.crates.is_empty() && !options.crates.iter().any(|name| name == package) {
            continue;
        }
        let own = plan.mutations.iter().filter(|mutation| mutation.package == package);
        let own = own.filter(|mutation| !dropped.contains(&mutation.number)).cloned().collect();
        let own = sample(own, options.sample, options.seed).into_iter();
        chosen.extend(own.filter(|mutation| mutation.key().contains(&options.only)));
    }
    chosen
}

/// Mutations that did not compile in an earlier run.
fn read_dropped(plan: &Plan, folder: &Path) -> BTreeSet<u32> {
    let text = fs::read_to_string(folder.join("dropped.txt")).unwrap_or_default();
    let keys: BTreeSet<&str> = text.lines().collect();
    plan.mutations.iter().filter(|mutation| keys.contains(mutation.key().as_str())).map(|found| found.number).collect()
}

fn write_dropped(plan: &Plan, folder: &Path, dropped: &BTreeSet<u32>) -> Result<(), String> {
    let lines: String = dropped.iter().map(|number| plan.mutation(*number).key() + "\n").collect();
    fs::write(folder.join("dropped.txt"), lines).map_err(|error| error.to_string())
}
