//! What the author drew of an interface: controls that set a variable and displays that show some. No number depends on them, so
//! that nothing in them is an error.

use roxmltree::Node;

use crate::reader::Reader;
use simc_model::definition::{ControlDef, Name};
use simc_model::model::ControlKind;
use simc_model::name;

/// What an element is called, by what it is.
const KINDS: [(&str, ControlKind); 5] = [
    ("slider", ControlKind::Slider),
    ("knob", ControlKind::Knob),
    ("switch", ControlKind::Switch),
    ("graph", ControlKind::Graph),
    ("gauge", ControlKind::Gauge),
];

/// What attributes say how far a control moves at a time.
const STEPS: [&str; 3] = ["step", "increment", "resolution"];

impl Reader<'_> {
    /// The controls of views or of an interface, in their order. What stands in a `<style>` only says how controls look.
    pub(crate) fn controls(&self, node: Node<'_, '_>) -> Vec<ControlDef> {
        let mut controls = Vec::new();
        let mut rest: Vec<Node<'_, '_>> = vec![node];
        while let Some(node) = rest.pop() {
            let known = KINDS.iter().find(|(tag, _)| *tag == node.tag_name().name());
            match known {
                Some(&(_, kind)) => controls.extend(self.control(node, kind)),
                None if node.tag_name().name() == "style" => {}
                None => {
                    let first = rest.len();
                    rest.extend(Self::elements(node));
                    rest[first..].reverse();
                }
            }
        }
        controls
    }

    /// A control; none when it speaks of no variable.
    fn control(&self, node: Node<'_, '_>, kind: ControlKind) -> Option<ControlDef> {
        let mut control = ControlDef { kind, entities: Vec::new(), range: None, step: None, label: None };
        control.entities.extend(self.entity_of(node, "entity_name"));
        let mut zones: Option<(f64, f64)> = None;
        for child in node.descendants().skip(1).filter(Node::is_element) {
            match child.tag_name().name() {
                "entity" => control.entities.extend(self.entity_of(child, "name")),
                "plot" => control.entities.extend(self.entity_of(child, "entity_name")),
                "title" | "label" => control.label = control.label.or_else(|| self.note(child)),
                "zone" => {
                    if let Some((least, greatest)) = range_of(child) {
                        let (low, high) = zones.unwrap_or((least, greatest));
                        zones = Some((low.min(least), high.max(greatest)));
                    }
                }
                _ => {}
            }
        }
        control.range = range_of(node).or(zones);
        control.step = STEPS.iter().find_map(|step| number(node, step)).filter(|step| *step > 0.0);
        let titles = ["label", "title"].iter().filter_map(|title| self.attribute_value(node, title));
        let titles = titles.map(|title| name::display(title.text())).filter(|title| !title.is_empty());
        control.label = titles.into_iter().next().or(control.label);
        (!control.entities.is_empty()).then_some(control)
    }

    /// The variable that an attribute names.
    fn entity_of(&self, node: Node<'_, '_>, attribute: &str) -> Option<Name> {
        let written = self.attribute_value(node, attribute)?;
        let (text, span) = written.trimmed();
        (!text.is_empty()).then(|| Name { text: text.to_owned(), span })
    }
}

/// `min` and `max`, where both are numbers in their order.
fn range_of(node: Node<'_, '_>) -> Option<(f64, f64)> {
    number(node, "min").zip(number(node, "max")).filter(|(least, greatest)| least <= greatest)
}

/// A finite number in an attribute.
fn number(node: Node<'_, '_>, attribute: &str) -> Option<f64> {
    let written = Reader::attribute(node, attribute)?.value().trim().parse::<f64>().ok()?;
    written.is_finite().then_some(written)
}
