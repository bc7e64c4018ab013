//! Instructions that read and write slots, params, rings and tables: where these are, and what an access becomes there.

use kernel::ring::HEADER_WORDS;
use simc_ir::entity::{Axis, Inst, Param, Slot, Table, Value};
use simc_ir::module::SlotRole;
use simc_ir::opcode::Opcode;
use wasm_encoder::Instruction as I;

use super::body::Body;
use super::code::{Local, Ty};
use super::env::{Place, Rate};
use super::geometry::{WORD, address, small};
use super::integrate::{emit_stage, slope_address};

impl<'a> Body<'a> {
    /// `load s, indices`
    pub(crate) fn emit_load(&mut self, slot: Slot, inst: Inst) {
        let time = &self.cx.module.time;
        match self.cx.module.slots[slot].role {
            SlotRole::Time => self.env.step_time.get(self.code),
            SlotRole::Dt => _ = self.code.f64(time.dt),
            SlotRole::StartTime => _ = self.code.f64(time.start),
            SlotRole::StopTime => _ = self.code.f64(time.stop),
            SlotRole::Stock
            | SlotRole::Output
            | SlotRole::Run
            | SlotRole::Level
            | SlotRole::Held
            | SlotRole::Pending
            | SlotRole::Hoisted
            | SlotRole::Spill
            | SlotRole::Ring { .. } => match self.env.cached[slot] {
                Some(local) => _ = self.code.get(local),
                None => {
                    let offset = self.push_element(None, address(self.cx.layout, slot), slot, self.indices(inst, 0));
                    self.code.load(offset);
                }
            },
        }
    }

    /// `param p, indices`
    pub(crate) fn emit_param(&mut self, param: Param, inst: Inst) {
        let slot = self.cx.module.params[param].slot;
        let geometry = &self.cx.geometry;
        let base = geometry.values + (address(self.cx.layout, slot) - geometry.params.offset);
        let offset = self.push_element(None, base, slot, self.indices(inst, 0));
        self.code.load(offset);
    }

    /// `store s, x, indices` and `next s, x, indices`
    pub(crate) fn emit_store(&mut self, slot: Slot, inst: Inst) {
        let value = self.func.args(inst)[0];
        if let Some(local) = self.env.cached[slot] {
            self.use_value(value);
            self.code.set(local);
        } else {
            let offset = self.push_element(None, address(self.cx.layout, slot), slot, self.indices(inst, 1));
            self.use_value(value);
            self.code.store(offset);
        }
    }

    /// `out s, x, indices`
    pub(crate) fn emit_out(&mut self, slot: Slot, inst: Inst) {
        let value = self.func.args(inst)[0];
        let row = self.env.row.expect("`out` stands in a function with a row");
        let offset = self.push_element(Some(row), address(self.cx.layout, slot), slot, self.indices(inst, 1));
        if self.env.check.is_none() || self.presentable[value] {
            self.use_value(value);
            self.code.store(offset);
        } else {
            let number = self.use_value_in_local(value);
            self.code.store(offset);
            if let Some(check) = &mut self.env.check {
                check.add(self.code, number);
            }
        }
    }

    /// `rate s, x, indices`
    pub(crate) fn emit_rate(&mut self, slot: Slot, inst: Inst) {
        match &self.env.rate {
            Rate::Euler => self.emit_euler(slot, inst),
            Rate::Slopes => self.emit_slope(slot, inst),
            Rate::Stage(stage, locals) => match (locals[slot], self.env.cached[slot]) {
                (Some(locals), Some(level)) => {
                    let action = stage.action;
                    self.use_value(self.func.args(inst)[0]);
                    let slope = self.code.local(Ty::F64);
                    self.code.set(slope);
                    let places = [level, locals.base, locals.sum].map(Place::Local);
                    emit_stage(self.code, action, places[0], places[1], places[2], slope);
                    self.code.release(slope);
                }
                _ => self.emit_slope(slot, inst),
            },
        }
    }

    /// `level = level + dt*x`. Where x is `-y` this is `level - dt*y` to the bit: IEEE 754 rounds both signs alike.
    fn emit_euler(&mut self, slot: Slot, inst: Inst) {
        let value = self.func.args(inst)[0];
        let dt = self.cx.module.time.dt;
        let (place, temporary) = self.place(slot, inst);
        place.prepare_set(self.code);
        place.get(self.code);
        self.code.f64(dt);
        let negated = self.operand_of(value, Opcode::Fneg);
        self.use_value(negated.unwrap_or(value));
        self.code.push(I::F64Mul).push(if negated.is_some() { I::F64Sub } else { I::F64Add });
        place.set(self.code);
        if let Some(local) = temporary {
            self.code.release(local);
        }
    }

    /// Keeps the slope for the stepper.
    fn emit_slope(&mut self, slot: Slot, inst: Inst) {
        let base = slope_address(&self.cx.geometry, self.cx.level_positions[slot]);
        let offset = self.push_element(None, base, slot, self.indices(inst, 1));
        self.use_value(self.func.args(inst)[0]);
        self.code.store(offset);
    }

    /// `oldest s, indices`
    pub(crate) fn emit_oldest(&mut self, slot: Slot, inst: Inst) {
        self.push_ring(slot, self.indices(inst, 0));
        self.emit_kernel_call(inst);
    }

