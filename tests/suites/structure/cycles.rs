//! No files of a crate import each other in a cycle, so that a crate can be read file by file, each
//! after those that it needs.
//!
//! A file imports the files that its `use` declarations lead to, re-exports followed to where a name is
//! defined, and those that its paths from `crate` or `super` name. What a module takes of its own child
//! modules does not count: a parent puts its children together, and they may use what it defines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use libtest_mimic::Trial;

use super::imports::{self, Imports};
use crate::trial;

/// Crates that keep the rule.
const CRATES: &[&str] = &[
    "kernel",
    "simc",
    "simc-artifact",
    "simc-build",
    "simc-data",
    "simc-driver",
    "simc-host",
    "simc-ir",
    "simc-midend",
    "simc-model",
    "simc-native",
    "simc-oracle",
    "simc-runs",
    "simc-vensim",
    "simc-wasm",
    "simc-web",
    "simc-xmile",
];

pub(super) fn trials() -> Vec<Trial> {
    let of_crates = CRATES
        .iter()
        .map(|name| trial(format!("structure::no_files_of_{name}_import_each_other_in_a_cycle"), move || check(name)));
    of_crates.chain([trial("structure::a_planted_cycle_of_files_is_found", planted)]).collect()
}

fn check(name: &str) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("tests has a parent")?;
    let folder = match name {
        "kernel" => "runtime-shim/kernel".to_owned(),
        "simc-host" => "runtime-shim/hosts/rust".to_owned(),
        _ => format!("compiler/{name}"),
    };
    let source = root.join(folder).join("src");
    let mut files = BTreeMap::new();
    collect(&source, &mut Vec::new(), &mut files)?;
    if files.len() < 2 {
        return Err(format!("{} holds no sources", source.display()));
    }
    cycle(&files).map_or(Ok(()), |cycle| Err(format!("files of {name} import each other:\n{}", cycle.join("\n"))))
}

/// The sources of a folder by the paths of their modules.
fn collect(folder: &Path, module: &mut Vec<String>, files: &mut BTreeMap<Vec<String>, String>) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        module.push(stem.clone());
        if path.is_dir() {
            collect(&path, module, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let is_root = module.len() == 1 && stem == "lib";
            let source = std::fs::read_to_string(&path).map_err(fault)?;
            files.insert(if is_root { Vec::new() } else { module.clone() }, source);
        }
        module.pop();
    }
    Ok(())
}

/// Who imports whom, and which names.
type Graph<'a> = BTreeMap<&'a [String], BTreeMap<&'a [String], BTreeSet<String>>>;

/// A cycle among files by the paths of their modules, as lines `importer -> imported: names`.
fn cycle(files: &BTreeMap<Vec<String>, String>) -> Option<Vec<String>> {
    let read = |(module, source): (&Vec<String>, &String)| {
        let is_child = |name: &str| files.contains_key(&[module.as_slice(), &[name.to_owned()]].concat());
        (module.clone(), imports::read(source, module, is_child))
    };
    let mut all: BTreeMap<Vec<String>, Imports> = files.iter().map(read).collect();
    for test in tests(&all) {
        all.retain(|module, _| !module.starts_with(&test));
    }
    let mut graph = graph(&all);
    // Files that import nothing any more are on no cycle, until only those are left that lead to one.
    loop {
        let left: BTreeSet<&[String]> = graph.keys().copied().collect();
        graph.values_mut().for_each(|imported| imported.retain(|file, _| left.contains(file)));
        graph.retain(|_, imported| !imported.is_empty());
        if graph.len() == left.len() {
            break;
        }
    }
    let mut way = vec![*graph.keys().next()?];
    loop {
        let (&next, _) = graph[way.last()?].first_key_value()?;
        if let Some(first) = way.iter().position(|&file| file == next) {
            way.drain(..first);
            way.push(next);
            break;
        }
        way.push(next);
    }
    let line = |pair: &[&[String]]| {
        let names: Vec<&str> = graph[pair[0]][pair[1]].iter().map(String::as_str).collect();
        format!("{} -> {}: {}", show(pair[0]), show(pair[1]), names.join(", "))
    };
    Some(way.windows(2).map(line).collect())
}

