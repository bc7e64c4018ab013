//! Graphical functions behind what takes the place of an equation: a connection or an argument is what they are looked up at.

use crate::model::{Base, Clause, Expr, ExprKind, Index, TableRef, VarId};
use crate::sema::base::region;
use crate::sema::builder::model_builder::ModelBuilder;

impl ModelBuilder {
    /// Clauses of a variable, each at the graphical function of its elements, where these have one.
    pub(in crate::sema) fn behind_tables(&self, owner: VarId, clauses: Vec<Clause>) -> Vec<Clause> {
        let each = self.each_table(owner);
        if each.is_empty() {
            let Some(table) = self.shared_table(owner) else { return clauses };
            return clauses.into_iter().map(|clause| at_table(clause, &TableRef::One(table))).collect();
        }
        let of = &self.var(owner).dims;
        if let Some(tables) = each.iter().copied().collect::<Option<Vec<_>>>() {
            let shape = of.iter().map(|&dim| self.dims.len(dim)).collect();
            let indices = (0u32..).map(|n| Index::Moving { base: Base::Loop(n), offset: 0 }).take(of.len()).collect();
            let table = TableRef::Each { tables, shape, indices };
            return clauses.into_iter().map(|clause| at_table(clause, &table)).collect();
        }
        // Some elements have none: each stands alone.
        let mut placed = Vec::new();
        for clause in clauses {
            let elements = region::elements_of(&clause.region).into_iter();
            for (flat, element) in region::cells(&clause.region, of, &self.dims).zip(elements) {
                let alone = Clause { region: element, ..clause.clone() };
                placed.push(match each.get(flat as usize).copied().flatten() {
                    Some(table) => at_table(alone, &TableRef::One(table)),
                    None => alone,
                });
            }
        }
        placed
    }
}

/// A clause at a graphical function, before the first step as well.
fn at_table(mut clause: Clause, table: &TableRef) -> Clause {
    clause.exprs_mut().for_each(|expr| look_up(expr, table.clone()));
    clause
}

fn look_up(expr: &mut Expr, table: TableRef) {
    let x = expr.root();
    let span = expr.node(x).span;
    expr.push(ExprKind::Lookup(table, x), span);
}
