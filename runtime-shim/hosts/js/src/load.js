// Artifacts from wherever they are.

import { SimcError, shown } from "./errors.js";
import { loadBytes } from "./model.js";

/**
 * A model from an artifact: its bytes, a Response or a promise of one, or the place where it lies. A place is a URL, or in
 * Node also the path of a file.
 */
export async function load(source, options = {}) {
  return loadBytes(await bytesFrom(await source), options);
}

async function bytesFrom(source) {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return source;
  if (typeof Response !== "undefined" && source instanceof Response) return bytesOfResponse(source);
  if (typeof source !== "string" && !(source instanceof URL)) throw new SimcError("bad-artifact", `${shown(source)} is no artifact`, { byte: 0 });
  const isFile = source instanceof URL ? source.protocol === "file:" : !/^[a-z][a-z0-9+.-]+:/i.test(source);
  if (isFile && globalThis.process?.versions?.node !== undefined) {
    const { readFile } = await import("node:fs/promises");
    return readFile(source).catch((error) => Promise.reject(unreadable(source, error)));
  }
  return bytesOfResponse(await fetch(source).catch((error) => Promise.reject(unreadable(source, error))));
}

/** What cannot be read is no artifact; `cause` says more. */
function unreadable(source, cause) {
  return new SimcError("bad-artifact", `${source} cannot be read: ${cause.message}`, { byte: 0, cause });
}

async function bytesOfResponse(response) {
  if (!response.ok) throw new SimcError("bad-artifact", `${response.url || "the artifact"}: ${response.status} ${response.statusText}`, { byte: 0 });
  return response.arrayBuffer();
}
