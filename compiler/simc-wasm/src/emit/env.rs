//! Where a function finds the things that its instructions name. The same instructions are emitted into different surroundings:
//! a function of its own that works on memory, or the loop of a run that keeps what it can in locals.

use std::collections::BTreeMap;

use cranelift_entity::{EntitySet, SecondaryMap};
use simc_ir::entity::{Inst, Slot};
use simc_ir::func::FuncData;
use simc_ir::module::{Module, SlotRole};
use simc_ir::opcode::{Immediate, Opcode};
use simc_midend::layout::Place;

use super::code::{Code, Local};
use super::integrate::{Stage, StageLocals};
use super::nan::NanCheck;
use super::number_place::NumberPlace;

/// The surroundings of a function's body.
#[derive(Debug)]
pub(crate) struct Env {
    /// Slots whose value is in a local instead of memory.
    pub(crate) cached: SecondaryMap<Slot, Option<Local>>,
    /// Where `time` is.
    pub(crate) time: Clock,
    /// Where `step_time` is.
    pub(crate) step_time: Clock,
    /// Where `step_index` is.
    pub(crate) step: Counter,
    /// The address of the row that `out` writes.
    pub(crate) row: Option<Local>,
    /// Whether effects are to happen, when that is known only as the body runs.
    pub(crate) advance: Option<Local>,
    /// What `rate` does.
    pub(crate) rate: Rate,
    /// Who looks for NaN among what `out` writes.
    pub(crate) check: Option<NanCheck>,
    /// At which of these numbers.
    pub(crate) looks: EntitySet<Inst>,
    /// Whether a loop is around the body, so that lookups are better in place than called.
    pub(crate) is_in_loop: bool,
    /// Lookups outside of loops that are better in place as well.
    pub(crate) in_place: EntitySet<Inst>,
    /// Where lookups remember their segment.
    pub(crate) places: BTreeMap<Inst, Place>,
}

/// Where a time is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Clock {
    /// In the live chunk's time slot.
    #[default]
    Live,
    /// In a global.
    Global(u32),
    /// In a local.
    Local(Local),
}

/// Where the number of the step is, an i64.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counter {
    /// In a global.
    Global(u32),
    /// In a local.
    Local(Local),
}

/// What `rate` does.
#[derive(Debug, Default)]
pub(crate) enum Rate {
    /// Advances the level in place: it has no later load.
    #[default]
    Euler,
    /// Keeps the slope in the scratch of the stages; the stepper combines.
    Slopes,
    /// Performs the stage at once on levels that have locals; keeps the slopes of the others.
    Stage(Stage, SecondaryMap<Slot, Option<StageLocals>>),
}

impl Counter {
    /// Pushes the number of the step as an f64.
    pub(crate) fn get(self, code: &mut Code) {
        match self {
            Counter::Global(global) => code.push(wasm_encoder::Instruction::GlobalGet(global)),
            Counter::Local(local) => code.get(local),
        };
        code.push(wasm_encoder::Instruction::F64ConvertI64S);
    }
}

impl Clock {
    /// Pushes the time.
    pub(crate) fn get(self, code: &mut Code) {
        match self {
            Clock::Live => NumberPlace::Memory(None, kernel::abi::TIME_SLOT * super::geometry::WORD).get(code),
            Clock::Global(global) => {
                code.push(wasm_encoder::Instruction::GlobalGet(global));
            }
            Clock::Local(local) => {
                code.get(local);
            }
        }
    }

    /// The local that holds it, if one does.
    pub(crate) fn local(self) -> Option<Local> {
        match self {
            Clock::Local(local) => Some(local),
            Clock::Live | Clock::Global(_) => None,
        }
    }
}

impl Env {
    /// Everything in memory, the number of the step where it is.
    pub(crate) fn new(step: Counter) -> Self {
        Self {
            cached: SecondaryMap::new(),
            time: Clock::default(),
            step_time: Clock::default(),
            step,
            row: None,
            advance: None,
            rate: Rate::default(),
            check: None,
            looks: EntitySet::new(),
            is_in_loop: false,
            in_place: EntitySet::new(),
            places: BTreeMap::new(),
        }
    }

    /// The local that an instruction reads and nothing else, if that is all it does.
    pub(crate) fn local_read(&self, module: &Module, func: &FuncData, inst: Inst) -> Option<Local> {
        let data = &func.insts[inst];
        match (data.opcode, data.immediate) {
            (Opcode::Time, _) => self.time.local(),
            (Opcode::StepTime, _) => self.step_time.local(),
            (Opcode::Load, Immediate::Slot(slot)) if module.slots[slot].role == SlotRole::Time => {
                self.step_time.local()
            }
            (Opcode::Load, Immediate::Slot(slot)) => self.cached[slot],
            _ => None,
        }
    }
}
