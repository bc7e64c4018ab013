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

/// The folder, or `None` when the variable is not set or empty, or names a folder without a corpus.
pub fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("SIMC_SHARED").map(PathBuf::from);
    folder.filter(|folder| folder.join("corpus/manifest.jsonl").is_file())
}

/// Whether it is all right that there is no corpus: not if the variable names a folder that should hold one, nor in continuous
/// integration (`CI=true`), unless an empty variable says that there is none.
///
/// # Errors
/// Why it is not.
pub fn may_be_missing() -> Result<(), String> {
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    match std::env::var_os("SIMC_SHARED") {
        Some(folder) if folder.is_empty() => Ok(()),
        Some(folder) => Err(format!("SIMC_SHARED: there is no {}/corpus/manifest.jsonl", folder.display())),
        None if in_ci => Err("CI=true, and SIMC_SHARED does not name the folder with the corpus; \
                              an empty SIMC_SHARED says that there is none"
            .to_owned()),
        None => Ok(()),
    }
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
