//! What the IR means, executed: one instruction at a time, with the life of an artifact around it.
//!
//! ```text
//! Instance          the life: overrides, steps, saved rows, errors
//!   memory          where every slot is
//!   code            functions with everything looked up
//!   machine         executes code on memory
//!   integrate       from one step to the next
//! ```
//!
//! The arithmetic is plain f64 and the `kernel` crate, so that the bits are those of an artifact. What a function advances with `rate`,
//! `next`, `push` and `advance` takes effect when all its parts have run: in a valid module nothing can tell this from an update in place.

mod code;
mod integrate;
mod machine;
mod memory;
mod watch;

#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt;

use kernel::abi::{ERROR_NAN_TARGET, RESERVED_SLOTS, step_time, steps_until};
use kernel::event::{Action, Record};
use kernel::lookup::{Kind, are_points, block_len, encode_points};

use crate::module::{FuncRole, Module, SettableRun, TimeSpec};
use code::Program;
use machine::{Machine, canonical};
use memory::Memory;
use watch::Watch;

/// How many bytes [`Instance::new`] lets a module need: what a 32-bit memory holds.
pub const DEFAULT_LIMIT: u64 = 1 << 32;

/// A module that lives as an artifact does. Its methods are the artifact's exports, and mean the same.
#[derive(Clone, Debug)]
pub struct Instance {
    time: TimeSpec,
    /// The step after which a run is complete.
    last_step: u64,
    program: Program,
    machine: Machine,
    row_len: usize,
    /// What a host can set, in the order of the row.
    settable: Vec<SettableRun>,
    defaults: Vec<f64>,
    marks: Vec<bool>,
    /// Kind and capacity of each graphical function that a host may change.
    graphs: Vec<(Kind, usize)>,
    /// Their own points, as blocks.
    own_graphs: Vec<Vec<f64>>,
    rows: Vec<f64>,
    saved: u64,
    /// The next step.
    step: u64,
    initialised: bool,
    /// Whether `prepare` has to run before the next evaluation.
    dirty: bool,
    error: u64,
    watch: Watch,
    /// What has ended the last `run_to` that took a step.
    ended_by: Action,
    /// Whether events may pause a run.
    pauses: bool,
}

/// A position of a row that can be set.
#[derive(Clone, Copy, Debug)]
struct SettablePlace {
    cell: usize,
    /// Among the numbers of all params.
    number: usize,
    /// Whether it is a value at the start.
    at_start: bool,
}

/// A module needs more memory than it is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryError {
    /// Bytes needed for all slots and all saved rows; the greatest number when it does not fit.
    pub needed: u64,
    /// Bytes allowed.
    pub limit: u64,
}

impl Instance {
    /// A new instance, which may need [`DEFAULT_LIMIT`] bytes.
    ///
    /// # Errors
    /// When it would need more.
    ///
    /// # Panics
    /// It, or a method later, may panic when the verifier does not accept the module.
    pub fn new(module: &Module) -> Result<Self, MemoryError> {
        Self::with_limit(module, DEFAULT_LIMIT)
    }

    /// A new instance whose slots and saved rows may need `limit` bytes.
    ///
    /// # Errors
    /// When they would need more.
    ///
    /// # Panics
    /// As [`Instance::new`].
    pub fn with_limit(module: &Module, limit: u64) -> Result<Self, MemoryError> {
        let needed = memory::bytes_needed(module);
        if needed > limit || usize::try_from(needed).is_err() {
            return Err(MemoryError { needed, limit });
        }
        let memory = Memory::new(module);
        let program = Program::new(module, &memory);
        let defaults: Vec<f64> = module.params.values().flat_map(|param| param.defaults.iter().copied()).collect();
        Ok(Self {
            time: module.time.clone(),
            last_step: module.last_step(),
            machine: Machine::new(module, &memory, defaults.clone(), program.n_registers),
            program,
            row_len: memory.row_len,
            settable: module.settable_runs(),
            marks: vec![false; defaults.len()],
            defaults,
            graphs: module.graphs.values().map(|graph| (graph.kind, graph.capacity as usize)).collect(),
            own_graphs: machine::own_graphs(module),
            rows: Vec::new(),
            saved: 0,
            step: 0,
            initialised: false,
            dirty: true,
            error: 0,
            watch: Watch::new(module, &memory),
            ended_by: Action::Message,
            pauses: false,
        })
    }

