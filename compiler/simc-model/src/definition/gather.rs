//! Arrays whose clauses hold for elements that are not side by side.
//!
//! A clause becomes a loop over each run of neighbours among its elements, so that one for every second of a hundred elements would
//! become fifty copies of its equation. Here such an array gets another one beside it that nobody sees: its dimensions have the same
//! elements, those of each clause next to one another. The equations move there, and the array reads it by one equation for all
//! of its elements, through a table of their places.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::{
    DefKind, Definition, DimDef, DimElements, ElementDef, Equation, EquationKind, EquationNode, Name, Path, VarDef,
};
use crate::builtin::{self, Dialect, Meaning, MemoryFn};
use crate::diagnostic::Diagnostic;
use crate::name::Key;
use crate::source::Span;

/// How many loops less are worth an array more.
const LEAST_SAVING: usize = 16;

/// How many elements all clauses of an array may speak of for them to be looked at.
const MAX_MENTIONS: usize = 1 << 20;

/// The same definition with arrays beside those that are scattered; nothing when there is none. In other languages than Vensim's a
/// subscript may be a number, which would be that of another element there.
pub fn gather(file: &Definition) -> Option<Definition> {
    if file.dialect != Dialect::Vensim {
        return None;
    }
    let scattered = Gatherer::new(file).scattered()?;
    let mut made = file.clone();
    let mut taken: HashSet<Key> = made.dims.iter().map(|dim| Key::new(&dim.name.text)).collect();
    for (model, var, orders) in scattered.into_iter().rev() {
        let vars = &mut made.models[model].vars;
        let own = std::mem::replace(
            &mut vars[var],
            VarDef::new(file.models[model].vars[var].name.clone(), DefKind::Aux, Span::default()),
        );
        let mut dims = Vec::with_capacity(own.dims.len());
        for (dim, order) in own.dims.iter().zip(orders) {
            let Some(elements) = order else {
                dims.push(dim.clone());
                continue;
            };
            let name = fresh(&format!("{}{SUFFIX}", dim.text), dim.span, &mut taken);
            made.dims.push(DimDef {
                name: name.clone(),
                elements: DimElements::Named(elements),
                maps_to: Vec::new(),
                span: dim.span,
            });
            dims.push(name);
        }
        let mut names: HashSet<Key> = vars.iter().map(|var| Key::new(&var.name.text)).collect();
        let name = fresh(&format!("{}{SUFFIX}", own.name.text), own.name.span, &mut names);
        let (whole, beside) = divide(own, name, dims);
        vars[var] = whole;
        vars.push(beside);
    }
    Some(made)
}

/// What the names of arrays and dimensions that are made end with.
const SUFFIX: &str = ": gathered";

/// Whether a diagnostic speaks of something that is made here.
pub fn speaks_of(diagnostic: &Diagnostic) -> bool {
    let labels = diagnostic.labels.iter().map(|label| label.text.as_str());
    let texts = [diagnostic.message.as_str(), diagnostic.label.as_str()].into_iter().chain(labels);
    texts.chain(diagnostic.hint.as_deref()).chain(diagnostic.variable.as_deref()).any(|text| text.contains(SUFFIX))
}

/// The array with one equation for all of its elements, and the one that it reads.
fn divide(mut own: VarDef, name: Name, dims: Vec<Name>) -> (VarDef, VarDef) {
    let mut beside = VarDef::new(name.clone(), DefKind::Aux, own.span);
    (beside.dims, beside.units) = (dims, own.units.clone());
    (beside.is_implied, beside.is_partial) = (true, own.is_partial);
    let clauses = std::mem::take(&mut own.elements);
    let has_constants = clauses.iter().any(is_constant);
    for clause in clauses {
        if is_constant(&clause) {
            own.elements.push(clause);
            continue;
        }
        if has_constants {
            let equation = Some(read(&name, &clause.subscripts, clause.span));
            own.elements.push(ElementDef { equation, table: None, ..clause.clone() });
        }
        beside.elements.push(clause);
    }
    if !has_constants {
        let equation = Some(read(&name, &own.dims, own.span));
        own.elements.push(ElementDef::new(own.dims.clone(), equation, own.span));
    }
    (own, beside)
}

