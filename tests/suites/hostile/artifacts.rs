//! Artifacts that are damaged, or that lie about themselves.

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;
use simc_artifact::{WasmLayout, encode_layout};

use super::sandbox::Sandbox;
use crate::trial;

/// Bytes from one cut to the next: an odd number, so that cuts fall into every kind of place.
const STRIDE: usize = 97;

/// The name of the section, which its length, one byte, goes ahead of.
const LAYOUT_SECTION: &[u8] = b"simc.layout";

pub(super) fn trials() -> Vec<Trial> {
    vec![
        trial("hostile::artifacts::truncated", truncated),
        trial("hostile::artifacts::a_layout_that_lies", lying),
        trial("hostile::artifacts::a_layout_that_is_cut", cut_layouts),
    ]
}

/// A sandbox, and the bytes of a good artifact.
fn artifact() -> Result<(Sandbox, Vec<u8>), String> {
    let sandbox = Sandbox::new()?;
    sandbox.write("model.xmile", tests::generate::wrap("<aux name=\"a\"><eqn>TIME * 2</eqn></aux>").as_bytes())?;
    sandbox.simc(&["build", "model.xmile", "-o", "good.wasm"])?.is_accepted()?;
    let wasm = fs::read(sandbox.path("good.wasm")).map_err(|error| error.to_string())?;
    Ok((sandbox, wasm))
}

fn truncated() -> Result<(), String> {
    let (sandbox, wasm) = artifact()?;
    for end in (0..wasm.len()).step_by(STRIDE) {
        sandbox.write("bad.wasm", &wasm[..end])?;
        for arguments in [&["run", "bad.wasm", "-o", "out.csv"][..], &["inspect", "bad.wasm"]] {
            sandbox.simc(arguments)?.is_refused(1, "error").map_err(|fault| format!("cut at {end}: {fault}"))?;
        }
    }
    Ok(())
}

/// Changes what an artifact says of itself.
type Lie = fn(&mut WasmLayout);

/// A lie is refused, or the truth that the module knows from elsewhere is reported.
fn lying() -> Result<(), String> {
    let (sandbox, wasm) = artifact()?;
    let honest = simc_artifact::read(&wasm).map_err(|error| error.to_string())?.layout;
    sandbox.simc(&["run", "good.wasm", "-o", "good.csv"])?.is_accepted()?;
    let truth = numbers(&sandbox.path("good.csv"))?;
    let lies: [(&str, Lie); 7] = [
        ("slots", |layout| layout.n_slots = u64::MAX),
        ("a few more slots", |layout| layout.n_slots += 3),
        ("rows", |layout| layout.n_chunks = u64::MAX / 8),
        ("a few more rows", |layout| layout.n_chunks += 1),
        ("results", |layout| layout.results_offset = u64::MAX - 7),
        ("a slot", |layout| layout.entries[0].slot = u64::MAX),
        ("a name", |layout| layout.entries[1].name = "\u{1b}[2J".repeat(1000)),
    ];
    for (name, lie) in lies {
        let mut layout = honest.clone();
        lie(&mut layout);
        sandbox.write("bad.wasm", &with_layout(&wasm, &encode_layout(&layout)))?;
        let fault = |fault: String| format!("{name}: {fault}");
        let inspected = sandbox.simc(&["inspect", "bad.wasm"])?;
        if inspected.status != Some(0) {
            inspected.is_refused(1, "error").map_err(fault)?;
        }
        let run = sandbox.simc(&["run", "bad.wasm", "-o", "out.csv"])?;
        if run.status != Some(0) {
            run.is_refused(1, "error").map_err(fault)?;
        } else if numbers(&sandbox.path("out.csv"))? != truth {
            return Err(fault("the run gives other numbers".to_owned()));
        }
        drop(fs::remove_file(sandbox.path("out.csv")));
    }
    Ok(())
}

/// A table of results without its titles.
fn numbers(path: &Path) -> Result<Vec<String>, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    Ok(text.lines().skip(1).map(str::to_owned).collect())
}

fn cut_layouts() -> Result<(), String> {
    let (sandbox, wasm) = artifact()?;
    let layout = encode_layout(&simc_artifact::read(&wasm).map_err(|error| error.to_string())?.layout);
    for end in (0..layout.len()).step_by(STRIDE) {
        sandbox.write("bad.wasm", &with_layout(&wasm, &layout[..end]))?;
        for arguments in [&["run", "bad.wasm", "-o", "out.csv"][..], &["inspect", "bad.wasm"]] {
            sandbox.simc(arguments)?.is_refused(1, "error").map_err(|fault| format!("cut at {end}: {fault}"))?;
        }
    }
    Ok(())
}

/// The module with another `simc.layout`.
fn with_layout(wasm: &[u8], layout: &[u8]) -> Vec<u8> {
    let (header, mut rest) = wasm.split_at(8);
    let mut module = header.to_vec();
    while let Some((&id, behind)) = rest.split_first() {
        let (len, behind) = read_leb(behind);
        let (content, behind) = behind.split_at(len);
        let is_layout = id == 0 && content[1..].starts_with(LAYOUT_SECTION);
        let replaced = [&content[..1], LAYOUT_SECTION, layout].concat();
        let content = if is_layout { &replaced } else { content };
        module.push(id);
        write_leb(&mut module, content.len());
        module.extend_from_slice(content);
        rest = behind;
    }
    module
}

/// An unsigned LEB128, and what is after it.
fn read_leb(bytes: &[u8]) -> (usize, &[u8]) {
    let len = bytes.iter().position(|byte| byte & 0x80 == 0).expect("a section has a length") + 1;
    let value = bytes[..len].iter().rev().fold(0, |value, &byte| value << 7 | usize::from(byte & 0x7f));
    (value, &bytes[len..])
}

fn write_leb(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
