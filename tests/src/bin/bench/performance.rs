//! One table of run times as Markdown: each model's artifact in V8 and in wasmtime, as native code and through C, and a program in C.
//! What is measured is taken in turns, round by round, and the fastest round counts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use simc::driver::{self, Options};
use simc_ir::module::{FuncRole, Module};
use simc_ir::opcode::Opcode;
use simc_model::files::NoFiles;
use simc_model::source::Sources;
use tests::engine::{Engine, NativeEngine, Op, WasmtimeEngine};
use tests::generate::{self, delays, world};
use tests::subject::Subject;

use super::native::{in_v8, translation};
use super::{compare_last_rows, micros, run_c};

/// Rounds, of which the fastest counts for each engine.
const ROUNDS: usize = 12;
/// What an engine computes in a round, in numbers of rows.
const NUMBERS: u64 = 10_000_000;
/// Flags of the C compiler for the two columns.
const FLAGS: [&[&str]; 2] = [&["-O2"], &["-O3", "-march=native", "-ffp-contract=off"]];

/// A model, and the same in C where there is such a program.
struct Case {
    name: &'static str,
    text: String,
    options: Options,
    c: Option<(String, Vec<String>)>,
}

/// Writes `docs/performance.md`.
pub(super) fn print(folder: &Path) {
    let limits = Limits::measure(folder);
    let mut text = head(&limits);
    for case in cases() {
        let line = line(&case, &limits, folder);
        println!("{line}");
        writeln!(text, "{line}").expect("writing to a string");
    }
    text.push_str(TAIL);
    let path = root().join("docs/performance.md");
    std::fs::write(&path, text).expect("the page can be written");
    println!("written to {}", path.display());
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package lies in the project").to_owned()
}

fn cases() -> Vec<Case> {
    let benches = benches();
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let file = |name: &'static str, has_c: bool| Case {
        name,
        text: std::fs::read_to_string(models.join(format!("{name}.xmile"))).expect("the model is readable"),
        options: Options::default(),
        c: has_c.then(|| {
            let text = std::fs::read_to_string(benches.join(format!("{name}.c"))).expect("the program is readable");
            (text, Vec::new())
        }),
    };
    let regions = |name: &'static str, regions: usize, cohorts: usize, simd: bool| Case {
        name,
        text: generate::regions(regions, cohorts),
        options: Options { simd, ..Options::default() },
        c: Some((
            std::fs::read_to_string(benches.join("regions.c")).expect("the program is readable"),
            vec![format!("-DREGIONS={regions}"), format!("-DCOHORTS={cohorts}")],
        )),
    };
    let world = |name: &'static str, outputs: Option<Vec<String>>| Case {
        name,
        text: world::model(),
        c: Some((world::c_program(outputs.is_none()), Vec::new())),
        options: Options { outputs, ..Options::default() },
    };
    vec![
        file("teacup", true),
        file("sir", true),
        file("predator_prey", true),
        file("production", true),
        world("world, all variables", None),
        world("world, five outputs", Some(world::FIVE.map(str::to_owned).to_vec())),
        regions("regions 10 x 10", 10, 10, false),
        regions("regions 20 x 10", 20, 10, false),
        regions("regions 20 x 10, SIMD", 20, 10, true),
        regions("regions 100 x 50", 100, 50, false),
        regions("regions 100 x 50, SIMD", 100, 50, true),
        file("conveyor", false),
        Case {
            name: "200 delays",
            text: delays::model(),
            options: Options::default(),
            c: Some((delays::c_program(), Vec::new())),
        },
    ]
}

