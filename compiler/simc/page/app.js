// The page: the artifact that it holds, run anew whenever its reader changes something.

import { loadBytes, loadSync } from "../../../runtime-shim/hosts/js/src/model.js";
import { byId, download, el, toast } from "./dom.js";
import { shortNumber, unitsText } from "./figures.js";
import { PageState } from "./state.js";
import { Runner, serveRuns } from "./runner.js";
import { Controls, parametersOf } from "./controls.js";
import { Charts, quantitiesOf } from "./charts.js";
import { Table } from "./table.js";
import { Causes } from "./causes.js";

const METHOD_NAMES = { euler: "Euler", rk2: "Runge-Kutta 2", rk4: "Runge-Kutta 4", midpoint: "Runge-Kutta 2 (midpoint)" };
const THEMES = ["auto", "light", "dark"];
/** Bytes that a browser compiles on its main thread without complaint. */
const MAX_AT_ONCE = 4_000_000;

class Page {
  constructor(model, programText) {
    this.model = model;
    this.runner = new Runner(model, programText, { onSlow: () => this.#tellStatus() });
    const first = this.runner.runNow(new Map());
    this.result = first;
    this.quantities = quantitiesOf(model);
    const computed = (slot) => (this.result.run.rows > 0 ? this.result.run.numberAt(0, slot) : 0);
    this.state = new PageState(model, parametersOf(model), this.quantities.map(({ title }) => title), computed);
    this.isRunning = false;
    this.isStale = false;
    this.isPending = false;
    this.frame = 0;
    this.#describe();
    const faults = this.#restore(location.hash.slice(1));
    this.controls = new Controls(byId("controls"), this.state);
    this.charts = new Charts(byId("charts"), this.state, this.quantities);
    this.table = new Table(byId("table"), this.quantities);
    this.causes = new Causes(byId("pane-causes"), model, { onChart: (title) => this.#addChart(title) });
    this.#listen();
    this.#chooseColumns();
    this.state.onChange((what) => (what === "settings" ? this.#rerun() : this.#viewChanged()));
    if (faults.length > 0) this.#tell(`Part of the link does not fit this model: ${faults.join("; ")}.`);
    this.#show(this.state.settings.size === 0 ? first : this.runner.runNow(this.state.settings));
  }

  #describe() {
    const { name, time, producer, sha256 } = this.model;
    byId("name").textContent = name || "Model";
    const units = unitsText(time.units);
    byId("about").textContent = `${shortNumber(time.start)} to ${shortNumber(time.stop)}${units === "" ? "" : ` ${units}`} · dt ${shortNumber(time.dt)} · ${METHOD_NAMES[time.method]} · ${this.model.variables.length - 4} variables`;
    byId("footer").textContent = `Compiled by ${producer}; runs in this page alone. Artifact SHA-256 ${sha256.slice(0, 16)}…`;
    byId("footer").title = sha256;
  }

  #listen() {
    const on = (id, listener) => byId(id).addEventListener("click", listener);
    on("undo", () => this.state.undo());
    on("redo", () => this.state.redo());
    on("reset-all", () => this.state.resetAll());
    on("keep", () => this.#keep());
    on("share", () => this.#share());
    on("csv", () => download(`${(this.model.name || "model").replace(/[^\p{L}\p{N}._-]+/gu, "_")}.csv`, this.result.run.csv(), "text/csv"));
    on("theme", () => this.#nextTheme());
    byId("filter").addEventListener("input", ({ target }) => this.controls.filter(target.value));
    byId("all-columns").addEventListener("change", () => this.#chooseColumns());
    byId("exact").addEventListener("change", ({ target }) => {
      this.table.isExact = target.checked;
      this.table.show(this.result.run);
    });
    this.#listenToTabs();
    document.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("hashchange", () => this.#hashChanged());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.charts.rebuild());
    addEventListener("beforeprint", () => (byId("panel-details").open = true));
    if (matchMedia("(max-width: 800px)").matches) byId("panel-details").open = false;
  }

  #listenToTabs() {
    const tabs = [...document.querySelectorAll("[role=tab]")];
    const open = (tab) => {
      for (const other of tabs) {
        const isOpen = other === tab;
        other.setAttribute("aria-selected", String(isOpen));
        other.tabIndex = isOpen ? 0 : -1;
        byId(other.getAttribute("aria-controls")).hidden = !isOpen;
      }
      this.causes.show(this.result.run);
      this.table.show(this.result.run);
    };
    for (const tab of tabs) {
      tab.addEventListener("click", () => open(tab));
      tab.addEventListener("keydown", ({ key }) => {
        const move = { ArrowRight: 1, ArrowLeft: -1 }[key];
        if (move === undefined) return;
        const there = tabs.filter(({ hidden }) => !hidden);
        const next = there[(there.indexOf(tab) + move + there.length) % there.length];
        open(next);
        next.focus();
      });
    }
  }

  #key(event) {
    const isTyping = event.target.matches("input:not([type=range]):not([type=checkbox]), select, textarea");
    if (isTyping) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      if (event.shiftKey) this.state.redo();
      else this.state.undo();
    } else if (event.key === "k" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.#keep();
    }
  }

  /** Asks for a run, once a frame at most. */
  #rerun() {
    this.isPending = true;
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.#runFrame();
    });
  }

  async #runFrame() {
    if (!this.runner.isInWorker) {
      this.#show(this.runner.runNow(this.state.settings));
      return;
    }
    this.isStale = true;
    if (this.isRunning) return;
    this.isRunning = true;
    while (this.isStale) {
      this.isStale = false;
      this.#show(await this.runner.run(this.state.settings));
    }
    this.isRunning = false;
  }

  /** Shows a run everywhere. */
  #show(result) {
    this.result = result;
    this.isPending = this.isStale || this.frame !== 0;
    for (const kept of this.state.kept) kept.run ??= this.runner.runNow(kept.settings).run;
    this.controls.refreshComputed();
    this.charts.show(result.run, this.state.kept);
    this.table.showAtRest(result.run);
    this.causes.show(result.run);
    this.#tellStatus();
    this.#showKept();
    this.#showEvents();
    this.#saveToLink();
  }

  #tellStatus() {
    const { run, error } = this.result;
    const n = this.state.settings.size;
    byId("n-changed").textContent = n === 0 ? "" : `${n} changed`;
    byId("undo").disabled = this.state.past.length === 0;
    byId("redo").disabled = this.state.future.length === 0;
    byId("reset-all").disabled = n === 0;
    const last = run.rows > 0 ? shortNumber(run.times[run.rows - 1]) : "";
    const stopped = run.events.findLast((event) => event.action === "stop");
    const parts = [`${run.rows} rows`, `${milliseconds(this.runner.milliseconds)}${this.runner.isInWorker ? " in a worker" : ""}`];
    if (run.events.length > 0) parts.push(`${run.events.length} event${run.events.length === 1 ? "" : "s"}`);
    if (run.state === "stopped") parts.push(`stopped at ${last}${stopped?.message ? `: ${stopped.message}` : " by an event"}`);
    const status = byId("status");
    status.textContent = error === null ? parts.join(" · ") : `${sentence(error.message)}${run.rows > 0 ? ` It is shown up to ${last}.` : ""}`;
    status.classList.toggle("failed", error !== null);
  }

