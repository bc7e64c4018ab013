//! Ranges with an exclamation mark, over which a function runs: `Dim!` as a subscript, and as the number of the element at hand.

use std::collections::{HashMap, HashSet};

use simc_model::builtin::{self, Dialect};
use simc_model::definition::{DefKind, Equation, EquationKind, EquationNode, Name as NeutralName, VarDef};
use simc_model::diagnostic::{Diagnostic, code as shared};
use simc_model::name::Key;
use simc_model::source::Span;

use crate::ast::{self, BinaryOp, Name, NodeKind, Subscript};
use crate::translate::ranges::Range;
use crate::translate::{Names, Translator, neutral};

impl Translator<'_> {
    /// The array that a marked range is as a number, and its subscript. A range that is compared with a marked one is the number in
    /// that one of each of its elements, as far as they have any in common: what is compared are elements.
    pub(super) fn numbers_of(
        &self,
        name: &Name,
        subscripts: &[Subscript],
        sibling: Option<&NodeKind>,
        names: &mut Names,
    ) -> Option<(NeutralName, Subscript)> {
        let own = self.marked(name, subscripts, names);
        let of = own.or_else(|| self.ranges.find(&name.text).filter(|_| subscripts.is_empty()))?;
        let other = match sibling {
            Some(NodeKind::Reference(other, subscripts)) => self.marked(other, subscripts, names),
            _ => None,
        };
        let within = other.filter(|other| !of.keys.is_disjoint(&other.keys));
        let (within, is_marked) = match (own, within) {
            // Of two marked ranges the first one by its name gives the numbers.
            (Some(_), Some(within)) if Key::new(&within.name.text) < Key::new(&of.name.text) => (within, true),
            (Some(_), _) => (of, true),
            (None, Some(within)) => (within, false),
            (None, None) => return None,
        };
        let array = numbers(of, within, name.span, names);
        Some((array, Subscript { name: Name { text: of.name.text.clone(), span: name.span }, is_marked }))
    }

    /// Whether an exclamation mark follows a name that is no range.
    pub(super) fn is_marked_in_vain(&self, name: &Name, subscripts: &[Subscript], names: &Names) -> bool {
        let [Subscript { name: subscript, is_marked: true }] = subscripts else { return false };
        subscript.span == name.span && self.marked(name, subscripts, names).is_none()
    }

    /// Reports a range without its mark within a function that runs over that or another range, when no range of the left side has to
    /// do with it: which of its elements that is, nothing says.
    pub(super) fn check_unmarked(&mut self, variable: &ast::Variable, equation: &ast::Equation, names: &Names) {
        let marked = marks(equation);
        let mut starts: Vec<usize> = Vec::with_capacity(equation.nodes.len());
        let mut faults: Vec<(Name, bool)> = Vec::new();
        for (index, node) in equation.nodes.iter().enumerate() {
            let start = |operand: &u32| starts[*operand as usize];
            let first = match &node.kind {
                NodeKind::Call { arguments, .. } => arguments.iter().map(start).min(),
                NodeKind::Unary(_, a) => Some(start(a)),
                NodeKind::Binary(_, a, b) => Some(start(a).min(start(b))),
                NodeKind::Number(_)
                | NodeKind::NotAvailable
                | NodeKind::Text(_)
                | NodeKind::Reference(..)
                | NodeKind::Table(_) => None,
            };
            starts.push(first.unwrap_or(index).min(index));
            let NodeKind::Call { name, .. } = &node.kind else { continue };
            let is_within = is_reducer(name) || Key::new(&name.text).as_str() == "vector_select";
            if is_within && marked[index] && !names.is_macro {
                let within = &equation.nodes[starts[index]..index];
                faults.extend(self.unmarked(within, variable, names));
            }
        }
        faults.dedup_by_key(|(name, _)| name.span);
        for (name, is_beside) in faults {
            let (message, hint) = if is_beside {
                (
                    format!("`{0}` without a mark, within a function that runs over `{0}!`", name.text),
                    format!(
                        "write `{0}!` for the element at hand; `{0}` alone means that of the left side, which has no such range",
                        name.text
                    ),
                )
            } else {
                (
                    format!("`{}` is neither on the left side nor marked", name.text),
                    format!("write `{}!` where the function is to run over it too", name.text),
                )
            };
            let error = Diagnostic::error(shared::SHAPES, name.span, message);
            self.diagnostics.push(error.with_hint(hint).with_variable(variable.name.text.clone()));
        }
    }

    /// A range without a mark among nodes within a function that runs over others, to which no range of a left side is related; and
    /// whether it is one of those. A range as a number is only looked for beside the same one with a mark, and so are subscripts
    /// beside functions that take arrays as a whole.
    fn unmarked(&self, nodes: &[ast::Node], variable: &ast::Variable, names: &Names) -> Option<(Name, bool)> {
        let mut with_mark: HashSet<Key> = HashSet::new();
        let mut without: Vec<(&Name, bool)> = Vec::new();
        let mut takes_arrays = false;
        for node in nodes {
            let (name, subscripts, arguments) = match &node.kind {
                NodeKind::Reference(name, subscripts) => (name, subscripts, None),
                NodeKind::Call { name, subscripts, arguments, .. } => (name, subscripts, Some(arguments.len())),
                NodeKind::Number(_)
                | NodeKind::NotAvailable
                | NodeKind::Text(_)
                | NodeKind::Table(_)
                | NodeKind::Unary(..)
                | NodeKind::Binary(..) => continue,
            };
            let key = Key::new(&name.text);
            match arguments {
                None if subscripts.is_empty() && !names.defined.contains(&key) => without.push((name, true)),
                None => {}
                Some(n) => {
                    let builtin = builtin::find(Dialect::Vensim, &key).filter(|_| !names.defined.contains(&key));
                    takes_arrays |= subscripts.is_empty() && builtin.is_none_or(|it| it.vector_fn(n).is_some());
                }
            }
            for subscript in subscripts {
                if subscript.is_marked {
                    with_mark.insert(Key::new(&subscript.name.text));
                } else {
                    without.push((&subscript.name, false));
                }
            }
        }
        let has_left =
            |name: &Name| variable.subscripts.iter().any(|left| self.ranges.are_related(&left.text, &name.text));
        let stray = |(name, is_number): (&Name, bool)| {
            let is_beside = with_mark.contains(&Key::new(&name.text));
            let counts = is_beside || !is_number && !takes_arrays;
            (counts && self.ranges.find(&name.text).is_some() && !has_left(name)).then(|| (name.clone(), is_beside))
        };
        without.into_iter().find_map(stray)
    }

    pub(super) fn report_mark(&mut self, name: &Name, owner: &Name) {
        let message = format!("`{}` is no subscript range, which alone `!` can follow", name.text);
        self.diagnostics.push(
            Diagnostic::error(shared::FOREIGN_OPERATOR, name.span, message)
                .with_hint("unequal is written `a <> b`")
                .with_variable(owner.text.clone()),
        );
    }

    /// The range that a reference marks as a whole.
    pub(super) fn marked(&self, name: &Name, subscripts: &[Subscript], names: &Names) -> Option<&Range> {
        let [Subscript { name: subscript, is_marked: true }] = subscripts else { return None };
        let key = Key::new(&name.text);
        let is_itself = Key::new(&subscript.text) == key && !names.defined.contains(&key);
        self.ranges.find(&name.text).filter(|_| is_itself)
    }
}

