//! Runs a test program, within limits of time and memory.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Data that a process may have, in kilobytes: a mutant that never stops growing must not take the machine's memory.
const MAX_DATA: u64 = 3_000_000;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With status 0.
    Well,
    /// With another one, or by a signal.
    Badly,
    /// It was killed at the limit.
    TimedOut,
}

/// A finished run.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    /// How it ended.
    pub(crate) ended: Ended,
    /// What it wrote to standard output.
    pub(crate) stdout: String,
    /// How long it took.
    pub(crate) time: Duration,
}

/// Runs a program in a folder. Its output goes by way of files in `scratch`, which belongs to this run alone.
///
/// # Errors
/// The program cannot be started, or files cannot be made.
pub(crate) fn run(
    program: &Path,
    arguments: &[String],
    folder: &Path,
    variables: &[(String, String)],
    limit: Duration,
    scratch: &Path,
) -> Result<Finished, String> {
    let fault = |error: std::io::Error| format!("{}: {error}", program.display());
    let path = scratch.join("stdout");
    let stdout = File::create(&path).map_err(fault)?;
    let begin = Instant::now();
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -d {MAX_DATA} 2>/dev/null; exec \"$0\" \"$@\""))
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(fault)?;
    let ended = wait(&mut child, begin, limit).map_err(fault)?;
    let stdout = fs::read(&path).map_err(fault)?;
    Ok(Finished { ended, stdout: String::from_utf8_lossy(&stdout).into_owned(), time: begin.elapsed() })
}

fn wait(child: &mut Child, begin: Instant, limit: Duration) -> std::io::Result<Ended> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(if status.success() { Ended::Well } else { Ended::Badly });
        }
        if begin.elapsed() > limit {
            // The whole group: tests start programs of their own.
            Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]).status()?;
            child.wait()?;
            return Ok(Ended::TimedOut);
        }
        sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}
