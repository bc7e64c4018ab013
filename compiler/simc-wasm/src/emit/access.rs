//! Instructions that read and write slots, params, rings and tables: where these are, and what an access becomes there.

use kernel::abi::ERROR_NAN_TARGET;
use simc_ir::entity::{Axis, Inst, Param, Slot, Table};
use simc_ir::module::SlotRole;
use simc_ir::opcode::{Immediate, Opcode};
use wasm_encoder::{Instruction as I, MemArg};

use super::body::Body;
use super::code::Ty;
use super::env::Rate;
use super::geometry::{WORD, address, small};
use super::integrate::{Width, emit_stage, slope_address};
use super::number_place::NumberPlace;
use super::offset::Element;

impl Body<'_> {
    /// `load s, indices`
    pub(crate) fn emit_load(&mut self, slot: Slot, inst: Inst) {
        let time = &self.cx.module.time;
        if let Some(held) = self.carry(slot) {
            return self.push_held(Ty::F64, held);
        }
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
            | SlotRole::Watched
            | SlotRole::Spill
            | SlotRole::Carry
            | SlotRole::Ring { .. }
            | SlotRole::Transport { .. } => match self.env.cached[slot] {
                Some(local) => _ = self.code.get(local),
                None => {
                    let element = self.element(address(self.cx.layout, slot), inst);
                    self.push_element(&element);
                    self.code.load(element.offset);
                }
            },
        }
    }

    /// `param p, indices`
    pub(crate) fn emit_param(&mut self, param: Param, inst: Inst) {
        let element = self.element(self.param_base(param), inst);
        self.push_element(&element);
        self.code.load(element.offset);
    }

    /// Where the values of a param begin.
    pub(crate) fn param_base(&self, param: Param) -> u32 {
        small(self.cx.layout.params[param])
    }

    /// `store s, x, indices` and `next s, x, indices`
    pub(crate) fn emit_store(&mut self, slot: Slot, inst: Inst) {
        let value = self.func.args(inst)[0];
        let carried = self.carry(slot).map(|held| held.local(self.lane()));
        if let Some(local) = carried.or(self.env.cached[slot]) {
            self.use_value(value);
            self.code.set(local);
        } else {
            let element = self.element(address(self.cx.layout, slot), inst);
            self.push_element(&element);
            self.use_value(value);
            self.code.store(element.offset);
        }
    }

    /// `out s, x, indices`
    pub(crate) fn emit_out(&mut self, slot: Slot, inst: Inst) {
        let value = self.func.args(inst)[0];
        let element = self.element(address(self.cx.layout, slot), inst);
        let offset = element.offset;
        self.push_element(&element);
        if self.env.check.is_none() || !self.env.looks.contains(inst) {
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
                    let places = [level, locals.base, locals.sum].map(NumberPlace::Local);
                    emit_stage(self.code, Width::One, action, places, slope);
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
        let place = self.place(slot, inst);
        place.prepare_set(self.code);
        place.get(self.code);
        self.code.f64(dt);
        let negated = self.operand_of(value, Opcode::Fneg);
        self.use_value(negated.unwrap_or(value));
        self.code.push(I::F64Mul).push(if negated.is_some() { I::F64Sub } else { I::F64Add });
        place.set(self.code);
    }

    /// Keeps the slope for the stepper.
    fn emit_slope(&mut self, slot: Slot, inst: Inst) {
        let base = slope_address(&self.cx.geometry, self.cx.level_positions[slot]);
        let element = self.element(base, inst);
        self.push_element(&element);
        self.use_value(self.func.args(inst)[0]);
        self.code.store(element.offset);
    }

    /// `oldest s, indices`
    pub(crate) fn emit_oldest(&mut self, slot: Slot, inst: Inst) {
        self.push_ring(slot, inst);
        self.emit_kernel_call(inst);
    }

    /// `recall s, n, indices`
    pub(crate) fn emit_recall(&mut self, slot: Slot, inst: Inst) {
        self.push_ring(slot, inst);
        self.use_value(self.func.args(inst)[0]);
        self.emit_kernel_call(inst);
    }

    /// `return s, n, x, dt, missing, indices`
    pub(crate) fn emit_return(&mut self, slot: Slot, inst: Inst) {
        self.push_ring(slot, inst);
        for operand in 0..4 {
            self.use_value(self.func.args(inst)[operand]);
        }
        self.emit_kernel_call(inst);
    }

    /// `fill s, n, x, indices`
    pub(crate) fn emit_fill(&mut self, slot: Slot, inst: Inst) {
        let SlotRole::Ring { capacity } = self.cx.module.slots[slot].role else { panic!("{slot} is no ring") };
        self.push_ring(slot, inst);
        self.code.u32(capacity);
        self.use_value(self.func.args(inst)[0]);
        self.use_value(self.func.args(inst)[1]);
        self.emit_kernel_call(inst);
    }

    /// `push s, x, indices`
    pub(crate) fn emit_push(&mut self, slot: Slot, inst: Inst) {
        self.push_ring(slot, inst);
        self.use_value(self.func.args(inst)[0]);
        self.emit_kernel_call(inst);
    }

    /// `measure s query, .., indices`
    pub(crate) fn emit_measure(&mut self, slot: Slot, n_args: u32, inst: Inst) {
        self.push_transport(slot, n_args, inst);
        self.emit_kernel_call(inst);
    }

    /// `initialise s query, .., indices` and `advance s query, .., indices`. The error word is then `kernel::transport::first_error` of both.
    pub(crate) fn emit_change(&mut self, slot: Slot, n_args: u32, inst: Inst) {
        self.push_transport(slot, n_args, inst);
        self.emit_kernel_call(inst);
        let error = self.cx.error;
        let word = self.code.local(Ty::I64);
        self.code.set(word).get(word).push(I::GlobalGet(error));
        // It is none, or that of a NaN target, or greater.
        self.code.push(I::GlobalGet(error)).push(I::I64Eqz);
        self.code.push(I::GlobalGet(error)).i64(ERROR_NAN_TARGET.into()).push(I::I64Eq).push(I::I32Or);
        self.code.get(word).push(I::GlobalGet(error)).push(I::I64LtU).push(I::I32Or);
        self.code.get(word).i64(0).push(I::I64Ne).push(I::I32And);
        self.code.push(I::Select).push(I::GlobalSet(error));
        self.code.release(word);
    }

    /// `trace s, r, .., indices`. Of arrays the same element of both is meant, which has the same place among those of its array.
    pub(crate) fn emit_trace(&mut self, into: Slot, of: Slot, n_args: u32, inst: Inst) {
        let words = |slot: Slot| small(self.cx.module.slots[slot].role.words());
        let (into_words, of_words) = (words(into), words(of));
        let (into_base, of_base) = (address(self.cx.layout, into), address(self.cx.layout, of));
        let element = self.element(of_base, inst);
        if element.is_known() {
            let number = (element.offset - of_base) / (of_words * WORD);
            self.code.u32(into_base + number * into_words * WORD);
        } else {
            self.push_address(&element);
            self.code.u32(of_base).push(I::I32Sub).u32(of_words * WORD).push(I::I32DivU);
            self.code.u32(into_words * WORD).push(I::I32Mul).u32(into_base).push(I::I32Add);
        }
        self.code.u32(into_words);
        self.push_transport(of, n_args, inst);
        self.emit_kernel_call(inst);
    }

    /// Stores the operands after a transport, and pushes its address, its length and the number of operands.
    fn push_transport(&mut self, slot: Slot, n_args: u32, inst: Inst) {
        let words = small(self.cx.module.slots[slot].role.words());
        let element = self.element(address(self.cx.layout, slot), inst);
        let first = element.offset + (words - n_args) * WORD;
        for operand in 0..n_args {
            self.push_element(&element);
            self.use_value(self.func.args(inst)[operand as usize]);
            self.code.store(first + operand * WORD);
        }
        self.push_address(&element);
        self.code.u32(words).u32(n_args);
    }

    /// `arrange s function, .., indices`
    pub(crate) fn emit_arrange(&mut self, inst: Inst) {
        let Immediate::Vector(slot, function, n_indices) = self.func.insts[inst].immediate else {
            panic!("{inst} is no vector function")
        };
        let open = &self.cx.module.slots[slot].axes[n_indices as usize..];
        let n = self.cx.module.len_over(open) / function.rows() as u64;
        let element = self.element(address(self.cx.layout, slot), inst);
        self.push_address(&element);
        self.code.u32(small(n));
        for operand in 0..function.numbers() {
            self.use_value(self.func.args(inst)[operand]);
        }
        self.emit_kernel_call(inst);
    }

    /// `lookup t, x, indices`
    pub(crate) fn emit_lookup(&mut self, table: Table, inst: Inst) {
        let data = &self.cx.module.tables[table];
        let base = small(self.cx.layout.tables[table]);
        let is_in_loop = self.env.is_in_loop || !self.open.is_empty() || self.env.in_place.contains(inst);
        if let (true, Some(in_place)) = (is_in_loop, &self.cx.tables[table]) {
            self.use_value(self.func.args(inst)[0]);
            return match self.env.places.get(&inst) {
                Some(&place) => in_place.emit_remembering(self.code, data.kind, base, place),
                None => in_place.emit(self.code, data.kind, base, !self.open.is_empty()),
            };
        }
        if data.is_settable() {
            self.push_settable(table, inst);
        } else if let ([curve], true) = (data.curves.as_slice(), data.axes.is_empty()) {
            self.code.u32(base).u32(small(curve.xs.len() as u64));
        } else {
            // The directory has the address and the number of points of each element's curve.
            let element = self.element(base, inst);
            for part in [0, 4] {
                self.push_element(&element);
                self.code.push(I::I32Load(i32_at(element.offset + part)));
            }
        }
        self.use_value(self.func.args(inst)[0]);
        self.emit_kernel_call(inst);
    }

    /// Pushes the address and the number of points of a table that a host may change, from the entry of its graphical function.
    fn push_settable(&mut self, table: Table, inst: Inst) {
        let data = &self.cx.module.tables[table];
        if data.axes.is_empty() {
            let entry = small(self.cx.layout.graphs[data.graphs[0]].entry);
            for part in [0, 4] {
                self.code.i32(0).push(I::I32Load(i32_at(entry + part)));
            }
            return;
        }
        // The directory has the address of each element's entry.
        let element = self.element(small(self.cx.layout.tables[table]), inst);
        let entry = self.code.local(Ty::I32);
        self.push_element(&element);
        self.code.push(I::I32Load(i32_at(element.offset))).set(entry);
        for part in [0, 4] {
            self.code.get(entry).push(I::I32Load(i32_at(part)));
        }
        self.code.release(entry);
    }

    /// `index_of a, x`
    pub(crate) fn emit_index_of(&mut self, axis: Axis, inst: Inst) {
        self.emit_counted(inst);
        let position = self.code.local(Ty::I32);
        self.code.set(position).get(position).i32(0).get(position).u32(self.cx.module.axes[axis].size);
        self.code.push(I::I32LtU).push(I::Select);
        self.code.release(position);
    }

    /// Pushes the position that an instruction's operand counts from 1. What is no position at all becomes one after every axis.
    pub(crate) fn emit_counted(&mut self, inst: Inst) {
        self.use_value(self.func.args(inst)[0]);
        self.code.push(I::I32TruncSatF64U).i32(1).push(I::I32Sub);
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

    /// Where the slot is that an instruction writes; no number computes where.
    pub(crate) fn place(&mut self, slot: Slot, inst: Inst) -> NumberPlace {
        if let Some(local) = self.env.cached[slot] {
            return NumberPlace::Local(local);
        }
        let element = self.element(address(self.cx.layout, slot), inst);
        NumberPlace::Memory(element.moving, element.offset)
    }

    /// Pushes the address of a ring.
    fn push_ring(&mut self, slot: Slot, inst: Inst) {
        let element = self.element(address(self.cx.layout, slot), inst);
        self.push_address(&element);
    }

    fn push_address(&mut self, element: &Element) {
        if element.is_known() {
            self.code.u32(element.offset);
        } else {
            self.push_element(element);
            self.code.u32(element.offset).push(I::I32Add);
        }
    }
}

/// An i32 at an offset.
fn i32_at(offset: u32) -> MemArg {
    MemArg { offset: offset.into(), align: 2, memory_index: 0 }
}
