// Everything that wanted one slot or placement, the winner first, and for each what decided.

import type { Candidate, Outcome } from "../src/types.ts";
import { element, prose, sentence } from "./dom.ts";
import { nearMissText } from "./near-miss.ts";

const OUTCOMES: Record<Outcome, string> = {
  chosen: "Shown",
  outranked: "Outranked",
  "no-match": "No match",
  "not-scheduled": "Not scheduled",
  "held-out": "Held out",
  "not-sampled": "Not sampled",
  "no-creative": "No creative fits",
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
  losers.sort((a, b) => distance(a) - distance(b));
  if (losers.length === 0) return null;
  return element(
    "details",
    { class: "candidates", open: !changed && losers.length <= OPEN_MAX, "data-testid": `candidates-${about}` },
    element("summary", {}, summary(losers.length, losers.length < candidates.length)),
    element(
      "ul",
      {},
      ...losers.slice(0, SHOWN_MAX).map(({ name, outcome, text, nearMiss }) =>
        element(
          "li",
          { "data-outcome": outcome },
          element("div", { class: "candidate-head" }, element("span", { class: "candidate-name" }, name), element("span", { class: `chip ${outcome}` }, OUTCOMES[outcome] ?? outcome)),
          element("p", {}, nearMiss === null ? prose(sentence(text)) : nearMissText(nearMiss)),
        ),
      ),
      losers.length > SHOWN_MAX && element("li", {}, `${losers.length - SHOWN_MAX} more`),
    ),
  );
}

/** Those whose rule holds came nearest; what is meant for another account by name is farthest. */
function distance({ outcome, text }: Candidate): number {
  if (outcome !== "no-match") return 0;
  return text.includes("account.id ==") ? 2 : 1;
}

function summary(losers: number, hasWinner: boolean): string {
  if (hasWinner) return losers === 1 ? "Why not the other one" : `Why not the other ${losers}`;
  return losers === 1 ? "What could show here" : `What could show here: ${losers}`;
}
