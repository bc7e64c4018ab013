//! The corpus of published models, where there is one: the environment variable `SIMC_SHARED` names the folder that holds
//! `corpus/` and `tools/`.

use std::path::PathBuf;

use serde_json::Value;

/// One case of the corpus.
#[derive(Clone, Debug)]
pub struct Case {
    /// `suite/case#variant`.
    pub id: String,
    /// The model file.
    pub model: PathBuf,
    /// `xmile` or `mdl`.
    pub format: String,
}

/// The folder, or `None` (and a line on standard error that says so) when it is not there.
#[expect(clippy::print_stderr, reason = "whoever runs the tests is to know what does not run")]
pub fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("SIMC_SHARED").map(PathBuf::from);
    let found = folder.filter(|folder| folder.join("corpus/manifest.jsonl").is_file());
    if found.is_none() {
        eprintln!("skipped: the corpus is not here (SIMC_SHARED names no folder with corpus/manifest.jsonl)");
    }
    found
}

/// All cases of the corpus in `shared`, in the order of the manifest.
pub fn cases(shared: &std::path::Path) -> Vec<Case> {
    let corpus = shared.join("corpus");
    let manifest = std::fs::read_to_string(corpus.join("manifest.jsonl")).expect("the manifest is readable");
    let rows = manifest.lines().filter(|line| !line.trim().is_empty());
    rows.map(|line| {
        let row: Value = serde_json::from_str(line).expect("the manifest is JSON, one case a line");
        let text = |key: &str| row[key].as_str().expect("id, model and format are strings").to_owned();
        Case { id: text("id"), model: corpus.join(text("model")), format: text("format") }
    })
    .collect()
}
