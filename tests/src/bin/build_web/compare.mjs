// Runs the compiler for pages on every model and compares what it gives with what the native compiler has given.
// node compare.mjs MODULE JOBS MAX_COMPRESSED
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const [modulePath, jobsPath, maxCompressed] = process.argv.slice(2);
const bytes = readFileSync(modulePath);
const module = new WebAssembly.Module(bytes);
const faults = [];
const imports = WebAssembly.Module.imports(module);
if (imports.length > 0) faults.push(`it imports ${imports.map(({ module, name }) => `${module}.${name}`).join(", ")}`);
// As servers send it to browsers.
const compressed = brotliCompressSync(bytes).length;
const gzipped = gzipSync(bytes, { level: 9 }).length;
if (compressed > Number(maxCompressed)) faults.push(`${compressed} bytes compressed are more than ${maxCompressed}`);

const { exports } = imports.length > 0 ? { exports: null } : new WebAssembly.Instance(module, {});

function give(data) {
  const address = exports.simc_alloc(data.length);
  new Uint8Array(exports.memory.buffer, address, data.length).set(data);
  return [address, data.length];
}

function compile({ name, model, options }) {
  const given = [Buffer.from(name), readFileSync(model), Buffer.from(options)].map(give);
  const answer = exports.simc_compile(...given.flat());
  const [ok, wasm, wasmLength, messages, messagesLength] = new Uint32Array(exports.memory.buffer, answer, 5);
  const copy = (at, length) => Buffer.from(new Uint8Array(exports.memory.buffer, at, length));
  const outcome = { ok: ok === 1, wasm: copy(wasm, wasmLength), messages: copy(messages, messagesLength).toString() };
  exports.simc_drop(answer);
  given.forEach(([address, length]) => exports.simc_free(address, length));
  return outcome;
}

const jobs = JSON.parse(readFileSync(jobsPath, "utf8"));
let artifacts = 0;
for (const job of exports === null ? [] : jobs) {
  const found = compile(job);
  artifacts += found.ok ? 1 : 0;
  const place = `${job.name} ${JSON.stringify(job.options)}`;
  if (found.ok !== job.ok) faults.push(`${place}: an artifact is ${job.ok ? "missing" : "there"}: ${found.messages}`);
  else if (!found.wasm.equals(readFileSync(job.expected))) faults.push(`${place}: other bytes`);
  else if (found.messages !== job.messages) faults.push(`${place}: other messages: ${found.messages}`);
}
console.log(`${bytes.length} bytes, ${compressed} by brotli, ${gzipped} by gzip; ${artifacts} of ${jobs.length} builds give an artifact`);
for (const fault of faults) console.log(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
