// Runs artifacts in V8. Each line of standard input is a job {wasm, ops}: the artifact in base64, and calls [name, ...arguments],
// numbers as hexadecimal bits. Each line of standard output is the list of snapshots after these calls.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";

const scratch = new DataView(new ArrayBuffer(8));

function fromBits(hex) {
  scratch.setBigUint64(0, BigInt("0x" + hex), true);
  return scratch.getFloat64(0, true);
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
    live: Buffer.from(memory.subarray(0, rowBytes)).toString("base64"),
    rows: createHash("sha256").update(memory.subarray(offset, offset + saved * rowBytes)).digest("hex"),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(job.wasm, "base64")), {});
  const snapshots = job.ops.map(([name, ...args]) => {
    const numbers = name === "set_value" ? [args[0], fromBits(args[1])] : args.map(fromBits);
    return snapshot(exports, exports[name](...numbers));
  });
  process.stdout.write(JSON.stringify(snapshots) + "\n");
}
