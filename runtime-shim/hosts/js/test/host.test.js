// What the shared vectors cannot say: the forms of this language, workers, memory.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { declarations } from "../src/declarations.js";
import { Model, SimcError, WorkerPool, load, loadSync, numberText } from "../src/index.js";
import { key, splitSubscripts, suggest, unescapeName } from "../src/names.js";
import { sha256 } from "../src/sha256.js";
import { controlsRecord, f64, linksRecord, list, str, u32, u64, withRecords } from "./forge.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const folder = process.env.SIMC_VECTORS ?? join(root, "target", "vectors");
const bytesOf = (name) => readFileSync(join(folder, name));
const model = (name) => loadSync(bytesOf(name));
const refused = (code) => (error) => error instanceof SimcError && error.code === code;

test("artifacts are loaded from bytes, paths, URLs, buffers and responses", async () => {
  const path = join(folder, "sir.wasm");
  const bytes = bytesOf("sir.wasm");
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const response = new Response(bytes, { headers: { "content-type": "application/wasm" } });
  for (const source of [path, new URL(`file://${path}`), bytes, copy, new DataView(copy), response, Promise.resolve(new Response(bytes))]) {
    assert.equal((await load(source)).name, "SIR");
  }
  await assert.rejects(load(new Response("gone", { status: 404 })), refused("bad-artifact"));
  await assert.rejects(load(17), refused("bad-artifact"));
  await assert.rejects(load(join(folder, "none.wasm")), (error) => refused("bad-artifact")(error) && error.cause.code === "ENOENT");
  await assert.rejects(load("http://127.0.0.1:1/none.wasm"), refused("bad-artifact"));
});

test("a module that the engine refuses is an error with its byte", async () => {
  const bytes = Buffer.from(bytesOf("sir.wasm"));
  // The code section's first byte of a body becomes nonsense.
  const at = bytes.indexOf(Buffer.from([0x20, 0x00])) + 400;
  bytes.fill(0xff, at, at + 8);
  assert.throws(() => loadSync(bytes), (error) => refused("bad-artifact")(error) && Number.isInteger(error.byte));
  await assert.rejects(load(bytes), refused("bad-artifact"));
});

test("parameters are objects, Maps or pairs, and typed arrays are lists", () => {
  const kinds = model("kinds.wasm");
  const wanted = kinds.run({ rate: [1, 2, 3, 4], pace: 0.25 }).data();
  for (const params of [new Map([["rate", Float32Array.of(1, 2, 3, 4)], ["Pace", 0.25]]), [["RATE", new Float64Array([1, 2, 3, 4])], ["pace", [0.25]]], { rate: [[1, 2], [3, 4]], pace: 0.25 }]) {
    assert.deepEqual(kinds.run(params).data(), wanted);
  }
  // Whatever gives pairs, once, is pairs; whatever gives something else is refused and not passed over.
  const pairs = [["rate", [1, 2, 3, 4]], ["pace", 0.25]];
  for (const params of [pairs.values(), new Set(pairs), new Map(pairs).entries(), (function* () { yield* pairs; })()]) assert.deepEqual(kinds.run(params).data(), wanted);
  assert.deepEqual(kinds.run({}, { outputs: ["pace", "rate"].values() }).columns().length, 6);
  for (const params of [[1], ["pace"], new Set(["pace"]), [["pace"]], [["pace", 1, 2]], new Float64Array(1), "pace", true]) assert.throws(() => kinds.run(params), refused("shape"));
  assert.throws(() => kinds.run(7), refused("shape"));
  assert.throws(() => kinds.run({ pace: "0.25" }), refused("shape"));
  assert.throws(() => kinds.run({ pace: 1n }), refused("shape"));
  assert.throws(() => kinds.run({ pace: undefined }), refused("shape"));
});

test("a Run stays what it was", () => {
  const sir = model("sir.wasm");
  const first = sir.run();
  const before = first.series("Infectious");
  const sim = sir.sim({ "contact rate": 2 }).runTo(30);
  const partial = sim.run();
  sim.reset().clear().runToEnd();
  sir.run({ "contact rate": 1 });
  assert.deepEqual(first.series("infectious"), before);
  assert.equal(partial.rows, 31);
  assert.equal(partial.complete, false);
  assert.equal(first.value("infectious", 0), 10);
  assert.equal(first.value("time"), 120);
  assert.throws(() => first.value("infectious", 121), refused("bad-time"));
  before.fill(0);
  assert.notEqual(first.value("infectious"), 0);
});

test("a run keeps chosen outputs alone", () => {
  const sir = model("sir.wasm");
  const run = sir.run({}, { outputs: ["Recovered", "infectious"] });
  assert.deepEqual(run.columns().map(({ title }) => title), ["time", "Recovered", "Infectious"]);
  assert.deepEqual(run.series("recovered"), sir.run().series("recovered"));
  assert.throws(() => run.series("Susceptible"), refused("unknown-name"));
  assert.throws(() => sir.run({}, { outputs: ["Recoverd"] }), (error) => error.suggestion === "Recovered");
});

