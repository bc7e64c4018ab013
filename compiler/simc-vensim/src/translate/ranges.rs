//! Subscript ranges: what each consists of, which elements there are, and the dimensions that they become.

use std::collections::{HashMap, HashSet};

use simc_model::definition::{DimDef, DimElements, MappingDef, Name as NeutralName};

use crate::ast::{self, Body, Name, RangeItem};
use crate::code;
use crate::translate::neutral;
use simc_model::diagnostic::Diagnostic;
use simc_model::name::Key;
use simc_model::source::Span;

/// How many elements all ranges may have together.
const MAX_ELEMENTS: usize = 1 << 20;

/// A subscript range.
pub(crate) struct Range {
    /// The name.
    pub(crate) name: Name,
    /// Its elements in order.
    pub(crate) elements: Vec<Name>,
    /// The keys of its elements.
    pub(crate) keys: HashSet<Key>,
    /// Where each of them is among the elements.
    positions: HashMap<Key, usize>,
    mappings: Vec<MappingDef>,
}

impl Range {
    /// Where an element is, counted from 0.
    pub(crate) fn position(&self, element: &Key) -> Option<usize> {
        self.positions.get(element).copied()
    }
}

/// All subscript ranges of a model.
#[derive(Default)]
pub(crate) struct Ranges {
    ranges: Vec<Range>,
    by_name: HashMap<Key, usize>,
    /// The ranges that hold an element, in the order of the file.
    of_element: HashMap<Key, Vec<usize>>,
    /// Dimensions made for variables that are defined for a part of every range, by their elements.
    made: HashMap<Vec<Key>, Name>,
    made_dims: Vec<DimDef>,
    /// Where each of them is, by its name.
    made_at: HashMap<String, usize>,
    /// How often each name was given to a dimension that was made.
    made_names: HashMap<String, usize>,
}

/// A range as the file has it.
struct Written<'a> {
    name: &'a Name,
    items: &'a [RangeItem],
    mappings: &'a [ast::Mapping],
}

impl Ranges {
    /// Reads all ranges of a file; `names` gives those that a call reads from another file. What is at fault is reported and
    /// left out.
    pub(crate) fn read(file: &ast::File, names: &mut NamesOf<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut written: Vec<Written<'_>> = Vec::new();
        let mut index: HashMap<Key, usize> = HashMap::new();
        let mut aliases: Vec<(&Name, &Name)> = Vec::new();
        for definition in &file.entries {
            match &definition.body {
                Body::Range(range) => {
                    let key = Key::new(&range.name.text);
                    if let Some(&first) = index.get(&key) {
                        diagnostics.push(twice(&range.name, written[first].name.span));
                        continue;
                    }
                    index.insert(key, written.len());
                    written.push(Written { name: &range.name, items: &range.elements, mappings: &range.mappings });
                }
                Body::Equivalence { alias, range } => aliases.push((alias, range)),
                Body::Variable(_) | Body::RealityCheck { .. } | Body::TestInput { .. } => {}
            }
        }
        let mut ranges = Self::default();
        let mut expanded =
            Expanded { written: &written, index: &index, done: HashMap::new(), n_elements: 0, is_full: false, names };
        for (position, range) in written.iter().enumerate() {
            let elements = expanded.expand(position, diagnostics);
            ranges.push(range.name.clone(), elements);
        }
        let mut n_elements = expanded.n_elements;
        for (alias, target) in in_order(&aliases) {
            n_elements += ranges.find(&target.text).map_or(0, |range| range.elements.len());
            if n_elements > MAX_ELEMENTS {
                diagnostics.push(too_many(alias.span));
                break;
            }
            match ranges.find(&target.text).map(|range| range.elements.clone()) {
                Some(elements) => ranges.push(alias.clone(), elements),
                None => diagnostics.push(unknown_range(target)),
            }
        }
        for range in &written {
            let mappings = range.mappings.iter();
            let mappings: Vec<MappingDef> =
                mappings.filter_map(|mapping| ranges.mapping(range, mapping, diagnostics)).collect();
            let index = ranges.by_name[&Key::new(&range.name.text)];
            ranges.ranges[index].mappings = mappings;
        }
        ranges
    }

