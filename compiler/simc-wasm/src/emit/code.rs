//! A function under construction: a buffer of instructions, and locals that are allocated while it fills.

use std::collections::BTreeMap;

use wasm_encoder::{Encode, Function, Ieee64, Instruction, MemArg, ValType};

/// Types that the emitter uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ty {
    /// Numbers of the model.
    F64,
    /// Truth values, indices, addresses.
    I32,
    /// Steps.
    I64,
    /// Two numbers, or two truth values with all bits of a half alike.
    V128,
}

/// Pushing a number takes 9 bytes, pushing a local 2 or 3.
const MIN_SHARED: u32 = 3;
/// So many instructions are bound by how long each waits for others, and a branch that is predicted
/// right waits for nothing. More of them are bound by how many there are.
const FEW: usize = 1500;

/// Parameters and results of a function.
pub(crate) type Signature = (&'static [Ty], &'static [Ty]);

/// A function that is done.
#[derive(Debug)]
pub(crate) struct Encoded {
    /// Its body.
    pub(crate) function: Function,
    /// Where in the body each `call` is.
    pub(crate) calls: Vec<u32>,
    /// How many bytes it would be if no number were shared.
    pub(crate) unshared_bytes: usize,
}

/// A local of the function under construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Local {
    index: u32,
    ty: Ty,
}

/// The function under construction.
#[derive(Debug, Default)]
pub(crate) struct Code {
    n_params: u32,
    /// Those after the parameters.
    locals: Vec<Ty>,
    /// Locals whose last use is after us, by type.
    free: [Vec<Local>; 4],
    instructions: Vec<Instruction<'static>>,
}

impl Ty {
    /// The same for the encoder.
    pub(crate) fn encoded(self) -> ValType {
        match self {
            Ty::F64 => ValType::F64,
            Ty::I32 => ValType::I32,
            Ty::I64 => ValType::I64,
            Ty::V128 => ValType::V128,
        }
    }
}

impl Code {
    /// An empty function and its parameters.
    pub(crate) fn new<const N: usize>(params: [Ty; N]) -> (Self, [Local; N]) {
        let mut index = 0;
        let params = params.map(|ty| {
            index += 1;
            Local { index: index - 1, ty }
        });
        (Self { n_params: index, ..Self::default() }, params)
    }

    /// A local of which nothing is known but that no one else uses it.
    pub(crate) fn local(&mut self, ty: Ty) -> Local {
        self.free[ty as usize].pop().unwrap_or_else(|| {
            let index = self.n_params + u32::try_from(self.locals.len()).expect("fewer than 2^32 locals");
            self.locals.push(ty);
            Local { index, ty }
        })
    }

    /// Gives a local back.
    pub(crate) fn release(&mut self, local: Local) {
        self.free[local.ty as usize].push(local);
    }

    /// Appends one instruction.
    pub(crate) fn push(&mut self, instruction: Instruction<'static>) -> &mut Self {
        self.instructions.push(instruction);
        self
    }

    /// Pushes a local's value; a `set` of it just before becomes a `tee`.
    pub(crate) fn get(&mut self, local: Local) -> &mut Self {
        if self.ends_with_set(local) {
            self.instructions.pop();
            self.push(Instruction::LocalTee(local.index))
        } else {
            self.push(Instruction::LocalGet(local.index))
        }
    }

    /// Pushes a local's value for the last time: a `set` of it just before is undone instead.
    pub(crate) fn take(&mut self, local: Local) -> &mut Self {
        if self.ends_with_set(local) {
            self.instructions.pop();
            self
        } else {
            self.push(Instruction::LocalGet(local.index))
        }
    }

    /// Pops into a local.
    pub(crate) fn set(&mut self, local: Local) -> &mut Self {
        self.push(Instruction::LocalSet(local.index))
    }

    /// Copies the top of the stack into a local.
    pub(crate) fn tee(&mut self, local: Local) -> &mut Self {
        self.push(Instruction::LocalTee(local.index))
    }

    /// Pushes a number.
    pub(crate) fn f64(&mut self, value: f64) -> &mut Self {
        self.push(Instruction::F64Const(Ieee64::from(value)))
    }

