/** What Vite and Rollup take as a plugin; written without their types, so that neither is needed. */
export interface SimcPlugin {
  name: string;
}

export interface SimcOptions {
  /** The compiler; `simc` on the path, or what the environment variable SIMC says, without it. */
  command?: string;
  /** Further options of `simc build`, such as `["-Os"]`. */
  args?: readonly string[];
  /** Artifacts up to so many bytes become part of the script; larger ones are files beside it. 32 KiB without it. */
  inlineLimit?: number;
  /** Whether `sir.d.xmile.ts` is written beside `sir.xmile`. */
  types?: boolean;
}

/** Imports of `.xmile`, `.stmx`, `.itmx` and `.mdl` files give compiled models. */
export default function simc(options?: SimcOptions): SimcPlugin;