    fn push(&mut self, name: Name, elements: Vec<Name>) {
        let index = self.ranges.len();
        if self.by_name.contains_key(&Key::new(&name.text)) {
            return;
        }
        let keys: HashSet<Key> = elements.iter().map(|element| Key::new(&element.text)).collect();
        for key in &keys {
            self.of_element.entry(key.clone()).or_default().push(index);
        }
        self.by_name.insert(Key::new(&name.text), index);
        let positions = elements.iter().map(|element| Key::new(&element.text)).zip(0..).collect();
        self.ranges.push(Range { name, elements, keys, positions, mappings: Vec::new() });
    }

    /// The range of a name.
    pub(crate) fn find(&self, name: &str) -> Option<&Range> {
        self.by_name.get(&Key::new(name)).map(|&index| &self.ranges[index])
    }

    /// Whether a name is that of an element.
    pub(crate) fn is_element(&self, name: &str) -> bool {
        self.of_element.contains_key(&Key::new(name))
    }

    /// The first range that holds an element.
    pub(crate) fn range_of(&self, element: &str) -> Option<&Range> {
        self.of_element.get(&Key::new(element)).and_then(|found| found.first()).map(|&index| &self.ranges[index])
    }

    /// The elements that a subscript of a left side means: those of a range, or one.
    pub(crate) fn elements_of<'a>(&'a self, subscript: &'a Name) -> Option<&'a [Name]> {
        match self.find(&subscript.text) {
            Some(range) => Some(&range.elements),
            None => self.is_element(&subscript.text).then_some(std::slice::from_ref(subscript)),
        }
    }

    /// The dimension of a variable whose left sides name these ranges and elements in one place: a range of exactly their
    /// elements, one of the left sides' own first, or a dimension made for it.
    pub(crate) fn dimension(&mut self, subscripts: &[&Name]) -> Option<Name> {
        // One range alone needs no look at its elements, of which there may be many in many arrays.
        let first = Key::new(&subscripts.first()?.text);
        if subscripts[1..].iter().all(|subscript| Key::new(&subscript.text) == first)
            && let Some(range) = self.find(first.as_str())
        {
            return Some(range.name.clone());
        }
        let mut wanted: HashSet<Key> = HashSet::new();
        let mut order: Vec<Name> = Vec::new();
        for subscript in subscripts {
            for element in self.elements_of(subscript)? {
                if wanted.insert(Key::new(&element.text)) {
                    order.push(element.clone());
                }
            }
        }
        let own = subscripts.iter().filter_map(|subscript| self.find(&subscript.text));
        if let Some(range) = own.into_iter().find(|range| range.keys.len() == wanted.len()) {
            return Some(range.name.clone());
        }
        // A dimension of one element needs none of the ranges around it.
        let candidates = order.first().and_then(|first| self.of_element.get(&Key::new(&first.text)));
        let around: Vec<&Range> = candidates
            .into_iter()
            .flatten()
            .map(|&index| &self.ranges[index])
            .filter(|range| wanted.is_subset(&range.keys))
            .collect();
        let around = self.closest(around, subscripts);
        if let Some(range) = around.filter(|range| range.keys.len() == wanted.len()) {
            return Some(range.name.clone());
        }
        let family = around.map_or("elements", |range| range.name.text.as_str()).to_owned();
        if let Some(range) = around {
            order =
                range.elements.iter().filter(|element| wanted.contains(&Key::new(&element.text))).cloned().collect();
        }
        let keys: Vec<Key> = order.iter().map(|element| Key::new(&element.text)).collect();
        if let Some(known) = self.made.get(&keys) {
            return Some(known.clone());
        }
        let text = format!("{family}: {}", shown(&order));
        let count = self.made_names.entry(text.clone()).or_default();
        *count += 1;
        let text = if *count == 1 { text } else { format!("{text} ({count})") };
        let name = Name { text, span: subscripts.first()?.span };
        self.made_at.insert(name.text.clone(), self.made_dims.len());
        self.made_dims.push(DimDef {
            name: neutral(&name),
            elements: DimElements::Named(order.iter().map(neutral).collect()),
            maps_to: Vec::new(),
            span: name.span,
        });
        self.made.insert(keys, name.clone());
        Some(name)
    }

