//! Graphical functions: points in ascending order of x.

use crate::definition::TableDef;
use crate::definition::points::spread;
use crate::definition::wording::Cure;
use crate::diagnostic::{Diagnostic, code};
use crate::model::Table;
use crate::sema::base::diagnostics::Diagnostics;

/// Checks the points. What is at fault becomes a single point, so that whoever uses the table has one.
pub(in crate::sema) fn resolve_table(
    def: &TableDef,
    name: &str,
    reported: bool,
    diagnostics: &mut Diagnostics,
) -> Table {
    let points = check_points(def, diagnostics).unwrap_or_else(|fault| {
        if !reported {
            diagnostics.report(
                Diagnostic::error(code::BAD_TABLE, def.span, format!("the graphical function of `{name}` {fault}"))
                    .with_variable(name),
            );
        }
        vec![(0.0, 0.0)]
    });
    let (xs, ys) = points.into_iter().unzip();
    Table { name: name.to_owned(), kind: def.kind, xs, ys, is_derived: false }
}

/// Points in the order of the file, or what is wrong with them.
fn check_points(def: &TableDef, diagnostics: &Diagnostics) -> Result<Vec<(f64, f64)>, String> {
    let n = def.ys.len();
    if n == 0 {
        return Err("has no points".to_owned());
    }
    let xs = match (&def.xs, def.x_scale) {
        (Some(_), Some(_)) => return Err(diagnostics.cure(Cure::TwoScales).to_owned()),
        (None, None) => return Err(diagnostics.cure(Cure::NoScale).to_owned()),
        (Some(xs), None) if xs.len() != n => return Err(format!("has {} x but {n} y", xs.len())),
        (Some(xs), None) if !xs.is_sorted() => return Err("has x that do not ascend".to_owned()),
        (Some(xs), None) => xs.clone(),
        (None, Some((min, max))) => spread(min, max, n),
    };
    match xs.iter().chain(&def.ys).find(|number| !number.is_finite()) {
        Some(number) => Err(format!("has a point at {number}, which is not a finite number")),
        None => Ok(xs.into_iter().zip(def.ys.iter().copied()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Wording;
    use crate::model::TableKind;
    use crate::source::Span;

    fn def(x_scale: Option<(f64, f64)>, xs: Option<&[f64]>, ys: &[f64]) -> TableDef {
        TableDef {
            kind: TableKind::Continuous,
            x_scale,
            xs: xs.map(<[f64]>::to_vec),
            ys: ys.to_vec(),
            span: Span::default(),
        }
    }

    fn fault(def: &TableDef) -> String {
        check_points(def, &Diagnostics::new(Wording::default())).expect_err("the table is at fault")
    }

    #[test]
    fn spreads_points_evenly_between_the_ends_of_the_scale() {
        let mut diagnostics = Diagnostics::new(Wording::default());
        let table = resolve_table(&def(Some((0.0, 0.3)), None, &[5.0, 6.0, 7.0, 8.0]), "t", false, &mut diagnostics);
        assert_eq!(table.xs, [0.0, 0.3 / 3.0, 2.0 * 0.3 / 3.0, 0.3]);
        assert_eq!(table.ys, [5.0, 6.0, 7.0, 8.0]);
        assert!(diagnostics.into_list().is_empty());
    }

    #[test]
    fn takes_the_least_x_for_a_single_point() {
        assert_eq!(spread(2.0, 9.0, 1), [2.0]);
    }

    #[test]
    fn keeps_the_order_of_equal_x() {
        let points = def(None, Some(&[1.0, 2.0, 3.0, 3.0]), &[10.0, 20.0, 31.0, 30.0]);
        let table = resolve_table(&points, "t", false, &mut Diagnostics::new(Wording::default()));
        assert_eq!((table.xs, table.ys), (vec![1.0, 2.0, 3.0, 3.0], vec![10.0, 20.0, 31.0, 30.0]));
    }

    #[test]
    fn names_what_is_wrong_with_the_points() {
        assert_eq!(fault(&def(Some((0.0, 1.0)), None, &[])), "has no points");
        assert_eq!(fault(&def(None, Some(&[1.0]), &[1.0, 2.0])), "has 1 x but 2 y");
        assert_eq!(fault(&def(None, None, &[1.0])), "does not give its x");
        assert!(fault(&def(Some((0.0, 1.0)), Some(&[0.0]), &[1.0])).contains("two ways"));
        assert_eq!(fault(&def(None, Some(&[0.0, 2.0, 1.0]), &[1.0, 2.0, 3.0])), "has x that do not ascend");
        assert!(fault(&def(Some((0.0, f64::NAN)), None, &[1.0, 2.0])).contains("NaN"));
        assert!(fault(&def(None, Some(&[0.0, f64::INFINITY]), &[1.0, 2.0])).contains("inf"));
    }

    #[test]
    fn stays_silent_about_a_table_that_has_been_reported() {
        let mut diagnostics = Diagnostics::new(Wording::default());
        resolve_table(&def(None, None, &[]), "t", true, &mut diagnostics);
        assert!(diagnostics.into_list().is_empty());
    }
}
