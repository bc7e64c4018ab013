//! What a run has left.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::csv;
use crate::directory::{Column as Place, Directory};
use crate::error::{Code, Error};

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Before the start.
    New,
    /// At rest between steps.
    Running,
    /// An event has paused it.
    Paused,
    /// An event has ended it.
    Stopped,
    /// The last row is saved.
    Complete,
    /// A conveyor or queue could not go on.
    Failed,
}

impl State {
    /// The word for it that all languages use.
    pub fn as_str(self) -> &'static str {
        match self {
            State::New => "new",
            State::Running => "running",
            State::Paused => "paused",
            State::Stopped => "stopped",
            State::Complete => "complete",
            State::Failed => "failed",
        }
    }
}

/// What an event does besides being recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Nothing.
    Message,
    /// The run pauses after the step, if that was asked for.
    Pause,
    /// The run is over after the step.
    Stop,
}

impl Action {
    /// The word for it that all languages use.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Message => "message",
            Action::Pause => "pause",
            Action::Stop => "stop",
        }
    }
}

impl From<simc_artifact::Action> for Action {
    fn from(action: simc_artifact::Action) -> Self {
        match action {
            simc_artifact::Action::Message => Action::Message,
            simc_artifact::Action::Pause => Action::Pause,
            simc_artifact::Action::Stop => Action::Stop,
        }
    }
}

/// An event that has fired.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The step at which it fired.
    pub step: u64,
    /// The time of that step.
    pub time: f64,
    /// The number that passed the threshold.
    pub value: f64,
    /// Title of the element that passed it.
    pub variable: String,
    /// What it does.
    pub action: Action,
    /// What it says.
    pub message: String,
}

/// A column of results.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The variable as its author wrote it, an element in brackets: `Population`, `rate[North,Young]`.
    pub title: String,
    /// A number for each row, in the units of the variable.
    pub values: Vec<f64>,
}

/// The saved rows of a run: copies, which outlive the model.
#[derive(Clone)]
pub struct Run {
    directory: Arc<Directory>,
    /// Rows, one after the other.
    data: Vec<f64>,
    /// Numbers of a row.
    width: usize,
    /// Where in a row some slots are and the names that chose them, when a run has not all slots.
    kept: Option<Arc<Kept>>,
    state: State,
    events: Vec<Event>,
}

/// The outputs that a run keeps.
pub(crate) struct Kept {
    pub(crate) slots: Vec<usize>,
    by_slot: HashMap<usize, usize>,
    names: Vec<String>,
}

impl Kept {
    /// The time, and what the names mean.
    pub(crate) fn new(directory: &Directory, names: &[&str]) -> Result<Self, Error> {
        let mut slots = vec![0];
        let mut by_slot = HashMap::from([(0, 0)]);
        for Place { slot, .. } in directory.columns(Some(names))? {
            by_slot.entry(slot).or_insert_with(|| {
                slots.push(slot);
                slots.len() - 1
            });
        }
        Ok(Self { slots, by_slot, names: names.iter().map(|&name| name.to_owned()).collect() })
    }
}

impl Run {
    pub(crate) fn new(
        directory: Arc<Directory>,
        data: Vec<f64>,
        width: usize,
        kept: Option<Arc<Kept>>,
        state: State,
        events: Vec<Event>,
    ) -> Self {
        Self { directory, data, width, kept, state, events }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.data.len() / self.width.max(1)
    }

    /// Where the run ended.
    pub fn state(&self) -> State {
        self.state
    }

    /// Whether the last row of the model is among the rows.
    pub fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    /// The events that fired, oldest first.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The times of the rows, in the model's unit of time.
    pub fn times(&self) -> Vec<f64> {
        self.column(0)
    }

    /// The numbers of one variable or element, one for each row, in the units of the variable.
    ///
    /// # Errors
    /// [`Code::UnknownName`] when no variable has this name or the run does not have it, [`Code::Shape`] when it means
    /// several elements.
    pub fn series(&self, name: &str) -> Result<Vec<f64>, Error> {
        Ok(self.column(self.place(self.directory.single(name)?, name)?))
    }

    /// The number of one variable or element in a row; negative rows count from the end, -1 is the last.
    ///
    /// # Errors
    /// As [`Run::series`], and [`Code::BadTime`] when there is no such row.
    pub fn value(&self, name: &str, row: isize) -> Result<f64, Error> {
        let place = self.place(self.directory.single(name)?, name)?;
        let rows = self.rows();
        let at = if row < 0 { rows.checked_sub(row.unsigned_abs()) } else { Some(row.unsigned_abs()) };
        let number = at.filter(|&at| at < rows).and_then(|at| self.data.get(at * self.width + place));
        number.copied().ok_or_else(|| Error::new(Code::BadTime, format!("there is no row {row} of {rows}")))
    }

    /// The time and all variables, or the time and those named: a column for each element.
    ///
    /// # Errors
    /// As [`Run::series`], but for several elements.
    pub fn columns(&self, names: Option<&[&str]>) -> Result<Vec<Column>, Error> {
        let time = Column { title: "time".to_owned(), values: self.times() };
        let rest = self.places(names)?.into_iter().map(|Place { title, slot }| {
            let values = self.column(self.place(slot, &title)?);
            Ok(Column { title, values })
        });
        std::iter::once(Ok(time)).chain(rest).collect()
    }

    /// The table as CSV, byte for byte as `simc run` writes it.
    ///
    /// # Errors
    /// As [`Run::columns`].
    pub fn csv(&self, names: Option<&[&str]>) -> Result<String, Error> {
        let columns = self.columns(names)?;
        let columns: Vec<_> = columns.iter().map(|column| (column.title.as_str(), column.values.clone())).collect();
        Ok(csv::text(&columns))
    }

    /// All rows, one after the other, each with every slot in order; none of a run that kept only some outputs.
    pub fn data(&self) -> Option<&[f64]> {
        self.kept.is_none().then_some(&self.data)
    }

    fn places(&self, names: Option<&[&str]>) -> Result<Vec<Place>, Error> {
        match (names, &self.kept) {
            (Some(names), _) => self.directory.columns(Some(names)),
            (None, Some(kept)) => self.directory.columns(Some(&kept.names)),
            (None, None) => self.directory.columns::<&str>(None),
        }
    }

    fn place(&self, slot: usize, name: &str) -> Result<usize, Error> {
        let Some(kept) = &self.kept else { return Ok(slot) };
        kept.by_slot.get(&slot).copied().ok_or_else(|| {
            let message = format!("`{name}` is not among the outputs that this run kept");
            Error::new(Code::UnknownName, message).with_name(name, None)
        })
    }

    fn column(&self, place: usize) -> Vec<f64> {
        self.data.iter().skip(place).step_by(self.width.max(1)).copied().collect()
    }
}

impl Error {
    /// When a conveyor or queue could not go on, the rows that were saved before.
    pub fn run(&self) -> Option<&Run> {
        self.attached()
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run {{ rows: {}, width: {}, state: {:?} }}", self.rows(), self.width, self.state)
    }
}
