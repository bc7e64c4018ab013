// What the declared types allow, and what they refuse: compiled, never run.

import { Batch, Model, Run, SimcError, WorkerPool, load, loadSync, numberText } from "../types/index.js";
import { Compiler } from "../types/compiler.js";
import type { ErrorCode, Variable } from "../types/index.js";

type Parameter = "Contact Rate" | "Duration";
type Name = "Infectious" | "Recovered";

export async function uses(bytes: Uint8Array): Promise<void> {
  const sir: Model<Parameter, Name> = await load<Parameter, Name>(bytes, { sha256: "00" });
  const run: Run<Name | Parameter> = sir.run({ "Contact Rate": 6, Duration: [7] }, { outputs: ["Infectious"] });
  const series: Float64Array = run.series("Infectious");
  const last: number = run.value("Recovered", -1);
  // @ts-expect-error a name that is none
  sir.run({ "Contact Rat": 6 });
  // @ts-expect-error a text is no number
  sir.run({ Duration: "7" });
  // @ts-expect-error a name that is none
  run.series("Infectous");
  sir.sim().set("Duration", 3).runTo(30).runToEnd().close();
  sir.run(new Map<Parameter, number>([["Duration", 1]]));
  sir.run([["Duration", { "North,Young": [1, 2] }]]);
  const batch: Batch = sir.batch([[1], [2]], { params: ["Duration"], outputs: ["Infectious"], at: Infinity });
  sir.batch(new Float64Array(4), { params: ["Duration", "Contact Rate"] });
  sir.batch([{ Duration: 1 }]);
  sir.batch([1, 2], { params: "Duration", outputs: "Infectious" });
  run.csv("Infectious");
  // @ts-expect-error a name that is none
  sir.run({}, { outputs: "Infectous" });
  const pool = await WorkerPool.start(sir, { size: 2 });
  const shared: Batch = await pool.batch([[1]], { params: ["Duration"] });
  const anything: Model = loadSync(bytes.buffer as ArrayBuffer);
  const variable: Variable = anything.variable("whatever");
  // @ts-expect-error results are not written to
  anything.name = "other";
  console.log(series.length, last, batch.series(0, "Infectious"), shared.titles, variable.default, numberText(1));
}

export function fault(error: unknown): ErrorCode | null {
  return error instanceof SimcError ? error.code : null;
}

export async function compiles(text: string): Promise<Uint8Array | null> {
  const compiler = await Compiler.load(fetch("simc_web.wasm"));
  const { wasm, messages } = compiler.compile("sir.xmile", text, { level: "s", outputs: ["Infectious"], inputs: ["initials"] });
  // @ts-expect-error: there is no such option
  compiler.compile("sir.xmile", text, { optimise: true });
  return messages.some(({ severity }) => severity === "error") ? null : wasm;
}
