//! How large all instances of modules and macros may become together.

use crate::definition::{GroupDef, VarDef};
use crate::sema::instances::body::Body;

/// All instances but the root may have this many variables and modules together. Each takes about a kilobyte until the artifact is
/// written, and a small file may repeat a model any number of times.
pub(in crate::sema) const MAX_ENTITIES: usize = 1 << 18;

/// What all instances but the root may weigh together: see [`weight`]. It bounds memory where a small file repeats a large model.
const MAX_WEIGHT: usize = 1 << 24;

/// What all instances take together.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sema) struct Budget {
    n_entities: usize,
    weight: usize,
}

impl Budget {
    /// Adds an instance. Whether there is room for it.
    pub(in crate::sema) fn take(&mut self, body: &Body<'_>, prefix: &str) -> bool {
        let n_new = 1 + body.n_vars();
        self.n_entities += n_new;
        self.weight += weight(body) + n_new * prefix.len() / BYTES_PER_WEIGHT;
        self.n_entities <= MAX_ENTITIES && self.weight <= MAX_WEIGHT
    }
}

/// Bytes of text that weigh as much as a node of an equation.
const BYTES_PER_WEIGHT: usize = 16;

/// About how much one instance of a model takes: variables, nodes of equations, points of tables and texts.
fn weight(body: &Body<'_>) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let of_var = |var: &VarDef| {
        let own = var.elements.iter().filter_map(|element| element.equation.as_ref());
        let equations = var.equation.iter().chain(&var.list).chain(own);
        let nodes: usize = equations.map(|equation| equation.nodes.len()).sum();
        let tables = var.table.iter().chain(var.elements.iter().filter_map(|element| element.table.as_ref()));
        let points: usize = tables.map(|table| table.ys.len()).sum();
        let bytes = var.name.text.len() + var.units.as_ref().map_or(0, |units| units.text.len()) + text(&var.doc);
        1 + nodes + points + var.elements.len() + var.inflows.len() + var.outflows.len() + bytes / BYTES_PER_WEIGHT
    };
    let of_group = |group: &GroupDef| {
        let bytes: usize = group.members.iter().chain([&group.name]).map(|name| name.text.len()).sum();
        1 + group.members.len() + (bytes + text(&group.doc)) / BYTES_PER_WEIGHT
    };
    let groups: usize = body.def.groups.iter().map(of_group).sum();
    body.vars().map(of_var).sum::<usize>() + body.def.modules.len() + groups
}
