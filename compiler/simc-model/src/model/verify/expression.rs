//! Expressions: nodes, what they refer to, and whether subscripts stay inside.

use crate::model::dimension::Extent;
use crate::model::expr::{Expr, ExprKind, ExprNode, ReduceOp, TableRef};
use crate::model::id::{StateId, TableId, VarId};
use crate::model::index::{Base, Index};
use crate::model::resolved::Model;
use crate::model::state::{State, StateKind};
use crate::model::transport::{Transport, TransportForm};
use crate::model::transport_read::{TransportQuery, TransportRead};
use crate::model::vector::VectorRead;
use crate::model::verify::violation::{Rule, Violation};

/// Checks all expressions, those before the first step included.
pub(super) fn verify_exprs(model: &Model, list: &mut Vec<Violation>) {
    for (id, var) in model.iter_vars() {
        for (position, clause) in var.def.clauses().enumerate() {
            let place = format!("variable {} `{}`, clause {position}", id.0, var.name);
            let mut cx = Cx { model, list, place, loops: &clause.region };
            clause.exprs().for_each(|expr| cx.verify_expr(expr, &[], false));
        }
    }
    for (id, state) in model.iter_states() {
        let place = format!("call {} in `{}`", id.0, model.var(state.owner).name);
        let (loops, bounds) = state.extents.split_at(state.n_loops as usize);
        let mut cx = Cx { model, list, place, loops };
        state.exprs().for_each(|expr| cx.verify_expr(expr, bounds, state.kind == StateKind::Vector));
        if let StateKind::Transport(transport) = state.kind {
            model.transport(transport).exprs().for_each(|expr| cx.verify_expr(expr, bounds, false));
        }
    }
    for watched in &model.watched {
        let var = model.var(watched.var);
        let len = |dim: usize| u32::try_from(model.dims[dim].elements.len()).unwrap_or(u32::MAX);
        let whole = |&dim| Extent { dim, start: 0, len: len(dim.0 as usize) };
        let loops: Vec<Extent> = var.dims.iter().map(whole).collect();
        let mut cx = Cx { model, list, place: format!("what is watched of `{}`", var.name), loops: &loops };
        cx.verify_expr(&watched.read, &[], false);
    }
}

struct Cx<'m, 'l> {
    model: &'m Model,
    list: &'l mut Vec<Violation>,
    /// What is looked at.
    place: String,
    /// The loops around the expression.
    loops: &'m [Extent],
}

