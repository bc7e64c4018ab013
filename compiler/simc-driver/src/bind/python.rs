//! Python, for the package `simc`.

use super::identifier::{Case, Identifiers};
use super::subject::{Bound, Subject, literal, number, one_line};

const KEYWORDS: [&str; 38] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "match", "case", "type",
];

/// What the module itself declares, and methods of the record.
const TAKEN: [&str; 10] =
    ["Enum", "Params", "PRODUCER", "SHA256", "VARIABLES", "as_dict", "dataclass", "field", "load", "simc"];

pub(super) fn write(subject: &Subject<'_>) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("# The model `{}`, bound by `simc bind` of {}.", subject.model, subject.producer));
    line("# Do not edit: another artifact needs other bindings, and these refuse it as \"wrong-artifact\".");
    line(&format!("\"\"\"The model {}.\"\"\"", doc(&subject.model)));
    line("");
    line("from __future__ import annotations");
    line("");
    line("from dataclasses import dataclass, field");
    line("from enum import Enum");
    line("from typing import Any, Sequence, Union");
    line("");
    line("import simc");
    line("");
    line("#: The compiler that made the artifact.");
    line(&format!("PRODUCER = {}", literal(subject.producer)));
    line("#: SHA-256 of the artifact.");
    line(&format!("SHA256 = {}", literal(&subject.sha256)));
    let mut names = Identifiers::new(&KEYWORDS, &TAKEN);
    for dimension in subject.dimensions {
        line("");
        line("");
        line(&format!("class {}(str, Enum):", names.of(&dimension.name, Case::Pascal)));
        line(&format!("    \"\"\"The elements of {}.\"\"\"", doc(&one_line(&dimension.name))));
        line("");
        let mut elements = Identifiers::new(&KEYWORDS, &["name", "value"]);
        for element in dimension.elements.iter() {
            line(&format!("    {} = {}", elements.of(element, Case::Screaming), literal(element)));
        }
    }
    line("");
    line("");
    line("# Names of variables, for `series`, `return_columns` and `outputs`.");
    for bound in &subject.variables {
        line("");
        bound.facts().iter().for_each(|fact| line(&format!("#: {fact}")));
        line(&format!("{} = {}", names.of(&bound.variable.name, Case::Screaming), literal(&bound.variable.name)));
    }
    let mut fields = Identifiers::new(&KEYWORDS, &TAKEN);
    let parameters: Vec<(&Bound<'_>, String)> =
        subject.parameters().map(|bound| (bound, fields.of(&bound.variable.name, Case::Snake))).collect();
    line("");
    line("");
    line("@dataclass");
    line("class Params:");
    line("    \"\"\"What can be set, with the defaults of the model; None is what the model has.\"\"\"");
    for (bound, identifier) in &parameters {
        line("");
        bound.facts().iter().for_each(|fact| line(&format!("    #: {fact}")));
        line(&format!("    {identifier}: {}", typed_default(bound)));
    }
    line("");
    line("    def as_dict(self) -> dict[str, Any]:");
    line("        \"\"\"What is set, by name: the argument of `run` and `sim`.\"\"\"");
    line("        named = {");
    for (bound, identifier) in &parameters {
        line(&format!("            {}: self.{identifier},", literal(&bound.variable.name)));
    }
    line("        }");
    line("        return {name: value for name, value in named.items() if value is not None}");
    line("");
    line("");
    line("def load(source: Any) -> simc.Model:");
    line("    \"\"\"Loads the artifact. Another one is the error `wrong-artifact`.\"\"\"");
    line("    return simc.load(source, sha256=SHA256)");
    out
}

fn typed_default(bound: &Bound<'_>) -> String {
    match (bound.defaults(), bound.dimensions.is_empty()) {
        (Some([default]), true) => format!("float = {}", number(*default)),
        (None, true) => "Union[float, None] = None".to_owned(),
        (Some(defaults), false) => {
            let numbers: Vec<String> = defaults.iter().map(|&default| number(default)).collect();
            format!(
                "Union[float, Sequence[Any], dict[str, Any]] = field(default_factory=lambda: [{}])",
                numbers.join(", ")
            )
        }
        (Some(_) | None, _) => "Union[float, Sequence[Any], dict[str, Any], None] = None".to_owned(),
    }
}

/// A text within triple quotes.
fn doc(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "'")
}
