//! Many runs of one model.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread::Builder;

use crate::directory::{Column, Selection, unknown};
use crate::error::{Code, Error};
use crate::model::Model;
use crate::names::title_key;
use crate::value::{Assignments, Value, assignments};
use crate::variable::{Kind, Time};

/// Part of a step by which a time may miss a row.
const TOLERANCE: f64 = 1e-6;

/// More threads than this make nothing faster, and a system may refuse them.
const MAX_THREADS: usize = 256;

/// Parts of a batch for each thread: one that is slower than the others makes fewer.
const PARTS: usize = 4;

/// A batch that is being described; [`Batching::run`] runs it.
#[derive(Clone, Debug)]
#[must_use = "nothing runs before `run`"]
pub struct Batching<'a> {
    model: &'a Model,
    params: &'a [&'a str],
    samples: &'a [f64],
    outputs: Option<&'a [&'a str]>,
    at: Option<&'a [f64]>,
    threads: usize,
}

impl Model {
    /// Many runs: `samples` has a row for each, one after the other, with a number for each of `params`. An array takes
    /// the number for all of its elements.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let artifact = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/sir.wasm"));
    /// let model = simc_host::Model::from_bytes(artifact)?;
    /// let samples = [6.0, 7.0, 8.0, 7.0];
    /// let batch = model.batch(&["Contact Rate", "Duration"], &samples).outputs(&["Infectious"]).at(&[60.0]).run()?;
    /// assert_eq!((batch.runs(), batch.titles(), batch.times()), (2, &["Infectious".to_owned()][..], &[60.0][..]));
    /// # Ok(())
    /// # }
    /// ```
    pub fn batch<'a>(&'a self, params: &'a [&'a str], samples: &'a [f64]) -> Batching<'a> {
        Batching::new(self, params, samples)
    }
}

/// The results of many runs.
#[derive(Clone, Debug)]
pub struct Batch {
    n_runs: usize,
    titles: Vec<String>,
    times: Vec<f64>,
    values: Vec<f64>,
    errors: Vec<(usize, Error)>,
}

impl Batch {
    /// How many runs there are.
    pub fn runs(&self) -> usize {
        self.n_runs
    }

    /// Titles of the outputs.
    pub fn titles(&self) -> &[String] {
        &self.titles
    }

    /// Times of the rows that were kept, in the model's unit of time.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Of each run, of each output, the number at each time; NaN in rows that a run did not reach.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The runs that failed on their way, by number. The rows before that are among the values, and not in [`Error::run`].
    pub fn errors(&self) -> &[(usize, Error)] {
        &self.errors
    }

    /// One output of one run, a number for each time; none when there is no such run or output.
    pub fn series(&self, run: usize, output: usize) -> Option<&[f64]> {
        if run >= self.n_runs || output >= self.titles.len() {
            return None;
        }
        let n = self.times.len();
        self.values.get((run * self.titles.len() + output) * n..)?.get(..n)
    }

    /// The number of the output with this title, which is compared as names are.
    ///
    /// # Errors
    /// [`Code::UnknownName`] when there is none.
    pub fn output(&self, title: &str) -> Result<usize, Error> {
        let wanted = title_key(title);
        let found = self.titles.iter().position(|other| title_key(other) == wanted);
        found.ok_or_else(|| unknown("output", title, self.titles.iter().map(String::as_str)))
    }
}

/// What the runs of a batch do.
struct Plan<'a> {
    model: &'a Model,
    slots: Vec<usize>,
    rows: Vec<usize>,
    runs: Runs<'a>,
}

/// What each run sets.
enum Runs<'a> {
    /// A row of numbers each, and for each column the slots that take its number.
    Table(&'a [f64], Vec<Vec<usize>>),
    /// Anything.
    Any(Vec<Assignments>),
}

impl Runs<'_> {
    fn len(&self) -> usize {
        match self {
            Runs::Table(_, columns) if columns.is_empty() => 0,
            Runs::Table(samples, columns) => samples.len() / columns.len(),
            Runs::Any(all) => all.len(),
        }
    }

    fn of(&self, run: usize) -> Assignments {
        match self {
            Runs::Table(samples, columns) => {
                let sample = &samples[run * columns.len()..][..columns.len()];
                let pairs = columns.iter().zip(sample);
                pairs.flat_map(|(slots, &number)| slots.iter().map(move |&slot| (slot, number))).collect()
            }
            Runs::Any(all) => all[run].clone(),
        }
    }
}

