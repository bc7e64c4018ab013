//! What a run has to compute: everything, or what the kept variables need.

use std::collections::BTreeSet;

use simc_front::model::{Def, Expr, ExprKind, Model, Node, State, StateId, VarId};

/// Which variables and states are computed at all.
#[derive(Debug)]
pub(super) struct Alive {
    vars: Vec<bool>,
    states: Vec<bool>,
}

impl Alive {
    /// Everything reachable from the kept variables over any equation: a stock's start and flows, a state's arguments.
    pub(super) fn new(model: &Model, keep: Option<&BTreeSet<VarId>>) -> Self {
        let Some(keep) = keep else {
            return Self { vars: vec![true; model.vars.len()], states: vec![true; model.states.len()] };
        };
        let mut alive = Self { vars: vec![false; model.vars.len()], states: vec![false; model.states.len()] };
        let mut work = Vec::new();
        for &id in keep {
            alive.reach(Node::Var(id), &mut work);
        }
        while let Some(node) = work.pop() {
            for expr in exprs(model, node) {
                for node in &expr.nodes {
                    match node.kind {
                        ExprKind::Var(id) => alive.reach(Node::Var(id), &mut work),
                        ExprKind::State(id) => alive.reach(Node::State(id), &mut work),
                        ExprKind::Number(_)
                        | ExprKind::Time
                        | ExprKind::Unary(..)
                        | ExprKind::Binary(..)
                        | ExprKind::If { .. }
                        | ExprKind::Call(..)
                        | ExprKind::Lookup(..) => {}
                    }
                }
            }
        }
        alive
    }

    /// Whether a variable is computed.
    pub(super) fn var(&self, id: VarId) -> bool {
        self.vars[id.0 as usize]
    }

    /// Whether a state is computed.
    pub(super) fn state(&self, id: StateId) -> bool {
        self.states[id.0 as usize]
    }

    /// Marks a node, and queues it when it is new.
    fn reach(&mut self, node: Node, work: &mut Vec<Node>) {
        let mark = match node {
            Node::Var(id) => &mut self.vars[id.0 as usize],
            Node::State(id) => &mut self.states[id.0 as usize],
        };
        if !std::mem::replace(mark, true) {
            work.push(node);
        }
    }
}

/// The expressions of a node.
fn exprs(model: &Model, node: Node) -> Vec<&Expr> {
    match node {
        Node::Var(id) => match &model.var(id).def {
            Def::Stock { init, net } => vec![init, net],
            Def::Formula(expr) => vec![expr],
            Def::Constant(_) | Def::Lookup(_) => Vec::new(),
        },
        Node::State(id) => {
            let State { input, time, init, horizon, .. } = model.state(id);
            [Some(input), time.as_ref(), init.as_ref(), horizon.as_ref()].into_iter().flatten().collect()
        }
    }
}
