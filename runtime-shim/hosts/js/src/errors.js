// What can go wrong, with one set of codes in every language's host.

/** @typedef {import("../types/index.js").ErrorCode} ErrorCode */

/**
 * An error of this package. `code` is stable and meant for programs; the message is meant for people.
 * Further fields are there where they apply: `input` (the name as it was given), `suggestion`, `variable`,
 * `byte` (offset in the artifact), `run` (rows that were saved before a failure).
 */
export class SimcError extends Error {
  constructor(code, message, fields = {}) {
    super(message);
    this.name = "SimcError";
    this.code = code;
    Object.assign(this, fields);
  }
}

/** An artifact that is not as it should be, with the byte at which that shows. */
export function badArtifact(message, byte) {
  return new SimcError("bad-artifact", `not an artifact of simc: ${message} (byte ${byte})`, { byte });
}

/** Shows a value in a message, in few characters. */
export function shown(value) {
  if (typeof value === "string") {
    const text = value.length > 60 ? `${value.slice(0, 60)}...` : value;
    return JSON.stringify(text);
  }
  if (typeof value === "bigint") return `${value}n`;
  if (value === null || typeof value !== "object") return String(value);
  return Array.isArray(value) || ArrayBuffer.isView(value) ? `a list of ${value.length}` : "an object";
}
