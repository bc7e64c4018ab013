//! `<behavior>`: options for whole kinds of entity.

use roxmltree::Node;

use crate::code;
use crate::reader::Reader;
use crate::settings::parse_flag;
use simc_model::definition::Behavior;
use simc_model::diagnostic::Diagnostic;

impl Reader<'_> {
    /// Reads a `<behavior>`. An option that is outside of any entity holds for all of them.
    pub(crate) fn behavior(&mut self, node: Node<'_, '_>) -> Behavior {
        let mut behavior = Behavior::default();
        for child in Self::elements(node) {
            match child.tag_name().name() {
                "non_negative" => {
                    let option = self.non_negative(child);
                    behavior.non_negative_stocks = behavior.non_negative_stocks.or(option);
                    behavior.non_negative_flows = behavior.non_negative_flows.or(option);
                }
                "stock" => behavior.non_negative_stocks = self.option(child).or(behavior.non_negative_stocks),
                "flow" => behavior.non_negative_flows = self.option(child).or(behavior.non_negative_flows),
                _ => self.refuse_behavior(child),
            }
        }
        behavior
    }

    /// The option of one kind of entity.
    fn option(&mut self, entity: Node<'_, '_>) -> Option<bool> {
        let mut option = None;
        for child in Self::elements(entity) {
            if child.tag_name().name() == "non_negative" {
                option = self.non_negative(child).or(option);
            } else {
                self.refuse_behavior(child);
            }
        }
        option
    }

    fn refuse_behavior(&mut self, node: Node<'_, '_>) {
        self.unsupported(node, code::BEHAVIORS, "defaults and filters other than <non_negative>");
    }

    /// `<non_negative/>`: true unless its text says otherwise.
    pub(crate) fn non_negative(&mut self, node: Node<'_, '_>) -> Option<bool> {
        let written = self.text(node);
        let (text, place) = written.trimmed();
        let flag = if text.is_empty() { Some(true) } else { parse_flag(text) };
        if flag.is_none() {
            let error = Diagnostic::error(code::BAD_VALUE, place, "<non_negative> is neither true nor false");
            self.report(error.with_hint("write <non_negative/> or <non_negative>false</non_negative>"));
        }
        flag
    }
}
