//! Makes calls on the oracle and writes down what they give.

use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use simc::driver::Options;
use simc::results::{self, Column, Format, Rows};
use simc::variable_index::VariableIndex;
use simc_artifact::{Control, ErrorCode, ErrorWord, Extension, Kind, Link, Sign, Variable};
use simc_midend::pipeline::OptLevel;

use super::call::{Param, Params, Sequence, bits, params_json};
use super::{Artifacts, hex};
use crate::engine::{Engine, Op, OracleEngine, digest};
use crate::subject::Subject;

/// A compiled model with what its artifact says of itself.
pub(super) struct Compiled {
    /// The name of the artifact's file.
    pub(super) artifact: String,
    subject: Subject,
    pub(super) extension: Extension,
    n_rows: u64,
}

impl Compiled {
    /// A model of `tests/models`.
    pub(super) fn from_models(file: &str, artifacts: &mut Artifacts) -> Result<Self, String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(file);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Self::new(&stem, Subject::from_file(&path, OptLevel::O2)?, artifacts)
    }

    /// A model of `tests/models` that reads no other file, with options; its artifact has the model's name with an ending.
    pub(super) fn of_file(
        file: &str,
        ending: &str,
        options: &Options,
        artifacts: &mut Artifacts,
    ) -> Result<Self, String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(file);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Self::new(&format!("{stem}{ending}"), Subject::with_options(file, &text, options)?, artifacts)
    }

    /// Of a subject; the artifact joins the others.
    pub(super) fn new(stem: &str, subject: Subject, artifacts: &mut Artifacts) -> Result<Self, String> {
        let layout = simc_artifact::read(&subject.wasm).map_err(|error| format!("{stem}: {error}"))?.layout;
        let extension = layout.extension.ok_or_else(|| format!("{stem}: nothing is said of variables"))?;
        let artifact = format!("{stem}.wasm");
        artifacts.insert(artifact.clone(), subject.wasm.clone());
        Ok(Self { artifact, subject, extension, n_rows: layout.n_chunks })
    }

    /// A sequence of calls that begins here.
    pub(super) fn play<'c>(&'c self, name: impl Into<String>) -> Player<'c> {
        Player {
            compiled: self,
            index: VariableIndex::new(&self.extension),
            sequence: Sequence { name: name.into(), artifact: self.artifact.clone(), calls: Vec::new() },
            sim: None,
            last: Life::new(self),
        }
    }

    /// Names of the stocks whose initial values can be set.
    pub(super) fn stocks(&self) -> Vec<String> {
        let stocks = self.extension.variables.iter().filter(|variable| variable.kind == Kind::Stock);
        stocks.filter(|variable| variable.is_settable()).map(|variable| variable.name.clone()).collect()
    }

    /// The constants that can be set, but those that a host cannot tell from the run's own numbers.
    pub(super) fn parameters(&self) -> Vec<&Variable> {
        let index = VariableIndex::new(&self.extension);
        let settable = self.extension.variables.iter().filter(|variable| variable.defaults.is_some());
        settable.filter(|variable| variable.kind == Kind::Constant && !index.is_of_run(variable)).collect()
    }
}

/// A sequence that grows call by call.
pub(super) struct Player<'c> {
    compiled: &'c Compiled,
    index: VariableIndex<'c>,
    sequence: Sequence,
    sim: Option<Life<'c>>,
    /// The life of the last `run`.
    last: Life<'c>,
}

/// An instance of the oracle as hosts present it.
struct Life<'c> {
    oracle: OracleEngine<'c>,
    n_rows: u64,
    is_started: bool,
}

impl<'c> Life<'c> {
    fn new(compiled: &'c Compiled) -> Self {
        let Subject { model, module, layout, .. } = &compiled.subject;
        let oracle = OracleEngine::new(model, module, layout);
        Self { oracle, n_rows: compiled.n_rows, is_started: false }
    }

    fn call(&mut self, op: Op) -> i32 {
        self.oracle.call(op)
    }

    fn advance(&mut self, target: f64) {
        self.is_started = true;
        self.call(Op::RunTo(target));
    }

