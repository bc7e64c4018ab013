// The plugin for Vite: a build, types, errors with their place, and a model that changes while its page is open.
// SIMC is the compiler, SIMC_NPM a folder with `vite` and `typescript` in its node_modules.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Chromium, findChromium, until } from "./chromium.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const simc = process.env.SIMC ?? join(root, "target", "debug", "simc");
const packages = process.env.SIMC_NPM;
const host = join(root, "runtime-shim", "hosts", "js");
const sir = readFileSync(join(root, "tests", "models", "sir.xmile"), "utf8");
const { default: plugin } = await import(pathToFileURL(join(host, "src", "vite.js")));
const vite = await import(pathToFileURL(createRequire(join(packages, "x.js")).resolve("vite")));
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "simc-vite-test-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(host, join(folder, "node_modules", "simc"));
  const page = '<!doctype html><title>sir</title><link rel="icon" href="data:,"><p id="peak"></p><script type="module" src="./main.ts"></script>';
  const main = `import model, { load, onUpdate } from "./sir.xmile";
let n = 0;
const show = (sir: Awaited<ReturnType<typeof load>>) => {
  n += 1;
  document.querySelector("#peak")!.textContent = n + ": " + Math.max(...sir.run({ contact_rate: 6, "Duration": 7 }).series("infectious"));
};
show(await model.load());
onUpdate(show);
`;
  writeFileSync(join(folder, "index.html"), page);
  writeFileSync(join(folder, "main.ts"), main);
  writeFileSync(join(folder, "sir.xmile"), sir);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
});
after(() => rmSync(folder, { recursive: true, force: true }));

const config = (options) => ({ root: folder, configFile: false, logLevel: "silent", clearScreen: false, plugins: [plugin({ command: simc, ...options })] });

/** The greatest number of a column of `simc run`. */
function peak(text) {
  const path = join(folder, "expected.xmile");
  writeFileSync(path, text);
  const csv = execFileSync(simc, ["run", path, "--set", "Contact Rate=6", "--outputs", "Infectious"]).toString();
  return Math.max(...csv.trimEnd().split("\n").slice(1).map((line) => Number(line.split(",")[1])));
}

test("a build holds small models in the script and large ones beside it", async () => {
  await vite.build({ ...config(), build: { target: "esnext", emptyOutDir: true } });
  const files = () => readdirSync(join(folder, "dist", "assets"));
  assert.ok(!files().some((name) => name.endsWith(".wasm")));
  await vite.build({ ...config({ inlineLimit: 0 }), build: { target: "esnext", emptyOutDir: true, assetsInlineLimit: 0 } });
  const wasm = files().filter((name) => name.endsWith(".wasm"));
  assert.equal(wasm.length, 1);
  execFileSync(simc, ["build", join(folder, "sir.xmile"), "-o", join(folder, "again.wasm")]);
  assert.deepEqual(readFileSync(join(folder, "dist", "assets", wasm[0])), readFileSync(join(folder, "again.wasm")));
});

