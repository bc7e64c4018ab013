//! The code as a relocatable object: ELF, Mach-O or COFF.

use ::object::write::{MachOBuildVersion, Object, Relocation, StandardSection, Symbol, SymbolSection};
use ::object::{
    Architecture, BinaryFormat, Endianness, RelocationEncoding, RelocationFlags, RelocationKind, SectionKind,
    SymbolFlags, SymbolKind, SymbolScope, elf, macho, pe,
};
use cranelift_codegen::binemit::Reloc;

use crate::Native;
use crate::error::Error;

/// The version of macOS for which objects are, 11.0, as load commands have it.
const MACOS: u32 = 11 << 16;

pub(crate) fn write(native: &Native) -> Result<Vec<u8>, Error> {
    let triple = native.target.isa.triple();
    let format = if triple.binary_format == target_lexicon::BinaryFormat::Macho {
        BinaryFormat::MachO
    } else if triple.binary_format == target_lexicon::BinaryFormat::Coff {
        BinaryFormat::Coff
    } else {
        BinaryFormat::Elf
    };
    let is_x86 = triple.architecture == target_lexicon::Architecture::X86_64;
    let architecture = if is_x86 { Architecture::X86_64 } else { Architecture::Aarch64 };
    let mut object = Object::new(format, architecture, Endianness::Little);
    if format == BinaryFormat::MachO {
        let mut version = MachOBuildVersion::default();
        (version.platform, version.minos, version.sdk) = (macho::PLATFORM_MACOS, MACOS, MACOS);
        object.set_macho_build_version(version);
    }
    let text = object.section_id(StandardSection::Text);
    object.set_section_data(text, native.code.text.as_slice(), native.code.align);
    for symbol in &native.code.symbols {
        object.add_symbol(Symbol {
            name: native.symbol(&symbol.name).into_bytes(),
            value: symbol.offset,
            size: symbol.size,
            kind: SymbolKind::Text,
            // Seen by whatever is linked with it, and not by what loads the result as a library.
            scope: SymbolScope::Linkage,
            weak: false,
            section: SymbolSection::Section(text),
            flags: SymbolFlags::None,
        });
    }
    if !native.code.relocs.is_empty() {
        let data = object.section_id(StandardSection::ReadOnlyData);
        object.set_section_data(data, native.code.data.as_slice(), 16);
        let symbol = object.add_symbol(Symbol {
            name: format!("{}_data", native.prefix()).into_bytes(),
            value: 0,
            size: native.code.data.len() as u64,
            kind: SymbolKind::Data,
            scope: SymbolScope::Compilation,
            weak: false,
            section: SymbolSection::Section(data),
            flags: SymbolFlags::None,
        });
        for reloc in &native.code.relocs {
            let flags = reloc_flags(format, reloc.kind)?;
            let relocation = Relocation { offset: reloc.offset, symbol, addend: reloc.addend, flags };
            object.add_relocation(text, relocation).map_err(|error| Error::Internal(error.to_string()))?;
        }
    }
    if format == BinaryFormat::Elf {
        // Without it a linker makes the stack executable.
        object.add_section(Vec::new(), b".note.GNU-stack".to_vec(), SectionKind::Other);
    }
    object.write().map_err(|error| Error::Internal(error.to_string()))
}

fn reloc_flags(format: BinaryFormat, kind: Reloc) -> Result<RelocationFlags, Error> {
    let of = |elf: u32, macho: (u8, bool), coff: u16| {
        if format == BinaryFormat::MachO {
            RelocationFlags::MachO { r_type: macho.0, r_pcrel: macho.1, r_length: 2 }
        } else if format == BinaryFormat::Coff {
            RelocationFlags::Coff { typ: coff }
        } else {
            RelocationFlags::Elf { r_type: elf }
        }
    };
    if matches!(kind, Reloc::X86PCRel4 | Reloc::X86CallPCRel4) {
        let (kind, encoding) = (RelocationKind::Relative, RelocationEncoding::Generic);
        Ok(RelocationFlags::Generic { kind, encoding, size: 32 })
    } else if kind == Reloc::Aarch64AdrPrelPgHi21 {
        let macho = (macho::ARM64_RELOC_PAGE21, true);
        Ok(of(elf::R_AARCH64_ADR_PREL_PG_HI21, macho, pe::IMAGE_REL_ARM64_PAGEBASE_REL21))
    } else if kind == Reloc::Aarch64AddAbsLo12Nc {
        let macho = (macho::ARM64_RELOC_PAGEOFF12, false);
        Ok(of(elf::R_AARCH64_ADD_ABS_LO12_NC, macho, pe::IMAGE_REL_ARM64_PAGEOFFSET_12A))
    } else {
        Err(Error::Internal(format!("a reference of the kind {kind:?}")))
    }
}
