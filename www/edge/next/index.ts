// `nameplate/next`: Next.js asks this before it makes a page, and the page is told what its visitor is to see: by a header of its request,
// which no client can set and no browser sees. Whatever fails here, the page is made as it would have been without us.

import { type NextFetchEvent, type NextRequest, NextResponse } from "next/server.js";
import { Decider } from "../decider.ts";
import type { DeciderOptions } from "../index.ts";
import { checkDeciderOptions } from "../options.ts";
import { notKept } from "../policy.ts";
import { cohortOf } from "./cohort.ts";
import { handedOver, HEADER } from "./header.ts";

export interface NextOptions extends DeciderOptions<[event: NextFetchEvent]> {
  /**
   * Pages of which Next.js keeps one for all who see the same: by their paths, the slots that they draw. Who is shown something in one of these gets the page
   * below `app/np/[cohort]/` instead. Only with `np`: then nobody can ask for such a page by its own address.
   */
  cohorts?: Readonly<Record<string, readonly string[]>>;
}

const COHORTS = {
  expected: "an object of lists of slots",
  holds: (value: unknown) => typeof value === "object" && value !== null && Object.values(value).every((slots) => Array.isArray(slots)),
};

/**
 * Says of a request that it was here: where Next.js takes the address that a page is rewritten to for another server's, as it does with
 * `next start -H 127.0.0.1`, it asks for that address, and this again. Nobody else knows the value.
 */
const PASS = "np-pass";

/** The function for `proxy.ts`, or for `middleware.ts` before Next.js 16. Throws an `Error` for options that cannot be meant. */
export function personalise(options: NextOptions): (request: NextRequest, event: NextFetchEvent) => Promise<Response> {
  checkDeciderOptions(options, { cohorts: COHORTS });
  const { cohorts = {} } = options;
  if (options.cohorts !== undefined && options.np === undefined) throw new Error("expected `np` beside `cohorts`: else anybody could ask for a cohort's pages");
  const decider = new Decider(options);
  const { answers, fail } = decider;
  let pass: string | undefined;

  /** `null`: the page is not told anything. */
  async function answer(request: NextRequest, event: NextFetchEvent): Promise<Response | null> {
    const asked = askedByClient(request);
    if (pass !== undefined && request.headers.get(PASS) === pass) return answers?.isAsked(asked) ? unkept(NextResponse.next()) : NextResponse.next();
    if (answers?.isAsked(asked)) return answers.answer(asked, [event]);
    const taken = decider.taken(asked);
    await decider.first([event]);
    const decided = decider.decide(taken, [event]);
    if (decided === null || decided instanceof Response) return decided;
    const headers = othersOf(request);
    headers.set(HEADER, handedOver(decided.decision));
    const to = request.nextUrl.clone();
    const slots = Object.hasOwn(cohorts, to.pathname) ? cohorts[to.pathname] : undefined;
    const cohort = slots === undefined ? "" : cohortOf(decided.decision, slots);
    if (taken.request === asked && cohort === "") return NextResponse.next({ request: { headers } });
    // Not before there is a request: some runtimes have no chance to give until then.
    headers.set(PASS, (pass ??= crypto.randomUUID()));
    to.search = new URL(taken.request.url).search;
    if (cohort !== "") to.pathname = `/np/${cohort}${to.pathname}`;
    const response = NextResponse.rewrite(to, { request: { headers } });
    return cohort === "" ? response : unkept(response);
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

/** What Next.js keeps for a cohort is no page for the caches between: they know its address alone. */
function unkept(response: Response): Response {
  notKept(response.headers);
  return response;
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
