//! What a pass is.

use simc_ir::module::Module;

/// A change of a module that keeps every bit of what it computes.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// Verb and noun, as the file is called.
    pub name: &'static str,
    /// One sentence for people.
    pub about: &'static str,
    /// Does it; whether anything changed.
    pub run: fn(&mut Module, &PassCx) -> bool,
}

/// What passes may want to know besides the module.
#[derive(Clone, Copy, Debug, Default)]
pub struct PassCx {
    /// How large a function may become in an artifact.
    pub limits: FuncLimits,
    /// Whether loops take two passes at once where they can: short ones then stay loops.
    pub simd: bool,
}

/// Smaller functions hold little but what passes between them.
const MIN_BYTES: u32 = 512;

/// Functions of this estimated size are compiled quickly everywhere.
const DEFAULT_BYTES: u32 = 10 * 1024;

/// Engines keep so many values in registers and on the stack without effort.
const MAX_LIVE: u32 = 150;

/// Engines compile one function at a time, and some refuse large ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FuncLimits {
    /// Estimated bytes of code.
    pub bytes: u32,
    /// Values that are live at the same time.
    pub live: u32,
}

impl FuncLimits {
    /// For functions of that many bytes.
    pub fn of_bytes(bytes: u32) -> Self {
        Self { bytes: bytes.max(MIN_BYTES), ..Self::default() }
    }
}

impl Default for FuncLimits {
    fn default() -> Self {
        Self { bytes: DEFAULT_BYTES, live: MAX_LIVE }
    }
}
