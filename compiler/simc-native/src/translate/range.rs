//! How large numbers can be, as far as the instructions that make them say so.

use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{Block, Inst, InstructionData, Opcode, Value, ValueDef};

use super::Translator;

/// How deep a bound of a value is looked for.
pub(super) const BOUND_DEPTH: u32 = 8;
/// How many sums a number is parted into.
const PART_DEPTH: usize = 16;

/// Of more ways to the end of a block none is looked at.
const MAX_WAYS: usize = 2;

impl Translator<'_, '_> {
    /// A number than which an i32, read as unsigned, is never greater.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the instructions that bound a number among hundreds")]
    pub(super) fn greatest(&self, value: Value, depth: u32) -> u64 {
        let any = u64::from(u32::MAX);
        let dfg = &self.builder.func.dfg;
        if let Some(&known) = self.greatest_of.get(&dfg.resolve_aliases(value)) {
            return known;
        }
        let Some(depth) = depth.checked_sub(1) else { return any };
        let inst = match dfg.value_def(value) {
            ValueDef::Result(inst, _) => inst,
            ValueDef::Param(block, number) => return self.greatest_of_ways(block, number, depth),
            ValueDef::Union(..) => return any,
        };
        let of = |value: Value| self.greatest(value, depth);
        let bound = match dfg.insts[inst] {
            InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } => imm.bits().cast_unsigned(),
            InstructionData::Unary { opcode: Opcode::Uextend, arg } => match dfg.value_type(arg).bits() {
                8 => 1,
                _ => any,
            },
            // Of other ones only the low bits are left, of which nothing is known.
            InstructionData::Unary { opcode: Opcode::Ireduce, arg } if self.is_narrow_load(arg) => of(arg),
            // Not a number becomes 0.
            InstructionData::Unary { opcode: Opcode::FcvtToSintSat, arg } => match self.float_range(arg, depth) {
                (least, greatest) if least >= 0.0 => greatest as u64,
                _ => any,
            },
            InstructionData::Load { opcode: Opcode::Uload8, .. } => u64::from(u8::MAX),
            InstructionData::Load { opcode: Opcode::Uload16, .. } => u64::from(u16::MAX),
            InstructionData::Binary { opcode, args: [x, y] } => match (opcode, self.constant_of(y)) {
                (Opcode::Band, _) => of(x).min(of(y)),
                (Opcode::Iadd, _) => of(x) + of(y),
                (Opcode::Imul, _) => of(x).saturating_mul(of(y)),
                (Opcode::Ishl, Some(by)) => of(x) << (by & 31),
                (Opcode::Ushr, Some(by)) => of(x) >> (by & 31),
                (Opcode::Urem, Some(divisor)) if divisor > 0 => (divisor - 1).min(any),
                _ => any,
            },
            InstructionData::Ternary { opcode: Opcode::Select, args: [_, x, y] } => of(x).max(of(y)),
            _ => any,
        };
        // What may have wrapped around is anything.
        if bound > any { any } else { bound }
    }

    /// Of a number that is handed to the end of a block: the greatest that any jump there hands on.
    fn greatest_of_ways(&self, block: Block, number: usize, depth: u32) -> u64 {
        let any = u64::from(u32::MAX);
        let Some(handed) = self.handed_on(block, number) else { return any };
        handed.into_iter().map(|(.., value)| self.greatest(value, depth)).max().unwrap_or(any)
    }

    /// What is handed to the end of a block as its parameter of that number: by which jump, to which of its destinations, and the value.
    /// None where there are many ways, or not all are known.
    pub(super) fn handed_on(&self, block: Block, number: usize) -> Option<Vec<(Inst, usize, Value)>> {
        let dfg = &self.builder.func.dfg;
        let ways = self.ways.get(&block).filter(|ways| ways.len() <= MAX_WAYS)?;
        let mut handed = Vec::new();
        for &way in ways {
            let destinations = dfg.insts[way].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
            for (position, call) in destinations.iter().enumerate() {
                if call.block(&dfg.value_lists) == block {
                    let arg = call.args(&dfg.value_lists).nth(number)?.as_value()?;
                    handed.push((way, position, dfg.resolve_aliases(arg)));
                }
            }
        }
        Some(handed)
    }

    /// Whether a value is one or two bytes of the memory, as they are.
    fn is_narrow_load(&self, value: Value) -> bool {
        let dfg = &self.builder.func.dfg;
        let inst = dfg.value_def(value).inst();
        inst.is_some_and(|inst| matches!(dfg.insts[inst].opcode(), Opcode::Uload8 | Opcode::Uload16))
    }

    /// By how much a number is greater than another one, where that is constant and nothing wraps around.
    pub(super) fn distance(&self, from: Value, to: Value) -> Option<u64> {
        let dfg = &self.builder.func.dfg;
        let ValueDef::Result(inst, _) = dfg.value_def(to) else { return None };
        let InstructionData::Binary { opcode: Opcode::Iadd, args: [x, y] } = dfg.insts[inst] else { return None };
        let distance = self.constant_of(y).filter(|_| self.is_same(x, from))?;
        (self.greatest(from, BOUND_DEPTH) + distance <= u64::from(u32::MAX)).then_some(distance)
    }

    /// A number as the sum of another one and a constant, so that accesses near each other have one address; nothing wraps around.
    pub(super) fn parted(&self, value: Value) -> (Value, u64) {
        let dfg = &self.builder.func.dfg;
        let (mut base, mut distance) = (value, 0);
        for _ in 0..PART_DEPTH {
            base = dfg.resolve_aliases(base);
            if let Some(&origin) = self.origins.get(&base) {
                base = origin;
                continue;
            }
            let ValueDef::Result(inst, _) = dfg.value_def(base) else { break };
            let InstructionData::Binary { opcode: Opcode::Iadd, args: [x, y] } = dfg.insts[inst] else { break };
            let Some(constant) = self.constant_of(y) else { break };
            (base, distance) = (x, distance + constant);
        }
        let fits = self.greatest(base, BOUND_DEPTH) + distance <= u64::from(u32::MAX);
        if fits { (base, distance) } else { (value, 0) }
    }

    /// Between which numbers a double is, unless it is none.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the instructions that bound a number among hundreds")]
    fn float_range(&self, value: Value, depth: u32) -> (f64, f64) {
        let any = (f64::NEG_INFINITY, f64::INFINITY);
        let dfg = &self.builder.func.dfg;
        let (ValueDef::Result(inst, _), Some(depth)) = (dfg.value_def(value), depth.checked_sub(1)) else { return any };
        let of = |value: Value| self.float_range(value, depth);
        match dfg.insts[inst] {
            InstructionData::UnaryIeee64 { imm, .. } => {
                let number = f64::from_bits(imm.bits());
                if number.is_nan() { any } else { (number, number) }
            }
            InstructionData::Binary { opcode, args: [x, y] } => match (opcode, of(x), of(y)) {
                (Opcode::Fmin, x, y) => (x.0.min(y.0), x.1.min(y.1)),
                (Opcode::Fmax, x, y) => (x.0.max(y.0), x.1.max(y.1)),
                // Rounding keeps the order of products.
                (Opcode::Fmul, x, y) if x.0 >= 0.0 && y.0 >= 0.0 && x.1.is_finite() && y.1.is_finite() => {
                    (x.0 * y.0, x.1 * y.1)
                }
                (Opcode::Fadd, x, (least, greatest)) if least.is_finite() && greatest.is_finite() => {
                    (x.0 + least, x.1 + greatest)
                }
                _ => any,
            },
            InstructionData::Ternary { opcode: Opcode::Select, args: [condition, limit, x] } => {
                let (range, Some(number)) = (of(x), self.float_of(limit).filter(|number| !number.is_nan())) else {
                    return any;
                };
                match self.is_less(condition) {
                    Some((less, more)) if self.is_same(less, limit) && self.is_same(more, x) => {
                        (range.0.min(number), range.1.min(number))
                    }
                    Some((less, more)) if self.is_same(less, x) && self.is_same(more, limit) => {
                        (range.0.max(number), range.1.max(number))
                    }
                    Some(_) | None => any,
                }
            }
            _ => any,
        }
    }
    /// Of which two doubles a condition says that the one is less than the other, or as much.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the comparisons among hundreds of instructions")]
    fn is_less(&self, condition: Value) -> Option<(Value, Value)> {
        let dfg = &self.builder.func.dfg;
        let ValueDef::Result(inst, _) = dfg.value_def(condition) else { return None };
        let inst = match dfg.insts[inst] {
            InstructionData::Unary { opcode: Opcode::Uextend, arg } => dfg.value_def(arg).inst()?,
            _ => inst,
        };
        let InstructionData::FloatCompare { cond, args: [x, y], .. } = dfg.insts[inst] else { return None };
        match cond {
            FloatCC::LessThan | FloatCC::LessThanOrEqual => Some((x, y)),
            FloatCC::GreaterThan | FloatCC::GreaterThanOrEqual => Some((y, x)),
            _ => None,
        }
    }

    fn is_same(&self, x: Value, y: Value) -> bool {
        let dfg = &self.builder.func.dfg;
        dfg.resolve_aliases(x) == dfg.resolve_aliases(y)
    }
}
