// Copies of rewritten pages in a cache that many visitors share: one for all who see the same. A copy is kept by the page's address and
// the decision's cohort, so that nobody gets it who would not have got the same; and only of what the origin lets everybody keep. A page
// with values of an account in it has no cohort, and is never here.

import { goOn, soon } from "./background.ts";
import { sha256 } from "./digest.ts";
import type { EdgeOptions, SharedCache } from "./index.ts";
import { NOT_KEPT, rewrittenResponse, sharedSeconds, variesBy } from "./policy.ts";
import { copied, unwanted, type Stream } from "./stream.ts";

/** Longer pages are not kept: they are gathered in memory. */
const BYTE_MAX = 2 << 20;
/** What the origin's `Vary` was, which is for us to heed and not for the cache; and what the request had there. What lacks that is none of ours. */
const VARY = "np-vary";
const VARIANT = "np-variant";
/** Until when the copy is good, Unix seconds: the web's standard caches keep for ever. */
const UNTIL = "np-until";
const OURS = [VARY, VARIANT, UNTIL];

export class SharedPages<Rest extends unknown[]> {
  readonly #cache: NonNullable<EdgeOptions<Rest>["cache"]>;
  readonly #report: (error: unknown) => void;

  constructor(cache: NonNullable<EdgeOptions<Rest>["cache"]>, report: (error: unknown) => void) {
    this.#cache = cache;
    this.#report = report;
  }

  /** The page that `request` asks for, as those of `cohort` see it; `null` where there is no copy, or none soon. */
  async get(request: Request, cohort: string, rest: Rest): Promise<Response | null> {
    try {
      const match = async () => (await this.#opened(rest)).match(keyOf(request, cohort));
      const copy = isAnyones(request) ? await soon(match()) : null;
      if (!copy) return null;
      const by = variesBy(copy.headers.get(VARY));
      const isGood = Date.now() / 1_000 < Number(copy.headers.get(UNTIL));
      if (isGood && by !== null && copy.headers.get(VARIANT) === (await variantOf(request, by))) return handedOut(copy);
      unwanted(copy.body);
    } catch (error) {
      this.#report(error);
    }
    return null;
  }

  /**
   * `page`, of which a copy is kept if that may be, all of it comes, and `isGood` holds in the end. `headers` are those of what the origin
   * answered to `request`.
   */
  async put(page: Response, headers: Headers, request: Request, cohort: string, isGood: () => boolean, rest: Rest): Promise<Response> {
    try {
      const seconds = isAnyones(request) ? sharedSeconds(headers) : 0;
      const by = variesBy(headers.get("vary"));
      if (seconds === 0 || by === null) return page;
      const kept = keptHeaders(page.headers, seconds, await variantOf(request, by));
      const { promise, resolve } = whenWhole();
      const keep = async (bytes: Uint8Array<ArrayBuffer> | null) => {
        if (bytes !== null && isGood()) await (await this.#opened(rest)).put(keyOf(request, cohort), new Response(bytes, { headers: kept }));
      };
      goOn(rest, promise.then(keep).catch(this.#report));
      return new Response(copied(page.body as Stream, BYTE_MAX, resolve), page);
    } catch (error) {
      this.#report(error);
      return page;
    }
  }

  async #opened(rest: Rest): Promise<SharedCache> {
    return typeof this.#cache === "function" ? this.#cache(...rest) : this.#cache;
  }
}

function whenWhole() {
  let resolve: (bytes: Uint8Array<ArrayBuffer> | null) => void = () => {};
  const promise = new Promise<Uint8Array<ArrayBuffer> | null>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** What somebody has to say who he is for may be for him alone. */
function isAnyones(request: Request): boolean {
  return !request.headers.has("authorization");
}

/** The last parameter is ours, whatever the visitor writes before it. */
function keyOf({ url }: Request, cohort: string): Request {
  return new Request(`${url}${url.includes("?") ? "&" : "?"}np-cohort=${cohort}`);
}

/** A digest of what a request has in these headers, cookies perhaps among them. */
function variantOf({ headers }: Request, by: readonly string[]): Promise<string> {
  const values = new TextEncoder().encode(JSON.stringify(by.map((name) => headers.get(name))));
  return sha256(values);
}

function keptHeaders(from: Headers, seconds: number, variant: string): Headers {
  const headers = new Headers(from);
  for (const name of NOT_KEPT) headers.delete(name);
  headers.set("cache-control", `public, max-age=${seconds}`);
  headers.set(VARY, headers.get("vary") ?? "");
  headers.delete("vary");
  headers.set(VARIANT, variant);
  headers.set(UNTIL, String(Math.floor(Date.now() / 1_000) + seconds));
  return headers;
}

/** For those whom the wrapper gives it to, and no cache behind: that knows no cohorts. */
function handedOut(copy: Response): Response {
  const response = rewrittenResponse(copy, copy.body as Stream);
  const { headers } = response;
  const vary = headers.get(VARY);
  if (vary !== null && vary !== "") headers.set("vary", vary);
  for (const name of OURS) headers.delete(name);
  return response;
}
