// What a run has left: rows of numbers, copied out of the instance.

import { csvText } from "./csv.js";
import { SimcError, shown } from "./errors.js";

/** The only element that a name means. */
export function oneElement(directory, name) {
  const { variable, elements } = directory.select(name);
  if (elements.length === 1) return variable.slot + elements[0];
  const example = variable.title(elements[0] ?? 0);
  const message = `${shown(name)} is ${elements.length} elements; name one, as in ${shown(example)}, or use columns()`;
  throw new SimcError("shape", message, { input: name, variable: variable.name });
}

/** A list of names; one name is a list of one. */
export function namesOf(names) {
  return typeof names === "string" ? [names] : [...names];
}

/** Columns of a table: the time, then the variables that are named, or all that are no part of the time axis. */
export function columnsOf(directory, names) {
  const time = { title: "time", slot: 0, variable: directory.owner(0), element: 0 };
  const columns = [time];
  const add = (variable, element) => columns.push({ title: variable.title(element), slot: variable.slot + element, variable, element });
  if (names === undefined || names === null) {
    for (const variable of directory.variables) {
      for (let element = 0; variable.kind !== "time" && element < variable.size; element += 1) add(variable, element);
    }
    return columns;
  }
  for (const name of namesOf(names)) {
    const { variable, elements } = directory.select(name);
    if (variable.slot !== 0) elements.forEach((element) => add(variable, element));
  }
  return columns;
}

/** Results of a run. They never change, and stay when the instance is used again. */
export class Run {
  #directory;
  #data;
  #width;
  #places;

  /** `data` has rows of `width` numbers; `places` says where slots are in a row when it has not all of them. */
  constructor(directory, { data, width, places = null, rows, state, events }) {
    this.#directory = directory;
    this.#data = data;
    this.#width = width;
    this.#places = places;
    this.rows = rows;
    this.state = state;
    this.complete = state === "complete";
    this.events = events;
  }

  /** The times of the rows. */
  get times() {
    return this.columnAt(0);
  }

  /** The numbers of one variable or element, one for each row. */
  series(name) {
    return this.columnAt(oneElement(this.#directory, name), name);
  }

  /** The number of one variable or element in a row; negative rows count from the end. */
  value(name, row = -1) {
    const at = row < 0 ? this.rows + row : row;
    if (!Number.isInteger(at) || at < 0 || at >= this.rows) throw new SimcError("bad-time", `there is no row ${row} of ${this.rows}`);
    return this.#data[at * this.#width + this.#place(oneElement(this.#directory, name), name)];
  }

  /** Columns `{title, values, variable, element}`: the time, then those named, or all. Arrays give all of their elements. */
  columns(names) {
    const wanted = names ?? this.#places?.names;
    return columnsOf(this.#directory, wanted).map(({ title, slot, variable, element }) => {
      return { title, values: this.columnAt(slot, title), variable, element };
    });
  }

  /** The table as CSV, byte for byte as `simc run` writes it. */
  csv(names) {
    return csvText(this.columns(names));
  }

  /** All numbers, row by row, as the artifact has them: a copy. Only of a run that kept every output. */
  data() {
    if (this.#places !== null) throw new SimcError("unknown-name", "the run kept only some outputs");
    return this.#data.slice();
  }

  #place(slot, name) {
    if (this.#places === null) return slot;
    const place = this.#places.bySlot.get(slot);
    if (place !== undefined) return place;
    throw new SimcError("unknown-name", `${shown(name)} is not among the outputs that this run kept`, { input: name, suggestion: null });
  }

  /**
   * The number of a slot in a row, of a run that kept every output.
   * @internal
   */
  numberAt(row, slot) {
    return this.#data[row * this.#width + slot];
  }

  /**
   * The numbers of a slot.
   * @internal
   */
  columnAt(slot, name) {
    return strided(this.#data, this.#place(slot, name), this.#width, this.rows);
  }
}

/** Every `width`-th number. */
export function strided(data, from, width, count) {
  const values = new Float64Array(count);
  for (let row = 0, at = from; row < count; row += 1, at += width) values[row] = data[at];
  return values;
}
