//! `cargo ready`: everything that must hold before a change lands, in order. The first step that fails ends it.
//!
//! With `--binaryen` it also tests the cargo feature of that name, whose build takes more than ten minutes of two cores.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a recipe talks to the person who runs it")]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;
use std::{env, fs};

#[path = "ready/builds.rs"]
mod builds;
#[path = "ready/go.rs"]
mod go;
#[path = "ready/java.rs"]
mod java;
#[path = "ready/javascript.rs"]
mod javascript;
#[path = "ready/native.rs"]
mod native;
#[path = "ready/packages.rs"]
mod packages;
#[path = "ready/python.rs"]
mod python;
#[path = "ready/rust.rs"]
mod rust;

/// A step: its name, and what it does.
type Step = (&'static str, fn() -> Result<(), String>);

const STEPS: &[Step] = &[
    ("tools", install_tools),
    ("format", || cargo(&["fmt", "--all", "--", "--check"])),
    ("lints", || cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])),
    ("tests", || cargo(&["test", "--workspace", "--locked"])),
    ("documentation", document),
    ("kernel", check_kernel),
    ("no features", || cargo(&["check", "--package", "simc", "--no-default-features", "--locked"])),
    ("compiler for pages", || cargo(&["run", "--quiet", "--package", "tests", "--bin", "build_web", "--locked"])),
    ("fuzz targets", || cargo(&["check", "--manifest-path", "tests/fuzz/Cargo.toml", "--locked"])),
    ("mutation tool", || cargo(&["test", "--manifest-path", "tests/mutate/Cargo.toml", "--locked"])),
    ("same bytes twice", compare_builds),
    ("host for JavaScript", javascript::test),
    ("pages in Chromium", javascript::test_pages),
    ("host for Python", python::test),
    ("host for Rust", rust::test),
    ("host for C", native::test),
    ("host for Go", go::test),
    ("host for Java", java::test),
    ("ensembles", python::test_ensembles),
    ("build systems", builds::test),
    ("packages", packages::test),
];

const BINARYEN: Step = ("binaryen", || {
    cargo(&["test", "--package", "simc-wasm", "--package", "simc", "--features", "simc/binaryen", "--locked"])
});

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let chosen: Vec<&Step> = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => STEPS.iter().collect(),
        ["--binaryen"] => STEPS.iter().chain([&BINARYEN]).collect(),
        ["--step", name] => STEPS.iter().chain([&BINARYEN]).filter(|step| step.0 == *name).collect(),
        _ => Vec::new(),
    };
    if chosen.is_empty() {
        eprintln!("usage: cargo ready [--binaryen | --step NAME]; the steps:");
        STEPS.iter().chain([&BINARYEN]).for_each(|(name, _)| eprintln!("  {name}"));
        return ExitCode::from(2);
    }
    let before = changes();
    for (name, run) in chosen {
        println!("\n== {name}");
        let begin = Instant::now();
        if let Err(message) = run().and_then(|()| unchanged(&before)) {
            eprintln!("\nnot ready: {name}: {message}");
            return ExitCode::FAILURE;
        }
        println!("== {name}: {} s", begin.elapsed().as_secs());
    }
    match tests::corpus::shared() {
        Some(_) => println!("\nready"),
        None => println!("\nready, but no published model was tried: SIMC_SHARED names no corpus"),
    }
    ExitCode::SUCCESS
}

/// Runs cargo in the project's folder.
fn cargo(args: &[&str]) -> Result<(), String> {
    run(Command::new("cargo").args(args))
}

fn run(command: &mut Command) -> Result<(), String> {
    run_in(root(), command)
}

fn run_in(folder: &Path, command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.current_dir(folder).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program}: {status}")),
        Err(error) => Err(format!("{program}: {error}")),
    }
}

/// Whether a program is there and answers.
fn has(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
}

/// Installs what the steps need beside cargo, where that can be done without asking.
fn install_tools() -> Result<(), String> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if !has("cargo", &[subcommand, "--version"]) {
            run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    for (program, package) in [("node", "nodejs"), ("python3", "python3"), ("c++", "g++")] {
        if !has(program, &["--version"]) {
            install_package(package).map_err(|error| format!("{program} is missing; install it ({error})"))?;
        }
    }
    Ok(())
}

/// Installs a package of the system.
fn install_package(package: &str) -> Result<(), String> {
    let install = format!("apt-get update && apt-get install -y --no-install-recommends {package}");
    if has("sudo", &["-n", "true"]) {
        run(Command::new("sudo").args(["-n", "sh", "-c", &install]))
    } else {
        run(Command::new("sh").args(["-c", &install]))
    }
}

/// Whether the kernel's tables and its module are what their sources give.
fn check_kernel() -> Result<(), String> {
    run(Command::new("python3").args(["runtime-shim/kernel/src/elementary/tables.py", "--check"]))?;
    cargo(&["run", "--quiet", "--package", "tests", "--bin", "build_kernel", "--", "--check"])
}

fn document() -> Result<(), String> {
    run(Command::new("cargo").args(["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Builds every model twice, in two processes, from two folders, and compares the bytes.
fn compare_builds() -> Result<(), String> {
    cargo(&["build", "--workspace", "--bin", "simc", "--locked"])?;
    let simc = env::current_exe().map_err(|error| error.to_string())?.with_file_name("simc");
    let folders =
        [tempfile::tempdir(), tempfile::tempdir()].map(|folder| folder.expect("temporary folders can be made"));
    let models = models();
    for model in &models {
        let mut builds = Vec::new();
        for folder in &folders {
            let copy = folder.path().join("model");
            fs::copy(model, &copy).map_err(|error| format!("{}: {error}", model.display()))?;
            let output =
                Command::new(&simc).args(["build", "model", "-o", "out.wasm"]).current_dir(folder.path()).output();
            let output = output.map_err(|error| format!("{}: {error}", simc.display()))?;
            builds
                .push((output.status.success().then(|| fs::read(folder.path().join("out.wasm")).ok()), output.stderr));
        }
        if builds[0] != builds[1] {
            return Err(format!("two builds of {} differ", model.display()));
        }
    }
    println!("{} models", models.len());
    Ok(())
}

/// The project's own models, and those of the corpus where there is one.
fn models() -> Vec<PathBuf> {
    let own = fs::read_dir(root().join("tests/models")).expect("the project has models");
    let own = own.map(|entry| entry.expect("the folder can be read").path());
    let mut models: Vec<PathBuf> =
        own.filter(|path| path.extension().is_some_and(|extension| extension == "xmile")).collect();
    if let Some(shared) = tests::corpus::shared() {
        models.extend(tests::corpus::cases(&shared).into_iter().map(|case| case.model).filter(|model| model.is_file()));
    }
    models.sort();
    models.dedup();
    models
}

/// Fails when the files of the project are not those of before: what a step generates has to be committed.
fn unchanged(before: &[u8]) -> Result<(), String> {
    if changes() == before { Ok(()) } else { Err("it changed files of the project; see `git diff`".to_owned()) }
}

/// What differs from the last commit; nothing outside of a repository.
fn changes() -> Vec<u8> {
    let git =
        |args: &[&str]| Command::new("git").args(args).current_dir(root()).output().map_or(Vec::new(), |it| it.stdout);
    [git(&["status", "--porcelain"]), git(&["diff", "HEAD"])].concat()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package lies in the project")
}
