//! `<connect>`: which variables of modules take their value from where.

use std::collections::BTreeMap;

use crate::definition::{Access, Connection, DefKind, Path};
use crate::diagnostic::{Diagnostic, code};
use crate::model::VarId;
use crate::name::{self, Key};
use crate::sema::Problems;
use crate::sema::scope::{ScopeId, Target, World};
use crate::source::Span;

/// Where a connected input takes its value from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Feed {
    /// The source; absent when it could not be found, which has been reported.
    pub(super) source: Option<VarId>,
    /// The connection.
    pub(super) span: Span,
}

/// Connected inputs.
pub(super) type Feeds = BTreeMap<VarId, Feed>;

/// Reads the connections of every module instance.
///
/// A `from` path starts in the model that holds the module. A `to` path may name the input alone, or start with the name of
/// the module, or be written as seen from the root; it may also lead out of the module, to an input of the model that holds it. Tools also repeat at one module a connection that belongs to another,
/// which is harmless as long as both say the same.
pub(super) fn resolve_connections(world: &World<'_>, problems: &mut Problems) -> Feeds {
    let mut feeds = Feeds::new();
    for (id, _) in world.iter_scopes() {
        resolve_scope(world, id, &mut feeds, problems);
    }
    feeds
}

/// Reads the connections of one instance.
pub(super) fn resolve_scope(world: &World<'_>, id: ScopeId, feeds: &mut Feeds, problems: &mut Problems) {
    let scope = world.scope(id);
    let (Some(module), Some(parent)) = (scope.module, scope.parent) else { return };
    let instance = Instance { id, parent, name: Key::new(&module.name.text) };
    for connection in &module.connections {
        let Some(input) = resolve_input(world, &instance, connection, problems) else { continue };
        let source = resolve_source(world, parent, &connection.from, problems);
        let feed = Feed { source, span: connection.span };
        if let Some(earlier) = feeds.insert(input, feed)
            && earlier.source != source
            && earlier.source.is_some()
            && source.is_some()
        {
            problems.report(connected_twice(world, input, feed.span, earlier.span));
        }
    }
}

/// A module whose connections are read.
struct Instance {
    id: ScopeId,
    parent: ScopeId,
    name: Key,
}

/// The input that a connection feeds.
fn resolve_input(
    world: &World<'_>,
    instance: &Instance,
    connection: &Connection,
    problems: &mut Problems,
) -> Option<VarId> {
    let var = match find_input(world, instance, &connection.to) {
        Ok(var) => var,
        Err(scope) => {
            let mut diagnostic = bad_connection(&connection.to, "leads to no variable of the module");
            if let (Some(scope), Some(last)) = (scope, connection.to.parts.last()) {
                diagnostic.hint = problems.suggest(&last.text, world.names_in(scope));
            }
            problems.report(diagnostic);
            return None;
        }
    };
    let def = world.def(var);
    let fault = match (def.access, def.kind) {
        (access, _) if world.owner(var) == ScopeId::ROOT && access != Some(Access::Input) => {
            "leads to a variable of the root model, which is no input of a module"
        }
        (Some(Access::Output), _) => "leads to an output of the module",
        (_, DefKind::Table) => "leads to a graphical function",
        (_, DefKind::Stock) if !def.inflows.is_empty() || !def.outflows.is_empty() => {
            "leads to a stock with flows of its own"
        }
        (Some(Access::Input) | None, DefKind::Stock | DefKind::Flow | DefKind::Aux) => return Some(var),
    };
    problems.report(
        bad_connection(&connection.to, fault)
            .with_place(def.name.span, "this is not an input")
            .with_variable(world.var_name(var)),
    );
    None
}

/// Tries the meanings of a `to` path in turn. The error is the scope in which a name was not found, if known.
fn find_input(world: &World<'_>, instance: &Instance, path: &Path) -> Result<VarId, Option<ScopeId>> {
    let inside = (instance.id, 0);
    let past_own_name = (instance.id, 1);
    let beside = (instance.parent, 0);
    let root = (ScopeId::ROOT, 0);
    let starts_with_own_name = path.parts.first().is_some_and(|part| Key::new(&part.text) == instance.name);
    let tries: &[(ScopeId, usize)] = match (path.parts.len(), path.absolute) {
        (0 | 1, true) => &[inside, root],
        (0 | 1, false) => &[inside],
        (_, true) => &[root, inside],
        (_, false) if starts_with_own_name => &[past_own_name],
        (_, false) => &[beside, inside],
    };
    let mut missing = None;
    for &(start, skip) in tries {
        match world.walk(start, &path.parts, skip) {
            Target::Var(var) => return Ok(var),
            Target::Module => {}
            Target::Missing(_, scope) => missing = scope.or(missing),
        }
    }
    Err(missing)
}

/// The variable that feeds an input.
fn resolve_source(world: &World<'_>, parent: ScopeId, path: &Path, problems: &mut Problems) -> Option<VarId> {
    match world.resolve_path(parent, path) {
        Target::Var(var) => Some(var),
        Target::Module => {
            problems.report(bad_connection(path, "comes from a module, not from a variable"));
            None
        }
        Target::Missing(_, None) => None,
        Target::Missing(index, Some(scope)) => {
            let mut diagnostic = bad_connection(path, "comes from a variable that does not exist");
            diagnostic.hint = problems.suggest(&path.parts[index].text, world.names_in(scope));
            problems.report(diagnostic);
            None
        }
    }
}

fn bad_connection(path: &Path, fault: &str) -> Diagnostic {
    let message = format!("a connection {fault}: `{}`", show_path(path));
    Diagnostic::error(code::BAD_CONNECTION, path.span, message)
}

fn connected_twice(world: &World<'_>, input: VarId, span: Span, earlier: Span) -> Diagnostic {
    let name = world.var_name(input);
    Diagnostic::error(code::CONNECTED_TWICE, span, format!("module input `{name}` is connected to two sources"))
        .with_label("connected again here")
        .with_place(earlier, "first connected here")
        .with_variable(name)
}

/// A path as its author may have written it.
pub(super) fn show_path(path: &Path) -> String {
    let parts: Vec<String> = path.parts.iter().map(|part| name::display(&part.text)).collect();
    format!("{}{}", if path.absolute { "." } else { "" }, parts.join("."))
}