/// A name that none of the others is.
fn fresh(text: &str, span: Span, taken: &mut HashSet<Key>) -> Name {
    let mut text = text.to_owned();
    while !taken.insert(Key::new(&text)) {
        text.push('\'');
    }
    Name { text, span }
}

/// The elements of an array that subscripts name.
fn read(name: &Name, subscripts: &[Name], span: Span) -> Equation {
    let path = |name: &Name| Path { absolute: false, parts: vec![Name { span, ..name.clone() }], span };
    let mut nodes: Vec<EquationNode> = subscripts
        .iter()
        .map(|name| EquationNode { kind: EquationKind::Reference(path(name), Vec::new()), span })
        .collect();
    let all = (0..).zip(subscripts).map(|(index, _)| index).collect();
    nodes.push(EquationNode { kind: EquationKind::Reference(path(name), all), span });
    Equation { nodes, span }
}

/// Whether an equation may be one that a host can set. Such a one stays where its variable is.
fn is_constant(clause: &ElementDef) -> bool {
    clause.equation.as_ref().is_some_and(|equation| {
        !equation.nodes.iter().any(|node| {
            matches!(
                node.kind,
                EquationKind::Reference(..) | EquationKind::Call(..) | EquationKind::SubscriptedCall(..)
            )
        })
    })
}

/// For each dimension of an array its elements in another order, where that is better.
type Orders = Vec<Option<Vec<Name>>>;

/// Where each element of a dimension is.
type Places = Rc<HashMap<Key, u32>>;

struct Gatherer<'a> {
    file: &'a Definition,
    dims: HashMap<Key, &'a [Name]>,
    /// The places of the dimensions that have been looked at.
    places: RefCell<HashMap<Key, Places>>,
}

impl<'a> Gatherer<'a> {
    fn new(file: &'a Definition) -> Self {
        let mut dims: HashMap<Key, &[Name]> = HashMap::new();
        for dim in &file.dims {
            if let DimElements::Named(elements) = &dim.elements {
                dims.entry(Key::new(&dim.name.text)).or_insert(elements);
            }
        }
        Self { file, dims, places: RefCell::default() }
    }

