//! `.xmile`: a model that holds a comment `<!-- test: STAGE... -->`; what each stage makes of it stands in a file beside it,
//! `NAME.STAGE.expect`. Stages: `diagnostics`, `ast`, `model`, `ir-o0`, `ir-o2`.

use std::path::Path;

use simc::driver::{self, Options};
use simc::render::Renderer;
use simc_front::diagnostic::one_line;
use simc_front::source::{FileId, Sources};
use simc_ir::text::print_module;
use simc_midend::pipeline::OptLevel;

use super::{bless_or_compare, read};

pub(crate) fn run(path: &Path) -> Result<(), String> {
    let text = read(path)?;
    let stages = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("<!-- test:")?.strip_suffix("-->"))
        .ok_or("no line `<!-- test: STAGE... -->`")?;
    let name = path.file_name().expect("a file has a name").to_string_lossy();
    let mut sources = Sources::new();
    let root = sources.add(name, text.as_str());
    for stage in stages.split_whitespace() {
        let got = print_stage(&sources, root, stage)?;
        bless_or_compare(&path.with_extension(format!("{stage}.expect")), &got)?;
    }
    Ok(())
}

fn print_stage(sources: &Sources, root: FileId, stage: &str) -> Result<String, String> {
    Ok(match stage {
        "diagnostics" => print_diagnostics(sources, root),
        "ast" => simc_front::ast::print(&simc_front::xmile::parse(sources, root).0),
        "model" => simc_front::model::print(&build(sources, root, OptLevel::O0)?.model),
        "ir-o0" => print_module(&build(sources, root, OptLevel::O0)?.module),
        "ir-o2" => print_module(&build(sources, root, OptLevel::O2)?.module),
        other => return Err(format!("no such stage: {other}")),
    })
}

fn build(sources: &Sources, root: FileId, level: OptLevel) -> Result<driver::Build, String> {
    let options = Options { level, ..Options::default() };
    driver::compile(sources, root, &options).map_err(|failure| {
        let lines = failure.diagnostics.iter().map(|diagnostic| one_line(diagnostic, sources));
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// Every diagnostic as people see it, an empty line behind each.
fn print_diagnostics(sources: &Sources, root: FileId) -> String {
    let renderer = Renderer::new(sources);
    let compiled = simc_front::compile(sources, root);
    compiled.diagnostics.iter().map(|diagnostic| renderer.human(diagnostic, false) + "\n\n").collect()
}
