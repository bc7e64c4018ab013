//! A compiled model.

use std::fmt;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};
use simc_artifact::{Extension, RESERVED_SLOTS, Repeat, WasmLayout};

use crate::directory::Directory;
use crate::engine::Engine;
use crate::error::{Code, Error, contradiction};
use crate::instance::Checked;
use crate::run::{Kept, Run};
use crate::section;
use crate::shared::Shared;
use crate::sim::Sim;
use crate::value::{Assignments, Value, assignments};
use crate::variable::{Control, Dimension, Kind, Link, Time, Variable};

/// No parameters: `model.run(DEFAULTS)` runs the model as it is.
pub const DEFAULTS: [(&str, f64); 0] = [];

/// A compiled model: an artifact and what it says about itself. It never changes; threads may share it, and a clone is
/// the same model.
#[derive(Clone)]
pub struct Model(Arc<Shared>);

/// Instances that a model keeps for its next runs.
const IDLE: usize = 4;

impl Model {
    /// Loads an artifact that `simc build` has made, into the engine of this crate's features: `wasmi`, or with
    /// `wasmtime` alone that.
    ///
    /// # Errors
    /// [`Code::Io`] when the file cannot be read, and as [`Model::from_bytes`].
    #[cfg(any(feature = "wasmi", feature = "wasmtime"))]
    pub fn load(path: impl AsRef<std::path::Path>) -> Result<Self, Error> {
        Self::from_bytes(read_file(path.as_ref())?)
    }

    /// Loads an artifact from its bytes.
    ///
    /// # Errors
    /// [`Code::BadArtifact`] when it is truncated, forged or none, with the byte at which that shows;
    /// [`Code::Unsupported`] when it has a format version that this crate does not know.
    #[cfg(any(feature = "wasmi", feature = "wasmtime"))]
    pub fn from_bytes(artifact: impl Into<Vec<u8>>) -> Result<Self, Error> {
        Self::with_engine(artifact, &DefaultEngine::new())
    }

    /// Loads an artifact into an engine.
    ///
    /// # Errors
    /// As [`Model::from_bytes`].
    pub fn with_engine(artifact: impl Into<Vec<u8>>, engine: &dyn Engine) -> Result<Self, Error> {
        let artifact = artifact.into();
        let mut layout = section::read(&artifact)?;
        let entries = std::mem::take(&mut layout.entries);
        let entries: Vec<(String, usize)> =
            entries.into_iter().map(|entry| (entry.name, entry.slot as usize)).collect();
        let extension =
            layout.extension.as_ref().ok_or_else(|| contradiction("it does not tell of its variables and its time"))?;
        let time = time_of(extension, &layout)?;
        let dimensions: Vec<Arc<Dimension>> = extension
            .dimensions
            .iter()
            .map(|it| Arc::new(Dimension { name: it.name.clone(), elements: it.elements.to_vec() }))
            .collect();
        let variables = variables_of(extension, &dimensions, &entries)?;
        let events_per_step =
            extension.thresholds.iter().map(|threshold| u64::from(threshold.n) * threshold.events.len() as u64).sum();
        let module = engine.compile(&artifact)?;
        let directory = Arc::new(Directory::new(variables, entries));
        let lives_once = extension.thresholds.iter().any(|threshold| threshold.repeat == Repeat::OnceEver);
        let idle = Mutex::new(Vec::new());
        let model = Self(Arc::new(Shared {
            artifact,
            layout,
            module,
            directory,
            dimensions,
            time,
            events_per_step,
            lives_once,
            idle,
        }));
        // What is wrong with the artifact shows at once.
        let instance = Checked::new(model.0.module.as_ref(), &model.0.layout)?;
        model.give_back(instance);
        Ok(model)
    }

    /// The same model, if its artifact has this SHA-256 in hexadecimal.
    ///
    /// # Errors
    /// [`Code::WrongArtifact`] when it has another one.
    pub fn expect_sha256(self, sha256: &str) -> Result<Self, Error> {
        let own = self.sha256();
        if own.eq_ignore_ascii_case(sha256) {
            return Ok(self);
        }
        Err(Error::new(Code::WrongArtifact, format!("the artifact has the SHA-256 {own}, not {sha256}")))
    }

