// Charts over time: the stocks first, then whatever the reader adds. Kept runs lie below the current one, dashed.

import { el } from "./dom.js";
import { describeVariable, shortNumber, unitsText } from "./figures.js";

const MAX_LINES = 6;
const MAX_CHARTS = 4;
const HEIGHT = 270;
const COLOURS = 8;
const DASHES = [[6, 4], [2, 3], [10, 3, 2, 3], [1, 4]];
const MAX_CHOICES = 20_000;

/** Every number that can be drawn: `{title, slot, variable}`. */
export function quantitiesOf(model) {
  const quantities = [];
  for (const variable of model.variables) {
    for (let element = 0; variable.kind !== "time" && element < variable.size && quantities.length < MAX_CHOICES; element += 1) {
      quantities.push({ title: variable.title(element), slot: variable.slot + element, variable });
    }
  }
  return quantities;
}

/** The charts of a page that nobody has changed: the author's graphs, or the stocks by their units, or what changes. */
export function usualCharts(model, quantities) {
  const titles = new Set(quantities.map(({ title }) => title));
  const drawn = model.controls.filter(({ kind }) => kind === "graph").map(({ variables }) => variables.flatMap((name) => titlesOf(name, quantities, titles)));
  const graphs = drawn.filter((names) => names.length > 0).map((names) => names.slice(0, COLOURS));
  if (graphs.length > 0) return graphs.slice(0, 2 * MAX_CHARTS);
  let shown = quantities.filter(({ variable }) => variable.kind === "stock");
  if (shown.length === 0) shown = quantities.filter(({ variable }) => ["flow", "auxiliary"].includes(variable.kind));
  const byUnits = new Map();
  for (const quantity of shown) {
    const units = quantity.variable.units ?? "";
    const array = quantity.variable.size > 1 ? quantity.variable.name : "";
    const group = JSON.stringify([units, array, moduleOf(quantity.variable.name)]);
    byUnits.set(group, [...(byUnits.get(group) ?? []), quantity.title]);
  }
  const charts = [...byUnits.values()].flatMap((names) => (names.length <= COLOURS ? [names] : chunks(names, MAX_LINES)));
  return charts.slice(0, MAX_CHARTS);
}

/** The outermost module that a name says a variable is in. */
function moduleOf(name) {
  const dot = name.indexOf(".");
  return dot > 0 ? name.slice(0, dot) : "";
}

function titlesOf(name, quantities, titles) {
  if (titles.has(name)) return [name];
  return quantities.filter(({ variable }) => variable.name === name).map(({ title }) => title);
}

function chunks(items, size) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

export class Charts {
  constructor(place, state, quantities) {
    this.place = place;
    this.state = state;
    this.quantities = new Map(quantities.map((quantity) => [quantity.title, quantity]));
    this.names = quantities.map(({ title }) => title);
    this.charts = [];
    this.overlays = [];
    this.run = null;
    this.resizing = new ResizeObserver((entries) => entries.forEach(({ target }) => this.charts.find((chart) => chart.canvas === target)?.fit()));
    document.body.append(el("datalist", { id: "quantities" }, ...this.names.map((title) => el("option", { value: title }))));
    this.rebuild();
  }

  get wanted() {
    return this.state.charts ?? usualCharts(this.state.model, [...this.quantities.values()]);
  }

  /** All charts anew: their lines, the colours of the page or the kept runs have changed. */
  rebuild() {
    this.charts.forEach((chart) => chart.end());
    this.charts = this.wanted.map((titles, number) => {
      const known = titles.filter((title) => this.quantities.has(title)).map((title) => this.quantities.get(title));
      return new Chart(this, number, known);
    });
    const add = el("button", { type: "button", class: "add-chart", onclick: () => this.change((charts) => [...charts, []]) }, "+ Add a chart");
    this.place.replaceChildren(el("div", { class: "grid" }, ...this.charts.map(({ element }) => element)), add);
    this.charts.forEach((chart) => {
      this.resizing.observe(chart.canvas);
      chart.build();
    });
  }

  /** Other charts, and so another link. */
  change(edit) {
    this.state.charts = edit(this.wanted.map((titles) => [...titles]));
    this.rebuild();
    this.state.changed("view");
  }

  /** Draws a run. */
  show(run, overlays = this.overlays) {
    const isSame = overlays.length === this.overlays.length && overlays.every((overlay, i) => overlay.name === this.overlays[i].name);
    this.run = run;
    this.overlays = overlays.map(({ name, run: kept }) => ({ name, run: kept }));
    if (isSame) this.charts.forEach((chart) => chart.draw());
    else this.rebuild();
  }
}

