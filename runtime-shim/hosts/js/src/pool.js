// Batches over several threads: workers of the browser, or of Node.

import { Batch, checkedOptions, isFlat } from "./batch.js";
import { SimcError, shown } from "./errors.js";

/** Samples that a worker is given at a time: enough to be worth a message, few enough to share out evenly. */
const CHUNKS_PER_WORKER = 4;

/** Workers that hold a model each. Their results are those of `model.batch`, bit for bit. */
export class WorkerPool {
  #workers;
  #model;
  /** The batch that is being made; the next one waits for it. */
  #busy = Promise.resolve();

  constructor(model, workers) {
    this.#model = model;
    this.#workers = workers;
  }

  /** Starts workers: as many as the machine has processors, or `size`. */
  static async start(model, { size } = {}) {
    const count = size ?? (await processors());
    if (!Number.isInteger(count) || count < 1) throw new SimcError("bad-value", `a WorkerPool has one worker or more, not ${shown(size)}`);
    const workers = await Promise.all(Array.from({ length: count }, startWorker));
    for (const worker of workers) worker.post({ kind: "model", model: model.portable });
    return new WorkerPool(model, workers);
  }

  /** How many workers there are. */
  get size() {
    return this.#workers.length;
  }

  /** What `model.batch` does, on all workers. A batch that is asked for while another is made comes after it. */
  batch(samples, options = {}) {
    const mine = this.#busy.then(() => this.#batch(samples, options));
    this.#busy = mine.catch(() => undefined);
    return mine;
  }

  async #batch(samples, options) {
    if (this.#workers.length === 0) throw closed();
    const sent = checkedOptions(this.#model, samples, options);
    const chunks = split(samples, sent, this.#workers.length * CHUNKS_PER_WORKER);
    const results = new Array(chunks.length);
    let next = 0;
    const work = async (worker) => {
      while (next < chunks.length) {
        const mine = next;
        next += 1;
        results[mine] = await worker.ask({ kind: "batch", samples: chunks[mine].samples, options: sent });
      }
    };
    // A worker answers one question at a time: all are done before an error is passed on.
    const outcomes = await Promise.allSettled(this.#workers.map(work));
    const failed = outcomes.find(({ status }) => status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return joined(results, chunks);
  }

  /** Ends the workers. A batch that is being made is the error `closed`. */
  async close() {
    const workers = this.#workers;
    this.#workers = [];
    await Promise.all(workers.map((worker) => worker.end()));
  }
}

function closed() {
  return new SimcError("closed", "this WorkerPool is closed");
}

/** Samples in parts, each with the number of its first run. */
function split(samples, { params }, parts) {
  const width = isFlat(samples) ? params.length : 1;
  const runs = samples.length / width;
  const size = Math.max(1, Math.ceil(runs / parts));
  const chunks = [];
  for (let first = 0; first < runs || first === 0; first += size) {
    chunks.push({ first, samples: samples.slice(first * width, (first + size) * width) });
  }
  return chunks;
}

function joined(results, chunks) {
  const { titles, times } = results[0];
  const runs = results.reduce((sum, result) => sum + result.runs, 0);
  const values = new Float64Array(runs * titles.length * times.length);
  const errors = [];
  results.forEach((result, i) => {
    const { first } = chunks[i];
    values.set(result.values, first * titles.length * times.length);
    for (const { run, error } of result.errors) errors.push({ run: first + run, error: revived(error) });
  });
  return new Batch({ runs, titles, times, values, errors });
}

/** Errors cross threads as plain objects. */
function revived({ code, message, ...fields }) {
  return new SimcError(code, message, fields);
}

async function processors() {
  if (globalThis.navigator?.hardwareConcurrency) return navigator.hardwareConcurrency;
  const { availableParallelism } = await import("node:os");
  return availableParallelism();
}

/** A worker with `post`, `ask` (one question at a time) and `end`. */
async function startWorker() {
  const place = new URL("./worker.js", import.meta.url);
  if (typeof Worker === "undefined") {
    const { Worker: NodeWorker } = await import("node:worker_threads");
    const worker = new NodeWorker(place);
    worker.unref();
    return asking(worker, (event, listen) => worker.on(event, listen));
  }
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return asking(worker, (event, listen) => worker.addEventListener(event, (message) => listen(event === "message" ? message.data : message)));
}

function asking(worker, on) {
  let waiting = null;
  let fault = null;
  const settle = (how, value) => {
    const current = waiting;
    waiting = null;
    current?.[how](value);
  };
  // A worker that has failed answers nothing any more.
  const fail = (error) => {
    fault ??= error;
    settle("reject", fault);
  };
  on("message", ({ result, error }) => (error === undefined ? settle("resolve", result) : settle("reject", revived(error))));
  on("error", (error) => fail(new SimcError("unsupported", `a worker failed: ${error.message}`)));
  on("exit", () => fail(new SimcError("unsupported", "a worker has ended")));
  return {
    post: (message) => worker.postMessage(message),
    ask: (message) =>
      new Promise((resolve, reject) => {
        if (fault !== null) return reject(fault);
        waiting = { resolve, reject };
        worker.ref?.();
        worker.postMessage(message);
      }).finally(() => {
        // One that is being ended is waited for.
        if (fault === null) worker.unref?.();
      }),
    end: () => {
      fail(closed());
      return worker.terminate();
    },
  };
}
