//! Doubles.

use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use cranelift_frontend::FuncInstBuilder;
use wasmparser::Operator;

use super::{Stop, Translator};

impl Translator<'_, '_> {
    /// Instructions on doubles. False for other ones. What traps (conversions that do not saturate) is not among them.
    #[expect(clippy::wildcard_enum_match_arm, reason = "one group of hundreds of instructions")]
    #[rustfmt::skip]
    pub(super) fn translate_float(&mut self, op: &Operator<'_>) -> Result<bool, Stop> {
        use Operator as Op;
        match *op {
            Op::F64Const { value } => {
                let value = self.builder.ins().f64const(f64::from_bits(value.bits()));
                self.push(value);
            }
            Op::F64Add => self.binary(|b, x, y| b.fadd(x, y)),
            Op::F64Sub => self.binary(|b, x, y| b.fsub(x, y)),
            Op::F64Mul => self.binary(|b, x, y| b.fmul(x, y)),
            Op::F64Div => self.binary(|b, x, y| b.fdiv(x, y)),
            Op::F64Min => self.binary(|b, x, y| b.fmin(x, y)),
            Op::F64Max => self.binary(|b, x, y| b.fmax(x, y)),
            Op::F64Copysign => self.binary(|b, x, y| b.fcopysign(x, y)),
            Op::F64Abs => self.unary(|b, x| b.fabs(x)),
            Op::F64Neg => self.unary(|b, x| b.fneg(x)),
            Op::F64Sqrt => self.unary(|b, x| b.sqrt(x)),
            Op::F64Ceil => self.unary(|b, x| b.ceil(x)),
            Op::F64Floor => self.unary(|b, x| b.floor(x)),
            Op::F64Trunc => self.unary(|b, x| b.trunc(x)),
            Op::F64Nearest => self.unary(|b, x| b.nearest(x)),
            Op::F64Eq => self.compare_floats(FloatCC::Equal),
            Op::F64Ne => self.compare_floats(FloatCC::NotEqual),
            Op::F64Lt => self.compare_floats(FloatCC::LessThan),
            Op::F64Gt => self.compare_floats(FloatCC::GreaterThan),
            Op::F64Le => self.compare_floats(FloatCC::LessThanOrEqual),
            Op::F64Ge => self.compare_floats(FloatCC::GreaterThanOrEqual),
            Op::F64ConvertI32S | Op::F64ConvertI64S => self.unary(|b, x| b.fcvt_from_sint(types::F64, x)),
            Op::F64ConvertI32U | Op::F64ConvertI64U => self.unary(|b, x| b.fcvt_from_uint(types::F64, x)),
            Op::I32TruncSatF64S => self.unary(|b, x| b.fcvt_to_sint_sat(types::I32, x)),
            Op::I32TruncSatF64U => self.unary(|b, x| b.fcvt_to_uint_sat(types::I32, x)),
            Op::I64TruncSatF64S => self.unary(|b, x| b.fcvt_to_sint_sat(types::I64, x)),
            Op::I64TruncSatF64U => self.unary(|b, x| b.fcvt_to_uint_sat(types::I64, x)),
            Op::I64ReinterpretF64 => self.unary(|b, x| b.bitcast(types::I64, MemFlagsData::new(), x)),
            Op::F64ReinterpretI64 => self.unary(|b, x| b.bitcast(types::F64, MemFlagsData::new(), x)),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn compare_floats(&mut self, condition: FloatCC) {
        let [y, x] = [self.pop(), self.pop()];
        let bit = self.builder.ins().fcmp(condition, x, y);
        self.push_bit(bit);
    }

    /// An instruction on the topmost operand.
    pub(super) fn unary(&mut self, emit: impl FnOnce(FuncInstBuilder<'_, '_>, Value) -> Value) {
        let x = self.pop();
        let value = emit(self.builder.ins(), x);
        self.push(value);
    }

    /// An instruction on the two topmost operands.
    pub(super) fn binary(&mut self, emit: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value) {
        let [y, x] = [self.pop(), self.pop()];
        let value = emit(self.builder.ins(), x, y);
        self.push(value);
    }
}
