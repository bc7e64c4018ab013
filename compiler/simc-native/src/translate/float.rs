//! Numbers in floating point: doubles, and the singles that the mathematics of artifacts makes of some.

use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, InstructionData, MemFlagsData, Value, ValueDef, types};
use cranelift_frontend::FuncInstBuilder;
use wasmparser::Operator;

use super::{Stop, Translator};

impl Translator<'_, '_> {
    /// Instructions on doubles and singles. False for other ones. What traps (conversions that do not saturate) is not among them.
    #[expect(clippy::wildcard_enum_match_arm, reason = "one group of hundreds of instructions")]
    #[rustfmt::skip]
    pub(super) fn translate_float(&mut self, op: &Operator<'_>) -> Result<bool, Stop> {
        use Operator as Op;
        match *op {
            Op::F64Const { value } => {
                let value = self.builder.ins().f64const(f64::from_bits(value.bits()));
                self.push(value);
            }
            Op::F32Const { value } => {
                let value = self.builder.ins().f32const(f32::from_bits(value.bits()));
                self.push(value);
            }
            Op::F32DemoteF64 => self.unary(|b, x| b.fdemote(types::F32, x)),
            Op::F64PromoteF32 => self.unary(|b, x| b.fpromote(types::F64, x)),
            Op::F32ConvertI32S | Op::F32ConvertI64S => self.unary(|b, x| b.fcvt_from_sint(types::F32, x)),
            Op::F32ConvertI32U | Op::F32ConvertI64U => self.unary(|b, x| b.fcvt_from_uint(types::F32, x)),
            Op::I32ReinterpretF32 => self.unary(|b, x| b.bitcast(types::I32, MemFlagsData::new(), x)),
            Op::F32ReinterpretI32 => self.unary(|b, x| b.bitcast(types::F32, MemFlagsData::new(), x)),
            Op::F32Add | Op::F64Add => self.binary(|b, x, y| b.fadd(x, y)),
            Op::F32Sub | Op::F64Sub => self.binary(|b, x, y| b.fsub(x, y)),
            Op::F32Mul | Op::F64Mul => self.binary(|b, x, y| b.fmul(x, y)),
            Op::F32Div | Op::F64Div => self.binary(|b, x, y| b.fdiv(x, y)),
            Op::F64Min => self.extreme(FloatCC::GreaterThan),
            Op::F64Max => self.extreme(FloatCC::LessThan),
            Op::F32Min => self.binary(|b, x, y| b.fmin(x, y)),
            Op::F32Max => self.binary(|b, x, y| b.fmax(x, y)),
            Op::F32Copysign | Op::F64Copysign => self.binary(|b, x, y| b.fcopysign(x, y)),
            Op::F32Abs | Op::F64Abs => self.unary(|b, x| b.fabs(x)),
            Op::F32Neg | Op::F64Neg => self.unary(|b, x| b.fneg(x)),
            Op::F32Sqrt | Op::F64Sqrt => self.unary(|b, x| b.sqrt(x)),
            Op::F32Ceil | Op::F64Ceil => self.unary(|b, x| b.ceil(x)),
            Op::F32Floor | Op::F64Floor => self.unary(|b, x| b.floor(x)),
            Op::F32Trunc | Op::F64Trunc => self.unary(|b, x| b.trunc(x)),
            Op::F32Nearest | Op::F64Nearest => self.unary(|b, x| b.nearest(x)),
            Op::F32Eq | Op::F64Eq => self.compare_floats(FloatCC::Equal),
            Op::F32Ne | Op::F64Ne => self.compare_floats(FloatCC::NotEqual),
            Op::F32Lt | Op::F64Lt => self.compare_floats(FloatCC::LessThan),
            Op::F32Gt | Op::F64Gt => self.compare_floats(FloatCC::GreaterThan),
            Op::F32Le | Op::F64Le => self.compare_floats(FloatCC::LessThanOrEqual),
            Op::F32Ge | Op::F64Ge => self.compare_floats(FloatCC::GreaterThanOrEqual),
            Op::F64ConvertI32S | Op::F64ConvertI64S => self.unary(|b, x| b.fcvt_from_sint(types::F64, x)),
            Op::F64ConvertI32U | Op::F64ConvertI64U => self.unary(|b, x| b.fcvt_from_uint(types::F64, x)),
            Op::I32TruncSatF32S | Op::I32TruncSatF64S => self.unary(|b, x| b.fcvt_to_sint_sat(types::I32, x)),
            Op::I32TruncSatF64U if self.env.has_crude_extremes => self.truncate_to_u32(),
            Op::I32TruncSatF32U | Op::I32TruncSatF64U => self.unary(|b, x| b.fcvt_to_uint_sat(types::I32, x)),
            Op::I64TruncSatF32S | Op::I64TruncSatF64S => self.unary(|b, x| b.fcvt_to_sint_sat(types::I64, x)),
            Op::I64TruncSatF32U | Op::I64TruncSatF64U => self.unary(|b, x| b.fcvt_to_uint_sat(types::I64, x)),
            Op::I64ReinterpretF64 => self.unary(|b, x| b.bitcast(types::I64, MemFlagsData::new(), x)),
            Op::F64ReinterpretI64 => self.unary(|b, x| b.bitcast(types::F64, MemFlagsData::new(), x)),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The lesser of two doubles, or with the other condition the greater one: x, unless it is on the wrong side of y.
    ///
    /// A machine whose own instruction gives its second operand when a number is none, or both are zeros, has more to do for two numbers of
    /// which nothing is known. Against a constant that one instruction is enough: NaN stays, and where both can be zeros of different
    /// signs, 0 is added to what is then a zero of the wrong one.
    fn extreme(&mut self, condition: FloatCC) {
        let [y, x] = [self.pop(), self.pop()];
        let is_least = condition == FloatCC::GreaterThan;
        let limit = [(x, y), (y, x)].into_iter().find_map(|(x, limit)| Some((x, limit, self.float_of(limit)?)));
        // The greater of -0 and 0 is 0, but the lesser of 0 and -0 no sum makes of 0.
        let limit = limit.filter(|&(.., number)| {
            self.env.has_crude_extremes && !number.is_nan() && !(is_least && number == 0.0 && number.is_sign_negative())
        });
        let value = match limit {
            Some((x, limit, number)) => {
                let (less, more) = if is_least { (limit, x) } else { (x, limit) };
                let is_beyond = self.less(less, more);
                let value = self.builder.ins().select(is_beyond, limit, x);
                let needs_sum = !is_least && number == 0.0 && number.is_sign_positive();
                if needs_sum { self.builder.ins().fadd(value, limit) } else { value }
            }
            None if is_least => self.builder.ins().fmin(x, y),
            None => self.builder.ins().fmax(x, y),
        };
        self.push(value);
    }

    /// The double as an unsigned integer of 32 bits, without a branch: 0 for what is none or negative, and the greatest one for what is too
    /// large. The sum of an integer below 2^32 and 2^52 has that integer as its low bits.
    fn truncate_to_u32(&mut self) {
        let x = self.pop();
        let [zero, greatest, shift] =
            [0.0, f64::from(u32::MAX), (1_u64 << 52) as f64].map(|x| self.builder.ins().f64const(x));
        let is_positive = self.builder.ins().fcmp(FloatCC::LessThan, zero, x);
        let x = self.builder.ins().select(is_positive, x, zero);
        let fits = self.builder.ins().fcmp(FloatCC::LessThan, x, greatest);
        let x = self.builder.ins().select(fits, x, greatest);
        let x = self.builder.ins().trunc(x);
        let x = self.builder.ins().fadd(x, shift);
        let bits = self.builder.ins().bitcast(types::I64, MemFlagsData::new(), x);
        let value = self.builder.ins().ireduce(types::I32, bits);
        self.push(value);
    }

    /// Whether x is less than y.
    ///
    /// Cranelift makes one instruction of a choice between two numbers by that condition, and a branch of one by the other condition, which
    /// says the same.
    fn less(&mut self, x: Value, y: Value) -> Value {
        if self.predicts {
            self.builder.ins().fcmp(FloatCC::GreaterThan, y, x)
        } else {
            self.builder.ins().fcmp(FloatCC::LessThan, x, y)
        }
    }

    /// The double that a value is, where it is constant.
    pub(super) fn float_of(&self, value: Value) -> Option<f64> {
        let dfg = &self.builder.func.dfg;
        let ValueDef::Result(inst, _) = dfg.value_def(value) else { return None };
        let InstructionData::UnaryIeee64 { imm, .. } = dfg.insts[inst] else { return None };
        Some(f64::from_bits(imm.bits()))
    }

    fn compare_floats(&mut self, condition: FloatCC) {
        let [y, x] = [self.pop(), self.pop()];
        let is_less = condition == FloatCC::LessThan;
        let bit = if is_less { self.less(x, y) } else { self.builder.ins().fcmp(condition, x, y) };
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
