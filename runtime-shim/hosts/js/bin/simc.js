#!/usr/bin/env node
// The command `simc`: the program for this machine; where there is none, the compiler as WebAssembly does what it can.

import { spawn } from "node:child_process";
import { fstatSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, extname } from "node:path";
import { Compiler } from "../src/compiler.js";
import { nativeCompiler, wasmCompiler } from "../src/native.js";

const { version } = createRequire(import.meta.url)("../package.json");
const VALUES = { "--outputs": "outputs", "--inputs": "inputs", "--start": "start", "--stop": "stop", "--dt": "dt", "--save-every": "saveEvery", "--max-memory": "maxMemory" };

try {
  const args = process.argv.slice(2);
  const program = process.env.SIMC_BINARY || nativeCompiler();
  process.exitCode = program === null ? await asWasm(args) : await asProgram(program, args);
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}

/** Runs the program; whoever ends this process ends the program with it. */
function asProgram(program, args) {
  const handed = ["SIGINT", "SIGTERM", "SIGHUP"];
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: "inherit", windowsHide: true });
    const handOn = (signal) => child.kill(signal);
    handed.forEach((signal) => process.on(signal, handOn));
    child.on("error", (error) => fail(new Error(`cannot start ${program}: ${error.message}`)));
    child.on("exit", (status, signal) => {
      handed.forEach((it) => process.off(it, handOn));
      if (signal !== null) process.kill(process.pid, signal);
      done(status ?? 1);
    });
  });
}

/** `simc build MODEL -o OUT` of a model of one file, and `simc --version`. */
async function asWasm(args) {
  if (args.length === 1 && ["--version", "-V"].includes(args[0])) return console.log(`simc ${version} (WebAssembly)`), 0;
  const why = `there is no simc for ${process.platform} on ${process.arch} in this project`;
  if (args[0] !== "build") throw new Error(`${why}, and the compiler as WebAssembly does \`simc build\` alone`);
  const { model, out, options, isJson } = parse(args.slice(1), why);
  const bytes = wasmCompiler();
  if (bytes === null) throw new Error(`${why}, and @simc/wasm is not installed: were optional dependencies left out?`);
  const target = out ?? `${basename(model, extname(model))}.wasm`;
  if (isSameFile(model === "-" ? 0 : model, target)) throw new Error(`writing ${JSON.stringify(target)} would destroy an input of this command`);
  const compiler = await Compiler.load(bytes);
  const { wasm, messages } = compiler.compile(model, readFileSync(model === "-" ? 0 : model), options);
  for (const message of messages) console.error(isJson ? JSON.stringify(message) : message.rendered);
  if (wasm === null) return 1;
  await write(target, wasm);
  return 0;
}

/** Whether a file, or a stream by its number, is the one at a path, by whatever name. */
function isSameFile(file, path) {
  const [one, other] = [file, path].map((it) => (typeof it === "number" ? fstatSync(it) : statSync(it, { throwIfNoEntry: false })));
  return path !== "-" && one !== undefined && other !== undefined && one.isFile() && one.dev === other.dev && one.ino === other.ino;
}

/** Writes a file that is complete before it gets its name; `-` is standard output. */
async function write(path, bytes) {
  if (path === "-") return new Promise((done, fail) => process.stdout.write(bytes, (error) => (error ? fail(error) : done())));
  const before = statSync(path, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) return writeFileSync(path, bytes);
  const target = before === undefined ? path : realpathSync(path);
  const part = `${target}.${process.pid}.part`;
  try {
    writeFileSync(part, bytes, { flag: "wx" });
    renameSync(part, target);
  } catch (error) {
    if (error.code !== "EEXIST") rmSync(part, { force: true });
    throw error;
  }
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
    else if ((arg.startsWith("-") && arg !== "-") || found.model !== undefined) throw new Error(`${why}, and the compiler as WebAssembly has no \`${arg}\``);
    else found.model = arg;
  }
  if (found.model === undefined) throw new Error("say which model is to be compiled");
  return found;
}
