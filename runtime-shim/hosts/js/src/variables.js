// The variables of a model by the names that people give them.

import { SimcError, shown } from "./errors.js";
import { key, splitSubscripts, subscriptsOf, suggest, unescapeName } from "./names.js";

/** A variable, as the author of the model wrote it. Its fields are described in the type declarations. */
export class Variable {
  /** Elements that can be set, with their defaults: `{first, defaults}`. An artifact may lie about how many elements there are. */
  #pieces;

  constructor(record, canonical) {
    this.name = record.name;
    this.canonical = canonical;
    this.kind = record.kind;
    this.units = record.units;
    this.documentation = record.documentation;
    this.range = record.range;
    this.dimensions = record.dimensions;
    this.shape = record.dimensions.map(({ elements }) => elements.length);
    this.slot = record.slot;
    this.size = record.size;
    this.settable = record.pieces !== null;
    this.#pieces = record.pieces ?? [];
    Object.freeze(this);
  }

  /** Whether an element can be set. */
  isSettable(element = 0) {
    return this.#pieceOf(element) !== undefined;
  }

  /** Whether each element can be set; null when none can. */
  get settableElements() {
    return this.settable ? Array.from({ length: this.size }, (_, element) => this.isSettable(element)) : null;
  }

  /** What it is when nothing is set: a number, or one for each element (NaN where none is to be had); null when it cannot be set. */
  get default() {
    if (!this.settable) return null;
    if (this.shape.length === 0) return this.#pieces[0].defaults[0];
    const defaults = new Float64Array(this.size).fill(NaN);
    for (const piece of this.#pieces) defaults.set(piece.defaults, piece.first);
    return defaults;
  }

  /** The piece that an element is in: pieces ascend. */
  #pieceOf(element) {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { first, defaults } = this.#pieces[middle];
      if (element < first) high = middle;
      else if (element >= first + defaults.length) low = middle + 1;
      else return this.#pieces[middle];
    }
    return undefined;
  }

  /** The title of an element, counted row-major: `rate[North,Young]`; of a scalar its name. */
  title(element = 0) {
    if (this.dimensions.length === 0) return this.name;
    const subscripts = [];
    for (let rest = element, i = this.dimensions.length - 1; i >= 0; i -= 1) {
      const { elements } = this.dimensions[i];
      subscripts.push(elements[rest % elements.length]);
      rest = Math.floor(rest / elements.length);
    }
    return `${this.name}[${subscripts.reverse().join(",")}]`;
  }

  /** Titles of all elements, row-major. */
  get titles() {
    return Array.from({ length: this.size }, (_, element) => this.title(element));
  }

  /** The default of an element, or null when a host cannot set it or the model computes it. */
  defaultOf(element = 0) {
    const piece = this.#pieceOf(element);
    const value = piece?.defaults[element - piece.first] ?? NaN;
    return Number.isNaN(value) ? null : value;
  }
}

/** Names whose meaning is remembered. */
const MAX_REMEMBERED = 4096;

/** Finds variables and their elements. */
export class Directory {
  constructor(layout) {
    const canonical = new Map();
    for (const { name, slot } of layout.entries) if (!canonical.has(slot)) canonical.set(slot, name);
    const nameAt = (record) => {
      const name = canonical.get(record.slot) ?? record.name;
      return record.dimensions.length > 0 && name.endsWith("]") ? name.slice(0, name.lastIndexOf("[")) : name;
    };
    this.variables = layout.variables.map((record) => new Variable(record, nameAt(record)));
    this.byKey = new Map(this.variables.map((variable) => [key(variable.name), variable]));
    this.entries = layout.entries;
    this.timeKeys = new Set(this.variables.filter(({ kind }) => kind === "time").map(({ name }) => key(name)));
    this.selections = new Map();
  }

  /** The variable of a name without subscripts, or undefined. */
  lookUp(name) {
    return this.byKey.get(key(unescapeName(name)));
  }

  /** The elements that a name means: `{variable, elements, shape, dimensions}`, the last two of the dimensions left open. */
  select(name) {
    const known = this.selections.get(name);
    if (known !== undefined) return known;
    const selection = this.resolve(name);
    if (this.selections.size < MAX_REMEMBERED) this.selections.set(name, selection);
    return selection;
  }

