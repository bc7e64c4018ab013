//! Names under which results show variables: no two are equal, and none is that of the time.
//!
//! Names differ within a model already; but a quoted name may look like that of a variable in a module, or of an element of an array.

use std::collections::HashMap;

mod elements;

use crate::diagnostic::{Diagnostic, code};
use crate::model::{DimId, VarId};
use crate::name::Key;
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::builder::model_builder::ModelBuilder;
use crate::sema::instances::module_tree::ModuleTree;

/// What the first column of all results is called.
const TIME: &str = "time";

/// Reports visible variables whose names cannot be told apart.
pub(in crate::sema) fn check_titles(tree: &ModuleTree<'_>, builder: &ModelBuilder, diagnostics: &mut Diagnostics) {
    let time = Key::new(TIME);
    let mut seen: HashMap<Key, VarId> = HashMap::new();
    // By their dimensions, since arrays over the same ones are alike.
    let mut shared: HashMap<Vec<DimId>, Option<String>> = HashMap::new();
    for (id, owner, def) in tree.iter_vars().filter(|(id, _, _)| !builder.var(*id).is_hidden) {
        let key = Key::new(&builder.var(id).name);
        let name = tree.var_name(id);
        if key == time {
            diagnostics.report(
                Diagnostic::error(
                    code::DUPLICATE_NAME,
                    def.name.span,
                    format!("variable `{name}` has the name of the time"),
                )
                .with_label("results have a column of this name already")
                .with_hint("give it another name")
                .with_variable(name),
            );
            continue;
        }
        let first = *seen.entry(key).or_insert(id);
        // Within a model that has been reported.
        if first != id && tree.owner(first) != owner {
            diagnostics.report(
                Diagnostic::error(code::DUPLICATE_NAME, def.name.span, format!("two variables are shown as `{name}`"))
                    .with_label("the second one")
                    .with_place(tree.def(first).name.span, "the first one")
                    .with_hint("give one of them another name: a dot in a quoted name looks like that of a module")
                    .with_variable(name.clone()),
            );
        }
        let dims = &builder.var(id).dims;
        let title = shared.entry(dims.clone()).or_insert_with(|| elements::find_shared(builder, dims));
        if let Some(title) = title {
            let message = format!("two elements are shown as `{name}[{title}]`");
            let hint = "rename one of them: a comma in the name of an element looks like that between two";
            let error = Diagnostic::error(code::DUPLICATE_NAME, def.name.span, message).with_hint(hint);
            diagnostics.report(error.with_variable(name));
        }
    }
    for (id, _, def) in tree.iter_vars().filter(|(id, _, _)| !builder.var(*id).is_hidden) {
        if let Some(array) = elements::find_array(builder, &seen, id) {
            let name = tree.var_name(id);
            let message = format!("`{name}` is shown like an element of `{}`", builder.var(array).name);
            diagnostics.report(
                Diagnostic::error(code::DUPLICATE_NAME, def.name.span, message)
                    .with_label("looks like an element")
                    .with_place(tree.def(array).name.span, "the array")
                    .with_hint("give one of them another name: brackets in a quoted name look like those of an element")
                    .with_variable(name),
            );
        }
    }
}
