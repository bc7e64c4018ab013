//! How the parts of a file are looked at: elements and attributes with their places, and what is wrong with them.

use std::collections::BTreeSet;
use std::ops::Range;

use roxmltree::{Attribute, Node};

use crate::code;
use crate::document::span;
use crate::scan::Mended;
use crate::text::{self, Content};
use simc_model::builtin::Dialect;
use simc_model::definition::Name;
use simc_model::diagnostic::{Code, Diagnostic};
use simc_model::name;
use simc_model::source::{Excerpt, FileId, Span};

/// What every part of the parser has at hand.
pub(crate) struct Reader<'a> {
    file: FileId,
    /// The file as it is.
    source: &'a str,
    /// The text that was read as XML.
    mended: &'a Mended<'a>,
    /// The namespace of the root: the main vocabulary, whatever its URI is.
    main: Option<String>,
    diagnostics: Vec<Diagnostic>,
    n_errors: usize,
    /// The variable that is being read.
    variable: Option<String>,
    /// Whose equations the file has.
    dialect: Dialect,
    /// Attributes that nothing reads, with their elements, as far as they have been reported.
    unread: BTreeSet<(String, String)>,
}

/// Whose word an element or attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    /// XMILE's.
    Main,
    /// A vendor's.
    Vendor,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(file: FileId, source: &'a str, mended: &'a Mended<'a>, root: Node<'_, '_>) -> Self {
        let main = root.tag_name().namespace().map(str::to_owned);
        Self {
            file,
            source,
            mended,
            main,
            diagnostics: Vec::new(),
            n_errors: 0,
            variable: None,
            dialect: Dialect::Xmile,
            unread: BTreeSet::new(),
        }
    }

    /// Whose equations the file has.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Says whose equations the file has, before any is read.
    pub(crate) fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
    }

    /// Everything that was reported.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// Reports something, on behalf of the variable that is being read.
    pub(crate) fn report(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.variable = diagnostic.variable.or_else(|| self.variable.clone());
        self.n_errors += usize::from(diagnostic.is_error());
        self.diagnostics.push(diagnostic);
    }

    /// Reports an error at a place.
    pub(crate) fn error(&mut self, code: Code, place: Span, message: impl Into<String>) {
        self.report(Diagnostic::error(code, place, message));
    }

    /// How many errors there are so far.
    pub(crate) fn n_errors(&self) -> usize {
        self.n_errors
    }

    /// What is reported from now on belongs to this variable, or to none.
    pub(crate) fn enter_variable(&mut self, name: Option<&Name>) {
        self.variable = name.map(|name| name::display(&name.text));
    }

    /// The variable that is being read, as messages show it.
    pub(crate) fn variable_name(&self) -> Option<&str> {
        self.variable.as_deref()
    }

    /// Whose word an element is.
    pub(crate) fn vocabulary(&self, node: Node<'_, '_>) -> Vocabulary {
        if node.tag_name().namespace() == self.main.as_deref() { Vocabulary::Main } else { Vocabulary::Vendor }
    }

    /// The elements within an element.
    pub(crate) fn elements<'d, 'i>(node: Node<'d, 'i>) -> impl Iterator<Item = Node<'d, 'i>> + use<'d, 'i> {
        node.children().filter(Node::is_element)
    }

    /// An element's name as the file writes it, prefix included.
    pub(crate) fn tag(&self, node: Node<'_, '_>) -> &'a str {
        let range = self.name_range(node);
        self.source.get(range).unwrap_or("")
    }

    /// Where an element's start tag is.
    pub(crate) fn start_span(&self, node: Node<'_, '_>) -> Span {
        let range = self.range(node.range());
        let end = start_tag_end(&self.source[range.clone()]);
        span(self.file, range.start..range.start + end)
    }

    /// Where all of an element is.
    pub(crate) fn span(&self, node: Node<'_, '_>) -> Span {
        span(self.file, self.range(node.range()))
    }

    /// An attribute by its name without prefix, whoever's it is.
    pub(crate) fn attribute<'d, 'i>(node: Node<'d, 'i>, local: &str) -> Option<Attribute<'d, 'i>> {
        node.attributes().find(|attribute| attribute.name() == local)
    }

    /// The value of an attribute with its place.
    pub(crate) fn value(&self, attribute: Attribute<'_, '_>) -> Excerpt {
        let range = self.range(attribute.range());
        let written = self.source.get(range.clone()).unwrap_or("");
        let open = written.find(['"', '\'']).map_or(written.len(), |at| at + 1);
        let end = range.end.saturating_sub(1).max(range.start + open);
        text::decode_attribute(self.file, self.source, range.start + open..end)
    }

    /// The value of an attribute by its name without prefix.
    pub(crate) fn attribute_value(&self, node: Node<'_, '_>, local: &str) -> Option<Excerpt> {
        Self::attribute(node, local).map(|attribute| self.value(attribute))
    }

    /// The text of an element that may hold nothing but text.
    pub(crate) fn text(&mut self, node: Node<'_, '_>) -> Excerpt {
        let Content { text, element } = self.content(node);
        if let Some(range) = element {
            let message = format!("<{}> holds text alone", self.tag(node));
            let place = span(self.file, range);
            let hint = "a `<` in a text is written `&lt;`";
            self.report(Diagnostic::error(code::TEXT_EXPECTED, place, message).with_hint(hint));
        }
        text
    }

    /// The text of an element as documentation has it: trimmed, and absent when there is none.
    pub(crate) fn note(&self, node: Node<'_, '_>) -> Option<String> {
        let content = self.content(node);
        let (text, _) = content.text.trimmed();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The `name` of an element. Reports its absence.
    pub(crate) fn required_name(&mut self, node: Node<'_, '_>) -> Option<Name> {
        let Some(value) = self.attribute_value(node, "name") else {
            let message = format!("<{}> has no name", self.tag(node));
            let error = Diagnostic::error(code::MISSING_PART, self.start_span(node), message);
            self.report(error.with_hint("give it an attribute `name=\"...\"`"));
            return None;
        };
        self.name(&value)
    }

    /// A name from an attribute or a text. Reports an empty one.
    pub(crate) fn name(&mut self, written: &Excerpt) -> Option<Name> {
        let (text, span) = written.trimmed();
        let name = Name { text: name::unescape(text), span };
        if name.text.trim().is_empty() {
            self.error(code::EMPTY_NAME, written.whole(), "the name is empty");
            return None;
        }
        Some(name)
    }

    /// Reports every attribute or element of its kind but the first. `slot` holds what has been read.
    pub(crate) fn once<T>(&mut self, node: Node<'_, '_>, slot: &Option<T>) -> bool {
        if slot.is_some() {
            let message = format!("a second <{}>", self.tag(node));
            self.error(code::REPEATED_ELEMENT, self.start_span(node), message);
        }
        slot.is_none()
    }

    pub(crate) fn content(&self, node: Node<'_, '_>) -> Content {
        let range = self.range(node.range());
        let written = &self.source[range.clone()];
        let start = start_tag_end(written);
        let end = written.rfind("</").map_or(start, |end| end.max(start));
        text::decode_content(self.file, self.source, range.start + start..range.start + end)
    }

    /// Where an element's name is in the file.
    fn name_range(&self, node: Node<'_, '_>) -> Range<usize> {
        let range = self.range(node.range());
        let written = &self.source[range.clone()];
        let end = written.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).unwrap_or(written.len());
        range.start + 1..range.start + end
    }

    /// Whether an attribute of elements of a name is asked about for the first time.
    pub(crate) fn is_first(&mut self, tag: &str, attribute: &str) -> bool {
        self.unread.insert((tag.to_owned(), attribute.to_owned()))
    }

    /// The file that is read.
    pub(crate) fn file_id(&self) -> FileId {
        self.file
    }

    /// A range of the text that was read as a range of the file.
    pub(crate) fn range(&self, range: Range<usize>) -> Range<usize> {
        self.mended.original(range.start)..self.mended.original(range.end)
    }
}

/// The length of the start tag at the beginning of an element.
fn start_tag_end(element: &str) -> usize {
    let mut quote = None;
    for (at, byte) in element.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    element.len()
}
