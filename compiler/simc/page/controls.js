// The constants of the model, each with a slider and its exact number, in the groups of the model's author.

import { el } from "./dom.js";
import { describeVariable, exactNumber, shortNumber, unitsText } from "./figures.js";
import { SliderScale, usualRange } from "./scale.js";

/** Elements of an array that have a slider each; of more, those that the reader picks. */
const MAX_ELEMENTS = 40;

/** Everything that can be set: `{title, slot, variable, element, default, isComputed, control}`. A default that the model computes is null. */
export function parametersOf(model) {
  const controls = new Map();
  for (const control of model.controls) {
    if (control.kind !== "graph" && control.kind !== "gauge") for (const name of control.variables) controls.set(name, control);
  }
  const parameters = [];
  const times = new Set(model.variables.filter(({ kind }) => kind === "time").map(({ name }) => name.toLowerCase()));
  for (const variable of model.parameters) {
    if (times.has(variable.name.toLowerCase())) continue;
    for (let element = 0; element < variable.size; element += 1) {
      if (!variable.isSettable(element)) continue;
      const [title, slot] = [variable.title(element), variable.slot + element];
      const control = controls.get(title) ?? controls.get(variable.name) ?? null;
      const usual = variable.defaultOf(element);
      parameters.push({ title, slot, variable, element, default: usual, isComputed: usual === null, control });
    }
  }
  return parameters;
}

/** Parameters by group: what the author drew a control for, the model's groups, modules, the rest. */
function grouped(model, parameters) {
  const groups = new Map();
  const hasControls = parameters.some(({ control }) => control !== null);
  const nameOf = ({ variable, control }) => {
    if (control !== null) return "Controls";
    if (variable.kind === "stock") return "Initial values";
    const group = model.groups.find(({ members }) => members.some((member) => member === variable.name || variable.name.startsWith(`${member}.`)));
    if (group !== undefined) return group.name;
    const dot = variable.name.lastIndexOf(".");
    if (dot < 0 && variable.kind === "flow") return "Constant flows";
    return dot > 0 ? variable.name.slice(0, dot) : hasControls ? "Other constants" : "Constants";
  };
  if (hasControls) groups.set("Controls", []);
  const rank = ({ variable }) => ["flow", "stock"].indexOf(variable.kind);
  for (const parameter of [...parameters].sort((a, b) => rank(a) - rank(b))) {
    const name = nameOf(parameter);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(parameter);
  }
  return groups;
}

