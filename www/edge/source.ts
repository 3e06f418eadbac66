// The bundle in use. Another is opened beside it, and takes its place between two pages; one that is bad leaves the last good one.

import { Nameplate, type LoadOptions } from "../src/index.ts";
import type { EdgeOptions } from "./index.ts";

type BundleSource<Rest extends unknown[]> = EdgeOptions<Rest>["bundle"];
type Load<Rest extends unknown[]> = Exclude<BundleSource<Rest>, Nameplate>;

/** How long a page waits for the first bundle; then it goes as its author wrote it. */
const WAIT_MS = 50;
/** How soon a first bundle is asked for again. */
const RETRY_MS = 1_000;

export class Source<Rest extends unknown[]> {
  readonly #bundle: BundleSource<Rest>;
  readonly #options: LoadOptions;
  readonly #refreshMs: number;
  readonly #report: (error: unknown) => void;
  #current: Nameplate | null;
  #bytes: Uint8Array | ArrayBuffer | undefined;
  #loading: Promise<void> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Of the bundles that were asked for, the last, and the one in use. */
  #last = 0;
  #inUse = 0;

  constructor(bundle: BundleSource<Rest>, options: LoadOptions, refreshSeconds: number, report: (error: unknown) => void) {
    this.#bundle = bundle;
    this.#options = options;
    this.#refreshMs = refreshSeconds * 1_000;
    this.#report = report;
    this.#current = typeof bundle === "function" ? null : bundle;
  }

  /** What to decide with, or `null` where there is none yet. */
  async nameplate(rest: Rest): Promise<Nameplate | null> {
    const now = Date.now();
    // A clock may go back; and a load that its request took along when it ended never ends.
    const isDue = Math.abs(now - this.#askedAt) >= (this.#current === null ? RETRY_MS : this.#refreshMs);
    if (typeof this.#bundle === "function" && isDue) {
      this.#askedAt = now;
      this.#last += 1;
      this.#loading = this.#load(this.#bundle, rest, this.#last);
      outlive(rest, this.#loading);
    }
    // It fails by itself in workerd alone, where a load is another request's.
    if (this.#current === null) await Promise.race([this.#loading?.catch(() => {}), new Promise((resolve) => setTimeout(resolve, WAIT_MS))]);
    return this.#current;
  }

  async #load(bundle: Load<Rest>, rest: Rest, number: number): Promise<void> {
    try {
      const bytes = await bundle(...rest);
      if (this.#current !== null && bytes === this.#bytes) return;
      const counter = this.#current?.seal?.counter;
      const next = await Nameplate.load(bytes, counter === undefined ? this.#options : { ...this.#options, leastCounter: counter });
      // A slow one may come after a later one.
      if (number < this.#inUse) return;
      [this.#current, this.#bytes, this.#inUse] = [next, bytes, number];
    } catch (error) {
      this.#report(error);
    }
  }
}

/** In Workers and their like, what a request began ends with it, unless the request is told to wait. */
function outlive(rest: readonly unknown[], work: Promise<void>): void {
  const context = rest.find((one) => typeof (one as Partial<Waiting> | null | undefined)?.waitUntil === "function");
  (context as Waiting | undefined)?.waitUntil(work);
}

interface Waiting {
  waitUntil(work: Promise<unknown>): void;
}
