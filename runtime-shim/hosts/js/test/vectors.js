// Plays the shared vectors in Node: `node test/vectors.js [DIR]`. DIR holds the artifacts that `gen_vectors --artifacts DIR` writes.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { playAll } from "./play.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const folder = process.argv[2] ?? process.env.SIMC_VECTORS ?? join(root, "target", "vectors");
const vectors = join(root, "tests", "vectors");
const names = readdirSync(vectors).filter((name) => name.endsWith(".json")).sort();
const files = names.map((name) => JSON.parse(readFileSync(join(vectors, name), "utf8")));
const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));

const { lines, failed } = playAll(files, (name) => readFileSync(join(folder, name)), manifest);
console.log(lines.join("\n"));
process.exitCode = failed > 0 ? 1 : 0;
