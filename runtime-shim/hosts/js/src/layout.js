// What an artifact says about itself: the section `simc.layout`, read from the bytes of the module.

import { Cursor } from "./bytes.js";
import { SimcError, badArtifact } from "./errors.js";

const MAX_MEMORY = 2 ** 32;
/** Dimensions that an array can have. */
const MAX_RANK = 16;
/** The slots of the time axis, with which each row begins. */
export const RESERVED_SLOTS = 4;
const VERSION = 2;

const KINDS = ["time", "stock", "flow", "auxiliary", "constant", "module-input"];
const METHODS = ["euler", "rk2", "rk4", "midpoint"];
const TABLE_KINDS = ["continuous", "extrapolate", "discrete"];
const TRANSPORTS = ["conveyor", "queue"];
const DIRECTIONS = ["increasing", "decreasing"];
const REPEATS = ["each", "once", "once-ever"];
const ACTIONS = ["message", "pause", "stop"];
const SIGNS = ["unknown", "same", "opposite"];
const CONTROLS = ["slider", "knob", "switch", "graph", "gauge"];

/** Records that are read, by their tag, and those that refer to dimensions. */
const READERS = new Map([
  [1, readFormat],
  [2, readOrigin],
  [3, readTime],
  [4, (cursor, layout) => (layout.dimensions = cursor.list(readDimension))],
  [5, (cursor, layout) => (layout.variables = cursor.list((item) => readVariable(item, layout)))],
  [6, (cursor) => cursor.list(readRegion)],
  [40, (cursor, layout) => (layout.groups = cursor.list(readGroup))],
  [42, (cursor, layout) => (layout.transports = cursor.list((item) => readTransport(item, layout)))],
  [43, (cursor, layout) => (layout.links = cursor.list((item) => readLink(item, layout)))],
  [44, (cursor, layout) => (layout.controls = cursor.list(readControl))],
  [46, (cursor, layout) => (layout.files = cursor.list((file) => ({ path: file.str(), sha256: file.hex(32) })))],
  [48, readInputs],
  [49, (cursor, layout) => (layout.thresholds = cursor.list((item) => readThreshold(item, layout)))],
]);
const USE_DIMENSIONS = [5, 42, 49];
const USE_VARIABLES = [43];

/** Reads the description in the bytes of an artifact. */
export function readLayout(bytes) {
  const section = findSection(bytes, "simc.layout");
  const layout = {
    nSlots: section.u64(),
    nChunks: section.u64(),
    resultsOffset: section.u64(),
    entries: [],
    arraysHaveOneEntry: false,
    version: 0,
    producer: "",
    name: "",
    sourceSha256: "",
    time: null,
    dimensions: [],
    variables: [],
    groups: [],
    transports: [],
    files: [],
    inputs: null,
    thresholds: [],
    controls: [],
    links: [],
  };
  if (!(layout.nSlots * Math.max(1, layout.nChunks) * 8 + layout.resultsOffset <= MAX_MEMORY)) throw section.fail("its results do not fit a memory");
  layout.entries = section.list(() => {
    const name = section.str();
    const slot = section.u64();
    if (slot >= layout.nSlots) throw section.fail("a slot is outside of the row");
    return { name, slot };
  });
  readRecords(section, layout);
  checkAxis(section, layout);
  return layout;
}

/** Whether there is a time axis, and a row begins with the time: without them nothing of a run can be told. */
function checkAxis(section, { time, variables }) {
  const isAxis = time !== null && Number.isFinite(time.start) && Number.isFinite(time.stop) && time.dt > 0 && time.saveEvery > 0;
  if (!isAxis) throw section.fail("it has no time axis");
  for (let slot = 0; slot < RESERVED_SLOTS; slot += 1) {
    if (variables[slot]?.kind !== "time" || variables[slot].slot !== slot) throw section.fail("its row does not begin with the time");
  }
}

/** The content of the only custom section of a name. */
function findSection(bytes, wanted) {
  const cursor = new Cursor(bytes);
  if (bytes.length < 8 || cursor.u32() !== 0x6d736100 || cursor.u32() !== 1) throw badArtifact("it is no WebAssembly module", 0);
  let found = null;
  while (!cursor.isAtEnd()) {
    const id = cursor.u8();
    const length = cursor.leb();
    const from = cursor.skip(length);
    if (id !== 0) continue;
    const section = new Cursor(bytes, from, from + length);
    const name = section.text(section.leb());
    if (name !== wanted) continue;
    if (found !== null) throw badArtifact(`there are two sections ${wanted}`, from);
    found = section;
  }
  if (found === null) throw badArtifact(`it has no section ${wanted}`, bytes.length);
  return found;
}

function readRecords(section, layout) {
  const seen = new Set();
  while (!section.isAtEnd()) {
    const start = section.at;
    const tag = section.u32();
    const record = section.record();
    if (tag !== 1 && !seen.has(1)) throw badArtifact("its first record is not the format", start);
    const read = READERS.get(tag);
    if (read === undefined) continue;
    const isLate = (tag === 4 && USE_DIMENSIONS.some((user) => seen.has(user))) || (tag === 5 && USE_VARIABLES.some((user) => seen.has(user)));
    const isMisplaced = seen.has(tag) || isLate;
    if (isMisplaced) throw badArtifact(`record ${tag} stands where it must not`, start);
    seen.add(tag);
    read(record, layout);
    if (!record.isAtEnd()) throw record.fail("a record is longer than what it holds");
  }
}