  #keep() {
    const { settings, kept } = this.state;
    const changes = this.state.parameters.filter(({ slot }) => settings.has(slot)).map(({ title, slot }) => `${title} = ${shortNumber(settings.get(slot))}`);
    const name = changes.length === 0 ? "Defaults" : changes.slice(0, 2).join(", ") + (changes.length > 2 ? ", …" : "");
    const taken = kept.filter((other) => other.name === name || other.name.startsWith(`${name} (`)).length;
    const { run } = this.isPending ? this.runner.runNow(settings) : this.result;
    kept.push({ name: taken === 0 ? name : `${name} (${taken + 1})`, settings: new Map(settings), run });
    this.#keptChanged();
    toast("Run kept");
  }

  #keptChanged() {
    this.charts.show(this.result.run, this.state.kept);
    this.#showKept();
    this.#saveToLink();
  }

  #showKept() {
    const place = byId("kept");
    if (place.contains(document.activeElement) && document.activeElement.matches("input")) return;
    const items = this.state.kept.map((kept, i) => {
      const name = el("input", { type: "text", value: kept.name, "aria-label": "Name of the run" });
      name.addEventListener("change", () => {
        kept.name = name.value.trim() || kept.name;
        name.blur();
        this.#keptChanged();
      });
      const again = () => {
        this.state.remember();
        this.state.settings = new Map(kept.settings);
        this.state.changed("settings");
      };
      const remove = () => {
        this.state.kept.splice(i, 1);
        this.#keptChanged();
      };
      return el(
        "span",
        { class: `kept-run dash-${i % 4}` },
        el("span", { class: "swatch" }),
        name,
        el("button", { type: "button", class: "icon", title: "Set the constants as in this run", "aria-label": `Set the constants as in ${kept.name}`, onclick: again }, "⤴"),
        el("button", { type: "button", class: "icon", "aria-label": `Forget ${kept.name}`, onclick: remove }, "×"),
      );
    });
    place.replaceChildren(...items);
  }

  #showEvents() {
    const { events } = this.result.run;
    byId("tab-events").hidden = this.model.thresholds.length === 0;
    if (this.model.thresholds.length === 0) return;
    const row = ({ time, variable, value, direction, threshold, action, message }) => {
      const what = `${variable} is ${shortNumber(value)}, ${direction === "increasing" ? "above" : "below"} ${shortNumber(threshold)}`;
      return el("tr", {}, el("th", { scope: "row" }, shortNumber(time)), el("td", {}, what), el("td", {}, message), el("td", {}, action));
    };
    const head = el("thead", {}, el("tr", {}, ...["time", "event", "message", "action"].map((title) => el("th", { scope: "col" }, title))));
    const body = events.length === 0 ? el("p", { class: "note" }, "No event has fired.") : el("table", {}, head, el("tbody", {}, ...events.slice(0, 1000).map(row)));
    byId("pane-events").replaceChildren(el("div", { class: "table events" }, body));
  }

  #addChart(title) {
    this.charts.change((charts) => [[title], ...charts]);
    byId("charts").scrollIntoView({ block: "start" });
  }

  #viewChanged() {
    this.charts.show(this.result.run);
    this.#chooseColumns();
    this.#saveToLink();
  }

  #chooseColumns() {
    this.table.choose(byId("all-columns").checked ? this.quantities.map(({ title }) => title) : this.charts.wanted.flat());
    this.table.show(this.result.run);
  }

  #saveToLink() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.saveNow(), 150);
  }

  /** Puts the state into the address; a link to it opens the page as it is now. */
  saveNow() {
    clearTimeout(this.saving);
    const fragment = this.state.fragment();
    if (fragment === location.hash.slice(1)) return;
    try {
      history.replaceState(null, "", fragment === "" ? location.pathname + location.search : `#${fragment}`);
    } catch {
      // Some places of a file have no history; the link can still be copied.
    }
  }

  async #share() {
    const fragment = this.state.fragment();
    const link = location.href.replace(/#.*/, "") + (fragment === "" ? "" : `#${fragment}`);
    this.saveNow();
    try {
      await navigator.clipboard.writeText(link);
      toast("Link copied");
    } catch {
      this.#tell("Copy this link:", el("input", { type: "text", readOnly: true, value: link, class: "link-text", "aria-label": "Link" }));
    }
  }

  #hashChanged() {
    const fragment = location.hash.slice(1);
    if (fragment === this.state.fragment()) return;
    byId("problem").hidden = true;
    this.#takeUp(this.#restore(fragment));
  }

  /** Shows everything as a link has it; what of it does not fit is told. */
  #takeUp(faults) {
    this.controls.refresh();
    this.charts.overlays = [];
    this.charts.rebuild();
    this.#chooseColumns();
    this.#rerun();
    if (faults.length > 0) this.#tell(`Part of the link does not fit this model: ${faults.join("; ")}.`);
  }

  #restore(fragment) {
    try {
      // While its author works on a model, the links of the version before are meant for the next one.
      const isForced = document.documentElement.dataset.version !== undefined;
      return this.state.restore(fragment, { isForced });
    } catch (error) {
      const use = el("button", { type: "button", onclick: () => this.#force(fragment) }, "Use what fits");
      this.#tell(`${error.message} Its settings are left out.`, use);
      return [];
    }
  }

  #force(fragment) {
    byId("problem").hidden = true;
    this.#takeUp(this.state.restore(fragment, { isForced: true }));
  }

  #tell(text, ...more) {
    const place = byId("problem");
    const close = el("button", { type: "button", class: "icon", "aria-label": "Close", onclick: () => (place.hidden = true) }, "×");
    place.replaceChildren(el("span", {}, text), ...more, close);
    place.hidden = false;
  }

  #nextTheme() {
    const { dataset } = document.documentElement;
    const theme = THEMES[(THEMES.indexOf(dataset.theme ?? "auto") + 1) % THEMES.length];
    dataset.theme = theme;
    toast(theme === "auto" ? "Colours as the system has them" : `${theme === "dark" ? "Dark" : "Light"} colours`);
    this.charts.rebuild();
  }
}

/** A message as a sentence of its own. */
function sentence(message) {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${message.endsWith(".") ? "" : "."}`;
}

/** How long a run took. */
function milliseconds(ms) {
  return ms < 0.05 ? "less than 0.1 ms" : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

async function openPage() {
  const program = byId("program").textContent;
  try {
    const bytes = Uint8Array.from(atob(byId("artifact").textContent), (c) => c.charCodeAt(0));
    const model = bytes.length < MAX_AT_ONCE ? loadSync(bytes) : await loadBytes(bytes);
    globalThis.simcPage = new Page(model, program);
  } catch (error) {
    const place = byId("problem");
    place.textContent = `The model in this page cannot be run. ${error.message}`;
    place.hidden = false;
    throw error;
  }
}

if (typeof document === "undefined") serveRuns();
else openPage();
