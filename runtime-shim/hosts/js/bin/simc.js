#!/usr/bin/env node
// The command `simc`: the program for this machine; where there is none, the compiler as WebAssembly does what it can.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, extname } from "node:path";
import { Compiler } from "../src/compiler.js";
import { nativeCompiler, wasmCompiler } from "../src/native.js";

const { version } = createRequire(import.meta.url)("../package.json");
const VALUES = { "--outputs": "outputs", "--inputs": "inputs", "--start": "start", "--stop": "stop", "--dt": "dt", "--save-every": "saveEvery", "--max-memory": "maxMemory" };

try {
  const args = process.argv.slice(2);
  const program = process.env.SIMC_BINARY || nativeCompiler();
  process.exitCode = program === null ? await asWasm(args) : asProgram(program, args);
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}

function asProgram(program, args) {
  const { status, signal, error } = spawnSync(program, args, { stdio: "inherit", windowsHide: true });
  if (error !== undefined) throw new Error(`cannot start ${program}: ${error.message}`);
  if (signal !== null) process.kill(process.pid, signal);
  return status ?? 1;
}

/** `simc build MODEL -o OUT` of a model of one file, and `simc --version`. */
async function asWasm(args) {
  if (args.length === 1 && ["--version", "-V"].includes(args[0])) return console.log(`simc ${version} (WebAssembly)`), 0;
  const why = `there is no simc for ${process.platform} on ${process.arch} in this project`;
  if (args[0] !== "build") throw new Error(`${why}, and the compiler as WebAssembly does \`simc build\` alone`);
  const { model, out, options, isJson } = parse(args.slice(1), why);
  const bytes = wasmCompiler();
  if (bytes === null) throw new Error(`${why}, and @simc/wasm is not installed: were optional dependencies left out?`);
  const compiler = await Compiler.load(bytes);
  const { wasm, messages } = compiler.compile(model, readFileSync(model), options);
  for (const message of messages) console.error(isJson ? JSON.stringify(message) : message.rendered);
  if (wasm === null) return 1;
  writeFileSync(out ?? `${basename(model, extname(model))}.wasm`, wasm);
  return 0;
}

function parse(args, why) {
  const found = { model: undefined, out: undefined, options: {}, isJson: false };
  const rest = args.flatMap((arg) => (/^--[\w-]+=/.test(arg) ? [arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)] : [arg]));
  const value = (name) => {
    if (rest.length === 0) throw new Error(`a value for ${name} is missing`);
    return rest.shift();
  };
  while (rest.length > 0) {
    const arg = rest.shift();
    if (arg === "-o" || arg === "--output") found.out = value(arg);
    else if (/^-O[0123s]$/.test(arg)) found.options.level = arg[2];
    else if (arg === "--simd") found.options.simd = true;
    else if (arg === "--message-format") found.isJson = value(arg) === "json";
    else if (arg in VALUES) found.options[VALUES[arg]] = ["--outputs", "--inputs"].includes(arg) ? value(arg).split(",") : value(arg);
    else if (arg.startsWith("-") || found.model !== undefined) throw new Error(`${why}, and the compiler as WebAssembly has no \`${arg}\``);
    else found.model = arg;
  }
  if (found.model === undefined) throw new Error("say which model is to be compiled");
  return found;
}
