//! Finds the section `simc.layout` in the bytes of a module, and decodes it.

use simc_artifact::export::LAYOUT_SECTION;
use simc_artifact::{DecodeError, Reason, WasmLayout, decode_layout};

use crate::error::{Code, Error};

/// What an artifact says of itself. Bytes of errors count from the beginning of the artifact.
pub(crate) fn read(artifact: &[u8]) -> Result<WasmLayout, Error> {
    let (start, content) = find(artifact)?;
    decode_layout(content).map_err(|error| {
        let code = if matches!(error.reason, Reason::Version { .. }) { Code::Unsupported } else { Code::BadArtifact };
        let error = DecodeError { offset: start as u64 + error.offset, ..error };
        Error::new(code, error.to_string()).with_byte(error.offset)
    })
}

/// Where the only section of this name begins, and its content.
fn find(artifact: &[u8]) -> Result<(usize, &[u8]), Error> {
    if artifact.get(..8) != Some(b"\0asm\x01\0\0\0") {
        return Err(bad("this is no WebAssembly module", 0));
    }
    let mut cursor = Cursor { bytes: artifact, at: 8 };
    let mut found = None;
    while let Some(&id) = artifact.get(cursor.at) {
        cursor.at += 1;
        let len = cursor.leb()?;
        let start = cursor.at;
        let content = cursor.take(len)?;
        if id != 0 {
            continue;
        }
        let mut name = Cursor { bytes: &artifact[..cursor.at], at: start };
        let len = name.leb()?;
        if name.take(len)? == LAYOUT_SECTION.as_bytes() {
            if found.is_some() {
                return Err(bad("the module has two simc.layout sections", artifact.len()));
            }
            found = Some((name.at, &content[name.at - start..]));
        }
    }
    found.ok_or_else(|| bad("the module has no simc.layout section: it was not made by simc", artifact.len()))
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(len);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| bad("the module ends within a section", self.at))?;
        self.at += len;
        Ok(taken)
    }

    /// A number of at most 32 bits as modules have them.
    fn leb(&mut self) -> Result<usize, Error> {
        let mut number = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return u32::try_from(number).map(|number| number as usize).map_err(|_| self.too_long());
            }
        }
        Err(self.too_long())
    }

    fn too_long(&self) -> Error {
        bad("the length of a section is no number of 32 bits", self.at)
    }
}

fn bad(what: &str, byte: usize) -> Error {
    Error::new(Code::BadArtifact, format!("{what} (at byte {byte})")).with_byte(byte as u64)
}