    /// Overrides the settable constant at this position of the row. Returns 0, or 1 when there is none and nothing changes.
    pub fn set_value(&mut self, slot: i32, value: f64) -> i32 {
        let Some(place) = u64::try_from(slot).ok().and_then(|slot| self.settable_at(slot)) else { return 1 };
        self.set(place, value);
        0
    }

    /// The place of a position of the row that can be set.
    fn settable_at(&self, position: u64) -> Option<SettablePlace> {
        let behind = self.settable.partition_point(|run| run.first <= position);
        let run = self.settable[..behind].last().filter(|run| position < run.first + run.n)?;
        let number = (run.number + (position - run.first)) as usize;
        Some(SettablePlace { cell: position as usize, number, at_start: run.at_start })
    }

    fn set(&mut self, place: SettablePlace, value: f64) {
        self.machine.params[place.number] = value;
        self.marks[place.number] = true;
        self.dirty = true;
        if !(place.at_start && self.initialised) {
            self.machine.cells[place.cell] = canonical(value);
        }
    }

    /// Overrides settable constants that are side by side, from this position of the row on. Returns 0, or 1 when there are none or not
    /// all of these are any and nothing changes.
    pub fn set_values(&mut self, first: i32, values: &[f64]) -> i32 {
        let Ok(first) = u64::try_from(first) else { return 1 };
        let places: Option<Vec<_>> = (first..).take(values.len()).map(|slot| self.settable_at(slot)).collect();
        let Some(places) = places.filter(|places| !places.is_empty()) else { return 1 };
        for (place, &value) in places.into_iter().zip(values) {
            self.set(place, value);
        }
        0
    }

    /// Replaces the points of the graphical function with this number by pairs of x and y. Returns 0, or 1 when there is none or these
    /// cannot be its points and nothing changes: they must be at least one and fit its capacity, all finite, x ascending.
    pub fn set_table(&mut self, number: i32, points: &[[f64; 2]]) -> i32 {
        let Some(number) = usize::try_from(number).ok().filter(|&number| number < self.graphs.len()) else { return 1 };
        let (kind, capacity) = self.graphs[number];
        if points.len() > capacity || !are_points(points) {
            return 1;
        }
        let mut block = vec![0.0; block_len(points.len())];
        encode_points(kind, points, &mut block);
        self.machine.graphs[number] = block;
        self.dirty = true;
        0
    }

    /// Drops every override. The live row shows it from the next evaluation on.
    pub fn clear_values(&mut self) {
        self.machine.params.copy_from_slice(&self.defaults);
        self.marks.fill(false);
        self.machine.graphs.clone_from(&self.own_graphs);
        self.dirty = true;
    }

    /// Evaluates t = start, unless that has been done since the last reset.
    pub fn run_initials(&mut self) {
        if self.initialised {
            return;
        }
        let reserved = [self.time.start, self.time.dt, self.time.start, self.time.stop];
        self.machine.cells[..RESERVED_SLOTS as usize].copy_from_slice(&reserved);
        self.machine.set_step(0, self.time.start);
        self.prepare();
        self.machine.run(self.program.parts(FuncRole::Start));
        self.initialised = true;
        if self.machine.error == 0 {
            self.machine.show(self.program.parts(FuncRole::Row));
        } else {
            self.abandon();
        }
    }

    /// Runs every step whose time is at most `target`, and evaluates the time at which it rests. NaN raises the error word.
    pub fn run_to(&mut self, target: f64) {
        if self.error != 0 {
            return;
        }
        if target.is_nan() {
            self.error = u64::from(ERROR_NAN_TARGET);
            return;
        }
        if self.is_complete() {
            return;
        }
        self.run_initials();
        if self.error != 0 {
            return;
        }
        let due = steps_until(self.time.start, self.time.dt, target);
        while self.ended_by != Action::Stop && self.step as f64 <= due {
            self.take_step();
            if self.error != 0 {
                return self.abandon();
            }
            if self.is_complete() {
                return;
            }
            if self.ended_by != Action::Message {
                break;
            }
        }
        self.rest();
    }

    /// A full run from a fresh start, overrides kept.
    pub fn run(&mut self) {
        self.reset();
        self.run_to(self.time.stop);
    }

    /// Back to the fresh state, overrides kept.
    pub fn reset(&mut self) {
        self.machine.reset();
        self.show_overrides();
        self.rows.clear();
        self.saved = 0;
        self.step = 0;
        self.initialised = false;
        self.dirty = true;
        self.error = 0;
        self.watch.reset();
        self.ended_by = Action::Message;
    }

    /// What has ended the last `run_to` that took a step: an event that pauses or stops, or none.
    pub fn ended_by(&self) -> Action {
        self.ended_by
    }

