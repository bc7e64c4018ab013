//! Conveyors, queues, and what their flows say about them.
//!
//! Each equation of a transport becomes a variable of its own, which has no name that an equation could use: it has the dimensions of its
//! stock or flow, and entries for single elements like any other variable.

use std::collections::HashMap;

use roxmltree::Node;

use crate::reader::Reader;
use crate::settings::parse_flag;
use crate::vocabulary::Place;
use simc_model::definition::{
    DefKind, ElementDef, Equation, EquationKind, EquationNode, LeakDef, ModelDef, Part, Spread, TransportDef,
    TransportPart, VarDef,
};
use simc_model::diagnostic::{Diagnostic, code};
use simc_model::name::Key;
use simc_model::source::Span;

/// What a `<conveyor>` or `<queue>` says: for a whole stock, or for an element of it.
pub(crate) struct TransportSource {
    def: TransportDef,
    equations: Vec<(TransportPart, Equation)>,
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
        let mut def = TransportDef {
            is_queue,
            discrete: self.flag(node, "discrete").unwrap_or(false),
            batch_integrity: self.flag(node, "batch_integrity").unwrap_or(false),
            one_at_a_time: self.flag(node, "one_at_a_time").unwrap_or(true),
            exponential_leak: self.flag(node, "exponential_leak").unwrap_or(false),
            ignores_losses: self.flag(node, "ignore_earlier_zone_losses").unwrap_or(false),
            parts: Vec::new(),
            span: self.start_span(node),
        };
        if self.flag(node, "fifo") == Some(true) {
            self.unsupported(
                node,
                code::UNKNOWN_ELEMENT,
                "conveyors that move all of their contents by the present transit time",
            );
        }
        let mut equations: Vec<(TransportPart, Equation)> = Vec::new();
        for child in Self::elements(node) {
            let what = match child.tag_name().name() {
                "len" => TransportPart::Transit,
                "capacity" => TransportPart::Capacity,
                "in_limit" => TransportPart::InLimit,
                "sample" => TransportPart::Sample,
                "arrest" => TransportPart::Arrest,
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
        TransportSource { def, equations }
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

    /// Makes a variable of each equation of a transport.
    pub(crate) fn add_transport(&mut self, mut stock: VarDef, sources: TransportSources, model: &mut ModelDef) {
        let of = u32::try_from(model.vars.len()).expect("fewer variables than bytes in the file");
        let whole = sources.whole.as_ref().or(sources.elements.first().map(|(_, source)| source));
        let Some(def) = whole.map(|source| source.def.clone()) else {
            model.vars.push(stock);
            return;
        };
        let mut parts: Vec<(TransportPart, VarDef)> = Vec::new();
        for (what, default) in DEFAULTS {
            let equation_of = |source: &TransportSource| {
                source.equations.iter().find(|(known, _)| *known == what).map(|(_, equation)| equation.clone())
            };
            let own = sources.whole.as_ref().and_then(equation_of);
            let elements: Vec<(usize, Equation)> =
                sources.elements.iter().filter_map(|(at, source)| Some((*at, equation_of(source)?))).collect();
            if own.is_none() && elements.is_empty() {
                continue;
            }
            let mut part = part_of(&stock, of, what);
            part.equation = own.or_else(|| default.map(|value| number(value, def.span)));
            part.elements = entries(&stock, &elements);
            parts.push((what, part));
        }
        initial_parts(&mut stock, of, &sources, &mut parts);
        stock.is_driven = true;
        let first = of + 1;
        let numbered = (first..).zip(&parts).map(|(position, (what, _))| (*what, position)).collect();
        stock.transport = Some(TransportDef { parts: numbered, ..def });
        model.vars.push(stock);
        model.vars.extend(parts.into_iter().map(|(_, part)| part));
    }
}

/// A list of initial values may have that many entries.
const MAX_ENTRIES: usize = 4096;

/// The equations of a conveyor, and what stands for one that an element lacks.
const DEFAULTS: [(TransportPart, Option<f64>); 5] = [
    (TransportPart::Transit, None),
    (TransportPart::Capacity, Some(f64::INFINITY)),
    (TransportPart::InLimit, Some(f64::INFINITY)),
    (TransportPart::Sample, Some(1.0)),
    (TransportPart::Arrest, Some(0.0)),
];

fn number(value: f64, span: Span) -> Equation {
    Equation { nodes: vec![EquationNode { kind: EquationKind::Number(value), span }], span }
}

/// A part of a variable, with its name and dimensions.
fn part_of(var: &VarDef, of: u32, what: TransportPart) -> VarDef {
    let mut part = VarDef::new(var.name.clone(), DefKind::Aux, var.span);
    part.dims.clone_from(&var.dims);
    part.reported = var.reported;
    part.part = Some(Part { of, what });
    part
}

/// Entries with equations of their own.
fn entries(var: &VarDef, equations: &[(usize, Equation)]) -> Vec<ElementDef> {
    let entry = |(at, equation): &(usize, Equation)| {
        let element = &var.elements[*at];
        ElementDef {
            subscripts: element.subscripts.clone(),
            except: Vec::new(),
            equation: Some(equation.clone()),
            has_initial: element.has_initial,
            table: None,
            thresholds: Vec::new(),
            non_negative: None,
            span: element.span,
        }
    };
    equations.iter().map(entry).collect()
}

/// What a transport begins with: its own equations, or one variable for each position in the lists. A shorter list repeats its last entry.
fn initial_parts(stock: &mut VarDef, of: u32, sources: &TransportSources, parts: &mut Vec<(TransportPart, VarDef)>) {
    let lists = sources.initial_elements.iter().map(|(_, list)| list);
    let n = lists.chain([&sources.initial]).map(Vec::len).max().unwrap_or(0);
    if n < 2 {
        let mut part = part_of(stock, of, TransportPart::Initial);
        part.equation = stock.equation.take().or_else(|| sources.initial.first().cloned());
        part.list = std::mem::take(&mut stock.list);
        part.elements = std::mem::take(&mut stock.elements);
        for (at, list) in &sources.initial_elements {
            part.elements[*at].equation = list.first().cloned();
        }
        parts.push((TransportPart::Initial, part));
        return;
    }
    let at = |list: &[Equation], position: usize| list.get(position.min(list.len().saturating_sub(1))).cloned();
    for position in 0..n {
        let mut part = part_of(stock, of, TransportPart::Initial);
        part.equation = at(&sources.initial, position);
        let elements: Vec<(usize, Equation)> =
            sources.initial_elements.iter().filter_map(|(index, list)| Some((*index, at(list, position)?))).collect();
        part.elements = entries(stock, &elements);
        parts.push((TransportPart::Initial, part));
    }
    let length = |list: &[Equation], span: Span| number(if list.len() > 1 { list.len() as f64 } else { 0.0 }, span);
    let mut part = part_of(stock, of, TransportPart::Entries);
    part.equation = (!sources.initial.is_empty()).then(|| length(&sources.initial, stock.span));
    let elements: Vec<(usize, Equation)> =
        sources.initial_elements.iter().map(|(index, list)| (*index, length(list, stock.span))).collect();
    part.elements = entries(stock, &elements);
    parts.push((TransportPart::Entries, part));
}

/// Takes a variable that has no parts out of a model; those after it, and what others know of their positions, move up.
pub(crate) fn remove_var(model: &mut ModelDef, position: usize) -> VarDef {
    let mut removed = model.vars.remove(position);
    let move_up = |at: &mut u32| *at -= u32::from(*at as usize > position);
    for var in model.vars.iter_mut().chain([&mut removed]) {
        var.part.iter_mut().for_each(|part| move_up(&mut part.of));
        var.delivered.iter_mut().for_each(move_up);
        var.transport.iter_mut().flat_map(|transport| &mut transport.parts).for_each(|(_, part)| move_up(part));
    }
    removed
}

/// Takes the equations of flows that transports drive or hold back out of the flows.
pub(crate) fn separate_flows(model: &mut ModelDef) {
    let mut flows: HashMap<Key, usize> = HashMap::new();
    for (position, var) in model.vars.iter().enumerate().filter(|(_, var)| var.part.is_none()) {
        flows.entry(Key::new(&var.name.text)).or_insert(position);
    }
    let mut driven: Vec<(usize, Option<TransportPart>)> = Vec::new();
    let mut asking: Vec<usize> = Vec::new();
    for stock in &model.vars {
        let Some(transport) = &stock.transport else { continue };
        for outflow in stock.outflows.iter().filter_map(|name| flows.get(&Key::new(&name.text)).copied()) {
            let is_leak = !transport.is_queue && model.vars[outflow].leak.is_some();
            driven.push((outflow, is_leak.then_some(TransportPart::Fraction)));
        }
        if !transport.is_queue {
            asking.extend(stock.inflows.iter().filter_map(|name| flows.get(&Key::new(&name.text)).copied()));
        }
    }
    let asking = asking.into_iter().map(|flow| (flow, Some(TransportPart::Request)));
    for (flow, what) in driven.into_iter().chain(asking) {
        separate(model, flow, what);
    }
}

/// Takes the equation out of a flow, into a part of it, or drops it.
fn separate(model: &mut ModelDef, position: usize, what: Option<TransportPart>) {
    let of = u32::try_from(position).expect("fewer variables than bytes in the file");
    let flow = &mut model.vars[position];
    if flow.is_driven || !matches!(flow.kind, DefKind::Flow | DefKind::Aux) {
        return;
    }
    flow.is_driven = true;
    let mut part = VarDef { kind: flow.kind, ..part_of(flow, of, what.unwrap_or(TransportPart::Request)) };
    part.equation = flow.equation.take();
    part.list = std::mem::take(&mut flow.list);
    part.elements = std::mem::take(&mut flow.elements);
    part.table = flow.table.take();
    part.non_negative = flow.non_negative.take();
    if what.is_some() {
        model.vars.push(part);
    }
}
