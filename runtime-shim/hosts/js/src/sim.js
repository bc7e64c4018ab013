// A run that a host steers: set, run to a time, look, set again.

import { SimcError, badArtifact, shown } from "./errors.js";
import { Instance } from "./instance.js";
import { suggest, titleKey } from "./names.js";
import { Run, columnsOf, namesOf, oneElement, strided } from "./results.js";
import { assignments } from "./variables.js";

/** What an error word says of a conveyor or queue. */
const TRANSPORT_FAULTS = new Map([
  [58, "has a transit time that is not above 0"],
  [59, "has a transit time that is longer than there is memory for"],
  [1001, "has more batches than there is memory for"],
]);

/** One mutable instance of a model. What `set` sets lasts over `reset` until `clear`. */
export class Sim {
  #model;
  #directory;
  #instance;
  #isStarted = false;
  #events = [];
  #nSeen = 0;

  /** Made by `model.sim()`. */
  constructor(model, { module, layout, directory }) {
    this.#model = model;
    this.#directory = directory;
    this.#instance = new Instance(module, layout);
  }

  get #open() {
    if (this.#instance === null) throw new SimcError("closed", "this Sim is closed");
    return this.#instance;
  }

  /** The model. */
  get model() {
    return this.#model;
  }

  /** Sets a constant: a number for all elements that the name means, a list with one for each, or an object by element. */
  set(name, value) {
    return this.setAll([[name, value]]);
  }