    fn state(&mut self) -> &'static str {
        if self.oracle.error() != 0 {
            "failed"
        } else if self.oracle.saved() == self.n_rows {
            "complete"
        } else {
            match self.oracle.state() {
                2 => "stopped",
                1 => "paused",
                _ if self.is_started => "running",
                _ => "new",
            }
        }
    }

    fn show_state(&mut self) -> Value {
        json!({ "state": self.state(), "saved": self.oracle.saved(), "time": bits(self.oracle.live()[0]) })
    }

    fn show_rows(&mut self) -> Value {
        let rows = hex(&digest(&self.oracle.rows()));
        json!({ "rows": self.oracle.saved(), "state": self.state(), "sha256": rows, "events": self.oracle.events().0 })
    }
}

/// Rows of the oracle, for tables.
struct Table {
    width: usize,
    numbers: Vec<f64>,
}

impl Rows for Table {
    fn n_rows(&self) -> u64 {
        (self.numbers.len() / self.width.max(1)) as u64
    }

    fn value(&self, row: u64, position: usize) -> f64 {
        self.numbers[row as usize * self.width + position]
    }
}

impl<'c> Player<'c> {
    /// The sequence, finished.
    pub(super) fn done(self) -> Sequence {
        self.sequence
    }

    fn record(mut self, call: Value, outcome: (&str, Value)) -> Self {
        let mut call = call;
        if let Some(object) = call.as_object_mut() {
            object.insert(outcome.0.to_owned(), outcome.1);
        }
        self.sequence.calls.push(call);
        self
    }

    /// A call that is refused with a code. `more` has what else is known of the error.
    pub(super) fn refused(self, call: Value, code: &str, more: Value) -> Self {
        let mut error = json!({ "code": code });
        if let (Some(error), Value::Object(more)) = (error.as_object_mut(), more) {
            error.extend(more);
        }
        self.record(call, ("error", error))
    }

    /// A call that gives what its author says.
    pub(super) fn gives(self, call: Value, expect: Value) -> Self {
        self.record(call, ("expect", expect))
    }

    /// What the artifact says of the model.
    pub(super) fn model(self) -> Self {
        let extension = &self.compiled.extension;
        let time = extension.time.clone().unwrap_or_else(|| unreachable!("artifacts say when they run"));
        let parameters = extension.variables.iter().filter(|variable| variable.is_settable());
        let expect = json!({
            "name": extension.origin.model,
            "parameters": parameters.map(|variable| variable.name.as_str()).collect::<Value>(),
            "dimensions": extension.dimensions.len(),
            "time": {
                "start": bits(time.start), "stop": bits(time.stop), "dt": bits(time.dt), "steps": time.n_steps,
                "save_every": time.save_every, "method": time.method.name(), "rows": self.compiled.n_rows,
            },
        });
        self.gives(json!({ "call": "model" }), expect)
    }

    /// Which variable reads which, by their names.
    pub(super) fn links(self) -> Self {
        let extension = &self.compiled.extension;
        let name = |index: u32| extension.variables[index as usize].name.as_str();
        let sign = |sign: Sign| match sign {
            Sign::Unknown => "unknown",
            Sign::Same => "same",
            Sign::Opposite => "opposite",
        };
        let link = |link: &Link| {
            json!({
                "cause": name(link.cause), "effect": name(link.effect), "sign": sign(link.sign),
                "is_initial": link.at_start,
            })
        };
        let list: Value = extension.links.iter().map(link).collect();
        self.gives(json!({ "call": "links" }), json!({ "list": list }))
    }

    /// The controls that the author drew.
    pub(super) fn controls(self) -> Self {
        let control = |control: &Control| {
            json!({
                "kind": control.kind.as_str(), "variables": control.names,
                "range": control.range.map(|(least, greatest)| [bits(least), bits(greatest)]),
                "step": control.step.map(bits), "label": control.label,
            })
        };
        let list: Value = self.compiled.extension.controls.iter().map(control).collect();
        self.gives(json!({ "call": "controls" }), json!({ "list": list }))
    }

    /// What the artifact says of a variable that goes by a name.
    pub(super) fn variable(self, name: &str, canonical: &str) -> Result<Self, String> {
        let selection = self.index.select(name).map_err(|error| format!("{name}: {error}"))?;
        let variable = selection.variable();
        let shape = variable.dims.iter().map(|&dim| self.compiled.extension.dimensions[dim as usize].elements.len());
        let size: usize = shape.clone().product();
        let element = |element: usize| bits(variable.default_of(element as u64).unwrap_or(f64::NAN));
        let defaults = variable.is_settable().then(|| (0..size).map(element).collect::<Value>());
        let expect = json!({
            "name": variable.name, "canonical": canonical, "kind": variable.kind.name().replace(' ', "-"),
            "shape": shape.collect::<Value>(), "settable": variable.is_settable(), "units": variable.units,
            "documentation": variable.doc, "default": defaults,
        });
        Ok(self.gives(json!({ "call": "variable", "name": name }), expect))
    }

