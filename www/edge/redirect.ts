// Sends the visitor to another page before this one is asked for. Nothing is remembered here, so it is done only where a visit begins,
// and only to a page that sends nobody on; where the visitor stays, the tag may still send him by its own rules.

import type { Decision } from "../src/index.ts";
import { keep, pageOf, targetOf } from "../tag/redirect.ts";
import { checkUrl } from "../tag/url.ts";
import { notKept } from "./policy.ts";

/** The answer that sends the visitor on, if he goes. `decide` says what another page would show him. */
export function redirectOf({ url, headers }: Request, decision: Decision, decide: (url: string) => Decision): Response | null {
  const to = targetOf(decision);
  if (to === null) return null;
  const from = headers.get("sec-fetch-site");
  // Who says nothing of this is no browser, or an old one; and a page that is fetched ahead may never be looked at.
  const isVisitsBegin = headers.get("sec-fetch-dest") === "document" && from !== null && from !== "same-origin" && !headers.has("sec-purpose");
  if (!isVisitsBegin) return null;
  const here = new URL(url);
  const target = new URL(checkUrl(to, here.href), here);
  if (target.origin === here.origin) keep(here, target);
  if (pageOf(target) === pageOf(here) || targetOf(decide(target.href)) !== null) return null;
  return new Response(null, { status: 302, headers: notKept(new Headers({ location: target.href })) });
}
