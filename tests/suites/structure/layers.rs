//! The layers of `simc-model::sema`: a file imports from its own layer and from lower ones, never from a higher one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first. `docs/architecture.md` says what each does.
const LAYERS: &[&str] = &["base", "instances", "builder", "declare", "equation", "rules", "schedule", "units"];

/// No file imports from a higher layer, and every file lies in a layer.
pub(super) fn imports_run_downwards() -> Result<(), String> {
    let sema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler/simc-model/src/sema");
    let mut faults = Vec::new();
    for path in files_in(&sema)? {
        let shown = path.strip_prefix(&sema).map_err(|fault| fault.to_string())?.with_extension("");
        let folder = shown.components().next().and_then(|part| part.as_os_str().to_str()).unwrap_or_default();
        let Some(layer) = rank(folder) else {
            faults.push(format!("{} lies in no layer", shown.display()));
            continue;
        };
        let text = fs::read_to_string(&path).map_err(|fault| format!("{}: {fault}", path.display()))?;
        for import in imports(&text) {
            match rank(&import) {
                Some(imported) if imported <= layer => {}
                Some(_) => faults.push(format!("{} imports {import}, a higher layer", shown.display())),
                None => faults.push(format!("{} imports {import} of sema, which is no layer", shown.display())),
            }
        }
        if text.contains("super::super::") {
            faults
                .push(format!("{} names what it imports by super::super; write it from crate::sema", shown.display()));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// The position of a layer.
fn rank(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == name)
}

/// The first names after `crate::sema::` in a file: those of the layers that it imports from.
fn imports(text: &str) -> BTreeSet<String> {
    const ROOT: &str = "crate::sema::";
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(ROOT) {
        let rest = &code[at + ROOT.len()..];
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
    let seen: Vec<String> = imports(text).into_iter().collect();
    let wanted = ["base", "declare", "equation", "rules", "units"];
    if seen == wanted { Ok(()) } else { Err(format!("seen {seen:?} instead of {wanted:?}")) }
}
