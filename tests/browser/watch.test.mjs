// `simc watch`: a model that is worked on while its page is open. SIMC is the compiler.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Chromium, findChromium, until } from "./chromium.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const simc = process.env.SIMC ?? join(root, "target", "debug", "simc");

/** A running `simc watch` and its address. */
async function watching(model, ...args) {
  const child = spawn(simc, ["watch", model, "--port", "0", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [said, complaints, isThere] = ["", "", true];
  child.stdout.setEncoding("utf8").on("data", (part) => (said += part));
  child.stderr.setEncoding("utf8").on("data", (part) => (complaints += part));
  child.on("exit", () => (isThere = false));
  await until(() => said.includes("\n") || !isThere, "no address is printed");
  assert.ok(isThere, complaints);
  return { child, url: said.trim() };
}

/** The answer to a request with any head. */
function ask(url, path, headers = {}) {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, url), { headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => resolve({ status: response.statusCode, text }));
    });
    call.on("error", reject).end();
  });
}

test("a saved model reaches the open page, which keeps its numbers; errors are shown", async () => {
  const folder = mkdtempSync(join(tmpdir(), "simc-watch-"));
  const model = join(folder, "sir.xmile");
  copyFileSync(join(root, "tests", "models", "sir.xmile"), model);
  const good = readFileSync(model, "utf8");
  const { child, url } = await watching(model);
  const browser = await Chromium.start(await findChromium());
  try {
    const page = await browser.open(url);
    await page.evaluate("simcPage.state.set(simcPage.state.parameters.find(({ title }) => title === 'Contact Rate'), 5)");
    await page.settle();
    writeFileSync(model, good.replace("<eqn>0.05</eqn>", "<eqn>0.0625</eqn>"));
    const infectivity = () => page.evaluate("globalThis.simcPage?.model.variable('Infectivity').default ?? null").catch(() => null);
    await until(async () => (await infectivity()) === 0.0625, "the page is not loaded anew");
    await until(() => page.evaluate("simcPage.state.valueOf(simcPage.state.parameters.find(({ title }) => title === 'Contact Rate')) === 5").catch(() => false), "5 is lost");
    assert.equal(await page.evaluate("document.querySelector('#problem').hidden"), true);
    writeFileSync(model, good.replace(/<eqn>([^<]*)Infectious/, "<eqn>$1Infectios"));
    const text = () => page.evaluate("document.body.textContent").catch(() => "");
    await until(async () => (await text()).includes("E0201"), "the error is not shown");
    assert.match(await text(), /sir.xmile does not compile[\s\S]*unknown variable `Initially_Infectios`[\s\S]*did you mean `Initially Infectious`/);
    writeFileSync(model, good);
    await until(async () => (await infectivity()) === 0.05, "the page does not come back");
    assert.equal(await page.evaluate("simcPage.state.settings.size"), 1);
    assert.deepEqual(page.complaints.filter((complaint) => !complaint.includes("ERR_")), []);
  } finally {
    child.kill();
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the server answers this machine alone, and only for its page", async () => {
  const { child, url } = await watching(join(root, "tests", "models", "teacup.xmile"), "--", "-Os");
  try {
    const { host } = new URL(url);
    assert.equal((await ask(url, "/")).status, 200);
    assert.deepEqual(await ask(url, "/version"), { status: 200, text: "1" });
    assert.equal((await ask(url, "/../../etc/passwd")).status, 404);
    assert.equal((await ask(url, "/", { host: "evil.example" })).status, 400);
    assert.equal((await ask(url, "/version", { host: host.replace("127.0.0.1", "localhost") })).status, 200);
    // Connections on which nobody asks anything hold nobody up: each of them is waited for two seconds, all together.
    const silent = await Promise.all(
      Array.from({ length: 40 }, () => new Promise((done, fail) => { const socket = connect(Number(new URL(url).port), "127.0.0.1", () => done(socket)); socket.on("error", fail); })),
    );
    const begin = Date.now();
    assert.equal((await ask(url, "/version")).status, 200);
    assert.ok(Date.now() - begin < 40_000, "each silent connection is waited for");
    silent.forEach((socket) => socket.destroy());
  } finally {
    child.kill();
  }
});
