//! Non-negative stocks and uniflows, spelt out in the equations that they change.
//!
//! A non-negative stock S with inflows i1, i2, ... and outflows o1, o2, ... grants each outflow, in the listed order, no more
//! than is there: `ok = min(equation of ok, S/dt + i1 + i2 + ... - o1 - ... - o(k-1))`, summed from the left. What an
//! earlier outflow takes is its rate as reported, after all clamps. A uniflow's rate is `max(0, ...)` of all that.
//!
//! Stocks that connection one another in a ring (susceptible, infected, recovered, susceptible again) would wait for one another's
//! grants. So an inflow whose own rate depends on the outflow is not counted as available to it: the outflow is then
//! limited by what is in the stock and what surely comes in.
//!
//! Of arrays, each element limits the elements of its outflows. An outflow may have one dimension more than its stock, whose elements
//! are served one after the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::definition::{DefKind, TransportDef};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Base, BinaryOp, Clause, Def, Expr, ExprKind, Extent, Index, NodeId, PureFn, Var, VarId, VarKind};
use crate::name;
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::graph;
use crate::sema::base::region;
use crate::sema::base::region_index::{self, RegionIndex};
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::dependency::{self, EvalNodes, Phase};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::builder::split;
use crate::sema::declare::clause;
use crate::sema::instances::flag::{has_flag, has_uniflow, is_non_negative};
use crate::sema::instances::module_tree::ModuleTree;
use crate::sema::rules::stock::{self, StockFlows};
use crate::sema::rules::wish::{self, at_loops};
use crate::source::Span;

use rings::Rings;

mod rings;

/// How many terms a clamp adds up by itself. What more there are is added up in a variable that the clamps after it share, so that all
/// clamps of a stock together are as long as its lists of flows.
const MAX_TERMS: usize = 8;

/// Which elements of a variable are non-negative.
struct Flags {
    /// Those of entries that say so themselves, or say the opposite.
    own: Vec<(Vec<Extent>, bool)>,
    /// Where these are.
    index: RegionIndex,
    /// All others.
    default: bool,
}

impl Flags {
    /// The same for all elements.
    fn all() -> Self {
        Self { own: Vec::new(), index: RegionIndex::new([]), default: true }
    }

    fn new(
        tree: &ModuleTree<'_>,
        var: VarId,
        kind: DefKind,
        builder: &mut ModelBuilder,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let default = is_non_negative(tree, var, kind);
        let def = tree.def(var);
        if def.elements.iter().all(|element| element.non_negative.is_none()) {
            return Self { own: Vec::new(), index: RegionIndex::new([]), default };
        }
        let place =
            EquationContext { tree, instance: tree.owner(var), owner: var, loops: &[], known_as: &[], n_fixed: 0 };
        let entries = clause::resolve_entries(&place, def, builder, diagnostics).into_iter();
        let own = entries.filter_map(|entry| Some((entry.region, def.elements[entry.element?].non_negative?)));
        let own: Vec<(Vec<Extent>, bool)> = own.collect();
        let index = RegionIndex::new(own.iter().map(|(region, _)| region.as_slice()));
        Self { own, index, default }
    }

    /// The flag of a region; nothing when its elements differ.
    fn of(&self, region: &[Extent]) -> Option<bool> {
        let mut rest = region::count(region);
        let mut flags = Vec::new();
        for number in self.index.meeting(&region_index::sides_of(region)) {
            let (other, flag) = &self.own[number as usize];
            flags.push(*flag);
            rest = rest.saturating_sub(count_common(region, other));
        }
        if rest > 0 {
            flags.push(self.default);
        }
        let first = flags.first().copied().unwrap_or(self.default);
        flags.iter().all(|flag| *flag == first).then_some(first)
    }
}

impl Flags {
    /// The parts of a region that have one flag each.
    fn parts(&self, region: &[Extent]) -> Vec<Vec<Extent>> {
        let found = self.index.meeting(&region_index::sides_of(region));
        let own = found.into_iter().filter_map(|number| region::common(region, &self.own[number as usize].0));
        let mut parts: Vec<Vec<Extent>> = own.collect();
        parts.extend(region::without(region, &parts));
        parts
    }
}

