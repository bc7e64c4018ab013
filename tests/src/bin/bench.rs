//! `just bench`: artifacts against C programs of the same models, arrays of several sizes, and compile times with their growth.
//! Everything is a ratio within one run; nothing here is a test. Arguments choose among `models`, `arrays`, `climate`, `chains`, `native` and
//! `functions`; `performance` alone writes the table of `docs/performance.md`.
#![expect(clippy::print_stdout, reason = "a report is what this program is for")]

#[path = "bench/climate.rs"]
mod climate;
#[path = "bench/functions.rs"]
mod functions;
#[path = "bench/native.rs"]
mod native;
#[path = "bench/performance.rs"]
mod performance;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use simc::driver::{self, Options};
use simc_ir::module::SlotRole;
use simc_midend::pipeline::OptLevel;
use simc_model::files::NoFiles;
use simc_model::source::Sources;
use tests::engine::{Engine, Op, WasmtimeEngine};
use tests::generate::{self, growth::KINDS};
use tests::inspect::code_bytes;
use tests::subject::Subject;

/// Rounds of each compilation; the fastest counts, since noise only ever adds.
const ROUNDS: usize = 7;

/// Rounds of each race, each of them short: some are left alone by whatever else the machine does.
const RACE_ROUNDS: usize = 60;

/// A part of the report: the argument that asks for it, and what prints it, with a folder for programs.
type Report = (&'static str, fn(&Path));

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let reports: [Report; 6] = [
        ("models", print_models),
        ("arrays", print_arrays),
        ("climate", climate::print),
        ("chains", print_chains),
        ("native", native::print),
        ("functions", functions::print),
    ];
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    if wanted.iter().any(|wanted| wanted == "performance") {
        return performance::print(folder.path());
    }
    for (name, print) in reports {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            print(folder.path());
            println!();
        }
    }
}

fn print_models(folder: &Path) {
    println!("run time in wasmtime against gcc -O2, every variable saved at every save step");
    println!("{:16} {:>12} {:>12} {:>8}", "model", "C", "simc", "ratio");
    for name in ["teacup", "sir", "predator_prey", "production"] {
        let [c, simc] = race_model(name, folder);
        println!("{name:16} {:>9.3} us {:>9.3} us {:>8.2}", micros(c), micros(simc), ratio(simc, c));
    }
}

/// Parts of each kind, one size after the other.
const SIZES: [usize; 4] = [100, 1_000, 10_000, 40_000];

fn print_chains(_: &Path) {
    println!(
        "compile time by kinds of parts, model text to artifact, in milliseconds; growth per decade (10 = linear)"
    );
    print!("{:26}", "parts");
    SIZES.iter().for_each(|n| print!(" {n:>10}"));
    println!("   growth");
    for kind in KINDS {
        let times = SIZES.map(|n| compile_time(&(kind.shape)(n)));
        print!("{:26}", kind.name);
        times.iter().for_each(|&time| print!(" {:>10.2}", micros(time) / 1e3));
        for (sizes, times) in SIZES.windows(2).zip(times.windows(2)) {
            let decades = (sizes[1] as f64 / sizes[0] as f64).log10();
            print!(" {:>6.1}", ratio(times[1], times[0]).powf(1.0 / decades));
        }
        println!();
    }
}

/// Regions and cohorts of the arrays that are measured.
const ARRAYS: [(usize, usize); 3] = [(10, 10), (100, 50), (1000, 100)];

fn print_arrays(folder: &Path) {
    println!(
        "arrays of regions x cohorts: nanoseconds for each element and step in wasmtime against gcc -O2, every tenth step saved, without SIMD and with it"
    );
    println!(
        "{:12} {:>9} {:>9} {:>9} {:>7} {:>11} {:>9} {:>7} {:>11} {:>12}",
        "size", "elements", "C", "simc", "ratio", "code bytes", "SIMD", "ratio", "code bytes", "compile time"
    );
    for (regions, cohorts) in ARRAYS {
        let size = format!("{regions} x {cohorts}");
        let text = generate::regions(regions, cohorts);
        let subject = Subject::from_xmile("regions.xmile", &text, OptLevel::O2).expect("the model compiles");
        let n_elements = computed_elements(&subject);
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/regions.c");
        let defines = [format!("-DREGIONS={regions}"), format!("-DCOHORTS={cohorts}")];
        let program = compile_c(&source, &defines, folder);
        let n_steps = subject.module.time.n_steps + 1;
        let simd_artifact = subject.simd_artifact();
        let repetitions = 2_000_000 / (n_steps * n_elements) + 1;
        let [c, simc, simd] = race(&size, &program, [&subject.wasm, &simd_artifact], repetitions);
        let each = |time: Duration| time.as_secs_f64() * 1e9 / (n_steps * n_elements) as f64;
        println!(
            "{size:12} {n_elements:>9} {:>6.3} ns {:>6.3} ns {:>7.2} {:>11} {:>6.3} ns {:>7.2} {:>11} {:>9.1} ms",
            each(c),
            each(simc),
            ratio(simc, c),
            code_bytes(&subject.wasm),
            each(simd),
            ratio(simd, c),
            code_bytes(&simd_artifact),
            micros(compile_time(&text)) / 1e3
        );
    }
}