  /** Sets several constants, or, when one of them is refused, none. */
  setAll(params) {
    const instance = this.#open;
    this.setSlots(instance, assignments(this.#directory, params));
    return this;
  }

  /** @internal */
  setSlots(instance, pairs) {
    const { set_value: setValue } = (instance ?? this.#open).exports;
    for (const [slot, value] of pairs) {
      if (setValue(slot, value) !== 0) throw badArtifact(`slot ${slot} is said to be settable, yet cannot be set`, 0);
    }
  }

  /** Gives every constant its default and every graphical function its own points again. */
  clear() {
    this.#open.call("clear_values");
    return this;
  }

  /** Back to the start; what was set stays. */
  reset() {
    this.#open.call("reset");
    this.#isStarted = false;
    this.#events = [];
    this.#nSeen = 0;
    return this;
  }

  /** Evaluates the time of the start. */
  runInitials() {
    const instance = this.#open;
    instance.call("run_initials");
    this.#isStarted = true;
    this.#check(instance);
    return this;
  }

  /** Takes every step whose time is at most `time`; infinity runs to the end. */
  runTo(time) {
    const instance = this.#open;
    if (typeof time !== "number" || Number.isNaN(time)) throw new SimcError("bad-time", `${shown(time)} is no time to run to`);
    this.#advance(instance, time);
    this.#check(instance);
    return this;
  }

  /** Runs to the end. */
  runToEnd() {
    return this.runTo(Infinity);
  }

  /** Whether `runTo` comes back at an event that pauses (`state` is "paused" then); a new Sim runs on. */
  pauseOnEvents(on) {
    const instance = this.#open;
    if (instance.exports.pause_on_events !== undefined) instance.call("pause_on_events", on ? 1 : 0);
    return this;
  }

  /** Replaces the points `[x, y]` of a graphical function; the artifact must be built with `--inputs tables`. */
  setTable(name, points) {
    const instance = this.#open;
    const { number, table } = findTable(instance, name);
    const bad = (message) => new SimcError("bad-value", `the points of ${shown(table.name)}: ${message}`, { input: name, variable: table.name });
    if (!Array.isArray(points) || !points.every(isPoint)) throw new SimcError("shape", `points are a list of pairs [x, y]`, { input: name, variable: table.name });
    const numbers = points.flatMap((point) => Array.from(point));
    if (points.length === 0) throw bad("there are none");
    if (!numbers.every(Number.isFinite)) throw bad("they must be finite");
    if (points.some((point, i) => i > 0 && points[i - 1][0] > point[0])) throw bad("x must ascend");
    if (points.length > table.capacity || numbers.length > instance.inputs.capacity) throw bad(`there is room for ${table.capacity}, not for ${points.length}`);
    instance.numbers.set(numbers, instance.inputs.offset / 8);
    if (instance.call("set_table", number, points.length) !== 0) throw badArtifact(`the points of ${table.name} cannot be set`, 0);
    return this;
  }

  /** The number of a variable or element now; of several elements a list, row-major. */
  value(name) {
    const { numbers } = this.#open;
    const { variable, elements, shape } = this.#directory.select(name);
    if (shape.length === 0) return numbers[variable.slot + elements[0]];
    return Float64Array.from(elements, (element) => numbers[variable.slot + element]);
  }

  /** The saved numbers of one variable or element: a copy. */
  series(name) {
    const instance = this.#open;
    const slot = oneElement(this.#directory, name);
    return strided(instance.numbers, instance.firstResult + slot, instance.layout.nSlots, instance.saved);
  }

  /** The saved rows themselves, row by row: a view, which the next call may change. */
  get rowsView() {
    const { numbers, firstResult, layout, saved } = this.#open;
    return numbers.subarray(firstResult, firstResult + saved * layout.nSlots);
  }

  /** The current row itself: a view, which the next call may change. */
  get liveView() {
    const { numbers, layout } = this.#open;
    return numbers.subarray(0, layout.nSlots);
  }

  /** The time at which the model rests; 0 before it has started. */
  get time() {
    return this.#open.numbers[0];
  }

  /** Rows saved so far. */
  get saved() {
    return this.#open.saved;
  }

  /** Whether every row is saved. */
  get complete() {
    return this.#open.isComplete;
  }

  /** "failed", "complete", "stopped" or "paused" by an event, "new", or "running". */
  get state() {
    const instance = this.#open;
    if (instance.error().code !== 0) return "failed";
    if (instance.isComplete) return "complete";
    if (instance.runState === 2) return "stopped";
    if (instance.runState === 1) return "paused";
    return this.#isStarted ? "running" : "new";
  }

  /** Events that have fired since the Sim was new or reset. */
  get events() {
    this.#open;
    return this.#events.slice();
  }

  /** A copy of what is saved, of all variables or of some. */
  run(outputs) {
    const instance = this.#open;
    const { numbers, firstResult, layout, saved } = instance;
    const rest = { rows: saved, state: this.state, events: this.#events.slice() };
    if (outputs === undefined || outputs === null) {
      const data = numbers.slice(firstResult, firstResult + saved * layout.nSlots);
      return new Run(this.#directory, { data, width: layout.nSlots, ...rest });
    }
    const names = namesOf(outputs);
    const slots = [...new Set(columnsOf(this.#directory, names).map(({ slot }) => slot))];
    const data = new Float64Array(saved * slots.length);
    for (let row = 0; row < saved; row += 1) {
      const from = firstResult + row * layout.nSlots;
      for (let i = 0; i < slots.length; i += 1) data[row * slots.length + i] = numbers[from + slots[i]];
    }
    const bySlot = new Map(slots.map((slot, place) => [slot, place]));
    return new Run(this.#directory, { data, width: slots.length, places: { bySlot, names }, ...rest });
  }

  /** Gives the memory back. Every further use is an error; closing again is none. */
  close() {
    this.#instance = null;
  }

  /** Steps on; events are collected before their records are overwritten. */
  #advance(instance, target) {
    this.#isStarted = true;
    if (instance.events === null) {
      instance.call("run_to", target);
      return;
    }
    const { start, dt } = instance.layout.time;
    const perStep = instance.layout.thresholds.reduce((sum, threshold) => sum + threshold.n * threshold.events.length, 0);
    const stepsAtOnce = Math.max(1, Math.floor(instance.events.capacity / Math.max(1, perStep)));
    instance.call("run_initials");
    for (;;) {
      const before = instance.numbers[0];
      const step = Math.round((before - start) / dt);
      const next = Math.min(target, start + (step + stepsAtOnce - 1) * dt);
      instance.call("run_to", next);
      this.#collect(instance);
      if (instance.isComplete || instance.runState !== 0 || instance.error().code !== 0) return;
      if (next === target || instance.numbers[0] === before) return;
    }
  }

  #collect(instance) {
    const count = instance.eventCount;
    for (let number = Math.max(this.#nSeen, count - instance.events.capacity); number < count; number += 1) {
      this.#events.push(describeEvent(this.#directory, instance.layout, instance.eventRecord(number)));
    }
    this.#nSeen = count;
  }

  #check(instance) {
    const { code, place } = instance.error();
    if (code === 0) return;
    const what = TRANSPORT_FAULTS.get(code);
    if (what === undefined) throw new SimcError("unsupported", `the run stopped with error ${code}, which this host does not know`);
    const variable = transportName(instance.layout, place);
    throw new SimcError("transport", `the run stopped: ${variable} ${what}`, { variable, run: this.run() });
  }
}

/** The element of a conveyor or queue that an error word counts. */
function transportName(layout, place) {
  let rest = place;
  for (const { name, dimensions } of layout.transports) {
    const size = dimensions.reduce((product, { elements }) => product * elements.length, 1);
    if (rest < size) return elementTitle(name, dimensions, rest);
    rest -= size;
  }
  return `conveyor or queue number ${place}`;
}

function elementTitle(name, dimensions, element) {
  let rest = element;
  const subscripts = [...dimensions].reverse().map(({ elements }) => {
    const subscript = elements[rest % elements.length];
    rest = Math.floor(rest / elements.length);
    return subscript;
  });
  return subscripts.length === 0 ? name : `${name}[${subscripts.reverse().join(",")}]`;
}

function describeEvent(directory, layout, { event, element, step, time, value }) {
  let rest = event;
  for (const threshold of layout.thresholds) {
    if (rest < threshold.events.length) {
      const { action, message } = threshold.events[rest];
      const variable = elementTitle(threshold.variable, threshold.dimensions, element);
      return { step, time, value, variable, action, message, threshold: threshold.value, direction: threshold.direction };
    }
    rest -= threshold.events.length;
  }
  return { step, time, value, variable: "", action: "message", message: "", threshold: NaN, direction: "increasing" };
}

function isPoint(point) {
  const isList = Array.isArray(point) || ArrayBuffer.isView(point);
  return isList && point.length === 2 && typeof point[0] === "number" && typeof point[1] === "number";
}

function findTable(instance, name) {
  const tables = instance.layout.inputs?.tables ?? [];
  if (tables.length === 0 || instance.exports.set_table === undefined || instance.inputs === null) {
    throw new SimcError("unsupported", "the artifact has no graphical functions that can be set; `simc build --inputs tables` makes one that has");
  }
  const wanted = titleKey(String(name));
  const number = tables.findIndex((table) => titleKey(table.name) === wanted);
  if (number >= 0) return { number, table: tables[number] };
  const suggestion = suggest(String(name), tables.map((table) => table.name));
  const hint = suggestion === null ? "" : `; did you mean ${shown(suggestion)}?`;
  throw new SimcError("unknown-name", `there is no graphical function ${shown(name)} that can be set${hint}`, { input: name, suggestion });
}
