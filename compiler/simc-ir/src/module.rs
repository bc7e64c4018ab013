//! A module: everything that is declared once, and the functions.

use cranelift_entity::{PrimaryMap, SecondaryMap};
use kernel::event::{self, Action, Direction, Repeat};
use kernel::lookup;

use crate::entity::{Axis, Func, Graph, Param, Slot, Table, Threshold};
use crate::func::FuncData;

pub use crate::role::{FuncRole, SlotRole};
pub use kernel::abi::Method;
pub use kernel::lookup::{Kind as TableKind, Search as TableSearch};

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
    /// Graphical functions whose points a host may replace.
    pub graphs: PrimaryMap<Graph, GraphData>,
    /// Thresholds whose events fire when a watched slot passes them, in the order of the events' numbers.
    pub thresholds: PrimaryMap<Threshold, ThresholdData>,
    /// Lookup tables.
    pub tables: PrimaryMap<Table, TableData>,
    /// Functions; a role that was split has several, which run one after the other.
    pub funcs: PrimaryMap<Func, FuncData>,
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

    /// The step that saves the last row.
    pub fn last_saved_step(&self) -> u64 {
        self.n_steps - self.n_steps % self.save_every.max(1)
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

/// A settable constant.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamData {
    /// For people.
    pub name: String,
    /// Its slot: visible, of role [`SlotRole::Run`], or hidden, of role [`SlotRole::Hoisted`], when it is set through another one.
    pub slot: Slot,
    /// One default for each element.
    pub defaults: Vec<f64>,
    /// Where a row shows what it is set through, when that is not its own slot.
    pub through: Option<Through>,
}

/// Elements of a visible slot through which a host sets the same elements of a hidden param.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Through {
    /// The visible slot, with the axes of the param's. Of a stock the value at the start is set.
    pub slot: Slot,
    /// The elements, row-major: where each run of them begins, and how many they are. Ascending, with gaps between.
    pub runs: Vec<(u32, u32)>,
}

/// Positions of a row that a host can set, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettableRun {
    /// The first position.
    pub first: u64,
    /// How many.
    pub n: u64,
    /// Which number belongs to the first, counted over the elements of all params.
    pub number: u64,
    /// Whether they are the values at the start of what the row shows there.
    pub at_start: bool,
}

/// A graphical function whose points a host may replace; the curves of tables that are made of it follow.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphData {
    /// For people.
    pub name: String,
    /// What happens between and beyond the points.
    pub kind: TableKind,
    /// How many points a host may give it.
    pub capacity: u32,
    /// Its own points.
    pub curve: Curve,
}

/// A threshold of elements of a watched slot; see [`kernel::event::Threshold`] for when its events fire.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdData {
    /// For people.
    pub name: String,
    /// Of role [`SlotRole::Watched`].
    pub slot: Slot,
    /// First element, row-major.
    pub first: u32,
    /// How many elements pass it, each on its own.
    pub n: u32,
    /// The number that is passed.
    pub value: f64,
    /// In which direction.
    pub direction: Direction,
    /// How often.
    pub repeat: Repeat,
    /// What each of its events does, at least one.
    pub actions: Vec<Action>,
}

/// A lookup table, specialised: one curve for each element of its axes.
#[derive(Clone, Debug, PartialEq)]
pub struct TableData {
    /// For people.
    pub name: String,
    /// What happens between and beyond the points.
    pub kind: TableKind,
    /// How the segment is found.
    pub search: TableSearch,
    /// Axes, outermost first; empty for a single curve.
    pub axes: Vec<Axis>,
    /// One for each element, row-major.
    pub curves: Vec<Curve>,
    /// The graphical function of each curve; empty when no host may replace their points.
    pub graphs: Vec<Graph>,
}

/// The points of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// x, ascending.
    pub xs: Vec<f64>,
    /// As many y.
    pub ys: Vec<f64>,
}

impl Curve {
    /// Whether two curves have the same points to the bit.
    pub fn has_bits_of(&self, other: &Curve) -> bool {
        let same =
            |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits());
        same(&self.xs, &other.xs) && same(&self.ys, &other.ys)
    }

    /// Whether all points and the slopes between them are finite, neighbours have different x, and no y is -0: adding a 0 to a y, or a slope of 0 times anything finite, then
    /// changes nothing.
    pub fn is_tame(&self) -> bool {
        let is_plain = |y: &f64| y.is_finite() && y.to_bits() != (-0.0_f64).to_bits();
        let is_even = |i: usize| {
            let (dx, dy) = (self.xs[i + 1] - self.xs[i], self.ys[i + 1] - self.ys[i]);
            dx > 0.0 && dx.is_finite() && (dy / dx).is_finite()
        };
        self.xs.len() == self.ys.len()
            && self.xs.iter().all(|x| x.is_finite())
            && self.ys.iter().all(is_plain)
            && (1..self.xs.len()).all(|i| is_even(i - 1))
    }

    /// The block of memory that the kernel reads the curve from.
    pub fn block(&self, kind: TableKind) -> Vec<f64> {
        let mut block = vec![0.0; lookup::block_len(self.xs.len())];
        lookup::encode_block(kind, &self.xs, &self.ys, &mut block);
        block
    }
}

