// Where the compiler of this package is: a program for this machine, from an optional dependency, or else a WebAssembly module.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const own = require("../package.json");

/**
 * The path of the program, or null when there is none for this machine. One that is another version than this package is an error: it
 * may write artifacts that this version cannot read.
 */
export function nativeCompiler() {
  const name = `@simc/cli-${process.platform}-${process.arch}`;
  const folder = packageFolder(name);
  return folder === null ? null : join(folder, process.platform === "win32" ? "simc.exe" : "simc");
}

/** The bytes of the compiler as WebAssembly, or null when they are not installed. */
export function wasmCompiler() {
  const folder = packageFolder("@simc/wasm");
  return folder === null ? null : readFileSync(join(folder, "simc_web.wasm"));
}

function packageFolder(name) {
  let path;
  try {
    path = require.resolve(`${name}/package.json`);
  } catch {
    return null;
  }
  const { version } = require(path);
  if (version !== own.version) {
    throw new Error(`simc ${own.version} is installed with ${name} ${version}: two versions in one project. Install simc again, without other versions of ${name}`);
  }
  return dirname(path);
}
