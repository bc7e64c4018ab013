// Runs a model from Node: `simc build tests/models/sir.xmile -o sir.wasm`, then `node sir.js sir.wasm`.

import { SimcError, load } from "../src/index.js";

const sir = await load(process.argv[2] ?? "sir.wasm");
console.log(`${sir.name}: ${sir.time.rows} rows from ${sir.time.start} to ${sir.time.stop} ${sir.time.units ?? ""}`);
for (const { name, default: usual, units } of sir.parameters) console.log(`  ${name} = ${usual} ${units ?? ""}`);

// A run from the defaults, with another contact rate.
const run = sir.run({ "contact rate": 6 });
console.log(`at most ${Math.max(...run.series("Infectious")).toFixed(0)} are infectious at once`);

// A run that is steered: contacts fall when a tenth is infectious.
const sim = sir.sim();
for (let day = 0; day <= sir.time.stop; day += 1) {
  sim.runTo(day);
  if (sim.value("Infectious") > 1000) sim.set("Contact Rate", 3);
}
console.log(`with fewer contacts from then on ${Math.max(...sim.series("Infectious")).toFixed(0)}`);

// Many runs, and the last value of each.
const rates = Array.from({ length: 9 }, (_, i) => [2 + i]);
const batch = sir.batch(rates, { params: ["Contact Rate"], outputs: ["Recovered"], at: Infinity });
rates.forEach(([rate], i) => console.log(`contact rate ${rate}: ${batch.series(i)[0].toFixed(0)} had it`));

// Mistakes are told by a code for programs and a sentence for people.
try {
  sir.run({ "contact rat": 6 });
} catch (error) {
  if (!(error instanceof SimcError)) throw error;
  console.log(`${error.code}: ${error.message}`);
}
