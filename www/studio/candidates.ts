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
  control: "Control",
};

/** More are no help to a reader. */
const SHOWN_MAX = 40;
/** A list that is longer stays closed until it is asked for. */
const OPEN_MAX = 3;

/** `null` when nothing but the winner asked for it. */
export function candidateList(about: string, all: Candidate[], changed: boolean): HTMLElement | null {
  const candidates = all.filter((candidate) => candidate.about === about);
  const losers = candidates.filter(({ outcome }) => outcome !== "chosen");
  // Those whose rule holds came nearer than those whose does not.
  losers.sort((a, b) => Number(a.outcome === "no-match") - Number(b.outcome === "no-match"));
  if (losers.length === 0) return null;
  return element(
    "details",
    { class: "candidates", open: !changed && losers.length <= OPEN_MAX, "data-testid": `candidates-${about}` },
    element("summary", {}, summary(losers.length, losers.length < candidates.length)),
    element(
      "ul",
      {},
      ...losers.slice(0, SHOWN_MAX).map(({ name, outcome, text }) =>
        element(
          "li",
          { "data-outcome": outcome },
          element("div", { class: "candidate-head" }, element("span", { class: "candidate-name" }, name), element("span", { class: `chip ${outcome}` }, OUTCOMES[outcome] ?? outcome)),
          element("p", {}, prose(sentence(text))),
        ),
      ),
      losers.length > SHOWN_MAX && element("li", {}, `${losers.length - SHOWN_MAX} more`),
    ),
  );
}

function summary(losers: number, hasWinner: boolean): string {
  if (hasWinner) return losers === 1 ? "Why not the other one" : `Why not the other ${losers}`;
  return losers === 1 ? "What could show here" : `What could show here: ${losers}`;
}
