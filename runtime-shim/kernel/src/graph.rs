//! Graphical functions whose points a host may replace.
//!
//! Each has an entry of eight u32s, which lie side by side; lookups find the table through the first two. The block of its own points
//! is never written, so that they can come back; those of a host have a block of their own.
//!
//! ```text
//! 0  address of the block that counts       4  address of the block for a host's points
//! 1  points in it                           5  points that it has room for
//! 2  address of the block of its own        6  kind: 0 continuous, 1 extrapolate, 2 discrete
//! 3  points in it                           7  unused
//! ```

use crate::lookup::Kind;

/// Bytes of an entry.
pub const ENTRY_BYTES: u32 = 32;

/// The words of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Entry {
    /// The block that counts.
    pub block: u32,
    /// Points in it.
    pub n: u32,
    /// The block of its own points.
    pub own_block: u32,
    /// Points in it.
    pub own_n: u32,
    /// The block for a host's points.
    pub host_block: u32,
    /// Points that it has room for.
    pub capacity: u32,
    kind: u32,
    unused: u32,
}

impl Entry {
    /// An entry whose own points count.
    pub fn new(kind: Kind, own_block: u32, own_n: u32, host_block: u32, capacity: u32) -> Self {
        let kind = match kind {
            Kind::Continuous => 0,
            Kind::Extrapolate => 1,
            Kind::Discrete => 2,
        };
        Self { block: own_block, n: own_n, own_block, own_n, host_block, capacity, kind, unused: 0 }
    }

    /// As it lies in memory.
    pub fn words(&self) -> [u32; 8] {
        let Self { block, n, own_block, own_n, host_block, capacity, kind, unused } = *self;
        [block, n, own_block, own_n, host_block, capacity, kind, unused]
    }

    /// What happens between and beyond its points.
    pub fn kind(&self) -> Kind {
        match self.kind {
            0 => Kind::Continuous,
            1 => Kind::Extrapolate,
            _ => Kind::Discrete,
        }
    }

    /// The points of its host block count from now on, that many of them.
    pub fn take_host_points(&mut self, n: u32) {
        (self.block, self.n) = (self.host_block, n);
    }

    /// Its own points count again.
    pub fn take_own_points(&mut self) {
        (self.block, self.n) = (self.own_block, self.own_n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_go_to_the_points_of_a_host_and_back() {
        for kind in [Kind::Continuous, Kind::Extrapolate, Kind::Discrete] {
            let fresh = Entry::new(kind, 16, 3, 96, 32);
            let mut entry = fresh;
            assert_eq!((entry.kind(), entry.block, entry.n), (kind, 16, 3));
            entry.take_host_points(7);
            assert_eq!((entry.block, entry.n), (96, 7));
            entry.take_own_points();
            assert_eq!(entry, fresh);
            assert_eq!(size_of_val(&entry.words()), ENTRY_BYTES as usize);
        }
    }
}
