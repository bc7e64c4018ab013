// A host written from docs/artifact.md alone: it knows the core record, the exports and canonical names, and nothing else.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";

// The canonical name of what a user asks for: `Hares."birth rate"[North, Old]` is `hares·birth_rate[north,old]`.
export function canonical(name) {
  const [base, subscripts] = splitSubscripts(name);
  const whole = split(base, ".").map(part).join("\u00b7");
  return subscripts === null ? whole : `${whole}[${split(subscripts, ",").map(part).join(",")}]`;
}

// Letters become small one by one, so that a sigma at the end of a word is like any other.
function part(text) {
  const trimmed = text.trim();
  const bare = trimmed.startsWith('"') && trimmed.endsWith('"') && trimmed.length > 1 ? trimmed.slice(1, -1) : trimmed;
  const small = [...bare.replaceAll(".", "\u2024")].map((c) => c.toLowerCase()).join("");
  return small.replace(/(\\n|\s)+/gu, "_");
}

function splitSubscripts(name) {
  let quoted = false;
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '"') quoted = !quoted;
    if (name[at] === "[" && !quoted) return [name.slice(0, at), name.slice(at + 1, name.lastIndexOf("]"))];
  }
  return [name, null];
}

function split(text, separator) {
  const parts = [""];
  let quoted = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    if (c === separator && !quoted) parts.push("");
    else parts[parts.length - 1] += c;
  }
  return parts;
}

export class Host {
  constructor(bytes) {
    const module = new WebAssembly.Module(bytes);
    this.exports = new WebAssembly.Instance(module, {}).exports;
    this.slots = new Map();
    const section = new DataView(WebAssembly.Module.customSections(module, "simc.layout")[0]);
    this.width = Number(section.getBigUint64(0, true));
    this.results = Number(section.getBigUint64(16, true));
    for (let left = section.getUint32(24, true), at = 28; left > 0; left--) {
      const length = section.getUint32(at, true);
      const name = new TextDecoder().decode(new Uint8Array(section.buffer, at + 4, length));
      this.slots.set(name, Number(section.getBigUint64(at + 4 + length, true)));
      at += 12 + length;
    }
  }

  slot(name) {
    return this.slots.get(canonical(name)) ?? -1;
  }

  setValue(name, value) {
    return this.exports.set_value(this.slot(name), value);
  }

  setValues(name, values) {
    const { memory, inputs_offset, inputs_capacity } = this.exports;
    new Float64Array(memory.buffer, inputs_offset.value >>> 0, inputs_capacity.value >>> 0).set(values);
    return this.exports.set_values(this.slot(name), values.length);
  }

  getValue(name) {
    return new Float64Array(this.exports.memory.buffer, 0, this.width)[this.slot(name)];
  }

  getSeries(name) {
    const all = new Float64Array(this.exports.memory.buffer, this.results);
    const slot = this.slot(name);
    return Float64Array.from({ length: this.exports.saved_steps.value >>> 0 }, (_, row) => all[row * this.width + slot]);
  }

  error() {
    const word = BigInt.asUintN(64, this.exports.get_error());
    return { code: Number(word & 0xffffffffn), element: Number(word >> 32n) };
  }
}

// Each line of standard input is a job {wasm, names, calls}: the artifact in base64, names as users write them, and calls. Each line of
// standard output has the slots of the names and, for each call, what a host sees after it.
const scratch = new DataView(new ArrayBuffer(8));

function fromBits(hex) {
  scratch.setBigUint64(0, BigInt("0x" + hex), true);
  return scratch.getFloat64(0, true);
}

function hash(numbers) {
  return createHash("sha256").update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)).digest("hex");
}

function perform(host, [name, ...args]) {
  switch (name) {
    case "set_value":
      return host.setValue(args[0], fromBits(args[1]));
    case "set_values":
      return host.setValues(args[0], args[1].map(fromBits));
    case "run_to":
      return host.exports.run_to(fromBits(args[0]));
    case "pause_on_events":
      return host.exports.pause_on_events(args[0]);
    default:
      return host.exports[name]();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  const host = new Host(Buffer.from(job.wasm, "base64"));
  const seen = job.calls.map((call) => ({
    returned: perform(host, call) ?? 0,
    saved: host.exports.saved_steps.value,
    state: host.exports.run_state?.value ?? 0,
    ...host.error(),
    live: hash(Float64Array.from(job.names, (name) => host.getValue(name))),
    series: hash(Float64Array.from(job.names.flatMap((name) => [...host.getSeries(name)]))),
  }));
  process.stdout.write(JSON.stringify({ slots: job.names.map((name) => host.slot(name)), seen }) + "\n");
}
