//! A loop that takes two passes at once: pairs of passes, which are carried out side by side, and a last pass alone where their number is odd.

use simc_ir::entity::{Block, Inst, Slot, Value};
use simc_ir::opcode::Opcode;
use wasm_encoder::{BlockType, Instruction as I};

use super::body::Body;
use super::code::{Code, Local, Ty};
use super::geometry::address;
use super::held::{Held, TwoLaneLoop};
use super::number_place::NumberPlace;
use super::shape::Order;
use super::vector::{Lanes, VectorLoop};

impl Body<'_> {
    /// Runs a block for the positions on an axis of that many, two at a time.
    pub(crate) fn emit_two_lane_loop(&mut self, size: u32, body: Block, vector: &VectorLoop, gate: Option<Local>) {
        let scalar = vector.accumulator.map(|opcode| (self.accumulator(), opcode));
        let open = self.enter_loop(body, size, Order::Pairs);
        self.open_two_lane(body, vector);
        self.code.push(I::Loop(BlockType::Empty));
        self.emit_passes(body, gate);
        self.push_goes_on(&open);
        self.code.push(I::BrIf(0)).push(I::End);
        self.close_two_lane(body, vector, scalar);
        if size % 2 == 1 {
            self.emit_passes(body, gate);
        } else {
            self.count_uses(body);
        }
        self.leave_loop(open);
    }

    /// From here on, two passes of the loop are emitted at once.
    fn open_two_lane(&mut self, body: Block, vector: &VectorLoop) {
        let mut two_lane = TwoLaneLoop { body, lane: 0, carries: Vec::new(), made: Vec::new() };
        for &(slot, _) in &vector.reduced {
            self.carried(slot).get(self.code);
            let both = self.code.local(Ty::V128);
            self.code.push(I::F64x2Splat).set(both);
            two_lane.carries.push((slot, Held::Simd(both)));
        }
        for &(slot, lanes) in &vector.private {
            match lanes {
                Lanes::Uniform => {}
                Lanes::Split => {
                    let held = Held::Split([self.code.local(Ty::F64), self.code.local(Ty::F64)]);
                    two_lane.carries.push((slot, held));
                }
                Lanes::Simd => two_lane.carries.push((slot, Held::Simd(self.code.local(Ty::V128)))),
            }
        }
        if vector.accumulator.is_some() {
            let both = self.code.local(Ty::V128);
            self.code.get(self.accumulator().local(0)).push(I::F64x2Splat).set(both);
            self.set_accumulator(body, Held::Simd(both));
        }
        if let Some(check) = self.env.check.as_mut().filter(|_| vector.has_simd_out) {
            check.enter_simd(self.code);
        }
        self.two_lane = Some(two_lane);
    }

    /// From here on, passes are emitted one by one again; what the passes so far have found is where one by one they leave it.
    fn close_two_lane(&mut self, body: Block, vector: &VectorLoop, scalar: Option<(Held, Opcode)>) {
        let Some(two_lane) = self.two_lane.take() else { return };
        if let Some(check) = self.env.check.as_mut().filter(|_| vector.has_simd_out) {
            check.leave_simd(self.code);
        }
        for &(slot, held) in &two_lane.carries {
            if let Some(&(_, opcode)) = vector.reduced.iter().find(|&&(reduced, _)| reduced == slot) {
                let place = self.carried(slot);
                place.prepare_set(self.code);
                push_extreme(self.code, held.local(0), opcode);
                place.set(self.code);
            }
            self.release_held(held);
        }
        if let Some((held, opcode)) = scalar {
            let both = self.accumulator();
            push_extreme(self.code, both.local(0), opcode);
            self.code.set(held.local(0));
            self.release_held(both);
            self.set_accumulator(body, held);
        }
        for value in two_lane.made {
            if let Some(held) = self.forget(value) {
                self.release_held(held);
            }
        }
    }

    /// Counts, as if they had been emitted one by one, the uses of what a loop needs from outside.
    fn count_uses(&mut self, body: Block) {
        for at in 0..self.func.blocks[body].insts.len() {
            let inst = self.func.blocks[body].insts[at];
            if !self.is_alive(inst) {
                continue;
            }
            for &arg in self.func.args(inst) {
                self.count_use(arg);
            }
            if let Some(body) = self.func.body(inst) {
                self.count_uses(body);
            }
        }
    }

    /// What an instruction that makes no value does, in both passes if two are emitted at once.
    pub(crate) fn emit_effect(&mut self, inst: Inst) {
        let lanes = if self.two_lane.is_some() { self.vectors.effects[inst] } else { Lanes::Uniform };
        match lanes {
            Lanes::Uniform => self.emit_inst(inst),
            Lanes::Split => self.in_each_lane(|body, _| body.emit_inst(inst)),
            Lanes::Simd => self.emit_simd(inst),
        }
    }

    /// What a value is.
    pub(crate) fn lanes(&self, value: Value) -> Lanes {
        if self.two_lane.is_some() { self.vectors.lanes[value] } else { Lanes::Uniform }
    }

    /// Gives a value locals: what `scalar` pushes, in each pass if they differ, or `packed` for both.
    pub(crate) fn hold(
        &mut self,
        lanes: Lanes,
        ty: Ty,
        scalar: impl Fn(&mut Self),
        packed: impl FnOnce(&mut Self),
    ) -> Held {
        match lanes {
            Lanes::Uniform => {
                scalar(self);
                Held::One(self.set_new(ty))
            }
            Lanes::Split => {
                let mut locals = Vec::new();
                self.in_each_lane(|body, _| {
                    scalar(body);
                    locals.push(body.set_new(ty));
                });
                Held::Split([locals[0], locals[1]])
            }
            Lanes::Simd => {
                packed(self);
                Held::Simd(self.set_new(Ty::V128))
            }
        }
    }

    /// Pops into a new local.
    fn set_new(&mut self, ty: Ty) -> Local {
        let local = self.code.local(ty);
        self.code.set(local);
        local
    }

    /// Emits for one pass after the other.
    pub(crate) fn in_each_lane(&mut self, mut emit: impl FnMut(&mut Self, u8)) {
        for lane in [0, 1] {
            self.set_lane(lane.into());
            emit(self, lane);
        }
        self.set_lane(0);
    }

    fn set_lane(&mut self, lane: u32) {
        if let Some(two_lane) = &mut self.two_lane {
            two_lane.lane = lane;
        }
    }

    /// The pass, of two, that scalars are emitted for.
    pub(crate) fn lane(&self) -> u32 {
        self.two_lane.as_ref().map_or(0, |two_lane| two_lane.lane)
    }

    /// Where a number is that loops hand on, if each of two passes has its own.
    pub(crate) fn carry(&self, slot: Slot) -> Option<Held> {
        let carries = self.two_lane.as_ref().map_or(&[][..], |two_lane| &two_lane.carries);
        carries.iter().find(|&&(carried, _)| carried == slot).map(|&(_, held)| held)
    }

    /// Pushes a value that is held, as the open pass has it.
    pub(crate) fn push_held(&mut self, ty: Ty, held: Held) {
        let lane = self.lane();
        self.code.get(held.local(lane));
        match (held, ty) {
            (Held::Simd(_), Ty::I32) => {
                // A truth value is all ones or all zeros.
                let lane = if lane == 0 { 0 } else { 2 };
                self.code.push(I::I32x4ExtractLane(lane)).i32(1).push(I::I32And);
            }
            (Held::Simd(_), Ty::F64 | Ty::I64 | Ty::V128) => _ = self.code.half(if lane == 0 { 0 } else { 1 }),
            (Held::One(_) | Held::Split(_), _) => {}
        }
    }

    /// The place of a number that loops hand on, outside of passes.
    fn carried(&self, slot: Slot) -> NumberPlace {
        match self.env.cached[slot] {
            Some(local) => NumberPlace::Local(local),
            None => NumberPlace::Memory(None, address(self.cx.layout, slot)),
        }
    }
}

/// Pushes the lesser or greater of the numbers of a vector.
fn push_extreme(code: &mut Code, both: Local, opcode: Opcode) {
    code.get(both).half(0).get(both).half(1);
    code.push(if opcode == Opcode::Fmin { I::F64Min } else { I::F64Max });
}
