//! Native code against the same artifact in wasmtime and in V8.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use simc_midend::pipeline::OptLevel;
use simc_native::Options;
use tests::engine::{Engine, NativeEngine, Op, WasmtimeEngine};
use tests::generate;
use tests::inspect::code_bytes;
use tests::subject::Subject;

use super::{micros, ratio};

/// Rounds, of which the fastest counts for each engine.
const ROUNDS: usize = 15;
/// What an engine computes in a round, in numbers of rows.
const NUMBERS: u64 = 3_000_000;

/// Prints a line for each model.
pub(super) fn print(folder: &Path) {
    println!(
        "native code: run time against wasmtime and V8, time of translation, bytes of the module's code and of the machine's"
    );
    println!(
        "{:16} {:>12} {:>12} {:>12} {:>12} {:>8} {:>8} {:>12} {:>9} {:>9}",
        "model", "native", "wasmtime", "V8", "", "/wasmtime", "/V8", "translation", "wasm", "machine"
    );
    let file = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(format!("{name}.xmile"));
        Subject::from_file(&path, OptLevel::O2).expect("the model compiles")
    };
    let made = |text: &str| Subject::from_xmile("made.xmile", text, OptLevel::O2).expect("the model compiles");
    for name in ["teacup", "sir", "predator_prey", "production", "conveyor"] {
        let subject = file(name);
        line(name, &subject, &subject.wasm, folder);
    }
    let world = made(&generate::world::model());
    line("world", &world, &world.wasm, folder);
    for (regions, cohorts) in [(10, 10), (20, 10), (100, 50)] {
        let subject = made(&generate::regions(regions, cohorts));
        let name = format!("{regions} x {cohorts}");
        line(&name, &subject, &subject.wasm, folder);
        line(&format!("{name} SIMD"), &subject, &subject.simd_artifact(), folder);
    }
}

fn line(name: &str, subject: &Subject, wasm: &[u8], folder: &Path) {
    let repetitions = NUMBERS / (subject.module.time.n_steps.max(1) * subject.layout.n_slots).max(1) + 1;
    let path = folder.join("model.wasm");
    std::fs::write(&path, wasm).expect("the artifact can be written");
    let mut native = NativeEngine::new(wasm);
    let mut wasmtime = WasmtimeEngine::new(wasm);
    native.call(Op::Run);
    wasmtime.call(Op::Run);
    assert_eq!(native.rows(), wasmtime.rows(), "{name}: the engines agree");
    let mut best = [Duration::MAX; 3];
    for _ in 0..ROUNDS {
        best[0] = best[0].min(time(repetitions, || native.run()));
        best[1] = best[1].min(time(repetitions, wasmtime.runner()));
        best[2] = best[2].min(in_v8(&path, repetitions));
    }
    let [native, wasmtime, v8] = best.map(|total| total.div_f64(repetitions as f64));
    let (translation, machine) = translation(wasm);
    println!(
        "{name:16} {:>9.3} us {:>9.3} us {:>9.3} us {:>12} {:>8.2} {:>8.2} {:>9.2} ms {:>9} {machine:>9}",
        micros(native),
        micros(wasmtime),
        micros(v8),
        "",
        ratio(native, wasmtime),
        ratio(native, v8),
        micros(translation) / 1e3,
        code_bytes(wasm),
    );
}

fn time(repetitions: u64, mut run: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..repetitions {
        run();
    }
    start.elapsed()
}

/// One process of Node: it runs a while to get warm, then as often as is asked.
pub(super) fn in_v8(artifact: &Path, repetitions: u64) -> Duration {
    const SCRIPT: &str = "const { readFileSync } = require('node:fs');
        const { run } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(process.argv[1]))).exports;
        const n = Number(process.argv[2]);
        const until = process.hrtime.bigint() + 150000000n;
        while (process.hrtime.bigint() < until) run();
        const start = process.hrtime.bigint();
        for (let i = 0; i < n; i++) run();
        console.log(String(process.hrtime.bigint() - start));";
    let output = Command::new("node").args(["--eval", SCRIPT]).arg(artifact).arg(repetitions.to_string()).output();
    let text = String::from_utf8(output.expect("node is installed").stdout).expect("node prints a number");
    Duration::from_nanos(text.trim().parse().expect("nanoseconds"))
}

/// How long the translation to an object takes, and the bytes of the object.
pub(super) fn translation(wasm: &[u8]) -> (Duration, usize) {
    let rounds = (0..5).map(|_| {
        let start = Instant::now();
        let native = simc_native::translate(wasm, &Options::default()).expect("an artifact has native code");
        let object = native.object().expect("code fits an object");
        (start.elapsed(), object.len())
    });
    rounds.min().expect("at least one round")
}
