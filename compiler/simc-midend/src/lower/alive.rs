//! What a run has to compute: everything, or what the kept variables need.

use std::collections::BTreeSet;

use simc_model::model::{Expr, ExprKind, Model, StateId, VarId};

use super::task::Target;
use super::visit;

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
        // Events fire whatever a run is to show.
        for &id in keep.iter().chain(model.watched.iter().map(|watched| &watched.var)) {
            alive.reach(Target::Var(id), &mut work);
        }
        while let Some(target) = work.pop() {
            // A host sets a hidden constant through another variable, which has to be there for that.
            if let Target::Var(id) = target
                && let Some(through) = &model.var(id).through
            {
                alive.reach(Target::Var(through.var), &mut work);
            }
            for expr in exprs(model, target) {
                visit::visit(expr, |kind, _| match kind {
                    ExprKind::Var(id, _) => alive.reach(Target::Var(*id), &mut work),
                    ExprKind::State(id) => alive.reach(Target::State(*id), &mut work),
                    ExprKind::Transport(read) => alive.reach(Target::State(read.state), &mut work),
                    ExprKind::Vector(read) => alive.reach(Target::State(read.state), &mut work),
                    ExprKind::Number(_)
                    | ExprKind::Time
                    | ExprKind::Arrange(..)
                    | ExprKind::Position(_)
                    | ExprKind::Reduce(_)
                    | ExprKind::Unary(..)
                    | ExprKind::Binary(..)
                    | ExprKind::If { .. }
                    | ExprKind::Call(..)
                    | ExprKind::Lookup(..) => {}
                });
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

    /// Marks a target, and queues it when it is new.
    fn reach(&mut self, target: Target, work: &mut Vec<Target>) {
        let mark = match target {
            Target::Var(id) => &mut self.vars[id.0 as usize],
            Target::State(id) => &mut self.states[id.0 as usize],
        };
        if !std::mem::replace(mark, true) {
            work.push(target);
        }
    }
}

/// The expressions of a target.
fn exprs(model: &Model, target: Target) -> Vec<&Expr> {
    match target {
        Target::Var(id) => visit::exprs(model.var(id)).collect(),
        Target::State(id) => visit::args(model, model.state(id)).collect(),
    }
}
