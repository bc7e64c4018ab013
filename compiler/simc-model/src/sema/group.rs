//! Groups of variables, for hosts: no number depends on them.

use crate::model::Group;
use crate::name;
use crate::sema::scope::{Target, World};

/// The groups of all instances that a host can see. Names that nothing has are left out: programs keep pictures and notes in groups, too.
pub(super) fn resolve_groups(world: &World<'_>) -> Vec<Group> {
    let mut groups = Vec::new();
    for (id, scope) in world.iter_scopes().filter(|(_, scope)| !scope.is_hidden) {
        let shown = |name: &str| format!("{}{}", scope.prefix, name::display(name));
        for def in &scope.def.groups {
            let members = def.members.iter().filter_map(|member| match world.resolve_name(id, member) {
                Target::Var(var) => Some(world.var_name(var)),
                Target::Module => Some(shown(&member.text)),
                Target::Missing(..) => None,
            });
            groups.push(Group { name: shown(&def.name.text), doc: def.doc.clone(), members: members.collect() });
        }
    }
    groups
}
