//! Integers.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};
use wasmparser::Operator;

use super::{Stop, Translator};
use crate::trap::Trap;

/// The four divisions.
#[derive(Clone, Copy, PartialEq)]
enum Division {
    SignedQuotient,
    UnsignedQuotient,
    SignedRest,
    UnsignedRest,
}

impl Translator<'_, '_> {
    /// Instructions on integers. False for other ones.
    #[expect(clippy::wildcard_enum_match_arm, reason = "one group of hundreds of instructions")]
    #[rustfmt::skip]
    pub(super) fn translate_integer(&mut self, op: &Operator<'_>) -> Result<bool, Stop> {
        use Operator as Op;
        match *op {
            Op::I32Const { value } => {
                let value = self.iconst(types::I32, u64::from(value.cast_unsigned()));
                self.push(value);
            }
            Op::I64Const { value } => {
                let value = self.iconst(types::I64, value.cast_unsigned());
                self.push(value);
            }
            Op::I32Add | Op::I64Add => self.binary(|b, x, y| b.iadd(x, y)),
            Op::I32Sub | Op::I64Sub => self.binary(|b, x, y| b.isub(x, y)),
            Op::I32Mul | Op::I64Mul => self.binary(|b, x, y| b.imul(x, y)),
            Op::I32And | Op::I64And => self.binary(|b, x, y| b.band(x, y)),
            Op::I32Or | Op::I64Or => self.binary(|b, x, y| b.bor(x, y)),
            Op::I32Xor | Op::I64Xor => self.binary(|b, x, y| b.bxor(x, y)),
            Op::I32Shl | Op::I64Shl => self.binary(|b, x, y| b.ishl(x, y)),
            Op::I32ShrS | Op::I64ShrS => self.binary(|b, x, y| b.sshr(x, y)),
            Op::I32ShrU | Op::I64ShrU => self.binary(|b, x, y| b.ushr(x, y)),
            Op::I32Rotl | Op::I64Rotl => self.binary(|b, x, y| b.rotl(x, y)),
            Op::I32Rotr | Op::I64Rotr => self.binary(|b, x, y| b.rotr(x, y)),
            Op::I32Clz | Op::I64Clz => self.unary(|b, x| b.clz(x)),
            Op::I32Ctz | Op::I64Ctz => self.unary(|b, x| b.ctz(x)),
            Op::I32Popcnt | Op::I64Popcnt => self.unary(|b, x| b.popcnt(x)),
            Op::I32WrapI64 => self.unary(|b, x| b.ireduce(types::I32, x)),
            Op::I64ExtendI32S => self.unary(|b, x| b.sextend(types::I64, x)),
            Op::I64ExtendI32U => self.unary(|b, x| b.uextend(types::I64, x)),
            Op::I32Extend8S => self.extend(types::I8, types::I32),
            Op::I32Extend16S => self.extend(types::I16, types::I32),
            Op::I64Extend8S => self.extend(types::I8, types::I64),
            Op::I64Extend16S => self.extend(types::I16, types::I64),
            Op::I64Extend32S => self.extend(types::I32, types::I64),
            Op::I32Eq | Op::I64Eq => self.compare(IntCC::Equal),
            Op::I32Ne | Op::I64Ne => self.compare(IntCC::NotEqual),
            Op::I32LtS | Op::I64LtS => self.compare(IntCC::SignedLessThan),
            Op::I32LtU | Op::I64LtU => self.compare(IntCC::UnsignedLessThan),
            Op::I32GtS | Op::I64GtS => self.compare(IntCC::SignedGreaterThan),
            Op::I32GtU | Op::I64GtU => self.compare(IntCC::UnsignedGreaterThan),
            Op::I32LeS | Op::I64LeS => self.compare(IntCC::SignedLessThanOrEqual),
            Op::I32LeU | Op::I64LeU => self.compare(IntCC::UnsignedLessThanOrEqual),
            Op::I32GeS | Op::I64GeS => self.compare(IntCC::SignedGreaterThanOrEqual),
            Op::I32GeU | Op::I64GeU => self.compare(IntCC::UnsignedGreaterThanOrEqual),
            Op::I32Eqz | Op::I64Eqz => {
                let value = self.pop();
                let ty = self.builder.func.dfg.value_type(value);
                let zero = self.iconst(ty, 0);
                let bit = self.builder.ins().icmp(IntCC::Equal, value, zero);
                self.push_bit(bit);
            }
            Op::I32DivS | Op::I64DivS => self.divide(Division::SignedQuotient)?,
            Op::I32DivU | Op::I64DivU => self.divide(Division::UnsignedQuotient)?,
            Op::I32RemS | Op::I64RemS => self.divide(Division::SignedRest)?,
            Op::I32RemU | Op::I64RemU => self.divide(Division::UnsignedRest)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn extend(&mut self, from: Type, to: Type) {
        let value = self.pop();
        let narrow = self.builder.ins().ireduce(from, value);
        let value = self.builder.ins().sextend(to, narrow);
        self.push(value);
    }

    fn compare(&mut self, condition: IntCC) {
        let [y, x] = [self.pop(), self.pop()];
        let bit = self.builder.ins().icmp(condition, x, y);
        self.push_bit(bit);
    }

    /// A truth of Cranelift as one of WebAssembly.
    pub(super) fn push_bit(&mut self, bit: Value) {
        let value = self.builder.ins().uextend(types::I32, bit);
        self.push(value);
    }

    /// The checks that hardware would do in its own ways come first; those that a constant divisor answers are left out.
    fn divide(&mut self, division: Division) -> Result<(), Stop> {
        let [y, x] = [self.pop(), self.pop()];
        let ty = self.builder.func.dfg.value_type(y);
        let divisor = self.constant_of(y);
        if divisor.is_none_or(|divisor| divisor == 0) {
            let zero = self.iconst(ty, 0);
            let is_zero = self.builder.ins().icmp(IntCC::Equal, y, zero);
            self.trap_if(is_zero, Trap::DivisionByZero)?;
        }
        let minus_one = if ty == types::I32 { u64::from(u32::MAX) } else { u64::MAX };
        let signed = matches!(division, Division::SignedQuotient | Division::SignedRest);
        let value = if signed && divisor.is_none_or(|divisor| divisor == minus_one) {
            let least = if ty == types::I32 { u64::from(i32::MIN.cast_unsigned()) } else { i64::MIN.cast_unsigned() };
            let [least, minus_one] = [self.iconst(ty, least), self.iconst(ty, minus_one)];
            let is_least = self.builder.ins().icmp(IntCC::Equal, x, least);
            let is_minus_one = self.builder.ins().icmp(IntCC::Equal, y, minus_one);
            if division == Division::SignedQuotient {
                let overflows = self.builder.ins().band(is_least, is_minus_one);
                self.trap_if(overflows, Trap::Overflow)?;
                self.builder.ins().sdiv(x, y)
            } else {
                // The rest of a division by -1 is 0, as that of a division by 1 is.
                let one = self.iconst(ty, 1);
                let y = self.builder.ins().select(is_minus_one, one, y);
                self.builder.ins().srem(x, y)
            }
        } else {
            match division {
                Division::SignedQuotient => self.builder.ins().sdiv(x, y),
                Division::UnsignedQuotient => self.builder.ins().udiv(x, y),
                Division::SignedRest => self.builder.ins().srem(x, y),
                Division::UnsignedRest => self.builder.ins().urem(x, y),
            }
        };
        self.push(value);
        Ok(())
    }
}
