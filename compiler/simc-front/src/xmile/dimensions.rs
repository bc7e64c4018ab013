//! `<dimensions>` of a file.

use roxmltree::Node;

use super::reader::Reader;
use crate::ast::{DimDef, DimElements, Name};
use crate::diagnostic::{Diagnostic, code};
use crate::source::shorten;

impl Reader<'_> {
    /// Reads the `<dim>` entries. How Stella maps one dimension to another matters only where arrays are used.
    pub(super) fn dimensions(&mut self, node: Node<'_, '_>) -> Vec<DimDef> {
        Self::elements(node)
            .filter(|child| child.tag_name().name() == "dim")
            .filter_map(|child| self.dimension(child))
            .collect()
    }

    fn dimension(&mut self, node: Node<'_, '_>) -> Option<DimDef> {
        let name = self.required_name(node)?;
        let names: Vec<Name> = Self::elements(node)
            .filter(|child| child.tag_name().name() == "elem")
            .filter_map(|child| self.required_name(child))
            .collect();
        let elements = if names.is_empty() { DimElements::Size(self.size(node)?) } else { DimElements::Named(names) };
        Some(DimDef { name, elements, span: self.span(node) })
    }

    fn size(&mut self, node: Node<'_, '_>) -> Option<u32> {
        let Some(written) = self.attribute_value(node, "size") else {
            let error = Diagnostic::error(code::MISSING_PART, self.start_span(node), "the dimension has no elements");
            self.report(error.with_hint("give it a `size`, or an <elem name=\"...\"/> for each element"));
            return None;
        };
        let (text, _) = written.trimmed();
        let size = text.parse().ok().filter(|&size: &u32| size > 0);
        if size.is_none() {
            let message = format!("`size` is no positive whole number: `{}`", shorten(text));
            self.error(code::BAD_NUMBER, written.whole(), message);
        }
        size
    }
}
