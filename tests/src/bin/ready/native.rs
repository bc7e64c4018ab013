//! The host for C: its warnings, its example, bindings, and the vectors in native code and in what wasm2c makes of artifacts.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, thread};

use super::go::write;
use super::javascript::{artifacts, programs};
use super::{has, install_package, root, run_in};

/// What every part must bear.
const STRICT: [&str; 5] = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"];
/// What code of wasm2c is compiled with.
const NO_CONTRACT: [&str; 2] = ["-ffp-contract=off", "-DSIMC_NO_CONTRACT"];

/// Artifacts with code by their names: those that can be read at all.
pub(super) fn code_of(artifacts: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let entries = fs::read_dir(artifacts).map_err(|error| format!("{}: {error}", artifacts.display()))?;
    let mut all = Vec::new();
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let wasm = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if simc_artifact::read(&wasm).is_ok() {
            all.push((stem, path));
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

/// The artifact of a model that is `sir` with another equation, in a folder: nothing of its size tells it from that of `sir`.
pub(super) fn another(folder: &Path) -> Result<PathBuf, String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let model = root().join("tests/models/sir.xmile");
    let text = fs::read_to_string(&model).map_err(|error| format!("{}: {error}", model.display()))?;
    write(&folder.join("another.xmile"), &text.replace("Infectious / Duration", "Infectious / Duration / 2"))?;
    run_in(folder, Command::new(programs().join("simc")).args(["build", "another.xmile", "-o", "another.wasm"]))?;
    Ok(folder.join("another.wasm"))
}

/// A model whose names are whatever a language may trip over.
const HOSTILE: &str = r#"<xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"><header><vendor>v</vendor><product version="1">p</product><name>*/ evil "name" \u000a ${x} ??/</name></header>
<sim_specs time_units="day"><start>0</start><stop>1</stop></sim_specs>
<dimensions><dim name="int"><elem name="for"/><elem name="N"/><elem name="größe"/></dim><dim name="Params"><elem name="class"/></dim></dimensions>
<model><variables>NAMES<aux name="arr"><dimensions><dim name="int"/></dimensions><eqn>2</eqn></aux>
<stock name="level"><eqn>1</eqn><inflow>growth</inflow></stock><flow name="growth"><eqn>arr[for]</eqn></flow></variables></model></xmile>"#;
/// Names of its constants.
const NAMES: [&str; 27] = [
    "int",
    "class",
    "func",
    "Params",
    "Load",
    "Entries",
    "map",
    "simc",
    "N SLOTS",
    "START",
    "*/ #error gotcha",
    "/* open",
    "??/",
    "größe",
    "日本",
    "a\\nb",
    "&quot;x&quot;",
    "\\\\",
    "\\u0022 + x",
    "%d %s",
    "1",
    "time 2",
    "x &#x202e; y",
    "Double",
    "String",
    "toMap",
    "put0",
];

/// The artifact of that model, in a folder.
pub(super) fn hostile(folder: &Path) -> Result<PathBuf, String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names = String::new();
    for name in NAMES {
        let quoted = format!("&quot;{name}&quot;").replace("&quot;&quot;", "&quot;");
        let about = "<doc>*/ #error \\ \\u000a @x {@y &lt;b> ??/ end &#10; line&#10;''two'' ``x``&#10;- item&#10;# head&#10;1. one&#10;[a]: b</doc><units>people</units>";
        let _ = write!(names, r#"<aux name="{quoted}"><eqn>1</eqn>{about}</aux>"#);
    }
    write(&folder.join("evil.xmile"), &HOSTILE.replace("NAMES", &names))?;
    run_in(folder, Command::new(programs().join("simc")).args(["build", "evil.xmile", "-o", "evil.wasm"]))?;
    Ok(folder.join("evil.wasm"))
}

/// Tests the host. Without a compiler it is skipped by name, but in continuous integration that is a failure.
pub(super) fn test() -> Result<(), String> {
    let is_ci = env::var_os("CI").is_some();
    if !has("cc", &["--version"]) {
        if is_ci {
            install_package("gcc libc6-dev").map_err(|error| format!("cc is missing ({error})"))?;
        } else {
            println!("skipped: the host for C: there is no cc");
            return Ok(());
        }
    }
    let artifacts = artifacts()?;
    let host = root().join("runtime-shim/hosts/c");
    let folder = programs().join("c");
    fs::create_dir_all(folder.join("native")).map_err(|error| error.to_string())?;
    example(&host, &folder, &artifacts)?;
    forged(&host, &folder, &artifacts)?;
    let code = code_of(&artifacts)?;
    println!("native code");
    native(&host, &folder.join("native"), &code)?;
    play(&folder.join("native/vectors"), &artifacts)?;
    busy(&host, &folder.join("native"), &artifacts)?;
    other_engine(&host, &folder, &artifacts, false)?;
    if !has("wasm2c", &["--version"]) {
        if !is_ci {
            println!("skipped: the vectors in C of wasm2c: there is no wasm2c; it is in the package `wabt`");
            return Ok(());
        }
        install_package("wabt").map_err(|error| format!("wasm2c is missing ({error})"))?;
    }
    println!("wasm2c");
    guards(&host, &folder)?;
    other_engine(&host, &folder, &artifacts, true)?;
    translated(&host, &folder.join("translated"), &code)?;
    play(&folder.join("translated/vectors"), &artifacts)
}

fn play(program: &Path, artifacts: &Path) -> Result<(), String> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("tests/vectors"))
        .map_err(|error| error.to_string())?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    run_in(artifacts, Command::new(program).arg(artifacts).args(files).env("ASAN_OPTIONS", "detect_leaks=0"))
}