    /// Whether events that pause do so from now on; if not, they are recorded and nothing else. They do not in a new instance.
    pub fn pause_on_events(&mut self, on: bool) {
        self.pauses = on;
    }

    /// The events that have fired since the last reset, oldest first.
    pub fn events(&self) -> &[Record] {
        &self.watch.records
    }

    /// An evaluation or a step that has failed leaves no row of its own, and the last one before it in the live row; without one, what a
    /// reset leaves there.
    fn abandon(&mut self) {
        self.error = self.machine.error;
        let row_len = self.row_len;
        // The rows of the steps before the one that has failed, after which the instance is.
        self.saved = self.step.saturating_sub(1).div_ceil(self.time.save_every);
        self.rows.truncate(self.saved as usize * row_len);
        if let Some(last) = self.rows.len().checked_sub(row_len) {
            self.machine.cells[..row_len].copy_from_slice(&self.rows[last..]);
        } else {
            self.machine.cells[..row_len].fill(0.0);
            self.show_overrides();
        }
    }

    fn show_overrides(&mut self) {
        for run in &self.settable {
            for (cell, number) in (run.first as usize..).zip(run.number as usize..(run.number + run.n) as usize) {
                if self.marks[number] {
                    self.machine.cells[cell] = canonical(self.machine.params[number]);
                }
            }
        }
    }

    /// The error word, 0 when there is none: the low half is the code, the high half says which variable.
    pub fn error(&self) -> u64 {
        self.error
    }

    /// Rows saved since the last reset.
    pub fn saved_steps(&self) -> u64 {
        self.saved
    }

    /// The live row.
    pub fn live(&self) -> &[f64] {
        &self.machine.cells[..self.row_len]
    }

    /// All saved rows, one after the other.
    pub fn rows(&self) -> &[f64] {
        &self.rows
    }

    /// A saved row.
    ///
    /// # Panics
    /// When there are not that many.
    pub fn row(&self, row: u64) -> &[f64] {
        assert!(row < self.saved, "row {row} of {} saved ones", self.saved);
        // What has been saved is in memory, so its position is a usize.
        let at = row as usize * self.row_len;
        &self.rows[at..at + self.row_len]
    }

    /// Numbers of a row.
    pub fn n_slots(&self) -> usize {
        self.row_len
    }

    /// Whether the last step has been evaluated.
    fn is_complete(&self) -> bool {
        self.step > self.last_step
    }

    /// Fills what follows from params, when one has changed since.
    fn prepare(&mut self) {
        if self.dirty {
            self.machine.run(self.program.parts(FuncRole::Prepare));
            self.dirty = false;
        }
    }

    /// Saves a row when one is due, and goes on to the next step. After the last one there is none: the live row becomes the last row.
    fn take_step(&mut self) {
        self.machine.set_step(self.step, step_time(self.time.start, self.time.dt, self.step));
        self.prepare();
        if self.step.is_multiple_of(self.time.save_every) {
            self.save_row();
        } else {
            self.machine.run(self.program.parts(FuncRole::Step));
        }
        self.ended_by = self.watch.look(&self.machine.cells, self.machine.step_time, self.step);
        let is_last = self.step == self.last_step;
        // No host has asked for a pause, or after the last step there is none left to pause before.
        if self.ended_by == Action::Pause && (is_last || !self.pauses) {
            self.ended_by = Action::Message;
        }
        if is_last {
            let last = self.rows.len() - self.row_len;
            self.machine.cells[..self.row_len].copy_from_slice(&self.rows[last..]);
        } else {
            self.machine.advance(&self.time, &self.program);
            self.error = self.machine.error;
        }
        self.step += 1;
    }

    /// Evaluates a step together with what only a row shows. What does not have to be evaluated is in the live row.
    fn save_row(&mut self) {
        self.machine.row.copy_from_slice(&self.machine.cells[..self.row_len]);
        self.machine.run(self.program.parts(FuncRole::Row));
        self.rows.extend_from_slice(&self.machine.row);
        self.saved += 1;
    }

    /// Evaluates the next step's time into the live row, without taking the step.
    fn rest(&mut self) {
        self.machine.set_step(self.step, step_time(self.time.start, self.time.dt, self.step));
        self.prepare();
        self.machine.show(self.program.parts(FuncRole::Row));
    }
}

impl fmt::Display for MemoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the module needs {} bytes, and {} are allowed", self.needed, self.limit)
    }
}

impl Error for MemoryError {}
