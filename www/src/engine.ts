// One wasm instance with a bundle open in it. Whatever leaves it as an exception, it must not be called again: see
// `nameplate.ts`.
//
// A visit goes in as bytes, a choice comes out as numbers (`src/wasm.rs` tells how both are laid out), and `parts.ts` makes
// objects of them. An object across the boundary would cost ten times the decision.

import { newGlue, type Core } from "nameplate:glue";
import { parseV4, parseV6 } from "./address.ts";
import { COMPANY, Parts, STRANGER } from "./parts.ts";
import type { AccountView, Ad, Decision, Explanation, Exposure, Reason, SiteIndex, SlotChange } from "./types.ts";
import type { Attribute, Facts } from "./visit.ts";

/** Of an account that the site holds out: as `SITE_HOLDOUT` in `src/decide/describe.rs`. */
const SITE_HOLDOUT = { experience: "*", variant: null, unit: "account" } as const;
/** As `How::Described` in `src/decide/resolve.rs`. */
const DESCRIBED = 11;
/** Longer texts are left to the encoder, which costs more to call and less a letter. */
const SHORT = 80;

/** Whether a signature is one of a message by a key: Ed25519, by the core. */
export function verifies(module: WebAssembly.Module, key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const glue = newGlue();
  glue.initSync({ module });
  return glue.Core.verifies(key, message, signature);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Engine {
  readonly #core: Core;
  readonly #memory: WebAssembly.Memory;
  readonly #parts: Parts;
  readonly #slots: number;
  readonly #placements: number;
  #bytes = new Uint8Array();
  #words = new Uint32Array();
  readonly #groups = new Uint16Array(8);
  #room = 0;
  #roomLength = 0;

  /** Throws an `Error` that says what is wrong with the bytes. An empty digest leaves the core to compute its own. */
  constructor(module: WebAssembly.Module, bytes: Uint8Array, digest: Uint8Array) {
    const glue = newGlue();
    this.#memory = glue.initSync({ module }).memory;
    this.#core = new glue.Core(bytes, digest);
    this.#slots = this.#core.slot_count();
    this.#placements = this.#core.placement_count();
    this.#parts = new Parts(this.#core, (length) => this.#read(length), this.#slots, this.#placements);
  }

  decide(facts: Facts): Decision {
    this.#write(facts);
    if (facts.attributes !== undefined) this.#describe(facts.attributes);
    let at = this.#core.choose() >>> 2;
    this.#refresh();
    const words = this.#words;
    const end = at + 1 + word(words, at);
    const how = word(words, at + 1);
    const account = how === DESCRIBED ? COMPANY : word(words, at + 2) - 1;
    const match = this.#parts.match(how, word(words, at + 3) - 1);
    const heldOut = word(words, at + 4) - 1;
    at += 5;
    const reasons: Reason[] = [];
    const slots: SlotChange[] = [];
    for (let slot = 0; slot < this.#slots; slot += 1, at += 3) {
      this.#parts.slot(slot, word(words, at), word(words, at + 1), word(words, at + 2), account, slots, reasons);
    }
    const ads: Ad[] = [];
    for (let placement = 0; placement < this.#placements; placement += 1, at += 3) {
      const [lineItem, creative, isForAccount] = [word(words, at) - 1, word(words, at + 1), word(words, at + 2) === 1];
      this.#parts.placement(placement, lineItem, creative, isForAccount, heldOut >= 0, account, ads, reasons);
    }
    const exposures: Exposure[] = heldOut < 0 ? [] : [{ ...SITE_HOLDOUT, bucket: heldOut }];
    for (; at < end; at += 3) {
      const bucket = word(words, at + 2);
      exposures.push(this.#parts.exposure(word(words, at), word(words, at + 1) - 1, bucket === 0 ? null : bucket - 1));
    }
    return { account: account === STRANGER ? null : this.#parts.account(account), match, slots, ads, exposures, reasons };
  }

  explain(facts: Facts): Explanation {
    const decision = this.decide(facts);
    return { decision, candidates: this.#read(this.#core.explain()) };
  }

  account(ip: string): AccountView | null {
    const found = this.#find(ip);
    return found < 0 ? null : this.#parts.account(found);
  }

  /** The account of a slice; `null` when it is a stranger's. */
  onlyAccount(): AccountView | null {
    return this.#parts.account(0);
  }

  site(): SiteIndex {
    return this.#read(this.#core.site());
  }

  free(): void {
    this.#core.free();
  }

  /** Takes the object out of the glue's FinalizationRegistry, which would call into the dead instance later. */
  discard(): void {
    this.#core.__destroy_into_raw();
  }

  /** The object whose JSON text the core has just made. */
  #read<T>(length: number): T {
    return JSON.parse(decoder.decode(new Uint8Array(this.#memory.buffer, this.#core.text(), length))) as T;
  }

  #find(ip: string): number {
    const bits = parseV4(ip);
    if (bits >= 0) return this.#core.account_of_v4(bits);
    const groups = this.#groups;
    if (parseV6(ip, groups)) {
      const pair = (at: number) => (groups[at]! << 16) | groups[at + 1]!;
      return this.#core.account_of_v6(pair(0), pair(2), pair(4), pair(6));
    }
    this.#makeRoom(ip.length * 3);
    return this.#core.account_of_text(this.#put(ip, this.#room));
  }

  #write(facts: Facts): void {
    const { ip, account, url, referrer, id, role, language } = facts;
    // A UTF-16 unit becomes three bytes at most.
    this.#makeRoom(3 * (size(ip) + size(account) + size(url) + size(referrer) + size(id) + size(role) + size(language)));
    let at = this.#room;
    const put = (text: string | undefined): number => {
      if (text === undefined) return -1;
      const length = this.#put(text, at);
      at += length;
      return length;
    };
    this.#core.take(put(ip), put(account), put(url), put(referrer), put(id), put(role), put(language), facts.now, facts.visits);
  }

  #describe(attributes: readonly Attribute[]): void {
    const addText = (code: number, text: string): void => {
      this.#makeRoom(3 * text.length);
      this.#core.add_text(code, this.#put(text, this.#room));
    };
    for (const [code, value] of attributes) {
      if (typeof value === "number") this.#core.add_int(code, value);
      else if (typeof value === "string") addText(code, value);
      else for (const item of value) addText(code, item);
    }
  }

  #makeRoom(length: number): void {
    if (length > this.#roomLength) {
      this.#room = this.#core.room(length);
      this.#roomLength = length;
    }
    this.#refresh();
  }

  /** The memory's views, made anew when it has grown. */
  #refresh(): void {
    if (this.#bytes.buffer === this.#memory.buffer) return;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Uint32Array(this.#memory.buffer);
  }

  /** Writes a text as UTF-8; its length in bytes. */
  #put(text: string, at: number): number {
    const bytes = this.#bytes;
    const short = Math.min(text.length, SHORT);
    let count = 0;
    for (; count < short; count += 1) {
      const unit = text.charCodeAt(count);
      if (unit >= 0x80) break;
      bytes[at + count] = unit;
    }
    if (count === text.length) return count;
    return count + encoder.encodeInto(text.slice(count), bytes.subarray(at + count)).written;
  }
}

function size(text: string | undefined): number {
  return text === undefined ? 0 : text.length;
}

function word(words: Uint32Array, at: number): number {
  return words[at] ?? 0;
}
