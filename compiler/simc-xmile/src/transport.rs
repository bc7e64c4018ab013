//! Conveyors, queues, and what their flows say about them.
//!
//! What entries of an array say of single elements is put together with what the stock says as a whole: each equation of a conveyor
//! has clauses as an equation of a variable has.

use std::collections::HashMap;

use roxmltree::Node;

use crate::code;
use crate::reader::Reader;
use crate::settings::parse_flag;
use crate::vocabulary::Place;
use simc_model::definition::{
    ConveyorDef, DefKind, ElementDef, Equation, EquationDef, EquationKind, EquationNode, InitialLists, LeakDef,
    QueueDef, Spread, TransportDef, VarDef,
};
use simc_model::diagnostic::Diagnostic;
use simc_model::name::Key;
use simc_model::source::Span;

/// What a `<conveyor>` or `<queue>` says: for a whole stock, or for an element of it.
pub(crate) struct TransportSource {
    kind: TransportKind,
    equations: Vec<(Quantity, Equation)>,
}

/// The equations of transports as they are read with a variable.
#[derive(Default)]
pub(crate) struct TransportSources {
    /// Of the stock as a whole.
    pub(crate) whole: Option<TransportSource>,
    /// Of entries, by their positions.
    pub(crate) elements: Vec<(usize, TransportSource)>,
    /// A list of initial values, and those of entries.
    pub(crate) initial: Vec<Equation>,
    /// Likewise.
    pub(crate) initial_elements: Vec<(usize, Vec<Equation>)>,
    /// Whether the stock as a whole says that it is a conveyor.
    pub(crate) is_conveyor: bool,
}

