//! The contract of artifacts as hosts have it that know nothing else: a host in JavaScript, written from `docs/artifact.md` alone, finds
//! every variable of every model by its canonical name and sees after each call what the oracle says.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use simc_midend::layout::Symbol;
use simc_midend::pipeline::OptLevel;
use tests::engine::{Engine, Op, OracleEngine, digest};
use tests::subject::Subject;

use crate::{models, trial};

mod description;
mod points;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = points::trials();
    trials.extend(description::trials());
    for path in models::models() {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        trials.push(trial(format!("contract::{name}"), move || every_variable(&path)));
    }
    trials
}

/// Settable elements that a test sets one by one.
const MAX_SET: usize = 40;

/// Calls after which no event of a model is left to pause at.
const MAX_PAUSES: usize = 12;

/// Every name is found, and calls by names do what the oracle does.
fn every_variable(path: &Path) -> Result<(), String> {
    let subject = Subject::from_file(path, OptLevel::O2)?;
    let names = spelled_names(&subject);
    let time = &subject.model.time;
    let half = time.start + (time.stop - time.start) / 2.0;
    let settable: Vec<Slot> = settable_slots(&subject).into_iter().take(MAX_SET).collect();
    let mut calls = vec![Op::RunTo(half)];
    for &Slot { slot, default } in settable.iter().take(8) {
        // The derived values at the same time follow from the new constant.
        calls.extend([Op::SetValue(slot, 1.5 * default + 0.5), Op::RunTo(half)]);
    }
    calls.extend([Op::RunTo(f64::INFINITY), Op::Reset, Op::Run, Op::ClearValues, Op::Reset]);
    calls.extend(settable.iter().map(|&Slot { slot, default }| Op::SetValue(slot, 0.75 * default)));
    let computed = (4..subject.layout.n_slots).map(|slot| i32::try_from(slot).expect("a small model"));
    calls.extend(computed.take(MAX_SET).map(|slot| Op::SetValue(slot, 2.0)));
    calls.extend([Op::Run, Op::ClearValues, Op::Run]);
    calls.extend(further_points(&subject, half, &settable)?);
    agree(&subject, &names, &calls)
}

/// What only some models show: targets that are no time, neighbours that are set in one call, numbers at which conveyors and queues fail,
/// events that pause.
fn further_points(subject: &Subject, half: f64, settable: &[Slot]) -> Result<Vec<Op>, String> {
    let extension = simc_artifact::read(&subject.wasm).map_err(|error| error.to_string())?.layout.extension;
    let extension = extension.ok_or("a description")?;
    let mut calls =
        vec![Op::Reset, Op::RunTo(f64::NAN), Op::RunTo(half), Op::Reset, Op::RunTo(half), Op::RunTo(f64::NAN)];
    calls.extend([Op::RunTo(f64::INFINITY), Op::Reset, Op::RunTo(half)]);
    for pair in settable.windows(2).take(8) {
        // Neighbours or not: the call says which.
        calls.extend([Op::SetValues(pair[0].slot, vec![pair[1].default, pair[0].default + 1.0]), Op::RunTo(half)]);
    }
    calls.extend([Op::RunTo(f64::INFINITY), Op::ClearValues, Op::Reset]);
    if !extension.transports.is_empty() {
        for (&Slot { slot, .. }, value) in
            settable.iter().flat_map(|slot| [-1.0, 0.0, 1e7, f64::NAN].map(|value| (slot, value)))
        {
            calls.extend([
                Op::RunTo(half),
                Op::SetValue(slot, value),
                Op::RunTo(f64::INFINITY),
                Op::Run,
                Op::RunTo(half),
            ]);
            calls.extend([Op::ClearValues, Op::Reset]);
        }
    }
    if !extension.thresholds.is_empty() {
        calls.push(Op::PauseOnEvents(true));
        calls.extend(std::iter::repeat_n(Op::RunTo(f64::INFINITY), MAX_PAUSES));
        calls.extend([Op::Run, Op::RunTo(half), Op::Reset, Op::PauseOnEvents(false), Op::RunTo(half), Op::Run]);
    }
    calls.push(Op::Run);
    Ok(calls)
}

/// A slot that can be set, with its default.
#[derive(Clone, Copy)]
struct Slot {
    slot: i32,
    default: f64,
}

fn settable_slots(subject: &Subject) -> Vec<Slot> {
    let of_symbol = |symbol: &Symbol| -> Vec<Slot> {
        let parts = symbol.settable.iter().flat_map(|part| (part.first..).zip(&part.defaults));
        let at = |element: u64| i32::try_from(symbol.slot + element).expect("a small model");
        parts.map(|(element, &default)| Slot { slot: at(element), default }).collect()
    };
    subject.layout.symbols.vars.iter().flat_map(of_symbol).collect()
}

/// How a user writes the name of each slot: as the author did, in quotes where a name holds what separates names. A variable with the name
/// of one of the run's own numbers hides that one.
fn spelled_names(subject: &Subject) -> Vec<Option<String>> {
    let mut names = all_names(subject);
    let symbols = &subject.layout.symbols.vars;
    let hides = |reserved: usize| symbols[4..].iter().any(|symbol| symbol.canonical == symbols[reserved].canonical);
    (0..4).filter(|&reserved| hides(reserved)).for_each(|reserved| names[reserved] = None);
    names
}