    /// The shortest of some ranges. Of several the one in whose order the ranges among these subscripts are, and then the one whose elements
    /// come first by their names: which definition comes first in the file says nothing.
    fn closest<'r>(&'r self, mut around: Vec<&'r Range>, subscripts: &[&Name]) -> Option<&'r Range> {
        let least = around.iter().map(|range| range.keys.len()).min()?;
        around.retain(|range| range.keys.len() == least);
        let (first, others) = around.split_first()?;
        let is_same = |range: &&Range| range.elements.iter().zip(&first.elements).all(|(a, b)| a.text == b.text);
        if others.iter().all(is_same) {
            return Some(first);
        }
        let rises = |of: &Range, within: &Range| {
            of.elements.iter().map(|element| within.position(&Key::new(&element.text))).is_sorted()
        };
        let keys =
            |range: &Range| -> Vec<Key> { range.elements.iter().map(|element| Key::new(&element.text)).collect() };
        around.sort_by_cached_key(|range| {
            let own = subscripts.iter().filter_map(|subscript| self.find(&subscript.text));
            (own.filter(|own| !rises(own, range)).count(), keys(range))
        });
        around.first().copied()
    }

    /// Whether two ranges have to do with each other: they are the same, share elements, or one maps to the other.
    pub(crate) fn are_related(&self, a: &str, b: &str) -> bool {
        let maps = |from: &Range, to: &Range| {
            from.mappings.iter().any(|mapping| Key::new(&mapping.to.text) == Key::new(&to.name.text))
        };
        let (Some(a), Some(b)) = (self.find(a), self.find(b)) else { return false };
        !a.keys.is_disjoint(&b.keys) || maps(a, b) || maps(b, a)
    }

    /// The elements of a dimension: of a range, or of one that was made for variables.
    pub(crate) fn elements_of_dimension(&self, dim: &Name) -> Vec<Name> {
        if let Some(range) = self.find(&dim.text) {
            return range.elements.clone();
        }
        let made = self.made_at.get(&dim.text).map(|&at| &self.made_dims[at]);
        match made.map(|made| &made.elements) {
            Some(DimElements::Named(names)) => {
                names.iter().map(|name| Name { text: name.text.clone(), span: name.span }).collect()
            }
            Some(DimElements::Size(_)) | None => Vec::new(),
        }
    }

    /// All dimensions: the ranges, and those made for variables.
    pub(crate) fn into_dims(self) -> Vec<DimDef> {
        let dims = self.ranges.into_iter().map(|range| DimDef {
            elements: DimElements::Named(range.elements.iter().map(neutral).collect()),
            maps_to: range.mappings,
            span: range.name.span,
            name: neutral(&range.name),
        });
        dims.chain(self.made_dims).collect()
    }

    /// What a range maps to; what is at fault is reported.
    fn mapping(
        &self,
        range: &Written<'_>,
        mapping: &ast::Mapping,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<MappingDef> {
        let own = self.find(&range.name.text)?.elements.len();
        let Some(target) = self.find(&mapping.range.text) else {
            diagnostics.push(unknown_range(&mapping.range));
            return None;
        };
        let to = neutral(&mapping.range);
        let Some(items) = &mapping.elements else {
            if target.elements.len() != own {
                diagnostics.push(uneven(range.name, own, &mapping.range, target.elements.len(), mapping.range.span));
                return None;
            }
            return Some(MappingDef { to, elements: Vec::new() });
        };
        let mut elements: Vec<Vec<NeutralName>> = Vec::with_capacity(items.len());
        let (mut n_named, mut n_items) = (0, 0);
        for item in items {
            match item {
                RangeItem::Name(name) => match self.elements_of(name) {
                    Some(found) if n_named + found.len() > MAX_ELEMENTS => {
                        diagnostics.push(too_many(name.span));
                        return None;
                    }
                    Some(found) => elements.push(found.iter().map(neutral).collect()),
                    None => {
                        diagnostics.push(unknown_element(name));
                        return None;
                    }
                },
                RangeItem::Sequence(first, last) => match sequence(first, last) {
                    Some(names) if n_named + names.len() <= MAX_ELEMENTS => {
                        elements.extend(names.map(|name| vec![neutral(&name)]));
                    }
                    Some(_) => {
                        diagnostics.push(too_many(first.span.to(last.span)));
                        return None;
                    }
                    None => {
                        diagnostics.push(no_sequence(first, last));
                        return None;
                    }
                },
                RangeItem::Call(_) => return None,
            }
            n_named += elements[n_items..].iter().map(Vec::len).sum::<usize>();
            n_items = elements.len();
        }
        if elements.len() != own {
            // A range within the list stands for its elements.
            elements = elements.into_iter().flatten().map(|name| vec![name]).collect();
        }
        if elements.len() != own {
            diagnostics.push(uneven(range.name, own, &mapping.range, elements.len(), mapping.range.span));
            return None;
        }
        Some(MappingDef { to, elements })
    }
}

/// Equivalences, each after the one that it is to, if there is one. Of several for one name the first counts.
fn in_order<'a>(aliases: &[(&'a Name, &'a Name)]) -> Vec<(&'a Name, &'a Name)> {
    let mut of_name: HashMap<Key, usize> = HashMap::new();
    for (position, (alias, _)) in aliases.iter().enumerate() {
        of_name.entry(Key::new(&alias.text)).or_insert(position);
    }
    let mut is_done = vec![false; aliases.len()];
    let mut ordered = Vec::with_capacity(aliases.len());
    for first in 0..aliases.len() {
        let mut chain = Vec::new();
        let mut next = Some(first);
        while let Some(position) = next.filter(|&position| !is_done[position]) {
            is_done[position] = true;
            chain.push(aliases[position]);
            next = of_name.get(&Key::new(&aliases[position].1.text)).copied();
        }
        ordered.extend(chain.into_iter().rev());
    }
    ordered
}

