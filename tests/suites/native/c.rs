//! C and C++ programs that are compiled and run, where there are compilers.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use sha2::{Digest, Sha256};
use simc_midend::pipeline::OptLevel;
use tests::engine::{Engine, Op, WasmtimeEngine};
use tests::gen_docs::root;
use tests::subject::Subject;

use super::native;
use crate::corpus::simc_binary;
use crate::{models, trial};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        trial("native::c::the_example_of_the_page_prints_what_it_says", example),
        trial("native::c::headers_are_clean_in_c_and_cpp", headers),
        trial("native::c::names_of_models_do_no_harm", hostile_names),
        trial("native::c::a_header_of_another_artifact_does_not_link", another_header),
        trial("native::c::every_model_has_the_artifact_s_bits_under_sanitizers", || every_model(&host())),
        trial("native::c::every_model_has_the_artifact_s_bits_on_aarch64", || every_model(&AARCH64)),
        trial("native::c::valgrind_finds_nothing", valgrind),
    ]
}

/// How programs are compiled and run.
struct Machine {
    triple: Option<&'static str>,
    compiler: &'static str,
    flags: &'static [&'static str],
    runner: &'static [&'static str],
}

/// The machine at hand, with sanitizers.
fn host() -> Machine {
    Machine {
        triple: None,
        compiler: "cc",
        flags: &["-fsanitize=address,undefined", "-fno-sanitize-recover"],
        runner: &[],
    }
}

/// Another one, emulated.
const AARCH64: Machine = Machine {
    triple: Some("aarch64-unknown-linux-gnu"),
    compiler: "aarch64-linux-gnu-gcc",
    flags: &["-static"],
    runner: &["qemu-aarch64"],
};

/// What every header must bear.
const STRICT: [&str; 6] = ["-Wall", "-Wextra", "-Wdouble-promotion", "-Werror", "-pedantic", "-O1"];

pub(super) fn has(program: &str) -> bool {
    let is_there = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_there {
        skip(program);
    }
    is_there
}

#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn skip(program: &str) {
    eprintln!("skipped: there is no `{program}`");
}

pub(super) fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)))
}

pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(folder.join(name), bytes).map_err(|error| format!("{name}: {error}"))
}

pub(super) fn folder() -> Result<tempfile::TempDir, String> {
    tempfile::tempdir().map_err(|error| error.to_string())
}

/// Writes an object and its header.
pub(super) fn put(folder: &Path, wasm: &[u8], triple: Option<&str>, prefix: &str) -> Result<(), String> {
    let native = native(wasm, triple, Some(prefix))?;
    write(folder, &format!("{prefix}.o"), &native.object().map_err(|error| error.to_string())?)?;
    write(folder, &format!("{prefix}.h"), native.header().as_bytes())
}

/// Writes the bindings of an artifact beside its header, and the header of the host, which both use.
pub(super) fn put_bound(folder: &Path, wasm: &[u8], prefix: &str) -> Result<(), String> {
    let bind =
        || simc_native::bindings(wasm, Some(prefix), Sha256::digest(wasm).into()).map_err(|error| error.to_string());
    let bound = bind()?;
    if bind()? != bound {
        return Err("the same artifact has other bindings".to_owned());
    }
    write(folder, &format!("{prefix}_bound.h"), bound.as_bytes())?;
    let host = root().join("runtime-shim/hosts/c/include/simc.h");
    write(folder, "simc.h", &std::fs::read(host).map_err(|error| error.to_string())?)
}

/// The commands, the program and the output that `docs/native.md` shows, done.
fn example() -> Result<(), String> {
    if !has("cc") {
        return Ok(());
    }
    let page = std::fs::read_to_string(root().join("docs/native.md")).map_err(|error| error.to_string())?;
    let block = |language: &str| {
        let start = format!("```{language}\n");
        let rest = page.split_once(&start).ok_or(format!("the page has no block of {language}"))?.1;
        Ok::<_, String>(rest.split_once("```").ok_or("a block has no end")?.0)
    };
    let folder = folder()?;
    let folder = folder.path();
    write(folder, "main.c", block("c")?.as_bytes())?;
    let mut printed = String::new();
    for line in block("sh")?.lines() {
        let words: Vec<&str> = line.trim_start_matches("$ ").split_whitespace().collect();
        let [program, args @ ..] = words.as_slice() else { continue };
        let program = if *program == "simc" { simc_binary()? } else { PathBuf::from(program) };
        let args = args.iter().map(|arg| match arg.strip_prefix("tests/models/") {
            Some(model) => root().join("tests/models").join(model).display().to_string(),
            None => (*arg).to_owned(),
        });
        printed.push_str(&run(Command::new(program).args(args).current_dir(folder))?);
    }
    let expected = block("text")?;
    if printed == expected { Ok(()) } else { Err(format!("the program prints\n{printed}\nthe page says\n{expected}")) }
}