export class Controls {
  constructor(place, state) {
    this.place = place;
    this.state = state;
    this.rows = new Map();
    const groups = grouped(state.model, state.parameters);
    for (const [name, parameters] of groups) place.append(this.#group(name, parameters, groups.size));
    if (state.parameters.length === 0) place.append(el("p", { class: "note" }, "This model has no constants that can be changed."));
    state.onChange(() => this.refresh());
  }

  #group(name, parameters, count) {
    const documentation = this.state.model.groups.find((group) => group.name === name)?.documentation;
    const body = el("div", { class: "group-body" });
    const byVariable = Map.groupBy ? Map.groupBy(parameters, ({ variable }) => variable) : groupBy(parameters, ({ variable }) => variable);
    for (const [variable, elements] of byVariable) {
      if (variable.size === 1) body.append(this.#row(elements[0]));
      else body.append(this.#array(variable, elements));
    }
    if (count === 1) return body;
    const summary = el("summary", { title: documentation ?? "" }, name, el("span", { class: "count" }, String(parameters.length)));
    return el("details", { class: "group", open: name === "Controls" || !this.place.querySelector("details.group") || parameters.length <= 12 }, summary, body);
  }

  #array(variable, elements) {
    const rows = el("div", { class: "group-body" });
    const details = el("details", { class: "array" }, el("summary", { title: describeVariable(variable) }, variable.name, el("span", { class: "count" }, String(elements.length))), rows);
    details.addEventListener("toggle", () => {
      if (rows.childElementCount > 0) return;
      if (elements.length <= MAX_ELEMENTS) rows.append(...elements.map((parameter) => this.#row(parameter)));
      else rows.append(this.#picker(elements, rows));
    });
    return details;
  }

  /** A field that adds the slider of an element by its name. */
  #picker(elements, rows) {
    const id = `elements-${elements[0].slot}`;
    const input = el("input", { type: "search", placeholder: "Pick an element", list: id, "aria-label": `Element of ${elements[0].variable.name}` });
    input.addEventListener("change", () => {
      const parameter = elements.find(({ title }) => title === input.value);
      input.value = "";
      if (parameter !== undefined && !this.rows.has(parameter.slot)) rows.append(this.#row(parameter));
    });
    return el("div", { class: "picker" }, input, el("datalist", { id }, ...elements.map(({ title }) => el("option", { value: title }))));
  }

  #row(parameter) {
    const row = new ControlRow(parameter, this.state);
    this.rows.set(parameter.slot, row);
    return row.element;
  }

  refresh() {
    for (const row of this.rows.values()) row.refresh();
  }

  /** Another run computes other initial values. */
  refreshComputed() {
    for (const row of this.rows.values()) if (row.parameter.isComputed) row.refresh();
  }

  /** Shows the constants whose name holds a text. */
  filter(text) {
    const wanted = text.trim().toLowerCase();
    if (wanted !== "") for (const details of this.place.querySelectorAll("details")) details.open = true;
    for (const { element, parameter } of this.rows.values()) element.hidden = wanted !== "" && !parameter.title.toLowerCase().includes(wanted);
  }
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

class ControlRow {
  constructor(parameter, state) {
    this.parameter = parameter;
    this.state = state;
    const { title, variable, control } = parameter;
    const id = `set-${parameter.slot}`;
    const about = describeVariable(variable);
    const units = unitsText(variable.units);
    this.number = el("input", { id, type: "text", inputMode: "decimal", class: "exact", autocomplete: "off", spellcheck: false, "aria-describedby": `${id}-units` });
    this.number.addEventListener("change", () => this.#typed());
    this.reset = el("button", { type: "button", class: "icon reset", title: `Back to ${parameter.isComputed ? "what the model computes" : exactNumber(parameter.default)}`, "aria-label": `Reset ${title}`, onclick: () => state.unset(parameter) }, "↺");
    this.log = el("button", { type: "button", class: "icon log", "aria-pressed": "false", title: "Logarithmic slider", "aria-label": `Logarithmic slider for ${title}`, onclick: () => this.#toggleLog() }, "log");
    const label = el("label", { for: id, title: about }, control?.label ?? title, control?.label ? el("span", { class: "sub" }, ` ${title}`) : null);
    const head = el("div", { class: "head" }, label, about === "" ? null : this.#about(about, title), this.log, this.reset);
    this.isSwitch = control?.kind === "switch";
    this.log.hidden = this.isSwitch;
    this.tick = el("span", { class: "tick", "aria-hidden": "true" });
    this.slider = this.isSwitch ? el("input", { type: "checkbox", role: "switch", "aria-label": title }) : el("input", { type: "range", "aria-label": title });
    this.track = el("div", { class: this.isSwitch ? "track switch" : "track" }, this.slider, this.isSwitch ? null : this.tick);
    const value = el("div", { class: "value" }, this.track, this.number, el("span", { class: "units", id: `${id}-units` }, units));
    this.element = el("div", { class: "control", data: { title } }, head, this.documentation, value);
    this.#listen();
    this.#scaleTo(state.valueOf(parameter));
    this.refresh();
  }

  #about(text, title) {
    this.documentation = el("p", { class: "documentation", hidden: true }, text);
    const button = el("button", { type: "button", class: "icon", "aria-expanded": "false", "aria-label": `About ${title}`, title: text }, "i");
    button.addEventListener("click", () => {
      this.documentation.hidden = !this.documentation.hidden;
      button.setAttribute("aria-expanded", String(!this.documentation.hidden));
    });
    return button;
  }

  #listen() {
    let isMoving = false;
    this.slider.addEventListener("input", () => {
      if (!isMoving) this.state.remember();
      isMoving = true;
      this.state.set(this.parameter, this.#sliderValue(), { isMoving: true });
    });
    this.slider.addEventListener("change", () => (isMoving = false));
    this.slider.addEventListener("dblclick", () => this.state.unset(this.parameter));
  }

  #sliderValue() {
    if (this.isSwitch) return this.slider.checked ? 1 : 0;
    const position = Number(this.slider.value);
    const { default: usual, isComputed } = this.parameter;
    return !isComputed && position === this.scale.positionOf(usual) ? usual : this.scale.valueAt(position);
  }

  #typed() {
    const text = this.number.value.trim();
    const value = Number(text);
    if (text === "" || !Number.isFinite(value)) {
      this.number.setAttribute("aria-invalid", "true");
      this.number.title = "Write a finite number, such as 0.5 or 1e-3";
      return;
    }
    this.state.set(this.parameter, value);
  }

  #toggleLog() {
    const { logarithmic } = this.state;
    if (!logarithmic.delete(this.parameter.slot)) logarithmic.add(this.parameter.slot);
    this.#scaleTo(this.state.valueOf(this.parameter));
    this.refresh();
    this.state.changed("view");
  }

  /** The scale, wide enough for a value. */
  #scaleTo(value) {
    if (this.isSwitch) return;
    const { control, variable } = this.parameter;
    const usual = this.state.defaultOf(this.parameter);
    const [least, greatest] = usualRange(variable, control, usual);
    const range = { least: Math.min(least, value), greatest: Math.max(greatest, value) };
    if (range.greatest <= 0) this.state.logarithmic.delete(this.parameter.slot);
    this.log.hidden = range.greatest <= 0;
    const isLog = this.state.logarithmic.has(this.parameter.slot);
    this.log.setAttribute("aria-pressed", String(isLog));
    this.scale = new SliderScale({ ...range, step: control?.step ?? null, isLog });
    this.slider.min = "0";
    this.slider.max = String(this.scale.positions);
    this.slider.step = "1";
    this.tick.style.setProperty("--at", String(this.scale.positionOf(usual) / this.scale.positions));
    this.slider.title = `${shortNumber(this.scale.least)} to ${shortNumber(this.scale.greatest)}; the tick is ${shortNumber(usual)}`;
  }

  /** Shows the value that the state has. */
  refresh() {
    const value = this.state.valueOf(this.parameter);
    const isChanged = this.state.settings.has(this.parameter.slot);
    const isLog = this.state.logarithmic.has(this.parameter.slot);
    const isShown = Object.is(value, this.shown) && isLog === this.scale?.isLog && !this.number.hasAttribute("aria-invalid");
    if (isShown) return;
    this.shown = value;
    this.element.classList.toggle("changed", isChanged);
    this.reset.disabled = !isChanged;
    this.number.removeAttribute("aria-invalid");
    const text = exactNumber(value);
    if (this.number.value !== text) this.number.value = text;
    if (this.isSwitch) {
      this.slider.checked = value !== 0;
      return;
    }
    if (value < this.scale.least || value > this.scale.greatest || isLog !== this.scale.isLog) this.#scaleTo(value);
    const position = String(this.scale.positionOf(value));
    if (this.slider.value !== position) this.slider.value = position;
    this.slider.setAttribute("aria-valuetext", `${shortNumber(value)} ${unitsText(this.parameter.variable.units)}`.trim());
    this.slider.style.setProperty("--part", String(Number(position) / this.scale.positions));
  }
}
