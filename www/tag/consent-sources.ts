// Listens to those who know of the visitor's consent: the browser, the consent platforms of the page, the site's own code.

import type { Consent } from "./api.ts";
import { answersOf, consentOf, forEach, isKnown, PURPOSES, readGoogle, readTcf, type Statements, type TcData } from "./consent.ts";
import { safely } from "./say.ts";

/** How long Default shows because nobody has answered, milliseconds since the tag began. */
export const WAIT_MS = 500;

type Tcf = (command: string, version: number, callback: (data: TcData, success: unknown) => void, parameter?: unknown) => void;

export class ConsentSources {
  readonly #window: Window;
  #changed: () => void = () => undefined;
  readonly #statements: Statements;
  readonly #ends: (() => void)[] = [];
  #consent: Consent;
  #isTcfHeard = false;
  readonly #layers = new WeakSet<unknown[]>();
  #settle = (): void => undefined;

  /** `changed` is called whenever `consent` has become another one since. */
  constructor(window: Window, changed: () => void) {
    this.#window = window;
    const gpc = Reflect.get(window.navigator, "globalPrivacyControl") === true;
    this.#statements = { gpc, site: {}, tcf: null, google: null };
    this.#consent = forEach(() => false);
    this.#listen();
    // A platform may come later than we do.
    for (const type of ["DOMContentLoaded", "load"]) {
      const look = (): void => this.#listen();
      window.addEventListener(type, look);
      this.#ends.push(() => window.removeEventListener(type, look));
    }
    this.#changed = changed;
  }

  /** What is allowed now; what is not known is not. */
  get consent(): Consent {
    return this.#consent;
  }

  /** The site's own word on some purposes, or all. */
  say(given: Partial<Consent>): void {
    for (const purpose of PURPOSES) {
      const value = Object.hasOwn(given, purpose) ? given[purpose] : undefined;
      if (typeof value === "boolean") this.#statements.site[purpose] = value;
    }
    this.#update();
  }

  /** When everybody has answered, after `ms` milliseconds at the latest. */
  async settled(ms: number): Promise<void> {
    if (isKnown(answersOf(this.#statements))) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, ms));
      this.#settle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    for (const end of this.#ends.splice(0)) this.#safely(end);
  }

  #listen(): void {
    this.#safely(() => this.#listenToTcf());
    this.#safely(() => this.#listenToGoogle());
    this.#update();
  }

  /** A platform that fails has not answered. */
  #safely(work: () => void): void {
    safely("the consent platform failed", work);
  }

  #listenToTcf(): void {
    const { __tcfapi: tcf } = this.#window as { __tcfapi?: Tcf };
    if (typeof tcf !== "function" || this.#isTcfHeard) return;
    this.#isTcfHeard = true;
    let listener: unknown;
    this.#statements.tcf = forEach(() => null);
    this.#ends.push(() => tcf("removeEventListener", 2, () => undefined, listener));
    tcf("addEventListener", 2, (data, success) =>
      this.#safely(() => {
        listener = data?.listenerId;
        this.#statements.tcf = readTcf(this.#statements.tcf ?? forEach(() => null), data, success);
        this.#update();
      }),
    );
  }

  /** `dataLayer` tells nobody of what is pushed, so the way to push is wrapped, as everybody does. */
  #listenToGoogle(): void {
    const { dataLayer: layer } = this.#window as { dataLayer?: unknown[] };
    if (!Array.isArray(layer) || this.#layers.has(layer)) return;
    this.#layers.add(layer);
    const read = (entries: unknown[]): void => {
      for (const entry of entries) this.#statements.google = readGoogle(this.#statements.google, entry);
    };
    read(layer);
    const own = layer.push;
    let isOver = false;
    layer.push = (...entries) => {
      const result = own.apply(layer, entries);
      this.#safely(() => {
        if (isOver) return;
        read(entries);
        this.#update();
      });
      return result;
    };
    this.#ends.push(() => {
      isOver = true;
    });
  }

  #update(): void {
    const answers = answersOf(this.#statements);
    const consent = consentOf(answers);
    const isChanged = PURPOSES.some((purpose) => consent[purpose] !== this.#consent[purpose]);
    this.#consent = consent;
    if (isKnown(answers)) this.#settle();
    if (isChanged) this.#changed();
  }
}