/// The sources of the host, and what finds its headers.
fn compiler(host: &Path, flags: &[&str], tests: bool) -> Result<Command, String> {
    let mut cc = Command::new("cc");
    cc.args(STRICT).args(flags).arg("-I").arg(host.join("include"));
    for folder in ["src", "test"].iter().take(1 + usize::from(tests)) {
        let folder = host.join(folder);
        cc.arg("-I").arg(&folder).args(sources(&folder)?);
    }
    Ok(cc)
}

/// The sources in a folder.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let files = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut sources: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "c")).collect();
    sources.sort();
    Ok(sources)
}

/// The example of the page, with bindings and native code of one artifact, in C and its headers in C++.
fn example(host: &Path, folder: &Path, artifacts: &Path) -> Result<(), String> {
    let simc = || Command::new(programs().join("simc"));
    let sir = artifacts.join("sir.wasm");
    run_in(folder, simc().arg("build").arg(&sir).args(["--target", "native", "-o", "sir.o"]))?;
    run_in(folder, simc().arg("bind").arg(&sir).args(["--lang", "c", "-o", "sir_bound.h"]))?;
    let flags = ["-O2", "-I", "."];
    run_in(
        folder,
        compiler(host, &flags, false)?.arg(host.join("example/epidemic.c")).args(["sir.o", "-lm", "-o", "epidemic"]),
    )?;
    run_in(folder, Command::new(folder.join("epidemic")).arg(&sir))?;
    if has("c++", &["--version"]) {
        let text = "#include \"simc.h\"\n#include \"sir.h\"\n#include \"sir_bound.h\"\nint main() { return sir_engine()->n_rows == 0; }\n";
        write(&folder.join("headers.cpp"), text)?;
        let mut cpp = Command::new("c++");
        cpp.args(["-std=c++11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-I.", "-I"]);
        run_in(folder, cpp.arg(host.join("include")).arg("headers.cpp"))?;
    }
    flushed(host, folder, &sir)?;
    let evil = hostile(folder)?;
    for name in ["names_and_hosts", "kinds", "in_part", "transports", "evil"] {
        let (object, header) = (format!("{name}.o"), format!("{name}_bound.h"));
        let artifact = if name == "evil" { evil.clone() } else { artifacts.join(format!("{name}.wasm")) };
        run_in(
            folder,
            simc().arg("build").arg(&artifact).args(["--target", "native", "--prefix", "it", "-o", &object]),
        )?;
        run_in(folder, simc().arg("bind").arg(&artifact).args(["--lang", "c", "--name", "it", "-o", &header]))?;
        let text = format!("#define IT_NATIVE \"{name}.h\"\n#define IT_BOUND \"{header}\"\n#include \"bound.h\"\n");
        write(&folder.join("bound.c"), &text)?;
        run_in(
            folder,
            compiler(host, &flags, false)?
                .arg("-I")
                .arg(host.join("test"))
                .args(["bound.c", &object, "-lm", "-o", "bound"]),
        )?;
        run_in(folder, Command::new(folder.join("bound")).arg(&artifact).arg(&sir))?;
    }
    Ok(())
}

