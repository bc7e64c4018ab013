//! Who computes the elements of a target.

use std::collections::BTreeMap;

use simc_model::model::Extent;

use super::task::Along;

/// Tasks that compute elements of a target, found by what is read of it.
#[derive(Debug, Default)]
pub(super) struct Makers {
    /// Single elements, by their positions.
    singles: BTreeMap<Vec<u32>, usize>,
    /// The last nest that has a single element.
    last_single: usize,
    /// Tasks with loops: by the dimensions in which they have one position, and by these positions.
    looped: BTreeMap<Vec<bool>, BTreeMap<Vec<u32>, Vec<usize>>>,
    /// The last nest that has a task with loops, and all such tasks in it.
    last_looped: Option<(usize, Vec<usize>)>,
}

impl Makers {
    /// Adds a task over a region, in a nest.
    pub(super) fn add(&mut self, task: usize, region: &[Extent], nest: usize) {
        let is_fixed: Vec<bool> = region.iter().map(|extent| extent.len == 1).collect();
        let fixed = region.iter().filter(|extent| extent.len == 1).map(|extent| extent.start).collect();
        if !is_fixed.contains(&false) {
            self.singles.insert(fixed, task);
            self.last_single = self.last_single.max(nest);
            return;
        }
        self.looped.entry(is_fixed).or_default().entry(fixed).or_default().push(task);
        match &mut self.last_looped {
            Some((last, tasks)) if *last == nest => tasks.push(task),
            Some((last, _)) if *last > nest => {}
            last => *last = Some((nest, vec![task])),
        }
    }

    /// The task of the single element at these positions.
    pub(super) fn single(&self, positions: &[u32]) -> Option<usize> {
        self.singles.get(positions).copied()
    }

    /// The last nest that has a single element; none when there is no such element.
    pub(super) fn last_single(&self) -> Option<usize> {
        (!self.singles.is_empty()).then_some(self.last_single)
    }

    /// The last nest that has a task with loops, and all such tasks in it.
    pub(super) fn last_looped(&self) -> Option<(usize, &[usize])> {
        self.last_looped.as_ref().map(|(nest, tasks)| (*nest, tasks.as_slice()))
    }

    /// The tasks with loops whose elements may be read, and perhaps others.
    pub(super) fn looped<'m>(&'m self, along: &'m [Along]) -> impl Iterator<Item = usize> + 'm {
        self.looped.iter().flat_map(move |(is_fixed, tasks)| {
            let of_fixed = along.iter().zip(is_fixed).filter(|(_, is_fixed)| **is_fixed);
            let at: Option<Vec<u32>> =
                of_fixed.map(|(along, _)| if let Along::At(at) = *along { Some(at) } else { None }).collect();
            // What is read at a position of each such dimension is computed by the tasks there.
            let found = at.as_ref().map(|at| tasks.get(at).into_iter().flatten());
            let all = at.is_none().then(|| tasks.values().flatten());
            found.into_iter().flatten().chain(all.into_iter().flatten()).copied()
        })
    }
}

#[cfg(test)]
mod tests;