test("series of several elements names one of them", () => {
  const kinds = model("kinds.wasm");
  assert.throws(() => kinds.run().series("people"), (error) => refused("shape")(error) && error.message.includes("people[North,Young]"));
  assert.equal(kinds.run().columns(["people"]).length, 5);
});

test("views show the memory itself, copies do not", () => {
  const sim = model("sir.wasm").sim();
  const live = sim.liveView;
  sim.runTo(10);
  assert.equal(live[0], sim.time);
  assert.equal(sim.rowsView.length, sim.saved * live.length);
  const copy = sim.series("infectious");
  sim.runToEnd();
  assert.equal(copy.length, 11);
});

test("a run after an error is as if there had been none", () => {
  const transports = model("transports.wasm");
  const wanted = transports.run().data();
  assert.throws(() => transports.run({ way: -1 }), (error) => refused("transport")(error) && error.variable === "transport[fast]" && error.run.rows === 0);
  assert.deepEqual(transports.run().data(), wanted);
});

test("workers give the bits of single runs", async () => {
  const sir = model("sir.wasm");
  const samples = Array.from({ length: 101 }, (_, i) => [2 + i / 25, 5 + (i % 7)]);
  const options = { params: ["Contact Rate", "duration"], outputs: ["Infectious", "Recovered"] };
  const alone = sir.batch(samples, options);
  const pool = await WorkerPool.start(sir, { size: 2 });
  try {
    for (const form of [samples, Float64Array.from(samples.flat())]) {
      const shared = await pool.batch(form, options);
      assert.deepEqual(shared.values, alone.values);
      assert.deepEqual(shared.titles, alone.titles);
    }
    assert.deepEqual(alone.series(3, "Recovered"), sir.run({ "contact rate": samples[3][0], duration: samples[3][1] }).series("recovered"));
    await assert.rejects(pool.batch([[1]], { params: ["Contact Rat"] }), (error) => error.suggestion === "Contact Rate");
    await assert.rejects(pool.batch([[1], [NaN]], { params: ["Contact Rate"] }), refused("bad-value"));
    assert.equal((await pool.batch([], { params: ["Contact Rate"] })).runs, 0);
  } finally {
    await pool.close();
  }
  await assert.rejects(pool.batch(samples, options), refused("closed"));
});

test("a pool makes one batch after the other, and is told from one that is closed", async () => {
  const sir = model("sir.wasm");
  const options = { params: ["Contact Rate"], outputs: ["Infectious"] };
  const [few, many] = [3, 40].map((n) => Array.from({ length: n }, (_, i) => [2 + i / 10]));
  const pool = await WorkerPool.start(sir, { size: 2 });
  // None of those that are asked for at once waits for an answer that another one has taken.
  const all = await Promise.all([pool.batch(many, options), pool.batch(few, options), pool.batch([[NaN]], options).catch((error) => error.code), pool.batch(few, options)]);
  assert.deepEqual([all[0].values, all[1].values, all[2], all[3].values], [sir.batch(many, options).values, sir.batch(few, options).values, "bad-value", all[1].values]);
  // What cannot go to another thread is refused as it is here, and what can is sent.
  for (const wrong of [[{ "Contact Rate": () => 1 }], [{ "Contact Rate": Symbol.iterator }], undefined, 7, [() => 1]]) {
    const here = (() => {
      try {
        return sir.batch(wrong, {});
      } catch (error) {
        return error.code;
      }
    })();
    assert.equal(here, "shape");
    await assert.rejects(pool.batch(wrong), refused("shape"));
  }
  await assert.rejects(pool.batch([[() => 1]], options), refused("shape"));
  assert.deepEqual((await pool.batch([[6]], { params: new Set(["Contact Rate"]), outputs: ["Infectious"].values() })).values, sir.batch([[6]], options).values);
  const cut = pool.batch(many, options);
  const late = pool.batch(few, options);
  await new Promise((done) => setImmediate(done));
  await pool.close();
  await assert.rejects(cut, refused("closed"));
  await assert.rejects(late, refused("closed"));
  for (const size of [0, -1, 1.5, NaN, "2"]) await assert.rejects(WorkerPool.start(sir, { size }), refused("bad-value"));
});

