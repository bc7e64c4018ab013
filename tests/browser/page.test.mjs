// The page of `simc page` in a real browser: what its reader does, and whether its numbers are those of `simc run`.
// SIMC is the compiler; SIMC_SHOTS names a folder for pictures, if they are wanted.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Chromium, findChromium } from "./chromium.mjs";
import { loadSync } from "../../runtime-shim/hosts/js/src/index.js";
import { controlsRecord, linksRecord, withRecords } from "../../runtime-shim/hosts/js/test/forge.js";
import { largeModel, slowModel } from "./models.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const simc = process.env.SIMC ?? join(root, "target", "debug", "simc");
const folder = mkdtempSync(join(tmpdir(), "simc-page-"));
let browser;

before(async () => {
  browser = await Chromium.start(await findChromium());
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The model in `tests/models`, or a text, as a page; its URL and its path. */
function pageOf(name, text) {
  const model = text === undefined ? join(root, "tests", "models", `${name}.xmile`) : join(folder, `${name}.xmile`);
  if (text !== undefined) writeFileSync(model, text);
  const path = join(folder, `${name}.html`);
  if (!existsSync(path)) execFileSync(simc, ["page", model, "-o", path]);
  return { model, url: pathToFileURL(path).href };
}

/** What `simc run` writes. */
function runOf(model, ...args) {
  return execFileSync(simc, ["run", model, ...args], { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] }).toString();
}

/** Columns of a table as CSV has them. */
function columnsOf(csv) {
  const [head, ...rows] = csv.trimEnd().split("\n").map((line) => line.split(","));
  return new Map(head.map((title, i) => [title, rows.map((row) => Number(row[i]))]));
}

/** The data of a chart as drawn: the times, then each line. */
const chartData = (page, number = 0) => page.evaluate((at) => simcPage.charts.charts[at].plot.data.map((line) => Array.from(line)), number);

const slider = (title) => `.control[data-title="${title}"] input[type=range]`;
const exact = (title) => `.control[data-title="${title}"] .exact`;
const valueOf = (page, title) => page.evaluate((wanted) => Number(document.querySelector(`.control[data-title="${wanted}"] .exact`).value), title);

async function shoot(page, name) {
  if (process.env.SIMC_SHOTS === undefined) return;
  mkdirSync(process.env.SIMC_SHOTS, { recursive: true });
  writeFileSync(join(process.env.SIMC_SHOTS, `${name}.png`), await page.screenshot());
}

function assertQuiet(page) {
  assert.deepEqual(page.complaints, []);
  const foreign = page.requests.filter((url) => !/^(file|data|blob):/.test(url));
  assert.deepEqual(foreign, []);
}

test("a slider moved by the mouse redraws the chart with the numbers of `simc run`", async () => {
  const { model, url } = pageOf("sir");
  const page = await browser.open(url);
  const usual = columnsOf(runOf(model));
  assert.deepEqual(await chartData(page), ["time", "Susceptible", "Infectious", "Recovered"].map((title) => usual.get(title)));
  await page.drag(slider("Contact Rate"), 0.75);
  const value = await valueOf(page, "Contact Rate");
  assert.notEqual(value, 8);
  const changed = columnsOf(runOf(model, "--set", `Contact Rate=${value}`));
  assert.deepEqual(await chartData(page), ["time", "Susceptible", "Infectious", "Recovered"].map((title) => changed.get(title)));
  await shoot(page, "sir");
  assertQuiet(page);
  await page.close();
});

test("everything can be done with the keyboard", async () => {
  const { model, url } = pageOf("sir");
  const page = await browser.open(url);
  await page.evaluate((at) => document.querySelector(at).focus(), slider("Duration"));
  for (let i = 0; i < 3; i += 1) await page.press("ArrowRight");
  const moved = await valueOf(page, "Duration");
  assert.ok(moved > 7);
  assert.deepEqual((await chartData(page))[2], columnsOf(runOf(model, "--set", `Duration=${moved}`)).get("Infectious"));
  await page.press("z", { ctrl: true });
  await page.press("z", { ctrl: true });
  await page.press("z", { ctrl: true });
  assert.equal(await valueOf(page, "Duration"), 7);
  await page.press("z", { ctrl: true, shift: true });
  assert.ok((await valueOf(page, "Duration")) > 7);
  await page.evaluate((at) => {
    document.querySelector(at).focus();
    document.querySelector(at).select();
  }, exact("Infectivity"));
  await page.type("0.0625");
  await page.press("Enter");
  assert.equal(await page.evaluate("simcPage.state.settings.size"), 2);
  await page.evaluate("document.querySelector('#reset-all').focus()");
  await page.press("Enter");
  assert.deepEqual((await chartData(page))[2], columnsOf(runOf(model)).get("Infectious"));
  await page.evaluate("document.querySelector('#tab-table').focus()");
  await page.press("ArrowRight");
  assert.equal(await page.evaluate("document.activeElement.id"), "tab-causes");
  assert.equal(await page.evaluate("document.querySelector('#pane-causes').hidden"), false);
  const nameless = await page.evaluate(() => {
    const controls = [...document.querySelectorAll("button, input, summary, [tabindex='0']")];
    return controls.filter((element) => !(element.textContent.trim() || element.getAttribute("aria-label") || element.labels?.length || element.title)).map((element) => element.outerHTML);
  });
  assert.deepEqual(nameless, []);
  assertQuiet(page);
  await page.close();
});

test("numbers that are none are refused where they are typed", async () => {
  const page = await browser.open(pageOf("sir").url);
  for (const text of ["many", "", "NaN", "1e999"]) {
    await page.evaluate((at) => {
      document.querySelector(at).focus();
      document.querySelector(at).select();
    }, exact("Infectivity"));
    await page.evaluate((at, typed) => {
      const input = document.querySelector(at);
      input.value = typed;
      input.dispatchEvent(new Event("change"));
    }, exact("Infectivity"), text);
    assert.equal(await page.evaluate((at) => document.querySelector(at).getAttribute("aria-invalid"), exact("Infectivity")), "true", text);
    assert.equal(await page.evaluate("simcPage.state.settings.size"), 0);
  }
  await page.close();
});

test("a link brings everything back: constants, kept runs, charts", async () => {
  const { model, url } = pageOf("sir");
  const page = await browser.open(url);
  await page.drag(slider("Contact Rate"), 0.7);
  await page.press("k");
  await page.drag(slider("Contact Rate"), 0.3);
  // A run that is kept before it is drawn is that of its own numbers.
  await page.evaluate(() => {
    const [, , rate] = simcPage.state.parameters;
    const current = simcPage.state.valueOf(rate);
    simcPage.state.set(rate, 4);
    document.querySelector("#keep").click();
    simcPage.state.set(rate, current);
  });
  await page.settle();
  const four = columnsOf(runOf(model, "--set", "Contact Rate=4"));
  assert.deepEqual((await chartData(page))[8], four.get("Infectious"));
  await page.evaluate("simcPage.charts.change((charts) => [...charts, ['Infection', 'Recovery']])");
  await page.evaluate("simcPage.saveNow()");
  const link = await page.evaluate("location.href");
  const before = await chartData(page);
  assert.equal(before.length, 10);
  await shoot(page, "sir-kept");
  const other = await browser.open(link);
  assert.deepEqual(await chartData(other), before);
  const value = await valueOf(other, "Contact Rate");
  assert.deepEqual((await chartData(other, 1))[1], columnsOf(runOf(model, "--set", `Contact Rate=${value}`)).get("Infection"));
  assertQuiet(other);
  await other.close();
  await page.close();
});

test("a link for another model says so and changes nothing; broken ones are told", async () => {
  const { url } = pageOf("sir");
  const page = await browser.open(`${url}#set=%7B%22Contact+Rate%22%3A3%7D&model=0123456789abcdef`);
  assert.match(await page.evaluate("document.querySelector('#problem').textContent"), /made for another model/);
  assert.equal(await page.evaluate("simcPage.state.settings.size"), 0);
  await page.click("#problem button");
  assert.equal(await valueOf(page, "Contact Rate"), 3);
  await page.close();
  for (const [fragment, text] of [["set=%7B%22Contct%22%3A3%7D", /no constant "Contct"/], ["set=%7B", /cannot be read/], ["set=%7B%22Duration%22%3Anull%7D", /no number/]]) {
    const broken = await browser.open(`${url}#${fragment}`);
    assert.match(await broken.evaluate("document.querySelector('#problem').textContent"), text);
    assert.equal((await chartData(broken)).length, 4);
    await broken.close();
  }
  const harmless = await browser.open(`${url}#charts=%5B%5B%22%3Cimg+src%3Dx+onerror%3Dalert(1)%3E%22%5D%2C7%5D&runs=%5B1%2Cnull%5D&log=%5B%22x%22%5D`);
  assertQuiet(harmless);
  await harmless.close();
});

test("the CSV is that of `simc run`", async () => {
  for (const name of ["sir", "array_stocks", "growth_and_decay", "not_a_number"]) {
    const { model, url } = pageOf(name);
    const page = await browser.open(url);
    const target = mkdtempSync(join(folder, "download-"));
    await page.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: target, browserContextId: page.context });
    const file = await page.evaluate("`${simcPage.model.name.replace(/[^\\p{L}\\p{N}._-]+/gu, '_')}.csv`");
    await page.click("#csv");
    for (let i = 0; i < 100 && !existsSync(join(target, file)); i += 1) await new Promise((done) => setTimeout(done, 30));
    assert.equal(readFileSync(join(target, file), "utf8"), runOf(model), name);
    assertQuiet(page);
    await page.close();
  }
});

