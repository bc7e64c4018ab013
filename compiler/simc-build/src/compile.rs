//! From a configuration and a path to files in a folder, and words for Cargo.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{env, fs, io, thread};

use simc_driver::bind::{self, Language};
use simc_driver::driver::{self, Build, Failure, Options};
use simc_driver::folder::Folders;
use simc_driver::front;
use simc_driver::render::{Renderer, bounded};
use simc_model::data::{AddedFile, Role};
use simc_model::diagnostic::Diagnostic;
use simc_model::source::{FileId, Sources};

use crate::{Compiled, Config, Error, name};

/// Bytes of an input file.
const MAX_INPUT: u64 = 1 << 28;
/// Bytes of stack for the compiler. The system provides only those that are used.
const STACK: usize = 256 << 20;

pub(crate) fn compile(config: &Config, model: &Path) -> Result<Compiled, Error> {
    // What Cargo is told before anything can go wrong holds for a build that fails, too.
    tell(&format!("rerun-if-changed={}", shown(model)?))?;
    let name = name::of_module(config.name.as_deref(), model)?;
    let out_dir = match &config.out_dir {
        Some(folder) => folder.clone(),
        None => env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| {
            Error::Usage("there is no OUT_DIR: call this from a build script, or say `out_dir(..)`".to_owned())
        })?,
    };
    let wasm = out_dir.join(format!("{name}.wasm"));
    claim(&wasm, model, &name)?;
    let (sources, root) = read_model(model)?;
    let mut options = config.options.clone();
    let changes = config.changes.iter().map(|file| read_added(Role::Changes, file));
    for file in config.data.iter().map(|file| read_data(file)).chain(changes) {
        let (added, path) = file?;
        tell(&format!("rerun-if-changed={}", shown(&path)?))?;
        options.data.push(added);
    }
    let folders = folders(config, model)?;
    let (sources, built) = on_a_thread(sources, root, &folders, &options)?;
    let files = files_of(model, &sources);
    for file in &files {
        tell(&format!("rerun-if-changed={}", shown(file)?))?;
    }
    let renderer = Renderer::new(&sources);
    let text = |diagnostics: &[Diagnostic]| -> Vec<String> {
        bounded(diagnostics).iter().map(|diagnostic| renderer.human(diagnostic, false)).collect()
    };
    let build = built.map_err(|failure| Error::Model(format!("\n{}\n", text(&failure.diagnostics).join("\n\n"))))?;
    for diagnostic in &build.warnings {
        tell(&format!("warning={}", simc_model::diagnostic::one_line(diagnostic, &sources)))?;
    }
    let bindings = bind::bind(&build.wasm, Language::Rust).map_err(|error| Error::Usage(error.to_string()))?;
    let compiled =
        Compiled { wasm, bindings: out_dir.join(format!("{name}.rs")), files, warnings: text(&build.warnings) };
    write(&compiled.wasm, &build.wasm)?;
    write(&compiled.bindings, bindings.as_bytes())?;
    Ok(compiled)
}

/// The models of this process by what is written of them.
static CLAIMED: Mutex<BTreeMap<PathBuf, PathBuf>> = Mutex::new(BTreeMap::new());

/// Nobody else's model is what this file is made of.
fn claim(wasm: &Path, model: &Path, name: &str) -> Result<(), Error> {
    let own = fs::canonicalize(model).unwrap_or_else(|_| model.to_owned());
    let mut claimed = CLAIMED.lock().unwrap_or_else(PoisonError::into_inner);
    match claimed.get(wasm) {
        Some(other) if *other != own => {
            let two = format!("{} and {}", other.display(), model.display());
            Err(Error::Usage(format!("two models are called `{name}`, {two}: give one another name with `name(..)`")))
        }
        _ => {
            claimed.insert(wasm.to_owned(), own);
            Ok(())
        }
    }
}

/// Compiles with a stack of its own, and makes an error of a panic.
fn on_a_thread(
    mut sources: Sources,
    root: FileId,
    folders: &Folders,
    options: &Options,
) -> Result<(Sources, Result<Build, Failure>), Error> {
    thread::scope(|scope| {
        let job = move || {
            let built = driver::compile(&mut sources, root, folders, options);
            (sources, built)
        };
        let thread = thread::Builder::new().name("simc".to_owned()).stack_size(STACK).spawn_scoped(scope, job);
        let thread = thread.map_err(|error| Error::Usage(format!("cannot start a thread: {error}")))?;
        thread.join().map_err(|_| Error::Bug("the compiler panicked; its message is above".to_owned()))
    })
}

fn read_model(model: &Path) -> Result<(Sources, FileId), Error> {
    let name = model.to_string_lossy();
    let text = front::decode(&name, read(model)?);
    let text = text.ok_or_else(|| Error::Usage(format!("{} is no text in UTF-8 or UTF-16", model.display())))?;
    let mut sources = Sources::new();
    let root = sources.add(name, text);
    Ok((sources, root))
}

/// A file of data, and where it is: `?TAG=path` gives that of a Vensim model's tag.
fn read_data(file: &str) -> Result<(AddedFile, PathBuf), Error> {
    match file.split_once('=').filter(|_| file.starts_with('?')) {
        Some((tag, path)) => read_added(Role::Tagged(tag.to_owned()), path),
        None => read_added(Role::DataSet, file),
    }
}