/// Compiles a text that includes headers, as C99 and as C++.
pub(super) fn compile_both(folder: &Path, text: &str) -> Result<(), String> {
    write(folder, "all.c", text.as_bytes())?;
    write(folder, "all.cpp", text.as_bytes())?;
    for (compiler, standard, file) in [("cc", "-std=c99", "all.c"), ("c++", "-std=c++11", "all.cpp")] {
        if has(compiler) {
            let mut command = Command::new(compiler);
            run(command.args(STRICT).args([standard, "-fsyntax-only", file]).current_dir(folder))?;
        }
    }
    Ok(())
}

fn headers() -> Result<(), String> {
    let folder = folder()?;
    let mut text = String::new();
    let mut with_host = "#include \"simc.h\"\n".to_owned();
    for (number, path) in models::models().iter().enumerate() {
        let subject = Subject::from_file(path, OptLevel::O2)?;
        let prefix = format!("m{number}");
        put(folder.path(), &subject.wasm, None, &prefix)?;
        put_bound(folder.path(), &subject.wasm, &prefix)?;
        text.push_str(&format!("#include \"{prefix}.h\"\n"));
        with_host.push_str(&format!("#include \"{prefix}.h\"\n#include \"{prefix}_bound.h\"\n"));
    }
    compile_both(folder.path(), &text)?;
    compile_both(folder.path(), &with_host)
}