test("arrays have a slider for each element", async () => {
  const { model, url } = pageOf("array_stocks");
  const page = await browser.open(url);
  await page.evaluate("for (const details of document.querySelectorAll('.group, .array')) details.open = true");
  await page.settle();
  await page.drag(slider("rain[large]"), 0.9);
  const value = await valueOf(page, "rain[large]");
  const csv = columnsOf(runOf(model, "--set", `rain[large]=${value}`));
  const titles = await page.evaluate("simcPage.charts.charts[0].quantities.map(({title}) => title)");
  assert.deepEqual(await chartData(page), ["time", ...titles].map((title) => csv.get(title)));
  await shoot(page, "arrays");
  assertQuiet(page);
  await page.close();
});

test("events are marked and listed", async () => {
  const { url } = pageOf("event_thresholds");
  const page = await browser.open(url);
  assert.match(await page.evaluate("document.querySelector('#status').textContent"), /6 events/);
  await page.click("#tab-events");
  const rows = await page.evaluate("[...document.querySelectorAll('#pane-events tbody tr')].map((row) => row.textContent)");
  assert.equal(rows.length, 6);
  assert.match(rows[1], /Bath is 5, above 4.*the bath fills/);
  await shoot(page, "events");
  assertQuiet(page);
  await page.close();
});

