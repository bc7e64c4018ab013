//! A model of the tests as it looks inside: what the pages show as examples is what the compiler makes.

use std::path::Path;

use simc_ir::text::print_module;
use simc_midend::pipeline::OptLevel;

use super::table;
use crate::subject::Subject;

/// The optimised module of the cup of tea.
pub(super) fn teacup_ir(root: &Path) -> Result<String, String> {
    Ok(format!("```text\n{}```\n", print_module(&teacup(root)?.module)))
}

/// The regions of its memory.
pub(super) fn teacup_regions(root: &Path) -> Result<String, String> {
    let regions = teacup(root)?.layout.regions;
    let rows =
        regions.iter().map(|region| vec![region.name.to_owned(), region.offset.to_string(), region.bytes.to_string()]);
    Ok(table(&["region", "first byte", "bytes"], rows))
}

fn teacup(root: &Path) -> Result<Subject, String> {
    let path = root.join("tests/models/teacup.xmile");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Subject::from_xmile("teacup.xmile", &text, OptLevel::O2)
}