/// The names of elements that a call reads from another file.
pub(crate) type NamesOf<'n> =
    dyn FnMut(&ast::Equation, &mut Vec<Diagnostic>) -> Result<Vec<Name>, Box<Diagnostic>> + 'n;

/// Ranges as far as they have been expanded.
struct Expanded<'w, 'a, 'n> {
    written: &'w [Written<'a>],
    index: &'w HashMap<Key, usize>,
    done: HashMap<usize, Vec<Name>>,
    n_elements: usize,
    /// Whether there are too many elements, which has been reported.
    is_full: bool,
    names: &'w mut NamesOf<'n>,
}

/// A range that is being expanded.
struct Open {
    range: usize,
    /// The item that is next.
    at: usize,
    elements: Vec<Name>,
    seen: HashSet<Key>,
}

impl Open {
    fn new(range: usize) -> Self {
        Self { range, at: 0, elements: Vec::new(), seen: HashSet::new() }
    }

    fn push(&mut self, element: Name) {
        if self.seen.insert(Key::new(&element.text)) {
            self.elements.push(element);
        }
    }
}

impl Expanded<'_, '_, '_> {
    /// The elements of a range: each once, in the order of their first mention. Ranges within it are expanded before it.
    fn expand(&mut self, range: usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<Name> {
        let mut open = vec![Open::new(range)];
        let mut is_open: HashSet<usize> = HashSet::from([range]);
        while let Some(mut top) = open.pop() {
            if self.done.contains_key(&top.range) {
                continue;
            }
            match self.go_on(&mut top, &is_open, diagnostics) {
                Some(inner) => {
                    is_open.insert(inner);
                    open.extend([top, Open::new(inner)]);
                }
                None => {
                    is_open.remove(&top.range);
                    self.finish(top, diagnostics);
                }
            }
        }
        self.done.get(&range).cloned().unwrap_or_default()
    }

    /// Takes the items of a range up to the end, or to a range within that has to be expanded first.
    fn go_on(&mut self, top: &mut Open, is_open: &HashSet<usize>, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
        let items = self.written[top.range].items;
        while let Some(item) = items.get(top.at) {
            match item {
                RangeItem::Name(name) => match self.index.get(&Key::new(&name.text)).copied() {
                    None => top.push(name.clone()),
                    Some(inner) if is_open.contains(&inner) => {
                        let message = format!("subscript range `{}` contains itself", self.written[inner].name.text);
                        let hint = if name.text == self.written[inner].name.text {
                            "a range consists of elements and of other ranges, which do not lead back to it"
                        } else {
                            "names are the same when only case, spaces and underscores differ: \
                             give the element or the range another one"
                        };
                        diagnostics.push(Diagnostic::error(code::BAD_RANGE, name.span, message).with_hint(hint));
                    }
                    Some(inner) => match self.done.get(&inner) {
                        Some(known) if self.n_elements + top.elements.len() > MAX_ELEMENTS => {
                            if !known.is_empty() {
                                self.report_full(name.span, diagnostics);
                            }
                        }
                        Some(known) => known.iter().cloned().for_each(|element| top.push(element)),
                        None => return Some(inner),
                    },
                },
                RangeItem::Sequence(first, last) => match sequence(first, last) {
                    Some(names) if self.n_elements + top.elements.len() + names.len() <= MAX_ELEMENTS => {
                        names.for_each(|element| top.push(element));
                    }
                    Some(_) => self.report_full(first.span.to(last.span), diagnostics),
                    None => diagnostics.push(no_sequence(first, last)),
                },
                RangeItem::Call(call) => match (self.names)(call, diagnostics) {
                    Ok(names) => names.into_iter().for_each(|element| top.push(element)),
                    Err(error) => diagnostics.push(*error),
                },
            }
            top.at += 1;
        }
        None
    }

    /// Reports, once, that the ranges have too many elements.
    fn report_full(&mut self, span: Span, diagnostics: &mut Vec<Diagnostic>) {
        if !std::mem::replace(&mut self.is_full, true) {
            diagnostics.push(too_many(span));
        }
    }

    /// Notes what a range consists of, as long as all of them together are not too large.
    fn finish(&mut self, mut range: Open, diagnostics: &mut Vec<Diagnostic>) {
        self.n_elements += range.elements.len();
        if self.n_elements > MAX_ELEMENTS {
            self.report_full(self.written[range.range].name.span, diagnostics);
            self.n_elements -= range.elements.len();
            range.elements = Vec::new();
        }
        self.done.insert(range.range, range.elements);
    }
}

