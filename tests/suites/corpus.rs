//! Published models: what becomes of each is written down in `corpus.expect`, and engines agree on all that compile.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use libtest_mimic::Trial;
use serde_json::Value;
use tests::compare::{V8, engines_agree};
use tests::corpus::{Case, cases, may_be_missing, shared};
use tests::engine::Op;
use tests::subject::{LEVELS, Subject};

use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    let Some(shared) = shared() else {
        let ignored = may_be_missing().is_ok();
        return vec![trial("corpus::is_here", may_be_missing).with_ignored_flag(ignored)];
    };
    let all: Vec<Case> = cases(&shared);
    let scored = shared.clone();
    let mut trials = vec![trial("corpus::score_is_as_written_down", move || score(&scored))];
    for case in all {
        trials.push(trial(format!("corpus::engines::{}", case.id), move || engines(&case)));
    }
    trials
}

/// Runs the scorer and compares what it says of every case with the committed list.
fn score(shared: &Path) -> Result<(), String> {
    let simc = simc_binary()?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let report = folder.path().join("score.json");
    let output = Command::new("python3")
        .arg(shared.join("tools/score.py"))
        .arg("--corpus")
        .arg(shared.join("corpus"))
        .arg("--simc")
        .arg(format!("{} run {{model}} {{data}} -o {{out}}", simc.display()))
        .arg("--json")
        .arg(&report)
        .args(["--jobs", "2", "--quiet"])
        .output()
        .map_err(|error| format!("python3: {error}"))?;
    let text = std::fs::read_to_string(&report)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    let report: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut got = String::from("# What becomes of each case of the corpus. `just bless` rewrites it.\n");
    for case in report["cases"].as_array().ok_or("no cases in the report")? {
        let id = case["id"].as_str().ok_or("a case without id")?;
        writeln!(got, "{id}  {}", outcome(case)).map_err(|error| error.to_string())?;
    }
    crate::filetests::bless_or_compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus.expect"), &got)
}

/// `pass`, or the status with the diagnostic's code, which does not change with the machine.
fn outcome(case: &Value) -> String {
    let status = case["status"].as_str().unwrap_or("?");
    let detail = case["detail"].as_str().unwrap_or("");
    let code = detail.find("error[E").and_then(|at| detail.get(at + 6..at + 11));
    match (status, code) {
        ("pass", _) => "pass".to_owned(),
        ("compile-error", Some(code)) => format!("refused {code}"),
        (other, _) => format!("{other}: {detail}"),
    }
}

/// The `simc` binary that `SIMC_BINARY` names, else the one beside this test, built once on demand.
pub(crate) fn simc_binary() -> Result<PathBuf, String> {
    static BINARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let given = || std::env::var_os("SIMC_BINARY").map(|path| Ok(PathBuf::from(path)));
    BINARY.get_or_init(|| given().unwrap_or_else(build_simc)).clone()
}

fn build_simc() -> Result<PathBuf, String> {
    let status = Command::new(env!("CARGO"))
        // With the features of the whole workspace, as the tests were built: nothing else is compiled again.
        .args(["build", "--quiet", "--workspace", "--bin", "simc"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .map_err(|error| error.to_string())?;
    if !status.success() {
        return Err("`cargo build --bin simc` failed".to_owned());
    }
    let test = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = test.ancestors().nth(2).ok_or("the test binary is not in a target folder")?;
    Ok(folder.join(format!("simc{}", std::env::consts::EXE_SUFFIX)))
}

fn engines(case: &Case) -> Result<(), String> {
    for level in LEVELS {
        // What is refused is written down by the scorer's test; here it only has to be refused in words.
        let subject = match Subject::from_file(&case.model, level) {
            Ok(subject) => subject,
            Err(words) if words.contains("error[E") => return Ok(()),
            Err(words) => return Err(words),
        };
        let middle = (subject.model.time.start + subject.model.time.stop) / 2.0;
        let ops = [Op::RunTo(middle), Op::RunTo(f64::INFINITY), Op::Run];
        engines_agree(&subject, &ops, V8::With).map_err(|difference| format!("at {level:?}: {difference}"))?;
    }
    Ok(())
}
