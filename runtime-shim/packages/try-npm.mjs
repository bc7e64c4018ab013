// Installs the packages for npm from their files into an empty project, and uses them.
// node try-npm.mjs FOLDER_OF_PACKAGES MODEL SIMC
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [folder, model, simc] = process.argv.slice(2).map((path) => resolve(path));
const files = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
const version = /^simc-(\d.*)\.tgz$/.exec(files.find((name) => /^simc-\d/.test(name)))[1];
const hasWasm = files.includes(`simc-wasm-${version}.tgz`);
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const work = mkdtempSync(join(tmpdir(), "simc-npm-"));

try {
  const own = `cli-${process.platform}-${process.arch}`;
  const project = join(work, "project");
  const overrides = {};
  // The package names one program for each machine. Those that are not made here are stood in for by empty packages for their machine:
  // npm must leave them out, and asks no registry.
  for (const name of ["cli-darwin-arm64", "cli-darwin-x64", "cli-linux-arm64", "cli-linux-x64", "cli-win32-x64", "wasm"]) {
    const file = join(folder, `simc-${name}-${version}.tgz`);
    overrides[`@simc/${name}`] = `file:${existsSync(file) ? file : standIn(name)}`;
  }
  write(join(project, "package.json"), { name: "project", private: true, type: "module", dependencies: { simc: `file:${join(folder, `simc-${version}.tgz`)}` }, overrides });
  run(npm, ["install", "--no-audit", "--no-fund", "--silent", "--offline", "--ignore-scripts"]);
  const installed = readdirSync(join(project, "node_modules", "@simc")).sort();
  assert.deepEqual(installed, [own, "wasm"].sort(), "npm installs the program for this machine alone");
  for (const name of ["simc", ...installed.map((it) => `@simc/${it}`)]) {
    assert.equal(JSON.parse(readFileSync(join(project, "node_modules", name, "package.json"), "utf8")).scripts, undefined, `${name} has scripts`);
  }

  // The command, and the package in a program.
  const command = join(project, "node_modules", ".bin", process.platform === "win32" ? "simc.cmd" : "simc");
  assert.equal(run(command, ["--version"]).trim(), `simc ${version}`);
  run(command, ["build", model, "-o", "sir.wasm"]);
  const artifact = readFileSync(join(project, "sir.wasm"));
  execFileSync(simc, ["build", model, "-o", join(work, "expected.wasm")]);
  assert.ok(artifact.equals(readFileSync(join(work, "expected.wasm"))), "the same artifact");
  write(join(project, "run.js"), `import { load } from "simc";\nprocess.stdout.write((await load("sir.wasm")).run().csv());\n`);
  assert.equal(run(process.execPath, ["run.js"]), execFileSync(simc, ["run", model]).toString());
  assert.equal(spawnSync(command, ["build", "none.xmile"], { cwd: project }).status, 1, "the exit status is the program's");

  // Whoever ends the command ends the program.
  if (process.platform !== "win32") {
    const shell = spawn(process.execPath, [command, "watch", model, "--port", "0"], { cwd: project, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [shell.stdout, shell.stderr]) stream.on("data", (text) => (said += text));
    for (let i = 0; i < 100 && !/:\d+/.test(said); i++) await sleep(100);
    const port = /:(\d+)/.exec(said)?.[1];
    assert.ok(port, `it watches: ${said}`);
    shell.kill("SIGTERM");
    await new Promise((done) => shell.on("exit", done));
    await sleep(200);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`), "the program goes on without its command");
  }

  // A program of another version is an error, and not used.
  const about = join(project, "node_modules", "@simc", own, "package.json");
  const right = readFileSync(about, "utf8");
  writeFileSync(about, right.replace(`"version": "${version}"`, '"version": "0.0.9"'));
  const other = spawnSync(command, ["--version"], { cwd: project, encoding: "utf8" });
  assert.ok(other.status === 2 && other.stderr.includes(`@simc/${own} 0.0.9: two versions in one project`), other.stderr);

  // Without a program for the machine the compiler as WebAssembly writes the same bytes.
  rmSync(join(project, "node_modules", "@simc", own), { recursive: true });
  if (hasWasm) {
    run(command, ["build", model, "-o", "again.wasm"]);
    assert.ok(artifact.equals(readFileSync(join(project, "again.wasm"))), "the same artifact from WebAssembly");
    // It destroys no model, and `-` stands for the streams.
    write(join(project, "own.xmile"), readFileSync(model, "utf8"));
    const itself = spawnSync(command, ["build", "own.xmile", "-o", "./own.xmile"], { cwd: project, encoding: "utf8" });
    assert.ok(itself.status === 2 && itself.stderr.includes("would destroy an input of this command"), itself.stderr);
    assert.equal(readFileSync(join(project, "own.xmile"), "utf8"), readFileSync(model, "utf8"));
    const piped = spawnSync(command, ["build", "-", "-o", "-"], { cwd: project, input: readFileSync(model) });
    assert.ok(piped.status === 0 && WebAssembly.validate(piped.stdout) && !existsSync(join(project, "-")), String(piped.stderr));
    write(join(project, "wrong.xmile"), readFileSync(model, "utf8").replace("<eqn>8</eqn>", "<eqn>eight</eqn>"));
    const wrong = spawnSync(command, ["build", "wrong.xmile"], { cwd: project, encoding: "utf8" });
    assert.ok(wrong.status === 1 && wrong.stderr.includes("unknown variable `eight`"), wrong.stderr);
  }
  const refused = spawnSync(command, ["run", model], { cwd: project, encoding: "utf8" });
  assert.ok(refused.status === 2 && refused.stderr.includes("does `simc build` alone"), refused.stderr);
  rmSync(join(project, "node_modules", "@simc"), { recursive: true });
  const nothing = spawnSync(command, ["build", model], { cwd: project, encoding: "utf8" });
  assert.ok(nothing.status === 2 && nothing.stderr.includes("@simc/wasm is not installed"), nothing.stderr);
  const last = hasWasm ? "the fallback writes the same bytes" : "skipped: the fallback, which is not built";
  console.log(`npm: installed ${installed.join(", ")}; command and package work; another version is refused; ${last}`);

  function run(program, args) {
    return execFileSync(program, args, { cwd: project, encoding: "utf8", shell: program.endsWith(".cmd") });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

function write(path, content) {
  mkdirSync(resolve(path, ".."), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
}

/** An empty package for a machine, or for all in the place of the compiler as WebAssembly. */
function standIn(name) {
  const [, os, cpu] = name.split("-");
  const at = join(work, name);
  write(join(at, "package.json"), { name: `@simc/${name}`, version, ...(os === undefined ? {} : { os: [os], cpu: [cpu] }) });
  const said = execFileSync(npm, ["pack", "--silent", "--pack-destination", work], { cwd: at, encoding: "utf8", shell: npm.endsWith(".cmd") });
  return join(work, said.trim());
}
