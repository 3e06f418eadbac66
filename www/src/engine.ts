// One wasm instance with a bundle open in it. Whatever leaves it as an exception, it must not be called again: see
// `nameplate.ts`.
//
// A visit goes in as bytes, a choice comes out as numbers (`src/wasm.rs` tells how both are laid out), and `parts.ts` makes
// objects of them. An object across the boundary would cost ten times the decision.

import { newGlue, type Core, type Glue } from "nameplate:glue";
import { pair, parseV4, parseV6 } from "./address.ts";
import { Companies } from "./companies.ts";
import { Outcomes } from "./outcomes.ts";
import { Parts, STRANGER } from "./parts.ts";
import type { AccountView, Decision, Explanation, Exposure, SiteIndex } from "./types.ts";
import type { Attribute, Facts, Told } from "./visit.ts";

/** Of an account that the site holds out: as `SITE_HOLDOUT` in `src/decide/describe.rs`. */
const SITE_HOLDOUT = { experience: "*", variant: null, unit: "account" } as const;
/** Numbers of a choice that stand before those of its places: see `write_choice` in `src/wasm.rs`. */
const HEAD = 6;
/** As `How::Described` in `src/decide/resolve.rs`. */
const DESCRIBED = 11;
/** Bits of the fields of a visit that rules may read, each 2 ** (its code in `src/rule/field.rs` - 64). */
const ROLE = 1 << 2;
const LANGUAGE = 1 << 3;
const PAGE = 0b111_1100_1110_0000;
const REFERRER = 0b11 << 8;
const TIME_ZONE = 1 << 20;
const VIEWPORT_WIDTH = 1 << 21;
/** A memory never shrinks: an instance whose memory is larger, and twice what the bundle took, gives way to another. */
export const MEMORY_MAX = 64 << 20;
/** Longer texts are left to the encoder, which costs more to call and next to nothing a letter. */
const SHORT = 64;

/** Whether a signature is one of a message by a key: Ed25519, by the core. */
export function verifies(module: WebAssembly.Module, key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const glue = newGlue();
  glue.initSync({ module });
  return glue.Core.verifies(key, message, signature);
}

