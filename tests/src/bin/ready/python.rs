//! The host for Python: its own tests, types and style, its example, and the vectors that all hosts run.
//!
//! They run in a virtual environment in the target folder, with the versions that the package's list of test
//! requirements names, installed from the ordinary registry.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::{cargo, javascript, root};

/// Tests the package. Without Python 3.10 or later it is skipped by name, but in continuous integration that is a failure.
pub(super) fn test() -> Result<(), String> {
    let Some(python) = interpreter() else { return no_interpreter("the host for Python") };
    cargo(&["build", "--workspace", "--bin", "simc", "--locked"])?;
    let host = root().join("runtime-shim/hosts/python");
    let python = environment(&python, "python", &host.join("requirements-test.txt"))?;
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let in_host = |folder: &Path, args: &[&str]| in_host(&python, "", scratch.path(), folder, args);
    let cache = scratch.path().join("mypy").to_string_lossy().into_owned();
    in_host(&host, &["-m", "ruff", "check", "--no-cache"])?;
    in_host(&host, &["-m", "ruff", "format", "--check", "--no-cache"])?;
    in_host(&host, &["-m", "mypy", "--cache-dir", &cache])?;
    in_host(&host, &["-m", "pytest", "-q", "-p", "no:cacheprovider"])?;
    in_host(scratch.path(), &[&host.join("examples/epidemic.py").to_string_lossy()])?;
    let artifacts = javascript::artifacts()?;
    in_host(&host, &["tests/vectors.py", &artifacts.to_string_lossy()])
}

/// Batches on Dask and on Ray, the tools that vary parameters, and the examples with their pictures.
pub(super) fn test_ensembles() -> Result<(), String> {
    let Some(python) = interpreter() else { return no_interpreter("ensembles") };
    cargo(&["build", "--workspace", "--bin", "simc", "--locked"])?;
    let host = root().join("runtime-shim/hosts/python");
    let list = host.join("requirements-ensembles.txt");
    let Some(python) = environment_for("ensembles", &python, "python-ensembles", &list)? else { return Ok(()) };
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let in_host = |folder: &Path, args: &[&str]| in_host(&python, "1", scratch.path(), folder, args);
    in_host(&host, &["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_engines.py"])?;
    for example in ["calibrate", "sensitivity", "search", "explore", "clusters"] {
        let path = host.join("examples").join(format!("{example}.py"));
        in_host(scratch.path(), &[&path.to_string_lossy()])?;
    }
    Ok(())
}

/// Runs Python with the package of the sources; what it leaves is in the scratch folder. `engines` says whether Dask, Ray and the
/// others have to be there.
fn in_host(python: &Path, engines: &str, scratch: &Path, folder: &Path, args: &[&str]) -> Result<(), String> {
    let mut command = Command::new(python);
    command.args(args).current_dir(folder);
    // Nothing is left in the project's folders, and nothing of the user's is used.
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONPATH", root().join("runtime-shim/hosts/python/src"));
    command.env("SIMC", javascript::programs().join(format!("simc{}", env::consts::EXE_SUFFIX)));
    command.env("SIMC_CACHE_DIR", scratch.join("cache")).env("SIMC_ENGINES", engines);
    command.env("MPLCONFIGDIR", scratch.join("matplotlib")).env("RAY_AUTH_MODE", "disabled");
    finish(&mut command)
}

/// Without an interpreter a step is skipped by name, but in continuous integration that is a failure.
pub(super) fn no_interpreter(what: &str) -> Result<(), String> {
    if env::var_os("CI").is_some_and(|value| value == "true") {
        return Err("python3 (3.10 or later) is missing".to_owned());
    }
    println!("skipped: {what}: there is no python3 (3.10 or later)");
    Ok(())
}

/// The `python3` of the path, when it is new enough.
pub(super) fn interpreter() -> Option<PathBuf> {
    const PROBE: &str = "import sys, venv; assert sys.version_info >= (3, 10); print(sys.executable)";
    let output = Command::new("python3").args(["-c", PROBE]).output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !path.trim().is_empty()).then(|| PathBuf::from(path.trim()))
}

/// Runs a command where it says.
fn finish(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program}: {status}")),
        Err(error) => Err(format!("{program}: {error}")),
    }
}

/// An [`environment`] for a step that is skipped by name where its packages cannot be installed, but not in continuous integration.
pub(super) fn environment_for(what: &str, python: &Path, name: &str, list: &Path) -> Result<Option<PathBuf>, String> {
    match environment(python, name, list) {
        Ok(program) => Ok(Some(program)),
        Err(error) if env::var_os("CI").is_some_and(|value| value == "true") => Err(error),
        Err(error) => {
            println!("skipped: {what}: pip cannot install {}: {error}", list.display());
            Ok(None)
        }
    }
}

/// The interpreter of an environment that has what a list of requirements names; made once for each content of the list.
fn environment(python: &Path, name: &str, list: &Path) -> Result<PathBuf, String> {
    let wanted = fs::read_to_string(list).map_err(|error| format!("{}: {error}", list.display()))?;
    let programs = javascript::programs();
    let folder = programs.parent().ok_or("this program has no folder")?.join(name);
    let program = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|it| it == wanted) && program.is_file() {
        return Ok(program);
    }
    finish(Command::new(python).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    finish(Command::new(&program).args(install).arg(list))?;
    fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))?;
    Ok(program)
}
