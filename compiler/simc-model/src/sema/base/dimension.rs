//! Dimensions: what their names and elements mean, and how the elements of one correspond to those of another.
//!
//! A dimension gets an id when something first uses it, so that one that is declared and not used costs nothing.

use std::collections::HashMap;
use std::sync::Arc;

use crate::definition::{Definition, DimElements, MappingDef, Name};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Dim, DimId};
use crate::name::{self, Key};
use crate::sema::base::diagnostics::Diagnostics;
use crate::source::Span;

/// How many elements a dimension may have that is used.
pub(in crate::sema) const MAX_DIM: u32 = 1 << 20;

/// All dimensions of a file.
pub(in crate::sema) struct Dims {
    decls: Vec<Decl>,
    by_name: HashMap<Key, usize>,
    /// The declarations that are used, by id.
    used: Vec<usize>,
    /// Dimensions of parts, by what they are a part of and their length.
    parts: HashMap<(DimId, u32), DimId>,
}

/// A declared dimension.
struct Decl {
    name: String,
    len: u32,
    /// Names of elements; absent when they are numbers.
    elements: Option<Elements>,
    mappings: Vec<Mapping>,
    id: Option<DimId>,
    span: Span,
}

/// How the elements of a dimension correspond to those of another one.
struct Mapping {
    to: Key,
    /// For each element the elements of the other dimension; none when they correspond by position.
    elements: Vec<Vec<Key>>,
}

struct Elements {
    names: Vec<String>,
    positions: HashMap<Key, u32>,
}

/// Reads the declarations; of two with one name the first holds.
pub(in crate::sema) fn resolve_dims(file: &Definition, diagnostics: &mut Diagnostics) -> Dims {
    let mut dims = Dims {
        decls: Vec::with_capacity(file.dims.len()),
        by_name: HashMap::new(),
        used: Vec::new(),
        parts: HashMap::new(),
    };
    for def in &file.dims {
        let key = Key::new(&def.name.text);
        if let Some(&first) = dims.by_name.get(&key) {
            let shown = name::display(&def.name.text);
            diagnostics.report(
                Diagnostic::error(code::DUPLICATE_NAME, def.name.span, format!("dimension `{shown}` is defined twice"))
                    .with_label("defined again here")
                    .with_place(dims.decls[first].span, "first defined here"),
            );
            continue;
        }
        let (len, elements) = match &def.elements {
            DimElements::Size(size) => (*size, None),
            DimElements::Named(names) => {
                let elements = resolve_elements(&def.name.text, names, diagnostics);
                (u32::try_from(elements.names.len()).expect("fewer elements than bytes"), Some(elements))
            }
        };
        dims.by_name.insert(key, dims.decls.len());
        let mappings = def.maps_to.iter().map(read_mapping).collect();
        let name = name::display(&def.name.text);
        dims.decls.push(Decl { name, len, elements, mappings, id: None, span: def.name.span });
    }
    dims
}

fn read_mapping(def: &MappingDef) -> Mapping {
    let keys = |names: &Vec<Name>| names.iter().map(|name| Key::new(&name.text)).collect();
    Mapping { to: Key::new(&def.to.text), elements: def.elements.iter().map(keys).collect() }
}

fn resolve_elements(dim: &str, names: &[Name], diagnostics: &mut Diagnostics) -> Elements {
    let mut elements = Elements { names: Vec::with_capacity(names.len()), positions: HashMap::new() };
    let mut places: Vec<Span> = Vec::with_capacity(names.len());
    for element in names {
        let position = u32::try_from(elements.names.len()).expect("fewer elements than bytes");
        if let Some(&first) = elements.positions.get(&Key::new(&element.text)) {
            let (shown, dim) = (name::display(&element.text), name::display(dim));
            let message = format!("dimension `{dim}` has element `{shown}` twice");
            diagnostics.report(
                Diagnostic::error(code::DUPLICATE_ELEMENT, element.span, message)
                    .with_label("named again here")
                    .with_place(places[first as usize], "first named here")
                    .with_hint("names are the same when only case, spaces and underscores differ"),
            );
            continue;
        }
        elements.positions.insert(Key::new(&element.text), position);
        elements.names.push(name::display(&element.text));
        places.push(element.span);
    }
    elements
}

impl Dims {
    /// The dimension of a name, which counts as used from now on.
    pub(in crate::sema) fn find(&mut self, name: &str) -> Option<DimId> {
        let index = *self.by_name.get(&Key::new(name))?;
        let decl = &mut self.decls[index];
        let id = *decl.id.get_or_insert_with(|| {
            self.used.push(index);
            DimId(u32::try_from(self.used.len() - 1).expect("no more dimensions than bytes in the file"))
        });
        Some(id)
    }

