//! A vector as the points of a graphical function, at equal distances.

/// The points, and where they are.
struct Curve<'a> {
    ys: &'a [f64],
    first: f64,
    /// The distance between two of them.
    step: f64,
}

/// What a graphical function says at x. Its points have the y `ys`, and x from `first` to `last` at equal distances; there is one at
/// least.
///
/// | mode | gives |
/// |---|---|
/// | 0 | y on the line between two points; beyond the ends the y of the end |
/// | 1 | the area from the first point to x, negative left of it; beyond the ends the y of the end goes on |
/// | 2 | the y of the last point that is not right of x; left of all of them the first y |
/// | 3 | as 0; beyond the ends the lines go on |
/// | 4 | the y of the first point that is not left of x; right of all of them the last y |
/// | 5 | the first x at which the line is at the y that is given as x; beyond all y the first x of the nearest one |
/// | 6 | the slope; at a point the mean of those on its sides, at an end the only one; 0 beyond the ends |
/// | 7 | as 1; beyond the ends the lines go on |
/// | 8 | as 5; beyond all y where the first line, going on to the left, or else the last one, to the right, is at it |
/// | 9 | as 6; beyond the ends the slope of the nearest line |
///
/// The mode is rounded down; any other gives NaN. A single point is a line without a slope.
pub fn evaluate(ys: &[f64], x: f64, [first, last]: [f64; 2], mode: f64) -> f64 {
    if x.is_nan() || first.is_nan() || last.is_nan() {
        return f64::NAN;
    }
    let n_segments = ys.len() - 1;
    let step = if n_segments > 0 { (last - first) / n_segments as f64 } else { 0.0 };
    let curve = Curve { ys, first, step };
    let mode = libm::floor(mode);
    let is = |of: f64| mode == of;
    if is(5.0) || is(8.0) {
        return curve.inverse(x, is(8.0));
    }
    // How many steps x is after the first point.
    let place = if step == 0.0 { 0.0 } else { (x - first) / step };
    if is(0.0) {
        curve.y(within(place, n_segments), n_segments)
    } else if is(1.0) || is(7.0) {
        curve.area(place, is(7.0))
    } else if is(2.0) {
        ys[libm::floor(within(place, n_segments)) as usize]
    } else if is(3.0) {
        curve.y(place, n_segments)
    } else if is(4.0) {
        ys[libm::ceil(within(place, n_segments)) as usize]
    } else if is(6.0) || is(9.0) {
        curve.slope(place, is(9.0))
    } else {
        f64::NAN
    }
}

/// A place that is on the curve.
fn within(place: f64, n_segments: usize) -> f64 {
    let end = n_segments as f64;
    if place < 0.0 {
        0.0
    } else if place > end {
        end
    } else {
        place
    }
}

impl Curve<'_> {
    /// The segment that a place is on, or next to.
    fn segment(&self, place: f64) -> usize {
        let last = self.ys.len().saturating_sub(2);
        if place > 0.0 { (libm::floor(place) as usize).min(last) } else { 0 }
    }

    /// By how much y rises along a segment.
    fn rise(&self, segment: usize) -> f64 {
        self.ys.get(segment + 1).map_or(0.0, |next| next - self.ys[segment])
    }

    /// y at a place, on the line of the nearest segment.
    fn y(&self, place: f64, n_segments: usize) -> f64 {
        if place == n_segments as f64 {
            return self.ys[n_segments];
        }
        let segment = self.segment(place);
        self.ys[segment] + self.rise(segment) * (place - segment as f64)
    }

    /// The area from the first point to a place.
    fn area(&self, place: f64, goes_on: bool) -> f64 {
        let n_segments = self.ys.len() - 1;
        let end = within(place, n_segments);
        let whole = libm::floor(end) as usize;
        let mut sum = 0.0;
        for segment in 0..whole {
            sum += (self.ys[segment] + self.ys[segment + 1]) * 0.5;
        }
        let part = end - whole as f64;
        if part > 0.0 {
            sum += (self.ys[whole] + self.y(end, n_segments)) * 0.5 * part;
        }
        if place != end {
            let edge = self.ys[if place < 0.0 { 0 } else { n_segments }];
            let outer = if goes_on { self.y(place, n_segments) } else { edge };
            sum += (edge + outer) * 0.5 * (place - end);
        }
        sum * self.step
    }

    fn slope(&self, place: f64, goes_on: bool) -> f64 {
        let n_segments = self.ys.len() - 1;
        let is_outside = place < 0.0 || place > n_segments as f64;
        if self.step == 0.0 || is_outside && !goes_on {
            return 0.0;
        }
        let segment = self.segment(place);
        let is_inner_point = segment > 0 && place == segment as f64;
        let rise = self.rise(segment);
        let rise = if is_inner_point { (self.rise(segment - 1) + rise) * 0.5 } else { rise };
        rise / self.step
    }

    /// The first x at which y is what is asked for.
    fn inverse(&self, y: f64, goes_on: bool) -> f64 {
        let x_at = |place: f64| self.first + place * self.step;
        let mut nearest = 0;
        for (at, &here) in self.ys.iter().enumerate() {
            if here == y {
                return x_at(at as f64);
            }
            if (y - here).abs() < (y - self.ys[nearest]).abs() {
                nearest = at;
            }
            let Some(&next) = self.ys.get(at + 1) else { break };
            if here < y && y < next || next < y && y < here {
                return x_at(at as f64 + (y - here) / (next - here));
            }
        }
        if goes_on {
            let n_segments = self.ys.len() - 1;
            let last = self.segment(n_segments as f64);
            let meet = |segment: usize| segment as f64 + (y - self.ys[segment]) / self.rise(segment);
            let (left, right) = (meet(0), meet(last));
            if left < 0.0 && left.is_finite() {
                return x_at(left);
            }
            if right > n_segments as f64 && right.is_finite() {
                return x_at(right);
            }
        }
        x_at(nearest as f64)
    }
}
