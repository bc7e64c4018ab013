//! `SHIFT IF TRUE(level[..., first], condition, size, accumulate, value)`: the contents of an array of levels move along.
//!
//! While the condition is true, what is in each of `size` elements, from the first one on, goes to the next one in a step, and the
//! first one gets the value. What was in the last one is gone, or stays there with `accumulate`. The variable is what is gone. It comes
//! to one more flow of the level: the differences, in a step. So the method must be Euler's.

use std::collections::HashMap;
use std::rc::Rc;

use simc_model::definition::{DefKind, ElementDef, Equation, Name as NeutralName, VarDef};
use simc_model::diagnostic::{Diagnostic, code as shared};
use simc_model::name::Key;
use simc_model::source::Span;

use crate::ast::{self, BinaryOp, Name, NodeKind, Right, Subscript, UnaryOp, Variable};
use crate::translate::equation::number;
use crate::translate::part::{Whole, part};
use crate::translate::{Names, Translator, neutral};

/// A flow that a level gets besides its rate of change.
pub(super) struct Shift {
    level: Key,
    flow: NeutralName,
}

/// An array of levels.
pub(super) struct Level {
    dims: Vec<Name>,
    /// The elements of the last dimension.
    along: Vec<Name>,
    /// Where each of them is.
    positions: HashMap<Key, usize>,
}

/// What the arguments say.
struct Call<'e> {
    level: &'e Name,
    /// The subscripts before the last.
    outer: Vec<Name>,
    /// The elements that move, in their order; at least two.
    moved: Vec<Name>,
    /// The level as a whole.
    whole: Rc<Level>,
    condition: ast::Equation,
    accumulate: ast::Equation,
    value: ast::Equation,
}