    /// A run from the defaults with these parameters.
    pub(super) fn run(mut self, params: &Params) -> Result<Self, String> {
        let mut life = Life::new(self.compiled);
        self.apply(&mut life, params)?;
        life.advance(f64::INFINITY);
        let call = json!({ "call": "run", "params": params_json(params) });
        let (error, rows) = (self.error(&mut life), life.show_rows());
        self.last = life;
        Ok(match error {
            Some(error) => self.record(call, ("error", error)),
            None => self.gives(call, rows),
        })
    }

    /// The columns of the last run.
    pub(super) fn columns(mut self, names: Option<&[&str]>) -> Result<Self, String> {
        let (columns, table) = self.table(names)?;
        let titles: Vec<&str> = columns.iter().map(|column| column.title.as_str()).collect();
        let numbers: Vec<f64> = columns
            .iter()
            .flat_map(|column| (0..table.n_rows()).map(|row| table.value(row, column.position)))
            .collect();
        let mut expect = json!({ "sha256": hex(&digest(&numbers)) });
        if let Some(object) = expect.as_object_mut() {
            if titles.len() <= 12 {
                object.insert("titles".to_owned(), titles.into());
            } else {
                object.insert("titles_sha256".to_owned(), hex(&Sha256::digest(titles.join("\n"))).into());
            }
        }
        Ok(self.gives(json!({ "call": "columns", "names": names }), expect))
    }

    /// The last run as CSV.
    pub(super) fn csv(mut self, names: Option<&[&str]>) -> Result<Self, String> {
        let (columns, table) = self.table(names)?;
        let mut text = Vec::new();
        results::write(&mut text, Format::Csv, &columns, &table).map_err(|error| error.to_string())?;
        let expect = json!({ "sha256": hex(&Sha256::digest(&text)), "bytes": text.len() });
        Ok(self.gives(json!({ "call": "csv", "names": names }), expect))
    }

    fn table(&mut self, names: Option<&[&str]>) -> Result<(Vec<Column>, Table), String> {
        let names: Option<Vec<String>> = names.map(|names| names.iter().map(|&name| name.to_owned()).collect());
        let columns = self.index.columns(names.as_deref()).map_err(|error| error.to_string())?;
        Ok((columns, Table { width: self.last.oracle.live().len(), numbers: self.last.oracle.rows() }))
    }

    /// A new Sim with these parameters.
    pub(super) fn sim(mut self, params: &Params) -> Result<Self, String> {
        let mut life = Life::new(self.compiled);
        self.apply(&mut life, params)?;
        self.sim = Some(life);
        Ok(self.gives(json!({ "call": "sim", "params": params_json(params) }), json!({})))
    }

    /// Sets what a name means in the Sim.
    pub(super) fn set(mut self, name: &str, value: Param) -> Result<Self, String> {
        let call = json!({ "call": "set", "name": name, "value": value.json() });
        let mut life = self.take()?;
        self.apply(&mut life, &vec![(name.to_owned(), value)])?;
        self.sim = Some(life);
        Ok(self.gives(call, json!({})))
    }

    /// `clear`, `reset`, `run_initials`, `run_to_end`.
    pub(super) fn step(mut self, call: &'static str) -> Result<Self, String> {
        let mut life = self.take()?;
        match call {
            "clear" => {
                life.call(Op::ClearValues);
            }
            "reset" => {
                life.call(Op::Reset);
                life.is_started = false;
            }
            "run_initials" => {
                life.call(Op::RunInitials);
                life.is_started = true;
            }
            "run_to_end" => life.advance(f64::INFINITY),
            "state" => {}
            _ => return Err(format!("there is no call {call}")),
        }
        let outcome = self.outcome(&mut life, call);
        self.sim = Some(life);
        Ok(self.record(json!({ "call": call }), outcome))
    }

    /// `run_to`.
    pub(super) fn run_to(mut self, target: f64) -> Result<Self, String> {
        let mut life = self.take()?;
        life.advance(target);
        let outcome = self.outcome(&mut life, "run_to");
        self.sim = Some(life);
        Ok(self.record(json!({ "call": "run_to", "target": bits(target) }), outcome))
    }

