//! Vectors of 128 bits.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};
use cranelift_frontend::FuncInstBuilder;
use wasmparser::{MemArg, Operator};

use super::{Stop, Translator, VECTOR};

const F64X2: Type = types::F64X2;
const I64X2: Type = types::I64X2;
const I32X4: Type = types::I32X4;
const I8X16: Type = types::I8X16;

impl Translator<'_, '_> {
    /// Instructions on vectors, as far as doubles and integers of 32 and 64 bits are concerned. False for other ones.
    #[expect(clippy::wildcard_enum_match_arm, reason = "one group of hundreds of instructions")]
    #[rustfmt::skip]
    pub(super) fn translate_vector(&mut self, op: &Operator<'_>) -> Result<bool, Stop> {
        use Operator as Op;
        match *op {
            Op::V128Const { value } => {
                let bytes = self.builder.func.dfg.constants.insert(value.bytes().to_vec().into());
                let value = self.builder.ins().vconst(VECTOR, bytes);
                self.push(value);
            }
            Op::V128Load64Splat { memarg } => self.load_splat(memarg)?,
            Op::V128Load64Zero { memarg } => {
                let (address, offset) = self.address(memarg, 8)?;
                let value = self.builder.ins().load(types::I64, self.heap, address, offset);
                let value = self.builder.ins().scalar_to_vector(I64X2, value);
                self.push(value);
            }
            Op::V128Load64Lane { memarg, lane } => {
                let vector = self.pop_as(F64X2);
                let (address, offset) = self.address(memarg, 8)?;
                let value = self.builder.ins().load(types::F64, self.heap, address, offset);
                let value = self.builder.ins().insertlane(vector, value, lane);
                self.push(value);
            }
            Op::V128Store64Lane { memarg, lane } => {
                let vector = self.pop_as(F64X2);
                let value = self.builder.ins().extractlane(vector, lane);
                let (address, offset) = self.address(memarg, 8)?;
                self.builder.ins().store(self.heap, value, address, offset);
            }
            Op::F64x2Splat => self.unary(|b, x| b.splat(F64X2, x)),
            Op::I64x2Splat => self.unary(|b, x| b.splat(I64X2, x)),
            Op::I32x4Splat => self.unary(|b, x| b.splat(I32X4, x)),
            Op::F64x2ExtractLane { lane } => self.extract(F64X2, lane),
            Op::I64x2ExtractLane { lane } => self.extract(I64X2, lane),
            Op::I32x4ExtractLane { lane } => self.extract(I32X4, lane),
            Op::F64x2ReplaceLane { lane } => self.replace(F64X2, lane),
            Op::I64x2ReplaceLane { lane } => self.replace(I64X2, lane),
            Op::I32x4ReplaceLane { lane } => self.replace(I32X4, lane),
            Op::I8x16Shuffle { lanes } => {
                let [y, x] = [self.pop_as(I8X16), self.pop_as(I8X16)];
                let mask = self.builder.func.dfg.immediates.push(lanes.to_vec().into());
                let value = self.builder.ins().shuffle(x, y, mask);
                self.push(value);
            }
            Op::F64x2Add => self.vectors(F64X2, |b, x, y| b.fadd(x, y)),
            Op::F64x2Sub => self.vectors(F64X2, |b, x, y| b.fsub(x, y)),
            Op::F64x2Mul => self.vectors(F64X2, |b, x, y| b.fmul(x, y)),
            Op::F64x2Div => self.vectors(F64X2, |b, x, y| b.fdiv(x, y)),
            Op::F64x2Min => self.vectors(F64X2, |b, x, y| b.fmin(x, y)),
            Op::F64x2Max => self.vectors(F64X2, |b, x, y| b.fmax(x, y)),
            Op::F64x2PMin => self.choose(|x, y| (y, x)),
            Op::F64x2PMax => self.choose(|x, y| (x, y)),
            Op::F64x2Abs => self.vector(F64X2, |b, x| b.fabs(x)),
            Op::F64x2Neg => self.vector(F64X2, |b, x| b.fneg(x)),
            Op::F64x2Sqrt => self.vector(F64X2, |b, x| b.sqrt(x)),
            Op::F64x2Ceil => self.vector(F64X2, |b, x| b.ceil(x)),
            Op::F64x2Floor => self.vector(F64X2, |b, x| b.floor(x)),
            Op::F64x2Trunc => self.vector(F64X2, |b, x| b.trunc(x)),
            Op::F64x2Nearest => self.vector(F64X2, |b, x| b.nearest(x)),
            Op::F64x2Eq => self.vectors(F64X2, |b, x, y| b.fcmp(FloatCC::Equal, x, y)),
            Op::F64x2Ne => self.vectors(F64X2, |b, x, y| b.fcmp(FloatCC::NotEqual, x, y)),
            Op::F64x2Lt => self.vectors(F64X2, |b, x, y| b.fcmp(FloatCC::LessThan, x, y)),
            Op::F64x2Gt => self.vectors(F64X2, |b, x, y| b.fcmp(FloatCC::GreaterThan, x, y)),
            Op::F64x2Le => self.vectors(F64X2, |b, x, y| b.fcmp(FloatCC::LessThanOrEqual, x, y)),
            Op::F64x2Ge => self.vectors(F64X2, |b, x, y| b.fcmp(FloatCC::GreaterThanOrEqual, x, y)),
            Op::I64x2Add => self.vectors(I64X2, |b, x, y| b.iadd(x, y)),
            Op::I64x2Sub => self.vectors(I64X2, |b, x, y| b.isub(x, y)),
            Op::I64x2Mul => self.vectors(I64X2, |b, x, y| b.imul(x, y)),
            Op::I64x2Eq => self.vectors(I64X2, |b, x, y| b.icmp(IntCC::Equal, x, y)),
            Op::I64x2Ne => self.vectors(I64X2, |b, x, y| b.icmp(IntCC::NotEqual, x, y)),
            Op::I64x2LtS => self.vectors(I64X2, |b, x, y| b.icmp(IntCC::SignedLessThan, x, y)),
            Op::I64x2GtS => self.vectors(I64X2, |b, x, y| b.icmp(IntCC::SignedGreaterThan, x, y)),
            Op::I64x2LeS => self.vectors(I64X2, |b, x, y| b.icmp(IntCC::SignedLessThanOrEqual, x, y)),
            Op::I64x2GeS => self.vectors(I64X2, |b, x, y| b.icmp(IntCC::SignedGreaterThanOrEqual, x, y)),
            Op::I64x2Neg => self.vector(I64X2, |b, x| b.ineg(x)),
            Op::I64x2Abs => self.vector(I64X2, |b, x| b.iabs(x)),
            Op::I64x2Shl => self.shift(I64X2, |b, x, by| b.ishl(x, by)),
            Op::I64x2ShrS => self.shift(I64X2, |b, x, by| b.sshr(x, by)),
            Op::I64x2ShrU => self.shift(I64X2, |b, x, by| b.ushr(x, by)),
            Op::I32x4Add => self.vectors(I32X4, |b, x, y| b.iadd(x, y)),
            Op::I32x4Sub => self.vectors(I32X4, |b, x, y| b.isub(x, y)),
            Op::I32x4Mul => self.vectors(I32X4, |b, x, y| b.imul(x, y)),
            Op::I32x4Shl => self.shift(I32X4, |b, x, by| b.ishl(x, by)),
            Op::I32x4ShrS => self.shift(I32X4, |b, x, by| b.sshr(x, by)),
            Op::I32x4ShrU => self.shift(I32X4, |b, x, by| b.ushr(x, by)),
            Op::V128And => self.vectors(I64X2, |b, x, y| b.band(x, y)),
            Op::V128Or => self.vectors(I64X2, |b, x, y| b.bor(x, y)),
            Op::V128Xor => self.vectors(I64X2, |b, x, y| b.bxor(x, y)),
            Op::V128AndNot => self.vectors(I64X2, |b, x, y| b.band_not(x, y)),
            Op::V128Not => self.vector(I64X2, |b, x| b.bnot(x)),
            Op::V128Bitselect => {
                let [mask, y, x] = [self.pop_as(I64X2), self.pop_as(I64X2), self.pop_as(I64X2)];
                let value = self.builder.ins().bitselect(mask, x, y);
                self.push(value);
            }
            Op::V128AnyTrue => {
                let x = self.pop_as(I64X2);
                let bit = self.builder.ins().vany_true(x);
                self.push_bit(bit);
            }
            Op::I64x2AllTrue => {
                let x = self.pop_as(I64X2);
                let bit = self.builder.ins().vall_true(x);
                self.push_bit(bit);
            }
            Op::F64x2ConvertLowI32x4S => self.vector(I32X4, |b, x| b.swiden_low(x)),
            Op::I64x2ExtendLowI32x4S => self.vector(I32X4, |b, x| b.swiden_low(x)),
            Op::I64x2ExtendLowI32x4U => self.vector(I32X4, |b, x| b.uwiden_low(x)),
            _ => return Ok(false),
        }
        if matches!(op, Op::F64x2ConvertLowI32x4S) {
            self.vector(I64X2, |b, x| b.fcvt_from_sint(F64X2, x));
        }
        Ok(true)
    }

