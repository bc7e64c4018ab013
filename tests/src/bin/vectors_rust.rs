//! Runs the vectors that every host runs with the crate `simc-host`: `vectors_rust ENGINE [DIR]`.
//!
//! ENGINE is `wasmi` or `wasmtime`. DIR holds the artifacts and their manifest, as `gen_vectors --artifacts DIR` writes
//! them; without it the environment variable `SIMC_VECTORS` says where they are. Ends with `N passed, N failed`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a recipe talks to the person who runs it")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use simc_host::engine::{Engine, Wasmi, Wasmtime};
use simc_host::{Code, Error, Event, Model, Run, Sim, Value};

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let engine: Box<dyn Engine> = match args.next().as_deref() {
        Some("wasmi") => Box::new(Wasmi::new()),
        Some("wasmtime") => Box::new(Wasmtime::new()),
        _ => {
            eprintln!("usage: vectors_rust wasmi|wasmtime [DIR]");
            return ExitCode::from(2);
        }
    };
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let given = args.next().or_else(|| env::var("SIMC_VECTORS").ok());
    let folder = given.map_or_else(|| project.join("target/vectors"), PathBuf::from);
    match run_all(engine.as_ref(), &project.join("tests/vectors"), &folder) {
        Ok((passed, failed)) => {
            println!("{passed} passed, {failed} failed");
            if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// A call that cannot be made in Rust: the values of its parameters are of kinds that `Value` does not have.
const DOES_NOT_COMPILE: &str = "does not compile: a Value holds numbers alone";

fn run_all(engine: &dyn Engine, vectors: &Path, folder: &Path) -> Result<(u32, u32), String> {
    let manifest = read_json(&folder.join("manifest.json"))?;
    let entries = fs::read_dir(vectors).map_err(|error| format!("{}: {error}", vectors.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let (mut passed, mut failed) = (0, 0);
    for path in paths {
        let file = read_json(&path)?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for sequence in list(&file["sequences"]) {
            let artifact = sequence.get("artifact").or(file.get("artifact")).and_then(Json::as_str).unwrap_or_default();
            let mut player =
                Player { engine, folder, manifest: &manifest, artifact, model: None, sim: None, run: None };
            match player.play(list(&sequence["calls"])) {
                Ok(()) => passed += 1,
                Err(fault) if fault == DOES_NOT_COMPILE => {
                    println!("exception: {stem}: {}: {fault}", text(&sequence["name"]));
                    passed += 1;
                }
                Err(fault) => {
                    println!("failed: {stem}: {}: {fault}", text(&sequence["name"]));
                    failed += 1;
                }
            }
        }
    }
    Ok((passed, failed))
}

/// One sequence.
struct Player<'a> {
    engine: &'a dyn Engine,
    folder: &'a Path,
    manifest: &'a Json,
    artifact: &'a str,
    model: Option<Model>,
    sim: Option<Sim>,
    run: Option<Run>,
}

/// Why a call gave nothing to compare: it failed, or could not be made.
enum Failure {
    Refused(Error),
    Unplayable(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Refused(error)
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure::Unplayable(message)
    }
}

impl Player<'_> {
    fn play(&mut self, calls: &[Json]) -> Result<(), String> {
        for (number, call) in calls.iter().enumerate() {
            let place = format!("call {number} ({})", text(&call["call"]));
            let (wanted, found) = match self.call(call) {
                Ok(found) => (call.get("expect").cloned().unwrap_or(json!({})), found),
                Err(Failure::Unplayable(message)) => return Err(message),
                Err(Failure::Refused(error)) => {
                    let found = json!({
                        "code": error.code().as_str(),
                        "suggestion": error.suggestion(),
                        "variable": error.variable(),
                        "byte": error.byte(),
                    });
                    let Some(wanted) = call.get("error") else {
                        return Err(format!("{place}: {}: {error}", error.code()));
                    };
                    compare(wanted, &found, &place)?;
                    continue;
                }
            };
            if let Some(error) = call.get("error") {
                return Err(format!("{place}: no error instead of {}", error["code"]));
            }
            compare(&wanted, &found, &place)?;
        }
        Ok(())
    }

    fn model(&mut self) -> Result<Model, Failure> {
        if let Some(model) = &self.model {
            return Ok(model.clone());
        }
        let model = Model::with_engine(self.read(self.artifact)?, self.engine)?;
        Ok(self.model.insert(model).clone())
    }

    fn sim(&mut self) -> Result<&mut Sim, Failure> {
        if self.sim.is_none() {
            self.sim = Some(self.model()?.sim()?);
        }
        self.sim.as_mut().ok_or_else(|| Failure::Unplayable("there is no Sim".to_owned()))
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let path = self.folder.join(name);
        fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn call(&mut self, call: &Json) -> Result<Json, Failure> {
        match text(&call["call"]) {
            "load" => self.load(call),
            "variable" => {
                let model = self.model()?;
                let it = model.variable(text(&call["name"]))?;
                let default = it.settable().then(|| {
                    it.defaults().into_iter().map(|number| bits(number.unwrap_or(f64::NAN))).collect::<Vec<_>>()
                });
                Ok(json!({
                    "name": it.name, "canonical": it.canonical, "kind": it.kind.as_str(), "shape": it.shape(),
                    "settable": it.settable(), "units": it.units, "documentation": it.documentation,
                    "default": default, "titles": it.titles(),
                    "range": it.range.map(|(least, greatest)| [bits(least), bits(greatest)]),
                }))
            }
            "model" => {
                let model = self.model()?;
                let time = model.time();
                let parameters: Vec<&str> = model.parameters().map(|it| it.name.as_str()).collect();
                Ok(json!({
                    "name": model.name(), "parameters": parameters, "dimensions": model.dimensions().len(),
                    "time": {
                        "start": bits(time.start), "stop": bits(time.stop), "dt": bits(time.dt), "steps": time.steps,
                        "save_every": time.save_every, "method": time.method.as_str(), "rows": time.rows,
                        "units": time.units,
                    },
                }))
            }
            "links" => {
                let model = self.model()?;
                let list = model.links().map(|it| {
                    json!({
                        "cause": it.cause.name, "effect": it.effect.name, "sign": it.sign.as_str(),
                        "is_initial": it.is_initial,
                    })
                });
                Ok(json!({ "list": list.collect::<Vec<_>>() }))
            }
            "controls" => {
                let model = self.model()?;
                let list = model.controls().map(|it| {
                    json!({
                        "kind": it.kind.as_str(), "variables": it.variables,
                        "range": it.range.map(|(least, greatest)| [bits(least), bits(greatest)]),
                        "step": it.step.map(bits), "label": it.label,
                    })
                });
                Ok(json!({ "list": list.collect::<Vec<_>>() }))
            }
            "run" => {
                let run = self.model()?.run(params(call.get("params"))?)?;
                self.rows(run)
            }
            "sim_run" => {
                let run = self.sim()?.run()?;
                self.rows(run)
            }
            "columns" | "csv" => self.table(call),
            "sim" => {
                let mut sim = self.model()?.sim()?;
                sim.set_all(params(call.get("params"))?)?;
                self.sim = Some(sim);
                Ok(json!({}))
            }
            "set" => {
                let given = value(&call["value"])?;
                self.sim()?.set(text(&call["name"]), given)?;
                Ok(json!({}))
            }
            "pause_on_events" => {
                self.sim()?.pause_on_events(call["on"].as_bool().unwrap_or_default())?;
                Ok(json!({}))
            }
            "set_table" => {
                let mut points = Vec::new();
                for point in list(&call["points"]) {
                    match list(point) {
                        [x, y] => points.push([number(x)?, number(y)?]),
                        _ => return Err(Failure::Unplayable(DOES_NOT_COMPILE.to_owned())),
                    }
                }
                self.sim()?.set_table(text(&call["name"]), &points)?;
                Ok(json!({}))
            }
            "close" => {
                self.sim()?.close();
                Ok(json!({}))
            }
            "value" => {
                let values = self.sim()?.values(text(&call["name"]))?;
                Ok(json!({ "bits": values.into_iter().map(bits).collect::<Vec<_>>() }))
            }
            "series" => {
                let series = self.sim()?.series(text(&call["name"]))?;
                let ends = [series.first(), series.last()].map(|end| end.map(|&number| bits(number)));
                Ok(json!({ "length": series.len(), "sha256": digest(series), "first": ends[0], "last": ends[1] }))
            }
            "batch" => self.batch(call),
            "events" => {
                let events: Vec<Event> = match (&self.sim, &self.run) {
                    (Some(sim), _) => sim.events()?.to_vec(),
                    (None, Some(run)) => run.events().to_vec(),
                    (None, None) => Vec::new(),
                };
                let shown: Vec<Json> = events.iter().map(event).collect();
                Ok(json!({ "count": shown.len(), "list": shown }))
            }
            name => self.step(name, call),
        }
    }

    fn load(&mut self, call: &Json) -> Result<Json, Failure> {
        let name = text(&call["artifact"]);
        let model = Model::with_engine(self.read(name)?, self.engine);
        // What is asked for comes first: another artifact need not even be one.
        let model = match call.get("sha256").and_then(Json::as_str) {
            Some("right") => model?.expect_sha256(text(&self.manifest[name]))?,
            Some(wanted) => model?.expect_sha256(wanted)?,
            None => model?,
        };
        let found = json!({ "name": model.name(), "variables": model.variables().len() });
        self.model = Some(model);
        Ok(found)
    }

    /// Calls that move the Sim and give its state.
    fn step(&mut self, name: &str, call: &Json) -> Result<Json, Failure> {
        let sim = self.sim()?;
        match name {
            "clear" => sim.clear()?,
            "reset" => sim.reset()?,
            "run_initials" => sim.run_initials()?,
            "run_to" => sim.run_to(number(&call["target"])?)?,
            "run_to_end" => sim.run_to_end()?,
            "state" => sim,
            _ => return Err(Failure::Unplayable(format!("there is no call `{name}`"))),
        };
        let sim = self.sim()?;
        let (state, saved, time) = (sim.state()?, sim.saved()?, sim.time()?);
        Ok(json!({ "state": state.as_str(), "saved": saved, "time": bits(time) }))
    }

    fn rows(&mut self, run: Run) -> Result<Json, Failure> {
        let model = self.model()?;
        let data = run.data().unwrap_or_default();
        let width = if run.rows() == 0 { 1 } else { data.len() / run.rows() };
        let variables = model.variables();
        let numbers = data
            .chunks(width)
            .flat_map(|row| variables.iter().flat_map(move |it| row[it.slot..it.slot + it.size()].iter().copied()));
        let found = json!({
            "rows": run.rows(), "state": run.state().as_str(), "sha256": digest(numbers), "events": run.events().len(),
        });
        self.run = Some(run);
        Ok(found)
    }

    fn table(&mut self, call: &Json) -> Result<Json, Failure> {
        let run = self.run.as_ref().ok_or_else(|| "there is no run".to_owned())?;
        let names: Option<Vec<&str>> =
            call.get("names").and_then(Json::as_array).map(|all| all.iter().map(text).collect());
        if text(&call["call"]) == "csv" {
            let csv = run.csv(names.as_deref())?;
            return Ok(json!({ "sha256": hex(&Sha256::digest(&csv)), "bytes": csv.len() }));
        }
        let columns = run.columns(names.as_deref())?;
        let titles: Vec<&str> = columns.iter().map(|column| column.title.as_str()).collect();
        let joined = hex(&Sha256::digest(titles.join("\n")));
        let sha256 = digest(columns.iter().flat_map(|column| column.values.iter().copied()));
        Ok(json!({ "titles": titles, "titles_sha256": joined, "sha256": sha256 }))
    }

    fn batch(&mut self, call: &Json) -> Result<Json, Failure> {
        let model = self.model()?;
        let strings = |field: &str| -> Option<Vec<&str>> {
            call.get(field).and_then(Json::as_array).map(|all| all.iter().map(text).collect())
        };
        let (names, outputs) = (strings("params"), strings("outputs"));
        let at: Option<Vec<f64>> = match call.get("at") {
            None | Some(Json::Null) => None,
            Some(Json::Array(times)) => Some(times.iter().map(number).collect::<Result<_, _>>()?),
            Some(time) => Some(vec![number(time)?]),
        };
        let mut samples = Vec::new();
        let mut each = Vec::new();
        for sample in list(&call["samples"]) {
            match &names {
                None => each.push(params(Some(sample))?),
                Some(names) => {
                    let row: Vec<f64> = list(sample).iter().map(number).collect::<Result<_, _>>()?;
                    if row.len() != names.len() {
                        let message = "rows of a flat list of samples are as long as there are params";
                        return Err(Error::new(Code::Shape, message).into());
                    }
                    samples.extend(row);
                }
            }
        }
        let params = names.clone().unwrap_or_default();
        let mut batch = model.batch(&params, &samples);
        if let Some(outputs) = &outputs {
            batch = batch.outputs(outputs);
        }
        if let Some(at) = &at {
            batch = batch.at(at);
        }
        let batch = if names.is_some() { batch.run()? } else { batch.run_each(each)? };
        let errors: Vec<Json> = batch.errors().iter().map(|(run, error)| json!([run, error.code().as_str()])).collect();
        Ok(json!({
            "titles": batch.titles(), "times": batch.times().len(),
            "sha256": digest(batch.values().iter().copied()), "errors": errors,
        }))
    }
}

fn event(event: &Event) -> Json {
    json!({
        "step": event.step, "time": bits(event.time), "value": bits(event.value), "variable": event.variable,
        "action": event.action.as_str(), "message": event.message,
    })
}

/// Parameters: an object, or pairs.
fn params(given: Option<&Json>) -> Result<Vec<(String, Value)>, Failure> {
    let Some(given) = given else { return Ok(Vec::new()) };
    if let Json::Object(pairs) = given {
        return by_name(pairs);
    }
    list(given).iter().map(|pair| Ok((text(&pair[0]).to_owned(), value(&pair[1])?))).collect()
}

fn by_name(pairs: &Map<String, Json>) -> Result<Vec<(String, Value)>, Failure> {
    pairs.iter().map(|(name, it)| Ok((name.clone(), value(it)?))).collect()
}

fn value(given: &Json) -> Result<Value, Failure> {
    if let Json::Array(items) = given {
        return Ok(Value::Nested(items.iter().map(value).collect::<Result<_, _>>()?));
    }
    if let Json::Object(pairs) = given {
        return Ok(Value::ByElement(by_name(pairs)?));
    }
    number(given).map(Value::Number)
}

/// A number by its bits; texts, truths and nothing are no numbers.
fn number(given: &Json) -> Result<f64, Failure> {
    let bits = u64::from_str_radix(text(given), 16).map_err(|_| Failure::Unplayable(DOES_NOT_COMPILE.to_owned()))?;
    Ok(f64::from_bits(bits))
}

/// Everything that is expected is found; what is not mentioned does not matter.
fn compare(wanted: &Json, found: &Json, place: &str) -> Result<(), String> {
    match (wanted, found) {
        (Json::Object(wanted), Json::Object(found)) => wanted.iter().try_for_each(|(name, item)| {
            let other = found.get(name).ok_or_else(|| format!("{place}: there is no {name}"))?;
            compare(item, other, &format!("{place}.{name}"))
        }),
        (Json::Array(wanted), Json::Array(found)) if wanted.len() == found.len() => {
            let mut pairs = wanted.iter().zip(found).enumerate();
            pairs.try_for_each(|(at, (item, other))| compare(item, other, &format!("{place}[{at}]")))
        }
        _ if wanted == found => Ok(()),
        _ => Err(format!("{place}: {found} instead of {wanted}")),
    }
}

fn bits(number: f64) -> String {
    format!("{:016x}", number.to_bits())
}

fn digest(numbers: impl IntoIterator<Item = f64>) -> String {
    let mut sha256 = Sha256::new();
    for number in numbers {
        sha256.update(number.to_le_bytes());
    }
    hex(&sha256.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

fn read_json(path: &Path) -> Result<Json, String> {
    let content = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_slice(&content).map_err(|error| format!("{}: {error}", path.display()))
}
