//! What an instruction costs in an artifact: estimates, on the safe side, of its code, and of its time compared with a load.

use simc_ir::opcode::Opcode;
use simc_ir::types::Type;

/// Bytes of a constant address with its memory operator, at most.
const MEMORY_BYTES: u32 = 12;

/// Bytes of a `local.get` or `local.set`, at most.
const LOCAL_BYTES: u32 = 3;

/// Bytes of an immediate f64.
const NUMBER_BYTES: u32 = 9;

/// Bytes of code of an instruction with this many operands, the operands' and the result's locals included.
pub fn code_bytes(opcode: Opcode, operands: usize) -> u32 {
    let locals = LOCAL_BYTES * (u32::try_from(operands).unwrap_or(u32::MAX / 8) + 1);
    locals.saturating_add(match opcode {
        Opcode::Fconst => NUMBER_BYTES,
        Opcode::Bconst | Opcode::Position => 6,
        Opcode::Param | Opcode::Load | Opcode::Time | Opcode::StepTime | Opcode::StepIndex | Opcode::Store => {
            MEMORY_BYTES
        }
        Opcode::IndexOf | Opcode::IndexOk => 16,
        Opcode::Shift => 0,
        Opcode::Ordinal
        | Opcode::Fneg
        | Opcode::Fabs
        | Opcode::Fsqrt
        | Opcode::Ffloor
        | Opcode::Fadd
        | Opcode::Fsub
        | Opcode::Fmul
        | Opcode::Fdiv
        | Opcode::Fmin
        | Opcode::Fmax
        | Opcode::Feq
        | Opcode::Fne
        | Opcode::Flt
        | Opcode::Fle
        | Opcode::Fgt
        | Opcode::Fge
        | Opcode::Band
        | Opcode::Bor
        | Opcode::Bnot
        | Opcode::Btof
        | Opcode::Select => 2,
        Opcode::Call | Opcode::Yield => 6,
        Opcode::Lookup => 2 * MEMORY_BYTES,
        // The canonical NaN is chosen in place.
        Opcode::Out => MEMORY_BYTES + NUMBER_BYTES + 3 * LOCAL_BYTES + 4,
        // A level is loaded, advanced and stored; a stage's rate goes to its scratch beside that.
        Opcode::Rate => 4 * MEMORY_BYTES + NUMBER_BYTES,
        Opcode::Next => 2 * MEMORY_BYTES,
        Opcode::Oldest | Opcode::Recall | Opcode::Fill | Opcode::Push => 4 * MEMORY_BYTES,
        // Each operand is stored for the kernel.
        Opcode::Measure | Opcode::Trace | Opcode::Charge | Opcode::Advance => {
            6 * MEMORY_BYTES + 2 * MEMORY_BYTES * u32::try_from(operands).unwrap_or(1 << 20).min(1 << 20)
        }
        Opcode::Arrange => 4 * MEMORY_BYTES,
        Opcode::For | Opcode::Down | Opcode::Fold => 40,
    })
}

/// Bytes to write a value to memory or to read it back. A truth value is kept as a number.
pub fn spill_bytes(ty: Type) -> u32 {
    let bytes = MEMORY_BYTES + 2 * LOCAL_BYTES;
    match ty {
        Type::F64 | Type::Index(_) => bytes,
        Type::Bool => bytes + code_bytes(Opcode::Fconst, 0) + code_bytes(Opcode::Fne, 2),
    }
}

/// Time of an instruction in rough units: 0 where a load would cost as much.
pub fn time(opcode: Opcode) -> u32 {
    match opcode {
        Opcode::Fconst
        | Opcode::Bconst
        | Opcode::Position
        | Opcode::Shift
        | Opcode::Param
        | Opcode::Load
        | Opcode::Time
        | Opcode::StepTime
        | Opcode::StepIndex
        | Opcode::Yield => 0,
        Opcode::Ordinal
        | Opcode::IndexOf
        | Opcode::IndexOk
        | Opcode::Fneg
        | Opcode::Fabs
        | Opcode::Ffloor
        | Opcode::Fadd
        | Opcode::Fsub
        | Opcode::Fmul
        | Opcode::Fmin
        | Opcode::Fmax
        | Opcode::Feq
        | Opcode::Fne
        | Opcode::Flt
        | Opcode::Fle
        | Opcode::Fgt
        | Opcode::Fge
        | Opcode::Band
        | Opcode::Bor
        | Opcode::Bnot
        | Opcode::Btof
        | Opcode::Select
        | Opcode::Store
        | Opcode::Out
        | Opcode::Rate
        | Opcode::Next
        | Opcode::Oldest
        | Opcode::Recall
        | Opcode::Push => 1,
        Opcode::Fdiv | Opcode::Fsqrt => 4,
        Opcode::Lookup => 10,
        Opcode::Call => 20,
        Opcode::Measure | Opcode::Trace | Opcode::Charge | Opcode::Advance | Opcode::Arrange => 100,
        Opcode::For | Opcode::Down | Opcode::Fold | Opcode::Fill => 20,
    }
}
