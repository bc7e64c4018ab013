//! Stocks: which flows fill and drain them, and what their net rate is.

use std::collections::BTreeMap;

use crate::ast::{DefKind, Name, Path};
use crate::diagnostic::{Diagnostic, code};
use crate::model::{BinaryOp, Def, Expr, ExprKind, UnaryOp, VarId};
use crate::name;
use crate::sema::Problems;
use crate::sema::declare::Draft;
use crate::sema::scope::{ScopeId, Target, World};
use crate::source::Span;

/// A stock with its flows in the order of its definition; the places are those of its `<inflow>` and `<outflow>` entries.
pub(super) struct StockFlows {
    /// The stock.
    pub(super) stock: VarId,
    /// What fills it.
    pub(super) inflows: Vec<(VarId, Span)>,
    /// What drains it.
    pub(super) outflows: Vec<(VarId, Span)>,
}

/// Finds the flows of every stock and gives the stock its net rate.
pub(super) fn resolve_flows(world: &World<'_>, draft: &mut Draft, problems: &mut Problems) -> Vec<StockFlows> {
    let mut filled: BTreeMap<VarId, (VarId, Span)> = BTreeMap::new();
    let mut drained: BTreeMap<VarId, (VarId, Span)> = BTreeMap::new();
    let mut all = Vec::new();
    for (stock, scope, def) in world.iter_vars() {
        if !draft.is_stock(stock) {
            continue;
        }
        let mut cx = Cx { world, scope, stock, problems };
        let inflows = cx.resolve_list(&def.inflows, "fills", &mut filled);
        let outflows = cx.resolve_list(&def.outflows, "drains", &mut drained);
        let flows = StockFlows { stock, inflows, outflows };
        if let Def::Stock { net, .. } = &mut draft.var_mut(stock).def {
            *net = net_rate(&flows, def.span);
        }
        all.push(flows);
    }
    all
}

/// Inflows added from the left, then outflows subtracted.
fn net_rate(flows: &StockFlows, span: Span) -> Expr {
    let mut expr = Expr::default();
    let mut sum = None;
    for &(flow, span) in &flows.inflows {
        let term = expr.push(ExprKind::Var(flow), span);
        sum = Some(sum.map_or(term, |sum| expr.push(ExprKind::Binary(BinaryOp::Add, sum, term), span)));
    }
    for &(flow, span) in &flows.outflows {
        let term = expr.push(ExprKind::Var(flow), span);
        let kind = sum.map_or(ExprKind::Unary(UnaryOp::Neg, term), |sum| ExprKind::Binary(BinaryOp::Sub, sum, term));
        sum = Some(expr.push(kind, span));
    }
    if sum.is_none() {
        return Expr::number(0.0, span);
    }
    expr
}

/// A stock whose flows are looked up.
struct Cx<'c, 'a> {
    world: &'c World<'a>,
    scope: ScopeId,
    stock: VarId,
    problems: &'c mut Problems,
}

impl Cx<'_, '_> {
    /// The flows of a list. `taken` knows which flow does the same for which stock already.
    fn resolve_list(
        &mut self,
        names: &[Name],
        verb: &str,
        taken: &mut BTreeMap<VarId, (VarId, Span)>,
    ) -> Vec<(VarId, Span)> {
        let mut flows = Vec::with_capacity(names.len());
        for name in names {
            let Some(flow) = self.resolve_flow(name) else { continue };
            if let Some(&(other, place)) = taken.get(&flow) {
                let diagnostic = self.reused(flow, verb, name.span, (other, place));
                self.problems.report(diagnostic);
                continue;
            }
            taken.insert(flow, (self.stock, name.span));
            flows.push((flow, name.span));
        }
        flows
    }

    fn resolve_flow(&mut self, name: &Name) -> Option<VarId> {
        let path = Path { absolute: false, parts: vec![name.clone()], span: name.span };
        let shown = name::display(&name.text);
        match self.world.resolve_path(self.scope, &path) {
            Target::Var(var) if self.world.def(var).kind == DefKind::Flow => Some(var),
            Target::Var(var) => {
                let message = format!("`{shown}` is not a flow");
                let diagnostic = self.error(code::NOT_A_FLOW, name.span, message);
                self.problems.report(
                    diagnostic
                        .with_place(self.world.def(var).name.span, "defined here")
                        .with_hint("define it as a `<flow>`"),
                );
                None
            }
            Target::Module => {
                let diagnostic = self.error(code::NOT_A_FLOW, name.span, format!("`{shown}` is a module, not a flow"));
                self.problems.report(diagnostic);
                None
            }
            Target::Missing(..) => {
                let mut diagnostic = self.error(code::UNKNOWN_NAME, name.span, format!("unknown flow `{shown}`"));
                let flows = self.world.scope(self.scope).def.vars.iter().filter(|var| var.kind == DefKind::Flow);
                diagnostic.hint = self.problems.suggest(&name.text, flows.map(|flow| flow.name.text.as_str()));
                self.problems.report(diagnostic);
                None
            }
        }
    }

    fn reused(&self, flow: VarId, verb: &str, span: Span, (other, place): (VarId, Span)) -> Diagnostic {
        let name = self.world.var_name(flow);
        let stock = self.world.var_name(self.stock);
        let message = if other == self.stock {
            format!("flow `{name}` {verb} stock `{stock}` twice")
        } else {
            format!("flow `{name}` {verb} stock `{stock}` and also stock `{}`", self.world.var_name(other))
        };
        self.error(code::FLOW_REUSED, span, message)
            .with_label("named again here")
            .with_place(place, "first named here")
            .with_hint("a flow runs from at most one stock to at most one stock")
    }

    fn error(&self, code: crate::diagnostic::Code, span: Span, message: String) -> Diagnostic {
        Diagnostic::error(code, span, message).with_variable(self.world.var_name(self.stock))
    }
}
