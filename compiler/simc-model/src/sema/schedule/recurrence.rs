//! Cycles of arrays that can be computed position by position: every element reads others at the same few distances, and along each
//! dimension all of these lie on one side.

use std::collections::BTreeMap;

use crate::model::listed::Surroundings;
use crate::model::{Base, Extent, Index, Recurrence, VarId};
use crate::sema::base::graph::{self, Dependencies};
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
use crate::sema::builder::dependency::{self, EvalNode, EvalNodes, Phase};
use crate::sema::builder::model_builder::ModelBuilder;

/// How often clauses of a cycle may read one another: a cycle of more is taken for an uneven one.
const MAX_LINKS: usize = 1 << 21;

/// How a clause of a cycle reads another one.
struct Link {
    /// The unit that reads.
    from: u32,
    /// The unit that is read.
    to: u32,
    /// How far the element that is read lies after the one that is computed, in each dimension.
    distance: Vec<i64>,
}

/// A cycle whose clauses all read one another at even distances.
pub(in crate::sema) struct Cycle<'a> {
    builder: &'a ModelBuilder,
    units: &'a EvalNodes,
    members: Vec<u32>,
    links: Vec<Link>,
}

/// The parts into which clauses are cut, by their variables and numbers.
pub(in crate::sema) type Cuts = BTreeMap<VarId, BTreeMap<u32, Vec<Vec<Extent>>>>;

impl<'a> Cycle<'a> {
    /// A cycle of clauses of arrays; none when an element reads others that do not lie evenly, or through a stateful call.
    pub(in crate::sema) fn new(
        builder: &'a ModelBuilder,
        units: &'a EvalNodes,
        phase: Phase,
        members: &[u32],
    ) -> Option<Self> {
        let mut members = members.to_vec();
        members.sort_unstable();
        let mut links = Vec::new();
        let mut is_even = true;
        for &from in &members {
            let EvalNode::Clause(..) = units.unit(from) else { return None };
            for (expr, loops, bounds) in dependency::exprs_of(builder, units, units.unit(from), phase) {
                read::visit_with_nodes(expr, bounds, &mut |mention, _, bounds, nodes| {
                    if !is_even {
                        return;
                    }
                    let mut read = Vec::new();
                    let reader = Surroundings { loops, bounds, nodes, tables: &builder.tables };
                    units.add_mentioned(builder, phase, mention, &reader, &mut read);
                    read.retain(|unit| members.binary_search(unit).is_ok());
                    if read.is_empty() {
                        return;
                    }
                    match distance(mention, loops) {
                        Some(distance) => {
                            links.extend(read.into_iter().map(|to| Link { from, to, distance: distance.clone() }));
                        }
                        None => is_even = false,
                    }
                    is_even &= links.len() <= MAX_LINKS;
                });
            }
        }
        is_even.then_some(Self { builder, units, members, links })
    }