    /// Whether the Sim comes back at events that pause.
    pub(super) fn pause_on_events(mut self, on: bool) -> Result<Self, String> {
        let mut life = self.take()?;
        life.call(Op::PauseOnEvents(on));
        self.sim = Some(life);
        Ok(self.gives(json!({ "call": "pause_on_events", "on": on }), json!({})))
    }

    /// New points for a graphical function of the Sim.
    pub(super) fn set_table(mut self, name: &str, points: &[[f64; 2]]) -> Result<Self, String> {
        let (number, _) = self.index.find_table(name).map_err(|error| error.to_string())?;
        let mut life = self.take()?;
        let number = i32::try_from(number).map_err(|error| error.to_string())?;
        if life.call(Op::SetTable(number, points.to_vec())) != 0 {
            return Err(format!("{name}: the points cannot be set"));
        }
        self.sim = Some(life);
        let points: Value = points.iter().map(|point| json!([bits(point[0]), bits(point[1])])).collect();
        Ok(self.gives(json!({ "call": "set_table", "name": name, "points": points }), json!({})))
    }

    /// The numbers that a name means now.
    pub(super) fn value(mut self, name: &str) -> Result<Self, String> {
        let slots = self.slots(name)?;
        let mut life = self.take()?;
        let live = life.oracle.live();
        self.sim = Some(life);
        let values: Value = slots.iter().map(|&slot| bits(live[slot])).collect();
        Ok(self.gives(json!({ "call": "value", "name": name }), json!({ "bits": values })))
    }

    /// The saved numbers of one element of the Sim.
    pub(super) fn series(mut self, name: &str) -> Result<Self, String> {
        let slots = self.slots(name)?;
        let &[slot] = slots.as_slice() else { return Err(format!("{name} is not one element")) };
        let mut life = self.take()?;
        let width = life.oracle.live().len();
        let series: Vec<f64> = life.oracle.rows().chunks_exact(width).map(|row| row[slot]).collect();
        self.sim = Some(life);
        let [first, last] = [series.first(), series.last()].map(|value| value.map(|value| bits(*value)));
        let expect = json!({ "length": series.len(), "sha256": hex(&digest(&series)), "first": first, "last": last });
        Ok(self.gives(json!({ "call": "series", "name": name }), expect))
    }

    /// The Sim's rows as a Run.
    pub(super) fn sim_run(mut self) -> Result<Self, String> {
        let mut life = self.take()?;
        let rows = life.show_rows();
        self.sim = Some(life);
        Ok(self.gives(json!({ "call": "sim_run" }), rows))
    }

    /// Events of the Sim, or else of the last run.
    pub(super) fn events(mut self) -> Result<Self, String> {
        let life = self.sim.as_mut().unwrap_or(&mut self.last);
        let (count, records) = life.oracle.events();
        if records.len() as u64 != count {
            return Err("more events than are kept".to_owned());
        }
        let list: Vec<Value> = records.iter().map(|record| self.event(*record)).collect::<Result<_, _>>()?;
        Ok(self.gives(json!({ "call": "events" }), json!({ "count": count, "list": list })))
    }

    fn event(&self, [head, step, time, value]: [u64; 4]) -> Result<Value, String> {
        let (mut number, element) = ((head & 0xffff_ffff) as usize, head >> 32);
        for threshold in &self.compiled.extension.thresholds {
            let Some(event) = threshold.events.get(number) else {
                number -= threshold.events.len();
                continue;
            };
            let shown = self.index.columns(Some(std::slice::from_ref(&threshold.variable)));
            let columns = shown.map_err(|error| error.to_string())?;
            let title = &columns.get(1 + element as usize).ok_or("an element that there is not")?.title;
            return Ok(json!({
                "step": step, "time": format!("{time:016x}"), "value": format!("{value:016x}"), "variable": title,
                "action": event.action.name(), "message": event.message,
            }));
        }
        Err("an event of no threshold".to_owned())
    }

