//! The value of a graphical function.

use simc_model::model::{Table, TableKind};

/// The table at `x`. A NaN gives NaN; a table of one point is constant.
pub(crate) fn eval_table(table: &Table, x: f64) -> f64 {
    let (xs, ys) = (&table.xs, &table.ys);
    let last = xs.len() - 1;
    if x.is_nan() {
        return f64::NAN;
    }
    match xs.partition_point(|&point| point <= x).checked_sub(1) {
        None => match table.kind {
            TableKind::Continuous | TableKind::Discrete => ys[0],
            TableKind::Extrapolate => beyond(table, 0, x).unwrap_or(ys[0]),
        },
        Some(i) if i == last => match table.kind {
            TableKind::Continuous | TableKind::Discrete => ys[last],
            TableKind::Extrapolate if x == xs[last] => ys[last],
            TableKind::Extrapolate => {
                last.checked_sub(1).and_then(|segment| beyond(table, segment, x)).unwrap_or(ys[last])
            }
        },
        Some(i) => match table.kind {
            TableKind::Continuous | TableKind::Extrapolate => on_line(table, i, x),
            TableKind::Discrete => ys[i],
        },
    }
}

/// The line through the points of `segment`, unless there is no such segment or it has no width.
fn beyond(table: &Table, segment: usize, x: f64) -> Option<f64> {
    let end = table.xs.get(segment + 1)?;
    (*end > table.xs[segment]).then(|| on_line(table, segment, x))
}

/// The line through points i and i + 1, which differ in x, at `x`.
fn on_line(table: &Table, i: usize, x: f64) -> f64 {
    let (xs, ys) = (&table.xs, &table.ys);
    let slope = (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]);
    ys[i] + (x - xs[i]) * slope
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(kind: TableKind, points: &[(f64, f64)]) -> Table {
        let (xs, ys) = points.iter().copied().unzip();
        Table { name: "t".into(), kind, xs, ys, is_derived: false }
    }

    fn values(kind: TableKind, points: &[(f64, f64)], xs: &[f64]) -> Vec<f64> {
        let table = table(kind, points);
        xs.iter().map(|&x| eval_table(&table, x)).collect()
    }

    const BEND: [(f64, f64); 3] = [(0.0, 1.0), (1.0, 1.0), (2.0, 2.0)];
    const JUMP: [(f64, f64); 4] = [(0.0, 0.0), (1.0, 2.0), (1.0, 5.0), (2.0, 7.0)];

    #[test]
    fn continuous_is_linear_between_and_clamped_beyond() {
        let got = values(TableKind::Continuous, &BEND, &[-1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5]);
        assert_eq!(got, [1.0, 1.0, 1.0, 1.0, 1.5, 2.0, 2.0]);
    }

    #[test]
    fn extrapolate_continues_the_outer_segments() {
        assert_eq!(values(TableKind::Extrapolate, &BEND, &[-1.0, 1.5, 2.0, 2.5]), [1.0, 1.5, 2.0, 2.5]);
        let line = [(0.0, 0.0), (2.0, 1.0), (3.0, 5.0)];
        assert_eq!(values(TableKind::Extrapolate, &line, &[-4.0, 0.0, 3.0, 4.0]), [-2.0, 0.0, 5.0, 9.0]);
    }

    #[test]
    fn discrete_takes_the_last_point_not_beyond_x() {
        let got = values(TableKind::Discrete, &BEND, &[-1.0, 0.9, 1.0, 1.999, 2.0, 9.0]);
        assert_eq!(got, [1.0, 1.0, 1.0, 1.0, 2.0, 2.0]);
    }

    #[test]
    fn last_of_equal_x_holds_at_a_jump() {
        assert_eq!(values(TableKind::Continuous, &JUMP, &[0.5, 1.0, 1.5]), [1.0, 5.0, 6.0]);
        assert_eq!(values(TableKind::Discrete, &JUMP, &[0.5, 1.0, 1.5]), [0.0, 5.0, 5.0]);
    }

    #[test]
    fn segment_without_width_extrapolates_as_a_constant() {
        let points = [(0.0, 1.0), (0.0, 2.0), (1.0, 4.0), (1.0, 8.0)];
        assert_eq!(values(TableKind::Extrapolate, &points, &[-1.0, 0.0, 0.5, 1.0, 2.0]), [1.0, 2.0, 3.0, 8.0, 8.0]);
    }

    #[test]
    fn one_point_is_a_constant_of_every_kind() {
        for kind in [TableKind::Continuous, TableKind::Extrapolate, TableKind::Discrete] {
            assert_eq!(values(kind, &[(3.0, 7.0)], &[f64::NEG_INFINITY, 2.0, 3.0, 4.0]), [7.0; 4]);
        }
    }

    #[test]
    fn nan_gives_nan_and_infinities_are_beyond_the_ends() {
        for kind in [TableKind::Continuous, TableKind::Extrapolate, TableKind::Discrete] {
            assert!(eval_table(&table(kind, &BEND), f64::NAN).is_nan());
            assert!(eval_table(&table(kind, &[(3.0, 7.0)]), f64::NAN).is_nan());
        }
        let line = [(0.0, 0.0), (1.0, 1.0)];
        let ends = [f64::NEG_INFINITY, f64::INFINITY];
        assert_eq!(values(TableKind::Continuous, &line, &ends), [0.0, 1.0]);
        assert_eq!(values(TableKind::Extrapolate, &line, &ends), ends);
    }
}
