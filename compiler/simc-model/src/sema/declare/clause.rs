//! Which equation holds for which elements of an array: boxes that do not overlap and leave nothing out.

use std::collections::{BTreeMap, BTreeSet};

use crate::builtin::Dialect;
use crate::definition::wording::Cure;
use crate::definition::{ElementDef, Equation, Name, VarDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{DimId, Extent, TableId};
use crate::name;
use crate::sema::base::diagnostics::{Diagnostics, count_subscripts};
use crate::sema::base::dimension::Dims;
use crate::sema::base::region::{cell, cells, count, show_element, whole_region};
use crate::sema::builder::context::{EquationContext, KnownAs};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::source::Span;

/// How many elements of one array may be covered by entries of their own.
const MAX_CELLS: u64 = 1 << 22;

/// How often elements of all arrays together may be looked at one by one.
const MAX_ALL_CELLS: u64 = 1 << 23;

/// How many missing elements a message names.
const MAX_NAMED: usize = 3;

/// The part of a definition that speaks of some elements alone.
#[derive(Clone)]
pub(in crate::sema) struct Entry<'a> {
    /// The elements: a box of them. What one entry of the source says comes to several when its elements are not a box.
    pub(in crate::sema) region: Vec<Extent>,
    /// For each dimension how the entry calls the element at hand.
    pub(in crate::sema) known_as: Vec<KnownAs>,
    /// Its equation, if it has one.
    pub(in crate::sema) equation: Option<&'a Equation>,
    /// Its position among the clauses; absent for an item of a list of equations.
    pub(in crate::sema) element: Option<usize>,
    /// Where.
    pub(in crate::sema) span: Span,
}

/// An equation with the elements for which it holds.
pub(in crate::sema) struct Source<'a> {
    /// The elements.
    pub(in crate::sema) region: Vec<Extent>,
    /// For each dimension how the equation calls the element at hand.
    pub(in crate::sema) known_as: Vec<KnownAs>,
    /// The equation.
    pub(in crate::sema) equation: &'a Equation,
    /// The graphical function that is applied to it.
    pub(in crate::sema) table: Option<TableId>,
}

/// The entries of an array's definition; what is at fault is reported and left out.
pub(in crate::sema) fn resolve_entries<'a>(
    place: &EquationContext<'_, '_>,
    def: &'a VarDef,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Vec<Entry<'a>> {
    let of = builder.var(place.owner).dims.clone();
    let n_outer = builder.n_outer(place.owner);
    let mut entries = list_entries(place, def, (&of, n_outer), &builder.dims, diagnostics);
    for (position, element) in def.elements.iter().enumerate() {
        let Some(selection) = resolve_selection(place, element, &of, builder, diagnostics) else { continue };
        let (equation, span) = (element.equation.as_ref(), element.span);
        let known_as = selection.known_as.clone();
        let boxes = selection.boxes(&of, &builder.dims).into_iter();
        entries.extend(boxes.map(|region| Entry {
            region,
            known_as: known_as.clone(),
            equation,
            element: Some(position),
            span,
        }));
    }
    entries
}

/// The elements that an entry means.
struct Selection {
    /// For each dimension the runs of positions, ascending.
    runs: Vec<Vec<Run>>,
    /// For each dimension how it calls the element at hand.
    known_as: Vec<KnownAs>,
    /// What is left out, in the same way.
    except: Vec<Vec<Vec<Run>>>,
}

/// Positions of a dimension that follow one another: the first one, and how many.
type Run = (u32, u32);

impl Selection {
    /// The fewest boxes along the runs of positions, without what is left out.
    fn boxes(&self, of: &[DimId], dims: &Dims) -> Vec<Vec<Extent>> {
        if !self.except.is_empty() {
            return boxes_of(&self.cells(of, dims), of, dims);
        }
        let mut boxes: Vec<Vec<Extent>> = vec![Vec::new()];
        for (runs, &dim) in self.runs.iter().zip(of) {
            let extents = |outer: &Vec<Extent>| {
                let outer = outer.clone();
                runs.iter().map(move |&(start, len)| [outer.as_slice(), &[Extent { dim, start, len }]].concat())
            };
            boxes = boxes.iter().flat_map(extents).collect();
        }
        boxes
    }

