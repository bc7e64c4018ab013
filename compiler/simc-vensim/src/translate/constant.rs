//! Variables that follow from constants alone, computed while a model is read: what the times of a run are.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use kernel::function::Function;
use kernel::lookup;
use simc_model::definition::{DefKind, Equation, EquationKind, Path, TableDef, VarDef};
use simc_model::model::{BinaryOp, UnaryOp};
use simc_model::name::Key;

use crate::ast::Name;
use crate::translate::ranges::Ranges;

/// Through how many variables a value may follow from constants.
const MAX_DEPTH: usize = 64;

/// How often equations are computed for one file.
const MAX_VALUES: usize = 1 << 14;

/// What is known of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Value {
    /// What it always is.
    pub(crate) known: Option<f64>,
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

/// What a definition says of an element.
struct Part<'a> {
    equation: Option<&'a Equation>,
    table: Option<&'a TableDef>,
    /// The ranges of the left side, each with the element that it is at.
    bound: Vec<(Key, Name)>,
}

/// Where an equation is computed.
#[derive(Clone, Copy)]
struct Place<'a, 'b> {
    equation: &'a Equation,
    /// Ranges, each with the element that it is at; the last one of a name counts.
    bound: &'b [(Key, Name)],
    /// It is within a reduction.
    is_reduced: bool,
    /// Through how many variables it was reached.
    depth: usize,
}

impl Place<'_, '_> {
    /// The element that a range is at.
    fn element(&self, range: &Key) -> Option<&Name> {
        self.bound.iter().rev().find(|(key, _)| key == range).map(|(_, element)| element)
    }
}

/// A function of all elements: what it begins with, and what each of them makes of it.
struct Reducer {
    first: f64,
    step: fn(f64, f64) -> f64,
}

/// The clauses of an array, by what they speak of.
#[derive(Default)]
struct Clauses {
    /// Those of one element.
    of_elements: HashMap<Vec<Key>, Vec<usize>>,
    /// Those of ranges.
    of_ranges: Vec<usize>,
}

/// The variables of a file.
pub(crate) struct Constants<'a> {
    vars: HashMap<Key, &'a VarDef>,
    ranges: &'a Ranges,
    n_values: usize,
    /// What is known of scalars; nothing yet of those that are being computed.
    known: HashMap<Key, Value>,
    /// The variables whose equations have been looked at.
    looked_at: HashSet<Key>,
    /// The clauses of arrays that have been asked for, by where these are defined.
    clauses: HashMap<*const VarDef, Rc<Clauses>>,
}

impl<'a> Constants<'a> {
    /// Of these variables, some of which are `given` another number than their equation has.
    pub(crate) fn new(
        vars: &'a [VarDef],
        ranges: &'a Ranges,
        given: impl Iterator<Item = (&'static str, f64)>,
    ) -> Self {
        let vars = vars.iter().map(|var| (Key::new(&var.name.text), var)).collect();
        let known = given.map(|(name, value)| (Key::new(name), Value::number(value))).collect();
        Self { vars, ranges, n_values: 0, known, looked_at: HashSet::new(), clauses: HashMap::new() }
    }

    /// The scalar of a name.
    pub(crate) fn var(&self, name: &str) -> Option<&'a VarDef> {
        self.vars.get(&Key::new(name)).copied().filter(|def| def.dims.is_empty())
    }

    /// The variables whose equations have been looked at.
    pub(crate) fn into_looked_at(self) -> HashSet<Key> {
        self.looked_at
    }

    /// What is known of a scalar.
    pub(crate) fn value(&mut self, def: &'a VarDef) -> Value {
        self.value_at(def, &[], 0)
    }

    /// Of an element of a variable.
    fn value_at(&mut self, def: &'a VarDef, element: &[Name], depth: usize) -> Value {
        self.n_values += 1;
        let is_formula = matches!(def.kind, DefKind::Aux | DefKind::Flow) && def.series.is_none();
        if depth > MAX_DEPTH || self.n_values > MAX_VALUES || !is_formula || def.dims.len() != element.len() {
            return Value::unknown();
        }
        let Some(Part { equation: Some(equation), table, bound }) = self.part_of(def, element) else {
            return Value::unknown();
        };
        // A long equation counts as many.
        self.n_values += equation.nodes.len() / 64;
        let place = Place { equation, bound: &bound, is_reduced: false, depth };
        if !element.is_empty() {
            self.looked_at.insert(Key::new(&def.name.text));
            let value = self.fold(&place);
            return table.map_or(value, |table| self.table_at(table, value));
        }
        let key = Key::new(&def.name.text);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.looked_at.insert(key.clone());
        self.known.insert(key.clone(), Value::unknown());
        let value = self.fold(&place);
        let value = table.map_or(value, |table| self.table_at(table, value));
        self.known.insert(key, value);
        value
    }

