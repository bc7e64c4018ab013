/** A diagnostic, as `simc build --message-format json` writes it. */
export interface Message {
  code: string | null;
  severity: "error" | "warning";
  message: string;
  file?: string;
  line?: number;
  column?: number;
  hint: string | null;
  /** What people are shown, in several lines. */
  rendered: string;
}

export interface CompileOptions {
  level?: 0 | 1 | 2 | 3 | "s";
  /** Loops over arrays use SIMD. */
  simd?: boolean;
  /** The variables to keep. */
  outputs?: readonly string[];
  /** `initials`, `tables`, `tables=N`. */
  inputs?: readonly string[];
  start?: number;
  stop?: number;
  dt?: number;
  saveEvery?: number;
  /** Bytes. */
  maxMemory?: number;
}

/** The compiler as a WebAssembly module: models of one file become artifacts. */
export class Compiler {
  /** From the bytes of `simc_web.wasm` (the package `@simc/wasm`), a Response or a promise of one. */
  static load(source: BufferSource | Response | Promise<BufferSource | Response>): Promise<Compiler>;
  /** An artifact, or null when the model is at fault, and what there is to say. */
  compile(name: string, model: string | ArrayBuffer | Uint8Array, options?: CompileOptions): { wasm: Uint8Array | null; messages: Message[] };
}
