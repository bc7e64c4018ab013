//! A whole artifact: its layout, and what the module around it is made of.

use wasmparser::{ExternalKind, KnownCustom, Parser, Payload, Validator};

use crate::decode::{DecodeError, Reason, decode_layout};
use crate::export::LAYOUT_SECTION;
use crate::layout::WasmLayout;

/// What is inside an artifact.
#[derive(Clone, Debug, PartialEq)]
pub struct Artifact {
    /// Its description of itself.
    pub layout: WasmLayout,
    /// Sections in order.
    pub sections: Vec<Section>,
    /// Exports in order.
    pub exports: Vec<Export>,
    /// WebAssembly features beyond the first version, as `target_features` names them.
    pub features: Vec<String>,
    /// Who had a hand in it, as `producers` says.
    pub producers: Vec<Producer>,
    /// Bytes of its memory.
    pub memory_bytes: u64,
    /// Bytes of the body of each function.
    pub function_bytes: Vec<u64>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// `type`, `code`, ..., or a custom section's own name.
    pub name: String,
    /// Bytes of its content.
    pub bytes: u64,
}

/// An export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// `func`, `global`, `memory`, ...
    pub kind: &'static str,
}

/// An entry of the `producers` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Producer {
    /// `language`, `processed-by` or `sdk`.
    pub field: String,
    /// Who.
    pub name: String,
    /// Which version.
    pub version: String,
}

/// Reads an artifact.
///
/// # Errors
/// When it is not a valid module with one `simc.layout` section, or that section is not as it should be.
pub fn read(bytes: &[u8]) -> Result<Artifact, DecodeError> {
    Validator::new().validate_all(bytes).map_err(wasm_error)?;
    let mut artifact = Artifact {
        layout: WasmLayout::default(),
        sections: Vec::new(),
        exports: Vec::new(),
        features: Vec::new(),
        producers: Vec::new(),
        memory_bytes: 0,
        function_bytes: Vec::new(),
    };
    let mut n_layouts = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(wasm_error)?;
        artifact.read_payload(&payload).map_err(wasm_error)?;
        if let Payload::CustomSection(section) = &payload
            && section.name() == LAYOUT_SECTION
        {
            let within =
                |error: DecodeError| DecodeError { offset: section.data_offset() as u64 + error.offset, ..error };
            artifact.layout = decode_layout(section.data()).map_err(within)?;
            n_layouts += 1;
        }
    }
    if n_layouts == 1 {
        Ok(artifact)
    } else {
        Err(DecodeError { offset: bytes.len() as u64, reason: Reason::NoLayout })
    }
}

impl Artifact {
    fn read_payload(&mut self, payload: &Payload<'_>) -> wasmparser::Result<()> {
        if let Some((id, range)) = payload.as_section() {
            let custom = if let Payload::CustomSection(section) = payload { Some(section.name()) } else { None };
            let name = custom.unwrap_or(section_name(id)).to_owned();
            self.sections.push(Section { name, bytes: range.len() as u64 });
        }
        if let Payload::ExportSection(exports) = payload {
            for export in exports.clone() {
                let export = export?;
                self.exports.push(Export { name: export.name.to_owned(), kind: kind_name(export.kind) });
            }
        } else if let Payload::MemorySection(memories) = payload {
            for memory in memories.clone() {
                self.memory_bytes += memory?.initial * PAGE;
            }
        } else if let Payload::CodeSectionEntry(body) = payload {
            self.function_bytes.push(body.range().len() as u64);
        } else if let Payload::CustomSection(section) = payload {
            self.read_custom(section)?;
        }
        Ok(())
    }

    fn read_custom(&mut self, section: &wasmparser::CustomSectionReader<'_>) -> wasmparser::Result<()> {
        if section.name() == "target_features" {
            self.features = read_features(section.data()).unwrap_or_default();
        } else if let KnownCustom::Producers(fields) = section.as_known() {
            self.read_producers(fields)?;
        }
        Ok(())
    }

    fn read_producers(&mut self, fields: wasmparser::ProducersSectionReader<'_>) -> wasmparser::Result<()> {
        for field in fields {
            let field = field?;
            for value in field.values {
                let value = value?;
                let [field, name, version] = [field.name, value.name, value.version].map(str::to_owned);
                self.producers.push(Producer { field, name, version });
            }
        }
        Ok(())
    }
}

/// Bytes of a page of memory.
const PAGE: u64 = 65_536;

/// The content of `target_features`: a vector of prefixes, each `+` where the feature is used, and names.
fn read_features(data: &[u8]) -> Option<Vec<String>> {
    let mut reader = wasmparser::BinaryReader::new(data, 0);
    let count = reader.read_var_u32().ok()?;
    let mut features = Vec::new();
    for _ in 0..count {
        let prefix = reader.read_u8().ok()?;
        let name = reader.read_string().ok()?;
        if prefix == b'+' {
            features.push(name.to_owned());
        }
    }
    Some(features)
}

fn wasm_error(error: wasmparser::BinaryReaderError) -> DecodeError {
    DecodeError { offset: error.offset() as u64, reason: Reason::Wasm { message: error.message().to_owned() } }
}

fn kind_name(kind: ExternalKind) -> &'static str {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => "func",
        ExternalKind::Table => "table",
        ExternalKind::Memory => "memory",
        ExternalKind::Global => "global",
        ExternalKind::Tag => "tag",
    }
}

fn section_name(id: u8) -> &'static str {
    const NAMES: [&str; 14] = [
        "custom",
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "start",
        "element",
        "code",
        "data",
        "data count",
        "tag",
    ];
    NAMES.get(usize::from(id)).copied().unwrap_or("unknown")
}
