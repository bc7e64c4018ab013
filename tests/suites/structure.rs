//! The project keeps its rules: which crate depends on which, which file on which, and what the top level holds.

mod cycles;
mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};
use libtest_mimic::Trial;

use crate::trial;

mod layers;

/// What each crate may depend on. `docs/architecture.md` has the same table for people.
pub(crate) const CRATES: &[(&str, &[&str])] = &[
    ("kernel", &["libm"]),
    ("simc-data", &["calamine", "cfb", "csv", "roxmltree", "zip"]),
    ("simc-runs", &["csv", "encoding_rs", "simc-data"]),
    ("simc-model", &["kernel", "simc-data", "strsim"]),
    ("simc-xmile", &["roxmltree", "simc-data", "simc-model"]),
    ("simc-vensim", &["encoding_rs", "kernel", "simc-data", "simc-model", "simc-runs"]),
    ("simc-oracle", &["kernel", "simc-model"]),
    ("simc-ir", &["cranelift-entity", "kernel"]),
    ("simc-midend", &["cranelift-entity", "kernel", "simc-model", "simc-ir"]),
    ("simc-artifact", &["kernel", "sha2", "wasmparser"]),
    (
        "simc-native",
        &["cranelift-codegen", "cranelift-frontend", "object", "simc-artifact", "target-lexicon", "wasmparser"],
    ),
    (
        "simc-wasm",
        &[
            "cranelift-entity",
            "kernel",
            "simc-artifact",
            "simc-ir",
            "simc-midend",
            "tempfile",
            "walrus",
            "wasm-encoder",
            "wasm-opt",
            "wasmparser",
        ],
    ),
    (
        "simc-driver",
        &[
            "annotate-snippets",
            "serde_json",
            "sha2",
            "simc-artifact",
            "simc-data",
            "simc-ir",
            "simc-midend",
            "simc-model",
            "simc-vensim",
            "simc-wasm",
            "simc-xmile",
        ],
    ),
    ("simc-build", &["simc-driver", "simc-midend", "simc-model"]),
    ("simc-host", &["sha2", "simc-artifact", "wasmi", "wasmtime"]),
    ("simc-web", &["serde_json", "simc-driver", "simc-midend", "simc-model"]),
];

pub(crate) fn trials() -> Vec<Trial> {
    let own = [
        trial("structure::crates_depend_only_on_what_the_table_allows", dependencies),
        trial("structure::the_top_level_holds_the_usual_files_alone", top_level),
        trial("structure::no_source_file_is_too_long", lengths),
        trial("structure::layers::imports_run_downwards", layers::imports_run_downwards),
        trial("structure::layers::the_check_sees_imports", layers::the_check_sees_imports),
    ];
    own.into_iter().chain(cycles::trials()).collect()
}

/// Lines that a source file may have: a file is one idea.
const MAX_LINES: usize = 600;

/// No source file of the project is longer than [`MAX_LINES`].
fn lengths() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the package lies in the project")?;
    let mut pending: Vec<PathBuf> = ["compiler", "runtime-shim", "tests"].map(|folder| root.join(folder)).into();
    let mut faults = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let inner = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
            pending.extend(inner.filter(|path| path.file_name().is_none_or(|name| name != "target")));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let n = text.lines().count();
            if n > MAX_LINES {
                faults.push(format!("{} has {n} lines, of at most {MAX_LINES}", path.display()));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn dependencies() -> Result<(), String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let metadata =
        MetadataCommand::new().manifest_path(manifest).no_deps().exec().map_err(|error| error.to_string())?;
    let found: BTreeMap<&str, BTreeSet<&str>> = metadata
        .packages
        .iter()
        .map(|package| {
            let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
            (package.name.as_str(), normal.map(|dependency| dependency.name.as_str()).collect())
        })
        .collect();
    let mut faults = Vec::new();
    for (crate_name, allowed) in CRATES {
        let has = found.get(crate_name).ok_or(format!("there is no package {crate_name}"))?;
        for dependency in has.iter().filter(|dependency| !allowed.contains(dependency)) {
            faults.push(format!("{crate_name} must not depend on {dependency}"));
        }
    }
    // The command line and the tests may depend on everything.
    let is_listed = |name: &str| CRATES.iter().any(|(known, _)| *known == name) || ["simc", "tests"].contains(&name);
    faults.extend(found.keys().filter(|name| !is_listed(name)).map(|name| format!("{name} is not in the table")));
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn top_level() -> Result<(), String> {
    const ALLOWED: &[&str] = &[
        ".cargo",
        ".ci",
        ".git",
        ".github",
        ".gitignore",
        ".pre-commit-hooks.yaml",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "compiler",
        "docs",
        "justfile",
        "runtime-shim",
        "rustfmt.toml",
        "target",
        "tests",
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("tests has a parent")?;
    let entries = fs::read_dir(root).map_err(|error| error.to_string())?;
    let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    let names = names.collect::<Result<BTreeSet<_>, _>>().map_err(|error| error.to_string())?;
    let extra: Vec<&String> = names.iter().filter(|name| !ALLOWED.contains(&name.as_str())).collect();
    if extra.is_empty() { Ok(()) } else { Err(format!("unexpected at the top level: {extra:?}")) }
}
