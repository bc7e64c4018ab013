// Plays the vectors that all hosts share: calls through the public interface, and what each gives. Knows no file and no network,
// so that it runs in Node and in browsers alike.

import { SimcError, loadSync } from "../src/index.js";
import { sha256 } from "../src/sha256.js";

/** Sequences that this host cannot play, by name, with the reason. */
export const EXCEPTIONS = new Map();

/** Plays all sequences of the files; `artifactOf(name)` gives bytes, `manifest` their digests. Gives the lines of a report. */
export function playAll(files, artifactOf, manifest) {
  const lines = [];
  let [passed, failed] = [0, 0];
  for (const { sequences } of files) {
    for (const sequence of sequences) {
      const fault = play(sequence, artifactOf, manifest);
      if (fault === null) {
        passed += 1;
      } else {
        failed += 1;
        lines.push(`failed: ${sequence.name}: ${fault}`);
      }
    }
  }
  for (const [name, reason] of EXCEPTIONS) lines.push(`exception: ${name}: ${reason}`);
  lines.push(`${passed} passed, ${failed} failed`);
  return { lines, passed, failed };
}

/** What is wrong with a sequence, or null. */
function play(sequence, artifactOf, manifest) {
  const player = new Player(sequence, artifactOf, manifest);
  try {
    player.load(sequence.artifact);
  } catch (error) {
    return `${sequence.artifact}: ${error.stack}`;
  }
  for (const [number, call] of sequence.calls.entries()) {
    const fault = player.check(call);
    if (fault !== null) return `call ${number + 1} (${call.call}): ${fault}`;
  }
  return null;
}

class Player {
  constructor(sequence, artifactOf, manifest) {
    this.artifactOf = artifactOf;
    this.manifest = manifest;
    this.model = null;
    this.sim = null;
    this.run = null;
  }

  load(artifact, digest) {
    const expected = digest === "right" ? this.manifest[artifact] : digest;
    this.model = loadSync(this.artifactOf(artifact), { sha256: expected });
    if (this.model.sha256 !== this.manifest[artifact]) throw new Error("the digest differs");
  }

  check(call) {
    let given;
    try {
      given = this[`call_${call.call}`](call);
    } catch (error) {
      if (!(error instanceof SimcError)) return `threw ${error.stack}`;
      if (call.error === undefined) return `refused with ${error.code}: ${error.message}`;
      if (error.message.length < 10) return "the message says nothing";
      if (error.run !== undefined) this.run = error.run;
      return difference(call.error, error);
    }
    if (call.error !== undefined) return `was not refused with ${call.error.code}`;
    return difference(call.expect, given);
  }

  call_load({ artifact, sha256: digest }) {
    this.load(artifact, digest);
    return { name: this.model.name, variables: this.model.variables.length };
  }

  call_model() {
    const { name, parameters, dimensions, time } = this.model;
    const { start, stop, dt, steps, saveEvery, method, rows } = time;
    const shownTime = { start: bits(start), stop: bits(stop), dt: bits(dt), steps, save_every: saveEvery, method, rows };
    return { name, parameters: parameters.map((variable) => variable.name), dimensions: dimensions.length, time: shownTime };
  }

  call_variable({ name }) {
    const variable = this.model.variable(name);
    const defaults = variable.default === null ? null : Array.from([variable.default].flat(), (value) => (typeof value === "number" ? bits(value) : Array.from(value, bits))).flat();
    return { ...variable, default: defaults, titles: variable.titles };
  }

  call_links() {
    const list = this.model.links.map(({ cause, effect, sign, isInitial }) => ({ cause, effect, sign, is_initial: isInitial }));
    return { list };
  }

  call_controls() {
    const list = this.model.controls.map(({ kind, variables, range, step, label }) => ({ kind, variables, range: range?.map(bits) ?? null, step: step === null ? null : bits(step), label }));
    return { list };
  }

  call_run({ params }) {
    this.run = this.model.run(paramsOf(params));
    return rowsOf(this.run);
  }

