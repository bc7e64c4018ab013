//! The support matrices: a row for every feature of XMILE and Stella, and of Vensim, that a compiler of models meets, each with its proof.
//!
//! A row that says "yes" names a model or a filetest and a text that is in it; these run in the suites. A row that says "no"
//! holds a model that is compiled here and must be refused with the row's code. So a page with a row that does not hold is not made.

use std::fs;
use std::path::Path;

use simc_model::builtin::{self, Builtin, Dialect, Meaning};
use simc_model::diagnostic::{Code, Severity};
use simc_model::files::NoFiles;
use simc_model::name::Key;
use simc_model::source::Sources;

use super::{cell, elements, table};

mod arrays;
mod files;
mod language;
mod runs;
mod structure;
mod transports;
mod vensim;

/// A row.
#[derive(Clone, Copy, Debug)]
struct Feature {
    /// The feature, in plain text with code between backticks.
    what: &'static str,
    proof: Proof,
}

/// What shows that a row is true.
#[derive(Clone, Copy, Debug)]
enum Proof {
    /// A file below `tests` that a suite runs, and a text in it that uses the feature.
    Shown(&'static str, &'static str),
    /// Builtins, by name: each is called by a model of a test, or each is refused.
    Builtins(&'static [&'static str]),
    /// A model that is refused with this code alone, and why.
    Refused(Code, &'static str, &'static str),
    /// A model that is compiled with a warning of this code alone, and what becomes of the feature.
    Warned(Code, &'static str, &'static str),
    /// A filetest in which a command refuses it, a text in that, and why.
    RefusedIn(&'static str, &'static str, &'static str),
    /// A page of the documentation that tells how a host does it, and a text in that.
    ByHosts(&'static str, &'static str),
    /// What nothing in a model asks for and no command does, and why.
    Absent(&'static str),
    /// Elements and attributes that change nothing.
    PassedOver(&'static [&'static str]),
}

const fn shown(what: &'static str, file: &'static str, text: &'static str) -> Feature {
    Feature { what, proof: Proof::Shown(file, text) }
}