impl TableData {
    /// A table of one curve, which is searched by halves.
    pub fn single(name: String, kind: TableKind, xs: Vec<f64>, ys: Vec<f64>) -> Self {
        Self {
            name,
            kind,
            search: TableSearch::Binary,
            axes: Vec::new(),
            curves: vec![Curve { xs, ys }],
            graphs: Vec::new(),
        }
    }

    /// Whether a host may replace its points.
    pub fn is_settable(&self) -> bool {
        !self.graphs.is_empty()
    }
}

impl ThresholdData {
    /// When its events fire.
    pub fn in_kernel(&self) -> event::Threshold {
        let n_events = u32::try_from(self.actions.len()).expect("fewer than 2^32 events");
        event::Threshold { value: self.value, direction: self.direction, repeat: self.repeat, n_events }
    }
}

impl Module {
    /// The step after which a run is complete: that of the last row, or, where events may still fire after it, of the stop time.
    pub fn last_step(&self) -> u64 {
        if self.thresholds.is_empty() { self.time.last_saved_step() } else { self.time.n_steps }
    }

    /// Numbers that are watched: elements of all thresholds.
    pub fn n_watched(&self) -> u64 {
        self.thresholds.values().map(|threshold| u64::from(threshold.n)).sum()
    }

    /// The parts of a role in the order in which they run.
    pub fn parts(&self, role: FuncRole) -> impl Iterator<Item = Func> + '_ {
        self.funcs.iter().filter(move |(_, func)| func.role == role).map(|(id, _)| id)
    }

    /// How many elements a slot has: numbers, or pipelines in a ring. Saturates; the verifier bounds it.
    pub fn slot_len(&self, slot: Slot) -> u64 {
        self.len_over(&self.slots[slot].axes)
    }

    /// How many combinations of positions the axes have; 1 for none. Saturates.
    pub fn len_over(&self, axes: &[Axis]) -> u64 {
        axes.iter().fold(1, |len, &axis| u64::saturating_mul(len, u64::from(self.axes[axis].size)))
    }

    /// Slots that are part of a row, in the order of the row.
    pub fn visible_slots(&self) -> impl Iterator<Item = Slot> + '_ {
        self.slots.iter().filter(|(_, slot)| slot.role.is_visible()).map(|(id, _)| id)
    }

    /// Numbers of a row.
    pub fn row_len(&self) -> u64 {
        self.visible_slots().map(|slot| self.slot_len(slot)).fold(0, u64::saturating_add)
    }

    /// Where in a row the first element of each visible slot is; none for hidden slots.
    pub fn row_positions(&self) -> SecondaryMap<Slot, Option<u64>> {
        let mut positions = SecondaryMap::with_capacity(self.slots.len());
        let mut next = 0u64;
        for slot in self.visible_slots() {
            positions[slot] = Some(next);
            next = next.saturating_add(self.slot_len(slot));
        }
        positions
    }

    /// Numbers of all params.
    pub fn n_param_numbers(&self) -> u64 {
        self.params.values().map(|param| self.slot_len(param.slot)).fold(0, u64::saturating_add)
    }

    /// Numbers of the params that have a place of their own in a row, which is its end.
    pub fn n_visible_param_numbers(&self) -> u64 {
        let visible = self.params.values().filter(|param| param.through.is_none());
        visible.map(|param| self.slot_len(param.slot)).fold(0, u64::saturating_add)
    }

    /// Whether every settable number has a place of its own in a row, so that all of them are neighbours.
    pub fn has_plain_params(&self) -> bool {
        self.params.values().all(|param| param.through.is_none())
    }

    /// What a host can set, in the order of the row. Runs that meet in the row and in the numbers are one.
    pub fn settable_runs(&self) -> Vec<SettableRun> {
        let positions = self.row_positions();
        let mut runs = Vec::new();
        let mut number = 0_u64;
        for param in self.params.values() {
            let len = self.slot_len(param.slot);
            let (slot, parts): (Slot, Vec<(u64, u64)>) = match &param.through {
                None => (param.slot, vec![(0, len)]),
                Some(through) => {
                    let parts = through.runs.iter().map(|&(first, n)| (first.into(), n.into()));
                    (through.slot, parts.collect())
                }
            };
            if let Some(position) = positions[slot] {
                let at_start = self.slots[slot].role == SlotRole::Stock;
                runs.extend(parts.into_iter().map(|(first, n)| SettableRun {
                    first: position + first,
                    n,
                    number: number + first,
                    at_start,
                }));
            }
            number = number.saturating_add(len);
        }
        runs.sort_by_key(|run| run.first);
        runs.dedup_by(|next, run| {
            let meets = run.first + run.n == next.first && run.number + run.n == next.number;
            let is_one = meets && run.at_start == next.at_start;
            run.n += if is_one { next.n } else { 0 };
            is_one
        });
        runs
    }

    /// The param that each slot holds; none for slots that hold none.
    pub fn params_by_slot(&self) -> SecondaryMap<Slot, Option<Param>> {
        let mut params = SecondaryMap::with_capacity(self.slots.len());
        for (param, data) in self.params.iter() {
            params[data.slot] = Some(param);
        }
        params
    }
}
