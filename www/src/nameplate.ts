// A bundle that answers visits. Holds one wasm instance and all that is needed to make another one.
//
// After a trap a wasm instance is undefined territory: a borrow stays taken, a stack pointer stays moved, an answer may be
// silently wrong. So whatever comes out of it as an exception, the instance is dropped and never called again; the next
// call makes a new one from the kept module and bytes (0.4 ms and one `open`). A visitor never sees an error: `decide`
// answers Default everywhere and says why.

import { newGlue, type Core } from "nameplate:glue";
import { defaultModule } from "nameplate:module";
import { describe, emptyDecision } from "./fallback.ts";
import type { Decision, Explanation, SiteIndex, Visit } from "./types.ts";
import { readVisit, VisitProblem } from "./visit.ts";

export interface LoadOptions {
  /** The compiled core. Without it the package's own file is read, fetched or imported, as the runtime allows. */
  module?: WebAssembly.Module;
}

export class Nameplate {
  readonly #module: WebAssembly.Module;
  readonly #bytes: Uint8Array;
  #core: Core | undefined;
  #freed = false;

  /**
   * Opens a bundle. All of it is validated here, once.
   *
   * Rejects with an `Error` that says what is wrong with the bytes, or with the wasm file. Keeps a copy of the bytes.
   */
  static async load(bytes: Uint8Array | ArrayBuffer, options: LoadOptions = {}): Promise<Nameplate> {
    const copy = copyBytes(bytes);
    return new Nameplate(copy, options.module ?? (await defaultModule()));
  }

  private constructor(bytes: Uint8Array, module: WebAssembly.Module) {
    this.#bytes = bytes;
    this.#module = module;
    this.#core = newCore(module, bytes);
  }

  /**
   * The answer for one visit. Never throws: a visit that cannot be read, a trap, a freed bundle give Default everywhere,
   * with the cause in `match.reason` and in `reasons`.
   */
  decide(visit: Visit): Decision {
    return this.#answer(visit, (core, plain) => core.decide(plain) as Decision, emptyDecision);
  }

  /** The decision together with every candidate that lost, and why. Never throws, as `decide`. */
  explain(visit: Visit): Explanation {
    return this.#answer(
      visit,
      (core, plain) => core.explain(plain) as Explanation,
      (text) => ({ decision: emptyDecision(text), candidates: [] }),
    );
  }

  /** What the bundle holds: slots, placements, accounts. For tools; throws when the bundle was freed. */
  site(): SiteIndex {
    const core = this.#living();
    try {
      return core.site() as SiteIndex;
    } catch (error) {
      this.#discard();
      throw new Error(describe(error));
    }
  }

  /** Gives the memory back. Decisions asked for afterwards are Default everywhere. */
  free(): void {
    this.#freed = true;
    const core = this.#core;
    this.#core = undefined;
    try {
      core?.free();
    } catch {
      // The instance is gone either way.
    }
  }

  #answer<T>(visit: unknown, ask: (core: Core, plain: Visit) => T, fallback: (text: string) => T): T {
    try {
      const plain = readVisit(visit);
      const core = this.#living();
      try {
        return ask(core, plain);
      } catch (error) {
        this.#discard();
        throw error;
      }
    } catch (error) {
      return fallback(error instanceof VisitProblem ? error.message : describe(error));
    }
  }

  #living(): Core {
    if (this.#freed) throw new Error("the bundle was freed");
    return (this.#core ??= newCore(this.#module, this.#bytes));
  }

  #discard(): void {
    try {
      // Takes the object out of the glue's FinalizationRegistry, which would call into the dead instance later.
      this.#core?.__destroy_into_raw();
    } catch {
      // Nothing of it is used again.
    }
    this.#core = undefined;
  }
}

function copyBytes(bytes: unknown): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes.slice();
  if (Object.prototype.toString.call(bytes) === "[object ArrayBuffer]") return new Uint8Array(bytes as ArrayBuffer).slice();
  throw new Error("a bundle is expected as Uint8Array or ArrayBuffer");
}

function newCore(module: WebAssembly.Module, bytes: Uint8Array): Core {
  const glue = newGlue();
  glue.initSync({ module });
  try {
    return new glue.Core(bytes);
  } catch (error) {
    throw new Error(describe(error), { cause: error });
  }
}
