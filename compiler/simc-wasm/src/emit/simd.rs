//! What each instruction becomes for two passes at once, where it is one instruction for both.

use simc_ir::entity::{Inst, Slot, Value};
use simc_ir::module::SlotRole;
use simc_ir::opcode::{Immediate, Opcode};
use simc_ir::types::Type;
use wasm_encoder::Instruction as I;

use super::body::Body;
use super::code::Ty;
use super::env::Rate;
use super::geometry::{address, small};
use super::held::Held;
use super::immediate::{number, param, slot, table};
use super::integrate::slope_address;
use super::vector::Lanes;

impl Body<'_> {
    /// Emits one instruction for both passes; its result, if it has one, is on top of the stack as a vector then.
    pub(crate) fn emit_simd(&mut self, inst: Inst) {
        let data = &self.func.insts[inst];
        let immediate = data.immediate;
        match data.opcode {
            Opcode::Param => {
                let base = self.param_base(param(immediate));
                self.load_pair(base, inst);
            }
            Opcode::Load => match self.carry(slot(immediate)) {
                Some(held) => _ = self.code.get(held.local(0)),
                None => self.load_pair(address(self.cx.layout, slot(immediate)), inst),
            },

            Opcode::Fneg => emit_op(self, inst, I::F64x2Neg),
            Opcode::Fabs => emit_op(self, inst, I::F64x2Abs),
            Opcode::Fsqrt => emit_op(self, inst, I::F64x2Sqrt),
            Opcode::Ffloor => emit_op(self, inst, I::F64x2Floor),
            Opcode::Fadd => emit_op(self, inst, I::F64x2Add),
            Opcode::Fsub => emit_op(self, inst, I::F64x2Sub),
            Opcode::Fmul => emit_op(self, inst, I::F64x2Mul),
            Opcode::Fdiv => emit_op(self, inst, I::F64x2Div),
            Opcode::Fmin => emit_op(self, inst, I::F64x2Min),
            Opcode::Fmax => emit_op(self, inst, I::F64x2Max),

            Opcode::Feq => emit_op(self, inst, I::F64x2Eq),
            Opcode::Fne => emit_op(self, inst, I::F64x2Ne),
            Opcode::Flt => emit_op(self, inst, I::F64x2Lt),
            Opcode::Fle => emit_op(self, inst, I::F64x2Le),
            Opcode::Fgt => emit_op(self, inst, I::F64x2Gt),
            Opcode::Fge => emit_op(self, inst, I::F64x2Ge),

            Opcode::Band => emit_op(self, inst, I::V128And),
            Opcode::Bor => emit_op(self, inst, I::V128Or),
            Opcode::Bnot => emit_op(self, inst, I::V128Not),
            Opcode::Btof => {
                self.use_simd(self.func.args(inst)[0]);
                self.code.pair(1.0).push(I::V128And);
            }
            Opcode::Select => {
                for position in [1, 2, 0] {
                    self.use_simd(self.func.args(inst)[position]);
                }
                self.code.push(I::V128Bitselect);
            }

            Opcode::Lookup => {
                let table = table(immediate);
                self.use_simd(self.func.args(inst)[0]);
                let in_place = self.cx.tables[table].as_ref().expect("only what can be looked up in place is a vector");
                in_place.emit_simd(self.code, self.cx.module.tables[table].kind, small(self.cx.layout.tables[table]));
            }

            Opcode::Store | Opcode::Next => self.store_simd(slot(immediate), inst),
            Opcode::Out => self.out_simd(slot(immediate), inst),
            Opcode::Rate => self.rate_simd(slot(immediate), inst),
            Opcode::Yield => {
                self.use_simd(self.func.args(inst)[0]);
                let local = self.accumulator().local(0);
                self.code.set(local);
            }

            Opcode::Fconst
            | Opcode::Bconst
            | Opcode::Position
            | Opcode::Shift
            | Opcode::IndexOf
            | Opcode::IndexOk
            | Opcode::Ordinal
            | Opcode::Time
            | Opcode::StepTime
            | Opcode::StepIndex
            | Opcode::Oldest
            | Opcode::Recall
            | Opcode::Return
            | Opcode::Measure
            | Opcode::Trace
            | Opcode::Call
            | Opcode::Fill
            | Opcode::Push
            | Opcode::Initialise
            | Opcode::Advance
            | Opcode::Arrange
            | Opcode::For
            | Opcode::Down
            | Opcode::Fold => unreachable!("{inst}: no instruction does this to both halves of a vector"),
        }
    }
}

/// All operands, then one wasm instruction.
fn emit_op(b: &mut Body<'_>, inst: Inst, instruction: I<'static>) {
    for position in 0..b.func.args(inst).len() {
        b.use_simd(b.func.args(inst)[position]);
    }
    b.code.push(instruction);
}

