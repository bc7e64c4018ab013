//! Decides where the reachable part of the kernel goes in the artifact's memory.

use std::collections::BTreeMap;

use super::LinkError;
use super::kernel::{Constant, Kernel, Reachable};

/// What the constants and the stack begin and end on.
const ALIGNMENT: u64 = 16;
/// Bytes of the largest memory.
const MAX_MEMORY: u64 = 1 << 32;
const PAGE: u64 = 1 << 16;

/// Where everything goes.
#[derive(Debug)]
pub(super) struct Placement {
    /// The kernel's functions that are linked, in the order in which they follow the model's.
    pub(super) functions: Vec<u32>,
    /// Address of the first constant, and the bytes of all of them; empty when there are none.
    pub(super) data: (u64, Vec<u8>),
    /// Address of each constant.
    pub(super) constants: BTreeMap<Constant, u64>,
    /// First value of the stack pointer, when there is a stack.
    pub(super) stack_top: Option<u64>,
    /// First byte after everything.
    pub(super) memory_end: u64,
}

impl Placement {
    /// Places what is reachable from `kernel_base` on.
    ///
    /// # Errors
    /// When the memory is not large enough.
    pub(super) fn new(kernel: &Kernel<'_>, reachable: &Reachable, kernel_base: u64) -> Result<Self, LinkError> {
        let start = kernel_base.checked_next_multiple_of(ALIGNMENT).unwrap_or(u64::MAX);
        let (mut bytes, mut offsets) = (Vec::new(), Vec::new());
        for &constant in &reachable.constants {
            let offset = (bytes.len() as u64).next_multiple_of(kernel.alignment(constant));
            bytes.resize(offset as usize, 0);
            bytes.extend_from_slice(kernel.constant(constant));
            offsets.push((constant, offset));
        }
        let stack = if reachable.uses_stack { u64::from(kernel.stack_size()).next_multiple_of(ALIGNMENT) } else { 0 };
        let kernel_size = (bytes.len() as u64).next_multiple_of(ALIGNMENT) + stack;
        let memory_end = if kernel_size == 0 { kernel_base } else { start.saturating_add(kernel_size) };
        if memory_end > MAX_MEMORY {
            return Err(LinkError::TooMuchMemory { bytes: memory_end });
        }
        Ok(Self {
            functions: reachable.functions.iter().copied().collect(),
            data: (start, bytes),
            constants: offsets.into_iter().map(|(constant, offset)| (constant, start + offset)).collect(),
            stack_top: reachable.uses_stack.then_some(memory_end),
            memory_end,
        })
    }

    /// Size of the memory.
    pub(super) fn pages(&self) -> u64 {
        self.memory_end.div_ceil(PAGE)
    }
}
