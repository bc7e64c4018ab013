//! Build systems: the example of each is built from clean, once more, and after an included file has changed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;
use std::{env, fs};

use super::go::write;
use super::javascript::programs;
use super::{cargo, has, python, root};

/// What the examples print or write when the model is as it is in the repository, and with the changed file.
const PEAKS: [&str; 2] = ["1725.527", "971.655"];
/// What changes in the file that the model includes.
const CHANGE: (&str, &str) = ("contacts * 0.05", "contacts * 0.04");

/// A copy of the examples, and the compiler that they use.
struct Examples {
    folder: tempfile::TempDir,
    programs: PathBuf,
}

pub(super) fn test() -> Result<(), String> {
    cargo(&["build", "--workspace", "--bin", "simc", "--locked"])?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    copy(&root().join("runtime-shim/build/examples"), folder.path())?;
    let examples = Examples { folder, programs: programs() };
    examples.with_cargo()?;
    examples.with_tool("make", &["--version"], Examples::with_make)?;
    examples.with_tool("ninja", &["--version"], Examples::with_ninja)?;
    examples.with_tool("cmake", &["--version"], |examples| examples.with_cmake("cmake", "Unix Makefiles"))?;
    if has("ninja", &["--version"]) {
        examples.with_tool("cmake", &["--version"], |examples| examples.with_cmake("cmake", "Ninja"))?;
    }
    examples.with_oldest_cmake()?;
    examples.with_awkward_names()?;
    examples.with_pre_commit()
}

