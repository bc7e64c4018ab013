//! Places for numbers: a local, or memory.

use super::code::{Code, Local};

/// A place for a number.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NumberPlace {
    /// A local.
    Local(Local),
    /// Memory: an address, if it is not all in the offset, and the offset.
    Memory(Option<Local>, u32),
    /// Memory for two numbers side by side.
    Pair(Local, u32),
}

impl NumberPlace {
    /// Pushes the number.
    pub(crate) fn get(self, code: &mut Code) {
        match self {
            NumberPlace::Local(local) => {
                code.get(local);
            }
            NumberPlace::Memory(address, offset) => {
                push_address(code, address);
                code.load(offset);
            }
            NumberPlace::Pair(address, offset) => _ = code.get(address).load_pair(offset),
        }
    }

    /// What must be on the stack below the number that is going to be set.
    pub(crate) fn prepare_set(self, code: &mut Code) {
        match self {
            NumberPlace::Local(_) => {}
            NumberPlace::Memory(address, _) => push_address(code, address),
            NumberPlace::Pair(address, _) => _ = code.get(address),
        }
    }

    /// Pops the number; [`NumberPlace::prepare_set`] is before it.
    pub(crate) fn set(self, code: &mut Code) {
        match self {
            NumberPlace::Local(local) => code.set(local),
            NumberPlace::Memory(_, offset) => code.store(offset),
            NumberPlace::Pair(_, offset) => code.store_pair(offset),
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
