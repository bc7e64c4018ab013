// The numbers of the current run: of the variables in the charts, or of all.

import { el } from "./dom.js";
import { exactNumber, shortNumber, unitsText } from "./figures.js";

const ROW_HEIGHT = 26;
const SPARE_ROWS = 12;
const MAX_COLUMNS = 200;
/** Nobody reads a table while a slider moves: it follows when the numbers have come to rest. */
const REST = 90;

export class Table {
  constructor(place, quantities) {
    this.place = place;
    this.quantities = quantities;
    this.shown = [];
    this.isExact = false;
    this.run = null;
    this.body = el("tbody");
    this.head = el("thead");
    this.place.append(el("table", {}, this.head, this.body));
    this.place.addEventListener("scroll", () => this.#fill());
    new ResizeObserver(() => this.#fill()).observe(place);
  }

  /** The columns of some quantities, beside the time. */
  choose(titles) {
    const byTitle = new Map(this.quantities.map((quantity) => [quantity.title, quantity]));
    const chosen = titles.filter((title, i) => byTitle.has(title) && titles.indexOf(title) === i);
    this.shown = chosen.slice(0, MAX_COLUMNS).map((title) => byTitle.get(title));
    const cell = ({ title, variable }) => el("th", { scope: "col" }, el("span", { class: "name" }, title), el("span", { class: "sub" }, unitsText(variable.units)));
    this.head.replaceChildren(el("tr", {}, el("th", { scope: "col" }, "time"), ...this.shown.map(cell)));
    this.show(this.run);
  }

  /** Shows a run once no other has followed for a while. */
  showAtRest(run) {
    this.run = run;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(run), REST);
  }

  show(run) {
    clearTimeout(this.timer);
    this.run = run;
    this.columns = run === null ? [] : [run.columnAt(0), ...this.shown.map(({ slot }) => run.columnAt(slot))];
    this.#fill();
  }

  /** Makes only the rows that are in sight, between two empty ones as high as the others. */
  #fill() {
    const { run, place } = this;
    if (run === null || place.clientHeight === 0) return;
    const first = Math.max(0, Math.floor(place.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    const last = Math.min(run.rows, first + Math.ceil(place.clientHeight / ROW_HEIGHT) + 2 * SPARE_ROWS);
    const show = this.isExact ? exactNumber : shortNumber;
    const rows = [this.#gap(first)];
    for (let row = first; row < last; row += 1) {
      rows.push(el("tr", {}, ...this.columns.map((values, i) => el(i === 0 ? "th" : "td", i === 0 ? { scope: "row" } : {}, show(values[row])))));
    }
    rows.push(this.#gap(run.rows - last));
    this.body.replaceChildren(...rows);
  }

  #gap(rows) {
    const row = el("tr", { class: "gap", "aria-hidden": "true" });
    row.style.setProperty("height", `${rows * ROW_HEIGHT}px`);
    return row;
  }
}
