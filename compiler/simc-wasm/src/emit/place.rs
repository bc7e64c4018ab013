//! Places for numbers: a local, or memory.

use super::code::{Code, Local};

/// A place for a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// A local.
    Local(Local),
    /// Memory: an address, if it is not all in the offset, and the offset.
    Memory(Option<Local>, u32),
    /// Memory for two numbers side by side.
    Pair(Local, u32),
}

impl Place {
    /// Pushes the number.
    pub(crate) fn get(self, code: &mut Code) {
        match self {
            Place::Local(local) => {
                code.get(local);
            }
            Place::Memory(address, offset) => {
                push_address(code, address);
                code.load(offset);
            }
            Place::Pair(address, offset) => _ = code.get(address).load_pair(offset),
        }
    }

    /// What must be on the stack below the number that is going to be set.
    pub(crate) fn prepare_set(self, code: &mut Code) {
        match self {
            Place::Local(_) => {}
            Place::Memory(address, _) => push_address(code, address),
            Place::Pair(address, _) => _ = code.get(address),
        }
    }

    /// Pops the number; [`Place::prepare_set`] stands before it.
    pub(crate) fn set(self, code: &mut Code) {
        match self {
            Place::Local(local) => code.set(local),
            Place::Memory(_, offset) => code.store(offset),
            Place::Pair(_, offset) => code.store_pair(offset),
        };
    }
}

/// Pushes an address that may be 0.
fn push_address(code: &mut Code, address: Option<Local>) {
    match address {
        Some(local) => code.get(local),
        None => code.i32(0),
    };
}
