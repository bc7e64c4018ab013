//! Variables without an equation: an error where anything reads them, and otherwise left out of the model.

use std::collections::BTreeSet;

use crate::diagnostic::Severity;
use crate::model::{Clause, Def, Expr, VarId};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::base::read::{self, Mention};
use crate::sema::base::region;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::instances::module_tree::ModuleTree;

/// Reports variables without an equation. One that no equation, stock, connection or event reads is hidden, with a warning: it has no
/// value, and nobody needs one.
pub(in crate::sema) fn resolve_unvalued(
    tree: &ModuleTree<'_>,
    builder: &mut ModelBuilder,
    diagnostics: &mut Diagnostics,
) {
    let unvalued = std::mem::take(&mut builder.unvalued);
    if unvalued.is_empty() {
        return;
    }
    let read = read_vars(builder);
    for (id, mut diagnostic) in unvalued {
        let def = tree.def(id);
        let is_watched = !def.thresholds.is_empty() || def.elements.iter().any(|it| !it.thresholds.is_empty());
        let has_flows = !def.inflows.is_empty() || !def.outflows.is_empty();
        if !read.contains(&id) && !is_watched && !has_flows {
            diagnostic.severity = Severity::Warning;
            diagnostic = diagnostic.with_label("nothing reads it, so that it is left out");
            leave_out(builder, id);
        }
        diagnostics.report(diagnostic);
    }
}

/// The variables that any expression reads.
fn read_vars(builder: &ModelBuilder) -> BTreeSet<VarId> {
    let mut found = BTreeSet::new();
    for expr in builder.exprs() {
        read::visit(expr, &[], &mut |mention, _, _| {
            if let Mention::Var(var, _) = mention {
                found.insert(var);
            }
        });
    }
    found
}

fn leave_out(builder: &mut ModelBuilder, id: VarId) {
    let whole = region::whole_region(&builder.var(id).dims, &builder.dims);
    let var = builder.var_mut(id);
    var.is_hidden = true;
    let nothing = vec![Clause::new(whole, Expr::number(f64::NAN, var.span))];
    if let Def::Stock { init, .. } = &mut var.def {
        *init = nothing;
    } else {
        var.def = Def::Formula(nothing);
    }
}