test("controls that the author drew come first, and causes can be walked", async () => {
  const wasm = join(folder, "drawn.wasm");
  execFileSync(simc, ["build", join(root, "tests", "models", "sir.xmile"), "-o", wasm]);
  const bytes = readFileSync(wasm);
  const number = (name) => loadSync(bytes).variables.findIndex((variable) => variable.name === name);
  const links = linksRecord([["Infection", "Infectious", 1, 0], ["Recovery", "Infectious", 2, 0], ["Infectious", "Recovery", 1, 0]].map(([cause, effect, ...rest]) => [number(cause), number(effect), ...rest]));
  const controls = controlsRecord([
    { kind: 0, variables: ["Contact Rate"], range: [0, 12], step: 0.5, label: "Meetings a day" },
    { kind: 2, variables: ["Infectivity"] },
    { kind: 3, variables: ["Infectious", "Recovery"] },
  ]);
  writeFileSync(wasm, withRecords(bytes, [links, controls]));
  execFileSync(simc, ["page", wasm, "-o", join(folder, "drawn.html")]);
  const page = await browser.open(pathToFileURL(join(folder, "drawn.html")).href);
  const groups = await page.evaluate("[...document.querySelectorAll('.group > summary')].map((summary) => summary.firstChild.textContent)");
  assert.deepEqual(groups, ["Controls", "Other constants"]);
  await page.drag(slider("Contact Rate"), 0.5);
  assert.equal(await valueOf(page, "Contact Rate"), 6);
  await page.click('.control[data-title="Infectivity"] input[type=checkbox]');
  assert.equal(await valueOf(page, "Infectivity"), 0);
  assert.deepEqual(await page.evaluate("simcPage.charts.charts.map((chart) => chart.quantities.map(({ title }) => title))"), [["Infectious", "Recovery"]]);
  await page.click("#tab-causes");
  await page.evaluate("simcPage.causes.go(simcPage.model.variable('Infectious'))");
  const causes = () => page.evaluate("[...document.querySelectorAll('.links li')].map((item) => item.textContent)");
  assert.deepEqual(await causes(), ["+Infection", "−Recovery", "+Recovery"]);
  await page.click(".links button");
  assert.equal(await page.evaluate("document.querySelector('.variable h2').textContent"), "Infection");
  assert.deepEqual(await causes(), ["+Infectious"]);
  await shoot(page, "controls");
  assertQuiet(page);
  await page.close();
});

