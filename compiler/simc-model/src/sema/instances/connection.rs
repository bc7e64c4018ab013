//! Connections: which variables of modules take their value from where.

use std::collections::BTreeMap;

use crate::definition::{Access, Connection, DefKind, Path};
use crate::diagnostic::{Diagnostic, code};
use crate::model::VarId;
use crate::name::{self, Key};
use crate::sema::base::diagnostics::Diagnostics;
use crate::sema::instances::module_tree::{InstanceId, ModuleTree, Target};
use crate::source::Span;

/// Where a connected input takes its value from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sema) struct Connected {
    /// The source; absent when it could not be found, which has been reported.
    pub(in crate::sema) source: Option<VarId>,
    /// The connection.
    pub(in crate::sema) span: Span,
}

/// Connected inputs.
pub(in crate::sema) type Connections = BTreeMap<VarId, Connected>;

/// Reads the connections of every module instance.
///
/// A `from` path starts in the model that holds the module. A `to` path may name the input alone, or start with the name of
/// the module, or with that of any other module: one around it, one beside it, or one that has a name of its own in the whole model. A
/// leading dot is the root. It may also lead out of the module, to an input of the model that holds it. Tools also repeat at one module a
/// connection that belongs to another, which is harmless as long as both say the same.
pub(in crate::sema) fn resolve_connections(tree: &ModuleTree<'_>, diagnostics: &mut Diagnostics) -> Connections {
    let mut connections = Connections::new();
    for (id, _) in tree.iter_scopes() {
        resolve_scope(tree, id, &mut connections, diagnostics);
    }
    connections
}

/// Reads the connections of one instance.
pub(in crate::sema) fn resolve_scope(
    tree: &ModuleTree<'_>,
    id: InstanceId,
    connections: &mut Connections,
    diagnostics: &mut Diagnostics,
) {
    let instance = tree.instance(id);
    let (Some(module), Some(parent)) = (instance.module, instance.parent) else { return };
    let instance = Instance { id, parent, name: Key::new(&module.name.text) };
    for connection in &module.connections {
        let Some(input) = resolve_input(tree, &instance, connection, diagnostics) else { continue };
        let source = resolve_source(tree, parent, &connection.from, diagnostics);
        let connection = Connected { source, span: connection.span };
        if let Some(earlier) = connections.insert(input, connection)
            && earlier.source != source
            && earlier.source.is_some()
            && source.is_some()
        {
            diagnostics.report(connected_twice(tree, input, connection.span, earlier.span));
        }
    }
}

/// A module whose connections are read.
struct Instance {
    id: InstanceId,
    parent: InstanceId,
    name: Key,
}

/// The input that a connection feeds.
fn resolve_input(
    tree: &ModuleTree<'_>,
    instance: &Instance,
    connection: &Connection,
    diagnostics: &mut Diagnostics,
) -> Option<VarId> {
    let var = match find_input(tree, instance, &connection.to) {
        Ok(var) => var,
        Err(instance) => {
            if is_subscripted(&connection.to) {
                diagnostics.report(subscripted(&connection.to));
                return None;
            }
            let mut diagnostic = bad_connection(&connection.to, "leads to no variable of the module");
            if let (Some(instance), Some(last)) = (instance, connection.to.parts.last()) {
                diagnostic.hint = diagnostics.suggest(&last.text, tree.names_in(instance));
            }
            diagnostics.report(diagnostic);
            return None;
        }
    };
    let def = tree.def(var);
    let fault = match (def.access, def.kind) {
        _ if tree.owner(var) == InstanceId::ROOT && !is_input(tree, var, true) => {
            "leads to a variable of the root model, which is no input of a module"
        }
        (Some(Access::Output), _) => "leads to an output of the module",
        (_, DefKind::Table) => "leads to a graphical function",
        (_, DefKind::Stock) if !def.inflows.is_empty() || !def.outflows.is_empty() => {
            "leads to a stock with flows of its own"
        }
        (Some(Access::Input) | None, DefKind::Stock | DefKind::Flow | DefKind::Aux) => return Some(var),
    };
    diagnostics.report(
        bad_connection(&connection.to, fault)
            .with_place(def.name.span, "this is not an input")
            .with_variable(tree.var_name(var)),
    );
    None
}