/// A program that is linked with -ffast-math, as GCC does it, makes no instance: small numbers would be zero.
fn flushed(host: &Path, folder: &Path, sir: &Path) -> Result<(), String> {
    let mut cc = Command::new("cc");
    cc.args(["-O1", "-c", "-I."]).arg("-I").arg(host.join("include")).arg("-I").arg(host.join("src"));
    let objects: Vec<String> = sources(&host.join("src"))?
        .iter()
        .map(|path| path.with_extension("o").file_name().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    run_in(folder, cc.arg(host.join("example/epidemic.c")).args(sources(&host.join("src"))?))?;
    run_in(folder, Command::new("cc").args(["epidemic.o", "sir.o", "-lm", "-o", "plain"]).args(&objects))?;
    run_in(folder, Command::new(folder.join("plain")).arg(sir))?;
    let mut link = Command::new("cc");
    run_in(folder, link.args(["-ffast-math", "epidemic.o", "sir.o", "-lm", "-o", "flushed"]).args(&objects))?;
    // Compilers that leave the processor alone are right as well.
    let is_gcc = Command::new("cc").args(["-print-file-name=crtfastmath.o"]).output();
    let has_start = is_gcc.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_absolute());
    let output = Command::new(folder.join("flushed")).arg(sir).output().map_err(|error| error.to_string())?;
    let told = [output.stdout, output.stderr].concat();
    if has_start && (output.status.success() || !String::from_utf8_lossy(&told).contains("below 2^-1022")) {
        return Err(format!("a program with small numbers at zero: {}", String::from_utf8_lossy(&told)));
    }
    Ok(())
}

/// Artifacts that are cut and forged in every place do no harm.
fn forged(host: &Path, folder: &Path, artifacts: &Path) -> Result<(), String> {
    let flags = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover"];
    let source = host.join("test/alone/forged.c");
    run_in(folder, compiler(host, &flags, false)?.arg(source).args(["-lm", "-o", "forged"]))?;
    for name in ["sir", "events", "in_part", "lookup_points"] {
        run_in(folder, Command::new(folder.join("forged")).arg(artifacts.join(format!("{name}.wasm"))))?;
    }
    Ok(())
}

/// A Sim in which a call is being made takes no other, and memory of the caller is used where it is enough.
fn busy(host: &Path, folder: &Path, artifacts: &Path) -> Result<(), String> {
    let source = host.join("test/alone/busy.c");
    let flags = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover", "-I", "."];
    run_in(folder, compiler(host, &flags, false)?.arg(source).args(["events.o", "-lm", "-o", "busy"]))?;
    run_in(folder, Command::new(folder.join("busy")).arg(artifacts.join("events.wasm")))
}