    /// `fill s, n, x, indices`
    pub(crate) fn emit_fill(&mut self, slot: Slot, inst: Inst) {
        let SlotRole::Ring { capacity } = self.cx.module.slots[slot].role else { panic!("{slot} is no ring") };
        self.push_ring(slot, self.indices(inst, 2));
        self.code.u32(capacity);
        self.use_value(self.func.args(inst)[0]);
        self.use_value(self.func.args(inst)[1]);
        self.emit_kernel_call(inst);
    }

    /// `push s, x, indices`
    pub(crate) fn emit_push(&mut self, slot: Slot, inst: Inst) {
        self.push_ring(slot, self.indices(inst, 1));
        self.use_value(self.func.args(inst)[0]);
        self.emit_kernel_call(inst);
    }

    /// `lookup t, x`
    pub(crate) fn emit_lookup(&mut self, table: Table, inst: Inst) {
        let n_points = self.cx.module.tables[table].xs.len();
        self.code.u32(small(self.cx.layout.tables[table])).u32(small(n_points as u64));
        self.use_value(self.func.args(inst)[0]);
        self.emit_kernel_call(inst);
    }

    /// `select cond, a, b`. A condition that is negated chooses the other way round: that saves the negation, and engines exist
    /// that get `i32.eqz` before `select` wrong.
    pub(crate) fn emit_select(&mut self, inst: Inst) {
        let &[mut condition, mut a, mut b] = self.func.args(inst) else {
            panic!("{inst}: `select` has three operands")
        };
        while let Some(inner) = self.operand_of(condition, Opcode::Bnot) {
            condition = inner;
            std::mem::swap(&mut a, &mut b);
        }
        for value in [a, b, condition] {
            self.use_value(value);
        }
        self.code.push(I::Select);
    }

    fn emit_kernel_call(&mut self, inst: Inst) {
        let data = &self.func.insts[inst];
        let callee = self.cx.imports.index(self.cx.module, data.opcode, data.immediate);
        self.code.push(I::Call(callee));
    }

    /// Where the slot that an instruction with one operand writes is; the second local is the caller's to release.
    fn place(&mut self, slot: Slot, inst: Inst) -> (Place, Option<Local>) {
        if let Some(local) = self.env.cached[slot] {
            return (Place::Local(local), None);
        }
        let base = address(self.cx.layout, slot);
        let indices = self.indices(inst, 1);
        if indices.iter().all(|&index| self.fixed_position(index).is_some()) {
            return (Place::Memory(None, base + self.fixed_offset(slot, indices, WORD)), None);
        }
        let offset = self.push_element(None, base, slot, indices);
        let local = self.code.local(Ty::I32);
        self.code.set(local);
        (Place::Memory(Some(local), offset), Some(local))
    }

    /// The indices behind so many operands.
    fn indices(&self, inst: Inst, operands: usize) -> &'a [Value] {
        &self.func.args(inst)[operands..]
    }

    /// Pushes an address; an element of the slot, whose first lies at `base` behind `row`, is as far behind it as the result says.
    fn push_element(&mut self, row: Option<Local>, base: u32, slot: Slot, indices: &[Value]) -> u32 {
        let mut is_empty = true;
        if let Some(row) = row {
            self.code.get(row);
            is_empty = false;
        }
        is_empty &= !self.push_moving(is_empty, slot, indices, WORD);
        if is_empty {
            self.code.i32(0);
        }
        base + self.fixed_offset(slot, indices, WORD)
    }

    /// Pushes the address of a ring.
    fn push_ring(&mut self, slot: Slot, indices: &[Value]) {
        let SlotRole::Ring { capacity } = self.cx.module.slots[slot].role else { panic!("{slot} is no ring") };
        let stride = (small(HEADER_WORDS as u64) + capacity) * WORD;
        let fixed = address(self.cx.layout, slot) + self.fixed_offset(slot, indices, stride);
        self.code.u32(fixed);
        self.push_moving(false, slot, indices, stride);
    }

    /// Adds to the address on the stack, unless there is none, what the indices that are not fixed say; whether there is one now.
    fn push_moving(&mut self, mut is_empty: bool, slot: Slot, indices: &[Value], stride: u32) -> bool {
        let mut has_pushed = false;
        for (&index, stride) in indices.iter().zip(self.strides(slot, stride)) {
            if self.fixed_position(index).is_none() {
                self.use_value(index);
                self.code.u32(stride).push(I::I32Mul);
                if !is_empty {
                    self.code.push(I::I32Add);
                }
                is_empty = false;
                has_pushed = true;
            }
        }
        has_pushed
    }

    /// How far behind the first element the fixed indices alone lead.
    fn fixed_offset(&self, slot: Slot, indices: &[Value], stride: u32) -> u32 {
        indices
            .iter()
            .zip(self.strides(slot, stride))
            .filter_map(|(&index, stride)| Some(self.fixed_position(index)? * stride))
            .sum()
    }

    /// Bytes from element to element along each axis of a slot.
    fn strides(&self, slot: Slot, stride: u32) -> Vec<u32> {
        let axes: &[Axis] = &self.cx.module.slots[slot].axes;
        let mut strides = vec![stride; axes.len()];
        for position in (1..axes.len()).rev() {
            strides[position - 1] = strides[position] * self.cx.module.axes[axes[position]].size;
        }
        strides
    }
}
