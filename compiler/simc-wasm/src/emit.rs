//! From IR and addresses to a wasm module that imports the kernel functions it calls.
//!
//! A module has two halves. The *roles* come from the IR: `prepare`, `start`, `row`, `step`, `stage`, `commit`. The *frame* is
//! the same for every model: exports, the loop over steps, integration. Both meet in `advance`, which takes steps: in the plain
//! form it calls the roles, in the inlined form they are in its loop and what they need stays in locals.

use std::fmt;

use cranelift_entity::{EntitySet, SecondaryMap};
use simc_artifact::export;
use simc_ir::entity::{Func, Inst, Slot, Table};
use simc_ir::module::{Module, SlotRole};
use simc_midend::layout::Layout;

use code::Ty;
use geometry::Geometry;
use imports::Imports;
use integrate::Stage;
use lookup::InPlace;
use program::Program;

// a module and a function under construction
mod code;
mod program;

// what is known before anything is emitted
mod geometry;
mod imports;

// IR functions
mod access;
mod body;
mod carriers;
mod env;
mod held;
mod immediate;
mod in_place;
mod inst;
mod lookup;
mod number_place;
mod offset;
mod placement;
mod roles;
mod shape;

// two passes of a loop at once
mod simd;
mod two_lane;
mod vector;

// the frame
mod data;
mod integrate;
mod life;
mod nan;
mod stepper;
mod watch;

pub use in_place::LOOKUP_BYTES;
pub(crate) use program::CALLS;

/// How steps are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepperKind {
    /// Inlined where the model is small enough, else plain.
    #[default]
    Auto,
    /// One call for each part of each role, everything in memory.
    Plain,
}

/// Why a module cannot be emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmitError {
    /// The model needs more than a 32-bit memory.
    Memory {
        /// Bytes that it needs.
        bytes: u64,
    },
    /// A run has more steps than can be counted.
    Steps,
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EmitError::Memory { bytes } => {
                write!(f, "the model needs {bytes} bytes of memory, more than the 4 GiB that a module can have")
            }
            EmitError::Steps => f.write_str("the run has more steps than can be counted"),
        }
    }
}

impl std::error::Error for EmitError {}

/// What everybody who emits looks at.
#[derive(Debug)]
struct Cx<'a> {
    module: &'a Module,
    layout: &'a Layout,
    geometry: Geometry,
    imports: Imports,
    /// Position of a level's first element among all levels.
    level_positions: SecondaryMap<Slot, u32>,
    /// Global i64: the error word.
    error: u32,
    /// Whether loops may take two passes at once, with instructions of `f64x2`.
    simd: bool,
    /// Whether few bytes matter more than speed.
    is_compact: bool,
    /// Whether something in a step can fail.
    has_transports: bool,
    /// How many functions touch each number that loops hand on.
    carried_by: SecondaryMap<Slot, Option<carriers::Carrier>>,
    /// Tables that can be looked up in place.
    tables: SecondaryMap<Table, Option<InPlace>>,
    /// Lookups outside of loops that happen in place, by function.
    in_place: SecondaryMap<Func, EntitySet<Inst>>,
    /// What writes numbers into a row that have to be looked at for NaN, by function.
    looks: SecondaryMap<Func, EntitySet<Inst>>,
    /// The stages of a Runge-Kutta method; none under Euler.
    stages: Vec<Stage>,
}

/// Variables of the frame.
#[derive(Clone, Copy, Debug)]
struct Globals {
    /// i32: rows saved.
    saved: u32,
    /// i64: the step whose time the instance is at.
    step: u32,
    /// i64: the error word.
    error: u32,
    /// i32: whether t = start has been evaluated.
    initialised: u32,
    /// i32: whether `prepare` must run before the next evaluation.
    dirty: u32,
    /// i32: whether the values of params are in memory.
    loaded: u32,
    /// f64: the time of a stage.
    stage_time: u32,
    /// The function that makes the live chunk that of a fresh instance.
    clear: u32,
    /// The function that makes NaN canonical in the rows of a call.
    canonicalise_rows: u32,
    /// i32: whether NaN may be in a row that the open call has written.
    has_nan: u32,
    /// Where the model has events.
    events: Option<EventGlobals>,
}

