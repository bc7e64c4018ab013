// A cursor over bytes that may be hostile: whatever does not fit is an error with the place where it shows.

import { badArtifact } from "./errors.js";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const SHORT = 48;

export class Cursor {
  /** Reads `bytes` from `at` to `end`; places in errors are offsets in `bytes`. */
  constructor(bytes, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  isAtEnd() {
    return this.at === this.end;
  }

  /** An error here. */
  fail(what) {
    return badArtifact(what, this.at);
  }

  /** Moves over `length` bytes and gives the place of the first. */
  skip(length) {
    if (length > this.end - this.at) throw this.fail("it ends too early");
    const from = this.at;
    this.at += length;
    return from;
  }

  u8() {
    return this.bytes[this.skip(1)];
  }

  u32() {
    return this.view.getUint32(this.skip(4), true);
  }

  /** A 64-bit number; beyond 2^53 the nearest double, which no check lets pass. */
  u64() {
    const from = this.skip(8);
    return this.view.getUint32(from, true) + this.view.getUint32(from + 4, true) * 0x1_0000_0000;
  }

  f64() {
    return this.view.getFloat64(this.skip(8), true);
  }

  /** A length of WebAssembly: LEB128, at most 32 bits. */
  leb() {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80 && value < 0x1_0000_0000) return value;
    }
    throw this.fail("a length is no number of 32 bits");
  }

  /** Text of a known length. */
  text(length) {
    const from = this.skip(length);
    if (length < SHORT) {
      let text = "";
      let at = from;
      for (; at < this.at && this.bytes[at] < 0x80; at += 1) text += String.fromCharCode(this.bytes[at]);
      if (at === this.at) return text;
    }
    const bytes = this.bytes.subarray(from, this.at);
    try {
      return UTF8.decode(bytes);
    } catch {
      throw badArtifact("a text is not UTF-8", from + validUpTo(bytes));
    }
  }

  str() {
    return this.text(this.u32());
  }

  hex(length) {
    const from = this.skip(length);
    return Array.from(this.bytes.subarray(from, this.at), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** A list; each item takes a byte at least, so that a count that lies meets the end before it costs memory. */
  list(item) {
    const count = this.u32();
    const items = [];
    for (let i = 0; i < count; i += 1) items.push(item(this));
    return items;
  }

  /** One of the words that stand for 0, 1, 2, ... */
  oneOf(words, field) {
    const number = this.u8();
    if (number >= words.length) throw this.fail(`there is no ${field} ${number}`);
    return words[number];
  }

  flags(known) {
    const flags = this.u8();
    if ((flags & ~known) !== 0) throw this.fail("a flag is unknown");
    return flags;
  }

  /** The content of what begins with its length. */
  record() {
    const length = this.u32();
    const from = this.skip(length);
    return new Cursor(this.bytes, from, from + length);
  }
}

/** How many bytes from the beginning are whole characters of UTF-8. */
function validUpTo(bytes) {
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at];
    const length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > bytes.length) return at;
    const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    if (length > 1 && (bytes[at + 1] < low || bytes[at + 1] > high)) return at;
    for (let i = 2; i < length; i += 1) if (bytes[at + i] < 0x80 || bytes[at + i] > 0xbf) return at;
    at += length;
  }
  return at;
}
