//! What elements of arrays read of one another in a step, where arrays as wholes form a cycle.

use std::collections::BTreeMap;

use crate::model::{Base, Def, Expr, Extent, Index, State, StateId, StateKind, VarId};
use crate::sema::base::graph::{self, Dependencies};
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
use crate::sema::base::work::Work;
use crate::sema::builder::dependency::{EvalNode, EvalNodes};
use crate::sema::builder::model_builder::ModelBuilder;

/// How many elements of arrays are looked at one by one, and how often one reads another.
pub(in crate::sema) const MAX_ELEMENTS: u64 = 1 << 13;
const MAX_READS: usize = 1 << 20;

/// The elements of the variables and calls of a component, each with a number.
pub(in crate::sema) struct Members {
    /// The number of the first element of each variable.
    pub(in crate::sema) first: BTreeMap<VarId, u32>,
    /// The number of the first element of each call that remembers, or of the only one of those that look at whole arrays.
    pub(in crate::sema) first_of_calls: BTreeMap<StateId, u32>,
    /// How many there are.
    pub(in crate::sema) n: u64,
}

/// What these elements read of one another.
pub(in crate::sema) struct Elements<'b> {
    builder: &'b ModelBuilder,
    members: Members,
    reads: Dependencies,
    n_reads: usize,
    work: &'b mut Work,
}

/// The elements that subscripts may name, with the element at hand and what reducers run over; nothing where they leave the array.
pub(in crate::sema) fn region_read(
    indices: &[Index],
    at: &[Extent],
    bounds: &[Extent],
    whole: &[Extent],
) -> Option<Vec<Extent>> {
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

impl Members {
    /// Those of a component. Nothing where there are too many for their numbers.
    pub(in crate::sema) fn new(builder: &ModelBuilder, units: &EvalNodes, component: &[u32]) -> Option<Self> {
        let mut members = Self { first: BTreeMap::new(), first_of_calls: BTreeMap::new(), n: 0 };
        for &unit in component {
            let number = u32::try_from(members.n).ok()?;
            let own = match units.unit(unit) {
                EvalNode::Var(id) | EvalNode::Clause(id, _) => {
                    members.first.insert(id, number);
                    region::count(&region::whole_region(&builder.var(id).dims, &builder.dims))
                }
                EvalNode::State(id) | EvalNode::Element(id, _) => {
                    members.first_of_calls.insert(id, number);
                    let state = &builder.states[id.0 as usize];
                    if has_elements(state) { region::count(&state.extents) } else { 1 }
                }
            };
            members.n = members.n.saturating_add(own);
        }
        Some(members)
    }
}

impl<'b> Elements<'b> {
    /// The elements of a component and what their equations read in a step. Nothing when that is too much.
    pub(in crate::sema) fn new(builder: &'b ModelBuilder, members: Members, work: &'b mut Work) -> Option<Self> {
        let n = usize::try_from(members.n).ok().filter(|_| members.n <= MAX_ELEMENTS)?;
        let mut elements = Self { builder, members, reads: vec![Vec::new(); n], n_reads: 0, work };
        elements.add_equations()?;
        elements.add_calls()?;
        Some(elements)
    }

    /// The model.
    pub(in crate::sema) fn builder(&self) -> &'b ModelBuilder {
        self.builder
    }

    /// Whether a variable is one of them.
    pub(in crate::sema) fn has(&self, id: VarId) -> bool {
        self.members.first.contains_key(&id)
    }

    /// How often one reads another.
    pub(in crate::sema) fn n_reads(&self) -> u64 {
        self.n_reads as u64
    }

    /// For each element of each variable the ring that it is in, row-major.
    pub(in crate::sema) fn rings(&self) -> BTreeMap<VarId, Vec<Option<u32>>> {
        let n = self.reads.len();
        let mut rings: Vec<Option<u32>> = vec![None; n];
        let all = 0..u32::try_from(n).unwrap_or(u32::MAX);
        for (ring, component) in (0u32..).zip(graph::components(&self.reads, all)) {
            if graph::is_cycle(&component, &self.reads) {
                component.iter().for_each(|&element| rings[element as usize] = Some(ring));
            }
        }
        let of = |(&id, &first): (&VarId, &u32)| {
            let own = region::whole_region(&self.builder.var(id).dims, &self.builder.dims);
            (id, rings[first as usize..][..region::count(&own) as usize].to_vec())
        };
        self.members.first.iter().map(of).collect()
    }

    /// What the equations of the variables read. Nothing when that is too much.
    fn add_equations(&mut self) -> Option<()> {
        for id in self.members.first.keys().copied().collect::<Vec<_>>() {
            let builder = self.builder;
            let Def::Formula(clauses) = &builder.var(id).def else { continue };
            for clause in clauses {
                self.work.take(region::count(&clause.region).saturating_mul(clause.expr.n_nodes()))?;
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
        for (id, first) in self.members.first_of_calls.clone() {
            let state = &self.builder.states[id.0 as usize];
            let n_loops = state.n_loops as usize;
            let n = region::count(&state.extents);
            (n <= MAX_ELEMENTS).then_some(())?;
            let n_nodes: u64 = state.value_exprs().map(Expr::n_nodes).sum();
            self.work.take(n.saturating_mul(n_nodes))?;
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
        let Some(&first) = self.members.first_of_calls.get(&call) else { return Some(()) };
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
        self.work.take(numbers.len() as u64)?;
        self.reads.get_mut(reader as usize)?.extend(numbers);
        Some(())
    }

    /// The number of an element of a variable.
    pub(in crate::sema) fn number(&self, (id, at): (VarId, &[Extent])) -> Option<u32> {
        Some(
            self.members.first.get(&id)?
                + flat(at, &region::whole_region(&self.builder.var(id).dims, &self.builder.dims))?,
        )
    }

    /// Lets an element read those that subscripts may name. Nothing when there have been too many.
    pub(in crate::sema) fn add(
        &mut self,
        (reader, at): (u32, &[Extent]),
        (of, indices): (VarId, &[Index]),
        bounds: &[Extent],
    ) -> Option<()> {
        let Some(&first) = self.members.first.get(&of) else { return Some(()) };
        let dims = &self.builder.var(of).dims;
        let whole = region::whole_region(dims, &self.builder.dims);
        let region = region_read(indices, at, bounds, &whole)?;
        self.work.take(region::count(&region).saturating_add(1))?;
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
