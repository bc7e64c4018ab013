//! Numbers of arrays as equations.

use crate::model::{
    Base, BinaryOp, Clause, Def, Expr, ExprKind, Extent, Index, NodeId, Table, TableKind, TableRef, VarId,
};
use crate::sema::base::{constant, region};
use crate::sema::builder::model_builder::ModelBuilder;
use crate::source::Span;

/// Into how many runs of equal numbers the elements of a constant may fall before a table holds them.
const MAX_RUNS: usize = 4096;

impl ModelBuilder {
    /// Makes a constant a formula: one number for all elements, one for each run of equal ones, or a table.
    pub(in crate::sema) fn make_formula(&mut self, id: VarId) {
        let Def::Constant(defaults) = &mut self.var_mut(id).def else { return };
        let numbers = std::mem::take(defaults);
        let var = self.var(id);
        let (span, whole) = (var.span, region::whole_region(&var.dims, &self.dims));
        let first = numbers.first().copied().unwrap_or(f64::NAN);
        let clauses = if numbers.iter().all(|value| value.to_bits() == first.to_bits()) {
            vec![Clause::new(whole, Expr::number(first, span))]
        } else {
            let row = whole.last().map_or(1, |extent| extent.len as usize);
            let rows = numbers.chunks(row).enumerate();
            let runs = rows.flat_map(|(n, row)| {
                let mut start = 0;
                row.chunk_by(|a, b| a.to_bits() == b.to_bits()).map(move |run| {
                    start += run.len();
                    (n as u64, start - run.len(), run)
                })
            });
            let runs: Vec<(u64, usize, &[f64])> = runs.take(MAX_RUNS + 1).collect();
            if runs.len() > MAX_RUNS {
                vec![self.tabulate(id, whole, numbers, span)]
            } else {
                let clause = |(n, start, run): (u64, usize, &[f64])| {
                    let mut region = region::cell_of(n * row as u64 + start as u64, &whole);
                    region.iter_mut().last().into_iter().for_each(|extent| extent.len = run.len() as u32);
                    Clause::new(region, Expr::number(run[0], span))
                };
                runs.into_iter().map(clause).collect()
            }
        };
        let var = self.var_mut(id);
        var.def = Def::Formula(clauses);
        var.through = None;
    }

    /// The number that an element of a variable, by its positions, always has as long as no host sets another one: a constant, or
    /// what an equation makes of constants without dimensions.
    pub(in crate::sema) fn number_at(&self, id: VarId, at: &[u32]) -> Option<f64> {
        let single = |id: VarId| match &self.var(id).def {
            Def::Constant(numbers) if numbers.len() == 1 => numbers.first().copied(),
            Def::Constant(_) | Def::Formula(_) | Def::Stock { .. } | Def::Lookup(_) => None,
        };
        if self.var(id).dims.len() != at.len() {
            return None;
        }
        match &self.var(id).def {
            Def::Constant(numbers) => {
                let sizes = self.var(id).dims.iter().map(|&dim| u64::from(self.dims.len(dim)));
                let flat = at.iter().zip(sizes).fold(0, |flat, (&at, size)| flat * size + u64::from(at));
                numbers.get(usize::try_from(flat).ok()?).copied()
            }
            Def::Formula(clauses) => match clauses.as_slice() {
                [clause] if clause.region.is_empty() && clause.start.is_none() => {
                    constant::eval_constant(&clause.expr, single)
                }
                _ => None,
            },
            Def::Stock { .. } | Def::Lookup(_) => None,
        }
    }

    /// Numbers as one equation for all of a variable: a table over the positions of its elements, taken as one row-major number.
    pub(in crate::sema) fn tabulate(
        &mut self,
        id: VarId,
        region: Vec<Extent>,
        numbers: Vec<f64>,
        span: Span,
    ) -> Clause {
        let mut expr = Expr::default();
        let mut at: Option<NodeId> = None;
        let mut first = 0.0;
        for (index, extent) in loops(&region).zip(&region) {
            let position = expr.push(ExprKind::Position(index), span);
            let len = f64::from(extent.len);
            first = first * len + 1.0;
            at = Some(match at {
                None => position,
                Some(outer) => {
                    let factor = expr.push(ExprKind::Number(len), span);
                    let product = expr.push(ExprKind::Binary(BinaryOp::Mul, outer, factor), span);
                    expr.push(ExprKind::Binary(BinaryOp::Add, product, position), span)
                }
            });
        }
        let xs = (0..numbers.len()).map(|n| first + n as f64).collect();
        let name = self.var(id).name.clone();
        let table = self.push_table(Table { name, kind: TableKind::Discrete, xs, ys: numbers, is_derived: true });
        let x = at.unwrap_or_else(|| expr.push(ExprKind::Number(first), span));
        expr.push(ExprKind::Lookup(TableRef::One(table), x), span);
        Clause::new(region, expr)
    }
}

/// The position of each loop of a variable.
pub(in crate::sema) fn loops(region: &[Extent]) -> impl Iterator<Item = Index> {
    (0..).zip(region).map(|(n, _)| Index::Moving { base: Base::Loop(n), offset: 0 })
}