/// How many elements two regions share.
fn count_common(a: &[Extent], b: &[Extent]) -> u64 {
    let common = |(a, b): (&Extent, &Extent)| {
        let end = (a.start + a.len).min(b.start + b.len);
        u64::from(end.saturating_sub(a.start.max(b.start)))
    };
    a.iter().zip(b).map(common).product()
}

/// Rewrites the equations of clamped flows.
pub(in crate::sema) fn apply_clamps(
    tree: &ModuleTree<'_>,
    mut stocks: Vec<StockFlows>,
    dt: f64,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) {
    let is_queue = |stock: VarId| tree.def(stock).transport.as_ref().is_some_and(TransportDef::is_queue);
    let into_queues = stocks.iter().filter(|flows| is_queue(flows.stock)).flat_map(|flows| &flows.inflows);
    let into_queues: BTreeSet<VarId> = into_queues.map(|(inflow, _)| *inflow).collect();
    stocks.retain(|flows| has_flag(tree, flows.stock, DefKind::Stock) && !flows.outflows.is_empty());
    stocks.retain(|flows| tree.def(flows.stock).transport.is_none());
    stocks.retain(|flows| has_common_shape(tree, flows, builder, diagnostics));
    if !stocks.is_empty() {
        wish::part_wishes(tree, &stocks, builder);
        let mut limits = BTreeMap::new();
        for flows in &stocks {
            limits.insert(flows.stock, Flags::new(tree, flows.stock, DefKind::Stock, builder, diagnostics));
        }
        let rings = find_rings(builder, &stocks, &limits);
        for flows in &stocks {
            let Some(flags) = limits.get(&flows.stock) else { continue };
            builder.var_mut(flows.stock).is_non_negative = flags.own.is_empty() && flags.default;
            let mut remainder = Remainder::new(flows, dt);
            for position in 0..flows.outflows.len() {
                // A conveyor that lets in an outflow of the stock does so of what the stock has granted.
                let target = builder.part_of_flow(tree, flows.outflows[position].0);
                if let Some(parts) = rings.by_element(builder, flows, flows.outflows[position].0) {
                    grant_by_element(flows, position, dt, &parts, target, flags, builder);
                    continue;
                }
                let available = remainder.before(position, &rings, builder);
                grant_outflow(flows.outflows[position], &available, target, flags, builder);
            }
        }
    }
    let delivered: BTreeSet<VarId> = tree.iter_vars().filter_map(|(flow, _, _)| tree.delivered(flow)).collect();
    for (id, _, _) in tree.iter_vars() {
        if has_uniflow(tree, id) && !tree.is_driven(id) {
            let flags = Flags::new(tree, id, DefKind::Flow, builder, diagnostics);
            rewrite(builder, id, &flags, |expr, _, _| {
                let rate = expr.root();
                let span = expr.node(rate).span;
                let zero = expr.push(ExprKind::Number(0.0), span);
                expr.push(ExprKind::Call(PureFn::Max, vec![zero, rate]), span);
            });
        }
        // A queue is brought something or nothing.
        let given = tree.delivered(id).unwrap_or(id);
        if !tree.is_driven(id) && into_queues.contains(&given) && !delivered.contains(&id) {
            rewrite(builder, id, &Flags::all(), |expr, _, _| {
                let then = expr.root();
                let span = expr.node(then).span;
                let otherwise = expr.push(ExprKind::Number(0.0), span);
                let cond = expr.push(ExprKind::Binary(BinaryOp::Gt, then, otherwise), span);
                expr.push(ExprKind::If { cond, then, otherwise }, span);
            });
        }
    }
}