    /// The arrays that are scattered, by their models and places, in order.
    fn scattered(&self) -> Option<Vec<(usize, usize, Orders)>> {
        let mut found = Vec::new();
        for (at, model) in self.file.models.iter().enumerate() {
            let names = OnceCell::new();
            let is_var = |key: &Key| {
                let names: &HashSet<Key> =
                    names.get_or_init(|| model.vars.iter().map(|var| Key::new(&var.name.text)).collect());
                names.contains(key)
            };
            for (position, def) in model.vars.iter().enumerate() {
                if let Some(orders) = self.orders(def).filter(|_| self.is_movable(def, &is_var)) {
                    found.push((at, position, orders));
                }
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// Whether the equations of an array mean the same in another one.
    fn is_movable(&self, def: &VarDef, is_var: &impl Fn(&Key) -> bool) -> bool {
        let is_plain = matches!(def.kind, DefKind::Aux | DefKind::Flow | DefKind::Stock)
            && (def.equation.is_none() && def.list.is_empty() && def.table.is_none() && def.series.is_none())
            && (def.transport.is_none() && def.leak.is_none() && def.spread.is_none() && def.multiplier.is_none())
            && (!def.overflow && !def.reported && def.access.is_none() && def.thresholds.is_empty());
        let is_clause = |clause: &ElementDef| {
            !clause.has_initial
                && clause.thresholds.is_empty()
                && clause.non_negative.is_none()
                && clause.equation.is_some()
        };
        if !is_plain || !def.elements.iter().all(is_clause) {
            return false;
        }
        let equations = def.elements.iter().filter_map(|clause| clause.equation.as_ref());
        let mut nodes = equations.flat_map(|equation| &equation.nodes);
        nodes.all(|node| match &node.kind {
            EquationKind::Call(path, _) => self.is_same_anywhere(path, is_var),
            EquationKind::Number(_)
            | EquationKind::Reference(..)
            | EquationKind::SubscriptedCall(..)
            | EquationKind::Unary(..)
            | EquationKind::Binary(..)
            | EquationKind::If(..)
            | EquationKind::Wildcard(_)
            | EquationKind::Range(..)
            | EquationKind::Position(_)
            | EquationKind::Transpose(_)
            | EquationKind::InnerProduct(..) => true,
        })
    }

    /// Whether a call gives the same wherever it is. A random number follows from the name of its variable and the number of the
    /// element, a function of a whole vector from the dimension, and what a macro holds is not looked at.
    fn is_same_anywhere(&self, path: &Path, is_var: &impl Fn(&Key) -> bool) -> bool {
        let [name] = path.parts.as_slice() else { return false };
        let key = Key::new(&name.text);
        if self.file.macros.iter().any(|known| Key::new(&known.name.text) == key) {
            return false;
        }
        match builtin::find(self.file.dialect, &key).map(|builtin| builtin.meaning) {
            None => is_var(&key),
            Some(
                Meaning::Draw(_)
                | Meaning::VensimDraw(_)
                | Meaning::Memory(MemoryFn::PinkNoise)
                | Meaning::Vector(_)
                | Meaning::Rank
                | Meaning::Own
                | Meaning::Transport(_)
                | Meaning::Unsupported,
            ) => false,
            Some(_) => true,
        }
    }

    fn places(&self, dim: Key, elements: &[Name]) -> Places {
        let all = || (0..).zip(elements).map(|(place, name)| (Key::new(&name.text), place)).collect();
        Rc::clone(self.places.borrow_mut().entry(dim).or_insert_with(|| Rc::new(all())))
    }

    /// For each dimension of an array whose clauses are scattered its elements in another order; nothing where that saves little.
    fn orders(&self, def: &VarDef) -> Option<Orders> {
        let is_simple = |clause: &ElementDef| clause.except.is_empty();
        if def.elements.len() < 2 && def.elements.iter().all(is_simple) {
            return None;
        }
        let mut axes: Vec<Axis<'_>> = Vec::with_capacity(def.dims.len());
        for dim in &def.dims {
            let key = Key::new(&dim.text);
            let elements = *self.dims.get(&key)?;
            axes.push(Axis::new(elements, self.places(key, elements)));
        }
        let mut n_mentions = 0;
        for clause in &def.elements {
            for subscripts in clause.except.iter().chain([&clause.subscripts]) {
                if subscripts.len() != axes.len() {
                    return None;
                }
                for (subscript, axis) in subscripts.iter().zip(&mut axes) {
                    n_mentions += axis.mention(subscript, &self.dims);
                    if n_mentions > MAX_MENTIONS {
                        return None;
                    }
                }
            }
        }
        axes.iter_mut().for_each(Axis::arrange);
        let n_loops = |is_arranged: bool| -> usize {
            let moved = def.elements.iter().filter(|clause| !is_constant(clause));
            let runs = |clause: &ElementDef| -> usize {
                let along = clause.subscripts.iter().zip(&axes);
                let runs = along.map(|(subscript, axis)| axis.runs(subscript, is_arranged, !is_simple(clause)));
                runs.fold(1, usize::saturating_mul)
            };
            moved.map(runs).fold(0, usize::saturating_add)
        };
        if n_loops(false) < n_loops(true).saturating_add(LEAST_SAVING) {
            return None;
        }
        Some(axes.into_iter().map(Axis::into_order).collect())
    }
}

/// Elements of a dimension.
struct Part {
    /// Their places, ascending.
    places: Vec<u32>,
    /// How many runs of neighbours they are: as they are and in the new order, and of each where a run ends with what is in the same parts.
    runs: [[usize; 2]; 2],
}

/// A dimension of an array with the parts of it that clauses name.
struct Axis<'a> {
    elements: &'a [Name],
    places: Places,
    /// The parts by their names.
    parts: HashMap<Key, Part>,
    /// For each element, by its place, which parts it is in.
    within: Vec<Vec<u32>>,
    /// The places in their new order.
    order: Vec<u32>,
}

impl<'a> Axis<'a> {
    fn new(elements: &'a [Name], places: Places) -> Self {
        Self { elements, places, parts: HashMap::new(), within: vec![Vec::new(); elements.len()], order: Vec::new() }
    }

    /// Notes a part, and gives the number of its elements if it is new.
    fn mention(&mut self, subscript: &Name, dims: &HashMap<Key, &[Name]>) -> usize {
        let key = Key::new(&subscript.text);
        if self.parts.contains_key(&key) {
            return 1;
        }
        let mut part: Vec<u32> = match (self.places.get(&key), dims.get(&key)) {
            (Some(&place), _) => vec![place],
            (None, Some(range)) => {
                range.iter().filter_map(|name| self.places.get(&Key::new(&name.text)).copied()).collect()
            }
            (None, None) => (0..).zip(self.elements).map(|(place, _)| place).collect(),
        };
        part.sort_unstable();
        let n = part.len() + 1;
        self.parts.insert(key, Part { places: part, runs: [[1; 2]; 2] });
        n
    }

    /// Puts elements side by side that are in the same parts, those of a greater part around those of one within it.
    fn arrange(&mut self) {
        let mut parts: Vec<(&Key, &mut Part)> = self.parts.iter_mut().collect();
        parts.sort_by(|(a, these), (b, those)| those.places.len().cmp(&these.places.len()).then(a.cmp(b)));
        for (number, (_, part)) in (0..).zip(&parts) {
            for &place in &part.places {
                self.within[place as usize].push(number);
            }
        }
        let mut order: Vec<u32> = (0..).zip(self.elements).map(|(place, _)| place).collect();
        order.sort_by(|&a, &b| self.within[a as usize].cmp(&self.within[b as usize]));
        let mut arranged: Vec<u32> = vec![0; order.len()];
        for (at, &place) in (0..).zip(&order) {
            arranged[place as usize] = at;
        }
        for (_, part) in parts {
            let as_they_are = part.places.iter().map(|&place| (place, place));
            let mut in_order: Vec<(u32, u32)> =
                part.places.iter().map(|&place| (arranged[place as usize], place)).collect();
            in_order.sort_unstable();
            part.runs = [count_runs(as_they_are, &self.within), count_runs(in_order.into_iter(), &self.within)];
        }
        self.order = order;
    }

    /// How many runs of neighbours a part consists of; where exceptions cut it, of those that are in the same parts.
    fn runs(&self, subscript: &Name, is_arranged: bool, is_cut: bool) -> usize {
        let part = self.parts.get(&Key::new(&subscript.text));
        part.map_or(1, |part| part.runs[usize::from(is_arranged)][usize::from(is_cut)])
    }

    /// The elements in their new order, if it is one.
    fn into_order(self) -> Option<Vec<Name>> {
        let is_new = !self.order.is_sorted();
        is_new.then(|| self.order.iter().map(|&place| self.elements[place as usize].clone()).collect())
    }
}

/// How many runs of neighbours there are among elements that are given with where each is, and how many of those in the same parts.
fn count_runs(elements: impl Iterator<Item = (u32, u32)>, within: &[Vec<u32>]) -> [usize; 2] {
    let mut runs = [0; 2];
    let mut before: Option<(u32, u32)> = None;
    for (at, place) in elements {
        let neighbour = before.filter(|&(before, _)| before + 1 == at);
        let is_alike = neighbour.is_some_and(|(_, before)| within[before as usize] == within[place as usize]);
        runs[0] += usize::from(neighbour.is_none());
        runs[1] += usize::from(!is_alike);
        before = Some((at, place));
    }
    runs.map(|n| n.max(1))
}

#[cfg(test)]
mod tests;
