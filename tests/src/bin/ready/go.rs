//! The host for Go: format, vet, its own tests, bindings, and the vectors in wazero and in what wasm2go makes of artifacts.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::javascript::{artifacts, programs};
use super::native::{another, code_of, hostile};
use super::{has, root, run_in};

/// The path of the host's module.
const MODULE: &str = "simc.example/simc";
/// The translator of artifacts to Go.
const WASM2GO: &str = "github.com/ncruces/wasm2go@v0.4.21";

/// Tests the module. Without Go it is skipped by name, but in continuous integration that is a failure.
pub(super) fn test() -> Result<(), String> {
    if !has("go", &["version"]) {
        if env::var_os("CI").is_some() {
            return Err("go (1.22 or later) is missing".to_owned());
        }
        println!("skipped: the host for Go: there is no go (1.22 or later)");
        return Ok(());
    }
    let artifacts = artifacts()?;
    let host = root().join("runtime-shim/hosts/go");
    let in_host = |args: &[&str]| run_in(&host, Command::new("go").args(args));
    let output = Command::new("gofmt").args(["-l", "."]).current_dir(&host).output();
    let listed = output.map_err(|error| format!("gofmt: {error}"))?;
    if !listed.status.success() || !listed.stdout.is_empty() {
        return Err(format!("gofmt would change {}", String::from_utf8_lossy(&listed.stdout)));
    }
    in_host(&["vet", "./..."])?;
    in_host(&["test", "./..."])?;
    let vectors = root().join("tests/vectors").display().to_string();
    let folder = artifacts.display().to_string();
    println!("wazero");
    in_host(&["run", "./cmd/vectors", &vectors, &folder])?;
    let scratch = programs().join("go");
    bindings(&host, &scratch.join("bound"), &artifacts)?;
    println!("wasm2go");
    other_engine(&host, &scratch.join("another"), &artifacts)?;
    translated(&host, &scratch.join("translated"), &artifacts)?;
    run_in(&scratch, Command::new(scratch.join("translated/play")).args([&vectors, &folder]))
}

