// What the loader hands over to: opens the slice, decides, applies, and follows the visitor through the page's own navigation,
// each time from the slice and without a request.

import type { Decision, Visit } from "../src/types.ts";
import type { Facts, Step } from "./api.ts";
import { Page } from "./apply.ts";
import type { Journal } from "./journal.ts";
import { onNavigation } from "./navigation.ts";
import { ScriptCore } from "./script-core.ts";
import { Slice } from "./slice.ts";
import { Watch } from "./watch.ts";

/** What this file exports, for the loader, which imports it by address. */
export interface Runtime {
  run: typeof run;
}

type Run = <T>(step: Step, work: () => T | Promise<T>) => Promise<T>;

export async function run(bytes: ArrayBuffer, core: object, wait: number, facts: Facts, journal: Journal, step: Run): Promise<Session> {
  const module = Object.hasOwn(core, "instantiate") ? new ScriptCore((core as { instantiate: never }).instantiate) : core;
  const slice = await step("open", () => Slice.open(bytes, module as WebAssembly.Module));
  // The page may have been put back meanwhile, or the time may be over.
  if (journal.diagnosis.state !== "loading") throw new Error("too late");
  return step("decide", () => new Session(slice, wait, facts, journal));
}

export class Session {
  decision: Decision | null = null;
  readonly #slice: Slice;
  readonly #facts: Facts;
  readonly #journal: Journal;
  readonly #page = new Page(document);
  readonly #watch: Watch;
  readonly #end: () => void;

  constructor(slice: Slice, wait: number, facts: Facts, journal: Journal) {
    this.#slice = slice;
    this.#facts = facts;
    this.#journal = journal;
    this.#watch = new Watch(this.#page, document, wait, () => {
      journal.diagnosis.applied = this.#page.applied();
    });
    this.#decide();
    this.#end = onNavigation(window, () => this.decide());
  }

  /** Decides anew. Never throws: without an answer the page is put back. */
  decide(): void {
    try {
      this.#decide();
    } catch (error) {
      this.stop();
      this.#journal.fail("decide", error);
    }
  }

  #decide(): void {
    const { diagnosis } = this.#journal;
    this.decision = this.#slice.decide(this.#visit());
    diagnosis.decisions += 1;
    this.#page.apply(this.decision);
    this.#watch.begin();
    diagnosis.state = "decided";
    this.#journal.done("apply");
  }

  stop(): void {
    this.#end();
    this.#watch.end();
    this.#page.undo();
    this.#slice.discard();
    this.decision = null;
  }

  #visit(): Visit {
    const { id = null, visits = null, role = null, language = navigator.language } = this.#facts;
    const visitor = { __proto__: null, id, visits, role, language };
    // A form named so stands before the document's own.
    const referrer = typeof document.referrer === "string" && document.referrer !== "" ? document.referrer : null;
    const now = Math.floor(Date.now() / 1000);
    return { __proto__: null, url: location.href, referrer, now, visitor } as Visit;
  }
}
