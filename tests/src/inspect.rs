//! Facts of an artifact that tests count.

use std::ops::Range;

use wasmparser::{KnownCustom, Name, Parser, Payload};

/// Bytes of the code section.
pub fn code_bytes(wasm: &[u8]) -> u64 {
    payloads(wasm).find_map(|payload| match payload {
        Payload::CodeSectionStart { unchecked_range, .. } => Some(length(&unchecked_range)),
        _ => None,
    })
    .unwrap_or(0)
}

/// Bytes of the `name` section.
pub fn name_section_bytes(wasm: &[u8]) -> u64 {
    payloads(wasm).find_map(|payload| match payload {
        Payload::CustomSection(section) if section.name() == "name" => Some(length(&section.range())),
        _ => None,
    })
    .unwrap_or(0)
}

/// Names of functions in the `name` section.
pub fn function_names(wasm: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in payloads(wasm) {
        let Payload::CustomSection(section) = payload else { continue };
        let KnownCustom::Name(reader) = section.as_known() else { continue };
        for subsection in reader {
            if let Name::Function(map) = subsection.expect("an artifact's names are well-formed") {
                names.extend(map.into_iter().map(|naming| naming.expect("well-formed").name.to_owned()));
            }
        }
    }
    names
}

/// Bytes of code of each function, without its size prefix.
pub fn function_sizes(wasm: &[u8]) -> Vec<u64> {
    payloads(wasm).filter_map(|payload| match payload {
        Payload::CodeSectionEntry(body) => Some(length(&body.range())),
        _ => None,
    })
    .collect()
}

fn length(range: &Range<u64>) -> u64 {
    range.end.saturating_sub(range.start)
}

fn payloads(wasm: &[u8]) -> impl Iterator<Item = Payload<'_>> {
    Parser::new(0).parse_all(wasm).map(|payload| payload.expect("an artifact is well-formed"))
}
