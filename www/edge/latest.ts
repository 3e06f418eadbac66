// The newest of what is loaded behind the pages: a bundle, an address database. Another is opened beside the one in use, and takes its place
// between two pages; one that is bad leaves the last good one.

import { goOn } from "./background.ts";

/** How one is had. */
export interface Loading<Rest extends unknown[], T> {
  /** The newest, or `null` where that is the one in use. */
  load(rest: Rest, inUse: T | null): Promise<T | null>;
  /** Throws where `next` must not take the place of the one in use, and else has that gone. */
  replace(next: T, inUse: T): void;
  /** How soon a first one is asked for again, and another; milliseconds. */
  retryMs: number;
  refreshMs: number;
}

export class Latest<Rest extends unknown[], T> {
  readonly #loading: Loading<Rest, T>;
  readonly #report: (error: unknown) => void;
  #inUse: T | null = null;
  /** Of all that were asked for, the one in use was the `number`th. */
  #number = 0;
  #asked = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** The last that was asked for. It fails by itself in workerd alone, where a load is another request's. */
  begun: Promise<void> = Promise.resolve();

  constructor(loading: Loading<Rest, T>, report: (error: unknown) => void) {
    this.#loading = loading;
    this.#report = report;
  }

  get inUse(): T | null {
    return this.#inUse;
  }

  /** Asks for another where it is time, and waits for nothing. */
  ask(rest: Rest): void {
    const now = Date.now();
    const { retryMs, refreshMs } = this.#loading;
    // A clock may go back; and a load that its request took along when it ended never ends.
    if (Math.abs(now - this.#askedAt) < (this.#inUse === null ? retryMs : refreshMs)) return;
    this.#askedAt = now;
    this.#asked += 1;
    this.begun = this.#take(rest, this.#asked);
    goOn(rest, this.begun);
  }

  async #take(rest: Rest, number: number): Promise<void> {
    try {
      const next = await this.#loading.load(rest, this.#inUse);
      // Meanwhile another may have come that was asked for later.
      if (next === null || this.#number > number) return;
      if (this.#inUse !== null) this.#loading.replace(next, this.#inUse);
      this.#inUse = next;
      this.#number = number;
    } catch (error) {
      this.#report(error);
    }
  }
}
