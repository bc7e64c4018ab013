//! The layers of `simc-model`, and those of its `sema`: a file imports from its own layer and from lower ones, never from a higher one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers of `sema`, lowest first. `docs/architecture.md` says what each does.
const SEMA: &[&str] = &["base", "instances", "builder", "declare", "equation", "rules", "schedule", "units"];

/// What `simc-model` consists of, what imports nothing of the others first.
const MODEL: &[&str] =
    &["name", "source", "diagnostic", "files", "model", "builtin", "definition", "data", "units", "sema", "resolve"];

/// No file imports from a higher layer, and every file lies in a layer.
pub(super) fn imports_run_downwards() -> Result<(), String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/simc-model/src");
    let sema = source.join("sema");
    let mut faults = faults_in(&sema, SEMA, "crate::sema::")?;
    faults.extend(faults_in(&source, MODEL, "crate::")?);
    for path in files_in(&sema)? {
        if read(&path)?.contains("super::super::") {
            let shown = path.display();
            faults.push(format!("{shown} names what it imports by super::super; write it from crate::sema"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// What breaks the order of these layers in a folder, where the names of layers come after `root`.
fn faults_in(folder: &Path, layers: &[&str], root: &str) -> Result<Vec<String>, String> {
    let rank = |name: &str| layers.iter().position(|layer| *layer == name);
    let mut faults = Vec::new();
    for path in files_in(folder)? {
        let shown = path.strip_prefix(folder).map_err(|fault| fault.to_string())?.with_extension("");
        let first = shown.components().next().and_then(|part| part.as_os_str().to_str()).unwrap_or_default();
        if first == "lib" {
            continue;
        }
        let Some(layer) = rank(first) else {
            faults.push(format!("{} lies in no layer", shown.display()));
            continue;
        };
        for import in imports(&read(&path)?, root) {
            match rank(&import) {
                Some(imported) if imported <= layer => {}
                Some(_) => faults.push(format!("{} imports {import}, a higher layer", shown.display())),
                None => faults.push(format!("{} imports {import}, which is no layer", shown.display())),
            }
        }
    }
    Ok(faults)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|fault| format!("{}: {fault}", path.display()))
}

/// The first names after `root` in a file: those of the layers that it imports from.
fn imports(text: &str, root: &str) -> BTreeSet<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(root) {
        let rest = &code[at + root.len()..];
        match rest.strip_prefix('{') {
            None => found.extend(first_name(rest)),
            Some(group) => found.extend(heads(group)),
        }
    }
    found
}

/// The names with which the members of a group begin; `group` is the text after its opening brace.
fn heads(group: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let mut depth = 0_usize;
    let mut is_head = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => is_head = true,
            c if is_head && !c.is_whitespace() => {
                heads.extend(first_name(&group[at..]));
                is_head = false;
            }
            _ => {}
        }
    }
    heads
}

/// The name with which a text begins.
fn first_name(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// All Rust files below a folder, in a fixed order.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))? {
            let path = entry.map_err(|fault| fault.to_string())?.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The check itself sees single imports, groups and nested groups, and no comments.
pub(super) fn the_check_sees_imports() -> Result<(), String> {
    let text = "use crate::sema::base::{read, time};\nuse crate::sema::{rules::clamp,\n  units::{a, b}, equation};\n\
        // crate::sema::schedule\nfn f() { crate::sema::declare::data::g() }\n";
    let seen: Vec<String> = imports(text, "crate::sema::").into_iter().collect();
    let wanted = ["base", "declare", "equation", "rules", "units"];
    if seen == wanted { Ok(()) } else { Err(format!("seen {seen:?} instead of {wanted:?}")) }
}
