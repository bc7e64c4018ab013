//! Which variables are non-negative: the nearest of their own flag and the defaults of their model and file.

use crate::definition::{Behavior, DefKind, VarDef};
use crate::model::VarId;
use crate::sema::instances::module_tree::ModuleTree;

/// Whether some element of a flow runs in one direction only.
pub(in crate::sema) fn has_uniflow(tree: &ModuleTree<'_>, var: VarId) -> bool {
    has_flag(tree, var, DefKind::Flow)
}

/// Whether some element of a variable is non-negative.
pub(in crate::sema) fn has_flag(tree: &ModuleTree<'_>, var: VarId, kind: DefKind) -> bool {
    let def = tree.def(var);
    let is_set = def.elements.iter().any(|element| element.non_negative == Some(true));
    is_non_negative(tree, var, kind) || def.kind == kind && is_set
}

/// The nearest of the entity's own flag, its model's default and the file's default.
pub(in crate::sema) fn is_non_negative(tree: &ModuleTree<'_>, var: VarId, kind: DefKind) -> bool {
    let def: &VarDef = tree.def(var);
    let defaults = [&tree.instance(tree.owner(var)).def.behavior, &tree.file.behavior];
    let default = |flag: fn(&Behavior) -> Option<bool>| defaults.iter().find_map(|behavior| flag(behavior));
    def.kind == kind
        && match kind {
            DefKind::Stock => def.non_negative.or_else(|| default(|behavior| behavior.non_negative_stocks)),
            DefKind::Flow => def.non_negative.or_else(|| default(|behavior| behavior.non_negative_flows)),
            DefKind::Aux | DefKind::Table => None,
        }
        .unwrap_or(false)
}
