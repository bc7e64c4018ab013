//! Where a read is while its subscripts are resolved one after the other.

use crate::model::DimId;
use crate::sema::builder::context::EquationContext;

/// How far the subscripts of a read have been looked at.
pub(super) struct Cursor {
    /// How often the dimension of each loop was mentioned.
    pub(super) mentions: Vec<usize>,
    /// The loops, those over the variable's own dimensions first.
    pub(super) order: Vec<usize>,
    /// How many earlier dimensions of what is read are the same as the present one.
    pub(super) n_same: usize,
    pub(super) is_broken: bool,
}

impl Cursor {
    /// The loop that a dimension's name means. Under two loops of D, `m[D, D]` means either in turn, and so do `m[D, *]` and
    /// `m[*, D]` where both dimensions of m are D.
    pub(super) fn next_loop(&mut self, place: &EquationContext<'_, '_>, dim: DimId) -> Option<usize> {
        let same: Vec<usize> = self.order.iter().copied().filter(|&n| place.loop_name(n) == dim).collect();
        let first = *same.first()?;
        let turn = self.n_same.max(self.mentions[first]).min(same.len() - 1);
        self.mentions[first] += 1;
        Some(same[turn])
    }
}
