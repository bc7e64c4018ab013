//! What is asked of the points of a graphical function: slopes, and the data between two times. Each answer reads tables that are derived
//! from the points when the model is compiled, so that a step takes the same time however many points there are.

use crate::builtin::{DataFn, MISSING};
use crate::diagnostic::code;
use crate::model::{BinaryOp, ExprKind, NodeId, PureFn, Table, TableKind, TableRef, UnaryOp};
use crate::sema::equation::composed::Composer;
use crate::sema::equation::derived_table::Derived;
use crate::sema::equation::resolve::Cx;
use crate::source::Span;

/// How many points may be searched for the least or the greatest between two times: the table for it has as many rows as there are powers of
/// 2 up to this number.
const MAX_POINTS: usize = 1 << 16;

/// A table that follows from the points of another, of which there are n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sema) enum Points {
    /// The same points with lines between them.
    Linear,
    /// The slope behind x, or that of the segment that is nearest.
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
    /// The greatest power of 2 that is not above x.
    Powers,
    /// At x, `k*n` with `2^k` the greatest power of 2 that is not above it.
    Rows,
    /// At `k*n + i`, the least y of the `2^k` points from number i on, as far as there are so many.
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
                let mut sum = 0.0;
                let after = ys.iter().map(|y| {
                    sum += y;
                    sum
                });
                let sums = std::iter::once(0.0).chain(after).collect();
                (TableKind::Discrete, "sums", (0..=n).map(|m| m as f64).collect(), sums)
            }
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

/// How many powers of 2 are not above n.
fn levels(n: usize) -> u32 {
    usize::BITS - n.leading_zeros()
}

/// The slopes before and behind each point; where there is none, that of the nearest segment, and 0 when there is no segment at all.
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

/// For each power of 2 a row with the extreme y of so many points from each point on.
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

