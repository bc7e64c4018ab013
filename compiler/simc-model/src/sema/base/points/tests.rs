use super::*;

fn table(xs: &[f64], ys: &[f64]) -> Table {
    Table { name: "t".to_owned(), kind: TableKind::Continuous, xs: xs.to_vec(), ys: ys.to_vec(), is_derived: false }
}

/// y of the last point that is not right of x, or of the first one.
fn at(of: &Table, points: Points, x: f64) -> f64 {
    let (kind, _, xs, ys) = points.derive(of);
    assert_eq!((kind, xs.len()), (TableKind::Discrete, ys.len()));
    assert!(xs.is_sorted());
    ys[xs.partition_point(|&own| own <= x).max(1) - 1]
}

/// Points of which two have one x, at the start, in the middle and at the end.
fn samples() -> [Table; 5] {
    [
        table(&[0.0, 1.0, 3.0, 4.0, 8.0], &[0.0, 5.0, 1.0, 1.0, -7.0]),
        table(&[1.0, 1.0, 2.0, 4.0], &[9.0, 3.0, 5.0, 1.0]),
        table(&[1.0, 2.0, 2.0, 4.0], &[9.0, 3.0, 5.0, 1.0]),
        table(&[1.0, 2.0, 4.0, 4.0], &[9.0, 3.0, 5.0, 1.0]),
        table(&[6.0], &[2.0]),
    ]
}

#[test]
fn slopes_are_those_of_the_segments_beside_a_point() {
    let both = |of: &Table, x: f64| (at(of, Points::SlopeBefore, -x), at(of, Points::SlopeBehind, x));
    let [plain, start, middle, end, single] = samples();
    let slopes = [0.0, 0.5, 1.0, 3.0, 3.5, 4.0, 8.0].map(|x| both(&plain, x));
    assert_eq!(slopes, [(5.0, 5.0), (5.0, 5.0), (5.0, -2.0), (-2.0, 0.0), (0.0, 0.0), (0.0, -2.0), (-2.0, -2.0)]);
    // Beyond the ends the nearest ones go on.
    assert_eq!((both(&plain, -1.0), both(&plain, 9.0)), ((5.0, 5.0), (-2.0, -2.0)));
    assert_eq!([1.0, 2.0, 4.0].map(|x| both(&start, x)), [(2.0, 2.0), (2.0, -2.0), (-2.0, -2.0)]);
    assert_eq!([1.0, 2.0, 4.0].map(|x| both(&middle, x)), [(-6.0, -6.0), (-6.0, -2.0), (-2.0, -2.0)]);
    assert_eq!([1.0, 2.0, 4.0].map(|x| both(&end, x)), [(-6.0, -6.0), (-6.0, 1.0), (1.0, 1.0)]);
    assert_eq!(both(&single, 6.0), (0.0, 0.0));
    assert_eq!(both(&table(&[1.0, 1.0], &[2.0, 3.0]), 1.0), (0.0, 0.0));
}

#[test]
fn points_have_numbers_and_some_share_their_x() {
    for of in samples() {
        for x in (-2..20).map(|half| f64::from(half) / 2.0) {
            let last = of.xs.iter().rposition(|&own| own <= x).unwrap_or(0);
            let first = of.xs.iter().position(|&own| own >= x).unwrap_or(of.xs.len() - 1);
            assert_eq!(at(&of, Points::NumberBefore, x), last as f64, "{:?} at {x}", of.xs);
            assert_eq!(at(&of, Points::NumberFrom, -x), first as f64, "{:?} at {x}", of.xs);
            let is_shared = of.xs.iter().filter(|&&own| own == of.xs[last]).count() > 1;
            assert_eq!(at(&of, Points::Repeats, x), f64::from(u8::from(is_shared)), "{:?} at {x}", of.xs);
        }
    }
}

#[test]
fn sums_are_of_the_points_before_a_number() {
    let [plain, ..] = samples();
    assert_eq!([0.0, 1.0, 2.0, 3.0, 4.0, 5.0].map(|m| at(&plain, Points::Sums, m)), [0.0, 0.0, 5.0, 6.0, 7.0, 0.0]);
    let (kind, _, xs, ys) = Points::Cumulated.derive(&plain);
    assert_eq!((kind, xs, ys), (TableKind::Continuous, plain.xs.clone(), vec![0.0, 5.0, 6.0, 7.0, 0.0]));
    let (kind, _, xs, ys) = Points::Linear.derive(&plain);
    assert_eq!((kind, xs, ys), (TableKind::Continuous, plain.xs, plain.ys));
}

/// Of every span of points the extremes are those of two spans of a power of 2, as who asks reads them.
#[test]
fn extremes_of_every_span_are_found_in_two_reads() {
    let all = [3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0, 6.0, 5.0];
    for n in 1..=all.len() {
        let of = table(&(0..n).map(|i| i as f64).collect::<Vec<_>>(), &all[..n]);
        for (first, last) in (0..n).flat_map(|first| (first..n).map(move |last| (first, last))) {
            let n_points = (last - first + 1) as f64;
            let (power, row) = (at(&of, Points::Powers, n_points), at(&of, Points::Rows, n_points));
            assert!(power <= n_points && n_points < 2.0 * power);
            let read = |points: Points| {
                [row + first as f64, row + last as f64 - power + 1.0].map(|place| at(&of, points, place))
            };
            let span = &all[first..=last];
            let least = span.iter().copied().fold(f64::INFINITY, f64::min);
            let greatest = span.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let [left, right] = read(Points::Least);
            assert_eq!(left.min(right), least, "{first} to {last} of {n}");
            let [left, right] = read(Points::Greatest);
            assert_eq!(left.max(right), greatest, "{first} to {last} of {n}");
        }
        // No row more than is asked for.
        assert_eq!(Points::Least.derive(&of).2.len(), n * (1 + n.ilog2() as usize));
        assert_eq!(Points::Powers.derive(&of).2.len(), 1 + n.ilog2() as usize);
        assert_eq!(Points::Rows.derive(&of).2.len(), 1 + n.ilog2() as usize);
    }
}