/// Whether every outflow of a stock has the stock's dimensions in their order, or one more; if not, the stock is refused.
fn has_common_shape(
    tree: &ModuleTree<'_>,
    flows: &StockFlows,
    builder: &ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> bool {
    let dims = &builder.var(flows.stock).dims;
    let is_even = tree.def(flows.stock).elements.iter().all(|element| element.non_negative.is_none());
    let is_longer = |flow: VarId| is_even && extra_dim(builder, flows.stock, flow).is_some();
    let is_stray = |&&(flow, _): &&(VarId, Span)| builder.var(flow).dims != *dims && !is_longer(flow);
    let stray = flows.outflows.iter().find(is_stray);
    if let Some(&(flow, span)) = stray {
        let (stock, flow) = (builder.show_var_shape(flows.stock), builder.show_var_shape(flow));
        let message = format!("non-negative stock {stock} cannot limit outflow {flow}");
        diagnostics.report(
            Diagnostic::error(code::ARRAYED_CLAMPS, span, message)
                .with_hint(
                    "give the outflow the dimensions of the stock and at most one more, or let the stock become negative",
                )
                .with_variable(tree.var_name(flows.stock)),
        );
    }
    stray.is_none()
}

/// The ring of each variable, where an element of it is in one when every clamp counts every inflow.
fn find_rings(builder: &ModelBuilder, stocks: &[StockFlows], limits: &BTreeMap<VarId, Flags>) -> Rings {
    let units = EvalNodes::whole(builder, Phase::Step);
    let mut dependencies = dependency::dependencies(builder, Phase::Step, &units);
    for flows in stocks {
        let mut before: Option<VarId> = None;
        for &(outflow, _) in &flows.outflows {
            let edges = &mut dependencies[outflow.0 as usize];
            match before {
                Some(before) => edges.push(before.0),
                None => edges.extend(flows.inflows.iter().map(|(inflow, _)| inflow.0)),
            }
            before = Some(outflow);
        }
    }
    let mut rings = Rings::none();
    let mut components = graph::components(&dependencies, 0u32..builder.n_vars() as u32);
    components.retain(|component| graph::is_cycle(component, &dependencies));
    let stocks_of = stock::by_component(stocks, &components, |outflow| outflow);
    for (number, component) in components.iter().enumerate() {
        rings.add(builder, &units, component, stocks_of.get(&number).map_or(&[][..], Vec::as_slice), limits);
    }
    rings
}

/// What a stock has for its outflows, one after the other.
struct Remainder<'f> {
    flows: &'f StockFlows,
    dt: f64,
    /// The ring whose inflows are not counted, once it has been looked for.
    ring: Option<Option<u32>>,
    /// The last outflow that was asked for.
    last: Option<usize>,
    available: Available,
}

impl<'f> Remainder<'f> {
    fn new(flows: &'f StockFlows, dt: f64) -> Self {
        let available = Available { stock: flows.stock, begin: Begin::Stock { dt }, terms: Vec::new() };
        Self { flows, dt, ring: None, last: None, available }
    }

    /// What there is for the outflow at a position. A ring that the first outflows are in with some inflows holds all of these, since
    /// each outflow waits for those before it and the first one for the inflows: so what is counted changes once at most.
    fn before(&mut self, position: usize, rings: &Rings, builder: &mut ModelBuilder) -> Available {
        let (outflow, span) = self.flows.outflows[position];
        let of = |flow: VarId| rings.of(flow);
        let ring = of(outflow).filter(|ring| self.flows.inflows.iter().any(|&(inflow, _)| of(inflow) == Some(*ring)));
        // What is counted changes once at most, unless the outflows before have been limited element by element.
        let is_next = self.last.is_some_and(|last| last + 1 == position);
        self.last = Some(position);
        if !is_next || self.ring != Some(ring) {
            self.ring = Some(ring);
            let counted = self.flows.inflows.iter().filter(|&&(inflow, _)| ring.is_none() || of(inflow) != ring);
            let inflows = counted.map(|&(inflow, _)| (BinaryOp::Add, inflow));
            let earlier = self.flows.outflows[..position].iter().map(|&(earlier, _)| (BinaryOp::Sub, earlier));
            let terms = inflows.chain(earlier).collect();
            self.available = Available { stock: self.flows.stock, begin: Begin::Stock { dt: self.dt }, terms };
        } else {
            self.available.terms.push((BinaryOp::Sub, self.flows.outflows[position - 1].0));
        }
        if self.available.terms.len() > MAX_TERMS {
            let var = self.available.part(outflow, span, builder);
            self.available = Available { stock: self.flows.stock, begin: Begin::Var(var), terms: Vec::new() };
        }
        self.available.clone()
    }
}

