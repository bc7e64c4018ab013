//! What may be done element by element in a model. Equations are long and arrays have many elements: a few kilobytes of text can ask
//! for the product of both, and each such product takes its share from here before anything is done.

/// How much may be done element by element: a unit is a node of an equation that is looked at for one element, or a read of one element
/// by another.
const MAX_WORK: u64 = 1 << 28;

/// How many units a node is that is copied for an element.
const COPIED: u64 = 128;

/// What may still be done element by element.
pub(in crate::sema) struct Work {
    left: u64,
}

impl Work {
    /// That of a whole model.
    pub(in crate::sema) fn whole() -> Self {
        Self { left: MAX_WORK }
    }

    /// Takes that much. Nothing, and nothing is taken, when less is left.
    pub(in crate::sema) fn take(&mut self, n: u64) -> Option<()> {
        self.left = self.left.checked_sub(n)?;
        Some(())
    }

    /// Takes what so many copies of nodes are; likewise.
    pub(in crate::sema) fn take_copies(&mut self, n: u64) -> Option<()> {
        self.take(n.saturating_mul(COPIED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_taken_as_long_as_there_is_enough() {
        let mut work = Work::whole();
        assert_eq!(work.take(MAX_WORK + 1), None);
        assert_eq!(work.take(MAX_WORK - 1), Some(()));
        assert_eq!([work.take(2), work.take(1), work.take(1)], [None, Some(()), None]);
        assert_eq!(work.take(0), Some(()));
    }

    #[test]
    fn copies_weigh_more_than_looks() {
        let mut work = Work::whole();
        assert_eq!(work.take_copies(u64::MAX), None);
        assert_eq!(work.take_copies(MAX_WORK / COPIED), Some(()));
        assert_eq!(work.take(1), None);
    }
}
