//! XMILE files, Stella's included: XML in, [`Definition`] out.
//!
//! The URI of the main namespace does not matter, so files from before the standard can be read. What only shows or
//! documents a model is passed over; what would change its numbers and is not supported is refused by its name.

use roxmltree::Node;

use crate::code;
use simc_model::builtin::Dialect;
use simc_model::definition::{Definition, Wording};
use simc_model::diagnostic::Diagnostic;
use simc_model::source::{FileId, Sources};

use crate::reader::{Reader, Vocabulary};
use crate::vocabulary::Place;
use crate::wording::wording;

/// Reads a file. What could be read is there even when there are errors, so that later stages can find more of them. What it
/// includes is not looked at; a file that includes nothing and holds no model is at fault unless it is included itself.
pub fn parse(sources: &Sources, file: FileId, is_included: bool) -> (Definition, Vec<Diagnostic>) {
    let source = sources.file(file).text.as_str();
    let refused = |diagnostic: Box<Diagnostic>| (Definition::default(), vec![*diagnostic]);
    let mended = match crate::document::mend(file, source) {
        Ok(mended) => mended,
        Err(diagnostic) => return refused(diagnostic),
    };
    let document = match crate::document::read(file, &mended) {
        Ok(document) => document,
        Err(diagnostic) => return refused(diagnostic),
    };
    let root = document.root_element();
    let mut reader = Reader::new(file, source, &mended, root);
    let parsed = reader.file(root, is_included);
    (parsed, reader.into_diagnostics())
}

/// Whether a vendor or product is isee systems, or one of its programs.
fn is_stella(text: &str) -> bool {
    let text = text.to_lowercase();
    ["isee", "stella", "ithink"].iter().any(|name| text.contains(name))
}

impl Reader<'_> {
    fn file(&mut self, root: Node<'_, '_>, is_included: bool) -> Definition {
        let mut file = Definition { wording: Wording(wording), ..Definition::default() };
        if root.tag_name().name() != "xmile" {
            let message = format!("the file is XML but no model: its root is <{}>", self.tag(root));
            let error = Diagnostic::error(code::WRONG_ROOT, self.start_span(root), message);
            self.report(error.with_hint("the root of a model in XMILE is <xmile>"));
            return file;
        }
        self.refuse_encryption(root);
        let headers = Self::elements(root).filter(|child| child.tag_name().name() == "header");
        if headers.flat_map(Self::elements).any(|child| self.is_from_stella(child)) {
            self.set_dialect(Dialect::Stella);
        }
        file.dialect = self.dialect();
        for child in Self::elements(root) {
            self.section(child, &mut file);
        }
        if file.models.is_empty() && file.includes.is_empty() && !is_included {
            let error = Diagnostic::error(code::NO_MODEL, self.start_span(root), "the file holds no model");
            self.report(error.with_hint("a model stands in <model><variables>...</variables></model>"));
        }
        self.check_roots(root);
        self.resolve_sim_specs(&mut file);
        file
    }

    /// Whether an element of the header says that Stella has saved the file.
    fn is_from_stella(&self, node: Node<'_, '_>) -> bool {
        matches!(node.tag_name().name(), "vendor" | "product") && self.note(node).is_some_and(|text| is_stella(&text))
    }

    /// Refuses all models without a name but the first: it is the root.
    fn check_roots(&mut self, root: Node<'_, '_>) {
        let is_unnamed = |node: &Node<'_, '_>| node.attribute("name").is_none_or(|name| name.trim().is_empty());
        let models = Self::elements(root).filter(|node| node.tag_name().name() == "model");
        for model in models.filter(is_unnamed).skip(1) {
            let error =
                Diagnostic::error(code::REPEATED_ELEMENT, self.start_span(model), "a second <model> without a name");
            self.report(error.with_hint("one model is the root; give every other one a name"));
        }
    }

    /// Reads an element of the file.
    fn section(&mut self, node: Node<'_, '_>, file: &mut Definition) {
        if self.vocabulary(node) == Vocabulary::Vendor {
            return self.leave(node, Place::File);
        }
        match node.tag_name().name() {
            "header" => self.header(node, file),
            "sim_specs" => {
                if self.once(node, &file.sim_specs) {
                    file.sim_specs = Some(self.sim_specs(node));
                }
            }
            "behavior" => file.behavior = self.behavior(node),
            "dimensions" => file.dims.extend(self.dimensions(node)),
            "data" => self.data(node, file),
            "model_units" => file.units.extend(self.model_units(node)),
            "model" => {
                let model = self.model(node);
                file.models.push(model);
            }
            "macro" => file.macros.extend(self.macro_def(node)),
            "includes" => self.includes(node, file),
            "interface" | "view" | "views" => file.controls.extend(self.controls(node)),
            _ => self.leave(node, Place::File),
        }
    }

    /// Reads the name and the value of a read outside of an array. All else in a header is information.
    fn header(&mut self, node: Node<'_, '_>, file: &mut Definition) {
        for child in Self::elements(node) {
            match child.tag_name().name() {
                "name" => file.name = self.note(child).or(file.name.take()),
                "encrypted" | "encryption" => self.leave(child, Place::File),
                "includes" => self.includes(child, file),
                "options" => self.options(child, file),
                _ => {}
            }
        }
    }

    /// Reads the `<include>` entries.
    fn includes(&mut self, node: Node<'_, '_>, file: &mut Definition) {
        for child in Self::elements(node).filter(|child| child.tag_name().name() == "include") {
            let resource = self.resource(child);
            if resource.is_none() {
                let error = Diagnostic::error(code::MISSING_PART, self.start_span(child), "<include> names no file");
                self.report(error.with_hint("write <include resource=\"...\"/>"));
            }
            file.includes.extend(resource);
        }
    }
}
