//! The program in a folder of its own, watched: how long it takes, how much memory it has at most, what it leaves after.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::corpus::simc_binary;

/// Far more than any of it computes in a debug build, and far less than a hang.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// How much longer it may take when others keep the machine busy.
const PATIENCE: u32 = 10;

/// Kibibytes that the program may have in memory at any time.
const MEMORY_LIMIT: u64 = 1 << 20;

/// Bytes of messages that a person could still scroll through, for what is wrong in one place.
const MESSAGE_LIMIT: usize = 20_000;

/// A folder for one test.
pub(super) struct Sandbox {
    folder: TempDir,
    /// Where the program's own outputs go, so that they are not among what it leaves.
    outputs: TempDir,
    /// Kibibytes that the program may have in memory at any time.
    memory_limit: u64,
}

/// How a command ended.
pub(super) struct Outcome {
    pub(super) command: String,
    pub(super) status: Option<i32>,
    pub(super) stderr: String,
    /// Files that were not there before.
    pub(super) left: Vec<String>,
}

impl Sandbox {
    pub(super) fn new() -> Result<Self, String> {
        let folder = || tempfile::tempdir().map_err(|error| error.to_string());
        Ok(Self { folder: folder()?, outputs: folder()?, memory_limit: MEMORY_LIMIT })
    }

    /// A folder in which the program may have less memory, in mebibytes.
    pub(super) fn with_memory(mebibytes: u64) -> Result<Self, String> {
        Ok(Self { memory_limit: mebibytes << 10, ..Self::new()? })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, content: &[u8]) -> Result<(), String> {
        fs::write(self.path(name), content).map_err(|error| error.to_string())
    }

    /// Runs `simc` with these arguments.
    ///
    /// # Errors
    /// When it takes longer than it may, needs more memory than it may, panics or is killed.
    pub(super) fn simc(&self, arguments: &[&str]) -> Result<Outcome, String> {
        let command = format!("simc {}", arguments.join(" "));
        let fault = |what: &dyn std::fmt::Display| format!("`{command}`: {what}");
        let before = self.list()?;
        let [stdout, stderr] = ["stdout", "stderr"].map(|name| self.outputs.path().join(name));
        let create = |path: &Path| File::create(path).map_err(|error| fault(&error));
        let child = Command::new(simc_binary()?)
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(create(&stdout)?)
            .stderr(create(&stderr)?)
            .spawn()
            .map_err(|error| fault(&error))?;
        let status = watch(child, self.memory_limit).map_err(|what| fault(&what))?;
        let stderr = fs::read_to_string(&stderr).map_err(|error| fault(&error))?;
        if stderr.contains("panicked") || stderr.contains("internal compiler error") || status.code() == Some(101) {
            return Err(fault(&stderr));
        }
        let left = self.list()?.difference(&before).cloned().collect();
        Ok(Outcome { command, status: status.code(), stderr, left })
    }

    fn list(&self) -> Result<BTreeSet<String>, String> {
        let entries = fs::read_dir(self.folder.path()).map_err(|error| error.to_string())?;
        entries
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())
    }
}

impl Outcome {
    /// The input was refused in these words, and nothing was written.
    pub(super) fn is_refused(&self, status: i32, words: &str) -> Result<(), String> {
        let Self { command, stderr, left, .. } = self;
        let short: String = stderr.chars().take(2000).collect();
        if self.status != Some(status) {
            return Err(format!("`{command}` ended with {:?}, not {status}: {short}", self.status));
        }
        if !stderr.contains(words) {
            return Err(format!("`{command}` does not say `{words}`: {short}"));
        }
        if stderr.len() > MESSAGE_LIMIT {
            return Err(format!("`{command}` says {} bytes: {short}", stderr.len()));
        }
        if left.is_empty() { Ok(()) } else { Err(format!("`{command}` left {left:?}")) }
    }

    /// The input was large and right.
    pub(super) fn is_accepted(&self) -> Result<(), String> {
        if self.status == Some(0) { Ok(()) } else { Err(format!("`{}`: {}", self.command, self.stderr)) }
    }
}

/// Waits for the end, and ends what goes beyond the limits.
fn watch(mut child: Child, memory_limit: u64) -> Result<ExitStatus, String> {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(status);
        }
        let memory = peak_memory(child.id());
        let fault = if memory > memory_limit {
            format!("took {} MiB", memory >> 10)
        } else if busy_time(child.id()).unwrap_or(begin.elapsed()) > TIME_LIMIT
            || begin.elapsed() > TIME_LIMIT * PATIENCE
        {
            format!("did not end in {TIME_LIMIT:?}")
        } else {
            sleep(Duration::from_millis(2));
            continue;
        };
        child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
        return Err(fault);
    }
}

/// How long a process has computed; none where the system does not tell. Linux counts in hundredths of a second.
fn busy_time(process: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field, a name in parentheses, may hold anything; the times are the twelfth and thirteenth after it.
    let times = stat.rsplit_once(')')?.1.split_whitespace().skip(11).take(2);
    let ticks: u64 = times.filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(10 * ticks))
}

/// Kibibytes that a process has had in memory at most; 0 where the system does not tell.
fn peak_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}
