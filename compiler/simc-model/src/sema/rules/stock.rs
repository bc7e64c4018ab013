//! Stocks: which flows fill and drain them, and what their net rate is.

use std::collections::{BTreeMap, BTreeSet};

use crate::definition::wording::Cure;
use crate::definition::{DefKind, Name};
use crate::diagnostic::{Diagnostic, Severity, code};
use crate::model::{
    Base, BinaryOp, Clause, Def, Expr, ExprKind, ExprNode, Extent, Index, Reduce, ReduceOp, UnaryOp, VarId,
};
use crate::name;
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::region;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::equation::subscript;
use crate::sema::instances::flow::find_flow;
use crate::sema::instances::module_tree::{InstanceId, ModuleTree};
use crate::source::Span;

/// A stock with its flows in the order of its definition; the places are those where it names them.
pub(in crate::sema) struct StockFlows {
    /// The stock.
    pub(in crate::sema) stock: VarId,
    /// What fills it.
    pub(in crate::sema) inflows: Vec<(VarId, Span)>,
    /// What drains it.
    pub(in crate::sema) outflows: Vec<(VarId, Span)>,
}

/// The stocks of each component of a graph of variables: those of which an outflow is in it, or what `asks` says to stand for one; in the
/// order of the stocks. Components and stocks are looked at once each, so that many small components cost no more than a large one.
pub(in crate::sema) fn by_component<'s>(
    stocks: &'s [StockFlows],
    components: &[Vec<u32>],
    asks: impl Fn(VarId) -> VarId,
) -> BTreeMap<usize, Vec<&'s StockFlows>> {
    let of_members = |(number, members): (usize, &'_ Vec<u32>)| -> Vec<(u32, usize)> {
        members.iter().map(|&member| (member, number)).collect()
    };
    let component_of: BTreeMap<u32, usize> = components.iter().enumerate().flat_map(of_members).collect();
    let mut found: BTreeMap<usize, Vec<&StockFlows>> = BTreeMap::new();
    for flows in stocks {
        let outflows = flows.outflows.iter().flat_map(|&(outflow, _)| [outflow, asks(outflow)]);
        let numbers: BTreeSet<usize> = outflows.filter_map(|flow| component_of.get(&flow.0).copied()).collect();
        numbers.into_iter().for_each(|number| found.entry(number).or_default().push(flows));
    }
    found
}

/// The flows that fill, or that drain, some stock: the first such stock of each, and where it says so.
type Taken = BTreeMap<VarId, (VarId, Span)>;

/// Finds the flows of every stock and gives the stock its net rate.
pub(in crate::sema) fn resolve_flows(
    tree: &ModuleTree<'_>,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) -> Vec<StockFlows> {
    let mut filled = Taken::new();
    let mut drained = Taken::new();
    let mut all = Vec::new();
    for (stock, instance, def) in tree.iter_vars() {
        if !builder.is_stock(stock) {
            continue;
        }
        let mut cx = Cx { tree, instance, stock, diagnostics };
        let inflows = cx.resolve_list(&def.inflows, "fills", &mut filled);
        let outflows = cx.resolve_list(&def.outflows, "drains", &mut drained);
        let mut flows = StockFlows { stock, inflows, outflows };
        flows.inflows.iter_mut().for_each(|(flow, _)| *flow = delivered(tree, *flow));
        cx.check_shapes(&mut flows, builder);
        let clause = net_rate(&flows, builder, def.span);
        if let Def::Stock { net, .. } = &mut builder.var_mut(stock).def {
            *net = vec![clause];
        }
        all.push(flows);
    }
    all
}

/// What a flow gives to the stock that it fills: another variable when it has a multiplier.
fn delivered(tree: &ModuleTree<'_>, flow: VarId) -> VarId {
    tree.delivered(flow).unwrap_or(flow)
}

/// Inflows added from the left, then outflows subtracted, for each element of the stock.
fn net_rate(flows: &StockFlows, builder: &ModelBuilder, span: Span) -> Clause {
    let region = region::whole_region(&builder.var(flows.stock).dims, &builder.dims);
    let mut expr = Expr::default();
    let mut sum = None;
    let read = |flow: VarId| read_flow(builder, flows.stock, flow).unwrap_or_default().of(flow, span);
    for &(flow, span) in &flows.inflows {
        let term = expr.push(read(flow), span);
        sum = Some(sum.map_or(term, |sum| expr.push(ExprKind::Binary(BinaryOp::Add, sum, term), span)));
    }
    for &(flow, span) in &flows.outflows {
        let term = expr.push(read(flow), span);
        let kind = sum.map_or(ExprKind::Unary(UnaryOp::Neg, term), |sum| ExprKind::Binary(BinaryOp::Sub, sum, term));
        sum = Some(expr.push(kind, span));
    }
    if sum.is_none() {
        expr = Expr::number(0.0, span);
    }
    Clause::new(region, expr)
}

/// How an element of a stock reads a flow.
#[derive(Clone, Debug, Default)]
pub(in crate::sema) struct FlowRead {
    /// One for each dimension of the flow.
    pub(in crate::sema) indices: Vec<Index>,
    /// The dimensions of the flow that the stock lacks: their elements are added up.
    pub(in crate::sema) summed: Vec<Extent>,
}

impl FlowRead {
    /// The rate of the flow.
    pub(in crate::sema) fn of(&self, flow: VarId, span: Span) -> ExprKind {
        let rate = ExprKind::Var(flow, self.indices.clone());
        if self.summed.is_empty() {
            return rate;
        }
        let body = Expr { nodes: vec![ExprNode { kind: rate, span }] };
        ExprKind::Reduce(Box::new(Reduce { op: ReduceOp::Sum, extents: self.summed.clone(), body }))
    }
}

