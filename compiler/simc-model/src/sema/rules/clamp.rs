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

use crate::definition::DefKind;
use crate::diagnostic::{Diagnostic, code};
use crate::model::{Base, BinaryOp, Clause, Def, Expr, ExprKind, Extent, Index, NodeId, PureFn, Var, VarId, VarKind};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::graph;
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
use crate::sema::builder::context::EquationContext;
use crate::sema::builder::dependency::{self, EvalNodes, Phase};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::builder::split;
use crate::sema::declare::clause;
use crate::sema::instances::flag::{has_flag, has_uniflow, is_non_negative};
use crate::sema::instances::module_tree::ModuleTree;
use crate::sema::rules::stock::{self, StockFlows};
use crate::source::Span;

/// How many terms all clamps together may have. They are quadratic in the number of outflows of one stock.
const MAX_TERMS: usize = 4_000_000;

/// Which elements of a variable are non-negative.
struct Flags {
    /// Those of entries that say so themselves, or say the opposite.
    own: Vec<(Vec<Extent>, bool)>,
    /// All others.
    default: bool,
}

impl Flags {
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
            return Self { own: Vec::new(), default };
        }
        let place = EquationContext { tree, instance: tree.owner(var), owner: var, loops: &[], known_as: &[] };
        let entries = clause::resolve_entries(&place, def, builder, diagnostics).into_iter();
        let own = entries.filter_map(|entry| Some((entry.region, def.elements[entry.element?].non_negative?)));
        Self { own: own.collect(), default }
    }

    /// The flag of a region; nothing when its elements differ.
    fn of(&self, region: &[Extent]) -> Option<bool> {
        let mut rest = region::count(region);
        let mut flags = Vec::new();
        for (other, flag) in &self.own {
            let common = count_common(region, other);
            if common > 0 {
                flags.push(*flag);
                rest = rest.saturating_sub(common);
            }
        }
        if rest > 0 {
            flags.push(self.default);
        }
        let first = flags.first().copied().unwrap_or(self.default);
        flags.iter().all(|flag| *flag == first).then_some(first)
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
    stocks.retain(|flows| has_flag(tree, flows.stock, DefKind::Stock) && !flows.outflows.is_empty());
    stocks.retain(|flows| tree.def(flows.stock).transport.is_none());
    stocks.retain(|flows| has_common_shape(tree, flows, builder, diagnostics));
    drop_excess(tree, &mut stocks, diagnostics);
    if !stocks.is_empty() {
        for flows in &stocks {
            part_wishes(tree, flows, builder);
        }
        let rings = find_rings(builder, &stocks);
        for flows in &stocks {
            let flags = Flags::new(tree, flows.stock, DefKind::Stock, builder, diagnostics);
            for position in 0..flows.outflows.len() {
                // A conveyor that lets in an outflow of the stock does so of what the stock has granted.
                let target = builder.part_of_flow(tree, flows.outflows[position].0);
                grant_outflow(flows, position, target, dt, &rings, &flags, builder);
            }
        }
    }
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
    }
}

/// An outflow whose equation reads one that is served after it reads what that one asks for: what it gets depends on the former. So
/// what it asks for becomes a variable of its own.
fn part_wishes(tree: &ModuleTree<'_>, flows: &StockFlows, builder: &mut ModelBuilder) {
    for position in 0..flows.outflows.len() {
        let (reader, _) = flows.outflows[position];
        for &(later, span) in &flows.outflows[position + 1..] {
            let is_apart = builder.part_of_flow(tree, later).is_none() && builder.part_of_flow(tree, reader).is_none();
            if later != reader && is_apart && reads(builder, reader, later) {
                let wish = part_wish(builder, later, span);
                read_instead(builder, reader, later, wish);
            }
        }
    }
}

/// Whether the equation of a variable reads another one, but for what it remembers.
fn reads(builder: &ModelBuilder, var: VarId, other: VarId) -> bool {
    let Def::Formula(clauses) = &builder.var(var).def else { return false };
    let mut found = false;
    for expr in clauses.iter().map(|clause| &clause.expr) {
        read::visit(expr, &[], &mut |mention, _, _| found |= matches!(mention, Mention::Var(id, _) if id == other));
    }
    found
}

/// Moves the equation of a flow to a variable that the flow reads.
fn part_wish(builder: &mut ModelBuilder, flow: VarId, span: Span) -> VarId {
    builder.make_formula(flow);
    let dims = builder.var(flow).dims.clone();
    let region = region::whole_region(&dims, &builder.dims);
    let wish = VarId(u32::try_from(builder.n_vars()).expect("fewer than 2^32 variables"));
    let mut expr = Expr::default();
    expr.push(ExprKind::Var(wish, at_loops(dims.len())), span);
    let def = std::mem::replace(&mut builder.var_mut(flow).def, Def::Formula(vec![Clause::new(region, expr)]));
    for state in builder.states.iter_mut().filter(|state| state.owner == flow) {
        state.owner = wish;
    }
    let name = format!("{}: wish", builder.var(flow).name);
    builder.push_var(Var {
        name,
        kind: VarKind::Auxiliary,
        dims,
        def,
        units: None,
        doc: None,
        range: None,
        is_hidden: true,
        span,
    })
}