impl Reader<'_> {
    /// Whether a stock, or an entry of one, says itself that it is a conveyor.
    pub(crate) fn is_conveyor(node: Node<'_, '_>) -> bool {
        Self::elements(node).any(|child| child.tag_name().name() == "conveyor")
    }

    /// Reads a `<conveyor>` or a `<queue>`.
    pub(crate) fn transport(&mut self, node: Node<'_, '_>) -> TransportSource {
        let is_queue = node.tag_name().name() == "queue";
        let mut def = ConveyorDef {
            discrete: self.flag(node, "discrete").unwrap_or(false),
            batch_integrity: self.flag(node, "batch_integrity").unwrap_or(false),
            one_at_a_time: self.flag(node, "one_at_a_time").unwrap_or(true),
            exponential_leak: self.flag(node, "exponential_leak").unwrap_or(false),
            ignores_losses: self.flag(node, "ignore_earlier_zone_losses").unwrap_or(false),
            fifo: self.flag(node, "fifo").unwrap_or(false),
            transit: None,
            capacity: None,
            inflow_limit: None,
            sample: None,
            arrest: None,
            initial_lists: None,
            span: self.start_span(node),
        };
        let mut equations: Vec<(Quantity, Equation)> = Vec::new();
        for child in Self::elements(node) {
            let what = match child.tag_name().name() {
                "len" => Quantity::Transit,
                "capacity" => Quantity::Capacity,
                "in_limit" => Quantity::InflowLimit,
                "sample" => Quantity::Sample,
                "arrest" => Quantity::Arrest,
                "discrete" => {
                    def.discrete = self.is_set(child);
                    continue;
                }
                "exponential_leak" => {
                    def.exponential_leak = self.is_set(child);
                    continue;
                }
                "ignore_earlier_zone_losses" => {
                    def.ignores_losses = self.is_set(child);
                    continue;
                }
                _ => {
                    self.leave(child, Place::Variable);
                    continue;
                }
            };
            let known = equations.iter().find(|(known, _)| *known == what).map(|_| ());
            if is_queue {
                self.unsupported(child, code::QUEUE_OPTIONS, "options of conveyors in a queue");
            } else if self.once(child, &known) {
                equations.extend(self.equation(child).map(|equation| (what, equation)));
            }
        }
        let kind = match is_queue {
            true => TransportKind::Queue(QueueDef { span: def.span }),
            false => TransportKind::Conveyor(Box::new(def)),
        };
        TransportSource { kind, equations }
    }

    /// Whether an option is on: `<option/>`, unless its text says otherwise.
    fn is_set(&mut self, node: Node<'_, '_>) -> bool {
        let written = self.text(node);
        let (text, place) = written.trimmed();
        let flag = if text.is_empty() { Some(true) } else { parse_flag(text) };
        if flag.is_none() {
            let message = format!("<{}> is neither true nor false", self.tag(node));
            self.error(code::BAD_VALUE, place, message);
        }
        flag.unwrap_or(false)
    }

    /// Reads the initial value of a conveyor: one, or a list.
    pub(crate) fn initial_list(&mut self, node: Node<'_, '_>) -> Vec<Equation> {
        let before = self.n_errors();
        let text = self.text(node);
        if self.n_errors() > before {
            return Vec::new();
        }
        match crate::equation::parse_list(&text, self.dialect()) {
            Ok(list) if list.len() > MAX_ENTRIES => {
                let message = format!("the list of initial values has {} entries", list.len());
                let error = Diagnostic::error(code::TRANSPORT_INITIAL, self.span(node), message);
                self.report(error.with_hint(format!("a list may have {MAX_ENTRIES} entries")));
                Vec::new()
            }
            Ok(list) => list,
            Err(error) => {
                self.report(*error);
                Vec::new()
            }
        }
    }

    /// Reads what a flow says of the transport at its end; false when the element is nothing of that.
    pub(crate) fn flow_of_transport(
        &mut self,
        node: Node<'_, '_>,
        flow: Node<'_, '_>,
        var: &mut VarDef,
        equation: &mut Option<Equation>,
    ) -> bool {
        match node.tag_name().name() {
            "leak" | "leak_fraction" => {
                let mut leak = var.leak.unwrap_or_else(|| self.leak(flow));
                leak.span = self.start_span(node);
                if self.note(node).is_some() && self.once(node, equation) {
                    *equation = self.equation(node);
                }
                var.leak = Some(leak);
            }
            "leak_integers" => {
                let mut leak = var.leak.unwrap_or_else(|| self.leak(flow));
                leak.integers = self.is_set(node);
                var.leak = Some(leak);
            }
            "overflow" => var.overflow = self.is_set(node),
            // Read with the attribute that needs it.
            "distrib_eq" => {}
            _ => return false,
        }
        true
    }

    /// A leak with the zone that its flow states.
    fn leak(&mut self, flow: Node<'_, '_>) -> LeakDef {
        let integers = self.flag(flow, "leak_integers").unwrap_or(false);
        let mut place = |name: &str, default: f64| match Self::attribute(flow, name) {
            Some(_) => self.number_attribute(flow, name).unwrap_or(default),
            None => default,
        };
        LeakDef { start: place("leak_start", 0.0), end: place("leak_end", 1.0), integers, span: self.start_span(flow) }
    }

    /// `isee:spreadflow`.
    pub(crate) fn spread(&mut self, node: Node<'_, '_>) -> Option<Spread> {
        let written = self.attribute_value(node, "spreadflow")?;
        let place = written.whole();
        match written.trimmed().0.to_ascii_lowercase().as_str() {
            "" | "beginning" => Some(Spread::Beginning),
            "even" => Some(Spread::Even),
            "dest" => Some(Spread::Dest),
            "source" => Some(Spread::Source(place)),
            "dist" => {
                let is_eq = |child: &Node<'_, '_>| child.tag_name().name() == "distrib_eq";
                let named = Self::elements(node).find(is_eq).map(|child| self.text(child));
                let name = named.and_then(|text| self.name(&text));
                Some(Spread::Dist(name, place))
            }
            _ => {
                let message = "`spreadflow` is none of beginning, even, dest, dist and source";
                self.error(code::BAD_VALUE, place, message);
                None
            }
        }
    }

    /// Gives a stock what its conveyor or queue says, and what that begins with.
    pub(crate) fn set_transport(stock: &mut VarDef, sources: TransportSources) {
        let whole = sources.whole.as_ref().or(sources.elements.first().map(|(_, source)| source));
        let Some(kind) = whole.map(|source| source.kind.clone()) else { return };
        stock.transport = Some(match kind {
            TransportKind::Queue(queue) => TransportDef::Queue(queue),
            TransportKind::Conveyor(mut conveyor) => {
                for (what, default) in Quantity::ALL {
                    *what.of(&mut conveyor) = sources.equation(stock, what, default, conveyor.span);
                }
                conveyor.initial_lists = sources.initial_lists(stock);
                TransportDef::Conveyor(conveyor)
            }
        });
    }
}

/// A list of initial values may have that many entries.
const MAX_ENTRIES: usize = 4096;