    /// What the definition of a variable says of an element: the only clause that speaks of it.
    fn part_of(&mut self, def: &'a VarDef, element: &[Name]) -> Option<Part<'a>> {
        if element.is_empty() {
            return Some(Part { equation: def.equation.as_ref(), table: def.table.as_ref(), bound: Vec::new() });
        }
        if !def.list.is_empty() {
            let mut flat = 0;
            for (dim, name) in def.dims.iter().zip(element) {
                let range = self.ranges.find(&dim.text)?;
                flat = flat * range.elements.len() + range.position(&Key::new(&name.text))?;
            }
            return Some(Part { equation: def.list.get(flat), table: None, bound: Vec::new() });
        }
        let clauses = self.clauses_of(def);
        // Those of ranges are tried one after the other, so that many of them count as many values.
        self.n_values += clauses.of_ranges.len() / 16;
        if self.n_values > MAX_VALUES {
            return None;
        }
        let keys: Vec<Key> = element.iter().map(|name| Key::new(&name.text)).collect();
        let means = |subscript: &str, key: &Key| match self.ranges.find(subscript) {
            Some(range) => range.keys.contains(key),
            None => Key::new(subscript) == *key,
        };
        let all = |subscripts: &[simc_model::definition::Name]| {
            subscripts.iter().zip(&keys).all(|(subscript, key)| means(&subscript.text, key))
        };
        let own = clauses.of_elements.get(&keys).into_iter().flatten();
        let mut fitting = own
            .chain(&clauses.of_ranges)
            .map(|&clause| &def.elements[clause])
            .filter(|clause| all(&clause.subscripts) && !clause.except.iter().any(|except| all(except)));
        let (Some(clause), None) = (fitting.next(), fitting.next()) else { return None };
        let subscripts = clause.subscripts.iter().zip(element);
        let bound = subscripts.map(|(subscript, name)| (Key::new(&subscript.text), name.clone())).collect();
        Some(Part { equation: clause.equation.as_ref(), table: clause.table.as_ref(), bound })
    }

    /// The clauses of an array; they are sorted once.
    fn clauses_of(&mut self, def: &'a VarDef) -> Rc<Clauses> {
        let ranges = self.ranges;
        let sorted = self.clauses.entry(std::ptr::from_ref(def)).or_insert_with(|| {
            let mut clauses = Clauses::default();
            for (number, clause) in def.elements.iter().enumerate() {
                if clause.except.is_empty() && clause.subscripts.iter().all(|name| ranges.find(&name.text).is_none()) {
                    let keys = clause.subscripts.iter().map(|name| Key::new(&name.text)).collect();
                    clauses.of_elements.entry(keys).or_default().push(number);
                } else {
                    clauses.of_ranges.push(number);
                }
            }
            Rc::new(clauses)
        });
        Rc::clone(sorted)
    }

    fn fold(&mut self, place: &Place<'a, '_>) -> Value {
        self.fold_part(place, 0, place.equation.nodes.len())
    }

    /// The last of some nodes of an equation, which need none but one another.
    fn fold_part(&mut self, place: &Place<'a, '_>, first: usize, end: usize) -> Value {
        let mut values: Vec<Value> = Vec::with_capacity(end - first);
        // Where the operands of each node begin.
        let mut begins: Vec<usize> = Vec::with_capacity(end - first);
        for (index, node) in place.equation.nodes.iter().enumerate().take(end).skip(first) {
            let mut begin = index;
            let _ = node.kind.with_operands(|operand| {
                begin = begin.min(begins.get(operand as usize - first).copied().unwrap_or(index));
                operand
            });
            begins.push(begin);
            let at = |index: &u32| values[*index as usize - first];
            let value = match &node.kind {
                EquationKind::Number(value) => Value::number(*value),
                EquationKind::Reference(path, subscripts) => self.reference(path, subscripts, place),
                EquationKind::Unary(op, a) => match (op, at(a).known) {
                    (UnaryOp::Neg, Some(a)) => Value::number(-a),
                    (UnaryOp::Not, Some(a)) => Value::number(truth(a == 0.0)),
                    (_, None) => Value::unknown(),
                },
                EquationKind::Binary(op, a, b) => fold_binary(*op, at(a), at(b)),
                EquationKind::Call(path, arguments) => match (self.reducer(path), arguments.as_slice()) {
                    (Some(reducer), &[argument]) => {
                        let end = argument as usize + 1;
                        self.reduce(reducer, place, begins[argument as usize - first], end)
                    }
                    _ => {
                        let arguments: Vec<Value> = arguments.iter().map(at).collect();
                        self.call(path, &arguments, place, &node.kind)
                    }
                },
                EquationKind::SubscriptedCall(path, subscripts, arguments) => {
                    let arguments: Vec<Value> = arguments.iter().map(at).collect();
                    self.table_call(path, subscripts, &arguments, place)
                }
                EquationKind::If(..)
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
    fn reference(&mut self, path: &Path, subscripts: &[u32], place: &Place<'a, '_>) -> Value {
        if let ([range, element], []) = (path.parts.as_slice(), subscripts) {
            return self.position(&range.text, &element.text).map_or_else(Value::unknown, Value::number);
        }
        let [name] = path.parts.as_slice() else { return Value::unknown() };
        let key = Key::new(&name.text);
        let Some(&def) = self.vars.get(&key) else {
            // A range is the number of the element at hand.
            if let (Some(element), []) = (place.element(&key), subscripts) {
                return self.position(&name.text, &element.text).map_or_else(Value::unknown, Value::number);
            }
            if let (Some(known), []) = (self.known.get(&key), subscripts) {
                return *known;
            }
            let is_time = key == Key::new("Time") && subscripts.is_empty();
            return Value::at_most(is_time.then_some(f64::NEG_INFINITY));
        };
        match self.element(subscripts, place) {
            Some(element) => self.value_at(def, &element, place.depth + 1),
            None => Value::unknown(),
        }
    }

    /// The element that subscripts name: by its name, or by that of a range which is at one of its elements.
    fn element(&self, subscripts: &[u32], place: &Place<'a, '_>) -> Option<Vec<Name>> {
        let nodes = &place.equation.nodes;
        let named = |&subscript: &u32| {
            let node =
                if let EquationKind::Wildcard(range) = nodes[subscript as usize].kind { range? } else { subscript };
            let name = nodes[node as usize].kind.as_name()?.parts.last()?;
            match self.ranges.find(&name.text) {
                Some(_) => place.element(&Key::new(&name.text)).cloned(),
                None => Some(Name { text: name.text.clone(), span: name.span }),
            }
        };
        subscripts.iter().map(named).collect()
    }

    /// The reduction that a function is.
    fn reducer(&self, path: &Path) -> Option<Reducer> {
        let [name] = path.parts.as_slice() else { return None };
        let key = Key::new(&name.text);
        let reducer = match key.as_str() {
            "sum" => Reducer { first: 0.0, step: |a, b| a + b },
            "prod" => Reducer { first: 1.0, step: |a, b| a * b },
            "vmin" => Reducer { first: f64::INFINITY, step: f64::min },
            "vmax" => Reducer { first: f64::NEG_INFINITY, step: f64::max },
            _ => return None,
        };
        (!self.vars.contains_key(&key)).then_some(reducer)
    }

    /// What a reduction gives of the nodes from `begin` to `end`, over the ranges that they mark. One within another is not computed.
    fn reduce(&mut self, reducer: Reducer, place: &Place<'a, '_>, begin: usize, end: usize) -> Value {
        let nodes = &place.equation.nodes;
        let mut marked: Vec<(Key, &[Name])> = Vec::new();
        let mut seen: HashSet<Key> = HashSet::new();
        let mut n: usize = 1;
        for node in &nodes[begin..end] {
            let EquationKind::Wildcard(Some(range)) = node.kind else { continue };
            let name = nodes[range as usize].kind.as_name().and_then(|path| path.parts.last());
            let Some(range) = name.and_then(|name| self.ranges.find(&name.text)) else { return Value::unknown() };
            let key = Key::new(&range.name.text);
            if seen.insert(key.clone()) {
                n = n.saturating_mul(range.elements.len());
                marked.push((key, &range.elements));
            }
        }
        if place.is_reduced || marked.is_empty() || n > MAX_VALUES {
            return Value::unknown();
        }
        // Each name among the nodes may look through all ranges.
        let n_each = 1 + (end - begin) / 64 * (1 + marked.len() / 64);
        let mut reduced = reducer.first;
        for index in 0..n {
            let mut rest = index;
            let mut bound = place.bound.to_vec();
            for (key, elements) in marked.iter().rev() {
                bound.push((key.clone(), elements[rest % elements.len()].clone()));
                rest /= elements.len();
            }
            self.n_values += n_each;
            if self.n_values > MAX_VALUES {
                return Value::unknown();
            }
            let place = Place { bound: &bound, is_reduced: true, ..*place };
            let Some(value) = self.fold_part(&place, begin, end).known else { return Value::unknown() };
            reduced = (reducer.step)(reduced, value);
        }
        Value::number(reduced)
    }

    /// A lookup, or an element of an array of them, at a number.
    fn table_call(&mut self, path: &Path, subscripts: &[u32], arguments: &[Value], place: &Place<'a, '_>) -> Value {
        let ([name], &[x]) = (path.parts.as_slice(), arguments) else { return Value::unknown() };
        let def = self.vars.get(&Key::new(&name.text)).copied().filter(|def| def.kind == DefKind::Table);
        let element = self.element(subscripts, place);
        let Some((def, element)) = def.zip(element).filter(|(def, element)| def.dims.len() == element.len()) else {
            return Value::unknown();
        };
        let table = self.part_of(def, &element).and_then(|part| part.table);
        table.map_or_else(Value::unknown, |table| self.table_at(table, x))
    }

    /// The points of a lookup at a number, on lines between them and level beyond them. Many points count as many values.
    fn table_at(&mut self, table: &TableDef, x: Value) -> Value {
        let (Some(x), Some(xs)) = (x.known, &table.xs) else { return Value::unknown() };
        self.n_values += 1 + xs.len() / 64;
        if self.n_values > MAX_VALUES {
            return Value::unknown();
        }
        let points: Vec<[f64; 2]> = xs.iter().zip(&table.ys).map(|(&x, &y)| [x, y]).collect();
        if !lookup::are_points(&points) {
            return Value::unknown();
        }
        let mut block = vec![0.0; lookup::block_len(points.len())];
        lookup::encode_points(table.kind, &points, &mut block);
        Value::number(lookup::Table::new(table.kind, lookup::choose_search(xs), &block).eval(x))
    }

    /// The position of an element in a range, counted from 1.
    fn position(&self, range: &str, element: &str) -> Option<f64> {
        self.ranges.find(range)?.position(&Key::new(element)).map(|position| position as f64 + 1.0)
    }

    /// A function of the language, or a lookup.
    fn call(&mut self, path: &Path, arguments: &[Value], place: &Place<'a, '_>, call: &EquationKind) -> Value {
        let [name] = path.parts.as_slice() else { return Value::unknown() };
        let key = Key::new(&name.text);
        if self.vars.contains_key(&key) {
            return self.table_call(path, &[], arguments, place);
        }
        match (key.as_str(), arguments) {
            ("if_then_else", &[condition, then, otherwise]) => match condition.known {
                Some(condition) => {
                    if condition == 0.0 {
                        otherwise
                    } else {
                        then
                    }
                }
                None => Value::at_most(then.most.zip(otherwise.most).map(|(a, b)| a.max(b))),
            },
            ("max" | "min", &[a, b]) => {
                let is_max = key.as_str() == "max";
                match (a.known, b.known) {
                    (Some(a), Some(b)) => Value::number(if is_max { a.max(b) } else { a.min(b) }),
                    _ if is_max => Value::at_most(a.most.zip(b.most).map(|(a, b)| a.max(b))),
                    _ => Value::at_most(match (a.most, b.most) {
                        (Some(a), Some(b)) => Some(a.min(b)),
                        (a, b) => a.or(b),
                    }),
                }
            }
            ("elmcount", [_]) => {
                let EquationKind::Call(_, nodes) = call else { return Value::unknown() };
                let range = nodes.first().and_then(|&node| place.equation.nodes[node as usize].kind.as_name());
                let range = range.and_then(|path| path.parts.last());
                let range = range.and_then(|name| self.ranges.find(&name.text));
                range.map_or_else(Value::unknown, |range| Value::number(range.elements.len() as f64))
            }
            (function, arguments) => {
                let arguments: Option<Vec<f64>> = arguments.iter().map(|argument| argument.known).collect();
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
