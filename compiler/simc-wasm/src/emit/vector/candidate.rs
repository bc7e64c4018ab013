//! One loop: whether two of its passes can be taken at once, what everything inside then is, and what that saves.

use std::collections::BTreeMap;

use cranelift_entity::SecondaryMap;
use simc_ir::derive::operand_count;
use simc_ir::entity::{Block, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::opcode::{Immediate, Opcode};
use simc_ir::types::Type;

use super::cost::{self, LOOP_BYTES, PACK, SPLAT, UNPACK};
use super::examiner::{Examiner, Listed};
use super::reductions::{Extreme, Reductions, find_reductions};
use super::{Lanes, PASSES, VectorLoop, Vectors};
use crate::emit::geometry::WORD;
use crate::emit::placement::{Placement, Placements};
use crate::emit::shape::movement;

/// Walks over a loop's instructions until lanes no longer change; more are not worth the time.
const MAX_ROUNDS: usize = 8;

/// A loop that can take two passes at once.
pub(super) struct Candidate {
    /// What that saves in all of its passes but for their number.
    pub(super) saving: i64,
    /// Bytes of code that it costs, at most.
    pub(super) bytes: u32,
    body: Block,
    vector: VectorLoop,
    lanes: Vec<(Value, Lanes)>,
    effects: Vec<(Inst, Lanes)>,
    /// Values that get locals.
    promoted: Vec<Value>,
}

/// A loop under examination.
struct Examination<'a> {
    examiner: &'a Examiner<'a>,
    body: Block,
    listed: Vec<Listed>,
    reductions: Reductions,
    /// The extremes that are found for even and odd passes apart, by what ends them.
    reduced: BTreeMap<Inst, Extreme>,
    lanes: SecondaryMap<Value, Lanes>,
    carries: SecondaryMap<Slot, Lanes>,
    /// As what each instruction is emitted.
    modes: SecondaryMap<Inst, Lanes>,
    promoted: Vec<Value>,
    has_changed: bool,
}

impl Candidate {
    /// Enters it among the decisions.
    pub(super) fn enter(self, vectors: &mut Vectors, plan: &mut Placements) {
        for (value, lanes) in self.lanes {
            vectors.lanes[value] = lanes;
        }
        for (inst, lanes) in self.effects {
            vectors.effects[inst] = lanes;
        }
        for value in self.promoted {
            plan.placements[value] = Placement::Local;
        }
        vectors.loops.insert(self.body, self.vector);
    }
}

impl Examiner<'_> {
    /// The loop with this body, if two of its passes can be taken at once and that saves something.
    pub(super) fn examine(&self, body: Block) -> Option<Candidate> {
        let mut listed = Vec::new();
        self.list(body, 0, &mut listed);
        let reductions = find_reductions(self, body, &listed)?;
        let mut examination = Examination {
            examiner: self,
            body,
            listed,
            reductions,
            reduced: BTreeMap::new(),
            lanes: SecondaryMap::new(),
            carries: SecondaryMap::new(),
            modes: SecondaryMap::new(),
            promoted: Vec::new(),
            has_changed: false,
        };
        examination.find_lanes()?;
        examination.reduce();
        examination.find_modes();
        examination.conclude()
    }
}

