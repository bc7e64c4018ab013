//! `simc build`: a model into an artifact, or into any stage on the way.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use simc_model::source::{FileId, Sources};

use super::depfile::{depfile, warning};
use super::failure::{Failure, tell};
use super::input::{self, Input, is_stdin};
use super::model_options::{CompileOptions, MessageOptions, NoModel};
use super::native::NativeOptions;
use super::output;
use super::report::MessageFormat;
use super::stages::{self, Stage};

/// Compile a model to a WebAssembly artifact, or a model or an artifact to native code
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simc build model.xmile -o model.wasm
  simc build model.xmile -o model.wasm --emit wasm,wat,layout
  simc build model.xmile -o model.wasm -Os --outputs Infectious,Infection
  simc build model.xmile -o model.wasm --depfile model.d
  simc build model.xmile --target native -o model.o
  simc build model.wasm --target native --triple aarch64-apple-darwin -o model.o")]
pub(super) struct Opts {
    /// The model: an XMILE or Vensim file, or `-` for standard input; for native code also an artifact
    model: PathBuf,
    /// Where to write; `-` is standard output. Without it: the model's name with another extension, in the current folder
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// What to write. One kind goes to OUT itself; several go beside each other, each with its own extension
    #[arg(long, value_enum, value_name = "KINDS", value_delimiter = ',', default_value = "wasm")]
    emit: Vec<Stage>,
    /// What the artifact is for
    #[arg(long, value_enum, value_name = "TARGET", default_value = "wasm")]
    target: Target,
    #[command(flatten)]
    native: NativeOptions,
    /// Write the files that the artifact depends on, in the form of Make and Ninja
    #[arg(long, value_name = "FILE")]
    depfile: Option<PathBuf>,
    #[command(flatten)]
    compile: CompileOptions,
    #[command(flatten)]
    pub(super) messages: MessageOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// A standalone WebAssembly module
    Wasm,
    /// An object file and a C header beside it
    Native,
}

impl Opts {
    /// Every output is complete beside its place before the first gets its name.
    pub(super) fn run(&self) -> Result<(), Failure> {
        let format = self.messages.message_format;
        if self.target == Target::Native {
            return self.run_native(format);
        }
        self.native.check_unused()?;
        let (mut sources, root) = input::read_model(&self.model)?;
        let targets = self.targets()?;
        let build = self.compile.compile(&mut sources, root, format, &mut |_| ())?;
        let outputs: Vec<&Path> =
            targets.iter().map(|(_, path)| path).chain(&self.depfile).map(PathBuf::as_path).collect();
        output::check(&outputs, &input::files_of(&self.model, &sources))?;
        let ast = self.syntax_tree(&sources, root)?;
        let mut pending = Vec::new();
        for (stage, path) in &targets {
            let bytes = stages::print(*stage, &build, &ast)?;
            if is_stdin(path) {
                output::write_stdout(|out| out.write_all(&bytes))?;
            } else {
                pending.extend(output::prepare(path, |out| out.write_all(&bytes))?);
            }
        }
        if let Some(path) = &self.depfile {
            let text = self.dependencies(&targets, &sources, format)?;
            pending.extend(output::prepare(path, |out| out.write_all(text.as_bytes()))?);
        }
        pending.into_iter().try_for_each(output::Pending::commit)
    }

