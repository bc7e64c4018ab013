//! The files that a model refers to: how the compiler asks for them, without touching a file system or a network itself.
//!
//! A model names a file by a *resource*: a path relative to the file in which it is, or an absolute one, perhaps
//! with wildcards in its last part. Whoever calls the compiler implements [`Files`] and decides which files may be seen.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, shorten};

/// Where the files come from that a model refers to.
pub trait Files {
    /// The names of the files that a resource means, seen from the file named `from`: one, or for a pattern all that match,
    /// in a fixed order and without `from` itself. Equal names are the same file; a name is what messages show.
    ///
    /// The resource is one that [`find`] has checked and put into its usual form.
    ///
    /// # Errors
    /// When there is no such file, or none that may be seen.
    fn find(&self, from: &str, resource: &str) -> Result<Vec<String>, FileError>;

    /// The contents of the file of a name that [`Files::find`] gave.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, name: &str) -> Result<Vec<u8>, FileError>;
}

/// Why a file is not to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// There is none of this name, or none that matches the pattern.
    Missing,
    /// It lies outside of what the model may see.
    Outside,
    /// It is larger than this many bytes.
    TooLarge(u64),
    /// It cannot be read, for this reason.
    Unreadable(String),
    /// The model stands alone: whoever compiles it has no other files.
    Alone,
}

/// No files: the model stands alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

/// Files that are held in memory, by the path from where the model is.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Vec<u8>>,
}

/// The files that a resource means. What is no path of a file is refused before anybody is asked: an empty one, an address on
/// a network, one with a wildcard in the name of a folder, and one that holds control characters. An absolute path that leads
/// to no file is looked for by its last part, beside `from` (XMILE 1.0, section 2.11).
///
/// # Errors
/// What is wrong with the resource, at the place where it is.
pub fn find(files: &dyn Files, from: &str, resource: &str, place: Span) -> Result<Vec<String>, Box<Diagnostic>> {
    let path = check(resource).map_err(|reason| Box::new(bad_resource(resource, place, reason)))?;
    let found = match files.find(from, &path) {
        Err(error @ (FileError::Missing | FileError::Outside)) if is_absolute(&path) => {
            let last = path.rsplit('/').next().unwrap_or("");
            files.find(from, last).map_err(|_| error)
        }
        found => found,
    };
    found.map_err(|error| Box::new(refuse(&error, resource, place)))
}

/// The contents of a file that [`find`] gave.
///
/// # Errors
/// Why it cannot be read, at the place where the model refers to it.
pub fn read(files: &dyn Files, name: &str, place: Span) -> Result<Vec<u8>, Box<Diagnostic>> {
    files.read(name).map_err(|error| Box::new(refuse(&error, name, place)))
}

/// Whether a name matches a pattern in which `*` stands for any characters and `?` for one.
pub fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where to go on when what follows the last `*` fits no further: the `*` takes one character more.
    let mut retry = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, n));
                p += 1;
            }
            Some(&c) if c == '?' || c == name[n] => (p, n) = (p + 1, n + 1),
            Some(_) | None => {
                let Some((star, taken)) = retry else { return false };
                retry = Some((star, taken + 1));
                (p, n) = (star + 1, taken + 1);
            }
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// Whether a resource is a pattern.
pub fn is_pattern(resource: &str) -> bool {
    resource.contains(['*', '?'])
}

/// A path seen from the folder of the file `from`, without `.` and without a `..` that has something to take back.
pub fn join(from: &str, path: &str) -> String {
    let is_absolute = is_absolute(path);
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let rooted = is_absolute || from.starts_with('/');
    let before = folder.split('/').filter(|_| !is_absolute);
    let mut parts: Vec<&str> = Vec::new();
    for part in before.chain(path.split('/')).filter(|part| !matches!(*part, "" | ".")) {
        match parts.last() {
            Some(&last) if part == ".." && last != ".." => drop(parts.pop()),
            None if part == ".." && rooted => {}
            Some(_) | None => parts.push(part),
        }
    }
    let is_drive = parts.first().is_some_and(|part| part.ends_with(':'));
    format!("{}{}", if rooted && !is_drive { "/" } else { "" }, parts.join("/"))
}

/// Whether a path in its usual form begins at the root of a file system, or of a drive.
pub fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.as_bytes().get(1..3) == Some(b":/")
}

