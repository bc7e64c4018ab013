//! One running instance of a model.

use std::fmt;
use std::sync::Arc;

use crate::directory::unknown;
use crate::engine::Call;
use crate::error::{Code, Error};
use crate::instance::{Checked, number_at};
use crate::names::title_key;
use crate::run::{Event, Kept, Run, State};
use crate::shared::Shared;
use crate::value::{Assignments, Value, assignments};
use crate::variable::element_title;

/// One instance of a model, which a program drives step by step.
///
/// What [`Sim::set`] sets lasts over [`Sim::reset`] until [`Sim::clear`].
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let artifact = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/sir.wasm"));
/// let model = simc_host::Model::from_bytes(artifact)?;
/// let mut sim = model.sim()?;
/// sim.run_to(30.0)?.set("Contact Rate", 2.0)?.run_to_end()?;
/// assert_eq!(sim.series("Infectious")?.len(), 121);
/// # Ok(())
/// # }
/// ```
pub struct Sim {
    shared: Arc<Shared>,
    instance: Option<Checked>,
    is_started: bool,
    pauses: bool,
    events: Vec<Event>,
    n_seen: u32,
}

impl Sim {
    pub(crate) fn new(shared: Arc<Shared>) -> Result<Self, Error> {
        let instance = Checked::new(shared.module.as_ref(), &shared.layout)?;
        Ok(Self::of_instance(shared, instance))
    }

    /// Of an instance that is new, or will be reset before it is used.
    pub(crate) fn of_instance(shared: Arc<Shared>, instance: Checked) -> Self {
        Self { shared, instance: Some(instance), is_started: false, pauses: false, events: Vec::new(), n_seen: 0 }
    }

    pub(crate) fn into_instance(self) -> Option<Checked> {
        self.instance
    }

    fn open(&mut self) -> Result<&mut Checked, Error> {
        self.instance.as_mut().ok_or_else(closed)
    }

    fn open_ref(&self) -> Result<&Checked, Error> {
        self.instance.as_ref().ok_or_else(closed)
    }

