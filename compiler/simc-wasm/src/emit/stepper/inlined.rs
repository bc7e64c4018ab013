//! The inlined form: all roles are in the loop, the state and what is read most stays in locals.
//!
//! The evaluation at rest is one more pass through the part that writes rows, with the live chunk as the row: there is one copy of
//! that part in the function, and writing it also brings the stocks back into memory.

use cranelift_entity::SecondaryMap;
use simc_ir::entity::{Func, Slot};
use simc_ir::func::FuncData;
use simc_ir::module::{FuncRole, SlotRole};
use wasm_encoder::{BlockType, Instruction as I};

use self::frame::Frame;
use crate::emit::body::Body;
use crate::emit::code::{Code, Encoded, Ty};
use crate::emit::env::{Clock, Counter, Env, Rate};
use crate::emit::geometry::address;
use crate::emit::integrate::{LevelRange, StageLocals, emit_stage_in_memory, level_ranges};
use crate::emit::nan::NanCheck;
use crate::emit::{Cx, Globals};

mod cache;
mod frame;

/// A function of more bytes is not emitted in this form.
const MAX_BYTES: usize = 7_500;
/// Nor is one of more locals.
const MAX_LOCALS: usize = 250;
/// Roles of more instructions are not tried.
const MAX_INSTS: usize = 3_000;

/// Emits `advance`, if the model is small enough: if it can be, with lookups in place.
pub(super) fn emit(cx: &Cx<'_>, globals: &Globals, canonicalise: u32) -> Option<Encoded> {
    let roles = Roles::new(cx)?;
    [true, false].into_iter().find_map(|has_lookups| {
        let code = Inliner::new(cx, globals, canonicalise, roles, has_lookups).emit()?;
        let is_small = code.n_locals() <= MAX_LOCALS;
        let encoded = code.finish();
        (is_small && encoded.unshared_bytes <= MAX_BYTES).then_some(encoded)
    })
}

/// A function of the module.
type Part<'a> = (Func, &'a FuncData);

/// The one function of each role that is in the loop.
#[derive(Clone, Copy)]
struct Roles<'a> {
    row: Option<Part<'a>>,
    step: Option<Part<'a>>,
    stage: Option<Part<'a>>,
    commit: Option<Part<'a>>,
}

impl<'a> Roles<'a> {
    /// None if a role has parts, or there is too much of them all.
    fn new(cx: &Cx<'a>) -> Option<Self> {
        let mut n_insts = 0;
        let mut single = |role| {
            let mut parts = cx.module.parts(role);
            let func = parts.next().map(|func| (func, &cx.module.funcs[func]));
            n_insts += func.map_or(0, |(_, data)| data.insts.len());
            if parts.next().is_some() { None } else { Some(func) }
        };
        let every_step_is_saved = cx.geometry.save_every == 1;
        let roles = Self {
            row: single(FuncRole::Row)?,
            step: if every_step_is_saved { None } else { single(FuncRole::Step)? },
            stage: single(FuncRole::Stage)?,
            commit: single(FuncRole::Commit)?,
        };
        (n_insts <= MAX_INSTS).then_some(roles)
    }

    fn iter(&self) -> impl Iterator<Item = &'a FuncData> + Clone {
        [self.row, self.step, self.stage, self.commit].into_iter().flatten().map(|(_, data)| data)
    }
}

/// The function on its way.
struct Inliner<'a> {
    cx: &'a Cx<'a>,
    roles: Roles<'a>,
    frame: Frame<'a>,
    code: Code,
    env: Env,
    /// What a step remembers of each level that is in a local.
    stage_locals: SecondaryMap<Slot, Option<StageLocals>>,
    /// Levels that are in memory.
    ranges: Vec<LevelRange>,
}

impl<'a> Inliner<'a> {
    fn new(cx: &'a Cx<'a>, globals: &'a Globals, canonicalise: u32, roles: Roles<'a>, has_lookups: bool) -> Self {
        let (mut code, [limit]) = Code::new([Ty::I64]);
        let cached = cache::choose(cx, roles.iter(), &mut code);
        let mut stage_locals = SecondaryMap::new();
        if !cx.stages.is_empty() {
            for slot in
                cx.module.slots.keys().filter(|&slot| cx.module.slots[slot].role.is_level() && cached[slot].is_some())
            {
                stage_locals[slot] = Some(StageLocals { base: code.local(Ty::F64), sum: code.local(Ty::F64) });
            }
        }
        let frame = Frame::new(cx, globals, canonicalise, limit, &mut code);
        let ranges = level_ranges(cx.module, cx.layout, |slot| cached[slot].is_none());
        let env = Env {
            cached,
            step_time: Clock::Local(frame.time),
            row: Some(frame.row),
            is_in_loop: has_lookups,
            looks: cx.module.parts(FuncRole::Row).next().map(|row| cx.looks[row].clone()).unwrap_or_default(),
            ..Env::new(Counter::Local(frame.step))
        };
        Self { cx, roles, frame, code, env, stage_locals, ranges }
    }

