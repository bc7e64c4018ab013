//! The files of a model on disk: those below the folders that the user lets it see, and no others.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use simc_model::files::{self, FileError, Files};

/// How many entries a folder may have in which a pattern is looked for.
const MAX_ENTRIES: usize = 100_000;

/// Files on disk. A name is a path as the user would write it; links are followed, and what they lead to must lie in an
/// allowed folder too.
#[derive(Clone, Debug)]
pub struct Folders {
    /// Without links.
    allowed: Vec<PathBuf>,
    /// Bytes of the largest file that is read.
    max_size: u64,
}

impl Folders {
    /// None yet; no file may have more than `max_size` bytes.
    pub fn new(max_size: u64) -> Self {
        Self { allowed: Vec::new(), max_size }
    }

    /// Lets models see a folder and all below it.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn allow(&mut self, folder: &Path) -> io::Result<()> {
        let folder = folder.canonicalize()?;
        if !folder.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        self.allowed.push(folder);
        Ok(())
    }

    /// What a path leads to, if the model may see it. Whether a file exists that it may not see is not told.
    fn resolve(&self, path: &Path) -> Result<PathBuf, FileError> {
        let may_see = |path: &Path| self.allowed.iter().any(|folder| path.starts_with(folder));
        match path.canonicalize() {
            Ok(real) if may_see(&real) => Ok(real),
            Ok(_) => Err(FileError::Outside),
            Err(error) => {
                let folder = path.ancestors().skip(1).find_map(|folder| match folder.as_os_str().is_empty() {
                    true => Path::new(".").canonicalize().ok(),
                    false => folder.canonicalize().ok(),
                });
                Err(if folder.is_some_and(|folder| may_see(&folder)) { refusal(&error) } else { FileError::Outside })
            }
        }
    }

    /// The files of a folder whose names match a pattern.
    fn list(&self, folder: &str, pattern: &str, from: &str) -> Result<Vec<String>, FileError> {
        let path = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
        let own = Path::new(from).canonicalize().ok();
        let mut found = Vec::new();
        for (count, entry) in fs::read_dir(self.resolve(path)?).map_err(|error| refusal(&error))?.enumerate() {
            if count == MAX_ENTRIES {
                return Err(FileError::Unreadable(format!("the folder has more than {MAX_ENTRIES} entries")));
            }
            let entry = entry.map_err(|error| refusal(&error))?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| files::matches(pattern, name)) else { continue };
            if entry.path().is_file() && entry.path().canonicalize().ok() != own {
                found.push(format!("{folder}{name}"));
            }
        }
        found.sort();
        if found.is_empty() { Err(FileError::Missing) } else { Ok(found) }
    }
}

impl Files for Folders {
    fn find(&self, from: &str, resource: &str) -> Result<Vec<String>, FileError> {
        let path = files::join(from, resource);
        if files::is_pattern(resource) {
            let (folder, pattern) = path.split_at(path.rfind('/').map_or(0, |at| at + 1));
            return self.list(folder, pattern, from);
        }
        self.resolve(Path::new(&path)).map(|_| vec![path])
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, FileError> {
        let path = self.resolve(Path::new(name))?;
        // Opening a pipe would wait for whoever writes to it.
        if !path.is_file() {
            return Err(FileError::Unreadable("it is no regular file".to_owned()));
        }
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(|error| refusal(&error))?;
        file.take(self.max_size + 1).read_to_end(&mut bytes).map_err(|error| refusal(&error))?;
        if bytes.len() as u64 > self.max_size { Err(FileError::TooLarge(self.max_size)) } else { Ok(bytes) }
    }
}

fn refusal(error: &io::Error) -> FileError {
    if error.kind() == io::ErrorKind::NotFound { FileError::Missing } else { FileError::Unreadable(error.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder `in` beside a file that it does not hold.
    fn folder() -> (tempfile::TempDir, Folders) {
        let dir = tempfile::tempdir().expect("a folder can be made");
        fs::create_dir_all(dir.path().join("in/lib")).expect("a folder can be made");
        for name in ["secret.xml", "in/main.xmile", "in/lib/b.xml", "in/lib/a.xml", "in/lib/c.txt"] {
            fs::write(dir.path().join(name), name).expect("a file can be written");
        }
        let mut folders = Folders::new(64);
        folders.allow(&dir.path().join("in")).expect("it is there");
        (dir, folders)
    }

    fn names(found: Result<Vec<String>, FileError>) -> Vec<String> {
        let base = |name: &String| name.rsplit('/').next().unwrap_or("").to_owned();
        found.expect("files").iter().map(base).collect()
    }

    #[test]
    fn files_are_found_from_where_they_are_named() {
        let (dir, folders) = folder();
        let from = dir.path().join("in/main.xmile").to_string_lossy().into_owned();
        let found = folders.find(&from, "lib/a.xml").expect("it is there");
        assert_eq!(folders.read(&found[0]), Ok(b"in/lib/a.xml".to_vec()));
        assert_eq!(folders.find(&found[0], "../main.xmile"), Ok(vec![from.clone()]));
        assert_eq!(names(folders.find(&from, "lib/*.xml")), ["a.xml", "b.xml"]);
        assert_eq!(names(folders.find(&found[0], "*")), ["b.xml", "c.txt"]);
        assert_eq!(folders.find(&from, "lib/*.none"), Err(FileError::Missing));
        assert_eq!(folders.find(&from, "lib/none.xml"), Err(FileError::Missing));
        assert!(matches!(folders.read(&from.replace("main.xmile", "lib")), Err(FileError::Unreadable(_))));
    }

    #[test]
    fn what_lies_outside_is_refused_whether_it_exists_or_not() {
        let (dir, mut folders) = folder();
        let from = dir.path().join("in/main.xmile").to_string_lossy().into_owned();
        let absolute = dir.path().join("secret.xml").to_string_lossy().into_owned();
        for resource in ["../secret.xml", "../none.xml", "lib/../../secret.xml", "../*.xml", &absolute, "/etc/hostname"]
        {
            assert_eq!(folders.find(&from, resource), Err(FileError::Outside), "{resource}");
        }
        folders.allow(dir.path()).expect("it is there");
        assert_eq!(names(folders.find(&from, "../secret.xml")), ["secret.xml"]);
        assert!(folders.allow(&dir.path().join("none")).is_err());
        assert!(folders.allow(&dir.path().join("secret.xml")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_outside() {
        let (dir, folders) = folder();
        std::os::unix::fs::symlink(dir.path().join("secret.xml"), dir.path().join("in/link.xml")).expect("a link");
        let from = dir.path().join("in/main.xmile").to_string_lossy().into_owned();
        assert_eq!(folders.find(&from, "link.xml"), Err(FileError::Outside));
        let matched = folders.find(&from, "*.xml").expect("the link matches");
        assert_eq!(folders.read(&matched[0]), Err(FileError::Outside));
    }

    #[test]
    fn a_file_that_is_too_large_is_refused() {
        let (dir, folders) = folder();
        fs::write(dir.path().join("in/large"), vec![0; 65]).expect("a file can be written");
        let name = dir.path().join("in/large").to_string_lossy().into_owned();
        assert_eq!(folders.read(&name), Err(FileError::TooLarge(64)));
    }
}
