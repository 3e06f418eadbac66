// `nameplate/next`: Next.js asks this before it makes a page, and the page is told what its visitor is to see: by a header of its request,
// which no client can set and no browser sees. Whatever fails here, the page is made as it would have been without us.

import { type NextFetchEvent, type NextRequest, NextResponse } from "next/server.js";
import { Decider } from "../decider.ts";
import type { DeciderOptions } from "../index.ts";
import { checkDeciderOptions } from "../options.ts";
import { handedOver, HEADER } from "./header.ts";

export type NextOptions = DeciderOptions<[event: NextFetchEvent]>;

/**
 * Says of a request that it was here: where Next.js takes the address that a page is rewritten to for another server's, as it does with
 * `next start -H 127.0.0.1`, it asks for that address, and this again. Nobody else knows the value.
 */
const PASS = "np-pass";

/** The function for `proxy.ts`, or for `middleware.ts` before Next.js 16. Throws an `Error` for options that cannot be meant. */
export function personalise(options: NextOptions): (request: NextRequest, event: NextFetchEvent) => Promise<Response> {
  checkDeciderOptions(options);
  const decider = new Decider(options);
  const { answers, fail } = decider;
  let pass: string | undefined;

  /** `null`: the page is not told anything. */
  async function answer(request: NextRequest, event: NextFetchEvent): Promise<Response | null> {
    if (pass !== undefined && request.headers.get(PASS) === pass) return NextResponse.next();
    const asked = askedByClient(request);
    if (answers?.isAsked(asked)) return answers.answer(asked, [event]);
    const taken = decider.taken(asked);
    const decided = await decider.decide(taken, [event]);
    if (decided === null || decided instanceof Response) return decided;
    const headers = othersOf(request);
    headers.set(HEADER, handedOver(decided.decision));
    if (taken.request === asked) return NextResponse.next({ request: { headers } });
    // Not before there is a request: some runtimes have no chance to give until then.
    headers.set(PASS, (pass ??= crypto.randomUUID()));
    const withoutToken = request.nextUrl.clone();
    withoutToken.search = new URL(taken.request.url).search;
    return NextResponse.rewrite(withoutToken, { request: { headers } });
  }

  return async (request, event) => (await answer(request, event).catch(fail)) ?? untold(request);
}

/** The request with the address that its client wrote: Next.js puts a name of its own in the host's place. */
function askedByClient(request: NextRequest): Request {
  const { protocol, host, pathname, search } = new URL(request.url);
  const url = `${protocol}//${request.headers.get("host") ?? host}${pathname}${search}`;
  const { method, headers, body } = request;
  return new Request(url, { method, headers, ...(body !== null && { body, duplex: "half" }) });
}

/** The page is made as if we were not there. */
function untold(request: NextRequest): Response {
  const isForged = [HEADER, PASS].some((name) => request.headers.has(name));
  return isForged ? NextResponse.next({ request: { headers: othersOf(request) } }) : NextResponse.next();
}

/** The request's headers but ours: what a client says in our name counts for nothing. */
function othersOf(request: NextRequest): Headers {
  const headers = new Headers(request.headers);
  for (const name of [HEADER, PASS]) headers.delete(name);
  return headers;
}
