//! What is asked of the points of a graphical function: slopes, and the data between two times.
//! Each answer reads tables that are derived from the points when the model is compiled, so that a
//! step takes the same time however many points there are.

use crate::builtin::{DataFn, MISSING};
use crate::diagnostic::code;
use crate::model::{BinaryOp, ExprKind, NodeId, PureFn, TableRef, UnaryOp};
use crate::sema::base::derived_table::Derived;
use crate::sema::base::points::Points;
use crate::sema::equation::composed::Composer;
use crate::sema::equation::resolver::Resolver;
use crate::source::Span;

/// How many points may be searched for the least or the greatest between two times: the table for
/// it has as many rows as there are powers of 2 up to this number.
const MAX_POINTS: usize = 1 << 16;

impl Resolver<'_, '_, '_> {
    /// The slope of a curve at x: of the segment around x, at a point the mean of those on its
    /// sides, of an end the only one; `:NA:` where several points have this x. Beyond the ends 0,
    /// or the nearest slope for a mode above 0, or `:NA:` for one below.
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

    /// What is asked of data; `args` are those after the data.
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
                let first = self.push_meant(data, first, c);
                let point = self.push_read(data, Derived::PointBefore, first, c);
                let value = self.push_read(data, Derived::Backward, first, c);
                let is_point = c.binary(BinaryOp::Eq, point, first);
                c.choose(is_point, value, missing)
            }
            DataFn::BetweenTimes => {
                let first = self.push_meant(data, first, c);
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
            DataFn::Cumulated => {
                let time = c.push(ExprKind::Time);
                self.push_read(data, Derived::Points(Points::Cumulated), time, c)
            }
            DataFn::Total => {
                let last = self.push_read(data, Derived::LastX, missing, c);
                self.push_read(data, Derived::Points(Points::Cumulated), last, c)
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
        let (from, to) = (self.push_meant(data, from, c), self.push_meant(data, to, c));
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
            DataFn::AtTime
            | DataFn::BetweenTimes
            | DataFn::FirstTime
            | DataFn::LastTime
            | DataFn::Count
            | DataFn::Mean
            | DataFn::Cumulated
            | DataFn::Total
            | DataFn::Shifted => None,
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

    /// The time of the point that a time is meant to be, or else the time itself.
    fn push_meant(&mut self, data: &TableRef, time: NodeId, c: &mut Composer<'_>) -> NodeId {
        let missing = c.number(MISSING);
        let meant = self.push_read(data, Derived::Points(Points::Meant), time, c);
        let is_point = c.binary(BinaryOp::Gt, meant, missing);
        c.choose(is_point, meant, time)
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
