//! Controls of the interface that the author drew, for hosts: no number depends on them.

use crate::definition::{ControlDef, Name};
use crate::model::{Control, DimId, VarId};
use crate::name;
use crate::sema::base::dimension::Dims;
use crate::sema::instances::module_tree::{InstanceId, ModuleTree, Target};

/// The controls of the file and of all instances that a host can see, in the order of the source. Names that nothing has are left out;
/// `dims_of` gives the dimensions of what results show.
pub(in crate::sema) fn resolve_controls<'d>(
    tree: &ModuleTree<'_>,
    dims: &Dims,
    dims_of: impl Fn(VarId) -> Option<&'d [DimId]>,
) -> Vec<Control> {
    let mut controls = Vec::new();
    for (id, instance) in tree.iter_scopes().filter(|(_, instance)| !instance.is_hidden) {
        let of_file = instance.parent.is_none().then_some(&tree.file.controls).into_iter().flatten();
        for def in instance.def.controls.iter().chain(of_file) {
            let names: Vec<String> =
                def.entities.iter().filter_map(|entity| shown(tree, dims, &dims_of, id, entity)).collect();
            if !names.is_empty() {
                let ControlDef { kind, range, step, ref label, .. } = *def;
                controls.push(Control { kind, names, range, step, label: label.clone() });
            }
        }
    }
    controls
}

/// The name of a variable, or of one element of it, as its author wrote both.
fn shown<'d>(
    tree: &ModuleTree<'_>,
    dims: &Dims,
    dims_of: &impl Fn(VarId) -> Option<&'d [DimId]>,
    instance: InstanceId,
    entity: &Name,
) -> Option<String> {
    let (base, subscripts) = name::split_subscripts(&entity.text)?;
    let part = |text: &str| Name { text: name::unescape(text), span: entity.span };
    let path: Vec<Name> = name::split_outside_quotes(base, '.').map(part).collect();
    // A period may stand in a name, too.
    let whole = [part(base)];
    let targets = [tree.walk(instance, &path, 0), tree.walk(instance, &whole, 0)];
    let var = targets.into_iter().find_map(|target| match target {
        Target::Var(var) => Some(var),
        Target::Module | Target::Missing(..) => None,
    })?;
    let of = dims_of(var)?;
    let Some(subscripts) = subscripts else { return Some(tree.var_name(var)) };
    if of.len() != subscripts.len() {
        return None;
    }
    let element = |(&dim, subscript): (&DimId, &str)| {
        Some(name::display(&dims.element(dim, dims.position(dim, &name::unescape(subscript))?)))
    };
    let elements: Vec<String> = of.iter().zip(subscripts).map(element).collect::<Option<_>>()?;
    Some(format!("{}[{}]", tree.var_name(var), elements.join(",")))
}
