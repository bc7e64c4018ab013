//! Numbers that go from pass to pass of a loop: sums, products, the least and the greatest, elements that read the ones before them.
//!
//! Such a number is read, and what is computed of it ends in one instruction that writes it for the next pass. When all of that is
//! emitted where it ends, it can be emitted twice there, and both passes keep their order.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_entity::SecondaryMap;
use simc_ir::derive::{Origin, index_origin, operand_count};
use simc_ir::entity::{Block, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::SlotRole;
use simc_ir::opcode::{Effect, Opcode};

use super::examiner::{Examiner, Listed};
use crate::emit::carriers::Carrier;
use crate::emit::placement::Placement;

/// What goes from pass to pass of a loop.
#[derive(Debug, Default)]
pub(super) struct Reductions {
    /// Values on the way from where the number is read to where it is written.
    pub(super) links: SecondaryMap<Value, Option<usize>>,
    /// The instruction that ends each reduction.
    ends: Vec<Inst>,
    /// Whether an instruction ends one.
    pub(super) is_end: SecondaryMap<Inst, bool>,
    /// Numbers that are handed on inside of a pass alone.
    pub(super) private: BTreeSet<Slot>,
    /// Reductions of nothing but the least or the greatest.
    pub(super) extremes: Vec<Extreme>,
}

/// A reduction that takes the lesser or the greater of the number and another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extreme {
    /// Reads the number.
    pub(super) source: Value,
    /// `fmin` or `fmax`.
    pub(super) inst: Inst,
    /// The other number.
    pub(super) other: Value,
    /// Writes the number.
    pub(super) end: Inst,
    /// Where it is kept; none for the loop's own accumulator.
    pub(super) slot: Option<Slot>,
}

/// Finds all reductions of a loop; none where passes depend on one another in any other way.
pub(super) fn find_reductions(examiner: &Examiner<'_>, body: Block, listed: &[Listed]) -> Option<Reductions> {
    let func = examiner.func;
    let mut reductions = Reductions::default();
    for (slot, accesses) in accesses_of_written(func, listed) {
        if keeps_apart(func, body, &accesses) {
            continue;
        }
        let (reads, writes): (Vec<Inst>, Vec<Inst>) = accesses.iter().partition(|&&inst| is_read(func, inst));
        match (reads.as_slice(), writes.as_slice()) {
            ([], _) => {}
            _ if examiner.is_private(slot, &accesses) => _ = reductions.private.insert(slot),
            (_, &[end]) => reductions.add(reads.iter().filter_map(|&read| func.insts[read].result), end),
            _ => return None,
        }
    }
    if let (Some(&accumulator), Some(&end)) = (func.blocks[body].params.get(1), func.blocks[body].insts.last()) {
        reductions.add([accumulator], end);
    }
    reductions.follow(examiner, body, listed)?;
    reductions.find_extremes(examiner, body);
    Some(reductions)
}

impl Reductions {
    fn add(&mut self, sources: impl IntoIterator<Item = Value>, end: Inst) {
        for source in sources {
            self.links[source] = Some(self.ends.len());
        }
        self.ends.push(end);
        self.is_end[end] = true;
    }

    /// Follows each reduction to its end, along values that are emitted where that is.
    fn follow(&mut self, examiner: &Examiner<'_>, body: Block, listed: &[Listed]) -> Option<()> {
        let (func, plan) = (examiner.func, examiner.plan);
        for &Listed { inst, block, .. } in listed {
            let result = func.insts[inst].result;
            let mut reduction = result.and_then(|result| self.links[result]);
            for &arg in func.args(inst) {
                if let Some(link) = self.links[arg] {
                    if reduction.is_some_and(|reduction| reduction != link) {
                        return None;
                    }
                    reduction = Some(link);
                }
            }
            let Some(reduction) = reduction else { continue };
            let is_link = result.is_some_and(|result| match plan.placements[result] {
                Placement::Tree | Placement::Unused => true,
                Placement::Again => plan.uses[result] == 1,
                Placement::Local | Placement::Late => false,
            });
            if block != body || func.body(inst).is_some() || !(is_link || inst == self.ends[reduction]) {
                return None;
            }
            if let Some(result) = result {
                self.links[result] = Some(reduction);
            }
        }
        let accumulator = func.blocks[body].params.get(1);
        accumulator.is_none_or(|&accumulator| plan.uses[accumulator] <= 1).then_some(())
    }

