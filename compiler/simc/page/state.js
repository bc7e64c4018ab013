// What the reader has changed: the numbers that differ from the defaults, kept runs, charts. All of it fits into a link.

import { SimcError } from "../../../runtime-shim/hosts/js/src/errors.js";

const MAX_HISTORY = 200;
const DIGEST_DIGITS = 16;

export class PageState {
  /** `titles` are those of what can be drawn; `computed` gives the number that the model itself computes for the start, by slot. */
  constructor(model, parameters, titles, computed) {
    this.model = model;
    this.parameters = parameters;
    this.titles = new Set(titles);
    this.computed = computed;
    this.byTitle = new Map(parameters.map((parameter) => [parameter.title, parameter]));
    this.settings = new Map();
    this.kept = [];
    this.charts = null;
    this.logarithmic = new Set();
    this.past = [];
    this.future = [];
    this.listeners = [];
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  changed(what) {
    for (const listener of this.listeners) listener(what);
  }

  valueOf(parameter) {
    return this.settings.get(parameter.slot) ?? this.defaultOf(parameter);
  }

  /** What it is when nobody sets it: a number of the model, or what the run computes with everything else as it is. */
  defaultOf(parameter) {
    return parameter.isComputed ? this.computed(parameter.slot) : parameter.default;
  }

  /** Back to what it is when nobody sets it. */
  unset(parameter) {
    if (!this.settings.has(parameter.slot)) return;
    this.remember();
    this.settings.delete(parameter.slot);
    this.changed("settings");
  }

  /** Gives a parameter a value. While a slider moves, nothing is remembered for undo. */
  set(parameter, value, { isMoving = false } = {}) {
    if (!isMoving) this.remember();
    this.#put(parameter, value);
    this.changed("settings");
  }

  #put(parameter, value) {
    if (!parameter.isComputed && Object.is(value, parameter.default)) this.settings.delete(parameter.slot);
    else this.settings.set(parameter.slot, value);
  }

  /** What undo comes back to. */
  remember() {
    this.past.push(new Map(this.settings));
    if (this.past.length > MAX_HISTORY) this.past.shift();
    this.future = [];
  }

  resetAll() {
    if (this.settings.size === 0) return;
    this.remember();
    this.settings = new Map();
    this.changed("settings");
  }

  undo() {
    this.#move(this.past, this.future);
  }

  redo() {
    this.#move(this.future, this.past);
  }

  #move(from, to) {
    if (from.length === 0) return;
    to.push(this.settings);
    this.settings = from.pop();
    this.changed("settings");
  }

  /** Everything that differs, for the fragment of a link. */
  fragment() {
    const parts = new URLSearchParams();
    if (this.settings.size > 0) parts.set("set", JSON.stringify(this.#named(this.settings)));
    if (this.kept.length > 0) parts.set("runs", JSON.stringify(this.kept.map(({ name, settings }) => ({ name, set: this.#named(settings) }))));
    if (this.charts !== null) parts.set("charts", JSON.stringify(this.charts));
    if (this.logarithmic.size > 0) parts.set("log", JSON.stringify([...this.logarithmic].map((slot) => this.parameters.find((parameter) => parameter.slot === slot).title)));
    if ([...parts].length === 0) return "";
    parts.set("model", this.model.sourceSha256.slice(0, DIGEST_DIGITS));
    return parts.toString();
  }

  #named(settings) {
    return Object.fromEntries(this.parameters.filter(({ slot }) => settings.has(slot)).map(({ slot, title }) => [title, settings.get(slot)]));
  }

  /** Takes up a fragment; what does not fit is told and left out. Of another model nothing is taken unless `isForced`. */
  restore(fragment, { isForced = false } = {}) {
    const parts = new URLSearchParams(fragment);
    const digest = parts.get("model");
    if (!isForced && digest !== null && digest !== this.model.sourceSha256.slice(0, DIGEST_DIGITS)) {
      throw new SimcError("wrong-artifact", "This link was made for another model, or for another version of this one.");
    }
    const faults = [];
    const read = (name) => {
      try {
        return parts.has(name) ? JSON.parse(parts.get(name)) : null;
      } catch {
        faults.push(`"${name}" cannot be read`);
        return null;
      }
    };
    const named = (run) => (typeof run?.name === "string" ? run.name : "Run");
    this.settings = this.#unnamed(read("set"), faults);
    this.kept = asList(read("runs")).map((run) => ({ name: named(run), settings: this.#unnamed(run?.set, faults), run: null }));
    this.charts = this.#drawable(read("charts"), faults);
    this.logarithmic = new Set(asList(read("log")).map((title) => this.byTitle.get(title)?.slot).filter((slot) => slot !== undefined));
    return faults;
  }

  /** Charts with the variables that there are. One of which nothing is left goes; without any the usual ones are shown. */
  #drawable(charts, faults) {
    if (!Array.isArray(charts)) return null;
    const known = charts.map((titles) => {
      const wanted = asList(titles);
      const found = wanted.filter((title) => this.titles.has(title));
      for (const title of wanted) if (!this.titles.has(title)) faults.push(typeof title === "string" ? `this model has no variable "${title}"` : "a chart has what is no name");
      return { found, isLost: wanted.length > 0 && found.length === 0 };
    });
    const left = known.filter(({ isLost }) => !isLost).map(({ found }) => found);
    return left.length === 0 && charts.length > 0 ? null : left;
  }

  #unnamed(named, faults) {
    const settings = new Map();
    if (named === null || typeof named !== "object") return settings;
    for (const [title, value] of Object.entries(named)) {
      const parameter = this.byTitle.get(title);
      if (parameter === undefined) faults.push(`this model has no constant "${title}"`);
      else if (typeof value !== "number" || !Number.isFinite(value)) faults.push(`"${title}" is given what is no number`);
      else settings.set(parameter.slot, value);
    }
    return settings;
  }
}

function asList(value) {
  return Array.isArray(value) ? value : [];
}
