//! What an outflow of a non-negative stock asks for, as the outflows that are served before it see it.
//!
//! What an outflow gets depends on those before it. So an outflow that reads one that is served after it, in its own equation or
//! through other variables, reads what that one asks for, and so do these others: the cycle is open there. What is asked for then is a
//! variable of its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Base, Clause, Def, Expr, ExprKind, Extent, Index, State, StateId, StateKind, Var, VarId, VarKind};
use crate::name;
use crate::sema::base::graph;
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
use crate::sema::base::work::Work;
use crate::sema::builder::dependency::{self, EvalNode, EvalNodes, Phase};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::builder::split;
use crate::sema::instances::module_tree::ModuleTree;
use crate::sema::rules::element_graph::{Elements, Members, region_read};
use crate::sema::rules::stock::{self, StockFlows};
use crate::source::Span;

/// How much of a model's work a region is that is compared with an element's.
const COMPARED: u64 = 4;

/// The ring of each element of each variable of a cycle, row-major.
type Rings = BTreeMap<VarId, Vec<Option<u32>>>;

/// The calls that remember by the variables that own them. Each call is looked at once, however many variables are asked for.
#[derive(Default)]
struct Owned {
    of: BTreeMap<VarId, Vec<StateId>>,
    /// How many calls have been looked at: those made since come after them.
    n: usize,
}

impl Owned {
    /// The calls of a variable, which are about to get another owner.
    fn take(&mut self, builder: &ModelBuilder, owner: VarId) -> Vec<StateId> {
        for (id, state) in (0u32..).map(StateId).zip(&builder.states).skip(self.n) {
            self.of.entry(state.owner).or_default().push(id);
        }
        self.n = builder.states.len();
        self.of.remove(&owner).unwrap_or_default()
    }
}

/// Lets outflows of non-negative stocks read what those after them ask for.
pub(in crate::sema) fn part_wishes(tree: &ModuleTree<'_>, stocks: &[StockFlows], builder: &mut ModelBuilder) {
    if stocks.iter().all(|flows| flows.outflows.len() < 2) {
        return;
    }
    part_read_directly(tree, stocks, builder);
    part_read_through_others(tree, stocks, builder);
}

/// Those in the equation of an outflow. The last reader comes first: what a flow asks for reads wishes itself by then.
fn part_read_directly(tree: &ModuleTree<'_>, stocks: &[StockFlows], builder: &mut ModelBuilder) {
    let mut owned = Owned::default();
    let mut wishes: BTreeMap<VarId, VarId> = BTreeMap::new();
    for flows in stocks {
        let positions: BTreeMap<VarId, usize> = (0..).zip(&flows.outflows).map(|(n, &(flow, _))| (flow, n)).collect();
        for (position, &(reader, _)) in flows.outflows.iter().enumerate().rev() {
            if builder.part_of_flow(tree, reader).is_some() {
                continue;
            }
            let is_later = |read: &usize| *read > position && flows.outflows[*read].0 != reader;
            let read = read_by(builder, reader);
            let later: BTreeSet<usize> =
                read.iter().filter_map(|read| positions.get(read).copied()).filter(is_later).collect();
            for (later, span) in later.into_iter().map(|position| flows.outflows[position]) {
                if builder.part_of_flow(tree, later).is_none() && may_read_itself(builder, reader, later) {
                    let wish = *wishes
                        .entry(later)
                        .or_insert_with(|| part_wish(builder, later, &owned.take(builder, later), span));
                    read_own_instead(builder, reader, later, wish);
                }
            }
        }
    }
}

