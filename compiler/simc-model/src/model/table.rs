//! Graphical functions.

pub use kernel::lookup::Kind as TableKind;

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
