//! Artifacts that are large, that hold what a host does not know, that are cut short or forged.

use serde_json::{Value, json};
use simc_artifact::DecodeError;
use simc_midend::pipeline::OptLevel;

use super::Artifacts;
use super::call::{Param, Sequence};
use super::player::Compiled;
use crate::subject::Subject;

/// Elements of the array in the large model: more than a row may have slots for each to have an entry of its own.
const MANY: usize = 70_000;

/// How the record of the format begins: its tag, its length, the version.
const FORMAT: [u8; 12] = [1, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 0];

pub(super) fn sequences(artifacts: &mut Artifacts) -> Result<Vec<Sequence>, String> {
    let mut sequences = vec![large(artifacts)?];
    let model = Compiled::from_models("array_stocks.xmile", artifacts)?;
    let wasm = artifacts[&model.artifact].clone();
    let right = |artifact: &str| json!({ "call": "load", "artifact": artifact, "sha256": "right" });
    let name = model.extension.origin.model.clone();
    let loaded = json!({ "name": name, "variables": model.extension.variables.len() });
    sequences.push(
        model.play("loaded by its digest").gives(right(&model.artifact), loaded.clone()).run(&Vec::new())?.done(),
    );
    let other = json!({ "call": "load", "artifact": model.artifact, "sha256": "0".repeat(64) });
    sequences
        .push(model.play("another artifact than was asked for").refused(other, "wrong-artifact", json!({})).done());

    let section = layout_section(&wasm).ok_or("the artifact has no layout")?;
    let extended = with_layout(&wasm, &section, |layout| {
        layout.extend(4_000_000_000u32.to_le_bytes());
        layout.extend(3u32.to_le_bytes());
        layout.extend([1, 2, 3]);
    });
    let extended =
        with_own_digest(extended, &wasm[section.content..section.end]).ok_or("the artifact has no digest")?;
    artifacts.insert("unknown_tag.wasm".to_owned(), extended);
    let unknown = model.play("a record that no host knows").gives(right("unknown_tag.wasm"), loaded);
    sequences.push(unknown.run(&Vec::new())?.done());

    let mut refused = |file: String, bytes: Vec<u8>| {
        let (code, more) = fault(&bytes);
        let call = json!({ "call": "load", "artifact": file });
        sequences.push(model.play(format!("refused: {file}")).refused(call, code, more).done());
        artifacts.insert(file, bytes);
    };
    let layout_len = section.end - section.content;
    for part in 0..24 {
        let at = part * layout_len / 24;
        let cut = with_layout(&wasm, &section, |layout| layout.truncate(at));
        // A section that ends after the core record or between two records is one that says less.
        if simc_artifact::read(&cut).is_err() {
            refused(format!("layout_cut_at_{at}.wasm"), cut);
        }
    }
    for part in [0, 1, 7, wasm.len() / 3, wasm.len() / 2, wasm.len() - 1] {
        refused(format!("file_cut_at_{part}.wasm"), wasm[..part].to_vec());
    }
    let mut patched = |name: &str, offset: usize, bytes: &[u8]| {
        let forged = with_layout(&wasm, &section, |layout| layout[offset..offset + bytes.len()].copy_from_slice(bytes));
        refused(format!("{name}.wasm"), forged);
    };
    patched("rows_without_end", 8, &u64::MAX.to_le_bytes());
    patched("numbers_without_end_and_no_rows", 0, &[(1u64 << 52).to_le_bytes(), [0; 8]].concat());
    patched("entries_without_end", 24, &u32::MAX.to_le_bytes());
    patched("name_without_end", 28, &u32::MAX.to_le_bytes());
    patched("name_that_is_no_text", 32, &[0xff]);
    patched("slot_outside", 36, &(1u64 << 40).to_le_bytes());
    let format =
        wasm[section.content..section.end].windows(12).position(|bytes| bytes == FORMAT).ok_or("there is no format")?;
    let older = with_layout(&wasm, &section, |layout| layout[format + 8] = 1);
    let newer = with_layout(&wasm, &section, |layout| layout[format + 8] = 250);
    let none = wasm[..section.start].iter().chain(&wasm[section.end..]).copied().collect();
    refused("no_layout.wasm".to_owned(), none);
    let twice = [&wasm[..], &wasm[section.start..section.end]].concat();
    refused("two_layouts.wasm".to_owned(), twice);
    for (file, bytes) in [("older_format.wasm", older), ("newer_format.wasm", newer)] {
        let call = json!({ "call": "load", "artifact": file });
        sequences.push(model.play(format!("refused: {file}")).refused(call, "unsupported", json!({})).done());
        artifacts.insert(file.to_owned(), bytes);
    }
    Ok(sequences)
}

