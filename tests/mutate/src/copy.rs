//! Copies the project and what is compiled already.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Makes `copy` hold what `root` does, without what git ignores. Files in `kept` are left as they are in the copy; others that
/// are the same are not touched, others that `root` does not have are removed.
///
/// # Errors
/// What cannot be listed, read or written.
pub(crate) fn project(root: &Path, copy: &Path, kept: &dyn Fn(&str) -> bool) -> Result<(), String> {
    let files = listed(root)?;
    for file in &files {
        let (from, to) = (root.join(file), copy.join(file));
        if kept(file) && to.is_file() || !from.is_file() {
            continue;
        }
        let contents = fs::read(&from).map_err(|error| format!("{file}: {error}"))?;
        if fs::read(&to).is_ok_and(|found| found == contents) {
            continue;
        }
        let folder = to.parent().unwrap_or(copy);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&to, contents))
            .map_err(|error| format!("{file}: {error}"))?;
    }
    let mut there = Vec::new();
    collect(copy, copy, &mut there)?;
    for file in there.iter().filter(|file| !files.contains(*file) && !kept(file)) {
        fs::remove_file(copy.join(file)).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(())
}

/// The files that git tracks or would track.
fn listed(root: &Path) -> Result<BTreeSet<String>, String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("git: {error}"))?;
    if !output.status.success() {
        return Err(format!("git: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8(output.stdout).map_err(|error| error.to_string())?;
    Ok(text.split('\0').filter(|file| !file.is_empty()).map(str::to_owned).collect())
}

/// All files below a folder, from `root`, with slashes.
fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let inner = path.strip_prefix(root).map_err(|error| error.to_string())?;
            files.push(inner.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

/// Gives a new target folder what is compiled in another one, by hard links: cargo takes dependencies as they are when the lock
/// file and the profiles agree, and compiles them again otherwise.
///
/// # Errors
/// What cannot be listed or linked.
pub(crate) fn dependencies(from: &Path, to: &Path) -> Result<(), String> {
    let (from, to) = (from.join("debug"), to.join("debug"));
    if to.exists() {
        return Ok(());
    }
    for part in ["deps", "build", ".fingerprint"] {
        if from.join(part).is_dir() {
            link(&from.join(part), &to.join(part))?;
        }
    }
    Ok(())
}

fn link(from: &Path, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    for entry in fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))? {
        let entry = entry.map_err(|error| error.to_string())?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            link(&path, &target)?;
        } else {
            fs::hard_link(&path, &target).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}
