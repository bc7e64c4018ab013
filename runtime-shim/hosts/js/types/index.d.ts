// Type declarations of the package `simc`, written by hand and held to the code by the test `types.test.js`.

/** What went wrong, in one word that never changes. */
export type ErrorCode =
  | "unknown-name"
  | "ambiguous-name"
  | "not-settable"
  | "shape"
  | "bad-value"
  | "bad-artifact"
  | "wrong-artifact"
  | "bad-time"
  | "transport"
  | "unsupported"
  | "closed"
  | "busy";

/** Every error of this package. */
export class SimcError extends Error {
  readonly code: ErrorCode;
  /** The name as it was given, where a name is at fault. */
  readonly input?: string;
  /** What was probably meant by an unknown name; null when nothing is near. */
  readonly suggestion?: string | null;
  /** The variable or element at fault. */
  readonly variable?: string;
  /** The byte of the artifact at which it shows that it is none. */
  readonly byte?: number;
  /** With `transport`: the rows that were saved before the failure. */
  readonly run?: Run;
}

/** A number for all elements, numbers for each (row-major, flat or nested), or numbers by element: `{ "North,Young": 2 }`. */
export type ParameterValue = number | ArrayLike<number> | readonly ParameterList[] | { readonly [element: string]: ParameterValue };
export type ParameterList = number | ArrayLike<number> | readonly ParameterList[];

/** Constants by name. Names match as in equations: case does not count, spaces and underscores are the same. */
export type Params<P extends string = string> = { readonly [name in P]?: ParameterValue };

/** The same as a Map or a list of pairs. */
export type ParamPairs<P extends string = string> = Iterable<readonly [P, ParameterValue]>;

/** Names; one is a list of one. */
export type Names<N extends string = string> = N | Iterable<N>;

export type Kind = "time" | "stock" | "flow" | "auxiliary" | "constant" | "module-input";

/** Where an artifact lies, or its bytes. */
export type Source = string | URL | ArrayBuffer | ArrayBufferView | Response | Promise<Response>;

export interface LoadOptions {
  /** The artifact's SHA-256 in hexadecimal; another artifact is the error `wrong-artifact`. */
  sha256?: string;
}

/**
 * Loads an artifact: from its bytes, a response, a URL, or in Node the path of a file.
 * @throws SimcError `bad-artifact`, `wrong-artifact`, `unsupported` (a newer format).
 */
export function load<P extends string = string, V extends string = string>(source: Source, options?: LoadOptions): Promise<Model<P, V>>;

/**
 * Loads an artifact from its bytes, at once. Browsers refuse modules of several megabytes on their main thread: use `load` there.
 * @throws SimcError as `load`.
 */
export function loadSync<P extends string = string, V extends string = string>(source: ArrayBuffer | ArrayBufferView, options?: LoadOptions): Model<P, V>;

export interface Dimension {
  readonly name: string;
  readonly elements: readonly string[];
}

/** The time axis, in the model's unit of time. */
export interface Time {
  readonly start: number;
  readonly stop: number;
  readonly dt: number;
  /** Steps of a full run. */
  readonly steps: number;
  /** Steps from one saved row to the next. */
  readonly saveEvery: number;
  readonly method: "euler" | "rk2" | "rk4" | "midpoint";
  readonly units: string | null;
  /** Rows of a full run. */
  readonly rows: number;
}

export interface Variable {
  /** As the author of the model wrote it; `Module.name` inside a module. */
  readonly name: string;
  /** The form in which other engines know it: `contact_rate`. */
  readonly canonical: string;
  readonly kind: Kind;
  readonly units: string | null;
  readonly documentation: string | null;
  /** Least and greatest sensible value. */
  readonly range: readonly [number, number] | null;
  /** Outermost first; empty for a scalar. */
  readonly dimensions: readonly Dimension[];
  readonly shape: readonly number[];
  /** How many numbers it has in a row. */
  readonly size: number;
  /** The place of its first number in a row. */
  readonly slot: number;
  /** Whether it, or an element of it, can be set. */
  readonly settable: boolean;
  readonly settableElements: readonly boolean[] | null;
  /** Whether an element, counted row-major, can be set. */
  isSettable(element?: number): boolean;
  /** A number, for an array one for each element (NaN where none is to be had), or null when it cannot be set. */
  readonly default: number | Float64Array | null;
  /** `name`, or `name[element,element]` for each element, row-major. */
  readonly titles: readonly string[];
  title(element?: number): string;
  /** The default of an element, or null. */
  defaultOf(element?: number): number | null;
}

