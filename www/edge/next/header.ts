// How a decision comes to the page: as JSON in a header of its request, in ASCII as headers are.

import type { Decision } from "../../src/index.ts";

/** What a page is told of a decision. Ads wait for the consent that the tag knows of. */
export type PageDecision = Pick<Decision, "account" | "slots" | "cohort">;

export const HEADER = "np-decision";
/** What servers take of headers begins at 16 KiB for all of them. */
const BYTE_MAX = 12 << 10;

/** Throws for what is too long for a header. */
export function handedOver({ account, slots, cohort }: Decision): string {
  const told: PageDecision = { account, slots, cohort };
  const text = JSON.stringify(told).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (text.length > BYTE_MAX) throw new Error(`a decision of ${text.length} bytes is too long for the header that tells the page: at most ${BYTE_MAX}`);
  return text;
}

/** Nothing is known, and nothing is shown, where there is no such header. */
export function read(text: string | null): PageDecision {
  return text === null ? { account: null, slots: [], cohort: null } : (JSON.parse(text) as PageDecision);
}