class Chart {
  constructor(owner, number, quantities) {
    this.owner = owner;
    this.number = number;
    this.quantities = quantities;
    this.plot = null;
    this.values = [];
    this.time = el("span", { class: "now" });
    this.canvas = el("div", { class: "canvas" });
    this.empty = el("p", { class: "note" }, "Add a variable to this chart.");
    this.element = el("section", { class: "chart", "aria-label": `Chart ${number + 1}` }, this.#head(), this.canvas);
  }

  #head() {
    const chips = this.quantities.map(({ title, variable }, i) => {
      const remove = el("button", { type: "button", class: "icon", "aria-label": `Remove ${title}`, onclick: () => this.#edit((titles) => titles.filter((other) => other !== title)) }, "×");
      const value = el("span", { class: "now" });
      this.values.push(value);
      return el("span", { class: `chip colour-${i % COLOURS}`, title: describeVariable(variable) }, el("span", { class: "swatch" }), title, value, remove);
    });
    const input = el("input", { type: "search", class: "add", placeholder: "+ variable", list: "quantities", "aria-label": `Add a variable to chart ${this.number + 1}` });
    input.addEventListener("change", () => {
      const { value } = input;
      if (this.owner.quantities.has(value)) this.#edit((titles) => (titles.includes(value) ? titles : [...titles, value]));
      else input.setAttribute("aria-invalid", String(value !== ""));
    });
    const close = el("button", { type: "button", class: "icon close", "aria-label": `Remove chart ${this.number + 1}`, title: "Remove this chart", onclick: () => this.owner.change((charts) => charts.filter((_, i) => i !== this.number)) }, "×");
    return el("div", { class: "chart-head" }, el("div", { class: "chips" }, ...chips, input), this.time, close);
  }

  #edit(edit) {
    this.owner.change((charts) => charts.map((titles, i) => (i === this.number ? edit(titles) : titles)));
  }

  build() {
    if (this.quantities.length === 0) {
      this.canvas.replaceChildren(this.empty);
      return;
    }
    this.plot = new uPlot(this.#options(), this.#data(), this.canvas);
  }

  #options() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const unitsOf = ({ variable }) => unitsText(variable.units);
    const scales = [...new Set(this.quantities.map(unitsOf))];
    const scaleOf = (quantity) => `y${scales.indexOf(unitsOf(quantity))}`;
    const font = `12px ${colour("--font")}`;
    const grid = { stroke: colour("--grid"), width: 1 };
    const timeUnits = unitsText(this.owner.state.model.time.units);
    const series = [{ label: timeUnits === "" ? "Time" : `Time (${timeUnits})`, value: (_, value) => (value === null ? "–" : shortNumber(value)) }];
    this.quantities.forEach((quantity, i) => series.push(this.#line(quantity.title, scaleOf(quantity), colour(`--colour-${i % COLOURS}`), [])));
    this.owner.overlays.forEach(({ name }, run) => {
      this.quantities.forEach((quantity, i) => {
        series.push(this.#line(`${quantity.title} · ${name}`, scaleOf(quantity), colour(`--colour-${i % COLOURS}`), DASHES[run % DASHES.length]));
      });
    });
    const axis = { stroke: colour("--muted"), font, labelFont: font, grid, ticks: { ...grid, size: 4 } };
    const yAxes = scales.map((units, i) => ({
      ...axis,
      scale: `y${i}`,
      side: i % 2 === 0 ? 3 : 1,
      grid: i === 0 ? grid : { show: false },
      label: units === "" ? undefined : units,
      labelSize: 20,
      values: (_, splits) => splits.map((value) => (value === null ? "" : axisNumber(value, splits))),
      size: (_, values) => 16 + 6.6 * Math.max(2, ...(values ?? []).map((value) => value.length)),
    }));
    return {
      width: this.#width(),
      height: HEIGHT,
      padding: [12, scales.length > 1 ? 4 : 14, 0, 0],
      cursor: { sync: { key: "charts" }, points: { size: 7 }, drag: { x: true, y: false } },
      scales: { x: { time: false }, ...Object.fromEntries(scales.map((_, i) => [`y${i}`, { auto: true, range: rangeOf }])) },
      axes: [{ ...axis, label: timeUnits === "" ? undefined : timeUnits, labelSize: 18, size: 32 }, ...yAxes],
      series,
      legend: { show: false },
      hooks: {
        ready: [(plot) => this.#showValues(plot)],
        setCursor: [(plot) => this.#showValues(plot)],
        setData: [(plot) => this.#showValues(plot)],
        draw: [(plot) => this.#drawEvents(plot, colour("--accent"))],
      },
    };
  }

  #line(label, scale, stroke, dash) {
    const isKept = dash.length > 0;
    return { label, scale, stroke, dash: isKept ? dash : undefined, width: isKept ? 1.25 : 2, alpha: isKept ? 0.75 : 1, spanGaps: false, points: { show: false }, value: (_, value) => (value === null ? "–" : shortNumber(value)) };
  }

  /** Columns for the chart: the times of the longest run, then each line. */
  #data() {
    const { run, overlays } = this.owner;
    if (run === null) return [[0], ...this.quantities.map(() => [null])];
    const all = [run, ...overlays.map((overlay) => overlay.run)];
    const longest = all.reduce((most, other) => (other.rows > most.rows ? other : most));
    const lines = all.flatMap((each) => this.quantities.map(({ slot }) => drawable(each.columnAt(slot), longest.rows)));
    return [longest.columnAt(0), ...lines];
  }

  draw() {
    this.plot?.setData(this.#data());
  }

  /** Beside each name the number under the cursor, or else the last one. */
  #showValues(plot) {
    const { idx } = plot.cursor;
    const row = idx ?? plot.data[0].length - 1;
    const units = unitsText(this.owner.state.model.time.units);
    this.time.textContent = idx === null || idx === undefined ? "" : `${shortNumber(plot.data[0][row])} ${units}`.trim();
    const n = this.quantities.length;
    const isCompared = this.owner.overlays.length > 0;
    this.values.forEach((value, i) => {
      const kept = isCompared ? ` vs ${shortNumber(plot.data[n + i + 1]?.[row] ?? null)}` : "";
      value.textContent = shortNumber(plot.data[i + 1]?.[row] ?? null) + kept;
      value.title = isCompared ? `Now, and in the run "${this.owner.overlays[0].name}"` : "";
    });
  }

  #drawEvents(plot, stroke) {
    const events = this.owner.run?.events ?? [];
    if (events.length === 0) return;
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = stroke;
    ctx.fillStyle = stroke;
    ctx.globalAlpha = 0.8;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const time of new Set(events.slice(0, 500).map((event) => event.time))) {
      const x = Math.round(plot.valToPos(time, "x", true));
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x - 4 * devicePixelRatio, bbox.top);
      ctx.lineTo(x + 4 * devicePixelRatio, bbox.top);
      ctx.lineTo(x, bbox.top + 7 * devicePixelRatio);
      ctx.fill();
    }
    ctx.restore();
  }

  #width() {
    return Math.max(200, Math.floor(this.canvas.clientWidth));
  }

  fit() {
    const width = this.#width();
    if (this.plot !== null && this.plot.width !== width) this.plot.setSize({ width, height: HEIGHT });
  }

  end() {
    this.owner.resizing.unobserve(this.canvas);
    this.plot?.destroy();
    this.plot = null;
  }
}

/** From the least to the greatest value with a little room; what never changes lies in the middle. */
function rangeOf(_, least, greatest) {
  if (least === null || greatest === null) return [0, 1];
  if (least === greatest) return least === 0 ? [-1, 1] : [least - Math.abs(least) / 2, least + Math.abs(least) / 2];
  const [low, high] = uPlot.rangeNum(least, greatest, 0.06, true);
  return [low, high];
}

/** Numbers of an axis, all with as many digits as their distance needs. */
function axisNumber(value, splits) {
  const size = Math.max(...splits.map((split) => Math.abs(split)));
  if (size >= 1e7 || (size < 1e-3 && size > 0)) return value === 0 ? "0" : value.toExponential(1).replace(/\.0e/, "e").replace("e+", "e");
  const distance = splits.length > 1 ? Math.abs(splits[1] - splits[0]) : size;
  let digits = 0;
  while (digits < 6 && Math.abs(distance * 10 ** digits - Math.round(distance * 10 ** digits)) > 1e-6) digits += 1;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Numbers of a line; what is no number, and what was not run, is a gap. */
function drawable(values, rows) {
  if (values.length === rows && values.every(Number.isFinite)) return values;
  return Array.from({ length: rows }, (_, row) => (Number.isFinite(values[row]) ? values[row] : null));
}