    /// The numbers of its elements in row-major order, ascending.
    fn cells(&self, of: &[DimId], dims: &Dims) -> Vec<u64> {
        let except: BTreeSet<u64> = self.except.iter().flat_map(|runs| flats(runs, of, dims)).collect();
        flats(&self.runs, of, dims).into_iter().filter(|flat| !except.contains(flat)).collect()
    }

    /// How many elements have to be looked at to find its boxes.
    fn size(&self) -> u64 {
        let along = |runs: &Vec<Run>| runs.iter().map(|&(_, len)| u64::from(len)).sum::<u64>();
        let count = |runs: &Vec<Vec<Run>>| runs.iter().map(along).fold(1, u64::saturating_mul);
        self.except.iter().chain([&self.runs]).map(count).fold(0, u64::saturating_add)
    }
}

/// The numbers, in row-major order, of all combinations of positions.
fn flats(runs: &[Vec<Run>], of: &[DimId], dims: &Dims) -> Vec<u64> {
    let mut flats = vec![0];
    for (runs, &dim) in runs.iter().zip(of) {
        let len = u64::from(dims.len(dim));
        let positions = || runs.iter().flat_map(|&(start, n)| start..start + n);
        flats = flats.iter().flat_map(|&flat| positions().map(move |at| flat * len + u64::from(at))).collect();
    }
    flats
}

/// Boxes of exactly the given elements, whose numbers ascend.
fn boxes_of(flats: &[u64], of: &[DimId], dims: &Dims) -> Vec<Vec<Extent>> {
    let all = count(&whole_region(of, dims));
    let mut wanted = flats.iter().copied().peekable();
    let others: Vec<u64> = (0..all).filter(|flat| wanted.next_if_eq(flat).is_none()).collect();
    complement(&others, of, dims)
}

/// The items of a list of equations, row-major.
fn list_entries<'a>(
    place: &EquationContext<'_, '_>,
    def: &'a VarDef,
    (of, n_outer): (&[DimId], usize),
    dims: &Dims,
    diagnostics: &mut Diagnostics,
) -> Vec<Entry<'a>> {
    let (outer, of) = of.split_at(n_outer.min(of.len()));
    let outer = whole_region(outer, dims);
    let n = count(&whole_region(of, dims));
    if !def.list.is_empty() && def.list.len() as u64 != n {
        let span = def.list.iter().map(|equation| equation.span).reduce(Span::to).unwrap_or(def.span);
        let message = format!("the list has {} equations for {n} elements", def.list.len());
        let error = place.error(code::LIST_LENGTH, span, message);
        diagnostics.report(error.with_hint("give one equation for each element, or a single one for all of them"));
        return Vec::new();
    }
    let entry = |(flat, equation): (u64, &'a Equation)| Entry {
        region: outer.iter().copied().chain(cell(flat, of, dims)).collect(),
        known_as: Vec::new(),
        equation: Some(equation),
        element: None,
        span: equation.span,
    };
    (0..).zip(&def.list).map(entry).collect()
}

