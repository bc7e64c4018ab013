//! Lookup tables: functions given by points, with straight lines or steps between them.
//!
//! A table is one block of f64s, the same in every engine and in an artifact's memory. With `n` points:
//!
//! ```text
//! word 0            segments per unit of x: (n-1) / (last x - first x), or 0 when that is no finite number
//! 1 + 3i            x of point i; ascending, equal neighbours allowed
//! 2 + 3i            y of point i
//! 3 + 3i            slope of the segment that begins at point i; 0 where it has no width, at the last point, and in a discrete table
//! ```
//!
//! What a lookup needs of a segment lies side by side, so that finding the segment is all the work.
//!
//! Where several points share one x, the last of them counts at exactly that x. At an infinite x the formulas below are taken
//! literally, so that a horizontal end segment that is continued gives NaN there.

/// What happens between and beyond the points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `y[i] + (x - x[i]) * slope[i]` between the points, the first or last y beyond them.
    Continuous,
    /// As continuous between the points; the first and the last segment go on beyond them. A segment without width goes on
    /// horizontally at the outermost y.
    Extrapolate,
    /// The y of the last point that is not right of x; the first y left of all points.
    Discrete,
}

/// How the segment that holds x is found. All find the same one in any ascending table; they differ in speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Search {
    /// Computes the segment as if x were evenly spaced, then walks to the right one.
    Even,
    /// Compares one point after the other.
    Linear,
    /// Halves.
    Binary,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 3] = [Kind::Continuous, Kind::Extrapolate, Kind::Discrete];

    /// The word for it, as XMILE and the IR's text have it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Continuous => "continuous",
            Kind::Extrapolate => "extrapolate",
            Kind::Discrete => "discrete",
        }
    }
}

impl Search {
    /// All searches.
    pub const ALL: [Search; 3] = [Search::Even, Search::Linear, Search::Binary];

    /// The name in the IR's text.
    pub fn name(self) -> &'static str {
        match self {
            Search::Even => "even",
            Search::Linear => "linear",
            Search::Binary => "binary",
        }
    }
}

/// Up to this many points a linear search is about as fast as a binary one or faster: they meet near 28 points in native code and in
/// an interpreter of wasm, and between 45 and 85 in an engine that compiles wasm (`benches/search.rs` measures the former).
pub const LINEAR_POINTS: usize = 32;

/// How far a point may be from where even spacing puts it, in segments: the even search is then at most one segment off.
const EVEN_TOLERANCE: f64 = 0.25;

/// A table whose block lies in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Table<'a> {
    pub(crate) kind: Kind,
    pub(crate) search: Search,
    /// Word 0 of the block.
    pub(crate) inverse_step: f64,
    pub(crate) points: &'a [Point],
}

/// A point of a block: x, y, and the slope of the segment that begins here.
pub(crate) type Point = [f64; 3];

/// Name of the export of `kernel.wasm` that evaluates tables of this kind in this way. It takes the address of the block, the
/// number of points and x.
pub fn export(kind: Kind, search: Search) -> &'static str {
    match (kind, search) {
        (Kind::Continuous, Search::Even) => "simc_lookup_continuous_even",
        (Kind::Continuous, Search::Linear) => "simc_lookup_continuous_linear",
        (Kind::Continuous, Search::Binary) => "simc_lookup_continuous_binary",
        (Kind::Extrapolate, Search::Even) => "simc_lookup_extrapolate_even",
        (Kind::Extrapolate, Search::Linear) => "simc_lookup_extrapolate_linear",
        (Kind::Extrapolate, Search::Binary) => "simc_lookup_extrapolate_binary",
        (Kind::Discrete, Search::Even) => "simc_lookup_discrete_even",
        (Kind::Discrete, Search::Linear) => "simc_lookup_discrete_linear",
        (Kind::Discrete, Search::Binary) => "simc_lookup_discrete_binary",
    }
}

/// The fastest search for these x, ascending.
pub fn choose_search(xs: &[f64]) -> Search {
    if xs.len() > 3 && is_even(xs) {
        Search::Even
    } else if xs.len() <= LINEAR_POINTS {
        Search::Linear
    } else {
        Search::Binary
    }
}

/// Words in the block of a table of `n` points.
pub fn block_len(n: usize) -> usize {
    1 + 3 * n
}

/// Writes the block of the table with the points `xs`, `ys`.
///
/// # Panics
/// When the lengths do not fit: `ys` as long as `xs`, `block` as [`block_len`] says.
pub fn encode_block(kind: Kind, xs: &[f64], ys: &[f64], block: &mut [f64]) {
    let n = xs.len();
    assert!(ys.len() == n && block.len() == block_len(n), "a table's block has the length of its points");
    let (header, places) = block.split_at_mut(1);
    let places = places.as_chunks_mut().0;
    for ((place, &x), &y) in places.iter_mut().zip(xs).zip(ys) {
        (place[0], place[1]) = (x, y);
    }
    header[0] = complete(kind, places);
}

/// Whether points can be those of a table: there is one, all numbers are finite, and x ascends (equal neighbours are a jump).
pub fn are_points(points: &[[f64; 2]]) -> bool {
    let mut last = f64::NEG_INFINITY;
    for &[x, y] in points {
        if !(x >= last && x.is_finite() && y.is_finite()) {
            return false;
        }
        last = x;
    }
    !points.is_empty()
}

