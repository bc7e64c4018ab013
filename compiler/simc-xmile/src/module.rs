//! `<module>`: an instance of another model.

use roxmltree::Node;

use crate::code;
use crate::reader::{Reader, Vocabulary};
use crate::vocabulary::Place;
use simc_model::definition::{Connection, ModuleDef, Name, Path, Resource};
use simc_model::diagnostic::Diagnostic;
use simc_model::name::{self, Key};
use simc_model::source::Excerpt;

/// The attributes in which vendors name the model of an instance.
const MODEL_ATTRIBUTES: [&str; 2] = ["model", "model_name"];

impl Reader<'_> {
    /// Reads a `<module>`; there is none without a name.
    pub(crate) fn module(&mut self, node: Node<'_, '_>) -> Option<ModuleDef> {
        let name = self.required_name(node)?;
        self.enter_variable(Some(&name));
        let model = MODEL_ATTRIBUTES
            .iter()
            .find_map(|attribute| self.attribute_value(node, attribute))
            .filter(|value| !value.text().trim().is_empty())
            .and_then(|value| self.name(&value));
        let mut module = ModuleDef {
            name,
            model,
            resource: None,
            dims: Vec::new(),
            connections: Vec::new(),
            span: self.start_span(node),
        };
        module.resource = self.resource(node).or_else(|| self.file_of_module(node, &module));
        for child in Self::elements(node) {
            match (self.vocabulary(child), child.tag_name().name()) {
                (Vocabulary::Main, "connect") => module.connections.extend(self.connection(child)),
                (Vocabulary::Main, "connect2") if self.is_repeated(node, child) => {}
                (Vocabulary::Main, "connect2") => module.connections.extend(self.connection(child)),
                (_, "dimensions") => module.dims.extend(self.dimensions_of_variable(child)),
                _ => self.leave(child, Place::Module),
            }
        }
        self.enter_variable(None);
        Some(module)
    }

    /// `resource`: the file in which something is kept. An empty one says nothing.
    pub(crate) fn resource(&mut self, node: Node<'_, '_>) -> Option<Resource> {
        let written = self.attribute_value(node, "resource")?;
        let (path, span) = written.trimmed();
        (!path.is_empty()).then(|| Resource { path: path.to_owned(), span, whole: None })
    }

    /// Where Stella keeps a module that has a file of its own: in the folder beside the model's file that is called like it, with
    /// `_Modules` after. The `url` is the path on the machine on which it was saved, of which only that end says anything. A model of the
    /// module's name within the file comes first.
    fn file_of_module(&mut self, node: Node<'_, '_>, module: &ModuleDef) -> Option<Resource> {
        let written = self.attribute_value(node, "url")?;
        let (url, span) = written.trimmed();
        let key = Key::new(&module.model.as_ref().unwrap_or(&module.name).text);
        let models = Self::elements(node.document().root_element()).filter(|child| child.tag_name().name() == "model");
        let is_here =
            models.filter_map(|model| model.attribute("name")).any(|name| Key::new(&name::unescape(name)) == key);
        (!url.is_empty() && !is_here).then(|| Resource { path: end_of_url(url), span, whole: None })
    }

    /// Whether a `<connect2>` says what a `<connect>` of the module says: Stella writes each in both spellings, of which one may have modules
    /// before the names that the other one leaves out.
    fn is_repeated(&self, module: Node<'_, '_>, second: Node<'_, '_>) -> bool {
        let ends = |node: Node<'_, '_>| {
            ["to", "from"].map(|attribute| {
                let path = self.attribute_value(node, attribute).and_then(|written| parse_path(&written));
                path.map(|path| path.parts.iter().map(|part| Key::new(&part.text)).collect::<Vec<Key>>())
            })
        };
        let is_same = |(a, b): (&Option<Vec<Key>>, &Option<Vec<Key>>)| match (a, b) {
            (Some(a), Some(b)) => a.iter().rev().zip(b.iter().rev()).all(|(a, b)| a == b),
            _ => false,
        };
        let wanted = ends(second);
        let mut first = Self::elements(module).filter(|child| child.tag_name().name() == "connect");
        first.any(|child| ends(child).iter().zip(&wanted).all(is_same))
    }

    fn connection(&mut self, node: Node<'_, '_>) -> Option<Connection> {
        let to = self.path_attribute(node, "to");
        let from = self.path_attribute(node, "from");
        Some(Connection { to: to?, from: from?, span: self.start_span(node) })
    }

    /// A dotted path in a required attribute.
    fn path_attribute(&mut self, node: Node<'_, '_>, attribute: &str) -> Option<Path> {
        let Some(written) = self.attribute_value(node, attribute) else {
            let message = format!("<{}> has no `{attribute}`", self.tag(node));
            let error = Diagnostic::error(code::MISSING_PART, self.start_span(node), message);
            self.report(error.with_hint("a connection is written <connect to=\"...\" from=\"...\"/>"));
            return None;
        };
        let path = parse_path(&written);
        if path.is_none() {
            self.error(code::EMPTY_NAME, written.whole(), format!("`{attribute}` lacks a name"));
        }
        path
    }
}

/// The folder of modules and what lies in it, of a path that ends so; else the name of the file.
fn end_of_url(url: &str) -> String {
    let path = url.replace('\\', "/").replace("%20", " ");
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let first = parts.iter().rposition(|part| part.to_ascii_lowercase().ends_with("_modules"));
    parts[first.unwrap_or(parts.len().saturating_sub(1))..].join("/")
}

/// A dotted path outside of an equation, where names may have spaces without quotes. Absent when any part has no name.
fn parse_path(written: &Excerpt) -> Option<Path> {
    let text = written.text();
    let start = text.len() - text.trim_start().len();
    let absolute = text[start..].starts_with('.');
    let mut parts = Vec::new();
    let first = start + usize::from(absolute);
    let mut begin = first;
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices().skip_while(|&(at, _)| at < first) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == '"' {
            quoted = !quoted;
        } else if c == '.' && !quoted {
            parts.push(part(written, begin, at)?);
            begin = at + 1;
        }
    }
    parts.push(part(written, begin, text.len())?);
    Some(Path { absolute, parts, span: written.trimmed().1 })
}

/// The name in the decoded bytes `start..end`.
fn part(written: &Excerpt, start: usize, end: usize) -> Option<Name> {
    let text = &written.text()[start..end];
    let first = start + (text.len() - text.trim_start().len());
    let text = text.trim();
    let name = Name { text: name::unescape(text), span: written.span(first, first + text.len()) };
    (!name.text.trim().is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use simc_model::source::FileId;

    fn path(text: &str) -> Option<(bool, Vec<String>)> {
        let path = parse_path(&Excerpt::verbatim(FileId(0), 0, text))?;
        Some((path.absolute, path.parts.into_iter().map(|name| name.text).collect()))
    }

    #[test]
    fn splits_paths_at_dots_outside_of_quotes() {
        let parts = |absolute, parts: &[&str]| Some((absolute, parts.iter().map(|&part| part.to_owned()).collect()));
        assert_eq!(path("area"), parts(false, &["area"]));
        assert_eq!(path(".area"), parts(true, &["area"]));
        assert_eq!(path(" hares.birth rate "), parts(false, &["hares", "birth rate"]));
        assert_eq!(path(r#".m."a.b \" c".d\ne"#), parts(true, &["m", "a.b \" c", "d\ne"]));
    }

    #[test]
    fn a_path_without_a_name_is_none() {
        for text in ["", ".", "a.", "a..b", " . ", "\"\""] {
            assert!(path(text).is_none(), "{text:?}");
        }
    }
}
