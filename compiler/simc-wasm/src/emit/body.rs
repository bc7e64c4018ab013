//! Emits the body of one IR function into a function under construction.

use std::ops::Range;

use cranelift_entity::SecondaryMap;
use simc_ir::entity::{Axis, Block, Inst, Value};
use simc_ir::func::FuncData;
use simc_ir::opcode::{Immediate, Opcode};
use simc_ir::types::Type;
use wasm_encoder::{BlockType, Instruction};

use super::Cx;
use super::code::{Code, Local, Ty};
use super::env::Env;
use super::held::{Held, TwoLaneLoop};
use super::placement::{Class, Placement, Placements};
use super::shape::{Order, Shape};
use super::vector::{Vectors, vectorise};

/// A function on its way from IR to wasm.
pub(crate) struct Body<'a> {
    /// The module around it.
    pub(crate) cx: &'a Cx<'a>,
    /// What is emitted.
    pub(crate) func: &'a FuncData,
    /// Where things are.
    pub(crate) env: &'a mut Env,
    /// Where instructions go.
    pub(crate) code: &'a mut Code,
    /// Bodies of the open loops, outermost first.
    pub(crate) open: Vec<Block>,
    /// What open loops move, and where it is.
    pub(crate) moving: Vec<(Shape, Local)>,
    plan: Placements,
    /// What becomes of loops that take two passes at once.
    pub(crate) vectors: Vectors,
    /// The open one of these loops.
    pub(crate) two_lane: Option<TwoLaneLoop>,
    /// Values in locals.
    held_values: SecondaryMap<Value, Option<HeldValue>>,
    /// Uses that are still to be emitted.
    remaining: SecondaryMap<Value, u32>,
    /// Locals to release when the loop that is open at each depth ends: values from outside of it, used last within.
    releases: Vec<Vec<Local>>,
    /// Accumulators of the open folds.
    accumulators: Vec<Held>,
}

/// Where a value is held.
#[derive(Clone, Copy, Debug)]
struct HeldValue {
    held: Held,
    /// Open loops where the value is made; none for a loop's own index and accumulator, which live as long as the loop.
    depth: Option<usize>,
}

impl<'a> Body<'a> {
    /// Plans a function.
    pub(crate) fn new(cx: &'a Cx<'a>, func: &'a FuncData, env: &'a mut Env, code: &'a mut Code) -> Self {
        let mut plan = Placements::new(cx.module, func, env);
        let vectors = if cx.simd { vectorise(cx, func, &mut plan) } else { Vectors::default() };
        Self {
            vectors,
            two_lane: None,
            remaining: plan.uses.clone(),
            held_values: SecondaryMap::new(),
            releases: Vec::new(),
            accumulators: Vec::new(),
            open: Vec::new(),
            moving: Vec::new(),
            cx,
            func,
            env,
            code,
            plan,
        }
    }

    /// Whether everything that must happen in every evaluation is before everything that advances the model.
    pub(crate) fn is_two_phase(&self) -> bool {
        match (self.plan.last_visible, self.plan.first_advance) {
            (Some(visible), Some(advance)) => visible < advance,
            _ => true,
        }
    }

    /// Emits everything. With [`Env::advance`], what advances the model is in conditional blocks.
    pub(crate) fn emit(mut self) {
        let all = 0..self.func.blocks[self.func.entry].insts.len();
        self.emit_insts(self.func.entry, all, self.env.advance);
    }

    /// Emits what must happen in every evaluation, then what `between` emits, then what advances the model.
    pub(crate) fn emit_around(mut self, between: impl FnOnce(&mut Code, &mut Env)) {
        let len = self.func.blocks[self.func.entry].insts.len();
        let split = self.plan.first_advance.unwrap_or(len);
        self.emit_insts(self.func.entry, 0..split, None);
        between(self.code, self.env);
        self.emit_insts(self.func.entry, split..len, None);
    }

    /// Emits instructions of a block; where `gate` is given, those that advance the model only happen if it is not 0.
    fn emit_insts(&mut self, block: Block, range: Range<usize>, gate: Option<Local>) {
        let is_entry = block == self.func.entry;
        let mut is_open = false;
        for position in range {
            let inst = self.func.blocks[block].insts[position];
            let class = self.plan.class(inst);
            if let Some(gate) = gate {
                let stays =
                    is_entry && class == Class::Value && self.plan.last_visible.is_none_or(|last| position > last);
                if class == Class::Advance && !is_open {
                    self.code.get(gate).push(Instruction::If(BlockType::Empty));
                    is_open = true;
                } else if class != Class::Advance && is_open && !stays {
                    self.code.push(Instruction::End);
                    is_open = false;
                }
            }
            self.emit_root(inst, gate.filter(|_| class == Class::Mixed));
        }
        if is_open {
            self.code.push(Instruction::End);
        }
    }