impl Examples {
    /// Tries a tool; where it is missing that is said, and in continuous integration it is a failure.
    fn with_tool(&self, tool: &str, args: &[&str], test: fn(&Self) -> Result<(), String>) -> Result<(), String> {
        if !has(tool, args) {
            if env::var_os("CI").is_some() {
                super::install_package(if tool == "ninja" { "ninja-build" } else { tool })?;
            } else {
                println!("skipped: the example for {tool}: there is no {tool}");
                return Ok(());
            }
        }
        test(self)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command in a folder of the examples, with `simc` on the path.
    fn command(&self, program: &str, folder: &str) -> Command {
        let mut paths = vec![self.programs.clone()];
        paths.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
        let mut command = Command::new(program);
        command.current_dir(self.path(folder)).env("PATH", env::join_paths(paths).unwrap_or_default());
        // What this program was started by is not what starts the examples.
        command.env_remove("MAKEFLAGS").env_remove("CARGO_MANIFEST_DIR").env_remove("RUSTFLAGS");
        command
    }

    /// Changes the file that the model includes, or puts it back. Its time is later than that of anything that was built.
    fn change(&self, is_changed: bool) -> Result<(), String> {
        let path = self.path("models/functions.xml");
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let (from, to) = if is_changed { CHANGE } else { (CHANGE.1, CHANGE.0) };
        let changed = text.replace(from, to);
        if changed == text && is_changed {
            return Err(format!("{} does not hold `{from}`", path.display()));
        }
        // Make compares times of whole files; a second apart is apart on every file system.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        fs::write(&path, changed).map_err(|error| error.to_string())
    }

    /// Builds from clean, again, and after a change. `build` gives what was said, `peak` what came of it, and `outputs` must keep
    /// their times when nothing has changed.
    fn three_builds(
        &self,
        what: &str,
        build: &dyn Fn() -> Result<String, String>,
        peak: &dyn Fn() -> Result<String, String>,
        outputs: &[PathBuf],
    ) -> Result<(), String> {
        self.change(false)?;
        build()?;
        let expect = |expected: &str, when: &str| {
            let found = peak()?;
            let is_so = found.contains(expected);
            if is_so { Ok(()) } else { Err(format!("{what}: {when}: {expected} is not in {found}")) }
        };
        expect(PEAKS[0], "from clean")?;
        let before = times(outputs)?;
        let said = build()?;
        if times(outputs)? != before {
            return Err(format!("{what}: something was built although nothing had changed: {said}"));
        }
        self.change(true)?;
        build()?;
        expect(PEAKS[1], "after an included file had changed")?;
        println!("{what}: built from clean, not again, and after a change");
        Ok(())
    }

    fn with_cargo(&self) -> Result<(), String> {
        let manifest = self.path("cargo/Cargo.toml");
        let text = fs::read_to_string(&manifest).map_err(|error| error.to_string())?;
        // The paths in it lead from the repository; the copy lies elsewhere.
        let real = root().to_string_lossy().replace('\\', "/");
        let text = text.replace("../../../../compiler", &format!("{real}/compiler"));
        fs::write(&manifest, text.replace("../../../hosts", &format!("{real}/runtime-shim/hosts")))
            .map_err(|error| error.to_string())?;
        let lock = root().join("Cargo.lock");
        fs::copy(&lock, self.path("cargo/Cargo.lock")).map_err(|error| format!("{}: {error}", lock.display()))?;
        // The compiler is built once for all runs of this step.
        let target = self.programs.parent().unwrap_or(&self.programs).join("examples");
        let run = |args: &[&str]| finish(self.command("cargo", "cargo").args(args).env("CARGO_TARGET_DIR", &target));
        run(&["clean", "--quiet", "--package", "epidemic"])?;
        let program = target.join("debug").join(format!("epidemic{}", env::consts::EXE_SUFFIX));
        let peak = || finish(&mut Command::new(&program));
        self.three_builds("Cargo", &|| run(&["build"]), &peak, std::slice::from_ref(&program))
    }

    /// The greatest number of the results that Make and Ninja write.
    fn peak(&self, path: &str) -> Result<String, String> {
        let text = fs::read_to_string(self.path(path)).map_err(|error| format!("{path}: {error}"))?;
        let numbers = text.lines().filter_map(|line| line.split(',').nth(1)?.parse::<f64>().ok());
        Ok(format!("{:.3}", numbers.fold(0.0, f64::max)))
    }

    fn with_make(&self) -> Result<(), String> {
        let build = || finish(&mut self.command("make", "make"));
        let outputs = ["make/out/epidemic.wasm", "make/out/epidemic.csv"].map(|name| self.path(name));
        self.three_builds("Make", &build, &|| self.peak("make/out/epidemic.csv"), &outputs)?;
        // A file that is read no more and gone is no error.
        let model = self.path("models/epidemic.xmile");
        let text = fs::read_to_string(&model).map_err(|error| error.to_string())?;
        let own = text.replace("functions.xml", "other.xml");
        fs::write(&model, own).map_err(|error| error.to_string())?;
        let (old, new) = (self.path("models/functions.xml"), self.path("models/other.xml"));
        fs::rename(&old, &new).map_err(|error| error.to_string())?;
        let outcome = build();
        fs::rename(&new, &old).and_then(|()| fs::write(&model, text)).map_err(|error| error.to_string())?;
        outcome.map(drop).map_err(|error| format!("Make, after a file was renamed: {error}"))
    }

    fn with_ninja(&self) -> Result<(), String> {
        let build = || finish(&mut self.command("ninja", "ninja"));
        let outputs = ["ninja/epidemic.wasm", "ninja/epidemic.csv"].map(|name| self.path(name));
        self.three_builds("Ninja", &build, &|| self.peak("ninja/epidemic.csv"), &outputs)
    }

    /// A file that the model includes may be called almost anything: it is found when it changes, and nothing is built when it has not.
    /// What no tool can be told is told the user.
    fn with_awkward_names(&self) -> Result<(), String> {
        let folder = self.path("awkward");
        let io = |error: std::io::Error| error.to_string();
        fs::create_dir_all(&folder).map_err(io)?;
        let model = fs::read_to_string(self.path("models/epidemic.xmile")).map_err(io)?;
        let functions = fs::read_to_string(self.path("models/functions.xml")).map_err(io)?;
        let names: &[&str] =
            if cfg!(windows) { &["a b #1 $x 50% é.xml"] } else { &["a b #1 $x 50% é.xml", "a:b.xml", "x=1.xml"] };
        write(
            &folder.join("Makefile"),
            "m.wasm: m.xmile\n\tsimc build m.xmile -o m.wasm --depfile m.d\n-include m.d\n",
        )?;
        let ninja = "rule m\n  command = simc build m.xmile -o m.wasm --depfile m.d\n  depfile = m.d\nbuild m.wasm: m m.xmile\n";
        write(&folder.join("build.ninja"), ninja)?;
        for name in names {
            write(&folder.join("m.xmile"), &model.replace("functions.xml", name))?;
            write(&folder.join(name), &functions)?;
            for tool in ["make", "ninja"].into_iter().filter(|tool| has(tool, &["--version"])) {
                let build = || finish(&mut self.command(tool, "awkward"));
                let output = [folder.join("m.wasm")];
                let _ = fs::remove_file(&output[0]);
                build()?;
                let first = times(&output)?;
                build()?;
                let is_idle = times(&output)? == first;
                std::thread::sleep(std::time::Duration::from_millis(1100));
                write(&folder.join(name), &functions)?;
                build()?;
                if !is_idle || times(&output)? == first {
                    return Err(format!("{tool} with {name:?}: idle {is_idle}, and not built after a change"));
                }
            }
        }
        let mut simc = self.command("simc", "awkward");
        write(&folder.join("it's.xmile"), &model.replace("functions.xml", "x=1.xml"))?;
        write(&folder.join("x=1.xml"), &functions)?;
        let output = simc.args(["build", "it's.xmile", "-o", "m.wasm", "--depfile", "m.d"]).output().map_err(io)?;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() || !told.contains("has a `'`, which no dependency file can have") {
            return Err(format!("an apostrophe is not told of: {told}"));
        }
        if has("cmake", &["--version"]) {
            self.with_awkward_targets()?;
        }
        println!("Make, Ninja: files of awkward names");
        Ok(())
    }

    /// Targets of CMake need not be names of C, and what a generator cannot do is refused when the project is configured.
    fn with_awkward_targets(&self) -> Result<(), String> {
        let configure = |name: &str, project: &str, generator: &str| {
            let folder = self.path(name);
            fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
            let head = "cmake_minimum_required(VERSION 3.20)\nproject(p LANGUAGES C)\nfind_package(Simc REQUIRED)\n";
            write(&folder.join("CMakeLists.txt"), &format!("{head}{project}"))?;
            write(
                &folder.join("main.c"),
                "#include \"my-model.h\"\n#include \"other.h\"\nint main(void) { return (my_model_size() == 0) + (it_size() == 0); }\n",
            )?;
            let package = root().join("runtime-shim/build/cmake");
            let mut cmake = self.command("cmake", name);
            cmake.args(["-S", ".", "-B", "build", "-G", generator]).arg(format!("-DSimc_DIR={}", package.display()));
            finish(&mut cmake)?;
            finish(self.command("cmake", name).args(["--build", "build"]))?;
            finish(&mut Command::new(folder.join("build/program")))
        };
        let model = self.path("models/epidemic.xmile").display().to_string();
        let program = "add_executable(program main.c)\ntarget_link_libraries(program PRIVATE my-model other)\n";
        let two = format!(
            "simc_add_model(my-model MODEL \"{model}\" NATIVE)\nsimc_add_model(other MODEL \"{model}\" NATIVE PREFIX it)\n{program}"
        );
        configure("targets", &two, "Unix Makefiles")?;
        let mut refused = vec![
            ("keyword", format!("simc_add_model(m MODEL \"{model}\" NATIVE PREFIX 1x)\n"), "Unix Makefiles", "PREFIX"),
            (
                "it's",
                "simc_add_model(m MODEL m.xmile NATIVE)\n".to_owned(),
                "Unix Makefiles",
                "cannot have in a dependency",
            ),
        ];
        if has("ninja", &["--version"]) {
            let dollar = "simc_add_model(m MODEL m.xmile)\n".to_owned();
            refused.push(("a$b", dollar, "Ninja", "cannot have in a dependency"));
        }
        for (folder, project, generator, what) in refused {
            match configure(folder, &project, generator) {
                Err(said) if said.split_whitespace().collect::<Vec<_>>().join(" ").contains(what) => {}
                Err(said) => return Err(format!("CMake says something else of {folder}: {said}")),
                Ok(_) => return Err(format!("CMake takes {folder}")),
            }
        }
        Ok(())
    }

    /// The oldest version of CMake that the package takes; it reads less of a dependency file than later ones.
    fn with_oldest_cmake(&self) -> Result<(), String> {
        let Some(python) = build_environment("the oldest CMake")? else { return Ok(()) };
        let program = python.with_file_name(format!("cmake{}", env::consts::EXE_SUFFIX)).display().to_string();
        self.with_cmake(&program, "Unix Makefiles")?;
        if has("ninja", &["--version"]) { self.with_cmake(&program, "Ninja") } else { Ok(()) }
    }

    /// `program` is CMake.
    fn with_cmake(&self, program: &str, generator: &str) -> Result<(), String> {
        let is_oldest = program != "cmake";
        let folder = format!("cmake/{}{}", generator.replace(' ', ""), if is_oldest { "Oldest" } else { "" });
        let package = root().join("runtime-shim/build/cmake");
        let mut configure = self.command(program, "cmake");
        configure.args(["-S", ".", "-G", generator, "-B"]).arg(self.path(&folder));
        finish(configure.arg(format!("-DSimc_DIR={}", package.display())))?;
        let build = || finish(self.command(program, "cmake").arg("--build").arg(self.path(&folder)));
        let peak = || {
            if !is_oldest {
                finish(self.command("ctest", &folder).arg("--output-on-failure"))?;
            }
            finish(&mut self.command(&self.path(&folder).join("program").to_string_lossy(), &folder))
        };
        let outputs = ["epidemic_wasm.wasm", "epidemic.simc/epidemic.o", "epidemic.simc/epidemic.h", "program"];
        let outputs = outputs.map(|name| self.path(&folder).join(name));
        let which = if is_oldest { "the oldest CMake" } else { "CMake" };
        self.three_builds(&format!("{which} with {generator}"), &build, &peak, &outputs)
    }

    /// The hook, in a repository of its own: a model that is right passes, one that is wrong does not.
    fn with_pre_commit(&self) -> Result<(), String> {
        let Some(python) = build_environment("the hook for pre-commit")? else { return Ok(()) };
        let git = |folder: &str, args: &[&str]| {
            let identity = ["-c", "user.name=example", "-c", "user.email=example@example.org"];
            finish(self.command("git", folder).args(identity).args(args))
        };
        let hooks = self.path("hooks");
        fs::create_dir_all(&hooks).map_err(|error| error.to_string())?;
        fs::copy(root().join(".pre-commit-hooks.yaml"), hooks.join(".pre-commit-hooks.yaml"))
            .map_err(|error| error.to_string())?;
        let project = self.path("project");
        copy(&self.path("models"), &project.join("models"))?;
        for folder in ["hooks", "project"] {
            git(folder, &["init", "--quiet"])?;
            git(folder, &["add", "."])?;
            git(folder, &["commit", "--quiet", "--message", "first"])?;
        }
        let revision = git("hooks", &["rev-parse", "HEAD"])?;
        let example =
            fs::read_to_string(self.path("pre-commit/.pre-commit-config.yaml")).map_err(|error| error.to_string())?;
        let config = example.lines().map(|line| {
            let is = |key: &str| line.trim_start().trim_start_matches("- ").starts_with(key);
            match () {
                () if is("repo:") => format!("  - repo: {}", hooks.display()),
                () if is("rev:") => format!("    rev: {}", revision.trim()),
                () => line.to_owned(),
            }
        });
        fs::write(project.join(".pre-commit-config.yaml"), config.collect::<Vec<_>>().join("\n") + "\n")
            .map_err(|error| error.to_string())?;
        let home = self.path("pre-commit-home");
        let check = || {
            git("project", &["add", "."])?;
            let mut command = self.command(&python.to_string_lossy(), "project");
            finish(command.args(["-m", "pre_commit", "run", "--all-files"]).env("PRE_COMMIT_HOME", &home))
        };
        // A name that looks like an option is one of a model all the same.
        fs::copy(project.join("models/epidemic.xmile"), project.join("-model.xmile"))
            .map_err(|error| error.to_string())?;
        fs::copy(project.join("models/functions.xml"), project.join("functions.xml"))
            .map_err(|error| error.to_string())?;
        check()?;
        fs::write(project.join("models/wrong.mdl"), "{UTF-8}\nx = yy ~~|\n").map_err(|error| error.to_string())?;
        match check() {
            Err(said) if said.contains("wrong.mdl") && said.contains("`yy`") => {
                println!("pre-commit: a right model passes, a wrong one is refused");
                Ok(())
            }
            Err(said) => Err(format!("pre-commit says something else of a wrong model: {said}")),
            Ok(said) => Err(format!("pre-commit lets a wrong model pass: {said}")),
        }
    }
}

/// The interpreter of an environment with the tools that Python's registry has.
fn build_environment(what: &str) -> Result<Option<PathBuf>, String> {
    let Some(interpreter) = python::interpreter() else {
        return python::no_interpreter(what).map(|()| None);
    };
    let list = root().join("runtime-shim/build/requirements-test.txt");
    python::environment_for(what, &interpreter, "python-build", &list)
}

/// Copies a folder.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let fail = |error: std::io::Error| format!("{}: {error}", from.display());
    fs::create_dir_all(to).map_err(fail)?;
    for entry in fs::read_dir(from).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() { copy(&path, &target)? } else { fs::copy(&path, target).map(drop).map_err(fail)? }
    }
    Ok(())
}

/// When files were written.
fn times(paths: &[PathBuf]) -> Result<Vec<SystemTime>, String> {
    let time = |path: &PathBuf| {
        fs::metadata(path).and_then(|it| it.modified()).map_err(|error| format!("{}: {error}", path.display()))
    };
    paths.iter().map(time).collect()
}

/// Runs a command, and gives what it said; its failure with all of that.
pub(super) fn finish(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let Output { status, stdout, stderr } = command.output().map_err(|error| format!("{program}: {error}"))?;
    let said = String::from_utf8_lossy(&stdout).into_owned();
    if status.success() {
        return Ok(said);
    }
    Err(format!("{program}: {status}\n{said}{}", String::from_utf8_lossy(&stderr)))
}