    fn find_extremes(&mut self, examiner: &Examiner<'_>, body: Block) {
        let func = examiner.func;
        for &end in &self.ends {
            let Some(inst) = func.args(end).first().and_then(|&value| func.def_inst(value)) else { continue };
            let (Opcode::Fmin | Opcode::Fmax, &[a, b]) = (func.insts[inst].opcode, func.args(inst)) else { continue };
            let (source, other) = if self.links[a].is_some() { (a, b) } else { (b, a) };
            let slot = match func.def_inst(source) {
                Some(read) => func.insts[read].immediate.as_slot().filter(|_| is_read(func, read)),
                None => None,
            };
            let is_carried = slot.is_some_and(|slot| examiner.role(slot) == SlotRole::Carry);
            let is_accumulator = func.blocks[body].params.get(1) == Some(&source);
            if self.links[other].is_none() && (is_carried || is_accumulator) {
                self.extremes.push(Extreme { source, inst, other, end, slot });
            }
        }
    }
}

impl Examiner<'_> {
    /// Whether loops hand a number on inside of a pass alone: it is written before it is read, and nobody else looks at it.
    fn is_private(&self, slot: Slot, accesses: &[Inst]) -> bool {
        self.role(slot) == SlotRole::Carry
            && self.cx.carried_by[slot] == Some(Carrier::One)
            && self.n_accesses[slot] as usize == accesses.len()
            && accesses.first().is_some_and(|&first| !is_read(self.func, first))
    }
}

/// The accesses in order of each slot that the loop writes. Nobody reads what `out` writes.
fn accesses_of_written(func: &FuncData, listed: &[Listed]) -> BTreeMap<Slot, Vec<Inst>> {
    let mut accesses: BTreeMap<Slot, Vec<Inst>> = BTreeMap::new();
    for &Listed { inst, .. } in listed.iter().filter(|listed| func.insts[listed.inst].opcode != Opcode::Out) {
        if let Some(slot) = func.insts[inst].immediate.as_slot() {
            accesses.entry(slot).or_default().push(inst);
        }
    }
    accesses.retain(|_, accesses| accesses.iter().any(|&inst| !is_read(func, inst)));
    accesses
}

fn is_read(func: &FuncData, inst: Inst) -> bool {
    func.insts[inst].opcode.signature().effect != Effect::Write
}

/// Whether no pass of the loop touches what another one writes: all accesses have its index, equally shifted, at one same place.
fn keeps_apart(func: &FuncData, body: Block, accesses: &[Inst]) -> bool {
    let origins = |inst: Inst| -> Vec<Origin> {
        let data = &func.insts[inst];
        let n_operands = operand_count(data.opcode, data.immediate);
        func.args(inst)[n_operands..].iter().map(|&index| index_origin(func, index)).collect()
    };
    let mut places: Vec<Option<Origin>> = Vec::new();
    for (at, &inst) in accesses.iter().enumerate() {
        let own = |origin| matches!(origin, Origin::Loop(by, _) if by == body);
        let origins = origins(inst).into_iter().map(|origin| Some(origin).filter(|&origin| own(origin)));
        if at == 0 {
            places = origins.collect();
        } else {
            places = places.into_iter().zip(origins).map(|(a, b)| a.filter(|_| a == b)).collect();
        }
    }
    places.iter().any(Option::is_some)
}