fn read_added(role: Role, path: &str) -> Result<(AddedFile, PathBuf), Error> {
    Ok((AddedFile { role, name: path.to_owned(), bytes: read(Path::new(path))? }, PathBuf::from(path)))
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let fail = |error| Error::Io(path.to_owned(), error);
    if fs::metadata(path).map_err(fail)?.len() > MAX_INPUT {
        return Err(Error::Usage(format!("{} is larger than {} MiB", path.display(), MAX_INPUT >> 20)));
    }
    fs::read(path).map_err(fail)
}

/// The folders that the model may read: its own, and those that are allowed.
fn folders(config: &Config, model: &Path) -> Result<Folders, Error> {
    let own = model.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut folders = Folders::new(MAX_INPUT);
    for folder in std::iter::once(own).chain(config.allowed.iter().map(PathBuf::as_path)) {
        folders.allow(folder).map_err(|error| Error::Io(folder.to_owned(), error))?;
    }
    Ok(folders)
}

/// The files that were read, the model first.
fn files_of(model: &Path, sources: &Sources) -> Vec<PathBuf> {
    let texts = sources.iter().map(|(_, file)| file.name.as_str());
    let data = sources.data().iter().map(|file| file.name.as_str());
    let mut files = vec![model.to_owned()];
    for file in texts.chain(data).map(PathBuf::from) {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    files
}

/// A path on one line.
fn shown(path: &Path) -> Result<&str, Error> {
    let text = path.to_str().filter(|text| !text.contains(['\n', '\r']));
    text.ok_or_else(|| Error::Usage(format!("Cargo cannot be told of the path {path:?}")))
}

/// Tells Cargo something, on standard output.
fn tell(what: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    writeln!(out, "cargo::{}", what.replace(['\n', '\r'], " "))
        .map_err(|error| Error::Io(PathBuf::from("standard output"), error))
}

/// Writes a file, unless it is so already: what has not changed keeps its time.
fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    fs::write(path, content).map_err(|error| Error::Io(path.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use crate::{Config, Error};

    const MODEL: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><vendor>v</vendor><product version="1" lang="en">p</product></header>
<sim_specs><start>0</start><stop>4</stop><dt>1</dt></sim_specs>
<model><variables>
<stock name="Level"><eqn>10</eqn><outflow>drain</outflow></stock>
<flow name="drain"><eqn>RATE * Level</eqn></flow>
<aux name="rate"><eqn>0.5</eqn></aux>
</variables></model></xmile>"#;

    #[test]
    fn writes_an_artifact_and_its_bindings() {
        let dir = tempfile::tempdir().expect("a folder can be made");
        let model = dir.path().join("My Tank.xmile");
        fs::write(&model, MODEL).expect("a file can be written");
        let config = Config::new().outputs(["Level"]).out_dir(dir.path());
        let compiled = config.compile(&model).expect("it compiles");
        assert_eq!(compiled.wasm, dir.path().join("my_tank.wasm"));
        assert_eq!(compiled.files.as_slice(), std::slice::from_ref(&model));
        let bindings = fs::read_to_string(&compiled.bindings).expect("they are there");
        assert!(bindings.contains("pub rate: f64,") && bindings.contains("pub const LEVEL: &str"));
        assert!(!bindings.contains("DRAIN"), "only outputs and what can be set are in the artifact");
        assert!(fs::read(compiled.wasm).expect("it is there").starts_with(b"\0asm"));
        let longer = config.stop(8.0).name("longer").compile(&model).expect("it compiles");
        assert_ne!(fs::read(longer.wasm).expect("it is there"), fs::read(compiled.bindings).expect("it is there"));
    }

    #[test]
    fn says_what_is_wrong() {
        let dir = tempfile::tempdir().expect("a folder can be made");
        let model = dir.path().join("tank.xmile");
        fs::write(&model, MODEL.replace("RATE", "rat")).expect("a file can be written");
        let config = Config::new().out_dir(dir.path());
        let said = config.compile(&model).expect_err("there is no `rat`").to_string();
        assert!(said.contains("unknown variable `rat`") && said.contains("did you mean `rate`"), "{said}");
        fs::write(&model, MODEL).expect("a file can be written");
        let unknown = config.clone().outputs(["Levl"]).compile(&model);
        assert!(matches!(unknown, Err(Error::Model(said)) if said.contains("did you mean `Level`")));
        assert!(matches!(config.compile(Path::new("none.xmile")), Err(Error::Io(..))));
        assert!(matches!(config.clone().name("a b").compile(&model), Err(Error::Usage(_))));
        assert!(matches!(config.clone().out_dir(dir.path().join("none")).compile(&model), Err(Error::Io(..))));
        let other = dir.path().join("2025/tank.xmile");
        fs::create_dir(dir.path().join("2025")).expect("a folder can be made");
        fs::write(&other, MODEL).expect("a file can be written");
        config.compile(&model).expect("it compiles");
        config.compile(&model).expect("it compiles again");
        let two = config.compile(&other).expect_err("both would be `tank`").to_string();
        assert!(two.contains("two models are called `tank`"), "{two}");
        config.clone().name("other").compile(&other).expect("it has another name");
        assert!(matches!(config.data("none.csv").compile(&model), Err(Error::Io(..))));
    }
}
