// The bundle in use: the latest good one, for as long as somebody answers for that.

import { Nameplate, type LoadOptions } from "../src/index.ts";
import { isStale, lastSecond } from "../src/seal.ts";
import { soon } from "./background.ts";
import { sha256 } from "./digest.ts";
import { bytesOf, download } from "./download.ts";
import type { EdgeOptions } from "./index.ts";
import { Latest } from "./latest.ts";

type BundleSource<Rest extends unknown[]> = EdgeOptions<Rest>["bundle"];
type Load<Rest extends unknown[]> = Exclude<BundleSource<Rest>, Nameplate>;

/** How soon a first bundle is asked for again. */
const RETRY_MS = 1_000;

/** A bundle that was opened, and what is known of its bytes. */
interface InUse {
  nameplate: Nameplate;
  etag: string | null;
  /** SHA-256 of all bytes, its seal among them. */
  digest: string;
}

export class Source<Rest extends unknown[]> {
  readonly #given: Nameplate | null;
  readonly #latest: Latest<Rest, InUse> | null;
  readonly #options: LoadOptions;
  readonly #report: (error: unknown) => void;
  /** What was said of the age of the bundle in use. */
  #told = "";

  constructor(bundle: BundleSource<Rest>, options: LoadOptions, refreshSeconds: number, report: (error: unknown) => void) {
    const isOpen = typeof bundle === "object" && "decide" in bundle;
    this.#options = options;
    this.#report = report;
    this.#given = isOpen ? bundle : null;
    const load = (rest: Rest, inUse: InUse | null) => this.#load(bundle as Load<Rest>, rest, inUse);
    this.#latest = isOpen ? null : new Latest({ load, replace: expectFollows, retryMs: RETRY_MS, refreshMs: refreshSeconds * 1_000 }, report);
  }

  /** Asks for another where it is time. Gives what to wait for while there is none; `null` once there is one. */
  first(rest: Rest): Promise<unknown> | null {
    const latest = this.#latest;
    latest?.ask(rest);
    return latest === null || latest.inUse !== null ? null : soon(latest.begun.catch(() => {}));
  }

  /** What to decide with, or `null` where there is nothing good. */
  nameplate(): Nameplate | null {
    const nameplate = this.#latest?.inUse?.nameplate ?? this.#given;
    return nameplate !== null && this.#counts(nameplate, Math.floor(Date.now() / 1_000)) ? nameplate : null;
  }

  /** Whether somebody still answers for the bundle; says so once when nobody does, and when that is not far off. */
  #counts({ seal = null }: Nameplate, now: number): boolean {
    if (seal === null) return true;
    const isExpired = now > lastSecond(seal);
    const problem = isExpired ? "the signature of the bundle in use has expired: pages stay as their authors wrote them" : isStale(seal, now) ? "the bundle in use was signed more than 7 days ago" : "";
    if (problem !== "" && problem !== this.#told) this.#report(new Error(problem));
    this.#told = problem;
    return !isExpired;
  }

  async #load(from: Load<Rest>, rest: Rest, inUse: InUse | null): Promise<InUse | null> {
    const found = await download(typeof from === "function" ? await from(...rest) : from, inUse?.etag);
    if (found === null) return null;
    const bytes = new Uint8Array(await bytesOf(found.given));
    const digest = await sha256(bytes);
    if (digest === inUse?.digest) {
      inUse.etag = found.etag;
      return null;
    }
    const { site, environment } = inUse?.nameplate.seal ?? {};
    const names = { ...(site === undefined ? {} : { site }), ...(environment === undefined ? {} : { environment }) };
    return { nameplate: await Nameplate.load(bytes, { ...this.#options, ...names }), digest, etag: found.etag };
  }
}

/** Nothing goes back, as in `src/bundle/seal.rs`. */
function expectFollows(next: InUse, inUse: InUse): void {
  const [from, to] = [inUse.nameplate.seal?.counter ?? 0, next.nameplate.seal?.counter ?? 0];
  if (to > from || inUse.nameplate.seal === null || (to === from && next.nameplate.sha256 === inUse.nameplate.sha256)) return;
  throw new Error(`expected a counter above ${from}, that of the bundle in use, found ${to}: this bundle is an older one`);
}
