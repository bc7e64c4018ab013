// Runs of the model: at once while they are short, in a worker when they are not.

import { Model } from "../../../runtime-shim/hosts/js/src/model.js";
import { Run } from "../../../runtime-shim/hosts/js/src/results.js";

/** A run that takes longer would be felt while a slider moves. */
const MAX_MILLISECONDS = 8;

/** Runs a model with some slots set; what was saved before an error comes with it. */
function runWith(model, pairs) {
  const sim = runWith.sim ?? model.sim();
  runWith.sim = model.thresholds.some(({ repeat }) => repeat === "once-ever") ? null : sim;
  sim.clear().reset();
  sim.setSlots(null, pairs);
  let error = null;
  try {
    sim.runToEnd();
  } catch (failure) {
    error = { code: failure.code ?? "unsupported", message: failure.message };
    if (failure.code !== "transport") return { error, data: new Float64Array(0), width: 1, rows: 0, state: "failed", events: [] };
  }
  return { error, data: sim.rowsView.slice(), width: sim.liveView.length, rows: sim.saved, state: sim.state, events: sim.events };
}

/** The worker's side: a model once, then settings. */
export function serveRuns() {
  let model = null;
  self.onmessage = ({ data: message }) => {
    if (message.model !== undefined) {
      model = Model.from(message.model);
      return;
    }
    const begin = performance.now();
    const result = runWith(model, message.pairs);
    self.postMessage({ id: message.id, result, milliseconds: performance.now() - begin }, [result.data.buffer]);
  };
}

export class Runner {
  constructor(model, programText, { onSlow } = {}) {
    this.model = model;
    this.programText = programText;
    this.onSlow = onSlow;
    this.worker = null;
    this.waiting = new Map();
    this.next = 0;
    this.milliseconds = 0;
    this.nSlow = 0;
    this.isForsaken = false;
  }

  get isInWorker() {
    return this.worker !== null;
  }

  /** Runs now, on this thread. */
  runNow(settings) {
    const begin = performance.now();
    const result = runWith(this.model, [...settings]);
    this.#noteTime(performance.now() - begin);
    return this.#asRun(result);
  }

  /** Runs where it does not disturb; answers with `{run, error}`. */
  async run(settings) {
    if (this.worker === null) return this.runNow(settings);
    const id = this.next;
    this.next += 1;
    const pairs = [...settings];
    const answer = new Promise((resolve) => this.waiting.set(id, { pairs, resolve }));
    this.worker.postMessage({ id, pairs });
    return this.#asRun(await answer);
  }

  /** Two slow runs in a row are no accident of the first. */
  #noteTime(milliseconds) {
    this.milliseconds = milliseconds;
    this.nSlow = milliseconds > MAX_MILLISECONDS ? this.nSlow + 1 : 0;
    if (this.nSlow >= 2 && this.worker === null && !this.isForsaken) this.#startWorker();
  }

  #startWorker() {
    const url = URL.createObjectURL(new Blob([this.programText], { type: "text/javascript" }));
    try {
      this.worker = new Worker(url);
    } catch {
      return;
    }
    this.worker.onmessage = ({ data: { id, result, milliseconds } }) => {
      this.milliseconds = milliseconds;
      this.waiting.get(id)?.resolve(result);
      this.waiting.delete(id);
    };
    this.worker.onerror = () => this.#forsakeWorker();
    this.worker.postMessage({ model: this.model.portable });
    this.onSlow?.();
  }

  /** A worker that cannot be, or that has died, is done without: runs are slow then, and not lost. */
  #forsakeWorker() {
    this.worker?.terminate();
    this.worker = null;
    this.isForsaken = true;
    for (const { pairs, resolve } of this.waiting.values()) resolve(runWith(this.model, pairs));
    this.waiting.clear();
  }

  #asRun({ error, data, width, rows, state, events }) {
    return { run: new Run(this.model.directory, { data, width, rows, state, events }), error };
  }
}
