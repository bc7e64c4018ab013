//! The memory: every access within its bounds, or a trap.
//!
//! A check is left out where the address is known to be small enough: a constant, [what makes a number small](super::range), the counter of
//! [a loop that counts](super::loops), or an address that was checked before on every way that leads here. Accesses from one address, of
//! which each follows the other for certain, share the first one's check, whose bound falls to that of the farthest: a trap then comes a
//! few instructions sooner. An instance that has trapped does nothing more, and what it holds means nothing.

use std::collections::BTreeMap;

use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::immediates::Imm64;
use cranelift_codegen::ir::{
    AbiParam, AliasRegionData, BlockArg, Endianness, ExternalName, Function, GlobalValue, GlobalValueData, Inst,
    InstBuilder, InstructionData, MemFlagsData, Opcode, Signature, Type, UserExternalName, Value, ValueDef, types,
};
use cranelift_frontend::FunctionBuilder;
use wasmparser::{MemArg, Operator};

use super::range::BOUND_DEPTH;
use super::{COPY, DATA, FILL, RUNTIME, Stop, Translator, VECTOR};
use crate::trap::Trap;

/// What is known of addresses.
#[derive(Default)]
pub(super) struct Checks {
    known: BTreeMap<Value, Check>,
    /// What was known before each change, for where a block ends that may have been left early.
    log: Vec<(Value, Option<Check>)>,
    /// Which instructions are certain to be reached once one of them is.
    region: Region,
    /// How many regions there are.
    regions: u32,
}

/// Instructions of which all are reached, or trapped before, if the first one is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Region(u32);

/// An address from which that many bytes lie within the memory.
#[derive(Clone, Copy)]
struct Check {
    bytes: u64,
    /// The constant with which the address was compared.
    bound: Inst,
    region: Region,
}

impl Checks {
    /// Where the log is.
    pub(super) fn mark(&self) -> usize {
        self.log.len()
    }

    /// Forgets what was learnt since a mark.
    pub(super) fn forget(&mut self, mark: usize) {
        while self.log.len() > mark {
            match self.log.pop() {
                Some((address, Some(check))) => drop(self.known.insert(address, check)),
                Some((address, None)) => drop(self.known.remove(&address)),
                None => {}
            }
        }
    }

    /// What follows is not certain to be reached from what was before.
    pub(super) fn cross(&mut self) {
        self.regions += 1;
        self.region = Region(self.regions);
    }

    /// Where we are.
    pub(super) fn region(&self) -> Region {
        self.region
    }

    /// What follows is certain to be reached from a region, whatever way was taken.
    pub(super) fn rejoin(&mut self, region: Region) {
        self.region = region;
    }
}

/// Bytes that are copied or filled in place.
const IN_PLACE: u64 = 320;

/// How the memory and the globals are accessed: they never overlap, and no access faults.
pub(super) fn regions(func: &mut Function) -> [MemFlagsData; 2] {
    [(0, "memory"), (1, "globals")].map(|(user_id, name)| {
        let region = func.dfg.alias_regions.insert(AliasRegionData { user_id, description: name.into() });
        MemFlagsData::new().with_notrap().with_endianness(Endianness::Little).with_alias_region(Some(region))
    })
}

/// The signature of what fills or copies: address, byte or address, count.
pub(crate) fn bulk_signature(conv: cranelift_codegen::isa::CallConv) -> Signature {
    let mut signature = Signature::new(conv);
    signature.params.extend([AbiParam::new(types::I64); 3]);
    signature
}

/// Where the bytes of the data segments are.
pub(crate) fn data_symbol(builder: &mut FunctionBuilder<'_>) -> GlobalValue {
    let name = UserExternalName { namespace: RUNTIME, index: DATA };
    let name = ExternalName::user(builder.func.declare_imported_user_function(name));
    let data = GlobalValueData::Symbol { name, offset: 0.into(), colocated: true, tls: false };
    builder.create_global_value(data)
}