export interface Column {
  readonly title: string;
  readonly values: Float64Array;
  readonly variable: Variable;
  readonly element: number;
}

/** An event that has fired. */
export interface ModelEvent {
  readonly step: number;
  readonly time: number;
  /** What the variable was. */
  readonly value: number;
  /** The variable or element that passed the threshold. */
  readonly variable: string;
  readonly action: "message" | "pause" | "stop";
  readonly message: string;
  readonly threshold: number;
  readonly direction: "increasing" | "decreasing";
}

export type State = "new" | "running" | "paused" | "stopped" | "complete" | "failed";

/** A compiled model. It never changes, and can be shared. */
export class Model<P extends string = string, V extends string = string> {
  readonly name: string;
  /** The compiler and its version. */
  readonly producer: string;
  /** SHA-256 of the artifact. */
  readonly sha256: string;
  /** SHA-256 of the model's text. */
  readonly sourceSha256: string;
  readonly time: Time;
  /** All variables in the order of a row, the four of the time axis first. */
  readonly variables: readonly Variable[];
  /** Those that can be set. */
  readonly parameters: readonly Variable[];
  readonly dimensions: readonly Dimension[];
  readonly groups: readonly { readonly name: string; readonly documentation: string | null; readonly members: readonly string[] }[];
  readonly thresholds: readonly { readonly variable: string; readonly value: number; readonly direction: string; readonly repeat: string }[];
  /** Graphical functions that `Sim.setTable` takes. */
  readonly tables: readonly { readonly name: string; readonly kind: string; readonly capacity: number; readonly points: readonly (readonly [number, number])[] }[];
  /** Sliders, knobs, switches, graphs and gauges that the author drew. */
  readonly controls: readonly { readonly kind: string; readonly variables: readonly string[]; readonly range: readonly [number, number] | null; readonly step: number | null; readonly label: string | null }[];
  /** Which variable reads which. */
  readonly links: readonly { readonly cause: string; readonly effect: string; readonly sign: "same" | "opposite" | "unknown"; readonly isInitial: boolean }[];
  readonly files: readonly { readonly path: string; readonly sha256: string }[];

  /** The variable of a name. @throws SimcError `unknown-name`, `shape`. */
  variable(name: V | P): Variable;
  /** The numbers that a name means, with subscripts or without: `rate[North,*]`. */
  elements(name: V | P): { title: string; slot: number; variable: Variable; element: number }[];

  /** The same with pairs. An overload before the usual one, whose errors the compiler shows. */
  run(params: ParamPairs<P>, options?: { outputs?: Names<V | P> }): Run<V | P>;
  /**
   * Runs from the defaults, with other values for some constants, to the end. Events that pause do not end it; one that stops does.
   * @param params constants by name
   * @param options.outputs keep only these variables
   * @throws SimcError `unknown-name`, `not-settable`, `shape`, `bad-value`, `ambiguous-name` before anything runs; `transport` with
   *   the rows saved before.
   */
  run(params?: Params<P> | null, options?: { outputs?: Names<V | P> }): Run<V | P>;

  /** A new instance, which the caller steers. */
  sim(params?: Params<P> | ParamPairs<P> | null): Sim<P, V>;

  /** Many runs, one after the other. Bits are those of single runs. */
  batch(samples: ArrayLike<number>, options: BatchOptions<P, V> & { params: P | readonly P[] }): Batch;
  batch(samples: readonly ArrayLike<number>[], options: BatchOptions<P, V> & { params: P | readonly P[] }): Batch;
  batch(samples: readonly (Params<P> | ParamPairs<P>)[], options?: BatchOptions<P, V>): Batch;

  /** What can be posted to a worker, for `Model.from`. */
  readonly portable: { bytes: Uint8Array; module: WebAssembly.Module };
  static from<P extends string = string, V extends string = string>(portable: { bytes: Uint8Array; module: WebAssembly.Module }): Model<P, V>;
}