/// The names from the first to the last: the same text before their numbers, which ascend.
fn sequence(first: &Name, last: &Name) -> Option<impl ExactSizeIterator<Item = Name>> {
    let split = |text: &str| {
        let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (prefix, number) = text.split_at(text.len() - digits);
        Some((prefix.to_owned(), number.parse::<u32>().ok()?, number.len()))
    };
    // Zeros before the first number stand before all that are shorter.
    let ((prefix, low, width), (other, high, _)) = (split(&first.text)?, split(&last.text)?);
    if Key::new(&prefix) != Key::new(&other) || low > high {
        return None;
    }
    let span = first.span;
    let count = high.checked_sub(low)?.checked_add(1)?;
    Some((0..count).map(move |at| Name { text: format!("{prefix}{:0width$}", low + at), span }))
}

fn no_sequence(first: &Name, last: &Name) -> Diagnostic {
    let message = format!("`({}-{})` is no sequence of elements", first.text, last.text);
    let hint = "both ends have the same name before their numbers, the lower one first: `(a1-a9)`";
    Diagnostic::error(code::BAD_RANGE, first.span.to(last.span), message).with_hint(hint)
}

fn too_many(span: Span) -> Diagnostic {
    let message = format!("the subscript ranges have more than {MAX_ELEMENTS} elements together");
    Diagnostic::error(code::BAD_RANGE, span, message)
}

fn shown(elements: &[Name]) -> String {
    /// How many elements a name made of them has.
    const MOST: usize = 4;
    let mut text: Vec<&str> = elements.iter().take(MOST).map(|element| element.text.as_str()).collect();
    let count = elements.len().to_string();
    if elements.len() > MOST {
        text.extend(["...", &count]);
    }
    text.join(", ")
}

fn twice(name: &Name, first: Span) -> Diagnostic {
    Diagnostic::error(
        simc_model::diagnostic::code::DUPLICATE_NAME,
        name.span,
        format!("subscript range `{}` is defined twice", name.text),
    )
    .with_label("defined again here")
    .with_place(first, "first defined here")
}

fn unknown_range(name: &Name) -> Diagnostic {
    let message = format!("`{}` is no subscript range", name.text);
    Diagnostic::error(simc_model::diagnostic::code::UNKNOWN_DIMENSION, name.span, message)
        .with_hint("define it with its elements: `Name: element 1, element 2 ~~|`")
}

fn unknown_element(name: &Name) -> Diagnostic {
    let message = format!("`{}` is neither a subscript range nor an element of one", name.text);
    Diagnostic::error(simc_model::diagnostic::code::NO_SUCH_ELEMENT, name.span, message)
}

fn uneven(range: &Name, own: usize, target: &Name, other: usize, span: Span) -> Diagnostic {
    let message = format!("`{}` has {own} elements and is mapped to {other} of `{}`", range.text, target.text);
    Diagnostic::error(code::BAD_RANGE, span, message)
        .with_hint("a mapping names an element, or a range of elements, for each element in turn")
}
