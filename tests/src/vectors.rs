//! Calls that every host makes alike, and what they give: `tests/vectors/*.json`, made with the oracle.
//!
//! A file holds sequences of calls through the public interface of the hosts, by name. Each call says what it gives or the code of
//! the error that it is refused with. `docs/testing.md` describes the format. The artifacts are not committed: the generator writes
//! them beside a list of their digests, so that a better optimiser changes no vector.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use call::Sequence;

mod call;
mod described;
mod forged;
mod life;
mod models;
mod names;
mod player;
mod values;

/// A file of vectors.
pub struct Vectors {
    /// What the file is called, without its extension.
    pub name: &'static str,
    /// What it tests.
    pub about: &'static str,
    sequences: Vec<Sequence>,
}

/// Artifacts by the names of their files.
pub type Artifacts = BTreeMap<String, Vec<u8>>;

impl Vectors {
    /// The committed text: a line for each call.
    pub fn text(&self) -> String {
        let about = Value::from(self.about);
        let sequences: Vec<String> = self.sequences.iter().map(Sequence::text).collect();
        format!("{{\"about\": {about},\n\"sequences\": [\n{}\n]}}\n", sequences.join(",\n"))
    }

    /// Where the text is committed.
    pub fn path(&self) -> PathBuf {
        folder().join(self.name).with_extension("json")
    }

    /// How many sequences there are.
    pub fn len(&self) -> usize {
        self.sequences.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sequences.is_empty()
    }
}

/// The folder of the files.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// All files, and the artifacts that their calls load.
///
/// # Errors
/// When a model cannot be compiled, or a call gives what its author did not expect.
pub fn all() -> Result<(Vec<Vectors>, Artifacts), String> {
    let mut artifacts = Artifacts::new();
    let files = vec![
        Vectors {
            name: "models",
            about: "every model of tests/models in two scenarios",
            sequences: models::sequences(&mut artifacts)?,
        },
        Vectors {
            name: "names",
            about: "spellings, quotes, modules, subscripts, suggestions",
            sequences: names::sequences(&mut artifacts)?,
        },
        Vectors {
            name: "values",
            about: "forms of parameters, what can be set and what not, tables, seeds, batches",
            sequences: values::sequences(&mut artifacts)?,
        },
        Vectors {
            name: "life",
            about: "the life of an instance, targets, events, conveyors and queues that fail",
            sequences: life::sequences(&mut artifacts)?,
        },
        Vectors {
            name: "description",
            about: "links, controls, and initial values of stocks where a host may set them",
            sequences: described::sequences(&mut artifacts)?,
        },
        Vectors {
            name: "artifacts",
            about: "artifacts that are large, unknown in part, cut short or forged",
            sequences: forged::sequences(&mut artifacts)?,
        },
    ];
    Ok((files, artifacts))
}

/// Digests of artifacts, as the runners read them: one JSON object.
pub fn manifest(artifacts: &Artifacts) -> String {
    let digests: serde_json::Map<String, Value> =
        artifacts.iter().map(|(name, bytes)| (name.clone(), hex(&Sha256::digest(bytes)).into())).collect();
    format!("{:#}\n", Value::from(digests))
}

/// Bytes as hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