/// Limits one outflow of a stock to what remains for it.
fn grant_outflow(
    (outflow, span): (VarId, Span),
    available: &Available,
    target: Option<VarId>,
    flags: &Flags,
    builder: &mut ModelBuilder,
) {
    let left =
        extra_dim(builder, available.stock, outflow).map(|axis| serve_in_turn(available, outflow, axis, span, builder));
    rewrite(builder, target.unwrap_or(outflow), flags, |expr, region, builder| {
        let wanted = expr.root();
        let left = match left {
            Some(left) => expr.push(ExprKind::Var(left, at_loops(region.len())), span),
            None => available.push(expr, &at_loops(region.len()), span, builder),
        };
        expr.push(ExprKind::Call(PureFn::Min, vec![wanted, left]), span);
    });
}

/// The same where other inflows count for some elements than for others.
fn grant_by_element(
    flows: &StockFlows,
    position: usize,
    dt: f64,
    parts: &[(Vec<Extent>, Vec<VarId>)],
    target: Option<VarId>,
    flags: &Flags,
    builder: &mut ModelBuilder,
) {
    let (outflow, span) = flows.outflows[position];
    let flow = target.unwrap_or(outflow);
    builder.part_constant(flow);
    split::split(builder, flow, Phase::Step, |_, whole| {
        Some(parts.iter().filter_map(|(region, _)| region::common(whole, region)).collect())
    });
    let earlier = || flows.outflows[..position].iter().map(|&(earlier, _)| (BinaryOp::Sub, earlier));
    rewrite(builder, flow, flags, |expr, region, builder| {
        let is_within = |part: &&(Vec<Extent>, Vec<VarId>)| region::common(&part.0, region).is_some();
        let counted = parts.iter().find(is_within).map(|(_, counted)| counted.as_slice()).unwrap_or_default();
        let terms = counted.iter().map(|&inflow| (BinaryOp::Add, inflow)).chain(earlier()).collect();
        let available = Available { stock: flows.stock, begin: Begin::Stock { dt }, terms };
        let wanted = expr.root();
        let left = available.push(expr, &at_loops(region.len()), span, builder);
        expr.push(ExprKind::Call(PureFn::Min, vec![wanted, left]), span);
    });
}

/// The dimension of an outflow that its stock lacks, when there is just one and the others are those of the stock in their order.
fn extra_dim(builder: &ModelBuilder, stock: VarId, outflow: VarId) -> Option<usize> {
    let (stock, of) = (&builder.var(stock).dims, &builder.var(outflow).dims);
    let without = |axis: usize| of.iter().enumerate().filter(move |&(n, _)| n != axis).map(|(_, dim)| dim);
    (0..of.len()).rev().find(|&axis| of.len() == stock.len() + 1 && without(axis).eq(stock))
}

/// A variable that holds, for each element of an outflow with a dimension more than its stock, what those before it leave.
fn serve_in_turn(available: &Available, outflow: VarId, axis: usize, span: Span, builder: &mut ModelBuilder) -> VarId {
    let dims = builder.var(outflow).dims.clone();
    let left = VarId(u32::try_from(builder.n_vars()).expect("fewer than 2^32 variables"));
    let mut region = region::whole_region(&dims, &builder.dims);
    let len = region[axis].len;
    region[axis].len = 1;
    let mut of_stock = at_loops(dims.len());
    of_stock.remove(axis);
    let mut first = Expr::default();
    available.push(&mut first, &of_stock, span, builder);
    let mut clauses = vec![Clause::new(region.clone(), first)];
    if len > 1 {
        (region[axis].start, region[axis].len) = (1, len - 1);
        let mut before = at_loops(dims.len());
        before[axis] = Index::Moving { base: Base::Loop(axis as u32), offset: -1 };
        let mut rest = Expr::default();
        let (there, taken) =
            (rest.push(ExprKind::Var(left, before.clone()), span), rest.push(ExprKind::Var(outflow, before), span));
        rest.push(ExprKind::Binary(BinaryOp::Sub, there, taken), span);
        clauses.push(Clause::new(region, rest));
    }
    let name = format!("{}: left", builder.var(outflow).name);
    builder.push_var(Var {
        canonical: name::canonical(&name),
        name,
        kind: VarKind::Auxiliary,
        dims,
        def: Def::Formula(clauses),
        units: None,
        doc: None,
        range: None,
        is_hidden: true,
        is_non_negative: false,
        through: None,
        span,
    })
}

