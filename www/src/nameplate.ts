// A bundle that answers visits. Holds one wasm instance and all that is needed to make another one.
//
// After a trap a wasm instance is undefined territory: a borrow stays taken, a stack pointer stays moved, an answer may be
// silently wrong. So whatever comes out of it as an exception, the instance is dropped and never called again; the next
// call makes a new one from the kept module and bytes (0.4 ms and one `open`). A visitor never sees an error: `decide`
// answers Default everywhere and says why.

import { defaultModule } from "nameplate:module";
import { readCookies } from "./cookies.ts";
import { digestOf } from "./digest.ts";
import { Engine, MEMORY_MAX, verifies } from "./engine.ts";
import { describe, emptyDecision } from "./fallback.ts";
import { PageRewriter, Press } from "./page.ts";
import type { Rewriter } from "./rewriter.ts";
import { BUNDLE, check, checksumOf, unseal, type Seal } from "./seal.ts";
import { Slices, toldIn, withoutAddresses } from "./slices.ts";
import type { AccountView, Decision, Explanation, SiteIndex, Visit } from "./types.ts";
import { readVisit, VisitProblem, type Facts } from "./visit.ts";

export interface LoadOptions {
  /** The compiled core. Without it the package's own file is read, fetched or imported, as the runtime allows. */
  module?: WebAssembly.Module;
  /** Take the bundle only if one of these has signed it: public keys as `nameplate keygen` writes them, with spaces between. */
  publicKey?: string;
  /** With a key: the site, and the environment, that the bundle must be for. */
  site?: string;
  environment?: string;
  /** With a key: no bundle with a lower counter. Give `seal.counter` of the bundle in use, so that none goes back. */
  leastCounter?: number;
  /** With a key: the time, Unix seconds, unless it is now. */
  now?: number;
}

export interface SliceOptions {
  /** Sign it with this secret key, as `nameplate keygen` writes it: for two days, and no longer than the bundle. */
  secretKey?: string;
  /** With a key: the time, Unix seconds, unless it is now. */
  now?: number;
}

export class Nameplate {
  readonly #module: WebAssembly.Module;
  readonly #bytes: Uint8Array;
  readonly #digest: Uint8Array;
  #engine: Engine | undefined;
  readonly #slices = new Slices();
  #press: Press | undefined;
  #freed = false;
  #lost = 0;
  #tokenKey = "";

  /**
   * Opens a bundle. All of it is validated here, once.
   *
   * Rejects with an `Error` that says what is wrong with the bytes, or with the wasm file. Keeps a copy of the bytes.
   */
  static async load(bytes: Uint8Array | ArrayBuffer, options: LoadOptions = {}): Promise<Nameplate> {
    const copy = copyBytes(bytes);
    const module = options.module ?? (await defaultModule());
    const [bundle, seal] = options.publicKey === undefined ? [unseal(copy)[0], null] : await checked(copy, module, options.publicKey, options);
    return new Nameplate(bundle, await digestOf(bundle), module, seal);
  }

  /** What whoever signed the bundle says of it; `null` where no key was given to check that. */
  readonly seal: Seal | null;