/// Those that an outflow reads through other variables: they are in one cycle with it when each outflow also waits for the one before
/// it. A cycle without that is a mistake of the model, and stays as it is.
fn part_read_through_others(tree: &ModuleTree<'_>, stocks: &[StockFlows], builder: &mut ModelBuilder) {
    let nodes = EvalNodes::whole(builder, Phase::Step);
    let equations = dependency::dependencies(builder, Phase::Step, &nodes);
    let mut waits = equations.clone();
    for flows in stocks {
        for pair in flows.outflows.windows(2) {
            let waiting = builder.part_of_flow(tree, pair[1].0).unwrap_or(pair[1].0);
            waits[waiting.0 as usize].push(pair[0].0.0);
        }
    }
    let components = graph::components(&waits, nodes.all());
    let mut cycle_of: Vec<Option<usize>> = vec![None; waits.len()];
    for (number, component) in components.iter().enumerate().filter(|(_, nodes)| graph::is_cycle(nodes, &waits)) {
        component.iter().for_each(|&node| cycle_of[node as usize] = Some(number));
    }
    for component in graph::components(&equations, nodes.all()) {
        if graph::is_cycle(&component, &equations)
            && let Some(number) = cycle_of[component[0] as usize]
        {
            components[number].iter().for_each(|&node| cycle_of[node as usize] = None);
        }
    }
    let asks = |flow: VarId| builder.part_of_flow(tree, flow).unwrap_or(flow);
    let stocks_of = stock::by_component(stocks, &components, asks);
    let mut work = Work::whole();
    let mut uneven: Vec<(&[&StockFlows], Rings)> = Vec::new();
    for (number, component) in components.iter().enumerate() {
        if cycle_of[component[0] as usize] == Some(number) && !has_even_reads(builder, &nodes, component) {
            component.iter().for_each(|&node| cycle_of[node as usize] = None);
            let stocks = stocks_of.get(&number).map_or(&[][..], Vec::as_slice);
            let rings = find_rings(tree, builder, &nodes, component, stocks, &mut work);
            uneven.extend(rings.map(|rings| (stocks, rings)));
        }
    }
    let mut owned = Owned::default();
    let delivered: BTreeSet<VarId> = tree.iter_vars().filter_map(|(flow, _, _)| tree.delivered(flow)).collect();
    for flows in stocks {
        let mut seen = BTreeSet::new();
        for &(flow, span) in &flows.outflows {
            let Some(number) = cycle_of[flow.0 as usize] else { continue };
            // The first one of a cycle waits for none of the others.
            if seen.insert(number) {
                continue;
            }
            let asking = builder.part_of_flow(tree, flow).unwrap_or(flow);
            let own = owned.take(builder, asking);
            let wish = part_wish(builder, asking, &own, span);
            for &node in &components[number] {
                match nodes.unit(node) {
                    EvalNode::Var(reader) | EvalNode::Clause(reader, _) => {
                        if reader != flow && !delivered.contains(&reader) && !asks_transport(builder, reader) {
                            read_instead(builder, reader, flow, wish);
                        }
                    }
                    EvalNode::State(id) | EvalNode::Element(id, _) => {
                        let exprs = value_exprs_mut(&mut builder.states[id.0 as usize]);
                        exprs.into_iter().for_each(|expr| read::rename_in(expr, flow, wish));
                    }
                }
            }
        }
    }
    for (stocks, rings) in &uneven {
        part_read_by_elements(tree, stocks, rings, &delivered, (builder, &mut owned));
    }
}

/// The ring of each element of each variable of a cycle in which variables do not read one another element by element, when each outflow also
/// waits for the one before it. Nothing where elements read one another in a ring anyhow, or where there are too many.
fn find_rings(
    tree: &ModuleTree<'_>,
    builder: &ModelBuilder,
    nodes: &EvalNodes,
    cycle: &[u32],
    stocks: &[&StockFlows],
    work: &mut Work,
) -> Option<Rings> {
    let mut elements = Elements::new(builder, Members::new(builder, nodes, cycle)?, work)?;
    if elements.rings().values().flatten().any(Option::is_some) {
        return None;
    }
    for flows in stocks {
        for pair in flows.outflows.windows(2) {
            let waiting = builder.part_of_flow(tree, pair[1].0).unwrap_or(pair[1].0);
            let dims = &builder.var(flows.stock).dims;
            if !elements.has(waiting) || builder.var(waiting).dims != *dims || builder.var(pair[0].0).dims != *dims {
                continue;
            }
            let at_loops = at_loops(dims.len());
            for element in region::elements_of(&region::whole_region(dims, &builder.dims)) {
                let reader = elements.number((waiting, element.as_slice()))?;
                elements.add((reader, element.as_slice()), (pair[0].0, at_loops.as_slice()), &[])?;
            }
        }
    }
    let rings = elements.rings();
    let n_reads = elements.n_reads();
    rings.values().flatten().any(Option::is_some).then_some(())?;
    pay(builder, stocks, &rings, n_reads, work)?;
    Some(rings)
}

