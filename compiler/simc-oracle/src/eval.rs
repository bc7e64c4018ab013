//! The value of one expression.

use std::collections::BTreeMap;
use std::sync::Arc;

use simc_model::model::{
    Base, Clause, Expr, ExprKind, Index, Model, NodeId, Reduce, StateId, Table, TableId, TableRef, TransportRead,
    VarId, VectorRead,
};

use crate::builtin::{Clock, eval_binary, eval_call, eval_unary, is_true};
use crate::lookup::eval_table;
use crate::reduce::eval_reduce;
use crate::shape::{Shapes, positions, row_major};
use crate::transport;

/// Everything that an expression can read at one instant.
#[derive(Clone, Debug)]
pub(crate) struct Instant<'m> {
    /// The model, for its tables.
    pub(crate) model: &'m Model,
    /// Where the elements of variables and calls lie among the values.
    pub(crate) shapes: Arc<Shapes>,
    /// The tables whose points a host has replaced.
    pub(crate) tables: Arc<BTreeMap<TableId, Table>>,
    /// When it is.
    pub(crate) clock: Clock,
    /// One value for each element of each variable; NaN where it is not yet known.
    pub(crate) vars: Vec<f64>,
    /// One value for each combination of each stateful call; NaN where it is not yet known.
    pub(crate) states: Vec<f64>,
    /// The memory of each conveyor and queue, by the combination of its call.
    pub(crate) transports: Arc<BTreeMap<usize, Vec<f64>>>,
    /// What each vector function gives, by the combination of its call.
    pub(crate) vectors: BTreeMap<usize, Vec<f64>>,
}

/// An instant, seen from one place in the loops around an expression. Positions count from 0 in their dimensions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'a> {
    /// What can be read.
    pub(crate) instant: &'a Instant<'a>,
    /// The position in each dimension of the variable that is computed: [`Base::Loop`].
    pub(crate) loops: &'a [u32],
    /// The position in each extent of the reducers around, the outermost first: [`Base::Bound`].
    pub(crate) bounds: &'a [u32],
}

impl<'m> Instant<'m> {
    /// An instant at which nothing is known but the time.
    pub(crate) fn new(model: &'m Model, shapes: Arc<Shapes>, clock: Clock) -> Self {
        let (vars, states) = (vec![f64::NAN; shapes.var_count], vec![f64::NAN; shapes.state_count]);
        Self {
            model,
            shapes,
            tables: Arc::default(),
            clock,
            vars,
            states,
            transports: Arc::default(),
            vectors: BTreeMap::new(),
        }
    }

    /// The value of an expression for the element at a position of its variable.
    pub(crate) fn eval_element(&self, expr: &Expr, position: &[u32]) -> f64 {
        Spot { instant: self, loops: position, bounds: &[] }.eval_expr(expr)
    }

    /// Gives each element of a clause of a variable its value.
    pub(crate) fn eval_clause(&mut self, var: VarId, clause: &Clause) {
        for position in positions(&clause.region) {
            self.eval_into(var, &clause.expr, position);
        }
    }

    /// Gives an element of a variable the value of an expression; returns the element's place.
    pub(crate) fn eval_into(&mut self, var: VarId, expr: &Expr, position: Vec<u32>) -> usize {
        let value = self.eval_element(expr, &position);
        let at = self.shapes.var(var).at(position);
        self.vars[at] = value;
        at
    }
}

