use super::*;

fn points(kind: TableKind, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (xs, ys) = points.iter().copied().unzip();
    way_points(&Table { name: String::new(), kind, xs, ys, is_derived: false })
}

#[test]
fn a_continuous_curve_along_the_way_is_its_points() {
    let curve = [(0.25, 1.0), (0.5, 3.0), (0.75, 2.0)];
    assert_eq!(points(TableKind::Continuous, &curve), curve);
}

#[test]
fn a_discrete_curve_along_the_way_jumps_at_each_point() {
    let found = points(TableKind::Discrete, &[(0.0, 1.0), (0.5, 3.0), (1.0, 2.0)]);
    assert_eq!(found, [(0.0, 1.0), (0.5, 1.0), (0.5, 3.0), (1.0, 3.0), (1.0, 2.0)]);
    assert_eq!(points(TableKind::Discrete, &[(0.5, 4.0)]), [(0.5, 4.0)]);
}

#[test]
fn a_curve_that_extrapolates_reaches_both_ends_of_the_way() {
    let of = |curve: &[(f64, f64)]| points(TableKind::Extrapolate, curve);
    // The line through the first two points, and that through the last two.
    assert_eq!(
        of(&[(0.25, 1.0), (0.5, 3.0), (0.75, 2.0)]),
        [(0.0, -1.0), (0.25, 1.0), (0.5, 3.0), (0.75, 2.0), (1.0, 1.0)]
    );
    assert_eq!(of(&[(0.25, 1.0), (0.5, 3.0)]), [(0.0, -1.0), (0.25, 1.0), (0.5, 3.0), (1.0, 7.0)]);
    // Where the points reach the ends there is nothing to add, nor to a single one; a jump goes on level.
    assert_eq!(of(&[(0.0, 1.0), (1.0, 3.0)]), [(0.0, 1.0), (1.0, 3.0)]);
    assert_eq!(of(&[(0.5, 3.0)]), [(0.5, 3.0)]);
    assert_eq!(of(&[(0.5, 1.0), (0.5, 3.0)]), [(0.0, 1.0), (0.5, 1.0), (0.5, 3.0), (1.0, 1.0)]);
}