impl Translator<'_, '_> {
    /// Instructions that access the memory. False for other ones.
    #[expect(clippy::wildcard_enum_match_arm, reason = "one group of hundreds of instructions")]
    #[rustfmt::skip]
    pub(super) fn translate_memory(&mut self, op: &Operator<'_>) -> Result<bool, Stop> {
        use Operator as Op;
        match *op {
            Op::I32Load { memarg } => self.load(types::I32, Opcode::Load, memarg, 4)?,
            Op::I64Load { memarg } => self.load(types::I64, Opcode::Load, memarg, 8)?,
            Op::F32Load { memarg } => self.load(types::F32, Opcode::Load, memarg, 4)?,
            Op::F64Load { memarg } => self.load(types::F64, Opcode::Load, memarg, 8)?,
            Op::V128Load { memarg } => self.load(VECTOR, Opcode::Load, memarg, 16)?,
            Op::I32Load8U { memarg } => self.load(types::I32, Opcode::Uload8, memarg, 1)?,
            Op::I32Load8S { memarg } => self.load(types::I32, Opcode::Sload8, memarg, 1)?,
            Op::I32Load16U { memarg } => self.load(types::I32, Opcode::Uload16, memarg, 2)?,
            Op::I32Load16S { memarg } => self.load(types::I32, Opcode::Sload16, memarg, 2)?,
            Op::I64Load8U { memarg } => self.load(types::I64, Opcode::Uload8, memarg, 1)?,
            Op::I64Load8S { memarg } => self.load(types::I64, Opcode::Sload8, memarg, 1)?,
            Op::I64Load16U { memarg } => self.load(types::I64, Opcode::Uload16, memarg, 2)?,
            Op::I64Load16S { memarg } => self.load(types::I64, Opcode::Sload16, memarg, 2)?,
            Op::I64Load32U { memarg } => self.load(types::I64, Opcode::Uload32, memarg, 4)?,
            Op::I64Load32S { memarg } => self.load(types::I64, Opcode::Sload32, memarg, 4)?,
            Op::I32Store { memarg } | Op::F32Store { memarg } => self.store(Opcode::Store, memarg, 4)?,
            Op::I64Store { memarg } | Op::F64Store { memarg } => self.store(Opcode::Store, memarg, 8)?,
            Op::V128Store { memarg } => self.store(Opcode::Store, memarg, 16)?,
            Op::I32Store8 { memarg } | Op::I64Store8 { memarg } => self.store(Opcode::Istore8, memarg, 1)?,
            Op::I32Store16 { memarg } | Op::I64Store16 { memarg } => self.store(Opcode::Istore16, memarg, 2)?,
            Op::I64Store32 { memarg } => self.store(Opcode::Istore32, memarg, 4)?,
            Op::MemorySize { .. } => {
                let pages = self.env.module.memory_bytes >> 16;
                let pages = self.iconst(types::I32, pages);
                self.push(pages);
            }
            Op::MemoryFill { .. } => self.fill()?,
            Op::MemoryCopy { .. } => self.copy()?,
            Op::MemoryInit { data_index, .. } => self.init(data_index)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn load(&mut self, ty: Type, opcode: Opcode, memarg: MemArg, size: u64) -> Result<(), Stop> {
        let (address, offset) = self.address(memarg, size)?;
        let value = if ty == types::I32 && matches!(opcode, Opcode::Uload8 | Opcode::Uload16) {
            let wide = self.emit_load(types::I64, opcode, address, offset);
            let value = self.builder.ins().ireduce(ty, wide);
            self.widened.insert(value, wide);
            value
        } else {
            self.emit_load(ty, opcode, address, offset)
        };
        self.push(value);
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the loads among hundreds of opcodes")]
    fn emit_load(&mut self, ty: Type, opcode: Opcode, address: Value, offset: i32) -> Value {
        let (flags, ins) = (self.heap, self.builder.ins());
        match opcode {
            Opcode::Uload8 => ins.uload8(ty, flags, address, offset),
            Opcode::Sload8 => ins.sload8(ty, flags, address, offset),
            Opcode::Uload16 => ins.uload16(ty, flags, address, offset),
            Opcode::Sload16 => ins.sload16(ty, flags, address, offset),
            Opcode::Uload32 => ins.uload32(flags, address, offset),
            Opcode::Sload32 => ins.sload32(flags, address, offset),
            _ => ins.load(ty, flags, address, offset),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the stores among hundreds of opcodes")]
    fn store(&mut self, opcode: Opcode, memarg: MemArg, size: u64) -> Result<(), Stop> {
        let value = self.pop();
        let (address, offset) = self.address(memarg, size)?;
        let (flags, ins) = (self.heap, self.builder.ins());
        match opcode {
            Opcode::Istore8 => ins.istore8(flags, value, address, offset),
            Opcode::Istore16 => ins.istore16(flags, value, address, offset),
            Opcode::Istore32 => ins.istore32(flags, value, address, offset),
            _ => ins.store(flags, value, address, offset),
        };
        Ok(())
    }

    /// The address on top of the stack, checked for an access of that many bytes: an address of the machine and an offset to it.
    pub(super) fn address(&mut self, memarg: MemArg, size: u64) -> Result<(Value, i32), Stop> {
        let base = self.pop();
        let base = self.builder.func.dfg.resolve_aliases(base);
        let memory = self.env.module.memory_bytes;
        let bytes = memarg.offset.saturating_add(size);
        let constant = self.constant_of(base);
        if bytes > memory || constant.is_some_and(|constant| constant + bytes > memory) {
            // Never within bounds: what follows the trap is not reached, whatever it accesses.
            let always = self.iconst(types::I32, 1);
            self.trap_if(always, Trap::OutOfBounds)?;
            return Ok((self.instance, 0));
        }
        if let Some(constant) = constant {
            return Ok(self.displaced(self.instance, self.env.layout.memory + constant + memarg.offset));
        }
        self.check(base, bytes)?;
        let (base, distance) = self.parted(base);
        let wide = self.widen(base);
        let address = self.builder.ins().iadd(self.instance, wide);
        Ok(self.displaced(address, self.env.layout.memory + memarg.offset + distance))
    }

    /// An i32 as 64 bits, the upper ones 0: made once, where the i32 is.
    fn widen(&mut self, value: Value) -> Value {
        let value = self.builder.func.dfg.resolve_aliases(value);
        if let Some(&wide) = self.widened.get(&value) {
            return wide;
        }
        if let Some(wide) = self.widen_where_handed_on(value) {
            return wide;
        }
        self.builder.ensure_inserted_block();
        let def = self.builder.func.dfg.value_def(value);
        let cursor = FuncCursor::new(self.builder.func);
        let mut cursor = match def {
            ValueDef::Result(inst, _) => cursor.after_inst(inst),
            ValueDef::Param(block, _) => cursor.at_first_insertion_point(block),
            ValueDef::Union(..) => return self.builder.ins().uextend(types::I64, value),
        };
        let wide = cursor.ins().uextend(types::I64, value);
        self.widened.insert(value, wide);
        wide
    }

    /// The same of what is handed to the end of a block, where a jump there has it in 64 bits already: all of them hand it on so then, and
    /// the value itself is a part of what arrives.
    fn widen_where_handed_on(&mut self, value: Value) -> Option<Value> {
        let ValueDef::Param(block, number) = self.builder.func.dfg.value_def(value) else { return None };
        let handed = self.handed_on(block, number)?;
        if !handed.iter().any(|(.., arg)| self.widened.contains_key(arg)) {
            return None;
        }
        let greatest = self.greatest(value, BOUND_DEPTH);
        self.greatest_of.insert(value, greatest);
        for (way, destination, arg) in handed {
            let func = &mut *self.builder.func;
            let known = self.widened.get(&arg).copied();
            let wide = known.unwrap_or_else(|| FuncCursor::new(func).at_inst(way).ins().uextend(types::I64, arg));
            let dfg = &mut func.dfg;
            let destinations = dfg.insts[way].branch_destination_mut(&mut dfg.jump_tables, &mut dfg.exception_tables);
            let mut position = 0..;
            destinations[destination].update_args(&mut dfg.value_lists, |arg| {
                if position.next() == Some(number) { BlockArg::from(wide) } else { arg }
            });
        }
        self.builder.ensure_inserted_block();
        let wide = self.builder.func.dfg.replace_block_param(value, types::I64);
        let mut start = FuncCursor::new(self.builder.func).at_first_insertion_point(block);
        start.ins().with_result(value).ireduce(types::I32, wide);
        self.widened.insert(value, wide);
        Some(wide)
    }

    /// An address and an offset that instructions can hold.
    fn displaced(&mut self, address: Value, offset: u64) -> (Value, i32) {
        if let Ok(offset) = i32::try_from(offset) {
            return (address, offset);
        }
        let offset = self.iconst(types::I64, offset);
        (self.builder.ins().iadd(address, offset), 0)
    }

    /// Traps unless that many bytes from an address on lie within the memory, which has as many.
    fn check(&mut self, base: Value, bytes: u64) -> Result<(), Stop> {
        let bound = self.env.module.memory_bytes - bytes;
        if self.greatest(base, BOUND_DEPTH) <= bound {
            return Ok(());
        }
        let before = self.checks.known.get(&base).copied();
        let mut check = match before {
            Some(check) if check.bytes >= bytes => return Ok(()),
            Some(check) if check.region == self.checks.region => {
                // It may be less already, for an access of which nothing is known any more.
                if let InstructionData::UnaryImm { imm, .. } = &mut self.builder.func.dfg.insts[check.bound] {
                    *imm = Imm64::new(imm.bits().min(bound.cast_signed()));
                }
                check
            }
            Some(_) | None => {
                let limit = self.iconst(types::I32, bound);
                let ValueDef::Result(inst, _) = self.builder.func.dfg.value_def(limit) else { return Ok(()) };
                let outside = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, base, limit);
                self.trap_if(outside, Trap::OutOfBounds)?;
                Check { bytes, bound: inst, region: self.checks.region }
            }
        };
        check.bytes = bytes;
        self.checks.log.push((base, before));
        self.checks.known.insert(base, check);
        Ok(())
    }

    /// The value of a constant.
    pub(super) fn constant_of(&self, value: Value) -> Option<u64> {
        let dfg = &self.builder.func.dfg;
        let ValueDef::Result(inst, _) = dfg.value_def(value) else { return None };
        let InstructionData::UnaryImm { opcode: Opcode::Iconst, imm } = dfg.insts[inst] else { return None };
        Some(imm.bits().cast_unsigned())
    }

    fn fill(&mut self) -> Result<(), Stop> {
        let [count, byte, to] = [self.pop(), self.pop(), self.pop()];
        let address = self.range(to, count)?;
        if let (Some(count @ ..=IN_PLACE), Some(byte)) = (self.constant_of(count), self.constant_of(byte)) {
            // The low eight bits count.
            let bytes = self.builder.func.dfg.constants.insert(vec![byte as u8; 16].into());
            let sixteen = self.builder.ins().vconst(types::I64X2, bytes);
            for (at, ty) in pieces(count) {
                let value = if ty == types::I64X2 {
                    sixteen
                } else {
                    let word = u64::from_le_bytes([byte as u8; 8]) >> (64 - ty.bits());
                    self.builder.ins().iconst(ty, word.cast_signed())
                };
                self.builder.ins().store(self.heap, value, address, at);
            }
            return Ok(());
        }
        let byte = self.builder.ins().uextend(types::I64, byte);
        let count = self.builder.ins().uextend(types::I64, count);
        self.call_runtime(FILL, [address, byte, count]);
        Ok(())
    }

    fn copy(&mut self) -> Result<(), Stop> {
        let [count, from, to] = [self.pop(), self.pop(), self.pop()];
        let from = self.range(from, count)?;
        let to = self.range(to, count)?;
        self.copy_range(to, from, count, self.heap);
        Ok(())
    }

    /// Copies a part of a passive segment; that of a new instance's memory is empty by now.
    fn init(&mut self, segment: u32) -> Result<(), Stop> {
        let [count, from, to] = [self.pop(), self.pop(), self.pop()];
        let segment = &self.env.module.segments[segment as usize];
        let size = if segment.offset.is_none() { segment.bytes.len() as u64 } else { 0 };
        self.check_range(from, count, size)?;
        let to = self.range(to, count)?;
        let data = data_symbol(&mut self.builder);
        let data = self.builder.ins().symbol_value(types::I64, data);
        let [at, from] = [self.iconst(types::I64, segment.at), self.builder.ins().uextend(types::I64, from)];
        let data = self.builder.ins().iadd(data, at);
        let from = self.builder.ins().iadd(data, from);
        self.copy_range(to, from, count, MemFlagsData::new().with_notrap());
        Ok(())
    }

    /// Copies between addresses of the machine; `source` is how the first one is read.
    fn copy_range(&mut self, to: Value, from: Value, count: Value, source: MemFlagsData) {
        if let Some(count @ ..=IN_PLACE) = self.constant_of(count) {
            // Everything is read before anything is written: the two may overlap.
            let mut values = Vec::new();
            for (at, ty) in pieces(count) {
                values.push((at, self.builder.ins().load(ty, source, from, at)));
            }
            for (at, value) in values {
                self.builder.ins().store(self.heap, value, to, at);
            }
            return;
        }
        let count = self.builder.ins().uextend(types::I64, count);
        self.call_runtime(COPY, [to, from, count]);
    }

    /// Traps unless a range ends at a limit or before it.
    fn check_range(&mut self, start: Value, count: Value, limit: u64) -> Result<(), Stop> {
        if self.greatest(start, BOUND_DEPTH) + self.greatest(count, BOUND_DEPTH) <= limit {
            return Ok(());
        }
        let [start, count] = [start, count].map(|value| self.builder.ins().uextend(types::I64, value));
        let end = self.builder.ins().iadd(start, count);
        let limit = self.iconst(types::I64, limit);
        let outside = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
        self.trap_if(outside, Trap::OutOfBounds)
    }

    /// The address of the machine of a range of the memory, or a trap.
    fn range(&mut self, start: Value, count: Value) -> Result<Value, Stop> {
        self.check_range(start, count, self.env.module.memory_bytes)?;
        let wide = self.builder.ins().uextend(types::I64, start);
        let offset = self.iconst(types::I64, self.env.layout.memory);
        let memory = self.builder.ins().iadd(self.instance, offset);
        Ok(self.builder.ins().iadd(memory, wide))
    }

    fn call_runtime(&mut self, which: u32, args: [Value; 3]) {
        let conv = self.env.conv;
        let callee = self.callee(RUNTIME, which, || bulk_signature(conv));
        self.builder.ins().call(callee, &args);
    }
}

/// So many bytes in pieces that a register holds, with their offsets.
fn pieces(count: u64) -> Vec<(i32, Type)> {
    const TYPES: [(u64, Type); 5] =
        [(16, types::I64X2), (8, types::I64), (4, types::I32), (2, types::I16), (1, types::I8)];
    let mut pieces = Vec::new();
    let mut at = 0;
    for (size, ty) in TYPES {
        while count - at >= size {
            // At most a hundred.
            pieces.push((at as i32, ty));
            at += size;
        }
    }
    pieces
}
