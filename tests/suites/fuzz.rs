//! The fuzz targets on mutated seeds: what a fuzzer would find first is found by every test run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::trial;

/// A target and the seeds it starts from.
struct Target {
    name: &'static str,
    run: fn(&[u8]),
    seeds: Vec<Vec<u8>>,
    cases: u32,
}

pub(crate) fn trials() -> Vec<Trial> {
    let targets = [
        Target { name: "xmile", run: tests::fuzz::xmile, seeds: files("models", "xmile"), cases: 2000 },
        Target { name: "vensim", run: tests::fuzz::vensim, seeds: vensim_models(), cases: 2000 },
        Target { name: "equation", run: tests::fuzz::equation, seeds: equations(), cases: 4000 },
        Target { name: "sir", run: tests::fuzz::sir, seeds: files("filetests", "sir"), cases: 2000 },
        Target { name: "layout", run: tests::fuzz::layout, seeds: artifacts(), cases: 4000 },
    ];
    targets.into_iter().map(|target| trial(format!("fuzz::{}", target.name), move || run(&target))).collect()
}

fn run(target: &Target) -> Result<(), String> {
    if target.seeds.is_empty() {
        return Err("there are no seeds".to_owned());
    }
    let config = Config { cases: target.cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]));
    let edits = vec((any::<u32>(), any::<u8>(), 0..5u8), 0..8);
    let outcome = runner.run(&(any::<u32>(), edits), |(seed, edits)| {
        let bytes = mutate(&target.seeds[seed as usize % target.seeds.len()], &edits);
        catch_unwind(AssertUnwindSafe(|| (target.run)(&bytes)))
            .map_err(|_| TestCaseError::fail(format!("panicked on {:?}", String::from_utf8_lossy(&bytes))))
    });
    outcome.map_err(|error| error.to_string())
}

/// Replaces, inserts, removes, repeats or cuts.
fn mutate(seed: &[u8], edits: &[(u32, u8, u8)]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for &(place, byte, kind) in edits {
        let at = if bytes.is_empty() { 0 } else { place as usize % bytes.len() };
        match kind {
            0 if !bytes.is_empty() => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            2 if !bytes.is_empty() => drop(bytes.remove(at)),
            3 => {
                let end = bytes.len().min(at + usize::from(byte));
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ if byte < 16 => bytes.truncate(at),
            _ => {}
        }
    }
    bytes
}

fn files(folder: &str, extension: &str) -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(folder).expect("the folder is there");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("a folder can be listed").path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                seeds.push(std::fs::read(path).expect("a test file is readable"));
            }
        }
    }
    seeds
}

fn vensim_models() -> Vec<Vec<u8>> {
    [files("models", "mdl"), files("filetests", "mdl")].concat()
}

fn equations() -> Vec<Vec<u8>> {
    let texts = [
        "IF a > 3 AND NOT b = 2 THEN MAX(a, -b^2) ELSE SMTH1(a, 5)",
        "a + b * (TIME - STARTTIME) MOD 3 // 2 { comment }",
        "PREVIOUS(SELF, 0) + \"quoted name\" + .5e-3 + DELAYN(b, 2, 3, 1)",
        "Module.var[1, *, a:b] + .root + x' + a *.* b",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn artifacts() -> Vec<Vec<u8>> {
    let model = tests::random::model(&[40; 200]);
    let subject = tests::subject::Subject::from_files(
        "seed.xmile",
        &model.text,
        &model.files,
        simc_midend::pipeline::OptLevel::O2,
    )
    .expect("the generator makes valid models");
    let artifact = simc_artifact::read(&subject.wasm).expect("our own artifact");
    let golden = tests::golden::layouts().expect("the models of golden layouts compile");
    let layouts = golden.into_iter().map(|golden| golden.layout).chain([artifact.layout]);
    let encoded = layouts.map(|layout| simc_artifact::encode_layout(&layout));
    encoded.chain([subject.wasm]).collect()
}
