//! The name of a module, from that of a model's file.

use std::path::Path;

use crate::Error;

/// Words that no module may be called.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self", "static", "struct", "super", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The given name when it is an identifier, or one made of the file's name: lower case, `_` for what no identifier has.
pub(crate) fn of_module(given: Option<&str>, model: &Path) -> Result<String, Error> {
    if let Some(name) = given {
        let is_identifier = !name.is_empty() && identifier(name) == name.to_lowercase();
        return if is_identifier {
            Ok(name.to_owned())
        } else {
            Err(Error::Usage(format!("`{name}` is no identifier")))
        };
    }
    let stem = model.file_stem().unwrap_or_default().to_string_lossy();
    Ok(identifier(&stem))
}

fn identifier(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else {
            name.push('_');
        }
    }
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || name == "_" {
        name.insert(0, '_');
    }
    if KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::of_module;

    #[test]
    fn names_are_identifiers() {
        let name = |path: &str| of_module(None, Path::new(path)).expect("a name");
        let names = ["models/sir.xmile", "My Model-2.stmx", "2nd.mdl", "loop.xmile", "été.xmile", "_.mdl"].map(name);
        assert_eq!(names, ["sir", "my_model_2", "_2nd", "loop_", "_t_", "__"]);
        assert_eq!(of_module(Some("Sir"), Path::new("x")).ok().as_deref(), Some("Sir"));
        for bad in ["", "a b", "1", "loop", "a/b"] {
            assert!(of_module(Some(bad), Path::new("x")).is_err(), "{bad}");
        }
    }
}
