// What a variable is computed from, and what is computed from it.

import { el } from "./dom.js";
import { describeVariable, shortNumber, unitsText } from "./figures.js";

const SIGN_MARKS = { same: ["+", "rises with it"], opposite: ["−", "falls when it rises"], unknown: ["·", "depends on it"] };

export class Causes {
  constructor(place, model, { onChart }) {
    this.place = place;
    this.model = model;
    this.onChart = onChart;
    this.byName = new Map(model.variables.map((variable) => [variable.name, variable]));
    this.run = null;
    this.current = model.variables.find(({ kind }) => kind === "stock") ?? model.variables.find(({ kind }) => kind !== "time") ?? model.variables[0];
    this.input = el("input", { type: "search", list: "variables", "aria-label": "Variable", placeholder: "Look up a variable" });
    this.input.addEventListener("change", () => this.byName.has(this.input.value) && this.go(this.byName.get(this.input.value)));
    const names = model.variables.filter(({ kind }) => kind !== "time").map(({ name }) => el("option", { value: name }));
    this.card = el("div", { class: "causes" });
    place.append(el("div", { class: "bar" }, this.input, el("datalist", { id: "variables" }, ...names)), this.card);
  }

  go(variable) {
    this.current = variable;
    this.input.value = "";
    this.draw();
  }

  show(run) {
    this.run = run;
    if (!this.place.hidden) this.draw();
  }

  draw() {
    const { name } = this.current;
    const before = this.model.links.filter(({ effect }) => effect === name);
    const after = this.model.links.filter(({ cause }) => cause === name);
    const hasLinks = this.model.links.length > 0;
    const list = (title, links, other, hint) =>
      el("section", { class: "links" }, el("h3", {}, title), links.length === 0 ? el("p", { class: "note" }, hint) : el("ul", {}, ...links.map((link) => this.#link(link, link[other]))));
    this.card.replaceChildren(
      hasLinks ? list("Computed from", before, "cause", "Nothing: it is a constant, or follows from time alone.") : "",
      this.#middle(hasLinks),
      hasLinks ? list("Used by", after, "effect", "Nothing in this model reads it.") : "",
    );
  }

  #middle(hasLinks) {
    const variable = this.current;
    const { title, slot } = { title: variable.title(0), slot: variable.slot };
    const rows = this.run?.rows ?? 0;
    const now = rows > 0 && variable.size === 1 ? this.run.columnAt(slot) : null;
    const facts = [
      ["Kind", variable.kind.replace("-", " ")],
      ["Units", unitsText(variable.units)],
      ["Elements", variable.size > 1 ? variable.dimensions.map((dimension) => `${dimension.name} (${dimension.elements.length})`).join(" × ") : ""],
      ["From", now === null ? "" : shortNumber(now[0])],
      ["To", now === null ? "" : shortNumber(now[rows - 1])],
    ].filter(([, value]) => value !== "");
    return el(
      "section",
      { class: "variable" },
      el("h2", {}, variable.name),
      el("p", { class: "documentation" }, describeVariable({ ...variable, units: null, documentation: variable.documentation })),
      el("dl", {}, ...facts.flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, value)])),
      el("button", { type: "button", onclick: () => this.onChart(title) }, "Show in a chart"),
      hasLinks ? null : el("p", { class: "note" }, "The artifact does not say which variable reads which."),
    );
  }

  #link({ sign, isInitial }, name) {
    const [mark, meaning] = SIGN_MARKS[sign];
    const variable = this.byName.get(name);
    const button = el("button", { type: "button", class: "link", title: describeVariable(variable), onclick: () => this.go(variable) }, name);
    return el("li", {}, el("span", { class: `sign ${sign}`, title: meaning }, mark), button, isInitial ? el("span", { class: "sub" }, " at the start") : null);
  }
}