/// Numbers that change from step to step.
fn computed_elements(subject: &Subject) -> u64 {
    let changes = |role| matches!(role, SlotRole::Stock | SlotRole::Output);
    let slots = subject.module.slots.iter().filter(|(_, data)| changes(data.role));
    slots.map(|(slot, _)| subject.module.slot_len(slot)).sum()
}

/// Time of one run of a model in `tests/models` in C and in the artifact.
fn race_model(name: &str, folder: &Path) -> [Duration; 2] {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = compile_c(&tests.join("benches").join(format!("{name}.c")), &[], folder);
    let model = tests.join("models").join(format!("{name}.xmile"));
    let text = std::fs::read_to_string(&model).expect("the model is readable");
    let subject = Subject::from_xmile(name, &text, OptLevel::O3).expect("the model compiles");
    let repetitions = 2_000_000 / (subject.module.time.n_steps.max(1) * subject.layout.n_slots).max(1) + 10;
    let [c, simc, _] = race(name, &program, [&subject.wasm, &subject.wasm], repetitions);
    [c, simc]
}

/// Time of one run in C and in two artifacts.
fn race(name: &str, program: &Path, artifacts: [&[u8]; 2], repetitions: u64) -> [Duration; 3] {
    let mut engines = artifacts.map(WasmtimeEngine::new);
    for engine in &mut engines {
        engine.call(Op::Run);
        compare_last_rows(name, program, &engine.live());
    }
    let mut best = [Duration::MAX; 3];
    for _ in 0..RACE_ROUNDS {
        best[0] = best[0].min(run_c(program, repetitions).0);
        for (best, engine) in best[1..].iter_mut().zip(&mut engines) {
            let mut run = engine.runner();
            let start = Instant::now();
            for _ in 0..repetitions {
                run();
            }
            *best = (*best).min(start.elapsed());
        }
    }
    best.map(|total| total.div_f64(repetitions as f64))
}

fn compile_c(source: &Path, defines: &[String], folder: &Path) -> PathBuf {
    let program = folder.join(source.file_stem().expect("a source has a name"));
    let status = Command::new("gcc").args(["-O2", "-o"]).arg(&program).args(defines).arg(source).arg("-lm").status();
    assert!(status.expect("gcc is installed").success(), "{} compiles", source.display());
    program
}

/// Runs the program: its first line is the seconds that all repetitions took, its second the last row.
fn run_c(program: &Path, repetitions: u64) -> (Duration, Vec<f64>) {
    let output = Command::new(program).arg(repetitions.to_string()).output().expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("the program prints numbers");
    let mut lines = text.lines();
    let seconds: f64 = lines.next().and_then(|line| line.parse().ok()).expect("seconds");
    let row = lines.next().expect("a row").split_whitespace();
    (Duration::from_secs_f64(seconds), row.map(|number| number.parse().expect("a number")).collect())
}

/// Both programs compute the same model: every number of the C program's last row is in ours.
fn compare_last_rows(name: &str, program: &Path, live: &[f64]) {
    for expected in run_c(program, 1).1 {
        let close = |value: &f64| (value - expected).abs() <= 1e-9 * expected.abs().max(1e-9);
        assert!(live.iter().any(close), "{name}: the C program ends with {expected}, the artifact with {live:?}");
    }
}

fn compile_time(text: &str) -> Duration {
    let rounds = if text.len() > 500_000 { 2 } else { ROUNDS };
    let times = (0..rounds).map(|_| {
        let mut sources = Sources::new();
        let root = sources.add("model.xmile", text.to_owned());
        let start = Instant::now();
        let options = Options { level: OptLevel::O2, ..Options::default() };
        assert!(driver::compile(&mut sources, root, &NoFiles, &options).is_ok(), "the model compiles");
        start.elapsed()
    });
    times.min().expect("at least one round")
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64().max(1e-12)
}