/// The elements that an entry means. What is at fault is reported.
fn resolve_selection(
    place: &EquationContext<'_, '_>,
    element: &ElementDef,
    of: &[DimId],
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<Selection> {
    let (runs, known_as) =
        resolve_subscripts(place, (&element.subscripts, false), element.span, of, builder, diagnostics)?;
    let mut except = Vec::with_capacity(element.except.len());
    for subscripts in &element.except {
        let span = subscripts.iter().map(|name| name.span).reduce(Span::to).unwrap_or(element.span);
        except.push(resolve_subscripts(place, (subscripts, true), span, of, builder, diagnostics)?.0);
    }
    let selection = Selection { runs, known_as, except };
    if selection.except.is_empty() {
        return Some(selection);
    }
    let n_cells = count(&whole_region(of, &builder.dims)).max(selection.size());
    if n_cells > MAX_CELLS {
        let message = format!("exceptions among more than {MAX_CELLS} elements");
        diagnostics.report(place.error(code::ARRAY_TOO_LARGE, element.span, message));
        return None;
    }
    look_at(n_cells, element.span, place, builder, diagnostics)?;
    Some(selection)
}

/// Notes that elements are looked at one by one; nothing when those of all arrays are too many, which is reported.
fn look_at(
    n_cells: u64,
    span: Span,
    place: &EquationContext<'_, '_>,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    let before = builder.n_cells;
    builder.n_cells = before.saturating_add(n_cells);
    if builder.n_cells <= MAX_ALL_CELLS {
        return Some(());
    }
    if before <= MAX_ALL_CELLS {
        let message = format!("arrays of more than {MAX_ALL_CELLS} elements together have several equations each");
        let error = place.error(code::ARRAY_TOO_LARGE, span, message);
        diagnostics.report(error.with_hint("give large arrays one equation for all of their elements"));
    }
    None
}

/// For each dimension the runs of positions, and how it calls the element at hand.
type Subscripts = (Vec<Vec<Run>>, Vec<KnownAs>);

/// The positions that the subscripts of an entry name. What is at fault is reported. Of an exception, elements that the variable
/// does not have are no fault.
fn resolve_subscripts(
    place: &EquationContext<'_, '_>,
    (subscripts, is_exception): (&[Name], bool),
    span: Span,
    of: &[DimId],
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<Subscripts> {
    let (outer, of) = of.split_at(builder.n_outer(place.owner).min(of.len()));
    if subscripts.len() != of.len() {
        let shown = builder.show_var_shape(place.owner);
        let message =
            format!("{shown} takes {}, but this element has {}", count_subscripts(of.len()), subscripts.len());
        diagnostics.report(place.error(code::SUBSCRIPT_COUNT, span, message));
        return None;
    }
    let dims = &mut builder.dims;
    let mut runs: Vec<Vec<Run>> = outer.iter().map(|&dim| vec![(0, dims.len(dim))]).collect();
    let mut known_as = vec![KnownAs::Own; outer.len()];
    // In XMILE the dimension of an element is at that element.
    let of_element = if place.tree.file.dialect == Dialect::Vensim { KnownAs::Nobody } else { KnownAs::Own };
    for (subscript, &dim) in subscripts.iter().zip(of) {
        let text = subscript.text.as_str();
        if let Some(at) = dims.position(dim, text) {
            runs.push(vec![(at, 1)]);
            known_as.push(of_element);
            continue;
        }
        let named = if dims.has(text) { dims.find(text) } else { None };
        if text == "*" || named == Some(dim) {
            runs.push(vec![(0, dims.len(dim))]);
            known_as.push(KnownAs::Own);
        } else if let Some((part, at)) =
            named.and_then(|part| Some((part, runs_of_part(dims, part, dim, is_exception)?)))
        {
            runs.push(at);
            known_as.push(KnownAs::Other(part));
        } else if is_exception {
            runs.push(Vec::new());
            known_as.push(KnownAs::Own);
        } else {
            let message = format!("`{}` is no element of dimension `{}`", name::display(text), dims.name(dim));
            let mut error = place.error(code::NO_SUCH_ELEMENT, subscript.span, message);
            error.hint = diagnostics.suggest(text, dims.elements(dim).iter().map(String::as_str));
            diagnostics.report(error.with_place(dims.span(dim), "the dimension"));
            return None;
        }
    }
    Some((runs, known_as))
}

/// The runs of positions in `dim` of the elements of a dimension, all of which are also in `dim` unless `is_exception`.
fn runs_of_part(dims: &Dims, part: DimId, dim: DimId, is_exception: bool) -> Option<Vec<Run>> {
    if dims.is_numeric(part) || dims.is_numeric(dim) {
        return None;
    }
    let found = dims.elements(part).iter().map(|element| dims.position(dim, element));
    let found = found.filter(|position| position.is_some() || !is_exception);
    let mut positions: Vec<u32> = found.collect::<Option<_>>()?;
    positions.sort_unstable();
    Some(positions.chunk_by(|a, b| a + 1 == *b).map(|run| (run[0], run.len() as u32)).collect())
}

/// The equations of an array but for the elements `taken`, whose numbers ascend. Elements for which the definition says nothing
/// are reported.
pub(in crate::sema) fn resolve_sources<'a>(
    place: &EquationContext<'_, '_>,
    def: &'a VarDef,
    taken: &[u64],
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Vec<Source<'a>> {
    let n_before = diagnostics.count();
    let entries = resolve_entries(place, def, builder, diagnostics);
    let of = builder.var(place.owner).dims.clone();
    let whole = whole_region(&of, &builder.dims);
    if let ([entry], true) = (entries.as_slice(), taken.is_empty())
        && let Some(equation) = entry.equation.or(def.equation.as_ref())
        && count(&entry.region) == count(&whole)
    {
        let own = entry.element.and_then(|element| builder.element_table(place.owner, element));
        let table = own.or(builder.shared_table(place.owner));
        let Entry { region, known_as, .. } = entry.clone();
        return vec![Source { region, known_as, equation, table }];
    }
    let Some(mut covered) = cover(place, &entries, &of, builder, diagnostics) else { return Vec::new() };
    covered.extend(taken.iter().map(|&flat| (flat, entries.len())));
    let mut sources = Vec::with_capacity(entries.len());
    for entry in entries.iter().flat_map(|entry| without(entry, taken, &of, &builder.dims)) {
        let own = entry.element.and_then(|element| builder.element_table(place.owner, element));
        let table = own.or(builder.shared_table(place.owner));
        if let Some(equation) = entry.equation.or(def.equation.as_ref()) {
            sources.push(Source { region: entry.region, known_as: entry.known_as, equation, table });
        } else if !def.reported && !def.is_partial {
            diagnostics.report(missing_elements(place, builder, std::slice::from_ref(&entry.region), 1, def));
        }
    }
    let n_missing = count(&whole) - covered.len() as u64;
    if n_missing == 0 {
        return sources;
    }
    let flats: Vec<u64> = covered.into_keys().collect();
    let rest = complement(&flats, &of, &builder.dims);
    match &def.equation {
        Some(equation) => {
            let table = builder.shared_table(place.owner);
            sources.extend(rest.into_iter().map(|region| Source { region, known_as: Vec::new(), equation, table }));
        }
        None if def.is_partial || def.reported || diagnostics.count() > n_before => {}
        None => diagnostics.report(missing_elements(place, builder, &rest, n_missing, def)),
    }
    sources
}

/// Boxes of the elements of which a definition says nothing, where it may leave elements out.
pub(in crate::sema) fn absent_elements(
    def: &VarDef,
    sources: &[Source<'_>],
    taken: &[u64],
    of: &[DimId],
    dims: &Dims,
) -> Vec<Vec<Extent>> {
    let n_known: u64 = sources.iter().map(|source| count(&source.region)).sum();
    if !def.is_partial || of.is_empty() || n_known == count(&whole_region(of, dims)) {
        return Vec::new();
    }
    let mut known: Vec<u64> = sources.iter().flat_map(|source| cells(&source.region, of, dims)).collect();
    known.extend(taken);
    known.sort_unstable();
    complement(&known, of, dims)
}

/// An entry without the elements `taken`: all of it, or its other elements one by one.
fn without<'a>(entry: &Entry<'a>, taken: &[u64], of: &[DimId], dims: &Dims) -> Vec<Entry<'a>> {
    let rest = |region: Vec<Extent>| Entry { region, ..entry.clone() };
    let is_taken = |flat: &u64| taken.binary_search(flat).is_ok();
    if taken.is_empty() || !cells(&entry.region, of, dims).any(|flat| is_taken(&flat)) {
        return vec![rest(entry.region.clone())];
    }
    cells(&entry.region, of, dims).filter(|flat| !is_taken(flat)).map(|flat| rest(cell(flat, of, dims))).collect()
}

