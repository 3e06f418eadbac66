// The visitor's slice, open in a core: an ordinary bundle that holds one account or none. After a fault it is not asked again,
// because the core may be left in any state: see `../src/nameplate.ts`.

import { digestOf } from "../src/digest.ts";
import { type Asked, Engine } from "../src/engine.ts";
import { check, SLICE, unseal, type Verify } from "../src/seal.ts";
import type { Decision, Visit } from "../src/types.ts";
import { readVisit } from "../src/visit.ts";
import { ScriptCore } from "./script-core.ts";

/** As `SLICE_BYTE_MAX` in `src/limit.rs`. */
const BYTE_MAX = 256 * 1024;

export class Slice {
  readonly #engine: Engine;
  readonly #account: string | null;

  /**
   * Rejects with an `Error` that says what is wrong with the bytes; `keys`, if any: who must have signed them. What the browser does for it
   * is done while the core is on its way.
   */
  static async open(bytes: ArrayBuffer, core: Promise<object>, keys: string): Promise<Slice> {
    if (bytes.byteLength > BYTE_MAX) throw new Error(`the slice has ${bytes.byteLength} bytes; expected at most ${BYTE_MAX}`);
    const whole = new Uint8Array(bytes);
    const [slice] = keys === "" ? unseal(whole) : await check(whole, SLICE, keys, Date.now() / 1000, verifies);
    const digest = await digestOf(slice);
    return new Slice(new Engine(moduleOf(await core), slice, digest));
  }

  private constructor(engine: Engine) {
    this.#engine = engine;
    this.#account = engine.onlyAccount()?.id ?? null;
  }

  get asks(): Asked {
    return this.#engine.asks;
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

/** A core that is JavaScript stands in for a module. */
function moduleOf(core: object): WebAssembly.Module {
  return (Object.hasOwn(core, "instantiate") ? new ScriptCore((core as { instantiate: never }).instantiate) : core) as WebAssembly.Module;
}

/** By the browser: the core would grow by a quarter. A page without https cannot, nor can one in a browser from before Ed25519. */
const verifies: Verify = async (key, message, signature) => {
  const { subtle } = crypto;
  if (subtle === undefined) throw new Error("signatures can be checked only in pages with https");
  const imported = await subtle.importKey("raw", key, "Ed25519", false, ["verify"]).catch((error: unknown) => {
    throw new Error(`this browser cannot check signatures: ${error}`);
  });
  return subtle.verify("Ed25519", imported, signature, message);
};
