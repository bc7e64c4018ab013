//! Walks over the expressions of a model, to look at them or to edit them.
//!
//! Each part of a model lists all of its expressions in one place: [`Clause`], [`Def`], [`State`], [`Transport`] and [`Model`] have
//! `exprs` and `exprs_mut`, which leave out nothing, the equation before the first step included. [`Expr::visit`] and
//! [`Expr::edit`] go through all nodes of an expression and of the reducers in it. Of a node, [`ExprKind::operands`],
//! [`ExprKind::indices`] and [`ExprKind::call`] list what it refers to, whatever it is. A walk that asks for one of these need not
//! know the kinds of nodes.

use crate::model::dimension::Extent;
use crate::model::expr::{Expr, ExprKind, ExprNode, Reduce, TableRef};
use crate::model::id::StateId;
use crate::model::index::{Index, NodeId};
use crate::model::resolved::Model;
use crate::model::state::State;
use crate::model::transport::{Conveyor, InflowSpread, Queue, Transport, TransportForm};
use crate::model::variable::{Clause, Def};

impl ExprKind {
    /// The operands, those in subscripts included. The body of a reducer has operands of its own.
    pub fn operands(&self) -> Vec<NodeId> {
        let computed = |index: &Index| if let Index::Computed(id) = index { Some(*id) } else { None };
        let mut operands: Vec<NodeId> = self.indices().filter_map(computed).collect();
        match self {
            ExprKind::Transport(read) => operands.extend(&read.args),
            ExprKind::Arrange(_, args) | ExprKind::Call(_, args) => operands.extend(args),
            ExprKind::Unary(_, a) | ExprKind::Lookup(_, a) => operands.push(*a),
            ExprKind::Binary(_, a, b) => operands.extend([a, b]),
            ExprKind::If { cond, then, otherwise } => operands.extend([cond, then, otherwise]),
            ExprKind::Number(_)
            | ExprKind::Time
            | ExprKind::Var(..)
            | ExprKind::Vector(_)
            | ExprKind::State(_)
            | ExprKind::Position(_)
            | ExprKind::Reduce(_) => {}
        }
        operands
    }

    /// Changes the operands, those in subscripts included.
    pub fn edit_operands(&mut self, edit: &mut dyn FnMut(&mut NodeId)) {
        self.edit_indices(&mut |index| {
            if let Index::Computed(id) = index {
                edit(id);
            }
        });
        match self {
            ExprKind::Transport(read) => read.args.iter_mut().for_each(edit),
            ExprKind::Arrange(_, args) | ExprKind::Call(_, args) => args.iter_mut().for_each(edit),
            ExprKind::Unary(_, a) | ExprKind::Lookup(_, a) => edit(a),
            ExprKind::Binary(_, a, b) => [a, b].into_iter().for_each(edit),
            ExprKind::If { cond, then, otherwise } => [cond, then, otherwise].into_iter().for_each(edit),
            ExprKind::Number(_)
            | ExprKind::Time
            | ExprKind::Var(..)
            | ExprKind::Vector(_)
            | ExprKind::State(_)
            | ExprKind::Position(_)
            | ExprKind::Reduce(_) => {}
        }
    }

