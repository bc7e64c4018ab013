//! A Vensim model of the size of those of climate policy, against C.

use std::path::Path;
use std::time::{Duration, Instant};

use simc::driver::{self, Build, Options};
use simc_midend::pipeline::OptLevel;
use simc_model::files::MemoryFiles;
use simc_model::source::Sources;
use tests::generate::climate::{Climate, climate};
use tests::inspect::code_bytes;

use crate::{ROUNDS, compile_c, micros, race, ratio};

/// Sectors, and regions, of the models that are measured; the first is the size of C-LEARN.
const SIZES: [(usize, usize); 4] = [(95, 40), (95, 400), (1000, 40), (2600, 8)];

/// Prints the report.
pub(crate) fn print(folder: &Path) {
    println!("a Vensim model of sectors and regions: compile time, sizes, and a step in wasmtime against gcc -O2");
    println!(
        "{:12} {:>9} {:>8} {:>7} {:>12} {:>12} {:>11} {:>11} {:>11} {:>6}",
        "size",
        "equations",
        "numbers",
        "lookups",
        "compile time",
        "artifact",
        "code bytes",
        "C step",
        "simc step",
        "ratio"
    );
    for (sectors, regions) in SIZES {
        let made = climate(sectors, regions);
        let (build, time) = compile(&made);
        let size = format!("{sectors} x {regions}");
        let numbers = build.layout.n_slots;
        print!(
            "{size:12} {:>9} {numbers:>8} {:>7} {:>9.1} ms {:>12} {:>11}",
            made.n_equations,
            made.n_lookups,
            micros(time) / 1e3,
            build.wasm.len(),
            code_bytes(&build.wasm)
        );
        if sectors > 95 {
            println!();
            continue;
        }
        let source = folder.join("climate.c");
        std::fs::write(&source, &made.program).expect("the folder can be written to");
        let include = format!("-I{}/benches", env!("CARGO_MANIFEST_DIR"));
        let program = compile_c(&source, &[include], folder);
        let [c, simc, _] = race("climate", &program, [&build.wasm, &build.wasm], 3);
        let n_steps = (build.model.time.n_steps + 1) as f64;
        let each = |time: Duration| time.as_secs_f64() * 1e6 / n_steps;
        println!(" {:>8.2} us {:>8.2} us {:>6.2}", each(c), each(simc), ratio(simc, c));
    }
}

fn compile(made: &Climate) -> (Build, Duration) {
    let rounds = if made.n_equations > 10_000 { 2 } else { ROUNDS };
    let mut best = None::<(Build, Duration)>;
    for _ in 0..rounds {
        let mut files = MemoryFiles::default();
        files.add("drivers.csv", made.drivers.clone().into_bytes());
        let mut sources = Sources::new();
        let root = sources.add("climate.mdl", made.model.clone());
        let start = Instant::now();
        let options = Options { level: OptLevel::O2, ..Options::default() };
        let build = driver::compile(&mut sources, root, &files, &options).expect("the model compiles");
        let time = start.elapsed();
        if best.as_ref().is_none_or(|(_, least)| time < *least) {
            best = Some((build, time));
        }
    }
    best.expect("at least one round")
}
