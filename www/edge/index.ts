// `nameplate/edge`: pages that arrive personalised. One `fetch` handler around the origin's, for every runtime that has `Request`,
// `Response` and streams. Whatever fails here, the visitor gets the origin's answer, untouched.

import type { Decision, LoadOptions, Nameplate, Visit } from "../src/index.ts";
import { readerOf, rewritten, unpacked } from "./body.ts";
import { addressFinder } from "./client.ts";
import { isRewritable, pageRequest, rewrittenResponse } from "./policy.ts";
import { redirectOf } from "./redirect.ts";
import { Source } from "./source.ts";

export interface EdgeOptions<Rest extends unknown[] = unknown[]> {
  /** What to decide with: an open bundle, or what gives the bytes of one. It is asked with all that the handler gets behind the request. */
  bundle: Nameplate | ((...rest: Rest) => Uint8Array | ArrayBuffer | Promise<Uint8Array | ArrayBuffer>);
  /** Who makes the pages. */
  origin: (request: Request, ...rest: Rest) => Response | Promise<Response>;
  /** Where the client's address is: the one source that whoever runs this knows to be true. A function asks the runtime. */
  clientAddress: "cf-connecting-ip" | `x-forwarded-for=${number}` | ((request: Request, ...rest: Rest) => string | null | undefined);
  /** How bundles are opened: the key that must have signed them, the wasm module where the package's own is not found. */
  load?: LoadOptions;
  /** How often another bundle is asked for; 60. */
  refreshSeconds?: number;
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

  /** `null`: the page stays as it is. */
  async function plan(request: Request, rest: Rest): Promise<Plan | Response | null> {
    const forPage = pageRequest(request);
    const nameplate = forPage === null ? null : await source.nameplate(rest);
    if (forPage === null || nameplate === null) return null;
    // Who asks not to be recognised is a stranger.
    const ip = request.headers.get("sec-gpc")?.trim() === "1" ? null : addressOf(request, ...rest);
    const visit = visitOf(request, ip);
    const decide = (url: string) => nameplate.decide({ ...visit, url });
    const decision = decide(request.url);
    const redirect = redirectOf(request, decision, decide);
    if (redirect !== null) return redirect;
    const changes = decision.slots.flatMap(({ changes }) => changes);
    return changes.every(({ kind }) => kind === "redirect") ? null : { nameplate, decision, request: forPage };
  }

  return async (request, ...rest) => {
    const planned = await plan(request, rest).catch((error: unknown) => (fail(error), null));
    if (planned instanceof Response) return planned;
    const response = await origin(planned?.request ?? request, ...rest);
    if (planned === null || !isRewritable(response)) return response;
    try {
      return await rewrite(response, planned);
    } catch (error) {
      fail(error);
      return response;
    }
  };
}

async function rewrite(response: Response, { nameplate, decision }: Plan): Promise<Response> {
  const { headers, body } = response;
  const rewriter = nameplate.rewriter(decision);
  const reader = readerOf(body as ReadableStream<Uint8Array<ArrayBuffer>>);
  const isPacked = headers.has("content-encoding");
  const length = /^\d+$/.exec(headers.get("content-length") ?? "")?.[0];
  const page = await rewritten(isPacked ? await unpacked(reader) : reader, rewriter, isPacked || length === undefined ? Number.POSITIVE_INFINITY : Number(length));
  return rewrittenResponse(response, page);
}

function visitOf({ headers }: Request, ip: string | null): Visit {
  const language = /^[a-z0-9-]+/i.exec(headers.get("accept-language") ?? "")?.[0] ?? null;
  return { ip, referrer: headers.get("referer"), now: Math.floor(Date.now() / 1_000), visitor: { language } };
}
