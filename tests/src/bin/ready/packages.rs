//! Packages: made by the script that releases are made with, and used from their files, each in an environment that has nothing else.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::builds::{copy, finish};
use super::{cargo, has, javascript, python, root};

/// The machine that packages are made for, where that is one of those that releases have.
const TARGET: Option<&str> = if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
    Some("x86_64-unknown-linux-gnu")
} else if cfg!(all(target_os = "linux", target_arch = "aarch64", target_env = "gnu")) {
    Some("aarch64-unknown-linux-gnu")
} else if cfg!(all(target_os = "macos", target_arch = "aarch64")) {
    Some("aarch64-apple-darwin")
} else {
    None
};

pub(super) fn test() -> Result<(), String> {
    let Some(interpreter) = python::interpreter() else { return python::no_interpreter("packages") };
    let Some(target) = TARGET else {
        println!("skipped: packages: releases have none for this machine, or none that this step can try");
        return Ok(());
    };
    cargo(&["build", "--workspace", "--bin", "simc", "--locked"])?;
    let list = root().join("runtime-shim/build/requirements-test.txt");
    let tools = python::environment_for("packages", &interpreter, "python-build", &list)?;
    let Some(tools) = tools else { return Ok(()) };
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let packages = Packages { folder, interpreter, target };
    packages.make(&tools)?;
    packages.try_wheel()?;
    packages.try_archive()?;
    packages.try_npm()
}

struct Packages {
    folder: tempfile::TempDir,
    interpreter: PathBuf,
    target: &'static str,
}

impl Packages {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that finds no `simc` but the one it is about.
    fn command(&self, program: &Path, folder: &str) -> Command {
        let is_kept = |path: &PathBuf| !path.join(simc()).is_file();
        let paths: Vec<PathBuf> = env::var_os("PATH").iter().flat_map(env::split_paths).filter(is_kept).collect();
        let mut command = Command::new(program);
        command.current_dir(self.path(folder)).env("PATH", env::join_paths(paths).unwrap_or_default());
        command.env_remove("SIMC").env_remove("PYTHONPATH").env("SIMC_CACHE_DIR", self.path("cache"));
        command
    }

    /// The one file of the packages whose name begins and ends so.
    fn file(&self, begin: &str, end: &str) -> Result<PathBuf, String> {
        let folder = self.path("dist");
        let entries = fs::read_dir(&folder).map_err(|error| error.to_string())?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut fitting: Vec<String> = names.filter(|name| name.starts_with(begin) && name.ends_with(end)).collect();
        let one = fitting.pop().filter(|_| fitting.is_empty());
        one.map(|name| folder.join(name)).ok_or_else(|| format!("there is not one package {begin}*{end}"))
    }

    /// Makes the packages twice: the same bytes, and the checksums are theirs.
    fn make(&self, tools: &Path) -> Result<(), String> {
        let program = self.path("program");
        fs::create_dir_all(&program).map_err(|error| error.to_string())?;
        let program = program.join(simc());
        // What a debugger wants to know is most of the program, and no part of a release.
        let built = javascript::programs().join(simc());
        let strip = Command::new("strip").arg("-o").arg(&program).arg(&built).status();
        if !strip.is_ok_and(|status| status.success()) {
            fs::copy(&built, &program).map_err(|error| error.to_string())?;
        }
        let mut contents = Vec::new();
        for out in ["dist", "again"] {
            let mut make = Command::new(tools);
            make.arg(root().join("runtime-shim/packages/package.py")).args(["--target", self.target, "--common"]);
            make.arg("--binary").arg(&program).arg("--out").arg(self.path(out)).env("PYTHONDONTWRITEBYTECODE", "1");
            if let Some(web) = web() {
                make.arg("--web").arg(web);
            }
            let said = finish(&mut make)?;
            if out == "dist" {
                print!("{said}");
            }
            let entries = fs::read_dir(self.path(out)).map_err(|error| error.to_string())?;
            let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
            let sums = paths.filter(|path| path.extension().is_some_and(|extension| extension == "sha256"));
            let mut sums: Vec<String> = sums.filter_map(|path| fs::read_to_string(path).ok()).collect();
            sums.sort();
            contents.push(sums);
        }
        if contents[0] != contents[1] || contents[0].is_empty() {
            return Err(format!("the packages are others when they are made again: {contents:?}"));
        }
        let sums = contents[0].concat();
        fs::write(self.path("dist/SHA256SUMS"), sums).map_err(|error| error.to_string())?;
        if has("sha256sum", &["--version"]) {
            finish(
                Command::new("sha256sum").args(["--check", "--quiet", "SHA256SUMS"]).current_dir(self.path("dist")),
            )?;
        }
        Ok(())
    }

