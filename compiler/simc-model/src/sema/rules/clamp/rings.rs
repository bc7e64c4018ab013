//! Rings of elements: arrays that wait for one another as wholes may do so without any element that waits for itself.

use std::collections::BTreeMap;

use crate::model::{Base, Def, Expr, Extent, Index, State, StateId, StateKind, VarId};
use crate::sema::base::graph::{self, Dependencies};
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
use crate::sema::builder::dependency::{EvalNode, EvalNodes};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::rules::stock::{self, StockFlows};

/// How many elements of arrays are looked at one by one, and how often one reads another.
const MAX_ELEMENTS: u64 = 1 << 13;
const MAX_READS: usize = 1 << 20;

/// How many flows a stock may have whose elements are looked at.
const MAX_FLOWS: usize = 64;

/// The elements of the variables and calls of a component, each with a number.
struct Elements<'b> {
    builder: &'b ModelBuilder,
    /// The number of the first element of each variable.
    first: BTreeMap<VarId, u32>,
    /// The number of the first element of each call that remembers, or of the only one of those that look at whole arrays.
    first_of_calls: BTreeMap<StateId, u32>,
    reads: Dependencies,
    n_reads: usize,
}

/// Who waits for itself when every clamp counts every inflow.
#[derive(Default)]
pub(super) struct Rings {
    /// The ring of each variable that is in one as a whole.
    whole: BTreeMap<VarId, u32>,
    /// The ring of each element of variables of which some are in one, row-major.
    elements: BTreeMap<VarId, Vec<Option<u32>>>,
    n: u32,
}

impl Rings {
    /// The ring that a variable is in as a whole.
    pub(super) fn of(&self, id: VarId) -> Option<u32> {
        self.whole.get(&id).copied()
    }