/// What a stock has for one of its outflows: a number to begin with, and then each term.
#[derive(Clone)]
struct Available {
    stock: VarId,
    begin: Begin,
    terms: Vec<(BinaryOp, VarId)>,
}

/// What the terms are added to.
#[derive(Clone, Copy)]
enum Begin {
    /// `S/dt`
    Stock { dt: f64 },
    /// A variable with the dimensions of the stock, which holds the terms before.
    Var(VarId),
}

impl Available {
    /// A variable that holds it, made for an outflow.
    fn part(&self, outflow: VarId, span: Span, builder: &mut ModelBuilder) -> VarId {
        let dims = builder.var(self.stock).dims.clone();
        let mut expr = Expr::default();
        self.push(&mut expr, &at_loops(dims.len()), span, builder);
        let region = region::whole_region(&dims, &builder.dims);
        let name = format!("{}: available", builder.var(outflow).name);
        builder.push_var(Var {
            canonical: name::canonical(&name),
            name,
            kind: VarKind::Auxiliary,
            dims,
            def: Def::Formula(vec![Clause::new(region, expr)]),
            units: None,
            doc: None,
            range: None,
            is_hidden: true,
            is_non_negative: false,
            through: None,
            span,
        })
    }

    /// Appends it to an expression in which the element of the stock is at these positions.
    fn push(&self, expr: &mut Expr, at: &[Index], span: Span, builder: &ModelBuilder) -> NodeId {
        let mut left = match self.begin {
            Begin::Var(var) => expr.push(ExprKind::Var(var, at.to_vec()), span),
            Begin::Stock { dt } => {
                let stock = expr.push(ExprKind::Var(self.stock, at.to_vec()), span);
                let dt = expr.push(ExprKind::Number(dt), span);
                expr.push(ExprKind::Binary(BinaryOp::Div, stock, dt), span)
            }
        };
        for &(op, flow) in &self.terms {
            let mut read = stock::read_flow(builder, self.stock, flow).unwrap_or_default();
            for index in &mut read.indices {
                if let Index::Moving { base: Base::Loop(n), offset } = *index
                    && let Index::Moving { base, offset: further } = at[n as usize]
                {
                    *index = Index::Moving { base, offset: offset + further };
                }
            }
            let rate = expr.push(read.of(flow, span), span);
            left = expr.push(ExprKind::Binary(op, left, rate), span);
        }
        left
    }
}

/// Changes a flow's expressions for the elements with the flag; a constant becomes a formula, whose numbers a host goes on setting.
fn rewrite(
    builder: &mut ModelBuilder,
    flow: VarId,
    flags: &Flags,
    change: impl Fn(&mut Expr, &[Extent], &ModelBuilder),
) {
    builder.part_constant(flow);
    let Def::Formula(clauses) = &builder.var(flow).def else { return };
    let parts: BTreeMap<u32, Vec<Vec<Extent>>> = (0u32..)
        .zip(clauses)
        .filter(|(_, clause)| flags.of(&clause.region).is_none())
        .map(|(number, clause)| (number, flags.parts(&clause.region)))
        .collect();
    if !parts.is_empty() {
        split::split(builder, flow, Phase::Step, |number, _| parts.get(&number).cloned());
    }
    let Def::Formula(clauses) = &mut builder.var_mut(flow).def else { return };
    let mut clauses = std::mem::take(clauses);
    for clause in clauses.iter_mut().filter(|clause| flags.of(&clause.region) == Some(true)) {
        // Initial values are found without limits.
        clause.start.get_or_insert_with(|| clause.expr.clone());
        change(&mut clause.expr, &clause.region, builder);
    }
    builder.var_mut(flow).def = Def::Formula(clauses);
}

#[cfg(test)]
mod tests;
