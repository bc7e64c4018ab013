//! Changes that whoever compiles a model gives: other numbers for constants, other points for lookups, other texts for strings.
//!
//! What has no subscripts changes in the syntax tree, so that strings and the times of the run are the new ones everywhere. Elements of
//! arrays change when their equations are translated, after files have been read.

use std::collections::HashMap;

use simc_model::diagnostic::{Diagnostic, code as shared};
use simc_model::name::{self, Key};

use crate::ast::{self, Body, Name, Node, NodeKind, Operator, Right, UnaryOp, Variable};
use crate::code;
use crate::translate::Translator;
use crate::translate::external::{Points, is_external};
use crate::translate::left_side::{elements, is_excepted, unknown_subscript};
use crate::translate::ranges::Ranges;
use crate::translate::times::CONTROLS;

/// How many elements all changes together may be for.
const MAX_ELEMENTS: usize = 1 << 20;

/// Unknown names for which the nearest one is looked for.
const MAX_SUGGESTED: usize = 16;

/// What an element is to have.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// A number.
    Number(f64),
    /// The points of a lookup.
    Points(Points),
}

/// The changes of an array.
#[derive(Debug)]
pub(super) struct ArrayChanges {
    /// What each element is to have that no equation has got yet.
    elements: HashMap<Vec<Key>, Change>,
    /// The first of them, as it is written.
    place: Name,
}

/// The changes of arrays, by the names of variables.
pub(super) type Changes = HashMap<Key, ArrayChanges>;

