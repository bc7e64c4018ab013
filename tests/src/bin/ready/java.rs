//! The host for Java: its own tests, the example whose model Maven compiles, bindings, documentation, and the vectors.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use super::go::write;
use super::javascript::{artifacts, programs};
use super::native::hostile;
use super::{has, install_package, root, run_in};

/// Tests the package. Without Java and Maven it is skipped by name, but in continuous integration they are installed.
pub(super) fn test() -> Result<(), String> {
    if !(has("javac", &["-version"]) && has("mvn", &["--version"])) {
        if env::var_os("CI").is_none() {
            println!("skipped: the host for Java: there is no JDK (11 or later) with Maven");
            return Ok(());
        }
        install_package("default-jdk-headless maven")
            .map_err(|error| format!("a JDK or Maven is missing ({error})"))?;
    }
    let artifacts = artifacts()?;
    let host = root().join("runtime-shim/hosts/java");
    let target = programs().join("java");
    let place = format!("-Dsimc.target={}", target.display());
    let tables = format!("-Dsimc.artifacts={}", artifacts.display());
    run_in(&host, Command::new("mvn").args(["--batch-mode", "--quiet", "--file", "all", "verify", &place, &tables]))?;
    let path = |more: &[&Path]| {
        let lib = target.join("lib/*");
        let parts = [target.join("classes"), lib].into_iter().chain(more.iter().map(|path| path.to_path_buf()));
        env::join_paths(parts).map_err(|error| error.to_string())
    };
    let example = target.join("example/classes");
    run_in(&host, Command::new("java").arg("-cp").arg(path(&[&example])?).arg("example.Epidemic"))?;
    bindings(&target, &path(&[])?, &artifacts)?;
    let mut javadoc = Command::new("javadoc");
    javadoc
        .args(["-quiet", "-encoding", "UTF-8", "-Xdoclint:all,-missing", "-Werror", "-d"])
        .arg(target.join("doc"))
        .arg("-classpath")
        .arg(path(&[])?);
    javadoc.args(["-sourcepath", "src/main/java", "simc"]);
    run_in(&host, &mut javadoc)?;
    let mut play = Command::new("java");
    play.arg("-cp").arg(path(&[&target.join("test-classes")])?).arg("simc.Vectors");
    run_in(&host, play.arg(root().join("tests/vectors")).arg(&artifacts))
}

/// Bindings of models with awkward names compile, run, and refuse other artifacts.
fn bindings(target: &Path, path: &std::ffi::OsStr, artifacts: &Path) -> Result<(), String> {
    let folder = target.join("bound");
    let package = folder.join("bound");
    fs::create_dir_all(&package).map_err(|error| format!("{}: {error}", package.display()))?;
    let mut calls = String::new();
    let evil = hostile(&folder)?;
    for (number, name) in ["sir", "names_and_hosts", "kinds", "in_part", "transports", "evil"].into_iter().enumerate() {
        let class = format!("Model{number}");
        let artifact = if name == "evil" { evil.clone() } else { artifacts.join(format!("{name}.wasm")) };
        let mut simc = Command::new(programs().join("simc"));
        simc.arg("bind").arg(&artifact).args(["--lang", "java", "--name", &format!("bound.{class}"), "-o"]);
        run_in(&folder, simc.arg(package.join(format!("{class}.java"))))?;
        let file = artifact.display();
        calls += &format!(
            "        play(Files.readAllBytes(Path.of({:?})), {class}::load, new {class}.Params().toMap());\n",
            file.to_string()
        );
    }
    let main = format!(
        r#"package bound;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import simc.Code;
import simc.Model;
import simc.SimcException;

final class Main {{
    static void play(byte[] artifact, Function<byte[], Model> load, Map<String, Object> params) {{
        Model model = load.apply(artifact);
        try {{
            if (!model.run(params).csv().equals(model.run().csv())) {{
                throw new AssertionError(model + ": the defaults give other results");
            }}
        }} catch (SimcException error) {{
            if (error.code() != Code.TRANSPORT) {{
                throw error;
            }}
        }}
        byte[] other = Arrays.copyOf(artifact, artifact.length + 3);
        try {{
            load.apply(other);
            throw new AssertionError(model + ": another artifact is no error");
        }} catch (SimcException error) {{
            if (error.code() != Code.WRONG_ARTIFACT) {{
                throw error;
            }}
        }}
    }}

    public static void main(String[] args) throws Exception {{
{calls}    }}
}}
"#
    );
    write(&package.join("Main.java"), &main)?;
    let sources: Vec<_> = (0..6).map(|number| format!("bound/Model{number}.java")).collect();
    let mut javac = Command::new("javac");
    javac
        .args(["--release", "11", "-encoding", "UTF-8", "-Xlint:all", "-Werror", "-Xdoclint:all,-missing", "-cp"])
        .arg(path)
        .arg("-d")
        .arg("classes");
    run_in(&folder, javac.arg("bound/Main.java").args(sources))?;
    let paths = env::split_paths(path).chain([folder.join("classes")]);
    let paths = env::join_paths(paths).map_err(|error| error.to_string())?;
    run_in(&folder, Command::new("java").arg("-cp").arg(paths).arg("bound.Main"))
}
