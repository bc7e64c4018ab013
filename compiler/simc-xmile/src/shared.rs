//! What all elements of an array share: whether they are conveyors or queues, and the options of these and of their outflows.
//!
//! XMILE lets equations alone differ between elements. An entry may repeat an option of the array, not contradict it.

use roxmltree::Node;

use crate::code;
use crate::reader::Reader;
use crate::settings::parse_flag;
use simc_model::definition::DefKind;
use simc_model::diagnostic::Diagnostic;

/// The options of a `<conveyor>`, attributes or elements within, with what holds where nothing is said.
const OF_CONVEYORS: [(&str, bool); 6] = [
    ("discrete", false),
    ("batch_integrity", false),
    ("one_at_a_time", true),
    ("exponential_leak", false),
    ("ignore_earlier_zone_losses", false),
    ("fifo", false),
];

/// The options of a flow out of one, elements within; none is on where nothing is said.
const OF_FLOWS: [&str; 2] = ["leak_integers", "overflow"];

impl Reader<'_> {
    /// Refuses entries of an array that are to be another kind of stock than the rest of it, or have other options.
    pub(crate) fn check_shared(&mut self, node: Node<'_, '_>, kind: DefKind) {
        match kind {
            DefKind::Stock => self.check_transports(node),
            DefKind::Flow => self.check_flow_options(node),
            DefKind::Aux | DefKind::Table => {}
        }
    }

    fn check_transports(&mut self, stock: Node<'_, '_>) {
        let whole = transport_of(stock);
        let Some(base) = whole.or_else(|| entries(stock).find_map(transport_of)) else { return };
        let kind = base.tag_name().name();
        let of_base = OF_CONVEYORS.map(|(option, default)| option_of(base, option).unwrap_or(default));
        for entry in entries(stock) {
            let Some(own) = transport_of(entry) else {
                // An element of a conveyor that lacks a transit time is refused for that.
                if whole.is_none() && kind == "queue" {
                    self.differs(entry, "element is no queue, but others of the stock are");
                }
                continue;
            };
            if own.tag_name().name() != kind {
                self.differs(own, &format!("element is a {}, but the stock a {kind}", own.tag_name().name()));
                continue;
            }
            for ((option, default), of_base) in OF_CONVEYORS.into_iter().zip(of_base) {
                let inherited = if whole.is_some() { of_base } else { default };
                if option_of(own, option).unwrap_or(inherited) != of_base {
                    self.differs(own, &format!("element has another `{option}` than the stock"));
                }
            }
        }
    }

    fn check_flow_options(&mut self, flow: Node<'_, '_>) {
        let is_equation = |part: Node<'_, '_>| matches!(part.tag_name().name(), "eqn" | "leak" | "leak_fraction");
        let has_equation = Self::elements(flow).any(is_equation);
        for option in OF_FLOWS {
            let whole = option_of(flow, option).or(has_equation.then_some(false));
            let first = || entries(flow).next().and_then(|entry| option_of(entry, option));
            let base = whole.or_else(first).unwrap_or(false);
            for entry in entries(flow) {
                if option_of(entry, option).or(whole).unwrap_or(false) != base {
                    self.differs(entry, &format!("element has another <{option}> than the flow"));
                }
            }
        }
    }

    fn differs(&mut self, node: Node<'_, '_>, message: &str) {
        let error = Diagnostic::error(code::SHARED_OPTIONS, self.start_span(node), message);
        self.report(error.with_hint("say it of the variable as a whole, or make two variables of it"));
    }
}

/// The entries of an array.
fn entries<'d, 'i>(node: Node<'d, 'i>) -> impl Iterator<Item = Node<'d, 'i>> + use<'d, 'i> {
    Reader::elements(node).filter(|child| child.tag_name().name() == "element")
}

/// The first `<conveyor>` or `<queue>` in a stock or an entry of one.
fn transport_of<'d, 'i>(node: Node<'d, 'i>) -> Option<Node<'d, 'i>> {
    Reader::elements(node).find(|child| matches!(child.tag_name().name(), "conveyor" | "queue"))
}

/// What an element says of an option, in an element within or an attribute. What is neither true nor false is reported where it is read.
fn option_of(node: Node<'_, '_>, option: &str) -> Option<bool> {
    let part = Reader::elements(node).filter(|child| child.tag_name().name() == option).last();
    let of_part = part.map(|part| {
        let text = part.text().unwrap_or_default().trim();
        text.is_empty() || parse_flag(text).unwrap_or(false)
    });
    of_part.or_else(|| parse_flag(Reader::attribute(node, option)?.value().trim()))
}