    /// The dimension of parts of this length of another one. No name means it, and its elements are numbers.
    pub(in crate::sema) fn part(&mut self, of: DimId, len: u32) -> DimId {
        if let Some(&id) = self.parts.get(&(of, len)) {
            return id;
        }
        let id = DimId(u32::try_from(self.used.len()).expect("no more dimensions than bytes in the file"));
        let Decl { name, span, .. } = self.decl(of);
        let (name, span) = (format!("{name}[1:{len}]"), *span);
        self.used.push(self.decls.len());
        self.decls.push(Decl { name, len, elements: None, mappings: Vec::new(), id: Some(id), span });
        self.parts.insert((of, len), id);
        id
    }

    /// Whether a dimension has this name.
    pub(in crate::sema) fn has(&self, name: &str) -> bool {
        !self.by_name.is_empty() && self.by_name.contains_key(&Key::new(name))
    }

    fn decl(&self, id: DimId) -> &Decl {
        &self.decls[self.used[id.0 as usize]]
    }

    /// Names of all dimensions.
    pub(in crate::sema) fn names(&self) -> impl Iterator<Item = &str> {
        self.decls.iter().map(|decl| decl.name.as_str())
    }

    /// The name as written.
    pub(in crate::sema) fn name(&self, id: DimId) -> &str {
        &self.decl(id).name
    }

    /// Where it is declared.
    pub(in crate::sema) fn span(&self, id: DimId) -> Span {
        self.decl(id).span
    }

    /// How many elements.
    pub(in crate::sema) fn len(&self, id: DimId) -> u32 {
        self.decl(id).len
    }

    /// Whether its elements are numbers.
    pub(in crate::sema) fn is_numeric(&self, id: DimId) -> bool {
        self.decl(id).elements.is_none()
    }

    /// The position of an element, counted from 0.
    pub(in crate::sema) fn position(&self, id: DimId, element: &str) -> Option<u32> {
        let decl = self.decl(id);
        match &decl.elements {
            Some(elements) => elements.positions.get(&Key::new(element)).copied(),
            None => element.trim().parse().ok().filter(|n: &u32| (1..=decl.len).contains(n)).map(|n| n - 1),
        }
    }

    /// The position that a number means: of the element with that number for a name, or else counted from 1.
    pub(in crate::sema) fn position_of_number(&self, id: DimId, number: f64) -> Option<u32> {
        let decl = self.decl(id);
        let whole = number.floor();
        let named = decl.elements.as_ref().and_then(|elements| elements.positions.get(&Key::new(&format!("{number}"))));
        named.copied().or_else(|| (1.0..=f64::from(decl.len)).contains(&whole).then(|| whole as u32 - 1))
    }

    /// An element as written.
    pub(in crate::sema) fn element(&self, id: DimId, position: u32) -> String {
        match &self.decl(id).elements {
            Some(elements) => elements.names.get(position as usize).cloned().unwrap_or_default(),
            None => (u64::from(position) + 1).to_string(),
        }
    }

    /// Names of elements; none when they are numbers.
    pub(in crate::sema) fn elements(&self, id: DimId) -> &[String] {
        self.decl(id).elements.as_ref().map_or(&[], |elements| &elements.names)
    }

    /// Whether elements correspond by position: a declared mapping, in either direction, between dimensions of one size.
    pub(in crate::sema) fn are_mapped(&self, a: DimId, b: DimId) -> bool {
        self.len(a) == self.len(b) && self.mappings_between(a, b).any(|mapping| mapping.elements.is_empty())
    }

    /// Whether a mapping from one of two dimensions to the other is declared.
    pub(in crate::sema) fn has_mapping(&self, a: DimId, b: DimId) -> bool {
        self.mappings_between(a, b).next().is_some()
    }

    /// Whether a mapping from one dimension to another is declared: in Vensim, what lets the left side be over the other one.
    pub(in crate::sema) fn has_arrow(&self, from: DimId, to: DimId) -> bool {
        let to = Key::new(self.name(to));
        self.decl(from).mappings.iter().any(|mapping| mapping.to == to)
    }