/// What a host says of bytes that are no artifact: the byte where it is the description that is at fault.
fn fault(bytes: &[u8]) -> (&'static str, Value) {
    match simc_artifact::read(bytes) {
        Err(DecodeError { offset, reason }) => {
            let is_of_layout = !matches!(reason, simc_artifact::Reason::Wasm { .. } | simc_artifact::Reason::NoLayout);
            ("bad-artifact", if is_of_layout { json!({ "byte": offset }) } else { json!({}) })
        }
        Ok(_) => ("bad-artifact", json!({})),
    }
}

/// A model whose array has one entry for all of its elements.
fn large(artifacts: &mut Artifacts) -> Result<Sequence, String> {
    let text = format!(
        r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0">
<header><name>Large</name></header>
<sim_specs><start>0</start><stop>2</stop><dt>1</dt></sim_specs>
<dimensions><dim name="Cell" size="{MANY}"/></dimensions>
<model><variables>
<aux name="growth"><eqn>0.5</eqn></aux>
<stock name="cells"><dimensions><dim name="Cell"/></dimensions><eqn>Cell</eqn><inflow>growing</inflow></stock>
<flow name="growing"><dimensions><dim name="Cell"/></dimensions><eqn>growth*cells</eqn></flow>
</variables></model></xmile>"#
    );
    let model = Compiled::new("large", Subject::from_xmile("large.xmile", &text, OptLevel::O2)?, artifacts)?;
    let played = model.play("more than 65,536 slots").run(&vec![("growth".to_owned(), Param::Number(0.25))])?;
    let played = played.columns(Some(&["cells[1]", "cells[70000]", "growing[65537]"]))?;
    Ok(played.sim(&Vec::new())?.step("run_to_end")?.value("cells[69999]")?.series("growing[2]")?.done())
}

/// Where a section lies: its first byte, the first of its content after its name, and the end.
struct Section {
    start: usize,
    content: usize,
    end: usize,
}

fn layout_section(wasm: &[u8]) -> Option<Section> {
    let mut at = 8;
    while at < wasm.len() {
        let start = at;
        let (length, from) = leb(wasm, at + 1)?;
        let end = from + length;
        if wasm[start] == 0 {
            let (name, from) = leb(wasm, from)?;
            if wasm.get(from..from + name)? == b"simc.layout" {
                return Some(Section { start, content: from + name, end });
            }
        }
        at = end;
    }
    None
}

/// The artifact with the digest of its layout in its code, as a compiler that writes other records would make it. `before` is the layout
/// of which the code has the digest.
fn with_own_digest(mut wasm: Vec<u8>, before: &[u8]) -> Option<Vec<u8>> {
    let section = layout_section(&wasm)?;
    let own = i64_const(simc_artifact::layout_digest(&wasm[section.content..section.end]));
    let old = i64_const(simc_artifact::layout_digest(before));
    let at = wasm.windows(old.len()).position(|bytes| bytes == old)?;
    wasm[at..at + own.len()].copy_from_slice(&own);
    Some(wasm)
}

/// The instruction that gives a digest, which takes nine bytes whatever it is.
fn i64_const(digest: u64) -> [u8; 10] {
    let mut bytes = [0x42; 10];
    for group in 0..9 {
        bytes[group + 1] = (digest >> (7 * group)) as u8 & 0x7f | if group < 8 { 0x80 } else { 0 };
    }
    bytes
}

/// A number and the place after it.
fn leb(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut value = 0usize;
    for (i, byte) in bytes.get(at..)?.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((value, at + i + 1));
        }
    }
    None
}

/// The artifact with another description.
fn with_layout(wasm: &[u8], section: &Section, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut layout = wasm[section.content..section.end].to_vec();
    change(&mut layout);
    let name = b"simc.layout";
    let mut forged = wasm[..section.start].to_vec();
    forged.push(0);
    let mut length = 1 + name.len() + layout.len();
    while length >= 0x80 {
        forged.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    forged.push(length as u8);
    forged.push(name.len() as u8);
    forged.extend(name);
    forged.extend(layout);
    forged.extend(&wasm[section.end..]);
    forged
}
