//! `simc watch`: the page of a model that is being worked on, compiled again whenever a file of it changes.
//!
//! The model is compiled by a process of its own, so that whatever happens there ends that compilation alone.

mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use std::{env, fs, thread};

use clap::Args;
use serde_json::Value;
use simc::page;

use super::failure::{Failure, tell};
use super::output;
use server::Server;

/// How often the files are looked at.
const PERIOD: Duration = Duration::from_millis(250);

/// Serve the page of a model on this machine, and compile it again whenever a file of it is saved
///
/// The page keeps what its reader has changed, and shows the errors of a model that does not compile. It ends with the process.
#[derive(Debug, Args)]
pub(super) struct Opts {
    /// The model: an XMILE or Vensim file
    model: PathBuf,
    /// The port on which this machine alone can reach the page; 0 takes one that is free
    #[arg(long, value_name = "PORT", default_value_t = 8321)]
    port: u16,
    /// Options of `simc build`
    #[arg(last = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

/// What the page shows.
#[derive(Clone, Debug)]
struct Shown {
    version: u64,
    html: Arc<String>,
}

/// A compilation: what to show, and the files that it has read.
struct Outcome {
    html: String,
    is_built: bool,
    files: Vec<PathBuf>,
}

impl Opts {
    pub(super) fn run(&self) -> Result<(), Failure> {
        fs::metadata(&self.model).map_err(|error| Failure::io("read", &self.model, &error))?;
        let server = Server::bind(self.port)?;
        let folder = tempfile::tempdir().map_err(|error| Failure::Message(format!("no temporary folder: {error}")))?;
        let mut outcome = self.compile(folder.path(), 1)?;
        let shown = Arc::new(Mutex::new(Shown { version: 1, html: Arc::new(outcome.html) }));
        output::write_stdout(|out| writeln!(out, "{}", server.url()))?;
        let served = Arc::clone(&shown);
        thread::Builder::new()
            .name("server".to_owned())
            .spawn(move || server.serve(&served))
            .map_err(|error| Failure::Message(format!("cannot start a thread: {error}")))?;
        let mut version = 1;
        let mut stamps = stamps_of(&outcome.files);
        loop {
            thread::sleep(PERIOD);
            let now = stamps_of(&outcome.files);
            if now == stamps {
                continue;
            }
            version += 1;
            outcome = self.compile(folder.path(), version)?;
            // A file that has changed since it was looked at counts as changed the next time.
            stamps = stamps_of(&outcome.files);
            stamps.extend(now.into_iter().filter(|(file, _)| outcome.files.contains(file)));
            tell(format_args!(
                "{}",
                if outcome.is_built { "compiled again" } else { "not compiled: the page says why" }
            ));
            let html = Arc::new(std::mem::take(&mut outcome.html));
            *shown.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Shown { version, html };
        }
    }

    /// Compiles the model in a process of its own.
    fn compile(&self, folder: &Path, version: u64) -> Result<Outcome, Failure> {
        let title = format!("{} does not compile", self.model.file_name().unwrap_or_default().to_string_lossy());
        // What is no file might never come to an end.
        if !self.model.is_file() {
            let html = page::live_text(&title, "There is no file of this name now.", version);
            return Ok(Outcome { html, is_built: false, files: vec![self.model.clone()] });
        }
        let (wasm, list) = (folder.join("model.wasm"), folder.join("model.d"));
        let program =
            env::current_exe().map_err(|error| Failure::Message(format!("simc does not find itself: {error}")))?;
        let mut command = Command::new(program);
        command.arg("build").arg(&self.model).arg("-o").arg(&wasm).arg("--depfile").arg(&list);
        let output = command.args(["--message-format", "json"]).args(&self.options).output();
        let output = output.map_err(|error| Failure::Message(format!("simc cannot be started: {error}")))?;
        let messages: Vec<Value> = String::from_utf8_lossy(&output.stderr)
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let mut files = vec![self.model.clone()];
        if output.status.success() {
            files.extend(dependencies(&fs::read_to_string(&list).unwrap_or_default()));
            let bytes = fs::read(&wasm).map_err(|error| Failure::io("read", &wasm, &error))?;
            let html = page::live_html(&bytes, version).map_err(|error| Failure::Message(error.to_string()))?;
            return Ok(Outcome { html, is_built: true, files });
        }
        let in_messages = messages.iter().filter_map(|message| message["file"].as_str()).map(PathBuf::from);
        files.extend(in_messages.filter(|file| file.is_file()));
        let rendered: Vec<&str> = messages.iter().filter_map(|message| message["rendered"].as_str()).collect();
        let text = if rendered.is_empty() {
            String::from_utf8_lossy(&output.stderr).into_owned()
        } else {
            rendered.join("\n\n")
        };
        Ok(Outcome { html: page::live_text(&title, &text, version), is_built: false, files })
    }
}

/// Of each file, when it was changed and how large it is; nothing of one that is not there.
fn stamps_of(files: &[PathBuf]) -> BTreeMap<PathBuf, Option<(SystemTime, u64)>> {
    let stamp = |file: &PathBuf| fs::metadata(file).ok().and_then(|meta| Some((meta.modified().ok()?, meta.len())));
    files.iter().map(|file| (file.clone(), stamp(file))).collect()
}

/// The files after the colon of a rule that `simc build --depfile` has written.
fn dependencies(rule: &str) -> Vec<PathBuf> {
    let Some((_, sources)) = rule.split_once(": ") else { return Vec::new() };
    let mut files = Vec::new();
    let mut name = String::new();
    let mut chars = sources.trim_end().chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(&escaped @ (' ' | '#' | ':' | '\\'))) => {
                name.push(escaped);
                chars.next();
            }
            ('$', Some('$')) => {
                name.push('$');
                chars.next();
            }
            (' ', _) => files.push(PathBuf::from(std::mem::take(&mut name))),
            (c, _) => name.push(c),
        }
    }
    files.push(PathBuf::from(name));
    files.retain(|file| !file.as_os_str().is_empty());
    files
}

#[cfg(test)]
mod tests {
    use super::dependencies;
    use std::path::PathBuf;

    #[test]
    fn files_of_a_rule_are_found_with_their_spaces() {
        let files = dependencies("out.wasm: model.xmile my\\ data/a\\#b.csv cost$$.csv\n");
        assert_eq!(files, ["model.xmile", "my data/a#b.csv", "cost$.csv"].map(PathBuf::from));
        assert_eq!(dependencies("nonsense"), Vec::<PathBuf>::new());
    }
}