/// How the elements of a stock read a flow: each its own elements, added up over dimensions that the stock lacks, or all of them those
/// of one that lacks dimensions. None when the flow lacks some and has others.
pub(in crate::sema) fn read_flow(builder: &ModelBuilder, stock: VarId, flow: VarId) -> Option<FlowRead> {
    let region = region::whole_region(&builder.var(stock).dims, &builder.dims);
    let order: Vec<usize> = (0..region.len()).collect();
    let of = &builder.var(flow).dims;
    let followed = subscript::find_loops(&builder.dims, &region, &order, of).ok()?;
    let mut read = FlowRead::default();
    let n_followed = followed.iter().flatten().count();
    for (index, extent) in followed.into_iter().zip(region::whole_region(of, &builder.dims)) {
        read.indices.push(index.unwrap_or(Index::Moving { base: Base::Bound(read.summed.len() as u32), offset: 0 }));
        if index.is_none() {
            read.summed.push(extent);
        }
    }
    (read.summed.is_empty() || n_followed == region.len()).then_some(read)
}

/// A stock whose flows are looked up.
struct Cx<'c, 'a> {
    tree: &'c ModuleTree<'a>,
    instance: InstanceId,
    stock: VarId,
    diagnostics: &'c mut Diagnostics,
}

impl Cx<'_, '_> {
    /// The flows of a list. `taken` knows which flow does the same for which stock already.
    fn resolve_list(&mut self, names: &[Name], verb: &str, taken: &mut Taken) -> Vec<(VarId, Span)> {
        let mut flows = Vec::with_capacity(names.len());
        for name in names {
            let Some(flow) = self.resolve_flow(name) else { continue };
            let earlier = *taken.entry(flow).or_insert((self.stock, name.span));
            if earlier.1 == name.span || self.check_reuse(flow, verb, name.span, earlier) {
                flows.push((flow, name.span));
            }
        }
        flows
    }

    /// Drops flows whose elements are not those of the stock, which is reported.
    fn check_shapes(&mut self, flows: &mut StockFlows, builder: &ModelBuilder) {
        let stock = self.stock;
        if builder.is_broken(stock) {
            flows.inflows.clear();
            flows.outflows.clear();
            return;
        }
        let is_transport = self.tree.def(stock).transport.is_some();
        let mut fits = |&(flow, span): &(VarId, Span)| {
            let may_be_read = |read: FlowRead| read.summed.is_empty() || !is_transport;
            let is_read = !builder.is_broken(flow) && read_flow(builder, stock, flow).is_some_and(may_be_read);
            if !is_read && !builder.is_broken(flow) {
                let (flow, stock) = (builder.show_var_shape(flow), builder.show_var_shape(stock));
                let message = format!("shapes do not fit: flow {flow} changes stock {stock}");
                let error = self.error(code::SHAPES, span, message);
                self.diagnostics.report(error.with_hint("give the flow the dimensions of the stock"));
            }
            is_read
        };
        flows.inflows.retain(&mut fits);
        flows.outflows.retain(&mut fits);
    }

    /// The variable that a list names. An auxiliary changes a stock as a flow does, with a warning.
    fn resolve_flow(&mut self, name: &Name) -> Option<VarId> {
        let shown = name::display(&name.text);
        let target = find_flow(self.tree, self.instance, name);
        let Some(var) = target else {
            let mut diagnostic = self.error(code::UNKNOWN_NAME, name.span, format!("unknown flow `{shown}`"));
            let flows = self.tree.vars_of(self.instance).filter(|(_, var)| var.kind == DefKind::Flow);
            diagnostic.hint = self.diagnostics.suggest(&name.text, flows.map(|(_, flow)| flow.name.text.as_str()));
            self.diagnostics.report(diagnostic);
            return None;
        };
        let def = self.tree.def(var);
        let severity = match def.kind {
            DefKind::Flow => return Some(var),
            DefKind::Aux => Severity::Warning,
            DefKind::Stock | DefKind::Table => Severity::Error,
        };
        let mut diagnostic = self
            .error(code::NOT_A_FLOW, name.span, format!("`{shown}` changes a stock but is not a flow"))
            .with_place(def.name.span, "defined here")
            .with_hint(self.diagnostics.cure(Cure::DefineFlow));
        diagnostic.severity = severity;
        self.diagnostics.report(diagnostic);
        Some(var).filter(|_| severity == Severity::Warning)
    }

    /// A flow that does the same for two stocks is counted by both, with a warning; doing it twice for one is an error.
    fn check_reuse(&mut self, flow: VarId, verb: &str, span: Span, (other, place): (VarId, Span)) -> bool {
        let name = self.tree.var_name(flow);
        let stock = self.tree.var_name(self.stock);
        let is_same = other == self.stock;
        let message = if is_same {
            format!("flow `{name}` {verb} stock `{stock}` twice")
        } else {
            format!("flow `{name}` {verb} stock `{stock}` and also stock `{}`", self.tree.var_name(other))
        };
        let mut diagnostic = self
            .error(code::FLOW_REUSED, span, message)
            .with_label("named again here")
            .with_place(place, "first named here")
            .with_hint(
                "a flow runs from one stock to one stock; to count it elsewhere, define a second flow equal to it",
            );
        if !is_same {
            diagnostic.severity = Severity::Warning;
        }
        self.diagnostics.report(diagnostic);
        !is_same
    }

    fn error(&self, code: crate::diagnostic::Code, span: Span, message: String) -> Diagnostic {
        Diagnostic::error(code, span, message).with_variable(self.tree.var_name(self.stock))
    }
}
