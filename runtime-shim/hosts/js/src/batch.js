// Many runs of one model, and the numbers that are wanted of each.

import { SimcError, shown } from "./errors.js";
import { suggest, titleKey } from "./names.js";
import { columnsOf, namesOf } from "./results.js";
import { assignments } from "./variables.js";

/** Results of many runs: `values` holds, for each run, for each output, the number at each time. */
export class Batch {
  constructor({ runs, titles, times, values, errors }) {
    this.runs = runs;
    this.titles = titles;
    this.times = times;
    this.values = values;
    this.errors = errors;
  }

  /** The numbers of one output in one run, one for each time: a view. */
  series(run, output = 0) {
    const wanted = typeof output === "string" ? titleKey(output) : null;
    const which = wanted === null ? output : this.titles.findIndex((title) => titleKey(title) === wanted);
    const isThere = Number.isInteger(run) && run >= 0 && run < this.runs && which >= 0 && which < this.titles.length;
    if (!isThere) {
      const suggestion = wanted === null || which >= 0 ? null : suggest(output, this.titles);
      const hint = suggestion === null ? "" : `; did you mean ${shown(suggestion)}?`;
      throw new SimcError("unknown-name", `there is no output ${shown(output)} of run ${shown(run)}${hint}`, { input: output, suggestion });
    }
    const from = (run * this.titles.length + which) * this.times.length;
    return this.values.subarray(from, from + this.times.length);
  }
}

/** Whether samples are one flat list of numbers. */
export function isFlat(samples) {
  return ArrayBuffer.isView(samples) || (Array.isArray(samples) && typeof samples[0] === "number");
}

/** Runs them all, one after the other. */
export function runBatch(model, directory, samples, { params, outputs, at } = {}) {
  const plan = planOf(model, directory, params, outputs, at);
  const assign = assigner(directory, samples, params);
  const { slots, rows, columns } = plan;
  const size = slots.length * rows.length;
  const values = new Float64Array(assign.count * size);
  const errors = [];
  const take = (sim, run) => {
    const [view, width, saved] = [sim.rowsView, sim.liveView.length, sim.saved];
    let place = run * size;
    for (const slot of slots) {
      for (const row of rows) {
        values[place] = row < saved ? view[row * width + slot] : NaN;
        place += 1;
      }
    }
  };
  for (let run = 0; run < assign.count; run += 1) {
    model.rerun((sim) => {
      sim.setSlots(null, assign.pairs(run));
      try {
        sim.runToEnd();
      } catch (error) {
        if (error.code !== "transport") throw error;
        errors.push({ run, error });
      }
      take(sim, run);
    });
  }
  return new Batch({ runs: assign.count, titles: columns.map(({ title }) => title), times: plan.times, values, errors });
}

/** Checks what a batch is asked for, before any of it goes to another thread: the same errors as here. Gives options that can be sent. */
export function checkedOptions(model, samples, { params, outputs, at }) {
  const names = (given) => (given === undefined || given === null ? undefined : namesOf(given));
  const options = { params: names(params), outputs: names(outputs), at: at === undefined || at === null ? undefined : [at].flat() };
  planOf(model, model.directory, options.params, options.outputs, options.at);
  assigner(model.directory, samples, options.params);
  return options;
}

/** Which numbers of a run are wanted. */
function planOf(model, directory, params, outputs, at) {
  const columns = columnsOf(directory, outputs ?? usualOutputs(model)).slice(1);
  const { start, dt, saveEvery, rows: nRows } = model.time;
  const every = saveEvery * dt;
  const rows = at === undefined || at === null ? Array.from({ length: nRows }, (_, row) => row) : [at].flat().map((time) => rowAt(time, start, every, dt, nRows));
  const times = Float64Array.from(rows, (row) => start + row * saveEvery * dt);
  return { columns, slots: columns.map(({ slot }) => slot), rows, times };
}

/** The stocks; without any, all that changes. */
function usualOutputs(model) {
  const named = (kinds) => model.variables.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  const stocks = named(["stock"]);
  return stocks.length > 0 ? stocks : named(["flow", "auxiliary", "module-input"]);
}

function rowAt(time, start, every, dt, nRows) {
  if (time === Infinity) return nRows - 1;
  const row = Math.round((time - start) / every);
  const isSaved = typeof time === "number" && row >= 0 && row < nRows && Math.abs(start + row * every - time) <= 1e-6 * dt;
  if (!isSaved) throw new SimcError("bad-time", `there is no saved row at time ${shown(time)}`);
  return row;
}

/** How the constants of each run are found. All of them are checked before the first run. */
function assigner(directory, samples, params) {
  if (params === undefined || params === null) {
    if (!Array.isArray(samples)) throw new SimcError("shape", "samples without params are a list of objects");
    const all = samples.map((sample) => assignments(directory, sample));
    return { count: all.length, pairs: (run) => all[run] };
  }
  const names = namesOf(params);
  const rows = isFlat(samples) ? null : rowsOf(samples);
  if (rows === null && (names.length === 0 || samples.length % names.length !== 0)) {
    throw new SimcError("shape", `${samples.length} numbers are no rows of ${names.length}`);
  }
  const count = rows === null ? samples.length / names.length : rows.length;
  const number = (run, i) => (rows === null ? samples[run * names.length + i] : rows[run][i]);
  const wrong = rows?.find((row) => row.length !== names.length);
  if (wrong !== undefined) throw new SimcError("shape", `a sample has ${wrong.length} numbers, and there are ${names.length} params`);
  // Names are checked once; samples differ in their numbers alone.
  const slots = assignedSlots(directory, names);
  for (let run = 0; run < count; run += 1) {
    for (let i = 0; i < names.length; i += 1) {
      const value = number(run, i);
      if (typeof value !== "number") throw new SimcError("shape", `samples are numbers, not ${shown(value)}`, { input: names[i] });
      if (!Number.isFinite(value)) throw new SimcError("bad-value", `${shown(names[i])} takes a finite number, not ${value}`, { input: names[i] });
    }
  }
  return { count, pairs: (run) => slots.flatMap((of, i) => of.map((slot) => [slot, number(run, i)])) };
}

/** Samples that are a list of lists. */
function rowsOf(samples) {
  if (!Array.isArray(samples)) throw new SimcError("shape", `samples are a list of rows, not ${shown(samples)}`);
  const wrong = samples.findIndex((row) => !Array.isArray(row) && !ArrayBuffer.isView(row));
  if (wrong >= 0) throw new SimcError("shape", `sample ${wrong} is no list of numbers but ${shown(samples[wrong])}`);
  return samples;
}

function assignedSlots(directory, names) {
  assignments(directory, names.map((name) => [name, 0]));
  return names.map((name) => assignments(directory, [[name, 0]]).map(([slot]) => slot));
}
