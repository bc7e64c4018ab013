//! Builds `runtime-shim/kernel/kernel.wasm` from its sources, or with `--check` says whether the one in the repository is what
//! the sources give.
//!
//! Different compilers give different bytes, so `kernel.wasm.txt` beside it names the tools that made it, and bytes are only
//! compared when the tools are the same. The build does not depend on where the project lies.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a recipe talks to the person who runs it")]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

const TARGET: &str = "wasm32-unknown-unknown";

/// Flags for every crate. Only features that each engine has; nothing to print when a bug panics.
const RUSTFLAGS: [&str; 2] =
    ["-Ctarget-cpu=mvp", "-Ctarget-feature=+mutable-globals,+sign-ext,+nontrapping-fptoint,+bulk-memory"];

/// Flags of the last step. The stack lies before the data, so that the stack pointer's first value is the size of the stack;
/// relocations let the linker of artifacts move both.
const LINK_FLAGS: [&str; 3] = ["-Clink-arg=--stack-first", "-Clink-arg=-zstack-size=1024", "-Clink-arg=--emit-relocs"];

/// Features of the kernel and of `libm`. The latter two replace square roots and roundings, which are exact in any form, by
/// wasm's own instructions.
const FEATURES: &str = "exports,libm/arch,libm/unstable-intrinsics";

/// What would otherwise leak from the surrounding build into this one.
const FOREIGN_ENV: [&str; 5] =
    ["CARGO_INCREMENTAL", "LD_LIBRARY_PATH", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "RUSTFLAGS"];
const FOREIGN_ENV_PREFIXES: [&str; 3] = ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_"];

const NO_TOOLCHAIN: &str = "no Rust toolchain for wasm32-unknown-unknown: \
    install Debian's rustc-web, cargo-web, rust-web-src and lld, or run `rustup target add wasm32-unknown-unknown`";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let result = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => write(),
        ["--check"] => check(),
        _ => {
            eprintln!("usage: build_kernel [--check]");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(message) => {
            println!("{message}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the kernel and replaces the one in the repository.
fn write() -> Result<String, String> {
    let toolchain = Toolchain::find().ok_or(NO_TOOLCHAIN)?;
    let bytes = toolchain.build()?;
    let path = kernel_folder().join("kernel.wasm");
    fs::write(&path, &bytes).map_err(|error| describe(&path, error))?;
    let record = kernel_folder().join("kernel.wasm.txt");
    fs::write(&record, toolchain.record()).map_err(|error| describe(&record, error))?;
    Ok(format!("kernel.wasm: {} bytes", bytes.len()))
}

/// Compares the kernel in the repository with what its sources give.
fn check() -> Result<String, String> {
    let Some(toolchain) = Toolchain::find() else {
        return not_checked(NO_TOOLCHAIN);
    };
    let record = kernel_folder().join("kernel.wasm.txt");
    let made_by = fs::read_to_string(&record).map_err(|error| describe(&record, error))?;
    if made_by != toolchain.record() {
        return not_checked(&format!("it was made by\n{made_by}and the tools here are\n{}", toolchain.record()));
    }
    let path = kernel_folder().join("kernel.wasm");
    let kept = fs::read(&path).map_err(|error| describe(&path, error))?;
    if kept == toolchain.build()? {
        Ok(format!("kernel.wasm is fresh: {} bytes", kept.len()))
    } else {
        Err("kernel.wasm is stale: run `cargo run -p tests --bin build_kernel`".to_owned())
    }
}

/// Says that nothing was compared. In continuous integration (`CI=true`) that is an error, unless `SIMC_KERNEL=unchecked` says
/// that the tools that made the kernel are not to be had there.
fn not_checked(why: &str) -> Result<String, String> {
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|value| value == wanted);
    let message = format!("NOT CHECKED: freshness of kernel.wasm: {why}");
    if is("CI", "true") && !is("SIMC_KERNEL", "unchecked") { Err(message) } else { Ok(message) }
}

/// Tools that can build for wasm.
struct Toolchain {
    cargo: PathBuf,
    rustc: PathBuf,
    version: String,
    /// Whether the core library is built along, for want of a ready one.
    builds_core: bool,
    /// `wasm-ld` and its version, or whatever rustc brings along.
    linker: Option<String>,
}

impl Toolchain {
    /// The system's tools, else those on the path.
    fn find() -> Option<Self> {
        let on_path = ("cargo", "rustc");
        [("/usr/bin/cargo", "/usr/bin/rustc"), on_path].into_iter().find_map(|(cargo, rustc)| {
            let version = first_line(rustc, &["--version"])?;
            first_line(cargo, &["--version"])?;
            let libraries = PathBuf::from(first_line(rustc, &["--print", "sysroot"])?).join("lib/rustlib");
            let builds_core = libraries.join("src/rust/library/core").is_dir();
            let linker = first_line("wasm-ld", &["--version"]);
            (builds_core || libraries.join(TARGET).is_dir()).then(|| Self {
                cargo: cargo.into(),
                rustc: rustc.into(),
                version,
                builds_core,
                linker,
            })
        })
    }

    /// All that the bytes depend on besides the sources.
    fn record(&self) -> String {
        let core = if self.builds_core { "core library built from source" } else { "ready core library" };
        format!("{}\n{core}\n{}\n", self.version, self.linker.as_deref().unwrap_or("rustc's own linker"))
    }

    /// Builds the kernel in a folder of its own and returns its bytes.
    fn build(&self) -> Result<Vec<u8>, String> {
        let folder = tempfile::tempdir().map_err(|error| format!("cannot make a temporary folder: {error}"))?;
        let status = self.command(folder.path()).status().map_err(|error| describe(&self.cargo, error))?;
        if !status.success() {
            return Err(format!("building the kernel failed: {status}"));
        }
        let path = folder.path().join(TARGET).join("release/kernel.wasm");
        fs::read(&path).map_err(|error| describe(&path, error))
    }

    fn command(&self, target_dir: &Path) -> Command {
        let mut command = Command::new(&self.cargo);
        for (name, _) in env::vars_os() {
            let foreign = name.to_str().is_some_and(|name| {
                FOREIGN_ENV.contains(&name) || FOREIGN_ENV_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
            });
            if foreign {
                command.env_remove(name);
            }
        }
        let mut flags = RUSTFLAGS.map(str::to_owned).to_vec();
        if self.linker.is_some() {
            flags.push("-Clinker=wasm-ld".to_owned());
        }
        if self.builds_core {
            flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort"].map(str::to_owned));
        }
        command
            .current_dir(kernel_folder())
            .env("RUSTC", &self.rustc)
            // Both `-Z` flags and the instructions in `libm` need it on a stable compiler.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
            .env("CARGO_TARGET_DIR", target_dir)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3")
            .env("CARGO_PROFILE_RELEASE_LTO", "fat")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1")
            .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
            .env("CARGO_PROFILE_RELEASE_STRIP", "debuginfo")
            .args(["rustc", "--quiet", "--locked", "--release", "--package", "kernel", "--lib"])
            .args(["--config", "profile.release.package.'*'.codegen-units=1"])
            .args(["--crate-type", "cdylib", "--features", FEATURES, "--target", TARGET]);
        if self.builds_core {
            command.arg("-Zbuild-std=core,compiler_builtins");
        }
        command.arg("--").args(LINK_FLAGS);
        command
    }
}

/// The first line that a program prints, when it is there and succeeds.
fn first_line(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.lines().next()?.to_owned())
}

fn kernel_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this package lies in the project")
        .join("runtime-shim/kernel")
}

fn describe(path: &Path, error: io::Error) -> String {
    format!("{}: {error}", path.display())
}
