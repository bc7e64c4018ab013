//! Where the elements of arrays lie among all values, and the loops over them.

use std::ops::Range;

use simc_model::model::{Def, Extent, Model, State, StateId, Var, VarId};

/// The places of all elements of all variables, and of all combinations of all stateful calls, each row-major.
#[derive(Clone, Debug)]
pub(crate) struct Shapes {
    vars: Vec<Block>,
    states: Vec<Block>,
    /// How many elements all variables have; stand-alone tables have none.
    pub(crate) var_count: usize,
    /// How many combinations all stateful calls have.
    pub(crate) state_count: usize,
}

/// One array among others.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The place of its first element.
    pub(crate) first: usize,
    /// How many elements it has.
    pub(crate) count: usize,
    /// Lengths of its dimensions, outermost first.
    pub(crate) lens: Vec<u32>,
}

impl Shapes {
    /// Every array after the one before it. The elements must be few enough to be held in memory: see [`element_count`].
    pub(crate) fn new(model: &Model) -> Self {
        let (mut var_count, mut state_count) = (0, 0);
        let vars = model.vars.iter().map(|var| {
            let lens = var.dims.iter().map(|dim| model.dims[dim.0 as usize].elements.len() as u32).collect();
            Block::behind(&mut var_count, element_count(var, model), lens)
        });
        let vars = vars.collect();
        let states = model.states.iter().map(|state| {
            let lens = state.extents.iter().map(|extent| extent.len).collect();
            Block::behind(&mut state_count, combination_count(state), lens)
        });
        let states = states.collect();
        Self { vars, states, var_count, state_count }
    }

    /// The elements of a variable.
    pub(crate) fn var(&self, id: VarId) -> &Block {
        &self.vars[id.0 as usize]
    }

    /// The combinations of a stateful call.
    pub(crate) fn state(&self, id: StateId) -> &Block {
        &self.states[id.0 as usize]
    }
}

impl Block {
    fn behind(end: &mut usize, count: u64, lens: Vec<u32>) -> Self {
        let first = *end;
        let count = usize::try_from(count).expect("what fits into memory can be counted");
        *end += count;
        Self { first, count, lens }
    }

    /// The places of its elements.
    pub(crate) fn range(&self) -> Range<usize> {
        self.first..self.first + self.count
    }

    /// The place of the element at this position, which has a number for each dimension.
    pub(crate) fn at(&self, position: impl IntoIterator<Item = u32>) -> usize {
        self.first + row_major(&self.lens, position)
    }
}

/// How many values a variable has in a row: none when it is a stand-alone table.
pub(crate) fn element_count(var: &Var, model: &Model) -> u64 {
    match var.def {
        Def::Lookup(_) => 0,
        Def::Stock { .. } | Def::Formula(_) | Def::Constant(_) => {
            product(var.dims.iter().map(|dim| model.dims[dim.0 as usize].elements.len() as u64))
        }
    }
}

/// How many memories a stateful call has.
pub(crate) fn combination_count(state: &State) -> u64 {
    product(state.extents.iter().map(|extent| u64::from(extent.len)))
}

fn product(lens: impl Iterator<Item = u64>) -> u64 {
    lens.fold(1, u64::saturating_mul)
}

/// The place of a position in an array whose dimensions have these lengths; the last one runs fastest.
pub(crate) fn row_major(lens: &[u32], position: impl IntoIterator<Item = u32>) -> usize {
    lens.iter().zip(position).fold(0, |place, (&len, at)| place * len as usize + at as usize)
}

/// Every position of a box, row-major: one number for each extent, counted from 0 in its dimension. Without extents there is one
/// position, which has no number.
pub(crate) fn positions(extents: &[Extent]) -> impl Iterator<Item = Vec<u32>> + Clone {
    let first: Vec<u32> = extents.iter().map(|extent| extent.start).collect();
    std::iter::successors(Some(first), |position| next_position(extents, position))
}

/// The position after this one: the last number that is not at its end goes on, those after it start again.
fn next_position(extents: &[Extent], position: &[u32]) -> Option<Vec<u32>> {
    let moving = (0..extents.len()).rfind(|&n| position[n] + 1 < extents[n].start + extents[n].len)?;
    let mut next = position.to_vec();
    next[moving] += 1;
    for n in moving + 1..extents.len() {
        next[n] = extents[n].start;
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use simc_model::model::DimId;

    use super::*;

    fn extents(ranges: &[(u32, u32)]) -> Vec<Extent> {
        ranges.iter().map(|&(start, len)| Extent { dim: DimId(0), start, len }).collect()
    }

    #[test]
    fn positions_run_through_the_last_extent_first() {
        let all: Vec<_> = positions(&extents(&[(1, 2), (0, 1), (3, 3)])).collect();
        let expected = [[1, 0, 3], [1, 0, 4], [1, 0, 5], [2, 0, 3], [2, 0, 4], [2, 0, 5]];
        assert_eq!(all, expected);
    }

    #[test]
    fn scalar_has_one_position_without_numbers() {
        assert_eq!(positions(&[]).collect::<Vec<_>>(), [Vec::<u32>::new()]);
        assert_eq!(row_major(&[], []), 0);
    }

    #[test]
    fn places_count_rows_before_columns() {
        let places: Vec<_> =
            positions(&extents(&[(0, 2), (0, 3), (0, 2)])).map(|at| row_major(&[2, 3, 2], at)).collect();
        assert_eq!(places, (0..12).collect::<Vec<_>>());
    }
}
