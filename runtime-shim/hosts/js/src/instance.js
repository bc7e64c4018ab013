// One instance of an artifact, checked before it is believed.

import { SimcError, badArtifact } from "./errors.js";
import { RESERVED_SLOTS } from "./layout.js";

const FUNCTIONS = ["run", "run_to", "run_initials", "reset", "set_value", "clear_values", "get_error"];
const GLOBALS = ["n_slots", "n_chunks", "results_offset", "saved_steps"];
const RECORD_BYTES = 32;

export class Instance {
  constructor(module, layout) {
    let exports;
    try {
      ({ exports } = new WebAssembly.Instance(module));
    } catch (error) {
      throw new SimcError("bad-artifact", `the artifact cannot be started: ${error.message}`, { byte: 0 });
    }
    requireExports(exports);
    this.exports = exports;
    this.layout = layout;
    this.numbers = new Float64Array(exports.memory.buffer);
    checkGeometry(exports, layout, this.numbers.length);
    this.firstResult = layout.resultsOffset / 8;
    this.inputs = exports.set_values === undefined ? null : region(exports, "inputs_offset", "inputs_capacity", 8, this.numbers);
    this.events = exports.event_count === undefined ? null : region(exports, "events_offset", "events_capacity", RECORD_BYTES, this.numbers);
    this.words = this.events === null ? null : new DataView(exports.memory.buffer);
  }

  /** Rows saved so far. */
  get saved() {
    return Math.min(this.exports.saved_steps.value >>> 0, this.layout.nChunks);
  }

  get isComplete() {
    return this.saved === this.layout.nChunks;
  }

  /** What an event has done to the run: 0 nothing, 1 it pauses, 2 it is over. */
  get runState() {
    return this.exports.run_state?.value ?? 0;
  }

  /** Calls an export. An artifact of simc never traps. */
  call(name, ...args) {
    try {
      return this.exports[name](...args);
    } catch (error) {
      throw new SimcError("bad-artifact", `the artifact trapped in ${name}: ${error.message}`, { byte: 0 });
    }
  }

  /** The error word: its code, and the number of what is at fault. */
  error() {
    const word = BigInt.asUintN(64, this.call("get_error"));
    return { code: Number(word & 0xffffffffn), place: Number(word >> 32n) };
  }

  /** How many events have fired. */
  get eventCount() {
    return this.exports.event_count.value >>> 0;
  }

  /** A record of an event that is still kept. */
  eventRecord(number) {
    const at = this.events.offset + RECORD_BYTES * (number % this.events.capacity);
    const u32 = (byte) => this.words.getUint32(at + byte, true);
    return {
      event: u32(0),
      element: u32(4),
      step: u32(8) + u32(12) * 0x1_0000_0000,
      time: this.words.getFloat64(at + 16, true),
      value: this.words.getFloat64(at + 24, true),
    };
  }
}

function requireExports(exports) {
  const missing = (name) => {
    throw badArtifact(`it has no proper export ${name}`, 0);
  };
  if (!(exports.memory instanceof WebAssembly.Memory)) missing("memory");
  for (const name of FUNCTIONS) if (typeof exports[name] !== "function") missing(name);
  for (const name of GLOBALS) if (!isI32(exports[name])) missing(name);
}

function isI32(global) {
  return global instanceof WebAssembly.Global && typeof global.value === "number";
}

function checkGeometry(exports, layout, size) {
  const { nSlots, nChunks, resultsOffset } = layout;
  const globals = [exports.n_slots, exports.n_chunks, exports.results_offset].map((global) => global.value >>> 0);
  if (globals[0] !== nSlots || globals[1] !== nChunks || globals[2] !== resultsOffset) throw badArtifact("its exports are not what it says of itself", 0);
  const isWithin = nSlots >= RESERVED_SLOTS && nChunks > 0 && resultsOffset % 8 === 0 && 8 * nSlots <= resultsOffset;
  if (!isWithin || resultsOffset / 8 + nSlots * nChunks > size) throw badArtifact("its results do not fit its memory", 0);
}

/** A part of the memory that the artifact names, checked. */
function region(exports, offsetName, capacityName, unit, numbers) {
  if (!isI32(exports[offsetName]) || !isI32(exports[capacityName])) throw badArtifact(`it has no proper export ${offsetName}`, 0);
  const [offset, capacity] = [exports[offsetName].value >>> 0, exports[capacityName].value >>> 0];
  if (offset % 8 !== 0 || offset + unit * capacity > 8 * numbers.length) throw badArtifact(`${offsetName} lies outside of its memory`, 0);
  return { offset, capacity };
}
