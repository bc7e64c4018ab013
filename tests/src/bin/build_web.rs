//! Builds `simc-web`, the compiler for pages, as WebAssembly, and holds it against the native one: the same bytes and the same messages
//! for every model of `tests/models`, no imports, and no more than it may weigh. Skipped where there is no toolchain for wasm.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a recipe talks to the person who runs it")]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use serde_json::json;

const TARGET: &str = "wasm32-unknown-unknown";

/// Bytes that the module may have, compressed by brotli.
const MAX_COMPRESSED: u64 = 1_150_000;

/// How the module is built: small.
const PROFILE: [(&str, &str); 5] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z"),
    ("CARGO_PROFILE_RELEASE_LTO", "fat"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_STRIP", "symbols"),
];

fn main() -> ExitCode {
    match build().and_then(|built| built.map_or_else(|| Ok("skipped".to_owned()), |built| compare(&built))) {
        Ok(message) => {
            println!("simc-web: {message}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The module, or nothing where nobody can build it.
fn build() -> Result<Option<PathBuf>, String> {
    let target_dir = env::current_exe().map_err(|error| error.to_string())?;
    let target_dir = target_dir.ancestors().nth(2).ok_or("no target folder")?.join("web");
    let Some(mut command) = cargo() else {
        let message = format!(
            "no toolchain for {TARGET}: install Debian's rustc-web, cargo-web and rust-web-src, or add the target with rustup"
        );
        let in_ci = env::var("CI").is_ok_and(|value| value == "true");
        if in_ci {
            return Err(message);
        }
        println!("{message}");
        return Ok(None);
    };
    command.args(["build", "--quiet", "--locked", "--release", "--package", "simc-web", "--target", TARGET]);
    command.env("CARGO_TARGET_DIR", &target_dir).envs(PROFILE).current_dir(root());
    let status = command.status().map_err(|error| error.to_string())?;
    if !status.success() {
        return Err(format!("building simc-web failed: {status}"));
    }
    Ok(Some(target_dir.join(TARGET).join("release/simc_web.wasm")))
}

/// A cargo that builds for wasm: that of the path with the target's library, or the system's, which builds the library along.
fn cargo() -> Option<Command> {
    let libraries = |rustc: &str| {
        let output = Command::new(rustc).args(["--print", "sysroot"]).output().ok()?;
        Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()).join("lib/rustlib"))
    };
    if libraries("rustc").is_some_and(|libraries| libraries.join(TARGET).is_dir()) {
        return Some(Command::new("cargo"));
    }
    let rustc = "/usr/bin/rustc";
    if !libraries(rustc).is_some_and(|libraries| libraries.join("src/rust/library/std").is_dir()) {
        return None;
    }
    let mut command = Command::new("/usr/bin/cargo");
    // A panic is a trap, and what it would say is left out.
    command.arg("-Zbuild-std=std,panic_abort").env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_ENCODED_RUSTFLAGS", "-Zunstable-options\x1f-Cpanic=immediate-abort");
    if Command::new("wasm-ld").arg("--version").output().is_ok_and(|output| output.status.success()) {
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
    }
    Some(command)
}

/// What the native compiler makes of each model, and what the module does.
fn compare(module: &Path) -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut jobs = Vec::new();
    for path in models() {
        let model = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for options in ["", "O=s\nsimd\ninputs=initials\ninputs=tables=8"] {
            let outcome = simc_web::compile(&name, &model, options);
            let expected = folder.path().join(format!("{}.wasm", jobs.len()));
            fs::write(&expected, outcome.wasm.as_deref().unwrap_or_default()).map_err(|error| error.to_string())?;
            jobs.push(json!({
                "name": name, "model": path, "options": options, "expected": expected,
                "ok": outcome.wasm.is_some(), "messages": outcome.messages,
            }));
        }
    }
    let list = folder.path().join("jobs.json");
    fs::write(&list, json!(jobs).to_string()).map_err(|error| error.to_string())?;
    let script = root().join("tests/src/bin/build_web/compare.mjs");
    let output = Command::new("node").arg(script).arg(module).arg(&list).arg(MAX_COMPRESSED.to_string()).output();
    let output = output.map_err(|error| format!("node: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() { Ok(said) } else { Err(said + &String::from_utf8_lossy(&output.stderr)) }
}

fn models() -> Vec<PathBuf> {
    let folder = root().join("tests/models");
    let entries = fs::read_dir(folder).expect("the project has models");
    let files = entries.map(|entry| entry.expect("the folder can be read").path());
    let is_model = |path: &PathBuf| {
        path.extension().is_some_and(|extension| ["xmile", "stmx", "mdl"].iter().any(|known| extension == *known))
    };
    let mut models: Vec<PathBuf> = files.filter(is_model).collect();
    models.sort();
    models
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package lies in the project")
}