/// Takes what [`part_read_by_elements`] does to rings from the work of the model, before anything is done: part of it would be another
/// model. Nothing when that is too much.
fn pay(builder: &ModelBuilder, stocks: &[&StockFlows], rings: &Rings, n_reads: u64, work: &mut Work) -> Option<()> {
    let outflows = stocks.iter().flat_map(|flows| &flows.outflows);
    let n_wishes =
        outflows.filter(|(flow, _)| rings.get(flow).is_some_and(|own| own.iter().any(Option::is_some))).count() as u64;
    work.take(n_wishes.saturating_mul(n_reads))?;
    for (&reader, of_reader) in rings {
        let n_alone = of_reader.iter().flatten().count() as u64;
        let Def::Formula(clauses) = &builder.var(reader).def else { continue };
        let dims = &builder.var(reader).dims;
        for clause in clauses {
            // Each element in a ring becomes a clause, and so does what is on either side of it.
            let cells = region::cells(&clause.region, dims, &builder.dims);
            let n = cells.filter(|&cell| of_reader.get(cell as usize).is_some_and(Option::is_some)).count() as u64;
            let n_parts =
                region::count(&clause.region).min(n.saturating_mul(2 * dims.len() as u64 + 1).saturating_add(1));
            let n_nodes = if n == 0 { clause.expr.n_nodes() } else { split::n_nodes(builder, clause) };
            let n_copied = if n == 0 { 0 } else { n_parts.saturating_mul(n_nodes) };
            let each_time =
                n_copied.max(n_nodes).saturating_add(n_parts.saturating_mul(n_alone).saturating_mul(COMPARED));
            work.take_copies(n_copied)?;
            work.take(n_wishes.saturating_mul(each_time))?;
        }
    }
    Some(())
}

/// Lets the elements that are in a ring with elements of an outflow read what these ask for, unless these are the first of their ring.
fn part_read_by_elements(
    tree: &ModuleTree<'_>,
    stocks: &[&StockFlows],
    rings: &Rings,
    delivered: &BTreeSet<VarId>,
    (builder, owned): (&mut ModelBuilder, &mut Owned),
) {
    for flows in stocks {
        let mut seen: BTreeSet<(usize, u32)> = BTreeSet::new();
        for &(flow, span) in &flows.outflows {
            let Some(of_flow) = rings.get(&flow) else { continue };
            // The element of the stock at which each ring was met before has had its turn.
            let later: Vec<Option<u32>> = of_flow
                .iter()
                .enumerate()
                .map(|(element, ring)| ring.filter(|&ring| !seen.insert((element, ring))))
                .collect();
            let wanted: BTreeSet<u32> = later.iter().flatten().copied().collect();
            if wanted.is_empty() {
                continue;
            }
            let asking = builder.part_of_flow(tree, flow).unwrap_or(flow);
            let own = owned.take(builder, asking);
            let wish = part_wish(builder, asking, &own, span);
            for (&reader, of_reader) in rings {
                if reader != flow && !delivered.contains(&reader) && !asks_transport(builder, reader) {
                    read_there_instead(builder, (reader, of_reader), (flow, &later), wish, &wanted);
                }
            }
        }
    }
}

/// Lets elements of a variable that are in one ring with what they read of a flow read another variable in its place.
fn read_there_instead(
    builder: &mut ModelBuilder,
    (reader, of_reader): (VarId, &[Option<u32>]),
    (flow, of_flow): (VarId, &[Option<u32>]),
    wish: VarId,
    wanted: &BTreeSet<u32>,
) {
    let (dims, of) = (builder.var(reader).dims.clone(), builder.var(flow).dims.clone());
    let alone: Vec<Vec<Extent>> = (0u64..)
        .zip(of_reader)
        .filter(|(_, ring)| ring.is_some_and(|ring| wanted.contains(&ring)))
        .map(|(flat, _)| region::cell(flat, &dims, &builder.dims))
        .collect();
    if alone.is_empty() {
        return;
    }
    split::split(builder, reader, Phase::Step, |_, whole| {
        let own: Vec<Vec<Extent>> = alone.iter().filter_map(|element| region::common(whole, element)).collect();
        let rest = region::without(whole, &own);
        Some(own.into_iter().chain(rest).collect())
    });
    let whole = region::whole_region(&of, &builder.dims);
    let Def::Formula(clauses) = &mut builder.var_mut(reader).def else { return };
    let mut clauses = std::mem::take(clauses);
    for clause in &mut clauses {
        let region = &clause.region;
        let ring = if region::count(region) == 1 {
            region::cells(region, &dims, &builder.dims).next().and_then(|flat| of_reader.get(flat as usize).copied()?)
        } else {
            None
        };
        let Some(ring) = ring else { continue };
        let region = region.clone();
        let dims = &builder.dims;
        let is_later = |indices: &[Index]| {
            // A reducer may meet all of them.
            let read = region_read(indices, &region, &[], &whole).unwrap_or_else(|| whole.clone());
            region::cells(&read, &of, dims).any(|cell| of_flow.get(cell as usize) == Some(&Some(ring)))
        };
        rename_where(&mut clause.expr, flow, wish, &is_later);
        for id in calls_of(&builder.states, &clause.expr) {
            let exprs = value_exprs_mut(&mut builder.states[id.0 as usize]);
            exprs.into_iter().for_each(|expr| rename_where(expr, flow, wish, &is_later));
        }
    }
    builder.var_mut(reader).def = Def::Formula(clauses);
}

