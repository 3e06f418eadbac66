// Everything that wanted one slot or placement, the winner first, and for each what decided.

import type { Candidate, Outcome } from "../src/types.ts";
import { element, prose, sentence } from "./dom.ts";

const OUTCOMES: Record<Outcome, string> = {
  chosen: "Shown",
  outranked: "Outranked",
  "no-match": "No match",
  "not-scheduled": "Not scheduled",
  "held-out": "Held out",
  "not-sampled": "Not sampled",
  "no-creative": "No creative fits",
  "low-confidence": "Confidence too low",
};

/** `null` when nothing but the winner asked for it. */
export function candidateList(about: string, candidates: Candidate[], open: boolean): HTMLElement | null {
  const losers = candidates.filter((candidate) => candidate.about === about && candidate.outcome !== "chosen");
  if (losers.length === 0) return null;
  return element(
    "details",
    { class: "candidates", open, "data-testid": `candidates-${about}` },
    element("summary", {}, summary(losers.length, losers.length < candidates.filter((candidate) => candidate.about === about).length)),
    element(
      "ul",
      {},
      ...losers.map(({ name, outcome, text }) =>
        element(
          "li",
          { "data-outcome": outcome },
          element("div", { class: "candidate-head" }, element("span", { class: "candidate-name" }, name), element("span", { class: `chip ${outcome}` }, OUTCOMES[outcome] ?? outcome)),
          element("p", {}, prose(sentence(text))),
        ),
      ),
    ),
  );
}

function summary(losers: number, hasWinner: boolean): string {
  if (hasWinner) return losers === 1 ? "Why not the other one" : `Why not the other ${losers}`;
  return losers === 1 ? "What could show here" : `What could show here: ${losers}`;
}
