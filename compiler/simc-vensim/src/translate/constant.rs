//! Variables that follow from constants alone, computed while a model is read: what the times of a run are.

use std::collections::HashMap;

use kernel::function::Function;
use simc_model::definition::{DefKind, Equation, EquationKind, Path, VarDef};
use simc_model::model::{BinaryOp, UnaryOp};
use simc_model::name::Key;

use crate::ast::Name;
use crate::translate::ranges::Ranges;

/// Through how many variables a value may follow from constants.
const MAX_DEPTH: usize = 64;

/// How often equations are computed for one file.
const MAX_VALUES: usize = 4096;

/// What is known of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Value {
    /// What it always is.
    pub(super) known: Option<f64>,
    /// What it is at most, as far as its equation says that; minus infinity where it is no later than the time of the step.
    pub(super) most: Option<f64>,
}

impl Value {
    fn number(value: f64) -> Self {
        Self { known: Some(value), most: Some(value).filter(|value| !value.is_nan()) }
    }

    fn unknown() -> Self {
        Self::default()
    }

    fn at_most(most: Option<f64>) -> Self {
        Self { known: None, most }
    }
}

/// The variables of a file.
pub(super) struct Constants<'a> {
    vars: HashMap<Key, &'a VarDef>,
    ranges: &'a Ranges,
    n_values: usize,
    /// What is known of scalars; nothing yet of those that are being computed.
    known: HashMap<Key, Value>,
}

impl<'a> Constants<'a> {
    /// Of these variables, some of which are `given` another number than their equation has.
    pub(super) fn new(
        vars: &'a [VarDef],
        ranges: &'a Ranges,
        given: impl Iterator<Item = (&'static str, f64)>,
    ) -> Self {
        let vars = vars.iter().map(|var| (Key::new(&var.name.text), var)).collect();
        let known = given.map(|(name, value)| (Key::new(name), Value::number(value))).collect();
        Self { vars, ranges, n_values: 0, known }
    }

    /// The scalar of a name.
    pub(super) fn var(&self, name: &str) -> Option<&'a VarDef> {
        self.vars.get(&Key::new(name)).copied().filter(|def| def.dims.is_empty())
    }

    /// What is known of a scalar.
    pub(super) fn value(&mut self, def: &'a VarDef) -> Value {
        self.value_at(def, &[], 0)
    }

    /// Of an element of a variable.
    fn value_at(&mut self, def: &'a VarDef, element: &[Name], depth: usize) -> Value {
        self.n_values += 1;
        let is_formula =
            matches!(def.kind, DefKind::Aux | DefKind::Flow) && def.table.is_none() && def.series.is_none();
        if depth > MAX_DEPTH || self.n_values > MAX_VALUES || !is_formula || def.dims.len() != element.len() {
            return Value::unknown();
        }
        let Some(equation) = self.equation_of(def, element) else { return Value::unknown() };
        // A long equation counts as many.
        self.n_values += equation.nodes.len() / 64;
        if !element.is_empty() {
            return self.fold(equation, depth);
        }
        let key = Key::new(&def.name.text);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.known.insert(key.clone(), Value::unknown());
        let value = self.fold(equation, depth);
        self.known.insert(key, value);
        value
    }

