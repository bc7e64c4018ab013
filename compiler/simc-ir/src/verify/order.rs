//! Reads and writes of one slot within a role: what is stored is read afterwards, what is advanced was read before.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use cranelift_entity::SecondaryMap;

use super::role::allowed_roles;
use super::{Errors, FuncCx};
use crate::derive::{Origin, index_origin, operand_count};
use crate::entity::{Block, Inst, Slot, Value};
use crate::func::walk::Step;
use crate::module::{FuncRole, Module, SlotRole};
use crate::opcode::{Accesses, Opcode};

/// All accesses of a slot inside one loop.
#[derive(Default)]
struct LoopUse {
    reads: BTreeSet<Vec<Place>>,
    /// Everything that is written, put together; none before the first write.
    written: Option<Vec<Place>>,
    /// Whether some of it is an advance, which an engine may carry out at once or at the end.
    is_advanced: bool,
}

/// What one index of an access can be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// How far it lies after the loop's index, when it moves with it.
    shift: Option<u32>,
    /// The first position, and the one after the last.
    reach: (u32, u32),
}

/// A loop that is being looked through.
struct OpenLoop {
    body: Block,
    /// How many passes it makes.
    size: u32,
    /// Whether they go from the last position to the first.
    descends: bool,
    uses: BTreeMap<Slot, LoopUse>,
}

/// What has happened in a role so far.
struct Order<'a> {
    module: &'a Module,
    role: FuncRole,
    written_early: SecondaryMap<Slot, bool>,
    written_late: SecondaryMap<Slot, bool>,
    open: Vec<OpenLoop>,
}

pub(super) fn verify_order(module: &Module, cxs: &[FuncCx<'_>], errors: &mut Errors) {
    for role in FuncRole::ALL {
        let n_slots = module.slots.len();
        let (early, late) = (SecondaryMap::with_capacity(n_slots), SecondaryMap::with_capacity(n_slots));
        let mut order = Order { module, role, written_early: early, written_late: late, open: Vec::new() };
        for cx in cxs.iter().filter(|cx| cx.func.role == role) {
            order.verify_part(cx, errors);
        }
    }
}

impl Order<'_> {
    fn verify_part(&mut self, cx: &FuncCx<'_>, errors: &mut Errors) {
        for step in cx.func.walk() {
            match step {
                Step::Inst(inst) => self.verify_inst(cx, inst, errors),
                Step::Enter(inst, body) => {
                    let axis = cx.func.insts[inst].immediate.as_loop().map(|(axis, _)| axis);
                    let size = axis.and_then(|axis| self.module.axes.get(axis)).map_or(u32::MAX, |axis| axis.size);
                    let descends = cx.func.insts[inst].opcode == Opcode::Down;
                    self.open.push(OpenLoop { body, size, descends, uses: BTreeMap::new() });
                }
                Step::Leave(inst, _) => self.leave(cx, inst, errors),
            }
        }
    }

    fn verify_inst(&mut self, cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
        let data = &cx.func.insts[inst];
        let accesses = data.opcode.facts().accesses;
        let Some(slot) = data.immediate.as_slot() else { return };
        match accesses {
            Accesses::None => return,
            Accesses::Read if self.written_late[slot] => {
                cx.report_inst(errors, inst, format!("reads {slot} after its advance in {}", self.role.name()));
            }
            Accesses::Read if self.is_stored_here(slot) && !self.written_early[slot] => {
                cx.report_inst(errors, inst, format!("reads {slot} before {} stores it", self.role.name()));
            }
            Accesses::Read => {}
            Accesses::Early => self.written_early[slot] = true,
            Accesses::Late => self.written_late[slot] = true,
        }
        if self.module.slots[slot].role == SlotRole::Carry {
            return;
        }
        let n_operands = operand_count(data.opcode, data.immediate);
        self.note(cx, slot, &cx.func.args(inst)[n_operands..], accesses);
    }

    /// Whether this role is one that stores or fills such slots.
    fn is_stored_here(&self, slot: Slot) -> bool {
        let (slot_role, method) = (self.module.slots[slot].role, self.module.time.method);
        [Opcode::Store, Opcode::Fill, Opcode::Initialise]
            .iter()
            .any(|&opcode| allowed_roles(opcode, Some(slot_role), method).contains(&self.role))
    }

    /// Enters the access into every loop around it.
    fn note(&mut self, cx: &FuncCx<'_>, slot: Slot, indices: &[Value], accesses: Accesses) {
        let origins: Vec<Origin> = indices.iter().map(|&index| index_origin(cx.func, index)).collect();
        // What is left open, as in a block, is reached everywhere.
        let n_open = self.module.slots[slot].axes.len().saturating_sub(indices.len());
        let origins: Vec<Origin> = origins.into_iter().chain(std::iter::repeat_n(Origin::Computed, n_open)).collect();
        let reaches: Vec<Range<u32>> = origins.iter().map(|&origin| self.reach(origin)).collect();
        for open in &mut self.open {
            let shift = |origin| match origin {
                Origin::Loop(of, shift) if of == open.body => Some(shift),
                Origin::Loop(..) | Origin::Fixed(_) | Origin::Computed => None,
            };
            let places = origins.iter().zip(&reaches);
            let places = places.map(|(&origin, reach)| Place { shift: shift(origin), reach: (reach.start, reach.end) });
            let of_slot = open.uses.entry(slot).or_default();
            of_slot.is_advanced |= accesses == Accesses::Late;
            if accesses == Accesses::Read {
                of_slot.reads.insert(places.collect());
            } else if let Some(written) = &mut of_slot.written {
                written.iter_mut().zip(places).for_each(|(all, place)| all.include(&place));
            } else {
                of_slot.written = Some(places.collect());
            }
        }
    }

    /// The positions that an index can take.
    fn reach(&self, origin: Origin) -> Range<u32> {
        match origin {
            Origin::Fixed(position) => position..position.saturating_add(1),
            Origin::Loop(of, shift) => {
                let size = self.open.iter().find(|open| open.body == of).map_or(u32::MAX, |open| open.size);
                shift..shift.saturating_add(size)
            }
            Origin::Computed => 0..u32::MAX,
        }
    }

    fn leave(&mut self, cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
        let Some(OpenLoop { descends, uses, .. }) = self.open.pop() else { return };
        for (slot, all) in uses {
            let Some(written) = all.written else { continue };
            let is_fine = |(read, written): (&Place, &Place)| {
                let is_done = if descends { written.is_before(read) } else { read.is_before(written) };
                read.is_apart(written) || (!all.is_advanced && is_done)
            };
            if !all.reads.iter().all(|read| read.iter().zip(&written).any(is_fine)) {
                cx.report_inst(errors, inst, format!("a pass of the loop may read what another one writes to {slot}"));
            }
        }
    }
}

impl Place {
    /// Makes it stand for another one too.
    fn include(&mut self, other: &Place) {
        self.shift = self.shift.filter(|_| self.shift == other.shift);
        self.reach = (self.reach.0.min(other.reach.0), self.reach.1.max(other.reach.1));
    }

    /// Whether it lies before another place in each pass of the loop: an earlier pass of a `for`, a later one of a `down` was there.
    fn is_before(&self, other: &Place) -> bool {
        matches!((self.shift, other.shift), (Some(own), Some(other)) if own < other)
    }

    /// Whether no two passes of the loop meet here: each has a position of its own, or there is no position in common.
    fn is_apart(&self, other: &Place) -> bool {
        let is_own = self.shift.is_some() && self.shift == other.shift;
        is_own || self.reach.1 <= other.reach.0 || other.reach.1 <= self.reach.0
    }
}