    /// The subscripts of a read, and the position that is shown as a number.
    pub fn indices(&self) -> impl Iterator<Item = &Index> {
        let (first, second): (&[Index], &[Index]) = match self {
            ExprKind::Var(_, indices) | ExprKind::Lookup(TableRef::Each { indices, .. }, _) => (indices, &[]),
            ExprKind::Transport(read) => (&read.indices, &[]),
            ExprKind::Vector(read) => (&read.indices, &read.element),
            ExprKind::Position(index) => (std::slice::from_ref(index), &[]),
            ExprKind::Number(_)
            | ExprKind::Time
            | ExprKind::Arrange(..)
            | ExprKind::State(_)
            | ExprKind::Reduce(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::If { .. }
            | ExprKind::Call(..)
            | ExprKind::Lookup(TableRef::One(_), _) => (&[], &[]),
        };
        first.iter().chain(second)
    }

    /// Changes the subscripts of a read, and the position that is shown as a number.
    pub fn edit_indices(&mut self, edit: &mut dyn FnMut(&mut Index)) {
        match self {
            ExprKind::Var(_, indices) | ExprKind::Lookup(TableRef::Each { indices, .. }, _) => {
                indices.iter_mut().for_each(edit);
            }
            ExprKind::Transport(read) => read.indices.iter_mut().for_each(edit),
            ExprKind::Vector(read) => read.indices.iter_mut().chain(&mut read.element).for_each(edit),
            ExprKind::Position(index) => edit(index),
            ExprKind::Number(_)
            | ExprKind::Time
            | ExprKind::Arrange(..)
            | ExprKind::State(_)
            | ExprKind::Reduce(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::If { .. }
            | ExprKind::Call(..)
            | ExprKind::Lookup(TableRef::One(_), _) => {}
        }
    }

    /// The call that is here: a function that remembers, or one of whole vectors. A question to a conveyor or queue is none:
    /// that belongs to its stock.
    pub fn call(&self) -> Option<StateId> {
        match self {
            ExprKind::State(state) => Some(*state),
            ExprKind::Vector(read) => Some(read.state),
            ExprKind::Number(_)
            | ExprKind::Time
            | ExprKind::Var(..)
            | ExprKind::Transport(_)
            | ExprKind::Arrange(..)
            | ExprKind::Position(_)
            | ExprKind::Reduce(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::If { .. }
            | ExprKind::Call(..)
            | ExprKind::Lookup(..) => None,
        }
    }

    /// The same, to be changed.
    pub fn call_mut(&mut self) -> Option<&mut StateId> {
        match self {
            ExprKind::State(state) => Some(state),
            ExprKind::Vector(read) => Some(&mut read.state),
            ExprKind::Number(_)
            | ExprKind::Time
            | ExprKind::Var(..)
            | ExprKind::Transport(_)
            | ExprKind::Arrange(..)
            | ExprKind::Position(_)
            | ExprKind::Reduce(_)
            | ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::If { .. }
            | ExprKind::Call(..)
            | ExprKind::Lookup(..) => None,
        }
    }

    /// The state that the value depends on: that of the call that is here, or of the conveyor or queue that is asked.
    pub fn state(&self) -> Option<StateId> {
        if let ExprKind::Transport(read) = self { Some(read.state) } else { self.call() }
    }

    /// The reducer, if it is one.
    pub fn reduce(&self) -> Option<&Reduce> {
        if let ExprKind::Reduce(reduce) = self { Some(reduce) } else { None }
    }
}

/// What looks at nodes: each with the extents of the reducers around it, and the nodes of the expression that it is in.
pub(crate) type See<'s, 'e> = dyn FnMut(&'e ExprNode, &[Extent], &'e [ExprNode]) + 's;

impl Expr {
    /// Calls `see` with every node, before the nodes of its body if it is a reducer, and with the extents of the reducers around
    /// it, of which `bounds` are those around the expression. Reducers nest a few levels only, so that recursion is bounded.
    pub fn visit<'e>(&'e self, bounds: &[Extent], see: &mut dyn FnMut(&'e ExprNode, &[Extent])) {
        self.visit_with_nodes(bounds, &mut |node, bounds, _| see(node, bounds));
    }

    /// The same, with the nodes among which the operands of a node are: of a reducer those of its body.
    pub(crate) fn visit_with_nodes<'e>(&'e self, bounds: &[Extent], see: &mut See<'_, 'e>) {
        for node in &self.nodes {
            see(node, bounds, &self.nodes);
            if let Some(reduce) = node.kind.reduce() {
                let inner: Vec<Extent> = bounds.iter().chain(&reduce.extents).copied().collect();
                reduce.body.visit_with_nodes(&inner, see);
            }
        }
    }

    /// How many nodes there are, those of bodies included.
    pub fn n_nodes(&self) -> u64 {
        let mut n = 0;
        self.visit(&[], &mut |_, _| n += 1);
        n
    }

    /// Calls `edit` with every node, before the nodes of its body if it is a reducer.
    pub fn edit(&mut self, edit: &mut dyn FnMut(&mut ExprNode)) {
        for node in &mut self.nodes {
            edit(node);
            if let ExprKind::Reduce(reduce) = &mut node.kind {
                reduce.body.edit(edit);
            }
        }
    }
}

impl Clause {
    /// The equation, and what stands for it before the first step.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.expr).chain(&self.start)
    }

    /// The same, to be changed.
    pub fn exprs_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        std::iter::once(&mut self.expr).chain(&mut self.start)
    }
}

