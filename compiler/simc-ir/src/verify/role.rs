//! Which opcodes are in which functions, and which slots they touch there.

use super::{Errors, FuncCx};
use crate::entity::Inst;
use crate::func::walk::Step;
use crate::module::{FuncRole, Method, SlotRole};
use crate::opcode::{AllowedIn, Effect, Opcode, Touches};

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

/// The functions in which an opcode may be, given the role of the slot that it touches; none when it must not touch such a slot.
pub(super) fn allowed_roles(opcode: Opcode, slot: Option<SlotRole>, method: Method) -> &'static [FuncRole] {
    let facts = opcode.facts();
    if !may_touch(facts.touches, slot) {
        return &[];
    }
    match facts.allowed_in {
        AllowedIn::Everywhere => EVERYWHERE,
        AllowedIn::Prepare => &[Prepare],
        AllowedIn::Start => &[Start],
        AllowedIn::Row => &[Row],
        AllowedIn::Evaluations => EVALUATIONS,
        AllowedIn::StartAndSteps => &[Start, Row, StepRole],
        AllowedIn::Steps => &[Row, StepRole],
        AllowedIn::StepsAndStages => &[Row, StepRole, Stage],
        AllowedIn::EndOfStep => advance_roles(method),
        AllowedIn::LoadsOfSlot => slot.map_or(&[], load_roles),
        AllowedIn::StoresOfSlot => slot.map_or(&[], store_roles),
    }
}

fn may_touch(touches: Touches, slot: Option<SlotRole>) -> bool {
    match touches {
        Touches::Nothing | Touches::Any => true,
        Touches::Ring => matches!(slot, Some(SlotRole::Ring { .. })),
        Touches::Transport => matches!(slot, Some(SlotRole::Transport { .. })),
        Touches::Spill => slot == Some(SlotRole::Spill),
        Touches::Output => slot == Some(SlotRole::Output),
        Touches::Level => slot.is_some_and(SlotRole::is_level),
        Touches::Held => slot == Some(SlotRole::Held),
    }
}

/// Where what changes once a step changes.
fn advance_roles(method: Method) -> &'static [FuncRole] {
    if method.has_stages() { &[Commit] } else { &[Row, StepRole] }
}

fn load_roles(slot: SlotRole) -> &'static [FuncRole] {
    match slot {
        // The time is an instruction of its own, because a stage sees another one than the row does.
        SlotRole::Time | SlotRole::Output | SlotRole::Watched | SlotRole::Ring { .. } | SlotRole::Transport { .. } => {
            &[]
        }
        SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => EVERYWHERE,
        SlotRole::Run | SlotRole::Hoisted | SlotRole::Spill | SlotRole::Carry => EVERYWHERE,
        SlotRole::Stock | SlotRole::Level => EVALUATIONS,
        SlotRole::Held => &[Start, Row, StepRole, Stage, Commit],
        SlotRole::Pending => &[Row, StepRole, Stage, Commit],
    }
}

fn store_roles(slot: SlotRole) -> &'static [FuncRole] {
    match slot {
        SlotRole::Time | SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => &[],
        SlotRole::Output | SlotRole::Ring { .. } | SlotRole::Transport { .. } => &[],
        SlotRole::Run | SlotRole::Hoisted => &[Prepare],
        SlotRole::Stock | SlotRole::Level | SlotRole::Held => &[Start],
        SlotRole::Pending | SlotRole::Watched => &[Row, StepRole],
        SlotRole::Spill | SlotRole::Carry => EVERYWHERE,
    }
}