export interface Asked {
  timeZone: boolean;
  viewport: boolean;
  /** The names of cookies, as `readCookies` takes them. */
  cookies: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Engine {
  readonly glue: Glue;
  readonly #core: Core;
  readonly #memory: WebAssembly.Memory;
  readonly #parts: Parts;
  readonly #outcomes: Outcomes;
  readonly #companies = new Companies();
  readonly #places: number;
  readonly #memoryMax: number;
  #isFull = false;
  /** A browser's core decides in slices: it makes no cohorts, and knows no networks. */
  readonly #isWhole: boolean;
  /** What no rule reads need not cross the boundary. */
  readonly #reads: number;
  /** The names of the cookies that rules read. */
  readonly cookies: string;
  /** The room for texts. */
  #text = new Uint8Array();
  #words = new Int32Array();
  readonly #groups = new Uint16Array(8);

  /** Throws an `Error` that says what is wrong with the bytes. An empty digest leaves the core to compute its own. `glue` is that of an instance to share. */
  constructor(module: WebAssembly.Module, bytes: Uint8Array, digest: Uint8Array, glue: Glue = newGlue()) {
    this.glue = glue;
    const { memory, core_cohort } = glue.initSync({ module });
    this.#memory = memory;
    this.#core = new glue.Core(bytes, digest);
    this.#isWhole = core_cohort !== undefined;
    const [slots, placements] = [this.#core.slot_count(), this.#core.placement_count()];
    this.#places = slots + placements;
    this.#reads = this.#core.reads();
    this.cookies = this.#said(this.#core.cookies());
    this.#parts = new Parts(this.#core, (length) => this.#read(length), slots, placements, this.#isWhole);
    this.#outcomes = new Outcomes(this.#parts, slots, placements);
    this.#memoryMax = Math.max(MEMORY_MAX, 2 * memory.buffer.byteLength);
  }

  /** Whether the memory has become too large to keep. Asking it for its size each time would cost a quarter of an `account`. */
  get isFull(): boolean {
    this.#refresh();
    return this.#isFull;
  }

  /** Whether a rule reads what takes a browser long to tell. */
  get asks(): Asked {
    return { timeZone: (this.#reads & TIME_ZONE) !== 0, viewport: (this.#reads & VIEWPORT_WIDTH) !== 0, cookies: this.cookies };
  }

  decide(facts: Facts): Decision {
    this.#take(facts);
    const at = this.#core.choose() >>> 2;
    const words = this.#refresh();
    const [how, network, ageDays, heldOut, drawn] = [words[at]!, words[at + 2]! - 1, words[at + 3]! - 1, words[at + 4]! - 1, words[at + 5]!];
    const account = how === DESCRIBED ? this.#companies.numberOf(facts.attributes) : words[at + 1]! - 1;
    const { slots, ads, exposures, reasons, cohort } = this.#outcomes.of(words, at + HEAD, account, heldOut >= 0);
    return {
      account: account === STRANGER ? null : this.#parts.account(account),
      match: this.#parts.match(how, network, ageDays),
      slots: slots.slice(),
      ads: ads.slice(),
      exposures: heldOut < 0 ? this.#drawn(exposures.slice(), at + HEAD + this.#places, drawn) : [{ ...SITE_HOLDOUT, bucket: heldOut }],
      reasons: reasons.slice(),
      cohort,
    };
  }

  /** Puts in the buckets, so many as there are, each behind the place of its exposure. */
  #drawn(exposures: Exposure[], from: number, count: number): Exposure[] {
    const words = this.#refresh();
    for (let at = from; at < from + count * 2; at += 2) {
      const { experience, variant, unit } = exposures[words[at]!]!;
      exposures[words[at]!] = { experience, variant, unit, bucket: words[at + 1]! };
    }
    return exposures;
  }

  explain(facts: Facts): Explanation {
    const decision = this.decide(facts);
    return { decision, ...this.#read<Omit<Explanation, "decision">>(this.#core.explain()) };
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

  /** Takes the key that account tokens are checked with. Whether it is long enough to be one. */
  takeTokenKey(key: string): boolean {
    this.#makeRoom(3 * key.length);
    return this.#core.set_token_key(this.#put(key, 0));
  }

  /** What the core says when it is asked, of a visit if there is one; `said` is the text of the length that it gives. */
  ask<T>(facts: Facts | null, question: (core: Core, said: (length: number) => string) => T): T {
    if (facts !== null) this.#take(facts);
    return question(this.#core, (length) => this.#said(length));
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
    return JSON.parse(this.#said(length)) as T;
  }

  #said(length: number): string {
    const at = this.#core.text();
    return decoder.decode(new Uint8Array(this.#memory.buffer, at, length));
  }

  #find(ip: string): number {
    const bits = parseV4(ip);
    if (bits >= 0) return this.#core.find_v4(bits);
    const groups = this.#groups;
    if (parseV6(ip, groups)) return this.#core.find_v6(pair(groups, 0), pair(groups, 2), pair(groups, 4), pair(groups, 6));
    this.#makeRoom(ip.length * 3);
    return this.#core.find_text(this.#put(ip, 0));
  }

  #take(facts: Facts): void {
    this.#write(facts);
    if (facts.told !== undefined) this.#tell(facts.told);
    if (facts.attributes !== undefined) this.#describe(facts.attributes);
  }

  #write(facts: Facts): void {
    const read = (fields: number, text: string | undefined) => ((this.#reads & fields) === 0 ? undefined : text);
    const { account, id, now, visits } = facts;
    const [url, referrer, role, language] = [read(PAGE, facts.url), read(REFERRER, facts.referrer), read(ROLE, facts.role), read(LANGUAGE, facts.language)];
    if (this.#isWhole) this.#find(facts.ip ?? "");
    // A UTF-16 unit becomes three bytes at most.
    this.#makeRoom(3 * (size(account) + size(url) + size(referrer) + size(id) + size(role) + size(language)));
    let at = 0;
    const put = (text: string | undefined): number => {
      if (text === undefined) return -1;
      const length = this.#put(text, at);
      at += length;
      return length;
    };
    // The URL is the longest, and the encoder writes at the beginning for less.
    this.#core.take(put(url), put(account), put(referrer), put(id), put(role), put(language), now, visits);
  }

  #tell(told: readonly Told[]): void {
    for (const [name, value] of told) {
      const isText = typeof value === "string";
      this.#makeRoom(3 * (name.length + (isText ? value.length : 0)));
      const length = this.#put(name, 0);
      if (isText) this.#core.tell_text(length, this.#put(value, length));
      else if (typeof value === "number") this.#core.tell_int(length, value);
      else this.#core.tell_bool(length, value);
    }
  }

  #describe(attributes: readonly Attribute[]): void {
    const addText = (code: number, text: string): void => {
      this.#makeRoom(3 * text.length);
      this.#core.add_text(code, this.#put(text, 0));
    };
    for (const [code, value] of attributes) {
      if (typeof value === "number") this.#core.add_int(code, value);
      else if (typeof value === "string") addText(code, value);
      else for (const item of value) addText(code, item);
    }
  }

  #makeRoom(length: number): void {
    if (length > this.#text.length) {
      const room = this.#core.room(length);
      this.#text = new Uint8Array(this.#memory.buffer, room, length);
    }
  }

  /** The view of the memory's numbers, made anew when the memory has grown: a view of its old self has lost them. */
  #refresh(): Int32Array {
    if (this.#words.length === 0) {
      this.#words = new Int32Array(this.#memory.buffer);
      this.#isFull = this.#words.byteLength > this.#memoryMax;
    }
    return this.#words;
  }

  /** Writes a text as UTF-8 into the room; its length in bytes. */
  #put(text: string, at: number): number {
    const room = this.#text;
    if (text.length <= SHORT) {
      let count = 0;
      for (; count < text.length; count += 1) {
        const unit = text.charCodeAt(count);
        if (unit >= 0x80) break;
        room[at + count] = unit;
      }
      if (count === text.length) return count;
    }
    // A page's polyfill may lack it.
    const done = encoder.encodeInto?.(text, at === 0 ? room : room.subarray(at));
    if (done !== undefined) return done.written;
    const bytes = encoder.encode(text);
    room.set(bytes, at);
    return bytes.length;
  }
}

function size(text: string | undefined): number {
  return text === undefined ? 0 : text.length;
}