  /** The bundle's SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;

  private constructor(bytes: Uint8Array, digest: Uint8Array, module: WebAssembly.Module, seal: Seal | null) {
    this.seal = seal;
    this.sha256 = checksumOf(bytes);
    this.#bytes = bytes;
    this.#digest = digest;
    this.#module = module;
    this.#engine = newEngine(module, bytes, digest);
  }

  /**
   * Takes the key that signs account tokens, a text of at least 16 bytes: from then on the `token` and the `cookie` of a visit count, if they
   * are good. Without it none does. Throws for a shorter one.
   */
  set tokenKey(key: string) {
    if (key === this.#tokenKey) return;
    if (!this.#told((engine) => engine.takeTokenKey(key))) throw new Error("expected a key of account tokens, at least 16 bytes");
    this.#tokenKey = key;
  }

  /** How many instances of the core were lost to faults: to tell whoever runs the site, and to stop asking for a while. */
  get faults(): number {
    return this.#lost + Number(this.#press?.isBroken ?? false);
  }

  /**
   * The answer for one visit. Never throws: a visit that cannot be read, a trap, a freed bundle give Default everywhere,
   * with the cause in `match.reason` and in `reasons`.
   *
   * The decision and its lists are yours; what is in the lists is frozen and handed out again with later decisions.
   */
  decide(visit: Visit): Decision {
    return this.#answer(visit, (engine, facts) => engine.decide(facts), emptyDecision);
  }

  /**
   * The account whose prefix holds an address, or `null`: the address alone, without a decision. Never throws. The account is
   * frozen and handed out again.
   */
  account(ip: string): AccountView | null {
    if (typeof ip !== "string" || this.#freed) return null;
    // As `#try`, whose parameter alone would be a tenth of the time.
    try {
      const engine = (this.#engine ??= this.#newEngine());
      const account = engine.account(ip);
      if (engine.isFull) this.#discard();
      return account;
    } catch {
      this.#lose();
      return null;
    }
  }

  /** The decision together with every candidate that lost, and why. Never throws, as `decide`. */
  explain(visit: Visit): Explanation {
    return this.#answer(
      visit,
      (engine, facts) => engine.explain(facts),
      (text) => ({ decision: emptyDecision(text), signals: [], candidates: [] }),
    );
  }

  /**
   * Puts a decision's slots into a page: give it the bytes of the HTML as they come, send on what it gives. Never throws; a page
   * that it cannot follow passes through. `slice` goes into the page too, so that the tag need not ask for it, with what the visitor's tokens have
   * `told`.
   */
  rewriter(decision: Pick<Decision, "slots">, slice: Uint8Array | null = null, told = ""): Rewriter {
    let press = this.#press;
    if (press === undefined || press.isBroken || press.bytes.length > MEMORY_MAX) {
      this.#lost = this.faults;
      this.#press = press = new Press(this.#module);
    }
    return new PageRewriter(press, decision.slots, slice, told);
  }

  /**
   * What a visitor may know of the bundle, by his address or the account that the visit names: a bundle of its own, for the tag in his
   * page. The same bytes as `nameplate serve` sends him. Throws when the visit cannot be read, when the slice is larger than browsers are
   * given, and when it cannot be made.
   */
  slice(visit: Visit, options: SliceOptions = {}): Uint8Array<ArrayBuffer> {
    const facts = readVisit(visit);
    return this.#told((engine) => this.#slices.of(engine, facts, this.seal, options));
  }

  /**
   * What the good tokens of a visit tell of the visitor himself, for the tag in his page: `ROLE.CAMPAIGN`, of which one may be empty, or nothing.
   * Throws when the visit cannot be read.
   */
  told(visit: Visit): string {
    const facts = readVisit(visit);
    return this.#told((engine) => toldIn(engine, facts));
  }

  /** What the visitor's own page would decide, which knows his slice and nothing else. Throws as `slice` does. */
  decideInSlice(visit: Visit): Decision {
    const facts = readVisit(visit);
    return this.#told((engine) => this.#slices.decide(this.#module, engine, facts));
  }

  /** A text with `-` in the place of every address: for what others wrote, and somebody keeps. */
  withoutAddresses(text: string): string {
    return this.#told((engine) => withoutAddresses(engine, text));
  }

  /**
   * The cookies that rules read, out of a request's `Cookie` header: for `visitor.cookies`. Those that the site reads only with consent are
   * left out unless the visitor `agrees` to storage.
   */
  cookies(header: string, agrees: boolean): Record<string, string> {
    return readCookies(header, this.#told((engine) => engine.cookies), agrees);
  }

  /** What the bundle holds: slots, placements, accounts. For tools; throws when the bundle was freed. */
  site(): SiteIndex {
    return this.#told((engine) => engine.site());
  }

  /** Gives the memory back. Decisions asked for afterwards are Default everywhere. */
  free(): void {
    this.#freed = true;
    const engine = this.#engine;
    this.#engine = undefined;
    try {
      engine?.free();
    } catch {
      // The instance is gone either way.
    }
  }

  #answer<T>(visit: unknown, ask: (engine: Engine, facts: Facts) => T, fallback: (text: string) => T): T {
    try {
      const facts = readVisit(visit);
      return this.#try((engine) => ask(engine, facts));
    } catch (error) {
      return fallback(error instanceof VisitProblem ? error.message : describe(error));
    }
  }

  /** What is thrown is an `Error` that says what went wrong. */
  #told<T>(ask: (engine: Engine) => T): T {
    try {
      return this.#try(ask);
    } catch (error) {
      throw new Error(describe(error));
    }
  }

  /** Asks the living engine; one that throws is thrown away. */
  #try<T>(ask: (engine: Engine) => T): T {
    if (this.#freed) throw new Error("the bundle was freed");
    try {
      const engine = (this.#engine ??= this.#newEngine());
      const answer = ask(engine);
      if (engine.isFull) this.#discard();
      return answer;
    } catch (error) {
      this.#lose();
      throw error;
    }
  }

  #newEngine(): Engine {
    const engine = newEngine(this.#module, this.#bytes, this.#digest);
    if (this.#tokenKey !== "") engine.takeTokenKey(this.#tokenKey);
    return engine;
  }

  #lose(): void {
    this.#lost += 1;
    this.#discard();
  }

  /** Nothing of the engine is used again. */
  #discard(): void {
    const engine = this.#engine;
    this.#engine = undefined;
    try {
      engine?.discard();
    } catch {
      // It is gone either way.
    }
  }
}

function copyBytes(bytes: unknown): Uint8Array<ArrayBuffer> {
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes);
  if (Object.prototype.toString.call(bytes) === "[object ArrayBuffer]") return new Uint8Array(bytes as ArrayBuffer).slice();
  throw new Error("a bundle is expected as Uint8Array or ArrayBuffer");
}

async function checked(bytes: Uint8Array<ArrayBuffer>, module: WebAssembly.Module, keys: string, options: LoadOptions): Promise<[Uint8Array<ArrayBuffer>, Seal]> {
  const { now = Math.floor(Date.now() / 1000), leastCounter = 0 } = options;
  const [bundle, seal] = await check(bytes, BUNDLE, keys, now, (...signed) => verifies(module, ...signed));
  for (const name of ["site", "environment"] as const) {
    const expected = options[name];
    if (expected !== undefined && seal[name] !== expected) throw new Error(`expected a bundle for the ${name} \`${expected}\`, found \`${seal[name]}\``);
  }
  if (seal.counter < leastCounter) throw new Error(`expected a counter from ${leastCounter} on, found ${seal.counter}: this bundle is an older one`);
  return [bundle, Object.freeze(seal)];
}

function newEngine(module: WebAssembly.Module, bytes: Uint8Array, digest: Uint8Array): Engine {
  try {
    return new Engine(module, bytes, digest);
  } catch (error) {
    throw new Error(describe(error), { cause: error });
  }
}