    /// The mappings that are declared from one of two dimensions to the other.
    fn mappings_between(&self, a: DimId, b: DimId) -> impl Iterator<Item = &Mapping> {
        [(a, b), (b, a)].into_iter().flat_map(|(from, to)| {
            let to = Key::new(self.name(to));
            self.decl(from).mappings.iter().filter(move |mapping| mapping.to == to)
        })
    }

    /// The position in dimension `to` of the element that is at `at` in dimension `from`: the same element by its name, or
    /// else the one that a mapping in either direction makes of it. Nothing when there is none, or more than one.
    pub(in crate::sema) fn counterpart(&self, from: DimId, at: u32, to: DimId) -> Option<u32> {
        if from == to || self.are_mapped(from, to) {
            return Some(at);
        }
        if self.is_numeric(from) || self.is_numeric(to) {
            let is_same = self.is_numeric(from) && self.is_numeric(to) && self.len(from) == self.len(to);
            return is_same.then_some(at);
        }
        let element = self.element(from, at);
        self.position(to, &element).or_else(|| self.image(from, &element, to)).or_else(|| self.origin(to, &element))
    }

    /// The position in dimension `to` that a mapping between two dimensions, in either direction, makes of one in `from`.
    pub(in crate::sema) fn mapped(&self, from: DimId, at: u32, to: DimId) -> Option<u32> {
        if self.are_mapped(from, to) {
            return Some(at);
        }
        let element = self.element(from, at);
        self.image(from, &element, to).or_else(|| self.origin(to, &element))
    }

    /// The only element of `to` that a mapping of `from` gives an element.
    fn image(&self, from: DimId, element: &str, to: DimId) -> Option<u32> {
        let at = self.position(from, element)? as usize;
        let of_mapping = |mapping: &Mapping| {
            let target = &self.decls[*self.by_name.get(&mapping.to)?];
            let named = |key: &Key| self.decl(to).elements.as_ref()?.positions.get(key).copied();
            if mapping.elements.is_empty() {
                let key = Key::new(target.elements.as_ref()?.names.get(at)?);
                return named(&key);
            }
            match mapping.elements.get(at)?.as_slice() {
                [only] => named(only),
                _ => None,
            }
        };
        let is_meant = |mapping: &&Mapping| mapping.to == Key::new(self.name(to));
        let meant = self.decl(from).mappings.iter().filter(is_meant).find_map(&of_mapping);
        meant.or_else(|| self.decl(from).mappings.iter().find_map(of_mapping))
    }

    /// The only element of `to` whose mapping gives this element.
    fn origin(&self, to: DimId, element: &str) -> Option<u32> {
        let key = Key::new(element);
        let of_mapping = |mapping: &Mapping| {
            let target = &self.decls[*self.by_name.get(&mapping.to)?];
            if mapping.elements.is_empty() {
                let at = target.elements.as_ref()?.positions.get(&key).copied()?;
                return (at < self.len(to)).then_some(at);
            }
            let mut found = (0u32..).zip(&mapping.elements).filter(|(_, images)| images.contains(&key));
            match (found.next(), found.next()) {
                (Some((at, _)), None) => Some(at),
                _ => None,
            }
        };
        self.decl(to).mappings.iter().find_map(of_mapping)
    }

    /// The dimensions that are used, by id; those that are too large are reported.
    pub(in crate::sema) fn into_model(self, diagnostics: &mut Diagnostics) -> Vec<Dim> {
        let mut budget = 2 * MAX_DIM;
        let mut decls = self.decls;
        let mut take = |index: usize| {
            let Decl { name, len, elements, span, .. } = &mut decls[index];
            let size = if elements.is_none() { *len } else { 0 };
            if *len > MAX_DIM || size > budget {
                diagnostics.report(too_large(name, *len, *span));
                return Dim { name: name.clone(), elements: Arc::default(), is_numeric: true };
            }
            budget -= size;
            let is_numeric = elements.is_none();
            let elements = match elements {
                Some(elements) => std::mem::take(&mut elements.names).into(),
                None => (1..=*len).map(|number| number.to_string()).collect::<Arc<[String]>>(),
            };
            Dim { name: name.clone(), elements, is_numeric }
        };
        self.used.iter().map(|&index| take(index)).collect()
    }
}

fn too_large(name: &str, len: u32, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::ARRAY_TOO_LARGE,
        span,
        format!("dimension `{name}` has {len} elements, more than can be used"),
    )
    .with_label("used by the model")
    .with_hint(format!(
        "a dimension may have {MAX_DIM} elements, and all numbered ones together {} of them",
        2 * MAX_DIM
    ))
}

#[cfg(test)]
pub(in crate::sema) mod tests;
