// Runs artifacts in V8. Each line of standard input is a job {wasm, ops}: the artifact in base64, and calls [name, ...arguments],
// numbers as hexadecimal bits. Each line of standard output is the list of snapshots after these calls.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";

const scratch = new DataView(new ArrayBuffer(8));

function fromBits(hex) {
  scratch.setBigUint64(0, BigInt("0x" + hex), true);
  return scratch.getFloat64(0, true);
}

// How many events have fired, and the records that are kept, each as four words.
function events(exports) {
  if (!("event_count" in exports)) return [0, []];
  const count = exports.event_count.value >>> 0;
  const capacity = exports.events_capacity.value >>> 0;
  const memory = new DataView(exports.memory.buffer, exports.events_offset.value >>> 0);
  const kept = Math.min(count, capacity);
  const records = Array.from({ length: kept }, (_, i) => {
    const at = 32 * ((count - kept + i) % capacity);
    return [0, 8, 16, 24].map((word) => memory.getBigUint64(at + word, true).toString());
  });
  return [count, records];
}

function snapshot(exports, returned) {
  const memory = new Uint8Array(exports.memory.buffer);
  const rowBytes = 8 * exports.n_slots.value;
  const offset = exports.results_offset.value >>> 0;
  const saved = exports.saved_steps.value >>> 0;
  return {
    returned: returned ?? 0,
    saved,
    error: BigInt.asUintN(64, exports.get_error()).toString(),
    state: exports.run_state?.value ?? 0,
    events: events(exports),
    live: Buffer.from(memory.subarray(0, rowBytes)).toString("base64"),
    rows: createHash("sha256").update(memory.subarray(offset, offset + saved * rowBytes)).digest("hex"),
  };
}

// A call whose last argument is a list writes its numbers, those that fit, where the artifact takes them.
function call(exports, name, args) {
  if (name === "pause_on_events") return exports.pause_on_events?.(args[0] ? 1 : 0);
  if (!(name in exports)) return 1;
  if (name === "set_value") return exports.set_value(args[0], fromBits(args[1]));
  const numbers = args.at(-1);
  if (!Array.isArray(numbers)) return exports[name](...args.map(fromBits));
  const place = exports.inputs_offset.value >>> 0;
  const inputs = new DataView(exports.memory.buffer, place, 8 * exports.inputs_capacity.value);
  numbers.forEach((bits, at) => {
    if (8 * at < inputs.byteLength) inputs.setBigUint64(8 * at, BigInt("0x" + bits), true);
  });
  return exports[name](...args.slice(0, -1));
}

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(job.wasm, "base64")), {});
  const snapshots = job.ops.map(([name, ...args]) => snapshot(exports, call(exports, name, args)));
  process.stdout.write(JSON.stringify(snapshots) + "\n");
}
