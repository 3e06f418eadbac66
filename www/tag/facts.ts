// The facts of a page view that the browser knows and that the site has told. A visit has fields for some of them; the others are
// for the page's own code.

import { readCookies } from "../src/cookies.ts";
import type { Asked } from "../src/engine.ts";
import type { Visit } from "../src/types.ts";
import type { Facts, PageFacts } from "./api.ts";
import { say } from "./say.ts";
import type { Visits } from "./visits.ts";

/** What a site may tell on its own, at most. */
const CUSTOM_MAX = 32;
const TEXT_CHAR_MAX = 200;
const NAME = /^[a-z][a-z0-9_]{0,31}$/i;
/** The shorter side of a screen from which on a device that is used with fingers is a tablet, CSS pixels. */
const TABLET_WIDTH = 600;
/** What rules read of what a page tells; the rest is for the page's own code. */
const OF_VISITORS = ["id", "visits", "role", "language"];
const UTM = ["source", "medium", "campaign", "term", "content"];

/** Takes over what the page tells; `null` takes it back. What does not fit is passed over, and said. */
export function merge(facts: Facts, told: Facts): void {
  for (const [name, value] of Object.entries(told)) {
    const isFree = NAME.test(name) && (Object.hasOwn(facts, name) || Object.keys(facts).length < CUSTOM_MAX);
    const fact = factOf(name, value);
    if (value === null || value === undefined) delete facts[name];
    else if (isFree && fact !== undefined) facts[name] = fact;
    else say(`the fact ${name} is passed over`);
  }
}

/** A fact as it is kept, `undefined` for none. Of a known one the type counts: a visit with another would be refused as a whole. */
function factOf(name: string, value: unknown): string | number | boolean | undefined {
  const isNumber = typeof value === "number" && Number.isFinite(value);
  if (typeof value === "string") return name === "visits" ? undefined : value.slice(0, TEXT_CHAR_MAX);
  if (name === "visits") return isNumber && Number.isSafeInteger(Math.floor(value)) ? value : undefined;
  // Many sites count their visitors.
  if (name === "id") return Number.isSafeInteger(value) ? `${value}` : undefined;
  if (name === "role" || name === "language") return undefined;
  return isNumber || typeof value === "boolean" ? value : undefined;
}

/** What rules read, of all the facts. Cheap, because the first decision waits for it: to ask for the time zone takes some ten milliseconds. */
function readWhatRulesRead(window: Window, given: Facts, visits: Visits | null) {
  const { document, location, navigator } = window;
  const { role = null, visits: told, language = navigator.language } = given;
  // A form named so stands before the document's own.
  const referrer: unknown = document.referrer;
  return {
    url: location.href,
    referrer: typeof referrer === "string" && referrer !== "" ? referrer : null,
    visits: told ?? visits?.visits ?? null,
    role,
    language: language ?? "",
    device: device(window),
    visibility: document.visibilityState,
    daysAway: typeof visits?.before === "number" ? Math.max(0, Math.floor((visits.last - visits.before) / 86_400)) : null,
    custom: Object.fromEntries(Object.entries(given).filter(([name]) => !OF_VISITORS.includes(name))) as PageFacts["custom"],
  };
}

export function readFacts(window: Window, given: Facts, visits: Visits | null): PageFacts {
  const { location } = window;
  const parameters = new URLSearchParams(location.search);
  return {
    ...readWhatRulesRead(window, given, visits),
    path: location.pathname,
    utm: Object.fromEntries(UTM.flatMap((name) => entry(name, parameters.get(`utm_${name}`)))),
    timeZone: timeZone(),
    viewport: { width: window.innerWidth, height: window.innerHeight },
  };
}

function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The visit that a decision is made for. `id` is a pseudonym, and `null` without consent to storage. To know the viewport the browser lays the page out. */
export function readVisit(window: Window, given: Facts, kept: Visits | null, id: string | null, now: number, asks: Asked, agrees: boolean): Visit {
  const { url, referrer, ...person } = readWhatRulesRead(window, given, kept);
  const visitor = { __proto__: null, id, ...person, viewportWidth: asks.viewport ? window.innerWidth : null, timeZone: asks.timeZone ? timeZone() : null, cookies: cookies(window, asks.cookies, agrees) };
  return { __proto__: null, url, referrer, now, visitor } as Visit;
}

/** Of the visitor's cookies those that rules read. Where a page may have none, the browser throws. */
function cookies({ document }: Window, names: string, agrees: boolean): Record<string, string> | null {
  if (names === "") return null;
  try {
    return readCookies(`${document.cookie}`, names, agrees);
  } catch {
    return null;
  }
}

/** By how it is used, never by what it says it is: who calls itself a crawler gets what others get. */
function device(window: Window): PageFacts["device"] {
  if (!window.matchMedia("(pointer: coarse)").matches) return "desktop";
  return Math.min(window.screen.width, window.screen.height) < TABLET_WIDTH ? "phone" : "tablet";
}

function entry(name: string, value: string | null): [string, string][] {
  return value === null || value === "" ? [] : [[name, value.slice(0, TEXT_CHAR_MAX)]];
}
