//! The host for JavaScript and the pages: tests in Node and in Chromium, the shared vectors, types, the example.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::{cargo, has, install_package, root, run};

/// What the types and the plugin are tested with.
const PACKAGES: [(&str, &str); 2] = [("typescript", "5.9.3"), ("vite", "8")];

/// Where browsers lie.
const CHROMIUM: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// Node: unit tests of the host, the vectors, the example, and the types and the plugin where their tools can be had.
pub(super) fn test() -> Result<(), String> {
    let artifacts = artifacts()?;
    let host = root().join("runtime-shim/hosts/js");
    let node = |args: &[&str]| run(node_with(&artifacts).args(args));
    let at = |path: &str| host.join(path).display().to_string();
    node(&["--test", &at("test/host.test.js")])?;
    node(&[&at("test/vectors.js"), &artifacts.display().to_string()])?;
    node(&[&at("example/sir.js"), &artifacts.join("sir.wasm").display().to_string()])?;
    test_with_packages(&host, &artifacts)
}

/// Chromium: the vectors again, and the page of every model.
pub(super) fn test_pages() -> Result<(), String> {
    let is_there = || CHROMIUM.iter().any(|path| Path::new(path).exists()) || env::var_os("SIMC_CHROMIUM").is_some();
    if !is_there() {
        if env::var_os("CI").is_none() {
            println!("skipped: no Chromium; install the package `chromium`, or name one in SIMC_CHROMIUM");
            return Ok(());
        }
        install_package("chromium").map_err(|error| format!("chromium is missing; install it ({error})"))?;
    }
    let artifacts = artifacts()?;
    let tests = root().join("tests/browser");
    for file in ["vectors.test.mjs", "page.test.mjs", "watch.test.mjs"] {
        run(node_with(&artifacts).arg("--test").arg(tests.join(file)))?;
    }
    Ok(())
}

/// Node, told where the compiler and the artifacts of the vectors are.
fn node_with(artifacts: &Path) -> Command {
    let mut node = Command::new("node");
    node.env("SIMC_VECTORS", artifacts).env("SIMC", programs().join("simc"));
    node
}

/// Writes the artifacts that the vectors are about, and gives their folder.
pub(super) fn artifacts() -> Result<PathBuf, String> {
    cargo(&["build", "--workspace", "--bin", "simc", "--bin", "gen_vectors", "--locked"])?;
    let folder = programs().join("vectors");
    let written = run(Command::new(programs().join("gen_vectors")).arg("--check").arg("--artifacts").arg(&folder));
    written.map(|()| folder)
}

/// The folder of this program and of those that are built beside it.
pub(super) fn programs() -> PathBuf {
    env::current_exe().ok().and_then(|path| path.parent().map(Path::to_owned)).unwrap_or_default()
}

/// The declared types agree with the code (what is right compiles, what is wrong does not), and the plugin for Vite does what it should.
fn test_with_packages(host: &Path, artifacts: &Path) -> Result<(), String> {
    let folder = programs().join("npm");
    if PACKAGES.iter().any(|(name, _)| !folder.join("node_modules").join(name).is_dir()) {
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"]).arg(&folder);
        npm.args(PACKAGES.iter().map(|(name, version)| format!("{name}@{version}")));
        let is_installed = has("npm", &["--version"]) && run(&mut npm).is_ok();
        if !is_installed && env::var_os("CI").is_some() {
            return Err("TypeScript and Vite cannot be installed with npm".to_owned());
        }
        if !is_installed {
            println!("skipped: types and the plugin for Vite, for npm cannot install TypeScript and Vite");
            return Ok(());
        }
    }
    let compiler = folder.join("node_modules/typescript/lib/tsc.js");
    run(Command::new("node").arg(compiler).arg("--project").arg(host.join("test/tsconfig.json")))?;
    let test = root().join("tests/browser/vite.test.mjs");
    run(node_with(artifacts).env("SIMC_NPM", &folder).arg("--test").arg(test))
}