    /// Adds the rings of a component. What cannot be told by elements in bounded time is one.
    pub(super) fn add(&mut self, builder: &ModelBuilder, units: &EvalNodes, component: &[u32], stocks: &[StockFlows]) {
        match find(builder, units, component, stocks) {
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
    stocks: &[StockFlows],
) -> Option<BTreeMap<VarId, Vec<Option<u32>>>> {
    let (mut first, mut first_of_calls) = (BTreeMap::new(), BTreeMap::new());
    let mut n = 0_u64;
    for &unit in component {
        let number = u32::try_from(n).ok()?;
        let own = match units.unit(unit) {
            EvalNode::Var(id) | EvalNode::Clause(id, _) => {
                first.insert(id, number);
                region::count(&region::whole_region(&builder.var(id).dims, &builder.dims))
            }
            EvalNode::State(id) | EvalNode::Element(id, _) => {
                first_of_calls.insert(id, number);
                let state = &builder.states[id.0 as usize];
                if has_elements(state) { region::count(&state.extents) } else { 1 }
            }
        };
        n = n.saturating_add(own);
    }
    let is_long = |flows: &&StockFlows| flows.inflows.len() + flows.outflows.len() > MAX_FLOWS;
    let is_here = |flows: &StockFlows| flows.outflows.iter().any(|(outflow, _)| first.contains_key(outflow));
    if n == component.len() as u64 || stocks.iter().filter(is_long).any(is_here) {
        return None;
    }
    if n > MAX_ELEMENTS {
        if !first_of_calls.is_empty() {
            return None;
        }
        return is_chain(builder, &first, stocks).filter(|is_chain| *is_chain).map(|_| BTreeMap::new());
    }
    let mut elements = Elements { builder, first, first_of_calls, reads: vec![Vec::new(); n as usize], n_reads: 0 };
    elements.add_equations()?;
    elements.add_calls()?;
    stocks.iter().try_for_each(|flows| elements.add_waits(flows))?;
    let mut rings: Vec<Option<u32>> = vec![None; n as usize];
    for (ring, component) in (0u32..).zip(graph::components(&elements.reads, 0..n as u32)) {
        if graph::is_cycle(&component, &elements.reads) {
            component.iter().for_each(|&element| rings[element as usize] = Some(ring));
        }
    }
    let of = |(&id, &first): (&VarId, &u32)| {
        let count = region::count(&region::whole_region(&builder.var(id).dims, &builder.dims)) as usize;
        (id, rings[first as usize..first as usize + count].to_vec())
    };
    Some(elements.first.iter().map(of).collect())
}

/// The elements that subscripts may name, with the element at hand and what reducers run over; nothing where they leave the array.
fn region_read(indices: &[Index], at: &[Extent], bounds: &[Extent], whole: &[Extent]) -> Option<Vec<Extent>> {
    let mut region = Vec::with_capacity(whole.len());
    for (index, all) in indices.iter().zip(whole) {
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
    Some(region)
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
                    let reader = self.number((id, element.as_slice()))?;
                    self.add_expr(reader, &clause.expr, &element, &[])?;
                }
            }
        }
        Some(())
    }

    /// What the calls that remember read in a step.
    fn add_calls(&mut self) -> Option<()> {
        for (id, first) in self.first_of_calls.clone() {
            let state = &self.builder.states[id.0 as usize];
            let n_loops = state.n_loops as usize;
            (region::count(&state.extents) <= MAX_ELEMENTS).then_some(())?;
            for (element, number) in region::elements_of(&state.extents).into_iter().zip(0u32..) {
                let reader = first + if has_elements(state) { number } else { 0 };
                let (at, bounds) = element.split_at(n_loops.min(element.len()));
                for expr in state.value_exprs() {
                    self.add_expr(reader, expr, at, bounds)?;
                }
            }
        }
        Some(())
    }

    /// What an equation reads at an element; `bounds` are the reducers around it.
    fn add_expr(&mut self, reader: u32, expr: &Expr, at: &[Extent], bounds: &[Extent]) -> Option<()> {
        let mut is_bounded = true;
        read::visit(expr, bounds, &mut |mention, _, bounds| {
            is_bounded &= match mention {
                Mention::Var(read, indices) => self.add((reader, at), (read, indices), bounds).is_some(),
                Mention::State(call, _) => self.add_call((reader, at), call, bounds).is_some(),
            };
        });
        is_bounded.then_some(())
    }

    /// Lets an element read a call that remembers: its element in the same place, of each of the reducers around.
    fn add_call(&mut self, (reader, at): (u32, &[Extent]), call: StateId, bounds: &[Extent]) -> Option<()> {
        let Some(&first) = self.first_of_calls.get(&call) else { return Some(()) };
        let state = &self.builder.states[call.0 as usize];
        if !has_elements(state) {
            self.reads.get_mut(reader as usize)?.push(first);
            return Some(());
        }
        let n_loops = state.n_loops as usize;
        let mut numbers = vec![first];
        for (n, extent) in state.extents.iter().enumerate() {
            let read = match n.checked_sub(n_loops) {
                None => at.get(n)?,
                Some(bound) => bounds.get(bound)?,
            };
            let start = read.start.checked_sub(extent.start)?;
            (start + read.len <= extent.len).then_some(())?;
            let n_inner: u32 = state.extents[n + 1..].iter().map(|extent| extent.len).product();
            let places = start..start + read.len;
            numbers = numbers.iter().flat_map(|&number| places.clone().map(move |at| number + at * n_inner)).collect();
            (self.n_reads + numbers.len() <= MAX_READS).then_some(())?;
        }
        self.n_reads += numbers.len();
        self.reads.get_mut(reader as usize)?.extend(numbers);
        Some(())
    }

    /// The number of an element of a variable.
    fn number(&self, (id, at): (VarId, &[Extent])) -> Option<u32> {
        Some(self.first.get(&id)? + flat(at, &region::whole_region(&self.builder.var(id).dims, &self.builder.dims))?)
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
                let reader = (self.number((outflow, element.as_slice()))?, element.as_slice());
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
        (reader, at): (u32, &[Extent]),
        (of, indices): (VarId, &[Index]),
        bounds: &[Extent],
    ) -> Option<()> {
        let Some(&first) = self.first.get(&of) else { return Some(()) };
        let dims = &self.builder.var(of).dims;
        let whole = region::whole_region(dims, &self.builder.dims);
        let region = region_read(indices, at, bounds, &whole)?;
        let cells: Vec<u32> =
            region::cells(&region, dims, &self.builder.dims).filter_map(|cell| u32::try_from(cell).ok()).collect();
        self.n_reads += cells.len();
        self.reads.get_mut(reader as usize)?.extend(cells.into_iter().map(|cell| first + cell));
        (self.n_reads <= MAX_READS).then_some(())
    }
}

/// Whether each element of a call that remembers follows from its own arguments; transports and functions of vectors look at others.
fn has_elements(state: &State) -> bool {
    !matches!(state.kind, StateKind::Transport(_) | StateKind::Vector)
}

/// The number of an element in row-major order.
fn flat(at: &[Extent], whole: &[Extent]) -> Option<u32> {
    at.iter().zip(whole).try_fold(0_u32, |flat, (at, all)| flat.checked_mul(all.len)?.checked_add(at.start))
}
