//! Expressions: one loop over the nodes, each of which finds its operands done.

use kernel::function::Function;
use simc_ir::entity::Value;
use simc_ir::opcode::{Immediate, Opcode};
use simc_model::model::{BinaryOp, Expr, ExprKind, NodeId, TableRef, UnaryOp};

use super::func_lowering::{Done, FuncLowering, Operand};
use super::names;

impl FuncLowering<'_> {
    /// Lowers an expression.
    pub(super) fn lower_expr(&mut self, expr: &Expr) -> Operand {
        let mut done = Done(Vec::with_capacity(expr.nodes.len()));
        for node in &expr.nodes {
            let operand = self.lower_node(&node.kind, &mut done);
            done.0.push(operand);
        }
        done.0.pop().expect("an expression of a model has a node")
    }

    pub(super) fn lower_node(&mut self, kind: &ExprKind, done: &mut Done) -> Operand {
        match kind {
            ExprKind::Number(value) => Operand::number(self.b.fconst(*value)),
            ExprKind::Time => Operand::number(self.time()),
            ExprKind::Var(id, subscripts) => self.lower_read(*id, subscripts, done),
            ExprKind::State(id) => self.state(*id),
            ExprKind::Transport(read) => self.lower_transport_read(read, done),
            ExprKind::Vector(read) => self.lower_vector_read(read, done),
            ExprKind::Arrange(..) => unreachable!("what a vector function gives is no value"),
            ExprKind::Position(index) => Operand::number(self.lower_position(index)),
            ExprKind::Reduce(reduce) => Operand::number(self.lower_reduce(reduce)),
            ExprKind::Unary(op, x) => self.lower_unary(*op, *x, done),
            ExprKind::Binary(op, a, b) => self.lower_binary(*op, *a, *b, done),
            ExprKind::If { cond, then, otherwise } => {
                let cond = self.truth_of(done, *cond);
                let (then, otherwise) = (self.number_of(done, *then), self.number_of(done, *otherwise));
                Operand::number(self.op(Opcode::Select, &[cond, then, otherwise]))
            }
            ExprKind::Call(function, args) => {
                let args: Vec<Value> = args.iter().map(|&arg| self.number_of(done, arg)).collect();
                Operand::number(self.lower_call(*function, &args))
            }
            ExprKind::Lookup(table, x) => {
                let x = self.number_of(done, *x);
                Operand::number(self.lower_lookup(table, x))
            }
        }
    }

    fn lower_unary(&mut self, op: UnaryOp, x: NodeId, done: &mut Done) -> Operand {
        match op {
            UnaryOp::Neg => {
                let x = self.number_of(done, x);
                Operand::number(self.op(Opcode::Fneg, &[x]))
            }
            UnaryOp::Not => {
                let x = self.truth_of(done, x);
                Operand::truth(self.op(Opcode::Bnot, &[x]))
            }
        }
    }

    fn lower_binary(&mut self, op: BinaryOp, a: NodeId, b: NodeId, done: &mut Done) -> Operand {
        match op {
            BinaryOp::Add => self.arithmetic(Opcode::Fadd, a, b, done),
            BinaryOp::Sub => self.arithmetic(Opcode::Fsub, a, b, done),
            BinaryOp::Mul => self.arithmetic(Opcode::Fmul, a, b, done),
            BinaryOp::Div => self.arithmetic(Opcode::Fdiv, a, b, done),
            BinaryOp::SafeDiv => {
                let (a, b) = (self.number_of(done, a), self.number_of(done, b));
                let zero = self.b.fconst(0.0);
                Operand::number(self.divide_unless_zero(a, b, zero))
            }
            BinaryOp::Mod => {
                let (a, b) = (self.number_of(done, a), self.number_of(done, b));
                Operand::number(self.floored_remainder(a, b))
            }
            BinaryOp::Pow => {
                let args = [self.number_of(done, a), self.number_of(done, b)];
                Operand::number(self.b.call(Function::Pow, &args))
            }
            BinaryOp::Eq => self.comparison(Opcode::Feq, a, b, done),
            BinaryOp::Ne => self.comparison(Opcode::Fne, a, b, done),
            BinaryOp::Lt => self.comparison(Opcode::Flt, a, b, done),
            BinaryOp::Le => self.comparison(Opcode::Fle, a, b, done),
            BinaryOp::Gt => self.comparison(Opcode::Fgt, a, b, done),
            BinaryOp::Ge => self.comparison(Opcode::Fge, a, b, done),
            BinaryOp::And => self.logic(Opcode::Band, a, b, done),
            BinaryOp::Or => self.logic(Opcode::Bor, a, b, done),
        }
    }

    fn arithmetic(&mut self, opcode: Opcode, a: NodeId, b: NodeId, done: &mut Done) -> Operand {
        let args = [self.number_of(done, a), self.number_of(done, b)];
        Operand::number(self.op(opcode, &args))
    }

    fn comparison(&mut self, opcode: Opcode, a: NodeId, b: NodeId, done: &mut Done) -> Operand {
        let args = [self.number_of(done, a), self.number_of(done, b)];
        Operand::truth(self.op(opcode, &args))
    }

    fn logic(&mut self, opcode: Opcode, a: NodeId, b: NodeId, done: &mut Done) -> Operand {
        let args = [self.truth_of(done, a), self.truth_of(done, b)];
        Operand::truth(self.op(opcode, &args))
    }

    /// A table at x, or one of several.
    fn lower_lookup(&mut self, table: &TableRef, x: Value) -> Value {
        let (family, indices) = match table {
            TableRef::One(table) => return self.b.lookup(names::table(*table), x, &[]),
            TableRef::Each { tables, shape, indices } => {
                let mut lowered = Vec::with_capacity(indices.len());
                for (index, &len) in indices.iter().zip(shape) {
                    let position = self.position(index).expect("a model has no computed subscripts of tables");
                    lowered.push(self.index(position, self.cx.places.axes.of_length(len), 0));
                }
                (&self.cx.places.families[&(tables.clone(), shape.clone())], lowered)
            }
        };
        let mut value = self.b.lookup(family.tables[0], x, &indices);
        let Some(selector) = family.selector else { return value };
        let zero = self.b.fconst(0.0);
        let selected = self.b.lookup(selector, zero, &indices);
        for (position, &table) in family.tables.iter().enumerate().skip(1) {
            let position = self.b.fconst(position as f64);
            let is_selected = self.op(Opcode::Feq, &[selected, position]);
            let other = self.b.lookup(table, x, &indices);
            value = self.op(Opcode::Select, &[is_selected, other, value]);
        }
        value
    }

    /// `a / b`, or the fallback when b is exactly 0.
    pub(super) fn divide_unless_zero(&mut self, a: Value, b: Value, fallback: Value) -> Value {
        let zero = self.b.fconst(0.0);
        let is_zero = self.op(Opcode::Feq, &[b, zero]);
        let quotient = self.op(Opcode::Fdiv, &[a, b]);
        self.op(Opcode::Select, &[is_zero, fallback, quotient])
    }

    /// `a - b*floor(a/b)`.
    fn floored_remainder(&mut self, a: Value, b: Value) -> Value {
        let quotient = self.op(Opcode::Fdiv, &[a, b]);
        let whole = self.op(Opcode::Ffloor, &[quotient]);
        let multiple = self.op(Opcode::Fmul, &[b, whole]);
        self.op(Opcode::Fsub, &[a, multiple])
    }

    /// Time of the step, or of the stage.
    pub(super) fn time(&mut self) -> Value {
        self.b.value(Opcode::Time, &[], Immediate::None)
    }

    /// Time of the step.
    pub(super) fn step_time(&mut self) -> Value {
        self.b.value(Opcode::StepTime, &[], Immediate::None)
    }

    /// A node that is done, as a number.
    pub(super) fn number_of(&mut self, done: &mut Done, node: NodeId) -> Value {
        self.as_number(&mut done.0[node.0 as usize])
    }

    fn truth_of(&mut self, done: &mut Done, node: NodeId) -> Value {
        self.as_truth(&mut done.0[node.0 as usize])
    }
}