/// The number that an element has in a range, 0 where it has none.
pub(super) fn number_in(range: &Range, element: &Name) -> f64 {
    let key = Key::new(&element.text);
    let place = range.elements.iter().position(|other| Key::new(&other.text) == key);
    place.map_or(0.0, |place| place as f64 + 1.0)
}

/// The array of the numbers that the elements of a range have within another one, 0 where they have none.
fn numbers(of: &Range, within: &Range, span: Span, names: &mut Names) -> NeutralName {
    let text = format!("{}: numbers in {}", of.name.text, within.name.text);
    if let Some(known) = names.numbers.get(&text) {
        return NeutralName { span, ..known.clone() };
    }
    let name = names.fresh(text.clone(), span);
    let mut def = VarDef::new(name.clone(), DefKind::Aux, span);
    def.is_implied = true;
    def.dims = vec![NeutralName { span, ..neutral(&of.name) }];
    let places: HashMap<Key, usize> =
        (1..).zip(&within.elements).map(|(number, element)| (Key::new(&element.text), number)).collect();
    let number = |element: &Name| places.get(&Key::new(&element.text)).map_or(0.0, |&number| number as f64);
    let equation = |element: &Name| {
        let kind = EquationKind::Number(number(element));
        Equation { nodes: vec![EquationNode { kind, span }], span }
    };
    def.list = of.elements.iter().map(equation).collect();
    names.made.push(def);
    names.numbers.insert(text, name.clone());
    name
}

/// For each node whether a subscript within it has an exclamation mark.
pub(super) fn marks(equation: &ast::Equation) -> Vec<bool> {
    let has_mark = |subscripts: &[Subscript]| subscripts.iter().any(|subscript| subscript.is_marked);
    let mut marks: Vec<bool> = Vec::with_capacity(equation.nodes.len());
    for node in &equation.nodes {
        let at = |index: &u32| marks[*index as usize];
        let is_marked = match &node.kind {
            NodeKind::Reference(_, subscripts) => has_mark(subscripts),
            NodeKind::Call { subscripts, arguments, .. } => has_mark(subscripts) || arguments.iter().any(at),
            NodeKind::Unary(_, a) => at(a),
            NodeKind::Binary(_, a, b) => at(a) || at(b),
            NodeKind::Number(_) | NodeKind::NotAvailable | NodeKind::Text(_) | NodeKind::Table(_) => false,
        };
        marks.push(is_marked);
    }
    marks
}

/// For each operand of a comparison, the other operand.
pub(super) fn siblings(equation: &ast::Equation) -> Vec<Option<usize>> {
    let mut siblings = vec![None; equation.nodes.len()];
    for node in &equation.nodes {
        if let NodeKind::Binary(op, a, b) = &node.kind
            && is_comparison(*op)
        {
            siblings[*a as usize] = Some(*b as usize);
            siblings[*b as usize] = Some(*a as usize);
        }
    }
    siblings
}

pub(super) fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual
    )
}

/// Whether a function runs over the ranges that its argument marks.
pub(super) fn is_reducer(name: &Name) -> bool {
    matches!(Key::new(&name.text).as_str(), "sum" | "prod" | "vmin" | "vmax")
}
