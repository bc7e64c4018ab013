//! Groups of variables, for hosts: no number depends on them.

use crate::model::{Group, VarId};
use crate::name;
use crate::sema::instances::module_tree::{ModuleTree, Target};

/// The groups of all instances that a host can see. Names that nothing has, or nothing that results show, are left out: programs keep pictures and notes in groups, too.
pub(in crate::sema) fn resolve_groups(tree: &ModuleTree<'_>, is_shown: impl Fn(VarId) -> bool) -> Vec<Group> {
    let mut groups = Vec::new();
    for (id, instance) in tree.iter_scopes().filter(|(_, instance)| !instance.is_hidden) {
        let shown = |name: &str| format!("{}{}", instance.prefix, name::display(name));
        for def in &instance.def.groups {
            let members = def.members.iter().filter_map(|member| match tree.resolve_name(id, member) {
                Target::Var(var) => is_shown(var).then(|| tree.var_name(var)),
                Target::Module => Some(shown(&member.text)),
                Target::Missing(..) => None,
            });
            groups.push(Group { name: shown(&def.name.text), doc: def.doc.clone(), members: members.collect() });
        }
    }
    groups
}
