//! The loop around the roles: counting steps, finding rows, writing what is not an output into them, and leaving.

use simc_ir::module::SlotRole;
use wasm_encoder::{BlockType, Instruction as I};

use crate::emit::code::{Code, Local, Ty};
use crate::emit::env::Env;
use crate::emit::geometry::{Span, WORD, address, len};
use crate::emit::nan::{NanCheck, emit_look_over};
use crate::emit::{Cx, Globals, watch};

/// A longer end of a row is copied in one go.
const MAX_COPIED_SINGLY: u32 = 24;

/// The loop's own locals.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    cx: &'a Cx<'a>,
    globals: &'a Globals,
    canonicalise: u32,
    /// i64: steps after this one are not due.
    limit: Local,
    /// i64: the step after whose evaluation the function returns.
    stop: Local,
    /// i64: the step.
    pub(super) step: Local,
    /// f64: its time.
    pub(super) time: Local,
    /// f64: the time of a stage.
    pub(super) stage_time: Local,
    /// i32: the row that is written; 0, the live chunk, at rest.
    pub(super) row: Local,
    /// i32: the next row of the results.
    next_row: Local,
    /// i64: the next step that is saved, or at rest. Unused if every step is saved.
    next_saved: Local,
    /// i32: rows that were there before the call.
    first: Local,
    /// i32: whether NaN may have been written.
    has_nan: Local,
}

impl<'a> Frame<'a> {
    pub(super) fn new(cx: &'a Cx<'a>, globals: &'a Globals, canonicalise: u32, limit: Local, code: &mut Code) -> Self {
        Self {
            cx,
            globals,
            canonicalise,
            limit,
            stop: code.local(Ty::I64),
            step: code.local(Ty::I64),
            time: code.local(Ty::F64),
            stage_time: code.local(Ty::F64),
            row: code.local(Ty::I32),
            next_row: code.local(Ty::I32),
            next_saved: code.local(Ty::I64),
            first: code.local(Ty::I32),
            has_nan: code.local(Ty::I32),
        }
    }

    /// Where the instance is, and how far it goes: `stop = limit < last_step ? limit + 1 : last_step`.
    pub(super) fn emit_entry(&self, code: &mut Code) {
        let geometry = &self.cx.geometry;
        code.push(I::GlobalGet(self.globals.step)).set(self.step);
        self.emit_time(code);
        code.get(self.limit).i64(1).push(I::I64Add).i64(geometry.last_step);
        code.get(self.limit).i64(geometry.last_step).push(I::I64LtS).push(I::Select).set(self.stop);
        code.push(I::GlobalGet(self.globals.saved)).u32(geometry.row_bytes).push(I::I32Mul);
        code.u32(geometry.results).push(I::I32Add).set(self.next_row);
        code.i32(0).set(self.has_nan);
        if geometry.save_every > 1 {
            code.push(I::GlobalGet(self.globals.saved)).push(I::I64ExtendI32U).i64(geometry.save_every).push(I::I64Mul);
            self.set_next_saved(code);
        }
    }

    /// Pushes whether the step is neither saved nor at rest.
    pub(super) fn push_is_skipped(&self, code: &mut Code) {
        code.get(self.step).get(self.next_saved).push(I::I64LtS);
    }

    /// Finds the row, and writes what no role writes: the time slots and what is constant in the run.
    pub(super) fn emit_row_begin(&self, code: &mut Code, env: &Env) {
        let time = &self.cx.module.time;
        code.i32(0).get(self.next_row);
        self.push_is_at_rest(code);
        code.push(I::Select).set(self.row);
        code.get(self.row).get(self.time).store(kernel::abi::TIME_SLOT * WORD);
        code.get(self.row).f64(time.dt).store(kernel::abi::DT_SLOT * WORD);
        code.get(self.row).f64(time.start).store(kernel::abi::INITIAL_TIME_SLOT * WORD);
        code.get(self.row).f64(time.stop).store(kernel::abi::FINAL_TIME_SLOT * WORD);
        if self.cx.geometry.tail.len > MAX_COPIED_SINGLY {
            self.copy(code, self.cx.geometry.tail);
        } else {
            self.copy_singly(code, env);
        }
    }

    /// Writes the stocks.
    pub(super) fn emit_stocks(&self, code: &mut Code, env: &Env) {
        for (slot, _) in self.cx.module.slots.iter().filter(|(_, data)| data.role == SlotRole::Stock) {
            let offset = address(self.cx.layout, slot);
            match env.cached[slot] {
                Some(local) => _ = code.get(self.row).get(local).store(offset),
                None => self.copy(code, Span { offset, len: len(self.cx.module, slot) }),
            }
        }
    }