impl<'a> Batching<'a> {
    pub(crate) fn new(model: &'a Model, params: &'a [&'a str], samples: &'a [f64]) -> Self {
        Self { model, params, samples, outputs: None, at: None, threads: 1 }
    }

    /// What to keep; of arrays all elements. The stocks unless given, or without stocks all that changes.
    pub fn outputs(mut self, names: &'a [&'a str]) -> Self {
        self.outputs = Some(names);
        self
    }

    /// Times of saved rows to keep; infinity is the last row. All rows unless given.
    pub fn at(mut self, times: &'a [f64]) -> Self {
        self.at = Some(times);
        self
    }

    /// How many threads run it, each in an instance of its own; one unless given, and never more than 256.
    pub fn threads(mut self, n: usize) -> Self {
        self.threads = n.clamp(1, MAX_THREADS);
        self
    }

    /// Runs the batch, each run from the defaults, with the same bits that single runs give.
    ///
    /// # Errors
    /// Before the first run [`Code::UnknownName`], [`Code::AmbiguousName`], [`Code::NotSettable`], [`Code::Shape`] when the
    /// samples are no rows of as many numbers as there are params, [`Code::BadValue`] for NaN and infinity,
    /// [`Code::BadTime`] for a time without a saved row, [`Code::Memory`] for more numbers than there is room for. Runs that fail on
    /// their way are in [`Batch::errors`].
    pub fn run(self) -> Result<Batch, Error> {
        let runs = self.table()?;
        self.run_all(runs)
    }

    /// The same for runs that set different things; the params and samples of the batch do not count then.
    ///
    /// # Errors
    /// As [`Batching::run`].
    pub fn run_each<N: AsRef<str>, V: Into<Value>, P: IntoIterator<Item = (N, V)>>(
        self,
        samples: impl IntoIterator<Item = P>,
    ) -> Result<Batch, Error> {
        let directory = &self.model.shared().directory;
        let all = samples.into_iter().map(|params| assignments(directory, params)).collect::<Result<_, _>>()?;
        self.run_all(Runs::Any(all))
    }

    fn table(&self) -> Result<Runs<'a>, Error> {
        let directory = &self.model.shared().directory;
        assignments(directory, self.params.iter().map(|&name| (name, 0.0)))?;
        let slots_of = |&name: &&str| directory.select(name).map(|it: Selection| directory.slots(&it).collect());
        let columns: Vec<Vec<usize>> = self.params.iter().map(slots_of).collect::<Result<_, _>>()?;
        let n = columns.len();
        if (n == 0 && !self.samples.is_empty()) || (n > 0 && !self.samples.len().is_multiple_of(n)) {
            let message = format!("{} numbers are no rows of {n}", self.samples.len());
            return Err(Error::new(Code::Shape, message));
        }
        if let Some(at) = self.samples.iter().position(|number| !number.is_finite()) {
            let name = self.params[at % n];
            let message =
                format!("`{name}` cannot be {}: values are finite numbers (run {})", self.samples[at], at / n);
            return Err(Error::new(Code::BadValue, message).with_variable(name));
        }
        Ok(Runs::Table(self.samples, columns))
    }

    fn run_all(self, runs: Runs<'_>) -> Result<Batch, Error> {
        let shared = self.model.shared();
        let columns = match self.outputs {
            Some(names) => shared.directory.columns(Some(names))?,
            None => self.usual_outputs()?,
        };
        let time = self.model.time();
        let rows: Vec<usize> = match self.at {
            None => (0..time.rows).collect(),
            Some(times) => times.iter().map(|&at| row_at(time, at)).collect::<Result<_, _>>()?,
        };
        let (titles, slots) = columns.into_iter().map(|Column { title, slot }| (title, slot)).unzip();
        let times = rows.iter().map(|&row| time.of_row(row)).collect();
        let n_runs = runs.len();
        let plan = Plan { model: self.model, slots, rows, runs };
        let (values, errors) = plan.run(self.threads)?;
        Ok(Batch { n_runs, titles, times, values, errors })
    }

    fn usual_outputs(&self) -> Result<Vec<Column>, Error> {
        let directory = Arc::clone(&self.model.shared().directory);
        let named = |kinds: &[Kind]| -> Vec<String> {
            let chosen = directory.variables.iter().filter(|variable| kinds.contains(&variable.kind));
            chosen.map(|variable| variable.name.clone()).collect()
        };
        let mut names = named(&[Kind::Stock]);
        if names.is_empty() {
            names = named(&[Kind::Flow, Kind::Auxiliary, Kind::ModuleInput]);
        }
        directory.columns(Some(&names))
    }
}

