//! Tables that follow from the points of a graphical function, for questions about them.

use crate::definition::{SeriesMode, over_time};
use crate::model::{Table, TableKind};

/// A table that follows from the points of another, of which there are n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sema) enum Points {
    /// x of the point that a time is meant to be, which differs from it by no more than rounding does; `:NA:` elsewhere.
    Meant,
    /// The same points with lines between them.
    Linear,
    /// The slope after x, or that of the segment that is nearest.
    SlopeBehind,
    /// At -x, the slope in front of x, or that of the segment that is nearest.
    SlopeBefore,
    /// From each x up to the next one, whether several points have it: 1 or 0.
    Repeats,
    /// The number, counted from 0, of the last point that is not right of x.
    NumberBefore,
    /// At -x, the number, counted from 0, of the first point that is not left of x.
    NumberFrom,
    /// At a whole number m, the sum of the first m y.
    Sums,
    /// At each x the sum of all y up to there, with lines between.
    Cumulated,
    /// The greatest power of 2 that is not above x.
    Powers,
    /// At x, `k*n` with `2^k` the greatest power of 2 that is not above it.
    Rows,
    /// At `k*n + i`, the least y of the `2^k` points from number i on, as far as there are that many.
    Least,
    /// The same of the greatest y.
    Greatest,
}

impl Points {
    /// The kind, the end of the name, and the points.
    pub(in crate::sema) fn derive(self, of: &Table) -> (TableKind, &'static str, Vec<f64>, Vec<f64>) {
        let (xs, ys) = (&of.xs, &of.ys);
        let n = xs.len();
        let numbers = || (0..n).map(|i| i as f64);
        let opposite = || xs.iter().rev().map(|x| -x).collect::<Vec<f64>>();
        let powers = || (0..levels(n)).map(|k| (1_u64 << k) as f64).collect::<Vec<f64>>();
        match self {
            Points::Meant => {
                let (kind, points) = over_time::read_as(xs, xs, SeriesMode::Raw);
                let (times, meant) = points.into_iter().unzip();
                (kind, "times meant", times, meant)
            }
            Points::Linear => (TableKind::Continuous, "linear", xs.clone(), ys.clone()),
            Points::SlopeBehind => (
                TableKind::Discrete,
                "slopes behind",
                xs.clone(),
                slopes(of).into_iter().map(|(_, behind)| behind).collect(),
            ),
            Points::SlopeBefore => {
                let before = slopes(of).into_iter().rev().map(|(before, _)| before);
                (TableKind::Discrete, "slopes before", opposite(), before.collect())
            }
            Points::Repeats => {
                let is_shared = |i: usize| i > 0 && xs[i - 1] == xs[i] || xs.get(i + 1) == Some(&xs[i]);
                let flags = (0..n).map(|i| f64::from(u8::from(is_shared(i)))).collect();
                (TableKind::Discrete, "repeats", xs.clone(), flags)
            }
            Points::NumberBefore => (TableKind::Discrete, "numbers before", xs.clone(), numbers().collect()),
            Points::NumberFrom => (TableKind::Discrete, "numbers from", opposite(), numbers().rev().collect()),
            Points::Sums => {
                let sums = std::iter::once(0.0).chain(sums(ys)).collect();
                (TableKind::Discrete, "sums", (0..=n).map(|m| m as f64).collect(), sums)
            }
            Points::Cumulated => (TableKind::Continuous, "cumulated", xs.clone(), sums(ys).collect()),
            Points::Powers => (TableKind::Discrete, "powers", powers(), powers()),
            Points::Rows => {
                let rows = (0..levels(n)).map(|k| (k as usize * n) as f64).collect();
                (TableKind::Discrete, "rows", powers(), rows)
            }
            Points::Least => {
                let (places, extremes) = extremes(ys, |a, b| a < b);
                (TableKind::Discrete, "least", places, extremes)
            }
            Points::Greatest => {
                let (places, extremes) = extremes(ys, |a, b| a > b);
                (TableKind::Discrete, "greatest", places, extremes)
            }
        }
    }
}

/// The sums of the first one, two, ... numbers.
fn sums(ys: &[f64]) -> impl Iterator<Item = f64> {
    ys.iter().scan(0.0, |sum, y| {
        *sum += y;
        Some(*sum)
    })
}

/// How many powers of 2 are not above n.
fn levels(n: usize) -> u32 {
    usize::BITS - n.leading_zeros()
}

/// The slopes before and after each point; where there is none, that of the nearest segment, and 0
/// when there is no segment at all.
fn slopes(of: &Table) -> Vec<(f64, f64)> {
    let n = of.xs.len();
    let rise = |i: usize| {
        let width = of.xs[i + 1] - of.xs[i];
        (width > 0.0).then(|| (of.ys[i + 1] - of.ys[i]) / width)
    };
    let segments: Vec<Option<f64>> = (0..n - 1).map(rise).collect();
    let first = segments.iter().find_map(|slope| *slope).unwrap_or(0.0);
    let last = segments.iter().rev().find_map(|slope| *slope).unwrap_or(0.0);
    let mut slopes = vec![(first, last); n];
    for i in 1..n {
        slopes[i].0 = segments[i - 1].unwrap_or(slopes[i - 1].0);
    }
    for i in (0..n - 1).rev() {
        slopes[i].1 = segments[i].unwrap_or(slopes[i + 1].1);
    }
    slopes
}

/// For each power of 2 a row with the extreme y of that many points from each point on.
fn extremes(ys: &[f64], is_beyond: fn(f64, f64) -> bool) -> (Vec<f64>, Vec<f64>) {
    let n = ys.len();
    let mut all = ys.to_vec();
    for k in 1..levels(n) {
        let (half, before) = (1_usize << (k - 1), all.len() - n);
        for i in 0..n {
            let (a, b) = (all[before + i], all[before + (i + half).min(n - 1)]);
            all.push(if is_beyond(a, b) { a } else { b });
        }
    }
    ((0..all.len()).map(|place| place as f64).collect(), all)
}

#[cfg(test)]
mod tests;
