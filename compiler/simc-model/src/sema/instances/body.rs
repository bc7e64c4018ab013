//! The variables of each model and macro: those that its definition lists, and after them in the order of their ids those that
//! stand for the other equations in it.
//!
//! A conveyor, a queue, a flow of one and a flow with a multiplier say more than one equation. Each further one becomes a variable
//! of its own, which has no name that an equation could use.

use std::collections::{HashMap, HashSet};

use crate::definition::{
    ConveyorDef, DefKind, Definition, ElementDef, Equation, EquationDef, EquationKind, EquationNode, InitialLists,
    ModelDef, Name, Path, TransportDef, VarDef,
};
use crate::model::BinaryOp;
use crate::name::Key;

/// What an equation of a conveyor or queue, or of a flow of one, says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sema) enum TransportPart {
    /// How long material stays on a conveyor.
    Transit,
    /// How much a conveyor holds.
    Capacity,
    /// How much enters a conveyor in a time unit.
    InLimit,
    /// When a conveyor takes a new transit time.
    Sample,
    /// When a conveyor stops.
    Arrest,
    /// What it begins with: all of it, or an entry of a list.
    Initial,
    /// How many entries of the list count; 0 when there is no list.
    Entries,
    /// The rate that a flow asks for.
    Request,
    /// The fraction that a leak takes.
    Fraction,
}

impl TransportPart {
    /// What it is called.
    pub(in crate::sema) fn name(self) -> &'static str {
        match self {
            TransportPart::Transit => "transit time",
            TransportPart::Capacity => "capacity",
            TransportPart::InLimit => "inflow limit",
            TransportPart::Sample => "sample",
            TransportPart::Arrest => "arrest",
            TransportPart::Initial => "initial value",
            TransportPart::Entries => "entries",
            TransportPart::Request => "request",
            TransportPart::Fraction => "fraction",
        }
    }
}

/// What a variable says that is an equation of another one.
#[derive(Clone, Copy, Debug)]
pub(in crate::sema) struct Part {
    /// The position of that one in the body.
    pub(in crate::sema) of: u32,
    /// What it says.
    pub(in crate::sema) what: TransportPart,
}

/// A variable of a body.
enum BodyVar<'a> {
    /// As the definition has it.
    Defined(&'a VarDef),
    /// Without an equation that another variable has, or with one of another variable.
    Made(Box<VarDef>),
}

/// The variables of a model or macro; positions count among all of them.
pub(in crate::sema) struct Body<'a> {
    /// The model, or what is in the macro.
    pub(in crate::sema) def: &'a ModelDef,
    /// All variables where there are more than the definition lists.
    vars: Option<Vec<BodyVar<'a>>>,
    /// Those that say an equation of another one.
    parts: HashMap<u32, Part>,
    /// The equations of each conveyor and queue.
    of_transports: HashMap<u32, Vec<(TransportPart, u32)>>,
    /// The equation of each flow of which it has been taken out.
    of_flows: HashMap<u32, u32>,
    /// Conveyors, queues, and the flows whose rates these determine: they have no equations of their own.
    driven: HashSet<u32>,
    /// What each flow with a multiplier gives to the stock that it fills.
    delivered: HashMap<u32, u32>,
    /// These variables.
    deliveries: HashSet<u32>,
}

/// The bodies of all models, then of all macros.
pub(in crate::sema) fn make_bodies(file: &Definition) -> Vec<Body<'_>> {
    let models = file.models.iter().map(|model| Body::new(model, 0, false));
    let macros = file.macros.iter().map(|definition| Body::new(&definition.body, definition.n_params, true));
    models.chain(macros).collect()
}

impl<'a> Body<'a> {
    /// The variables of a model, or of a macro: its first ones are the parameters, and its last one is the result.
    fn new(def: &'a ModelDef, n_params: usize, is_macro: bool) -> Self {
        let mut body = Self {
            def,
            vars: None,
            parts: HashMap::new(),
            of_transports: HashMap::new(),
            of_flows: HashMap::new(),
            driven: HashSet::new(),
            delivered: HashMap::new(),
            deliveries: HashSet::new(),
        };
        if def.vars.iter().all(|var| var.transport.is_none() && var.multiplier.is_none()) {
            return body;
        }
        let mut vars = Vec::with_capacity(def.vars.len());
        let (named, result) = def.vars.split_at(def.vars.len() - usize::from(is_macro));
        let (params, others) = named.split_at(n_params);
        vars.extend(params.iter().map(BodyVar::Defined));
        for position in 0..vars.len() {
            body.add_delivered(&mut vars, position);
        }
        for var in others {
            let position = vars.len();
            vars.push(BodyVar::Defined(var));
            match &var.transport {
                Some(transport) => body.add_transport(&mut vars, position, var, transport),
                None => body.add_delivered(&mut vars, position),
            }
        }
        body.separate_flows(&mut vars);
        vars.extend(result.iter().map(BodyVar::Defined));
        body.vars = Some(vars);
        body
    }

    /// How many variables it has.
    pub(in crate::sema) fn n_vars(&self) -> usize {
        self.vars.as_ref().map_or(self.def.vars.len(), Vec::len)
    }