    /// SHA-256 of the artifact, in hexadecimal.
    pub fn sha256(&self) -> String {
        hex(&Sha256::digest(&self.0.artifact))
    }

    /// The artifact itself.
    pub fn artifact(&self) -> &[u8] {
        &self.0.artifact
    }

    /// Name of the model.
    pub fn name(&self) -> &str {
        &self.0.extension().origin.model
    }

    /// The compiler that made the artifact, and its version.
    pub fn producer(&self) -> &str {
        &self.0.extension().origin.producer
    }

    /// SHA-256 of the model's source, in hexadecimal.
    pub fn source_sha256(&self) -> String {
        hex(&self.0.extension().origin.source_digest)
    }

    /// The time axis.
    pub fn time(&self) -> &Time {
        &self.0.time
    }

    /// All variables of a row in order, the four time slots first.
    pub fn variables(&self) -> &[Variable] {
        &self.0.directory.variables
    }

    /// The variables that can be set.
    pub fn parameters(&self) -> impl Iterator<Item = &Variable> {
        self.variables().iter().filter(|variable| variable.settable())
    }

    /// The dimensions of the model's arrays.
    pub fn dimensions(&self) -> &[Arc<Dimension>] {
        &self.0.dimensions
    }

    /// Which variable reads which, by the effect and then by the cause, in the order of the variables.
    pub fn links(&self) -> impl Iterator<Item = Link<'_>> {
        let variables = self.variables();
        self.0.extension().links.iter().map(|link| Link {
            cause: &variables[link.cause as usize],
            effect: &variables[link.effect as usize],
            sign: link.sign.into(),
            is_initial: link.at_start,
        })
    }

    /// The controls that the author drew, in the order of the model's file.
    pub fn controls(&self) -> impl Iterator<Item = Control<'_>> {
        self.0.extension().controls.iter().map(|control| Control {
            kind: control.kind,
            variables: &control.names,
            range: control.range,
            step: control.step,
            label: control.label.as_deref(),
        })
    }

    /// What else the artifact tells of the model: groups, thresholds, tables, files.
    pub fn extension(&self) -> &Extension {
        self.0.extension()
    }

    /// The variable of a name; subscripts may stand after it.
    ///
    /// # Errors
    /// [`Code::UnknownName`] when no variable has this name, with the nearest one; [`Code::Shape`] when there are not as
    /// many subscripts as dimensions.
    pub fn variable(&self, name: &str) -> Result<&Variable, Error> {
        Ok(&self.variables()[self.0.directory.select(name)?.variable])
    }

    /// Runs the model from the defaults, with other values for some constants, to its end.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let artifact = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/sir.wasm"));
    /// let model = simc_host::Model::from_bytes(artifact)?;
    /// let run = model.run([("Contact Rate", 6.0)])?;
    /// assert_eq!(run.series("infectious")?.len(), 121);
    ///
    /// let error = model.run([("Contct Rate", 6.0)]).expect_err("there is no such variable");
    /// assert_eq!(error.suggestion(), Some("Contact Rate"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Code::UnknownName`], [`Code::AmbiguousName`], [`Code::NotSettable`], [`Code::Shape`], [`Code::BadValue`] before
    /// anything runs; [`Code::Transport`] when a conveyor or queue could not go on, with the rows before.
    pub fn run<N: AsRef<str>, V: Into<Value>>(&self, params: impl IntoIterator<Item = (N, V)>) -> Result<Run, Error> {
        let slots = assignments(&self.0.directory, params)?;
        self.with_runner(&slots, |sim| sim.run_to_end()?.copy(None))
    }

    /// The same, keeping the time and some outputs alone.
    ///
    /// # Errors
    /// As [`Model::run`].
    pub fn run_outputs<N: AsRef<str>, V: Into<Value>>(
        &self,
        params: impl IntoIterator<Item = (N, V)>,
        outputs: &[&str],
    ) -> Result<Run, Error> {
        let slots = assignments(&self.0.directory, params)?;
        let kept = Arc::new(Kept::new(&self.0.directory, outputs)?);
        self.with_runner(&slots, |sim| sim.run_to_end()?.copy(Some(kept)))
    }

    /// A new instance, which the caller drives.
    ///
    /// # Errors
    /// [`Code::BadArtifact`] when the engine has no memory for it.
    pub fn sim(&self) -> Result<Sim, Error> {
        Sim::new(Arc::clone(&self.0))
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }

    /// Lends an instance that has been reset, with some constants set and all others at their defaults.
    pub(crate) fn with_runner<R>(
        &self,
        slots: &Assignments,
        use_it: impl FnOnce(&mut Sim) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let idle = self.0.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut sim = match idle {
            Some(instance) => Sim::of_instance(Arc::clone(&self.0), instance),
            None => self.sim()?,
        };
        sim.clear()?.reset()?;
        sim.set_slots(slots)?;
        let result = use_it(&mut sim);
        // One in which something went badly wrong is not used again, and neither is one whose events fire once ever.
        let is_sound = result.as_ref().err().is_none_or(|error| error.code() == Code::Transport);
        if let Some(instance) = sim.into_instance().filter(|_| is_sound && !self.0.lives_once) {
            self.give_back(instance);
        }
        result
    }

    fn give_back(&self, instance: Checked) {
        if let Ok(mut idle) = self.0.idle.lock()
            && idle.len() < IDLE
        {
            idle.push(instance);
        }
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("name", &self.name()).field("variables", &self.variables().len()).finish()
    }
}

