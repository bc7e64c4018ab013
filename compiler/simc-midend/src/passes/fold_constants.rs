//! Computes while compiling what is known then, and replaces operations that IEEE 754 makes equal to cheaper ones.
//!
//! Operands come before uses, and each instruction is looked at when its operands are already folded: one walk does it all.
//! `prepare` is folded first; what it then stores as a constant is a constant everywhere else.

mod identities;

use cranelift_entity::SecondaryMap;
use simc_ir::builder::Builder;
use simc_ir::entity::{Func, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::{FuncRole, Module, SlotRole};
use simc_ir::opcode::{Immediate, Opcode};

use self::identities::Simpler;
use crate::analysis::constants::{Constant, Evaluator};
use crate::pass::{Pass, PassCx};
use crate::rebuild::{Rebuild, rebuild};

/// See the module.
pub const PASS: Pass = Pass {
    name: "fold_constants",
    about: "computes what is known when compiling, and simplifies what is exactly equal to something cheaper",
    run: |module: &mut Module, _: &PassCx| fold(module),
};

/// Folds every function.
pub fn fold(module: &mut Module) -> bool {
    let mut changed = false;
    let prepare: Vec<Func> = module.parts(FuncRole::Prepare).collect();
    for &func in &prepare {
        changed |= fold_function(module, func, &SecondaryMap::new());
    }
    let known = known_slots(module, &prepare);
    let others: Vec<Func> = module.funcs.keys().filter(|func| !prepare.contains(func)).collect();
    for func in others {
        changed |= fold_function(module, func, &known);
    }
    changed
}

/// The scalar slots that `prepare` fills with a constant, whatever the params are: each is stored once, outside loops.
fn known_slots(module: &Module, prepare: &[Func]) -> SecondaryMap<Slot, Option<f64>> {
    let mut known = SecondaryMap::new();
    let mut stores: SecondaryMap<Slot, u32> = SecondaryMap::new();
    for &func in prepare {
        let func = &module.funcs[func];
        for inst in func.listed_insts() {
            let data = &func.insts[inst];
            let (Opcode::Store, Immediate::Slot(slot)) = (data.opcode, data.immediate) else { continue };
            stores[slot] += 1;
            let stored = if let [value] = *func.args(inst) { constant_of(func, value) } else { None };
            known[slot] = match (stored, module.slots[slot].role) {
                (Some(Constant::F64(x)), SlotRole::Run | SlotRole::Hoisted) if stores[slot] == 1 => Some(x),
                _ => None,
            };
        }
    }
    known
}

fn fold_function(module: &mut Module, func: Func, known: &SecondaryMap<Slot, Option<f64>>) -> bool {
    let old = &module.funcs[func];
    let mut evaluator = Evaluator::new(module);
    let mut changed = false;
    let new = rebuild(module, old, old.role, |rebuild, inst| {
        changed |= fold_inst(rebuild, old, inst, known, &mut evaluator);
    });
    module.funcs[func] = new;
    changed
}

/// Appends what stands for an instruction; whether that is something else.
fn fold_inst(
    rebuild: &mut Rebuild<'_>,
    old: &FuncData,
    inst: Inst,
    known: &SecondaryMap<Slot, Option<f64>>,
    evaluator: &mut Evaluator<'_>,
) -> bool {
    let data = &old.insts[inst];
    let args = rebuild.args(inst);
    let simpler = match (data.opcode, data.immediate) {
        (Opcode::Fconst | Opcode::Bconst, _) => None,
        (Opcode::Load, Immediate::Slot(slot)) => known[slot].map(|x| Simpler::Constant(Constant::F64(x))),
        // Only a stage has a time of its own.
        (Opcode::StepTime, _) if old.role != FuncRole::Stage => Some(Simpler::Op(Opcode::Time, Vec::new())),
        (opcode, immediate) => evaluate(rebuild.b.func(), opcode, immediate, &args, evaluator)
            .or_else(|| identities::simplify(rebuild.b.func(), opcode, immediate, &args)),
    };
    match simpler {
        None => rebuild.append(inst, &args),
        Some(simpler) => {
            let value = append_simpler(&mut rebuild.b, simpler);
            rebuild.set_result(inst, value);
            return true;
        }
    }
    false
}

fn evaluate(
    func: &FuncData,
    opcode: Opcode,
    immediate: Immediate,
    args: &[Value],
    evaluator: &mut Evaluator<'_>,
) -> Option<Simpler> {
    let constants: Option<Vec<Constant>> = args.iter().map(|&arg| constant_of(func, arg)).collect();
    evaluator.eval(opcode, immediate, &constants?).map(Simpler::Constant)
}

fn append_simpler(b: &mut Builder<'_>, simpler: Simpler) -> Value {
    match simpler {
        Simpler::Value(value) => value,
        Simpler::Constant(Constant::F64(x)) => b.fconst(x),
        Simpler::Constant(Constant::Bool(x)) => b.value(Opcode::Bconst, &[], Immediate::Bool(x)),
        Simpler::Op(opcode, args) => b.op(opcode, &args),
        Simpler::WithConstant(opcode, x, constant) => {
            let constant = b.fconst(constant);
            b.op(opcode, &[x, constant])
        }
        Simpler::Inverse(x) => {
            let one = b.fconst(1.0);
            b.op(Opcode::Fdiv, &[one, x])
        }
        Simpler::SelectNot(cond) => {
            let opposite = b.op(Opcode::Bnot, &[cond]);
            b.op(Opcode::Btof, &[opposite])
        }
    }
}

/// The constant that a value is.
fn constant_of(func: &FuncData, value: Value) -> Option<Constant> {
    let data = &func.insts[func.def_inst(value)?];
    match (data.opcode, data.immediate) {
        (Opcode::Fconst, Immediate::F64(x)) => Some(Constant::F64(x)),
        (Opcode::Bconst, Immediate::Bool(x)) => Some(Constant::Bool(x)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