    /// None if the row's effects do not all come after its outputs.
    fn emit(mut self) -> Option<Code> {
        self.frame.emit_entry(&mut self.code);
        self.emit_loads();
        self.code.push(I::Block(BlockType::Empty)).push(I::Loop(BlockType::Empty));
        if self.cx.geometry.save_every == 1 {
            self.emit_row(1)?;
        } else {
            self.frame.push_is_skipped(&mut self.code);
            self.code.push(I::If(BlockType::Empty));
            self.enter_stage(0);
            self.emit_role(self.roles.step);
            self.frame.emit_look(&mut self.code);
            self.code.push(I::Else);
            self.emit_row(2)?;
            self.code.push(I::End);
        }
        self.emit_stages();
        self.frame.emit_next_step(&mut self.code);
        self.code.push(I::Br(0)).push(I::End).push(I::End);
        self.emit_flush();
        self.frame.emit_exit(&mut self.code);
        Some(self.code)
    }

    /// The evaluation that writes a row, the way out of the loop, that many labels away, and the effects.
    fn emit_row(&mut self, exit: u32) -> Option<()> {
        self.frame.emit_row_begin(&mut self.code, &self.env);
        let n_looks = self.env.looks.iter().count();
        let check = (n_looks > 0).then(|| NanCheck::new(&mut self.code, n_looks));
        self.frame.emit_stocks(&mut self.code, &self.env);
        self.env.check = check;
        self.enter_stage(0);
        let frame = self.frame;
        let between = |code: &mut Code, env: &mut Env| {
            if let Some(check) = env.check.take() {
                frame.emit_check(code, check);
            }
            frame.emit_row_end(code, exit);
        };
        match self.roles.row {
            None => between(&mut self.code, &mut self.env),
            Some((func, row)) => {
                self.env.places.clone_from(&self.cx.layout.places[func]);
                let body = Body::new(self.cx, row, &mut self.env, &mut self.code);
                if !body.is_two_phase() {
                    return None;
                }
                body.emit_around(between);
            }
        }
        Some(())
    }

    /// What Runge-Kutta methods do after the first evaluation.
    fn emit_stages(&mut self) {
        for position in 0..self.cx.stages.len() {
            if position > 0 {
                self.enter_stage(position);
                self.emit_role(self.roles.stage);
            }
            let action = self.cx.stages[position].action;
            emit_stage_in_memory(&mut self.code, &self.cx.geometry, &self.ranges, action, self.cx.simd);
        }
        self.env.time = Clock::Local(self.frame.time);
        self.emit_role(self.roles.commit);
    }

    /// Sets the scene for the evaluation of a stage; the first one happens at the time of the step.
    fn enter_stage(&mut self, position: usize) {
        self.env.time = Clock::Local(self.frame.time);
        let Some(&stage) = self.cx.stages.get(position) else { return };
        self.env.rate = Rate::Stage(stage, self.stage_locals.clone());
        if position > 0 {
            self.code.get(self.frame.time).f64(stage.offset).push(I::F64Add).set(self.frame.stage_time);
            self.env.time = Clock::Local(self.frame.stage_time);
        }
    }

    fn emit_role(&mut self, part: Option<Part<'a>>) {
        if let Some((func, data)) = part {
            self.env.places.clone_from(&self.cx.layout.places[func]);
            Body::new(self.cx, data, &mut self.env, &mut self.code).emit();
        }
    }

    /// Everything into its local.
    fn emit_loads(&mut self) {
        let is_kept = |role| !matches!(role, SlotRole::Pending | SlotRole::Carry);
        for slot in self.cx.module.slots.keys().filter(|&slot| is_kept(self.cx.module.slots[slot].role)) {
            if let Some(local) = self.env.cached[slot] {
                self.code.i32(0).load(address(self.cx.layout, slot)).set(local);
            }
        }
    }

    /// What the next call needs back into memory. The last row, or the evaluation at rest, did that for stocks.
    fn emit_flush(&mut self) {
        for slot in self.cx.module.slots.keys() {
            let is_kept = matches!(self.cx.module.slots[slot].role, SlotRole::Level | SlotRole::Held);
            if let (true, Some(local)) = (is_kept, self.env.cached[slot]) {
                self.code.i32(0).get(local).store(address(self.cx.layout, slot));
            }
        }
    }
}