/// Variables of the frame where the model has events.
#[derive(Clone, Copy, Debug)]
struct EventGlobals {
    /// i32: events that have fired.
    count: u32,
    /// i32: what has ended the last `run_to`.
    state: u32,
    /// i32: whether events may pause a run.
    pauses: u32,
    /// The function `(step) -> action` that looks at a step.
    look: u32,
}

/// Emits a verified module, with SIMD or without, and with that many bytes for lookups in place outside of loops. Its memory section says what the model itself needs; the linker has the last word.
///
/// # Errors
/// When the model does not fit a 32-bit memory.
pub fn emit(
    module: &Module,
    layout: &Layout,
    form: StepperKind,
    simd: bool,
    lookup_bytes: u32,
) -> Result<Vec<u8>, EmitError> {
    let (geometry, imports) = (Geometry::new(module, layout)?, Imports::new(module));
    let tables = lookup::in_place(module, layout);
    let mut program = Program::new(&imports);
    let mut globals = add_globals(&geometry, &mut program);
    let cx = Cx {
        module,
        layout,
        geometry,
        imports,
        level_positions: level_positions(module),
        error: globals.error,
        simd,
        is_compact: !layout.repeats_points,
        has_transports: module.slots.values().any(|slot| matches!(slot.role, SlotRole::Transport { .. })),
        carried_by: carriers::carriers(module),
        in_place: in_place::choose(module, layout, &tables, lookup_bytes),
        tables,
        looks: nan::looks(module),
        stages: integrate::stages(&module.time),
    };
    data::add_tables(&cx, &mut program);
    data::add_settables(&cx, &mut program);
    globals.clear = life::add_clear(&cx, &mut program);
    globals.events = watch::add_events(&cx, &mut program);
    let canonicalise = program.add(
        "canonicalise",
        (&[Ty::I32, Ty::I32], &[Ty::I32]),
        nan::canonicalise(cx.geometry.computed.len, cx.simd),
    );
    globals.canonicalise_rows = nan::add_canonicalise_rows(&cx, &mut program, &globals, canonicalise);
    let advance = stepper::add_advance(&cx, &mut program, &globals, canonicalise, form);
    life::add_exports(&cx, &mut program, &globals, canonicalise, advance);
    Ok(program.finish(cx.geometry.end))
}

fn add_globals(geometry: &Geometry, program: &mut Program) -> Globals {
    program.export_constant(export::N_SLOTS, geometry.n_slots);
    program.export_constant(export::N_CHUNKS, geometry.n_rows);
    program.export_constant(export::RESULTS_OFFSET, geometry.results);
    let saved = program.add_global(Ty::I32, 0);
    program.export_global(export::SAVED_STEPS, saved);
    Globals {
        saved,
        step: program.add_global(Ty::I64, 0),
        error: program.add_global(Ty::I64, 0),
        initialised: program.add_global(Ty::I32, 0),
        dirty: program.add_global(Ty::I32, 1),
        loaded: program.add_global(Ty::I32, 0),
        stage_time: program.add_global(Ty::F64, 0),
        clear: 0,
        canonicalise_rows: 0,
        has_nan: program.add_global(Ty::I32, 0),
        events: None,
    }
}

fn level_positions(module: &Module) -> SecondaryMap<Slot, u32> {
    let mut positions = SecondaryMap::new();
    let mut next = 0;
    for slot in module.slots.keys().filter(|&slot| module.slots[slot].role.is_level()) {
        positions[slot] = next;
        next += geometry::len(module, slot);
    }
    positions
}

#[cfg(test)]
mod tests;
