//! Tables that follow from the points of others: inverse, area and other ways to read between the points.

use crate::model::{Table, TableKind};
use crate::sema::base::points::Points;

/// A table that follows from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sema) enum Derived {
    /// x at y.
    Inverse,
    /// Continued beyond its ends.
    Extrapolated,
    /// y of the last point that is not right of x.
    Backward,
    /// At -x, y of the first point that is not left of x.
    Forward,
    /// The area from the first point to the last one that is not right of x.
    AreaBefore,
    /// x of the last point that is not right of x.
    PointBefore,
    /// A single point: the first x.
    FirstX,
    /// A single point: the last x.
    LastX,
    /// A single point: where the area begins to count: the first x, or minus infinity for a curve that is continued.
    LeftEnd,
    /// A single point: where the area ceases to count.
    RightEnd,
    /// What is asked of the points.
    Points(Points),
}

/// The table that follows from another.
pub(in crate::sema) fn derive(of: &Table, what: Derived) -> Table {
    let (xs, ys) = (of.xs.clone(), of.ys.clone());
    let last = xs.len() - 1;
    let end = |x: f64, beyond: f64| if of.kind == TableKind::Extrapolate { beyond } else { x };
    let reversed = |numbers: &[f64]| numbers.iter().rev().copied().collect::<Vec<f64>>();
    let (kind, suffix, xs, ys) = match what {
        Derived::Inverse => {
            let kind = if of.kind == TableKind::Extrapolate { of.kind } else { TableKind::Continuous };
            let (ys, xs) = inverse(of).into_iter().unzip();
            (kind, "inverse", ys, xs)
        }
        Derived::Extrapolated => (TableKind::Extrapolate, "extrapolated", xs, ys),
        Derived::Backward => (TableKind::Discrete, "backward", xs, ys),
        Derived::Forward => (TableKind::Discrete, "forward", reversed(&xs).iter().map(|x| -x).collect(), reversed(&ys)),
        Derived::AreaBefore => {
            let areas = areas(of);
            (TableKind::Discrete, "area", xs, areas)
        }
        Derived::PointBefore => (TableKind::Discrete, "points", xs.clone(), xs),
        Derived::FirstX => (TableKind::Continuous, "first x", vec![0.0], vec![xs[0]]),
        Derived::LastX => (TableKind::Continuous, "last x", vec![0.0], vec![xs[last]]),
        Derived::Points(what) => what.derive(of),
        Derived::LeftEnd => (TableKind::Continuous, "left end", vec![0.0], vec![end(xs[0], f64::NEG_INFINITY)]),
        Derived::RightEnd => (TableKind::Continuous, "right end", vec![0.0], vec![end(xs[last], f64::INFINITY)]),
    };
    Table { name: format!("{}: {suffix}", of.name), kind, xs, ys, is_derived: true }
}

/// For each y, in ascending order, the first x at which a curve gets there. Where it has been beyond a y before, the x jumps.
fn inverse(of: &Table) -> Vec<(f64, f64)> {
    let first = (of.ys[0], of.xs[0]);
    let (mut rising, mut falling) = (vec![first], vec![first]);
    for i in 1..of.xs.len() {
        let (from, to) = ((of.ys[i - 1], of.xs[i - 1]), (of.ys[i], of.xs[i]));
        go_on(&mut rising, from, to, f64::next_up, |a, b| a > b);
        go_on(&mut falling, from, to, f64::next_down, |a, b| a < b);
    }
    falling.drain(..1);
    falling.reverse();
    falling.extend(rising);
    falling
}

/// Appends what a segment reaches beyond all segments before it.
fn go_on(
    reached: &mut Vec<(f64, f64)>,
    from: (f64, f64),
    to: (f64, f64),
    next: fn(f64) -> f64,
    is_beyond: fn(f64, f64) -> bool,
) {
    let &(far, at) = reached.last().expect("the first point is always there");
    if !is_beyond(to.0, far) {
        return;
    }
    let crossing = from.1 + (far - from.0) * ((to.1 - from.1) / (to.0 - from.0));
    if crossing != at && is_beyond(to.0, next(far)) {
        reached.push((next(far), crossing));
    }
    reached.push(to);
}

/// The area from the first point to each point.
fn areas(of: &Table) -> Vec<f64> {
    let mut area = 0.0;
    let mut areas = vec![0.0];
    for i in 1..of.xs.len() {
        let right = if of.kind == TableKind::Discrete { of.ys[i - 1] } else { of.ys[i] };
        area += (of.xs[i] - of.xs[i - 1]) * ((of.ys[i - 1] + right) * 0.5);
        areas.push(area);
    }
    areas
}

#[cfg(test)]
mod tests;
