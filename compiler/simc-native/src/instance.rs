//! What an instance is in memory: a header, the globals, and after them the memory of the artifact.

use wasmparser::ValType;

use crate::module::WasmModule;

/// Byte offset of the code of a trap, an i32; 0 when there was none.
pub(crate) const TRAP: i32 = 0;
/// Byte offset of the status of the last call, an i32.
pub(crate) const STATUS: i32 = 4;
/// Byte offset of the text that a header's function composes.
pub(crate) const MESSAGE: i32 = 8;
/// Bytes of that text, with the 0 after it.
pub(crate) const MESSAGE_BYTES: i32 = 504;
/// Byte offset of the globals.
const GLOBALS: i32 = MESSAGE + MESSAGE_BYTES;
/// What the address of an instance is a multiple of.
pub(crate) const ALIGN: u64 = 16;
/// What the offset of the memory is a multiple of: a line of the cache.
const MEMORY_ALIGN: u64 = 64;

/// Where everything is in an instance.
#[derive(Clone, Debug)]
pub(crate) struct InstanceLayout {
    /// The offset of each global.
    pub(crate) globals: Vec<i32>,
    /// The offset of the memory.
    pub(crate) memory: u64,
    /// Bytes of an instance.
    pub(crate) size: u64,
}

impl InstanceLayout {
    pub(crate) fn new(module: &WasmModule<'_>) -> Self {
        let mut globals = Vec::with_capacity(module.globals.len());
        let mut at = GLOBALS.unsigned_abs();
        for global in &module.globals {
            let size = if global.ty == ValType::I32 { 4 } else { 8 };
            at = at.next_multiple_of(size);
            // A thousand globals at most.
            globals.push(at.cast_signed());
            at += size;
        }
        let memory = u64::from(at).next_multiple_of(MEMORY_ALIGN);
        Self { globals, memory, size: memory + module.memory_bytes }
    }
}
