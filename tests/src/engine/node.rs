//! The artifact in V8: one long-lived Node process that answers jobs line by line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::{Op, Snapshot, bits, numbers};

/// A Node process.
pub struct Node {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// An artifact and the calls to make on a new instance of it.
pub struct NodeJob<'a> {
    /// The artifact.
    pub wasm: &'a [u8],
    /// The calls.
    pub ops: &'a [Op],
}

impl Node {
    /// Does the job in a process that all threads share.
    pub fn observe(job: &NodeJob<'_>) -> Vec<Snapshot> {
        static SHARED: OnceLock<Mutex<Node>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Mutex::new(Node::start()));
        shared.lock().expect("no other thread has failed inside Node").run(job)
    }

    /// Starts `node`.
    ///
    /// # Panics
    /// When there is none: V8 is one of the engines that must agree.
    fn start() -> Self {
        let mut child = Command::new("node")
            .args(["--input-type=module", "--eval", include_str!("node.mjs")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`node` is installed: artifacts are tested in V8");
        let input = child.stdin.take().expect("stdin is piped");
        let output = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self { child, input, output }
    }

    fn run(&mut self, job: &NodeJob<'_>) -> Vec<Snapshot> {
        let ops: Vec<Value> = job.ops.iter().map(op_to_json).collect();
        let line = json!({ "wasm": BASE64_STANDARD.encode(job.wasm), "ops": ops });
        writeln!(self.input, "{line}").expect("node reads its input");
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("node answers");
        let answer: Value = serde_json::from_str(&answer).expect("node did not fail: see its standard error");
        answer.as_array().expect("a list of snapshots").iter().map(snapshot_from_json).collect()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // The process ends with its input; a failure to kill one that is gone already is of no interest.
        drop(self.child.kill());
    }
}

fn op_to_json(op: &Op) -> Value {
    let hex = |value: f64| format!("{:016x}", value.to_bits());
    match *op {
        Op::SetValues(first, ref values) => {
            json!(["set_values", first, values.len(), values.iter().map(|&value| hex(value)).collect::<Vec<_>>()])
        }
        Op::SetTable(table, ref points) => {
            let numbers: Vec<String> = points.as_flattened().iter().map(|&number| hex(number)).collect();
            json!(["set_table", table, points.len(), numbers])
        }
        Op::SetValue(slot, value) => json!(["set_value", slot, hex(value)]),
        Op::ClearValues => json!(["clear_values"]),
        Op::RunInitials => json!(["run_initials"]),
        Op::RunTo(target) => json!(["run_to", hex(target)]),
        Op::Run => json!(["run"]),
        Op::Reset => json!(["reset"]),
        Op::PauseOnEvents(on) => json!(["pause_on_events", on]),
    }
}

fn record_from_json(value: &Value) -> [u64; 4] {
    let words: Vec<u64> = value.as_array().expect("four words").iter().map(word_from_json).collect();
    words.try_into().expect("four words")
}

fn word_from_json(value: &Value) -> u64 {
    value.as_str().expect("a string").parse().expect("a u64")
}

fn snapshot_from_json(value: &Value) -> Snapshot {
    let text = |key: &str| value[key].as_str().expect("a string");
    let hex = text("rows");
    let mut rows = [0; 32];
    for (byte, at) in rows.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    }
    Snapshot {
        returned: i32::try_from(value["returned"].as_i64().expect("an integer")).expect("an i32"),
        saved: value["saved"].as_u64().expect("a count"),
        error: text("error").parse().expect("a u64"),
        state: u32::try_from(value["state"].as_u64().expect("a number")).expect("a small number"),
        events: (
            value["events"][0].as_u64().expect("a count"),
            value["events"][1].as_array().expect("a list").iter().map(record_from_json).collect(),
        ),
        live: bits(&numbers(&BASE64_STANDARD.decode(text("live")).expect("base64"))),
        rows,
    }
}