impl Files for NoFiles {
    fn find(&self, _: &str, _: &str) -> Result<Vec<String>, FileError> {
        Err(FileError::Alone)
    }

    fn read(&self, _: &str) -> Result<Vec<u8>, FileError> {
        Err(FileError::Alone)
    }
}

impl MemoryFiles {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or replaces the one of this path.
    pub fn add(&mut self, path: impl Into<String>, contents: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), contents.into());
    }
}

impl Files for MemoryFiles {
    fn find(&self, from: &str, resource: &str) -> Result<Vec<String>, FileError> {
        let path = join(from, resource);
        if path.starts_with("..") {
            return Err(FileError::Outside);
        }
        let folder_of = |path: &str| path.rfind('/').map_or(0, |at| at + 1);
        let is_meant = |name: &&String| {
            let (folder, pattern) = path.split_at(folder_of(&path));
            name.split_at(folder_of(name)).0 == folder && matches(pattern, &name[folder.len()..]) && *name != from
        };
        let found: Vec<String> = match self.files.get_key_value(&path) {
            Some((name, _)) if !is_pattern(&path) => vec![name.clone()],
            Some(_) | None => self.files.keys().filter(|_| is_pattern(&path)).filter(is_meant).cloned().collect(),
        };
        if found.is_empty() { Err(FileError::Missing) } else { Ok(found) }
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, FileError> {
        self.files.get(name).cloned().ok_or(FileError::Missing)
    }
}

/// A resource in its usual form, with `/` between its parts; or what is wrong with it.
fn check(resource: &str) -> Result<String, &'static str> {
    /// Bytes of the longest path.
    const MAX_LEN: usize = 4096;
    let resource = resource.trim();
    // Stella's relative paths begin with an `r`, and at the file itself instead of its folder: `r../rates.csv` lies beside it.
    let resource = resource.strip_prefix("r../").unwrap_or(resource);
    let path = match resource.strip_prefix("file://") {
        Some(path) => format!("/{}", path.trim_start_matches('/')),
        None => resource.replace('\\', "/"),
    };
    let scheme = path.split('/').next().unwrap_or("").strip_suffix(':').unwrap_or("");
    let last = path.rsplit('/').next().unwrap_or("");
    if path.len() > MAX_LEN {
        return Err("is longer than any path");
    }
    if path.contains(char::is_control) {
        return Err("holds a control character");
    }
    if path.starts_with("//") || scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err("is an address on a network, and the compiler reads files alone");
    }
    if matches!(last, "" | "." | "..") {
        return Err("names no file");
    }
    if is_pattern(&path[..path.len() - last.len()]) {
        return Err("has a wildcard in the name of a folder");
    }
    Ok(path)
}

fn bad_resource(resource: &str, place: Span, reason: &str) -> Diagnostic {
    let shown: String =
        resource.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect();
    Diagnostic::error(code::BAD_RESOURCE, place, format!("`{}` {reason}", shorten(shown.trim())))
        .with_hint("write the path of a file, relative to the file in which it is")
}

fn refuse(error: &FileError, named: &str, place: Span) -> Diagnostic {
    let named = shorten(named.trim());
    match error {
        FileError::Missing if is_pattern(&named) => {
            Diagnostic::error(code::FILE_MISSING, place, format!("no file matches `{named}`"))
        }
        FileError::Missing => Diagnostic::error(code::FILE_MISSING, place, format!("there is no file `{named}`"))
            .with_hint("a relative path begins at the folder of the file in which it is"),
        FileError::Outside => {
            Diagnostic::error(code::FILE_OUTSIDE, place, format!("`{named}` is not in the model's folder"))
                .with_hint("move it there, or allow its folder with --allow-path")
        }
        FileError::TooLarge(most) => {
            let message = format!("`{named}` is larger than {} MiB", most >> 20);
            Diagnostic::error(code::FILE_UNREADABLE, place, message)
        }
        FileError::Unreadable(reason) => {
            Diagnostic::error(code::FILE_UNREADABLE, place, format!("cannot read `{named}`: {reason}"))
        }
        FileError::Alone => {
            let message = format!("`{named}` cannot be read: the model is compiled without other files");
            Diagnostic::error(code::FILE_UNREADABLE, place, message)
        }
    }
}

#[cfg(test)]
mod tests;
