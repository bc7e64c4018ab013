//! The value of one expression.

use simc_front::model::{Expr, ExprKind, Model, NodeId};

use crate::builtin::{Clock, eval_binary, eval_call, eval_unary, is_true};
use crate::lookup::eval_table;

/// Everything that an expression can read at one instant.
#[derive(Clone, Debug)]
pub(crate) struct Instant<'m> {
    /// The model, for its tables.
    pub(crate) model: &'m Model,
    /// When it is.
    pub(crate) clock: Clock,
    /// One value for each variable; NaN where it is not yet known.
    pub(crate) vars: Vec<f64>,
    /// One value for each stateful call; NaN where it is not yet known.
    pub(crate) states: Vec<f64>,
}

impl<'m> Instant<'m> {
    /// An instant at which nothing is known but the time.
    pub(crate) fn new(model: &'m Model, clock: Clock) -> Self {
        Self { model, clock, vars: vec![f64::NAN; model.vars.len()], states: vec![f64::NAN; model.states.len()] }
    }

    /// The value of an expression: each node after its operands, the last one is the result.
    pub(crate) fn eval_expr(&self, expr: &Expr) -> f64 {
        let mut values = Vec::with_capacity(expr.nodes.len());
        for node in &expr.nodes {
            let value = self.eval_node(&node.kind, &values);
            values.push(value);
        }
        *values.last().expect("an expression has at least one node")
    }

    /// The value of one node; `values` holds those of the nodes before it.
    fn eval_node(&self, kind: &ExprKind, values: &[f64]) -> f64 {
        let value = |id: &NodeId| values[id.0 as usize];
        match kind {
            ExprKind::Number(number) => *number,
            ExprKind::Time => self.clock.time,
            ExprKind::Var(var) => self.vars[var.0 as usize],
            ExprKind::State(state) => self.states[state.0 as usize],
            ExprKind::Unary(op, x) => eval_unary(*op, value(x)),
            ExprKind::Binary(op, a, b) => eval_binary(*op, value(a), value(b)),
            ExprKind::If { cond, then, otherwise } => value(if is_true(value(cond)) { then } else { otherwise }),
            ExprKind::Call(function, args) => {
                let args: Vec<f64> = args.iter().map(value).collect();
                eval_call(*function, &args, self.clock)
            }
            ExprKind::Lookup(table, x) => eval_table(self.model.table(*table), value(x)),
        }
    }
}

#[cfg(test)]
mod tests {
    use simc_front::model::{BinaryOp, PureFn, TableKind, UnaryOp};
    use simc_front::source::Span;

    use super::*;
    use crate::sample::{Sample, binary, call, choose, lookup, number, time, unary, var};

    fn instant(model: &Model) -> Instant<'_> {
        Instant::new(model, Clock { time: 2.5, step_time: 2.0, dt: 1.0 })
    }

    #[test]
    fn last_node_is_the_result() {
        let sample = Sample::new(0.0, 1.0, 1.0);
        let expr = binary(BinaryOp::Sub, number(7.0), binary(BinaryOp::Mul, number(2.0), number(3.0)));
        assert_eq!(instant(sample.model()).eval_expr(&expr), 1.0);
        assert_eq!(instant(sample.model()).eval_expr(&unary(UnaryOp::Neg, expr)), -1.0);
    }

    #[test]
    fn reads_time_variables_and_tables() {
        let mut sample = Sample::new(0.0, 1.0, 1.0);
        let a = sample.constant("a", 4.0);
        let table = sample.table(TableKind::Continuous, &[(0.0, 0.0), (10.0, 100.0)]);
        let mut now = instant(sample.model());
        now.vars[a.0 as usize] = 4.0;
        assert_eq!(now.eval_expr(&time()), 2.5);
        assert_eq!(now.eval_expr(&var(a)), 4.0);
        assert_eq!(now.eval_expr(&lookup(table, var(a))), 40.0);
    }

    #[test]
    fn if_takes_then_for_every_number_but_zero() {
        let sample = Sample::new(0.0, 1.0, 1.0);
        let now = instant(sample.model());
        let pick = |cond| now.eval_expr(&choose(number(cond), number(10.0), number(20.0)));
        assert_eq!([1.0, -0.5, 5e-324, f64::NAN].map(pick), [10.0; 4]);
        assert_eq!([0.0, -0.0].map(pick), [20.0; 2]);
    }

    #[test]
    fn long_chains_need_no_stack() {
        let sample = Sample::new(0.0, 1.0, 1.0);
        let mut expr = number(0.0);
        for _ in 0..100_000 {
            let x = expr.root();
            expr.push(ExprKind::Unary(UnaryOp::Neg, x), Span::default());
        }
        assert_eq!(instant(sample.model()).eval_expr(&expr).to_bits(), 0.0f64.to_bits());
    }

    #[test]
    fn calls_see_the_clock() {
        let sample = Sample::new(0.0, 1.0, 1.0);
        let expr = call(PureFn::Step, vec![number(3.0), number(2.9)]);
        assert_eq!(instant(sample.model()).eval_expr(&expr), 3.0);
    }
}
