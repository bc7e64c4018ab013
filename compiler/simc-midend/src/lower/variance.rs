//! How often each variable's value can change, before any slot exists: it decides the variable's slot role.

use simc_ir::types::Variance;
use simc_model::model::{Def, Expr, ExprKind, Model, Node, VarId};

use super::visit;

/// One for each variable. A constant is `Run`, since a host may set it; stocks are `Step`; a formula varies as its most often
/// changing operand. States count as `Step`, INIT's among them: what it captures is not known when `prepare` runs.
pub(super) fn variances(model: &Model) -> Vec<Variance> {
    let mut variances: Vec<Variance> = model.vars.iter().map(|var| first_guess(&var.def)).collect();
    for node in &model.step_order {
        if let Node::Var(id) = *node
            && let Def::Formula(clauses) = &model.var(id).def
        {
            // What is something else before the first step is not known before that.
            let of_clauses = clauses.iter().map(|clause| match clause.start {
                Some(_) => Variance::Step,
                None => expr_variance(&clause.expr, &variances),
            });
            variances[id.0 as usize] = of_clauses.max().unwrap_or(Variance::Const);
        }
    }
    variances
}

/// What holds without looking at operands. Formulas are overwritten in evaluation order, but for those whose elements depend on one
/// another.
fn first_guess(def: &Def) -> Variance {
    match def {
        Def::Constant(_) => Variance::Run,
        Def::Lookup(_) => Variance::Const,
        Def::Stock { .. } | Def::Formula(_) => Variance::Step,
    }
}

/// The greatest variance among an expression's nodes.
fn expr_variance(expr: &Expr, vars: &[Variance]) -> Variance {
    let mut greatest = Variance::Const;
    visit::visit(expr, |kind, _| greatest = greatest.max(node_variance(kind, vars)));
    greatest
}

/// What a node adds of its own, its operands apart.
fn node_variance(kind: &ExprKind, vars: &[Variance]) -> Variance {
    match kind {
        ExprKind::Time | ExprKind::State(_) | ExprKind::Transport(_) | ExprKind::Vector(_) => Variance::Step,
        ExprKind::Var(VarId(index), _) => vars[*index as usize],
        ExprKind::Call(function, _) if function.reads_time() => Variance::Step,
        ExprKind::Number(_)
        | ExprKind::Arrange(..)
        | ExprKind::Position(_)
        | ExprKind::Reduce(_)
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::If { .. }
        | ExprKind::Call(..)
        | ExprKind::Lookup(..) => Variance::Const,
    }
}