  resolve(name) {
    if (typeof name !== "string") throw new SimcError("unknown-name", `a name is a text, not ${shown(name)}`, { input: name, suggestion: null });
    const whole = this.lookUp(name);
    if (whole !== undefined) return selectElements(whole, null);
    const split = splitSubscripts(name);
    const base = split && this.lookUp(split.base);
    if (base) return selectElements(base, split.subscripts, name);
    const entry = this.entries.find((candidate) => candidate.name === name);
    if (entry !== undefined) return this.selectEntry(entry);
    throw this.unknown(split?.base ?? name, "variable", this.variables.map((variable) => variable.name));
  }

  unknown(name, what, candidates) {
    const suggestion = suggest(name, candidates);
    const hint = suggestion === null ? "" : `; did you mean ${shown(suggestion)}?`;
    return new SimcError("unknown-name", `there is no ${what} ${shown(name)}${hint}`, { input: name, suggestion });
  }

  /** What an entry of the core record means: an element, or all of an array. */
  selectEntry({ name, slot }) {
    const variable = this.variables.find((candidate) => candidate.slot <= slot && slot < candidate.slot + candidate.size);
    if (variable === undefined) throw new SimcError("unknown-name", `nothing is known of ${shown(name)}`, { input: name, suggestion: null });
    if (variable.canonical === name) return selectElements(variable, null);
    return { variable, elements: [slot - variable.slot], shape: [], dimensions: [] };
  }

  /** The variable of which a slot is an element. */
  owner(slot) {
    let [low, high] = [0, this.variables.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.variables[middle].slot <= slot) low = middle;
      else high = middle - 1;
    }
    return this.variables[low];
  }
}

/** Elements of a variable by subscripts: names or numbers of elements, `*` or the dimension's name for all. */
function selectElements(variable, subscripts, name = variable.name) {
  const { dimensions, size } = variable;
  if (subscripts === null) {
    return { variable, elements: range(size), shape: variable.shape, dimensions };
  }
  return chooseElements(variable, dimensions, range(size), subscripts, name);
}

/** Of elements that lie in dimensions, row-major, those that subscripts mean. */
function chooseElements(variable, dimensions, elements, subscripts, name) {
  if (subscripts.length !== dimensions.length) {
    const has = dimensions.length === 0 ? "no dimensions" : dimensions.map((dimension) => dimension.name).join(", ");
    throw new SimcError("shape", `${shown(variable.name)} has ${has}, which is not what ${shown(name)} says`, { variable: variable.name });
  }
  const chosen = subscripts.map((subscript, i) => findElement(dimensions[i], subscript));
  let picked = [0];
  dimensions.forEach((dimension, i) => {
    const n = dimension.elements.length;
    const positions = chosen[i] === null ? range(n) : [chosen[i]];
    picked = picked.flatMap((before) => positions.map((position) => before * n + position));
  });
  const open = dimensions.filter((_, i) => chosen[i] === null);
  return { variable, elements: picked.map((at) => elements[at]), shape: open.map((dimension) => dimension.elements.length), dimensions: open };
}

/** The position of an element by its name or its number; null for all of them. */
function findElement(dimension, subscript) {
  if (subscript === "*") return null;
  const wanted = key(unescapeName(subscript));
  let position = dimension.elements.findIndex((element) => key(element) === wanted);
  if (position < 0 && key(dimension.name) === wanted) return null;
  if (position < 0 && /^\+?[0-9]{1,10}$/.test(subscript)) position = Number(subscript) - 1;
  if (position >= 0 && position < dimension.elements.length) return position;
  const suggestion = suggest(subscript, dimension.elements);
  const hint = suggestion === null ? "" : `; did you mean ${shown(suggestion)}?`;
  throw new SimcError("unknown-name", `${shown(subscript)} is no element of ${dimension.name}${hint}`, { input: subscript, suggestion });
}

function range(n) {
  return Array.from({ length: n }, (_, i) => i);
}

/** What a call sets: `[slot, value]` pairs in order. Everything is checked before anything is given back. */
export function assignments(directory, params) {
  if (params === undefined || params === null) return [];
  const pairs = [];
  const seen = new Set();
  for (const [name, value] of entriesOf(params)) {
    const selection = directory.select(name);
    const which = `${selection.variable.slot}:${selection.elements.join()}`;
    if (seen.has(which)) {
      throw new SimcError("ambiguous-name", `${shown(name)} is given twice under different spellings`, { input: name, variable: selection.variable.name });
    }
    seen.add(which);
    assign(directory, selection, value, name, pairs);
  }
  return pairs;
}