/// Makes the changes of all that has no subscripts; the others are left.
pub(super) fn change_scalars(
    file: &mut ast::File,
    changes: Vec<Variable>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Variable> {
    let mut index: HashMap<Key, usize> = HashMap::new();
    for (position, definition) in file.entries.iter().enumerate() {
        if let Body::Variable(variable) = &definition.body
            && !matches!(variable.right, Right::FunctionOf(_))
        {
            index.entry(Key::new(&variable.name.text)).or_insert(position);
        }
    }
    let mut arrays = Vec::new();
    let mut n_unknown = 0;
    for change in changes {
        let Some(&position) = index.get(&Key::new(&change.name.text)) else {
            n_unknown += 1;
            diagnostics.push(unknown(file, &change.name, n_unknown <= MAX_SUGGESTED));
            continue;
        };
        let Body::Variable(variable) = &mut file.entries[position].body else { continue };
        let (rank, n_subscripts) = (variable.subscripts.len(), change.subscripts.len());
        if rank != n_subscripts {
            let message = format!("`{}` has {n_subscripts} subscripts here and {rank} in the model", change.name.text);
            let error = Diagnostic::error(shared::SUBSCRIPT_COUNT, change.name.span, message);
            diagnostics.push(error.with_place(variable.name.span, "defined here"));
        } else if let Some(error) = fault(variable, &change) {
            diagnostics.push(error);
        } else if rank > 0 {
            arrays.push(change);
        } else {
            variable.right = change.right;
        }
    }
    arrays
}

/// What each element of arrays is to have; a later change takes the place of an earlier one.
pub(super) fn of_arrays(changes: Vec<Variable>, ranges: &Ranges, diagnostics: &mut Vec<Diagnostic>) -> Changes {
    let mut arrays = Changes::new();
    let mut n_elements = 0_usize;
    for change in changes {
        let along: Option<Vec<&[Name]>> =
            change.subscripts.iter().map(|subscript| ranges.elements_of(subscript)).collect();
        let Some(along) = along else {
            let is_unknown = |subscript: &&Name| ranges.elements_of(subscript).is_none();
            if let Some(subscript) = change.subscripts.iter().find(is_unknown) {
                diagnostics.push(unknown_subscript(subscript, &change.name));
            }
            continue;
        };
        let n = along.iter().fold(1, |n: usize, elements| n.saturating_mul(elements.len()));
        n_elements = n_elements.saturating_add(n);
        if n_elements > MAX_ELEMENTS {
            let message = format!("all changes together are for more than {MAX_ELEMENTS} elements");
            diagnostics.push(Diagnostic::error(shared::TOO_LARGE, change.name.span, message));
            return arrays;
        }
        let values: Vec<Change> = if let Right::Lookup(table) = &change.right {
            vec![Change::Points(table.points.clone())]
        } else {
            numbers(&change.right).into_iter().map(Change::Number).collect()
        };
        if values.len() != 1 && values.len() != n {
            let message = format!("the list has {} numbers for {n} elements", values.len());
            let error = Diagnostic::error(shared::LIST_LENGTH, change.name.span, message);
            diagnostics.push(error.with_hint("give one number for all elements, or one for each"));
            continue;
        }
        let of_variable = arrays
            .entry(Key::new(&change.name.text))
            .or_insert_with(|| ArrayChanges { elements: HashMap::new(), place: change.name.clone() });
        for index in 0..n {
            let mut rest = index;
            let mut element: Vec<Key> = Vec::with_capacity(along.len());
            for elements in along.iter().rev() {
                element.push(Key::new(&elements[rest % elements.len()].text));
                rest /= elements.len();
            }
            element.reverse();
            of_variable.elements.insert(element, values[index % values.len()].clone());
        }
    }
    arrays
}

impl Translator<'_> {
    /// The numbers of a left side with those that have been changed, if any have been. `number` gives that of an element by its position.
    pub(super) fn changed_numbers(&mut self, variable: &Variable, number: impl Fn(usize) -> f64) -> Option<Vec<f64>> {
        let changes = self.changes.get_mut(&Key::new(&variable.name.text))?;
        let along: Vec<&[Name]> =
            variable.subscripts.iter().map(|subscript| self.ranges.elements_of(subscript)).collect::<Option<_>>()?;
        let n = along.iter().fold(1, |n: usize, elements| n.saturating_mul(elements.len()));
        if n > self.budget {
            self.report_large(variable);
            return None;
        }
        self.budget -= n;
        let mut is_changed = false;
        let mut numbers: Vec<f64> = Vec::with_capacity(n);
        for (position, element) in elements(&along).enumerate() {
            let is_excepted = is_excepted(&self.ranges, variable, &element);
            let keys: Vec<Key> = element.iter().map(|element| Key::new(&element.text)).collect();
            match changes.elements.get(&keys) {
                Some(&Change::Number(changed)) if !is_excepted => {
                    changes.elements.remove(&keys);
                    is_changed = true;
                    numbers.push(changed);
                }
                Some(Change::Number(_) | Change::Points(_)) | None => numbers.push(number(position)),
            }
        }
        is_changed.then_some(numbers)
    }

    /// The points of a left side with those that have been changed, if any have been.
    pub(super) fn changed_points(
        &mut self,
        variable: &Variable,
        points: impl Fn(usize) -> Points,
    ) -> Option<Vec<Points>> {
        let changes = self.changes.get_mut(&Key::new(&variable.name.text))?;
        let along: Vec<&[Name]> =
            variable.subscripts.iter().map(|subscript| self.ranges.elements_of(subscript)).collect::<Option<_>>()?;
        let n = along.iter().fold(1, |n: usize, elements| n.saturating_mul(elements.len()));
        let is_meant = |element: &[&Name]| {
            let keys: Vec<Key> = element.iter().map(|element| Key::new(&element.text)).collect();
            changes.elements.contains_key(&keys)
        };
        if n > MAX_ELEMENTS || !elements(&along).any(|element| is_meant(&element)) {
            return None;
        }
        let mut n_points = 0;
        let mut all = Vec::with_capacity(n);
        for (position, element) in elements(&along).enumerate() {
            let is_excepted = is_excepted(&self.ranges, variable, &element);
            let keys: Vec<Key> = element.iter().map(|element| Key::new(&element.text)).collect();
            match changes.elements.get(&keys) {
                Some(Change::Points(changed)) if !is_excepted => {
                    all.push(changed.clone());
                    changes.elements.remove(&keys);
                }
                Some(Change::Number(_) | Change::Points(_)) | None => all.push(points(position)),
            }
            n_points += all.last().map_or(0, Vec::len) + 1;
            if n_points > self.budget {
                break;
            }
        }
        if n_points > self.budget {
            self.report_large(variable);
            return None;
        }
        self.budget -= n_points;
        Some(all)
    }

    /// Reports an array that is too large to change one by one.
    fn report_large(&mut self, variable: &Variable) {
        self.changes.remove(&Key::new(&variable.name.text));
        let message =
            format!("`{}`, or all arrays that change together, are too large to be changed", variable.name.text);
        let error = Diagnostic::error(shared::TOO_LARGE, variable.name.span, message);
        self.diagnostics.push(error.with_hint("write the numbers into the model, or read them from a file"));
    }

    /// Reports changes of elements that have no equation, or none that is a constant or a lookup.
    pub(super) fn report_unmade_changes(&mut self) {
        let mut unmade: Vec<ArrayChanges> = std::mem::take(&mut self.changes).into_values().collect();
        unmade.sort_by_key(|changes| (changes.place.span.file, changes.place.span.start));
        for changes in unmade {
            let Some(element) = changes.elements.keys().min() else { continue };
            let subscripts: Vec<&str> = element.iter().map(Key::as_str).collect();
            let name = &changes.place.text;
            let message = format!("`{name}[{}]` is no constant of the model, and no lookup", subscripts.join(","));
            let error = Diagnostic::error(code::CHANGES, changes.place.span, message);
            self.diagnostics.push(error.with_hint("change elements that have numbers or points of their own"));
        }
    }
}

