//! `.xmile` and `.mdl`: a model that holds a comment `<!-- test: STAGE... -->` or `{ test: STAGE... }`; what each stage makes of
//! it is in a file beside it, `NAME.STAGE.expect`. Stages: `diagnostics`, `ast`, `model`, `ir-o0`, `ir-o2`,
//! and `links`, what hosts are told of which variable moves which.

use std::path::{Path, PathBuf};

use simc::driver::{self, Options};
use simc::folder::Folders;
use simc::render::Renderer;
use simc_ir::text::print_module;
use simc_midend::layout::{Sign, Symbols};
use simc_midend::pipeline::OptLevel;
use simc_model::diagnostic::one_line;
use simc_model::files::{FileError, Files};
use simc_model::source::{FileId, Sources};

use super::{bless_or_compare, read};

pub(crate) fn run(path: &Path) -> Result<(), String> {
    let text = read(path)?;
    let files = Beside::new(path)?;
    let stages = stages(&text).ok_or("no line `<!-- test: STAGE... -->` or `{ test: STAGE... }`")?;
    let name = path.file_name().expect("a file has a name").to_string_lossy();
    let mut sources = Sources::new();
    let root = sources.add(name, text.as_str());
    for stage in stages.split_whitespace() {
        let got = print_stage(&mut sources, root, &files, stage)?;
        bless_or_compare(&path.with_extension(format!("{stage}.expect")), &got)?;
    }
    Ok(())
}

/// The stages that a model asks for.
pub(super) fn stages(text: &str) -> Option<&str> {
    text.lines().map(str::trim).find_map(|line| {
        let xmile = || line.strip_prefix("<!-- test:")?.strip_suffix("-->");
        let vensim = || line.strip_prefix("{ test:")?.strip_suffix('}');
        xmile().or_else(vensim)
    })
}

fn print_stage(sources: &mut Sources, root: FileId, files: &Beside, stage: &str) -> Result<String, String> {
    Ok(match stage {
        "diagnostics" => print_diagnostics(sources, root, files),
        "ast" => simc_model::definition::print::print(&simc::front::parse(sources, root, files).0),
        "model" => simc_model::model::print(&build(sources, root, files, OptLevel::O0)?.model),
        "ir-o0" => print_module(&build(sources, root, files, OptLevel::O0)?.module),
        "ir-o2" => print_module(&build(sources, root, files, OptLevel::O2)?.module),
        "links" => print_links(&build(sources, root, files, OptLevel::O0)?.layout.symbols),
        other => return Err(format!("no such stage: {other}")),
    })
}

fn build(sources: &mut Sources, root: FileId, files: &Beside, level: OptLevel) -> Result<driver::Build, String> {
    let options = Options { level, ..Options::default() };
    driver::compile(sources, root, files, &options).map_err(|failure| {
        let lines = failure.diagnostics.iter().map(|diagnostic| one_line(diagnostic, sources));
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// A line for each effect with its causes: `+` and `-` where the direction is known, in brackets what counts at the start alone.
fn print_links(symbols: &Symbols) -> String {
    let name = |at: u32| symbols.vars[at as usize].name.as_str();
    let mut text = String::new();
    for links in symbols.links.chunk_by(|a, b| a.effect == b.effect) {
        text.push_str(&format!("{}:", name(links[0].effect)));
        for link in links {
            let sign = match link.sign {
                Sign::Same => '+',
                Sign::Opposite => '-',
                Sign::Unknown => '?',
            };
            let cause = name(link.cause);
            text.push_str(&if link.at_start { format!(" ({sign} {cause})") } else { format!(" {sign} {cause}") });
        }
        text.push('\n');
    }
    text
}

/// Every diagnostic as people see it, an empty line after each.
fn print_diagnostics(sources: &mut Sources, root: FileId, files: &Beside) -> String {
    let compiled = simc::front::compile(sources, root, files);
    let renderer = Renderer::new(sources);
    compiled.diagnostics.iter().map(|diagnostic| renderer.human(diagnostic, false) + "\n\n").collect()
}

/// The files beside a test. Names begin at its folder, so that messages do not tell where the repository lies.
struct Beside {
    folder: PathBuf,
    folders: Folders,
}

impl Beside {
    fn new(test: &Path) -> Result<Self, String> {
        let folder = test.parent().ok_or("a file lies in a folder")?.to_owned();
        let mut folders = Folders::new(1 << 20);
        folders.allow(&folder).map_err(|error| error.to_string())?;
        Ok(Self { folder, folders })
    }

    fn place(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }
}

impl Files for Beside {
    fn find(&self, from: &str, resource: &str) -> Result<Vec<String>, FileError> {
        let found = self.folders.find(&self.place(from), resource)?;
        let name = |path: String| match Path::new(&path).strip_prefix(&self.folder) {
            Ok(name) => name.to_string_lossy().into_owned(),
            Err(_) => path,
        };
        Ok(found.into_iter().map(name).collect())
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, FileError> {
        self.folders.read(&self.place(name))
    }
}