/// The engine of another artifact of the same size is refused, in native code or in C of wasm2c.
fn other_engine(host: &Path, folder: &Path, artifacts: &Path, is_wasm2c: bool) -> Result<(), String> {
    let another = another(folder)?;
    let mut parts = vec!["another_engine.c".to_owned()];
    let include = if is_wasm2c {
        run_in(folder, Command::new("wasm2c").arg(&another).args(["-n", "another", "-o", "another_wasm2c.c"]))?;
        let runtime = runtime()?;
        parts.push(runtime.display().to_string());
        "#include \"simc_wasm2c.h\"\n#include \"another_wasm2c.c\"\nSIMC_WASM2C(another)\n"
    } else {
        let mut simc = Command::new(programs().join("simc"));
        simc.arg("build").arg(&another).args(["--target", "native", "--prefix", "another", "-o", "another.o"]);
        run_in(folder, &mut simc)?;
        parts.push("another.o".to_owned());
        "#include \"simc.h\"\n#include \"another.h\"\n"
    };
    let function = "const struct simc_engine *engine_of_another(void);\n\
                    const struct simc_engine *engine_of_another(void) { return another_engine(); }\n";
    write(&folder.join("another_engine.c"), &format!("{include}{function}"))?;
    let link = |program: &str, flags: &[&str]| {
        // It is not as strict as the host is: the runtime of wasm2c has warnings.
        let mut cc = Command::new("cc");
        cc.args(["-O1", "-g", "-w"])
            .args(NO_CONTRACT)
            .args(["-I.", "-I"])
            .arg(host.join("include"))
            .arg("-I")
            .arg(host.join("src"))
            .args(flags);
        cc.arg(host.join(format!("test/alone/{program}.c"))).args(sources(&host.join("src"))?).args(&parts);
        run_in(folder, cc.args(["-lm", "-o", program]))
    };
    link("another", &[])?;
    run_in(folder, Command::new(folder.join("another")).arg(artifacts.join("sir.wasm")).arg(&another))?;
    // The sanitizer sees two threads in one place, whether or not it does harm this time.
    link("threads", &["-fsanitize=thread", "-pthread"])?;
    run_in(folder, Command::new(folder.join("threads")).arg(&another).env("TSAN_OPTIONS", "halt_on_error=1"))
}

/// The source of what code of wasm2c needs when it runs.
fn runtime() -> Result<PathBuf, String> {
    let runtime = ["/usr/share/wabt/wasm2c", "/usr/src/wasm2c"].map(|path| Path::new(path).join("wasm-rt-impl.c"));
    runtime.into_iter().find(|path| path.exists()).ok_or_else(|| "wasm-rt-impl.c of wabt is missing".to_owned())
}

/// A table of engines.
fn table(code: &[(String, PathBuf)]) -> String {
    let mut text = "const struct engine ENGINES[] = {\n".to_owned();
    for (stem, _) in code {
        let _ = writeln!(text, "    {{\"{stem}.wasm\", m_{stem}_engine}},");
    }
    text + "    {0, 0}};\n"
}

/// A program that plays the vectors in native code, under sanitizers.
fn native(host: &Path, folder: &Path, code: &[(String, PathBuf)]) -> Result<(), String> {
    let mut text = "#include \"simc.h\"\n#include \"engines.h\"\n".to_owned();
    let mut objects = Vec::new();
    for (stem, path) in code {
        let object = format!("{stem}.o");
        let mut simc = Command::new(programs().join("simc"));
        simc.arg("build").arg(path).args(["--target", "native", "--prefix", &format!("m_{stem}"), "-o", &object]);
        run_in(folder, &mut simc)?;
        let _ = writeln!(text, "#include \"{stem}.h\"");
        objects.push(object);
    }
    write(&folder.join("table.c"), &(text + &table(code)))?;
    let flags = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover", "-I", "."];
    run_in(folder, compiler(host, &flags, true)?.arg("table.c").args(objects).args(["-lm", "-o", "vectors"]))
}