impl Body<'_> {
    /// Pushes the vector of what a value is in both passes.
    pub(crate) fn use_simd(&mut self, value: Value) {
        match (self.lanes(value), self.held(value)) {
            (Lanes::Uniform, _) => self.use_twice(value),
            (Lanes::Split, _) => self.in_each_lane(|body, lane| {
                body.use_value(value);
                body.push_lane(value, lane);
            }),
            (Lanes::Simd, Some(held)) => _ = self.code.get(held.local(0)),
            (Lanes::Simd, None) => {
                let inst = self.func.def_inst(value).expect("a loop's parameters are in locals");
                self.emit_simd(inst);
            }
        }
    }

    /// Pushes the vector of a value that is the same in both passes.
    fn use_twice(&mut self, value: Value) {
        if let (Some(inst), None) = (self.func.def_inst(value), self.held(value)) {
            let data = &self.func.insts[inst];
            match (data.opcode, data.immediate) {
                (Opcode::Fconst, immediate) => {
                    self.code.pair(number(immediate));
                    return;
                }
                (Opcode::Load, Immediate::Slot(slot)) if self.is_in_memory(slot) => {
                    let element = self.element(address(self.cx.layout, slot), inst);
                    self.push_element(&element);
                    self.code.load_twice(element.offset);
                    return;
                }
                _ => {}
            }
        }
        self.use_value(value);
        match self.func.values[value].ty {
            Type::F64 => _ = self.code.push(I::F64x2Splat),
            Type::Bool | Type::Index(_) => self.push_mask(),
        }
    }

    /// Puts what is on top of the stack into a new vector, or as its second half into the one below.
    fn push_lane(&mut self, value: Value, lane: u8) {
        match (self.func.values[value].ty, lane) {
            (Type::F64, 0) => _ = self.code.push(I::F64x2Splat),
            (Type::F64, _) => _ = self.code.push(I::F64x2ReplaceLane(1)),
            (Type::Bool | Type::Index(_), 0) => self.push_mask(),
            (Type::Bool | Type::Index(_), _) => {
                let bit = self.code.local(Ty::I32);
                self.code.set(bit).i64(0).get(bit).push(I::I64ExtendI32U).push(I::I64Sub);
                self.code.push(I::I64x2ReplaceLane(1)).release(bit);
            }
        }
    }

    /// Pops a truth value, pushes the vector that says so twice.
    fn push_mask(&mut self) {
        let bit = self.code.local(Ty::I32);
        self.code.set(bit).i32(0).get(bit).push(I::I32Sub).push(I::I32x4Splat).release(bit);
    }

    /// Whether a slot is one that is read from memory.
    fn is_in_memory(&self, slot: Slot) -> bool {
        let role = self.cx.module.slots[slot].role;
        let is_time = matches!(role, SlotRole::Time | SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime);
        !is_time && self.env.cached[slot].is_none() && self.carry(slot).is_none()
    }

    fn load_pair(&mut self, base: u32, inst: Inst) {
        let element = self.element(base, inst);
        self.push_element(&element);
        self.code.load_pair(element.offset);
    }

    fn store_simd(&mut self, slot: Slot, inst: Inst) {
        let value = self.func.args(inst)[0];
        if let Some(Held::Simd(local)) = self.carry(slot) {
            self.use_simd(value);
            self.code.set(local);
        } else {
            self.store_pair(address(self.cx.layout, slot), value, inst);
        }
    }

    fn store_pair(&mut self, base: u32, value: Value, inst: Inst) {
        let element = self.element(base, inst);
        self.push_element(&element);
        self.use_simd(value);
        self.code.store_pair(element.offset);
    }

    fn out_simd(&mut self, slot: Slot, inst: Inst) {
        let value = self.func.args(inst)[0];
        let element = self.element(address(self.cx.layout, slot), inst);
        self.push_element(&element);
        self.use_simd(value);
        if self.env.check.is_none() || !self.env.looks.contains(inst) {
            self.code.store_pair(element.offset);
            return;
        }
        let numbers = self.code.local(Ty::V128);
        self.code.tee(numbers).store_pair(element.offset);
        if let Some(check) = &mut self.env.check {
            check.add_simd(self.code, numbers);
        }
        self.code.release(numbers);
    }

    /// As in scalars: under Euler the level moves, else the slope is kept.
    fn rate_simd(&mut self, slot: Slot, inst: Inst) {
        let value = self.func.args(inst)[0];
        match &self.env.rate {
            Rate::Slopes | Rate::Stage(..) => {
                self.store_pair(slope_address(&self.cx.geometry, self.cx.level_positions[slot]), value, inst);
            }
            Rate::Euler => {
                let element = self.element(address(self.cx.layout, slot), inst);
                self.push_element(&element);
                self.push_element(&element);
                self.code.load_pair(element.offset).pair(self.cx.module.time.dt);
                let negated = self.operand_of(value, Opcode::Fneg);
                self.use_simd(negated.unwrap_or(value));
                self.code.push(I::F64x2Mul).push(if negated.is_some() { I::F64x2Sub } else { I::F64x2Add });
                self.code.store_pair(element.offset);
            }
        }
    }
}
