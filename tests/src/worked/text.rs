//! The same model, written in several ways.

use std::fmt::Write as _;

use simc_model::files::MemoryFiles;

use super::{ELEMENTS, Given, Initial, Item, Number, PER_ELEMENT, Term, Worked};
use crate::random::RandomModel;

/// How a model is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// One array for the elements of each variable; else a scalar for each.
    pub is_array: bool,
    /// Modules and macros are written out.
    pub is_inlined: bool,
    /// Other names.
    pub is_renamed: bool,
    /// Definitions stand in the opposite order.
    pub is_reversed: bool,
}

/// The element that is written, when each stands alone.
type Element = Option<usize>;

impl Worked {
    /// The text of the model, and its data.
    pub fn write(&self, style: Style) -> RandomModel {
        let elements: Vec<Element> = if style.is_array { vec![None] } else { (0..ELEMENTS).map(Some).collect() };
        let mut definitions = Vec::new();
        let mut series = Table::new("Time");
        series.rows = vec!["0".to_owned(), (self.n_steps as f64 * self.dt).to_string()];
        let mut numbers = Table::new("");
        numbers.rows = vec![String::new()];
        for at in 0..self.items.len() {
            for &element in &elements {
                Writer { model: self, style, element }.define(at, &mut definitions);
            }
            for element in 0..ELEMENTS {
                let title = self.title(at, element, style);
                match &self.items[at] {
                    Item::Auxiliary { given, .. } | Item::Flow { given, .. } => match given {
                        Given::Series(first, last) => series.add(&title, &[first.of(element), last.of(element)]),
                        Given::Number(number) => numbers.add(&title, &[number.of(element)]),
                        Given::Equation | Given::Module | Given::Macro => {}
                    },
                    Item::Smoothed { .. } | Item::Stock { .. } | Item::Conveyor { .. } | Item::Driven => {}
                }
            }
        }
        if style.is_reversed {
            definitions.reverse();
        }
        let mut files = MemoryFiles::new();
        let mut imports = String::new();
        for (name, table) in [("series.csv", series), ("numbers.csv", numbers)] {
            if table.n > 0 {
                write!(imports, "<import resource=\"{name}\"/>").expect("writing to a string");
                files.add(name, table.text().into_bytes());
            }
        }
        let data = if imports.is_empty() { imports } else { format!("<data>{imports}</data>") };
        RandomModel { text: self.file(style, &definitions.concat(), &data), files }
    }

    fn file(&self, style: Style, definitions: &str, data: &str) -> String {
        let dims = if style.is_array { DIMS } else { "" };
        let stop = self.n_steps as f64 * self.dt;
        format!(
            "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\" \
             xmlns:isee=\"http://iseesystems.com/XMILE\"><header><vendor>tests</vendor><product version=\"1\">worked</product>\
             <name>worked</name></header>\n<sim_specs method=\"euler\"><start>0</start><stop>{stop}</stop><dt>{}</dt></sim_specs>\n\
             <dimensions><dim name=\"D\"><elem name=\"a\"/><elem name=\"b\"/></dim></dimensions>{data}\n\
             <model><variables>\n{definitions}</variables></model>\n\
             <model name=\"Part\"><variables><aux name=\"x\" access=\"input\">{dims}<eqn>77</eqn></aux>\
             <aux name=\"y\">{dims}<eqn>x</eqn></aux></variables></model>\n\
             <macro name=\"passed\"><parm>x</parm><eqn>y</eqn><variables><aux name=\"y\"><eqn>x</eqn></aux></variables></macro>\n\
             </xmile>\n",
            self.dt,
        )
    }

    /// The title of a variable's element in the results.
    pub fn title(&self, at: usize, element: usize, style: Style) -> String {
        let base = base(at, style);
        let is_module = self.is_module(at, style);
        match (style.is_array, is_module) {
            (true, true) => format!("{base}.y[{}]", ["a", "b"][element]),
            (true, false) => format!("{base}[{}]", ["a", "b"][element]),
            (false, true) => format!("{base} {}.y", element + 1),
            (false, false) => format!("{base} {}", element + 1),
        }
    }

    /// How many variables there are.
    pub fn n_vars(&self) -> usize {
        self.items.len()
    }

    fn is_module(&self, at: usize, style: Style) -> bool {
        !style.is_inlined && matches!(self.items[at], Item::Auxiliary { given: Given::Module, .. })
    }
}

const DIMS: &str = "<dimensions><dim name=\"D\"/></dimensions>";

/// A table of data.
struct Table {
    head: String,
    rows: Vec<String>,
    n: usize,
}

impl Table {
    fn new(head: &str) -> Self {
        Self { head: head.to_owned(), rows: Vec::new(), n: 0 }
    }

    fn add(&mut self, title: &str, values: &[f64]) {
        write!(self.head, ",\"{title}\"").expect("writing to a string");
        for (row, value) in self.rows.iter_mut().zip(values) {
            write!(row, ",{value}").expect("writing to a string");
        }
        self.n += 1;
    }