    fn pop_as(&mut self, ty: Type) -> Value {
        let value = self.pop();
        self.cast(value, ty)
    }

    fn vector(&mut self, ty: Type, emit: impl FnOnce(FuncInstBuilder<'_, '_>, Value) -> Value) {
        let x = self.pop_as(ty);
        let value = emit(self.builder.ins(), x);
        self.push(value);
    }

    fn vectors(&mut self, ty: Type, emit: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value) {
        let [y, x] = [self.pop_as(ty), self.pop_as(ty)];
        let value = emit(self.builder.ins(), x, y);
        self.push(value);
    }

    fn shift(&mut self, ty: Type, emit: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value) {
        let by = self.pop();
        let x = self.pop_as(ty);
        let value = emit(self.builder.ins(), x, by);
        self.push(value);
    }

    fn extract(&mut self, ty: Type, lane: u8) {
        self.vector(ty, |b, x| b.extractlane(x, lane));
    }

    fn replace(&mut self, ty: Type, lane: u8) {
        let value = self.pop();
        self.vector(ty, |b, x| b.insertlane(x, value, lane));
    }

    /// The second operand where the first of a pair is less than the other one, else the first operand.
    fn choose(&mut self, pair: impl FnOnce(Value, Value) -> (Value, Value)) {
        let [y, x] = [self.pop_as(F64X2), self.pop_as(F64X2)];
        let (less, than) = pair(x, y);
        let mask = self.builder.ins().fcmp(FloatCC::LessThan, less, than);
        let mask = self.cast(mask, F64X2);
        let value = self.builder.ins().bitselect(mask, y, x);
        self.push(value);
    }

    fn load_splat(&mut self, memarg: MemArg) -> Result<(), Stop> {
        let (address, offset) = self.address(memarg, 8)?;
        let value = self.builder.ins().load(types::F64, self.heap, address, offset);
        let value = self.builder.ins().splat(F64X2, value);
        self.push(value);
        Ok(())
    }
}
