//! Reducers: folds over their extents, nested where there are several.

use simc_ir::entity::Value;
use simc_ir::opcode::{Immediate, Opcode};
use simc_model::model::{Expr, Extent, Reduce, ReduceOp};

use super::func_lowering::{FuncLowering, Pos};

impl FuncLowering<'_> {
    /// A reducer, its operations in the order that [`ReduceOp`] states.
    pub(super) fn lower_reduce(&mut self, reduce: &Reduce) -> Value {
        let Reduce { op, extents, body } = reduce;
        match op {
            ReduceOp::Sum => self.sum(extents, body),
            ReduceOp::Product => {
                self.fold(extents, body, 1.0, |func, product, value| func.op(Opcode::Fmul, &[product, value]))
            }
            ReduceOp::Min => {
                self.fold(extents, body, f64::INFINITY, |func, least, value| func.op(Opcode::Fmin, &[least, value]))
            }
            ReduceOp::Max => self.fold(extents, body, f64::NEG_INFINITY, |func, greatest, value| {
                func.op(Opcode::Fmax, &[greatest, value])
            }),
            ReduceOp::List => unreachable!("the inputs of vector functions are no values"),
            ReduceOp::Mean => self.mean(extents, body),
            ReduceOp::StdDev => {
                let mean = self.mean(extents, body);
                let squares = self.fold(extents, body, 0.0, |func, sum, value| {
                    let distance = func.op(Opcode::Fsub, &[value, mean]);
                    let square = func.op(Opcode::Fmul, &[distance, distance]);
                    func.op(Opcode::Fadd, &[sum, square])
                });
                let variance = self.over_count(squares, extents);
                self.op(Opcode::Fsqrt, &[variance])
            }
        }
    }

    fn sum(&mut self, extents: &[Extent], body: &Expr) -> Value {
        self.fold(extents, body, 0.0, |func, sum, value| func.op(Opcode::Fadd, &[sum, value]))
    }

    fn mean(&mut self, extents: &[Extent], body: &Expr) -> Value {
        let sum = self.sum(extents, body);
        self.over_count(sum, extents)
    }

    fn over_count(&mut self, sum: Value, extents: &[Extent]) -> Value {
        let count: f64 = extents.iter().map(|extent| f64::from(extent.len)).product();
        let count = self.b.fconst(count);
        self.op(Opcode::Fdiv, &[sum, count])
    }

    /// Combines the values of the body, row-major, beginning with `first`.
    fn fold(
        &mut self,
        extents: &[Extent],
        body: &Expr,
        first: f64,
        combine: impl FnOnce(&mut Self, Value, Value) -> Value,
    ) -> Value {
        let mut accumulator = self.b.fconst(first);
        let n_bounds = self.env.bounds.len();
        let mut open = Vec::new();
        for extent in extents {
            if extent.len == 1 {
                self.env.bounds.push(Pos::Fixed(extent.start));
                continue;
            }
            let axis = self.cx.places.axes.of(extent);
            let outer = self.b.block();
            let (block, index, inner, result) = self.b.fold(axis, accumulator);
            self.b.switch_to(block);
            self.env.bounds.push(Pos::Moving { index, axis, start: extent.start });
            open.push((outer, result));
            accumulator = inner;
        }
        let value = self.lower_number(body);
        let mut combined = combine(self, accumulator, value);
        for (outer, result) in open.into_iter().rev() {
            self.b.append(Opcode::Yield, &[combined], Immediate::None);
            self.b.switch_to(outer);
            combined = result;
        }
        self.env.bounds.truncate(n_bounds);
        combined
    }
}
