//! The times of the run: control variables and the integration method.

use std::collections::HashMap;

use simc_model::builtin::RunNumber;
use simc_model::definition::{Name as NeutralName, SimSpecs, VarDef};

use crate::ast::{self, BinaryOp, Body, Equation, Method, NodeKind, Right, UnaryOp, Variable};
use crate::code;
use simc_model::diagnostic::Diagnostic;
use simc_model::name::Key;
use simc_model::source::Span;

/// Through how many variables a control variable may follow from constants.
const MAX_DEPTH: usize = 64;

/// How often constants are computed for the control variables of one file.
const MAX_VALUES: usize = 4096;

/// The control variables, with the number of the run that each is.
const CONTROLS: [(&str, RunNumber); 4] = [
    ("INITIAL TIME", RunNumber::Start),
    ("FINAL TIME", RunNumber::Stop),
    ("TIME STEP", RunNumber::Dt),
    ("SAVEPER", RunNumber::SaveInterval),
];

/// Marks the control variables among those of the model.
pub(crate) fn mark(root: &mut [VarDef]) {
    let controls = CONTROLS.map(|(name, number)| (Key::new(name), number));
    for var in root.iter_mut().filter(|var| var.dims.is_empty()) {
        let key = Key::new(&var.name.text);
        var.run_number = controls.iter().find(|(control, _)| *control == key).map(|(_, number)| *number);
    }
}

/// Reads the control variables of a file; those that are `given` have another number than the file says.
pub(crate) fn read(file: &ast::File, given: &[(RunNumber, f64)]) -> (SimSpecs, Vec<Diagnostic>) {
    let scalars = file.definitions.iter().filter_map(|definition| match &definition.body {
        Body::Variable(variable) if variable.subscripts.is_empty() => {
            Some((Key::new(&variable.name.text), (variable, definition)))
        }
        Body::Variable(_)
        | Body::Range(_)
        | Body::Equivalence { .. }
        | Body::RealityCheck { .. }
        | Body::TestInput { .. } => None,
    });
    let given = CONTROLS.iter().filter_map(|(name, number)| {
        let (_, value) = given.iter().find(|(other, _)| other == number)?;
        Some((Key::new(name), *value))
    });
    let mut constants = Constants { scalars: scalars.collect(), given: given.collect(), n_values: 0 };
    let mut diagnostics = Vec::new();
    let mut control = |name: &str| -> Option<(f64, Span)> {
        let (variable, definition) = *constants.scalars.get(&Key::new(name))?;
        let span = definition.span;
        match constants.value(variable, 0) {
            Some(value) => Some((value, span)),
            None if definition.reported => None,
            None => {
                let message = format!("`{}` does not follow from constants alone", variable.name.text);
                diagnostics.push(Diagnostic::error(code::CONTROL_VARIABLE, span, message).with_hint(
                    "the times of a run are numbers, or computed from constants by + - * /, MAX, MIN, INTEGER and ABS",
                ));
                None
            }
        }
    };
    let (start, stop) = (control("INITIAL TIME"), control("FINAL TIME"));
    let (dt, save_interval) = (control("TIME STEP"), control("SAVEPER"));
    let first = file.definitions.first().map(|definition| definition.span);
    // A time that changes is not missing: its error is within the specification.
    let fault = diagnostics.first().and_then(|diagnostic: &Diagnostic| diagnostic.span);
    let span = fault.or(start.or(stop).map(|(_, span)| span)).or(first).unwrap_or_default();
    let units = constants.scalars.get(&Key::new("TIME STEP"));
    let units = units.and_then(|(_, definition)| definition.units.as_ref()?.text.as_ref());
    let (method, note) = method(&file.settings);
    diagnostics.extend(note);
    let methods = vec![NeutralName { text: method.to_owned(), span: file.settings.method_span.unwrap_or(span) }];
    let time_units = units.map(crate::translate::neutral);
    (SimSpecs { start, stop, dt, methods, save_interval, time_units, span }, diagnostics)
}