fn hostile_names() -> Result<(), String> {
    let mut variables = String::new();
    let names = [
        "int",
        "N SLOTS",
        "n-slots",
        "START",
        "*/ #error gotcha",
        "/* open",
        "??/",
        "größe",
        "日本",
        "a\\nb",
        "&quot;x&quot;",
        "\\\\",
        "%d %s",
        "1",
        "time 2",
        "x &#x202e; y",
        "DIM int FOR",
    ];
    for name in names {
        let quoted = format!("&quot;{name}&quot;").replace("&quot;&quot;", "&quot;");
        let documentation = "<doc>*/ #error \\ ??/ end &#10; line</doc><units>people</units>";
        write!(variables, r#"<aux name="{quoted}"><eqn>1</eqn>{documentation}</aux>"#)
            .map_err(|error| error.to_string())?;
    }
    let text = format!(
        r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><vendor>v</vendor><product version="1">p</product><name>*/ evil "name" \ ??/</name></header><sim_specs time_units="*/ x"><start>0</start><stop>1</stop></sim_specs><dimensions><dim name="int"><elem name="for"/><elem name="N"/><elem name="größe"/></dim></dimensions><model><variables>{variables}<aux name="arr"><dimensions><dim name="int"/></dimensions><eqn>2</eqn></aux></variables></model></xmile>"#
    );
    let subject = Subject::from_xmile("m.xmile", &text, OptLevel::O2)?;
    let folder = folder()?;
    put(folder.path(), &subject.wasm, None, "evil")?;
    compile_both(
        folder.path(),
        "#include \"evil.h\"\nint f(evil *m);\nint f(evil *m) { return evil_set(m, EVIL_ARR_AT(EVIL_DIM_INT_FOR), 1.0); }\n",
    )?;
    put_bound(folder.path(), &subject.wasm, "evil")?;
    compile_both(
        folder.path(),
        "#include \"simc.h\"\n#include \"evil_bound.h\"\ndouble f(void);\ndouble f(void) { return evil_defaults().int_ + evil_defaults().arr[EVIL_DIM_INT_N]; }\n",
    )
}

fn another_header() -> Result<(), String> {
    if !has("cc") {
        return Ok(());
    }
    let folder = folder()?;
    let folder = folder.path();
    let first = super::model("teacup.xmile")?;
    let second = super::model("sir.xmile")?;
    put(folder, &first.wasm, None, "m")?;
    write(folder, "m.h", native(&second.wasm, None, Some("m"))?.header().as_bytes())?;
    write(folder, "main.c", b"#include \"m.h\"\nint main(void) { return m_new() == NULL; }\n")?;
    match run(Command::new("cc").args(["main.c", "m.o", "-o", "main"]).current_dir(folder)) {
        Err(message) if message.contains("m_start_") => Ok(()),
        Err(message) => Err(message),
        Ok(_) => Err("it links".to_owned()),
    }
}

/// A program that runs a model whole, and then again in two halves in memory of its own, and prints the bits of all rows of both.
fn program(prefix: &str) -> String {
    let upper = prefix.to_ascii_uppercase();
    format!(
        "#include \"{prefix}.h\"\n#include <inttypes.h>\n#include <stdio.h>\n\
         static uint64_t sum_{prefix}(const {prefix} *m)\n{{\n    uint64_t hash = 14695981039346656037u;\n    size_t r, s;\n\
             for (r = 0; r < {prefix}_rows(m); r++)\n        for (s = 0; s < {upper}_N_SLOTS; s++) {{\n            \
                 uint64_t bits;\n            double x = {prefix}_at(m, r, (int32_t)s);\n            memcpy(&bits, &x, sizeof bits);\n            \
                 hash = (hash ^ bits) * 1099511628211u;\n        }}\n    return hash;\n}}\n\
         static void test_{prefix}(void)\n{{\n    {prefix} *m = {prefix}_new();\n    void *memory = NULL;\n    {prefix} *n;\n    int status;\n    \
             if (m == NULL || posix_memalign(&memory, {upper}_ALIGN, {prefix}_size()) != 0)\n        exit(1);\n    \
             memset(memory, 0x5a, {prefix}_size());\n    n = {prefix}_init(memory);\n    \
             status = {prefix}_run(m);\n    {prefix}_run_to(n, ({upper}_START + {upper}_STOP) / 2);\n    {prefix}_run_to(n, INFINITY);\n    \
             printf(\"{prefix} %d %zu %016\" PRIx64 \" %016\" PRIx64 \"\\n\", status, {prefix}_rows(m), sum_{prefix}(m), sum_{prefix}(n));\n    \
             fputs({prefix}_message(m), stderr);\n    \
             {prefix}_free(m);\n    free(memory);\n}}\n"
    )
}

/// What such a program prints of an artifact in wasmtime.
fn expected(prefix: &str, wasm: &[u8], subject: &Subject) -> String {
    let time = &subject.model.time;
    let mut sums = Vec::new();
    let mut rows = 0;
    let mut status = 0;
    for ops in [vec![Op::Run], vec![Op::RunTo((time.start + time.stop) / 2.0), Op::RunTo(f64::INFINITY)]] {
        let mut engine = WasmtimeEngine::new(wasm);
        for op in ops {
            engine.call(op);
        }
        let mut hash = 14_695_981_039_346_656_037_u64;
        for number in engine.rows() {
            hash = (hash ^ number.to_bits()).wrapping_mul(1_099_511_628_211);
        }
        sums.push(hash);
        if sums.len() == 1 {
            rows = engine.saved();
            status = if engine.error() == 0 { 0 } else { simc_native::Status::Transport.number() };
        }
    }
    format!("{prefix} {status} {rows} {:016x} {:016x}\n", sums[0], sums[1])
}

/// All models in one program, each with and without SIMD.
fn build_all(folder: &Path, machine: &Machine, only: Option<&[&str]>) -> Result<String, String> {
    let mut calls = String::new();
    let mut expectation = String::new();
    let mut files = Vec::new();
    let mut number = 0;
    for path in models::models() {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if only.is_some_and(|only| !only.contains(&name.as_str())) {
            continue;
        }
        let subject = Subject::from_file(&path, OptLevel::O2)?;
        let mut artifacts = vec![subject.wasm.clone()];
        if !subject.module.axes.is_empty() {
            artifacts.push(subject.simd_artifact());
        }
        for wasm in artifacts {
            let prefix = format!("m{number}");
            number += 1;
            put(folder, &wasm, machine.triple, &prefix)?;
            calls.push_str(&program(&prefix));
            expectation.push_str(&expected(&prefix, &wasm, &subject));
            files.push(format!("{prefix}.o"));
        }
    }
    calls.push_str("int main(void)\n{\n");
    for at in 0..number {
        calls.push_str(&format!("    test_m{at}();\n"));
    }
    calls.push_str("    return 0;\n}\n");
    write(folder, "main.c", format!("#define _POSIX_C_SOURCE 200112L\n{calls}").as_bytes())?;
    let mut command = Command::new(machine.compiler);
    command.args(STRICT).arg("-std=c99").args(machine.flags).arg("main.c").args(files).args(["-o", "main"]);
    run(command.current_dir(folder))?;
    Ok(expectation)
}

fn compare(printed: &str, expected: &str) -> Result<(), String> {
    let differing = printed.lines().zip(expected.lines()).filter(|(a, b)| a != b);
    let faults: Vec<String> = differing.map(|(a, b)| format!("{a}, wasmtime {b}")).collect();
    if faults.is_empty() && printed.len() == expected.len() { Ok(()) } else { Err(faults.join("\n")) }
}

fn every_model(machine: &Machine) -> Result<(), String> {
    if !has(machine.compiler) || !machine.runner.iter().all(|runner| has(runner)) {
        return Ok(());
    }
    let folder = folder()?;
    let expected = build_all(folder.path(), machine, None)?;
    let main = folder.path().join("main").display().to_string();
    let words: Vec<&str> = machine.runner.iter().copied().chain([main.as_str()]).collect();
    compare(&run(Command::new(words[0]).args(&words[1..]))?, &expected)
}

fn valgrind() -> Result<(), String> {
    if !has("cc") || !has("valgrind") {
        return Ok(());
    }
    let machine = Machine { flags: &[], ..host() };
    let folder = folder()?;
    let only = ["teacup", "sir", "array_tables", "conveyor", "conveyor_arrays"];
    let expected = build_all(folder.path(), &machine, Some(&only))?;
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--error-exitcode=9", "--leak-check=full", "./main"]).current_dir(folder.path());
    compare(&run(&mut command)?, &expected)
}
