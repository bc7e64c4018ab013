//! Lookups: points as a table.

use simc_model::definition::TableDef;
use simc_model::model::TableKind;

use crate::ast::Table;

/// The points of a lookup by ascending x; of equal x the order of the file holds.
pub(super) fn table_def(table: &Table) -> TableDef {
    let mut points = table.points.clone();
    points.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (xs, ys) = points.into_iter().unzip();
    TableDef { kind: TableKind::Continuous, x_scale: None, xs: Some(xs), ys, span: table.span }
}
