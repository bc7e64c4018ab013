//! Rings of elements: arrays that wait for one another as wholes may do so without any element that waits for itself.

use std::collections::BTreeMap;

use crate::model::{Base, Def, Extent, Index, VarId};
use crate::sema::base::graph::{self, Dependencies};
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
use crate::sema::base::work::Work;
use crate::sema::builder::dependency::{EvalNode, EvalNodes};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::rules::clamp::Flags;
use crate::sema::rules::element_graph::{Elements, MAX_ELEMENTS, Members, region_read};
use crate::sema::rules::stock::{self, StockFlows};
use crate::sema::rules::wish;

/// How many flows a stock may have whose elements are looked at.
const MAX_FLOWS: usize = 64;

/// Who waits for itself when every clamp counts every inflow.
pub(super) struct Rings {
    /// The ring of each variable that is in one as a whole.
    whole: BTreeMap<VarId, u32>,
    /// The ring of each element of variables of which some are in one, row-major.
    elements: BTreeMap<VarId, Vec<Option<u32>>>,
    n: u32,
    work: Work,
}

impl Rings {
    /// None yet.
    pub(super) fn none() -> Self {
        Self { whole: BTreeMap::new(), elements: BTreeMap::new(), n: 0, work: Work::whole() }
    }

    /// The ring that a variable is in as a whole.
    pub(super) fn of(&self, id: VarId) -> Option<u32> {
        self.whole.get(&id).copied()
    }

    /// Adds the rings of a component, of which some outflow of each of the stocks is a part. What cannot be told by elements in bounded time is one.
    pub(super) fn add(
        &mut self,
        builder: &ModelBuilder,
        units: &EvalNodes,
        component: &[u32],
        stocks: &[&StockFlows],
        limits: &BTreeMap<VarId, Flags>,
    ) {
        match find(builder, units, component, stocks, (limits, &mut self.work)) {
            Some(elements) => {
                let n = elements.values().flatten().flatten().max().map_or(0, |last| last + 1);
                let first = self.n;
                let moved =
                    |rings: Vec<Option<u32>>| rings.into_iter().map(|ring| ring.map(|ring| first + ring)).collect();
                self.elements.extend(elements.into_iter().map(|(id, rings)| (id, moved(rings))));
                self.n += n;
            }
            None => {
                for &unit in component {
                    if let EvalNode::Var(id) = units.unit(unit) {
                        self.whole.insert(id, self.n);
                    }
                }
                self.n += 1;
            }
        }
    }

    /// The inflows that count for the elements of an outflow of a stock, by regions; nothing where they are the same for all as far as
    /// this outflow is in a ring as a whole or in none.
    pub(super) fn by_element(
        &self,
        builder: &ModelBuilder,
        flows: &StockFlows,
        outflow: VarId,
    ) -> Option<Vec<(Vec<Extent>, Vec<VarId>)>> {
        let own = self.elements.get(&outflow).filter(|rings| rings.iter().any(Option::is_some))?;
        let whole = region::whole_region(&builder.var(flows.stock).dims, &builder.dims);
        let mut parts: Vec<(Vec<Extent>, Vec<VarId>)> = Vec::new();
        for (element, ring) in region::elements_of(&whole).into_iter().zip(own) {
            let is_counted = |inflow: &VarId| {
                ring.is_none_or(|ring| !self.is_in(builder, (flows.stock, element.as_slice()), *inflow, ring))
            };
            let counted: Vec<VarId> = flows.inflows.iter().map(|(inflow, _)| *inflow).filter(is_counted).collect();
            match parts.last_mut() {
                Some((region, known)) if *known == counted && follows(region, &element) => {
                    region.iter_mut().last().into_iter().for_each(|extent| extent.len += 1);
                }
                Some(_) | None => parts.push((element, counted)),
            }
        }
        if parts.iter().all(|(_, counted)| *counted == parts[0].1) {
            parts.truncate(1);
            parts[0].0 = whole;
        }
        Some(parts)
    }

    /// Whether what an element of a stock reads of an inflow is in a ring.
    fn is_in(&self, builder: &ModelBuilder, (stock, at): (VarId, &[Extent]), inflow: VarId, ring: u32) -> bool {
        let Some(rings) = self.elements.get(&inflow) else { return false };
        let Some(read) = stock::read_flow(builder, stock, inflow) else { return true };
        let dims = &builder.var(inflow).dims;
        let Some(region) = region_read(&read.indices, at, &read.summed, &region::whole_region(dims, &builder.dims))
        else {
            return true;
        };
        region::cells(&region, dims, &builder.dims).any(|cell| rings.get(cell as usize) == Some(&Some(ring)))
    }
}

/// Whether an element is the next one of a region along the last dimension.
fn follows(region: &[Extent], element: &[Extent]) -> bool {
    let Some(((last, outer), (next, others))) = region.split_last().zip(element.split_last()) else { return false };
    outer == others && next.start == last.start + last.len
}