    /// Remembers whether NaN may have been written. There is no call here: one would push all numbers out of the registers.
    pub(super) fn emit_check(&self, code: &mut Code, mut check: NanCheck) {
        if check.finish(code) {
            code.get(self.has_nan).push(I::I32Or).set(self.has_nan);
        }
    }

    /// Leaves the loop, whose end is that many labels away, if that was all; else finds the next row.
    pub(super) fn emit_row_end(&self, code: &mut Code, exit: u32) {
        let geometry = &self.cx.geometry;
        if self.globals.events.is_some() {
            self.push_is_at_rest(code);
            code.push(I::I32Eqz).push(I::If(BlockType::Empty));
            self.emit_look(code);
            code.push(I::End);
        }
        code.get(self.step).get(self.stop).push(I::I64Eq).push(I::BrIf(exit));
        code.get(self.next_row).u32(geometry.row_bytes).push(I::I32Add).set(self.next_row);
        if geometry.save_every > 1 {
            code.get(self.next_saved).i64(geometry.save_every).push(I::I64Add);
            self.set_next_saved(code);
        }
    }

    /// Looks at the step for the sake of events. One that ends the call makes the step the last one that is due; after the step of
    /// the last row there is none.
    pub(super) fn emit_look(&self, code: &mut Code) {
        let Some(events) = self.globals.events else { return };
        watch::push_look(code, events, |code| _ = code.get(self.step));
        code.i32(0).push(I::I32Ne).get(self.step).i64(self.cx.geometry.last_step).push(I::I64LtS).push(I::I32And);
        code.push(I::If(BlockType::Empty)).get(self.step).set(self.limit);
        code.get(self.step).i64(1).push(I::I64Add).set(self.stop);
        if self.cx.geometry.save_every > 1 {
            code.get(self.next_saved);
            self.set_next_saved(code);
        }
        code.push(I::End);
    }

    /// On to the next step.
    pub(super) fn emit_next_step(&self, code: &mut Code) {
        code.get(self.step).i64(1).push(I::I64Add).set(self.step);
        self.emit_time(code);
    }

    /// Leaves the instance at the step: at rest with a row for every saved step before it, or complete with the last row shown.
    pub(super) fn emit_exit(&self, code: &mut Code) {
        let geometry = &self.cx.geometry;
        code.get(self.step).push(I::GlobalSet(self.globals.step));
        code.push(I::GlobalGet(self.globals.saved)).set(self.first);
        emit_look_over(self.cx, code, self.row, self.canonicalise);
        self.push_is_at_rest(code);
        code.push(I::If(BlockType::Empty));
        code.get(self.next_row).u32(geometry.results).push(I::I32Sub).u32(geometry.row_bytes).push(I::I32DivU);
        code.push(I::GlobalSet(self.globals.saved)).push(I::Else);
        code.i32(0).get(self.row).u32(geometry.row_bytes).push(I::MemoryCopy { src_mem: 0, dst_mem: 0 });
        code.u32(geometry.n_rows).push(I::GlobalSet(self.globals.saved)).push(I::End);
        code.get(self.first).get(self.has_nan).push(I::Call(self.globals.canonicalise_rows));
    }

    fn push_is_at_rest(&self, code: &mut Code) {
        code.get(self.step).get(self.limit).push(I::I64GtS);
    }

    fn emit_time(&self, code: &mut Code) {
        let time = &self.cx.module.time;
        code.f64(time.start).get(self.step).push(I::F64ConvertI64S).f64(time.dt);
        code.push(I::F64Mul).push(I::F64Add).set(self.time);
    }

    /// Pops the next step that is saved; one after the stop is never reached.
    fn set_next_saved(&self, code: &mut Code) {
        code.tee(self.next_saved).get(self.stop).get(self.next_saved).get(self.stop);
        code.push(I::I64LtS).push(I::Select).set(self.next_saved);
    }

    /// Copies a part of the live chunk.
    fn copy(&self, code: &mut Code, span: Span) {
        code.get(self.row).u32(span.offset).push(I::I32Add).u32(span.offset).u32(span.bytes());
        code.push(I::MemoryCopy { src_mem: 0, dst_mem: 0 });
    }

    /// Copies what is constant in the run number by number, from locals where it is in one.
    fn copy_singly(&self, code: &mut Code, env: &Env) {
        for (slot, _) in self.cx.module.slots.iter().filter(|(_, data)| data.role == SlotRole::Run) {
            for element in 0..len(self.cx.module, slot) {
                let offset = address(self.cx.layout, slot) + element * WORD;
                code.get(self.row);
                match env.cached[slot] {
                    Some(local) => code.get(local),
                    None => code.i32(0).load(offset),
                };
                code.store(offset);
            }
        }
    }
}
