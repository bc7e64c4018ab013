// Types of one model, so that a misspelt name is a mistake that the TypeScript compiler finds.

/** Union of literal types, `never` for none. */
function union(names) {
  const distinct = [...new Set(names)];
  return distinct.length === 0 ? "never" : distinct.join(" | ");
}

/** The names of a variable: as its author wrote it, and in the form that needs no quotes; of arrays also with subscripts. */
function literals(variable) {
  const names = [...new Set([variable.name, variable.canonical])];
  const quoted = names.map((name) => JSON.stringify(name));
  const subscripted = names.map((name) => `\`${name.replace(/[\\`]|\$\{/g, "\\$&")}[\${string}]\``);
  return variable.size === 1 && variable.shape.length === 0 ? quoted : [...quoted, ...subscripted];
}

/** A text that cannot end the comment that it is in. */
function onOneLine(text) {
  return text.replace(/[\n\r\u2028\u2029]+/g, " ");
}

/** The text of a declaration file for a module that has `load` for this model. */
export function declarations(model) {
  const lines = [
    `// The model ${onOneLine(JSON.stringify(model.name))}, as ${onOneLine(model.producer)} compiled it. Written by a program: changes are lost.`,
    'import type { Model } from "simc";',
    "",
    "/** Constants that can be set. */",
    `export type Parameter = ${union(model.parameters.flatMap(literals))};`,
    "",
    "/** Everything that a run shows. */",
    `export type Name = ${union(model.variables.flatMap(literals))};`,
    "",
    "/** SHA-256 of the artifact. */",
    "export declare const sha256: string;",
    "",
    "/** Loads the model; once, however often it is called. */",
    "export declare function load(): Promise<Model<Parameter, Name>>;",
    "",
    "/** Calls a listener with each new version of the model while a development server runs; gives back what ends that. */",
    "export declare function onUpdate(listener: (model: Model<Parameter, Name>) => void): () => void;",
    "",
    "declare const model: { readonly sha256: string; readonly load: typeof load; readonly onUpdate: typeof onUpdate };",
    "export default model;",
    "",
  ];
  return lines.join("\n");
}
