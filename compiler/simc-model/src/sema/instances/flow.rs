//! The variables that stocks name as their flows.

use std::collections::BTreeSet;

use crate::definition::{DefKind, Name};
use crate::model::VarId;
use crate::sema::instances::module_tree::{InstanceId, ModuleTree, Target};

/// The flows of stocks that have been refused. A conveyor or queue drives its flows, so these need no equations.
pub(in crate::sema) fn flows_of_refused_stocks(tree: &ModuleTree<'_>) -> BTreeSet<VarId> {
    let refused = tree.iter_vars().filter(|(_, _, def)| def.kind == DefKind::Stock && def.reported);
    let names = refused
        .flat_map(|(_, instance, def)| def.inflows.iter().chain(&def.outflows).map(move |name| (instance, name)));
    names.filter_map(|(instance, name)| find_flow(tree, instance, name)).collect()
}

/// The variable that a stock names as a flow.
pub(in crate::sema) fn find_flow(tree: &ModuleTree<'_>, instance: InstanceId, name: &Name) -> Option<VarId> {
    match tree.resolve_name(instance, name) {
        Target::Var(var) => Some(var),
        Target::Module | Target::Missing(..) => None,
    }
}
