//! TypeScript, for the package `simc`. Constants and variables are named by their words where these mean the same to the host, and
//! else as the author wrote them: a misspelt one does not compile.

use std::fmt::Write;

use simc_model::name::Key;

use super::identifier::{Case, Identifiers};
use super::subject::{Bound, Subject, literal, number};

/// Words that cannot name a constant.
const KEYWORDS: [&str; 10] =
    ["default", "delete", "enum", "export", "function", "import", "in", "new", "typeof", "void"];

/// What the file itself declares.
const TAKEN: [&str; 8] = ["load", "loadSync", "Parameter", "Name", "Params", "SHA256", "PRODUCER", "variables"];

pub(super) fn write(subject: &Subject<'_>) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("// The model `{}`, bound by `simc bind` of {}.", subject.model, subject.producer));
    line("// Do not edit: another artifact needs other bindings, and these refuse it as \"wrong-artifact\".");
    line("import {");
    line("  load as loadArtifact,");
    line("  loadSync as loadArtifactSync,");
    line("  type Model,");
    if subject.parameters().any(|bound| !bound.dimensions.is_empty()) {
        line("  type ParameterValue,");
    }
    line("  type Source,");
    line("} from \"simc\";");
    line("");
    line("/** The compiler that made the artifact. */");
    line(&format!("export const PRODUCER = {};", literal(subject.producer)));
    line("/** SHA-256 of the artifact. */");
    line(&format!("export const SHA256 = {};", literal(&subject.sha256)));
    let mut types = Identifiers::new(&KEYWORDS, &TAKEN);
    let dimensions: Vec<String> =
        subject.dimensions.iter().map(|dimension| types.of(&dimension.name, Case::Pascal)).collect();
    for (dimension, identifier) in subject.dimensions.iter().zip(&dimensions) {
        line("");
        line(&format!("/** The elements of {}. */", super::subject::one_line(&dimension.name)));
        line(&format!("export const {identifier} = {{"));
        let mut elements = Identifiers::new(&[], &[]);
        for element in dimension.elements.iter() {
            line(&format!("  {}: {},", elements.of(element, Case::Pascal), literal(element)));
        }
        line("} as const;");
        line(&format!("export type {identifier} = (typeof {identifier})[keyof typeof {identifier}];"));
    }
    let mut identifiers = Identifiers::new(&[], &[]);
    let keys: Vec<String> = subject.variables.iter().map(|bound| key(bound, &mut identifiers)).collect();
    line("");
    line("/** What can be set, by name. What is left out keeps its default. */");
    line("export interface Params {");
    for (bound, key) in subject.variables.iter().zip(&keys).filter(|(bound, _)| bound.variable.is_settable()) {
        line(&comment(bound, "  "));
        let value = if bound.dimensions.is_empty() { "number" } else { "ParameterValue" };
        line(&format!("  readonly {}?: {value};", property(key)));
    }
    line("}");
    line("");
    line("/** The names of what can be set. */");
    line("export type Parameter = keyof Params;");
    line("");
    line("/** All variables: where each is in a row, and what is known of it. */");
    line("export const variables = {");
    for (bound, key) in subject.variables.iter().zip(&keys) {
        line(&comment(bound, "  "));
        line(&format!("  {}: {},", property(key), describe(bound, subject, &dimensions)));
    }
    line("} as const;");
    line("");
    line("/** The names of all variables, and of their elements. */");
    line("export type Name = \"time\" | keyof typeof variables | `${keyof typeof variables}[${string}]`;");
    line("");
    line("/** Loads the artifact. Another one is the error `wrong-artifact`. */");
    line("export function load(source: Source): Promise<Model<Parameter, Name>> {");
    line("  return loadArtifact<Parameter, Name>(source, { sha256: SHA256 });");
    line("}");
    line("");
    line("/** Loads the artifact from its bytes, at once. */");
    line("export function loadSync(source: ArrayBuffer | ArrayBufferView): Model<Parameter, Name> {");
    line("  return loadArtifactSync<Parameter, Name>(source, { sha256: SHA256 });");
    line("}");
    out
}

/// The name by which programs know a variable: its words where the host finds it by them, and else its name.
fn key(bound: &Bound<'_>, identifiers: &mut Identifiers<'_>) -> String {
    let identifier = identifiers.of(&bound.variable.name, Case::Snake);
    let means_the_same = Key::new(&identifier) == Key::new(&bound.variable.name);
    match identifier.as_str() {
        // Every object has a function of this name, which no number could take the place of. The host sees no difference.
        "constructor" if means_the_same => "Constructor".to_owned(),
        _ if means_the_same => identifier,
        _ => bound.variable.name.clone(),
    }
}

/// A property's name: in quotes unless it is an identifier.
fn property(key: &str) -> String {
    let is_plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if is_plain { key.to_owned() } else { literal(key) }
}

fn comment(bound: &Bound<'_>, indent: &str) -> String {
    let facts: Vec<String> = bound.facts().iter().map(|fact| fact.replace("*/", "* /")).collect();
    match facts.as_slice() {
        [fact] => format!("{indent}/** {fact} */"),
        facts => {
            let mut text = format!("{indent}/**");
            for fact in facts {
                write!(text, "\n{indent} * {fact}").expect("a string takes everything");
            }
            text + &format!("\n{indent} */")
        }
    }
}

fn describe(bound: &Bound<'_>, subject: &Subject<'_>, dimensions: &[String]) -> String {
    let variable = bound.variable;
    let names = variable.dims.iter().map(|&dim| literal(&subject.dimensions[dim as usize].name));
    let names: Vec<String> = names.collect();
    debug_assert_eq!(dimensions.len(), subject.dimensions.len());
    let mut fields = vec![
        format!("name: {}", literal(&variable.name)),
        format!("kind: {}", literal(&variable.kind.name().replace(' ', "-"))),
        format!("slot: {}", variable.slot),
        format!("dimensions: [{}]", names.join(", ")),
        format!("settable: {}", variable.is_settable()),
    ];
    if let Some(units) = &variable.units {
        fields.push(format!("units: {}", literal(units)));
    }
    if let Some([default]) = bound.defaults().filter(|_| bound.dimensions.is_empty()) {
        fields.push(format!("default: {}", infinite(*default)));
    }
    if let Some((least, greatest)) = variable.range {
        fields.push(format!("range: [{}, {}]", infinite(least), infinite(greatest)));
    }
    format!("{{ {} }}", fields.join(", "))
}

/// A number as JavaScript writes it.
fn infinite(value: f64) -> String {
    match value {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        _ if value.is_nan() => "NaN".to_owned(),
        _ => number(value),
    }
}
