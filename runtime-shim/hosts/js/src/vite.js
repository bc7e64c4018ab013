// A plugin for Vite and Rollup: `import sir from "./sir.xmile"` gives the compiled model, and `sir.d.xmile.ts` its types.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, resolve } from "node:path";
import { declarations } from "./declarations.js";
import { loadSync } from "./model.js";
import { nativeCompiler } from "./native.js";

const MODELS = /\.(xmile|stmx|itmx|mdl)$/i;
const INLINE_LIMIT = 32 * 1024;
/** Where the development server has artifacts. */
const PLACE = "/@simc/";

/**
 * The plugin. `command` is the compiler (what the environment variable SIMC says, or the package's own, or `simc` on the path), `args` are further options of
 * `simc build`, artifacts up to `inlineLimit` bytes become part of the script, and `types: false` writes no declarations.
 */
export default function simc({ command = process.env.SIMC ?? nativeCompiler() ?? "simc", args = [], inlineLimit = INLINE_LIMIT, types = true } = {}) {
  const served = new Map();
  let isServing = false;
  return {
    name: "simc",
    enforce: "pre",
    configResolved(config) {
      isServing = config.command === "serve";
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const wasm = served.get(servedName(request.url));
        if (wasm === undefined) return next();
        response.setHeader("content-type", "application/wasm");
        return response.end(wasm);
      });
    },
    async load(id) {
      if (!MODELS.test(id)) return null;
      const { wasm, files, messages, isBuilt } = await build(command, args, id);
      for (const file of files) this.addWatchFile(file);
      const errors = messages.filter(({ severity }) => severity === "error");
      if (!isBuilt) this.error(asError(id, errors[0], errors));
      for (const warning of messages.filter(({ severity }) => severity === "warning")) this.warn(asError(id, warning, [warning]));
      if (types) await writeTypes(id, wasm);
      return { code: moduleText(source(this, id, wasm)), map: null, moduleType: "js" };
    },
  };

  /** The expression that gives the artifact to `load`. */
  function source(context, id, wasm) {
    const sha256 = createHash("sha256").update(wasm).digest("hex");
    if (wasm.length <= inlineLimit) return { sha256, expression: `Uint8Array.from(atob("${wasm.toString("base64")}"), (c) => c.charCodeAt(0))` };
    const name = `${basename(id, extname(id))}-${sha256.slice(0, 8)}.wasm`;
    if (isServing) {
      served.set(name, wasm);
      return { sha256, expression: `new URL(${JSON.stringify(PLACE + encodeURIComponent(name))}, location.href)` };
    }
    const reference = context.emitFile({ type: "asset", name, source: wasm });
    return { sha256, expression: `new URL(import.meta.ROLLUP_FILE_URL_${reference}, import.meta.url)` };
  }
}

/** The name of the artifact that a request is for: models are called as their authors like, which URLs write in their own way. */
function servedName(url) {
  const { pathname } = new URL(url, "http://localhost");
  try {
    return pathname.startsWith(PLACE) ? decodeURIComponent(pathname.slice(PLACE.length)) : undefined;
  } catch {
    return undefined;
  }
}

/** The module that an import of a model gives. */
function moduleText({ sha256, expression }) {
  return `import { load as loadArtifact } from "simc";
export const sha256 = "${sha256}";
const listeners = import.meta.hot?.data.listeners ?? new Set();
let loaded;
export function load() {
  return (loaded ??= loadArtifact(${expression}, { sha256 }));
}
export function onUpdate(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export default { sha256, load, onUpdate };
if (import.meta.hot) {
  import.meta.hot.data.listeners = listeners;
  import.meta.hot.accept((next) => next?.load().then((model) => listeners.forEach((listener) => listener(model))));
}
`;
}

/** Compiles a model. Its files are known even when it cannot be compiled: the model itself then. */
async function build(command, args, model) {
  const folder = await mkdtemp(join(tmpdir(), "simc-vite-"));
  const [wasm, list] = [join(folder, "model.wasm"), join(folder, "model.d")];
  try {
    const { error, stderr } = await run(command, ["build", model, "-o", wasm, "--depfile", list, "--message-format", "json", ...args]);
    const messages = stderr.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    if (error !== null) {
      if (messages.length === 0) messages.push({ severity: "error", message: error.code === "ENOENT" ? `the compiler ${command} cannot be found` : stderr.trim() || error.message });
      return { wasm: null, files: [model, ...messages.flatMap(({ file }) => (file ? [resolve(file)] : []))], messages, isBuilt: false };
    }
    return { wasm: await readFile(wasm), files: filesOf(await readFile(list, "utf8"), model), messages, isBuilt: true };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(command, args) {
  return new Promise((done) => execFile(command, args, { maxBuffer: 1 << 26 }, (error, _, stderr) => done({ error, stderr })));
}

/** The files that the first rule of a file for Make names behind its colon. */
function filesOf(rules, model) {
  const [rule] = rules.replace(/\\\r?\n/g, " ").split(/\r?\n/, 1);
  const after = rule.slice(rule.search(/:\s/) + 1);
  const names = after.match(/(?:\\.|[^\s\\])+/g) ?? [];
  const files = names.map((name) => resolve(name.replace(/\\([ #:\\])/g, "$1").replaceAll("$$", "$")));
  return files.includes(resolve(model)) ? files : [model, ...files];
}

/** A diagnostic in the form of Rollup, with the frame that simc itself shows. */
function asError(id, first, all) {
  const { code, message, file, line, column, hint } = first ?? { message: "the model cannot be compiled" };
  const loc = line === undefined ? undefined : { file: file ?? id, line, column: column - 1 };
  const more = all.length > 1 ? ` (and ${all.length - 1} more)` : "";
  return { message: `${code ? `${code}: ` : ""}${message}${hint ? `; ${hint}` : ""}${more}`, id, loc, frame: all.map(({ rendered }) => rendered ?? "").join("\n") };
}

/** Writes `sir.d.xmile.ts` beside `sir.xmile`, when it says something else than before. */
async function writeTypes(model, wasm) {
  const extension = extname(model);
  const path = join(dirname(model), `${basename(model, extension)}.d${extension}.ts`);
  const text = declarations(loadSync(wasm));
  if ((await readFile(path, "utf8").catch(() => "")) !== text) await writeFile(path, text);
}