/** Parameters are an object, or pairs: of a Map, a list, or anything else that gives them. */
function entriesOf(params) {
  const unfit = (what) => new SimcError("shape", `parameters are an object of names and values, or pairs of a name and a value, not ${what}`);
  if (typeof params !== "object") throw unfit(shown(params));
  if (typeof params[Symbol.iterator] !== "function") return Object.entries(params);
  const pairs = [...params];
  if (!pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) throw unfit("a list of something else");
  return pairs;
}

function assign(directory, selection, value, name, pairs) {
  const { variable, elements, shape } = selection;
  const bad = (code, message) => new SimcError(code, message, { input: name, variable: variable.name });
  if (isMapping(value)) {
    if (shape.length === 0) throw bad("shape", `${shown(name)} is one number, which has no elements`);
    for (const [subscripts, part] of value instanceof Map ? value : Object.entries(value)) {
      const chosen = chooseElements(variable, selection.dimensions, elements, subscriptsOf(String(subscripts)), `${name}[${subscripts}]`);
      assign(directory, chosen, part, `${name}[${subscripts}]`, pairs);
    }
    return;
  }
  const values = typeof value === "number" ? null : flatten(value, shape, elements.length, bad, name);
  requireSettable(directory, variable, elements);
  elements.forEach((element, i) => {
    const number = values === null ? value : values[i];
    if (!Number.isFinite(number)) throw bad("bad-value", `${shown(variable.title(element))} takes a finite number, not ${number}`);
    pairs.push([variable.slot + element, number]);
  });
}

/** Whether a value is numbers by element, and no list. */
function isMapping(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The numbers of a flat or nested list, row-major. */
function flatten(value, shape, size, bad, name) {
  if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    throw bad("shape", `${shown(name)} takes a number, a list of numbers or numbers by element, not ${shown(value)}`);
  }
  const isNested = Array.from(value).some((item) => Array.isArray(item) || ArrayBuffer.isView(item));
  const expected = size === 1 ? "1 number is" : `${size} numbers are`;
  const misfit = () => bad("shape", `${shown(name)} has the shape [${shape.join(", ")}]: ${expected} wanted, which is not what is given`);
  const numbers = isNested ? flattenNested(Array.from(value), shape, misfit) : Array.from(value);
  if (numbers.length !== size || (!isNested && shape.length === 0 && size !== 1)) throw misfit();
  const wrong = numbers.find((number) => typeof number !== "number");
  if (wrong !== undefined || numbers.includes(undefined)) throw bad("shape", `${shown(name)} takes numbers, not ${shown(wrong)}`);
  return numbers;
}

function flattenNested(list, shape, misfit) {
  if (shape.length === 0 || list.length !== shape[0]) throw misfit();
  if (shape.length === 1) return list;
  return list.flatMap((inner) => {
    if (!Array.isArray(inner) && !ArrayBuffer.isView(inner)) throw misfit();
    return flattenNested(Array.from(inner), shape.slice(1), misfit);
  });
}

const WHY_NOT_SETTABLE = {
  time: "it is part of the model's time specification",
  stock: "it is a stock, which starts from its own equation and changes by its flows",
  flow: "it is a flow, computed from its equation",
  auxiliary: "it is computed from its equation; only constants can be set",
  constant: "it is a constant that the compiler needed to know",
  "module-input": "it takes its value from outside of its module",
};

function requireSettable(directory, variable, elements) {
  const fail = (title, why) => {
    throw new SimcError("not-settable", `${shown(title)} cannot be set: ${why}`, { variable: title });
  };
  const isOfRun = variable.kind !== "time" && directory.timeKeys.has(key(variable.name));
  if (isOfRun) fail(variable.name, "a variable has this name, and so has one of the run's own numbers");
  if (!variable.settable) fail(variable.name, WHY_NOT_SETTABLE[variable.kind]);
  const fixed = elements.find((element) => !variable.isSettable(element));
  if (fixed !== undefined) fail(variable.title(fixed), "this element is computed from its equation");
}