/// The method by its common name, with what is to be said when it is not just the one asked for.
fn method(settings: &ast::Settings) -> (&'static str, Option<Diagnostic>) {
    let say = |what: &str| {
        let span = settings.method_span?;
        Some(Diagnostic::warning(code::BAD_SETTINGS, span, what))
    };
    match settings.method {
        Method::Euler => ("euler", None),
        Method::Difference => {
            ("euler", say("auxiliaries are saved as Euler's method has them, not those of the step before"))
        }
        Method::Rk2 => ("rk2", None),
        Method::Rk2Auto => ("rk2", say("the steps of this Runge-Kutta method keep their length")),
        Method::Rk4 => ("rk4", None),
        Method::Rk4Auto => ("rk4", say("the steps of this Runge-Kutta method keep their length")),
    }
}

/// Scalar variables whose values may follow from constants.
struct Constants<'a> {
    scalars: HashMap<Key, (&'a Variable, &'a ast::Definition)>,
    /// The numbers of some that another number than the file's is given for.
    given: HashMap<Key, f64>,
    n_values: usize,
}

impl Constants<'_> {
    /// The number that a variable always is, if it is one.
    fn value(&mut self, variable: &Variable, depth: usize) -> Option<f64> {
        self.n_values += 1;
        if depth > MAX_DEPTH || self.n_values > MAX_VALUES {
            return None;
        }
        if !self.given.is_empty()
            && let Some(value) = self.given.get(&Key::new(&variable.name.text))
        {
            return Some(*value);
        }
        match &variable.right {
            Right::Equation(equation) => self.fold(equation, depth),
            Right::Constants(rows) => match rows.as_slice() {
                [row] if row.len() == 1 => Some(row[0]),
                _ => None,
            },
            Right::Nothing
            | Right::FunctionOf(_)
            | Right::Lookup(_)
            | Right::LookupFrom(_)
            | Right::Text(_)
            | Right::Unreadable => None,
        }
    }

    fn fold(&mut self, equation: &Equation, depth: usize) -> Option<f64> {
        let mut values: Vec<f64> = Vec::with_capacity(equation.nodes.len());
        for node in &equation.nodes {
            let at = |index: u32| values[index as usize];
            let value = match &node.kind {
                NodeKind::Number(value) => *value,
                NodeKind::Reference(name, subscripts) if subscripts.is_empty() => {
                    let variable = self.scalars.get(&Key::new(&name.text))?.0;
                    self.value(variable, depth + 1)?
                }
                NodeKind::Unary(UnaryOp::Negate, a) => -at(*a),
                NodeKind::Binary(op, a, b) => {
                    let (a, b) = (at(*a), at(*b));
                    match op {
                        BinaryOp::Add => a + b,
                        BinaryOp::Subtract => a - b,
                        BinaryOp::Multiply => a * b,
                        BinaryOp::Divide => a / b,
                        BinaryOp::Power
                        | BinaryOp::Equal
                        | BinaryOp::NotEqual
                        | BinaryOp::Less
                        | BinaryOp::LessOrEqual
                        | BinaryOp::Greater
                        | BinaryOp::GreaterOrEqual
                        | BinaryOp::And
                        | BinaryOp::Or => return None,
                    }
                }
                NodeKind::Call { name, arguments, .. } => {
                    let values: Vec<f64> = arguments.iter().map(|argument| at(*argument)).collect();
                    match (Key::new(&name.text).as_str(), values.as_slice()) {
                        ("max", [a, b]) => a.max(*b),
                        ("min", [a, b]) => a.min(*b),
                        ("integer", [x]) => x.trunc(),
                        ("abs", [x]) => x.abs(),
                        ("initial", [x]) => *x,
                        _ => return None,
                    }
                }
                NodeKind::NotAvailable
                | NodeKind::Text(_)
                | NodeKind::Reference(..)
                | NodeKind::Table(_)
                | NodeKind::Unary(UnaryOp::Not, _) => return None,
            };
            values.push(value);
        }
        values.last().copied()
    }
}