/// The line of a model.
fn line(case: &Case, limits: &Limits, folder: &Path) -> String {
    let subject = Subject::with_options("model.xmile", &case.text, &case.options).expect("the model compiles");
    let rows = subject.layout.n_rows;
    let repetitions = NUMBERS / (subject.module.time.n_steps.max(1) * subject.layout.n_slots).max(1) + 1;
    let artifact = folder.join("model.wasm");
    std::fs::write(&artifact, &subject.wasm).expect("the artifact can be written");
    let mut native = NativeEngine::new(&subject.wasm);
    let mut wasmtime = WasmtimeEngine::new(&subject.wasm);
    native.call(Op::Run);
    wasmtime.call(Op::Run);
    assert_eq!(native.rows(), wasmtime.rows(), "{}: the engines agree", case.name);
    let programs = case.c.as_ref().map(|(text, defines)| FLAGS.map(|flags| compile_c(text, defines, flags, folder)));
    if let Some([program, _]) = &programs {
        compare_last_rows(case.name, program, &wasmtime.live());
    }
    let (object, through_c) = (object(&subject.wasm, folder), through_c(&artifact, folder));
    let mut best = [Duration::MAX; 6];
    for _ in 0..ROUNDS {
        best[0] = best[0].min(in_v8(&artifact, repetitions));
        best[1] = best[1].min(time(repetitions, wasmtime.runner()));
        best[2] = best[2].min(run_c(&object, repetitions).0);
        if let Some(program) = &through_c {
            best[3] = best[3].min(run_c(program, repetitions).0);
        }
        for (program, best) in programs.iter().flatten().zip(&mut best[4..]) {
            *best = (*best).min(run_c(program, repetitions).0);
        }
    }
    let times = best.map(|total| (total < Duration::MAX).then(|| micros(total) / repetitions as f64));
    let [compile, translate] = [compile_time(case), translation(&subject.wasm).0].map(|time| micros(time) / 1e3);
    let steps = (subject.module.time.n_steps + 1) as f64;
    let [divisions, stored] = [
        steps * operations(&subject.module) * limits.division / 1e3,
        (rows * subject.layout.n_slots * 8) as f64 / limits.bytes_per_nanosecond / 1e3,
    ];
    let cells = times.map(|time| time.map_or("-".to_owned(), |time| format!("{time:.3}")));
    let against = match (times[0], times[5]) {
        (Some(v8), Some(c)) => format!("{:.2}", c / v8),
        _ => "-".to_owned(),
    };
    format!(
        "| {} | {} | {against} | {divisions:.3} | {stored:.3} | {} | {} | {} |",
        case.name,
        cells.join(" | "),
        compile_cell(compile),
        compile_cell(translate),
        subject.wasm.len()
    )
}

/// Milliseconds; what a compiler without optimisation takes says nothing.
fn compile_cell(milliseconds: f64) -> String {
    if cfg!(debug_assertions) { "-".to_owned() } else { format!("{milliseconds:.2}") }
}

/// Divisions and square roots of a step outside of loops.
fn operations(module: &Module) -> f64 {
    let role = if module.time.save_every > 1 && module.parts(FuncRole::Step).next().is_some() {
        FuncRole::Step
    } else {
        FuncRole::Row
    };
    let funcs = module.parts(role).map(|func| &module.funcs[func]);
    let count = |opcode| matches!(opcode, Opcode::Fdiv | Opcode::Fsqrt);
    funcs
        .map(|func| func.blocks[func.entry].insts.iter().filter(|&&inst| count(func.insts[inst].opcode)).count() as f64)
        .sum()
}

fn time(repetitions: u64, mut run: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..repetitions {
        run();
    }
    start.elapsed()
}

fn compile_time(case: &Case) -> Duration {
    let times = (0..super::ROUNDS).map(|_| {
        let mut sources = Sources::new();
        let root = sources.add("model.xmile", case.text.clone());
        let start = Instant::now();
        assert!(driver::compile(&mut sources, root, &NoFiles, &case.options).is_ok(), "the model compiles");
        start.elapsed()
    });
    times.min().expect("at least one round")
}

fn compile_c(text: &str, defines: &[String], flags: &[&str], folder: &Path) -> PathBuf {
    let (source, program) = (folder.join("program.c"), folder.join(format!("program{}", flags[0])));
    std::fs::write(&source, text).expect("the program can be written");
    let mut gcc = Command::new("gcc");
    gcc.args(flags).arg("-I").arg(benches()).args(defines).arg("-o").arg(&program).arg(&source).arg("-lm");
    assert!(gcc.status().expect("gcc is installed").success(), "the program compiles");
    program
}

/// A program that runs an instance as often as its argument says, and prints the seconds that this took, and no row.
fn loop_around(header: &str, instance: &str, run: &str) -> String {
    format!(
        "#include \"{header}\"\n#include \"bench.h\"\n\
         int main(int argc, char **argv) {{\n\
         long n = argc > 1 ? atol(argv[1]) : 1;\n\
         {instance}\n\
         double start = seconds();\n\
         while (seconds() - start < WARM_UP) {run}\n\
         start = seconds();\n\
         for (long i = 0; i < n; i++) {run}\n\
         printf(\"%.9f\\n0\\n\", seconds() - start);\n\
         return 0; }}\n"
    )
}

/// Where the programs in C and what they share are.
fn benches() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches")
}

