//! Facts of an artifact that tests count.

use std::ops::Range;

use wasmparser::{FunctionBody, KnownCustom, Name, Parser, Payload};

/// Bytes of the code section.
pub fn code_bytes(wasm: &[u8]) -> u64 {
    let code = |payload| {
        if let Payload::CodeSectionStart { range, .. } = payload { Some(range) } else { None }
    };
    payloads(wasm).find_map(code).map_or(0, |range| length(&range))
}

/// Bytes of the `name` section.
pub fn name_section_bytes(wasm: &[u8]) -> u64 {
    let custom = |payload| if let Payload::CustomSection(section) = payload { Some(section) } else { None };
    let mut sections = payloads(wasm).filter_map(custom);
    sections.find(|section| section.name() == "name").map_or(0, |section| length(&section.range()))
}

/// Names of functions in the `name` section.
pub fn function_names(wasm: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in payloads(wasm) {
        let Payload::CustomSection(section) = payload else { continue };
        let KnownCustom::Name(reader) = section.as_known() else { continue };
        for subsection in reader {
            if let Name::Function(map) = subsection.expect(WELL_FORMED) {
                names.extend(map.into_iter().map(|naming| naming.expect(WELL_FORMED).name.to_owned()));
            }
        }
    }
    names
}

/// Bytes of code of each function, without its size prefix.
pub fn function_sizes(wasm: &[u8]) -> Vec<u64> {
    bodies(wasm).map(|body| length(&body.range())).collect()
}

/// How many locals each function has, its parameters not counted.
pub fn function_locals(wasm: &[u8]) -> Vec<u64> {
    let count = |body: FunctionBody<'_>| {
        let runs = body.get_locals_reader().expect(WELL_FORMED).into_iter();
        runs.map(|run| u64::from(run.expect(WELL_FORMED).0)).sum()
    };
    bodies(wasm).map(count).collect()
}

const WELL_FORMED: &str = "an artifact is well-formed";

fn length(range: &Range<usize>) -> u64 {
    range.len() as u64
}

fn bodies(wasm: &[u8]) -> impl Iterator<Item = FunctionBody<'_>> {
    payloads(wasm).filter_map(|payload| if let Payload::CodeSectionEntry(body) = payload { Some(body) } else { None })
}

fn payloads(wasm: &[u8]) -> impl Iterator<Item = Payload<'_>> {
    Parser::new(0).parse_all(wasm).map(|payload| payload.expect(WELL_FORMED))
}
