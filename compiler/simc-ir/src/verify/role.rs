//! Which opcodes stand in which functions, and which slots they touch there.

use super::{Errors, FuncCx};
use crate::entity::Inst;
use crate::func::walk::Step;
use crate::module::{FuncRole, Method, SlotRole};
use crate::opcode::{Effect, Opcode};

use FuncRole::{Commit, Prepare, Row, Stage, Start, Step as StepRole};

const EVERYWHERE: &[FuncRole] = &FuncRole::ALL;
/// Where the model is evaluated at a time.
const EVALUATIONS: &[FuncRole] = &[Start, Row, StepRole, Stage];

pub(super) fn verify_roles(cx: &FuncCx<'_>, errors: &mut Errors) {
    let role = cx.func.role;
    if !cx.module.time.method.has_stages() && matches!(role, Stage | Commit) {
        cx.report(errors, "exists only under runge-kutta");
    }
    let mut folds = 0;
    for step in cx.func.walk() {
        match step {
            Step::Inst(inst) => verify_inst(cx, inst, folds, errors),
            Step::Enter(inst, _) => folds += usize::from(is_fold(cx, inst)),
            Step::Leave(inst, _) => folds -= usize::from(is_fold(cx, inst)),
        }
    }
}

fn is_fold(cx: &FuncCx<'_>, inst: Inst) -> bool {
    cx.func.insts[inst].opcode == Opcode::Fold
}

fn verify_inst(cx: &FuncCx<'_>, inst: Inst, folds: usize, errors: &mut Errors) {
    let data = &cx.func.insts[inst];
    let opcode = data.opcode;
    let slot_role = data.immediate.as_slot().map(|slot| cx.module.slots[slot].role);
    let allowed = allowed_roles(opcode, slot_role, cx.module.time.method);
    // Without a slot where there should be one, the immediate is what is wrong.
    if let (true, Some(slot_role)) = (allowed.is_empty(), slot_role) {
        cx.report_inst(errors, inst, format!("`{}` cannot touch a slot of role {}", opcode.name(), slot_role.name()));
    } else if !allowed.is_empty() && !allowed.contains(&cx.func.role) {
        let names: Vec<_> = allowed.iter().map(|role| role.name()).collect();
        cx.report_inst(errors, inst, format!("belongs in {}", names.join(", ")));
    }
    if folds > 0 && opcode.signature().effect == Effect::Write && opcode != Opcode::Yield {
        cx.report_inst(errors, inst, "nothing is written inside a `fold`");
    }
}

/// The functions in which an opcode may stand, given the role of the slot that it touches; none when it must not touch such a slot.
pub(super) fn allowed_roles(opcode: Opcode, slot: Option<SlotRole>, method: Method) -> &'static [FuncRole] {
    match opcode {
        Opcode::Param => &[Prepare],
        Opcode::Time | Opcode::StepTime | Opcode::StepIndex => EVALUATIONS,
        Opcode::Load => slot.map_or(&[], load_roles),
        Opcode::Store => slot.map_or(&[], store_roles),
        Opcode::Oldest | Opcode::Recall if is_ring(slot) => EVALUATIONS,
        Opcode::Measure if is_belt(slot) => &[Start, Row, StepRole],
        Opcode::Trace if is_belt(slot) => &[Row, StepRole],
        Opcode::Fill if is_ring(slot) => &[Start],
        Opcode::Charge if is_belt(slot) => &[Start],
        Opcode::Arrange if slot == Some(SlotRole::Spill) => EVALUATIONS,
        Opcode::Advance if is_belt(slot) => &[Row, StepRole],
        Opcode::Out if slot == Some(SlotRole::Output) => &[Row],
        Opcode::Rate if slot.is_some_and(SlotRole::is_level) => &[Row, StepRole, Stage],
        Opcode::Next if slot == Some(SlotRole::Held) => advance_roles(method),
        Opcode::Push if is_ring(slot) => advance_roles(method),
        Opcode::Oldest
        | Opcode::Recall
        | Opcode::Measure
        | Opcode::Trace
        | Opcode::Fill
        | Opcode::Out
        | Opcode::Rate
        | Opcode::Next
        | Opcode::Push
        | Opcode::Charge
        | Opcode::Advance
        | Opcode::Arrange => &[],
        Opcode::Fconst
        | Opcode::Bconst
        | Opcode::Position
        | Opcode::Shift
        | Opcode::IndexOf
        | Opcode::IndexOk
        | Opcode::Ordinal
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
        | Opcode::For
        | Opcode::Down
        | Opcode::Fold
        | Opcode::Yield => EVERYWHERE,
    }
}

fn is_ring(slot: Option<SlotRole>) -> bool {
    matches!(slot, Some(SlotRole::Ring { .. }))
}

fn is_belt(slot: Option<SlotRole>) -> bool {
    matches!(slot, Some(SlotRole::Belt { .. }))
}

/// Where what changes once a step changes.
fn advance_roles(method: Method) -> &'static [FuncRole] {
    if method.has_stages() { &[Commit] } else { &[Row, StepRole] }
}

fn load_roles(slot: SlotRole) -> &'static [FuncRole] {
    match slot {
        // The time is an instruction of its own, because a stage sees another one than the row does.
        SlotRole::Time | SlotRole::Output | SlotRole::Watched | SlotRole::Ring { .. } | SlotRole::Belt { .. } => &[],
        SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => EVERYWHERE,
        SlotRole::Run | SlotRole::Hoisted | SlotRole::Spill | SlotRole::Carry => EVERYWHERE,
        SlotRole::Stock | SlotRole::Level => EVALUATIONS,
        SlotRole::Held => &[Start, Row, StepRole, Stage, Commit],
        SlotRole::Pending => &[Commit],
    }
}

fn store_roles(slot: SlotRole) -> &'static [FuncRole] {
    match slot {
        SlotRole::Time | SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => &[],
        SlotRole::Output | SlotRole::Ring { .. } | SlotRole::Belt { .. } => &[],
        SlotRole::Run | SlotRole::Hoisted => &[Prepare],
        SlotRole::Stock | SlotRole::Level | SlotRole::Held => &[Start],
        SlotRole::Pending | SlotRole::Watched => &[Row, StepRole],
        SlotRole::Spill | SlotRole::Carry => EVERYWHERE,
    }
}
