//! Java, for the package `simc`.

use super::identifier::{Case, Identifiers};
use super::subject::{Bound, Subject, number, one_line};

const KEYWORDS: [&str; 54] = [
    "abstract",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "goto",
    "if",
    "implements",
    "import",
    "instanceof",
    "int",
    "interface",
    "long",
    "native",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "var",
    "void",
    "volatile",
    "while",
];

/// What the class itself declares, and what it uses.
const TAKEN: [&str; 12] = [
    "PRODUCER",
    "Params",
    "SHA256",
    "Double",
    "Map",
    "LinkedHashMap",
    "Object",
    "Override",
    "String",
    "Model",
    "Engine",
    "simc",
];

/// Elements of an array up to which its parameter has its own numbers: a constructor has room for so many.
const MAX_NUMBERS: usize = 256;
/// Entries that one method puts into a map: methods are limited as well.
const PER_METHOD: usize = 500;

pub(super) fn write(subject: &Subject<'_>, class: Option<&str>) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    let own = class_of(&subject.model);
    let (package, class) = match class {
        Some(name) => name.rsplit_once('.').map_or((None, name), |(package, class)| (Some(package), class)),
        None => (None, own.as_str()),
    };
    line(&format!(
        "// The model `{}`, bound by `simc bind` of {}.",
        comment(&subject.model),
        comment(subject.producer)
    ));
    line("// Do not edit: another artifact needs other bindings, and these refuse it as \"wrong-artifact\".");
    if let Some(package) = package {
        line(&format!("package {package};"));
    }
    line("");
    line("import java.util.LinkedHashMap;");
    line("import java.util.Map;");
    line("");
    line(&format!("/** The model {}. */", doc(&subject.model)));
    line(&format!("public final class {class} {{"));
    line("    /** The compiler that made the artifact. */");
    line(&format!("    public static final String PRODUCER = {};", literal(subject.producer)));
    line("    /** SHA-256 of the artifact. */");
    line(&format!("    public static final String SHA256 = {};", literal(&subject.sha256)));
    let mut names = Identifiers::new(&KEYWORDS, &TAKEN);
    // A nested class cannot have the name of the class around it.
    names.of(class, Case::AsIs);
    for bound in &subject.variables {
        line("");
        write_doc(bound, "    ", &mut line);
        let identifier = names.of(&bound.variable.name, Case::Screaming);
        line(&format!("    public static final String {identifier} = {};", literal(&bound.variable.name)));
    }
    line("");
    line(&format!("    private {class}() {{"));
    line("    }");
    for dimension in subject.dimensions {
        let identifier = names.of(&dimension.name, Case::Pascal);
        line("");
        line(&format!("    /** The elements of {}. */", doc(&one_line(&dimension.name))));
        line(&format!("    public enum {identifier} {{"));
        let mut scope = Identifiers::new(&KEYWORDS, &["text"]);
        for (at, element) in dimension.elements.iter().enumerate() {
            let end = if at + 1 < dimension.elements.len() { "," } else { ";" };
            line(&format!("        /** {}. */", doc(&one_line(element))));
            line(&format!("        {}({}){end}", scope.of(element, Case::Screaming), literal(element)));
        }
        line("");
        line("        private final String text;");
        line("");
        line(&format!("        {identifier}(String text) {{"));
        line("            this.text = text;");
        line("        }");
        line("");
        line("        /** The element as the author of the model wrote it. */");
        line("        @Override");
        line("        public String toString() {");
        line("            return text;");
        line("        }");
        line("    }");
    }
    write_params(subject, &mut line);
    for (params, arguments) in
        [("byte[] artifact", "simc.Engine.compiled()"), ("byte[] artifact, simc.Engine engine", "engine")]
    {
        line("");
        line("    /** Loads the artifact; another one is {@code wrong-artifact}. */");
        line(&format!("    public static simc.Model load({params}) {{"));
        line(&format!("        return simc.Model.load(artifact, SHA256, {arguments});"));
        line("    }");
    }
    line("}");
    out
}

fn write_params(subject: &Subject<'_>, line: &mut impl FnMut(&str)) {
    let mut fields = Identifiers::new(&KEYWORDS, &["map", "simc"]);
    let parameters: Vec<(&Bound<'_>, String)> =
        subject.parameters().map(|bound| (bound, fields.of(&bound.variable.name, Case::Camel))).collect();
    line("");
    line("    /** What can be set, with the defaults of the model; null is what the model has. */");
    line("    public static final class Params {");
    for (bound, identifier) in &parameters {
        write_doc(bound, "        ", line);
        line(&format!("        public {};", field(bound, identifier)));
        line("");
    }
    line("        /** What is set, by name: for {@link simc.Model#run} and others. */");
    line("        public Map<String, Object> toMap() {");
    line("            Map<String, Object> map = new LinkedHashMap<>();");
    for part in 0..parameters.len().div_ceil(PER_METHOD) {
        line(&format!("            put{part}(map);"));
    }
    line("            map.values().removeIf(value -> value == null);");
    line("            return map;");
    line("        }");
    for (part, parameters) in parameters.chunks(PER_METHOD).enumerate() {
        line("");
        line(&format!("        private void put{part}(Map<String, Object> map) {{"));
        for (bound, identifier) in parameters {
            line(&format!("            map.put({}, {identifier});", literal(&bound.variable.name)));
        }
        line("        }");
    }
    line("    }");
}

fn write_doc(bound: &Bound<'_>, indent: &str, line: &mut impl FnMut(&str)) {
    let facts: Vec<String> = bound.facts().iter().map(|fact| doc(fact)).collect();
    if let [fact] = facts.as_slice() {
        line(&format!("{indent}/** {fact} */"));
        return;
    }
    line(&format!("{indent}/**"));
    facts.iter().for_each(|fact| line(&format!("{indent} * {fact}")));
    line(&format!("{indent} */"));
}

fn field(bound: &Bound<'_>, identifier: &str) -> String {
    let numbers = bound.defaults().filter(|all| all.len() <= MAX_NUMBERS);
    match (numbers, bound.dimensions.is_empty()) {
        (Some([default]), true) => format!("double {identifier} = {}", infinite(*default)),
        (None, true) => format!("Double {identifier}"),
        (Some(all), _) => {
            let all: Vec<String> = all.iter().map(|&default| infinite(default)).collect();
            format!("double[] {identifier} = {{{}}}", all.join(", "))
        }
        (None, false) => format!("Object {identifier}"),
    }
}

/// The class of a model.
fn class_of(model: &str) -> String {
    let name = Identifiers::new(&KEYWORDS, &TAKEN).of(model, Case::Pascal);
    if name.starts_with('_') { format!("Model{name}") } else { name }
}

/// Whether a class may have this name, packages included.
pub(super) fn is_class(name: &str) -> bool {
    let mut parts = name.split('.');
    parts.all(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !KEYWORDS.contains(&part)
    })
}

/// A text in a comment: Java reads escapes of letters even there.
fn comment(text: &str) -> String {
    one_line(text).replace('\\', "/")
}

/// A text in a comment that is read as HTML.
fn doc(text: &str) -> String {
    let text = comment(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace("*/", "*&#47;").replace('@', "&#64;").replace('{', "&#123;")
}

/// A text as Java reads it.
fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            c if c.is_control() => literal.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// A number as Java writes it.
fn infinite(value: f64) -> String {
    match value {
        f64::INFINITY => "Double.POSITIVE_INFINITY".to_owned(),
        f64::NEG_INFINITY => "Double.NEGATIVE_INFINITY".to_owned(),
        _ => number(value),
    }
}
