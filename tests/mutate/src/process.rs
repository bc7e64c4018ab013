//! Runs a test program, within limits of time and memory.
//!
//! Time is that of the processor, so that figures do not depend on what else the machine does.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Data that a process may have, in kilobytes: a mutant that never stops growing must not take the
/// machine's memory.
const MAX_DATA: u64 = 3_000_000;

/// How much longer than on an idle machine a run may take, for those that wait without end.
const PATIENCE: u32 = 10;

/// What a shell says of a process that its limit of time has ended: 128 and `SIGXCPU`.
const OUT_OF_TIME: i32 = 128 + 24;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With status 0.
    Well,
    /// With another one, or by a signal.
    Badly,
    /// It was ended at the limit.
    TimedOut,
}

/// A finished run.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    /// How it ended.
    pub(crate) ended: Ended,
    /// What it wrote to standard output.
    pub(crate) stdout: String,
    /// The processor's time that it and what it started took.
    pub(crate) time: Duration,
}

/// Runs a program in a folder; no process may take more of the processor than `limit`. Its output
/// goes by way of files in `scratch`, which belongs to this run alone.
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
        .arg(format!(
            "ulimit -c 0; ulimit -d {MAX_DATA} 2>/dev/null; ulimit -S -t {}; \"$0\" \"$@\"; ended=$?; times; exit $ended",
            limit.as_secs().max(1)
        ))
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
    let ended = wait(&mut child, begin, limit * PATIENCE).map_err(fault)?;
    let stdout = fs::read(&path).map_err(fault)?;
    let stdout = String::from_utf8_lossy(&stdout).into_owned();
    let time = stdout.lines().next_back().and_then(times).unwrap_or_else(|| begin.elapsed());
    Ok(Finished { ended, stdout, time })
}

/// The sum of the two times on the last line that the shell's `times` writes, as `0m1.250s 0m0.5s`:
/// those of the processes it started, for themselves and in the system.
fn times(line: &str) -> Option<Duration> {
    let seconds = |word: &str| {
        let (minutes, seconds) = word.strip_suffix('s')?.split_once('m')?;
        Some(60.0 * minutes.parse::<f64>().ok()? + seconds.parse::<f64>().ok()?)
    };
    let (own, system) = line.split_once(' ')?;
    Duration::try_from_secs_f64(seconds(own)? + seconds(system)?).ok()
}

fn wait(child: &mut Child, begin: Instant, limit: Duration) -> std::io::Result<Ended> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(match status.code() {
                Some(0) => Ended::Well,
                Some(OUT_OF_TIME) => Ended::TimedOut,
                _ => Ended::Badly,
            });
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

#[cfg(test)]
mod tests {
    use std::env::temp_dir;
    use std::fs;
    use std::time::Duration;

    use super::{Ended, run, times};

    #[test]
    fn times_are_those_of_the_processor() {
        assert_eq!(times("1m0.250s 0m0.500s"), Some(Duration::from_millis(60_750)));
        assert_eq!(times("test result: ok"), None);
        let scratch = temp_dir().join("mutate_times");
        fs::create_dir_all(&scratch).expect("a folder");
        let ended = |script: &str, limit| {
            let arguments = ["-c".to_owned(), script.to_owned()];
            run("/bin/sh".as_ref(), &arguments, &scratch, &[], Duration::from_secs(limit), &scratch).expect("a shell")
        };
        assert!(ended("sleep 0.3", 5).time < Duration::from_millis(200));
        assert_eq!(ended("exit 3", 5).ended, Ended::Badly);
        assert_eq!(ended("while :; do :; done", 1).ended, Ended::TimedOut);
    }
}
