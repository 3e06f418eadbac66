// What is answered when nothing could be decided: the page as its author wrote it.

import type { Decision } from "./types.ts";

/** Default everywhere, with `text` as the reason. */
export function emptyDecision(text: string): Decision {
  return {
    account: null,
    match: { outcome: "none", kind: "none", prefix: null, source: null, confidence: null, grade: null, ageDays: null, isStale: false, reason: text },
    slots: [],
    ads: [],
    exposures: [],
    reasons: [{ about: "*", chosen: null, text }],
    cohort: null,
  };
}

/** One line about whatever was thrown. Thrown values are hostile too: even their `message` may throw. */
export function describe(error: unknown): string {
  try {
    if (error instanceof WebAssembly.RuntimeError) return `the core stopped: ${error.message}`;
    if (error instanceof Error) return error.message;
    return String(error);
  } catch {
    return "an error that cannot be read";
  }
}
