//! Arrays of tables: one table of the IR with a curve for each element.

use std::collections::BTreeMap;

use simc_ir::entity::{Graph, Table};
use simc_ir::module::{Curve, Module, TableData, TableKind};
use simc_model::model::{Expr, ExprKind, Model, TableId, TableRef};

use super::axes::Axes;
use super::visit;

/// The tables of the IR by the tables of the model that they are made of, and the lengths of their axes.
pub(super) type Families = BTreeMap<(Vec<TableId>, Vec<u32>), Family>;

/// The graphical functions that a host may change, by the tables of the model.
pub(super) type Graphs = BTreeMap<TableId, Graph>;

/// An array of tables. Curves of one table of the IR are of one kind, so that an array of several kinds has a table for each of them,
/// and a further one that says, anywhere, the number of the kind that counts.
#[derive(Clone, Debug)]
pub(super) struct Family {
    /// One for each kind that occurs.
    pub(super) tables: Vec<Table>,
    /// A table whose value is the position in `tables` of the one that counts; none when there is only one.
    pub(super) selector: Option<Table>,
}

/// Declares every array of tables that an expression looks up.
pub(super) fn declare(model: &Model, axes: &Axes, graphs: &Graphs, module: &mut Module) -> Families {
    let mut families = Families::new();
    let clauses = model.vars.iter().flat_map(visit::exprs);
    let exprs: Vec<&Expr> = clauses.chain(model.states.iter().flat_map(|state| visit::args(model, state))).collect();
    for expr in exprs {
        visit::visit(expr, |kind, _| {
            if let ExprKind::Lookup(TableRef::Each { tables, shape, .. }, _) = kind {
                let key = (tables.clone(), shape.clone());
                families.entry(key).or_insert_with(|| declare_family(model, axes, graphs, module, tables, shape));
            }
        });
    }
    families
}

fn declare_family(
    model: &Model,
    axes: &Axes,
    graphs: &Graphs,
    module: &mut Module,
    tables: &[TableId],
    shape: &[u32],
) -> Family {
    let kind_of = |id: &TableId| model.table(*id).kind;
    let name = tables.first().map_or_else(String::new, |&id| model.table(id).name.clone());
    let axes: Vec<_> = shape.iter().map(|&len| axes.of_length(len)).collect();
    let kinds: Vec<TableKind> =
        TableKind::ALL.into_iter().filter(|kind| tables.iter().any(|id| kind_of(id) == *kind)).collect();
    let mut declare = |kind, curves, graphs| {
        module.tables.push(TableData {
            axes: axes.clone(),
            curves,
            graphs,
            ..TableData::single(name.clone(), kind, vec![], vec![])
        })
    };
    let curve = |id: &TableId| Curve { xs: model.table(*id).xs.clone(), ys: model.table(*id).ys.clone() };
    // Where nothing computed reads the array, some of its tables may belong to no graph.
    let settable: Option<Vec<_>> = tables.iter().map(|id| graphs.get(id).copied()).collect();
    let settable = settable.unwrap_or_default();
    let of_kinds =
        kinds.iter().map(|&kind| declare(kind, tables.iter().map(curve).collect(), settable.clone())).collect();
    let position = |id: &TableId| kinds.iter().position(|kind| *kind == kind_of(id)).unwrap_or(0);
    let selector = (kinds.len() > 1).then(|| {
        let constant = |id: &TableId| Curve { xs: vec![0.0], ys: vec![position(id) as f64] };
        declare(TableKind::Discrete, tables.iter().map(constant).collect(), Vec::new())
    });
    Family { tables: of_kinds, selector }
}