/// As [`encode_block`], for points that lie as pairs of x and y.
///
/// # Panics
/// When `block` is not as long as [`block_len`] says.
pub fn encode_points(kind: Kind, points: &[[f64; 2]], block: &mut [f64]) {
    assert!(block.len() == block_len(points.len()), "a table's block has the length of its points");
    let (header, places) = block.split_at_mut(1);
    let places = places.as_chunks_mut().0;
    for (place, point) in places.iter_mut().zip(points) {
        (place[0], place[1]) = (point[0], point[1]);
    }
    header[0] = complete(kind, places);
}

/// Fills in the slopes of points that have their x and y; gives the segments per unit of x.
#[inline(always)]
fn complete(kind: Kind, places: &mut [Point]) -> f64 {
    let has_slopes = match kind {
        Kind::Continuous | Kind::Extrapolate => true,
        Kind::Discrete => false,
    };
    let mut next = None;
    for [x, y, slope] in places.iter_mut().rev() {
        *slope = match next {
            Some((next_x, next_y)) if has_slopes && *x < next_x => (next_y - *y) / (next_x - *x),
            _ => 0.0,
        };
        next = Some((*x, *y));
    }
    match &*places {
        [first, .., last] => segments_per_unit(places.len() - 1, last[0] - first[0]),
        _ => 0.0,
    }
}

impl<'a> Table<'a> {
    /// The table whose block is `block`.
    ///
    /// # Panics
    /// When `block` is not as long as a block can be.
    pub fn new(kind: Kind, search: Search, block: &'a [f64]) -> Self {
        let points = block.get(1..).map(<[f64]>::as_chunks);
        let Some((points, [])) = points else { panic!("a table's block has the length of its points") };
        let inverse_step = block[0];
        Self { kind, search, inverse_step, points }
    }

    /// The value at `x`: canonical NaN when x is NaN or the table has no point.
    #[inline(always)]
    pub fn eval(&self, x: f64) -> f64 {
        let (&[first, ..], &[.., last]) = (self.points, self.points) else { return f64::NAN };
        if x < first[0] {
            self.before(first, x)
        } else if x < last[0] {
            let point = self.segment(first[0], x);
            match self.kind {
                Kind::Continuous | Kind::Extrapolate => line(point, x),
                Kind::Discrete => point[1],
            }
        } else if x >= last[0] {
            self.after(last, x)
        } else {
            f64::NAN
        }
    }

    /// The value left of all points.
    #[inline(always)]
    fn before(&self, first: Point, x: f64) -> f64 {
        match (self.kind, self.points) {
            (Kind::Extrapolate, &[_, second, ..]) if first[0] < second[0] => line(first, x),
            (Kind::Continuous | Kind::Extrapolate | Kind::Discrete, _) => first[1],
        }
    }

    /// The value at the last point or right of it.
    #[inline(always)]
    fn after(&self, last: Point, x: f64) -> f64 {
        match (self.kind, self.points) {
            (Kind::Extrapolate, &[.., point, _]) if x > last[0] && point[0] < last[0] => line(point, x),
            (Kind::Continuous | Kind::Extrapolate | Kind::Discrete, _) => last[1],
        }
    }

    /// The last point that is not right of `x`, which lies at or right of the first point and left of the last.
    #[inline(always)]
    fn segment(&self, first_x: f64, x: f64) -> Point {
        let is_left = |point: &Point| point[0] <= x;
        let i = match self.search {
            Search::Even => return self.segment_even(first_x, x),
            Search::Linear => self.points[1..].iter().take_while(|&point| is_left(point)).count(),
            Search::Binary => self.points[1..].partition_point(is_left),
        };
        self.points[i]
    }

    /// The guess is the segment itself or, seldom, a neighbour; both walks end inside the table, because the first point is not
    /// right of `x` and the last one is.
    #[inline(always)]
    fn segment_even(&self, first_x: f64, x: f64) -> Point {
        let guess = ((x - first_x) * self.inverse_step) as i32 as usize;
        let mut i = guess.min(self.points.len() - 2);
        loop {
            let point = self.points[i];
            if point[0] > x {
                i -= 1;
            } else if self.points[i + 1][0] <= x {
                i += 1;
            } else {
                return point;
            }
        }
    }
}

/// The straight line that begins at a point.
#[inline(always)]
fn line([from, y, slope]: Point, x: f64) -> f64 {
    y + (x - from) * slope
}

/// Whether an even search in `xs` needs at most one correction.
fn is_even(xs: &[f64]) -> bool {
    let inverse_step = inverse_step(xs);
    inverse_step > 0.0
        && xs.iter().enumerate().all(|(i, &x)| libm::fabs((x - xs[0]) * inverse_step - i as f64) <= EVEN_TOLERANCE)
}

fn inverse_step(xs: &[f64]) -> f64 {
    let (&[first, ..], &[.., last]) = (xs, xs) else { return 0.0 };
    segments_per_unit(xs.len() - 1, last - first)
}

fn segments_per_unit(segments: usize, width: f64) -> f64 {
    let inverse = segments as f64 / width;
    if inverse.is_finite() { inverse } else { 0.0 }
}

#[cfg(test)]
mod tests;
