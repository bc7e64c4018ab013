// The shared vectors in a browser, and the host's workers there. A server on this machine alone hands the files to it.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Chromium, findChromium } from "./chromium.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const artifacts = process.env.SIMC_VECTORS ?? join(root, "target", "vectors");
const TYPES = { ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm", ".html": "text/html" };
const FOLDERS = { host: join(root, "runtime-shim", "hosts", "js"), vectors: join(root, "tests", "vectors"), artifacts };
let browser;
let server;
let origin;

before(async () => {
  server = createServer((request, response) => {
    const [, folder, ...rest] = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)).split("/");
    try {
      const body = folder === "index.html" ? '<!doctype html><title>vectors</title><link rel="icon" href="data:,">' : readFileSync(join(FOLDERS[folder], ...rest));
      response.setHeader("content-type", TYPES[extname(rest.at(-1) ?? folder)] ?? "application/octet-stream");
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await Chromium.start(await findChromium());
});
after(async () => {
  await browser.close();
  server.close();
});

test("the vectors pass in Chromium as they do in Node", async () => {
  const page = await browser.open(`${origin}/index.html`);
  const files = readdirSync(FOLDERS.vectors).filter((name) => name.endsWith(".json")).sort();
  const { lines, passed, failed } = await page.evaluate(async (names) => {
    const { playAll } = await import("/host/test/play.js");
    const json = async (url) => (await fetch(url)).json();
    const files = await Promise.all(names.map((name) => json(`/vectors/${name}`)));
    const manifest = await json("/artifacts/manifest.json");
    const bytes = new Map(await Promise.all(Object.keys(manifest).map(async (name) => [name, new Uint8Array(await (await fetch(`/artifacts/${name}`)).arrayBuffer())])));
    return playAll(files, (name) => bytes.get(name), manifest);
  }, files);
  console.log(lines.join("\n"));
  assert.equal(failed, 0);
  assert.ok(passed > 300);
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test("a page loads an artifact by its URL and shares a batch among workers", async () => {
  const page = await browser.open(`${origin}/index.html`);
  const result = await page.evaluate(async () => {
    const { WorkerPool, load } = await import("/host/src/index.js");
    const sir = await load("/artifacts/sir.wasm");
    const fetched = await load(fetch("/artifacts/sir.wasm"));
    const samples = Array.from({ length: 50 }, (_, i) => [2 + i / 10]);
    const options = { params: ["Contact Rate"], outputs: ["Infectious"] };
    const alone = sir.batch(samples, options);
    const pool = await WorkerPool.start(sir, { size: 2 });
    const shared = await pool.batch(samples, options);
    await pool.close();
    const gone = await load("/artifacts/none.wasm").catch((error) => error.code);
    return { isSame: alone.values.every((value, i) => Object.is(value, shared.values[i])), n: shared.values.length, digest: fetched.sha256 === sir.sha256, gone };
  });
  assert.deepEqual(result, { isSame: true, n: 50 * 121, digest: true, gone: "bad-artifact" });
  await page.close();
});