/// The elements that entries speak of, by their number in row-major order; an element may have one only.
fn cover(
    place: &EquationContext<'_, '_>,
    entries: &[Entry<'_>],
    of: &[DimId],
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Option<BTreeMap<u64, usize>> {
    let n_cells: u64 = entries.iter().map(|entry| count(&entry.region)).fold(0, u64::saturating_add);
    if n_cells > MAX_CELLS {
        let message = format!("more than {MAX_CELLS} elements have entries of their own");
        diagnostics.report(place.error(code::ARRAY_TOO_LARGE, builder.var(place.owner).span, message));
        return None;
    }
    look_at(n_cells, builder.var(place.owner).span, place, builder, diagnostics)?;
    let mut covered = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        for flat in cells(&entry.region, of, &builder.dims) {
            let first = *covered.entry(flat).or_insert(index);
            if first != index {
                let element =
                    show_element(&builder.var(place.owner).name, &cell(flat, of, &builder.dims), &builder.dims);
                let message = format!("element `{element}` is defined twice");
                diagnostics.report(
                    place
                        .error(code::ELEMENT_TWICE, entry.span, message)
                        .with_label("defined again here")
                        .with_place(entries[first].span, "first defined here"),
                );
                break;
            }
        }
    }
    Some(covered)
}

fn missing_elements(
    place: &EquationContext<'_, '_>,
    builder: &ModelBuilder,
    boxes: &[Vec<Extent>],
    n: u64,
    def: &VarDef,
) -> Diagnostic {
    let name = &builder.var(place.owner).name;
    let of = &builder.var(place.owner).dims;
    let mut shown: Vec<String> = boxes
        .iter()
        .flat_map(|region| cells(region, of, &builder.dims).take(MAX_NAMED))
        .take(MAX_NAMED)
        .map(|flat| format!("`{}`", show_element(name, &cell(flat, of, &builder.dims), &builder.dims)))
        .collect();
    let rest = n.saturating_sub(shown.len() as u64);
    if rest > 0 {
        shown.push(format!("{rest} more"));
    }
    let verb = if n == 1 { "has" } else { "have" };
    place
        .error(code::MISSING_ELEMENTS, def.name.span, format!("{} {verb} no equation", shown.join(", ")))
        .with_hint((place.tree.file.wording.0)(Cure::WriteElements))
}

/// Boxes of all elements but the given ones, whose numbers ascend. Dimensions are few, so that recursion is bounded, and its work
/// depends on the given elements alone.
fn complement(flats: &[u64], of: &[DimId], dims: &Dims) -> Vec<Vec<Extent>> {
    let mut boxes = Vec::new();
    add_complement(flats, &whole_region(of, dims), &mut Vec::new(), &mut boxes);
    boxes
}

fn add_complement(flats: &[u64], rest: &[Extent], prefix: &mut Vec<Extent>, boxes: &mut Vec<Vec<Extent>>) {
    let Some((&first, inner)) = rest.split_first() else { return };
    let stride = count(inner);
    let own = |flat: u64| (flat / stride % u64::from(first.len)) as u32;
    let add_box = |start: u32, end: u32, prefix: &[Extent], boxes: &mut Vec<Vec<Extent>>| {
        if start < end {
            let run = Extent { start, len: end - start, ..first };
            boxes.push(prefix.iter().copied().chain([run]).chain(inner.iter().copied()).collect());
        }
    };
    let mut next = 0;
    for (group, n) in equal_groups(flats, own, stride) {
        let at = own(group[0]);
        add_box(next, at, prefix, boxes);
        prefix.push(Extent { start: at, len: n, ..first });
        add_complement(group, inner, prefix, boxes);
        prefix.pop();
        next = at + n;
    }
    add_box(next, first.len, prefix, boxes);
}

/// The given elements by their position in a dimension: those of a position, and how many positions from there on have the same.
fn equal_groups(flats: &[u64], own: impl Fn(u64) -> u32, stride: u64) -> Vec<(&[u64], u32)> {
    let mut groups: Vec<(&[u64], u32)> = Vec::new();
    for group in flats.chunk_by(|&a, &b| own(a) == own(b)) {
        if let Some((first, n)) = groups.last_mut() {
            let follows = own(first[0]) + *n == own(group[0]);
            let within = |flats: &[u64]| flats.iter().map(|flat| flat % stride).collect::<Vec<_>>();
            if follows && first.len() == group.len() && within(first) == within(group) {
                *n += 1;
                continue;
            }
        }
        groups.push((group, 1));
    }
    groups
}

#[cfg(test)]
mod tests;
