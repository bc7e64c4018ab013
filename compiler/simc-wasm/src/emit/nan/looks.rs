//! Which numbers of a row have to be looked at for NaN.
//!
//! Backwards from its uses: a value *shows* if something that is looked at is NaN whenever the value is. It is enough that one use
//! shows it: a rate does, since a level that has become NaN stays so, and so does an operation that gives NaN for NaN and shows itself.
//! Between the parts of a role, what a spill slot hands on shows if a later part shows it.

use cranelift_entity::{EntitySet, SecondaryMap};
use kernel::function::Function;
use simc_ir::entity::{Func, Inst, Slot, Value};
use simc_ir::func::FuncData;
use simc_ir::module::{FuncRole, Module, SlotRole};
use simc_ir::opcode::{Immediate, Opcode};

/// The instructions of each part of `row` that write what has to be looked at.
pub(crate) fn looks(module: &Module) -> SecondaryMap<Func, EntitySet<Inst>> {
    let mut looks = SecondaryMap::new();
    let mut spills = EntitySet::new();
    let parts: Vec<Func> = module.parts(FuncRole::Row).collect();
    for part in parts.into_iter().rev() {
        looks[part] = looks_of(module, &module.funcs[part], &mut spills);
    }
    looks
}

/// Those of one part; `spills` are the spill slots that later parts show.
fn looks_of(module: &Module, func: &FuncData, spills: &mut EntitySet<Slot>) -> EntitySet<Inst> {
    let natures = natures(module, func);
    let order: Vec<Inst> = func.listed_insts().collect();
    let (mut looks, mut shows) = (EntitySet::new(), EntitySet::<Value>::new());
    for inst in order.into_iter().rev() {
        let (data, args) = (&func.insts[inst], func.args(inst));
        match (data.opcode, data.immediate, data.result) {
            (Opcode::Rate, ..) => _ = shows.insert(args[0]),
            (Opcode::Out, ..) if natures[args[0]] == Nature::Any && shows.insert(args[0]) => _ = looks.insert(inst),
            (Opcode::Store, Immediate::Slot(slot), _) if is_spill(module, slot) && spills.contains(slot) => {
                shows.insert(args[0]);
            }
            (Opcode::Load, Immediate::Slot(slot), Some(result)) if is_spill(module, slot) && shows.contains(result) => {
                spills.insert(slot);
            }
            (opcode, immediate, Some(result)) if shows.contains(result) => {
                let numbers = if opcode == Opcode::Lookup { &args[..1] } else { args };
                if gives_nan_for_nan(opcode, immediate) {
                    shows.extend(numbers.iter().copied());
                }
            }
            _ => {}
        }
    }
    looks
}

/// A single number on its way from one part to a later one.
fn is_spill(module: &Module, slot: Slot) -> bool {
    module.slots[slot].role == SlotRole::Spill && module.slots[slot].axes.is_empty()
}

/// Whether the result is NaN whenever an operand is.
fn gives_nan_for_nan(opcode: Opcode, immediate: Immediate) -> bool {
    use Function as F;
    use Opcode as O;
    match (opcode, immediate) {
        (O::Fneg | O::Fabs | O::Fsqrt | O::Ffloor | O::Fadd | O::Fsub | O::Fmul | O::Fdiv | O::Fmin | O::Fmax, _) => {
            true
        }
        (O::Lookup, _) => true,
        (O::Call, Immediate::Function(function)) => matches!(
            function,
            F::Exp
                | F::Ln
                | F::Log10
                | F::Sin
                | F::Cos
                | F::Tan
                | F::Arcsin
                | F::Arccos
                | F::Arctan
                | F::Sinh
                | F::Cosh
                | F::Tanh
                | F::Arctan2
                | F::Mod
                | F::Fmod
        ),
        _ => false,
    }
}

/// What is known of a value as far as NaN goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Nature {
    /// Nothing.
    #[default]
    Any,
    /// If it is NaN, it is the canonical one.
    Canonical,
    /// It is not NaN.
    Number,
}

fn natures(module: &Module, func: &FuncData) -> SecondaryMap<Value, Nature> {
    let mut natures: SecondaryMap<Value, Nature> = SecondaryMap::new();
    for inst in func.listed_insts() {
        let data = &func.insts[inst];
        let Some(result) = data.result else { continue };
        let args: Vec<Nature> = func.args(inst).iter().map(|&arg| natures[arg]).collect();
        natures[result] = nature(module, data.opcode, data.immediate, &args);
    }
    natures
}

fn nature(module: &Module, opcode: Opcode, immediate: Immediate, args: &[Nature]) -> Nature {
    use Opcode as O;
    let are_numbers = || args.iter().all(|&arg| arg == Nature::Number);
    match (opcode, immediate) {
        (O::Fconst, Immediate::F64(value)) if !value.is_nan() => Nature::Number,
        (O::Fconst, Immediate::F64(value)) if value.to_bits() == kernel::abi::CANONICAL_NAN => Nature::Canonical,
        (O::Ordinal | O::Btof | O::Time | O::StepTime | O::StepIndex, _) => Nature::Number,
        (O::Param, _) => Nature::Canonical,
        (O::Load, Immediate::Slot(slot)) => slot_nature(module, slot),
        (O::Fneg | O::Fabs | O::Ffloor | O::Fmin | O::Fmax, _) if are_numbers() => Nature::Number,
        (O::Select, _) => match (args[1], args[2]) {
            (Nature::Any, _) | (_, Nature::Any) => Nature::Any,
            (Nature::Number, Nature::Number) => Nature::Number,
            (Nature::Canonical | Nature::Number, Nature::Canonical | Nature::Number) => Nature::Canonical,
        },
        _ => Nature::Any,
    }
}

fn slot_nature(module: &Module, slot: Slot) -> Nature {
    match module.slots[slot].role {
        SlotRole::Time | SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => Nature::Number,
        SlotRole::Run => Nature::Canonical,
        SlotRole::Stock
        | SlotRole::Output
        | SlotRole::Level
        | SlotRole::Held
        | SlotRole::Pending
        | SlotRole::Hoisted
        | SlotRole::Watched
        | SlotRole::Spill
        | SlotRole::Carry
        | SlotRole::Ring { .. }
        | SlotRole::Transport { .. } => Nature::Any,
    }
}
