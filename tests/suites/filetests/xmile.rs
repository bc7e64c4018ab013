//! `.xmile`: a model whose first line is a comment `<!-- test: STAGE... -->`; what each stage makes of it stands in a file beside it,
//! `NAME.STAGE.expect`. Stages: `diagnostics`, `ast`, `model`, `ir-o0`, `ir-o2`.

use std::path::Path;

use simc::driver::{self, Options};
use simc_front::diagnostic::one_line;
use simc_front::source::Sources;
use simc_ir::text::print_module;
use simc_midend::pipeline::OptLevel;

use super::{bless_or_compare, read};

pub(crate) fn run(path: &Path) -> Result<(), String> {
    let text = read(path)?;
    let stages = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("<!-- test:")?.strip_suffix("-->"))
        .ok_or("no line `<!-- test: STAGE... -->`")?;
    let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
    for stage in stages.split_whitespace() {
        let got = match stage {
            "diagnostics" => diagnostics(&name, &text),
            "ast" => stage_text(&name, &text, OptLevel::O0, Stage::Ast)?,
            "model" => stage_text(&name, &text, OptLevel::O0, Stage::Model)?,
            "ir-o0" => stage_text(&name, &text, OptLevel::O0, Stage::Ir)?,
            "ir-o2" => stage_text(&name, &text, OptLevel::O2, Stage::Ir)?,
            other => return Err(format!("no such stage: {other}")),
        };
        bless_or_compare(&path.with_extension(format!("{stage}.expect")), &got)?;
    }
    Ok(())
}

enum Stage {
    Ast,
    Model,
    Ir,
}

/// Every diagnostic: one line each, then label, further places and hint, indented.
fn diagnostics(name: &str, text: &str) -> String {
    let mut sources = Sources::new();
    let root = sources.add(name, text);
    let compiled = simc_front::compile(&sources, root);
    let mut out = String::new();
    for diagnostic in &compiled.diagnostics {
        out.push_str(&one_line(diagnostic, &sources));
        out.push('\n');
        if !diagnostic.label.is_empty() {
            out.push_str(&format!("    mark: {}\n", diagnostic.label));
        }
        for label in &diagnostic.labels {
            out.push_str(&format!("    {}: {}\n", sources.line_column(label.span), label.text));
        }
        if let Some(variable) = &diagnostic.variable {
            out.push_str(&format!("    variable: {variable}\n"));
        }
        if let Some(hint) = &diagnostic.hint {
            out.push_str(&format!("    hint: {hint}\n"));
        }
    }
    out
}

fn stage_text(name: &str, text: &str, level: OptLevel, stage: Stage) -> Result<String, String> {
    let mut sources = Sources::new();
    let root = sources.add(name, text);
    if let Stage::Ast = stage {
        let (file, _) = simc_front::xmile::parse(&sources, root);
        return Ok(simc_front::ast::print(&file));
    }
    let options = Options { level, ..Options::default() };
    let build = driver::compile(&sources, root, &options).map_err(|failure| {
        let lines = failure.diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources));
        lines.collect::<Vec<_>>().join("\n")
    })?;
    Ok(match stage {
        Stage::Model => simc_front::model::print(&build.model),
        Stage::Ast | Stage::Ir => print_module(&build.module),
    })
}
