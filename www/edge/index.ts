// `nameplate/edge`: pages that arrive personalised. One `fetch` handler around the origin's, for every runtime that has `Request`,
// `Response` and streams. Whatever fails here, the visitor gets the origin's answer, untouched.

import type { Decision, LoadOptions, Nameplate, Visit } from "../src/index.ts";
import { readerOf, rewritten, unpacked } from "./body.ts";
import { addressFinder } from "./client.ts";
import { Breaker } from "./breaker.ts";
import { isRewritable, pageRequest, rewrittenResponse } from "./policy.ts";
import { redirectOf } from "./redirect.ts";
import { SharedPages } from "./shared.ts";
import { Source } from "./source.ts";

/** What a source of bundles may give: bytes, an answer with them, or where they are. */
export type Given = Uint8Array | ArrayBuffer | Response | Request | URL | string;

/** Part of the Cache API: what `caches.open` gives, or one's own. It heeds `Cache-Control: max-age`. */
export interface SharedCache {
  match(request: Request): Promise<Response | undefined>;
  put(request: Request, response: Response): Promise<unknown>;
}

export interface EdgeOptions<Rest extends unknown[] = unknown[]> {
  /**
   * What to decide with: an open bundle, the address of one, or what gives its bytes, an answer with them, or an address. It is asked
   * with all that the handler gets behind the request.
   */
  bundle: Nameplate | string | URL | ((...rest: Rest) => Given | Promise<Given>);
  /** Who makes the pages. */
  origin: (request: Request, ...rest: Rest) => Response | Promise<Response>;
  /** Where the client's address is: the one source that whoever runs this knows to be true. A function asks the runtime. */
  clientAddress: "cf-connecting-ip" | `x-forwarded-for=${number}` | ((request: Request, ...rest: Rest) => string | null | undefined);
  /** How bundles are opened: the key that must have signed them, the wasm module where the package's own is not found. */
  load?: LoadOptions;
  /** How often another bundle is asked for; 60. */
  refreshSeconds?: number;
  /** Where to keep pages that show no account's own values: one copy for all who see the same. */
  cache?: SharedCache | ((...rest: Rest) => SharedCache | Promise<SharedCache>);
  /** Whether a changed page says in `Server-Timing` how many milliseconds it was held up; `false`. */
  serverTiming?: boolean;
  /** Is told what failed; `console.warn` unless given. No address is in it. */
  report?: (problem: string) => void;
}

/** What to do with the origin's answer. */
interface Plan {
  nameplate: Nameplate;
  decision: Decision;
  request: Request;
}

/** A handler that asks `origin`, and puts into its pages what their visitor is to see. */
export function personalise<Rest extends unknown[] = unknown[]>(options: EdgeOptions<Rest>): (request: Request, ...rest: Rest) => Promise<Response> {
  const { origin, report = (problem) => console.warn(`nameplate: ${problem}`) } = options;
  const fail = (error: unknown) => {
    try {
      report(error instanceof Error ? error.message : "an error that is none");
    } catch {
      // A page does not end for what is told of it.
    }
  };
  const addressOf = addressFinder(options.clientAddress);
  const source = new Source(options.bundle, options.load ?? {}, options.refreshSeconds ?? 60, fail);
  const breaker = new Breaker(fail);
  const pages = options.cache === undefined ? null : new SharedPages(options.cache, fail);

  /** `null`: the page stays as it is. */
  async function plan(request: Request, rest: Rest): Promise<Plan | Response | null> {
    const forPage = pageRequest(request);
    const nameplate = forPage === null ? null : await source.nameplate(rest);
    if (forPage === null || nameplate === null || !breaker.allows(nameplate)) return null;
    // Who asks not to be recognised is a stranger.
    const ip = request.headers.get("sec-gpc")?.trim() === "1" ? null : addressOf(request, ...rest);
    const visit = visitOf(request, ip);
    const decide = (url: string) => nameplate.decide({ ...visit, url });
    const decision = decide(request.url);
    const redirect = redirectOf(request, decision, decide);
    if (redirect !== null) return redirect;
    const changes = decision.slots.flatMap(({ changes }) => changes);
    if (changes.every(({ kind }) => kind === "redirect")) return null;
    const copy = decision.cohort === null ? null : await pages?.get(forPage, decision.cohort, rest);
    return copy ?? { nameplate, decision, request: forPage };
  }

  return async (request, ...rest) => {
    const began = performance.now();
    const planned = await plan(request, rest).catch((error: unknown) => (fail(error), null));
    const timing = `np;dur=${(performance.now() - began).toFixed(1)}`;
    const timed = (answer: Response) => (options.serverTiming === true && answer.headers.append("server-timing", timing), answer);
    if (planned instanceof Response) return timed(planned);
    const response = await origin(planned?.request ?? request, ...rest);
    if (planned === null || !isRewritable(response)) return response;
    try {
      return timed(await rewrite(response, planned, pages, rest));
    } catch (error) {
      fail(error);
      return response;
    }
  };
}

async function rewrite<Rest extends unknown[]>(response: Response, plan: Plan, pages: SharedPages<Rest> | null, rest: Rest): Promise<Response> {
  const { nameplate, decision, request } = plan;
  const { headers, body } = response;
  const { faults } = nameplate;
  const rewriter = nameplate.rewriter(decision);
  const reader = readerOf(body as ReadableStream<Uint8Array<ArrayBuffer>>);
  const isPacked = headers.has("content-encoding");
  const length = /^\d+$/.exec(headers.get("content-length") ?? "")?.[0];
  const changed = await rewritten(isPacked ? await unpacked(reader) : reader, rewriter, isPacked || length === undefined ? Number.POSITIVE_INFINITY : Number(length));
  const page = rewrittenResponse(response, changed);
  if (pages === null || decision.cohort === null) return page;
  return pages.put(page, headers, request, decision.cohort, () => nameplate.faults === faults, rest);
}

function visitOf({ headers }: Request, ip: string | null): Visit {
  const language = /^[a-z0-9-]+/i.exec(headers.get("accept-language") ?? "")?.[0] ?? null;
  return { ip, referrer: headers.get("referer"), now: Math.floor(Date.now() / 1_000), visitor: { language } };
}