impl Cx<'_, '_, '_> {
    /// The slope of a curve at x: of the segment around x, at a point the mean of those on its sides, of an end the only one; `:NA:` where
    /// several points have this x. Beyond the ends 0, or the nearest slope for a mode above 0, or `:NA:` for one below.
    pub(in crate::sema) fn push_slope(
        &mut self,
        curve: &TableRef,
        [x, mode]: [NodeId; 2],
        c: &mut Composer<'_>,
    ) -> NodeId {
        let opposite = c.push(ExprKind::Unary(UnaryOp::Neg, x));
        let behind = self.push_read(curve, Derived::Points(Points::SlopeBehind), x, c);
        let before = self.push_read(curve, Derived::Points(Points::SlopeBefore), opposite, c);
        let sum = c.binary(BinaryOp::Add, before, behind);
        let half = c.number(0.5);
        let slope = c.binary(BinaryOp::Mul, sum, half);
        let (missing, zero) = (c.number(MISSING), c.number(0.0));
        let shares = self.push_read(curve, Derived::Points(Points::Repeats), x, c);
        let point = self.push_read(curve, Derived::PointBefore, x, c);
        let is_point = c.binary(BinaryOp::Eq, point, x);
        let is_shared = c.binary(BinaryOp::And, is_point, shares);
        let inside = c.choose(is_shared, missing, slope);
        let is_open = c.binary(BinaryOp::Gt, mode, zero);
        let is_strict = c.binary(BinaryOp::Lt, mode, zero);
        let nothing = c.choose(is_strict, missing, zero);
        let outside = c.choose(is_open, slope, nothing);
        let is_inside = self.push_is_inside(curve, x, c);
        c.choose(is_inside, inside, outside)
    }

    /// What is asked of data; `args` are those behind the data.
    pub(in crate::sema) fn push_data(
        &mut self,
        data: &TableRef,
        function: DataFn,
        [first, second]: [NodeId; 2],
        c: &mut Composer<'_>,
    ) -> NodeId {
        let missing = c.number(MISSING);
        match function {
            DataFn::AtTime => {
                let point = self.push_read(data, Derived::PointBefore, first, c);
                let value = self.push_read(data, Derived::Backward, first, c);
                let is_point = c.binary(BinaryOp::Eq, point, first);
                c.choose(is_point, value, missing)
            }
            DataFn::BetweenTimes => {
                let zero = c.number(0.0);
                let opposite = c.push(ExprKind::Unary(UnaryOp::Neg, first));
                let between = self.push_read(data, Derived::Points(Points::Linear), first, c);
                let last = self.push_read(data, Derived::Backward, first, c);
                let next = self.push_read(data, Derived::Forward, opposite, c);
                let is_ahead = c.binary(BinaryOp::Gt, second, zero);
                let is_back = c.binary(BinaryOp::Lt, second, zero);
                let value = c.choose(is_back, last, between);
                let value = c.choose(is_ahead, next, value);
                let is_inside = self.push_is_inside(data, first, c);
                c.choose(is_inside, value, missing)
            }
            DataFn::FirstTime => self.push_read(data, Derived::FirstX, missing, c),
            DataFn::LastTime => self.push_read(data, Derived::LastX, missing, c),
            DataFn::Shifted => {
                let time = c.push(ExprKind::Time);
                let later = c.binary(BinaryOp::Add, time, first);
                c.push(ExprKind::Lookup(data.clone(), later))
            }
            DataFn::Count | DataFn::Mean | DataFn::Least | DataFn::Greatest => {
                self.push_statistic(data, function, [first, second], c)
            }
        }
    }

    /// A statistic of the points from one time to another.
    fn push_statistic(
        &mut self,
        data: &TableRef,
        function: DataFn,
        [from, to]: [NodeId; 2],
        c: &mut Composer<'_>,
    ) -> NodeId {
        let (one, missing) = (c.number(1.0), c.number(MISSING));
        let opposite = c.push(ExprKind::Unary(UnaryOp::Neg, from));
        let first = self.push_read(data, Derived::Points(Points::NumberFrom), opposite, c);
        let last = self.push_read(data, Derived::Points(Points::NumberBefore), to, c);
        let distance = c.binary(BinaryOp::Sub, last, first);
        let n = c.binary(BinaryOp::Add, distance, one);
        let (start, end) = self.push_ends(data, c);
        let reaches_start = c.binary(BinaryOp::Ge, to, start);
        let reaches_end = c.binary(BinaryOp::Le, from, end);
        let is_some = c.binary(BinaryOp::Ge, n, one);
        let reaches = c.binary(BinaryOp::And, reaches_start, reaches_end);
        let has_any = c.binary(BinaryOp::And, reaches, is_some);
        let extreme = match function {
            DataFn::Least => Some((Points::Least, PureFn::Min)),
            DataFn::Greatest => Some((Points::Greatest, PureFn::Max)),
            _ => None,
        };
        let (value, otherwise) = if let Some((points, function)) = extreme {
            self.check_size(data, c.span);
            // The points are those of two spans of a power of 2, which may overlap.
            let power = self.push_read(data, Derived::Points(Points::Powers), n, c);
            let row = self.push_read(data, Derived::Points(Points::Rows), n, c);
            let left = c.binary(BinaryOp::Add, row, first);
            let right = c.binary(BinaryOp::Add, row, last);
            let right = c.binary(BinaryOp::Sub, right, power);
            let right = c.binary(BinaryOp::Add, right, one);
            let left = self.push_read(data, Derived::Points(points), left, c);
            let right = self.push_read(data, Derived::Points(points), right, c);
            (c.call(function, &[left, right]), missing)
        } else if function == DataFn::Count {
            (n, c.number(0.0))
        } else {
            let end = c.binary(BinaryOp::Add, last, one);
            let upper = self.push_read(data, Derived::Points(Points::Sums), end, c);
            let lower = self.push_read(data, Derived::Points(Points::Sums), first, c);
            let sum = c.binary(BinaryOp::Sub, upper, lower);
            (c.binary(BinaryOp::Div, sum, n), missing)
        };
        c.choose(has_any, value, otherwise)
    }

    /// Reports data whose extremes would take too much room.
    fn check_size(&mut self, data: &TableRef, span: Span) {
        let tables = match data {
            TableRef::One(table) => std::slice::from_ref(table),
            TableRef::Each { tables, .. } => tables,
        };
        let n = tables.iter().map(|table| self.builder.tables[table.0 as usize].xs.len()).max().unwrap_or(0);
        if n > MAX_POINTS {
            let message = format!("the least or greatest of more than {MAX_POINTS} points is not supported");
            self.diagnostics.report(self.place.error(code::BAD_TABLE, span, message));
        }
    }

    /// Whether x lies from the first point to the last.
    fn push_is_inside(&mut self, curve: &TableRef, x: NodeId, c: &mut Composer<'_>) -> NodeId {
        let (first, last) = self.push_ends(curve, c);
        let from = c.binary(BinaryOp::Ge, x, first);
        let to = c.binary(BinaryOp::Le, x, last);
        c.binary(BinaryOp::And, from, to)
    }

    /// The first and the last x.
    fn push_ends(&mut self, curve: &TableRef, c: &mut Composer<'_>) -> (NodeId, NodeId) {
        let anywhere = c.number(0.0);
        let first = self.push_read(curve, Derived::FirstX, anywhere, c);
        (first, self.push_read(curve, Derived::LastX, anywhere, c))
    }

    /// A table that follows from a curve, at x.
    fn push_read(&mut self, curve: &TableRef, what: Derived, x: NodeId, c: &mut Composer<'_>) -> NodeId {
        c.push(ExprKind::Lookup(self.derive(curve, what), x))
    }
}
