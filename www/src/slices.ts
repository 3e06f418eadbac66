// Slices that were asked for, each made once, and what else a server tells a visitor's browser. The core makes them: see `src/wasm/slice.rs`.

import { Engine } from "./engine.ts";
import { bytesOf } from "./hex.ts";
import type { SliceOptions } from "./nameplate.ts";
import type { Seal } from "./seal.ts";
import { readTold } from "./token.ts";
import type { Decision } from "./types.ts";
import type { Facts } from "./visit.ts";

/** As `SLICE_BYTE_MAX` in `src/limit.rs`. */
const BYTE_MAX = 256 * 1024;
/** How many are kept. When there are more all are forgotten, as in `src/serve/decision/slices.rs`; so the next, in seconds. */
const KEPT_MAX = 1_024;
const SIGNED_TOGETHER = 3_600;

const encoder = new TextEncoder();

export class Slices {
  readonly #kept = new Map<string, Uint8Array<ArrayBuffer>>();

  /** The slice for a visit; `whole` is the seal of its bundle. */
  of(engine: Engine, facts: Facts, whole: Seal | null, { secretKey, now = Date.now() / 1_000 }: SliceOptions): Uint8Array<ArrayBuffer> {
    const signed = secretKey === undefined ? null : { secret: read(secretKey), at: Math.floor(now / SIGNED_TOGETHER) * SIGNED_TOGETHER };
    const key = [engine.ask(facts, (core, said) => said(core.slice_key())), secretKey, signed?.at].join(" ");
    let slice = this.#kept.get(key);
    if (slice === undefined) {
      slice = engine.ask(facts, (core) => {
        const plain = core.slice();
        if (signed === null) return plain;
        const { environment = "", counter = Number.NaN, created = 0, expires = 0 } = whole ?? {};
        return core.seal(plain, signed.secret, signed.at, encoder.encode(environment), counter, created, expires);
      }) as Uint8Array<ArrayBuffer>;
      if (this.#kept.size >= KEPT_MAX) this.#kept.clear();
      this.#kept.set(key, slice);
    }
    if (slice.length > BYTE_MAX) throw new Error(`the slice has ${slice.length} bytes; browsers are given at most ${BYTE_MAX}`);
    return slice.slice();
  }

  /** What the visitor's own page would decide. */
  decide(module: WebAssembly.Module, engine: Engine, facts: Facts): Decision {
    const { role, campaign } = readTold(toldIn(engine, facts));
    const own = new Engine(module, this.of(engine, facts, null, {}), new Uint8Array(), engine.glue);
    try {
      // What the visit says counts first.
      const told = [...(campaign === null ? [] : [["visitor.campaign", campaign] as const]), ...(facts.told ?? [])];
      const asked = { ...facts, role: facts.role ?? role ?? undefined, told };
      const decision = own.decide({ ...asked, ip: undefined, account: own.onlyAccount()?.id, attributes: undefined });
      own.free();
      return decision;
    } catch (error) {
      own.discard();
      throw error;
    }
  }
}

/** `ROLE.CAMPAIGN`, or nothing: most visits have no token, and the core is not asked. */
export function toldIn(engine: Engine, facts: Facts): string {
  if (facts.told?.some(([name]) => name === "token" || name === "cookie") !== true) return "";
  return engine.ask(facts, (core, said) => said(core.told()));
}

export function withoutAddresses(engine: Engine, text: string): string {
  return engine.ask(null, (core, said) => said(core.without_addresses(encoder.encode(text))));
}

function read(secretKey: string): Uint8Array {
  const digits = /^np-secret-([0-9a-f]{64})$/.exec(secretKey.trim())?.[1];
  if (digits === undefined) throw new Error("expected a secret key, `np-secret-` and 64 hexadecimal digits");
  return bytesOf(digits);
}
