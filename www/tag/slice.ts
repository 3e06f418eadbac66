// The visitor's slice, open in a core: an ordinary bundle that holds one account or none. After a fault it is not asked again,
// because the core may be left in any state: see `../src/nameplate.ts`.

import { digestOf } from "../src/digest.ts";
import { Engine } from "../src/engine.ts";
import type { Decision, Visit } from "../src/types.ts";
import { readVisit } from "../src/visit.ts";

export class Slice {
  readonly #engine: Engine;
  readonly #account: string | null;

  /** Rejects with an `Error` that says what is wrong with the bytes. */
  static async open(bytes: ArrayBuffer, module: WebAssembly.Module): Promise<Slice> {
    const copy = new Uint8Array(bytes);
    return new Slice(new Engine(module, copy, await digestOf(copy)));
  }

  private constructor(engine: Engine) {
    this.#engine = engine;
    this.#account = engine.onlyAccount()?.id ?? null;
  }

  /** Throws when the visit cannot be read, and when the core fails. */
  decide(visit: Visit): Decision {
    return this.#engine.decide(readVisit({ __proto__: null, ...visit, account: this.#account }));
  }

  /** The core is not called again, not even to free what goes with the page anyway. */
  discard(): void {
    this.#engine.discard();
  }
}