impl<'m> Cx<'m, '_> {
    fn require(&mut self, holds: bool, rule: Rule, message: &str) -> bool {
        if !holds {
            self.list.push(Violation { rule, place: self.place.clone(), message: message.to_owned() });
        }
        holds
    }

    /// An expression within reducers over `bounds`; `arranges` says whether it is the input of a vector function.
    fn verify_expr(&mut self, expr: &Expr, bounds: &[Extent], arranges: bool) {
        self.require(!expr.nodes.is_empty(), Rule::Expression, "it has no node");
        let last = expr.nodes.len().saturating_sub(1);
        let root = expr.nodes.last().map(|node| &node.kind);
        self.require(arranges == matches!(root, Some(ExprKind::Arrange(..))), Rule::Expression, ARRANGED);
        for (position, node) in expr.nodes.iter().enumerate() {
            let is_ordered = node.kind.operands().iter().all(|operand| (operand.0 as usize) < position);
            self.require(is_ordered, Rule::Expression, "a node comes before one of its operands");
            let is_arranged = !matches!(node.kind, ExprKind::Arrange(..)) || position == last;
            self.require(is_arranged, Rule::Expression, ARRANGED);
            let is_list = node.kind.reduce().is_some_and(|reduce| reduce.op == ReduceOp::List);
            self.require(!is_list || arranges, Rule::Expression, "a list is no input of a vector function");
            self.verify_node(node, bounds);
        }
    }

    fn verify_node(&mut self, node: &ExprNode, bounds: &[Extent]) {
        match &node.kind {
            ExprKind::Var(var, indices) => self.verify_read(*var, indices, bounds),
            ExprKind::State(state) => self.verify_call(*state, bounds),
            ExprKind::Transport(read) => self.verify_question(read, bounds),
            ExprKind::Vector(read) => self.verify_vector(read, bounds),
            ExprKind::Lookup(table, _) => self.verify_table(table, bounds),
            ExprKind::Position(Index::Moving { base, .. }) => {
                self.require(self.extent(*base, bounds).is_some(), Rule::Index, "there is no such loop");
            }
            ExprKind::Reduce(reduce) => {
                self.require(!reduce.extents.is_empty(), Rule::Expression, "a reducer runs over nothing");
                let is_inside = reduce.extents.iter().all(|extent| {
                    let len = self.model.dims.get(extent.dim.0 as usize).map_or(0, |dim| dim.elements.len() as u64);
                    extent.len > 0 && u64::from(extent.start) + u64::from(extent.len) <= len
                });
                if self.require(is_inside, Rule::Region, "an extent is empty or ends outside of its dimension") {
                    self.verify_expr(&reduce.body, &[bounds, &reduce.extents].concat(), false);
                }
            }
            ExprKind::Arrange(function, operands) => {
                let fits = operands.len() == function.inputs() + function.numbers();
                self.require(fits, Rule::Call, "a vector function does not have the inputs that it takes");
            }
            ExprKind::Number(_)
            | ExprKind::Time
            | ExprKind::Position(Index::Fixed(_) | Index::Computed(_))
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::If { .. }
            | ExprKind::Call(..) => {}
        }
    }

    /// What a loop runs over.
    fn extent(&self, base: Base, bounds: &[Extent]) -> Option<Extent> {
        match base {
            Base::Loop(n) => self.loops.get(n as usize).copied(),
            Base::Bound(n) => bounds.get(n as usize).copied(),
        }
    }

    /// One subscript for each range of positions, first and one past the last.
    fn verify_indices(&mut self, indices: &[Index], ranges: &[(u64, u64)], may_compute: bool, bounds: &[Extent]) {
        let fits = indices.len() == ranges.len();
        if !self.require(fits, Rule::Index, "there is no subscript for each dimension") {
            return;
        }
        for (index, &(start, end)) in indices.iter().zip(ranges) {
            let (first, len) = match *index {
                Index::Fixed(at) => (i128::from(at), 1),
                Index::Moving { base, offset } => {
                    let Some(extent) = self.extent(base, bounds) else {
                        self.require(false, Rule::Index, "there is no such loop");
                        continue;
                    };
                    (i128::from(extent.start) + i128::from(offset), i128::from(extent.len))
                }
                Index::Computed(_) => {
                    self.require(may_compute, Rule::Index, "what must be known before the run is computed");
                    continue;
                }
            };
            let is_inside = i128::from(start) <= first && first + len <= i128::from(end);
            self.require(is_inside, Rule::Index, "a subscript leaves its dimension");
        }
    }

    fn verify_read(&mut self, var: VarId, indices: &[Index], bounds: &[Extent]) {
        let Some(read) = self.model.vars.get(var.0 as usize) else {
            self.require(false, Rule::Reference, "there is no such variable");
            return;
        };
        let ranges: Vec<(u64, u64)> =
            read.dims.iter().map(|dim| (0, self.model.dims[dim.0 as usize].elements.len() as u64)).collect();
        self.verify_indices(indices, &ranges, true, bounds);
    }

    fn state(&mut self, state: StateId) -> Option<&'m State> {
        let found = self.model.states.get(state.0 as usize);
        self.require(found.is_some(), Rule::Reference, "there is no such call");
        found
    }

    fn verify_call(&mut self, state: StateId, bounds: &[Extent]) {
        let Some(state) = self.state(state) else { return };
        let has_value = !matches!(state.kind, StateKind::Vector | StateKind::Transport(_));
        self.require(has_value, Rule::Call, "a call without a value is read");
        let around: Vec<Extent> = self.loops.iter().chain(bounds).copied().collect();
        let holds = |own: &Extent, at: &Extent| {
            own.dim == at.dim && own.start <= at.start && at.start + at.len <= own.start + own.len
        };
        let fits = state.extents.len() == around.len()
            && state.n_loops as usize == self.loops.len()
            && state.extents.iter().zip(&around).all(|(own, at)| holds(own, at));
        self.require(fits, Rule::Call, "a call is read where its loops and reducers are others");
    }

    fn verify_vector(&mut self, read: &VectorRead, bounds: &[Extent]) {
        let Some(state) = self.state(read.state) else { return };
        let Some((_, inputs)) = state.vector() else {
            self.require(false, Rule::Call, "an element of a call is read that is no vector function");
            return;
        };
        let range = |extent: &Extent| (u64::from(extent.start), u64::from(extent.start) + u64::from(extent.len));
        let own: Vec<(u64, u64)> = state.extents.iter().map(range).collect();
        let elements: Vec<(u64, u64)> = inputs.iter().map(range).collect();
        self.verify_indices(&read.indices, &own, false, bounds);
        self.verify_indices(&read.element, &elements, true, bounds);
    }

    fn verify_table(&mut self, table: &TableRef, bounds: &[Extent]) {
        let model = self.model;
        let has = |table: &TableId| (table.0 as usize) < model.tables.len();
        match table {
            TableRef::One(table) => {
                self.require(has(table), Rule::Reference, "there is no such table");
            }
            TableRef::Each { tables, shape, indices } => {
                self.require(tables.iter().all(has), Rule::Reference, "there is no such table");
                let n = shape.iter().map(|&len| u64::from(len)).fold(1, u64::saturating_mul);
                self.require(n == tables.len() as u64, Rule::Index, "there is no table for each element");
                let ranges: Vec<(u64, u64)> = shape.iter().map(|&len| (0, u64::from(len))).collect();
                self.verify_indices(indices, &ranges, false, bounds);
            }
        }
    }

    fn verify_question(&mut self, read: &TransportRead, bounds: &[Extent]) {
        let Some(state) = self.state(read.state) else { return };
        let StateKind::Transport(transport) = state.kind else {
            self.require(false, Rule::Call, "a call is asked that is no conveyor or queue");
            return;
        };
        let transport = self.model.transport(transport);
        self.require(
            n_args(read.query, transport).map(|n| n + usize::from(read.noted_with.is_some())) == Some(read.args.len()),
            Rule::Transport,
            "it is asked with other arguments",
        );
        if let Some(with) = read.noted_with {
            self.require(read.query == TransportQuery::Leak, Rule::Transport, "what is noted is no leak");
            let noted = self.state(with).map(|state| state.kind);
            self.require(
                matches!(noted, None | Some(StateKind::Transport(_))),
                Rule::Call,
                "no conveyor notes what leaks",
            );
        }
        let dims = &self.model.var(transport.stock).dims;
        let ranges: Vec<(u64, u64)> =
            dims.iter().map(|dim| (0, self.model.dims[dim.0 as usize].elements.len() as u64)).collect();
        self.verify_indices(&read.indices, &ranges, true, bounds);
    }
}

/// Where a vector function may be.
const ARRANGED: &str = "a vector function is not the result of the input of its call";

/// How many arguments a question takes; none when it is no question.
fn n_args(query: TransportQuery, transport: &Transport) -> Option<usize> {
    let of_flows = match query {
        TransportQuery::Contents
        | TransportQuery::Cell
        | TransportQuery::Least
        | TransportQuery::Greatest
        | TransportQuery::Mean
        | TransportQuery::Deviation
        | TransportQuery::Count
        | TransportQuery::Transit => 0,
        TransportQuery::Outflow | TransportQuery::Leak => transport.n_leaks(),
        TransportQuery::Room | TransportQuery::Admit => transport.n_inflows(),
        TransportQuery::Serve | TransportQuery::Refuse => {
            if let TransportForm::Queue(queue) = &transport.form {
                queue.inflows.len()
            } else {
                0
            }
        }
        TransportQuery::Conveyor | TransportQuery::Queue => return None,
    };
    Some(query.min_args() + of_flows)
}
