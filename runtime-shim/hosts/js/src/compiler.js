// The compiler as a WebAssembly module, for pages and for machines that have no native one: models of one file become artifacts, with the
// same bytes that `simc build` writes.

import { SimcError } from "./errors.js";

const OPTIONS = { level: "O", simd: "simd", outputs: "outputs", inputs: "inputs", start: "start", stop: "stop", dt: "dt", saveEvery: "save-every", maxMemory: "max-memory" };

/** The compiler. A model that makes it trap, which is a bug, costs that instance alone: the next call makes another. */
export class Compiler {
  #module;
  #exports = null;

  constructor(module) {
    this.#module = module;
  }

  /** From the bytes of `simc_web.wasm` (the package `@simc/wasm`), a Response or a promise of one. */
  static async load(source) {
    const given = await source;
    const bytes = typeof Response !== "undefined" && given instanceof Response ? await given.arrayBuffer() : given;
    return new Compiler(await WebAssembly.compile(bytes));
  }

  /**
   * Compiles a model: its text or the bytes of its file, whose name chooses the format where the content leaves it open. Gives
   * `{ wasm, messages }`; `wasm` is null when the model is at fault, and messages are diagnostics as `--message-format json` has them.
   */
  compile(name, model, options = {}) {
    const encoder = new TextEncoder();
    const bytes = typeof model === "string" ? encoder.encode(model) : new Uint8Array(model);
    const exports = (this.#exports ??= new WebAssembly.Instance(this.#module, {}).exports);
    const give = (data) => {
      const address = exports.simc_alloc(data.length);
      new Uint8Array(exports.memory.buffer, address, data.length).set(data);
      return [address, data.length];
    };
    try {
      const given = [encoder.encode(name), bytes, encoder.encode(lines(options))].map(give);
      const answer = exports.simc_compile(...given.flat());
      const [ok, wasm, length, text, size] = new Uint32Array(exports.memory.buffer, answer, 5);
      const copy = (at, n) => new Uint8Array(exports.memory.buffer, at, n).slice();
      const outcome = { wasm: ok === 1 ? copy(wasm, length) : null, messages: parse(new TextDecoder().decode(copy(text, size))) };
      exports.simc_drop(answer);
      given.forEach(([address, n]) => exports.simc_free(address, n));
      return outcome;
    } catch (error) {
      this.#exports = null;
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      throw new SimcError("unsupported", `the compiler has stopped at ${name}, which is a bug of it: ${error.message}`);
    }
  }
}

/** Options as the module takes them. */
function lines(options) {
  return Object.entries(options)
    .flatMap(([name, value]) => {
      const option = OPTIONS[name];
      if (option === undefined) throw new SimcError("unsupported", `the compiler as WebAssembly has no option ${name}: there are ${Object.keys(OPTIONS).join(", ")}`);
      if (value === false || value === undefined) return [];
      const values = Array.isArray(value) ? value : [value];
      return values.map((it) => `${option}=${it === true ? "" : String(it).replace(/[\r\n]/g, " ")}`);
    })
    .join("\n");
}

function parse(messages) {
  return messages.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}
