//! The generated parts of the documentation: between a line `<!-- generated: NAME -->` and the next `<!-- end -->`, what is
//! in a page comes from the tables that the compiler itself reads, or from asking it.

use std::fs;
use std::path::{Path, PathBuf};

mod builtins;
mod bytes;
mod diagnostics;
mod elements;
mod examples;
mod features;
mod instructions;
mod passes;

pub use elements::listed_names;

/// A page, as it is and as it should be.
#[derive(Clone, Debug)]
pub struct Page {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub committed: String,
    /// Its text with every generated part rebuilt.
    pub fresh: String,
}

/// Makes a part.
type Generator = fn(&Path) -> Result<String, String>;

/// Every part by its name. A generator is given the root of the repository.
const GENERATORS: &[(&str, Generator)] = &[
    ("attributes", |_| Ok(elements::attributes())),
    ("builtins", |_| Ok(builtins::supported())),
    ("diagnostics", |_| Ok(diagnostics::all())),
    ("elements", |_| Ok(elements::elements())),
    ("features", features::matrix),
    ("instructions", |_| Ok(instructions::instructions())),
    ("kernel functions", |_| Ok(instructions::functions())),
    ("layout bytes", bytes::layout),
    ("passes", |_| Ok(passes::passes())),
    ("refused builtins", |_| Ok(builtins::refused())),
    ("refused features", |_| Ok(diagnostics::unsupported())),
    ("teacup ir", examples::teacup_ir),
    ("teacup regions", examples::teacup_regions),
    ("vensim builtins", |_| Ok(builtins::vensim())),
    ("vensim features", features::vensim_matrix),
    ("vensim refused builtins", |_| Ok(builtins::vensim_refused())),
    ("vector functions", |_| Ok(instructions::vectors())),
    ("verifier rules", instructions::verifier_rules),
];

const BEGIN: &str = "<!-- generated: ";
const CLOSE: &str = " -->";
const END: &str = "<!-- end -->";

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a folder of the repository")
}

/// The README, and every page of the documentation by name.
///
/// # Errors
/// A page that cannot be read, or whose parts are not well-formed.
pub fn pages(root: &Path) -> Result<Vec<Page>, String> {
    let fault = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let docs = root.join("docs");
    let mut paths = vec![root.join("README.md")];
    for entry in fs::read_dir(&docs).map_err(|error| fault(&docs, &error))? {
        paths.push(entry.map_err(|error| fault(&docs, &error))?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    let mut pages = Vec::new();
    for path in paths.into_iter().filter(|path| path.is_file()) {
        let committed = fs::read_to_string(&path).map_err(|error| fault(&path, &error))?;
        let fresh = refresh(root, &committed).map_err(|error| fault(&path, &error))?;
        pages.push(Page { path, committed, fresh });
    }
    Ok(pages)
}

/// The text with every generated part rebuilt.
fn refresh(root: &Path, text: &str) -> Result<String, String> {
    let mut fresh = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        fresh.push_str(line);
        fresh.push('\n');
        let Some(name) = line.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(CLOSE)) else { continue };
        let generator = GENERATORS.iter().find(|(known, _)| *known == name);
        let (_, generate) = generator.ok_or_else(|| format!("there is no generated part `{name}`"))?;
        if !lines.by_ref().any(|line| line == END) {
            return Err(format!("the generated part `{name}` has no `{END}`"));
        }
        let part = generate(root)?;
        fresh.extend(["\n", part.trim_end(), "\n\n", END, "\n"]);
    }
    Ok(fresh)
}

/// Plain text as Markdown that may be in the cell of a table; what is between backticks stays code.
fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut is_code = false;
    for c in text.chars() {
        match c {
            '`' => is_code = !is_code,
            '|' => escaped.push('\\'),
            '<' | '*' | '_' if !is_code => escaped.push('\\'),
            _ => {}
        }
        escaped.push(c);
    }
    escaped
}

/// A table of Markdown. Cells are Markdown.
fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let heads: Vec<String> = heads.iter().map(|&head| head.to_owned()).collect();
    let mut text = line(&heads);
    text.push_str(&format!("|{}\n", "---|".repeat(heads.len())));
    for row in rows {
        text.push_str(&line(&row));
    }
    text
}

/// Words as code, between commas.
fn code_list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_what_stands_between_the_marks_and_nothing_else() {
        let text = "a\n<!-- generated: passes -->\nstale\n<!-- end -->\nb\n";
        let fresh = refresh(Path::new("."), text).expect("the marks are well-formed");
        assert!(fresh.starts_with("a\n<!-- generated: passes -->\n\n|") && fresh.ends_with("|\n\n<!-- end -->\nb\n"));
        assert!(!fresh.contains("stale"));
        assert_eq!(refresh(Path::new("."), &fresh).as_deref(), Ok(fresh.as_str()));
    }

    #[test]
    fn a_part_that_is_unknown_or_open_is_an_error() {
        assert!(refresh(Path::new("."), "<!-- generated: nothing -->\n<!-- end -->\n").is_err());
        assert!(refresh(Path::new("."), "<!-- generated: passes -->\n").is_err());
    }

    #[test]
    fn cells_escape_what_markdown_would_take_for_its_own() {
        assert_eq!(cell("a|b <c> `<d> x_y`"), r"a\|b \<c> `<d> x_y`");
    }
}