/// The modules that only tests have.
fn tests(all: &BTreeMap<Vec<String>, Imports>) -> Vec<Vec<String>> {
    let of = |(module, imports): (&Vec<String>, &Imports)| -> Vec<Vec<String>> {
        imports.tests.iter().map(|name| [module.as_slice(), std::slice::from_ref(name)].concat()).collect()
    };
    all.iter().flat_map(of).collect()
}

fn graph(all: &BTreeMap<Vec<String>, Imports>) -> Graph<'_> {
    let mut graph = Graph::new();
    for (module, imports) in all {
        let uses = imports.uses.iter().map(|it| &it.path);
        for path in uses.chain(&imports.paths) {
            let Some(file) = home(all, path) else { continue };
            if !file.starts_with(module) {
                let name = path.last().cloned().unwrap_or_default();
                graph.entry(module).or_default().entry(file).or_default().insert(name);
            }
        }
    }
    graph
}

/// How many re-exports are followed from a name to where it is defined.
const MAX_REEXPORTS: usize = 16;

/// The file that defines what a path names; none when it leads out of the crate.
fn home<'a>(all: &'a BTreeMap<Vec<String>, Imports>, path: &[String]) -> Option<&'a [String]> {
    let mut path = path.to_vec();
    for _ in 0..MAX_REEXPORTS {
        let n = (0..=path.len()).rev().find(|&n| all.contains_key(&path[..n]))?;
        let (file, imports) = all.get_key_value(&path[..n])?;
        let rest = &path[n..];
        let reexport = rest.first().and_then(|name| imports.uses.iter().find(|it| it.is_outermost && it.name == *name));
        match reexport {
            Some(reexport) => path = [reexport.path.as_slice(), &rest[1..]].concat(),
            None => return Some(file),
        }
    }
    None
}

fn show(module: &[String]) -> String {
    if module.is_empty() { "lib.rs".to_owned() } else { format!("{}.rs", module.join("/")) }
}

/// Samples with a cycle and without.
fn planted() -> Result<(), String> {
    let sample = |files: &[(&str, &str)]| -> Option<Vec<String>> {
        let module = |name: &str| if name == "lib" { vec![] } else { name.split('/').map(str::to_owned).collect() };
        cycle(&files.iter().map(|&(name, source)| (module(name), source.to_owned())).collect())
    };
    let is = |found: Option<Vec<String>>, expected: &[&str]| {
        let found = found.unwrap_or_default();
        if found == expected { Ok(()) } else { Err(format!("{found:?} instead of {expected:?}")) }
    };
    // Through a re-export, a renamed import, and a path within code.
    let through = [
        ("lib", "mod a; mod b; mod c; pub use a::A;"),
        ("a", "use crate::b::{self, B as Other}; pub struct A(Other);"),
        ("b", "pub mod inner; pub use inner::B;"),
        ("b/inner", "use super::super::c; pub struct B;"),
        ("c", "fn f() { let it = <crate::A as Default>::default(); }"),
    ];
    is(sample(&through), &["a.rs -> b/inner.rs: B", "b/inner.rs -> c.rs: c", "c.rs -> a.rs: A"])?;
    // A child of a third file closes the cycle.
    let parents = [
        ("lib", "mod a; mod b;"),
        ("a", "mod child; use super::b::B; pub struct A;"),
        ("a/child", "use super::A; pub struct Child;"),
        ("b", "use crate::a::child::Child; pub struct B;"),
    ];
    is(sample(&parents), &["a.rs -> b.rs: B", "b.rs -> a/child.rs: Child", "a/child.rs -> a.rs: A"])?;
    // Parents and children, tests, comments, texts and modules within braces make none.
    let none = [
        ("lib", "mod a; mod b; #[cfg(test)] mod tests;"),
        ("a", "mod child; use child::Child; pub struct A(Child); mod inline { use super::A; use super::super::a; }"),
        ("a/child", "use super::A; // use crate::b::B;\npub struct Child; #[cfg(test)] mod tests { use crate::b::B; }"),
        (
            "b",
            r##"use crate::a::A; const TEXT: &str = r#"use crate::b"#; fn f<'a>(c: char) { c == '"' || c == '\''; }"##,
        ),
        ("tests", "use crate::b::B;"),
    ];
    is(sample(&none), &[])
}