/// Whether the nodes of a cycle read one another element by element, or whole dimensions of one another, so that elements are in a
/// cycle too. Otherwise their elements may have an order in which each reads what others get.
fn has_even_reads(builder: &ModelBuilder, nodes: &EvalNodes, cycle: &[u32]) -> bool {
    let members: BTreeSet<VarId> = cycle
        .iter()
        .filter_map(|&node| match nodes.unit(node) {
            EvalNode::Var(id) | EvalNode::Clause(id, _) => Some(id),
            EvalNode::State(_) | EvalNode::Element(..) => None,
        })
        .collect();
    cycle.iter().all(|&node| {
        let dims = &builder.var(dependency::owner(builder, nodes.unit(node))).dims;
        let exprs = dependency::exprs_of(builder, nodes, nodes.unit(node), Phase::Step);
        let mut is_even = dims.is_empty() || exprs.len() == 1;
        for (expr, _, bounds) in exprs {
            read::visit(expr, bounds, &mut |mention, _, bounds| {
                if let Mention::Var(id, indices) = mention
                    && members.contains(&id)
                {
                    is_even &= indices.iter().zip(&builder.var(id).dims).all(|(index, of)| match *index {
                        Index::Moving { base: Base::Loop(n), offset: 0 } => dims.get(n as usize) == Some(of),
                        Index::Moving { base: Base::Bound(n), offset: 0 } => {
                            let whole = region::whole_region(&[*of], &builder.dims);
                            bounds.get(n as usize) == whole.first()
                        }
                        Index::Moving { .. } | Index::Fixed(_) | Index::Computed(_) => false,
                    });
                }
            });
        }
        is_even
    })
}

/// Whether a variable is what a conveyor or queue says of a flow: material that comes in is what leaves elsewhere, whoever asks for it.
fn asks_transport(builder: &ModelBuilder, var: VarId) -> bool {
    builder.var(var).def.exprs().flat_map(|expr| &expr.nodes).any(|node| matches!(node.kind, ExprKind::Transport(_)))
}

/// What the value of a call needs in a step.
fn value_exprs_mut(state: &mut State) -> Vec<&mut Expr> {
    let is_delay = matches!(state.kind, StateKind::Delay { .. } | StateKind::ShortenedDelay { .. });
    let input = Some(&mut state.input).filter(|_| !is_delay);
    input.into_iter().chain(&mut state.time).chain(&mut state.horizon).collect()
}

/// What the equation of a variable reads, but for what it remembers.
fn read_by(builder: &ModelBuilder, var: VarId) -> BTreeSet<VarId> {
    let mut read = BTreeSet::new();
    let Def::Formula(clauses) = &builder.var(var).def else { return read };
    for expr in clauses.iter().map(|clause| &clause.expr) {
        read::visit(expr, &[], &mut |mention, _, _| {
            if let Mention::Var(id, _) = mention {
                read.insert(id);
            }
        });
    }
    read
}

/// Whether an element of a flow may read the same element of another one of its stock. Those of other elements it reads as they are.
fn may_read_itself(builder: &ModelBuilder, reader: VarId, other: VarId) -> bool {
    let Def::Formula(clauses) = &builder.var(reader).def else { return false };
    clauses.iter().any(|clause| {
        let mut found = false;
        read::visit(&clause.expr, &[], &mut |mention, _, _| {
            if let Mention::Var(id, indices) = mention
                && id == other
                && let Some(region) = same_element(indices, &clause.region)
            {
                found |= region == clause.region || still_reads(builder, &clause.expr, other, &region);
            }
        });
        found
    })
}