function readFormat(cursor, layout) {
  layout.version = cursor.u32();
  if (layout.version !== VERSION) {
    const message = `the artifact has format version ${layout.version}, and this host reads version ${VERSION}`;
    throw new SimcError("unsupported", message, { byte: cursor.at });
  }
  const flags = cursor.u32();
  if ((flags & ~1) !== 0) throw cursor.fail("a flag is unknown");
  layout.arraysHaveOneEntry = flags === 1;
}

function readOrigin(cursor, layout) {
  layout.producer = cursor.str();
  layout.name = cursor.str();
  layout.sourceSha256 = cursor.hex(32);
}

function readTime(cursor, layout) {
  const [start, stop, dt] = [cursor.f64(), cursor.f64(), cursor.f64()];
  const [steps, saveEvery] = [cursor.u64(), cursor.u64()];
  const method = cursor.oneOf(METHODS, "method");
  const units = cursor.flags(1) === 1 ? cursor.str() : null;
  layout.time = { start, stop, dt, steps, saveEvery, method, units, rows: layout.nChunks };
}

function readDimension(cursor) {
  return { name: cursor.str(), elements: cursor.list((item) => item.str()) };
}

function readDimensions(cursor, layout) {
  const dimensions = cursor.list(() => {
    const number = cursor.u32();
    if (number >= layout.dimensions.length) throw cursor.fail(`there is no dimension ${number}`);
    return layout.dimensions[number];
  });
  if (dimensions.length > MAX_RANK) throw cursor.fail(`an array has more than ${MAX_RANK} dimensions`);
  return dimensions;
}

function readVariable(cursor, layout) {
  const name = cursor.str();
  const kind = cursor.oneOf(KINDS, "kind");
  const flags = cursor.flags(0b11111);
  if ((flags & 0b10001) === 0b10001) throw cursor.fail("it is settable as a whole and in part");
  const slot = cursor.u64();
  const dimensions = readDimensions(cursor, layout);
  const size = dimensions.reduce((product, { elements }) => product * elements.length, 1);
  if (!(slot + size <= layout.nSlots)) throw cursor.fail("a slot is outside of the row");
  const pieces = flags & 1 ? [{ first: 0, defaults: readNumbers(cursor, size) }] : flags & 16 ? readPieces(cursor, size) : null;
  const units = flags & 2 ? cursor.str() : null;
  const documentation = flags & 4 ? cursor.str() : null;
  const range = flags & 8 ? [cursor.f64(), cursor.f64()] : null;
  return { name, kind, slot, size, dimensions, pieces, units, documentation, range };
}

/** Defaults of some elements and not of all: pieces that ascend, with gaps between. */
function readPieces(cursor, size) {
  let least = 0;
  const pieces = cursor.list(() => {
    const [first, n] = [cursor.u32(), cursor.u32()];
    const defaults = readNumbers(cursor, n);
    if (first < least || n === 0 || n === size || first + n > size) throw cursor.fail("elements that can be set are none of its array");
    least = first + n + 1;
    return { first, defaults };
  });
  if (pieces.length === 0) throw cursor.fail("elements that can be set are none of its array");
  return pieces;
}

function readNumbers(cursor, count) {
  const numbers = [];
  for (let i = 0; i < count; i += 1) numbers.push(cursor.f64());
  return Float64Array.from(numbers);
}

function readRegion(cursor) {
  return { name: cursor.str(), offset: cursor.u64(), bytes: cursor.u64() };
}

function readGroup(cursor) {
  const name = cursor.str();
  const documentation = cursor.flags(1) === 1 ? cursor.str() : null;
  return { name, documentation, members: cursor.list((item) => item.str()) };
}

function readTransport(cursor, layout) {
  return { name: cursor.str(), kind: cursor.oneOf(TRANSPORTS, "kind"), dimensions: readDimensions(cursor, layout) };
}

function readLink(cursor, layout) {
  const variable = () => {
    const number = cursor.u32();
    if (number >= layout.variables.length) throw cursor.fail(`there is no variable ${number}`);
    return layout.variables[number].name;
  };
  const [cause, effect] = [variable(), variable()];
  const sign = cursor.oneOf(SIGNS, "sign");
  return { cause, effect, sign, isInitial: cursor.flags(1) === 1 };
}

function readControl(cursor) {
  const kind = cursor.oneOf(CONTROLS, "kind of control");
  const flags = cursor.flags(0b111);
  const variables = cursor.list((item) => item.str());
  const range = flags & 1 ? [cursor.f64(), cursor.f64()] : null;
  const step = flags & 2 ? cursor.f64() : null;
  const label = flags & 4 ? cursor.str() : null;
  return { kind, variables, range, step, label };
}

function readInputs(cursor, layout) {
  const [offset, capacity] = [cursor.u64(), cursor.u64()];
  if (!(8 * capacity + offset <= MAX_MEMORY)) throw cursor.fail("its place for inputs does not fit a memory");
  const tables = cursor.list(() => ({
    name: cursor.str(),
    kind: cursor.oneOf(TABLE_KINDS, "kind"),
    capacity: cursor.u32(),
    points: cursor.list(() => [cursor.f64(), cursor.f64()]),
  }));
  layout.inputs = { offset, capacity, tables };
}

function readThreshold(cursor, layout) {
  return {
    variable: cursor.str(),
    dimensions: readDimensions(cursor, layout),
    first: cursor.u32(),
    n: cursor.u32(),
    value: cursor.f64(),
    direction: cursor.oneOf(DIRECTIONS, "direction"),
    repeat: cursor.oneOf(REPEATS, "repetition"),
    interval: cursor.u32(),
    events: cursor.list(() => ({ action: cursor.oneOf(ACTIONS, "action"), message: cursor.str() })),
  };
}