/// Tries the meanings of a `to` path in turn. The first variable that may be fed is meant, or else the first that there is. The error is
/// the scope in which a name was not found, if known.
fn find_input(tree: &ModuleTree<'_>, instance: &Instance, path: &Path) -> Result<VarId, Option<InstanceId>> {
    let inside = (instance.id, 0);
    let past_own_name = (instance.id, 1);
    let beside = (instance.parent, 0);
    let root = (InstanceId::ROOT, 0);
    let starts_with_own_name = path.parts.first().is_some_and(|part| Key::new(&part.text) == instance.name);
    let mut tries: Vec<(InstanceId, usize)> = match (path.parts.len(), path.absolute) {
        (0 | 1, true) => vec![root, inside],
        (0 | 1, false) => vec![inside, beside],
        (_, true) => vec![root, inside],
        (_, false) if starts_with_own_name => vec![past_own_name],
        (_, false) => vec![beside, inside],
    };
    if path.parts.len() > 1 {
        tries.extend(find_elsewhere(tree, instance.id, path).map(|start| (start, 1)));
    }
    let mut missing = None;
    let mut refused = None;
    for &(start, skip) in &tries {
        match tree.walk(start, &path.parts, skip) {
            Target::Var(var) if is_input(tree, var, start == InstanceId::ROOT && path.absolute) => return Ok(var),
            Target::Var(var) => refused = refused.or(Some(var)),
            Target::Module => {}
            Target::Missing(_, instance) => missing = instance.or(missing),
        }
    }
    refused.ok_or(missing)
}

/// Whether a variable may take its value from a connection. One of the root that is after a dot says so itself, or has no
/// equation: others have the same name as an input of the module.
fn is_input(tree: &ModuleTree<'_>, var: VarId, is_of_root: bool) -> bool {
    let def = tree.def(var);
    let is_bare = def.equation.is_none() && def.list.is_empty() && def.elements.is_empty();
    match def.access {
        Some(Access::Input) => true,
        Some(Access::Output) => false,
        None => !is_of_root || is_bare,
    }
}

/// The module of the first name of a path that is neither in an instance nor beside it: one around it, or the only one of that name in
/// the whole model.
pub(in crate::sema) fn find_elsewhere(tree: &ModuleTree<'_>, from: InstanceId, path: &Path) -> Option<InstanceId> {
    let wanted = Key::new(&path.parts.first()?.text);
    let is_named =
        |id: InstanceId| tree.instance(id).module.is_some_and(|module| Key::new(&module.name.text) == wanted);
    if let Some(around) = tree.ancestors(from).find(|&id| is_named(id)) {
        return Some(around);
    }
    match tree.instances_named(&wanted) {
        &[only] => Some(only),
        _ => None,
    }
}

/// The variable that feeds an input.
fn resolve_source(
    tree: &ModuleTree<'_>,
    parent: InstanceId,
    path: &Path,
    diagnostics: &mut Diagnostics,
) -> Option<VarId> {
    let mut target = tree.resolve_path(parent, path);
    if let Target::Missing(0, _) = target
        && path.parts.len() > 1
        && let Some(start) = find_elsewhere(tree, parent, path)
        && let elsewhere @ Target::Var(_) = tree.walk(start, &path.parts, 1)
    {
        target = elsewhere;
    }
    match target {
        Target::Var(var) => Some(var),
        Target::Module => {
            diagnostics.report(bad_connection(path, "comes from a module, not from a variable"));
            None
        }
        Target::Missing(_, None) => None,
        Target::Missing(_, Some(_)) if is_subscripted(path) => {
            diagnostics.report(subscripted(path));
            None
        }
        Target::Missing(index, Some(instance)) => {
            let mut diagnostic = bad_connection(path, "comes from a variable that does not exist");
            // A variable in the place of a module is no misspelt one.
            if let Target::Missing(..) = tree.walk(instance, std::slice::from_ref(&path.parts[index]), 0) {
                diagnostic.hint = diagnostics.suggest(&path.parts[index].text, tree.names_in(instance));
            }
            diagnostics.report(diagnostic);
            None
        }
    }
}

/// Whether the last name of a path that leads nowhere looks like an element of an array.
fn is_subscripted(path: &Path) -> bool {
    path.parts.last().is_some_and(|part| part.text.contains('[') && part.text.trim_end().ends_with(']'))
}

fn subscripted(path: &Path) -> Diagnostic {
    let message = format!("connections with subscripts are not supported: `{}`", show_path(path));
    let hint = "connect the whole array by its name, or a variable whose equation is the element";
    Diagnostic::error(code::BAD_CONNECTION, path.span, message).with_hint(hint)
}

fn bad_connection(path: &Path, fault: &str) -> Diagnostic {
    let message = format!("a connection {fault}: `{}`", show_path(path));
    Diagnostic::error(code::BAD_CONNECTION, path.span, message)
}

fn connected_twice(tree: &ModuleTree<'_>, input: VarId, span: Span, earlier: Span) -> Diagnostic {
    let name = tree.var_name(input);
    Diagnostic::error(code::CONNECTED_TWICE, span, format!("module input `{name}` is connected to two sources"))
        .with_label("connected again here")
        .with_place(earlier, "first connected here")
        .with_variable(name)
}

/// A path as its author may have written it.
pub(in crate::sema) fn show_path(path: &Path) -> String {
    let parts: Vec<String> = path.parts.iter().map(|part| name::display(&part.text)).collect();
    format!("{}{}", if path.absolute { "." } else { "" }, parts.join("."))
}