test("samples are rows, or one flat list, of numbers", () => {
  const sir = model("sir.wasm");
  const options = { params: ["Contact Rate", "Duration"], outputs: ["Infectious"], at: Infinity };
  const wanted = sir.batch([[6, 7], [8, 5]], options).values;
  for (const samples of [[6, 7, 8, 5], Float32Array.of(6, 7, 8, 5), [Float64Array.of(6, 7), [8, 5]]]) assert.deepEqual(sir.batch(samples, options).values, wanted);
  for (const samples of [[6, 7, 8], [[6, 7], [8]], [[6, 7], 8], [[6, 7], null], [[6, "7"]], 7, null, undefined, "67", {}, [["6", 7]]]) {
    assert.throws(() => sir.batch(samples, options), refused("shape"), JSON.stringify(samples));
  }
  for (const samples of [7, null, [7]]) assert.throws(() => sir.batch(samples), (error) => error instanceof SimcError, JSON.stringify(samples));
});

test("outputs are found by their names, however they are written", () => {
  const kinds = model("kinds.wasm");
  const batch = kinds.batch([[0.5]], { params: ["pace"], outputs: ["people", "all people"] });
  assert.deepEqual(batch.series(0, "PEOPLE[ south, old ]"), batch.series(0, 3));
  assert.deepEqual(batch.series(0, "All_People"), batch.series(0, 4));
  assert.throws(() => batch.series(0, "all peple"), (error) => refused("unknown-name")(error) && error.suggestion === "all people");
  assert.throws(() => batch.series(1, "all people"), refused("unknown-name"));
  // One name is a list of one.
  assert.deepEqual(kinds.run({}, { outputs: "all people" }).columns().map(({ title }) => title), ["time", "all people"]);
  assert.deepEqual(kinds.run().csv("all people"), kinds.run().csv(["all people"]));
  assert.deepEqual(kinds.batch([[0.5]], { params: "pace", outputs: "all people" }).values, batch.series(0, 4).slice());
  assert.throws(() => kinds.run({ pace: {} }), refused("shape"));
});

test("failures of a batch come back from workers", async () => {
  const transports = model("transports.wasm");
  const pool = await WorkerPool.start(transports, { size: 2 });
  const { errors, values } = await pool.batch([[1], [-1], [2]], { params: ["way"], outputs: ["transport"], at: Infinity });
  await pool.close();
  assert.deepEqual(errors.map(({ run, error }) => [run, error.code, error.variable]), [[1, "transport", "transport[fast]"]]);
  assert.ok(Number.isNaN(values[2]) && Number.isNaN(values[3]) && !Number.isNaN(values[4]));
});

test("a model crosses to another thread and is the same there", () => {
  const sir = model("sir.wasm");
  const other = Model.from(structuredClone(sir.portable));
  assert.equal(other.sha256, sir.sha256);
  assert.deepEqual(other.run().data(), sir.run().data());
});

test("names are compared as equations compare them", () => {
  assert.equal(key("  Contact\u00a0 RATE_"), "contact_rate");
  assert.equal(key("ΣΊΣΥΦΟΣ"), key("σίσυφος"));
  assert.equal(key("__"), "_");
  assert.equal(unescapeName(' "a \\"b\\" \\n \\\\ \\x" '), 'a "b" \n \\ \\x');
  assert.deepEqual(splitSubscripts('rate[ "a, b" , * ]'), { base: "rate", subscripts: ['"a, b"', "*"] });
  assert.equal(splitSubscripts("rate[a"), null);
  assert.equal(suggest("birth_rat", ["death rate", "birth rate"]), "birth rate");
  assert.equal(suggest("x".repeat(100), ["x".repeat(99)]), null);
});

test("numbers are written as `simc run` writes them", () => {
  const texts = [0, -0, 0.1, 1e300, -2.5e-9, 123456.75, 1e15, 1e16, NaN, -Infinity, 8.9759063720703125, 2.47295379638671875].map(numberText);
  assert.deepEqual(texts, ["0", "-0", "0.1", "1e300", "-2.5e-9", "123456.75", "1000000000000000", "1e16", "NaN", "-inf", "8.975906372070313", "2.4729537963867188"]);
});

