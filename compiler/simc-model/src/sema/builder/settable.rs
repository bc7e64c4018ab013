//! Constants that a host sets through a variable which computes something from them.
//!
//! What an author wrote as a constant can be set, also where the compiler limits it or where other elements of the array have
//! equations. Then the numbers become a hidden constant, and the variable reads it.

use crate::model::{Base, Clause, Def, Expr, ExprKind, Extent, Index, Through, Var, VarId, VarKind};
use crate::name;
use crate::sema::base::region;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::builder::var_builder::ConstantElements;
use crate::source::Span;

impl ModelBuilder {
    /// Makes a constant a formula that reads its numbers from a constant of its own, through which a host goes on setting them. One that no
    /// host can set becomes a formula of numbers.
    pub(in crate::sema) fn part_constant(&mut self, id: VarId) {
        let var = self.var(id);
        let Def::Constant(values) = &var.def else { return };
        let through = match &var.through {
            Some(through) => through.clone(),
            None if var.is_hidden => return self.make_formula(id),
            None => Through::new(id, 0..u32::try_from(values.len()).expect("the size of an array is bounded")),
        };
        let (values, region) = (values.clone(), region::whole_region(&var.dims, &self.dims));
        let clause = self.push_constant(id, values, through, region);
        let var = self.var_mut(id);
        var.through = None;
        var.def = Def::Formula(vec![clause]);
    }

    /// Lets a host set elements of arrays that are constants among others that are not. `set_as` says through which variable that is.
    pub(in crate::sema) fn part_elements(&mut self, set_as: impl Fn(&Self, VarId) -> Option<VarId>) {
        for ConstantElements { var, clauses, values } in std::mem::take(&mut self.constant_elements) {
            let Some(shown) = set_as(self, var).filter(|&shown| self.var(shown).dims == self.var(var).dims) else {
                continue;
            };
            let Def::Formula(all) = &self.var(var).def else { continue };
            let regions: Vec<(u32, Vec<Extent>)> =
                clauses.iter().filter_map(|&clause| Some((clause, all.get(clause as usize)?.region.clone()))).collect();
            let cells = regions.iter().flat_map(|(_, region)| region::cells(region, &self.var(var).dims, &self.dims));
            let mut elements: Vec<u32> = cells.filter_map(|flat| u32::try_from(flat).ok()).collect();
            elements.sort_unstable();
            let Some((_, first)) = regions.first() else { continue };
            let whole = self.push_constant(var, values, Through::new(shown, elements), first.clone());
            if let Def::Formula(all) = &mut self.var_mut(var).def {
                for (clause, region) in regions {
                    all[clause as usize] = Clause { region, ..whole.clone() };
                }
            }
        }
    }

    /// Adds the hidden constant; gives the clause that reads it for a region.
    fn push_constant(&mut self, of: VarId, values: Vec<f64>, through: Through, region: Vec<Extent>) -> Clause {
        let (name, dims, span) = {
            let var = self.var(of);
            (format!("{}: constant", var.name), var.dims.clone(), var.span)
        };
        let rank = dims.len();
        let constant = self.push_var(Var {
            canonical: name::canonical(&name),
            name,
            kind: VarKind::Auxiliary,
            dims,
            def: Def::Constant(values),
            units: None,
            doc: None,
            range: None,
            is_hidden: true,
            is_non_negative: false,
            through: Some(through),
            span,
        });
        Clause::new(region, read(constant, rank, span))
    }
}

/// Reads the same element of another variable.
fn read(var: VarId, rank: usize, span: Span) -> Expr {
    let at = |n| Index::Moving { base: Base::Loop(n), offset: 0 };
    let mut expr = Expr::default();
    expr.push(ExprKind::Var(var, (0..).map(at).take(rank).collect()), span);
    expr
}
