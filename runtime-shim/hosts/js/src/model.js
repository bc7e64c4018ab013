// A compiled model: an artifact and what it says about itself. It never changes and can be shared.

import { runBatch } from "./batch.js";
import { SimcError } from "./errors.js";
import { readLayout } from "./layout.js";
import { namesOf } from "./results.js";
import { sha256 } from "./sha256.js";
import { Sim } from "./sim.js";
import { Directory, assignments } from "./variables.js";

export class Model {
  #bytes;
  #parts;
  #digest = null;
  #runner = null;

  /** Made by `load` and `loadSync`. */
  constructor(bytes, module, layout) {
    const directory = new Directory(layout);
    this.#bytes = bytes;
    this.#parts = { module, layout, directory };
    this.name = layout.name;
    this.producer = layout.producer;
    this.sourceSha256 = layout.sourceSha256;
    this.time = Object.freeze(layout.time);
    this.variables = Object.freeze(directory.variables);
    this.parameters = Object.freeze(directory.variables.filter((variable) => variable.settable));
    this.dimensions = layout.dimensions;
    this.groups = layout.groups;
    this.thresholds = layout.thresholds;
    this.tables = layout.inputs?.tables ?? [];
    this.controls = layout.controls;
    this.links = layout.links;
    this.files = layout.files;
    this.#runner = new Sim(this, this.#parts);
  }

  /** SHA-256 of the artifact, in hexadecimal. */
  get sha256() {
    return (this.#digest ??= sha256(this.#bytes));
  }

  /** The variable of a name, also when the name goes on with subscripts. */
  variable(name) {
    return this.#parts.directory.select(name).variable;
  }

  /** The title, slot, variable and element of each number that a name means. */
  elements(name) {
    const { variable, elements } = this.#parts.directory.select(name);
    return elements.map((element) => ({ title: variable.title(element), slot: variable.slot + element, variable, element }));
  }

  /** Runs from the defaults, with other values for the constants in `params`, to the end. */
  run(params, { outputs } = {}) {
    const pairs = assignments(this.#parts.directory, params);
    const names = outputs === undefined || outputs === null ? null : namesOf(outputs);
    for (const name of names ?? []) this.#parts.directory.select(name);
    return this.rerun((sim) => {
      sim.setSlots(null, pairs);
      return sim.runToEnd().run(names);
    });
  }

  /** A new instance, which the caller steers. */
  sim(params) {
    const pairs = assignments(this.#parts.directory, params);
    const sim = new Sim(this, this.#parts);
    sim.setSlots(null, pairs);
    return sim;
  }

  /** Many runs, one after the other, on this thread; `WorkerPool` uses others. */
  batch(samples, options = {}) {
    return runBatch(this, this.#parts.directory, samples, options);
  }

  /** @internal */
  get directory() {
    return this.#parts.directory;
  }

  /** What another thread needs for `Model.from`: it can be posted. */
  get portable() {
    return { bytes: this.#bytes, module: this.#parts.module };
  }

  /** A model from what another thread has posted. */
  static from({ bytes, module }) {
    return new Model(bytes, module, readLayout(bytes));
  }

  /**
   * Runs in the instance that runs share. One whose events have fired for ever, or that has failed badly, is used no more.
   * @internal
   */
  rerun(use) {
    const sim = this.#runner ?? new Sim(this, this.#parts);
    this.#runner = null;
    sim.clear().reset();
    try {
      const result = use(sim);
      this.#keep(sim);
      return result;
    } catch (error) {
      if (error.code === "transport") this.#keep(sim);
      throw error;
    }
  }

  #keep(sim) {
    const isSpent = this.thresholds.some(({ repeat }) => repeat === "once-ever");
    if (!isSpent) this.#runner = sim;
  }
}

/** A model from the bytes of an artifact, at once. Browsers refuse large modules on their main thread: use `load` there. */
export function loadSync(source, { sha256: expected } = {}) {
  const { bytes, layout } = inspect(source, expected);
  let module;
  try {
    module = new WebAssembly.Module(bytes);
  } catch (error) {
    throw error instanceof RangeError ? error : invalidModule(error);
  }
  return new Model(bytes, module, layout);
}

/** A model from the bytes of an artifact. */
export async function loadBytes(source, { sha256: expected } = {}) {
  const { bytes, layout } = inspect(source, expected);
  const module = await WebAssembly.compile(bytes).catch((error) => {
    throw invalidModule(error);
  });
  return new Model(bytes, module, layout);
}

function inspect(source, expected) {
  const bytes = bytesOf(source);
  if (expected !== undefined && sha256(bytes) !== String(expected).toLowerCase()) {
    throw new SimcError("wrong-artifact", `the artifact is not the one with the SHA-256 ${expected}`);
  }
  return { bytes, layout: readLayout(bytes) };
}

function bytesOf(source) {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  throw new SimcError("bad-artifact", "an artifact is an ArrayBuffer or a Uint8Array", { byte: 0 });
}

/** What the engine says of a module, with the byte that it names. */
function invalidModule(error) {
  const byte = Number(/@\+(\d+)/.exec(error.message)?.[1] ?? 0);
  return new SimcError("bad-artifact", `no valid WebAssembly module: ${error.message}`, { byte });
}