/// The conveyor without its equations, or the queue.
#[derive(Clone)]
enum TransportKind {
    Conveyor(Box<ConveyorDef>),
    Queue(QueueDef),
}

/// What an equation of a conveyor says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Transit,
    Capacity,
    InflowLimit,
    Sample,
    Arrest,
}

impl Quantity {
    /// All, with the value for an element that lacks the equation where others have it.
    const ALL: [(Quantity, Option<f64>); 5] = [
        (Quantity::Transit, None),
        (Quantity::Capacity, Some(f64::INFINITY)),
        (Quantity::InflowLimit, Some(f64::INFINITY)),
        (Quantity::Sample, Some(1.0)),
        (Quantity::Arrest, Some(0.0)),
    ];

    fn of(self, conveyor: &mut ConveyorDef) -> &mut Option<EquationDef> {
        match self {
            Quantity::Transit => &mut conveyor.transit,
            Quantity::Capacity => &mut conveyor.capacity,
            Quantity::InflowLimit => &mut conveyor.inflow_limit,
            Quantity::Sample => &mut conveyor.sample,
            Quantity::Arrest => &mut conveyor.arrest,
        }
    }
}

impl TransportSources {
    /// An equation of the conveyor, if it or an element of it has one.
    fn equation(&self, stock: &VarDef, what: Quantity, default: Option<f64>, span: Span) -> Option<EquationDef> {
        let equation_of = |source: &TransportSource| {
            source.equations.iter().find(|(known, _)| *known == what).map(|(_, equation)| equation.clone())
        };
        let own = self.whole.as_ref().and_then(equation_of);
        let elements = self.elements.iter().filter_map(|(at, source)| Some(clause(stock, *at, equation_of(source)?)));
        let elements: Vec<ElementDef> = elements.collect();
        if own.is_none() && elements.is_empty() {
            return None;
        }
        Some(EquationDef { equation: own.or_else(|| default.map(|value| number(value, span))), elements })
    }

    /// The lists of initial values; lists of a single one become equations of the stock.
    fn initial_lists(self, stock: &mut VarDef) -> Option<InitialLists> {
        let lists = InitialLists { whole: self.initial, elements: self.initial_elements };
        let all = lists.elements.iter().map(|(_, list)| list).chain([&lists.whole]);
        if all.map(Vec::len).max().unwrap_or(0) > 1 {
            return Some(lists);
        }
        let first = |list: Vec<Equation>| list.into_iter().next();
        stock.equation = stock.equation.take().or_else(|| first(lists.whole));
        for (at, list) in lists.elements {
            stock.elements[at].equation = first(list);
        }
        None
    }
}

fn number(value: f64, span: Span) -> Equation {
    Equation { nodes: vec![EquationNode { kind: EquationKind::Number(value), span }], span }
}

/// The elements of an entry of a stock with another equation.
fn clause(stock: &VarDef, at: usize, equation: Equation) -> ElementDef {
    let element = &stock.elements[at];
    ElementDef {
        subscripts: element.subscripts.clone(),
        except: Vec::new(),
        equation: Some(equation),
        has_initial: element.has_initial,
        table: None,
        thresholds: Vec::new(),
        non_negative: None,
        span: element.span,
    }
}

/// Marks the outflows of conveyors but the first as leaks where none is marked (XMILE 1.0, 3.7.2).
pub(crate) fn mark_leaks(vars: &mut [VarDef]) {
    let mut flows: HashMap<Key, usize> = HashMap::new();
    for (at, var) in vars.iter().enumerate().filter(|(_, var)| var.kind == DefKind::Flow) {
        flows.entry(Key::new(&var.name.text)).or_insert(at);
    }
    let mut leaks = Vec::new();
    for stock in vars.iter().filter(|var| var.outflows.len() > 1) {
        if stock.transport.as_ref().is_none_or(TransportDef::is_queue) {
            continue;
        }
        let outflows = stock.outflows.iter().filter_map(|name| flows.get(&Key::new(&name.text)).copied());
        let outflows: Vec<usize> = outflows.collect();
        if outflows.iter().all(|&flow| vars[flow].leak.is_none()) {
            leaks.extend(outflows.into_iter().skip(1));
        }
    }
    for at in leaks {
        let span = vars[at].span;
        vars[at].leak = Some(LeakDef { start: 0.0, end: 1.0, integers: false, span });
    }
}
