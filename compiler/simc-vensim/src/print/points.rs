//! The points of lookups.

use simc_model::definition::TableDef;
use simc_model::definition::notation::print_number;

/// `([(x0,y0)-(x1,y1)],(x,y),...)`
pub(super) fn print_points(table: &TableDef) -> String {
    let xs = xs(table);
    let bounds = |numbers: &[f64]| {
        let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        (least, numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    };
    let ((x0, x1), (y0, y1)) = (bounds(&xs), bounds(&table.ys));
    let number = print_number;
    let corners = format!("[({},{})-({},{})]", number(x0), number(y0), number(x1), number(y1));
    let points = xs.iter().zip(&table.ys).map(|(x, y)| format!(",({},{})", number(*x), number(*y)));
    format!("({corners}{})", points.collect::<String>())
}

/// The x of the points: those that are written, or that lie evenly along the scale.
fn xs(table: &TableDef) -> Vec<f64> {
    match (&table.xs, table.x_scale) {
        (Some(xs), _) => xs.clone(),
        (None, Some((least, greatest))) => simc_model::definition::points::spread(least, greatest, table.ys.len()),
        (None, None) => vec![0.0; table.ys.len()],
    }
}
