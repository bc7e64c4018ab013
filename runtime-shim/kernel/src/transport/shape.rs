//! What kind of conveyor it is, and where its parts are.

use super::{CELLS, FLAGS, HEADER_WORDS, INFLOW_WORDS, LEAK_WORDS, LEN, MAX_LEAKS, N_INFLOWS, N_LEAKS, first_cell};

/// Flag: material comes in whole units.
pub const DISCRETE: u32 = 1;
/// Flag: leaks take a fraction of what is there in a unit of time, not of what came in.
pub const EXPONENTIAL: u32 = 2;
/// Flag: a leak does not find less for what others took in earlier zones.
pub const IGNORES_LOSSES: u32 = 4;

/// Sizes of a conveyor, and where its parts are.
pub(super) struct Shape {
    pub(super) leaks: usize,
    pub(super) inflows: usize,
    flags: u32,
    pub(super) cells: usize,
    pub(super) len: usize,
    /// First place of the contents.
    pub(super) contents: usize,
}

impl Shape {
    pub(super) fn new(conveyor: &[f64]) -> Self {
        Self {
            leaks: (conveyor[N_LEAKS] as usize).min(MAX_LEAKS),
            inflows: conveyor[N_INFLOWS] as usize,
            flags: conveyor[FLAGS] as u32,
            cells: conveyor[CELLS] as usize,
            len: conveyor[LEN] as usize,
            contents: first_cell(conveyor),
        }
    }

    pub(super) fn is(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// First place of what leaks leave: scratch space, which only a conveyor with leaks has.
    pub(super) fn left(&self) -> usize {
        self.contents + self.cells
    }

    pub(super) fn basis(&self, leak: usize) -> usize {
        self.contents + (2 + 2 * leak) * self.cells
    }

    pub(super) fn window(&self, leak: usize) -> usize {
        self.contents + (3 + 2 * leak) * self.cells
    }

    pub(super) fn inflow(&self, inflow: usize, which: usize) -> usize {
        HEADER_WORDS + LEAK_WORDS * self.leaks + INFLOW_WORDS * inflow + which
    }
}