  call_columns({ names }) {
    const columns = this.run.columns(names ?? undefined);
    const titles = columns.map(({ title }) => title);
    const numbers = Float64Array.from(columns.flatMap(({ values }) => Array.from(values)));
    return { titles, titles_sha256: sha256(new TextEncoder().encode(titles.join("\n"))), sha256: digestOf(numbers) };
  }

  call_csv({ names }) {
    const text = new TextEncoder().encode(this.run.csv(names ?? undefined));
    return { bytes: text.length, sha256: sha256(text) };
  }

  call_sim({ params }) {
    this.sim = this.model.sim(paramsOf(params));
    return {};
  }

  call_set({ name, value }) {
    this.sim.set(name, valueOf(value));
    return {};
  }

  call_clear() {
    return stateOf(this.sim.clear());
  }

  call_reset() {
    return stateOf(this.sim.reset());
  }

  call_run_initials() {
    return stateOf(this.sim.runInitials());
  }

  call_run_to_end() {
    return stateOf(this.sim.runToEnd());
  }

  call_run_to({ target }) {
    return stateOf(this.sim.runTo(fromBits(target)));
  }

  call_pause_on_events({ on }) {
    this.sim.pauseOnEvents(on);
    return {};
  }

  call_set_table({ name, points }) {
    this.sim.setTable(name, points.map((point) => point.map(fromBits)));
    return {};
  }

  call_value({ name }) {
    const value = this.sim.value(name);
    return { bits: typeof value === "number" ? [bits(value)] : Array.from(value, bits) };
  }

  call_series({ name }) {
    const series = this.sim.series(name);
    const shown = (value) => (value === undefined ? null : bits(value));
    return { length: series.length, sha256: digestOf(series), first: shown(series[0]), last: shown(series.at(-1)) };
  }

  call_state() {
    return stateOf(this.sim);
  }

  call_sim_run() {
    return rowsOf(this.sim.run());
  }

  call_close() {
    this.sim.close();
    return {};
  }

  call_batch({ params, samples, outputs, at }) {
    const numbers = samples.map((sample) => sample.map(fromBits));
    const options = { params: params ?? undefined, outputs: outputs ?? undefined, at: at === null || at === undefined ? undefined : [at].flat().map(fromBits) };
    const batch = this.model.batch(numbers, options);
    const errors = batch.errors.map(({ run, error }) => [run, error.code]);
    return { titles: batch.titles, times: batch.times.length, sha256: digestOf(batch.values), errors };
  }

  call_events() {
    const { events } = this.sim ?? this.run;
    const list = events.map(({ step, time, value, variable, action, message }) => ({ step, time: bits(time), value: bits(value), variable, action, message }));
    return { count: list.length, list };
  }
}

const scratch = new DataView(new ArrayBuffer(8));

function bits(value) {
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0).toString(16).padStart(16, "0");
}

function fromBits(hex) {
  scratch.setBigUint64(0, BigInt(`0x${hex}`));
  return scratch.getFloat64(0);
}

function digestOf(numbers) {
  const own = numbers.slice();
  return sha256(new Uint8Array(own.buffer));
}

function rowsOf(run) {
  return { rows: run.rows, state: run.state, sha256: digestOf(run.data()), events: run.events.length };
}

function stateOf(sim) {
  return { state: sim.state, saved: sim.saved, time: bits(sim.time) };
}

function paramsOf(params) {
  return params?.map(([name, value]) => [name, valueOf(value)]);
}

const WRONG = new Map([["true", true], ["null", null]]);

function valueOf(value) {
  if (Array.isArray(value)) return value.map(valueOf);
  if (typeof value === "object") return Object.fromEntries(Object.entries(value).map(([element, part]) => [element, valueOf(part)]));
  if (value.startsWith("text:")) return value.slice(5);
  return WRONG.has(value) ? WRONG.get(value) : fromBits(value);
}

/** Where what is given differs from what is expected; more may be given. */
function difference(expected, given) {
  for (const [field, value] of Object.entries(expected)) {
    const [wanted, found] = [value, given[field]].map((item) => JSON.stringify(item ?? null));
    if (wanted !== found) return `${field} is ${found?.slice(0, 300)} instead of ${wanted.slice(0, 300)}${given.message ? ` (${given.message})` : ""}`;
  }
  return null;
}

