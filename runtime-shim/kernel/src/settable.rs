//! Constants that a host sets through slots of a row, wherever these are.
//!
//! What can be set is listed in runs of slots, ascending. Each slot of a run has a number of its own in memory and a mark, a byte that is 1
//! when a host has set the number; both lie side by side in the order of the run.
//!
//! ```text
//! Settables   address and number of the runs, address of the numbers, address of the marks: four u32s; place for one number
//! Run         first slot, how many, which number belongs to the first, whether they count at the start alone: four u32s
//! ```

/// Bytes of [`Settables`], and of a number after it on its way to a single slot.
pub const SETTABLES_BYTES: u32 = 24;
/// Where that number is, from the address of [`Settables`] on.
pub const NUMBER_OFFSET: u32 = 16;
/// Bytes of a [`Run`].
pub const RUN_BYTES: u32 = 16;

/// Where everything lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Settables {
    /// Address of the runs.
    pub runs: u32,
    /// How many there are.
    pub n_runs: u32,
    /// Address of the numbers.
    pub values: u32,
    /// Address of the marks.
    pub marks: u32,
}

/// Slots that follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Run {
    /// The first.
    pub first_slot: u32,
    /// How many.
    pub n: u32,
    /// Which number belongs to the first.
    pub first_value: u32,
    /// 1 when the numbers are values at the start of what the slots show: a run that has started no longer shows them. Else 0.
    pub at_start: u32,
}

impl Settables {
    /// As it lies in memory.
    pub fn words(&self) -> [u32; 4] {
        [self.runs, self.n_runs, self.values, self.marks]
    }
}

impl Run {
    /// As it lies in memory.
    pub fn words(&self) -> [u32; 4] {
        [self.first_slot, self.n, self.first_value, self.at_start]
    }

    /// The slot after the last one.
    fn end(&self) -> u32 {
        self.first_slot.wrapping_add(self.n)
    }

    /// Whether a slot is in it.
    pub fn has(&self, slot: u32) -> bool {
        slot.wrapping_sub(self.first_slot) < self.n
    }
}

/// The position of the run that a slot is in.
#[inline(always)]
pub fn run_of(runs: &[Run], slot: u32) -> Option<usize> {
    let behind = runs.partition_point(|run| run.first_slot <= slot);
    behind.checked_sub(1).filter(|&at| runs.get(at).is_some_and(|run| run.has(slot)))
}

/// The position of the run that the first of that many slots is in, if there is at least one and all are in runs.
#[inline(always)]
pub fn cover(runs: &[Run], first: u32, n: u32) -> Option<usize> {
    let (at, end) = (run_of(runs, first)?, first.checked_add(n)?);
    let mut covered = first;
    for run in runs.get(at..)? {
        if covered >= end || !run.has(covered) {
            break;
        }
        covered = run.end();
    }
    (n > 0 && covered >= end).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_covered_by_runs_without_a_gap() {
        let run = |first_slot, n| Run { first_slot, n, first_value: 0, at_start: 0 };
        let runs = [run(4, 2), run(6, 1), run(9, 3)];
        let all = |slot: u32| (4..7).contains(&slot) || (9..12).contains(&slot);
        for first in 0..14 {
            assert_eq!(run_of(&runs, first).is_some(), all(first), "{first}");
            for n in 0..14 {
                let covered =
                    (n > 0 && (first..first + n).all(all)).then(|| run_of(&runs, first).expect("it is covered"));
                assert_eq!(cover(&runs, first, n), covered, "{first} {n}");
            }
        }
        assert_eq!([cover(&runs, 4, u32::MAX), cover(&runs, u32::MAX, 2), cover(&[], 0, 1)], [None; 3]);
    }
}