test("a misspelt name does not compile, and the right one is suggested", () => {
  const tsconfig = { compilerOptions: { strict: true, noEmit: true, target: "es2022", module: "nodenext", moduleResolution: "nodenext", allowArbitraryExtensions: true, lib: ["es2023", "dom"], types: [], skipLibCheck: true, preserveSymlinks: true }, files: ["use.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  const tsc = (text) => {
    writeFileSync(join(folder, "use.ts"), `import sir from "./sir.xmile";\nconst model = await sir.load();\n${text}\nexport {};\n`);
    try {
      execFileSync(process.execPath, [join(packages, "node_modules", "typescript", "lib", "tsc.js"), "--project", folder], { stdio: "pipe" });
      return "";
    } catch (error) {
      return error.stdout.toString();
    }
  };
  assert.equal(tsc('model.run({ contact_rate: 6, "Contact Rate": 7 }).series("Infectious");'), "");
  assert.match(tsc("model.run({ contact_rat: 6 });"), /contact_rat.*did you mean.*contact_rate/is);
  assert.match(tsc('model.run().series("infectous");'), /infectous/);
});

test("bindings of every model compile, are right, and find what is misspelt", async () => {
  const models = join(root, "tests", "models");
  const names = readdirSync(models).filter((name) => /\.(xmile|mdl)$/.test(name));
  const bound = join(folder, "bound");
  mkdirSync(bound);
  for (const name of names) {
    const wasm = join(bound, `${name}.wasm`);
    execFileSync(simc, ["build", join(models, name), "-o", wasm], { stdio: "ignore" });
    execFileSync(simc, ["bind", wasm, "--lang", "ts", "-o", join(bound, `${name.replace(".", "_")}.ts`)]);
  }
  const uses = `import { load, variables, type Params } from "./sir_xmile.ts";
const params: Params = { contact_rate: 6 };
const sir = await load("sir.xmile.wasm");
sir.run(params).series("infectious");
sir.sim().set("contact_rate", 3).value("duration");
const slot: number = variables.infectious.slot;
`;
  writeFileSync(join(bound, "uses.ts"), `${uses}console.log(slot);\n`);
  writeFileSync(join(bound, "odd.xmile"), sir.replaceAll("Contact Rate", "constructor").replaceAll("Contact_Rate", "constructor"));
  execFileSync(simc, ["build", join(bound, "odd.xmile"), "-o", join(bound, "odd.wasm")]);
  execFileSync(simc, ["bind", join(bound, "odd.wasm"), "--lang", "ts", "-o", join(bound, "odd.ts")]);
  const odd = 'import { loadSync, type Params } from "./odd.ts";\nconst none: Params = {};\nconst some: Params = { Constructor: 6, duration: 5 };\nexport const use = (bytes: Uint8Array) => [none, some].map((params) => loadSync(bytes).run(params));\n';
  writeFileSync(join(bound, "use_odd.ts"), odd);
  // As templates of projects have it: nothing is there that nothing uses.
  const compilerOptions = { strict: true, noUnusedLocals: true, noUnusedParameters: true, noEmit: true, target: "es2022", module: "nodenext", moduleResolution: "nodenext", allowImportingTsExtensions: true, lib: ["es2023", "dom"], types: [], skipLibCheck: true, preserveSymlinks: true };
  const tsc = (files) => {
    writeFileSync(join(bound, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    try {
      execFileSync(process.execPath, [join(packages, "node_modules", "typescript", "lib", "tsc.js"), "--project", bound], { stdio: "pipe" });
      return "";
    } catch (error) {
      return error.stdout.toString();
    }
  };
  assert.equal(tsc(["uses.ts", "use_odd.ts", ...names.map((name) => `${name.replace(".", "_")}.ts`)]), "");
  for (const [mistake, right] of [["contact_rate: 6", "contact_rat: 6"], ['"infectious"', '"infectous"'], ["variables.infectious", "variables.infectous"], ['"duration"', '"duratoin"']]) {
    assert.ok(uses.includes(mistake));
    writeFileSync(join(bound, "wrong.ts"), `${uses.replace(mistake, right)}console.log(slot);\n`);
    assert.match(tsc(["wrong.ts"]), /wrong\.ts.*(did you mean|is not assignable to)/is, right);
  }
});

test("an error has the place and the frame that simc shows", async () => {
  const good = join(folder, "sir.xmile");
  writeFileSync(good, sir.replace("Infectious / Total_Population", "Infectios / Total_Population").replace("<eqn>Infectious/", "<eqn>Infectios/"));
  const broken = readFileSync(good, "utf8");
  if (broken === sir) writeFileSync(good, sir.replace(/<flow name="Recovery">([\s\S]*?)<eqn>/, '<flow name="Recovery">$1<eqn>Infectios + '));
  await assert.rejects(vite.build({ ...config(), build: { target: "esnext", write: false } }), (error) => {
    assert.match(error.message, /E0201.*Infectios/s);
    assert.match(error.message + (error.frame ?? ""), /did you mean `Infectious`/);
    return true;
  });
  await assert.rejects(vite.build({ ...config({ command: "no-such-simc" }), build: { target: "esnext", write: false } }), /no-such-simc cannot be found/);
  writeFileSync(good, sir);
});

test("a page that is open gets the changed model", { skip: (await findChromium()) === null && "no Chromium" }, async () => {
  const server = await vite.createServer({ ...config({ inlineLimit: 1000 }), server: { port: 0, host: "127.0.0.1" } });
  await server.listen();
  const browser = await Chromium.start(await findChromium());
  try {
    const page = await browser.open(server.resolvedUrls.local[0]);
    const shown = () => page.evaluate("document.querySelector('#peak').textContent");
    const text = async (wanted) => {
      await until(async () => (await shown()).startsWith(wanted), async () => `the page shows ${await shown()}: ${page.complaints.join("; ")}`);
      return shown();
    };
    assert.equal(await text("1: "), `1: ${peak(sir)}`);
    const changed = sir.replace("<eqn>0.05</eqn>", "<eqn>0.06</eqn>");
    assert.notEqual(changed, sir);
    writeFileSync(join(folder, "sir.xmile"), changed);
    assert.equal(await text("2: "), `2: ${peak(changed)}`);
    assert.ok(existsSync(join(folder, "sir.d.xmile.ts")));
    // A model may be called as its author likes.
    const name = "My Größe (1).xmile";
    writeFileSync(join(folder, name), sir);
    writeFileSync(join(folder, "named.html"), '<!doctype html><title>named</title><link rel="icon" href="data:,"><p id="peak"></p><script type="module" src="./named.ts"></script>');
    writeFileSync(join(folder, "named.ts"), `import model from "./${name}";\ndocument.querySelector("#peak")!.textContent = "named: " + (await model.load()).name;\n`);
    await page.go(new URL("named.html", server.resolvedUrls.local[0]).href);
    assert.equal(await text("named: "), "named: SIR");
  } finally {
    await browser.close();
    await server.close();
  }
});