test("a model of 300 variables and 400 rows is redrawn within a frame", async () => {
  const { model, url } = pageOf("large", largeModel(50, 399));
  const page = await browser.open(url);
  assert.equal(await page.evaluate("simcPage.model.variables.length - 4"), 300);
  const spent = async () => (await page.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const figures = [];
  for (let round = 0; round < 5; round += 1) {
    const before = await spent();
    await page.evaluate(async (at) => {
      const input = document.querySelector(at);
      for (let i = 0; i < 20; i += 1) {
        input.value = String(Number(input.value) + (i % 2 === 0 ? 3 : -2));
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
      }
    }, slider("rate 3"));
    figures.push(((await spent()) - before) / 20 * 1000);
  }
  const best = Math.min(...figures);
  console.log(`  a slider's move to the redrawn charts: ${figures.map((ms) => ms.toFixed(1)).join(", ")} ms of the page's thread`);
  assert.ok(best < 16, `${best} ms`);
  const value = await valueOf(page, "rate 3");
  const csv = columnsOf(runOf(model, "--set", `rate 3=${value}`));
  assert.deepEqual((await chartData(page))[4], csv.get("stock 3"));
  await page.evaluate("document.querySelector('#all-columns').click()");
  assert.equal(await page.evaluate("document.querySelectorAll('#table thead th').length"), 201);
  await shoot(page, "large");
  assertQuiet(page);
  await page.close();
});

test("long runs move to a worker, with the same numbers", async () => {
  const { model, url } = pageOf("slow", slowModel());
  const page = await browser.open(url);
  for (let i = 0; i < 3; i += 1) {
    await page.evaluate((to) => simcPage.state.set(simcPage.state.parameters[0], to), 0.5 + i / 10);
    await page.settle();
  }
  await page.evaluate("new Promise((done) => { const look = () => (simcPage.runner.isInWorker && !simcPage.isRunning ? done() : setTimeout(look, 20)); look(); })");
  await page.evaluate((to) => simcPage.state.set(simcPage.state.parameters[0], to), 0.875);
  await page.settle();
  await page.evaluate("new Promise((done) => { const look = () => (simcPage.isRunning ? setTimeout(look, 20) : done()); look(); })");
  assert.match(await page.evaluate("document.querySelector('#status').textContent"), /in a worker/);
  const name = await page.evaluate("simcPage.state.parameters[0].title");
  const csv = columnsOf(runOf(model, "--set", `${name}=0.875`));
  const titles = await page.evaluate("simcPage.charts.charts[0].quantities.map(({title}) => title)");
  assert.deepEqual(await chartData(page), ["time", ...titles].map((title) => csv.get(title)));
  assertQuiet(page);
  await page.close();
});

test("dark colours, print, and a screen of 320 pixels", async () => {
  const { url } = pageOf("epidemic_regions");
  const light = (page) => page.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])");
  const page = await browser.open(url, { dark: true });
  assert.ok((await light(page)) < 60);
  await shoot(page, "dark");
  await page.click("#theme");
  assert.ok((await light(page)) > 200, "the reader's choice wins");
  await page.media({ print: true });
  assert.equal(await page.evaluate("getComputedStyle(document.querySelector('.actions')).display"), "none");
  assert.notEqual(await page.evaluate("getComputedStyle(document.querySelector('.chart')).display"), "none");
  await page.close();
  for (const name of ["epidemic_regions", "array_stocks", "event_thresholds"]) {
    const small = await browser.open(pageOf(name).url, { width: 320, height: 640 });
    await small.evaluate("document.querySelector('#panel-details').open = true");
    await small.settle();
    assert.equal(await small.evaluate("document.documentElement.scrollWidth"), 320, name);
    await shoot(small, `small-${name}`);
    assertQuiet(small);
    await small.close();
  }
});

test("every model of the tests has a page that runs without complaint", async () => {
  const { readdirSync } = await import("node:fs");
  const names = readdirSync(join(root, "tests", "models")).filter((name) => name.endsWith(".xmile")).map((name) => name.slice(0, -6));
  for (const name of names) {
    const { url } = pageOf(name);
    const page = await browser.open(url);
    assert.ok(await page.evaluate("simcPage.result.run.rows > 0 || simcPage.result.error !== null"), name);
    assert.deepEqual(page.complaints, [], name);
    await page.close();
  }
});
