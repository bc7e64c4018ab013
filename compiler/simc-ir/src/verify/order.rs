//! Reads and writes of one slot within a role: what is stored is read afterwards, what is advanced was read before.

use std::collections::BTreeMap;

use cranelift_entity::SecondaryMap;

use super::role::allowed_roles;
use super::{Errors, FuncCx};
use crate::derive::{Origin, index_origin};
use crate::entity::{Block, Inst, Slot, Value};
use crate::func::walk::Step;
use crate::module::{FuncRole, Module};
use crate::opcode::{Immediate, Opcode};

/// How an instruction touches a slot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    /// `store`, `fill`: reads come behind it.
    Early,
    /// `rate`, `next`, `push`: reads come ahead of it.
    Late,
}

/// All accesses of a slot inside one loop.
struct LoopUse {
    /// Places at which all of them have the loop's index, each with the same shift.
    places: Vec<(usize, u32)>,
    read: bool,
    written: bool,
}

/// What has happened in a role so far.
struct Order<'a> {
    module: &'a Module,
    role: FuncRole,
    written_early: SecondaryMap<Slot, bool>,
    written_late: SecondaryMap<Slot, bool>,
    open: Vec<(Block, BTreeMap<Slot, LoopUse>)>,
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
                Step::Enter(_, body) => self.open.push((body, BTreeMap::new())),
                Step::Leave(inst, _) => self.leave(cx, inst, errors),
            }
        }
    }

    fn verify_inst(&mut self, cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
        let data = &cx.func.insts[inst];
        let (Some(access), Immediate::Slot(slot)) = (access(data.opcode), data.immediate) else { return };
        match access {
            Access::Read if self.written_late[slot] => {
                cx.report_inst(errors, inst, format!("reads {slot} behind its advance in {}", self.role.name()));
            }
            Access::Read if self.is_stored_here(slot) && !self.written_early[slot] => {
                cx.report_inst(errors, inst, format!("reads {slot} before {} stores it", self.role.name()));
            }
            Access::Read => {}
            Access::Early => self.written_early[slot] = true,
            Access::Late => self.written_late[slot] = true,
        }
        let n_operands = data.opcode.signature().operands.len();
        self.note(cx, slot, &cx.func.args(inst)[n_operands..], access);
    }

    /// Whether this role is one that stores or fills such slots.
    fn is_stored_here(&self, slot: Slot) -> bool {
        let (slot_role, method) = (self.module.slots[slot].role, self.module.time.method);
        [Opcode::Store, Opcode::Fill]
            .iter()
            .any(|&opcode| allowed_roles(opcode, Some(slot_role), method).contains(&self.role))
    }

    /// Enters the access into every loop around it.
    fn note(&mut self, cx: &FuncCx<'_>, slot: Slot, indices: &[Value], access: Access) {
        for (body, uses) in &mut self.open {
            let of_loop = |(place, &index): (usize, &Value)| match index_origin(cx.func, index) {
                Origin::Loop(of, shift) if of == *body => Some((place, shift)),
                Origin::Loop(..) | Origin::Fixed(_) | Origin::Computed => None,
            };
            let places: Vec<_> = indices.iter().enumerate().filter_map(of_loop).collect();
            let all =
                uses.entry(slot).or_insert_with(|| LoopUse { places: places.clone(), read: false, written: false });
            all.places.retain(|place| places.contains(place));
            all.read |= access == Access::Read;
            all.written |= access != Access::Read;
        }
    }

    fn leave(&mut self, cx: &FuncCx<'_>, inst: Inst, errors: &mut Errors) {
        for (slot, all) in self.open.pop().into_iter().flat_map(|(_, uses)| uses) {
            if all.read && all.written && all.places.is_empty() {
                cx.report_inst(errors, inst, format!("a pass of the loop may read what another one writes to {slot}"));
            }
        }
    }
}

fn access(opcode: Opcode) -> Option<Access> {
    match opcode {
        Opcode::Load | Opcode::Oldest => Some(Access::Read),
        Opcode::Store | Opcode::Fill => Some(Access::Early),
        Opcode::Rate | Opcode::Next | Opcode::Push => Some(Access::Late),
        Opcode::Fconst
        | Opcode::Bconst
        | Opcode::Position
        | Opcode::Shift
        | Opcode::IndexOf
        | Opcode::IndexOk
        | Opcode::Ordinal
        | Opcode::Param
        | Opcode::Time
        | Opcode::StepTime
        | Opcode::Fneg
        | Opcode::Fabs
        | Opcode::Fsqrt
        | Opcode::Ffloor
        | Opcode::Fadd
        | Opcode::Fsub
        | Opcode::Fmul
        | Opcode::Fdiv
        | Opcode::Fmin
        | Opcode::Fmax
        | Opcode::Feq
        | Opcode::Fne
        | Opcode::Flt
        | Opcode::Fle
        | Opcode::Fgt
        | Opcode::Fge
        | Opcode::Band
        | Opcode::Bor
        | Opcode::Bnot
        | Opcode::Btof
        | Opcode::Select
        | Opcode::Call
        | Opcode::Lookup
        | Opcode::Out
        | Opcode::For
        | Opcode::Fold
        | Opcode::Yield => None,
    }
}
