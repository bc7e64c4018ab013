//! What holds the values of a function: locals, and in a loop that takes two passes at once, locals for both.

use simc_ir::entity::{Block, Slot, Value};

use super::code::Local;

/// The open loop that takes two passes at once.
pub(crate) struct TwoLaneLoop {
    /// Its body.
    pub(crate) body: Block,
    /// The pass, of the two, that scalars are emitted for.
    pub(crate) lane: u32,
    /// Numbers that loops hand on, where each pass has its own.
    pub(crate) carries: Vec<(Slot, Held)>,
    /// Values in locals that were made inside.
    pub(crate) made: Vec<Value>,
}

/// What holds a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held {
    /// A local; of two passes, for both.
    One(Local),
    /// A local for each of two passes.
    Split([Local; 2]),
    /// A vector of what two passes have.
    Simd(Local),
}

impl Held {
    /// All locals.
    pub(crate) fn locals(self) -> impl Iterator<Item = Local> {
        let (first, second) = match self {
            Held::One(local) | Held::Simd(local) => (local, None),
            Held::Split([first, second]) => (first, Some(second)),
        };
        [Some(first), second].into_iter().flatten()
    }

    /// The local for a pass.
    pub(crate) fn local(self, lane: u32) -> Local {
        match self {
            Held::One(local) | Held::Simd(local) => local,
            Held::Split(locals) => locals[lane as usize],
        }
    }
}
