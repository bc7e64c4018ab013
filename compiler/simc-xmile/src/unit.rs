//! `<model_units>`, and the units of everything else.

use roxmltree::Node;

use crate::reader::Reader;
use simc_model::definition::{Name, UnitDef};
use simc_model::source::Excerpt;

impl Reader<'_> {
    /// Reads the `<unit>` entries that are not disabled.
    pub(crate) fn model_units(&mut self, node: Node<'_, '_>) -> Vec<UnitDef> {
        let entries = Self::elements(node).filter(|child| child.tag_name().name() == "unit");
        entries.filter_map(|child| self.unit_definition(child)).collect()
    }

    fn unit_definition(&mut self, node: Node<'_, '_>) -> Option<UnitDef> {
        let is_disabled = self.flag(node, "disabled").unwrap_or(false);
        let name = self.required_name(node)?;
        let mut unit = UnitDef { name, equation: None, aliases: Vec::new() };
        for child in Self::elements(node) {
            match child.tag_name().name() {
                "eqn" if self.once(child, &unit.equation) => unit.equation = self.units(child),
                "alias" => unit.aliases.extend(self.units(child)),
                _ => {}
            }
        }
        Some(unit).filter(|_| !is_disabled)
    }

    /// Units in an element; an empty one says nothing.
    pub(crate) fn units(&self, node: Node<'_, '_>) -> Option<Name> {
        as_written(&self.content(node).text)
    }
}

/// A text without blanks at its ends, if anything is left.
pub(crate) fn as_written(written: &Excerpt) -> Option<Name> {
    let (text, span) = written.trimmed();
    (!text.is_empty()).then(|| Name { text: text.to_owned(), span })
}
