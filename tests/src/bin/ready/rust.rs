//! The host for Rust: its example, and the vectors in both engines. Its own tests are among those of the workspace.

use std::process::Command;

use super::javascript::{artifacts, programs};
use super::{cargo, run};

/// Plays the vectors.
pub(super) fn test() -> Result<(), String> {
    cargo(&["run", "--quiet", "--package", "simc-host", "--example", "epidemic", "--locked"])?;
    cargo(&["check", "--quiet", "--package", "simc-host", "--no-default-features", "--locked"])?;
    cargo(&["build", "--workspace", "--bin", "vectors_rust", "--locked"])?;
    let artifacts = artifacts()?;
    for engine in ["wasmi", "wasmtime"] {
        println!("{engine}");
        run(Command::new(programs().join("vectors_rust")).arg(engine).arg(&artifacts))?;
    }
    Ok(())
}