/// Whether a right side is a constant: a number, a list of them, or a call that reads them from a file.
pub(super) fn is_constant(right: &Right) -> bool {
    match right {
        Right::Constants(_) => true,
        Right::Equation(equation) => match equation.nodes.last().map(|node| &node.kind) {
            Some(NodeKind::Call { name, .. }) => {
                let key = Key::new(&name.text);
                is_external(key.as_str()) && key.as_str().ends_with("_constants")
            }
            Some(_) | None => number(&equation.nodes).is_some(),
        },
        Right::Nothing
        | Right::FunctionOf(_)
        | Right::Lookup(_)
        | Right::LookupFrom(_)
        | Right::Text(_)
        | Right::Unreadable => false,
    }
}

/// The number that a right side is which is a number; NaN for any other.
pub(super) fn constant(right: &Right) -> f64 {
    numbers(right).first().copied().unwrap_or(f64::NAN)
}

/// The number that an equation is: one with signs perhaps.
fn number(nodes: &[Node]) -> Option<f64> {
    let (first, signs) = nodes.split_first()?;
    let mut value = if let NodeKind::Number(value) = first.kind {
        value
    } else if matches!(first.kind, NodeKind::NotAvailable) {
        simc_model::builtin::MISSING
    } else {
        return None;
    };
    for sign in signs {
        let NodeKind::Unary(UnaryOp::Negate, _) = sign.kind else { return None };
        value = -value;
    }
    Some(value)
}

fn numbers(right: &Right) -> Vec<f64> {
    match right {
        Right::Constants(rows) => rows.concat(),
        Right::Equation(equation) => number(&equation.nodes).into_iter().collect(),
        Right::Nothing
        | Right::FunctionOf(_)
        | Right::Lookup(_)
        | Right::LookupFrom(_)
        | Right::Text(_)
        | Right::Unreadable => Vec::new(),
    }
}

/// Why a variable cannot be changed so.
fn fault(variable: &Variable, change: &Variable) -> Option<Diagnostic> {
    let name = &change.name;
    let error = |message: String, hint: &str| {
        let error = Diagnostic::error(code::CHANGES, name.span, message).with_hint(hint.to_owned());
        Some(error.with_place(variable.name.span, "defined here"))
    };
    if !change.exceptions.is_empty() {
        return error(
            format!("the change of `{}` has exceptions", name.text),
            "name the elements that change, each in an entry of its own",
        );
    }
    if let Right::Text(_) = &change.right {
        let is_text = matches!(variable.right, Right::Text(_));
        let (message, hint) =
            (format!("`{}` is no string variable", name.text), "a string variable is defined by `:IS:` in the model");
        return if is_text { None } else { error(message, hint) };
    }
    if let Right::Lookup(_) = &change.right {
        let is_lookup = matches!(variable.right, Right::Lookup(_) | Right::LookupFrom(_));
        let (message, hint) = (
            format!("`{}` is no lookup", name.text),
            "a lookup has points after its name in the model; the points of WITH LOOKUP cannot be changed",
        );
        return if is_lookup { None } else { error(message, hint) };
    }
    let n_numbers = numbers(&change.right).len();
    if n_numbers == 0 {
        return error(
            format!("the change of `{}` is neither a number nor the points of a lookup", name.text),
            "write `constant = number`, `array[Range] = number, number`, or the points of a lookup in parentheses",
        );
    }
    if variable.subscripts.is_empty() && n_numbers > 1 {
        return error(
            format!("`{}` has one number, and the list here several", name.text),
            "write one number after the `=`",
        );
    }
    if variable.operator == Operator::Unchangeable {
        return error(
            format!("`{}` is a constant that does not change: the model defines it by `==`", name.text),
            "write `=` in the model",
        );
    }
    // Of an array, other equations may be constants. The times of a run are asked for before it, whatever they are computed from.
    let key = Key::new(&name.text);
    let is_time = CONTROLS.iter().any(|(control, _)| Key::new(control) == key);
    if !variable.subscripts.is_empty() || is_constant(&variable.right) || is_time {
        return None;
    }
    error(
        format!("`{}` is no constant", name.text),
        "change the constants that it is computed from, or its equation in the model",
    )
}

/// A name that the model does not have.
fn unknown(file: &ast::File, written: &Name, is_near_wanted: bool) -> Diagnostic {
    let message = format!("the model has no variable `{}` to change", written.text);
    let error = Diagnostic::error(shared::UNKNOWN_NAME, written.span, message);
    let variables = file.entries.iter().filter_map(|definition| match &definition.body {
        Body::Variable(variable) => Some(variable.name.text.as_str()),
        Body::Range(_) | Body::Equivalence { .. } | Body::RealityCheck { .. } | Body::TestInput { .. } => None,
    });
    let near = if is_near_wanted { name::suggest(&written.text, variables) } else { None };
    match near {
        Some(near) => error.with_hint(format!("did you mean `{near}`?")),
        None => error.with_hint("names are those of the model; case, spaces and underscores do not count"),
    }
}
