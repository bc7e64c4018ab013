//! Which of many regions meet another one, without a look at each.

use std::collections::BTreeMap;

use crate::model::Extent;
use crate::model::listed::Side;

/// A region with its number.
type Numbered<'r> = (u32, &'r [Extent]);

/// Regions of one array by their numbers.
///
/// Along the first dimension regions with the same extent are one; a tree over these knows where the last of any number of them
/// ends. After each stand its regions by the other dimensions. A search takes time in proportion to what it finds, times the
/// logarithm of what there is.
#[derive(Debug)]
pub(in crate::sema) enum RegionIndex {
    /// No dimension is left: the regions.
    Found(Vec<u32>),
    /// A dimension.
    Axis {
        /// Different extents along the dimension, by their starts: start and end.
        extents: Vec<(u32, u32)>,
        /// The last end among the extents below each node of a complete binary tree; its leaves, the extents, come last.
        ends: Vec<u32>,
        /// The regions of each extent.
        inner: Vec<RegionIndex>,
    },
}

impl RegionIndex {
    /// Of regions that are numbered from 0. All have the same dimensions, of which there are few.
    pub(in crate::sema) fn new<'r>(regions: impl IntoIterator<Item = &'r [Extent]>) -> Self {
        Self::of((0..).zip(regions).collect())
    }

    fn of(regions: Vec<Numbered<'_>>) -> Self {
        if regions.first().is_none_or(|(_, region)| region.is_empty()) {
            return Self::Found(regions.into_iter().map(|(number, _)| number).collect());
        }
        let mut groups: BTreeMap<(u32, u32), Vec<Numbered<'_>>> = BTreeMap::new();
        for (number, region) in regions {
            if let Some((first, rest)) = region.split_first() {
                groups.entry((first.start, first.start + first.len)).or_default().push((number, rest));
            }
        }
        let extents: Vec<(u32, u32)> = groups.keys().copied().collect();
        let n_leaves = extents.len().next_power_of_two();
        let mut ends = vec![0; 2 * n_leaves];
        for (leaf, &(_, end)) in extents.iter().enumerate() {
            ends[n_leaves + leaf] = end;
        }
        for node in (1..n_leaves).rev() {
            ends[node] = ends[2 * node].max(ends[2 * node + 1]);
        }
        Self::Axis { extents, ends, inner: groups.into_values().map(Self::of).collect() }
    }

    /// The numbers of the regions that have an element within these sides, ascending.
    pub(in crate::sema) fn meeting(&self, sides: &[Side]) -> Vec<u32> {
        let mut found = Vec::new();
        self.add_meeting(sides, &mut found);
        found.sort_unstable();
        found
    }

    /// Goes down one dimension with each call.
    fn add_meeting(&self, sides: &[Side], found: &mut Vec<u32>) {
        let (extents, ends, inner) = match self {
            Self::Found(numbers) => return found.extend(numbers),
            Self::Axis { extents, ends, inner } => (extents, ends, inner),
        };
        let (side, rest) = sides.split_first().map_or((None, sides), |(side, rest)| (*side, rest));
        let Some((first, last)) = side else {
            return inner.iter().for_each(|inner| inner.add_meeting(rest, found));
        };
        let n_before = extents.partition_point(|&(start, _)| i64::from(start) < last);
        let n_leaves = ends.len() / 2;
        // A node of the tree with the first of its leaves and how many there are.
        let mut open = vec![(1, 0, n_leaves)];
        while let Some((node, leaf, n)) = open.pop() {
            if leaf >= n_before || i64::from(ends[node]) <= first {
                continue;
            }
            if n == 1 {
                inner[leaf].add_meeting(rest, found);
            } else {
                open.extend([(2 * node, leaf, n / 2), (2 * node + 1, leaf + n / 2, n / 2)]);
            }
        }
    }
}

/// The sides of a region.
pub(in crate::sema) fn sides_of(region: &[Extent]) -> Vec<Side> {
    let side = |extent: &Extent| Some((i64::from(extent.start), i64::from(extent.start) + i64::from(extent.len)));
    region.iter().map(side).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DimId;

    fn region(sides: &[(u32, u32)]) -> Vec<Extent> {
        sides.iter().map(|&(start, len)| Extent { dim: DimId(0), start, len }).collect()
    }

    fn meets(sides: &[Side], region: &[Extent]) -> bool {
        sides.iter().zip(region).all(|(side, extent)| {
            let (start, end) = (i64::from(extent.start), i64::from(extent.start + extent.len));
            side.is_none_or(|(first, last)| first < end && start < last)
        })
    }

    #[test]
    fn finds_what_a_look_at_each_region_finds() {
        let mut state = 7_u32;
        let mut draw = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        for rank in 0..4 {
            for n in [0, 1, 2, 3, 9, 40] {
                let regions: Vec<Vec<Extent>> =
                    (0..n).map(|_| region(&(0..rank).map(|_| (draw(12), 1 + draw(6))).collect::<Vec<_>>())).collect();
                let index = RegionIndex::new(regions.iter().map(Vec::as_slice));
                for _ in 0..40 {
                    let side = |low: i64, len: i64, all: bool| (!all).then_some((low - 2, low - 2 + len));
                    let sides: Vec<Side> =
                        (0..rank).map(|_| side(i64::from(draw(16)), 1 + i64::from(draw(5)), draw(4) == 0)).collect();
                    let expected: Vec<u32> = (0..n).filter(|&at| meets(&sides, &regions[at as usize])).collect();
                    assert_eq!(index.meeting(&sides), expected, "{sides:?} among {regions:?}");
                }
            }
        }
    }
}