impl Translator<'_> {
    /// The equation of the variable. The flow is added to what the model needs besides, and to what levels get.
    pub(super) fn shift_if_true(
        &mut self,
        variable: &Variable,
        equation: &ast::Equation,
        arguments: [u32; 5],
        names: &mut Names,
    ) -> Option<Equation> {
        let call = match self.read_shift(variable, equation, arguments, names) {
            Ok(call) => call,
            Err(error) => {
                self.diagnostics.push(error.with_variable(variable.name.text.clone()));
                return None;
            }
        };
        let span = equation.span;
        let mut whole = Whole::new(span);
        let condition = whole.add(&call.condition);
        let accumulate = whole.add(&call.accumulate);
        let is_gone = whole.push(NodeKind::Unary(UnaryOp::Not, accumulate));
        let is_gone = whole.push(NodeKind::Binary(BinaryOp::And, condition, is_gone));
        let last = call.read(&mut whole, &call.moved[call.moved.len() - 1]);
        let zero = whole.push(NodeKind::Number(0.0));
        call.function(&mut whole, "IF THEN ELSE", &[is_gone, last, zero]);
        let value = self.equation(&whole.finish(), &variable.name, names)?;
        let flow = self.flow_of(&call, variable, names)?;
        self.shifts.push(Shift { level: Key::new(&call.level.text), flow: flow.name.clone() });
        names.made.push(flow);
        Some(value)
    }

    fn read_shift<'e>(
        &mut self,
        variable: &Variable,
        equation: &'e ast::Equation,
        [level, condition, size, accumulate, value]: [u32; 5],
        names: &Names,
    ) -> Result<Call<'e>, Box<Diagnostic>> {
        let refuse = |what: String, hint: &str| {
            let error = Diagnostic::error(shared::FUNCTIONS, equation.span, format!("SHIFT IF TRUE {what}"));
            Box::new(error.with_hint(hint.to_owned()))
        };
        if !self.is_euler {
            return Err(refuse("needs Euler's method".to_owned(), "it moves what is in levels within one whole step"));
        }
        let NodeKind::Reference(name, subscripts) = &equation.nodes[level as usize].kind else {
            let hint = "name the first element that moves: `people[Region, age 0]`";
            return Err(refuse("moves an array of levels along".to_owned(), hint));
        };
        let is_range = |name: &Name| self.ranges.find(&name.text).is_some();
        let Some((first, outer)) = subscripts.split_last().filter(|(first, _)| !is_range(&first.name)) else {
            let hint = "name it as the last subscript: `people[Region, age 0]`";
            return Err(refuse("begins at an element".to_owned(), hint));
        };
        let same = |a: &Name, b: &Name| Key::new(&a.text) == Key::new(&b.text);
        let has_own = |name: &Name| !is_range(name) || variable.subscripts.iter().any(|own| same(own, name));
        let is_read = |name: &Name| !is_range(name) || outer.iter().any(|subscript| same(&subscript.name, name));
        let is_fitting = |subscript: &Subscript| !subscript.is_marked && has_own(&subscript.name);
        if !outer.iter().all(is_fitting) || !variable.subscripts.iter().all(is_read) {
            let hint = "the variable is over the ranges with which the level is read, all but the last one";
            return Err(refuse("is over other ranges than its level".to_owned(), hint));
        }
        let outer: Vec<Name> = outer.iter().map(|subscript| subscript.name.clone()).collect();
        let Some(whole) = self.level(name, outer.len() + 1, names) else {
            let hint = "every equation of the array is `INTEG(...)`";
            return Err(refuse(format!("moves levels along, and `{}` is not an array of them", name.text), hint));
        };
        let along = &whole.along;
        let begin = whole.positions.get(&Key::new(&first.name.text)).copied();
        let counted = self.count(&part(equation, condition + 1, size));
        let (Some(begin), Some(n)) = (begin, counted.filter(|n| *n >= 2)) else {
            let hint = "the size is a number, ELMCOUNT of a range, or a constant that is one of these";
            return Err(refuse("must know how many elements move, two at least".to_owned(), hint));
        };
        let Some(moved) = along.get(begin..begin.saturating_add(n)) else {
            let most = along.len() - begin;
            let message =
                format!("moves {n} elements of `{}`, which has {most} from `{}` on", name.text, first.name.text);
            return Err(refuse(message, "count the elements from the first one that moves, itself included"));
        };
        // Each element that moves counts as a node of the equations that calls make.
        let Some(left) = self.budget.checked_sub(n) else {
            return Err(Box::new(too_large(equation.span)));
        };
        self.budget = left;
        let moved = moved.to_vec();
        Ok(Call {
            level: name,
            outer,
            moved,
            whole,
            condition: part(equation, level + 1, condition),
            accumulate: part(equation, size + 1, accumulate),
            value: part(equation, accumulate + 1, value),
        })
    }

    /// An array all of whose equations are levels, with that many dimensions. It is looked for once, however many calls move it along.
    fn level(&mut self, level: &Name, rank: usize, names: &Names) -> Option<Rc<Level>> {
        if names.is_macro {
            return None;
        }
        let key = (Key::new(&level.text), rank);
        if let Some(known) = self.levels.get(&key) {
            return known.clone();
        }
        let found = self.dims_of_level(level, rank).map(|dims| {
            let along = dims.last().map(|dim| self.ranges.elements_of_dimension(dim)).unwrap_or_default();
            let mut positions = HashMap::with_capacity(along.len());
            for (position, element) in along.iter().enumerate() {
                positions.entry(Key::new(&element.text)).or_insert(position);
            }
            Rc::new(Level { dims, along, positions })
        });
        self.levels.insert(key, found.clone());
        found
    }

    /// The dimensions of an array all of whose equations are levels.
    fn dims_of_level(&mut self, level: &Name, rank: usize) -> Option<Vec<Name>> {
        let is_level = |variable: &Variable| {
            let Right::Equation(equation) = &variable.right else { return false };
            let Some(NodeKind::Call { name, .. }) = equation.nodes.last().map(|node| &node.kind) else { return false };
            variable.subscripts.len() == rank && Key::new(&name.text).as_str() == "integ"
        };
        let defined = self.by_name().get(&Key::new(&level.text))?.clone();
        if !defined.iter().all(|variable| is_level(variable)) {
            return None;
        }
        let mut dims = Vec::with_capacity(rank);
        for position in 0..rank {
            let subscripts: Vec<&Name> = defined.iter().map(|variable| &variable.subscripts[position]).collect();
            dims.push(self.ranges.dimension(&subscripts)?);
        }
        Some(dims)
    }

    /// A whole number that is written, counts the elements of a range, or is a constant that is one of these.
    fn count(&self, equation: &ast::Equation) -> Option<usize> {
        let number = |equation: &ast::Equation| match equation.nodes.as_slice() {
            [node] => {
                let NodeKind::Number(value) = node.kind else { return None };
                let is_whole = (0.0..=1e9).contains(&value) && value.fract() == 0.0;
                is_whole.then_some(value as usize)
            }
            [range, call] => {
                let NodeKind::Reference(range, _) = &range.kind else { return None };
                let NodeKind::Call { name, .. } = &call.kind else { return None };
                let range = self.ranges.find(&range.text)?;
                (Key::new(&name.text).as_str() == "elmcount").then_some(range.elements.len())
            }
            _ => None,
        };
        if let Some(number) = number(equation) {
            return Some(number);
        }
        let [node] = equation.nodes.as_slice() else { return None };
        let NodeKind::Reference(name, _) = &node.kind else { return None };
        let [variable] = self.by_name.get()?.get(&Key::new(&name.text))?.as_slice() else { return None };
        let Right::Equation(constant) = &variable.right else { return None };
        number(constant)
    }

    /// The flow: 0 for elements that do not move.
    fn flow_of(&mut self, call: &Call<'_>, variable: &Variable, names: &mut Names) -> Option<VarDef> {
        let span = variable.name.span;
        let last = call.moved.len() - 1;
        let mut flow = VarDef::new(names.fresh(format!("{}: shift", call.level.text), span), DefKind::Flow, span);
        (flow.dims, flow.is_implied) = (call.whole.dims.iter().map(neutral).collect(), true);
        flow.equation = Some(number(0.0, span));
        let middle: Vec<&Name> = call.moved[1..last].iter().collect();
        let range = if middle.is_empty() { None } else { Some(self.ranges.dimension(&middle)?) };
        let in_order = |range: &Name| {
            let elements = self.ranges.elements_of_dimension(range);
            elements.iter().zip(&middle).all(|(a, b)| Key::new(&a.text) == Key::new(&b.text))
        };
        let mut sources: Vec<(Name, ast::Equation)> = vec![(call.moved[0].clone(), call.value.clone())];
        match range {
            Some(range) if in_order(&range) => {
                let before = call.before_each(&range);
                sources.push((range, before));
            }
            Some(_) => sources.extend((1..last).map(|at| (call.moved[at].clone(), call.element(at - 1)))),
            None => {}
        }
        sources.push((call.moved[last].clone(), call.element(last - 1)));
        let n = sources.len();
        for (at, (place, source)) in sources.into_iter().enumerate() {
            let change = call.change(&place, &source, at + 1 == n);
            let Some(left) = self.budget.checked_sub(change.nodes.len()) else {
                self.diagnostics.push(too_large(span).with_variable(variable.name.text.clone()));
                return None;
            };
            self.budget = left;
            let equation = self.equation(&change, &variable.name, names)?;
            flow.elements.push(ElementDef::new(
                call.outer.iter().chain([&place]).map(neutral).collect(),
                Some(equation),
                span,
            ));
        }
        Some(flow)
    }

    /// Gives the levels among these variables the flows that shift them.
    pub(super) fn add_shifts(&mut self, vars: &mut [VarDef]) {
        if self.shifts.is_empty() {
            return;
        }
        let stocks = vars.iter_mut().filter(|var| var.kind == DefKind::Stock);
        let mut stocks: HashMap<Key, &mut VarDef> = stocks.map(|var| (Key::new(&var.name.text), var)).collect();
        for Shift { level, flow } in self.shifts.drain(..) {
            if let Some(stock) = stocks.get_mut(&level) {
                stock.inflows.push(flow);
            }
        }
    }
}

