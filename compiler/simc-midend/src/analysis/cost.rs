//! What an instruction costs in an artifact: estimates, on the safe side, of its code. What the table of instructions says is the part
//! that does not depend on operands.

use simc_ir::opcode::{ImmediateKind, LOCAL, MEMORY, Opcode};
use simc_ir::types::Type;

/// Bytes of code of an instruction with this many operands, the operands' and the result's locals included.
pub fn code_bytes(opcode: Opcode, operands: usize) -> u32 {
    let operands = u32::try_from(operands).unwrap_or(u32::MAX).min(1 << 20);
    // Each operand of a transport is stored for the kernel.
    let of_operand = match opcode.signature().immediate {
        ImmediateKind::Transport | ImmediateKind::Trace => LOCAL + 2 * MEMORY,
        ImmediateKind::None
        | ImmediateKind::F64
        | ImmediateKind::Bool
        | ImmediateKind::Position
        | ImmediateKind::Axis
        | ImmediateKind::Slot
        | ImmediateKind::Param
        | ImmediateKind::Table
        | ImmediateKind::Function
        | ImmediateKind::Vector
        | ImmediateKind::Loop => LOCAL,
    };
    opcode.facts().code + LOCAL + of_operand * operands
}

/// Bytes to write a value to memory or to read it back. A truth value is kept as a number.
pub fn spill_bytes(ty: Type) -> u32 {
    let bytes = MEMORY + 2 * LOCAL;
    match ty {
        Type::F64 | Type::Index(_) => bytes,
        Type::Bool => bytes + code_bytes(Opcode::Fconst, 0) + code_bytes(Opcode::Fne, 2),
    }
}
