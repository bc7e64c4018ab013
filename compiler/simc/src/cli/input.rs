//! Reading what the user names: a model or an artifact, told apart by content.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use simc_front::source::{FileId, Sources};

use super::failure::{Failure, shown};

/// Bytes of an input file; far beyond any model, and little enough to hold in memory more than once.
const MAX_INPUT: u64 = 1 << 28;
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
    let text = decode(bytes).ok_or_else(|| {
        Failure::Message(format!("{} is neither text in UTF-8 or UTF-16 nor a WebAssembly module", shown(path)))
    })?;
    let mut sources = Sources::new();
    let name = if is_stdin(path) { "<stdin>".into() } else { path.to_string_lossy() };
    let root = sources.add(name, text);
    Ok(Input::Model(sources, root))
}

/// Reads a file that must be a model.
pub(super) fn read_model(path: &Path) -> Result<(Sources, FileId), Failure> {
    match read(path)? {
        Input::Model(sources, root) => Ok((sources, root)),
        Input::Artifact(_) => {
            let message =
                format!("{} is a compiled artifact, not a model; `run` and `inspect` take artifacts", shown(path));
            Err(Failure::Message(message))
        }
    }
}

/// Whether a path stands for standard input or output.
pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
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

/// Text in UTF-8, or in UTF-16 behind a byte order mark.
fn decode(bytes: Vec<u8>) -> Option<String> {
    let units = |from: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes[2..].as_chunks::<2>();
        rest.is_empty().then(|| String::from_utf16(&pairs.iter().map(|&pair| from(pair)).collect::<Vec<_>>()).ok())
    };
    match bytes.first_chunk() {
        Some([0xff, 0xfe]) => units(u16::from_le_bytes)?,
        Some([0xfe, 0xff]) => units(u16::from_be_bytes)?,
        Some(_) | None => String::from_utf8(bytes).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes_what_byte_order_marks_announce() {
        assert_eq!(decode(b"abc".to_vec()).as_deref(), Some("abc"));
        assert_eq!(decode(vec![0xff, 0xfe, b'a', 0]).as_deref(), Some("a"));
        assert_eq!(decode(vec![0xfe, 0xff, 0, b'a']).as_deref(), Some("a"));
        assert_eq!(decode(vec![0xfe, 0xff, 0]), None);
        assert_eq!(decode(vec![0xff]), None);
    }
}
