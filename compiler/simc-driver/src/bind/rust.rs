//! Rust, for the crate `simc-host`.

use super::identifier::{Case, Identifiers};
use super::subject::{Bound, Subject, literal, number, one_line};

const KEYWORDS: [&str; 51] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn",
    "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "Self",
    "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where", "while", "abstract", "become",
    "box", "do", "final", "gen", "macro", "override", "priv", "try", "typeof", "unsized", "virtual",
];

/// What the module itself declares.
const TAKEN: [&str; 5] = ["PRODUCER", "Params", "SHA256", "load", "slots"];

pub(super) fn write(subject: &Subject<'_>) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("// The model `{}`, bound by `simc bind` of {}.", subject.model, subject.producer));
    line("// Do not edit: another artifact needs other bindings, and these refuse it as \"wrong-artifact\".");
    line("");
    line("/// The compiler that made the artifact.");
    line(&format!("pub const PRODUCER: &str = {};", literal(subject.producer)));
    line("/// SHA-256 of the artifact.");
    line(&format!("pub const SHA256: &str = {};", literal(&subject.sha256)));
    let mut types = Identifiers::new(&KEYWORDS, &TAKEN);
    for dimension in subject.dimensions {
        let identifier = types.of(&dimension.name, Case::Pascal);
        let mut scope = Identifiers::new(&KEYWORDS, &[]);
        let elements: Vec<String> = dimension.elements.iter().map(|element| scope.of(element, Case::Pascal)).collect();
        line("");
        line(&format!("/// The elements of {}.", one_line(&dimension.name)));
        line("#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]");
        line(&format!("pub enum {identifier} {{"));
        for (element, name) in elements.iter().zip(dimension.elements.iter()) {
            line(&format!("    /// {}", one_line(name)));
            line(&format!("    {element},"));
        }
        line("}");
        line("");
        line(&format!("impl {identifier} {{"));
        line("    /// All of them in order.");
        let all: Vec<String> = elements.iter().map(|element| format!("Self::{element}")).collect();
        line(&format!("    pub const ALL: [Self; {}] = [{}];", all.len(), all.join(", ")));
        line("");
        line("    /// As the author of the model wrote it.");
        line("    pub fn name(self) -> &'static str {");
        line("        match self {");
        for (element, name) in elements.iter().zip(dimension.elements.iter()) {
            line(&format!("            Self::{element} => {},", literal(name)));
        }
        line("        }");
        line("    }");
        line("}");
    }
    let mut constants = Identifiers::new(&KEYWORDS, &TAKEN);
    let named: Vec<(&Bound<'_>, String)> =
        subject.variables.iter().map(|bound| (bound, constants.of(&bound.variable.name, Case::Screaming))).collect();
    for (bound, identifier) in &named {
        line("");
        bound.facts().iter().for_each(|fact| line(&format!("/// {fact}")));
        line(&format!("pub const {identifier}: &str = {};", literal(&bound.variable.name)));
    }
    line("");
    line("/// Where the first number of each variable is in a row.");
    line("pub mod slots {");
    for (bound, identifier) in &named {
        line(&format!("    /// {}", bound.title()));
        line(&format!("    pub const {identifier}: usize = {};", bound.variable.slot));
    }
    line("}");
    write_params(subject, &mut line);
    line("");
    line("/// Loads the artifact.");
    line("///");
    line("/// # Errors");
    line("/// `wrong-artifact` for another one, `bad-artifact` for what is none.");
    line("pub fn load(artifact: impl Into<Vec<u8>>) -> Result<simc_host::Model, simc_host::Error> {");
    line("    simc_host::Model::from_bytes(artifact)?.expect_sha256(SHA256)");
    line("}");
    out
}

/// The record of what can be set, with its defaults, and how it becomes names and values.
fn write_params(subject: &Subject<'_>, line: &mut impl FnMut(&str)) {
    let mut fields = Identifiers::new(&KEYWORDS, &[]);
    let parameters: Vec<(&Bound<'_>, String)> =
        subject.parameters().map(|bound| (bound, fields.of(&bound.variable.name, Case::Snake))).collect();
    line("");
    line("/// What can be set, with the defaults of the model; `None` is what the model computes.");
    line("#[derive(Clone, Debug, PartialEq)]");
    line("pub struct Params {");
    for (bound, identifier) in &parameters {
        bound.facts().iter().for_each(|fact| line(&format!("    /// {fact}")));
        line(&format!("    pub {identifier}: {},", type_of(bound)));
    }
    line("}");
    line("");
    line("impl Default for Params {");
    line("    fn default() -> Self {");
    line("        Self {");
    for (bound, identifier) in &parameters {
        line(&format!("            {identifier}: {},", default_of(bound)));
    }
    line("        }");
    line("    }");
    line("}");
    line("");
    line("impl IntoIterator for &Params {");
    line("    type Item = (&'static str, simc_host::Value);");
    line("    type IntoIter = std::vec::IntoIter<Self::Item>;");
    line("");
    line("    fn into_iter(self) -> Self::IntoIter {");
    if parameters.is_empty() {
        line("        Vec::new().into_iter()");
    } else {
        line("        let all: Vec<(&'static str, Option<simc_host::Value>)> = vec![");
        for (bound, identifier) in &parameters {
            let value = match (bound.defaults(), bound.dimensions.is_empty()) {
                (Some(_), true) => format!("Some(self.{identifier}.into())"),
                (Some(_), false) => format!("Some(self.{identifier}.as_slice().into())"),
                (None, true) => format!("self.{identifier}.map(Into::into)"),
                (None, false) => format!("self.{identifier}.clone()"),
            };
            line(&format!("            ({}, {value}),", literal(&bound.variable.name)));
        }
        line("        ];");
        line("        let given: Vec<Self::Item> =");
        line("            all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();");
        line("        given.into_iter()");
    }
    line("    }");
    line("}");
}

fn type_of(bound: &Bound<'_>) -> String {
    match (bound.defaults(), bound.dimensions.is_empty()) {
        (Some(_), true) => "f64".to_owned(),
        (Some(_), false) => format!("[f64; {}]", bound.size),
        (None, true) => "Option<f64>".to_owned(),
        (None, false) => "Option<simc_host::Value>".to_owned(),
    }
}

fn default_of(bound: &Bound<'_>) -> String {
    match (bound.defaults(), bound.dimensions.is_empty()) {
        (Some([default]), true) => number(*default),
        (Some(defaults), _) => {
            let numbers: Vec<String> = defaults.iter().map(|&default| number(default)).collect();
            format!("[{}]", numbers.join(", "))
        }
        (None, _) => "None".to_owned(),
    }
}
