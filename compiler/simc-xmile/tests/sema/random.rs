//! Random models: whatever they say, the resolution ends with a diagnostic or with a model that keeps its promises.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::prelude::*;

use super::fixture;
use simc_model::diagnostic::Diagnostic;
use simc_model::model::{Def, Expr, ExprKind, Model, Node, State, StateKind, TableRef, print};

/// Turns a list of numbers into choices; when it ends, every choice is the first.
struct Choices<'c>(std::slice::Iter<'c, u8>);

impl Choices<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.0.next().map_or(0, |&choice| usize::from(choice) % n)
    }

    fn pick<'t>(&mut self, options: &[&'t str]) -> &'t str {
        options[self.below(options.len())]
    }

    fn equation(&mut self, depth: usize) -> String {
        const LEAVES: &[&str] =
            &["1", "2.5", "a", "b", "c", "s", "f", "g", "TIME", "DT", "m.x", "s", "SELF", "t(TIME)", "s", "nothing"];
        const ONE: &[&str] = &["-", "NOT ", "ABS", "INIT", "PREVIOUS", "INT", "t", "STEP"];
        const TWO: &[&str] = &["SMTH1", "DELAY3", "DELAY", "TREND", "MAX", "RAMP", "LOOKUP", "SAFEDIV"];
        const OPERATORS: &[&str] = &["+", "-", "*", "/", "^", ">", " AND "];
        match if depth > 3 { 0 } else { self.below(8) } {
            0..=3 => self.pick(LEAVES).to_owned(),
            4 => format!("{}({})", self.pick(ONE), self.equation(depth + 1)),
            5 => format!("{}({}, {})", self.pick(TWO), self.equation(depth + 1), self.equation(depth + 1)),
            6 => format!("({}{}{})", self.equation(depth + 1), self.pick(OPERATORS), self.equation(depth + 1)),
            _ => format!(
                "SMTHN({}, {}, 2, {})",
                self.equation(depth + 1),
                self.equation(depth + 1),
                self.equation(depth + 1)
            ),
        }
    }

    fn model(&mut self) -> String {
        let mut text = String::from("time 0 10 0.5\n");
        for name in ["a", "b", "c"] {
            writeln!(text, "aux {name} = {}", self.equation(0)).expect("writing to a string does not fail");
        }
        for name in ["f", "g"] {
            writeln!(text, "flow {name} = {}", self.equation(0)).expect("writing to a string does not fail");
            text.push_str(self.pick(&["", "  uniflow\n"]));
        }
        writeln!(text, "stock s = {}", self.equation(1)).expect("writing to a string does not fail");
        for _ in 0..self.below(4) {
            text.push_str(self.pick(&["  in f\n", "  out g\n", "  out f\n", "  nonneg\n", "  in a\n"]));
        }
        text.push_str("table t\n  points 0,1 -> 0,1\nmodule m inner\n");
        text.push_str(self.pick(&["  connect m.x a\n", "  connect m.x s\n", "", "  connect m.y a\n"]));
        text.push_str("model inner\naux x = 3\n  input\n");
        text
    }
}

/// Every node in an expression is after its operands, and everything it mentions exists.
fn check_expr(model: &Model, expr: &Expr) {
    assert!(!expr.nodes.is_empty());
    for (index, node) in expr.nodes.iter().enumerate() {
        let operands = match &node.kind {
            ExprKind::Number(_) | ExprKind::Time | ExprKind::Position(_) | ExprKind::Reduce(_) => vec![],
            ExprKind::Var(id, _) => {
                assert!(!matches!(model.var(*id).def, Def::Lookup(_)));
                vec![]
            }
            ExprKind::State(id) => {
                assert!((id.0 as usize) < model.states.len());
                vec![]
            }
            ExprKind::Unary(_, a) => vec![*a],
            ExprKind::Lookup(table, a) => {
                let TableRef::One(table) = table else { panic!("no table of these models is arrayed") };
                assert!((table.0 as usize) < model.tables.len());
                vec![*a]
            }
            ExprKind::Binary(_, a, b) => vec![*a, *b],
            ExprKind::If { cond, then, otherwise } => vec![*cond, *then, *otherwise],
            ExprKind::Call(_, args) => args.clone(),
            ExprKind::Transport(read) => read.args.clone(),
            ExprKind::Arrange(_, operands) => operands.clone(),
            ExprKind::Vector(_) => vec![],
        };
        assert!(operands.iter().all(|operand| (operand.0 as usize) < index));
    }
}

