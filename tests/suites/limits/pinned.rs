//! Limits, tolerances and budgets are as committed: whoever changes one sees it in the diff, beside what it is for.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use libtest_mimic::Trial;

use crate::filetests::bless_or_compare;
use crate::trial;

/// Words that begin the name of a constant that bounds something.
const BOUNDS: [&str; 21] = [
    "MAX",
    "MIN",
    "MOST",
    "LIMIT",
    "LEAST",
    "TOLERANCE",
    "LONGEST",
    "BUDGET",
    "DEPTH",
    "SIZE",
    "NESTING",
    "NODE",
    "ATTRIBUTE",
    "NAMESPACE",
    "QUOTED",
    "STACK",
    "ADDRESSABLE",
    "STEP",
    "EVEN",
    "TIME",
    "DEFAULT",
];

pub(super) fn trials() -> Vec<Trial> {
    vec![trial("limits::are_as_committed", are_as_committed)]
}

fn are_as_committed() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["compiler", "runtime-shim"] {
        add_sources(&root.join(folder), &mut files)?;
    }
    let mut lines: Vec<String> = Vec::new();
    for (path, text) in &files {
        let shown = path.strip_prefix(&root).map_err(|error| error.to_string())?.display().to_string();
        lines.extend(text.lines().filter_map(limit).map(|limit| format!("{}: {limit}", shown.replace('\\', "/"))));
    }
    lines.sort();
    let mut got = String::from("# Every number that bounds something. `just bless` rewrites it.\n");
    lines.iter().for_each(|line| _ = writeln!(got, "{line}"));
    bless_or_compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("limits.expect"), &got)
}

/// The sources below a folder but for tests, with their texts.
fn add_sources(folder: &Path, files: &mut Vec<(std::path::PathBuf, String)>) -> Result<(), String> {
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
            let path = entry.map_err(|error| error.to_string())?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !["tests", "benches", "target"].contains(&name.as_str()) {
                open.push(path);
            } else if name.ends_with(".rs") && name != "tests.rs" {
                let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                files.push((path, text));
            }
        }
    }
    Ok(())
}

/// `NAME = VALUE` of a line that declares a constant which bounds something.
fn limit(line: &str) -> Option<String> {
    let (_, declared) = line.trim().strip_suffix(';')?.split_once("const ")?;
    let (name, rest) = declared.split_once(": ")?;
    let (_, value) = rest.split_once(" = ")?;
    let is_number = value.starts_with(|c: char| c.is_ascii_digit() || c == '[');
    let is_name = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let is_bound = name.split('_').any(|word| BOUNDS.contains(&word));
    (is_number && is_name && is_bound).then(|| format!("{name} = {value}"))
}
