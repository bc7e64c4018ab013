// Runs models that simc has compiled: in browsers, in Node, in workers.

export { Batch } from "./batch.js";
export { numberText } from "./csv.js";
export { SimcError } from "./errors.js";
export { load } from "./load.js";
export { Model, loadSync } from "./model.js";
export { WorkerPool } from "./pool.js";
export { Run } from "./results.js";
export { Sim } from "./sim.js";
export { Variable } from "./variables.js";
