//! Writes the passes of short loops one after the other: of a loop inside of another one over an axis of few elements there is then no counter, no
//! branch and no address to compute, and what one pass hands to another by way of a spill is a value.
//!
//! That takes code, so it is done where it pays most: in the role that runs most often, innermost loops, within a budget of bytes.

use std::collections::BTreeSet;

use cranelift_entity::EntitySet;
use simc_ir::entity::{Block, Func, Inst, Value};
use simc_ir::func::walk::Step;
use simc_ir::func::{BlockData, FuncData};
use simc_ir::module::{FuncRole, Module, SlotRole};
use simc_ir::opcode::{Effect, Immediate, Opcode};

use crate::analysis::cost;
use crate::pass::{Pass, PassCx};
use crate::rebuild::Rebuild;

/// See the module.
pub const PASS: Pass = Pass {
    name: "unroll_loops",
    about: "writes the passes of short inner loops one after the other",
    // A loop cannot be split between functions: what else there is finds room beside the largest.
    run: |module: &mut Module, cx: &PassCx| unroll(module, cx.limits.bytes / 4 * 3),
};

/// Passes of a loop at most.
const MAX_PASSES: u32 = 12;
/// Passes of a loop at most that grows by few bytes.
const MAX_SHORT_PASSES: u32 = 24;
/// Few bytes.
const SHORT_GROWTH: u32 = 2_000;
/// Numbers that find room in registers beside others.
const MAX_KEPT: u32 = 6;
/// Bytes of code by which all loops of a module grow at most.
const MAX_GROWTH: u32 = 8_000;
/// Saved steps are rare where at most one in so many is.
const RARE: u64 = 4;

/// Unrolls in the role that runs most often; no nest of loops becomes larger than that many bytes of code.
pub fn unroll(module: &mut Module, max_bytes: u32) -> bool {
    let has_steps = module.time.save_every >= RARE && module.parts(FuncRole::Step).next().is_some();
    let role = if has_steps { FuncRole::Step } else { FuncRole::Row };
    let funcs: Vec<Func> = module.parts(role).collect();
    let mut left = MAX_GROWTH;
    let mut changed = false;
    for func in funcs {
        let old = &module.funcs[func];
        let chosen = choose(module, old, max_bytes, &mut left);
        if chosen.is_empty() {
            continue;
        }
        module.funcs[func] = write(module, old, &chosen);
        changed = true;
    }
    changed
}

/// The loops of a function that are unrolled.
fn choose(module: &Module, func: &FuncData, max_bytes: u32, left: &mut u32) -> EntitySet<Inst> {
    let mut chosen = EntitySet::new();
    // Of the outermost loop that is open: bytes of code so far, and loops inside that could be unrolled, with what they would take.
    let (mut depth, mut nest_bytes, mut candidates) = (0_u32, 0_u32, Vec::new());
    for step in func.walk() {
        match step {
            Step::Inst(inst) => nest_bytes = nest_bytes.saturating_add(bytes(func, inst)),
            Step::Enter(inst, body) => {
                if depth > 0 {
                    candidates.extend(growth(module, func, inst, body).map(|growth| (inst, growth)));
                }
                depth += 1;
            }
            Step::Leave(..) => {
                depth -= 1;
                if depth > 0 {
                    continue;
                }
                for (inst, growth) in candidates.drain(..) {
                    if growth <= *left && nest_bytes.saturating_add(growth) <= max_bytes {
                        *left -= growth;
                        nest_bytes += growth;
                        chosen.insert(inst);
                    }
                }
            }
        }
        if depth == 0 {
            nest_bytes = 0;
        }
    }
    chosen
}

/// By how many bytes of code a loop would grow; none where it cannot be unrolled, or had better not be.
fn growth(module: &Module, func: &FuncData, inst: Inst, body: Block) -> Option<u32> {
    let (axis, _) = func.insts[inst].immediate.as_loop()?;
    let n_passes = module.axes[axis].size;
    let insts = &func.blocks[body].insts;
    let can_be = func.insts[inst].opcode != Opcode::Down && insts.iter().all(|&inst| is_plain(func.insts[inst].opcode));
    if n_passes > MAX_SHORT_PASSES || !can_be || hoards(module, func, insts, n_passes) {
        return None;
    }
    let bytes = insts.iter().fold(0_u32, |sum, &inst| sum.saturating_add(bytes(func, inst)));
    let growth = bytes.saturating_mul(n_passes - 1);
    let is_short = func.insts[inst].opcode == Opcode::For && growth <= SHORT_GROWTH;
    (n_passes <= MAX_PASSES || is_short).then_some(growth)
}

