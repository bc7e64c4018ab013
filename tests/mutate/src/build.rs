//! Compiles the copy, and drops the mutations that do not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::plant::Plan;
use crate::rewrite::Place;

/// Rounds of compiling and dropping before the tool gives up.
const MAX_ROUNDS: usize = 60;

/// Where things are built.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    /// The copy of the project.
    pub(crate) copy: PathBuf,
    /// Its target folder.
    pub(crate) target: PathBuf,
    /// Words to put before every call of cargo, such as a wrapper that waits for its turn.
    pub(crate) wrapper: Vec<String>,
}

/// A compiled test program.
#[derive(Clone, Debug)]
pub(crate) struct Executable {
    /// The package it belongs to.
    pub(crate) package: String,
    /// The target's name in cargo's words: of the unit tests that of the library.
    pub(crate) name: String,
    /// The program.
    pub(crate) path: PathBuf,
    /// The package's folder.
    pub(crate) folder: PathBuf,
}

/// Writes and compiles until what is left compiles. Returns the programs; `dropped` grows by what
/// did not compile.
///
/// # Errors
/// An error that no mutation explains, or a file that cannot be written.
pub(crate) fn build(
    plan: &Plan,
    workspace: &Workspace,
    dropped: &mut BTreeSet<u32>,
    say: &dyn Fn(String),
) -> Result<Vec<Executable>, String> {
    // The program first: its crates are those of all tests, and a crate that does not compile is
    // compiled once a round.
    let program = ["build", "--workspace", "--bin", "simc"];
    let tests = ["test", "--workspace", "--no-run", "--lib", "--test", "suite", "--test", "sema"];
    for arguments in [program.as_slice(), &tests] {
        let mut rounds = 0;
        loop {
            let places = plan.write(&workspace.copy, dropped)?;
            let output = cargo(workspace, arguments)?;
            if output.errors.is_empty() && output.success {
                if arguments[0] == "test" {
                    return Ok(output.executables);
                }
                break;
            }
            let before = dropped.len();
            for error in &output.errors {
                dropped.extend(blamed(error, &places));
            }
            say(format!("{} errors, {} mutations dropped so far", output.errors.len(), dropped.len()));
            rounds += 1;
            if dropped.len() == before || rounds > MAX_ROUNDS {
                let first: Vec<&str> = output.errors.iter().take(3).map(|error| error.rendered.as_str()).collect();
                return Err(format!("the copy does not compile:\n{}{}", first.join("\n"), output.stderr));
            }
        }
    }
    Err("no test programs".to_owned())
}

/// An error of the compiler.
struct CompileError {
    /// Files and bytes at which it points.
    spans: Vec<(String, Range<usize>)>,
    rendered: String,
}

struct Output {
    success: bool,
    errors: Vec<CompileError>,
    executables: Vec<Executable>,
    stderr: String,
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<Output, String> {
    let mut words = workspace.wrapper.iter().map(String::as_str).chain(["cargo"]);
    let output = Command::new(words.next().unwrap_or("cargo"))
        .args(words)
        .args(arguments)
        .args(["--message-format=json", "--locked"])
        .current_dir(&workspace.copy)
        .env("CARGO_TARGET_DIR", &workspace.target)
        .env("CARGO_INCREMENTAL", "0")
        // Tests run many times for each compilation.
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    let mut found = Output {
        success: output.status.success(),
        errors: Vec::new(),
        executables: Vec::new(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    };
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        match message["reason"].as_str() {
            Some("compiler-message") => found.errors.extend(compile_error(&message["message"])),
            Some("compiler-artifact") => found.executables.extend(executable(&message)),
            _ => {}
        }
    }
    Ok(found)
}

/// A test program, if that is what was built.
fn executable(message: &Value) -> Option<Executable> {
    if message["profile"]["test"] != true {
        return None;
    }
    let manifest = Path::new(message["manifest_path"].as_str()?);
    let folder = manifest.parent()?.to_owned();
    Some(Executable {
        package: folder.file_name()?.to_string_lossy().into_owned(),
        name: message["target"]["name"].as_str()?.to_owned(),
        path: message["executable"].as_str()?.into(),
        folder,
    })
}

fn compile_error(message: &Value) -> Option<CompileError> {
    if message["level"] != "error" {
        return None;
    }
    let mut spans = Vec::new();
    let all = message["spans"].as_array().into_iter().flatten();
    for span in all.filter(|span| span["is_primary"] == true) {
        // Where a macro is to blame, the place of its call is.
        let mut span = span;
        loop {
            if let Some(place) = place(span) {
                spans.push(place);
            }
            span = &span["expansion"]["span"];
            if span.is_null() {
                break;
            }
        }
    }
    if spans.is_empty() {
        return None;
    }
    Some(CompileError { spans, rendered: message["rendered"].as_str().unwrap_or_default().to_owned() })
}

fn place(span: &Value) -> Option<(String, Range<usize>)> {
    let byte = |key: &str| usize::try_from(span[key].as_u64()?).ok();
    Some((span["file_name"].as_str()?.to_owned(), byte("byte_start")?..byte("byte_end")?))
}

/// The mutations that an error is about: the one within whose own text it lies, else those of the
/// sites within the error's span, else those of the innermost site around it.
fn blamed(error: &CompileError, places: &BTreeMap<String, Vec<Place>>) -> BTreeSet<u32> {
    let mut numbers = BTreeSet::new();
    for (file, span) in &error.spans {
        let Some(places) = places.get(file) else { continue };
        let around = |place: &&Place| place.range.start <= span.start && span.end <= place.range.end;
        let own = places.iter().filter(|place| place.is_alternative).filter(around);
        let within = places.iter().filter(|place| span.start <= place.range.start && place.range.end <= span.end);
        if let Some(place) = own.min_by_key(|place| place.range.len()) {
            numbers.extend(&place.numbers);
            continue;
        }
        let inner: BTreeSet<u32> = within.flat_map(|place| place.numbers.iter().copied()).collect();
        if inner.is_empty() {
            let site = places.iter().filter(around).min_by_key(|place| place.range.len());
            numbers.extend(site.into_iter().flat_map(|place| &place.numbers));
        } else {
            numbers.extend(inner);
        }
    }
    numbers
}