    /// The wheel in a new environment: program and package, and a second version beside it.
    fn try_wheel(&self) -> Result<(), String> {
        finish(Command::new(&self.interpreter).args(["-m", "venv"]).arg(self.path("venv")))?;
        let scripts = self.path(if cfg!(windows) { "venv/Scripts" } else { "venv/bin" });
        let python = scripts.join("python");
        let wheel = self.file("simc-", ".whl")?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        finish(self.command(&python, ".").args(install).arg(&wheel))?;
        let model = root().join("tests/models/sir.xmile");
        let version = finish(self.command(&scripts.join(simc()), ".").arg("--version"))?;
        let expected = finish(Command::new(javascript::programs().join(simc())).arg("run").arg(&model))?;
        let program = "import sys, simc; print(simc.load(sys.argv[1]).run().csv(), end='')";
        let found = finish(self.command(&python, ".").args(["-c", program]).arg(&model))?;
        if found != expected || !version.contains(env!("CARGO_PKG_VERSION")) {
            return Err(format!("the wheel's simc is {version}, and gives\n{found}"));
        }
        let folder = finish(self.command(&python, ".").args(["-c", "import simc; print(simc.__path__[0])"]))?;
        let beside =
            Path::new(folder.trim()).parent().ok_or("the package lies somewhere")?.join("simc-0.0.9.dist-info");
        fs::create_dir(&beside).map_err(|error| error.to_string())?;
        let refused = finish(self.command(&python, ".").args(["-c", "import simc"]));
        fs::remove_dir(&beside).map_err(|error| error.to_string())?;
        match refused {
            Err(said) if said.contains("two versions of simc are installed") => {}
            other => return Err(format!("two versions beside each other: {other:?}")),
        }
        println!("wheel: installed, {}, runs a model file; a second version is refused", version.trim());
        Ok(())
    }

    /// The archive: what is in it runs, and CMake finds it as a prefix.
    fn try_archive(&self) -> Result<(), String> {
        let archive = self.file("simc-", ".tar.gz")?;
        finish(Command::new("tar").arg("-xzf").arg(&archive).current_dir(self.folder.path()))?;
        let prefix = archive.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".tar.gz"));
        let prefix = self.path(prefix.ok_or("the archive has a name")?);
        finish(Command::new(prefix.join("bin").join(simc())).arg("--version"))?;
        if !has("cmake", &["--version"]) {
            println!("archive: its program runs; skipped: its package for CMake, for there is no cmake");
            return Ok(());
        }
        copy(&root().join("runtime-shim/build/examples"), &self.path("examples"))?;
        let cmake = Path::new("cmake");
        let mut configure = self.command(cmake, "examples/cmake");
        finish(configure.args(["-S", ".", "-B", "out"]).arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())))?;
        finish(self.command(cmake, "examples/cmake").args(["--build", "out", "--target", "epidemic_wasm"]))?;
        println!("archive: its program runs, and CMake finds it");
        Ok(())
    }

    /// The packages for npm in an empty project.
    fn try_npm(&self) -> Result<(), String> {
        if !has("npm", &["--version"]) {
            if env::var_os("CI").is_some() {
                return Err("npm is missing".to_owned());
            }
            println!("skipped: packages for npm: there is no npm");
            return Ok(());
        }
        let script = root().join("runtime-shim/packages/try-npm.mjs");
        let mut command = self.command(Path::new("node"), ".");
        command.arg(script).arg(self.path("dist")).arg(root().join("tests/models/sir.xmile"));
        let said = finish(command.arg(javascript::programs().join(simc())))?;
        print!("{said}");
        Ok(())
    }
}

fn simc() -> String {
    format!("simc{}", env::consts::EXE_SUFFIX)
}

/// The compiler as WebAssembly, where the step `compiler for pages` has built it.
fn web() -> Option<PathBuf> {
    let target = javascript::programs().parent()?.join("web");
    let module = target.join("wasm32-unknown-unknown/release/simc_web.wasm");
    if module.is_file() {
        return Some(module);
    }
    println!("without the compiler as WebAssembly: the step `compiler for pages` builds it");
    None
}