/// Lets each element of a flow that reads the same element of another one of its stock read another variable there.
pub(in crate::sema) fn read_own_instead(builder: &mut ModelBuilder, reader: VarId, other: VarId, to: VarId) {
    let Def::Formula(clauses) = &builder.var(reader).def else { return };
    let own_parts = |clause: &Clause| {
        let mut parts = vec![clause.region.clone()];
        read::visit(&clause.expr, &[], &mut |mention, _, _| {
            if let Mention::Var(id, indices) = mention
                && id == other
                && let Some(region) = same_element(indices, &clause.region)
                && region != clause.region
            {
                let of = |part: &Vec<Extent>| {
                    let own = region::common(part, &region);
                    let rest = region::without(part, &own.iter().cloned().collect::<Vec<_>>());
                    own.into_iter().chain(rest)
                };
                parts = parts.iter().flat_map(of).collect();
            }
        });
        parts
    };
    let parts: Vec<Vec<Vec<Extent>>> = clauses.iter().map(own_parts).collect();
    split::split(builder, reader, Phase::Step, |clause, _| parts.get(clause as usize).cloned());
    let Def::Formula(clauses) = &mut builder.var_mut(reader).def else { return };
    for clause in clauses {
        let region = &clause.region;
        // Initial values are found without limits.
        rename_where(&mut clause.expr, other, to, &|indices| same_element(indices, region).is_some());
    }
}

/// The calls that remember in an expression, and those in their own values.
fn calls_of(states: &[State], expr: &Expr) -> BTreeSet<StateId> {
    let mut found = BTreeSet::new();
    let mut pending = vec![expr];
    while let Some(expr) = pending.pop() {
        read::visit(expr, &[], &mut |mention, _, _| {
            if let Mention::State(id, None) = mention
                && found.insert(id)
            {
                pending.extend(states[id.0 as usize].value_exprs());
            }
        });
    }
    found
}

/// Lets an expression read another variable in the place of one where it is read with certain subscripts.
fn rename_where(expr: &mut Expr, from: VarId, to: VarId, is_meant: &dyn Fn(&[Index]) -> bool) {
    expr.edit(&mut |node| {
        if let ExprKind::Var(var, indices) = &mut node.kind
            && *var == from
            && is_meant(indices)
        {
            *var = to;
        }
    });
}

/// The part of a region in which subscripts may name the element at hand; nothing where there is none.
pub(in crate::sema) fn same_element(indices: &[Index], region: &[Extent]) -> Option<Vec<Extent>> {
    let mut part = region.to_vec();
    for (n, (index, extent)) in indices.iter().zip(&mut part).enumerate() {
        match *index {
            Index::Fixed(at) if (extent.start..extent.start + extent.len).contains(&at) => {
                (extent.start, extent.len) = (at, 1);
            }
            Index::Fixed(_) => return None,
            Index::Moving { base: Base::Loop(of), offset } if of as usize == n && offset != 0 => return None,
            Index::Moving { .. } | Index::Computed(_) => {}
        }
    }
    Some(part)
}

/// Whether an equation reads a variable in a part of its region, when what the positions there decide is known.
fn still_reads(builder: &ModelBuilder, expr: &Expr, var: VarId, region: &[Extent]) -> bool {
    let mut there = expr.clone();
    split::fix(builder, &mut there, 0, region, None);
    let mut found = false;
    read::visit(&there, &[], &mut |mention, _, _| found |= matches!(mention, Mention::Var(id, _) if id == var));
    found
}

/// Moves the equation of a flow, with the calls that it owns, to a variable that the flow reads.
fn part_wish(builder: &mut ModelBuilder, flow: VarId, states: &[StateId], span: Span) -> VarId {
    builder.part_constant(flow);
    let dims = builder.var(flow).dims.clone();
    let region = region::whole_region(&dims, &builder.dims);
    let wish = VarId(u32::try_from(builder.n_vars()).expect("fewer than 2^32 variables"));
    let mut expr = Expr::default();
    expr.push(ExprKind::Var(wish, at_loops(dims.len())), span);
    let def = std::mem::replace(&mut builder.var_mut(flow).def, Def::Formula(vec![Clause::new(region, expr)]));
    for state in states {
        builder.states[state.0 as usize].owner = wish;
    }
    let name = format!("{}: wish", builder.var(flow).name);
    builder.push_var(Var {
        canonical: name::canonical(&name),
        name,
        kind: VarKind::Auxiliary,
        dims,
        def,
        units: None,
        doc: None,
        range: None,
        is_hidden: true,
        is_non_negative: false,
        through: None,
        span,
    })
}

/// Lets the equation of a variable read another variable in the place of one.
fn read_instead(builder: &mut ModelBuilder, reader: VarId, from: VarId, to: VarId) {
    let Def::Formula(clauses) = &mut builder.var_mut(reader).def else { return };
    clauses.iter_mut().for_each(|clause| read::rename(clause, from, to));
}

/// The loops of an equation over these many dimensions, each at its own position.
pub(in crate::sema) fn at_loops(n: usize) -> Vec<Index> {
    (0..n).map(|n| Index::Moving { base: Base::Loop(n as u32), offset: 0 }).collect()
}

#[cfg(test)]
mod tests;