const fn builtins(what: &'static str, names: &'static [&'static str]) -> Feature {
    Feature { what, proof: Proof::Builtins(names) }
}

const fn refused(what: &'static str, code: Code, model: &'static str, why: &'static str) -> Feature {
    Feature { what, proof: Proof::Refused(code, model, why) }
}

const fn warned(what: &'static str, code: Code, model: &'static str, outcome: &'static str) -> Feature {
    Feature { what, proof: Proof::Warned(code, model, outcome) }
}

const fn refused_in(what: &'static str, file: &'static str, text: &'static str, why: &'static str) -> Feature {
    Feature { what, proof: Proof::RefusedIn(file, text, why) }
}

const fn by_hosts(what: &'static str, page: &'static str, text: &'static str) -> Feature {
    Feature { what, proof: Proof::ByHosts(page, text) }
}

const fn absent(what: &'static str, why: &'static str) -> Feature {
    Feature { what, proof: Proof::Absent(why) }
}

const fn passed_over(what: &'static str, names: &'static [&'static str]) -> Feature {
    Feature { what, proof: Proof::PassedOver(names) }
}

/// The rows by topic.
const TOPICS: &[(&str, &[Feature])] = &[
    ("Files", files::FILES),
    ("Header and options", files::HEADER),
    ("Stocks, flows and auxiliaries", structure::VARIABLES),
    ("Graphical functions", structure::TABLES),
    ("Modules and macros", structure::MODULES),
    ("Conveyors", transports::CONVEYORS),
    ("Queues and ovens", transports::QUEUES),
    ("Events", transports::EVENTS),
    ("Arrays", arrays::ARRAYS),
    ("Times and methods", runs::TIMES),
    ("Runs", runs::RUNS),
    ("Names and equations", language::EQUATIONS),
    ("Functions by family", language::FUNCTIONS),
    ("Units of measure", language::UNITS),
    ("External data", runs::DATA),
];

/// The rows of Vensim by topic.
const OF_VENSIM: &[(&str, &[Feature])] = &[
    ("Vensim: files", vensim::FILES),
    ("Vensim: equations", vensim::EQUATIONS),
    ("Vensim: lookups", vensim::LOOKUPS),
    ("Vensim: subscripts", vensim::SUBSCRIPTS),
    ("Vensim: macros", vensim::MACROS),
    ("Vensim: data", vensim::DATA),
    ("Vensim: times and methods", vensim::TIMES),
    ("Vensim: units", vensim::UNITS),
    ("Vensim: results", vensim::RESULTS),
    ("Vensim: analysis", vensim::ANALYSIS),
];

/// The matrix of XMILE and Stella, a table for each topic.
///
/// # Errors
/// Rows whose proof fails, one a line.
pub(super) fn matrix(root: &Path) -> Result<String, String> {
    of_topics(TOPICS, root)
}

/// That of Vensim.
///
/// # Errors
/// Rows whose proof fails, one a line.
pub(super) fn vensim_matrix(root: &Path) -> Result<String, String> {
    of_topics(OF_VENSIM, root)
}

fn of_topics(topics: &[(&str, &[Feature])], root: &Path) -> Result<String, String> {
    let tests = root.join("tests");
    let models = read_models(&tests)?;
    let mut text = String::new();
    let mut faults = Vec::new();
    for (topic, features) in topics {
        let mut rows = Vec::new();
        for feature in *features {
            match outcome(feature.proof, &tests, &models) {
                Ok([status, by]) => rows.push(vec![cell(feature.what), status, by]),
                Err(fault) => faults.push(format!("{topic}: {}: {fault}", feature.what)),
            }
        }
        text.push_str(&format!("### {topic}\n\n{}\n", table(&["feature", "", "shown by, or why not"], rows)));
    }
    if faults.is_empty() { Ok(text) } else { Err(faults.join("\n")) }
}

/// Folders of models that call builtins; the first ones have known results.
const FOLDERS: [&str; 2] = ["models", "filetests/model"];

/// Files below `tests` with models, and their texts in capitals.
type Models = Vec<(String, String)>;

fn read_models(tests: &Path) -> Result<Models, String> {
    let mut models = Vec::new();
    for folder in FOLDERS {
        let fault = |error: std::io::Error| format!("{folder}: {error}");
        let mut of_folder = Vec::new();
        for entry in fs::read_dir(tests.join(folder)).map_err(fault)? {
            let path = entry.map_err(fault)?.path();
            if path.extension().is_some_and(|extension| extension == "xmile") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                of_folder.push((format!("{folder}/{name}"), fs::read_to_string(&path).map_err(fault)?.to_uppercase()));
            }
        }
        of_folder.sort();
        models.extend(of_folder);
    }
    Ok(models)
}

/// The status and the proof of a row, as Markdown.
fn outcome(proof: Proof, tests: &Path, models: &Models) -> Result<[String; 2], String> {
    match proof {
        Proof::Shown(file, text) => {
            hold(tests, file, text)?;
            Ok(["yes".to_owned(), link(file)])
        }
        Proof::RefusedIn(file, text, why) => {
            hold(tests, file, text)?;
            Ok(["no".to_owned(), format!("{}: {}", link(file), cell(why))])
        }
        Proof::ByHosts(page, text) => {
            hold(&tests.join("../docs"), page, text)?;
            Ok(["by hosts".to_owned(), format!("[{page}]({page})")])
        }
        Proof::Absent(why) => Ok(["no".to_owned(), cell(why)]),
        Proof::Builtins(names) => of_builtins(names, models),
        Proof::Refused(code, model, why) => match codes(model).as_slice() {
            [(Severity::Error, found)] if *found == code => Ok([format!("no: {code}"), cell(why)]),
            others => Err(format!("expected {code}, found {others:?}")),
        },
        Proof::Warned(code, model, outcome) => match codes(model).as_slice() {
            [(Severity::Warning, found)] if *found == code => Ok([format!("warning {code}"), cell(outcome)]),
            others => Err(format!("expected {code}, found {others:?}")),
        },
        Proof::PassedOver(names) => match names.iter().find(|name| !elements::is_passed_over(name)) {
            Some(name) => Err(format!("`{name}` is not passed over, or not listed")),
            None => Ok(["passed over".to_owned(), super::code_list(names.iter().copied())]),
        },
    }
}

/// Whether a file holds a text.
fn hold(folder: &Path, file: &str, text: &str) -> Result<(), String> {
    let found = fs::read_to_string(folder.join(file)).map_err(|error| format!("{file}: {error}"))?;
    if found.contains(text) { Ok(()) } else { Err(format!("{file} does not hold `{text}`")) }
}

/// All builtins of a row are supported, or all are refused.
fn of_builtins(names: &[&str], models: &Models) -> Result<[String; 2], String> {
    let find =
        |name: &&str| builtin::find(Dialect::Xmile, &Key::new(name)).ok_or_else(|| format!("`{name}` is no builtin"));
    let rows: Vec<&Builtin> = names.iter().map(find).collect::<Result<_, _>>()?;
    if rows.iter().all(|row| row.meaning == Meaning::Unsupported) {
        let mut reasons: Vec<&str> = rows.iter().map(|row| row.why).collect();
        reasons.dedup();
        for row in &rows {
            let arguments = if row.example.contains('(') { "(1)" } else { "" };
            let variable = format!("<aux name=\"v\"><eqn>{}{arguments}</eqn></aux>", row.name());
            if !codes(&variable).contains(&(Severity::Error, simc_model::diagnostic::code::FUNCTIONS)) {
                return Err(format!("{} is not refused", row.name()));
            }
        }
        return Ok([format!("no: {}", simc_model::diagnostic::code::FUNCTIONS), cell(&reasons.join("; "))]);
    }
    let mut shown_by: Vec<&str> = Vec::new();
    for row in rows {
        if row.meaning == Meaning::Unsupported {
            return Err(format!("{} is refused, and others are not", row.name()));
        }
        let model = models.iter().find(|(_, text)| row.names.iter().any(|name| mentions(text, name)));
        let (model, _) = model.ok_or_else(|| format!("no model calls {}", row.name()))?;
        if !shown_by.contains(&model.as_str()) {
            shown_by.push(model);
        }
    }
    let links: Vec<String> = shown_by.into_iter().map(link).collect();
    Ok(["yes".to_owned(), links.join(", ")])
}

/// Whether an equation of a model, in capitals, calls a builtin or, when it takes no arguments, names it.
fn mentions(text: &str, name: &str) -> bool {
    let spellings = [name.to_owned(), name.replace('_', " ")];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    spellings.iter().any(|name| {
        text.match_indices(name.as_str()).any(|(at, _)| {
            let behind = text[at + name.len()..].chars().next();
            let is_called = behind == Some('(') || !behind.is_some_and(|c| is_word(c) || c == '"' || c == ' ');
            is_called && !text[..at].ends_with(|c: char| is_word(c) || c == '"' || c == ' ' && name.len() < 3)
        })
    })
}

/// What is said of a model, each code once. A model is a whole file, what is in one, or variables alone.
fn codes(model: &str) -> Vec<(Severity, Code)> {
    if model.contains("~~|") {
        return codes_of("probe.mdl", with_times(model));
    }
    let specs =
        if model.starts_with("<sim_specs") { "" } else { "<sim_specs><start>0</start><stop>2</stop></sim_specs>" };
    let inside = if model.contains("<model") {
        model.to_owned()
    } else {
        format!("<model><variables>{model}</variables></model>")
    };
    let text = match model.starts_with("<xmile") || !model.starts_with('<') {
        true => model.to_owned(),
        false => format!(
            "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\" \
             xmlns:isee=\"http://iseesystems.com/XMILE\">{specs}{inside}</xmile>"
        ),
    };
    codes_of("probe.xmile", text)
}

/// Definitions of Vensim with the control variables that they lack.
fn with_times(model: &str) -> String {
    let control = [("INITIAL TIME", 0), ("FINAL TIME", 2), ("TIME STEP", 1), ("SAVEPER", 1)];
    let control = control.into_iter().filter(|(name, _)| !model.contains(name));
    let control: String = control.map(|(name, value)| format!("{name} = {value} ~~|\n")).collect();
    format!("{{UTF-8}}\n{control}{model}")
}

fn codes_of(name: &str, text: String) -> Vec<(Severity, Code)> {
    let mut sources = Sources::new();
    let root = sources.add(name, text);
    let compiled = simc::front::compile(&mut sources, root, &NoFiles);
    let mut codes: Vec<(Severity, Code)> =
        compiled.diagnostics.iter().map(|diagnostic| (diagnostic.severity, diagnostic.code)).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// A file below `tests` as a link from a page of the documentation.
fn link(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    let shown = name.strip_suffix(".xmile").or(name.strip_suffix(".mdl")).unwrap_or(name);
    format!("[{shown}](../tests/{file})")
}

#[cfg(test)]
mod tests {
    use simc_xmile::code;

    use super::*;

    fn try_proof(proof: Proof) -> Result<[String; 2], String> {
        let tests = super::super::root().join("tests");
        outcome(proof, &tests, &read_models(&tests).expect("there are models"))
    }

    #[test]
    fn a_row_that_does_not_hold_is_found_out() {
        let fine = "<aux name=\"a\"><eqn>1</eqn></aux>";
        let oven = "<stock name=\"s\"><eqn>1</eqn><oven/></stock>";
        let faults = [
            Proof::Shown("models/there_is_none.xmile", ""),
            Proof::Shown("models/teacup.xmile", "<conveyor"),
            Proof::RefusedIn("filetests/cli/vensim_files.cli", "a text that it does not hold", ""),
            Proof::ByHosts("there_is_none.md", ""),
            Proof::Builtins(&["THERE IS NONE"]),
            Proof::Builtins(&["ABS", "CYCLETIME"]),
            Proof::Refused(code::OVENS, fine, ""),
            Proof::Refused(code::METHODS, oven, ""),
            Proof::Warned(code::OVENS, oven, ""),
            Proof::PassedOver(&["eqn"]),
            Proof::PassedOver(&["there_is_none"]),
        ];
        for proof in faults {
            assert!(try_proof(proof).is_err(), "{proof:?}");
        }
        assert!(try_proof(Proof::Refused(code::OVENS, oven, "")).is_ok());
    }

    #[test]
    fn no_feature_stands_twice() {
        let mut names: Vec<&str> =
            TOPICS.iter().chain(OF_VENSIM).flat_map(|(_, rows)| *rows).map(|feature| feature.what).collect();
        names.sort_unstable();
        let n = names.len();
        names.dedup();
        assert_eq!(names.len(), n);
    }

    #[test]
    fn calls_are_found_by_whole_names() {
        assert!(mentions("<EQN>1 + SIN(X)</EQN>", "SIN") && !mentions("<EQN>ARCSIN(X)</EQN>", "SIN"));
        assert!(mentions("<EQN>DT</EQN>", "DT") && !mentions("<EQN>WIDTH</EQN>", "DT"));
    }
}