    /// Emits an instruction where it is, unless it is emitted where it is used.
    fn emit_root(&mut self, inst: Inst, gate: Option<Local>) {
        let data = &self.func.insts[inst];
        match (data.immediate, data.result) {
            (Immediate::Loop(axis, body), Some(result)) => self.emit_fold(inst, axis, body, result),
            (Immediate::Loop(axis, body), None) => {
                self.emit_loop(axis, body, self.func.insts[inst].opcode == Opcode::Down, gate);
            }
            (_, Some(result)) if self.plan.placements[result] == Placement::Local => {
                let held = self.hold(
                    self.lanes(result),
                    self.ty(result),
                    |body| body.emit_inst(inst),
                    |body| {
                        body.emit_simd(inst);
                    },
                );
                self.set_home(result, held);
            }
            (_, Some(_)) => {}
            (_, None) => self.emit_effect(inst),
        }
    }

    /// Runs a block for each position on an axis, from the first to the last or the other way.
    fn emit_loop(&mut self, axis: Axis, body: Block, descends: bool, gate: Option<Local>) {
        if let Some(check) = &mut self.env.check {
            check.enter_loop(self.code);
        }
        let size = self.cx.module.axes[axis].size;
        self.releases.push(Vec::new());
        match self.vectors.loops.remove(&body) {
            Some(vector) => self.emit_two_lane_loop(size, body, &vector, gate),
            None => {
                let order = if descends { Order::Down } else { Order::Up };
                let open = self.enter_loop(body, size, order);
                self.code.push(Instruction::Loop(BlockType::Empty));
                self.emit_passes(body, gate);
                self.push_goes_on(&open);
                self.code.push(Instruction::BrIf(0)).push(Instruction::End);
                self.leave_loop(open);
            }
        }
        for local in self.releases.pop().into_iter().flatten() {
            self.code.release(local);
        }
    }

    /// Emits the body of a loop.
    pub(crate) fn emit_passes(&mut self, body: Block, gate: Option<Local>) {
        self.emit_insts(body, 0..self.func.blocks[body].insts.len(), gate);
    }

    /// From here on, the index of a loop is in this local, as long as the loop runs.
    pub(crate) fn set_index(&mut self, index: Value, local: Local) {
        self.held_values[index] = Some(HeldValue { held: Held::One(local), depth: None });
    }

    /// From here on, the accumulator of the innermost fold, whose body this is, is held here.
    pub(crate) fn set_accumulator(&mut self, body: Block, held: Held) {
        let param = self.func.blocks[body].params[1];
        self.held_values[param] = Some(HeldValue { held, depth: None });
        if let Some(innermost) = self.accumulators.last_mut() {
            *innermost = held;
        }
    }

    /// Runs a block that carries a number from position to position.
    fn emit_fold(&mut self, inst: Inst, axis: Axis, body: Block, result: Value) {
        let first = self.func.args(inst)[0];
        let lanes = self.lanes(self.func.blocks[body].params[1]);
        let held = self.hold(lanes, Ty::F64, |body| body.use_value(first), |body| body.use_simd(first));
        self.accumulators.push(held);
        self.set_accumulator(body, held);
        self.emit_loop(axis, body, false, None);
        self.accumulators.pop();
        if self.plan.placements[result] == Placement::Unused {
            self.release_held(held);
        } else {
            self.set_home(result, held);
        }
    }

    /// Where the accumulator of the innermost fold is held.
    pub(crate) fn accumulator(&self) -> Held {
        *self.accumulators.last().expect("`yield` stands in a fold")
    }

    /// Ends a pass of the innermost fold.
    pub(crate) fn emit_yield(&mut self, value: Value) {
        self.use_value(value);
        let local = self.accumulator().local(self.lane());
        self.code.set(local);
    }

    /// Remembers where a value is held.
    fn set_home(&mut self, value: Value, held: Held) {
        self.held_values[value] = Some(HeldValue { held, depth: Some(self.releases.len()) });
        if let Some(two_lane) = &mut self.two_lane {
            two_lane.made.push(value);
        }
    }

