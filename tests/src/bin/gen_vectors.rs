//! Writes `tests/vectors`; with `--check`, only says which files are stale. With `--artifacts DIR` it writes the artifacts that the
//! vectors are about, and a list of their digests, into that folder.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use tests::vectors::{self, Artifacts};

const USAGE: &str = "usage: gen_vectors [--check] [--artifacts DIR]";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

fn run() -> Result<(), String> {
    let (mut is_check, mut folder) = (false, None);
    let mut args = env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--check" => is_check = true,
            "--artifacts" => folder = Some(PathBuf::from(args.next().ok_or(USAGE)?)),
            _ => return Err(USAGE.to_owned()),
        }
    }
    let (files, artifacts) = vectors::all()?;
    let mut stale = Vec::new();
    for file in &files {
        let (path, text) = (file.path(), file.text());
        if fs::read_to_string(&path).unwrap_or_default() != text {
            stale.push(path.display().to_string());
            if !is_check {
                write(&path, text.as_bytes())?;
            }
        }
    }
    if let Some(folder) = folder {
        write_artifacts(&folder, &artifacts)?;
    }
    if is_check && !stale.is_empty() { Err(format!("stale: {}", stale.join(", "))) } else { Ok(()) }
}

fn write_artifacts(folder: &Path, artifacts: &Artifacts) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, bytes) in artifacts {
        write(&folder.join(name), bytes)?;
    }
    write(&folder.join("manifest.json"), vectors::manifest(artifacts).as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

#[expect(clippy::print_stderr, reason = "a program for people")]
fn fail(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::FAILURE
}
