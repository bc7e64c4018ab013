//! The kernel as the linker sees it: functions, constants, and where the former mention either.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::FuncType;

use super::LinkError;

/// The kernel's module.
#[derive(Debug)]
pub(super) struct Kernel<'a> {
    types: Vec<FuncType>,
    functions: Vec<Function<'a>>,
    exports: BTreeMap<&'a str, u32>,
    segments: Vec<Segment<'a>>,
    stack_size: u32,
}

/// A function of the kernel.
#[derive(Debug)]
pub(super) struct Function<'a> {
    ty: u32,
    /// For people.
    pub(super) name: &'a str,
    /// Locals and instructions.
    pub(super) body: &'a [u8],
    /// Places in the body that depend on where something is.
    pub(super) relocations: Vec<Relocation>,
}

/// Five bytes of a function's body that depend on where something is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Relocation {
    /// The first of them, counted from the start of the body; the others lie in the body too.
    pub(super) position: usize,
    /// What they mention.
    pub(super) target: Target,
}

/// What a place in a function's body mentions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// The index of a function, as an unsigned number.
    Function(u32),
    /// The index of the global that is the stack pointer, as an unsigned number.
    StackPointer,
    /// The address of a constant plus a distance, as an unsigned number: the offset of a load.
    Offset(Constant, i64),
    /// The same as a signed number: an operand.
    Address(Constant, i64),
}

/// A constant in the kernel's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Constant {
    segment: u32,
    offset: u32,
    size: u32,
}

#[derive(Debug)]
struct Segment<'a> {
    address: u32,
    bytes: &'a [u8],
}

/// What some of the kernel's functions reach, each in the kernel's order.
#[derive(Debug, Default)]
pub(super) struct Reachable {
    /// They themselves and the functions that they call.
    pub(super) functions: BTreeSet<u32>,
    /// What they read.
    pub(super) constants: BTreeSet<Constant>,
    /// Whether one of them uses the stack.
    pub(super) uses_stack: bool,
}

impl<'a> Kernel<'a> {
    /// Reads `kernel.wasm`.
    ///
    /// # Errors
    /// When it is no module, or has what the linker cannot move.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, LinkError> {
        read::Sections::parse(bytes)?.assemble()
    }

    /// The function that is exported under a name.
    pub(super) fn export(&self, name: &str) -> Option<u32> {
        self.exports.get(name).copied()
    }

    /// A function.
    pub(super) fn function(&self, index: u32) -> &Function<'a> {
        &self.functions[index as usize]
    }

    /// The type of a function.
    pub(super) fn function_type(&self, index: u32) -> &FuncType {
        &self.types[self.function(index).ty as usize]
    }

    /// The bytes of a constant.
    pub(super) fn constant(&self, constant: Constant) -> &'a [u8] {
        let start = constant.offset as usize;
        &self.segments[constant.segment as usize].bytes[start..start + constant.size as usize]
    }

    /// What the address of a constant has to be a multiple of: whatever it is a multiple of in the kernel, up to 16.
    pub(super) fn alignment(&self, constant: Constant) -> u64 {
        let address = u64::from(self.segments[constant.segment as usize].address) + u64::from(constant.offset);
        1 << address.trailing_zeros().min(4)
    }

    /// Bytes that the stack needs at most.
    pub(super) fn stack_size(&self) -> u32 {
        self.stack_size
    }

    /// What `roots` reach.
    pub(super) fn reachable(&self, roots: &[u32]) -> Reachable {
        let mut reachable = Reachable { functions: roots.iter().copied().collect(), ..Reachable::default() };
        let mut pending: Vec<u32> = reachable.functions.iter().copied().collect();
        while let Some(index) = pending.pop() {
            for relocation in &self.function(index).relocations {
                match relocation.target {
                    Target::Function(callee) => {
                        if reachable.functions.insert(callee) {
                            pending.push(callee);
                        }
                    }
                    Target::StackPointer => reachable.uses_stack = true,
                    Target::Offset(constant, _) | Target::Address(constant, _) => {
                        reachable.constants.insert(constant);
                    }
                }
            }
        }
        reachable
    }
}
