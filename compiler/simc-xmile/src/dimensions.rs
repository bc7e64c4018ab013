//! `<dimensions>` of a file and of a variable, and the `<element>` entries of a variable.

use roxmltree::Node;

use crate::code;
use crate::reader::Reader;
use crate::transport::TransportSources;
use crate::vocabulary::Place;
use simc_model::definition::{DefKind, DimDef, DimElements, ElementDef, MappingDef, Name, VarDef};
use simc_model::diagnostic::Diagnostic;
use simc_model::name;
use simc_model::source::{Excerpt, shorten};

impl Reader<'_> {
    /// Reads the `<dim>` entries.
    pub(crate) fn dimensions(&mut self, node: Node<'_, '_>) -> Vec<DimDef> {
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
        let maps_to: Vec<MappingDef> = Self::elements(node)
            .filter(|child| child.tag_name().name() == "maps_to")
            .filter_map(|child| {
                let written = self.text(child);
                self.name(&written)
            })
            .map(|to| MappingDef { to, elements: Vec::new() })
            .collect();
        Some(DimDef { name, elements, maps_to, span: self.span(node) })
    }

    /// The `<dim>` entries of a variable.
    pub(crate) fn dimensions_of_variable(&mut self, node: Node<'_, '_>) -> Vec<Name> {
        Self::elements(node)
            .filter(|child| child.tag_name().name() == "dim")
            .filter_map(|child| self.required_name(child))
            .collect()
    }

    /// Reads an `<element>` of a variable.
    pub(crate) fn element(
        &mut self,
        node: Node<'_, '_>,
        var: &mut VarDef,
        transports: &mut TransportSources,
    ) -> Option<ElementDef> {
        let (kind, at) = (var.kind, var.elements.len());
        let Some(written) = self.attribute_value(node, "subscript") else {
            let error = Diagnostic::error(code::MISSING_PART, self.start_span(node), "<element> has no subscript");
            self.report(error.with_hint("give it an attribute `subscript=\"...\"`"));
            return None;
        };
        let subscripts = self.names(&written);
        let mut element = ElementDef::new(subscripts, None, self.start_span(node));
        let mut fraction = None;
        let is_conveyor = kind == DefKind::Stock && (transports.is_conveyor || Self::is_conveyor(node));
        for child in Self::elements(node) {
            let is_flow = kind == DefKind::Flow;
            if is_flow && node.parent().is_some_and(|flow| self.flow_of_transport(child, flow, var, &mut fraction)) {
                continue;
            }
            match child.tag_name().name() {
                "eqn" | "init_eqn" if is_conveyor && Self::begins(child) => {
                    let list = self.initial_list(child);
                    transports.initial_elements.push((at, list));
                }
                "conveyor" | "queue" if kind == DefKind::Stock => {
                    let transport = self.transport(child);
                    transports.elements.push((at, transport));
                }
                "eqn" => {
                    if self.once(child, &element.equation) {
                        element.equation = self.equation(child);
                    }
                }
                "init_eqn" => {}
                "event_poster" => element.thresholds.extend(self.event_poster(child)),
                "gf" => {
                    if self.once(child, &element.table) {
                        element.table = self.table(child);
                    }
                }
                "non_negative" if matches!(kind, DefKind::Stock | DefKind::Flow) => {
                    if self.once(child, &element.non_negative) {
                        element.non_negative = self.non_negative(child);
                    }
                }
                _ => self.leave(child, Place::Variable),
            }
        }
        element.equation = fraction.or(element.equation);
        element.has_initial = self.resolve_element(node, kind, is_conveyor, &mut element.equation);
        Some(element)
    }

    /// Names separated by commas outside of quotes.
    fn names(&mut self, written: &Excerpt) -> Vec<Name> {
        let mut names = Vec::new();
        let mut start = 0;
        for part in name::split_outside_quotes(written.text(), ',') {
            let text = part.trim();
            let first = start + (part.len() - part.trim_start().len());
            let span = written.span(first, first + text.len());
            if text.is_empty() {
                self.error(code::EMPTY_NAME, written.whole(), "a name in the subscript is empty");
            }
            names.push(Name { text: name::unescape(text), span });
            start += part.len() + 1;
        }
        names
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
