// What is known of visitors who are no account's: address databases, which are loaded once, behind the pages, and asked for again when they
// could not be had. Until they are there, such visitors are strangers.

import type { Nameplate, Visit } from "../src/index.ts";
import { goOn } from "./background.ts";
import type { Described, EdgeOptions } from "./index.ts";

export class Databases<Rest extends unknown[]> {
  readonly #load: Exclude<EdgeOptions<Rest>["database"], Described | readonly Described[]>;
  readonly #retryMs: number;
  readonly #report: (error: unknown) => void;
  #open: readonly Described[] = [];
  #isLoaded = false;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(database: EdgeOptions<Rest>["database"], retrySeconds: number, report: (error: unknown) => void) {
    this.#load = typeof database === "function" ? database : undefined;
    this.#open = database === undefined || typeof database === "function" ? [] : [database].flat();
    this.#isLoaded = this.#load === undefined;
    this.#retryMs = retrySeconds * 1_000;
    this.#report = report;
  }

  /**
   * The visit with what they know of its address; of what two know, the first counts. Where the site's list says that the address is shared,
   * nobody from there is a company's: as `src/decide/databases.rs`.
   */
  described(visit: Visit, nameplate: Nameplate, rest: Rest): Visit {
    if (!this.#isLoaded) this.#ask(rest);
    const described = this.#open.reduce((known, database) => database.described(known), visit);
    const isNew = described.attributes != null && visit.attributes == null;
    const isShared = () => nameplate.decide({ ip: visit.ip ?? null }).match?.outcome === "shared";
    return isNew && isShared() ? { ...described, attributes: null } : described;
  }

  #ask(rest: Rest): void {
    const now = Date.now();
    // A clock may go back.
    if (Math.abs(now - this.#askedAt) < this.#retryMs) return;
    this.#askedAt = now;
    goOn(rest, this.#take(rest));
  }

  async #take(rest: Rest): Promise<void> {
    try {
      this.#open = [await this.#load!(...rest)].flat();
      this.#isLoaded = true;
    } catch (error) {
      this.#report(error);
    }
  }
}