impl Examination<'_> {
    fn func(&self) -> &FuncData {
        self.examiner.func
    }

    /// What every value is, from operands to results, until loops inside and what they hand on agree.
    fn find_lanes(&mut self) -> Option<()> {
        let index = self.func().blocks[self.body].params[0];
        self.lanes[index] = Lanes::Split;
        for _ in 0..MAX_ROUNDS {
            self.has_changed = false;
            for at in 0..self.listed.len() {
                self.visit(self.listed[at]);
            }
            if !self.has_changed {
                return Some(());
            }
        }
        None
    }

    fn visit(&mut self, listed: Listed) {
        let Listed { inst, block, .. } = listed;
        let func = self.examiner.func;
        let data = &func.insts[inst];
        match (data.opcode, data.immediate, data.result) {
            (_, Immediate::Loop(_, body), Some(result)) => {
                let accumulator = func.blocks[body].params[1];
                self.raise(accumulator, self.lanes[func.args(inst)[0]]);
                self.raise(result, self.lanes[accumulator]);
            }
            (Opcode::Yield, ..) if block != self.body => {
                let accumulator = func.blocks[block].params[1];
                self.raise(accumulator, self.lanes[func.args(inst)[0]]);
            }
            (Opcode::Store, Immediate::Slot(slot), _) if self.reductions.private.contains(&slot) => {
                let lanes = self.carries[slot].max(self.lanes[func.args(inst)[0]]);
                self.has_changed |= lanes != self.carries[slot];
                self.carries[slot] = lanes;
            }
            (_, _, Some(result)) => self.raise(result, self.result_lanes(inst, result)),
            (_, _, None) => {}
        }
    }

    fn raise(&mut self, value: Value, lanes: Lanes) {
        let lanes = lanes.max(self.lanes[value]);
        self.has_changed |= lanes != self.lanes[value];
        self.lanes[value] = lanes;
    }

    fn result_lanes(&self, inst: Inst, result: Value) -> Lanes {
        let func = self.func();
        let data = &func.insts[inst];
        if self.reductions.links[result].is_some() {
            return Lanes::Split;
        }
        if let Some(slot) = data.immediate.as_slot()
            && self.reductions.private.contains(&slot)
        {
            return self.carries[slot];
        }
        let n_operands =
            if data.opcode.signature().indexed { operand_count(data.opcode, data.immediate) } else { usize::MAX };
        let operands = func.args(inst).iter().take(n_operands).map(|&arg| self.lanes[arg]).max().unwrap_or_default();
        let place = self.place(inst);
        match (cost::saved(self.examiner.cx, func, inst), operands.max(place)) {
            (_, Lanes::Uniform) => Lanes::Uniform,
            (Some(_), lanes) => lanes,
            (None, _) => Lanes::Split,
        }
    }

    /// Where an instruction accesses a slot, param or table: at one place, at two side by side, or at any two.
    fn place(&self, inst: Inst) -> Lanes {
        let (bytes, computed) = movement(self.examiner.cx.module, self.func(), inst, self.body);
        let is_same = computed.iter().all(|&index| self.lanes[index] == Lanes::Uniform);
        match bytes {
            0 if is_same => Lanes::Uniform,
            WORD if is_same && cost::saved(self.examiner.cx, self.func(), inst).is_some() => Lanes::Simd,
            _ => Lanes::Split,
        }
    }

    /// Finds the least and greatest of vectors for even and odd passes apart.
    fn reduce(&mut self) {
        for extreme in std::mem::take(&mut self.reductions.extremes) {
            if self.lanes[extreme.other] != Lanes::Simd {
                continue;
            }
            let result = self.func().insts[extreme.inst].result;
            for value in [Some(extreme.source), result].into_iter().flatten() {
                self.reductions.links[value] = None;
                self.lanes[value] = Lanes::Simd;
            }
            self.reduced.insert(extreme.end, extreme);
        }
    }

    /// From users to operands: as what each instruction is emitted, and which values get locals so that a vector is computed once.
    fn find_modes(&mut self) {
        let func = self.examiner.func;
        let mut users: SecondaryMap<Value, Option<Inst>> = SecondaryMap::new();
        for listed in &self.listed {
            for &arg in func.args(listed.inst) {
                users[arg] = Some(listed.inst);
            }
        }
        for at in (0..self.listed.len()).rev() {
            let Listed { inst, .. } = self.listed[at];
            let data = &func.insts[inst];
            self.modes[inst] = match (data.result, func.body(inst)) {
                (None, None) => self.effect(self.listed[at]),
                (None, Some(_)) => Lanes::Uniform,
                (Some(_), Some(body)) => self.lanes[func.blocks[body].params[1]],
                (Some(result), None) => {
                    let is_alone = self.examiner.plan.placements[result] == Placement::Tree
                        && users[result].is_some_and(|user| self.modes[user] == Lanes::Split);
                    match self.lanes[result] {
                        Lanes::Simd if is_alone && is_worth_a_local(func, inst, result) => {
                            self.promoted.push(result);
                            Lanes::Simd
                        }
                        Lanes::Simd if is_alone => Lanes::Split,
                        lanes @ (Lanes::Uniform | Lanes::Split | Lanes::Simd) => lanes,
                    }
                }
            };
        }
    }

    fn effect(&self, listed: Listed) -> Lanes {
        let Listed { inst, block, .. } = listed;
        let func = self.func();
        let data = &func.insts[inst];
        if self.reduced.contains_key(&inst) {
            return Lanes::Simd;
        }
        if self.reductions.is_end[inst] {
            return Lanes::Split;
        }
        match (data.opcode, data.immediate) {
            (Opcode::Yield, _) => self.lanes[func.blocks[block].params[1]],
            (_, Immediate::Slot(slot)) if self.reductions.private.contains(&slot) => self.carries[slot],
            (Opcode::Store | Opcode::Next | Opcode::Out | Opcode::Rate, _) => {
                let is_simd = self.place(inst) == Lanes::Simd && self.lanes[func.args(inst)[0]] != Lanes::Split;
                if is_simd { Lanes::Simd } else { Lanes::Split }
            }
            _ => Lanes::Split,
        }
    }

    /// The loop with all that was found, if it saves something.
    fn conclude(self) -> Option<Candidate> {
        let func = self.examiner.func;
        let cx = self.examiner.cx;
        let (mut saving, mut bytes) = (0_i64, LOOP_BYTES);
        for &Listed { inst, depth, .. } in &self.listed {
            saving = saving.saturating_add(self.saving(inst).saturating_mul(PASSES.saturating_pow(depth)));
            // Whatever is emitted twice, and all once more where one pass is left over.
            let times = if self.modes[inst] == Lanes::Split { 2 } else { 1 };
            bytes = bytes.saturating_add(cost::code_bytes(cx, func, inst).saturating_mul(times));
        }
        let opcode_of = |extreme: &Extreme| func.insts[extreme.inst].opcode;
        let vector = VectorLoop {
            reduced: self.reduced.values().filter_map(|extreme| Some((extreme.slot?, opcode_of(extreme)))).collect(),
            accumulator: self.reduced.values().find(|extreme| extreme.slot.is_none()).map(opcode_of),
            private: self.reductions.private.iter().map(|&slot| (slot, self.carries[slot])).collect(),
            has_simd_out: self
                .listed
                .iter()
                .any(|&Listed { inst, .. }| func.insts[inst].opcode == Opcode::Out && self.modes[inst] == Lanes::Simd),
        };
        let effects = self.listed.iter().filter(|listed| func.insts[listed.inst].result.is_none());
        let results = self.listed.iter().filter_map(|listed| func.insts[listed.inst].result);
        let params = self.listed.iter().filter_map(|listed| func.body(listed.inst));
        let params = params.chain([self.body]).flat_map(|body| func.blocks[body].params.iter().skip(1).copied());
        (saving > 0).then(|| Candidate {
            saving,
            bytes,
            body: self.body,
            vector,
            lanes: results.chain(params).map(|value| (value, self.lanes[value])).collect(),
            effects: effects.map(|listed| (listed.inst, self.modes[listed.inst])).collect(),
            promoted: self.promoted,
        })
    }

    /// What two passes at once save of an instruction, less what its operands cost to be as it needs them.
    fn saving(&self, inst: Inst) -> i64 {
        let func = self.func();
        let mode = self.modes[inst];
        let saved = if mode == Lanes::Simd { cost::saved(self.examiner.cx, func, inst).unwrap_or(0) } else { 0 };
        let is_number = |arg: Value| matches!(func.values[arg].ty, Type::F64 | Type::Bool);
        let operands = func.args(inst).iter().copied().filter(|&arg| is_number(arg));
        let costs = operands.map(|arg| match (mode, self.lanes[arg]) {
            (Lanes::Simd, Lanes::Split) => PACK,
            (Lanes::Simd, Lanes::Uniform) if !is_constant(func, arg) => SPLAT,
            (Lanes::Split, Lanes::Simd) if self.is_computed_simd(arg) => UNPACK,
            _ => 0,
        });
        saved - costs.sum::<i64>()
    }

    /// Whether a value is computed as a vector, wherever it is used.
    fn is_computed_simd(&self, value: Value) -> bool {
        self.func().def_inst(value).is_none_or(|inst| self.modes[inst] == Lanes::Simd)
    }
}

fn is_constant(func: &FuncData, value: Value) -> bool {
    func.def_inst(value).is_some_and(|inst| func.insts[inst].opcode == Opcode::Fconst)
}

/// Whether a vector is to be computed once and taken apart, where its numbers are needed one by one: what is read from memory is read
/// twice instead, and truth values are found again.
fn is_worth_a_local(func: &FuncData, inst: Inst, result: Value) -> bool {
    func.values[result].ty == Type::F64 && !matches!(func.insts[inst].opcode, Opcode::Load | Opcode::Param)
}
