//! Which elements subscripts name. Of a computed one that is known as well where it looks the position of a loop up in a table that no
//! host sets: the elements of a range that do not lie side by side in the dimension of what is read.

use crate::model::dimension::Extent;
use crate::model::expr::{ExprKind, ExprNode, TableRef};
use crate::model::index::{Base, Index, NodeId};
use crate::model::table::{Table, TableKind};

/// Into how many runs of neighbours the elements that are read may fall; more count as all of the dimension.
const MAX_RUNS: usize = 2048;

/// Positions of a dimension: the first and one past the last; nothing for all.
pub(crate) type Side = Option<(i64, i64)>;

/// What subscripts are read within.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings<'r> {
    /// The loops.
    pub(crate) loops: &'r [Extent],
    /// What the reducers run over.
    pub(crate) bounds: &'r [Extent],
    /// The nodes of the expression that reads, for computed subscripts.
    pub(crate) nodes: &'r [ExprNode],
    /// The model's tables.
    pub(crate) tables: &'r [Table],
}

impl Surroundings<'_> {
    /// The elements that subscripts may name, as boxes that do not overlap.
    pub(crate) fn boxes_of(&self, indices: &[Index]) -> Vec<Vec<Side>> {
        let mut boxes = vec![Vec::with_capacity(indices.len())];
        for &index in indices {
            let sides = self.sides_of(index).filter(|sides| sides.len() * boxes.len() <= MAX_RUNS);
            let Some(sides) = sides else {
                boxes.iter_mut().for_each(|of| of.push(None));
                continue;
            };
            let with = |of: &Vec<Side>, side: (i64, i64)| of.iter().copied().chain([Some(side)]).collect();
            boxes = boxes.iter().flat_map(|of| sides.iter().map(move |&side| with(of, side))).collect();
        }
        boxes
    }

    /// The runs of positions that a subscript may name, ascending; nothing where only the run of the model knows.
    pub(crate) fn sides_of(&self, index: Index) -> Option<Vec<(i64, i64)>> {
        match index {
            Index::Fixed(at) => Some(vec![(i64::from(at), i64::from(at) + 1)]),
            Index::Moving { base, offset } => self.moving(base, offset).map(|side| vec![side]),
            Index::Computed(node) => self.listed(node),
        }
    }

    fn moving(&self, base: Base, offset: i64) -> Option<(i64, i64)> {
        let extent = match base {
            Base::Loop(n) => self.loops.get(n as usize),
            Base::Bound(n) => self.bounds.get(n as usize),
        }?;
        let start = i64::from(extent.start) + offset;
        Some((start, start + i64::from(extent.len)))
    }

    /// The runs of positions that a table gives for those of a loop. Numbers of positions count from 1.
    fn listed(&self, NodeId(node): NodeId) -> Option<Vec<(i64, i64)>> {
        let ExprKind::Lookup(TableRef::One(table), NodeId(at)) = &self.nodes.get(node as usize)?.kind else {
            return None;
        };
        let table = self.tables.get(table.0 as usize)?;
        let ExprKind::Position(Index::Moving { base, offset }) = self.nodes.get(*at as usize)?.kind else {
            return None;
        };
        let (start, end) = self.moving(base, offset)?;
        let counts = (1..=table.xs.len()).zip(&table.xs).all(|(n, &x)| x == n as f64);
        if !table.is_derived || table.kind != TableKind::Discrete || !counts {
            return None;
        }
        let listed = table.ys.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)?;
        let mut positions: Vec<i64> = listed.iter().map(|number| number.floor() as i64 - 1).collect();
        positions.sort_unstable();
        positions.dedup();
        Some(positions.chunk_by(|a, b| a + 1 == *b).filter_map(|run| Some((*run.first()?, run.last()? + 1))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DimId, TableId};
    use crate::source::Span;

    /// `x[table(D!)]` over all positions of a range, in which these are the numbers of the elements.
    fn read(numbers: &[f64], is_derived: bool) -> Vec<Vec<Side>> {
        let xs = (1..=numbers.len()).map(|n| n as f64).collect();
        let (name, kind) = (String::new(), TableKind::Discrete);
        let tables = [Table { name, kind, xs, ys: numbers.to_vec(), is_derived }];
        let bounds = [Extent { dim: DimId(0), start: 0, len: numbers.len() as u32 }];
        let node = |kind| ExprNode { kind, span: Span::default() };
        let position = node(ExprKind::Position(Index::Moving { base: Base::Bound(0), offset: 0 }));
        let nodes = [position, node(ExprKind::Lookup(TableRef::One(TableId(0)), NodeId(0)))];
        let surroundings = Surroundings { loops: &[], bounds: &bounds, nodes: &nodes, tables: &tables };
        surroundings.boxes_of(&[Index::Fixed(3), Index::Computed(NodeId(1))])
    }

    #[test]
    fn the_elements_of_a_range_with_gaps_are_known() {
        let runs = |sides: &[(i64, i64)]| sides.iter().map(|&side| vec![Some((3, 4)), Some(side)]).collect::<Vec<_>>();
        assert_eq!(read(&[1.0, 3.0, 6.0], true), runs(&[(0, 1), (2, 3), (5, 6)]));
        assert_eq!(read(&[4.0, 2.0, 3.0, 9.0, 2.0], true), runs(&[(1, 4), (8, 9)]));
    }

    #[test]
    fn what_a_host_may_change_and_what_has_too_many_runs_is_all() {
        assert_eq!(read(&[1.0, 3.0], false), [[Some((3, 4)), None]]);
        let scattered: Vec<f64> = (0..=MAX_RUNS).map(|n| 2.0 * n as f64 + 1.0).collect();
        assert_eq!(read(&scattered, true), [[Some((3, 4)), None]]);
    }
}
