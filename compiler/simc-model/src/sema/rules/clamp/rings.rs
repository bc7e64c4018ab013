//! Rings of elements: arrays that wait for one another as wholes may do so without any element that waits for itself.

use std::collections::BTreeMap;

use crate::model::{Base, Def, Extent, Index, VarId};
use crate::sema::base::graph::{self, Dependencies};
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
use crate::sema::builder::dependency::{EvalNode, EvalNodes};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::rules::stock::{self, StockFlows};

/// How many elements of arrays are looked at one by one, and how often one reads another.
const MAX_ELEMENTS: u64 = 1 << 13;
const MAX_READS: usize = 1 << 20;

/// The elements of the variables of a component, each with a number.
struct Elements<'b> {
    builder: &'b ModelBuilder,
    /// The number of the first element of each variable.
    first: BTreeMap<VarId, u32>,
    reads: Dependencies,
    n_reads: usize,
}

/// Whether an element of some variable of a component waits for itself, when every clamp counts every inflow. What cannot be told in bounded
/// time counts as such a ring.
pub(super) fn has_ring(builder: &ModelBuilder, units: &EvalNodes, component: &[u32], stocks: &[StockFlows]) -> bool {
    let mut first = BTreeMap::new();
    let mut n = 0_u64;
    for &unit in component {
        // A call that remembers has elements of its own.
        let EvalNode::Var(id) = units.unit(unit) else { return true };
        let Ok(number) = u32::try_from(n) else { return true };
        first.insert(id, number);
        n = n.saturating_add(region::count(&region::whole_region(&builder.var(id).dims, &builder.dims)));
    }
    // Of variables without dimensions the ring is one.
    if n == component.len() as u64 {
        return true;
    }
    if is_chain(builder, &first, stocks).unwrap_or(false) {
        return false;
    }
    if n > MAX_ELEMENTS {
        return true;
    }
    let mut elements = Elements { builder, first, reads: vec![Vec::new(); n as usize], n_reads: 0 };
    if elements.add_equations().is_none() || stocks.iter().any(|flows| elements.add_waits(flows).is_none()) {
        return true;
    }
    let components = graph::components(&elements.reads, 0..n as u32);
    components.iter().any(|component| graph::is_cycle(component, &elements.reads))
}

/// Whether variables read one another at even distances, along each dimension all of them before or all after the element at hand, and at the same
/// element without a ring: then there is none, however many elements there are. Nothing when distances are uneven.
fn is_chain(builder: &ModelBuilder, members: &BTreeMap<VarId, u32>, stocks: &[StockFlows]) -> Option<bool> {
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

impl Elements<'_> {
    /// What the equations of the variables read. Nothing when that is too much.
    fn add_equations(&mut self) -> Option<()> {
        for id in self.first.keys().copied().collect::<Vec<_>>() {
            let builder = self.builder;
            let Def::Formula(clauses) = &builder.var(id).def else { continue };
            for clause in clauses {
                for element in region::elements_of(&clause.region) {
                    let mut is_bounded = true;
                    read::visit(&clause.expr, &[], &mut |mention, _, bounds| {
                        if let Mention::Var(read, indices) = mention {
                            is_bounded &= self.add((id, element.as_slice()), (read, indices), bounds).is_some();
                        }
                    });
                    is_bounded.then_some(())?;
                }
            }
        }
        Some(())
    }

    /// What the outflows of a stock wait for: the one before, the first one for the inflows.
    fn add_waits(&mut self, flows: &StockFlows) -> Option<()> {
        let builder = self.builder;
        let dims = &builder.var(flows.stock).dims;
        let at_loops: Vec<Index> =
            (0u32..).map(|n| Index::Moving { base: Base::Loop(n), offset: 0 }).take(dims.len()).collect();
        let mut before: Option<VarId> = None;
        for &(outflow, _) in &flows.outflows {
            let waits_for = before.replace(outflow);
            if !self.first.contains_key(&outflow) {
                continue;
            }
            (builder.var(outflow).dims == *dims).then_some(())?;
            for element in region::elements_of(&region::whole_region(dims, &builder.dims)) {
                let reader = (outflow, element.as_slice());
                if let Some(before) = waits_for {
                    self.add(reader, (before, at_loops.as_slice()), &[])?;
                    continue;
                }
                for &(inflow, _) in &flows.inflows {
                    let read = stock::read_flow(builder, flows.stock, inflow)?;
                    self.add(reader, (inflow, read.indices.as_slice()), &read.summed)?;
                }
            }
        }
        Some(())
    }

    /// Lets an element read those that subscripts may name. Nothing when there have been too many.
    fn add(
        &mut self,
        (reader, at): (VarId, &[Extent]),
        (of, indices): (VarId, &[Index]),
        bounds: &[Extent],
    ) -> Option<()> {
        let Some(&first) = self.first.get(&of) else { return Some(()) };
        let dims = &self.builder.var(of).dims;
        let whole = region::whole_region(dims, &self.builder.dims);
        let mut region = Vec::with_capacity(whole.len());
        for (index, all) in indices.iter().zip(&whole) {
            let (start, len) = match *index {
                Index::Fixed(at) => (i64::from(at), 1),
                Index::Moving { base: Base::Loop(n), offset } => (i64::from(at.get(n as usize)?.start) + offset, 1),
                Index::Moving { base: Base::Bound(n), offset } => {
                    let bound = bounds.get(n as usize)?;
                    (i64::from(bound.start) + offset, bound.len)
                }
                Index::Computed(_) => (0, all.len),
            };
            region.push(Extent { start: u32::try_from(start).ok()?, len, ..*all });
        }
        let reader = self.first.get(&reader)?
            + flat(at, &region::whole_region(&self.builder.var(reader).dims, &self.builder.dims))?;
        let cells: Vec<u32> =
            region::cells(&region, dims, &self.builder.dims).filter_map(|cell| u32::try_from(cell).ok()).collect();
        self.n_reads += cells.len();
        self.reads.get_mut(reader as usize)?.extend(cells.into_iter().map(|cell| first + cell));
        (self.n_reads <= MAX_READS).then_some(())
    }
}

/// The number of an element in row-major order.
fn flat(at: &[Extent], whole: &[Extent]) -> Option<u32> {
    at.iter().zip(whole).try_fold(0_u32, |flat, (at, all)| flat.checked_mul(all.len)?.checked_add(at.start))
}
