//! What becomes of the elements that no part of the parser reads.
//!
//! Nothing that could change a number is passed over: an element is silent because it is listed here as one that only
//! shows, documents or repeats; everything else is refused by its name, or at least mentioned.

use roxmltree::Node;

use crate::code;
use crate::reader::{Reader, Vocabulary};
use simc_model::diagnostic::{Code, Diagnostic};

/// Where an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In `<xmile>`.
    File,
    /// In `<sim_specs>`.
    SimSpecs,
    /// In `<model>`.
    Model,
    /// In `<variables>`.
    Variables,
    /// In a stock, flow or auxiliary.
    Variable,
    /// In a `<gf>`.
    Table,
    /// In a `<module>`.
    Module,
    /// In a `<macro>`.
    Macro,
}

/// XMILE's own elements that have no effect on numbers, by place.
fn silent(place: Place) -> &'static [&'static str] {
    match place {
        // Drawings, defaults of drawings, preferences, and what Stella's assistant keeps of its talk.
        Place::File => &["ai_information", "default_format", "equation_prefs", "prefs", "style"],
        Place::SimSpecs => &["pause", "time_units"],
        Place::Model => &["doc", "style"],
        Place::Variables => &["doc"],
        // `mathml` repeats the equation.
        Place::Variable => &["mathml"],
        Place::Table => &["doc", "range", "units", "yscale"],
        Place::Module => &["doc", "range", "units"],
        Place::Macro => &["doc", "style", "view", "views"],
    }
}

/// How values and drawings look, wherever it is and whoever's word it is.
const DISPLAY: [&str; 3] = ["display", "format", "scale"];

/// Vendors' elements that have no effect on numbers, by place.
fn silent_of_vendors(place: Place) -> &'static [&'static str] {
    match place {
        // Windows, games, formats, and the columns of past runs.
        Place::File => &[
            "data_manager",
            "equation_prefs",
            "multiplayer_settings",
            "number_format_extenders",
            "prefs",
            "time_formats",
        ],
        Place::SimSpecs => &[],
        Place::Model => &["extra_collection_variables"],
        // Which variable reads which, as the equations say.
        Place::Variables => &["dependencies"],
        // The pictures of converters that hold a delay or a sum, and what is read elsewhere.
        Place::Variable => &["delay_aux", "init_eqn", "summing"],
        Place::Table | Place::Module | Place::Macro => &[],
    }
}

/// Elements of XMILE and Stella whose meaning is known and not supported, whoever's prefix they have.
const UNSUPPORTED: [(&str, Code, &str); 3] = [
    ("oven", code::OVENS, "ovens"),
    ("encrypted", code::ENCRYPTION, "encrypted models"),
    ("encryption", code::ENCRYPTION, "encrypted models"),
];

impl Reader<'_> {
    /// Passes over an element that nothing reads, or says why it cannot.
    pub(crate) fn leave(&mut self, node: Node<'_, '_>, place: Place) {
        let local = node.tag_name().name();
        let vendor = self.vocabulary(node) == Vocabulary::Vendor;
        let silent = if vendor { silent_of_vendors(place) } else { silent(place) };
        if silent.contains(&local) || DISPLAY.contains(&local) {
            return;
        }
        if let Some(&(_, code, what)) = UNSUPPORTED.iter().find(|(known, _, _)| *known == local) {
            return self.unsupported(node, code, what);
        }
        self.unknown(node, place, vendor);
    }

    /// Refuses an element by its name.
    pub(crate) fn unsupported(&mut self, node: Node<'_, '_>, code: Code, what: &str) {
        let message = format!("{what} are not supported: <{}>", self.tag(node));
        self.error(code, self.start_span(node), message);
    }

    /// What vendors keep around a model is mostly about windows and gets a warning; what they keep within it could mean
    /// anything.
    fn unknown(&mut self, node: Node<'_, '_>, place: Place, vendor: bool) {
        let tag = self.tag(node);
        let place_span = self.start_span(node);
        if vendor && matches!(place, Place::File | Place::Model) {
            let message = format!("<{tag}> is not known and is left out");
            self.report(Diagnostic::warning(code::UNKNOWN_ELEMENT, place_span, message));
        } else {
            let message = format!("<{tag}> is not known here");
            let error = Diagnostic::error(code::UNKNOWN_ELEMENT, place_span, message);
            self.report(error.with_hint("it could change what the model computes, so it is not passed over"));
        }
    }
}
