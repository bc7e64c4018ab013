//! Numbers the mutations of all chosen crates and writes the rewritten sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::find::sites;
use crate::rewrite::{Numbered, Place, describe, rewrite};
use crate::site::{Mutation, Site};
use crate::switch;

/// A crate under test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// Its name.
    pub(crate) package: &'static str,
    /// Its folder, from the project's.
    pub(crate) folder: &'static str,
    /// Only files whose path from `src` begins so are mutated.
    pub(crate) prefix: &'static str,
}

impl Target {
    /// The root of the crate.
    fn root(&self) -> String {
        format!("{}/src/lib.rs", self.folder)
    }

    /// The module that knows the active mutation.
    fn switch(&self) -> String {
        format!("{}/src/{}.rs", self.folder, switch::MODULE)
    }
}

/// The crates under test. Of `simc-wasm` the emitter is mutated.
pub(crate) const TARGETS: [Target; 3] = [
    Target { package: "simc-model", folder: "compiler/simc-model", prefix: "" },
    Target { package: "simc-midend", folder: "compiler/simc-midend", prefix: "" },
    Target { package: "simc-wasm", folder: "compiler/simc-wasm", prefix: "emit" },
];

/// A source file and its sites.
struct Source {
    /// From the project's folder.
    file: String,
    text: String,
    sites: Vec<(Site, Vec<u32>)>,
}

/// All mutations of the chosen crates.
pub(crate) struct Plan {
    root: PathBuf,
    targets: Vec<Target>,
    sources: Vec<Source>,
    /// Every mutation, in the order of the numbers, which begin at 1.
    pub(crate) mutations: Vec<Mutation>,
}

impl Plan {
    /// Finds the mutations in the project's own sources.
    ///
    /// # Errors
    /// A file that cannot be read or parsed.
    pub(crate) fn new(root: &Path, targets: &[Target]) -> Result<Self, String> {
        let mut plan =
            Self { root: root.to_owned(), targets: targets.to_vec(), sources: Vec::new(), mutations: Vec::new() };
        for target in targets {
            let folder = root.join(target.folder).join("src");
            let mut files = Vec::new();
            collect(&folder, &mut files)?;
            files.sort();
            for path in files {
                let inner = path.strip_prefix(&folder).map_err(|error| error.to_string())?;
                let shown = inner.to_string_lossy().replace('\\', "/");
                if shown.starts_with(target.prefix) && !is_test_file(inner) {
                    plan.add(target, &path, format!("{}/src/{shown}", target.folder))?;
                }
            }
        }
        Ok(plan)
    }

    fn add(&mut self, target: &Target, path: &Path, file: String) -> Result<(), String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{file}: {error}"))?;
        let mut numbered = Vec::new();
        for site in sites(&text).map_err(|error| format!("{file}: {error}"))? {
            let mut numbers = Vec::new();
            for at in 0..site.alternatives.len() {
                let number = u32::try_from(self.mutations.len() + 1).map_err(|error| error.to_string())?;
                numbers.push(number);
                self.mutations.push(Mutation {
                    number,
                    package: target.package.to_owned(),
                    file: file.clone(),
                    line: site.line,
                    column: site.column,
                    function: site.function.clone(),
                    kind: site.kind,
                    text: describe(&site, at),
                });
            }
            numbered.push((site, numbers));
        }
        self.sources.push(Source { file, text, sites: numbered });
        Ok(())
    }

    /// Whether a file of the copy is written by the plan.
    pub(crate) fn writes(&self, file: &str) -> bool {
        self.sources.iter().any(|source| source.file == file)
            || self.targets.iter().any(|target| file == target.root() || file == target.switch())
    }

    /// The mutation of a number.
    pub(crate) fn mutation(&self, number: u32) -> &Mutation {
        &self.mutations[number as usize - 1]
    }

    /// Writes the sources into a copy of the project, without the mutations that are `dropped`. A file whose text is there
    /// already is left alone, so that nothing is compiled in vain.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn write(&self, copy: &Path, dropped: &BTreeSet<u32>) -> Result<BTreeMap<String, Vec<Place>>, String> {
        let mut places = BTreeMap::new();
        for source in &self.sources {
            let kept = |number: u32| (!dropped.contains(&number)).then_some(number);
            let numbered: Vec<Numbered> = source
                .sites
                .iter()
                .map(|(site, numbers)| Numbered {
                    site: site.clone(),
                    numbers: numbers.iter().map(|number| kept(*number)).collect(),
                })
                .collect();
            let mut rewritten = rewrite(&source.text, &numbered);
            let is_root = source.file.ends_with("/src/lib.rs");
            if is_root {
                rewritten = as_root(rewritten.text, rewritten.places);
            }
            write_if_new(&copy.join(&source.file), &rewritten.text)?;
            places.insert(source.file.clone(), rewritten.places);
        }
        self.write_switches(copy)?;
        Ok(places)
    }

    fn write_switches(&self, copy: &Path) -> Result<(), String> {
        let count = u32::try_from(self.mutations.len()).map_err(|error| error.to_string())?;
        for target in &self.targets {
            write_if_new(&copy.join(target.switch()), &switch::source(count))?;
            if !target.prefix.is_empty() {
                // The root is none of the rewritten files.
                let path = self.root.join(target.root());
                let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                write_if_new(&copy.join(target.root()), &as_root(text, Vec::new()).text)?;
            }
        }
        Ok(())
    }
}

/// The text of a crate's root with the module that knows the active mutation. Lints say nothing about mutated code.
fn as_root(text: String, places: Vec<Place>) -> crate::rewrite::Rewritten {
    const HEAD: &str = "#![allow(warnings)] ";
    let moved = places
        .into_iter()
        .map(|place| Place { range: place.range.start + HEAD.len()..place.range.end + HEAD.len(), ..place });
    let text = format!("{HEAD}{text}\nmod {};\n", switch::MODULE);
    crate::rewrite::Rewritten { text, places: moved.collect() }
}

fn is_test_file(inner: &Path) -> bool {
    inner.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// Writes a file unless it holds the text already.
///
/// # Errors
/// It cannot be written.
pub(crate) fn write_if_new(path: &Path, text: &str) -> Result<(), String> {
    if fs::read(path).is_ok_and(|found| found == text.as_bytes()) {
        return Ok(());
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
