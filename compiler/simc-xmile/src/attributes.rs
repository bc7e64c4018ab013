//! Attributes that nothing reads: a word of the language that is misspelt would change numbers without a word.

use roxmltree::{Attribute, Node};

use crate::code;
use crate::document::span;
use crate::reader::{Reader, Vocabulary};
use simc_model::diagnostic::Diagnostic;
use simc_model::name;

/// The attributes of variables and of what is in them that are read.
const READ: [(&str, &[&str]); 20] = [
    ("stock", &["name", "access"]),
    ("flow", &["name", "access", "leak_start", "leak_end", "leak_integers", "spreadflow"]),
    ("aux", &["name", "access"]),
    ("gf", &["name", "access", "type", "discrete"]),
    ("xscale", &["min", "max"]),
    ("xpts", &["sep"]),
    ("ypts", &["sep"]),
    ("element", &["subscript"]),
    ("dim", &["name", "size"]),
    ("eqn", &[]),
    ("init_eqn", &[]),
    ("multiplier", &[]),
    ("non_negative", &[]),
    (
        "conveyor",
        &["discrete", "batch_integrity", "one_at_a_time", "exponential_leak", "ignore_earlier_zone_losses", "fifo"],
    ),
    ("queue", &[]),
    ("len", &[]),
    ("capacity", &[]),
    ("in_limit", &[]),
    ("leak", &[]),
    ("overflow", &[]),
];

/// Attributes that say how something looks, where it is drawn, or what programs keep about it.
const SILENT: [&str; 40] = [
    "ai_state",
    "autoexport",
    "background",
    "border_color",
    "border_style",
    "border_thickness",
    "border_width",
    "color",
    "delay_aux",
    "doc",
    "flow_concept",
    "font_color",
    "font_family",
    "font_size",
    "font_style",
    "font_weight",
    "force_leak_fraction",
    "height",
    "hide",
    "icon",
    "id",
    "isolated",
    "label",
    "label_angle",
    "label_side",
    "locked",
    "opacity",
    "padding",
    "summing",
    "text_align",
    "text_background",
    "text_decoration",
    "uid",
    "units",
    "vertical_text_align",
    "visible",
    "width",
    "x",
    "y",
    "z_index",
];

impl Reader<'_> {
    /// Warns of attributes of a variable, and of what is in it, that nothing reads: each once in a file.
    pub(crate) fn check_attributes(&mut self, variable: Node<'_, '_>) {
        for node in variable.descendants().filter(Node::is_element) {
            let tag = node.tag_name().name();
            let Some((_, read)) = READ.iter().find(|(known, _)| *known == tag) else { continue };
            if self.vocabulary(node) == Vocabulary::Main {
                node.attributes().for_each(|attribute| self.check_attribute(node, attribute, read));
            }
        }
    }

    /// A vendor's word that resembles none of those that are read is about something else.
    fn check_attribute(&mut self, node: Node<'_, '_>, attribute: Attribute<'_, '_>, read: &[&'static str]) {
        let name = attribute.name();
        if read.contains(&name) || SILENT.contains(&name) {
            return;
        }
        let meant = name::suggest(name, read.iter().copied());
        if attribute.namespace().is_some() && meant.is_none() || !self.is_first(node.tag_name().name(), name) {
            return;
        }
        let message = format!("attribute `{name}` of <{}> is not known and is left out", self.tag(node));
        let place = self.range(attribute.range_qname());
        let warning = Diagnostic::warning(code::UNKNOWN_ELEMENT, span(self.file_id(), place), message);
        self.report(match meant {
            Some(meant) => warning.with_hint(format!("did you mean `{meant}`?")),
            None => warning,
        });
    }
}
