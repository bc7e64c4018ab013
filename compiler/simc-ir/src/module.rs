//! A module: everything that is declared once, and the functions.

use cranelift_entity::PrimaryMap;

use crate::entity::{Axis, Func, Param, Slot, Table};
use crate::func::FuncData;
use crate::types::Variance;

/// A compiled model before it has addresses.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// When it runs.
    pub time: TimeSpec,
    /// Dimensions.
    pub axes: PrimaryMap<Axis, AxisData>,
    /// Places for numbers. The first four are time, dt, start and stop; visible slots come in the order of the row.
    pub slots: PrimaryMap<Slot, SlotData>,
    /// Settable constants.
    pub params: PrimaryMap<Param, ParamData>,
    /// Lookup tables.
    pub tables: PrimaryMap<Table, TableData>,
    /// Functions; a role that was split has several, which run one after the other.
    pub funcs: PrimaryMap<Func, FuncData>,
}

/// Integration method; the arithmetic is that of `simc_front::model::Method`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Method {
    /// One evaluation a step.
    #[default]
    Euler,
    /// Heun's two.
    Rk2,
    /// The classic four.
    Rk4,
}

/// The time axis: step `i` is at `start + i*dt`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TimeSpec {
    /// First time.
    pub start: f64,
    /// Last time as stated.
    pub stop: f64,
    /// The step.
    pub dt: f64,
    /// Steps of a full run.
    pub n_steps: u64,
    /// Steps from row to row, at least 1.
    pub save_every: u64,
    /// Integration method.
    pub method: Method,
}

impl TimeSpec {
    /// Rows of a full run.
    pub fn n_rows(&self) -> u64 {
        self.n_steps / self.save_every.max(1) + 1
    }
}

/// A dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisData {
    /// For people.
    pub name: String,
    /// Number of elements, at least 1.
    pub size: u32,
}

/// A place for one f64 for each element of its axes.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotData {
    /// For people.
    pub name: String,
    /// Axes, outermost first; empty for a scalar. Row-major.
    pub axes: Vec<Axis>,
    /// What it holds.
    pub role: SlotRole,
}

/// What a slot holds, who writes it and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotRole {
    /// Visible: the time of the row. Written by the stepper.
    Time,
    /// Visible: dt.
    Dt,
    /// Visible: initial time.
    StartTime,
    /// Visible: final time.
    StopTime,
    /// Visible: a stock. Started by `start`, integrated from its `rate`.
    Stock,
    /// Visible: a flow or auxiliary that changes from step to step. Only ever written by `out`: nothing loads it.
    Output,
    /// Visible: a settable constant or what follows from such constants alone. Written by `prepare`.
    Run,
    /// Hidden: a level inside a stateful function. Started by `start`, integrated from its `rate`.
    Level,
    /// Hidden: a number that `start` captures and that may be replaced at the end of a step by `next`.
    Held,
    /// Hidden: where a Runge-Kutta step keeps the `next` of a held slot or the `push` of a ring until the step ends.
    Pending,
    /// Hidden: computed once in `prepare`.
    Hoisted,
    /// Hidden: carries a value from one part of a split function to the next part.
    Spill,
    /// Hidden: a pipeline with room for `capacity` numbers.
    Ring {
        /// The longest pipeline.
        capacity: u32,
    },
}

/// A settable constant.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamData {
    /// For people.
    pub name: String,
    /// Its visible slot, of role [`SlotRole::Run`].
    pub slot: Slot,
    /// One default for each element.
    pub defaults: Vec<f64>,
}

/// A lookup table, specialised.
#[derive(Clone, Debug, PartialEq)]
pub struct TableData {
    /// For people.
    pub name: String,
    /// What happens between and beyond the points.
    pub kind: TableKind,
    /// How the segment is found.
    pub search: TableSearch,
    /// x, ascending.
    pub xs: Vec<f64>,
    /// y.
    pub ys: Vec<f64>,
}

/// As `simc_front::model::TableKind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// Linear, clamped.
    Continuous,
    /// Linear, continued.
    Extrapolate,
    /// Steps.
    Discrete,
}

/// How the segment of a table is found. All find the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableSearch {
    /// x are evenly spaced: compute the segment, and correct by comparing.
    Even,
    /// Compare one after the other.
    Linear,
    /// Halve.
    Binary,
}

/// What a function is for. Each role may be absent (nothing to do) or present in several parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FuncRole {
    /// Once a run and once after each override: fills `Run` and `Hoisted` slots from params.
    Prepare,
    /// Once, at t = start: fills stocks, levels, held slots and rings.
    Start,
    /// At a save step: writes the row with `out`, then the effects of a step: `rate`, `next`, `push`.
    /// Evaluated with the effects left out, it shows an instance at rest.
    Row,
    /// At a step that is not saved: the effects alone.
    Step,
    /// At the later stages of a Runge-Kutta step: `rate` alone. Absent under Euler.
    Stage,
    /// At the end of a Runge-Kutta step: `Pending` slots into held slots and rings. Absent under Euler.
    Commit,
}

impl FuncRole {
    /// All roles.
    pub const ALL: [FuncRole; 6] =
        [FuncRole::Prepare, FuncRole::Start, FuncRole::Row, FuncRole::Step, FuncRole::Stage, FuncRole::Commit];

    /// The name in text.
    pub fn name(self) -> &'static str {
        match self {
            FuncRole::Prepare => "prepare",
            FuncRole::Start => "start",
            FuncRole::Row => "row",
            FuncRole::Step => "step",
            FuncRole::Stage => "stage",
            FuncRole::Commit => "commit",
        }
    }
}

impl SlotRole {
    /// Whether it is part of a row.
    pub fn is_visible(self) -> bool {
        match self {
            SlotRole::Time
            | SlotRole::Dt
            | SlotRole::StartTime
            | SlotRole::StopTime
            | SlotRole::Stock
            | SlotRole::Output
            | SlotRole::Run => true,
            SlotRole::Level
            | SlotRole::Held
            | SlotRole::Pending
            | SlotRole::Hoisted
            | SlotRole::Spill
            | SlotRole::Ring { .. } => false,
        }
    }

    /// Whether `rate` integrates it.
    pub fn is_level(self) -> bool {
        matches!(self, SlotRole::Stock | SlotRole::Level)
    }

    /// How often what is loaded from it can change.
    pub fn variance(self) -> Variance {
        match self {
            SlotRole::Dt | SlotRole::StartTime | SlotRole::StopTime => Variance::Const,
            SlotRole::Run | SlotRole::Hoisted => Variance::Run,
            SlotRole::Time
            | SlotRole::Stock
            | SlotRole::Output
            | SlotRole::Level
            | SlotRole::Held
            | SlotRole::Pending
            | SlotRole::Spill
            | SlotRole::Ring { .. } => Variance::Step,
        }
    }
}

impl Module {
    /// The parts of a role in the order in which they run.
    pub fn parts(&self, role: FuncRole) -> impl Iterator<Item = Func> + '_ {
        self.funcs.iter().filter(move |(_, func)| func.role == role).map(|(id, _)| id)
    }

    /// How many numbers a slot holds; a ring's bookkeeping is not counted.
    pub fn slot_len(&self, slot: Slot) -> u64 {
        self.slots[slot].axes.iter().map(|&axis| u64::from(self.axes[axis].size)).product()
    }
}