test("digests are those of SHA-256", () => {
  const bytes = (text) => new TextEncoder().encode(text);
  assert.equal(sha256(bytes("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.equal(sha256(bytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(sha256(new Uint8Array(1000).fill(97)), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
});

test("links and controls are read as the artifact has them", () => {
  const bytes = bytesOf("sir.wasm");
  const number = (name) => loadSync(bytes).variables.findIndex((variable) => variable.name === name);
  const links = linksRecord([[number("Infection"), number("Susceptible"), 2, 0], [number("Initially Infectious"), number("Infectious"), 1, 1]]);
  const controls = controlsRecord([
    { kind: 0, variables: ["Contact Rate"], range: [0, 12], step: 0.5, label: "Meetings" },
    { kind: 3, variables: ["Infectious", "Recovered"] },
  ]);
  const sir = loadSync(withRecords(bytes, [links, controls]));
  assert.deepEqual(sir.links, [
    { cause: "Infection", effect: "Susceptible", sign: "opposite", isInitial: false },
    { cause: "Initially Infectious", effect: "Infectious", sign: "same", isInitial: true },
  ]);
  assert.deepEqual(sir.controls, [
    { kind: "slider", variables: ["Contact Rate"], range: [0, 12], step: 0.5, label: "Meetings" },
    { kind: "graph", variables: ["Infectious", "Recovered"], range: null, step: null, label: null },
  ]);
  assert.deepEqual(sir.run().data(), loadSync(bytes).run().data());
  for (const wrong of [linksRecord([[99, 4, 0, 0]]), linksRecord([[4, 5, 3, 0]]), linksRecord([[4, 5, 0, 2]]), controlsRecord([{ kind: 5, variables: [] }])]) {
    assert.throws(() => loadSync(withRecords(bytes, [wrong])), refused("bad-artifact"));
  }
});

test("a description that lies costs no memory and no time", () => {
  const bytes = bytesOf("sir.wasm");
  const times = ["time", "dt", "initial_time", "final_time"].map((name, slot) => Buffer.concat([str(name), Buffer.from([0, 0]), u64(slot), u32(0)]));
  const variable = (flags, dimensions, rest) => Buffer.concat([str("x"), Buffer.from([3, flags]), u64(4), list(dimensions.map(u32)), rest]);
  const elements = Array.from({ length: 1 << 15 }, () => u32(0));
  const dimensions = { tag: 4, content: list([Buffer.concat([str("d"), list(elements)]), Buffer.concat([str("e"), list([str("only")])])]) };
  const piece = Buffer.concat([u32(1), u32(0), u32(1), f64(1)]);
  const forged = (own, core) => withRecords(bytes, [dimensions, { tag: 5, content: list([...times, own]) }, linksRecord([])], core);
  // Arrays of a thousand million elements, of which one has a default; rows that no memory holds, since there are none of them.
  const core = Buffer.concat([u64(2n ** 52n), u64(0)]);
  for (const dims of [[0, 0], [0, 0, 0, 0]]) {
    assert.throws(() => loadSync(forged(variable(16, dims, piece), core)), refused("bad-artifact"));
    assert.throws(() => loadSync(forged(variable(0, dims, Buffer.alloc(0)), core)), refused("bad-artifact"));
  }
  // More dimensions than an array can have.
  assert.throws(() => loadSync(forged(variable(0, Array.from({ length: 1_000_000 }, () => 1), Buffer.alloc(0)))), refused("bad-artifact"));
  // Pieces that are none.
  for (const wrong of [[[0, 0]], [[0, 40_000]], [[5, 1], [5, 1]], [[5, 1], [6, 1]], [[40_000, 1]], [[0, 1 << 15]]]) {
    const pieces = list(wrong.map(([first, n]) => Buffer.concat([u32(first), u32(n), ...Array.from({ length: n }, () => f64(1))])));
    assert.throws(() => loadSync(forged(variable(16, [0], pieces), u64(100_000))), (error) => refused("bad-artifact")(error) && /elements/.test(error.message), JSON.stringify(wrong));
  }
  // Nothing can be told of runs without a time axis and its slots.
  const time = (start, dt, every) => ({ tag: 3, content: Buffer.concat([f64(start), f64(120), f64(dt), u64(480), u64(every), Buffer.from([0, 0])]) });
  for (const axis of [time(0, 0, 4), time(0, -1, 4), time(0, NaN, 4), time(Infinity, 0.25, 4), time(0, 0.25, 0)]) assert.throws(() => loadSync(withRecords(bytes, [axis])), refused("bad-artifact"));
  assert.throws(() => loadSync(withRecords(bytes, [{ tag: 5, content: list([]) }, linksRecord([])])), refused("bad-artifact"));
});

test("what a model is called ends no comment", () => {
  const text = declarations({ name: 'x\u2028;export const evil = 1; //\u2029\n"', producer: "simc\n", parameters: [], variables: [] });
  assert.equal(text.split(/[\n\r\u2028\u2029]/)[1], 'import type { Model } from "simc";');
  assert.ok(!/[\u2028\u2029]/.test(text));
});

test("every byte of a description may be wrong: an error of this package, or a model", () => {
  const bytes = Buffer.from(bytesOf("array_stocks.wasm"));
  const begin = bytes.indexOf("simc.layout");
  for (let at = begin; at < Math.min(begin + 2500, bytes.length); at += 1) {
    for (const value of [0, 0xff, bytes[at] ^ 0x10]) {
      const old = bytes[at];
      bytes[at] = value;
      try {
        loadSync(bytes).run();
      } catch (error) {
        assert.ok(error instanceof SimcError, `byte ${at}: ${error.stack}`);
      }
      bytes[at] = old;
    }
  }
});