fn nodes_in<'e>(expr: &'e Expr) -> impl Iterator<Item = Node> + 'e {
    expr.nodes.iter().filter_map(|node| match &node.kind {
        ExprKind::Var(id, _) => Some(Node::Var(*id)),
        ExprKind::State(id) => Some(Node::State(*id)),
        ExprKind::Transport(read) => Some(Node::State(read.state)),
        ExprKind::Vector(read) => Some(Node::State(read.state)),
        ExprKind::Number(_)
        | ExprKind::Time
        | ExprKind::Arrange(..)
        | ExprKind::Position(_)
        | ExprKind::Reduce(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::If { .. }
        | ExprKind::Call(..)
        | ExprKind::Lookup(..) => None,
    })
}

/// What the value of a state reads in a step.
fn step_reads(state: &State) -> Vec<&Expr> {
    match state.kind {
        StateKind::Smooth { .. }
        | StateKind::ShortenedSmooth { .. }
        | StateKind::Integral
        | StateKind::Pipeline
        | StateKind::Previous
        | StateKind::Init
        | StateKind::Transport(_) => vec![],
        StateKind::ShortenedDelay { .. } => state.time.iter().chain(&state.horizon).collect(),
        StateKind::Vector | StateKind::Frozen => vec![&state.input],
        StateKind::Delay { .. } => state.time.iter().collect(),
        StateKind::Trend | StateKind::Forecast | StateKind::History | StateKind::Return => {
            std::iter::once(&state.input).chain(&state.time).chain(&state.horizon).collect()
        }
    }
}

/// In both orders everything is after what it needs, and nothing is twice.
fn check_orders(model: &Model) {
    let mut known: BTreeSet<Node> = model
        .iter_vars()
        .filter(|(_, var)| matches!(var.def, Def::Stock { .. }))
        .map(|(id, _)| Node::Var(id))
        .collect();
    for &node in &model.step_order {
        let reads = match node {
            Node::Var(id) => match &model.var(id).def {
                Def::Formula(clauses) => vec![&clauses[0].expr],
                Def::Constant(_) => vec![],
                Def::Stock { .. } | Def::Lookup(_) => panic!("not computed in a step"),
            },
            Node::Clause(..) | Node::Element(..) | Node::Recurrence(_) => {
                panic!("no variable of these models is arrayed")
            }
            Node::State(id) => step_reads(model.state(id)),
        };
        assert!(reads.iter().flat_map(|expr| nodes_in(expr)).all(|read| known.contains(&read)), "{node:?}");
        assert!(known.insert(node), "{node:?} occurs twice");
    }
    let n_lookups = model.vars.iter().filter(|var| matches!(var.def, Def::Lookup(_))).count();
    assert_eq!(known.len(), model.vars.len() + model.states.len() - n_lookups);
    let mut started = BTreeSet::new();
    for &node in &model.init_order {
        if let Node::Var(id) = node
            && let Def::Formula(clauses) | Def::Stock { init: clauses, .. } = &model.var(id).def
        {
            assert!(nodes_in(clauses[0].at_start()).all(|read| started.contains(&read)), "{node:?}");
        }
        assert!(started.insert(node), "{node:?} occurs twice");
    }
    assert!((0..model.states.len()).all(|id| started.contains(&Node::State(simc_model::model::StateId(id as u32)))));
}

proptest! {
    #[test]
    fn random_models_are_resolved_or_refused(choices in prop::collection::vec(any::<u8>(), 0..120)) {
        let text = Choices(choices.iter()).model();
        let resolved = fixture::compile(&text);
        let has_error = resolved.diagnostics.iter().any(Diagnostic::is_error);
        prop_assert_eq!(resolved.model.is_none(), has_error);
        if let Some(model) = resolved.model {
            for var in &model.vars {
                match &var.def {
                    Def::Stock { init, net } => [init, net].map(|clauses| check_expr(&model, &clauses[0].expr)).len(),
                    Def::Formula(clauses) => { check_expr(&model, &clauses[0].expr); 0 }
                    Def::Constant(_) | Def::Lookup(_) => 0,
                };
            }
            check_orders(&model);
            prop_assert!(!print(&model).is_empty());
        }
    }
}
