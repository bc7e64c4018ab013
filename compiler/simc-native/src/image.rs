//! The code as it is in memory when it is run at once, without a linker.

use std::collections::BTreeMap;

use cranelift_codegen::binemit::Reloc;

use crate::code::{Code, patch};
use crate::error::Error;

/// Bytes of a page.
const PAGE: u64 = 1 << 12;

/// Code and data for one range of executable memory that begins at a multiple of 4096.
#[derive(Clone, Debug)]
pub struct Image {
    /// The bytes, with all references resolved.
    pub bytes: Vec<u8>,
    /// Where each function for hosts begins: `start(address: i64, is_zero: i32)`, `size() -> i64`, and one for each export, which takes the
    /// address of an instance before the export's own parameters, and returns a [`Status`](crate::Status) as i32, or the export's i64.
    pub functions: BTreeMap<String, usize>,
}

pub(crate) fn load(code: &Code) -> Result<Image, Error> {
    let mut bytes = code.text.clone();
    let data = (bytes.len() as u64).next_multiple_of(16);
    for reloc in &code.relocs {
        let target = data.cast_signed() + reloc.addend;
        let place = reloc.offset.cast_signed();
        if matches!(reloc.kind, Reloc::X86PCRel4 | Reloc::X86CallPCRel4) {
            patch(&mut bytes, reloc.offset, reloc.kind, target - place)?;
        } else {
            patch_arm(&mut bytes, reloc.offset, reloc.kind, target, place)?;
        }
    }
    bytes.resize(data as usize, 0);
    bytes.extend_from_slice(&code.data);
    let functions = code.symbols.iter().map(|symbol| (symbol.name.clone(), symbol.offset as usize)).collect();
    Ok(Image { bytes, functions })
}

/// The two halves of an address: pages from here, and bytes within the page.
fn patch_arm(bytes: &mut [u8], at: u64, kind: Reloc, target: i64, place: i64) -> Result<(), Error> {
    let internal = || Error::Internal(format!("a reference of the kind {kind:?}"));
    let word = usize::try_from(at).ok().and_then(|at| bytes.get_mut(at..at + 4)).ok_or_else(internal)?;
    let old = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
    let page = PAGE.cast_signed();
    let new = if kind == Reloc::Aarch64AdrPrelPgHi21 {
        // The low 21 bits of the distance in pages, the lowest two of them apart.
        let pages = (target.div_euclid(page) - place.div_euclid(page)) as u32 & 0x1f_ffff;
        old & 0x9f00_001f | (pages & 3) << 29 | (pages >> 2) << 5
    } else if kind == Reloc::Aarch64AddAbsLo12Nc {
        // Twelve bits.
        old & 0xffc0_03ff | (target.rem_euclid(page) as u32) << 10
    } else {
        return Err(internal());
    };
    word.copy_from_slice(&new.to_le_bytes());
    Ok(())
}