    /// Many runs with numbers for some parameters.
    pub(super) fn batch(
        self,
        params: &[&str],
        samples: &[&[f64]],
        outputs: Option<&[&str]>,
        at: Option<&[f64]>,
    ) -> Result<Self, String> {
        let stocks = || self.compiled.extension.variables.iter().filter(|variable| variable.kind == Kind::Stock);
        let names: Vec<String> = match outputs {
            Some(names) => names.iter().map(|&name| name.to_owned()).collect(),
            None => stocks().map(|variable| variable.name.clone()).collect(),
        };
        let columns = self.index.columns(Some(&names)).map_err(|error| error.to_string())?;
        let time = self.compiled.extension.time.clone().ok_or("no time")?;
        let every = time.dt * time.save_every as f64;
        let row = |&at: &f64| {
            if at == f64::INFINITY { self.compiled.n_rows - 1 } else { ((at - time.start) / every).round() as u64 }
        };
        let rows: Vec<u64> = at.map_or((0..self.compiled.n_rows).collect(), |at| at.iter().map(row).collect());
        let (mut values, mut errors) = (Vec::new(), Vec::new());
        for (run, sample) in samples.iter().enumerate() {
            let mut life = Life::new(self.compiled);
            let numbers = sample.iter().map(|&value| Param::Number(value));
            self.apply(&mut life, &params.iter().map(|&name| name.to_owned()).zip(numbers).collect())?;
            life.advance(f64::INFINITY);
            if let Some(error) = self.error(&mut life) {
                errors.push(json!([run, error["code"]]));
            }
            let table = Table { width: life.oracle.live().len(), numbers: life.oracle.rows() };
            for column in &columns[1..] {
                let value =
                    |&row: &u64| if row < table.n_rows() { table.value(row, column.position) } else { f64::NAN };
                values.extend(rows.iter().map(value));
            }
        }
        let samples: Value =
            samples.iter().map(|sample| sample.iter().map(|value| bits(*value)).collect::<Value>()).collect();
        let at = at.map(|at| at.iter().map(|value| bits(*value)).collect::<Value>());
        let titles: Value = columns[1..].iter().map(|column| column.title.as_str()).collect();
        let call = json!({ "call": "batch", "params": params, "samples": samples, "outputs": outputs, "at": at });
        let expect =
            json!({ "titles": titles, "times": rows.len(), "sha256": hex(&digest(&values)), "errors": errors });
        Ok(self.gives(call, expect))
    }

    fn take(&mut self) -> Result<Life<'c>, String> {
        self.sim.take().ok_or_else(|| "there is no Sim".to_owned())
    }

    fn slots(&self, name: &str) -> Result<Vec<usize>, String> {
        let selection = self.index.select(name).map_err(|error| error.to_string())?;
        Ok(selection.slots().map(|slot| slot as usize).collect())
    }

    /// What a call on the Sim gives: its state, or the error that the model has run into.
    fn outcome(&self, life: &mut Life<'_>, call: &str) -> (&'static str, Value) {
        let is_running = matches!(call, "run_initials" | "run_to_end" | "run_to");
        match self.error(life).filter(|_| is_running) {
            Some(error) => ("error", error),
            None => ("expect", life.show_state()),
        }
    }

    fn error(&self, life: &mut Life<'_>) -> Option<Value> {
        let word = ErrorWord(life.oracle.error());
        word.code().and_then(ErrorCode::transport_fault)?;
        Some(json!({ "code": "transport", "variable": self.compiled.extension.transport_name(word.place()) }))
    }

    fn apply(&self, life: &mut Life<'_>, params: &Params) -> Result<(), String> {
        for (name, value) in params {
            self.assign(life, name, value)?;
        }
        Ok(())
    }

    fn assign(&self, life: &mut Life<'_>, name: &str, value: &Param) -> Result<(), String> {
        let numbers = match value {
            Param::Number(value) => vec![*value],
            Param::List(values) => values.clone(),
            Param::Nested(lists) => lists.concat(),
            Param::Map(parts) => {
                return parts.iter().try_for_each(|(key, part)| self.assign(life, &format!("{name}[{key}]"), part));
            }
            Param::Wrong(what) => return Err(format!("{what} is not set")),
        };
        let slots = self.slots(name)?;
        if numbers.len() != 1 && numbers.len() != slots.len() {
            return Err(format!("{name} has {} elements", slots.len()));
        }
        for (slot, &value) in slots.iter().zip(numbers.iter().cycle()) {
            let slot = i32::try_from(*slot).map_err(|error| error.to_string())?;
            if life.call(Op::SetValue(slot, value)) != 0 {
                return Err(format!("{name} cannot be set"));
            }
        }
        Ok(())
    }
}
