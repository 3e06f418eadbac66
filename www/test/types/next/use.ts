// Compiled, never run, as `use.ts`: the types for Next.js hold for a caller in whose project it is installed.

import { personalise, type NextOptions } from "nameplate/next";
import { decisionOf, type PageDecision, shownIn, Slot } from "nameplate/next/page";
import type { NextProxy } from "next/server.js";

export function proxy(bytes: Uint8Array): NextProxy {
  const options: NextOptions = { bundle: () => bytes, clientAddress: "x-forwarded-for=1" };
  // @ts-expect-error: Next.js makes the pages
  personalise({ ...options, origin: () => new Response() });
  return personalise({ ...options, np: { events: (events, event) => event.waitUntil(Promise.resolve(events)) } });
}

export function cohort(parameter: string): string | undefined {
  // @ts-expect-error: a slot may be on Default
  shownIn(parameter)["title"].variant;
  return shownIn(parameter)["title"]?.variant;
}

export function page(headers: Headers, request: { headers: Record<string, string | string[] | undefined> }): unknown {
  const decision: PageDecision = decisionOf(headers) ?? decisionOf(request.headers);
  // @ts-expect-error: ads wait for consent
  decision.ads;
  return Slot({ decision, name: "title", as: "a", href: "/", children: decision.account?.name ?? "Default" });
}