    /// Native code of a model or an artifact: the object and its header, each complete before either gets its name.
    fn run_native(&self, format: MessageFormat) -> Result<(), Failure> {
        if self.emit != [Stage::Wasm] {
            let message =
                "with `--target native` an object and its header are written; other stages have no place there";
            return Err(Failure::Usage(message.to_owned()));
        }
        let object = match &self.output {
            Some(path) if is_stdin(path) => {
                return Err(Failure::Usage("an object and its header are two files; give -o a file name".to_owned()));
            }
            Some(path) => path.clone(),
            None => self.default_output()?.with_extension("o"),
        };
        let header = object.with_extension("h");
        if header == object && object.is_dir() {
            return Err(Failure::io("write", &object, &ErrorKind::IsADirectory.into()));
        }
        if header == object {
            return Err(Failure::Usage("the header has this name; give -o that of the object".to_owned()));
        }
        let mut outputs = vec![object.as_path(), header.as_path()];
        outputs.extend(self.depfile.as_deref());
        let (wasm, sources) = match input::read(&self.model)? {
            Input::Artifact(wasm) => {
                self.compile.check_unused(&self.model, NoModel::Artifact)?;
                output::check(&outputs, &[&self.model])?;
                (wasm, None)
            }
            Input::Model(mut sources, root) => {
                let build = self.compile.compile(&mut sources, root, format, &mut |_| ())?;
                output::check(&outputs, &input::files_of(&self.model, &sources))?;
                (build.wasm, Some(sources))
            }
        };
        let native = self.native.translate(&wasm, format)?;
        let mut pending = Vec::new();
        let bytes = native.object().map_err(|error| Failure::Bug(error.to_string()))?;
        pending.extend(output::prepare(&object, |out| out.write_all(&bytes))?);
        pending.extend(output::prepare(&header, |out| out.write_all(native.header().as_bytes()))?);
        if let Some(path) = &self.depfile {
            let targets = [&object, &header].map(|path| (Stage::Wasm, path.clone()));
            let text = match &sources {
                Some(sources) => self.dependencies(&targets, sources, format)?,
                None => depfile(&[&object, &header], &[&self.model])?,
            };
            pending.extend(output::prepare(path, |out| out.write_all(text.as_bytes()))?);
        }
        pending.into_iter().try_for_each(output::Pending::commit)
    }

    /// The syntax tree as text, if it is to be written: a build does not keep it.
    fn syntax_tree(&self, sources: &Sources, root: FileId) -> Result<String, Failure> {
        if !self.emit.contains(&Stage::Ast) {
            return Ok(String::new());
        }
        let model = sources.file(root);
        let mut sources = Sources::new();
        let root = sources.add(model.name.as_str(), model.text.as_str());
        let files = self.compile.files.folders(&sources, root)?;
        Ok(stages::ast(&mut sources, root, &files))
    }

    /// What to write, and where.
    fn targets(&self) -> Result<Vec<(Stage, PathBuf)>, Failure> {
        let base = match &self.output {
            Some(path) => path.clone(),
            None => self.default_output()?,
        };
        if let ([stage], Some(path)) = (self.emit.as_slice(), &self.output) {
            return Ok(vec![(*stage, path.clone())]);
        }
        if is_stdin(&base) {
            return Err(Failure::Usage(
                "standard output has room for one kind of output; give -o a file name".to_owned(),
            ));
        }
        let mut targets: Vec<(Stage, PathBuf)> = Vec::new();
        for stage in &self.emit {
            let path = if *stage == Stage::Wasm && self.output.is_some() {
                base.clone()
            } else {
                base.with_extension(stage.extension())
            };
            if !targets.iter().any(|(_, taken)| *taken == path) {
                targets.push((*stage, path));
            }
        }
        Ok(targets)
    }

    /// The model's own name, in the current folder.
    fn default_output(&self) -> Result<PathBuf, Failure> {
        let name = self.model.file_name().filter(|_| !is_stdin(&self.model));
        let name = name.ok_or_else(|| Failure::Usage("say with -o where to write".to_owned()))?;
        Ok(Path::new(name).with_extension(Stage::Wasm.extension()))
    }

    fn dependencies(
        &self,
        targets: &[(Stage, PathBuf)],
        sources: &Sources,
        format: MessageFormat,
    ) -> Result<String, Failure> {
        let targets: Vec<&Path> =
            targets.iter().map(|(_, path)| path.as_path()).filter(|path| !is_stdin(path)).collect();
        if targets.is_empty() || is_stdin(&self.model) {
            return Err(Failure::Usage("a dependency file needs a model and an output that are files".to_owned()));
        }
        let texts = sources.iter().map(|(_, file)| file.name.as_str());
        let data = sources.data().iter().map(|file| file.name.as_str());
        let sources: Vec<&Path> = texts.chain(data).map(Path::new).collect();
        let text = depfile(&targets, &sources)?;
        // A program that reads messages reads the file by itself.
        if format == MessageFormat::Human
            && let Some(warning) = warning(&[targets, sources].concat())
        {
            tell(format_args!("{warning}"));
        }
        Ok(text)
    }
}