/// A program that plays the vectors in what wasm2c makes of artifacts.
fn translated(host: &Path, folder: &Path, code: &[(String, PathBuf)]) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut declared = "#include \"simc.h\"\n#include \"engines.h\"\n".to_owned();
    for (stem, _) in code {
        let _ = writeln!(declared, "const struct simc_engine *m_{stem}_engine(void);");
    }
    write(&folder.join("table.c"), &(declared + &table(code)))?;
    let failures: Vec<String> = thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            scope.spawn(move || {
                let own = code.iter().enumerate().filter(|(number, _)| number % 2 == half);
                own.filter_map(|(_, one)| translate(host, folder, one).err()).collect::<Vec<_>>()
            })
        });
        halves.into_iter().flat_map(|half| half.join().unwrap_or_default()).collect()
    });
    if let Some(failure) = failures.first() {
        return Err(failure.clone());
    }
    run_in(folder, Command::new("cc").args(["-O1", "-w", "-c", "-o", "runtime.o"]).arg(runtime()?))?;
    let objects = code.iter().map(|(stem, _)| format!("{stem}.o"));
    run_in(
        folder,
        compiler(host, &["-O1"], true)?.args(["table.c", "runtime.o"]).args(objects).args(["-lm", "-o", "vectors"]),
    )
}

fn translate(host: &Path, folder: &Path, (stem, path): &(String, PathBuf)) -> Result<(), String> {
    let source = format!("{stem}_wasm2c.c");
    run_in(folder, Command::new("wasm2c").arg(path).args(["-n", &format!("m_{stem}"), "-o", &source]))?;
    let header = fs::read_to_string(folder.join(format!("{stem}_wasm2c.h"))).map_err(|error| error.to_string())?;
    let engine = if header.contains("Z_pause_on_events") {
        "SIMC_WASM2C_EVENTS"
    } else if header.contains("Z_set_table") {
        "SIMC_WASM2C_TABLES"
    } else {
        "SIMC_WASM2C"
    };
    let text = format!("#include \"simc_wasm2c.h\"\n#include \"{source}\"\n{engine}(m_{stem})\n");
    write(&folder.join(format!("{stem}.c")), &text)?;
    let mut cc = Command::new("cc");
    cc.args(["-O1", "-w"])
        .args(NO_CONTRACT)
        .arg("-I")
        .arg(host.join("include"))
        .arg("-I.")
        .arg("-c")
        .arg(format!("{stem}.c"));
    run_in(folder, &mut cc)
}

/// Flags that change results do not compile, or make no instance.
fn guards(host: &Path, folder: &Path) -> Result<(), String> {
    write(&folder.join("guard.c"), "#include \"simc_wasm2c.h\"\nint main(void) { return simc_wasm2c_is_fused(); }\n")?;
    let compile = |flags: &[&str]| {
        let mut cc = Command::new("cc");
        cc.args(flags)
            .arg("-O2")
            .arg("-I")
            .arg(host.join("include"))
            .args(["guard.c", "-o", "guard"])
            .current_dir(folder);
        cc.output().is_ok_and(|output| output.status.success())
    };
    let runs = || Command::new(folder.join("guard")).status().is_ok_and(|status| status.success());
    let is_x86 = cfg!(target_arch = "x86_64");
    if !compile(&NO_CONTRACT) || !runs() {
        return Err("what the guard of wasm2c's code asks for does not pass it".to_owned());
    }
    let parts =
        ["-ffast-math", "-freciprocal-math", "-ffinite-math-only", "-fno-signed-zeros", "-funsafe-math-optimizations"];
    if parts.iter().any(|part| compile(&[part])) || (is_x86 && compile(&["-mfma"])) {
        return Err("the guard of wasm2c's code lets flags pass that change results".to_owned());
    }
    let has_fma = fs::read_to_string("/proc/cpuinfo").is_ok_and(|text| text.contains(" fma "));
    if is_x86 && has_fma && (!compile(&["-mfma", "-ffp-contract=fast", "-DSIMC_NO_CONTRACT"]) || runs()) {
        return Err("the guard of wasm2c's code does not see that it is fused".to_owned());
    }
    Ok(())
}