    /// The first column is empty where there are no times, and then left out.
    fn text(&self) -> String {
        let mut lines = vec![self.head.clone()];
        lines.extend(self.rows.iter().cloned());
        let lines = lines.iter().map(|line| line.strip_prefix(',').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The name without what tells elements apart.
fn base(at: usize, style: Style) -> String {
    if style.is_renamed { format!("Other Name {}", (at * 37 + 11) % 101) } else { format!("v{at}") }
}

struct Writer<'w> {
    model: &'w Worked,
    style: Style,
    element: Element,
}

impl Writer<'_> {
    fn name(&self, at: usize) -> String {
        let base = base(at, self.style);
        self.element.map_or(base.clone(), |element| format!("{base} {}", element + 1))
    }

    /// As equations and lists of flows have it.
    fn reference(&self, at: usize) -> String {
        let name = self.name(at).replace(' ', "_");
        if self.model.is_module(at, self.style) { format!("{name}.y") } else { name }
    }

    fn number(&self, number: Number) -> String {
        match self.element {
            None => format!("({} + (D - 1)*{PER_ELEMENT})", number.0),
            Some(element) => format!("({} + ({} - 1)*{PER_ELEMENT})", number.0, element + 1),
        }
    }

    fn term(&self, term: &Term) -> String {
        let two = |a: &Term, b: &Term| (self.term(a), self.term(b));
        match term {
            Term::Number(number) => self.number(*number),
            Term::Time => "TIME".to_owned(),
            Term::Var(at) => self.reference(*at),
            Term::Before(at, first) => format!("PREVIOUS({}, {})", self.reference(*at), self.number(*first)),
            Term::Draw(seed) => format!("(IF UNIFORM(0, 1, {seed}) &lt; 2 THEN 0.5 ELSE 0)"),
            Term::Half(x) => format!("({}*0.5)", self.term(x)),
            Term::Sum(a, b) => {
                let (a, b) = two(a, b);
                format!("({a} + {b})")
            }
            Term::Difference(a, b) => {
                let (a, b) = two(a, b);
                format!("({a} - {b})")
            }
            Term::Least(a, b) => {
                let (a, b) = two(a, b);
                format!("MIN({a}, {b})")
            }
            Term::Greatest(a, b) => {
                let (a, b) = two(a, b);
                format!("MAX({a}, {b})")
            }
            Term::Choice(terms) => {
                let [a, b, then, otherwise] = terms.each_ref().map(|term| self.term(term));
                format!("(IF {a} &lt; {b} THEN {then} ELSE {otherwise})")
            }
        }
    }

    fn equation(&self, term: &Term, given: &Given) -> String {
        let term = self.term(term);
        match given {
            Given::Macro if !self.style.is_inlined => format!("<eqn>passed({term})</eqn>"),
            Given::Equation | Given::Number(_) | Given::Series(..) | Given::Module | Given::Macro => {
                format!("<eqn>{term}</eqn>")
            }
        }
    }

    fn define(&self, at: usize, definitions: &mut Vec<String>) {
        let name = self.name(at);
        let dims = if self.element.is_none() { DIMS } else { "" };
        let mut add = |tag: &str, name: &str, inner: &str| {
            definitions.push(format!("<{tag} name=\"{name}\">{dims}{inner}</{tag}>\n"));
        };
        match &self.model.items[at] {
            Item::Auxiliary { term, .. } if self.model.is_module(at, self.style) => {
                let source = format!("source of {name}");
                add("aux", &source, &format!("<eqn>{}</eqn>", self.term(term)));
                let source = source.replace(' ', "_");
                definitions.push(format!(
                    "<module name=\"{name}\" isee:model_name=\"Part\"><connect to=\"x\" from=\"{source}\"/></module>\n"
                ));
            }
            Item::Auxiliary { term, start, given } => {
                let start = start.map_or(String::new(), |start| format!("<init_eqn>{}</init_eqn>", self.number(start)));
                add("aux", &name, &format!("{}{start}", self.equation(term, given)));
            }
            Item::Smoothed { term, n } => {
                let time = *n as f64 * self.model.dt;
                add("aux", &name, &format!("<eqn>SMTH1({}, {time})</eqn>", self.term(term)));
            }
            Item::Flow { term, is_uniflow, multiplier, given } => {
                let multiplier = multiplier.map_or(String::new(), |by| format!("<multiplier>{by}</multiplier>"));
                let sign = if *is_uniflow { "<non_negative/>" } else { "" };
                add("flow", &name, &format!("{}{multiplier}{sign}", self.equation(term, given)));
            }
            Item::Stock { initial, inflows, outflows, is_limited } => {
                let initial = match initial {
                    Initial::Number(number) => self.number(*number),
                    Initial::Of(at) => self.reference(*at),
                };
                let limit = if *is_limited { "<non_negative/>" } else { "" };
                add("stock", &name, &format!("<eqn>{initial}</eqn>{}{limit}", self.flows(inflows, outflows)));
            }
            Item::Conveyor { initial, n, inflows, outflow, leak } => {
                let outflows: Vec<usize> = [*outflow].into_iter().chain(leak.map(|(flow, _)| flow)).collect();
                let inner = format!(
                    "<eqn>{}</eqn>{}<conveyor exponential_leak=\"true\"><len>{}</len></conveyor>",
                    self.number(*initial),
                    self.flows(inflows, &outflows),
                    *n as f64 * self.model.dt,
                );
                add("stock", &name, &inner);
            }
            Item::Driven => {
                let leak = self.model.items.iter().find_map(|item| {
                    let Item::Conveyor { leak: Some((flow, fraction)), .. } = item else { return None };
                    (*flow == at).then_some(*fraction)
                });
                add("flow", &name, &leak.map_or(String::new(), |fraction| format!("<eqn>{fraction}</eqn><leak/>")));
            }
        }
    }

    fn flows(&self, inflows: &[usize], outflows: &[usize]) -> String {
        let mut text = String::new();
        for (tag, flows) in [("inflow", inflows), ("outflow", outflows)] {
            for &flow in flows {
                write!(text, "<{tag}>{}</{tag}>", self.reference(flow)).expect("writing to a string");
            }
        }
        text
    }
}