    /// Sets a constant, from the next step on; [`Sim::value`] shows it at once.
    ///
    /// # Errors
    /// [`Code::UnknownName`], [`Code::NotSettable`], [`Code::Shape`], [`Code::BadValue`]: nothing is changed then.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) -> Result<&mut Self, Error> {
        self.set_all([(name, value)])
    }

    /// Sets several constants, or, when one of them is refused, none.
    ///
    /// # Errors
    /// As [`Sim::set`], and [`Code::AmbiguousName`] when one is given twice.
    pub fn set_all<N: AsRef<str>, V: Into<Value>>(
        &mut self,
        params: impl IntoIterator<Item = (N, V)>,
    ) -> Result<&mut Self, Error> {
        self.open()?;
        let slots = assignments(&self.shared.directory, params)?;
        self.set_slots(&slots)?;
        Ok(self)
    }

    pub(crate) fn set_slots(&mut self, slots: &Assignments) -> Result<(), Error> {
        self.open()?.set(slots)
    }

    /// Gives a graphical function other points, x and y; x ascends, and equal x are a jump.
    ///
    /// # Errors
    /// [`Code::Unsupported`] when the model was not compiled with `--inputs tables`, [`Code::UnknownName`] when no
    /// graphical function has this name, [`Code::BadValue`] when these cannot be its points.
    pub fn set_table(&mut self, name: &str, points: &[[f64; 2]]) -> Result<&mut Self, Error> {
        let shared = Arc::clone(&self.shared);
        let instance = self.open()?;
        let tables = shared.extension().inputs.as_ref().map(|inputs| inputs.tables.as_slice()).unwrap_or_default();
        if tables.is_empty() {
            let message = "the artifact has no graphical functions that can be set: compile with `--inputs tables`";
            return Err(Error::new(Code::Unsupported, message));
        }
        let wanted = title_key(name);
        let found = tables.iter().enumerate().find(|(_, table)| title_key(&table.name) == wanted);
        let names = tables.iter().map(|table| table.name.as_str());
        let (number, table) = found.ok_or_else(|| unknown("graphical function", name, names))?;
        let fault = if points.is_empty() {
            Some("there are none")
        } else if points.len() > table.capacity as usize {
            Some("there are more than it has room for")
        } else if points.iter().flatten().any(|number| !number.is_finite()) {
            Some("one is not finite")
        } else if points.windows(2).any(|pair| pair[0][0] > pair[1][0]) {
            Some("x does not ascend")
        } else if instance.set_table(number, points)? {
            None
        } else {
            Some("the artifact refuses them")
        };
        match fault {
            None => Ok(self),
            Some(fault) => {
                let message = format!("these cannot be the points of `{}`: {fault}", table.name);
                Err(Error::new(Code::BadValue, message).with_variable(&table.name))
            }
        }
    }

    /// Drops everything that was set, points included; seen when something is next evaluated.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn clear(&mut self) -> Result<&mut Self, Error> {
        self.open()?.call(Call::ClearValues)?;
        Ok(self)
    }

    /// Back to the start; what was set is kept.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn reset(&mut self) -> Result<&mut Self, Error> {
        self.open()?.call(Call::Reset)?;
        self.is_started = false;
        self.events.clear();
        self.n_seen = 0;
        Ok(self)
    }

    /// Evaluates the start; saves no row. A second call does nothing until [`Sim::reset`].
    ///
    /// # Errors
    /// [`Code::Transport`] when a conveyor or queue cannot start, [`Code::Closed`].
    pub fn run_initials(&mut self) -> Result<&mut Self, Error> {
        self.open()?.call(Call::RunInitials)?;
        self.is_started = true;
        self.check()?;
        Ok(self)
    }

    /// Takes every step whose time is at most the given one, in the model's unit of time, and rests at the next.
    /// Infinity runs to the end; a time that has passed does nothing.
    ///
    /// # Errors
    /// [`Code::BadTime`] for NaN, and nothing is done. [`Code::Transport`] when a conveyor or queue cannot go on:
    /// each call gives it again until [`Sim::reset`]. [`Code::Closed`].
    pub fn run_to(&mut self, time: f64) -> Result<&mut Self, Error> {
        self.open()?;
        if time.is_nan() {
            return Err(Error::new(Code::BadTime, "NaN is no time to run to"));
        }
        self.advance(time)?;
        self.check()?;
        Ok(self)
    }

    /// Takes all steps that are left.
    ///
    /// # Errors
    /// As [`Sim::run_to`].
    pub fn run_to_end(&mut self) -> Result<&mut Self, Error> {
        self.run_to(f64::INFINITY)
    }

    /// Whether events that pause end [`Sim::run_to`] after their step; they do not unless asked. A run that has paused
    /// goes on with the next call.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn pause_on_events(&mut self, on: bool) -> Result<&mut Self, Error> {
        let instance = self.open()?;
        if instance.n_events() > 0 {
            instance.call(Call::PauseOnEvents(i32::from(on)))?;
        }
        self.pauses = on;
        Ok(self)
    }

    /// What a variable or element is now, in its units. Constants show what was set at once, others what was last
    /// evaluated; before the start everything else is 0.
    ///
    /// # Errors
    /// [`Code::UnknownName`], [`Code::Shape`] when it means several elements, [`Code::Closed`].
    pub fn value(&self, name: &str) -> Result<f64, Error> {
        let instance = self.open_ref()?;
        Ok(number_at(instance.live(), self.shared.directory.single(name)?))
    }

    /// What all elements that a name means are now, row-major.
    ///
    /// # Errors
    /// [`Code::UnknownName`], [`Code::Closed`].
    pub fn values(&self, name: &str) -> Result<Vec<f64>, Error> {
        let live = self.open_ref()?.live();
        let selection = self.shared.directory.select(name)?;
        Ok(self.shared.directory.slots(&selection).map(|slot| number_at(live, slot)).collect())
    }

    /// The saved numbers of one variable or element, one for each row.
    ///
    /// # Errors
    /// [`Code::UnknownName`], [`Code::Shape`] when it means several elements, [`Code::Closed`].
    pub fn series(&mut self, name: &str) -> Result<Vec<f64>, Error> {
        self.open()?;
        let slot = self.shared.directory.single(name)?;
        let instance = self.open()?;
        let saved = instance.saved();
        Ok((0..saved).map(|row| number_at(instance.row(row), slot)).collect())
    }

    /// The numbers of the resting time as the artifact has them: a *view* of its memory, 8 bytes for each slot,
    /// little-endian.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn live_view(&self) -> Result<&[u8], Error> {
        self.open_ref().map(Checked::live)
    }

    /// A saved row as the artifact has it: a *view* of its memory, 8 bytes for each slot, little-endian; none when it is
    /// not saved.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn row_view(&mut self, row: usize) -> Result<Option<&[u8]>, Error> {
        let instance = self.open()?;
        let is_saved = row < instance.saved();
        Ok(is_saved.then(|| instance.row(row)))
    }

    /// The time at which the instance rests; 0 before the start.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn time(&self) -> Result<f64, Error> {
        Ok(number_at(self.open_ref()?.live(), 0))
    }

    /// Rows saved so far.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn saved(&mut self) -> Result<usize, Error> {
        Ok(self.open()?.saved())
    }

    /// Where the run is.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn state(&mut self) -> Result<State, Error> {
        let is_started = self.is_started;
        let instance = self.open()?;
        Ok(if instance.error()?.0 != 0 {
            State::Failed
        } else if instance.is_complete() {
            State::Complete
        } else {
            match instance.run_state() {
                2 => State::Stopped,
                1 => State::Paused,
                _ if is_started => State::Running,
                _ => State::New,
            }
        })
    }

    /// Whether the last row is saved.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn is_complete(&mut self) -> Result<bool, Error> {
        Ok(self.open()?.is_complete())
    }

    /// Events that have fired since the start, oldest first.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn events(&self) -> Result<&[Event], Error> {
        self.open_ref()?;
        Ok(&self.events)
    }

    /// A copy of the rows saved so far.
    ///
    /// # Errors
    /// [`Code::Closed`].
    pub fn run(&mut self) -> Result<Run, Error> {
        self.copy(None)
    }

    pub(crate) fn copy(&mut self, kept: Option<Arc<Kept>>) -> Result<Run, Error> {
        let state = self.state()?;
        let instance = self.open()?;
        let (saved, n_slots) = (instance.saved(), instance.n_slots());
        let mut data = Vec::with_capacity(saved * kept.as_ref().map_or(n_slots, |kept| kept.slots.len()));
        for row in 0..saved {
            let bytes = instance.row(row);
            match &kept {
                Some(kept) => data.extend(kept.slots.iter().map(|&slot| number_at(bytes, slot))),
                None => data.extend(bytes.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes))),
            }
        }
        let width = kept.as_ref().map_or(n_slots, |kept| kept.slots.len());
        Ok(Run::new(Arc::clone(&self.shared.directory), data, width, kept, state, self.events.clone()))
    }

    /// Gives the memory back. Every further use is [`Code::Closed`]; closing again is no error.
    pub fn close(&mut self) {
        self.instance = None;
    }

    /// Numbers of some slots in a row that is saved.
    pub(crate) fn read_row(&mut self, row: usize, slots: &[usize]) -> Result<impl Iterator<Item = f64>, Error> {
        let bytes = self.open()?.row(row);
        Ok(slots.iter().map(move |&slot| number_at(bytes, slot)))
    }

    /// Steps on, in stretches whose events the artifact can keep.
    fn advance(&mut self, target: f64) -> Result<(), Error> {
        self.is_started = true;
        let pauses = self.pauses;
        let (start, dt, per_step) = (self.shared.time.start, self.shared.time.dt, self.shared.events_per_step);
        let instance = self.open()?;
        if instance.n_events() == 0 {
            instance.call(Call::RunTo(target))?;
            return Ok(());
        }
        let steps = (instance.n_events() as u64 / per_step.max(1)).max(1);
        instance.call(Call::RunInitials)?;
        loop {
            let instance = self.open()?;
            let before = number_at(instance.live(), 0);
            let next = target.min(start + (((before - start) / dt).round() + steps as f64 - 1.0) * dt);
            instance.call(Call::RunTo(next))?;
            self.collect()?;
            let instance = self.open()?;
            let state = instance.run_state();
            if instance.is_complete() || state == 2 || (state == 1 && pauses) || instance.error()?.0 != 0 {
                return Ok(());
            }
            if state != 1 && (next == target || number_at(instance.live(), 0) == before) {
                return Ok(());
            }
        }
    }

    /// Reads the records of events before they are overwritten.
    fn collect(&mut self) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        let instance = self.instance.as_mut().ok_or_else(closed)?;
        let count = instance.event_count();
        let kept = u32::try_from(instance.n_events()).unwrap_or(u32::MAX);
        for number in self.n_seen.max(count.saturating_sub(kept))..count {
            let record = instance.event(number);
            self.events.push(shared.describe(&record)?);
        }
        self.n_seen = count;
        Ok(())
    }

    /// Takes all steps that are left; an error of a conveyor or queue comes without the rows before it.
    pub(crate) fn run_to_end_bare(&mut self) -> Result<(), Error> {
        self.advance(f64::INFINITY)?;
        self.check_word()
    }

    /// Says in words what the error word says, with the rows that were saved before.
    fn check(&mut self) -> Result<(), Error> {
        match self.check_word() {
            Err(error) if error.code() == Code::Transport => Err(error.attach(self.run()?)),
            other => other,
        }
    }

    fn check_word(&mut self) -> Result<(), Error> {
        let (code, place) = self.open()?.error()?;
        if code == 0 {
            return Ok(());
        }
        let what = match code {
            58 => "has a transit time that is not positive",
            59 => "has a transit time that is longer than it has memory for",
            1001 => "has more batches than it has memory for",
            _ => {
                let message = format!("the run stopped with error {code} in variable {place}, which is none of simc's");
                return Err(Error::new(Code::BadArtifact, message));
            }
        };
        let name = self.shared.transport_name(place).unwrap_or_else(|| format!("conveyor or queue number {place}"));
        let message = format!("the run stopped: `{name}` {what}");
        Err(Error::new(Code::Transport, message).with_variable(name))
    }
}

impl Shared {
    /// The conveyor or queue that an error word counts.
    fn transport_name(&self, place: u32) -> Option<String> {
        self.extension().transport_name(place.into())
    }

    fn describe(&self, record: &simc_artifact::Record) -> Result<Event, Error> {
        let mut number = record.event as usize;
        for threshold in &self.extension().thresholds {
            if let Some(event) = threshold.events.get(number) {
                let dimensions: Vec<_> =
                    threshold.dims.iter().map(|&dim| self.dimensions[dim as usize].clone()).collect();
                return Ok(Event {
                    step: record.step,
                    time: record.time,
                    value: record.value,
                    variable: element_title(&threshold.variable, &dimensions, record.element as usize),
                    action: event.action.into(),
                    message: event.message.clone(),
                });
            }
            number -= threshold.events.len();
        }
        Err(crate::error::contradiction(format!("it has no event {}", record.event)))
    }
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sim").field("closed", &self.instance.is_none()).field("started", &self.is_started).finish()
    }
}

fn closed() -> Error {
    Error::new(Code::Closed, "the Sim is closed")
}
