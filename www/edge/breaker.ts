// Leaves pages alone for a while where the core fails page after page: each fault costs a new instance, and opening the bundle anew. One
// page in which it fails among others that go well costs the others nothing.

import type { Nameplate } from "../src/index.ts";

/** So many faults without a good page between them are too many. */
const FAULTS_MAX = 5;
/** So long pages are left alone; then one is tried. */
const PAUSE_MS = 30_000;
/** No fault so long after that: it was a good try. */
const TRIAL_MS = 1_000;

export class Breaker {
  readonly #report: (error: unknown) => void;
  #of: Nameplate | null = null;
  /** Faults of that which are counted already. */
  #seen = 0;
  #inARow = 0;
  #openedAt: number | null = null;
  #triedAt: number | null = null;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Whether the next page may be given to the core of `nameplate`. */
  allows(nameplate: Nameplate): boolean {
    const now = Date.now();
    const count = this.#count(nameplate);
    if (this.#openedAt === null) {
      this.#inARow = count === 0 ? 0 : this.#inARow + count;
      if (this.#inARow < FAULTS_MAX) return true;
      this.#report(new Error(`the core has failed ${FAULTS_MAX} times in a row: pages stay as their authors wrote them, and every ${PAUSE_MS / 1_000} seconds one is tried`));
      return this.#open(now);
    }
    // A clock may go back.
    if (this.#triedAt === null) {
      if (Math.abs(now - this.#openedAt) < PAUSE_MS) return false;
      this.#triedAt = now;
      return true;
    }
    if (count > 0) return this.#open(now);
    if (Math.abs(now - this.#triedAt) < TRIAL_MS) return false;
    this.#inARow = 0;
    this.#openedAt = null;
    this.#triedAt = null;
    return true;
  }

  #open(now: number): false {
    this.#openedAt = now;
    this.#triedAt = null;
    return false;
  }

  /** How often the core has failed since it was asked last. */
  #count(nameplate: Nameplate): number {
    const { faults = 0 } = nameplate;
    const count = nameplate === this.#of ? faults - this.#seen : 0;
    this.#of = nameplate;
    this.#seen = faults;
    return count;
  }
}