#[cfg(feature = "wasmi")]
type DefaultEngine = crate::engine::Wasmi;
#[cfg(all(feature = "wasmtime", not(feature = "wasmi")))]
type DefaultEngine = crate::engine::Wasmtime;

#[cfg(any(feature = "wasmi", feature = "wasmtime"))]
fn read_file(path: &std::path::Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| Error::new(Code::Io, format!("{}: {error}", path.display())))
}

fn time_of(extension: &Extension, layout: &WasmLayout) -> Result<Time, Error> {
    let none = || contradiction("its time axis is none");
    let time = extension.time.as_ref().ok_or_else(none)?;
    let is_axis = time.start.is_finite() && time.stop.is_finite() && time.dt > 0.0 && time.save_every > 0;
    if !is_axis {
        return Err(none());
    }
    Ok(Time {
        start: time.start,
        stop: time.stop,
        dt: time.dt,
        steps: time.n_steps,
        save_every: time.save_every,
        method: time.method.into(),
        units: time.units.clone(),
        rows: layout.n_chunks as usize,
    })
}

fn variables_of(
    extension: &Extension,
    dimensions: &[Arc<Dimension>],
    entries: &[(String, usize)],
) -> Result<Vec<Variable>, Error> {
    let mut canonical = std::collections::HashMap::with_capacity(entries.len());
    for (name, slot) in entries {
        canonical.entry(*slot).or_insert(name.as_str());
    }
    let mut variables = Vec::with_capacity(extension.variables.len());
    for record in &extension.variables {
        let slot = record.slot as usize;
        let own = record.dims.iter().map(|&dim| Arc::clone(&dimensions[dim as usize])).collect::<Vec<_>>();
        let name = canonical.get(&slot).copied().unwrap_or_default();
        let bare = name.rfind('[').filter(|_| !own.is_empty() && name.ends_with(']')).map_or(name, |at| &name[..at]);
        let pieces = match &record.defaults {
            Some(defaults) => vec![(0, defaults.clone())],
            None => record.settable_parts.iter().map(|part| (part.first as usize, part.defaults.clone())).collect(),
        };
        variables.push(Variable {
            name: record.name.clone(),
            canonical: bare.to_owned(),
            kind: record.kind.into(),
            units: record.units.clone(),
            documentation: record.doc.clone(),
            range: record.range,
            slot,
            dimensions: own,
            pieces: pieces.into_iter().filter(|(_, defaults)| !defaults.is_empty()).collect(),
        });
    }
    let reserved = variables.get(..RESERVED_SLOTS as usize).unwrap_or_default();
    let begins_with_time = reserved.iter().enumerate().all(|(slot, it)| it.kind == Kind::Time && it.slot == slot);
    if reserved.is_empty() || !begins_with_time {
        return Err(contradiction("its row does not begin with the time"));
    }
    Ok(variables)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