/// A module in a folder that uses the host.
fn module(folder: &Path, name: &str, host: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let own = fs::read_to_string(host.join("go.mod")).map_err(|error| error.to_string())?;
    let wazero = own.lines().find(|line| line.starts_with("require")).unwrap_or_default();
    let text = format!(
        "module {name}\n\ngo 1.22.0\n\nrequire {MODULE} v0.0.0\n\n{wazero} // indirect\n\nreplace {MODULE} => {}\n",
        host.display()
    );
    write(&folder.join("go.mod"), &text)?;
    fs::copy(host.join("go.sum"), folder.join("go.sum")).map_err(|error| error.to_string())?;
    Ok(())
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Bindings of models with awkward names are as gofmt has them, compile, and run.
fn bindings(host: &Path, folder: &Path, artifacts: &Path) -> Result<(), String> {
    module(folder, "bound", host)?;
    let mut imports = String::new();
    let mut calls = String::new();
    let evil = hostile(folder)?;
    for name in ["sir", "names_and_hosts", "kinds", "in_part", "transports", "evil"] {
        let package = format!("m{}", name.replace('_', ""));
        let artifact = if name == "evil" { evil.clone() } else { artifacts.join(format!("{name}.wasm")) };
        fs::create_dir_all(folder.join(&package)).map_err(|error| error.to_string())?;
        let file = folder.join(&package).join("bound.go");
        let mut simc = Command::new(programs().join("simc"));
        simc.arg("bind").arg(&artifact).args(["--lang", "go", "--name", &package, "-o"]).arg(&file);
        run_in(folder, &mut simc)?;
        let _ = writeln!(imports, "\t\"bound/{package}\"");
        let _ =
            writeln!(calls, "\tplay({:?}, {package}.Load, {package}.DefaultParams())", artifact.display().to_string());
    }
    let listed = Command::new("gofmt").args(["-l", "."]).current_dir(folder).output();
    let listed = listed.map_err(|error| format!("gofmt: {error}"))?.stdout;
    let unformatted: Vec<&str> =
        std::str::from_utf8(&listed).unwrap_or_default().lines().filter(|name| *name != "main.go").collect();
    if !unformatted.is_empty() {
        return Err(format!("gofmt would change bindings: {unformatted:?}"));
    }
    let main = format!(
        r#"package main

import (
	"context"
	"errors"
	"log"
	"os"

{imports}	"{MODULE}"
)

type load = func(context.Context, []byte, ...simc.Option) (*simc.Model, error)

func play(path string, load load, params simc.Parameters) {{
	artifact, err := os.ReadFile(path)
	if err != nil {{
		log.Fatal(err)
	}}
	model, err := load(context.Background(), artifact)
	if err != nil {{
		log.Fatal(path, err)
	}}
	bound, err := model.Run(context.Background(), params)
	if errors.Is(err, simc.Transport) {{
		return
	}}
	usual, errUsual := model.Run(context.Background(), nil)
	if err := errors.Join(err, errUsual); err != nil {{
		log.Fatal(path, err)
	}}
	a, _ := bound.CSV()
	b, _ := usual.CSV()
	if a != b {{
		log.Fatal(path, ": the defaults give other results")
	}}
	if _, err := load(context.Background(), append(artifact, 0, 1, 0)); !errors.Is(err, simc.WrongArtifact) {{
		log.Fatal(path, ": another artifact gives ", err)
	}}
}}

func main() {{
{calls}}}
"#
    );
    write(&folder.join("main.go"), &main)?;
    run_in(folder, Command::new("go").args(["vet", "-mod=mod", "./..."]))?;
    run_in(folder, Command::new("go").args(["run", "-mod=mod", "."]))
}

/// A program that plays the vectors in artifacts that are translated to Go.
fn translated(host: &Path, folder: &Path, artifacts: &Path) -> Result<(), String> {
    let tool = wasm2go(folder)?;
    module(folder, &format!("{MODULE}/translated"), host)?;
    let mut imports = String::new();
    let mut engines = String::new();
    for (stem, path) in code_of(artifacts)? {
        let package = format!("m_{stem}");
        let sources = folder.join(&package);
        fs::create_dir_all(&sources).map_err(|error| error.to_string())?;
        run_in(folder, Command::new(&tool).args(["-pkg", &package, "-o"]).arg(sources.join("model.go")).arg(&path))?;
        let _ = writeln!(imports, "\t\"{MODULE}/translated/{package}\"");
        let _ = writeln!(engines, "\t\"{stem}.wasm\": func() simc.Engine {{ return simc.Translated({package}.New) }},");
    }
    let main = format!(
        r#"package main

import (
	"fmt"
	"os"

	"{MODULE}"
	"{MODULE}/internal/vectors"
{imports})

var engines = map[string]func() simc.Engine{{
{engines}}}

func main() {{
	passed, failed, err := vectors.Run(os.Stdout, os.Args[1], os.Args[2], func(name string) []simc.Option {{
		if engine, isThere := engines[name]; isThere {{
			return []simc.Option{{simc.WithEngine(engine())}}
		}}
		return nil
	}})
	if err != nil {{
		fmt.Println(err)
		os.Exit(1)
	}}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {{
		os.Exit(1)
	}}
}}
"#
    );
    write(&folder.join("main.go"), &main)?;
    run_in(folder, Command::new("go").args(["build", "-mod=mod", "-o", "play", "."]))
}

/// The translated code of another artifact of the same size is refused.
fn other_engine(host: &Path, folder: &Path, artifacts: &Path) -> Result<(), String> {
    let tool = wasm2go(folder)?;
    module(folder, "another", host)?;
    let (one, two) = (artifacts.join("sir.wasm"), another(folder)?);
    for (package, path) in [("one", &one), ("two", &two)] {
        let sources = folder.join(package);
        fs::create_dir_all(&sources).map_err(|error| error.to_string())?;
        run_in(folder, Command::new(&tool).args(["-pkg", package, "-o"]).arg(sources.join("model.go")).arg(path))?;
    }
    let main = format!(
        r#"package main

import (
	"another/one"
	"another/two"
	"context"
	"errors"
	"log"
	"os"

	"{MODULE}"
)

func main() {{
	for i, path := range os.Args[1:] {{
		artifact, err := os.ReadFile(path)
		if err != nil {{
			log.Fatal(err)
		}}
		for j, engine := range []simc.Engine{{simc.Translated(one.New), simc.Translated(two.New)}} {{
			_, err := simc.Load(context.Background(), artifact, simc.WithEngine(engine))
			if i == j && err != nil || i != j && !errors.Is(err, simc.WrongArtifact) {{
				log.Fatalf("artifact %d with engine %d gives %v", i, j, err)
			}}
		}}
	}}
}}
"#
    );
    write(&folder.join("main.go"), &main)?;
    run_in(folder, Command::new("go").args(["run", "-mod=mod", "."]).arg(&one).arg(&two))
}

/// Installs the translator beside the programs.
fn wasm2go(folder: &Path) -> Result<PathBuf, String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let bin = programs().join("go/bin");
    let tool = bin.join("wasm2go");
    if !tool.exists() {
        run_in(folder, Command::new("go").args(["install", WASM2GO]).env("GOBIN", &bin))?;
    }
    Ok(tool)
}