    fn region(&self, unit: u32) -> &'a [Extent] {
        match self.units.unit(unit) {
            EvalNode::Clause(id, index) => &self.units.clause(self.builder, id, index).region,
            EvalNode::Var(_) | EvalNode::State(_) | EvalNode::Element(..) => &[],
        }
    }

    /// What depends on what at one and the same position, as places among the members.
    fn at_one_position(&self) -> Dependencies {
        let mut dependencies: Dependencies = vec![Vec::new(); self.members.len()];
        let place = |unit: u32| self.members.binary_search(&unit);
        for link in self.links.iter().filter(|link| link.distance.iter().all(|&distance| distance == 0)) {
            if let (Ok(from), Ok(to)) = (place(link.from), place(link.to)) {
                dependencies[from].push(to as u32);
            }
        }
        dependencies
    }

    /// The units of elements that depend on themselves, whatever the order, and what depends on what among all units there.
    pub(in crate::sema) fn same_element(&self) -> Option<(Vec<u32>, Dependencies)> {
        let dependencies = self.at_one_position();
        let mut components = graph::components(&dependencies, 0..self.members.len() as u32).into_iter();
        let cycle = components.find(|component| graph::is_cycle(component, &dependencies))?;
        let unit = |&place: &u32| self.members[place as usize];
        let mut all: Dependencies = vec![Vec::new(); self.units.all().len()];
        for (from, to) in self.members.iter().zip(&dependencies) {
            all[*from as usize] = to.iter().map(unit).collect();
        }
        Some((cycle.iter().map(unit).collect(), all))
    }

    /// How the elements can be computed position by position.
    pub(in crate::sema) fn recurrence(&self) -> Option<Recurrence> {
        let region = self.region(*self.members.first()?);
        if region::count(region) < 2 || self.members.iter().any(|&unit| self.region(unit) != region) {
            return None;
        }
        let descends: Option<Vec<bool>> = (0..region.len()).map(|axis| self.descends(axis)).collect();
        let dependencies = self.at_one_position();
        let order = graph::components(&dependencies, 0..self.members.len() as u32);
        if order.iter().any(|component| graph::is_cycle(component, &dependencies)) {
            return None;
        }
        let clauses = order.iter().flatten().filter_map(|&place| match self.units.unit(self.members[place as usize]) {
            EvalNode::Clause(id, index) => Some((id, index)),
            EvalNode::Var(_) | EvalNode::State(_) | EvalNode::Element(..) => None,
        });
        Some(Recurrence { clauses: clauses.collect(), region: region.to_vec(), descends: descends? })
    }

    /// Whether the positions of a dimension must come from last to first; none when neither way will do.
    fn descends(&self, axis: usize) -> Option<bool> {
        let distances = || self.links.iter().map(|link| link.distance[axis]);
        let (reads_later, reads_earlier) = (distances().any(|far| far > 0), distances().any(|far| far < 0));
        (!(reads_later && reads_earlier)).then_some(reads_later)
    }

    /// Cuts clauses where others of the cycle begin or end, so that those that remain in a cycle have one region. None when nothing is
    /// to be cut, or too much.
    pub(in crate::sema) fn align(&self, max_parts: u64) -> Option<Cuts> {
        let regions: Vec<&[Extent]> = self.members.iter().map(|&unit| self.region(unit)).collect();
        let dims = |region: &[Extent]| region.iter().map(|extent| extent.dim).collect::<Vec<_>>();
        if regions.iter().any(|region| dims(region) != dims(regions[0])) {
            return None;
        }
        let ends_along = |axis: usize| {
            let ends = regions.iter().flat_map(|region| [region[axis].start, region[axis].start + region[axis].len]);
            let mut ends: Vec<u32> = ends.collect();
            ends.sort_unstable();
            ends.dedup();
            ends
        };
        let ends: Vec<Vec<u32>> = (0..regions[0].len()).map(ends_along).collect();
        let mut cuts = Cuts::new();
        let mut n_parts = 0_u64;
        for (&unit, region) in self.members.iter().zip(&regions) {
            let inner: Vec<&[u32]> = region.iter().zip(&ends).map(|(extent, ends)| ends_within(extent, ends)).collect();
            let n: u64 = inner.iter().map(|ends| ends.len() as u64 + 1).product();
            n_parts = n_parts.saturating_add(n);
            if n_parts > max_parts {
                return None;
            }
            if let (EvalNode::Clause(id, index), true) = (self.units.unit(unit), n > 1) {
                cuts.entry(id).or_default().insert(index, parts_of(region, &inner));
            }
        }
        (!cuts.is_empty()).then_some(cuts)
    }
}

/// How far what is read lies after what is computed, when that is the same everywhere.
fn distance(mention: Mention<'_>, loops: &[Extent]) -> Option<Vec<i64>> {
    let Mention::Var(_, indices) = mention else { return None };
    if indices.len() != loops.len() {
        return None;
    }
    let along = |(position, index): (usize, &Index)| match *index {
        Index::Moving { base: Base::Loop(n), offset } if n as usize == position => Some(offset),
        Index::Fixed(at) if loops[position].len == 1 => Some(i64::from(at) - i64::from(loops[position].start)),
        Index::Moving { .. } | Index::Fixed(_) | Index::Computed(_) => None,
    };
    indices.iter().enumerate().map(along).collect()
}

/// The ends that lie inside of an extent.
fn ends_within<'e>(extent: &Extent, ends: &'e [u32]) -> &'e [u32] {
    let first = ends.partition_point(|&end| end <= extent.start);
    let last = ends.partition_point(|&end| end < extent.start + extent.len);
    &ends[first..last]
}

/// The parts of a region that is cut at these positions of its dimensions, row-major.
fn parts_of(region: &[Extent], ends: &[&[u32]]) -> Vec<Vec<Extent>> {
    let mut parts = vec![Vec::with_capacity(region.len())];
    for (extent, ends) in region.iter().zip(ends) {
        let starts = std::iter::once(extent.start).chain(ends.iter().copied());
        let stops = ends.iter().copied().chain([extent.start + extent.len]);
        let along: Vec<Extent> =
            starts.zip(stops).map(|(start, stop)| Extent { start, len: stop - start, ..*extent }).collect();
        let longer = |part: Vec<Extent>| along.iter().map(move |&extent| [part.as_slice(), &[extent]].concat());
        parts = parts.into_iter().flat_map(longer).collect();
    }
    parts
}

#[cfg(test)]
mod tests;