/// The ring of each element of the variables of a component, when every clamp counts every inflow. Nothing where elements make no difference, or cannot
/// be looked at in bounded time.
fn find(
    builder: &ModelBuilder,
    units: &EvalNodes,
    component: &[u32],
    stocks: &[&StockFlows],
    (limits, work): (&BTreeMap<VarId, Flags>, &mut Work),
) -> Option<BTreeMap<VarId, Vec<Option<u32>>>> {
    let members = Members::new(builder, units, component)?;
    let (first, n) = (&members.first, members.n);
    let is_long = |flows: &&StockFlows| flows.inflows.len() + flows.outflows.len() > MAX_FLOWS;
    if n == component.len() as u64 || stocks.iter().any(is_long) {
        return None;
    }
    if n > MAX_ELEMENTS {
        if !members.first_of_calls.is_empty() {
            return None;
        }
        return is_chain(builder, first, stocks).filter(|is_chain| *is_chain).map(|_| BTreeMap::new());
    }
    let mut elements = Elements::new(builder, members, work)?;
    stocks.iter().try_for_each(|flows| add_waits(&mut elements, flows, limits.get(&flows.stock)))?;
    Some(elements.rings())
}

/// Whether variables read one another at even distances, along each dimension all of them before or all after the element at hand, and at the same
/// element without a ring: then there is none, however many elements there are. Nothing when distances are uneven.
fn is_chain(builder: &ModelBuilder, members: &BTreeMap<VarId, u32>, stocks: &[&StockFlows]) -> Option<bool> {
    let dims = &builder.var(*members.keys().next()?).dims;
    members.keys().all(|&id| builder.var(id).dims == *dims).then_some(())?;
    let place: BTreeMap<VarId, u32> = members.keys().copied().zip(0..).collect();
    let mut at_same: Dependencies = vec![Vec::new(); place.len()];
    let mut signs = vec![(false, false); dims.len()];
    let mut is_even = true;
    for (&id, &from) in &place {
        let Def::Formula(clauses) = &builder.var(id).def else { continue };
        for clause in clauses {
            read::visit(&clause.expr, &[], &mut |mention, _, _| {
                let Mention::Var(read, indices) = mention else { return };
                let Some(&to) = place.get(&read) else { return };
                let mut is_same = true;
                for (n, index) in indices.iter().enumerate() {
                    match *index {
                        Index::Moving { base: Base::Loop(of), offset } if of as usize == n => {
                            signs[n] = (signs[n].0 || offset < 0, signs[n].1 || offset > 0);
                            is_same &= offset == 0;
                        }
                        Index::Moving { .. } | Index::Fixed(_) | Index::Computed(_) => is_even = false,
                    }
                }
                if is_same {
                    at_same[from as usize].push(to);
                }
            });
        }
    }
    (is_even && !signs.contains(&(true, true))).then_some(())?;
    for flows in stocks {
        let mut before: Option<VarId> = None;
        for &(outflow, _) in &flows.outflows {
            let waits_for = before.replace(outflow);
            let Some(&from) = place.get(&outflow) else { continue };
            (builder.var(flows.stock).dims == *dims).then_some(())?;
            let waits: Vec<VarId> = match waits_for {
                Some(before) => vec![before],
                None => flows.inflows.iter().map(|(inflow, _)| *inflow).collect(),
            };
            at_same[from as usize].extend(waits.iter().filter_map(|id| place.get(id).copied()));
        }
    }
    let components = graph::components(&at_same, 0..place.len() as u32);
    Some(!components.iter().any(|component| graph::is_cycle(component, &at_same)))
}

/// What the outflows of a stock wait for: the one before, the first one for the inflows. Elements without a limit wait for nothing.
fn add_waits(elements: &mut Elements<'_>, flows: &StockFlows, limits: Option<&Flags>) -> Option<()> {
    let builder = elements.builder();
    let dims = &builder.var(flows.stock).dims;
    let at_loops = wish::at_loops(dims.len());
    let mut before: Option<VarId> = None;
    for &(outflow, _) in &flows.outflows {
        let waits_for = before.replace(outflow);
        if !elements.has(outflow) {
            continue;
        }
        (builder.var(outflow).dims == *dims).then_some(())?;
        for element in region::elements_of(&region::whole_region(dims, &builder.dims)) {
            if limits.is_some_and(|limits| limits.of(&element) == Some(false)) {
                continue;
            }
            let reader = (elements.number((outflow, element.as_slice()))?, element.as_slice());
            if let Some(before) = waits_for {
                elements.add(reader, (before, at_loops.as_slice()), &[])?;
                continue;
            }
            for &(inflow, _) in &flows.inflows {
                let read = stock::read_flow(builder, flows.stock, inflow)?;
                elements.add(reader, (inflow, read.indices.as_slice()), &read.summed)?;
            }
        }
    }
    Some(())
}