/// Lets the equation of a variable read another variable in the place of one.
fn read_instead(builder: &mut ModelBuilder, reader: VarId, from: VarId, to: VarId) {
    let Def::Formula(clauses) = &mut builder.var_mut(reader).def else { return };
    clauses.iter_mut().for_each(|clause| read::rename(clause, from, to));
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

/// Refuses stocks whose clamps would be too large.
fn drop_excess(tree: &ModuleTree<'_>, stocks: &mut Vec<StockFlows>, diagnostics: &mut Diagnostics) {
    let mut budget = MAX_TERMS;
    stocks.retain(|flows| {
        let terms = flows.outflows.len() * (flows.inflows.len() + flows.outflows.len());
        let left = budget.checked_sub(terms);
        budget = left.unwrap_or(budget);
        if left.is_none() {
            let name = tree.var_name(flows.stock);
            let message = format!("non-negative stock `{name}` has too many flows to be served in order");
            diagnostics.report(
                Diagnostic::error(code::MANY_OUTFLOWS, tree.def(flows.stock).span, message)
                    .with_label(format!("{} inflows and {} outflows", flows.inflows.len(), flows.outflows.len()))
                    .with_hint("merge outflows, or let the stock become negative")
                    .with_variable(name),
            );
        }
        left.is_some()
    });
}

/// The ring of each variable, where it is in one when every clamp counts every inflow.
fn find_rings(builder: &ModelBuilder, stocks: &[StockFlows]) -> Vec<Option<u32>> {
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
    let mut rings = vec![None; dependencies.len()];
    let components = graph::components(&dependencies, 0u32..builder.n_vars() as u32);
    for (ring, component) in (0u32..).zip(&components) {
        if graph::is_cycle(component, &dependencies) {
            for &member in component {
                rings[member as usize] = Some(ring);
            }
        }
    }
    rings
}

/// Limits one outflow of a stock to what remains for it.
fn grant_outflow(
    flows: &StockFlows,
    position: usize,
    target: Option<VarId>,
    dt: f64,
    rings: &[Option<u32>],
    flags: &Flags,
    builder: &mut ModelBuilder,
) {
    let (outflow, span) = flows.outflows[position];
    let ring = rings[outflow.0 as usize];
    let is_counted = |inflow: VarId| ring.is_none() || rings[inflow.0 as usize] != ring;
    let counted = flows.inflows.iter().map(|&(inflow, _)| inflow).filter(|&inflow| is_counted(inflow));
    let terms: Vec<(BinaryOp, VarId)> = counted
        .map(|inflow| (BinaryOp::Add, inflow))
        .chain(flows.outflows[..position].iter().map(|&(earlier, _)| (BinaryOp::Sub, earlier)))
        .collect();
    let available = Available { stock: flows.stock, dt, terms };
    let left =
        extra_dim(builder, flows.stock, outflow).map(|axis| serve_in_turn(&available, outflow, axis, span, builder));
    rewrite(builder, target.unwrap_or(outflow), flags, |expr, region, builder| {
        let wanted = expr.root();
        let left = match left {
            Some(left) => expr.push(ExprKind::Var(left, at_loops(region.len())), span),
            None => available.push(expr, &at_loops(region.len()), span, builder),
        };
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
        name,
        kind: VarKind::Auxiliary,
        dims,
        def: Def::Formula(clauses),
        units: None,
        doc: None,
        range: None,
        is_hidden: true,
        span,
    })
}

/// The loops of an equation over these many dimensions, each at its own position.
fn at_loops(n: usize) -> Vec<Index> {
    (0..n).map(|n| Index::Moving { base: Base::Loop(n as u32), offset: 0 }).collect()
}

/// What a stock has for one of its outflows: `S/dt`, and then each term.
struct Available {
    stock: VarId,
    dt: f64,
    terms: Vec<(BinaryOp, VarId)>,
}

impl Available {
    /// Appends it to an expression in which the element of the stock is at these positions.
    fn push(&self, expr: &mut Expr, at: &[Index], span: Span, builder: &ModelBuilder) -> NodeId {
        let stock = expr.push(ExprKind::Var(self.stock, at.to_vec()), span);
        let dt = expr.push(ExprKind::Number(self.dt), span);
        let mut left = expr.push(ExprKind::Binary(BinaryOp::Div, stock, dt), span);
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

/// Changes a flow's expressions for the elements with the flag; constants become formulas.
fn rewrite(
    builder: &mut ModelBuilder,
    flow: VarId,
    flags: &Flags,
    change: impl Fn(&mut Expr, &[Extent], &ModelBuilder),
) {
    builder.make_formula(flow);
    let Def::Formula(clauses) = &builder.var(flow).def else { return };
    let uneven: Vec<u32> = (0u32..)
        .zip(clauses)
        .filter(|(_, clause)| flags.of(&clause.region).is_none())
        .map(|(index, _)| index)
        .collect();
    if !uneven.is_empty() {
        split::split_to_elements(builder, flow, Phase::Step, |index| uneven.contains(&index));
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