fn all_names(subject: &Subject) -> Vec<Option<String>> {
    let symbols = &subject.layout.symbols;
    let mut names = Vec::new();
    for symbol in &symbols.vars {
        let is_quoted = symbol.canonical.contains('\u{2024}') || symbol.name.contains(['[', ',']);
        let base = if is_quoted { format!("\"{}\"", symbol.name) } else { symbol.name.clone() };
        let mut all = vec![String::new()];
        for &dim in &symbol.dims {
            let elements = &symbols.dims[dim as usize].elements;
            all = all
                .iter()
                .flat_map(|so_far| {
                    let separator = if so_far.is_empty() { "" } else { ", " };
                    elements.iter().map(move |element| format!("{so_far}{separator}\"{element}\""))
                })
                .collect();
        }
        let is_scalar = symbol.dims.is_empty();
        let name = |at: String| if is_scalar { base.clone() } else { format!("{base}[{at}]") };
        names.extend(all.into_iter().map(|at| Some(name(at))));
    }
    names
}

/// The host finds the names where the layout has them, and sees what the oracle sees after each call.
fn agree(subject: &Subject, names: &[Option<String>], calls: &[Op]) -> Result<(), String> {
    let named: Vec<(usize, &String)> =
        (0..).zip(names).filter_map(|(slot, name)| Some((slot, name.as_ref()?))).collect();
    let answer = Node::ask(&json!({
        "wasm": BASE64_STANDARD.encode(&subject.wasm),
        "names": named.iter().map(|(_, name)| name).collect::<Vec<_>>(),
        "calls": calls.iter().map(|call| call_to_json(call, names)).collect::<Vec<_>>(),
    }));
    for (at, &(slot, name)) in named.iter().enumerate() {
        if answer["slots"][at].as_i64() != i64::try_from(slot).ok() {
            return Err(format!("`{name}` is found at {}, not at {slot}", answer["slots"][at]));
        }
    }
    let mut oracle = OracleEngine::new(&subject.model, &subject.module, &subject.layout);
    for (number, call) in calls.iter().enumerate() {
        let returned = oracle.call(call.clone());
        let (live, rows) = (oracle.live(), oracle.rows());
        let live: Vec<f64> = named.iter().map(|&(slot, _)| live[slot]).collect();
        let columns = named.iter().flat_map(|&(slot, _)| rows.iter().skip(slot).step_by(names.len()).copied());
        let expected = json!({
            "returned": returned,
            "saved": oracle.saved(),
            "state": oracle.state(),
            "code": oracle.error() & 0xffff_ffff,
            "element": oracle.error() >> 32,
            "live": hex(&digest(&live)),
            "series": hex(&digest(&columns.collect::<Vec<f64>>())),
        });
        if answer["seen"][number] != expected {
            let seen = &answer["seen"][number];
            return Err(format!("call {number}, {call:?}: the host sees {seen}, the oracle {expected}"));
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn call_to_json(call: &Op, names: &[Option<String>]) -> Value {
    let bits = |value: f64| format!("{:016x}", value.to_bits());
    let name =
        |slot: i32| usize::try_from(slot).ok().and_then(|slot| names.get(slot)?.as_ref()).expect("a slot with a name");
    match call {
        Op::SetValue(slot, value) => json!(["set_value", name(*slot), bits(*value)]),
        Op::SetValues(slot, values) => {
            json!(["set_values", name(*slot), values.iter().map(|&value| bits(value)).collect::<Vec<_>>()])
        }
        Op::RunTo(target) => json!(["run_to", bits(*target)]),
        Op::PauseOnEvents(on) => json!(["pause_on_events", i32::from(*on)]),
        Op::ClearValues => json!(["clear_values"]),
        Op::RunInitials => json!(["run_initials"]),
        Op::Run => json!(["run"]),
        Op::Reset => json!(["reset"]),
        Op::SetTable(..) => unreachable!("this host knows no tables"),
    }
}

/// The process in which the host runs.
struct Node {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Node {
    /// Does a job in a process that all threads share.
    fn ask(job: &Value) -> Value {
        static SHARED: OnceLock<Mutex<Node>> = OnceLock::new();
        let mut node =
            SHARED.get_or_init(|| Mutex::new(Node::start())).lock().expect("no other thread has failed in it");
        writeln!(node.input, "{job}").expect("node reads its input");
        let mut answer = String::new();
        node.output.read_line(&mut answer).expect("node answers");
        serde_json::from_str(&answer).expect("node did not fail: see its standard error")
    }

    fn start() -> Self {
        let mut child = Command::new("node")
            .args(["--input-type=module", "--eval", include_str!("contract/host.mjs")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`node` is installed: artifacts are tested in V8");
        let input = child.stdin.take().expect("stdin is piped");
        let output = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self { child, input, output }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // The process ends with its input; a failure to kill one that is gone already is of no interest.
        drop(self.child.kill());
    }
}