impl Plan<'_> {
    fn run(&self, threads: usize) -> Result<(Vec<f64>, Vec<Failed>), Error> {
        let n_runs = self.runs.len();
        let each = self.slots.len().saturating_mul(self.rows.len());
        let mut values = room(n_runs.saturating_mul(each))?;
        let threads = threads.clamp(1, n_runs.max(1));
        let size = n_runs.div_ceil(threads * PARTS).max(1);
        let mut rest = values.as_mut_slice();
        let mut parts = Vec::new();
        for start in (0..n_runs).step_by(size) {
            let runs = start..(start + size).min(n_runs);
            let (part, others) = rest.split_at_mut(runs.len() * each);
            parts.push((runs, part));
            rest = others;
        }
        let parts = Mutex::new(parts);
        let next = || parts.lock().ok().and_then(|mut parts| parts.pop());
        let make_parts = || {
            let mut failed = Vec::new();
            while let Some((runs, values)) = next() {
                self.run_part(runs, values, &mut failed)?;
            }
            Ok(failed)
        };
        let work = || {
            let panicked = |_| Err(Error::new(Code::Unsupported, "the engine panicked in a run of the batch"));
            let made = catch_unwind(AssertUnwindSafe(make_parts)).unwrap_or_else(panicked);
            // Nobody needs the other parts then.
            made.inspect_err(|_| while next().is_some() {})
        };
        let mut failed = Vec::new();
        for made in on_threads(threads, work) {
            failed.extend(made?);
        }
        failed.sort_by_key(|&(run, _)| run);
        Ok((values, failed))
    }

    /// Makes some runs; where a number is that a run does not reach, nothing is written.
    fn run_part(&self, runs: Range<usize>, values: &mut [f64], failed: &mut Vec<Failed>) -> Result<(), Error> {
        let n = self.rows.len();
        let mut places = values.chunks_exact_mut((self.slots.len() * n).max(1));
        for run in runs {
            let place = places.next().unwrap_or_default();
            self.model.with_runner(&self.runs.of(run), |sim| {
                match sim.run_to_end_bare() {
                    Err(error) if error.code() == Code::Transport => failed.push((run, error)),
                    ended => ended?,
                }
                let saved = sim.saved()?;
                for (at, &row) in self.rows.iter().enumerate().filter(|&(_, &row)| row < saved) {
                    for (slot, number) in sim.read_row(row, &self.slots)?.enumerate() {
                        place[slot * n + at] = number;
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// Does the work on some threads, this one among them, and gives what it gave on each, once all have ended. A system that has no more
/// threads leaves their work to those that are there.
fn on_threads<T: Send>(n: usize, work: impl Fn() -> T + Copy + Send) -> Vec<T> {
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..n).map_while(|_| Builder::new().spawn_scoped(scope, work).ok()).collect();
        let mut given = vec![work()];
        given.extend(others.into_iter().filter_map(|thread| thread.join().ok()));
        given
    })
}

/// A run that failed on its way.
type Failed = (usize, Error);

/// As many numbers, all NaN.
fn room(n: usize) -> Result<Vec<f64>, Error> {
    let mut numbers = Vec::new();
    numbers
        .try_reserve_exact(n)
        .map_err(|_| Error::new(Code::Memory, format!("there is no memory for {n} numbers")))?;
    numbers.resize(n, f64::NAN);
    Ok(numbers)
}

fn row_at(time: &Time, at: f64) -> Result<usize, Error> {
    if at == f64::INFINITY {
        return Ok(time.rows - 1);
    }
    let row = ((at - time.start) / (time.save_every as f64 * time.dt)).round();
    let is_row = row >= 0.0 && row < time.rows as f64 && {
        let exact = time.of_row(row as usize);
        (exact - at).abs() <= TOLERANCE * time.dt
    };
    if is_row {
        Ok(row as usize)
    } else {
        Err(Error::new(Code::BadTime, format!("there is no saved row at time {at}")))
    }
}
