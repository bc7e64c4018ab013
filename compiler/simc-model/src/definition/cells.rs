//! Which elements of an array its clauses speak of, as far as names tell.

use std::collections::HashMap;

use super::scope::Scope;
use super::{DimDef, DimElements, ElementDef, Name};
use crate::name::Key;

/// Elements of one array that are looked at, at most.
const MAX_CELLS: usize = 1 << 20;

/// The dimensions of an array: their elements with their positions.
pub struct Grid<'d> {
    dims: Vec<&'d DimDef>,
    positions: Vec<HashMap<Key, usize>>,
    /// How many elements there are.
    pub n_cells: usize,
}

impl<'d> Grid<'d> {
    /// None when a dimension is unknown or there are too many elements.
    pub fn new(scope: &Scope<'d>, dims: &[Name]) -> Option<Self> {
        let dims: Vec<&DimDef> = dims.iter().map(|dim| scope.dim(&dim.text)).collect::<Option<_>>()?;
        let n_cells = dims.iter().map(|dim| length(dim)).fold(1, usize::saturating_mul);
        if n_cells > MAX_CELLS {
            return None;
        }
        let positions =
            dims.iter().map(|dim| (0..).zip(names(dim)).map(|(at, name)| (Key::new(&name), at)).collect()).collect();
        Some(Self { dims, positions, n_cells })
    }

    /// The numbers, in row-major order, of the elements that subscripts mean; none when one is unknown.
    fn select(&self, scope: &Scope<'d>, subscripts: &[Name]) -> Option<Vec<usize>> {
        if subscripts.len() != self.dims.len() {
            return None;
        }
        let mut cells = vec![0];
        for ((subscript, dim), positions) in subscripts.iter().zip(&self.dims).zip(&self.positions) {
            let along = self.along(scope, subscript, dim, positions)?;
            let len = length(dim);
            cells = cells.iter().flat_map(|&cell| along.iter().map(move |&at| cell * len + at)).collect();
        }
        Some(cells)
    }

    fn along(
        &self,
        scope: &Scope<'d>,
        subscript: &Name,
        dim: &DimDef,
        positions: &HashMap<Key, usize>,
    ) -> Option<Vec<usize>> {
        let key = Key::new(&subscript.text);
        if subscript.text == "*" || key == Key::new(&dim.name.text) {
            return Some((0..length(dim)).collect());
        }
        if let Some(&at) = positions.get(&key) {
            return Some(vec![at]);
        }
        if let Some(part) = scope.dim(&subscript.text) {
            return names(part).iter().map(|name| positions.get(&Key::new(name)).copied()).collect();
        }
        let number: usize = subscript.text.trim().parse().ok()?;
        (1..=length(dim)).contains(&number).then(|| vec![number - 1])
    }

    /// The elements for which a clause holds.
    pub fn cells(&self, scope: &Scope<'d>, clause: &ElementDef) -> Option<Vec<usize>> {
        let mut cells = self.select(scope, &clause.subscripts)?;
        for list in &clause.except {
            let left_out: std::collections::HashSet<usize> = self.select(scope, list)?.into_iter().collect();
            cells.retain(|cell| !left_out.contains(cell));
        }
        Some(cells)
    }

    /// The names of an element's subscripts.
    pub fn subscripts(&self, cell: usize) -> Vec<String> {
        let mut rest = cell;
        let mut subscripts: Vec<String> = Vec::with_capacity(self.dims.len());
        for dim in self.dims.iter().rev() {
            let len = length(dim).max(1);
            subscripts.push(element(dim, rest % len));
            rest /= len;
        }
        subscripts.reverse();
        subscripts
    }
}

/// How many elements a dimension has.
pub fn length(dim: &DimDef) -> usize {
    match &dim.elements {
        DimElements::Size(size) => *size as usize,
        DimElements::Named(names) => names.len(),
    }
}

/// The name of an element by its position.
pub fn element(dim: &DimDef, at: usize) -> String {
    match &dim.elements {
        DimElements::Size(_) => (at + 1).to_string(),
        DimElements::Named(names) => names.get(at).map(|name| name.text.clone()).unwrap_or_default(),
    }
}

/// The names of the elements of a dimension, in order.
pub fn names(dim: &DimDef) -> Vec<String> {
    (0..length(dim)).map(|at| element(dim, at)).collect()
}

/// Whether two dimensions have the same elements in the same order.
pub fn are_equal(a: &DimDef, b: &DimDef) -> bool {
    length(a) == length(b) && (0..length(a)).all(|at| Key::new(&element(a, at)) == Key::new(&element(b, at)))
}

#[cfg(test)]
mod tests;
