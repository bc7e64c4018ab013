//! A folder of its own for each test, and the program run in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder that lives as long as the test.
pub(crate) struct Sandbox(TempDir);

/// What a command left.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    /// A folder with one model, `model.xmile`, of these variables, from 0 to 4 by 1.
    pub(crate) fn with_model(variables: &str) -> Self {
        let sandbox = Self::new();
        sandbox.write("model.xmile", xmile("<start>0</start><stop>4</stop><dt>1</dt>", variables));
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("the folder can be written to");
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Names of all files, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("the folder is there");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_simc"));
        command.current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    /// Runs `simc` with these arguments, split at spaces.
    pub(crate) fn simc(&self, args: &str) -> Outcome {
        self.simc_args(&args.split(' ').collect::<Vec<_>>())
    }

    pub(crate) fn simc_args(&self, args: &[&str]) -> Outcome {
        let output = self.command().args(args).output().expect("simc can be started");
        Outcome {
            status: output.status.code().unwrap_or_else(|| panic!("simc {args:?} was killed: {}", output.status)),
            stdout: String::from_utf8(output.stdout).expect("output is text"),
            stderr: String::from_utf8(output.stderr).expect("messages are text"),
        }
    }
}

impl Outcome {
    /// The command succeeded; its standard output.
    #[track_caller]
    pub(crate) fn good(self) -> String {
        assert_eq!((self.status, self.stderr.as_str()), (0, ""), "{self:?}");
        self.stdout
    }

    /// The command failed with this status, said this, and wrote nothing else.
    #[track_caller]
    pub(crate) fn bad(self, status: i32, words: &str) -> String {
        assert!(self.status == status && self.stdout.is_empty(), "{self:?}");
        assert!(self.stderr.contains(words), "{words:?} is missing in\n{}", self.stderr);
        self.stderr
    }
}

/// A whole file around specifications and variables.
pub(crate) fn xmile(sim_specs: &str, variables: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\">\n\
         <header><vendor>t</vendor><product version=\"1\">t</product></header>\n\
         <sim_specs>{sim_specs}</sim_specs>\n<model><variables>\n{variables}\n</variables></model></xmile>\n"
    )
}

/// A stock that a settable rate fills.
pub(crate) const TANK: &str = "\
<stock name=\"Water Level\"><eqn>1</eqn><inflow>filling</inflow></stock>
<flow name=\"filling\"><eqn>Tap_Rate * 2</eqn></flow>
<aux name=\"Tap Rate\"><eqn>0.05</eqn></aux>";