fn too_large(span: Span) -> Diagnostic {
    Diagnostic::error(shared::TOO_LARGE, span, "calls of SHIFT IF TRUE make the model too large")
}

impl Call<'_> {
    /// The level at an element, or at the elements of a range.
    fn read(&self, whole: &mut Whole, place: &Name) -> u32 {
        let names = self.outer.iter().chain([place]);
        let subscripts = names.map(|name| Subscript { name: name.clone(), is_marked: false }).collect();
        whole.push(NodeKind::Reference(self.level.clone(), subscripts))
    }

    fn element(&self, at: usize) -> ast::Equation {
        let mut whole = Whole::new(self.condition.span);
        self.read(&mut whole, &self.moved[at]);
        whole.finish()
    }

    /// For each element of a range of those that have one before them, all in order, the level before it: by its number.
    fn before_each(&self, range: &Name) -> ast::Equation {
        let mut whole = Whole::new(self.condition.span);
        let first = self.read(&mut whole, &self.moved[0]);
        let number = whole.push(NodeKind::Reference(range.clone(), Vec::new()));
        let one = whole.push(NodeKind::Number(1.0));
        let offset = whole.push(NodeKind::Binary(BinaryOp::Subtract, number, one));
        self.function(&mut whole, "VECTOR ELM MAP", &[first, offset]);
        whole.finish()
    }

    /// The rate at which the level at a place becomes what the source is. What is in the last place may stay.
    fn change(&self, place: &Name, source: &ast::Equation, is_last: bool) -> ast::Equation {
        let mut whole = Whole::new(self.condition.span);
        let condition = whole.add(&self.condition);
        let source = whole.add(source);
        let own = if is_last {
            let accumulate = whole.add(&self.accumulate);
            let zero = whole.push(NodeKind::Number(0.0));
            let own = self.read(&mut whole, place);
            self.function(&mut whole, "IF THEN ELSE", &[accumulate, zero, own])
        } else {
            self.read(&mut whole, place)
        };
        let rise = whole.push(NodeKind::Binary(BinaryOp::Subtract, source, own));
        let step = whole.push(NodeKind::Reference(self.name("TIME STEP"), Vec::new()));
        let rate = whole.push(NodeKind::Binary(BinaryOp::Divide, rise, step));
        let zero = whole.push(NodeKind::Number(0.0));
        self.function(&mut whole, "IF THEN ELSE", &[condition, rate, zero]);
        whole.finish()
    }

    fn function(&self, whole: &mut Whole, name: &str, arguments: &[u32]) -> u32 {
        let kind = NodeKind::Call {
            name: self.name(name),
            subscripts: Vec::new(),
            arguments: arguments.to_vec(),
            outputs: Vec::new(),
        };
        whole.push(kind)
    }

    fn name(&self, text: &str) -> Name {
        Name { text: text.to_owned(), span: self.level.span }
    }
}