/// The object of the artifact for this processor, linked with a loop around `run`.
fn object(wasm: &[u8], folder: &Path) -> PathBuf {
    let options = simc_native::Options {
        cpu: simc_native::Cpu::host(),
        prefix: Some("object".to_owned()),
        ..simc_native::Options::default()
    };
    let native = simc_native::translate(wasm, &options).expect("an artifact is translated");
    let [main, object, program] = ["object_main.c", "object.o", "object"].map(|name| folder.join(name));
    std::fs::write(&object, native.object().expect("there is an object")).expect("the object can be written");
    std::fs::write(folder.join("object.h"), native.header()).expect("the header can be written");
    let text = loop_around("object.h", "object *model = object_new();", "object_run(model);");
    std::fs::write(&main, text).expect("the program can be written");
    let gcc =
        Command::new("gcc").args(["-O2", "-I"]).arg(benches()).arg("-o").arg(&program).arg(&main).arg(&object).status();
    assert!(gcc.expect("gcc is installed").success(), "the object links");
    program
}

/// The artifact as a C program, where `wasm2c` is installed: its own C at -O2, and a loop around `run`.
fn through_c(artifact: &Path, folder: &Path) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    let wasm2c = std::env::split_paths(&paths).map(|path| path.join("wasm2c")).find(|path| path.is_file())?;
    let prefix = wasm2c.parent()?.parent()?;
    let (source, main, program) = (folder.join("model.c"), folder.join("main.c"), folder.join("through_c"));
    let made = Command::new(&wasm2c).arg(artifact).arg("-o").arg(&source).status().ok()?;
    let instance =
        "static Z_model_instance_t model; wasm_rt_init(); Z_model_init_module(); Z_model_instantiate(&model);";
    std::fs::write(&main, loop_around("model.h", instance, "Z_modelZ_run(&model);")).ok()?;
    let runtime = prefix.join("share/wabt/wasm2c");
    let mut gcc = Command::new("gcc");
    gcc.args(["-O2", "-w", "-I"]).arg(prefix.join("include")).arg("-I").arg(&runtime).arg("-I").arg(benches());
    gcc.arg("-o").arg(&program);
    gcc.arg(&main).arg(&source).arg(runtime.join("wasm-rt-impl.c")).arg("-lm");
    (made.success() && gcc.status().ok()?.success()).then_some(program)
}

/// What the machine can do at most.
struct Limits {
    /// Nanoseconds from one independent division to the next.
    division: f64,
    /// Bytes that it stores.
    bytes_per_nanosecond: f64,
}

impl Limits {
    /// By a program in C, which is as fast however this one is compiled.
    fn measure(folder: &Path) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/limits.c");
        let text = std::fs::read_to_string(source).expect("the program is readable");
        let program = compile_c(&text, &[], FLAGS[0], folder);
        let output = Command::new(program).output().expect("the program runs");
        let text = String::from_utf8(output.stdout).expect("the program prints numbers");
        let mut numbers = text.lines().map(|line| line.parse().expect("a number"));
        let mut next = || numbers.next().expect("two numbers");
        Self { division: next(), bytes_per_nanosecond: next() }
    }
}

fn first_line(program: &str, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or("?").to_owned()
}

fn head(limits: &Limits) -> String {
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": ?");
    format!(
        "# Performance\n\n\
         Written by `just performance`. Times are microseconds for one run, the fastest of {ROUNDS} rounds in which everything takes its turn,\n\
         after it has run for a while;\n\
         compile times are milliseconds, and `-` where the program that measured was not optimised itself. Read ratios, not times: machines differ and are shared.\n\n\
         - Processor{}; Node {}; {}.\n\
         - *V8*, *wasmtime*: the artifact at `-O2` in these engines. *native*: as an [object](native.md) for this processor, in a program in C.\n\
         \x20 *wasm2c*: the same artifact turned into C and compiled with `gcc -O2`.\n\
         - *C -O2* and *C -O3*: the model written in C as one would by hand, or as a translator would; the latter is\n\
         \x20 `gcc -O3 -march=native -ffp-contract=off`. *ahead* says how many times as fast as the latter the artifact in V8 is.\n\
         - *divisions*: what the divisions and square roots of all steps take at least, outside of loops, one at a time: {:.2} ns each.\n\
         \x20 *rows*: what it takes to store the rows at {:.1} GB/s. Neither can be undercut without changing bits, but that two divisions\n\
         \x20 fit one instruction of SIMD.\n\n\
         | model | V8 | wasmtime | native | wasm2c | C -O2 | C -O3 | ahead | divisions | rows | compile | to native | bytes |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
        processor.trim_start_matches(['\t', ' ']),
        first_line("node", "--version"),
        first_line("gcc", "--version"),
        limits.division,
        limits.bytes_per_nanosecond,
    )
}

const TAIL: &str = "\nModels that stand in no row of `tests/models` are generated: `world` (`tests/src/generate/world.rs`) has the size of those that \
the seventies\nwrote, 36 stocks and 24 delays, 250 flows and auxiliaries, 55 of them graphical functions; *regions* are arrays, of which every tenth step \
is saved.\n";
