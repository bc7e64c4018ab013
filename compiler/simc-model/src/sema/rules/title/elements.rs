//! Titles of elements, `name[a,b]`: what else may have the same one.

use std::collections::{HashMap, HashSet};

use crate::model::{DimId, Extent, VarId};
use crate::name::Key;
use crate::sema::base::region;
use crate::sema::builder::model_builder::ModelBuilder;

/// How many brackets of one name are looked at.
const MAX_BRACKETS: usize = 64;

/// How many elements of an array are compared with one another.
const MAX_COMPARED: u64 = 1 << 16;

/// The array of which an element has the title that a variable has, or may have for one of its own elements.
pub(super) fn find_array(builder: &ModelBuilder, by_key: &HashMap<Key, VarId>, id: VarId) -> Option<VarId> {
    let var = builder.var(id);
    for (at, _) in var.name.match_indices('[').take(MAX_BRACKETS) {
        let Some(&array) = by_key.get(&Key::new(&var.name[..at])) else { continue };
        let of = &builder.var(array).dims;
        if array == id || of.is_empty() {
            continue;
        }
        let is_shared = if var.dims.is_empty() {
            var.name[at + 1..].strip_suffix(']').is_some_and(|inside| is_element(builder, of, inside))
        } else {
            // Titles of elements have no other bracket, unless their names do.
            of.iter().any(|&dim| builder.dims.elements(dim).iter().any(|element| element.contains('[')))
        };
        if is_shared {
            return Some(array);
        }
    }
    None
}

/// Whether a text is what stands between the brackets in the title of some element.
fn is_element(builder: &ModelBuilder, of: &[DimId], inside: &str) -> bool {
    let inside = folded(inside);
    let mut reached = HashSet::from([0]);
    for (n, &dim) in of.iter().enumerate() {
        let mut next = HashSet::new();
        for position in 0..builder.dims.len(dim) {
            let element = folded(&builder.dims.element(dim, position));
            for &at in &reached {
                let Some(rest) = inside.get(at..).and_then(|rest| rest.strip_prefix(element.as_str())) else {
                    continue;
                };
                let end = inside.len() - rest.len();
                if n + 1 == of.len() {
                    next.extend(rest.is_empty().then_some(end));
                } else {
                    next.extend(rest.starts_with(',').then_some(end + 1));
                }
            }
        }
        reached = next;
    }
    !reached.is_empty()
}

/// A text within brackets as a name that holds it is compared.
fn folded(text: &str) -> String {
    let key = Key::new(&format!("[{text}]"));
    let text = key.as_str();
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text).to_owned()
}

/// The title that two elements of an array over these dimensions share, without the name of the array: commas in names of elements look like
/// those between them. What cannot be compared in bounded time counts as shared.
pub(super) fn find_shared(builder: &ModelBuilder, of: &[DimId]) -> Option<String> {
    let (_, before_last) = of.split_last()?;
    if !before_last.iter().any(|&dim| has_prefix(builder.dims.elements(dim))) {
        return None;
    }
    let whole = region::whole_region(of, &builder.dims);
    let n = region::count(&whole);
    let mut seen = HashSet::new();
    for flat in 0..n.min(MAX_COMPARED) {
        let cell = region::cell_of(flat, &whole);
        let element = |extent: &Extent| builder.dims.element(extent.dim, extent.start);
        let title = cell.iter().map(element).collect::<Vec<_>>().join(",");
        if !seen.insert(Key::new(&title)) {
            return Some(title);
        }
    }
    (n > MAX_COMPARED).then(|| builder.dims.element(of[0], 0))
}

/// Whether one of these names is what another one has before a comma.
fn has_prefix(names: &[String]) -> bool {
    let with_comma = || names.iter().filter(|name| name.contains(','));
    if with_comma().next().is_none() {
        return false;
    }
    let all: HashSet<Key> = names.iter().map(|name| Key::new(name)).collect();
    with_comma()
        .any(|name| name.match_indices(',').take(MAX_BRACKETS).any(|(at, _)| all.contains(&Key::new(&name[..at]))))
}

#[cfg(test)]
mod tests;