    /// Pushes a 32-bit integer.
    pub(crate) fn i32(&mut self, value: i32) -> &mut Self {
        self.push(Instruction::I32Const(value))
    }

    /// Pushes an address or a size.
    pub(crate) fn u32(&mut self, value: u32) -> &mut Self {
        self.i32(value.cast_signed())
    }

    /// Pushes a 64-bit integer.
    pub(crate) fn i64(&mut self, value: i64) -> &mut Self {
        self.push(Instruction::I64Const(value))
    }

    /// Pops an address, pushes the number `offset` bytes after it.
    pub(crate) fn load(&mut self, offset: u32) -> &mut Self {
        self.push(Instruction::F64Load(f64_at(offset)))
    }

    /// Pops a number and an address, stores the number `offset` bytes after the address.
    pub(crate) fn store(&mut self, offset: u32) -> &mut Self {
        self.push(Instruction::F64Store(f64_at(offset)))
    }

    /// Pushes a number twice.
    pub(crate) fn pair(&mut self, value: f64) -> &mut Self {
        let bits = u128::from(value.to_bits());
        self.push(Instruction::V128Const((bits << 64 | bits).cast_signed()))
    }

    /// Pops two numbers, pushes one of them.
    pub(crate) fn half(&mut self, lane: u8) -> &mut Self {
        self.push(Instruction::F64x2ExtractLane(lane))
    }

    /// Pops an address, pushes the two numbers from `offset` bytes after it on.
    pub(crate) fn load_pair(&mut self, offset: u32) -> &mut Self {
        self.push(Instruction::V128Load(f64_at(offset)))
    }

    /// Pops an address, pushes the number `offset` bytes after it twice.
    pub(crate) fn load_twice(&mut self, offset: u32) -> &mut Self {
        self.push(Instruction::V128Load64Splat(f64_at(offset)))
    }

    /// Pushes the numbers that are `offset` bytes after two addresses.
    pub(crate) fn load_halves(&mut self, addresses: [Local; 2], offset: u32) -> &mut Self {
        self.get(addresses[1]).get(addresses[0]).push(Instruction::V128Load64Zero(f64_at(offset)));
        self.push(Instruction::V128Load64Lane { memarg: f64_at(offset), lane: 1 })
    }

    /// Pops two numbers and an address, stores them from `offset` bytes after the address on.
    pub(crate) fn store_pair(&mut self, offset: u32) -> &mut Self {
        self.push(Instruction::V128Store(f64_at(offset)))
    }

    /// Declares the locals and encodes everything.
    pub(crate) fn finish(mut self) -> Encoded {
        let saved = self.share_constants();
        if self.instructions.len() <= FEW {
            self.turn_choices();
        }
        let mut encoded = self.encode();
        encoded.unshared_bytes += saved;
        encoded
    }

    fn encode(self) -> Encoded {
        let mut runs: Vec<(u32, ValType)> = Vec::new();
        for ty in self.locals {
            match runs.last_mut() {
                Some((count, last)) if *last == ty.encoded() => *count += 1,
                _ => runs.push((1, ty.encoded())),
            }
        }
        let mut function = Function::new(runs);
        let start = function.byte_len();
        let (mut bytes, mut calls) = (Vec::new(), Vec::new());
        for instruction in &self.instructions {
            if let Instruction::Call(_) = instruction {
                calls.push(u32::try_from(start + bytes.len()).expect("a function has fewer than 2^32 bytes"));
            }
            instruction.encode(&mut bytes);
        }
        Instruction::End.encode(&mut bytes);
        function.raw(bytes);
        let unshared_bytes = function.byte_len();
        Encoded { function, calls, unshared_bytes }
    }

    /// Writes choices by "less" as choices by "greater" of the same two numbers, turned around. Cranelift makes one
    /// instruction of the former and a branch of the latter, as other engines do of both.
    fn turn_choices(&mut self) {
        let is_plain = |push: &Instruction<'_>| matches!(push, Instruction::LocalGet(_) | Instruction::F64Const(_));
        for at in 3..self.instructions.len() {
            if let [x, y, less @ Instruction::F64Lt, Instruction::Select] = &mut self.instructions[at - 3..=at]
                && is_plain(x)
                && is_plain(y)
            {
                std::mem::swap(x, y);
                *less = Instruction::F64Gt;
            }
        }
    }