    /// A variable.
    pub(in crate::sema) fn var(&self, position: usize) -> &VarDef {
        match &self.vars {
            None => &self.def.vars[position],
            Some(vars) => vars[position].def(),
        }
    }

    /// All variables in order.
    pub(in crate::sema) fn vars(&self) -> impl Iterator<Item = &VarDef> {
        (0..self.n_vars()).map(|position| self.var(position))
    }

    /// What a variable says of another one, if that is all that it says.
    pub(in crate::sema) fn part(&self, position: u32) -> Option<Part> {
        self.parts.get(&position).copied()
    }

    /// The equations of a conveyor or queue, in order.
    pub(in crate::sema) fn parts_of_transport(&self, stock: u32) -> &[(TransportPart, u32)] {
        self.of_transports.get(&stock).map_or(&[], Vec::as_slice)
    }

    /// The equation that has been taken out of a flow.
    pub(in crate::sema) fn part_of_flow(&self, flow: u32) -> Option<u32> {
        self.of_flows.get(&flow).copied()
    }

    /// Whether a variable is a conveyor, a queue, or a flow whose rate one of these determines.
    pub(in crate::sema) fn is_driven(&self, position: u32) -> bool {
        self.driven.contains(&position)
    }

    /// Whether a variable is one that equations can name: neither a part of another one nor what a flow gives.
    pub(in crate::sema) fn has_name(&self, position: u32) -> bool {
        self.part(position).is_none() && !self.deliveries.contains(&position)
    }

    /// What a flow with a multiplier gives to the stock that it fills.
    pub(in crate::sema) fn delivered(&self, flow: u32) -> Option<u32> {
        self.delivered.get(&flow).copied()
    }

    /// Adds what the flow at a position delivers, if it has a multiplier.
    fn add_delivered(&mut self, vars: &mut Vec<BodyVar<'a>>, flow: usize) {
        let def = vars[flow].def();
        let Some(multiplier) = &def.multiplier else { return };
        let delivered = deliver(def, multiplier);
        self.delivered.insert(number(flow), number(vars.len()));
        self.deliveries.insert(number(vars.len()));
        vars.push(BodyVar::Made(Box::new(delivered)));
    }

    /// Adds a variable for each equation of the conveyor or queue at a position.
    fn add_transport(
        &mut self,
        vars: &mut Vec<BodyVar<'a>>,
        at: usize,
        stock: &'a VarDef,
        transport: &'a TransportDef,
    ) {
        let mut made: Vec<(TransportPart, VarDef)> = Vec::new();
        let mut own = stock.clone();
        let conveyor = transport.conveyor();
        for (what, equation) in conveyor.into_iter().flat_map(equations) {
            let part = VarDef {
                equation: equation.equation.clone(),
                elements: equation.elements.clone(),
                ..without_equation(stock)
            };
            made.push((what, part));
        }
        match conveyor.and_then(|conveyor| conveyor.initial_lists.as_ref()) {
            Some(lists) => add_lists(stock, lists, &mut made),
            None => {
                let part = VarDef {
                    equation: own.equation.take(),
                    list: std::mem::take(&mut own.list),
                    elements: std::mem::take(&mut own.elements),
                    ..without_equation(stock)
                };
                made.push((TransportPart::Initial, part));
            }
        }
        vars[at] = BodyVar::Made(Box::new(own));
        let of = number(at);
        self.driven.insert(of);
        for (what, part) in made {
            let position = number(vars.len());
            self.parts.insert(position, Part { of, what });
            self.of_transports.entry(of).or_default().push((what, position));
            vars.push(BodyVar::Made(Box::new(part)));
        }
    }

    /// Takes the equations of flows that conveyors and queues drive or hold back out of the flows.
    fn separate_flows(&mut self, vars: &mut Vec<BodyVar<'a>>) {
        let mut flows: HashMap<Key, usize> = HashMap::new();
        for (position, var) in vars.iter().enumerate().filter(|(position, _)| self.part(number(*position)).is_none()) {
            flows.entry(Key::new(&var.def().name.text)).or_insert(position);
        }
        let find = |name: &Name| flows.get(&Key::new(&name.text)).copied();
        let mut driven: Vec<(usize, Option<TransportPart>)> = Vec::new();
        let mut asking: Vec<(usize, Option<TransportPart>)> = Vec::new();
        for stock in vars.iter().map(BodyVar::def) {
            let Some(transport) = &stock.transport else { continue };
            for outflow in stock.outflows.iter().filter_map(find) {
                let is_leak = !transport.is_queue() && vars[outflow].def().leak.is_some();
                driven.push((outflow, is_leak.then_some(TransportPart::Fraction)));
            }
            if !transport.is_queue() {
                let inflows = stock.inflows.iter().filter_map(find);
                asking.extend(inflows.map(|flow| (flow, Some(TransportPart::Request))));
            }
        }
        for (flow, what) in driven.into_iter().chain(asking) {
            self.separate(vars, flow, what);
        }
    }