/// Whether a loop, unrolled, would keep many numbers until its end, and gain little by it: rates come after everything else, and where no pass reads
/// a spill, none becomes a value.
fn hoards(module: &Module, func: &FuncData, insts: &[Inst], n_passes: u32) -> bool {
    let made: BTreeSet<Value> = insts.iter().filter_map(|&inst| func.insts[inst].result).collect();
    let is_kept = |&&inst: &&Inst| {
        matches!(func.insts[inst].opcode, Opcode::Rate | Opcode::Next) && made.contains(&func.args(inst)[0])
    };
    let n_kept = u32::try_from(insts.iter().filter(is_kept).count()).unwrap_or(u32::MAX);
    let is_spill = |&inst: &Inst| {
        let data = &func.insts[inst];
        let slot = data.immediate.as_slot().filter(|_| data.opcode == Opcode::Load && !func.args(inst).is_empty());
        slot.is_some_and(|slot| module.slots[slot].role == SlotRole::Spill)
    };
    n_kept.saturating_mul(n_passes) > MAX_KEPT && !insts.iter().any(is_spill)
}

/// What can be written several times, with what touches nothing but elements.
fn is_plain(opcode: Opcode) -> bool {
    match opcode.signature().effect {
        Effect::Pure => true,
        Effect::Read => matches!(opcode, Opcode::Load | Opcode::Param | Opcode::Time | Opcode::StepTime),
        Effect::Write => matches!(opcode, Opcode::Store | Opcode::Out | Opcode::Rate | Opcode::Next | Opcode::Yield),
        Effect::Region => false,
    }
}

fn bytes(func: &FuncData, inst: Inst) -> u32 {
    cost::code_bytes(func.insts[inst].opcode, func.args(inst).len())
}

fn write(module: &Module, old: &FuncData, chosen: &EntitySet<Inst>) -> FuncData {
    let mut func = FuncData::new(old.role);
    let mut rebuild = Rebuild::new(module, old, &mut func);
    let mut is_inside = false;
    for step in old.walk() {
        if let Step::Enter(inst, body) = step
            && chosen.contains(inst)
        {
            write_passes(module, old, &mut rebuild, inst, body);
            is_inside = true;
        } else if matches!(step, Step::Leave(inst, _) if chosen.contains(inst)) {
            is_inside = false;
        } else if !is_inside {
            rebuild.follow(step);
        }
    }
    func
}

/// Writes a loop's passes one after the other. Rates, and what else nothing may be loaded after, follow when all has been computed.
#[expect(clippy::wildcard_enum_match_arm, reason = "a few of all instructions")]
fn write_passes(module: &Module, old: &FuncData, rebuild: &mut Rebuild<'_>, inst: Inst, body: Block) {
    let Immediate::Loop(axis, _) = old.insts[inst].immediate else { panic!("{inst} is no loop") };
    let BlockData { params, insts } = &old.blocks[body];
    let mut accumulator = params.get(1).map(|_| rebuild.value(old.args(inst)[0]));
    let mut last = Vec::new();
    // No axis has more elements than `MAX_PASSES`.
    for pass in 0..module.axes[axis].size {
        let index = rebuild.b.position(axis, pass);
        rebuild.set(params[0], index);
        if let (Some(&param), Some(value)) = (params.get(1), accumulator) {
            rebuild.set(param, value);
        }
        for &inner in insts {
            let data = &old.insts[inner];
            match data.opcode {
                Opcode::Yield => accumulator = rebuild.args(inner).first().copied(),
                Opcode::Rate | Opcode::Next => last.push((data.opcode, rebuild.args(inner), data.immediate)),
                Opcode::Shift if old.args(inner)[0] == params[0] => {
                    let Immediate::Position(onto, shift) = data.immediate else { panic!("{inner} is no shift") };
                    let position = rebuild.b.position(onto, shift + pass);
                    rebuild.set_result(inner, position);
                }
                Opcode::Ordinal if old.args(inner)[0] == params[0] => {
                    let number = rebuild.b.fconst(f64::from(pass + 1));
                    rebuild.set_result(inner, number);
                }
                _ => rebuild.copy(inner),
            }
        }
    }
    for (opcode, args, immediate) in last {
        rebuild.b.append(opcode, &args, immediate);
    }
    if let Some(value) = accumulator {
        rebuild.set_result(inst, value);
    }
}
