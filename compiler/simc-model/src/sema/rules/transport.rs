//! Conveyors and queues: which flows they drive, and what these and the transports themselves compute.
//!
//! All that a transport shows in a step follows from its state at the beginning of the step: its contents, what leaves at its exit and what
//! its leaks take. What comes in is decided afterwards, once it is known what leaves and what is asked for. So the flows are ordinary
//! formulas that ask the transport, and the order of all equations follows from what they read, as everywhere.

mod conveyor;
mod queue;

use std::collections::{BTreeMap, BTreeSet};

use kernel::transport::MAX_LEAKS;

use crate::definition::wording::Cure;
use crate::definition::{TransportDef, VarDef};
use crate::diagnostic::{Code, Diagnostic, code};
use crate::model::{
    Base, BinaryOp, Clause, Def, Expr, ExprKind, Index, Method, NodeId, StateId, StateKind, TimeSpec, Transport,
    TransportQuery, TransportRead, VarId,
};
use crate::name;
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::region;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::instances::body::TransportPart;
use crate::sema::instances::module_tree::ModuleTree;
use crate::sema::rules::stock::StockFlows;
use crate::sema::rules::wish;
use crate::source::Span;

/// A transport has no more inflows, a queue no more outflows.
const MAX_FLOWS: usize = 64;

/// A flow, and where its transport names it.
type Flow = (VarId, Span);

/// A transport with its flows.
struct Found<'a> {
    stock: VarId,
    def: &'a TransportDef,
    state: StateId,
    inflows: Vec<Flow>,
    /// What leaves at the exit of a conveyor; all outflows of a queue.
    outflows: Vec<Flow>,
    leaks: Vec<Flow>,
}

/// Gives every transport and its flows their equations.
pub(in crate::sema) fn resolve_transports(
    tree: &ModuleTree<'_>,
    flows: &[StockFlows],
    time: &TimeSpec,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) {
    let mut found = Vec::new();
    let delivering = tree.iter_vars().filter_map(|(flow, _, _)| Some((tree.delivered(flow)?, flow)));
    let origins: BTreeMap<VarId, VarId> = delivering.collect();
    for flows in flows {
        let def: &VarDef = tree.def(flows.stock);
        let Some(transport) = &def.transport else { continue };
        let mut cx = Cx {
            tree,
            time,
            builder,
            diagnostics,
            transports: &[],
            enters: BTreeMap::new(),
            leaves: BTreeMap::new(),
            requests: BTreeMap::new(),
            factors: BTreeMap::new(),
            origins: &origins,
        };
        found.extend(cx.find(flows, transport));
    }
    builder.number_transports();
    // Those of a refused transport too: what they lack is a transport that is sound.
    let is_transport = |flows: &&StockFlows| tree.def(flows.stock).transport.is_some();
    let outflows = flows.iter().filter(is_transport).flat_map(|flows| &flows.outflows);
    let draining: BTreeSet<VarId> = outflows.map(|&(flow, _)| flow).collect();
    check_claims(tree, &found, &draining, diagnostics);
    let (mut enters, mut leaves) = (BTreeMap::new(), BTreeMap::new());
    for (transport, flows) in found.iter().enumerate() {
        for (position, &(flow, _)) in flows.inflows.iter().enumerate() {
            enters.entry(flow).or_insert((transport, position));
            if let Some(&origin) = origins.get(&flow) {
                enters.entry(origin).or_insert((transport, position));
            }
        }
        for &(flow, _) in &flows.outflows {
            leaves.entry(flow).or_insert((transport, None));
        }
        for (position, &(flow, _)) in flows.leaks.iter().enumerate() {
            leaves.entry(flow).or_insert((transport, Some(position)));
        }
    }
    let mut cx = Cx {
        tree,
        time,
        builder,
        diagnostics,
        transports: &found,
        enters,
        leaves,
        requests: BTreeMap::new(),
        factors: BTreeMap::new(),
        origins: &origins,
    };
    cx.part_requests();
    for (index, transport) in found.iter().enumerate() {
        if transport.def.is_queue() {
            cx.resolve_queue(index);
        } else {
            cx.resolve_conveyor(index);
        }
    }
}