impl Def {
    /// All clauses: of a stock those of its initial value, then those of its rate.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        let (first, second): (&[Clause], &[Clause]) = match self {
            Def::Stock { init, net } => (init, net),
            Def::Formula(clauses) => (clauses, &[]),
            Def::Constant(_) | Def::Lookup(_) => (&[], &[]),
        };
        first.iter().chain(second)
    }

    /// The same, to be changed.
    pub fn clauses_mut(&mut self) -> impl Iterator<Item = &mut Clause> {
        let (first, second): (&mut [Clause], &mut [Clause]) = match self {
            Def::Stock { init, net } => (init, net),
            Def::Formula(clauses) => (clauses, &mut []),
            Def::Constant(_) | Def::Lookup(_) => (&mut [], &mut []),
        };
        first.iter_mut().chain(second)
    }

    /// The expressions of all clauses.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.clauses().flat_map(Clause::exprs)
    }

    /// The same, to be changed.
    pub fn exprs_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        self.clauses_mut().flat_map(Clause::exprs_mut)
    }
}

impl State {
    /// The arguments of the call.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.input).chain(&self.time).chain(&self.init).chain(&self.horizon)
    }

    /// The same, to be changed.
    pub fn exprs_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        std::iter::once(&mut self.input).chain(&mut self.time).chain(&mut self.init).chain(&mut self.horizon)
    }
}

impl Transport {
    /// What it is initialised with, then what a step needs.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.start_exprs().into_iter().chain(self.advance_exprs())
    }

    /// All of its expressions once, to be changed.
    pub fn exprs_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        let exprs: Vec<&mut Expr> = match &mut self.form {
            TransportForm::Queue(Queue { initial, outflow, inflows }) => {
                [initial, outflow].into_iter().chain(inflows).collect()
            }
            TransportForm::Conveyor(conveyor) => {
                let Conveyor {
                    transit,
                    sample,
                    arrest,
                    held,
                    capacity,
                    inflow_limit,
                    removed,
                    n_initial,
                    initial,
                    leaks,
                    inflows,
                    is_discrete: _,
                    leaks_exponentially: _,
                    ignores_losses: _,
                } = &mut **conveyor;
                let own = [transit, sample, arrest, held, capacity, inflow_limit, removed, n_initial];
                let fractions = leaks.iter_mut().flat_map(|leak| [&mut leak.initial_fraction, &mut leak.fraction]);
                let of_inflows = inflows.iter_mut().flat_map(|inflow| {
                    let curve: &mut [Expr] =
                        if let InflowSpread::Curve { ys, .. } = &mut inflow.spread { ys } else { &mut [] };
                    curve.iter_mut().chain([&mut inflow.rate])
                });
                own.into_iter().chain(initial).chain(fractions).chain(of_inflows).collect()
            }
        };
        exprs.into_iter()
    }
}

impl Model {
    /// All expressions: of variables, calls, conveyors and queues, and what is watched.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let of_vars = self.vars.iter().flat_map(|var| var.def.exprs());
        let of_states = self.states.iter().flat_map(State::exprs);
        let of_transports = self.transports.iter().flat_map(Transport::exprs);
        of_vars.chain(of_states).chain(of_transports).chain(self.watched.iter().map(|watched| &watched.read))
    }
}

#[cfg(test)]
mod tests;
