//! Mappings that XMILE cannot declare: those that name elements one by one. Equations that read through one are written for each
//! element, with the element that it is mapped to.

use simc_model::definition::scope::Scope;
use simc_model::definition::{DimDef, DimElements, ElementDef, EquationKind, MappingDef, Name};
use simc_model::name::Key;

/// Whether `isee:maps_to` says a mapping: element by element in order.
pub(super) fn is_declarable(target: Option<&DimDef>, mapping: &MappingDef) -> bool {
    mapping.elements.is_empty() || target.is_some_and(|target| is_in_order(target, mapping))
}

/// Whether a mapping lists the elements of its target in their order.
fn is_in_order(target: &DimDef, mapping: &MappingDef) -> bool {
    let elements = names(target);
    elements.len() == mapping.elements.len()
        && mapping.elements.iter().zip(elements).all(
            |(listed, element)| matches!(listed.as_slice(), [only] if Key::new(&only.text) == Key::new(&element.text)),
        )
}

/// Whether an equation names a range that is not on its left side, and that a mapping which cannot be declared relates to one that is.
/// Beside an element on the left side no mapping can: in XMILE the name of a range may mean that element.
pub(super) fn reads_through(scope: &Scope<'_>, clause: &ElementDef) -> bool {
    let Some(equation) = &clause.equation else { return false };
    let has_element = clause.subscripts.iter().any(|own| scope.dim(&own.text).is_none());
    let own = |name: &Name| clause.subscripts.iter().any(|own| Key::new(&own.text) == Key::new(&name.text));
    let is_marked =
        |at: u32| equation.nodes.iter().any(|node| matches!(node.kind, EquationKind::Wildcard(Some(dim)) if dim == at));
    (0..).zip(&equation.nodes).any(|(at, node)| {
        let EquationKind::Reference(path, subscripts) = &node.kind else { return false };
        let ([name], []) = (path.parts.as_slice(), subscripts.as_slice()) else { return false };
        let Some(mentioned) = scope.dim(&name.text).filter(|_| !own(name)) else { return false };
        let on_left = clause.subscripts.iter().filter_map(|own| scope.dim(&own.text));
        let related = |own: &DimDef| {
            is_listed(scope, own, mentioned)
                || is_listed(scope, mentioned, own)
                || has_element && (own.has_mapping_to(&mentioned.name.text) || mentioned.has_mapping_to(&own.name.text))
        };
        on_left.into_iter().any(related) && !is_marked(at)
    })
}

/// Whether a range has a mapping to another one, or to one around it, that cannot be declared.
fn is_listed(scope: &Scope<'_>, from: &DimDef, to: &DimDef) -> bool {
    let reaches = |mapping: &MappingDef| {
        let is_itself = Key::new(&mapping.to.text) == Key::new(&to.name.text);
        is_itself || mapping.elements.iter().flatten().any(|name| scope.position(to, &Key::new(&name.text)).is_some())
    };
    let is_undeclarable = |mapping: &&MappingDef| !is_declarable(scope.dim(&mapping.to.text), mapping);
    from.maps_to.iter().filter(is_undeclarable).any(reaches)
}

/// The element of a range that an element of one of the ranges on the left side stands for.
pub(super) fn element_in(scope: &Scope<'_>, mentioned: &str, ranges: &[Name], elements: &[String]) -> Option<String> {
    let to = scope.dim(mentioned)?;
    let on_left = || {
        let both = ranges.iter().zip(elements);
        both.filter_map(|(range, element)| Some((scope.dim(&range.text)?, Key::new(element))))
    };
    // A mapping along its arrow is meant before one against it, and that before one to another range around these elements.
    let mut in_order: Vec<_> = on_left().collect();
    in_order.sort_by_key(|(from, _)| (!to.has_mapping_to(&from.name.text), !from.has_mapping_to(&to.name.text)));
    let by_mapping = in_order.into_iter().find_map(|(from, element)| mapped(scope, from, &element, to));
    let by_name = || on_left().find_map(|(_, element)| scope.position(to, &element));
    names(to).get(by_mapping.or_else(by_name)?).map(|name| name.text.clone())
}

/// What a mapping in either direction makes of an element.
fn mapped(scope: &Scope<'_>, from: &DimDef, element: &Key, to: &DimDef) -> Option<usize> {
    let is_to = |mapping: &&MappingDef, of: &DimDef| Key::new(&mapping.to.text) == Key::new(&of.name.text);
    let is_whole = |mapping: &&MappingDef| mapping.elements.is_empty();
    let declared = from.maps_to.iter().filter(|mapping| is_to(mapping, to));
    let declared = declared.chain(to.maps_to.iter().filter(|mapping| is_to(mapping, from)));
    let at = scope.position(from, element);
    if names(from).len() == names(to).len() && declared.clone().any(|mapping| is_whole(&mapping)) {
        return at;
    }
    let image = |mapping: &MappingDef| {
        let listed = match mapping.elements.get(at?) {
            Some(listed) => listed.as_slice(),
            None => std::slice::from_ref(names(scope.dim(&mapping.to.text)?).get(at?)?),
        };
        match listed {
            [only] => scope.position(to, &Key::new(&only.text)),
            _ => None,
        }
    };
    let origin = |mapping: &MappingDef| {
        if mapping.elements.is_empty() {
            return scope.position(scope.dim(&mapping.to.text)?, element).filter(|&at| at < names(to).len());
        }
        let has = |listed: &[Name]| listed.iter().any(|name| Key::new(&name.text) == *element);
        let mut found = (0..).zip(&mapping.elements).filter(|(_, listed)| has(listed)).map(|(at, _)| at);
        match (found.next(), found.next()) {
            (Some(at), None) => Some(at),
            _ => None,
        }
    };
    let meant = from.maps_to.iter().filter(|mapping| is_to(mapping, to)).find_map(image);
    meant.or_else(|| from.maps_to.iter().find_map(image)).or_else(|| to.maps_to.iter().find_map(origin))
}

/// The elements of a dimension that have names.
fn names(dim: &DimDef) -> &[Name] {
    if let DimElements::Named(names) = &dim.elements { names } else { &[] }
}