/// A flow runs between two transports at most, and only one that is `draining` a transport leaks or overflows.
fn check_claims(tree: &ModuleTree<'_>, found: &[Found<'_>], draining: &BTreeSet<VarId>, diagnostics: &mut Diagnostics) {
    let mut report = |flow: VarId, place: Span, message: String| {
        diagnostics.report(Diagnostic::error(code::TRANSPORT_FLOW, place, message).with_variable(tree.var_name(flow)));
    };
    let (mut filled, mut drained) = (BTreeMap::new(), BTreeMap::new());
    for transport in found {
        for (flows, taken, verb) in [
            (vec![&transport.inflows], &mut filled, "enters"),
            (vec![&transport.outflows, &transport.leaks], &mut drained, "leaves"),
        ] {
            for &(flow, place) in flows.into_iter().flatten() {
                if let Some(other) = taken.insert(flow, transport.stock) {
                    let (name, other) = (tree.var_name(flow), tree.var_name(other));
                    report(
                        flow,
                        place,
                        format!("flow `{name}` {verb} `{}` and `{other}`", tree.var_name(transport.stock)),
                    );
                }
            }
        }
    }
    for (flow, _, def) in tree.iter_vars() {
        let is_draining = draining.contains(&flow);
        if let Some(leak) = def.leak.filter(|_| !is_draining) {
            report(flow, leak.span, format!("`{}` leaks, but from no conveyor", tree.var_name(flow)));
        }
        if def.overflow && !is_draining {
            report(flow, def.span, format!("`{}` overflows, but from no queue", tree.var_name(flow)));
        }
    }
}

/// What the resolution of transports works with.
struct Cx<'c, 'a> {
    tree: &'c ModuleTree<'a>,
    time: &'c TimeSpec,
    builder: &'c mut ModelBuilder,
    diagnostics: &'c mut Diagnostics,
    transports: &'c [Found<'a>],
    /// The transport that each flow enters, and which of its inflows it is.
    enters: BTreeMap<VarId, (usize, usize)>,
    /// The transport that each flow leaves, and which of its leaks it is when it is one.
    leaves: BTreeMap<VarId, (usize, Option<usize>)>,
    /// What flows with a multiplier ask for, by what they deliver.
    requests: BTreeMap<VarId, VarId>,
    /// The multipliers of flows from queues into conveyors, by the flows.
    factors: BTreeMap<VarId, VarId>,
    /// The flows with multipliers, by what they deliver.
    origins: &'c BTreeMap<VarId, VarId>,
}

/// An equation of a transport or of a flow that is being written.
struct Writer {
    expr: Expr,
    /// One for each dimension.
    own: Vec<Index>,
    span: Span,
}

impl Writer {
    fn new(rank: usize, span: Span) -> Self {
        let index = |n| Index::Moving { base: Base::Loop(n), offset: 0 };
        Self { expr: Expr::default(), own: (0u32..).map(index).take(rank).collect(), span }
    }

    fn push(&mut self, kind: ExprKind) -> NodeId {
        self.expr.push(kind, self.span)
    }

    fn number(&mut self, value: f64) -> NodeId {
        self.push(ExprKind::Number(value))
    }

    fn var(&mut self, var: VarId) -> NodeId {
        let own = self.own.clone();
        self.push(ExprKind::Var(var, own))
    }

    fn var_or(&mut self, var: Option<VarId>, default: f64) -> NodeId {
        match var {
            Some(var) => self.var(var),
            None => self.number(default),
        }
    }

    /// The sum of a term for each of the items, 0 when there are none.
    fn sum_of<T>(&mut self, items: impl IntoIterator<Item = T>, term: impl Fn(&mut Self, T) -> NodeId) -> NodeId {
        let mut sum = None;
        for item in items {
            let term = term(self, item);
            sum = Some(sum.map_or(term, |sum| self.push(ExprKind::Binary(BinaryOp::Add, sum, term))));
        }
        sum.unwrap_or_else(|| self.number(0.0))
    }