impl Spot<'_> {
    /// The value of an expression: each node after its operands, the last one is the result.
    pub(crate) fn eval_expr(&self, expr: &Expr) -> f64 {
        *self.eval_nodes(expr).last().expect("an expression has at least one node")
    }

    /// The values of all nodes of an expression.
    pub(crate) fn eval_nodes(&self, expr: &Expr) -> Vec<f64> {
        let mut values = Vec::with_capacity(expr.nodes.len());
        for node in &expr.nodes {
            let value = self.eval_node(&node.kind, &values);
            values.push(value);
        }
        values
    }

    /// The value of one node; `values` holds those of the nodes before it.
    pub(crate) fn eval_node(&self, kind: &ExprKind, values: &[f64]) -> f64 {
        let value = |id: &NodeId| values[id.0 as usize];
        match kind {
            ExprKind::Number(number) => *number,
            ExprKind::Time => self.instant.clock.time,
            ExprKind::Var(var, indices) => self.eval_read(*var, indices, values),
            ExprKind::State(state) => self.eval_state(*state),
            ExprKind::Transport(read) => self.eval_transport(read, values),
            ExprKind::Vector(read) => self.eval_vector_read(read, values),
            ExprKind::Arrange(..) => unreachable!("what a vector function gives is no value"),
            ExprKind::Position(index) => f64::from(self.fixed_position(*index)) + 1.0,
            ExprKind::Reduce(reduce) => self.eval_reduced(reduce),
            ExprKind::Unary(op, x) => eval_unary(*op, value(x)),
            ExprKind::Binary(op, a, b) => eval_binary(*op, value(a), value(b)),
            ExprKind::If { cond, then, otherwise } => value(if is_true(value(cond)) { then } else { otherwise }),
            ExprKind::Call(function, args) => {
                let args: Vec<f64> = args.iter().map(value).collect();
                eval_call(*function, &args, self.instant.clock)
            }
            ExprKind::Lookup(table, x) => eval_table(self.table(table), value(x)),
        }
    }

    /// An element of a variable; what the model says instead when a subscript is no element.
    fn eval_read(&self, var: VarId, indices: &[Index], values: &[f64]) -> f64 {
        let block = self.instant.shapes.var(var);
        let mut element = 0;
        for (&index, &len) in indices.iter().zip(&block.lens) {
            let position = match index {
                Index::Computed(id) => counted_position(values[id.0 as usize], len),
                Index::Fixed(_) | Index::Moving { .. } => Some(self.fixed_position(index)),
            };
            let Some(position) = position else { return self.instant.model.invalid_index };
            element = element * len as usize + position as usize;
        }
        self.instant.vars[block.first + element]
    }

    /// A stateful call, for the present place.
    fn eval_state(&self, id: StateId) -> f64 {
        let state = self.instant.model.state(id);
        let (loops, bounds) = state.extents.split_at(state.n_loops as usize);
        let from_loops = loops.iter().zip(self.loops);
        let from_bounds = bounds.iter().zip(self.bounds);
        let combination = from_loops.chain(from_bounds).map(|(extent, at)| at - extent.start);
        self.instant.states[self.instant.shapes.state(id).at(combination)]
    }

    /// What a transport shows; what the model says instead when a subscript is no element.
    fn eval_transport(&self, read: &TransportRead, values: &[f64]) -> f64 {
        let state = self.instant.model.state(read.state);
        let mut element = 0;
        for (&index, extent) in read.indices.iter().zip(&state.extents) {
            let position = match index {
                Index::Computed(id) => counted_position(values[id.0 as usize], extent.len),
                Index::Fixed(_) | Index::Moving { .. } => Some(self.fixed_position(index)),
            };
            let Some(position) = position else { return self.instant.model.invalid_index };
            element = element * extent.len as usize + position as usize;
        }
        let args: Vec<f64> = read.args.iter().map(|id| values[id.0 as usize]).collect();
        let number = self.instant.shapes.state(read.state).first + element;
        let memory = self.instant.transports.get(&number).expect("a transport is initialised before it is asked");
        transport::measure(read, memory, &args)
    }

    /// An element of what a vector function gives; what the model says instead when a subscript is no element.
    fn eval_vector_read(&self, read: &VectorRead, values: &[f64]) -> f64 {
        let state = self.instant.model.state(read.state);
        let (_, extents) = state.vector().expect("the state is a vector function");
        let places =
            read.indices.iter().zip(&state.extents).map(|(&index, extent)| self.fixed_position(index) - extent.start);
        let number = self.instant.shapes.state(read.state).at(places);
        let mut element = 0;
        for (&index, extent) in read.element.iter().zip(extents) {
            let position = match index {
                Index::Computed(id) => counted_position(values[id.0 as usize], extent.len),
                Index::Fixed(_) | Index::Moving { .. } => Some(self.fixed_position(index) - extent.start),
            };
            let Some(position) = position else { return self.instant.model.invalid_index };
            element = element * extent.len as usize + position as usize;
        }
        self.instant.vectors[&number][element]
    }

    /// The body for each element, reduced.
    fn eval_reduced(&self, reduce: &Reduce) -> f64 {
        let values = positions(&reduce.extents).map(|position| {
            let bounds = [self.bounds, &position].concat();
            Spot { bounds: &bounds, ..*self }.eval_expr(&reduce.body)
        });
        eval_reduce(reduce.op, values)
    }

    fn table(&self, table: &TableRef) -> &Table {
        let id = match table {
            TableRef::One(id) => *id,
            TableRef::Each { tables, shape, indices } => {
                tables[row_major(shape, indices.iter().map(|&index| self.fixed_position(index)))]
            }
        };
        self.instant.tables.get(&id).unwrap_or_else(|| self.instant.model.table(id))
    }

    /// The position that a subscript chooses without computing a value.
    fn fixed_position(&self, index: Index) -> u32 {
        match index {
            Index::Fixed(position) => position,
            Index::Moving { base, offset } => {
                let position = i64::from(self.position_of(base)) + offset;
                u32::try_from(position).expect("a moving subscript lies inside its dimension")
            }
            Index::Computed(_) => unreachable!("tables and positions have no computed subscripts"),
        }
    }

    fn position_of(&self, base: Base) -> u32 {
        match base {
            Base::Loop(n) => self.loops[n as usize],
            Base::Bound(n) => self.bounds[n as usize],
        }
    }
}

