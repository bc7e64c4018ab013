// Artifacts with further records, for tests.

export const u32 = (n) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(n);
  return bytes;
};
export const u64 = (n) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(n));
  return bytes;
};
export const f64 = (n) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(n);
  return bytes;
};
export const str = (text) => Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)]);
export const list = (items) => Buffer.concat([u32(items.length), ...items]);

/** The record of links: `[cause, effect, sign, flags]`, variables by their numbers. */
export function linksRecord(links) {
  return { tag: 43, content: list(links.map(([cause, effect, sign, flags]) => Buffer.concat([u32(cause), u32(effect), Buffer.from([sign, flags])]))) };
}

/** The record of controls. */
export function controlsRecord(controls) {
  const one = ({ kind, variables, range, step, label }) => {
    const flags = (range ? 1 : 0) | (step ? 2 : 0) | (label ? 4 : 0);
    return Buffer.concat([Buffer.from([kind, flags]), list(variables.map(str)), ...(range ?? []).map(f64), ...(step ? [f64(step)] : []), ...(label ? [str(label)] : [])]);
  };
  return { tag: 44, content: list(controls.map(one)) };
}

function leb(value) {
  const bytes = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** An artifact with records behind those that it has, and with another beginning of its core record. Any records of the same tag go. */
export function withRecords(wasm, records, core = Buffer.alloc(0)) {
  const parts = [wasm.subarray(0, 8)];
  const added = Buffer.concat(records.map(({ tag, content }) => Buffer.concat([u32(tag), u32(content.length), content])));
  for (let at = 8; at < wasm.length; ) {
    const id = wasm[at];
    let [length, shift] = [0, 0];
    do {
      at += 1;
      length += (wasm[at] & 0x7f) * 2 ** shift;
      shift += 7;
    } while (wasm[at] > 0x7f);
    at += 1;
    const section = wasm.subarray(at, at + length);
    const isLayout = id === 0 && section.subarray(1, 12).toString("latin1") === "simc.layout";
    const rest = isLayout ? withoutTags(section, records.map(({ tag }) => tag)) : section;
    const content = isLayout ? Buffer.concat([rest.subarray(0, 12), core, rest.subarray(12 + core.length), added]) : rest;
    parts.push(Buffer.from([id]), leb(content.length), content);
    at += length;
  }
  return Buffer.concat(parts);
}

/** The section without the records of some tags. */
function withoutTags(section, tags) {
  let at = 12 + 24;
  const count = section.readUInt32LE(at);
  at += 4;
  for (let i = 0; i < count; i += 1) at += 4 + section.readUInt32LE(at) + 8;
  const parts = [section.subarray(0, at)];
  while (at < section.length) {
    const end = at + 8 + section.readUInt32LE(at + 4);
    if (!tags.includes(section.readUInt32LE(at))) parts.push(section.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}