    fn sum<'f>(&mut self, flows: impl IntoIterator<Item = &'f Flow>) -> NodeId {
        self.sum_of(flows, |writer, &(flow, _)| writer.var(flow))
    }

    fn read(&mut self, state: StateId, query: TransportQuery, args: Vec<NodeId>) -> NodeId {
        let read = TransportRead { state, indices: self.own.clone(), query, noted_with: None, args };
        self.push(ExprKind::Transport(Box::new(read)))
    }

    /// What a conveyor leaks, noted with an inflow of another one: the arguments begin with the number of that inflow.
    fn read_noted(&mut self, state: StateId, with: StateId, args: Vec<NodeId>) -> NodeId {
        let (query, indices) = (TransportQuery::Leak, self.own.clone());
        let read = TransportRead { state, indices, query, noted_with: Some(with), args };
        self.push(ExprKind::Transport(Box::new(read)))
    }
}

impl<'a> Cx<'_, 'a> {
    fn report(&mut self, code: Code, stock: VarId, place: Span, message: String, hint: &str) {
        let error = Diagnostic::error(code, place, message).with_variable(self.tree.var_name(stock));
        self.diagnostics.report(error.with_hint(hint));
    }

    /// The flows of a transport, with a state for it.
    fn find(&mut self, flows: &StockFlows, def: &'a TransportDef) -> Option<Found<'a>> {
        let stock = flows.stock;
        let name = self.tree.var_name(stock);
        if self.time.method != Method::Euler {
            let message = format!("`{name}` needs Euler's method");
            let cure = self.diagnostics.cure(Cure::UseEuler);
            let hint = format!("{cure}: the steps of a conveyor or queue cannot be divided");
            self.report(code::TRANSPORT_METHOD, stock, def.span(), message, &hint);
        }
        let dims = self.builder.var(stock).dims.clone();
        let all = flows.inflows.iter().chain(&flows.outflows);
        if let Some(&(flow, place)) = all.clone().find(|(flow, _)| self.builder.var(*flow).dims != dims) {
            let (flow, stock_shape) = (self.builder.show_var_shape(flow), self.builder.show_var_shape(stock));
            let message = format!("shapes do not fit: flow {flow} of {stock_shape}");
            self.report(code::TRANSPORT_SHAPE, stock, place, message, "give the flow the dimensions of the stock");
            return None;
        }
        let mut found = Found {
            stock,
            def,
            state: StateId(0),
            inflows: flows.inflows.clone(),
            outflows: flows.outflows.clone(),
            leaks: Vec::new(),
        };
        if !def.is_queue() {
            let is_leak = |&(flow, _): &Flow| self.tree.def(flow).leak.is_some();
            (found.leaks, found.outflows) = flows.outflows.iter().copied().partition(is_leak);
        }
        self.check_flows(&found)?;
        found.state = self.builder.transport_state(stock, self.tree);
        Some(found)
    }

    fn check_flows(&mut self, found: &Found<'_>) -> Option<()> {
        let (stock, def) = (found.stock, found.def);
        let name = self.tree.var_name(stock);
        let n_flows = found.inflows.len().max(found.outflows.len());
        if n_flows > MAX_FLOWS || found.leaks.len() > MAX_LEAKS {
            let message = format!("`{name}` has too many flows");
            let hint = format!("a conveyor or queue may have {MAX_FLOWS} inflows, a conveyor {MAX_LEAKS} leaks");
            self.report(code::TRANSPORT_LIMIT, stock, def.span(), message, &hint);
            return None;
        }
        if def.is_queue() {
            if let Some(&(flow, place)) = found.outflows.first().filter(|(flow, _)| self.tree.def(*flow).overflow) {
                let message = format!("`{}` overflows, but no outflow comes before it", self.tree.var_name(flow));
                let hint = "an overflow takes what the outflows listed before it could not";
                self.report(code::OVERFLOW_FIRST, stock, place, message, hint);
            }
            return Some(());
        }
        match found.outflows.as_slice() {
            [_] => {}
            [] => {
                let message = format!("conveyor `{name}` has no outflow");
                let hint = self.diagnostics.cure(Cure::LeaveOutflow);
                self.report(code::TRANSPORT_OUTFLOW, stock, def.span(), message, hint);
                return None;
            }
            [_, (_, place), ..] => {
                let message = format!("conveyor `{name}` has {} outflows at its exit", found.outflows.len());
                let hint = self.diagnostics.cure(Cure::MarkLeaks);
                self.report(code::TRANSPORT_OUTFLOW, stock, *place, message, hint);
                return None;
            }
        }
        if self.tree.transport_part(stock, TransportPart::Transit).is_none() && !self.tree.def(stock).reported {
            let message = format!("conveyor `{name}` has no transit time");
            let hint = self.diagnostics.cure(Cure::WriteTransitTime);
            self.report(code::TRANSPORT_TRANSIT, stock, def.span(), message, hint);
            return None;
        }
        Some(())
    }

    /// All variables of what a transport begins with.
    fn initial(&self, found: &Found<'_>) -> Vec<VarId> {
        self.tree.transport_parts(found.stock, TransportPart::Initial).collect()
    }

    /// The variable of the equation that has been taken out of a flow.
    fn part_of_flow(&self, flow: VarId) -> Option<VarId> {
        self.builder.part_of_flow(self.tree, flow)
    }

    /// What an inflow asks for.
    fn request_of(&self, flow: VarId) -> Option<VarId> {
        self.requests.get(&flow).copied().or_else(|| self.part_of_flow(flow))
    }

    /// The transport that an inflow leaves, whatever a multiplier makes of it, and which of its leaks it is when it is one.
    fn left(&self, inflow: VarId) -> Option<(usize, Option<usize>)> {
        self.leaves.get(self.origins.get(&inflow).unwrap_or(&inflow)).copied()
    }

    /// Makes a variable of what a conveyor is asked for by a flow with a multiplier: what the flow asks for, multiplied. The flow takes
    /// along the part of what it asks for that the conveyor lets in. Of a flow that leaves a queue the multiplier is such a variable: the
    /// queue serves what has room when it is multiplied.
    fn part_requests(&mut self) {
        for found in self.transports.iter().filter(|found| !found.def.is_queue()) {
            for &(inflow, place) in &found.inflows {
                let Some(&flow) = self.origins.get(&inflow) else { continue };
                match self.leaves.get(&flow) {
                    None => self.part_request(flow, inflow, place),
                    Some(&(transport, _)) if self.transports[transport].def.is_queue() => {
                        self.part_factor(flow, inflow, place)
                    }
                    Some(_) => {}
                }
            }
        }
    }

    fn part_factor(&mut self, flow: VarId, inflow: VarId, place: Span) {
        let mut factor = self.builder.var(inflow).clone();
        factor.name = format!("{}: factor", self.builder.var(inflow).name);
        let mut follows_flow = false;
        if let Def::Formula(clauses) = &mut factor.def {
            for clause in clauses {
                let region = clause.region.clone();
                for expr in clause.exprs_mut() {
                    let mut n_reads = 0;
                    expr.edit(&mut |node| {
                        if let ExprKind::Var(var, indices) = &node.kind
                            && *var == flow
                            && wish::same_element(indices, &region).is_some()
                        {
                            node.kind = ExprKind::Number(1.0);
                            n_reads += 1;
                        }
                    });
                    follows_flow |= n_reads > 1;
                }
            }
        }
        if follows_flow {
            let message =
                format!("the multiplier of queue outflow `{}` follows from the flow", self.tree.var_name(flow));
            let hint = "what a queue serves follows from the multiplier: let it enter a stock first, and the conveyor behind it";
            self.report(code::QUEUE_TARGETS, flow, place, message, hint);
        }
        let factor = self.builder.push_var(factor);
        self.factors.insert(flow, factor);
    }

    fn part_request(&mut self, flow: VarId, inflow: VarId, span: Span) {
        let Some(wanted) = self.part_of_flow(flow) else { return };
        let taken = self.part_positive(flow, wanted, span);
        let mut request = self.builder.var(inflow).clone();
        request.through = None;
        request.name = format!("{}: request", self.builder.var(inflow).name);
        let asked = self.builder.push_var(request);
        // Of other elements a multiplier reads what has been let in.
        wish::read_own_instead(self.builder, asked, flow, taken);
        self.requests.insert(inflow, asked);
        let mut writer = Writer::new(self.builder.var(flow).dims.len(), span);
        let (then, asked, let_in) = (writer.var(taken), writer.var(asked), writer.var(inflow));
        let part = writer.push(ExprKind::Binary(BinaryOp::Div, let_in, asked));
        let part = writer.push(ExprKind::Binary(BinaryOp::Mul, then, part));
        // Where nothing comes in nothing leaves, whatever the multiplier is.
        let zero = writer.number(0.0);
        let is_some = writer.push(ExprKind::Binary(BinaryOp::Gt, let_in, zero));
        let otherwise = writer.push(ExprKind::If { cond: is_some, then: part, otherwise: zero });
        let cond = writer.push(ExprKind::Binary(BinaryOp::Eq, let_in, asked));
        writer.push(ExprKind::If { cond, then, otherwise });
        self.set(flow, writer);
        self.set_start(flow, wanted);
    }

    /// A variable of what a flow with a multiplier takes at most: what it asks for, or 0 where that is less or no number.
    fn part_positive(&mut self, flow: VarId, wanted: VarId, span: Span) -> VarId {
        let mut taken = self.builder.var(wanted).clone();
        taken.through = None;
        taken.name = format!("{}: at least 0", self.builder.var(flow).name);
        taken.canonical = name::canonical(&taken.name);
        let taken = self.builder.push_var(taken);
        let mut writer = Writer::new(self.builder.var(flow).dims.len(), span);
        let (then, otherwise) = (writer.var(wanted), writer.number(0.0));
        let cond = writer.push(ExprKind::Binary(BinaryOp::Gt, then, otherwise));
        writer.push(ExprKind::If { cond, then, otherwise });
        self.set(taken, writer);
        self.set_start(taken, wanted);
        taken
    }

    /// Before the first step a variable is what another one is: initial values do not know what transports let through.
    fn set_start(&mut self, var: VarId, as_there: VarId) {
        let mut writer = Writer::new(self.builder.var(var).dims.len(), self.builder.var(var).span);
        writer.var(as_there);
        if let Def::Formula(clauses) = &mut self.builder.var_mut(var).def {
            clauses.iter_mut().for_each(|clause| clause.start = Some(writer.expr.clone()));
        }
    }

    fn writer(&self, found: &Found<'_>) -> Writer {
        Writer::new(self.builder.var(found.stock).dims.len(), found.def.span())
    }

    fn set(&mut self, var: VarId, writer: Writer) {
        let region = region::whole_region(&self.builder.var(var).dims, &self.builder.dims);
        self.builder.var_mut(var).def = Def::Formula(vec![Clause::new(region, writer.expr)]);
    }

    fn set_contents(&mut self, found: &Found<'_>) {
        let mut writer = self.writer(found);
        writer.read(found.state, TransportQuery::Contents, Vec::new());
        self.set(found.stock, writer);
        // What a transport begins with is its equation, whatever leaks and however it is laid out.
        if let [initial] = self.initial(found)[..] {
            self.set_start(found.stock, initial);
        }
    }

    fn transport_mut(&mut self, found: &Found<'_>) -> &mut Transport {
        let StateKind::Transport(id) = self.builder.states[found.state.0 as usize].kind else {
            unreachable!("the state is a transport's")
        };
        &mut self.builder.transports[id.0 as usize]
    }
}
