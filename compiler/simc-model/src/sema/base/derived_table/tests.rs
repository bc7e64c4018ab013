use super::*;

fn table(kind: TableKind, xs: &[f64], ys: &[f64]) -> Table {
    Table { name: "t".to_owned(), kind, xs: xs.to_vec(), ys: ys.to_vec(), is_derived: false }
}

fn derived(of: &Table, what: Derived) -> (TableKind, Vec<f64>, Vec<f64>) {
    let table = derive(of, what);
    assert!(table.is_derived && table.name.starts_with("t: "));
    (table.kind, table.xs, table.ys)
}

use TableKind::{Continuous, Discrete, Extrapolate};

#[test]
fn ends_of_a_curve_are_its_points_unless_it_goes_on() {
    let plain = table(Continuous, &[1.0, 2.0, 4.0], &[5.0, 6.0, 3.0]);
    let open = Table { kind: Extrapolate, ..plain.clone() };
    let single = |value: f64| (Continuous, vec![0.0], vec![value]);
    for (what, closed_at, open_at) in [
        (Derived::FirstX, 1.0, 1.0),
        (Derived::LastX, 4.0, 4.0),
        (Derived::LeftEnd, 1.0, f64::NEG_INFINITY),
        (Derived::RightEnd, 4.0, f64::INFINITY),
    ] {
        assert_eq!((derived(&plain, what), derived(&open, what)), (single(closed_at), single(open_at)), "{what:?}");
    }
    assert_eq!(derived(&plain, Derived::Extrapolated), (Extrapolate, plain.xs.clone(), plain.ys.clone()));
    assert_eq!(derived(&plain, Derived::Backward), (Discrete, plain.xs.clone(), plain.ys.clone()));
    assert_eq!(derived(&plain, Derived::Forward), (Discrete, vec![-4.0, -2.0, -1.0], vec![3.0, 6.0, 5.0]));
    assert_eq!(derived(&plain, Derived::PointBefore), (Discrete, plain.xs.clone(), plain.xs.clone()));
}

#[test]
fn areas_are_those_of_lines_or_of_steps() {
    let areas = |kind| derived(&table(kind, &[1.0, 2.0, 4.0, 4.0], &[5.0, 7.0, 3.0, 9.0]), Derived::AreaBefore);
    let xs = || vec![1.0, 2.0, 4.0, 4.0];
    assert_eq!(areas(Continuous), (Discrete, xs(), vec![0.0, 6.0, 16.0, 16.0]));
    assert_eq!(areas(Extrapolate), (Discrete, xs(), vec![0.0, 6.0, 16.0, 16.0]));
    assert_eq!(areas(Discrete), (Discrete, xs(), vec![0.0, 5.0, 19.0, 19.0]));
}

#[test]
fn the_inverse_gives_the_first_x_of_each_y() {
    let inverse = |kind, xs: &[f64], ys: &[f64]| derived(&table(kind, xs, ys), Derived::Inverse);
    assert_eq!(
        inverse(Continuous, &[1.0, 2.0, 4.0], &[0.0, 5.0, 6.0]),
        (Continuous, vec![0.0, 5.0, 6.0], vec![1.0, 2.0, 4.0])
    );
    assert_eq!(inverse(Discrete, &[1.0, 2.0], &[6.0, 5.0]), (Continuous, vec![5.0, 6.0], vec![2.0, 1.0]));
    assert_eq!(inverse(Extrapolate, &[1.0, 2.0], &[6.0, 5.0]).0, Extrapolate);
    assert_eq!(inverse(Continuous, &[3.0], &[7.0]), (Continuous, vec![7.0], vec![3.0]));
    // It falls to 2 and then rises beyond where it began: behind 4 the x jumps to where it comes there again.
    let (_, ys, xs) = inverse(Continuous, &[0.0, 2.0, 4.0, 6.0], &[4.0, 2.0, 4.0, 8.0]);
    assert_eq!(ys, [2.0, 4.0, 4.0_f64.next_up(), 8.0]);
    assert_eq!(xs, [2.0, 0.0, 4.0, 6.0]);
    let (_, ys, xs) = inverse(Continuous, &[0.0, 2.0, 4.0, 6.0], &[4.0, 6.0, 4.0, 0.0]);
    assert_eq!(ys, [0.0, 4.0_f64.next_down(), 4.0, 6.0]);
    assert_eq!(xs, [6.0, 4.0, 0.0, 2.0]);
    // In the middle of a segment.
    let (_, ys, xs) = inverse(Continuous, &[0.0, 2.0, 4.0], &[4.0, 2.0, 8.0]);
    assert_eq!(ys, [2.0, 4.0, 4.0_f64.next_up(), 8.0]);
    assert!((xs[2] - (2.0 + 2.0 * 2.0 / 6.0)).abs() < 1e-12 && xs[3] == 4.0, "{xs:?}");
    // What is only touched again adds nothing.
    assert_eq!(inverse(Continuous, &[0.0, 1.0, 2.0, 3.0], &[4.0, 5.0, 5.0, 4.0]).1, [4.0, 5.0]);
}