/// The position that a number chooses: counted from 1 and rounded down; none when there is no such element.
fn counted_position(number: f64, len: u32) -> Option<u32> {
    let counted = number.floor();
    (counted >= 1.0 && counted <= f64::from(len)).then(|| counted as u32 - 1)
}

#[cfg(test)]
mod tests {
    use simc_model::model::{BinaryOp, PureFn, TableKind, UnaryOp};
    use simc_model::source::Span;

    use super::*;
    use crate::sample::{Sample, binary, call, choose, lookup, number, time, unary, var};

    fn instant(model: &Model) -> Instant<'_> {
        Instant::new(
            model,
            Arc::new(Shapes::new(model)),
            Clock { time: 2.5, step_time: 2.0, dt: 1.0, start: 0.0, step: 2 },
        )
    }

    #[test]
    fn last_node_is_the_result() {
        let sample = Sample::new(0.0, 1.0, 1.0);
        let expr = binary(BinaryOp::Sub, number(7.0), binary(BinaryOp::Mul, number(2.0), number(3.0)));
        assert_eq!(instant(sample.model()).eval_element(&expr, &[]), 1.0);
        assert_eq!(instant(sample.model()).eval_element(&unary(UnaryOp::Neg, expr), &[]), -1.0);
    }

    #[test]
    fn reads_time_variables_and_tables() {
        let mut sample = Sample::new(0.0, 1.0, 1.0);
        let a = sample.constant("a", 4.0);
        let table = sample.table(TableKind::Continuous, &[(0.0, 0.0), (10.0, 100.0)]);
        let mut now = instant(sample.model());
        now.vars[a.0 as usize] = 4.0;
        assert_eq!(now.eval_element(&time(), &[]), 2.5);
        assert_eq!(now.eval_element(&var(a), &[]), 4.0);
        assert_eq!(now.eval_element(&lookup(table, var(a)), &[]), 40.0);
    }

    #[test]
    fn if_takes_then_for_every_number_but_zero() {
        let sample = Sample::new(0.0, 1.0, 1.0);
        let now = instant(sample.model());
        let pick = |cond| now.eval_element(&choose(number(cond), number(10.0), number(20.0)), &[]);
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
        assert_eq!(instant(sample.model()).eval_element(&expr, &[]).to_bits(), 0.0f64.to_bits());
    }

    #[test]
    fn calls_see_the_clock() {
        let sample = Sample::new(0.0, 1.0, 1.0);
        let expr = call(PureFn::Step, vec![number(3.0), number(2.9)]);
        assert_eq!(instant(sample.model()).eval_element(&expr, &[]), 3.0);
    }
}
