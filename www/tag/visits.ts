// How often a person has come, as far as this browser remembers. A visit ends after half an hour without a page.

import { hexOf } from "../src/hex.ts";
import type { Store } from "./storage.ts";

const GAP_SECONDS = 30 * 60;
/** After 13 months a person is a new one: what regulators recommend for a pseudonym. */
const KEPT_SECONDS = 395 * 86_400;
const VISITS_MAX = 100_000;

/** What is kept. Times are Unix seconds. */
export interface Visits {
  /** A pseudonym, 32 hexadecimal digits. */
  id: string;
  /** This visit included. */
  visits: number;
  first: number;
  last: number;
  /** When the visit before this one ended; `null` for the first. */
  before: number | null;
}

/** The visits with this page view. `kept` may be anything. */
export function countVisit(kept: unknown, now: number, newId: () => string): Visits {
  if (!isVisits(kept) || now - kept.first > KEPT_SECONDS) return { id: newId(), visits: 1, first: now, last: now, before: null };
  const { id, visits, first, last, before } = kept;
  if (now - last < GAP_SECONDS) return { id, visits, first, last: now, before };
  return { id, visits: Math.min(visits + 1, VISITS_MAX), first, last: now, before: last };
}

/** The visits of this browser; of this page alone where nothing can be kept. */
export class Counter {
  readonly #store: Store;
  #visits: Visits | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  /** With this page view. `isKept`: the visitor sees the page; one that is prerendered may never be looked at. */
  count(now: number, isKept: boolean): Visits {
    const visits = countVisit(this.#store.read("visits") ?? this.#visits, now, () => randomHex(16));
    if (isKept) this.#store.write("visits", visits);
    this.#visits = visits;
    return visits;
  }

  forget(): void {
    this.#visits = null;
  }
}

export function randomHex(bytes: number): string {
  // Not `randomUUID`: pages without https have none.
  return hexOf(crypto.getRandomValues(new Uint8Array(bytes)));
}

function isVisits(value: unknown): value is Visits {
  if (typeof value !== "object" || value === null) return false;
  const { id, visits, first, last, before } = value as Record<string, unknown>;
  const isTime = (time: unknown): boolean => Number.isSafeInteger(time) && (time as number) >= 0;
  const isId = typeof id === "string" && /^[0-9a-f]{32}$/.test(id);
  return isId && isTime(visits) && visits !== 0 && isTime(first) && isTime(last) && (before === null || isTime(before));
}