export interface BatchOptions<P extends string = string, V extends string = string> {
  /** Names of the constants that the columns of `samples` are for. */
  params?: P | readonly P[];
  /** What to keep; the stocks without it. Of an array all elements. */
  outputs?: Names<V | P>;
  /** Only the rows saved at these times; `Infinity` is the last row. All rows without it. */
  at?: number | readonly number[] | null;
}

/** Results of many runs. */
export class Batch {
  readonly runs: number;
  readonly titles: readonly string[];
  readonly times: Float64Array;
  /** Shape [runs, titles, times], row-major. NaN for rows that a run did not reach. */
  readonly values: Float64Array;
  /** Runs in which a conveyor or queue failed. */
  readonly errors: readonly { readonly run: number; readonly error: SimcError }[];
  /** One output of one run, one number for each time: a view. */
  series(run: number, output?: number | string): Float64Array;
}

/** Results of a run: a copy, which never changes. */
export class Run<V extends string = string> {
  readonly rows: number;
  readonly state: State;
  /** Whether every row is there. */
  readonly complete: boolean;
  readonly events: readonly ModelEvent[];
  readonly times: Float64Array;
  /** The numbers of one variable or element, one for each row. @throws SimcError `unknown-name`, `shape` (several elements). */
  series(name: V): Float64Array;
  /** The number in a row; negative rows count from the end. @throws SimcError also `bad-time` (no such row). */
  value(name: V, row?: number): number;
  /** The time, then those named, or all. */
  columns(names?: Names<V>): Column[];
  /** As `simc run` writes it, byte for byte. */
  csv(names?: Names<V>): string;
  /** All numbers, shape [rows, numbers of a row]. */
  data(): Float64Array;
}

/** One instance that a host steers. */
export class Sim<P extends string = string, V extends string = string> {
  readonly model: Model<P, V>;
  /** Sets a constant; what is computed afterwards sees it. Lasts over `reset` until `clear`. */
  set(name: P, value: ParameterValue): this;
  /** Sets several, or, when one is refused, none. */
  setAll(params: Params<P> | ParamPairs<P>): this;
  /** Gives every constant its default again. */
  clear(): this;
  /** Back to the start. */
  reset(): this;
  runInitials(): this;
  /** Takes every step whose time is at most `time`. @throws SimcError `bad-time` (NaN), `transport`. */
  runTo(time: number): this;
  runToEnd(): this;
  /** Whether `runTo` comes back at events that pause. */
  pauseOnEvents(on: boolean): this;
  /** Replaces the points of a graphical function. @throws SimcError `unsupported`, `unknown-name`, `bad-value`, `shape`. */
  setTable(name: string, points: readonly (readonly [number, number])[]): this;
  /** The number now; of several elements a list, row-major. */
  value(name: V | P): number | Float64Array;
  /** The saved numbers of one variable or element: a copy. */
  series(name: V | P): Float64Array;
  /** The saved rows themselves: a view, which the next call may change. */
  readonly rowsView: Float64Array;
  /** The current row itself: a view, which the next call may change. */
  readonly liveView: Float64Array;
  readonly time: number;
  readonly saved: number;
  readonly complete: boolean;
  readonly state: State;
  readonly events: readonly ModelEvent[];
  /** A copy of what is saved. */
  run(outputs?: Names<V | P>): Run<V | P>;
  close(): void;
}

/** Workers that share the runs of a batch. */
export class WorkerPool {
  /** As many workers as the machine has processors, or `size`. @throws SimcError `bad-value`. */
  static start<P extends string, V extends string>(model: Model<P, V>, options?: { size?: number }): Promise<WorkerPool>;
  readonly size: number;
  /** What `Model.batch` does, with the same bits. Batches are made one after the other. @throws SimcError as there, and `closed`. */
  batch(samples: ArrayLike<number> | readonly ArrayLike<number>[] | readonly Params[], options?: BatchOptions): Promise<Batch>;
  close(): Promise<void>;
}

/** A number as results are written: the shortest text that reads back to the same double. */
export function numberText(value: number): string;
