//! Graphical functions.

/// A graphical function: x ascending (equal x allowed: a jump), as many y, at least one point.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The variable it belongs to.
    pub name: String,
    /// What happens between and beyond the points.
    pub kind: TableKind,
    /// Points' x, finite, ascending.
    pub xs: Vec<f64>,
    /// Points' y.
    pub ys: Vec<f64>,
    /// Whether its points follow from those of other tables, so that they are not for a host to set.
    pub is_derived: bool,
}

/// XMILE 1.0, section 3.1.4: the kinds of graphical function. With i the last point with `x[i] <= x`:
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// `y[i] + (x - x[i])*((y[i+1] - y[i])/(x[i+1] - x[i]))`; first and last y outside.
    Continuous,
    /// The same, continued along the first and the last segment.
    Extrapolate,
    /// `y[i]`; first and last y outside.
    Discrete,
}