    /// Takes the equation out of a flow, into a variable of its own, or drops it.
    fn separate(&mut self, vars: &mut Vec<BodyVar<'a>>, position: usize, what: Option<TransportPart>) {
        let def = vars[position].def();
        let of = number(position);
        if !matches!(def.kind, DefKind::Flow | DefKind::Aux) || !self.driven.insert(of) {
            return;
        }
        let mut flow = def.clone();
        let mut part = VarDef { kind: flow.kind, ..without_equation(&flow) };
        part.equation = flow.equation.take();
        part.list = std::mem::take(&mut flow.list);
        part.elements = std::mem::take(&mut flow.elements);
        part.table = flow.table.take();
        part.non_negative = flow.non_negative.take();
        vars[position] = BodyVar::Made(Box::new(flow));
        if let Some(what) = what {
            let own = number(vars.len());
            self.parts.insert(own, Part { of, what });
            self.of_flows.insert(of, own);
            vars.push(BodyVar::Made(Box::new(part)));
        }
    }
}

impl BodyVar<'_> {
    fn def(&self) -> &VarDef {
        match self {
            BodyVar::Defined(def) => def,
            BodyVar::Made(def) => def,
        }
    }
}

/// A position as others note it.
fn number(position: usize) -> u32 {
    u32::try_from(position).expect("fewer variables than bytes in the sources")
}

/// The equations of a conveyor that it has.
fn equations(conveyor: &ConveyorDef) -> impl Iterator<Item = (TransportPart, &EquationDef)> {
    let all = [
        (TransportPart::Transit, &conveyor.transit),
        (TransportPart::Capacity, &conveyor.capacity),
        (TransportPart::InLimit, &conveyor.inflow_limit),
        (TransportPart::Sample, &conveyor.sample),
        (TransportPart::Arrest, &conveyor.arrest),
    ];
    all.into_iter().filter_map(|(what, equation)| Some((what, equation.as_ref()?)))
}

/// A variable with the name and dimensions of another one, and nothing else of it.
fn without_equation(var: &VarDef) -> VarDef {
    let mut part = VarDef::new(var.name.clone(), DefKind::Aux, var.span);
    part.dims.clone_from(&var.dims);
    part.reported = var.reported;
    part
}

/// A variable for each position in the lists of a conveyor, and one for how many entries the list of each element has.
fn add_lists(stock: &VarDef, lists: &InitialLists, made: &mut Vec<(TransportPart, VarDef)>) {
    let all = lists.elements.iter().map(|(_, list)| list).chain([&lists.whole]);
    let n = all.map(Vec::len).max().unwrap_or(0);
    let at = |list: &[Equation], position: usize| list.get(position.min(list.len().saturating_sub(1))).cloned();
    let part = |equation: Option<Equation>, elements: Vec<(usize, Equation)>| {
        let elements = elements.into_iter().map(|(at, equation)| clause(&stock.elements[at], equation)).collect();
        VarDef { equation, elements, ..without_equation(stock) }
    };
    for position in 0..n {
        let own = lists.elements.iter().filter_map(|(index, list)| Some((*index, at(list, position)?)));
        made.push((TransportPart::Initial, part(at(&lists.whole, position), own.collect())));
    }
    let length = |list: &[Equation]| {
        let n = if list.len() > 1 { list.len() as f64 } else { 0.0 };
        Equation { nodes: vec![EquationNode { kind: EquationKind::Number(n), span: stock.span }], span: stock.span }
    };
    let whole = (!lists.whole.is_empty()).then(|| length(&lists.whole));
    let own = lists.elements.iter().map(|(index, list)| (*index, length(list)));
    made.push((TransportPart::Entries, part(whole, own.collect())));
}

/// The elements of a clause with another equation.
fn clause(of: &ElementDef, equation: Equation) -> ElementDef {
    ElementDef {
        subscripts: of.subscripts.clone(),
        except: Vec::new(),
        equation: Some(equation),
        has_initial: of.has_initial,
        table: None,
        thresholds: Vec::new(),
        non_negative: None,
        span: of.span,
    }
}

/// What a flow gives to the stock that it fills: its value times its multiplier.
fn deliver(flow: &VarDef, multiplier: &Equation) -> VarDef {
    let (mut nodes, span) = (multiplier.nodes.clone(), multiplier.span);
    let factor = last(&nodes);
    let own = Name { text: flow.name.text.clone(), span };
    let own = EquationKind::Reference(Path { absolute: false, parts: vec![own], span }, Vec::new());
    nodes.push(EquationNode { kind: own, span });
    let product = EquationKind::Binary(BinaryOp::Mul, last(&nodes), factor);
    nodes.push(EquationNode { kind: product, span });
    let name = Name { text: format!("{}: delivered", flow.name.text), span: flow.name.span };
    VarDef {
        dims: flow.dims.clone(),
        equation: Some(Equation { nodes, span }),
        is_implied: true,
        spread: flow.spread.clone(),
        ..VarDef::new(name, DefKind::Aux, flow.span)
    }
}

/// The node that is the result of those so far.
fn last(nodes: &[EquationNode]) -> u32 {
    u32::try_from(nodes.len().saturating_sub(1)).expect("an equation has fewer nodes")
}
