//! Reading what the user names: a model or an artifact, told apart by content.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use simc::front;
use simc_model::source::{FileId, Sources};

use super::failure::{Failure, shown};
use super::vensim_files;

/// Bytes of an input file; far beyond any model, and little enough to hold in memory more than once.
pub(super) const MAX_INPUT: u64 = 1 << 28;
/// What every WebAssembly module begins with.
const WASM_MAGIC: &[u8] = b"\0asm";

/// What a file turned out to be.
#[derive(Debug)]
pub(super) enum Input {
    /// Text that is to be compiled.
    Model(Sources, FileId),
    /// A WebAssembly module.
    Artifact(Vec<u8>),
}

/// Reads a file, or standard input for `-`.
pub(super) fn read(path: &Path) -> Result<Input, Failure> {
    let bytes = read_bytes(path)?;
    if bytes.starts_with(WASM_MAGIC) {
        return Ok(Input::Artifact(bytes));
    }
    let name = if is_stdin(path) { "<stdin>".into() } else { path.to_string_lossy() };
    let other = vensim_files::what_it_is(path);
    let Some(text) = front::decode(&name, bytes) else {
        let what = other.unwrap_or("neither text in UTF-8 or UTF-16 nor a WebAssembly module");
        return Err(Failure::Message(format!("{} is {what}", shown(path))));
    };
    if let Some(what) = other.filter(|_| !front::looks_like_a_model(&name, &text)) {
        return Err(Failure::Message(format!("{} is {what}", shown(path))));
    }
    let mut sources = Sources::new();
    let root = sources.add(name, text);
    Ok(Input::Model(sources, root))
}

/// Reads a file that must be a model.
pub(super) fn read_model(path: &Path) -> Result<(Sources, FileId), Failure> {
    match read(path)? {
        Input::Model(sources, root) => Ok((sources, root)),
        Input::Artifact(_) => {
            let message = format!(
                "{} is a compiled artifact, not a model; `run`, `inspect` and `page` take artifacts",
                shown(path)
            );
            Err(Failure::Message(message))
        }
    }
}

/// The files of a model: itself and all that it refers to, also where that is not needed now.
pub(super) fn files_of<'s>(model: &'s Path, sources: &'s Sources) -> Vec<&'s Path> {
    let texts = sources.iter().map(|(_, file)| file.name.as_str());
    let data = sources.data().iter().map(|file| file.name.as_str());
    let unread = sources.unread().iter().map(String::as_str);
    std::iter::once(model).chain(texts.chain(data).chain(unread).map(Path::new)).collect()
}

/// Whether a path stands for standard input or output.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// All bytes of a file, or of standard input for `-`.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let fail = |error: io::Error| Failure::io("read", path, &error);
    let mut bytes = Vec::new();
    let read = if is_stdin(path) {
        io::stdin().lock().take(MAX_INPUT + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(MAX_INPUT + 1).read_to_end(&mut bytes))
    };
    if read.map_err(fail)? as u64 > MAX_INPUT {
        return Err(Failure::Message(format!("{} is larger than {} MiB", shown(path), MAX_INPUT >> 20)));
    }
    Ok(bytes)
}