    /// The equation of an element: the only clause that speaks of it.
    fn equation_of(&self, def: &'a VarDef, element: &[Name]) -> Option<&'a Equation> {
        if element.is_empty() {
            return def.equation.as_ref();
        }
        if !def.list.is_empty() {
            let mut flat = 0;
            for (dim, name) in def.dims.iter().zip(element) {
                let elements = &self.ranges.find(&dim.text)?.elements;
                let key = Key::new(&name.text);
                flat = flat * elements.len() + elements.iter().position(|element| Key::new(&element.text) == key)?;
            }
            return def.list.get(flat);
        }
        let means = |subscript: &str, name: &Name| match self.ranges.find(subscript) {
            Some(range) => range.keys.contains(&Key::new(&name.text)),
            None => Key::new(subscript) == Key::new(&name.text),
        };
        let mut fitting = def.elements.iter().filter(|clause| {
            clause.subscripts.iter().zip(element).all(|(subscript, name)| means(&subscript.text, name))
        });
        match (fitting.next(), fitting.next()) {
            (Some(clause), None) if clause.except.is_empty() && clause.table.is_none() => clause.equation.as_ref(),
            _ => None,
        }
    }

    fn fold(&mut self, equation: &'a Equation, depth: usize) -> Value {
        let mut values: Vec<Value> = Vec::with_capacity(equation.nodes.len());
        for node in &equation.nodes {
            let at = |index: &u32| values[*index as usize];
            let value = match &node.kind {
                EquationKind::Number(value) => Value::number(*value),
                EquationKind::Reference(path, subscripts) => self.reference(path, subscripts, equation, depth),
                EquationKind::Unary(op, a) => match (op, at(a).known) {
                    (UnaryOp::Neg, Some(a)) => Value::number(-a),
                    (UnaryOp::Not, Some(a)) => Value::number(truth(a == 0.0)),
                    (_, None) => Value::unknown(),
                },
                EquationKind::Binary(op, a, b) => fold_binary(*op, at(a), at(b)),
                EquationKind::Call(path, arguments) => {
                    let arguments: Vec<u32> = arguments.clone();
                    self.call(path, &arguments, &values, equation)
                }
                EquationKind::SubscriptedCall(..)
                | EquationKind::If(..)
                | EquationKind::Wildcard(_)
                | EquationKind::Range(..)
                | EquationKind::Position(_)
                | EquationKind::Transpose(_)
                | EquationKind::InnerProduct(..) => Value::unknown(),
            };
            values.push(value);
        }
        values.last().copied().unwrap_or_default()
    }

    /// A variable, an element of an array, the number of an element, or the time.
    fn reference(&mut self, path: &Path, subscripts: &[u32], equation: &Equation, depth: usize) -> Value {
        if let ([range, element], []) = (path.parts.as_slice(), subscripts) {
            return self.position(&range.text, &element.text).map_or_else(Value::unknown, Value::number);
        }
        let [name] = path.parts.as_slice() else { return Value::unknown() };
        let Some(&def) = self.vars.get(&Key::new(&name.text)) else {
            let is_time = Key::new(&name.text) == Key::new("Time") && subscripts.is_empty();
            return Value::at_most(is_time.then_some(f64::NEG_INFINITY));
        };
        let mut element = Vec::with_capacity(subscripts.len());
        for &subscript in subscripts {
            match equation.nodes[subscript as usize].kind.as_name().and_then(|path| path.parts.last()) {
                Some(name) if self.ranges.find(&name.text).is_none() => {
                    element.push(Name { text: name.text.clone(), span: name.span });
                }
                _ => return Value::unknown(),
            }
        }
        self.value_at(def, &element, depth + 1)
    }

    /// The position of an element in a range, counted from 1.
    fn position(&self, range: &str, element: &str) -> Option<f64> {
        let key = Key::new(element);
        let elements = &self.ranges.find(range)?.elements;
        elements.iter().position(|element| Key::new(&element.text) == key).map(|position| position as f64 + 1.0)
    }

    /// A function of the language.
    fn call(&self, path: &Path, arguments: &[u32], values: &[Value], equation: &Equation) -> Value {
        let [name] = path.parts.as_slice() else { return Value::unknown() };
        let key = Key::new(&name.text);
        if self.vars.contains_key(&key) {
            return Value::unknown();
        }
        let at = |index: u32| values[index as usize];
        match (key.as_str(), arguments) {
            ("if_then_else", &[condition, then, otherwise]) => match at(condition).known {
                Some(condition) => at(if condition == 0.0 { otherwise } else { then }),
                None => Value::at_most(at(then).most.zip(at(otherwise).most).map(|(a, b)| a.max(b))),
            },
            ("max" | "min", &[a, b]) => {
                let (a, b, is_max) = (at(a), at(b), key.as_str() == "max");
                match (a.known, b.known) {
                    (Some(a), Some(b)) => Value::number(if is_max { a.max(b) } else { a.min(b) }),
                    _ if is_max => Value::at_most(a.most.zip(b.most).map(|(a, b)| a.max(b))),
                    _ => Value::at_most(match (a.most, b.most) {
                        (Some(a), Some(b)) => Some(a.min(b)),
                        (a, b) => a.or(b),
                    }),
                }
            }
            ("elmcount", &[range]) => {
                let range = equation.nodes[range as usize].kind.as_name().and_then(|path| path.parts.last());
                let range = range.and_then(|name| self.ranges.find(&name.text));
                range.map_or_else(Value::unknown, |range| Value::number(range.elements.len() as f64))
            }
            (function, arguments) => {
                let arguments: Option<Vec<f64>> = arguments.iter().map(|&argument| at(argument).known).collect();
                let value = arguments.and_then(|arguments| eval(function, &arguments));
                value.map_or_else(Value::unknown, Value::number)
            }
        }
    }
}

/// A function of numbers; nothing when it is none that is computed here.
fn eval(function: &str, arguments: &[f64]) -> Option<f64> {
    let with = |function: Function| function.eval(arguments);
    let quotient = |a: f64, b: f64, otherwise: f64| if b.abs() < 1e-6 { otherwise } else { a / b };
    Some(match (function, arguments) {
        ("integer", [x]) => x.trunc(),
        ("abs", [x]) => x.abs(),
        ("sqrt", [x]) => x.sqrt(),
        ("initial" | "reinitial" | "game", [x]) => *x,
        ("exp", [_]) => with(Function::Exp),
        ("ln", [_]) => with(Function::Ln),
        ("log", [_]) => with(Function::Log10),
        ("log", [x, base]) if *base == 10.0 => Function::Log10.eval(&[*x]),
        ("log", [x, base]) => Function::Ln.eval(&[*x]) / Function::Ln.eval(&[*base]),
        ("power", [_, _]) => with(Function::Pow),
        ("modulo", [_, _]) => with(Function::Fmod),
        ("quantum", [x, quantum]) => {
            if *quantum > 0.0 {
                quantum * (x / quantum).trunc()
            } else {
                *x
            }
        }
        ("zidz", [a, b]) => quotient(*a, *b, 0.0),
        ("xidz", [a, b, otherwise]) => quotient(*a, *b, *otherwise),
        ("sin", [_]) => with(Function::Sin),
        ("cos", [_]) => with(Function::Cos),
        ("tan", [_]) => with(Function::Tan),
        _ => return None,
    })
}

fn fold_binary(op: BinaryOp, a: Value, b: Value) -> Value {
    let (Some(x), Some(y)) = (a.known, b.known) else {
        // A sum of bounds, and a time of the step less something that is not negative.
        let most = match op {
            BinaryOp::Add => {
                a.most.zip(b.known).or(b.most.zip(a.known)).filter(|(most, by)| most.is_finite() || *by <= 0.0)
            }
            BinaryOp::Sub => a.most.zip(b.known.map(|by| -by)).filter(|(most, by)| most.is_finite() || *by <= 0.0),
            BinaryOp::Mul
            | BinaryOp::Div
            | BinaryOp::SafeDiv
            | BinaryOp::Mod
            | BinaryOp::Pow
            | BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::And
            | BinaryOp::Or => None,
        };
        return Value::at_most(most.map(|(most, by)| most + by));
    };
    Value::number(match op {
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x * y,
        BinaryOp::Div => x / y,
        BinaryOp::Pow => Function::Pow.eval(&[x, y]),
        BinaryOp::Eq => truth(x == y),
        BinaryOp::Ne => truth(x != y),
        BinaryOp::Lt => truth(x < y),
        BinaryOp::Le => truth(x <= y),
        BinaryOp::Gt => truth(x > y),
        BinaryOp::Ge => truth(x >= y),
        BinaryOp::And => truth(x != 0.0 && y != 0.0),
        BinaryOp::Or => truth(x != 0.0 || y != 0.0),
        BinaryOp::SafeDiv | BinaryOp::Mod => return Value::unknown(),
    })
}

fn truth(value: bool) -> f64 {
    if value { 1.0 } else { 0.0 }
}