    /// Gives a local to each number that is pushed so often that it takes fewer bytes so. To
    /// engines that optimise, both are one. Gives the bytes that this saves, about.
    fn share_constants(&mut self) -> usize {
        let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
        for instruction in &self.instructions {
            if let Instruction::F64Const(number) = instruction {
                *counts.entry(number.bits()).or_default() += 1;
            }
        }
        counts.retain(|_, count| *count >= MIN_SHARED);
        if counts.is_empty() {
            return 0;
        }
        let mut locals: BTreeMap<u64, u32> = BTreeMap::new();
        for &bits in counts.keys() {
            locals.insert(bits, self.n_params + u32::try_from(self.locals.len()).expect("fewer than 2^32 locals"));
            self.locals.push(Ty::F64);
        }
        for instruction in &mut self.instructions {
            if let Instruction::F64Const(number) = instruction
                && let Some(&local) = locals.get(&number.bits())
            {
                *instruction = Instruction::LocalGet(local);
            }
        }
        let sets = locals
            .iter()
            .flat_map(|(&bits, &local)| [Instruction::F64Const(Ieee64::new(bits)), Instruction::LocalSet(local)]);
        self.instructions.splice(0..0, sets.collect::<Vec<_>>());
        counts.values().map(|&count| 7 * (count as usize - 2)).sum()
    }

    /// How many locals there are besides the parameters.
    pub(crate) fn n_locals(&self) -> usize {
        self.locals.len()
    }

    fn ends_with_set(&self, local: Local) -> bool {
        matches!(self.instructions.last(), Some(Instruction::LocalSet(index)) if *index == local.index)
    }
}

/// An f64 at an offset.
fn f64_at(offset: u32) -> MemArg {
    MemArg { offset: offset.into(), align: 3, memory_index: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(code: Code) -> Vec<u8> {
        code.finish().function.into_raw_body()
    }

    #[test]
    fn a_get_behind_its_set_becomes_a_tee() {
        let (mut code, [param]) = Code::new([Ty::F64]);
        let local = code.local(Ty::F64);
        code.get(param).set(local).get(local).get(local);
        let (mut teed, [param]) = Code::new([Ty::F64]);
        let local = teed.local(Ty::F64);
        teed.get(param).tee(local).get(local);
        assert_eq!(bytes(code), bytes(teed));
    }

    #[test]
    fn a_value_that_is_taken_at_once_needs_no_local() {
        let (mut code, [param]) = Code::new([Ty::F64]);
        let local = code.local(Ty::F64);
        code.get(param).set(local).take(local);
        assert_eq!(bytes(code).last_chunk(), Some(&[0x20, 0x00, 0x0b]));
    }

    #[test]
    fn a_number_that_is_pushed_three_times_gets_a_local() {
        let (mut code, [param]) = Code::new([Ty::F64]);
        code.f64(2.0).f64(3.0).f64(2.0).get(param).f64(2.0);
        let (mut shared, [param]) = Code::new([Ty::F64]);
        let local = shared.local(Ty::F64);
        shared.push(Instruction::F64Const(Ieee64::from(2.0))).set(local);
        shared.push(Instruction::LocalGet(1)).f64(3.0).push(Instruction::LocalGet(1)).get(param);
        shared.push(Instruction::LocalGet(1));
        assert_eq!(bytes(code), bytes(shared));
    }

    #[test]
    fn a_choice_by_less_is_one_by_greater() {
        let choice = |turned: bool| {
            let (mut code, [x]) = Code::new([Ty::F64]);
            code.f64(0.0).get(x);
            if turned {
                code.f64(0.0).get(x).push(Instruction::F64Gt)
            } else {
                code.get(x).f64(0.0).push(Instruction::F64Lt)
            };
            code.push(Instruction::Select);
            bytes(code)
        };
        assert_eq!(choice(false), choice(true));
    }

    #[test]
    fn released_locals_are_used_again_by_values_of_their_type() {
        let (mut code, []) = Code::new([]);
        let first = code.local(Ty::F64);
        code.release(first);
        assert_ne!(code.local(Ty::I32), first);
        assert_eq!(code.local(Ty::F64), first);
        assert_eq!(code.n_locals(), 2);
    }
}
