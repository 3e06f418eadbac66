// The bundle in use. Another is opened beside it, and takes its place between two pages; one that is bad leaves the last good one, for
// as long as somebody answers for that.

import { Nameplate, type LoadOptions } from "../src/index.ts";
import { isStale, lastSecond } from "../src/seal.ts";
import { goOn, soon } from "./background.ts";
import { sha256 } from "./digest.ts";
import { download } from "./download.ts";
import type { EdgeOptions } from "./index.ts";

type BundleSource<Rest extends unknown[]> = EdgeOptions<Rest>["bundle"];
type Load<Rest extends unknown[]> = Exclude<BundleSource<Rest>, Nameplate>;

/** How soon a first bundle is asked for again. */
const RETRY_MS = 1_000;

/** A bundle that was opened, and what is known of its bytes. */
interface InUse {
  nameplate: Nameplate;
  /** Of the bundles that were asked for, this was the `number`th. */
  number: number;
  etag: string | null;
  /** SHA-256 of all bytes, its seal among them. */
  digest: string;
}

export class Source<Rest extends unknown[]> {
  readonly #load: Load<Rest> | null;
  readonly #options: LoadOptions;
  readonly #refreshMs: number;
  readonly #report: (error: unknown) => void;
  #inUse: InUse | null = null;
  #loading: Promise<void> = Promise.resolve();
  #askedAt = Number.NEGATIVE_INFINITY;
  #asked = 0;
  /** What was said of the age of the bundle in use. */
  #told = "";

  constructor(bundle: BundleSource<Rest>, options: LoadOptions, refreshSeconds: number, report: (error: unknown) => void) {
    const isOpen = typeof bundle === "object" && "decide" in bundle;
    this.#load = isOpen ? null : bundle;
    this.#options = options;
    this.#refreshMs = refreshSeconds * 1_000;
    this.#report = report;
    if (isOpen) this.#inUse = { nameplate: bundle, number: 0, etag: null, digest: "" };
  }

  /** What to decide with, or `null` where there is nothing good. */
  async nameplate(rest: Rest): Promise<Nameplate | null> {
    const now = Date.now();
    // A clock may go back; and a load that its request took along when it ended never ends.
    const isDue = Math.abs(now - this.#askedAt) >= (this.#inUse === null ? RETRY_MS : this.#refreshMs);
    if (this.#load !== null && isDue) {
      this.#askedAt = now;
      this.#asked += 1;
      this.#loading = this.#renew(this.#load, rest, this.#asked);
      goOn(rest, this.#loading);
    }
    // It fails by itself in workerd alone, where a load is another request's.
    if (this.#inUse === null) await soon(this.#loading.catch(() => {}));
    return this.#inUse !== null && this.#counts(this.#inUse, Math.floor(now / 1_000)) ? this.#inUse.nameplate : null;
  }

  /** Whether somebody still answers for the bundle; says so once when nobody does, and when that is not far off. */
  #counts({ nameplate: { seal = null } }: InUse, now: number): boolean {
    if (seal === null) return true;
    const isExpired = now > lastSecond(seal);
    const problem = isExpired ? "the signature of the bundle in use has expired: pages stay as their authors wrote them" : isStale(seal, now) ? "the bundle in use was signed more than 7 days ago" : "";
    if (problem !== "" && problem !== this.#told) this.#report(new Error(problem));
    this.#told = problem;
    return !isExpired;
  }

  async #renew(load: Load<Rest>, rest: Rest, number: number): Promise<void> {
    try {
      const given = typeof load === "function" ? await load(...rest) : load;
      const found = await download(given, this.#inUse?.etag);
      if (found === null) return;
      const bytes = new Uint8Array(found.bytes);
      const digest = await sha256(bytes);
      const before = this.#inUse;
      if (digest === before?.digest) before.etag = found.etag;
      else await this.#open(bytes, { number, digest, etag: found.etag });
    } catch (error) {
      this.#report(error);
    }
  }

  async #open(bytes: Uint8Array, next: Omit<InUse, "nameplate">): Promise<void> {
    const { site, environment } = this.#inUse?.nameplate.seal ?? {};
    const names = { ...(site === undefined ? {} : { site }), ...(environment === undefined ? {} : { environment }) };
    const opened = { ...next, nameplate: await Nameplate.load(bytes, { ...this.#options, ...names }) };
    // Meanwhile another may have come that was asked for later.
    if (this.#inUse !== null && this.#inUse.number > opened.number) return;
    if (this.#inUse !== null) expectFollows(opened, this.#inUse);
    this.#inUse = opened;
  }
}

/** Nothing goes back, as in `src/bundle/seal.rs`. */
function expectFollows(next: InUse, inUse: InUse): void {
  const [from, to] = [inUse.nameplate.seal?.counter ?? 0, next.nameplate.seal?.counter ?? 0];
  if (to > from || inUse.nameplate.seal === null || (to === from && next.nameplate.sha256 === inUse.nameplate.sha256)) return;
  throw new Error(`expected a counter above ${from}, that of the bundle in use, found ${to}: this bundle is an older one`);
}