    /// Where a value is held, if anywhere.
    pub(crate) fn held(&self, value: Value) -> Option<Held> {
        self.held_values[value].map(|held_value| held_value.held)
    }

    /// Forgets a value; gives where it was.
    pub(crate) fn forget(&mut self, value: Value) -> Option<Held> {
        self.held_values[value].take().map(|held_value| held_value.held)
    }

    /// Pushes a value; of two passes, that of the open lane.
    pub(crate) fn use_value(&mut self, value: Value) {
        let Some(held_value) = self.held_values[value] else {
            let inst = self.func.def_inst(value).expect("a loop's parameters are in locals");
            self.emit_inst(inst);
            if self.plan.placements[value] == Placement::Late {
                let local = self.code.local(self.ty(value));
                self.code.set(local);
                self.set_home(value, Held::One(local));
                self.use_value(value);
            }
            return;
        };
        if self.two_lane.is_some() {
            self.push_held(self.ty(value), held_value.held);
            if self.lane() > 0 && self.is_two_lane_index(value) {
                self.code.i32(1).push(Instruction::I32Add);
            }
        } else if self.is_last_use(value, held_value) {
            self.code.take(held_value.held.local(0));
            self.release(held_value);
        } else {
            self.code.get(held_value.held.local(0));
        }
    }

    /// Pushes a value and gives a local that holds it as well, up to the next allocation of a local.
    pub(crate) fn use_value_in_local(&mut self, value: Value) -> Local {
        if let Some(held_value) = self.held_values[value].filter(|_| self.two_lane.is_none()) {
            let local = held_value.held.local(0);
            self.code.get(local);
            if self.is_last_use(value, held_value) {
                self.release(held_value);
            }
            return local;
        }
        let read = match self.func.def_inst(value) {
            Some(inst) if self.two_lane.is_none() => self.env.local_read(self.cx.module, self.func, inst),
            Some(_) | None => None,
        };
        self.use_value(value);
        let is_late = self.plan.placements[value] == Placement::Late;
        if let Some(local) = read.or_else(|| self.held(value).filter(|_| is_late).map(|held| held.local(0))) {
            return local;
        }
        let local = self.code.local(self.ty(value));
        self.code.tee(local);
        self.code.release(local);
        local
    }

    /// Whether a value is the index of the loop that takes two passes at once.
    fn is_two_lane_index(&self, value: Value) -> bool {
        self.two_lane.as_ref().is_some_and(|two_lane| self.func.blocks[two_lane.body].params[0] == value)
    }

    /// Counts the use of a value by an instruction that has been emitted without counting.
    pub(crate) fn count_use(&mut self, value: Value) {
        if let Some(held_value) = self.held_values[value]
            && self.is_last_use(value, held_value)
        {
            self.release(held_value);
        }
    }

    /// Whether an instruction is emitted at all.
    pub(crate) fn is_alive(&self, inst: Inst) -> bool {
        self.func.body(inst).is_some()
            || self.func.insts[inst].result.is_none_or(|result| self.plan.placements[result] != Placement::Unused)
    }

    /// Counts a use of a value in a local.
    fn is_last_use(&mut self, value: Value, held_value: HeldValue) -> bool {
        if held_value.depth.is_some() {
            self.remaining[value] -= 1;
        }
        held_value.depth.is_some() && self.remaining[value] == 0
    }

    /// Gives locals back: at once, or when the loop ends that reads them in every pass.
    fn release(&mut self, held_value: HeldValue) {
        match held_value.depth.and_then(|depth| self.releases.get_mut(depth)) {
            Some(releases) => releases.extend(held_value.held.locals()),
            None => self.release_held(held_value.held),
        }
    }

    /// Gives locals back at once.
    pub(crate) fn release_held(&mut self, held: Held) {
        for local in held.locals() {
            self.code.release(local);
        }
    }

    /// What an operation with one operand is applied to, if a value is its result and nobody else wants it: then the caller may emit
    /// something else that has the operand in it.
    pub(crate) fn operand_of(&self, value: Value, opcode: Opcode) -> Option<Value> {
        let inst = self.func.def_inst(value)?;
        let is_ours = self.plan.placements[value] == Placement::Tree && self.func.insts[inst].opcode == opcode;
        is_ours.then(|| self.func.args(inst)[0])
    }

    pub(crate) fn ty(&self, value: Value) -> Ty {
        match self.func.values[value].ty {
            Type::F64 => Ty::F64,
            Type::Bool | Type::Index(_) => Ty::I32,
        }
    }
}
