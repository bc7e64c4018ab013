//! Lookup tables: functions given by points, with straight lines or steps between them.
//!
//! A table is one block of f64s, the same in every engine and in an artifact's memory. With `n` points:
//!
//! ```text
//! word 0            segments per unit of x: (n-1) / (last x - first x), or 0 when that is no finite number
//! 1 .. 1+n          x, ascending, equal neighbours allowed
//! 1+n .. 1+2n       y
//! 1+2n .. 1+3n      slope of the segment that begins at the point; 0 where the segment has no width and at the last point.
//!                   Absent from a discrete table
//! ```
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
    pub(crate) xs: &'a [f64],
    /// As many as `xs`.
    pub(crate) ys: &'a [f64],
    /// As many as `xs`; empty when discrete.
    pub(crate) slopes: &'a [f64],
}

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
pub fn block_len(kind: Kind, n: usize) -> usize {
    1 + columns(kind) * n
}

/// Writes the block of the table with the points `xs`, `ys`.
///
/// # Panics
/// When the lengths do not fit: `ys` as long as `xs`, `block` as [`block_len`] says.
pub fn encode_block(kind: Kind, xs: &[f64], ys: &[f64], block: &mut [f64]) {
    let n = xs.len();
    assert!(ys.len() == n && block.len() == block_len(kind, n), "a table's block has the length of its points");
    let (header, columns) = block.split_at_mut(1);
    header[0] = inverse_step(xs);
    columns[..n].copy_from_slice(xs);
    columns[n..2 * n].copy_from_slice(ys);
    for (i, slope) in columns[2 * n..].iter_mut().enumerate() {
        *slope = if i + 1 < n && xs[i] < xs[i + 1] { (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]) } else { 0.0 };
    }
}

impl<'a> Table<'a> {
    /// The table whose block is `block`.
    ///
    /// # Panics
    /// When `block` is not as long as a block can be.
    pub fn new(kind: Kind, search: Search, block: &'a [f64]) -> Self {
        let n = block.len().saturating_sub(1) / columns(kind);
        assert!(block.len() == block_len(kind, n), "a table's block has the length of its points");
        let (header, rest) = block.split_at(1);
        let (xs, rest) = rest.split_at(n);
        let (ys, slopes) = rest.split_at(n);
        Self { kind, search, inverse_step: header[0], xs, ys, slopes }
    }

    /// The value at `x`: canonical NaN when x is NaN or the table has no point.
    #[inline(always)]
    pub fn eval(&self, x: f64) -> f64 {
        let (&[first_x, ..], &[.., last_x]) = (self.xs, self.xs) else { return f64::NAN };
        if x < first_x {
            self.before(x)
        } else if x < last_x {
            let i = self.segment(x);
            match self.kind {
                Kind::Continuous | Kind::Extrapolate => self.line(i, x),
                Kind::Discrete => self.ys[i],
            }
        } else if x >= last_x {
            self.after(x)
        } else {
            f64::NAN
        }
    }

    /// The value left of all points.
    #[inline(always)]
    fn before(&self, x: f64) -> f64 {
        match self.kind {
            Kind::Extrapolate if self.has_width(0) => self.line(0, x),
            Kind::Continuous | Kind::Extrapolate | Kind::Discrete => self.ys[0],
        }
    }

    /// The value at the last point or right of it.
    #[inline(always)]
    fn after(&self, x: f64) -> f64 {
        let last = self.xs.len() - 1;
        match self.kind {
            Kind::Extrapolate if x > self.xs[last] && last > 0 && self.has_width(last - 1) => self.line(last - 1, x),
            Kind::Continuous | Kind::Extrapolate | Kind::Discrete => self.ys[last],
        }
    }

    /// Whether a segment begins at point `i` and has a width.
    #[inline(always)]
    fn has_width(&self, i: usize) -> bool {
        i + 1 < self.xs.len() && self.xs[i] < self.xs[i + 1]
    }

    /// The straight line through point `i`.
    #[inline(always)]
    fn line(&self, i: usize, x: f64) -> f64 {
        self.ys[i] + (x - self.xs[i]) * self.slopes[i]
    }

    /// The last point that is not right of `x`, which lies at or right of the first point and left of the last.
    #[inline(always)]
    fn segment(&self, x: f64) -> usize {
        match self.search {
            Search::Even => self.segment_even(x),
            Search::Linear => self.xs[1..].iter().take_while(|&&knot| knot <= x).count(),
            Search::Binary => self.xs[1..].partition_point(|&knot| knot <= x),
        }
    }

    /// Both walks end inside the table, because the first point is not right of `x` and the last one is.
    #[inline(always)]
    fn segment_even(&self, x: f64) -> usize {
        let guess = ((x - self.xs[0]) * self.inverse_step) as usize;
        let mut i = guess.min(self.xs.len() - 2);
        while self.xs[i] > x {
            i -= 1;
        }
        while self.xs[i + 1] <= x {
            i += 1;
        }
        i
    }
}

/// Words for each point.
fn columns(kind: Kind) -> usize {
    match kind {
        Kind::Continuous | Kind::Extrapolate => 3,
        Kind::Discrete => 2,
    }
}

/// Whether an even search in `xs` needs at most one correction.
fn is_even(xs: &[f64]) -> bool {
    let inverse_step = inverse_step(xs);
    inverse_step > 0.0
        && xs.iter().enumerate().all(|(i, &x)| libm::fabs((x - xs[0]) * inverse_step - i as f64) <= EVEN_TOLERANCE)
}

fn inverse_step(xs: &[f64]) -> f64 {
    let (&[first, ..], &[.., last]) = (xs, xs) else { return 0.0 };
    let inverse = (xs.len() - 1) as f64 / (last - first);
    if inverse.is_finite() { inverse } else { 0.0 }
}

#[cfg(test)]
mod tests;
